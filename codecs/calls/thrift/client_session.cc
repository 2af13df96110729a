// Calls into frames, frames into replies.
#include "codecs/calls/thrift/client_session.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "codecs/calls/thrift/application_exception.h"
#include "codecs/calls/thrift/struct_scan.h"
#include "codecs/transports/framed/framed.h"

namespace koine::codecs::calls::thrift {
namespace {

using base::Reason;
using base::Status;
using transports::framed::FrameHead;
using transports::framed::FrameState;

std::size_t name_bytes_max(const base::Limits& limits) { return 2 * limits.method_name_bytes_max + 1; }

bool same_protocol(Dialect mine, Dialect theirs) {
  return (mine == Dialect::compact) == (theirs == Dialect::compact);
}

model::Outcome broken_answer(std::string_view why) {
  model::Outcome outcome;
  outcome.code = model::Code::internal;
  outcome.origin = model::Origin::transport;
  outcome.phase = model::Phase::executed;
  outcome.reason = Reason::upstream_protocol;
  outcome.message = why;
  return outcome;
}

Status protocol_error(std::string why) { return Status(Reason::upstream_protocol, std::move(why)); }

}  // namespace

ThriftClientSession::ThriftClientSession(ClientOptions options, ClientEvents& events)
    : options_(std::move(options)),
      dialect_(options_.body_format == model::BodyFormat::thrift_compact ? Dialect::compact
                                                                         : Dialect::binary),
      events_(events),
      outgoing_(options_.pool) {}

std::size_t ThriftClientSession::capacity() const {
  const std::size_t most = std::max<std::size_t>(options_.pipelined_max, 1);
  return !accepting() || calls_.size() >= most ? 0 : most - calls_.size();
}

Status ThriftClientSession::start(CallId id, const model::CallHead& head, bool has_message,
                                  model::Payload&& message, bool end_of_stream, bool expect_stream) {
  if (!has_message || !end_of_stream || expect_stream) {
    return Status(Reason::wire_unsupported, "Thrift calls have exactly one message each way");
  }
  if (message.format != body_format(dialect_) || message.compression != model::Compression::identity) {
    return Status(Reason::wire_unsupported, "body in " + std::string(model::to_string(message.format)) +
                                                " for a provider who reads " +
                                                std::string(model::to_string(body_format(dialect_))));
  }
  if (capacity() == 0) {
    return Status(Reason::limit_concurrency, "no more calls fit on this connection to the provider");
  }
  std::string name;
  if (!options_.multiplexed_name.empty()) name.append(options_.multiplexed_name).append(":");
  name.append(head.method);
  if (head.method.empty() || name.size() > name_bytes_max(options_.limits)) {
    return Status(Reason::limit_headers, "method name is empty or longer than method_name_bytes_max allows");
  }
  const std::int32_t seqid = next_seqid();
  const std::size_t length = message_begin_bytes(dialect_, name, seqid) + message.bytes.size();
  if (length > options_.limits.message_bytes_max) {
    return Status(Reason::limit_message, "request of " + std::to_string(length) +
                                             " bytes is longer than message_bytes_max, " +
                                             std::to_string(options_.limits.message_bytes_max) + ", allows");
  }
  last_seqid_ = seqid;
  Call& call = calls_.emplace_back();
  call.id = id;
  call.seqid = seqid;
  call.oneway = head.kind == model::MethodKind::oneway;
  call.method = head.method;
  call.begin_at = queued_;
  transports::framed::append_header(outgoing_, length);
  append_message_begin(outgoing_, dialect_, call.oneway ? MessageType::oneway : MessageType::call, name,
                       seqid);
  outgoing_.append(std::move(message.bytes));
  queued_ += transports::framed::header_bytes + length;
  call.end_at = queued_;
  if (call.oneway) {
    oneway_seqids_[oneway_next_] = seqid;
    oneway_next_ = (oneway_next_ + 1) % oneway_seqids_.size();
  }
  return {};
}

std::int32_t ThriftClientSession::next_seqid() {
  std::int32_t seqid = last_seqid_;
  const auto taken = [&](const Call& call) { return call.seqid == seqid; };
  do {
    seqid = seqid == std::numeric_limits<std::int32_t>::max() ? 1 : seqid + 1;
  } while (std::any_of(calls_.begin(), calls_.end(), taken));
  return seqid;
}

bool ThriftClientSession::answers_oneway(std::int32_t seqid) const {
  return seqid != 0 && std::find(oneway_seqids_.begin(), oneway_seqids_.end(), seqid) != oneway_seqids_.end();
}

void ThriftClientSession::drain(base::Buffer& out) {
  const std::size_t high = options_.limits.write_high_bytes;
  if (outgoing_.empty() || out.size() >= high) return;
  const std::size_t room = high - out.size();
  out.append(outgoing_.size() <= room ? std::exchange(outgoing_, base::Buffer(options_.pool))
                                      : outgoing_.take_front(room));
  for (std::size_t i = 0; i < calls_.size();) {
    if (calls_[i].oneway && calls_[i].end_at <= drained()) {
      finish(i, model::Reply());
      i = 0;  // the handler may have started or cancelled calls
    } else {
      ++i;
    }
  }
}

Status ThriftClientSession::feed(base::Buffer& in) {
  while (true) {
    const FrameHead head = transports::framed::peek(in, options_.limits.message_bytes_max);
    switch (head.state) {
      case FrameState::need_more: return {};
      case FrameState::malformed:
        return protocol_error("provider sent a frame with a length that is zero or negative");
      case FrameState::too_large:
        return Status(Reason::limit_message, "answer of " + std::to_string(head.length) +
                                                 " bytes is longer than message_bytes_max, " +
                                                 std::to_string(options_.limits.message_bytes_max) +
                                                 ", allows");
      case FrameState::complete: break;
    }
    if (Status status = take_message(transports::framed::take(in, head)); !status.ok()) return status;
  }
}

Status ThriftClientSession::take_message(base::Buffer frame) {
  const std::size_t name_max = name_bytes_max(options_.limits);
  if (frame.front().size() < std::min(frame.size(), header_bytes_max(name_max))) {
    base::Slice whole = frame.linearize();
    frame.clear();
    frame.append(std::move(whole));
  }
  const MessageBegin begin = parse_message_begin(frame.front(), frame.size(), true, name_max);
  if (!begin.fault.empty()) return protocol_error("provider's answer: " + std::string(begin.fault));
  if (!same_protocol(dialect_, begin.dialect)) {
    return protocol_error("provider answered in another protocol than the call's");
  }
  if (begin.type != static_cast<std::uint8_t>(MessageType::reply) &&
      begin.type != static_cast<std::uint8_t>(MessageType::exception)) {
    return protocol_error("provider sent message type " + std::to_string(begin.type) +
                          " where REPLY (2) or EXCEPTION (3) belongs");
  }
  const auto waits = [&](const Call& call) { return !call.oneway && call.seqid == begin.seqid; };
  const auto found = std::find_if(calls_.begin(), calls_.end(), waits);
  if (found == calls_.end()) {
    // Java's and Go's processors answer an unknown oneway method with an exception: nobody waits for it.
    if (answers_oneway(begin.seqid)) return {};
    return protocol_error("provider answered sequence id " + std::to_string(begin.seqid) +
                          ", which no call in flight has");
  }
  const auto index = static_cast<std::size_t>(found - calls_.begin());
  if (found->end_at > drained()) return protocol_error("provider answered a call before it was sent");
  if (Status status = check_name(begin, *found); !status.ok()) return status;
  if (found->cancelled) {
    calls_.erase(found);
    return {};
  }
  frame.consume(begin.length);
  finish(index, read_reply(begin, std::move(frame)));
  return {};
}

// Answers carry the bare method name; an exception may carry the whole Multiplexed name (C++'s
// TMultiplexedProcessor) or none, and its sequence id is enough.
Status ThriftClientSession::check_name(const MessageBegin& begin, const Call& call) const {
  if (begin.name == call.method || begin.type == static_cast<std::uint8_t>(MessageType::exception)) return {};
  const std::string& prefix = options_.multiplexed_name;
  if (!prefix.empty() && begin.name.size() == prefix.size() + 1 + call.method.size() &&
      begin.name.starts_with(prefix) && begin.name[prefix.size()] == ':' &&
      begin.name.ends_with(call.method)) {
    return {};
  }
  return protocol_error("provider answered method '" + std::string(begin.name.substr(0, 64)) +
                        "' to a call of '" + call.method + "'");
}

model::Reply ThriftClientSession::read_reply(const MessageBegin& begin, base::Buffer body) const {
  model::Reply reply;
  if (begin.type == static_cast<std::uint8_t>(MessageType::exception)) {
    const base::Slice bytes = body.linearize();
    base::Result<ApplicationException> exception =
        decode_application_exception(body_format(begin.dialect), bytes.bytes(), options_.limits.nesting_max);
    reply.outcome = exception ? outcome_from_exception(*exception)
                              : broken_answer("provider sent an exception message that cannot be read");
    return reply;
  }
  // The head of the result struct's first field: at most 4 bytes, in the first piece or copied out of it.
  std::array<std::uint8_t, 4> head{};
  StructScan scan(body_format(begin.dialect), base::Bytes(head.data(), body.copy_to(head)),
                  options_.limits.nesting_max);
  WireType type = WireType::stop;
  std::int32_t id = 0;
  if (!scan.next(type, id)) {
    reply.outcome = broken_answer("provider sent a result that cannot be read");
    return reply;
  }
  if (type != WireType::stop && id != 0) {
    reply.outcome.code = model::Code::unknown;
    reply.outcome.declared_field = id;
  }
  reply.has_message = true;
  reply.message.format = body_format(begin.dialect);
  reply.message.bytes = std::move(body);
  return reply;
}

void ThriftClientSession::finish(std::size_t index, model::Reply&& reply) {
  const CallId id = calls_[index].id;
  calls_.erase(calls_.begin() + static_cast<std::ptrdiff_t>(index));
  events_.on_reply(id, std::move(reply));
  if (accepting()) events_.on_capacity();
}

bool ThriftClientSession::cancel(CallId id) {
  const auto found =
      std::find_if(calls_.begin(), calls_.end(), [&](const Call& call) { return call.id == id; });
  if (found == calls_.end()) return accepting();
  if (found->begin_at >= drained()) {
    const std::uint64_t length = found->end_at - found->begin_at;
    base::Buffer kept = outgoing_.take_front(static_cast<std::size_t>(found->begin_at - drained()));
    outgoing_.consume(static_cast<std::size_t>(length));
    kept.append(std::move(outgoing_));
    outgoing_ = std::move(kept);
    queued_ -= length;
    for (auto later = calls_.erase(found); later != calls_.end(); ++later) {
      later->begin_at -= length;
      later->end_at -= length;
    }
    return accepting();
  }
  if (found->oneway) {
    calls_.erase(found);  // no answer is due
    return accepting();
  }
  found->cancelled = true;
  closing_ = true;
  return false;
}

void ThriftClientSession::on_closed(const Status& why) {
  closed_ = true;
  const std::uint64_t sent = drained();
  const Status reason =
      why.ok() ? Status(Reason::upstream_closed, "the provider closed the connection") : why;
  outgoing_.clear();
  for (const Call& call : std::exchange(calls_, {})) {
    if (call.cancelled) continue;
    model::Reply reply;
    // The code is that of a broken connection, never of a faulty request.
    reply.outcome = model::outcome_from(reason, model::Phase::maybe_executed);
    reply.outcome.origin = model::Origin::transport;
    if (call.begin_at >= sent) reply.outcome.phase = model::Phase::not_sent;
    events_.on_reply(call.id, std::move(reply));
  }
}

std::size_t ThriftClientSession::calls_in_flight() const {
  return static_cast<std::size_t>(
      std::count_if(calls_.begin(), calls_.end(), [](const Call& call) { return !call.cancelled; }));
}

// Answers to cancelled calls are not waited for.
bool ThriftClientSession::wants_close() const { return closing_ && calls_in_flight() == 0; }

void ThriftClientSession::release_idle_memory() {
  if (outgoing_.empty()) outgoing_ = base::Buffer(options_.pool);
  if (calls_.empty()) std::vector<Call>().swap(calls_);
}

}  // namespace koine::codecs::calls::thrift
