// Message compression: gzip (RFC 1952) and deflate (the zlib format, RFC 1950, as HTTP means it).
//
// Compression never crosses messages (grpc/grpc: doc/compression.md), so each call here is complete in
// itself. Stateless, any thread.
#pragma once

#include <string_view>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/status.h"
#include "model/call.h"

namespace koine::codecs::calls::grpc {

// What we accept, as grpc-accept-encoding says it.
inline constexpr std::string_view accepted_encodings = "identity,deflate,gzip";

// False for a name we do not know. The empty name is identity.
[[nodiscard]] bool parse_encoding(std::string_view name, model::Compression& out);

// Appends the plain bytes to `out`. limit_message when they are more than message_bytes_max,
// wire_compression when they are more than inflate_ratio_max times the input (beyond inflate_floor_bytes) or
// the input is no complete stream of that format. Stops within 64 KiB of either limit, and counts it in
// `hits` (may be null).
[[nodiscard]] base::Status decompress(model::Compression compression, const base::Buffer& in,
                                      const base::Limits& limits, base::LimitHits* hits, base::Buffer& out);
// Appends the compressed bytes to `out`; for tests and for peers that insist.
[[nodiscard]] base::Status compress(model::Compression compression, const base::Buffer& in,
                                    base::Buffer& out);

}  // namespace koine::codecs::calls::grpc
