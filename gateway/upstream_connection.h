// UpstreamConnection: one connection to a provider, from the look-up of its address to its end.
//
// Owned by its UpstreamPool, which is told when it is ready, has room again or is gone. Keeps, for every call
// on it, our own id and the attempt it belongs to; ids are never used twice on a connection. The worker's
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "codecs/call_codec.h"
#include "gateway/attempt.h"
#include "gateway/ids.h"
#include "gateway/turn.h"
#include "net/network.h"

namespace koine::gateway {

class UpstreamPool;

class UpstreamConnection final : public net::StreamHandler, public codecs::ClientEvents, public Turn::Task {
 public:
  enum class State : std::uint8_t { resolving, connecting, ready, leaving, gone };

  // `endpoint`: the index of the pool's endpoint, whose permit this connection holds.
  UpstreamConnection(UpstreamPool& pool, std::size_t endpoint, Handle own);
  ~UpstreamConnection() override;

  // Begins; what becomes of it is told to the pool later, never at once.
  void resolve();                                      // the endpoint is a name nobody has looked up yet
  void connect(std::vector<net::Address> candidates);  // tried in this order, within connect_timeout

  Handle handle() const { return own_; }
  std::size_t endpoint() const { return endpoint_; }
  // In its endpoint's row.
  std::size_t place() const { return place_; }
  void set_place(std::size_t place) { place_ = place; }
  State state() const { return state_; }
  bool connecting() const { return state_ == State::resolving || state_ == State::connecting; }
  // How many more calls it takes now; none while it is doubtful whether the provider is still there.
  std::size_t capacity() const;
  std::size_t calls_in_flight() const { return calls_.size(); }
  // When the provider last said something of its own; 0: nothing yet.
  base::Nanoseconds spoke_at_ns() const {
    return session_ != nullptr && session_->established() ? heard_at_ns_ : 0;
  }

  // Starts a call; see ClientSession::start. The id names it here until it ends or is cancelled.
  base::Result<codecs::CallId> start(AttemptRef attempt, const model::CallHead& head, bool has_message,
                                     model::Payload&& message, bool end_of_stream, bool expect_stream);
  // Both ignore ids that are over. False: hold back until on_writable.
  bool send_message(codecs::CallId id, bool has_message, model::Payload&& message, bool end_of_stream);
  void pause(codecs::CallId id);
  void resume(codecs::CallId id);
  // Nobody waits for the call any more: no event of it follows. Where a late answer could not be told from
  // another one (plain Thrift) the connection takes no more calls and is closed at the end of the turn.
  void cancel(codecs::CallId id);

  // No more calls; closes once those in flight are over.
  void leave();
  // Now; calls in flight end with `why`.
  void fail(const base::Status& why);

  // net::StreamHandler
  void on_connected() override;
  void on_data(base::Buffer& in) override;
  void on_eof() override;
  void on_writable() override;
  void on_closed(const base::Status& status) override;
  // codecs::ClientEvents
  void on_reply(codecs::CallId id, model::Reply&& reply) override;
  void on_head(codecs::CallId id, model::ReplyHead&& head) override;
  void on_message(codecs::CallId id, model::Payload&& message) override;
  void on_finish(codecs::CallId id, model::Outcome&& outcome) override;
  void on_writable(codecs::CallId id) override;
  void on_capacity() override;
  void on_answer_size(codecs::CallId id, std::size_t bytes) override;
  // Turn::Task
  void end_of_turn() override;

 private:
  void connect_next(const base::Status& last_error);
  void call_over();
  void watch_idle();
  void on_idle_timer();
  // Signs of life (upstream_liveness.cc).
  void watch_life();
  void on_life_timer();
  void answer_came();
  bool ask();
  void doubt();
  // An ordered protocol's only call: a long answer is announced, and held back by not reading.
  void announce_answer(std::size_t unread);

  UpstreamPool& pool_;
  const std::size_t endpoint_;
  const Handle own_;
  std::size_t place_ = 0;
  State state_ = State::resolving;
  net::ResolveId resolving_ = 0;
  std::vector<net::Address> candidates_;
  std::size_t next_candidate_ = 0;
  base::Nanoseconds connect_by_ns_ = 0;
  net::StreamPtr stream_;
  std::unique_ptr<codecs::ClientSession> session_;
  IdMap<AttemptRef> calls_;
  codecs::CallId next_id_ = 1;
  bool broken_ = false;  // must be closed at the end of the turn: answers could not be told apart
  base::Nanoseconds idle_since_ns_ = 0;
  bool memory_released_ = false;
  net::Timer timer_;              // look-up, then idleness
  bool shared_ = false;           // many calls at once, each with a flow of its own
  codecs::CallId announced_ = 0;  // whose answer's size was told, and whose pause stops reading
  base::Nanoseconds connected_at_ns_ = 0;
  base::Nanoseconds heard_at_ns_ = 0;    // the last bytes of the provider
  base::Nanoseconds busy_since_ns_ = 0;  // with calls, without a pause
  base::Nanoseconds pinged_at_ns_ = 0;
  bool ping_out_ = false;
  std::uint32_t pings_ = 0;  // since the last answer
  net::Timer life_timer_;
};

}  // namespace koine::gateway
