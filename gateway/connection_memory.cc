// Connection, the part that bounds what a caller makes the gateway hold: room for answers, calls refused
// because too much is held, a caller that takes nothing.
#include <string>

#include "gateway/connection.h"
#include "gateway/exchange.h"
#include "gateway/worker.h"

namespace koine::gateway {

using base::Limit;
using base::Reason;
using base::Status;

namespace {

// How often blocked output is looked at within its timeout.
constexpr std::uint32_t blocked_looks_max = 4;

}  // namespace

bool Connection::make_room(Handle exchange, std::size_t bytes) {
  if (held_.grant(exchange, bytes)) return true;
  worker_.shard().limit_hits.add(Limit::connection_memory_bytes_max);
  touch();  // it may be the only one
  return false;
}

Status Connection::too_much_held() const {
  base::LimitHits& hits = worker_.shard().limit_hits;
  if (worker_.memory_over()) {
    hits.add(Limit::memory_bytes_max);
    return Status(Reason::limit_memory, "the gateway holds memory_bytes_max in its buffers");
  }
  if (Status refused = leaves_unread(); !refused.ok()) return refused;
  if (!held_.full()) return {};
  hits.add(Limit::connection_memory_bytes_max);
  return Status(Reason::limit_memory,
                "this connection's requests and unread answers hold " + std::to_string(held_.total()) +
                    " bytes, connection_memory_bytes_max allows " + std::to_string(held_.most()));
}

Status Connection::leaves_unread() const {
  if (!stuck_ || !worker_.memory_tight() || bytes_waiting() <= worker_.memory_share_bytes()) return {};
  worker_.shard().limit_hits.add(Limit::memory_bytes_max);
  return Status(Reason::limit_memory, "this connection leaves " + std::to_string(bytes_waiting()) +
                                          " bytes of answers unread, and the gateway's buffers hold more "
                                          "than half of memory_bytes_max");
}

std::size_t Connection::memory_bytes() const {
  return held_.total() + (stream_->congested() ? 0 : stream_->queued_bytes());
}

void Connection::look_at_reader(bool tight) {
  if (closed_ || session_ == nullptr || !tight || bytes_waiting() == 0) {
    looked_at_ = stuck_ = false;
    return;
  }
  const std::uint64_t gone = bytes_written_ - stream_->queued_bytes();
  stuck_ = looked_at_ && gone == bytes_looked_at_;
  looked_at_ = true;
  bytes_looked_at_ = gone;
}

bool Connection::may_read() const {
  // Who shares a connection among streams has windows for each; not reading it would keep its
  // acknowledgements out.
  return !held_.half_full() || worker_.codecs().find(protocol_)->traits().multiplexed;
}

// Called with every turn that has something for this connection. What the stream has not written by then goes
// out right behind; only when the caller does not take it, it is held.
void Connection::settle_memory() {
  held_.set_session(session_->unread_bytes() + unfinished_bytes_,
                    session_->queued_bytes() + (stream_->congested() ? stream_->queued_bytes() : 0));
  HeldBytes::Waiting waiting;
  while (held_.next(waiting)) {
    Exchange* exchange = worker_.find_exchange(waiting.exchange);
    if (exchange == nullptr || !exchange->room_granted(waiting.bytes)) held_.drop_answer(waiting.bytes);
  }
  governance::metrics::Shard& shard = worker_.shard();
  const std::size_t now = held_.total();
  if (now != held_told_) shard.held_bytes.add(now - held_told_);  // unsigned: wraps to the right sum
  held_told_ = now;
  const bool back = held_.waits() || !may_read();
  if (back != held_back_told_) {
    held_back_told_ = back;
    if (back) {
      shard.connections_held_back.add();
    } else {
      shard.connections_held_back.subtract();
    }
  }
  watch_output();
  worker_.check_memory();
}

void Connection::forget_memory() {
  worker_.shard().held_bytes.subtract(held_told_);
  if (held_back_told_) worker_.shard().connections_held_back.subtract();
  held_told_ = 0;
  held_back_told_ = false;
  output_timer_.cancel();
}

std::size_t Connection::bytes_waiting() const { return session_->queued_bytes() + stream_->queued_bytes(); }

// Looked at a few times each timeout, not with every write.
void Connection::watch_output() {
  if (output_timer_.active() || bytes_waiting() == 0) return;
  bytes_taken_ = bytes_written_ - stream_->queued_bytes();
  blocked_looks_ = 0;
  look_later();
}

void Connection::look_later() {
  output_timer_.start(worker_.snapshot().limits.blocked_output_timeout_ns / blocked_looks_max,
                      [this] { on_output_timer(); });
}

void Connection::on_output_timer() {
  if (closed_ || bytes_waiting() == 0) return;
  const std::uint64_t taken = bytes_written_ - stream_->queued_bytes();
  blocked_looks_ = taken == bytes_taken_ ? blocked_looks_ + 1 : 0;
  bytes_taken_ = taken;
  if (blocked_looks_ < blocked_looks_max) return look_later();
  worker_.shard().limit_hits.add(Limit::blocked_output_timeout);
  close_for(
      Status(Reason::limit_idle, "answers of " + std::to_string(bytes_waiting()) +
                                     " bytes wait, and the caller took none for blocked_output_timeout"));
}

void Connection::close_for(const Status& why) {
  if (closed_) return;
  worker_.log().warn("connection_closed", {{"peer", stream_->peer_text()},
                                           {"protocol", router::to_string(protocol_)},
                                           {"reason", base::to_string(why.reason())},
                                           {"why", why.message()}});
  worker_.shard().connection_failures[static_cast<std::size_t>(why.reason())].add();
  close(why.reason());
}

void Connection::on_refused(const model::CallHead& head, std::size_t bytes, const model::Outcome& outcome) {
  worker_.record_refused(protocol_, stream_->peer_text(), default_service(), head, bytes, outcome);
}

}  // namespace koine::gateway
