// The life of one caller's connection.
#include "gateway/connection.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "gateway/exchange.h"
#include "gateway/worker.h"

namespace koine::gateway {
namespace {

using base::Reason;
using base::Status;

// A connection without calls gives its buffers back after this.
constexpr base::Nanoseconds release_after_ns = base::second_ns;
// While draining: how long a connection that never had a call may still bring its first, how long after the
// goodbye its second phase follows, and how long one that cannot be told goodbye pauses before it is closed:
// a caller that was silent for a second is rarely just sending.
constexpr base::Nanoseconds drain_grace_ns = base::second_ns;
// How long calls of a caller that ended its side may still be answered. Nothing tells a caller that only
// ended its side from one that is gone, and its providers should not work long for the latter.
constexpr base::Nanoseconds end_grace_ns = base::second_ns;
// What is taken of one connection in a turn, in frames or messages.
constexpr std::size_t work_share = 64;
// How long a connection that was ended for a flood is kept.
constexpr base::Nanoseconds flood_penalty_ns = base::second_ns;
// Before every beginning.
constexpr base::Nanoseconds never_began_ns = std::numeric_limits<base::Nanoseconds>::min();

}  // namespace

Connection::Connection(Worker& worker, ListenerRef listener, Handle own)
    : worker_(worker),
      own_(own),
      listener_(std::move(listener)),
      timer_(worker.loop()),
      held_(worker.snapshot().limits),
      output_timer_(worker.loop()),
      stall_timer_(worker.loop()) {}

Connection::~Connection() {
  stream_.reset();
  session_.reset();
}

void Connection::open(net::AcceptedSocket socket) {
  const base::Limits& limits = worker_.snapshot().limits;
  net::StreamOptions options;
  options.write_high_bytes = limits.write_high_bytes;
  options.write_low_bytes = limits.write_low_bytes;
  options.unacknowledged_timeout_ns = limits.unacknowledged_timeout_ns;
  options.keep_alive = true;
  stream_ = worker_.network().adopt(std::move(socket), *this, options);
  // Pools open connections early: one that is silent is idle, not late.
  watch(limits.idle_connection_timeout_ns);
}

// ---- what comes in

bool Connection::detect_protocol(base::Buffer& in) {
  std::array<std::uint8_t, detect_bytes_max> bytes{};
  const std::size_t size = in.copy_to(bytes);
  const Detection found =
      detect({bytes.data(), size}, worker_.codecs(), *listener_, worker_.snapshot().limits);
  switch (found.kind) {
    case Detection::Kind::need_more:
      if (first_byte_ns_ == base::never_ns && !draining_) {
        first_byte_ns_ = worker_.now_ns();
        watch(worker_.snapshot().limits.first_bytes_timeout_ns);
      }
      return false;
    case Detection::Kind::protocol: make_session(found.protocol); return true;
    case Detection::Kind::refused: break;
  }
  in.clear();
  refuse_stranger(found);
  return false;
}

void Connection::refuse_stranger(const Detection& found) {
  const auto index = static_cast<std::size_t>(found.stranger);
  worker_.shard().connections_refused[index].add();
  const Refusal refusal = refusal_of(found);
  worker_.log().info("connection_refused", {{"peer", stream_->peer_text()},
                                            {"protocol", governance::metrics::stranger_names[index]},
                                            {"reason", base::to_string(refusal.reason)},
                                            {"why", refusal.why}});
  if (!refusal.answer.empty()) {
    stream_->write(base::as_bytes(refusal.answer));
    stream_->close_after_flush();
  }
  close(refusal.reason);
}

void Connection::make_session(router::Protocol protocol) {
  protocol_ = protocol;
  codecs::ServerOptions options;
  options.limits = worker_.snapshot().limits;
  options.pool = &worker_.loop().slabs();
  options.hits = &worker_.shard().limit_hits;
  options.clock = &worker_.loop().clock();
  options.peer = stream_->peer_text();
  options.thrift_lax = listener_->thrift_lax;
  options.work_share = work_share;
  const router::Protocol wire = model::info(protocol).wire;
  options.streams = [&worker = worker_, wire](std::string_view path) { return worker.streams(wire, path); };
  // Sessions of a protocol on another's wire take calls of both.
  router::Protocol takes = protocol;
  for (std::size_t i = 0; i < router::protocol_count; ++i) {
    const auto one = static_cast<router::Protocol>(i);
    if (model::info(one).wire == protocol && listener_->accepts(one)) takes = one;
  }
  if (takes != wire) {
    options.service_owner = [&worker = worker_, takes, wire](std::string_view service) {
      if (!worker.has_service(takes, service)) return codecs::ServiceOwner::wire;
      return worker.has_service(wire, service) ? codecs::ServiceOwner::both : codecs::ServiceOwner::codec;
    };
  }
  session_ = worker_.codecs().find(takes)->make_server(std::move(options), *this);
  worker_.shard().connections_opened[static_cast<std::size_t>(protocol)].add();
  known_ = true;
  idle_since_ns_ = worker_.now_ns();
  timer_.cancel();
  watch(draining_ ? drain_grace_ns : release_after_ns);
}

void Connection::on_data(base::Buffer& in) {
  if (closed_) return;
  if (broken_) return in.clear();
  if (session_ == nullptr && !detect_protocol(in)) return;
  memory_released_ = false;
  if (draining_) idle_since_ns_ = worker_.now_ns();  // a call may have come in part
  worker_.pulse().at(Activity::caller_bytes);
  const Status fed = session_->feed(in);
  unfinished_bytes_ = in.size();
  watch_stalls();
  touch();
  if (!fed.ok()) {
    in.clear();
    return break_off(fed);
  }
  if (!in.empty() && session_->share_used()) return yield();
  if (!session_->wants_read() || !may_read()) stream_->pause_reading();
}

// Calls in flight may still be answered; nothing more is read.
void Connection::break_off(const Status& why) {
  broken_ = true;
  flooded_ = why.reason() == Reason::limit_flood;
  stream_->pause_reading();
  worker_.shard().connection_failures[static_cast<std::size_t>(why.reason())].add();
  worker_.log().info("connection_broken", {{"peer", stream_->peer_text()},
                                           {"protocol", router::to_string(protocol_)},
                                           {"reason", base::to_string(why.reason())},
                                           {"why", why.message()}});
}

// The session has more to do for this connection than is fair in one turn: the rest waits.
void Connection::yield() {
  stream_->pause_reading();
  if (!std::exchange(yielding_, true)) worker_.yield(own_);
}

void Connection::go_on() {
  yielding_ = false;
  if (closed_ || session_ == nullptr || broken_) return;
  if (session_->holds_input()) {
    base::Buffer nothing_new(&worker_.loop().slabs());
    on_data(nothing_new);
    if (closed_ || broken_ || yielding_) return;
    if (session_->holds_input() && session_->share_used()) return yield();
  }
  // No pause that would excuse a stall.
  if (session_->wants_read() && may_read()) stream_->resume_reading();
  touch();
}

void Connection::on_eof() {
  if (closed_) return;
  if (session_ == nullptr) return close(Reason::net_eof);
  at_end_ = true;
  // A multiplexed connection has no use for one direction only: its peer is gone. A Thrift caller may have
  // ended its side and still wait for the answers, for a while.
  if (worker_.codecs().find(protocol_)->traits().multiplexed) return close(Reason::call_cancelled);
  session_->on_eof();
  timer_.cancel();
  watch(end_grace_ns);
  touch();
}

void Connection::on_writable() { touch(); }

void Connection::on_closed(const Status& /*status*/) {
  close(session_ == nullptr ? Reason::net_eof : Reason::call_cancelled);
}

// ---- calls

void Connection::on_call(codecs::CallId id, model::CallHead&& head, bool has_message,
                         model::Payload&& message, bool end_of_stream) {
  ++calls_begun_;
  CallOrigin origin{own_, id, model::protocol_named(head.protocol, protocol_),
                    std::string(stream_->peer_text()), default_service()};
  Exchange& exchange = worker_.make_exchange(std::move(origin), std::move(head));
  calls_.insert(id, exchange.handle());
  if (const Status refused = too_much_held(); !refused.ok()) {
    return exchange.refuse(refused, message.bytes.size());
  }
  exchange.begin(has_message, std::move(message), end_of_stream);
}

void Connection::on_message(codecs::CallId id, bool has_message, model::Payload&& message,
                            bool end_of_stream) {
  const Handle* handle = calls_.find(id);
  Exchange* exchange = handle != nullptr ? worker_.find_exchange(*handle) : nullptr;
  if (exchange != nullptr) exchange->caller_message(has_message, std::move(message), end_of_stream);
}

void Connection::on_cancel(codecs::CallId id, Reason reason) {
  const Handle* handle = calls_.find(id);
  Exchange* exchange = handle != nullptr ? worker_.find_exchange(*handle) : nullptr;
  call_over(id);
  if (exchange != nullptr) exchange->caller_cancelled(reason);
}

void Connection::on_writable(codecs::CallId id) {
  const Handle* handle = calls_.find(id);
  Exchange* exchange = handle != nullptr ? worker_.find_exchange(*handle) : nullptr;
  if (exchange != nullptr) exchange->caller_writable();
}

void Connection::call_over(codecs::CallId id) {
  if (!calls_.erase(id)) return;
  if (calls_.empty()) {
    idle_since_ns_ = worker_.now_ns();
    if (!timer_.active()) watch(release_after_ns);
  }
  touch();
}

void Connection::cancel_calls(Reason reason) {
  for (const auto& [id, handle] : calls_.entries()) {
    calls_.erase(id);
    if (Exchange* exchange = worker_.find_exchange(handle)) exchange->caller_cancelled(reason);
  }
}

// ---- what goes out

void Connection::touch() {
  if (!closed_) worker_.turn().queue(*this);
}

void Connection::end_of_turn() {
  if (closed_ || session_ == nullptr) return;
  while (!stream_->congested() && session_->wants_write()) {
    base::Buffer out(&worker_.loop().slabs());
    session_->drain(out);
    if (out.empty()) break;
    bytes_written_ += out.size();
    stream_->write(std::move(out));
  }
  if (closed_) return;  // a session reports from drain() too
  settle_memory();
  if (closed_) return;
  if (draining_ && !goodbye_said_ && calls_begun_ > 0 && has_goodbye()) say_goodbye();
  const bool answered = calls_.empty() && !session_->wants_write() && !session_->holds_input();
  if (session_->wants_close() || (answered && (broken_ || at_end_))) return finish_closing();
  // Bytes that the session left because it was full are given to it again.
  if (broken_ || yielding_ || !session_->wants_read()) return;
  if (session_->holds_input()) {
    if (session_->share_used()) return yield();
    base::Buffer nothing_new(&worker_.loop().slabs());
    on_data(nothing_new);
    if (closed_ || broken_ || yielding_ || !session_->wants_read()) return;
  }
  if (stream_->reading_paused() && may_read()) {
    reading_since_ns_ = worker_.now_ns();
    stream_->resume_reading();
  }
}

void Connection::finish_closing() {
  if (flooded_) return hold_off();
  stream_->close_after_flush();
  close(Reason::none);
}

// Who floods and is let go at once comes back at once, and a new connection is the dearest of its frames: it
// is kept for a while, without a session and unread.
void Connection::hold_off() {
  cancel_calls(Reason::call_cancelled);
  forget_memory();
  stall_timer_.cancel();
  session_.reset();
  timer_.start(flood_penalty_ns, [this] {
    stream_->close_after_flush();
    close(Reason::none);
  });
}

void Connection::close(Reason reason) {
  if (closed_) return;
  closed_ = true;
  forget_memory();
  timer_.cancel();
  stall_timer_.cancel();
  if (stream_ && stream_->open()) stream_->close();
  cancel_calls(reason == Reason::none ? Reason::call_cancelled : reason);
  if (known_) {
    worker_.shard().connections_closed[static_cast<std::size_t>(protocol_)].add();
  } else if (reason != Reason::none && reason != Reason::net_eof) {
    worker_.shard().connection_failures[static_cast<std::size_t>(reason)].add();
  }
  worker_.connection_over(own_);
}

// ---- drain and idleness

void Connection::drain() {
  if (closed_ || draining_) return;
  draining_ = true;
  if (session_ != nullptr && calls_begun_ > 0 && has_goodbye()) {
    say_goodbye();
  } else {
    timer_.cancel();
    watch(drain_grace_ns);
  }
}

void Connection::finish_drain() {
  drain_ends_ = true;
  if (!closed_ && session_ != nullptr) say_goodbye();
}

bool Connection::has_goodbye() const {
  return drain_ends_ || worker_.codecs().find(protocol_)->traits().graceful_goodbye;
}

// Of the configuration that a call begins with, as long as the listener is in it.
const std::string& Connection::default_service() {
  const control::Snapshot& now = worker_.snapshot();
  if (default_service_version_ == now.version) return default_service_;
  if (default_service_version_ == 0) default_service_ = listener_->thrift_default_service;
  default_service_version_ = now.version;
  for (const control::Listener& listener : now.listeners) {
    if (listener.bind == listener_->bind) default_service_ = listener.thrift_default_service;
  }
  return default_service_;
}

void Connection::say_goodbye() {
  if (goodbye_said_) return;
  goodbye_said_ = true;
  session_->shutdown();
  timer_.cancel();
  watch(drain_grace_ns);
  touch();
}

void Connection::watch(base::Nanoseconds delay_ns) {
  timer_.start(delay_ns, [this] { on_timer(); });
}

void Connection::on_timer() {
  if (session_ == nullptr) {
    if (draining_) return close(Reason::call_draining);
    const bool asked = first_byte_ns_ != base::never_ns;
    worker_.shard().limit_hits.add(asked ? base::Limit::first_bytes_timeout
                                         : base::Limit::idle_connection_timeout);
    return close(asked ? Reason::net_timeout : Reason::limit_idle);
  }
  if (at_end_) {
    cancel_calls(Reason::call_cancelled);
    return touch();
  }
  if (draining_) {
    if (!goodbye_said_ && !has_goodbye()) {
      if (!calls_.empty()) return;  // armed again when the last call is over
      const base::Nanoseconds pause = worker_.now_ns() - idle_since_ns_;
      if (pause < drain_grace_ns) return watch(drain_grace_ns - pause);
    }
    if (!goodbye_said_) return say_goodbye();
    session_->shutdown_now();
    return touch();
  }
  if (!calls_.empty()) return;  // armed again when the last call is over
  const base::Nanoseconds idle = worker_.now_ns() - idle_since_ns_;
  const base::Nanoseconds close_after = worker_.snapshot().limits.idle_connection_timeout_ns;
  if (idle >= close_after) {
    worker_.shard().limit_hits.add(base::Limit::idle_connection_timeout);
    draining_ = true;
    return say_goodbye();
  }
  if (idle >= release_after_ns && !memory_released_) {
    memory_released_ = true;
    session_->release_idle_memory();
    calls_.trim();
  }
  watch((idle < release_after_ns ? std::min(release_after_ns, close_after) : close_after) - idle);
}

// ---- a message or a request that stalls

// Called with every arrival: armed once, and looked at when it fires. What we do not read ourselves does not
// stall.
void Connection::watch_stalls() {
  const std::uint64_t unit = session_->wants_read() ? session_->unfinished_unit() : 0;
  const base::Nanoseconds now = worker_.now_ns();
  const base::Nanoseconds began = std::exchange(first_byte_ns_, base::never_ns);
  if (unit != unit_) {
    unit_ = unit;
    unit_since_ns_ = std::min(began, now);
  }
  if ((unit == 0 && !session_->awaits_requests()) || stall_timer_.active()) return;
  const base::Nanoseconds passed = unit == 0 ? 0 : now - unit_since_ns_;
  stall_timer_.start(std::max<base::Nanoseconds>(worker_.snapshot().limits.frame_timeout_ns - passed, 0),
                     [this] { on_stall_timer(); });
}

void Connection::on_stall_timer() {
  if (closed_ || session_ == nullptr || broken_) return;
  const base::Nanoseconds now = worker_.now_ns();
  const base::Nanoseconds timeout = worker_.snapshot().limits.frame_timeout_ns;
  if (stream_->reading_paused() && !yielding_) reading_since_ns_ = now;  // it is us who wait
  const std::uint64_t unit = session_->wants_read() ? session_->unfinished_unit() : 0;
  if (unit != std::exchange(unit_, unit)) unit_since_ns_ = now;
  const base::Nanoseconds unit_since = std::max(unit_since_ns_, reading_since_ns_);
  if (unit != 0 && unit_since + timeout <= now) {
    worker_.log().info("connection_stalled",
                       {{"peer", stream_->peer_text()},
                        {"protocol", router::to_string(protocol_)},
                        {"reason", base::to_string(Reason::limit_idle)},
                        {"why", "a part of a message came and the rest of it did not"}});
    worker_.shard().connection_failures[static_cast<std::size_t>(Reason::limit_idle)].add();
    worker_.shard().limit_hits.add(base::Limit::frame_timeout);
    return close(Reason::limit_idle);
  }
  const bool read_long = reading_since_ns_ + timeout <= now;
  const auto stalled = session_->refuse_stalled(read_long ? now - timeout : never_began_ns);
  for (std::size_t i = 0; i < stalled.refused; ++i) {
    worker_.shard().limit_hits.add(base::Limit::frame_timeout);
  }
  if (stalled.refused > 0) {
    // Whose calls all stall is not worth a connection.
    if (session_->calls_in_flight() == 0) session_->shutdown_now();
    touch();
  }
  base::Nanoseconds next = std::max(stalled.oldest_ns, reading_since_ns_);
  if (unit != 0) next = std::min(next, unit_since);
  if (next != base::never_ns) stall_timer_.start(next + timeout - now, [this] { on_stall_timer(); });
}

}  // namespace koine::gateway
