// Messages out of DATA bytes: gRPC's length-prefixed framing, which has no relation to DATA frame borders
// (grpc/grpc: doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message). One stream, one direction, one thread.
//
//   1 byte   0 plain, 1 compressed by the stream's grpc-encoding
//   4 bytes  length, big endian
//   …        the message
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/status.h"
#include "model/call.h"

namespace koine::codecs::calls::grpc {

inline constexpr std::size_t message_prefix_bytes = 5;

class MessageReader {
 public:
  // For a new stream: what its headers said. Forgets what was there.
  void start(base::SlabPool* pool, model::BodyFormat format, model::Compression encoding);
  void clear();

  void append(base::Slice&& bytes) { bytes_.append(std::move(bytes)); }
  bool empty() const noexcept { return bytes_.empty(); }
  std::size_t buffered() const noexcept { return bytes_.size(); }
  // The whole length of the message at the front, prefix included; 0 while its prefix is not there.
  std::size_t front_bytes() const noexcept;
  // True when the message at the front is complete.
  bool ready() const noexcept { return front_bytes() != 0 && bytes_.size() >= front_bytes(); }

  // `hits`, here and below: where limits that were met are counted; may be null.
  // Checks the prefix at the front as soon as it is there: limit_message, wire_malformed (a flag that is
  // neither 0 nor 1, or 1 without grpc-encoding).
  [[nodiscard]] base::Status check(const base::Limits& limits, base::LimitHits* hits) const;
  // The message at the front is compressed; only when ready() and check() was OK.
  bool front_compressed() const noexcept;
  // It, still compressed, and to be decompressed with this.
  base::Buffer take_compressed();
  model::Compression encoding() const noexcept { return encoding_; }
  model::BodyFormat format() const noexcept { return format_; }
  base::SlabPool* pool() const noexcept { return bytes_.pool(); }
  // Takes the message at the front, decompressed; only when ready() and check() was OK.
  [[nodiscard]] base::Status take(const base::Limits& limits, base::LimitHits* hits, model::Payload& out);

 private:
  base::Buffer bytes_;
  model::BodyFormat format_ = model::BodyFormat::none;
  model::Compression encoding_ = model::Compression::identity;
};

// The prefix of a plain message of `size` bytes.
inline void write_message_prefix(std::uint8_t (&out)[message_prefix_bytes], std::size_t size) {
  out[0] = 0;
  out[1] = static_cast<std::uint8_t>(size >> 24);
  out[2] = static_cast<std::uint8_t>(size >> 16);
  out[3] = static_cast<std::uint8_t>(size >> 8);
  out[4] = static_cast<std::uint8_t>(size);
}

}  // namespace koine::codecs::calls::grpc
