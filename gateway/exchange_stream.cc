// Exchange, the part of calls with streams: messages both ways with backpressure.
//
// Only pairs that forward (same wire, same body) carry streams. Backpressure is a chain: a provider that does
// not read makes the client session say no, which pauses the caller's stream; a caller that does not read
// makes the server session say no, which pauses the provider's stream.
#include <utility>

#include "gateway/connection.h"
#include "gateway/exchange.h"
#include "gateway/snapshot_holder.h"
#include "gateway/upstream_pool.h"
#include "gateway/worker.h"
#include "transcode/context.h"
#include "transcode/method_plan.h"

namespace koine::gateway {

using base::Reason;
using base::Status;

void Exchange::send_stream_start(UpstreamConnection& connection) {
  state_ = State::sent;
  const auto started =
      connection.start({own_, serial_}, upstream_head_, false, model::Payload(), false, true);
  if (!started.has_value()) return on_unavailable(started.error());
  upstream_id_ = *started;
  sent_once_ = true;
  send_queued();
}

// Sends what waits, as far as the provider takes it; false when the call ended meanwhile.
bool Exchange::send_queued() {
  while (state_ == State::sent && !upstream_paused_ && !queue_.empty()) {
    Message message = std::move(queue_.front());
    queue_.pop_front();
    forward_message(std::move(message));
  }
  if (state_ != State::sent) return false;
  if (caller_paused_ && queue_.empty() && !upstream_paused_) {
    caller_paused_ = false;
    if (codecs::ServerSession* session = caller()) {
      session->resume(origin_.id);
      worker_.find_connection(origin_.connection)->touch();
    }
  }
  return true;
}

base::Result<model::Payload> Exchange::translate_message(model::Payload&& message, bool from_caller) {
  transcode::Context& context = worker_.transcode_context();
  const transcode::Counters before = context.counters;
  auto translated = plan_->stream_message(std::move(message), from_caller, context);
  count_losses(before, !from_caller);
  return translated;
}

void Exchange::forward_message(Message&& message) {
  if (message.has_payload) {
    drop_request(message.payload.bytes.size());
    auto translated = translate_message(std::move(message.payload), true);
    if (!translated.has_value()) {
      count_limit(translated.error());
      drop_attempt();
      return end(translated.error());
    }
    message.payload = std::move(*translated);
  }
  UpstreamConnection* connection = upstream();
  if (connection == nullptr) return;
  if (!connection->send_message(upstream_id_, message.has_payload, std::move(message.payload),
                                message.end_of_stream)) {
    upstream_paused_ = true;
  }
}

void Exchange::caller_message(bool has_message, model::Payload&& message, bool end_of_stream) {
  if (state_ == State::over) return;
  if (plan_ != nullptr && !streaming_) {
    drop_attempt();
    return end(Status(Reason::wire_sequence, "method " + head_.method + " takes exactly one message"));
  }
  if (has_message) call_.request_bytes += message.bytes.size();
  hold_request(message.bytes.size());
  queue_.push_back({has_message, std::move(message), end_of_stream});
  if (state_ == State::sent && !send_queued()) return;
  // What cannot go on yet is held here: not more than one message beyond the pause.
  if (!queue_.empty() || upstream_paused_) {
    if (codecs::ServerSession* session = caller(); session != nullptr && !caller_paused_) {
      caller_paused_ = true;
      session->pause(origin_.id);
    }
  }
}

void Exchange::on_writable() {
  upstream_paused_ = false;
  send_queued();
}

void Exchange::on_head(model::ReplyHead&& head) {
  if (codecs::ServerSession* session = caller()) {
    head_sent_ = true;
    session->send_head(origin_.id, std::move(head));
    worker_.find_connection(origin_.connection)->touch();
  }
}

void Exchange::on_message(model::Payload&& message) {
  codecs::ServerSession* session = caller();
  if (session == nullptr) return;
  auto translated = translate_message(std::move(message), false);
  if (!translated.has_value()) {
    count_limit(translated.error());
    drop_attempt();
    return end(translated.error());
  }
  call_.reply_bytes += translated->bytes.size();
  if (!head_sent_) on_head({});
  const bool more = session->send_message(origin_.id, std::move(*translated));
  drop_answer();
  worker_.find_connection(origin_.connection)->touch();
  if (more) return;
  caller_full_ = true;
  if (UpstreamConnection* connection = upstream()) connection->pause(upstream_id_);
}

void Exchange::caller_writable() {
  caller_full_ = false;
  resume_provider();
}

void Exchange::on_finish(model::Outcome&& outcome) {
  upstream_ = {};
  upstream_id_ = 0;
  if (!streaming_) {
    model::Reply reply;
    reply.outcome = std::move(outcome);
    return on_reply(std::move(reply));
  }
  attempt_over(outcome);
  if (provider_timed_out(outcome)) return deadline_passed();
  end(std::move(outcome));
}

}  // namespace koine::gateway
