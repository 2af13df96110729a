// gRPC towards callers: answers.
#include <utility>

#include "codecs/calls/grpc/compression.h"
#include "codecs/calls/grpc/header_rules.h"
#include "codecs/calls/grpc/server_session.h"
#include "codecs/calls/grpc/status_mapping.h"

namespace koine::codecs::calls::grpc {
namespace {

using base::Reason;
using model::Code;
using model::Origin;
using model::Outcome;
using model::Phase;

// What a framing failure is called: gRPC libraries never say INVALID_ARGUMENT for it (doc/statuscodes.md).
Code code_of(Reason reason) {
  switch (reason) {
    case Reason::limit_message:
    case Reason::limit_idle:
    case Reason::limit_memory: return Code::resource_exhausted;
    case Reason::wire_unsupported: return Code::unimplemented;
    default: return Code::internal;
  }
}

}  // namespace

void GrpcServerSession::begin_answer(const Call& call, std::string_view http_status) {
  fields_.clear();
  fields_.add(":status", http_status);
  fields_.add("content-type",
              call.content_type.empty() ? content_type_of(call.format) : std::string_view(call.content_type));
  fields_.add("grpc-accept-encoding", accepted_encodings);
}

void GrpcServerSession::refuse(Call& call, const Outcome& outcome, std::string_view http_status) {
  begin_answer(call, http_status);
  write_status(outcome, http2_.peer_header_list_max(), fields_, *call.variant);
  Stream& stream = *call.stream;
  bury(call);
  http2_.respond(stream, fields_, true);
  events_.on_refused(call.head, 0, outcome);
}

void GrpcServerSession::fail(Call& call, const base::Status& why) {
  const Outcome outcome = own_outcome(code_of(why.reason()), Origin::gateway, Phase::not_sent, why.reason(),
                                      std::string(why.message()));
  const CallId id = call.id;
  const bool announced = call.announced;
  const std::size_t bytes = call.reader.buffered();
  write_end(call, outcome);
  if (announced) {
    events_.on_cancel(id, why.reason());
  } else {
    events_.on_refused(call.head, bytes, outcome);
  }
}

void GrpcServerSession::write_head(Call& call, const model::Metadata& metadata,
                                   const model::Metadata& fields) {
  if (call.head_sent) return;
  call.head_sent = true;
  begin_answer(call, "200");
  for (std::size_t i = 0; i < fields.size(); ++i) fields_.add(fields[i].name, fields[i].value);
  write_metadata(metadata, fields_, *call.variant);
  http2_.respond(*call.stream, fields_, false);
}

bool GrpcServerSession::write_message(Call& call, model::Payload&& message) {
  base::Buffer bytes = std::move(message.bytes);
  if (message.compression != model::Compression::identity) {
    // Nothing leaves compressed; no reader of ours yields such a payload.
    base::Buffer plain(options_.pool);
    const base::Status status = decompress(message.compression, bytes, options_.limits, options_.hits, plain);
    if (!status.ok()) {
      fail(call, status);
      return true;
    }
    bytes = std::move(plain);
  }
  std::uint8_t prefix[message_prefix_bytes];
  write_message_prefix(prefix, bytes.size());
  http2_.send(*call.stream, base::Bytes(prefix));
  return http2_.send(*call.stream, std::move(bytes));
}

// Trailers, or everything in one HEADERS frame when nothing was sent yet. Finishes the call.
void GrpcServerSession::write_end(Call& call, const Outcome& outcome) {
  Stream& stream = *call.stream;
  const bool head_sent = call.head_sent;
  if (head_sent) {
    fields_.clear();
  } else {
    begin_answer(call, "200");
  }
  write_status(outcome, http2_.peer_header_list_max(), fields_, *call.variant);
  bury(call);
  if (head_sent) {
    http2_.end(stream, &fields_);
  } else {
    http2_.respond(stream, fields_, true);
  }
}

void GrpcServerSession::reply(CallId id, model::Reply&& reply) {
  Call* call = find(id);
  if (call == nullptr) return;
  // A failed unary call has no message on this wire, except when its provider spoke gRPC and sent one.
  model::Metadata fields;
  const bool thrown = call->variant->write_reply(call->mark, reply, fields);
  const bool with_message =
      thrown || (reply.has_message && (reply.outcome.ok() || reply.outcome.native_protocol == native_grpc));
  // Headers of their own only where there is something to say: else the error stays one frame, which keeps
  // the caller's retries legal (gRFC A6).
  if (with_message || !reply.head.metadata.empty()) write_head(*call, reply.head.metadata, fields);
  if (with_message) {
    write_message(*call, std::move(reply.message));
    if (call->stream == nullptr) return;
  }
  if (thrown) {
    Outcome told;
    told.trailers = std::move(reply.outcome.trailers);
    return write_end(*call, told);
  }
  write_end(*call, reply.outcome);
}

void GrpcServerSession::no_reply(CallId id) {
  // gRPC has no oneway call; its caller waits for a status.
  finish(id, Outcome());
}

void GrpcServerSession::send_head(CallId id, model::ReplyHead&& head) {
  if (Call* call = find(id)) write_head(*call, head.metadata);
}

bool GrpcServerSession::send_message(CallId id, model::Payload&& message) {
  Call* call = find(id);
  if (call == nullptr) return true;
  write_head(*call, {});
  return write_message(*call, std::move(message));
}

void GrpcServerSession::finish(CallId id, Outcome&& outcome) {
  if (Call* call = find(id)) write_end(*call, outcome);
}

}  // namespace koine::codecs::calls::grpc
