// Calls into frames, frames into replies.
#include "codecs/calls/dubbo/client_session.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/calls/dubbo/answer.h"
#include "codecs/calls/dubbo/attachments.h"
#include "codecs/calls/dubbo/fastjson2.h"
#include "codecs/calls/dubbo/frame.h"
#include "codecs/calls/dubbo/invocation.h"
#include "codecs/calls/dubbo/result.h"
#include "codecs/calls/dubbo/status.h"
#include "codecs/calls/dubbo/thrown.h"
#include "codecs/utf8.h"

namespace koine::codecs::calls::dubbo {
namespace {

namespace hessian2 = bodies::hessian2;
using base::Reason;
using base::Status;
using model::BodyFormat;

// More than any limit lets be in flight (base/limits.h has its ceiling).
constexpr int slot_bits = 16;
// What stands around most calls' arguments is no longer.
constexpr std::size_t words_expected = 256;
constexpr std::string_view no_callbacks = "calls to a consumer (callback arguments) are not supported";

Status protocol_error(std::string message) {
  return Status(Reason::upstream_protocol, "provider's answer: " + std::move(message));
}

model::Reply broken_reply(Reason reason, std::string message) {
  model::Reply reply;
  reply.outcome = model::outcome_from(Status(reason, std::move(message)), model::Phase::executed);
  reply.outcome.origin = model::Origin::transport;
  return reply;
}

// What a provider's status says, whose text should be in Hessian2.
std::string status_words(base::Bytes body) {
  std::string store;
  std::string_view text;
  const std::uint8_t* const end = body.data() + body.size();
  if (!body.empty() && hessian2::read_text(body.data(), end, store, text) != nullptr)
    return std::string(text);
  return {};
}

// 0: in none that a provider could be told.
std::uint8_t serialization_of(const model::Payload& message) {
  if (message.compression != model::Compression::identity) return 0;
  if (message.format == BodyFormat::hessian2) return serialization_hessian2;
  const bool is_fastjson2 =
      message.format == BodyFormat::opaque && message.native_format == serialization_fastjson2;
  return is_fastjson2 ? serialization_fastjson2 : 0;
}

}  // namespace

DubboClientSession::DubboClientSession(ClientOptions options, ClientEvents& events)
    : options_(std::move(options)),
      events_(events),
      reader_(options_.limits.message_bytes_max),
      walker_(options_.limits.nesting_max),
      outgoing_(options_.pool) {}

std::size_t DubboClientSession::capacity() const {
  const std::size_t most = options_.limits.pipelined_calls_max;
  return !accepting() || in_flight_ >= most ? 0 : most - in_flight_;
}

Status DubboClientSession::start(CallId id, const model::CallHead& head, bool has_message,
                                 model::Payload&& message, bool end_of_stream, bool expect_stream) {
  if (!has_message || !end_of_stream || expect_stream) {
    return Status(Reason::wire_unsupported, "Dubbo2 calls have exactly one message each way");
  }
  const std::uint8_t serialization = serialization_of(message);
  if (serialization == 0) {
    return Status(Reason::wire_unsupported, "body in " + std::string(model::to_string(message.format)) +
                                                " for a provider who reads hessian2");
  }
  if (capacity() == 0) {
    return Status(Reason::limit_concurrency, "no more calls fit on this connection to the provider");
  }
  std::string begin;
  std::string end;
  begin.reserve(words_expected);
  end.reserve(words_expected);
  if (serialization == serialization_fastjson2) {
    fastjson2::append_invocation_begin(begin, head);
    fastjson2::append_invocation_end(end, head);
  } else {
    append_invocation_begin(begin, head);
    append_invocation_end(end, head);
  }
  FrameHead frame;
  frame.serialization = serialization;
  frame.is_request = true;
  frame.is_two_way = head.kind != model::MethodKind::oneway;
  frame.length = begin.size() + message.bytes.size() + end.size();
  if (frame.length > options_.limits.message_bytes_max) {
    return Status(Reason::limit_message, "request of " + std::to_string(frame.length) +
                                             " bytes is longer than message_bytes_max, " +
                                             std::to_string(options_.limits.message_bytes_max) + ", allows");
  }
  Call& call = open_call();
  frame.id = call.wire_id;
  call.id = id;
  call.oneway = !frame.is_two_way;
  call.serialization = serialization;
  if (call.oneway) ++oneway_;
  const std::size_t before = outgoing_.size();
  append_header(outgoing_, frame);
  outgoing_.append(begin);
  outgoing_.append(std::move(message.bytes));
  outgoing_.append(end);
  call.begin_at = queued_;
  queued(before);
  call.end_at = queued_;
  return {};
}

DubboClientSession::Call& DubboClientSession::open_call() {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(calls_.size()));
    calls_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  calls_[index].wire_id = ++started_ << slot_bits | index;
  ++in_flight_;
  return calls_[index];
}

void DubboClientSession::free_call(Call& call) {
  if (call.oneway) --oneway_;
  free_.push_back(static_cast<std::uint32_t>(&call - calls_.data()));
  call = Call();
  --in_flight_;
}

void DubboClientSession::drain(base::Buffer& out) {
  const std::size_t high = options_.limits.write_high_bytes;
  if (outgoing_.empty() || out.size() >= high) return;
  out.append(outgoing_.take_front(std::min(high - out.size(), outgoing_.size())));
  if (oneway_ == 0) return;
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    if (calls_[i].oneway && calls_[i].end_at <= drained()) finish(calls_[i], model::Reply());
  }
}

Status DubboClientSession::feed(base::Buffer& in) {
  while (true) {
    FrameHead head;
    base::Buffer body(options_.pool);
    Status status;
    switch (reader_.next(in, head, body)) {
      case FrameReader::State::need_more: return {};
      case FrameReader::State::malformed:
        return protocol_error("no Dubbo frame: it begins with another number than dabb");
      case FrameReader::State::too_large:
        base::count_hit(options_.hits, base::Limit::message_bytes_max);
        if (head.is_request || head.is_event)
          return protocol_error("a request or an event too long to be one");
        status = take_answer(head, std::move(body), true);
        break;
      case FrameReader::State::frame: status = take_frame(head, std::move(body)); break;
    }
    if (!status.ok()) return status;
  }
}

Status DubboClientSession::take_frame(const FrameHead& head, base::Buffer&& body) {
  if (!head.is_event && !head.is_request) return take_answer(head, std::move(body), false);
  if (head.is_event) {
    take_event(head, std::move(body));
  } else {
    take_request(head);
  }
  // Who asks and does not read is owed nothing.
  if (outgoing_.size() < options_.limits.write_high_bytes + options_.limits.message_bytes_max) return {};
  return Status(Reason::limit_flood, "the provider asks and does not read what it is answered");
}

void DubboClientSession::take_event(const FrameHead& head, base::Buffer&& body) {
  if (!head.is_request) {
    if (ping_id_ != 0 && head.id == ping_id_) ping_answered_ = true;
    return;
  }
  switch (read_event(body)) {
    case Event::heartbeat: {
      if (!head.is_two_way) return;
      const std::size_t before = outgoing_.size();
      append_heartbeat_answer(outgoing_, head.id, head.serialization, std::move(body));
      return queued(before);
    }
    case Event::read_only: read_only_ = true; return events_.on_capacity();
    case Event::writeable: read_only_ = false; return events_.on_capacity();
    case Event::unknown: return;
  }
}

void DubboClientSession::take_request(const FrameHead& head) {
  if (!head.is_two_way) return;
  model::Reply refusal;
  refusal.outcome = model::outcome_from(Status(Reason::wire_unsupported, std::string(no_callbacks)),
                                        model::Phase::not_sent);
  const std::size_t before = outgoing_.size();
  append_answer(outgoing_, {head.id, head.serialization, false}, std::move(refusal),
                options_.limits.message_bytes_max);
  queued(before);
}

Status DubboClientSession::take_answer(const FrameHead& head, base::Buffer&& body, bool too_large) {
  const std::size_t index = head.id & ((std::uint64_t{1} << slot_bits) - 1);
  if (index >= calls_.size() || head.id == 0 || calls_[index].wire_id != head.id || calls_[index].oneway) {
    // Nobody waits for it any more.
    const std::uint64_t count = head.id >> slot_bits;
    if (count != 0 && count <= started_) return {};
    return protocol_error("id " + std::to_string(head.id) + ", which no call has");
  }
  Call& call = calls_[index];
  if (call.end_at > drained()) return protocol_error("it comes before the request was sent");
  model::Reply reply = too_large
                           ? broken_reply(Reason::limit_message,
                                          "provider's answer of " + std::to_string(head.length) +
                                              " bytes is longer than message_bytes_max, " +
                                              std::to_string(options_.limits.message_bytes_max) + ", allows")
                           : read_answer(head, call.serialization, std::move(body));
  finish(call, std::move(reply));
  return {};
}

model::Reply DubboClientSession::read_answer(const FrameHead& head, std::uint8_t asked_in,
                                             base::Buffer&& body) {
  model::Reply reply;
  if (head.serialization != asked_in) {
    return broken_reply(Reason::upstream_protocol, "provider answered in serialization " +
                                                       std::to_string(head.serialization) + ", asked in " +
                                                       std::to_string(asked_in));
  }
  const bool is_opaque = asked_in != serialization_hessian2;
  const base::Slice whole = body.linearize();
  if (head.status != status_ok) {
    reply.outcome = outcome_from_status(
        head.status, is_opaque ? fastjson2::read_words(whole.bytes()) : status_words(whole.bytes()));
    return reply;
  }
  if (is_opaque) return read_opaque_answer(std::move(body));
  Result result;
  const Status status = read_result(whole.bytes(), walker_, options_.limits, result);
  if (!status.ok()) {
    const bool broken = status.reason() == Reason::wire_malformed;
    return broken_reply(broken ? Reason::upstream_protocol : status.reason(),
                        "provider's answer: " + std::string(status.message()));
  }
  if (result.is_exception) {
    const base::Bytes object = whole.bytes().subspan(result.value_at, result.value_size);
    const std::optional<Thrown> thrown = read_thrown(object, options_.limits.nesting_max);
    if (!thrown) return broken_reply(Reason::upstream_protocol, "provider threw what is no object");
    reply.outcome = outcome_from_thrown(*thrown);
  }
  reply.head.metadata = std::move(result.metadata);
  reply.has_message = true;
  reply.message.format = BodyFormat::hessian2;
  if (result.is_null) {
    reply.message.bytes.append("N");
  } else {
    body.consume(result.value_at);
    reply.message.bytes = body.take_front(result.value_size);
  }
  return reply;
}

// All of it goes on as it is: value, exception and attachments.
model::Reply DubboClientSession::read_opaque_answer(base::Buffer&& body) const {
  model::Reply reply;
  const Status status = fastjson2::read_result(body.linearize().bytes(), options_.limits, reply.outcome);
  if (!status.ok())
    return broken_reply(status.reason(), "provider's answer: " + std::string(status.message()));
  reply.has_message = true;
  reply.message.format = BodyFormat::opaque;
  reply.message.native_format = serialization_fastjson2;
  reply.message.bytes = std::move(body);
  return reply;
}

void DubboClientSession::finish(Call& call, model::Reply&& reply) {
  const CallId id = call.id;
  free_call(call);
  events_.on_reply(id, std::move(reply));
  if (accepting()) events_.on_capacity();
}

// A late answer finds its id given to nobody.
bool DubboClientSession::cancel(CallId id) {
  for (Call& call : calls_) {
    if (call.wire_id == 0 || call.id != id) continue;
    free_call(call);
    break;
  }
  return true;
}

bool DubboClientSession::ping() {
  if (ping_id_ != 0 && !ping_answered_) return false;
  ping_answered_ = false;
  ping_id_ = ++started_ << slot_bits;
  const std::size_t before = outgoing_.size();
  append_heartbeat(outgoing_, ping_id_);
  queued(before);
  return true;
}

void DubboClientSession::on_closed(const Status& why) {
  closed_ = true;
  const std::uint64_t sent = drained();
  const Status reason =
      why.ok() ? Status(Reason::upstream_closed, "the provider closed the connection") : why;
  outgoing_.clear();
  const std::vector<Call> calls = std::exchange(calls_, {});
  free_.clear();
  in_flight_ = oneway_ = 0;
  for (const Call& call : calls) {
    if (call.wire_id == 0) continue;
    model::Reply reply;
    // The code is that of a broken connection, never of a faulty request.
    reply.outcome = model::outcome_from(reason, model::Phase::maybe_executed);
    reply.outcome.origin = model::Origin::transport;
    if (call.begin_at >= sent) reply.outcome.phase = model::Phase::not_sent;
    events_.on_reply(call.id, std::move(reply));
  }
}

void DubboClientSession::release_idle_memory() {
  if (outgoing_.empty()) outgoing_ = base::Buffer(options_.pool);
  if (in_flight_ != 0) return;
  walker_ = hessian2::Walker(options_.limits.nesting_max);
  calls_ = {};
  free_ = {};
}

}  // namespace koine::codecs::calls::dubbo
