// Exchange: one call, from the caller's first event to its end.
//
//   admitted by the policies → routed → admitted by the route's policies → translated → waits for a
//   connection → sent → answered;   at any point: the deadline, the caller's cancel, a policy's stop
//
// All control flow of a call is here: policies decide, plans translate, sessions write; nobody else knows
// what comes next. Owned by its worker, named by a handle; keeps the Snapshot it began with. Every way to end
// goes through end(), and finish() tells the policies exactly once. The worker's thread.
#pragma once

#include <cstdint>
#include <list>
#include <string>

#include "codecs/call_codec.h"
#include "control/snapshot.h"
#include "gateway/attempt.h"
#include "gateway/ids.h"
#include "gateway/pipeline.h"
#include "governance/policy.h"
#include "net/loop.h"
#include "transcode/context.h"

namespace koine::gateway {

class SnapshotHolder;
class UpstreamPool;
class Worker;

// Where a call came from.
struct CallOrigin {
  Handle connection;
  codecs::CallId id = 0;
  router::Protocol protocol = router::Protocol::thrift;
  std::string peer;
  std::string default_service;
};

class Exchange {
 public:
  Exchange(Worker& worker, CallOrigin&& origin, model::CallHead&& head, Handle own);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange();

  Handle handle() const { return own_; }
  std::uint32_t serial() const { return serial_; }
  bool over() const { return state_ == State::over; }

  // From the caller's side.
  void begin(bool has_message, model::Payload&& message, bool end_of_stream);
  void caller_message(bool has_message, model::Payload&& message, bool end_of_stream);
  void caller_writable();
  // Instead of begin(): the call is over before it is looked at.
  void refuse(const base::Status& why, std::size_t request_bytes);
  // There is room now for the answer that on_answer_size() told of; false when nobody waits for it any more.
  bool room_granted(std::size_t bytes);
  // The caller is gone or gave up: nothing is answered.
  void caller_cancelled(base::Reason reason);

  // From policies.
  void resume_parked();

  // From the attempt; the worker has checked that it is the current one.
  void on_ready(UpstreamConnection& connection);
  void on_unavailable(const base::Status& why);
  void on_reply(model::Reply&& reply);
  void on_head(model::ReplyHead&& head);
  void on_message(model::Payload&& message);
  void on_finish(model::Outcome&& outcome);
  void on_writable();
  void on_answer_size(std::size_t bytes);

 private:
  enum class State : std::uint8_t { admitting, parked, waiting, sent, over };
  struct Message {
    bool has_payload;
    model::Payload payload;
    bool end_of_stream;
  };

  void let_caller_go();
  void pass_server_policies();
  void find_route();
  base::Result<const router::MethodRoute*> route_of(std::string_view method,
                                                    std::string_view signature) const;
  // Of a call whose body names the method that it means.
  base::Result<const router::MethodRoute*> named_route();
  void pass_route_policies();
  void start_deadline();
  void cancel_deadline();
  void dispatch();
  void acquire();
  void send_stream_start(UpstreamConnection& connection);
  void send(UpstreamConnection& connection);
  bool send_queued();
  void forward_message(Message&& message);
  bool may_try_again(const model::Outcome& outcome) const;
  void attempt_over(const model::Outcome& outcome);
  void drop_attempt();
  void deadline_passed();
  bool provider_timed_out(const model::Outcome& outcome) const;
  // Ends the call with this answer: the only place where one is written.
  void end(model::Reply&& reply);
  void end(model::Outcome&& outcome);
  void end(const base::Status& why);
  // Tells the policies and gives everything back.
  void finish(const model::Outcome& outcome);
  codecs::ServerSession* caller();
  UpstreamConnection* upstream();
  void hold_request(std::size_t bytes);
  void drop_request(std::size_t bytes);
  void drop_answer();
  void resume_provider();
  void count_limit(const base::Status& why);
  // What a translation lost since `before`.
  void count_losses(const transcode::Counters& before, bool in_answer);
  base::Result<model::Payload> translate_message(model::Payload&& message, bool from_caller);
  model::Phase phase() const { return sent_once_ ? model::Phase::maybe_executed : model::Phase::not_sent; }

  Worker& worker_;
  const Handle own_;
  CallOrigin origin_;
  SnapshotHolder& holder_;
  model::CallHead head_;           // as the caller said it; metadata and trace move to upstream_head_
  model::CallHead upstream_head_;  // as the provider is told
  governance::Call call_;
  Pipeline::Passage passage_;
  State state_ = State::admitting;
  Stage stage_ = Stage::server;  // which policies it is passing
  bool streaming_ = false;
  bool generic_ = false;    // the route is that of named_route()
  bool whole_ = false;      // the caller's first message is its last, and in request_
  bool answerable_ = true;  // false: oneway, nobody waits
  bool head_sent_ = false;  // streams: the answer has begun
  bool sent_once_ = false;  // bytes of it may have reached a provider
  bool caller_paused_ = false;
  bool upstream_paused_ = false;
  bool caller_full_ = false;      // streams: the caller's session holds enough of the answer
  bool waits_for_room_ = false;   // for the answer, at the caller's connection
  std::size_t held_request_ = 0;  // what the caller's connection counts for this call
  std::size_t held_answer_ = 0;
  model::Payload request_;    // unary: once translated, kept until the answer in case it may be sent again
  std::list<Message> queue_;  // streams: from the caller, not sent yet
  const transcode::MethodPlan* plan_ = nullptr;
  std::uint32_t serial_ = 0;  // of the attempt
  Handle upstream_;
  codecs::CallId upstream_id_ = 0;
  net::TimerId deadline_timer_;
};

}  // namespace koine::gateway
