// The state machine of one call; streams' own part is in exchange_stream.cc.
#include "gateway/exchange.h"

#include <algorithm>
#include <utility>

#include "gateway/connection.h"
#include "gateway/dropped_fields.h"
#include "gateway/sabotage.h"
#include "gateway/snapshot_holder.h"
#include "gateway/upstream_pool.h"
#include "gateway/worker.h"
#include "idl/schema.h"
#include "transcode/context.h"
#include "transcode/generic_call.h"
#include "transcode/method_plan.h"

namespace koine::gateway {
namespace {

using base::Reason;
using base::Status;
using governance::Verdict;
using model::Code;
using model::MethodKind;
using model::Origin;
using model::Outcome;
using model::Phase;

// How often a call may be handed to a connection as long as none of its bytes can have arrived anywhere.
constexpr std::uint32_t attempts_max = 3;
// Two clocks and a network: how far a provider's deadline may be from ours.
constexpr base::Nanoseconds deadline_skew_ns = 20 * base::millisecond_ns;

governance::Path path_of(transcode::Crossing crossing) {
  switch (crossing) {
    case transcode::Crossing::forward: return governance::Path::forward;
    case transcode::Crossing::reframe: return governance::Path::reframe;
    case transcode::Crossing::transcode: return governance::Path::transcode;
  }
  return governance::Path::none;
}

Outcome gateway_outcome(Code code, Reason reason, Phase phase, std::string message) {
  Outcome outcome;
  outcome.code = code;
  outcome.origin = Origin::gateway;
  outcome.phase = phase;
  outcome.reason = reason;
  outcome.message = std::move(message);
  return outcome;
}

// A format that nobody here reads has the number that its protocol has for it.
std::string format_name(const model::CallHead& head, std::uint8_t native_format) {
  std::string name(model::to_string(head.body_format));
  if (native_format != 0)
    name += " (" + std::string(head.protocol) + "'s " + std::to_string(native_format) + ")";
  return name;
}

}  // namespace

Exchange::Exchange(Worker& worker, CallOrigin&& origin, model::CallHead&& head, Handle own)
    : worker_(worker),
      own_(own),
      origin_(std::move(origin)),
      holder_(worker.hold_snapshot()),
      head_(std::move(head)) {
  call_.caller = origin_.protocol;
  call_.head = &head_;
  call_.peer = origin_.peer;
  call_.snapshot_version = holder_.snapshot().version;
  call_.started_ns = call_.now_ns = worker.now_ns();
  call_.park_ticket = own.packed();
}

Exchange::~Exchange() {
  cancel_deadline();
  worker_.release_snapshot(holder_);
}

codecs::ServerSession* Exchange::caller() {
  if (!answerable_) return nullptr;
  Connection* connection = worker_.find_connection(origin_.connection);
  return connection != nullptr ? connection->session() : nullptr;
}

UpstreamConnection* Exchange::upstream() {
  return upstream_ ? holder_.pool(*call_.route->cluster).find(upstream_) : nullptr;
}

// ---- admission

void Exchange::begin(bool has_message, model::Payload&& message, bool end_of_stream) {
  if (head_.kind == MethodKind::oneway) let_caller_go();
  if (has_message) call_.request_bytes = message.bytes.size();
  hold_request(message.bytes.size());
  whole_ = has_message && end_of_stream;
  if (whole_) {
    request_ = std::move(message);
  } else if (has_message || end_of_stream) {
    queue_.push_back({has_message, std::move(message), end_of_stream});
  }
  pass_server_policies();
}

void Exchange::pass_server_policies() {
  switch (worker_.pipeline().run(Stage::server, passage_, call_)) {
    case Verdict::stop: return end(worker_.pipeline().stopped());
    case Verdict::park: state_ = State::parked; return;
    case Verdict::proceed: find_route();
  }
}

// Nobody waits, and calls behind this one must not wait for it either.
void Exchange::let_caller_go() {
  codecs::ServerSession* session = caller();
  if (session == nullptr) return;
  session->no_reply(origin_.id);
  answerable_ = false;
  worker_.find_connection(origin_.connection)->call_detached(origin_.id);
}

void Exchange::resume_parked() {
  if (state_ != State::parked) return;
  state_ = State::admitting;
  call_.now_ns = worker_.now_ns();
  if (stage_ == Stage::route) return pass_route_policies();
  pass_server_policies();
}

base::Result<const router::MethodRoute*> Exchange::route_of(std::string_view method,
                                                            std::string_view signature) const {
  return holder_.snapshot().routes.find(
      {origin_.protocol, head_.service, method, origin_.default_service, signature});
}

base::Result<const router::MethodRoute*> Exchange::named_route() {
  const std::string_view style = head_.metadata.get(transcode::generic_attachment);
  if (!style.empty() && style != "true") {
    return Status(Reason::call_no_form, "a generic call with generic=" + std::string(style.substr(0, 32)) +
                                            " cannot be translated, one with generic=true can");
  }
  head_.metadata.remove(transcode::generic_attachment);
  if (!whole_) return Status(Reason::wire_sequence, "a generic call has exactly one message");
  const auto call = transcode::read_generic_call(request_, holder_.snapshot().limits);
  if (!call) return call.error();
  const auto named = route_of(call->method, call->signature);
  if (!named.has_value()) return named;
  if ((*named)->generic_plan == nullptr) {
    return Status(Reason::call_no_form, "method " + (*named)->method + " has no generic calls");
  }
  generic_ = true;
  return named;
}

void Exchange::find_route() {
  auto found = route_of(head_.method, head_.signature);
  if (found.has_value() && (*found)->names_method) found = named_route();
  if (!found.has_value()) return end(found.error());
  call_.route = *found;
  // Go's Thrift library marks a oneway call as one that is answered (apache/thrift: lib/go/thrift/client.go)
  // and then reads no answer: only the IDL tells.
  if (origin_.protocol == router::Protocol::thrift && (*found)->kind == MethodKind::oneway) let_caller_go();
  stage_ = Stage::route;
  pass_route_policies();
}

void Exchange::pass_route_policies() {
  const Verdict verdict = worker_.pipeline().run(Stage::route, passage_, call_);
  if (verdict == Verdict::stop) {
    Outcome stop = worker_.pipeline().stopped();
    if (stop.reason == Reason::limit_concurrency)
      worker_.shard().limit_hits.add(base::Limit::concurrency_max);
    return end(std::move(stop));
  }
  start_deadline();
  if (verdict == Verdict::park) {
    state_ = State::parked;
    return;
  }
  dispatch();
}

void Exchange::cancel_deadline() {
  if (deadline_timer_) worker_.loop().cancel(std::exchange(deadline_timer_, {}));
}

void Exchange::start_deadline() {
  cancel_deadline();
  if (call_.deadline_ns == base::never_ns) return;
  deadline_timer_ =
      worker_.loop().schedule(call_.deadline_ns - worker_.now_ns(), [&worker = worker_, own = own_] {
        Exchange* exchange = worker.find_exchange(own);
        if (exchange != nullptr) exchange->deadline_passed();
      });
}

// ---- the request

void Exchange::dispatch() {
  const router::MethodRoute& route = *call_.route;
  plan_ = generic_ ? route.generic_plan : route.plan(head_.body_format);
  if (plan_ == nullptr) {
    return end(Status(Reason::call_no_form, "service " + route.cluster->name +
                                                " cannot be called with a body in " +
                                                format_name(head_, request_.native_format)));
  }
  call_.path = path_of(plan_->crossing());
  streaming_ = route.kind == MethodKind::client_stream || route.kind == MethodKind::server_stream ||
               route.kind == MethodKind::bidi;
  if (streaming_ && whole_) queue_.push_front({true, std::move(request_), true});
  if (!streaming_ && (!whole_ || !queue_.empty())) {
    return end(Status(Reason::wire_sequence, "method " + route.method + " takes exactly one message"));
  }
  upstream_head_.protocol = router::to_string(route.cluster->protocol);
  upstream_head_.service = route.provider_service;
  upstream_head_.method = route.any_method ? head_.method : route.provider_method;
  upstream_head_.signature = route.any_method ? std::move(head_.signature) : route.provider_signature;
  const bool oneway = route.any_method
                          ? head_.kind == MethodKind::oneway
                          : route.provider_method_idl != nullptr && route.provider_method_idl->oneway;
  upstream_head_.kind = oneway ? MethodKind::oneway : streaming_ ? route.kind : MethodKind::unary;
  upstream_head_.body_format = route.cluster->body_format();
  upstream_head_.trace = std::move(head_.trace);
  if (route.cluster->carries_metadata()) {
    upstream_head_.metadata = std::move(head_.metadata);
    if (plan_->crossing() != transcode::Crossing::forward) {
      call_.dropped_metadata += upstream_head_.metadata.drop_native();
    }
  } else {
    // The trace context was an entry of the metadata too.
    call_.dropped_metadata += head_.metadata.size() + (upstream_head_.trace.parent.empty() ? 0 : 1);
  }
  if (!streaming_) {
    transcode::Context& context = worker_.transcode_context();
    const transcode::Counters before = context.counters;
    worker_.pulse().at(Activity::request, route.id, call_.snapshot_version);
    const Status translated = plan_->to_provider(request_, upstream_head_.signature, context);
    count_losses(before, false);
    if (!translated.ok()) {
      count_limit(translated);
      return end(translated);
    }
  }
  acquire();
}

// What plans refuse for a limit; sessions count theirs themselves.
void Exchange::count_limit(const Status& why) {
  if (why.reason() == Reason::limit_depth) worker_.shard().limit_hits.add(base::Limit::nesting_max);
  if (why.reason() == Reason::limit_message) worker_.shard().limit_hits.add(base::Limit::message_bytes_max);
}

void Exchange::count_losses(const transcode::Counters& before, bool in_answer) {
  const transcode::Context& context = worker_.transcode_context();
  const transcode::Counters& now = context.counters;
  const std::uint64_t dropped = model::sum(call_.dropped_fields);
  model::add_difference(call_.dropped_fields, before.dropped_fields, now.dropped_fields);
  model::add_difference(call_.lost_values, before.lost_values, now.lost_values);
  call_.dropped_duplicates += now.deduplicated_elements - before.deduplicated_elements +
                              now.deduplicated_keys - before.deduplicated_keys;
  if (model::sum(call_.dropped_fields) == dropped) [[likely]]
    return;
  const DroppedFields::Field field = {call_.snapshot_version, call_.route->id, in_answer,
                                      context.last_dropped_id};
  if (!worker_.dropped_fields().is_new(field)) return;
  worker_.log().info("field_dropped", {{"service", call_.route->cluster->name},
                                       {"method", call_.route->method},
                                       {"side", in_answer ? "answer" : "request"},
                                       {"field", field.id},
                                       {"reason", model::to_string(context.last_drop)}});
}

void Exchange::acquire() {
  call_.now_ns = worker_.now_ns();
  if (worker_.pipeline().attempt(call_) == Verdict::stop) return end(worker_.pipeline().stopped());
  ++serial_;
  ++call_.attempts;
  state_ = State::waiting;
  UpstreamPool::Acquired acquired = holder_.pool(*call_.route->cluster).acquire({own_, serial_});
  if (acquired.connection != nullptr) return on_ready(*acquired.connection);
  if (!acquired.failure.ok()) on_unavailable(acquired.failure);
}

void Exchange::on_ready(UpstreamConnection& connection) {
  // It may have waited long, and its caller may have stopped reading meanwhile.
  if (worker_.memory_tight()) {
    const Connection* caller = answerable_ ? worker_.find_connection(origin_.connection) : nullptr;
    if (const Status refused = caller != nullptr ? caller->leaves_unread() : Status(); !refused.ok()) {
      return on_unavailable(refused);
    }
  }
  upstream_ = connection.handle();
  call_.endpoint = holder_.pool(*call_.route->cluster).endpoint_text(connection.endpoint());
  upstream_head_.timeout_ns = call_.deadline_ns == base::never_ns
                                  ? base::never_ns
                                  : std::max<base::Nanoseconds>(call_.deadline_ns - worker_.now_ns(), 1);
  if (streaming_) {
    send_stream_start(connection);
  } else {
    send(connection);
  }
}

void Exchange::send(UpstreamConnection& connection) {
  state_ = State::sent;
  // A copy shares the bytes: if the provider never saw them they can go to another connection.
  model::Payload message = request_;
  const auto started =
      connection.start({own_, serial_}, upstream_head_, true, std::move(message), true, false);
  if (!started.has_value()) return on_unavailable(started.error());
  upstream_id_ = *started;
  sent_once_ = true;
}

void Exchange::on_unavailable(const Status& why) {
  upstream_ = {};
  const Outcome outcome = model::outcome_from(why, phase());
  attempt_over(outcome);
  // A connection that refused to start the call (its capacity was gone after all) is not the last word.
  if (state_ == State::sent && may_try_again(outcome)) return acquire();
  end(Outcome(outcome));
}

// ---- the answer

bool Exchange::may_try_again(const Outcome& outcome) const {
  return outcome.phase == Phase::not_sent && outcome.origin != Origin::application &&
         call_.attempts < attempts_max &&
         (outcome.reason == Reason::upstream_refused || outcome.reason == Reason::upstream_closed ||
          outcome.reason == Reason::upstream_reset || outcome.reason == Reason::upstream_silent ||
          outcome.reason == Reason::limit_concurrency);
}

void Exchange::attempt_over(const Outcome& outcome) {
  call_.now_ns = worker_.now_ns();
  worker_.pipeline().attempt_end(call_, outcome);
}

// A provider whose own clock reached the deadline resets the stream with CANCEL (grpc-go), a moment before or
// after our timer: nobody cancelled, time ran out. The clock is read anew: on a machine with too much to do
// this turn may have begun long before the provider's timer.
bool Exchange::provider_timed_out(const Outcome& outcome) const {
  return outcome.code == Code::cancelled && outcome.origin == model::Origin::transport &&
         call_.deadline_ns != base::never_ns &&
         call_.deadline_ns - worker_.loop().clock().monotonic_ns() <= deadline_skew_ns;
}

void Exchange::on_reply(model::Reply&& reply) {
  drop_answer();
  upstream_ = {};
  upstream_id_ = 0;
  attempt_over(reply.outcome);
  if (provider_timed_out(reply.outcome)) return deadline_passed();
  if (may_try_again(reply.outcome)) {
    sent_once_ = false;
    return acquire();
  }
  transcode::Context& context = worker_.transcode_context();
  const transcode::Counters before = context.counters;
  worker_.pulse().at(Activity::reply, call_.route->id, call_.snapshot_version);
  plan_->to_caller(reply, context);
  count_losses(before, true);
  if (Sabotage* sabotage = worker_.sabotage()) sabotage->apply(reply);
  end(std::move(reply));
}

void Exchange::deadline_passed() {
  cancel_deadline();
  const char* where = state_ == State::sent      ? "while the provider had not answered"
                      : state_ == State::waiting ? "while waiting for a connection to the provider"
                                                 : "before the call could be sent";
  const base::Nanoseconds granted = call_.deadline_ns - call_.started_ns;
  Outcome outcome = gateway_outcome(
      Code::deadline_exceeded, Reason::call_deadline, phase(),
      "the deadline of " + std::to_string(granted / base::millisecond_ns) + " ms passed " + where);
  drop_attempt();
  // Too late even for a caller who would have been told in time.
  const bool gave_up = worker_.now_ns() - call_.started_ns >= head_.timeout_ns;
  if (gave_up && model::info(origin_.protocol).gives_up_alone) let_caller_go();
  end(std::move(outcome));
}

void Exchange::caller_cancelled(Reason reason) {
  answerable_ = false;
  drop_attempt();
  // The session ended it for what the caller sent, or the caller did.
  const bool gave_up =
      reason == Reason::call_cancelled || reason == Reason::call_draining || reason == Reason::net_eof;
  if (!gave_up) return end(Status(reason, "the caller's connection ended the call"));
  end(gateway_outcome(Code::cancelled, reason, phase(), "the caller gave up"));
}

// Leaves the attempt to itself: nothing of it will be heard.
void Exchange::drop_attempt() {
  drop_answer();
  if (state_ == State::waiting) holder_.pool(*call_.route->cluster).give_up({own_, serial_});
  if (UpstreamConnection* connection = upstream()) {
    if (upstream_id_ != 0) connection->cancel(upstream_id_);
    attempt_over(gateway_outcome(Code::cancelled, Reason::call_cancelled, phase(), {}));
  }
  upstream_ = {};
  upstream_id_ = 0;
  ++serial_;
}

// ---- the end

void Exchange::end(const Status& why) { end(model::outcome_from(why, phase())); }

void Exchange::end(Outcome&& outcome) {
  model::Reply reply;
  reply.outcome = std::move(outcome);
  end(std::move(reply));
}

void Exchange::end(model::Reply&& reply) {
  if (state_ == State::over) return;
  state_ = State::over;
  if (reply.has_message) call_.reply_bytes += reply.message.bytes.size();
  if (plan_ != nullptr && plan_->crossing() != transcode::Crossing::forward) {
    call_.dropped_metadata += reply.head.metadata.drop_native();
  }
  if (const std::size_t metadata = reply.head.metadata.size() + reply.outcome.trailers.size(); metadata > 0) {
    codecs::ServerSession* session = caller();
    if (session != nullptr && !session->carries_metadata(origin_.id)) call_.dropped_metadata += metadata;
  }
  // The policies hear of the outcome before the session takes it away.
  finish(reply.outcome);
  codecs::ServerSession* session = caller();
  if (session == nullptr) return;
  // Out of the connection's books first: the session may report things of this id no more, and we ask none.
  worker_.find_connection(origin_.connection)->call_over(origin_.id);
  if (streaming_ || head_.kind == MethodKind::bidi) {
    session->finish(origin_.id, std::move(reply.outcome));
  } else {
    session->reply(origin_.id, std::move(reply));
  }
}

void Exchange::finish(const Outcome& outcome) {
  cancel_deadline();
  call_.now_ns = worker_.now_ns();
  call_.now_wall_ns = worker_.wall_ns();
  worker_.pipeline().finish(passage_, call_, outcome);
  queue_.clear();
  request_.bytes.clear();
  drop_answer();
  drop_request(held_request_);
  worker_.exchange_over(own_);
}

}  // namespace koine::gateway
