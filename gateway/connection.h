// Connection: one caller's connection, from its first byte to its end.
//
// Finds out the protocol, feeds the server session, begins an Exchange for every call and writes the answers.
// Owned by its worker, named by a handle. The worker's thread.
#pragma once

#include <cstdint>
#include <memory>

#include "codecs/call_codec.h"
#include "control/snapshot.h"
#include "gateway/detect.h"
#include "gateway/held_bytes.h"
#include "gateway/ids.h"
#include "gateway/turn.h"
#include "net/network.h"

namespace koine::gateway {

class Worker;

// A listener's part of the configuration, as the connections accepted there keep it.
using ListenerRef = std::shared_ptr<const control::Listener>;

class Connection final : public net::StreamHandler, public codecs::ServerEvents, public Turn::Task {
 public:
  Connection(Worker& worker, ListenerRef listener, Handle own);
  ~Connection() override;

  void open(net::AcceptedSocket socket);
  // Null before the protocol is known and after the end.
  codecs::ServerSession* session() { return closed_ ? nullptr : session_.get(); }

  // An exchange's last word: its id will not be used again.
  void call_over(codecs::CallId id);
  // The exchange goes on without this connection (oneway).
  void call_detached(codecs::CallId id) { call_over(id); }
  // Something was given to the session: drain it at the end of the turn.
  void touch();

  // Says goodbye in the protocol's way, answers what is in flight, closes. A connection that has not had its
  // first call yet gets a moment for it: it may come straight from the accept queue. A protocol without a
  // goodbye (Thrift) cannot move its caller: closing under it would lose the call that it is about to send,
  // so it is served on until it has paused for a moment, or until finish_drain().
  void drain();
  void finish_drain();
  // Now. Calls in flight are cancelled.
  void close(base::Reason reason);
  // It is this connection's turn again (Worker::yield).
  void go_on();
  // close(), told in the log and counted.
  void close_for(const base::Status& why);

  // ---- what is held for this caller (connection_memory.cc)
  HeldBytes& held() { return held_; }
  // Room for an answer that begins to come; false: Exchange::room_granted() follows.
  bool make_room(Handle exchange, std::size_t bytes);
  // OK while calls of this caller may be sent to their provider: it does not leave its answers lying.
  base::Status leaves_unread() const;
  // All of it, what waits to leave included.
  std::size_t memory_bytes() const;
  // Called at regular times while memory is tight, and once when it is no longer.
  void look_at_reader(bool tight);
  // Answers wait, and nothing of them has gone between the last two looks.
  bool stuck() const { return stuck_; }

  // net::StreamHandler
  void on_data(base::Buffer& in) override;
  void on_eof() override;
  void on_writable() override;
  void on_closed(const base::Status& status) override;
  // codecs::ServerEvents
  void on_call(codecs::CallId id, model::CallHead&& head, bool has_message, model::Payload&& message,
               bool end_of_stream) override;
  void on_message(codecs::CallId id, bool has_message, model::Payload&& message, bool end_of_stream) override;
  void on_cancel(codecs::CallId id, base::Reason reason) override;
  void on_writable(codecs::CallId id) override;
  void on_refused(const model::CallHead& head, std::size_t bytes, const model::Outcome& outcome) override;
  // Turn::Task
  void end_of_turn() override;

 private:
  bool detect_protocol(base::Buffer& in);
  void break_off(const base::Status& why);
  void yield();
  void hold_off();
  void refuse_stranger(const Detection& found);
  void make_session(router::Protocol protocol);
  void say_goodbye();
  bool has_goodbye() const;
  const std::string& default_service();
  void finish_closing();
  void cancel_calls(base::Reason reason);
  void watch(base::Nanoseconds delay_ns);
  void on_timer();
  // OK while new calls are taken.
  base::Status too_much_held() const;
  bool may_read() const;
  void settle_memory();
  void forget_memory();
  std::size_t bytes_waiting() const;
  void watch_output();
  void look_later();
  void on_output_timer();
  void watch_stalls();
  void on_stall_timer();

  Worker& worker_;
  const Handle own_;
  const ListenerRef listener_;
  std::string default_service_;  // of this listener in the configuration of version …
  std::uint64_t default_service_version_ = 0;
  net::StreamPtr stream_;
  std::unique_ptr<codecs::ServerSession> session_;
  router::Protocol protocol_ = router::Protocol::thrift;
  IdMap<Handle> calls_;  // exchanges in flight
  std::uint64_t calls_begun_ = 0;
  base::Nanoseconds idle_since_ns_ = 0;
  bool memory_released_ = false;
  bool known_ = false;     // counted as open, by its protocol
  bool yielding_ = false;  // this turn's share is used up: nothing is read before the next
  bool flooded_ = false;   // it broke off for that
  bool broken_ = false;    // feed() failed: what is in flight is answered, then the connection closes
  bool at_end_ = false;    // the peer sends no more
  bool draining_ = false;
  bool drain_ends_ = false;  // not served on any more
  bool goodbye_said_ = false;
  bool closed_ = false;
  net::Timer timer_;  // first bytes, then idleness
  HeldBytes held_;
  std::size_t unfinished_bytes_ = 0;  // of a request, left in the stream's buffer
  std::size_t held_told_ = 0;         // this connection's part of the gauges
  bool held_back_told_ = false;
  bool stuck_ = false;
  bool looked_at_ = false;             // by look_at_reader, and then …
  std::uint64_t bytes_looked_at_ = 0;  // … so much was gone
  std::uint64_t bytes_written_ = 0;    // given to the stream
  std::uint64_t bytes_taken_ = 0;      // of them gone, when output_timer_ looked last
  std::uint32_t blocked_looks_ = 0;    // that found nothing gone
  net::Timer output_timer_;            // answers wait
  // A message of which a part has come, by the session's number of it, and since when it is waited for: the
  // first one since the first bytes, with which the protocol was not known yet.
  base::Nanoseconds first_byte_ns_ = base::never_ns;
  std::uint64_t unit_ = 0;
  base::Nanoseconds unit_since_ns_ = 0;
  base::Nanoseconds reading_since_ns_ = 0;  // after the last pause
  net::Timer stall_timer_;
};

}  // namespace koine::gateway
