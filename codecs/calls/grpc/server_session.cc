// gRPC towards callers.
#include "codecs/calls/grpc/server_session.h"

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

http2::SessionOptions http2_options(const ServerOptions& options) {
  http2::SessionOptions out;
  out.role = http2::Role::server;
  out.limits = options.limits;
  out.pool = options.pool;
  out.hits = options.hits;
  out.clock = options.clock;
  out.work_share = options.work_share;
  return out;
}

Outcome refusal(Code code, Reason reason, std::string message) {
  return own_outcome(code, Origin::gateway, Phase::not_sent, reason, std::move(message));
}

}  // namespace

GrpcServerSession::GrpcServerSession(ServerOptions options, ServerEvents& events, const Variant& variant)
    : options_(std::move(options)),
      events_(events),
      variant_(variant),
      http2_(http2_options(options_), *this) {}

// ---- bytes

base::Status GrpcServerSession::feed(base::Buffer& in) {
  reap();
  base::Status fed = http2_.feed(in);
  if (packed_.empty()) return fed;
  if (fed.ok()) inflate_more();
  if (http2_.failure_untold()) fed = http2_.feed(in);
  if (!fed.ok()) packed_.clear();  // no answer can be written any more
  return fed;
}

bool GrpcServerSession::wants_read() const { return http2_.wants_read(); }

void GrpcServerSession::on_eof() {
  reap();
  // Half a request will never become a whole one.
  for (const auto& call : calls_) {
    if (call->stream == nullptr || call->ended) continue;
    const bool announced = call->announced;
    const CallId id = call->id;
    http2_.reset(*call->stream, http2::ErrorCode::cancel);
    bury(*call);
    if (announced) events_.on_cancel(id, Reason::call_cancelled);
  }
}

void GrpcServerSession::drain(base::Buffer& out) {
  reap();
  if (!ready_.empty()) {
    std::vector<Call*> ready = std::move(ready_);
    ready_.clear();
    for (Call* call : ready) {
      call->in_ready = false;
      if (call->stream != nullptr) deliver(*call);
    }
  }
  http2_.drain(out);
}

bool GrpcServerSession::wants_write() const { return !ready_.empty() || http2_.wants_write(); }

// A failure is told by feed() first.
bool GrpcServerSession::wants_close() const { return !http2_.failure_untold() && http2_.wants_close(); }

void GrpcServerSession::shutdown() { http2_.shutdown(); }

void GrpcServerSession::shutdown_now() { http2_.shutdown_now(); }

void GrpcServerSession::release_idle_memory() {
  reap();
  if (in_flight_ == 0 && ready_.empty()) {
    free_.clear();
    free_.shrink_to_fit();
    calls_.clear();
    calls_.shrink_to_fit();
  }
  fields_ = http2::HeaderList();
  http2_.release_idle_memory();
}

// ---- calls

GrpcServerSession::Call* GrpcServerSession::make_call(Stream& stream) {
  Call* call = nullptr;
  if (!free_.empty()) {
    call = free_.back();
    free_.pop_back();
  } else {
    calls_.push_back(std::make_unique<Call>());
    call = calls_.back().get();
  }
  call->id = static_cast<CallId>(stream.id());
  call->stream = &stream;
  call->variant = &variant_;
  stream.context = call;
  ++in_flight_;
  return call;
}

GrpcServerSession::Call* GrpcServerSession::find(CallId id) const {
  if (id > static_cast<CallId>(INT32_MAX)) return nullptr;
  const Stream* stream = http2_.find(static_cast<http2::StreamId>(id));
  return stream != nullptr ? static_cast<Call*>(stream->context) : nullptr;
}

void GrpcServerSession::bury(Call& call) {
  if (call.stream == nullptr) return;
  call.stream->context = nullptr;
  call.stream = nullptr;
  unread_ -= call.reader.buffered();
  call.reader.clear();
  --in_flight_;
  await_no_more(call);
  buried_.push_back(&call);
  release(call);
}

void GrpcServerSession::reap() {
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

Outcome GrpcServerSession::read_head(Call& call, const http2::Headers& headers, std::string& http_status) {
  const http2::HeaderList& fields = headers.fields;
  model::CallHead& head = call.head;
  head.protocol = variant_.protocol();
  http_status = "200";
  if (headers.refused != Reason::none) {
    return refusal(Code::resource_exhausted, Reason::limit_headers,
                   "the request's headers are more than " +
                       std::to_string(options_.limits.headers_bytes_max) + " bytes or " +
                       std::to_string(options_.limits.headers_count_max) + " fields");
  }
  if (fields.get(":method") != "POST") {
    http_status = "405";
    return refusal(Code::internal, Reason::wire_unsupported, "gRPC requests use the method POST");
  }
  const std::string_view content_type = fields.get("content-type");
  if (!parse_content_type(content_type, head.body_format)) {
    http_status = "415";
    return refusal(Code::invalid_argument, Reason::wire_unsupported,
                   "the request's content-type is not application/grpc");
  }
  call.format = head.body_format;
  if (head.body_format == model::BodyFormat::opaque) {
    call.content_type = content_type;
    // The only way to say the format on the next hop of the same protocol.
    head.metadata.add("content-type", content_type);
  }
  const std::string_view path = fields.get(":path");
  std::string_view service;
  std::string_view method;
  const bool legal = parse_path(path, service, method);
  head.service = service;
  head.method = method;
  if (legal) call.variant = &variant_.variant_of(fields, options_, head);
  head.protocol = call.variant->protocol();
  if (legal && std::max(head.service.size(), method.size()) > options_.limits.method_name_bytes_max) {
    base::count_hit(options_.hits, base::Limit::method_name_bytes_max);
    head.service.clear();
    head.method.clear();
    return refusal(Code::unimplemented, Reason::limit_headers,
                   "the service's or the method's name is longer than " +
                       std::to_string(options_.limits.method_name_bytes_max) + " bytes");
  }
  if (!legal) {
    return refusal(Code::unimplemented, Reason::call_unknown_method,
                   "the path is not /package.Service/Method of [A-Za-z0-9_.$]");
  }
  if (head.service.empty()) {
    return refusal(Code::unimplemented, Reason::call_unknown_service,
                   "the service's group and version make no name with it: '/' and ':' stand between them");
  }
  if (fields.has("grpc-timeout") && !parse_timeout(fields.get("grpc-timeout"), head.timeout_ns)) {
    http_status = "400";
    return refusal(Code::internal, Reason::wire_malformed,
                   "grpc-timeout is not 1 to 8 digits and one of H M S m u n");
  }
  call.variant->read_request(fields, head);
  call.timeout_ns = head.timeout_ns;
  model::Compression encoding = model::Compression::identity;
  if (!parse_encoding(fields.get("grpc-encoding"), encoding)) {
    return refusal(Code::unimplemented, Reason::wire_unsupported,
                   "grpc-encoding is none of " + std::string(accepted_encodings));
  }
  const base::Status read = read_metadata(fields, head.metadata, &head.trace, *call.variant);
  if (!read.ok()) {
    http_status = "400";
    return refusal(Code::internal, Reason::wire_malformed, std::string(read.message()));
  }
  call.streaming = options_.streams && options_.streams(path);
  head.kind = call.streaming ? model::MethodKind::bidi : model::MethodKind::unary;
  call.reader.start(options_.pool, head.body_format, encoding);
  return {};
}

void GrpcServerSession::on_headers(Stream& stream, const http2::Headers& headers) {
  if (headers.trailers) return;  // gRPC gives a request's trailers no meaning
  Call& call = *make_call(stream);
  call.begun_ns = now_ns();
  std::string http_status;
  const Outcome outcome = read_head(call, headers, http_status);
  if (!outcome.ok()) {
    refuse(call, outcome, http_status);
    return;
  }
  if (call.streaming) {
    call.announced = true;
    call.ended = headers.end_stream;
    call.end_told = headers.end_stream;
    events_.on_call(call.id, std::move(call.head), false, model::Payload(), headers.end_stream);
  } else if (!headers.end_stream) {
    await(call, call.begun_ns);
  }
}

void GrpcServerSession::on_data(Stream& stream, base::Slice&& bytes) {
  auto* call = static_cast<Call*>(stream.context);
  // Of a call that was answered already: its window is not opened again, the RST_STREAM is on its way.
  if (call == nullptr) return;
  call->held += bytes.size();
  unread_ += bytes.size();
  call->reader.append(std::move(bytes));
  if (call->streaming) {
    deliver(*call);
  } else {
    collect(*call);
  }
}

void GrpcServerSession::on_end(Stream& stream) {
  auto* call = static_cast<Call*>(stream.context);
  if (call == nullptr) return;
  call->ended = true;
  await_no_more(*call);
  if (call->streaming) {
    deliver(*call);
  } else {
    complete(*call);
  }
}

// A unary request grows; its window is given back at once, since its size is limited by message_bytes_max.
void GrpcServerSession::collect(Call& call) {
  const base::Status checked = call.reader.check(options_.limits, options_.hits);
  if (!checked.ok()) {
    fail(call, checked);
    return;
  }
  const std::size_t whole = call.reader.front_bytes();
  if (whole != 0 && call.reader.buffered() > whole) {
    fail(call, base::Status(Reason::wire_unsupported, "a unary call holds more than one message"));
    return;
  }
  if (whole > call.reader.buffered()) {
    ask_for(call, whole);
  } else {
    give_back(call);
  }
}

void GrpcServerSession::complete(Call& call) {
  if (call.reader.empty()) {
    fail(call, base::Status(Reason::wire_unsupported, "a unary call holds no message"));
    return;
  }
  if (!call.reader.ready()) {
    fail(call, base::Status(Reason::wire_truncated, "the request ends inside a message"));
    return;
  }
  if (call.reader.front_compressed()) return be_packed(call);
  model::Payload message;
  const base::Status taken = take(call, message);
  if (!taken.ok()) {
    fail(call, taken);
    return;
  }
  hand_over(call, std::move(message));
}

void GrpcServerSession::deliver(Call& call) {
  while (call.stream != nullptr && !call.paused && !call.in_packed) {
    if (call.inflation != nullptr) return be_packed(call);  // paused meanwhile
    // Whoever took the last message and did not pause has passed it on.
    if (std::exchange(call.message_out, false)) release(call);
    const base::Status checked = call.reader.check(options_.limits, options_.hits);
    if (!checked.ok()) {
      fail(call, checked);
      return;
    }
    if (!call.reader.ready()) {
      if (call.reader.buffered() > 0 && !call.ended && !call.waits_for_room && !call.awaited) {
        await(call, now_ns());
      }
      // A long message gets the room it needs, and the room is taken back once it is through.
      ask_for(call, call.reader.front_bytes());
      break;
    }
    if (call.reader.front_compressed()) return be_packed(call);
    model::Payload message;
    const base::Status taken = take(call, message);
    if (!taken.ok()) {
      fail(call, taken);
      return;
    }
    hand_over(call, std::move(message));
  }
  if (call.stream == nullptr || call.paused || call.in_packed || !call.ended || call.end_told) return;
  if (!call.reader.empty()) {
    fail(call, base::Status(Reason::wire_truncated, "the request ends inside a message"));
    return;
  }
  call.end_told = true;
  events_.on_message(call.id, false, model::Payload(), true);
}

void GrpcServerSession::give_back(Call& call) { http2_.consume(*call.stream, std::exchange(call.held, 0)); }

void GrpcServerSession::pause(CallId id) {
  Call* call = find(id);
  if (call == nullptr) return;
  call->paused = true;
  await_no_more(*call);
}

void GrpcServerSession::resume(CallId id) {
  Call* call = find(id);
  if (call == nullptr || !call->paused) return;
  call->paused = false;
  if (!call->in_ready) {
    call->in_ready = true;
    ready_.push_back(call);
  }
}

void GrpcServerSession::on_writable(Stream& stream) {
  if (const auto* call = static_cast<const Call*>(stream.context)) events_.on_writable(call->id);
}

void GrpcServerSession::on_closed(Stream& stream, const http2::Closed& closed) {
  auto* call = static_cast<Call*>(stream.context);
  if (call == nullptr) return;
  const CallId id = call->id;
  const bool announced = call->announced;
  if (closed.by_peer && time_was_up(*call)) http2_.excuse_reset();
  bury(*call);
  if (announced) events_.on_cancel(id, closed.by_peer ? Reason::call_cancelled : Reason::wire_malformed);
}

}  // namespace koine::codecs::calls::grpc
