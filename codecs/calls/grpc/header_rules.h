// Which header is what: the one table of names that are not plain metadata, and the ways between an HTTP/2
// header list and model::Metadata.
//
// Sources: grpc/grpc doc/PROTOCOL-HTTP2.md (reserved names), RFC 9113 §8.2.2 (connection-specific fields),
// W3C Trace Context (traceparent, tracestate). Stateless, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "model/call.h"
#include "model/metadata.h"

namespace koine::codecs::calls::grpc {

enum class HeaderUse : std::uint8_t {
  metadata,  // travels end to end
  protocol,  // this protocol's own: read where it has a meaning, written anew on the next hop, never copied
  hop,       // belongs to one connection: never copied
  trace,     // CallHead::trace
  reserved,  // "grpc-" names that mean nothing here: never copied
};
HeaderUse header_use(std::string_view name);  // gRPC's own; variants have others

class Variant;
const Variant& plain_grpc();

// Appends every field of `fields` that is metadata to `out`: "-bin" values decoded (comma-joined ones become
// entries of their own), names that gRPC does not allow and values that are no text left out. `trace` may be
// null. wire_malformed when a "-bin" value is no base64.
[[nodiscard]] base::Status read_metadata(const model::Metadata& fields, model::Metadata& out,
                                         model::TraceContext* trace, const Variant& variant = plain_grpc());
// The reverse: appends what may travel.
void write_metadata(const model::Metadata& metadata, model::Metadata& fields,
                    const Variant& variant = plain_grpc());

// "application/grpc", "application/grpc+json; charset=utf-8", …: false when it is not gRPC's.
[[nodiscard]] bool parse_content_type(std::string_view value, model::BodyFormat& out);
// What we write for a format; opaque and none are "application/grpc".
std::string_view content_type_of(model::BodyFormat format);

// "/pkg.Service/Method": false unless both parts are there and made of [A-Za-z0-9_.$] (the service may hold
// further '/', as some peers prefix paths).
[[nodiscard]] bool parse_path(std::string_view path, std::string_view& service, std::string_view& method);

}  // namespace koine::codecs::calls::grpc
