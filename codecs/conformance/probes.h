// Probes: owners of a session that feed it, answer it, and write down what it says. Internal to the kit.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codecs/call_codec.h"
#include "codecs/conformance/call_kit.h"

namespace koine::codecs::conformance {

// A call as text: what is compared.
std::string describe(const ExpectedCall& call);
std::string describe(const ExpectedReply& reply);
std::string printable(std::string_view bytes);
std::string joined(const std::vector<std::string>& lines);
std::string status_text(const base::Status& status);

// The pairs of `some` are among `all`, in their order.
bool among(const Pairs& some, const Pairs& all);

// What a server session's owner saw. `record` off: events are dropped, so that the heap holds the session's
// bytes alone.
class ServerProbe final : public ServerEvents {
 public:
  enum class Answer { echo, hold };

  ServerProbe(const CallCodec& codec, const ServerOptions& options, Answer answer, bool record = true);

  // Feeds `bytes` behind what the session left, answers, and drains, until nothing moves.
  void feed(std::string_view bytes);
  // Feeds, and answers and drains only where the session takes no more: what broken bytes mean may depend on
  // what was written before they came. pump() when all is in.
  void feed_first(std::string_view bytes);
  void eof();
  // Ends every call still held, newest first, each with its own first message, and moves on.
  void answer_all_reversed();
  // Feeds, answers and drains what there is.
  void pump();
  // For whoever drains by hand: the answers to what is held, and bytes of the peer.
  void answer_without_draining();
  void hand_in(std::string_view bytes);

  // What was written since the last take.
  std::string take_output() { return std::exchange(output_, {}); }
  // One text a call, in the order of on_call.
  std::vector<std::string> calls() const;
  // The first call as it came; null when none did.
  const ExpectedCall* first_call() const { return order_.empty() ? nullptr : &seen_.at(order_.front()).call; }
  std::size_t finished_calls() const { return finished_; }
  // Calls whose end was seen, whose cancel was seen: nothing may follow either.
  const std::string& violation() const { return violation_; }
  const base::Status& status() const { return status_; }
  // Does the connection end here? A session may find out while it writes, too.
  bool ending() const { return !status_.ok() || session_->wants_close(); }
  ServerSession& session() { return *session_; }
  std::size_t left() const { return in_.size(); }

  void on_call(CallId id, model::CallHead&& head, bool has_message, model::Payload&& message,
               bool end_of_stream) override;
  void on_message(CallId id, bool has_message, model::Payload&& message, bool end_of_stream) override;
  void on_cancel(CallId id, base::Reason reason) override;
  void on_writable(CallId) override {}

 private:
  struct Seen {
    ExpectedCall call;
    bool ended = false;
    bool answered = false;
    bool streaming = false;  // answered message by message
  };
  void take(Seen& seen, bool has_message, model::Payload&& message, bool end_of_stream);
  void answer(CallId id, Seen& seen);
  void answer_ready();

  const Answer mode_;
  const bool record_;
  base::Buffer in_;
  std::unique_ptr<ServerSession> session_;
  std::map<CallId, Seen> seen_;
  std::vector<CallId> order_;
  std::vector<CallId> ready_;
  std::string output_;
  std::size_t finished_ = 0;
  std::string violation_;
  base::Status status_;
};

// What a client session's owner saw.
class ClientProbe final : public ClientEvents {
 public:
  ClientProbe(const CallCodec& codec, const ClientOptions& options, bool record = true);

  // Ids count from 1.
  base::Status start(const StartedCall& call, model::BodyFormat format, const Pairs& metadata = {});
  void feed(std::string_view bytes);
  void feed_first(std::string_view bytes);  // as ServerProbe's
  void closed();
  void pump();

  std::string take_output() { return std::exchange(output_, {}); }
  std::vector<std::string> replies() const;
  std::size_t finished_calls() const { return finished_; }
  std::size_t started_calls() const { return ends_.size(); }
  const model::Reply* reply(CallId id) const;
  // The ids in the order in which they ended.
  const std::vector<CallId>& finish_order() const { return finish_order_; }
  const std::string& violation() const { return violation_; }
  const base::Status& status() const { return status_; }
  bool ending() const { return !status_.ok() || session_->wants_close(); }
  ClientSession& session() { return *session_; }
  void cancelled(CallId id);

  void on_reply(CallId id, model::Reply&& reply) override;
  void on_head(CallId id, model::ReplyHead&& head) override;
  void on_message(CallId id, model::Payload&& message) override;
  void on_finish(CallId id, model::Outcome&& outcome) override;
  void on_writable(CallId) override {}
  void on_capacity() override {}

 private:
  struct End {
    bool ended = false;
    bool cancelled = false;
    ExpectedReply reply;
    model::Reply whole;  // without its message
  };
  void end(CallId id, model::Outcome&& outcome);
  End* find(CallId id, const char* event);

  const bool record_;
  base::Buffer in_;
  std::unique_ptr<ClientSession> session_;
  std::map<CallId, End> ends_;
  std::vector<CallId> finish_order_;
  std::string output_;
  std::size_t finished_ = 0;
  std::string violation_;
  base::Status status_;
};

// Carries bytes both ways, `step` at a time (0: as they come), until nothing moves. False when that does not
// happen within many rounds.
bool settle(ClientProbe& client, ServerProbe& server, std::size_t step);

}  // namespace koine::codecs::conformance
