// HeldBytes: what one caller's connection makes the gateway hold, requests and answers apart.
//
// Each kind may have half of limits.connection_memory_bytes_max, so that requests that wait for their answers
// can never take the room which these need to come. An answer longer than a window asks for its room before
// it is let in; those that find none wait in order. Requests are held back by the session (gRPC's windows) or
// by not reading (Thrift). One connection's, the worker's thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>

#include "base/limits.h"
#include "gateway/ids.h"

namespace koine::gateway {

class HeldBytes {
 public:
  struct Waiting {
    Handle exchange;
    std::size_t bytes;
  };

  explicit HeldBytes(const base::Limits& limits)
      : most_(std::max(limits.connection_memory_bytes_max, 4 * limits.message_bytes_max)) {}

  // Of calls in flight.
  void add_request(std::size_t bytes) { requests_ += bytes; }
  void drop_request(std::size_t bytes) { requests_ -= std::min(bytes, requests_); }
  void drop_answer(std::size_t bytes) { granted_ -= std::min(bytes, granted_); }
  // What the session and the stream hold now: parts of requests, and answers that wait to leave.
  void set_session(std::size_t unread, std::size_t queued) {
    unread_ = unread;
    queued_ = queued;
  }

  // Room for an answer: granted at once, or the exchange waits for next().
  bool grant(Handle exchange, std::size_t bytes) {
    if (waiting_.empty() && fits(bytes)) {
      granted_ += bytes;
      return true;
    }
    waiting_.push_back({exchange, bytes});
    return false;
  }
  bool waits() const { return !waiting_.empty(); }
  // The first that waits, when there is room for it: its room is taken, and it waits no longer.
  bool next(Waiting& out) {
    if (waiting_.empty() || !fits(waiting_.front().bytes)) return false;
    out = waiting_.front();
    waiting_.pop_front();
    granted_ += out.bytes;
    return true;
  }

  std::size_t requests() const { return requests_ + unread_; }
  std::size_t answers() const { return granted_ + queued_; }
  std::size_t total() const { return requests() + answers(); }
  // No more is to be read, where reading is all there is to stop.
  bool half_full() const { return requests() >= most_ / 2 || answers() >= most_ / 2; }
  // New calls are refused.
  bool full() const { return total() >= most_; }
  std::size_t most() const { return most_; }

 private:
  // One that is alone is let in whatever its size.
  bool fits(std::size_t bytes) const { return answers() == 0 || answers() + bytes <= most_ / 2; }

  std::size_t most_;
  std::size_t requests_ = 0;
  std::size_t granted_ = 0;  // answers that are being let in
  std::size_t unread_ = 0;
  std::size_t queued_ = 0;
  std::deque<Waiting> waiting_;
};

}  // namespace koine::gateway
