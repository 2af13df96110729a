// gRPC towards providers.
#include "codecs/calls/grpc/client_session.h"

#include <algorithm>
#include <utility>

#include "codecs/calls/grpc/compression.h"
#include "codecs/calls/grpc/header_rules.h"
#include "codecs/calls/grpc/status_mapping.h"
#include "codecs/calls/grpc/text_coding.h"

namespace koine::codecs::calls::grpc {
namespace {

namespace http2 = transports::http2;
using base::Reason;
using model::Code;
using model::Origin;
using model::Outcome;
using model::Phase;

http2::SessionOptions http2_options(const ClientOptions& options) {
  http2::SessionOptions out;
  out.role = http2::Role::client;
  out.limits = options.limits;
  out.pool = options.pool;
  out.hits = options.hits;
  out.clock = options.clock;
  return out;
}

// The provider broke its protocol, or its answer a limit: it has run, as far as anybody can tell.
Outcome broken_answer(Code code, Reason reason, std::string message) {
  return own_outcome(code, Origin::transport, Phase::maybe_executed, reason, std::move(message));
}

// Why a connection ended, to the calls on it: bytes that break HTTP/2 are the provider's breach of its
// protocol.
Reason reason_of_end(const base::Status& why) {
  if (why.ok()) return Reason::upstream_closed;
  switch (why.reason()) {
    case Reason::wire_malformed:
    case Reason::wire_truncated:
    case Reason::wire_sequence:
    case Reason::wire_compression:
    case Reason::wire_unsupported: return Reason::upstream_protocol;
    default: return why.reason();
  }
}

}  // namespace

GrpcClientSession::GrpcClientSession(ClientOptions options, ClientEvents& events, const Variant& variant)
    : options_(std::move(options)),
      events_(events),
      variant_(variant),
      http2_(http2_options(options_), *this) {}

// ---- bytes

base::Status GrpcClientSession::feed(base::Buffer& in) {
  reap();
  return http2_.feed(in);
}

void GrpcClientSession::drain(base::Buffer& out) {
  reap();
  if (!ready_.empty()) {
    std::vector<Call*> ready = std::move(ready_);
    ready_.clear();
    for (Call* call : ready) {
      call->in_ready = false;
      if (!call->live) continue;
      if (call->expect_stream) {
        deliver(*call);
      } else if (!call->ended) {
        collect(*call);
      }
    }
  }
  http2_.drain(out);
}

bool GrpcClientSession::wants_write() const { return !ready_.empty() || http2_.wants_write(); }

void GrpcClientSession::on_closed(const base::Status& why) {
  reap();
  std::string message = "the connection to the provider ended";
  if (!why.ok()) message.append(": ").append(why.message());
  if (!http2_.goaway_text().empty()) message.append(" (GOAWAY ").append(http2_.goaway_text()).append(")");
  std::vector<Call*> live;
  live.reserve(by_id_.size());
  for (const auto& entry : by_id_) live.push_back(entry.second);
  for (Call* call : live) {
    if (!call->live) continue;
    const bool sent = call->stream == nullptr || call->stream->headers_sent();
    if (call->stream != nullptr) std::exchange(call->stream, nullptr)->context = nullptr;
    fail(*call, own_outcome(Code::unavailable, Origin::transport,
                            sent ? Phase::maybe_executed : Phase::not_sent, reason_of_end(why), message));
  }
}

void GrpcClientSession::release_idle_memory() {
  reap();
  if (by_id_.empty() && ready_.empty()) {
    decltype(by_id_)().swap(by_id_);  // assigning {} would keep its table
    free_.clear();
    free_.shrink_to_fit();
    calls_.clear();
    calls_.shrink_to_fit();
  }
  fields_ = http2::HeaderList();
  http2_.release_idle_memory();
}

// ---- calls

GrpcClientSession::Call* GrpcClientSession::make_call(CallId id) {
  Call* call = nullptr;
  if (!free_.empty()) {
    call = free_.back();
    free_.pop_back();
  } else {
    calls_.push_back(std::make_unique<Call>());
    call = calls_.back().get();
  }
  call->id = id;
  call->live = true;
  by_id_[id] = call;
  return call;
}

GrpcClientSession::Call* GrpcClientSession::find(CallId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

void GrpcClientSession::bury(Call& call) {
  if (!call.live) return;
  call.live = false;
  if (call.stream != nullptr) std::exchange(call.stream, nullptr)->context = nullptr;
  by_id_.erase(call.id);
  call.reader.clear();
  buried_.push_back(&call);
}

void GrpcClientSession::reap() {
  for (std::size_t i = 0; i < buried_.size();) {
    Call* call = buried_[i];
    if (call->in_ready) {
      ++i;
      continue;
    }
    *call = Call();
    free_.push_back(call);
    buried_[i] = buried_.back();
    buried_.pop_back();
  }
}

// ---- requests

bool GrpcClientSession::write_message(Stream& stream, model::Payload&& message) {
  std::uint8_t prefix[message_prefix_bytes];
  write_message_prefix(prefix, message.bytes.size());
  http2_.send(stream, base::Bytes(prefix));
  return http2_.send(stream, std::move(message.bytes));
}

base::Status GrpcClientSession::start(CallId id, const model::CallHead& head, bool has_message,
                                      model::Payload&& message, bool end_of_stream, bool expect_stream) {
  if (find(id) != nullptr) {
    return base::Status(Reason::internal, "call id " + std::to_string(id) + " is in use on this connection");
  }
  if (message.compression != model::Compression::identity) {
    base::Buffer plain(options_.pool);
    KOINE_RETURN_IF_ERROR(
        decompress(message.compression, message.bytes, options_.limits, options_.hits, plain));
    message.bytes = std::move(plain);
    message.compression = model::Compression::identity;
  }
  KOINE_RETURN_IF_ERROR(write_request(head));
  base::Result<Stream*> opened = http2_.open(fields_, end_of_stream && !has_message, nullptr);
  if (!opened) return opened.error();
  Call* call = make_call(id);
  call->stream = *opened;
  call->stream->context = call;
  call->expect_stream = expect_stream;
  call->asked = head.body_format;
  call->oneway = head.kind == model::MethodKind::oneway;
  if (has_message) write_message(*call->stream, std::move(message));
  if (end_of_stream) http2_.end(*call->stream, nullptr);
  return {};
}

bool GrpcClientSession::send_message(CallId id, bool has_message, model::Payload&& message,
                                     bool end_of_stream) {
  Call* call = find(id);
  if (call == nullptr || call->stream == nullptr) return true;
  bool room = true;
  if (has_message) {
    if (message.compression != model::Compression::identity) {
      base::Buffer plain(options_.pool);
      const base::Status status =
          decompress(message.compression, message.bytes, options_.limits, options_.hits, plain);
      if (!status.ok()) {
        fail(*call, status);
        return true;
      }
      message.bytes = std::move(plain);
    }
    room = write_message(*call->stream, std::move(message));
  }
  if (end_of_stream) http2_.end(*call->stream, nullptr);
  return room;
}

bool GrpcClientSession::cancel(CallId id) {
  Call* call = find(id);
  if (call == nullptr) return true;
  if (call->stream != nullptr) {
    Stream& stream = *std::exchange(call->stream, nullptr);
    http2_.reset(stream, http2::ErrorCode::cancel);
  }
  bury(*call);
  return true;
}

void GrpcClientSession::pause(CallId id) {
  if (Call* call = find(id)) call->paused = true;
}

void GrpcClientSession::resume(CallId id) {
  Call* call = find(id);
  if (call == nullptr || !call->paused) return;
  call->paused = false;
  if (!call->in_ready) {
    call->in_ready = true;
    ready_.push_back(call);
  }
}

// ---- answers

void GrpcClientSession::on_headers(Stream& stream, const http2::Headers& headers) {
  auto* call = static_cast<Call*>(stream.context);
  if (call == nullptr) return;
  if (headers.refused != Reason::none) {
    fail(*call, broken_answer(Code::resource_exhausted, Reason::limit_headers,
                              "the provider's headers are more than " +
                                  std::to_string(options_.limits.headers_bytes_max) + " bytes or " +
                                  std::to_string(options_.limits.headers_count_max) + " fields"));
    return;
  }
  if (!headers.trailers) {
    read_response(*call, headers.fields, headers.end_stream);
    return;
  }
  call->reply.outcome = read_status(headers.fields, variant_);
  call->has_outcome = true;
}

void GrpcClientSession::read_response(Call& call, const http2::HeaderList& fields, bool end_stream) {
  call.head_received = true;
  const std::string_view status = fields.get(":status");
  const std::string_view content_type = fields.get("content-type");
  if (end_stream && fields.has("grpc-status")) {  // Trailers-Only; its HTTP status says nothing more
    call.reply.outcome = read_status(fields, variant_);
    call.has_outcome = true;
    return;
  }
  model::BodyFormat format = model::BodyFormat::none;
  if (status != "200" || !parse_content_type(content_type, format)) {
    fail(call, outcome_from_http(status, content_type));
    return;
  }
  model::Compression encoding = model::Compression::identity;
  if (!parse_encoding(fields.get("grpc-encoding"), encoding)) {
    fail(call, broken_answer(Code::internal, Reason::upstream_protocol,
                             "the provider's grpc-encoding is none of " + std::string(accepted_encodings)));
    return;
  }
  const base::Status read = read_metadata(fields, call.reply.head.metadata, nullptr, variant_);
  if (!read.ok()) {
    fail(call, broken_answer(Code::internal, Reason::upstream_protocol, std::string(read.message())));
    return;
  }
  call.thrown_code = variant_.thrown_code(fields);
  call.reader.start(options_.pool, format, encoding);
  if (call.expect_stream) events_.on_head(call.id, std::move(call.reply.head));
}

void GrpcClientSession::on_data(Stream& stream, base::Slice&& bytes) {
  auto* call = static_cast<Call*>(stream.context);
  if (call == nullptr) {
    // Of a oneway call: read and thrown away, so that the stream can end.
    http2_.consume(stream, bytes.size());
    return;
  }
  call->held += bytes.size();
  call->reader.append(std::move(bytes));
  if (call->expect_stream) {
    deliver(*call);
  } else {
    collect(*call);
  }
}

void GrpcClientSession::collect(Call& call) {
  const base::Status checked = call.reader.check(options_.limits, options_.hits);
  if (!checked.ok()) {
    fail(call, checked);
    return;
  }
  const std::size_t whole = call.reader.front_bytes();
  if (whole != 0 && call.reader.buffered() > whole) {
    fail(call, broken_answer(Code::unimplemented, Reason::upstream_protocol,
                             "the provider answered a unary call with more than one message"));
    return;
  }
  if (whole > call.reader.buffered()) {
    if (!std::exchange(call.size_told, true)) events_.on_answer_size(call.id, whole);
    // Cancelled, or held back: no more than its window of it comes.
    if (!call.live || call.paused) return;
    http2_.size_window(*call.stream, whole);
  }
  give_back(call);
}

void GrpcClientSession::give_back(Call& call) {
  const std::size_t bytes = std::exchange(call.held, 0);
  if (call.stream != nullptr) http2_.consume(*call.stream, bytes);
}

void GrpcClientSession::on_end(Stream& stream) {
  auto* call = static_cast<Call*>(stream.context);
  if (call == nullptr) return;
  call->ended = true;
  if (call->expect_stream) {
    deliver(*call);
  } else {
    complete(*call);
  }
}

void GrpcClientSession::deliver(Call& call) {
  while (call.live && !call.paused) {
    const base::Status checked = call.reader.check(options_.limits, options_.hits);
    if (!checked.ok()) {
      fail(call, checked);
      return;
    }
    if (!call.reader.ready()) {
      if (call.stream != nullptr) http2_.size_window(*call.stream, call.reader.front_bytes());
      give_back(call);
      break;
    }
    model::Payload message;
    const base::Status taken = call.reader.take(options_.limits, options_.hits, message);
    if (!taken.ok()) {
      fail(call, taken);
      return;
    }
    events_.on_message(call.id, std::move(message));
  }
  if (call.live && !call.paused && call.ended) complete(call);
}

void GrpcClientSession::complete(Call& call) {
  Outcome& outcome = call.reply.outcome;
  if (!call.has_outcome) {
    outcome = broken_answer(Code::internal, Reason::upstream_protocol,
                            "the provider ended the stream without a grpc-status");
  }
  if (!call.reader.empty() && outcome.ok() && !call.reader.ready()) {
    outcome =
        broken_answer(Code::internal, Reason::wire_truncated, "the provider's answer ends inside a message");
  }
  if (!call.expect_stream) {
    if (call.reader.ready()) {
      const base::Status taken = call.reader.take(options_.limits, options_.hits, call.reply.message);
      if (!taken.ok()) {
        fail(call, taken);
        return;
      }
      call.reply.has_message = true;
    } else if (outcome.ok()) {
      outcome = broken_answer(Code::unimplemented, Reason::upstream_protocol,
                              "the provider answered a unary call without a message");
    }
    variant_.read_reply(options_.limits, call.asked, call.thrown_code, call.reply);
  }
  const CallId id = call.id;
  const bool stream = call.expect_stream;
  model::Reply reply = std::move(call.reply);
  bury(call);
  if (stream) {
    events_.on_finish(id, std::move(reply.outcome));
  } else {
    events_.on_reply(id, std::move(reply));
  }
}

void GrpcClientSession::fail(Call& call, const base::Status& why) {
  const bool limit = why.reason() == Reason::limit_message;
  fail(call, broken_answer(limit ? Code::resource_exhausted : Code::internal, why.reason(),
                           "the provider's answer: " + std::string(why.message())));
}

void GrpcClientSession::fail(Call& call, Outcome&& outcome) {
  if (call.stream != nullptr) {
    Stream& stream = *std::exchange(call.stream, nullptr);
    http2_.reset(stream, http2::ErrorCode::cancel);
  }
  const CallId id = call.id;
  const bool stream = call.expect_stream;
  model::Reply reply = std::move(call.reply);
  reply.has_message = false;
  reply.outcome = std::move(outcome);
  bury(call);
  if (stream) {
    events_.on_finish(id, std::move(reply.outcome));
  } else {
    events_.on_reply(id, std::move(reply));
  }
}

void GrpcClientSession::on_end_sent(Stream& stream) {
  auto* call = static_cast<Call*>(stream.context);
  if (call == nullptr || !call->oneway) return;
  const CallId id = call->id;
  bury(*call);
  model::Reply reply;
  events_.on_reply(id, std::move(reply));
}

void GrpcClientSession::on_writable(Stream& stream) {
  if (const auto* call = static_cast<const Call*>(stream.context)) events_.on_writable(call->id);
}

void GrpcClientSession::on_closed(Stream& stream, const http2::Closed& closed) {
  auto* call = static_cast<Call*>(stream.context);
  if (call == nullptr) return;
  call->stream = nullptr;
  stream.context = nullptr;
  // Everything came, and the messages wait for a resume().
  if (call->ended) return;
  Outcome outcome = outcome_from_reset(closed.code, closed.not_processed);
  if (!closed.by_peer) {
    outcome.message = closed.not_processed ? "the provider did not take the call before it said goodbye"
                                           : "the provider's answer broke HTTP/2's rules: " +
                                                 std::string(to_string(closed.code));
    if (!closed.not_processed) outcome.reason = Reason::upstream_protocol;
    if (!http2_.goaway_text().empty()) outcome.message += " (GOAWAY " + http2_.goaway_text() + ")";
  }
  fail(*call, std::move(outcome));
}

}  // namespace koine::codecs::calls::grpc
