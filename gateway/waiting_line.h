// WaitingLine: attempts that wait for a connection, in order. Any of them may leave at any time, and
// thousands may leave at once when a caller's connection ends: every operation is O(1), amortised. One
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "gateway/attempt.h"

namespace koine::gateway {

class WaitingLine {
 public:
  bool empty() const { return tickets_.empty(); }
  std::size_t size() const { return tickets_.size(); }

  // Of the table by which one leaves; no more than buckets_kept_max while nobody waits.
  std::size_t buckets() const { return tickets_.bucket_count(); }
  static constexpr std::size_t buckets_kept_max = 1024;

  // At the end. An exchange waits here once.
  void push(AttemptRef attempt) {
    if (!tickets_.emplace(attempt.exchange.packed(), first_ + line_.size()).second) return;
    line_.push_back(attempt);
  }

  // The first, which waits no longer. Not when empty.
  AttemptRef pop() {
    const AttemptRef attempt = line_.front();
    tickets_.erase(attempt.exchange.packed());
    line_.pop_front();
    ++first_;
    left();
    return attempt;
  }

  // False when it does not wait here.
  bool remove(AttemptRef attempt) {
    const auto found = tickets_.find(attempt.exchange.packed());
    if (found == tickets_.end()) return false;
    AttemptRef& place = line_[static_cast<std::size_t>(found->second - first_)];
    if (!(place == attempt)) return false;
    place = gap;
    tickets_.erase(found);
    left();
    if (line_.size() > 2 * tickets_.size() + 64) close_up();
    return true;
  }

  // All of them, in order; nobody waits any more.
  std::vector<AttemptRef> take_all() {
    std::vector<AttemptRef> all;
    all.reserve(size());
    while (!empty()) all.push_back(pop());
    return all;
  }

 private:
  static constexpr AttemptRef gap{};  // an exchange of generation 0 is nobody's

  // The line never begins with a gap, and what a rush made of the table goes with its last.
  void left() {
    if (tickets_.empty() && buckets() > buckets_kept_max) {
      decltype(tickets_)().swap(tickets_);  // assigning {} would keep the table
    }
    while (!line_.empty() && line_.front() == gap) {
      line_.pop_front();
      ++first_;
    }
  }

  void close_up() {
    std::deque<AttemptRef> closed;
    tickets_.clear();
    first_ = 0;
    for (const AttemptRef& attempt : line_) {
      if (attempt == gap) continue;
      tickets_.emplace(attempt.exchange.packed(), closed.size());
      closed.push_back(attempt);
    }
    line_.swap(closed);
  }

  std::deque<AttemptRef> line_;                               // with gaps where attempts have left
  std::uint64_t first_ = 0;                                   // the ticket of line_.front()
  std::unordered_map<std::uint64_t, std::uint64_t> tickets_;  // by exchange
};

}  // namespace koine::gateway
