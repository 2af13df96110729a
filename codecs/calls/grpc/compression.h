// Message compression: gzip (RFC 1952) and deflate (the zlib format, RFC 1950, as HTTP means it).
//
// Compression never crosses messages (grpc/grpc: doc/compression.md), so each call here is complete in
// itself. Stateless but for Inflation, any thread.
#pragma once

#include <cstddef>
#include <memory>
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
// decompress(), some of it at a time: a message of 8 MiB takes as long as thousands of calls.
class Inflation {
 public:
  // Into memory of `pool` (may be null).
  Inflation(model::Compression compression, base::Buffer&& in, base::SlabPool* pool);
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;
  ~Inflation();

  // Writes about `bytes` more; decompress()'s errors.
  [[nodiscard]] base::Status advance(std::size_t bytes, const base::Limits& limits, base::LimitHits* hits);
  // advance() was OK and has come to the end.
  bool done() const { return done_; }
  std::size_t produced() const { return produced_; }
  base::Buffer take() { return std::move(out_); }

 private:
  struct Stream;  // zlib's
  base::Status step(const base::Limits& limits, base::LimitHits* hits);

  const model::Compression compression_;
  base::Buffer in_;
  base::Buffer out_;
  std::unique_ptr<Stream> stream_;
  std::size_t slice_ = 0;  // of in_, the next to be given to zlib
  std::size_t produced_ = 0;
  bool ended_ = false;  // zlib's stream
  bool done_ = false;
};

// Appends the compressed bytes to `out`; for tests and for peers that insist.
[[nodiscard]] base::Status compress(model::Compression compression, const base::Buffer& in,
                                    base::Buffer& out);

}  // namespace koine::codecs::calls::grpc
