// Calls into messages, messages into replies.
#include "codecs/calls/thrift/client_session.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/result.h"
#include "codecs/calls/thrift/application_exception.h"
#include "codecs/calls/thrift/header_metadata.h"
#include "codecs/calls/thrift/json_message.h"
#include "codecs/calls/thrift/struct_scan.h"

namespace koine::codecs::calls::thrift {
namespace {

using base::Reason;
using base::Status;

std::size_t name_bytes_max(const base::Limits& limits) { return 2 * limits.method_name_bytes_max + 1; }

bool same_protocol(Dialect mine, Dialect theirs) { return body_format(mine) == body_format(theirs); }

model::Outcome broken_answer(std::string_view why) {
  model::Outcome outcome;
  outcome.code = model::Code::internal;
  outcome.origin = model::Origin::transport;
  outcome.phase = model::Phase::executed;
  outcome.reason = Reason::upstream_protocol;
  outcome.message = why;
  return outcome;
}

model::Reply broken_reply(std::string_view why) {
  model::Reply reply;
  reply.outcome = broken_answer(why);
  return reply;
}

Status protocol_error(std::string why) { return Status(Reason::upstream_protocol, std::move(why)); }

}  // namespace

ThriftClientSession::ThriftClientSession(ClientOptions options, ClientEvents& events)
    : options_(std::move(options)),
      dialect_(dialect_of(options_.body_format)),
      events_(events),
      reader_(options_.limits, options_.pool, options_.hits, options_.thrift_transport, dialect_,
              options_.thrift_zlib && options_.thrift_transport != ThriftTransport::header),
      outgoing_(options_.pool) {
  if (reader_.zlib_stream()) deflater_ = std::make_unique<transports::zlib::Deflater>();
}

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
  std::string prefixed;
  if (!options_.multiplexed_name.empty()) {
    prefixed.append(options_.multiplexed_name).append(":").append(head.method);
  }
  const std::string_view name = prefixed.empty() ? head.method : prefixed;
  if (head.method.empty() || name.size() > name_bytes_max(options_.limits)) {
    return Status(Reason::limit_headers, "method name is empty or longer than method_name_bytes_max allows");
  }
  const std::int32_t seqid = next_seqid();
  const bool oneway = head.kind == model::MethodKind::oneway;
  InfoList infos;
  Outgoing what;
  what.dialect = dialect_;
  what.type = oneway ? MessageType::oneway : MessageType::call;
  what.name = name;
  what.seqid = seqid;
  what.envelope.transport = options_.thrift_transport;
  if (options_.thrift_transport == ThriftTransport::header) {
    infos.add_request(head);
    what.infos = infos.infos();
    what.envelope.zlib = options_.thrift_zlib;
    what.envelope.seqid = static_cast<std::uint32_t>(seqid);
  }
  const std::size_t length = message_bytes(what, message.bytes.size());
  if (length > options_.limits.message_bytes_max) {
    return Status(Reason::limit_message, "request of " + std::to_string(length) +
                                             " bytes is longer than message_bytes_max, " +
                                             std::to_string(options_.limits.message_bytes_max) + ", allows");
  }
  const std::size_t before = outgoing_.size();
  KOINE_RETURN_IF_ERROR(append_message(outgoing_, what, std::move(message.bytes)));
  last_seqid_ = seqid;
  Call& call = calls_.emplace_back();
  call.id = id;
  call.seqid = seqid;
  call.oneway = oneway;
  call.method = head.method;
  call.begin_at = queued_;
  queued_ += outgoing_.size() - before;
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
  } while (find_call(taken) < calls_.size());
  return seqid;
}

bool ThriftClientSession::answers_oneway(std::int32_t seqid) const {
  return seqid != 0 && std::find(oneway_seqids_.begin(), oneway_seqids_.end(), seqid) != oneway_seqids_.end();
}

void ThriftClientSession::drain(base::Buffer& out) {
  const std::size_t high = options_.limits.write_high_bytes;
  if (outgoing_.empty() || out.size() >= high) return;
  if (Status status = move_out(outgoing_, high - out.size(), out, deflater_.get()); !status.ok()) {
    // What went into the stream cannot be taken back; feed() or the owner ends the connection.
    broken_ = std::move(status);
    closing_ = true;
    return;
  }
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
  if (!broken_.ok()) return broken_;
  Incoming incoming;
  while (true) {
    switch (reader_.next(in, incoming)) {
      case MessageReader::State::need_more: return {};
      case MessageReader::State::failed:
        return protocol_error("provider's answer: " + std::string(reader_.error().message()));
      case MessageReader::State::too_large:
        base::count_hit(options_.hits, base::Limit::message_bytes_max);
        return Status(Reason::limit_message, "provider's answer: " + std::string(reader_.error().message()));
      case MessageReader::State::message: break;
    }
    if (Status status = take_message(incoming); !status.ok()) return status;
  }
}

Status ThriftClientSession::take_message(Incoming& incoming) {
  if (incoming.refusal != Incoming::Refusal::none && incoming.refusal != Incoming::Refusal::infos) {
    const bool large = incoming.refusal == Incoming::Refusal::too_large;
    return Status(large ? Reason::limit_message : Reason::upstream_protocol,
                  "provider's answer: " + incoming.why);
  }
  base::Buffer& frame = incoming.message;
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
  // Both ids are ours, so both must come back; a library that leaves the outer one out writes 0.
  if (incoming.envelope.transport == ThriftTransport::header && incoming.envelope.seqid != 0 &&
      incoming.envelope.seqid != static_cast<std::uint32_t>(begin.seqid)) {
    return protocol_error("provider's answer has sequence id " + std::to_string(begin.seqid) +
                          " and its THeader " +
                          std::to_string(static_cast<std::int32_t>(incoming.envelope.seqid)));
  }
  if (begin.type != static_cast<std::uint8_t>(MessageType::reply) &&
      begin.type != static_cast<std::uint8_t>(MessageType::exception)) {
    return protocol_error("provider sent message type " + std::to_string(begin.type) +
                          " where REPLY (2) or EXCEPTION (3) belongs");
  }
  const std::size_t index =
      find_call([&](const Call& call) { return !call.oneway && call.seqid == begin.seqid; });
  if (index == calls_.size()) {
    // Java's and Go's processors answer an unknown oneway method with an exception: nobody waits for it.
    if (answers_oneway(begin.seqid)) return {};
    return protocol_error("provider answered sequence id " + std::to_string(begin.seqid) +
                          ", which no call in flight has");
  }
  const Call& call = calls_[index];
  if (call.end_at > drained()) return protocol_error("provider answered a call before it was sent");
  if (Status status = check_name(begin, call); !status.ok()) return status;
  if (call.cancelled) {
    calls_.erase(index);
    return {};
  }
  frame.consume(begin.length);  // the views of the header are dead from here
  model::Reply reply = begin.dialect == Dialect::json && !strip_json_end(frame)
                           ? broken_reply("provider sent a JSON message without its closing bracket")
                           : read_reply(begin, std::move(frame));
  if (incoming.refusal == Incoming::Refusal::infos) {
    reply = broken_reply(incoming.why);
    reply.outcome.code = model::Code::resource_exhausted;
    reply.outcome.reason = Reason::limit_headers;
  } else {
    read_reply_infos(incoming.persistent, reply.head.metadata);
    read_reply_infos(incoming.infos, reply.head.metadata);
  }
  finish(index, std::move(reply));
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
  std::int32_t id = 0;
  if (!first_field(body_format(begin.dialect), body, options_.limits.nesting_max, id)) {
    reply.outcome = broken_answer("provider sent a result that cannot be read");
    return reply;
  }
  if (id != 0) {
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
  calls_.erase(index);
  events_.on_reply(id, std::move(reply));
  if (accepting()) events_.on_capacity();
}

bool ThriftClientSession::cancel(CallId id) {
  const std::size_t index = find_call([&](const Call& call) { return call.id == id; });
  if (index == calls_.size()) return accepting();
  Call& found = calls_[index];
  if (found.begin_at >= drained()) {
    const std::uint64_t length = found.end_at - found.begin_at;
    base::Buffer kept = outgoing_.take_front(static_cast<std::size_t>(found.begin_at - drained()));
    outgoing_.consume(static_cast<std::size_t>(length));
    kept.append(std::move(outgoing_));
    outgoing_ = std::move(kept);
    queued_ -= length;
    calls_.erase(index);
    for (std::size_t later = index; later < calls_.size(); ++later) {
      calls_[later].begin_at -= length;
      calls_[later].end_at -= length;
    }
    return accepting();
  }
  if (found.oneway) {
    calls_.erase(index);  // no answer is due
    return accepting();
  }
  found.cancelled = true;
  closing_ = true;
  return false;
}

void ThriftClientSession::on_closed(const Status& why) {
  closed_ = true;
  const std::uint64_t sent = drained();
  const Status reason =
      why.ok() ? Status(Reason::upstream_closed, "the provider closed the connection") : why;
  outgoing_.clear();
  const base::RingQueue<Call> calls = std::exchange(calls_, {});
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Call& call = calls[i];
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
  std::size_t count = 0;
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    if (!calls_[i].cancelled) ++count;
  }
  return count;
}

// Answers to cancelled calls are not waited for.
bool ThriftClientSession::wants_close() const {
  return closing_ && (!broken_.ok() || calls_in_flight() == 0);
}

void ThriftClientSession::release_idle_memory() {
  if (outgoing_.empty()) outgoing_ = base::Buffer(options_.pool);
  if (calls_.empty()) calls_.release();
  reader_.release_memory();
}

}  // namespace koine::codecs::calls::thrift
