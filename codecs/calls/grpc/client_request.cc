// gRPC towards providers: a call's headers.
#include <algorithm>

#include "codecs/calls/grpc/client_session.h"
#include "codecs/calls/grpc/compression.h"
#include "codecs/calls/grpc/header_rules.h"
#include "codecs/calls/grpc/text_coding.h"

namespace koine::codecs::calls::grpc {
namespace {

namespace http2 = transports::http2;
using base::Reason;

constexpr std::string_view own_user_agent = "grpc-koine";
constexpr std::string_view default_authority = "localhost";  // what gRPC libraries say on Unix sockets

}  // namespace

base::Status GrpcClientSession::write_request(const model::CallHead& head) {
  fields_.clear();
  fields_.add(":method", "POST");
  fields_.add(":scheme", "http");
  std::string path;
  std::string_view service = variant_.path_service(head.service);
  path.reserve(service.size() + head.method.size() + 2);
  path.append("/").append(service).append("/").append(head.method);
  std::string_view method;
  if (!parse_path(path, service, method)) {
    return base::Status(
        Reason::call_no_form,
        "the service and method names have no gRPC path: they must be made of [A-Za-z0-9_.$]");
  }
  fields_.add(":path", path);
  // Never without: nghttp2's servers refuse a request that names no host.
  fields_.add(":authority",
              options_.authority.empty() ? default_authority : std::string_view(options_.authority));
  if (head.timeout_ns != base::never_ns) fields_.add("grpc-timeout", format_timeout(head.timeout_ns));
  fields_.add("te", "trailers");
  std::string_view content_type = content_type_of(head.body_format);
  model::BodyFormat stated = model::BodyFormat::none;
  if (head.body_format == model::BodyFormat::opaque &&
      parse_content_type(head.metadata.get("content-type"), stated)) {
    content_type = head.metadata.get("content-type");
  }
  fields_.add("content-type", content_type);
  variant_.write_request(head, fields_);
  fields_.add("grpc-accept-encoding", accepted_encodings);
  if (!head.metadata.has("user-agent")) fields_.add("user-agent", own_user_agent);
  if (!head.trace.parent.empty() && model::Metadata::legal_text(head.trace.parent)) {
    fields_.add("traceparent", head.trace.parent);
    if (!head.trace.state.empty() && model::Metadata::legal_text(head.trace.state)) {
      fields_.add("tracestate", head.trace.state);
    }
  }
  write_metadata(head.metadata, fields_, variant_);
  const std::size_t most =
      std::min(http2_.peer_header_list_max(), http2::headers_sent_factor * options_.limits.headers_bytes_max);
  if (fields_.list_bytes() <= most) return {};
  return base::Status(Reason::limit_headers,
                      "the call's metadata of " + std::to_string(fields_.list_bytes()) +
                          " bytes is more than the " + std::to_string(most) + " that the provider takes");
}

}  // namespace koine::codecs::calls::grpc
