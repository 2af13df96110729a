// zlib: streams of compressed bytes (RFC 1950), in both directions, bounded.
//
// Two uses: a stream around a whole connection (TZlibTransport: every flush of a message is a flush of the
// stream, which ends with the connection), and THeader's transform (each message a stream of its own,
// complete). A stream belongs to one connection (one thread). Knows nothing of what the bytes mean. Sources:
// RFC 1950; apache/thrift lib/cpp/src/thrift/transport/TZlibTransport.cpp, lib/go/thrift/zlib_transport.go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/status.h"

struct z_stream_s;

namespace koine::codecs::transports::zlib {

// The first two bytes of a stream as every Thrift library writes it: deflate with a window of 32 KiB, a
// checksum of the two bytes (RFC 1950 §2.2), no dictionary.
constexpr bool begins_stream(std::uint8_t first, std::uint8_t second) {
  return first == 0x78 && (first * 256 + second) % 31 == 0 && (second & 0x20) == 0;
}

class Inflater {
 public:
  // limits.inflate_ratio_max holds for each message, over a sliding megabyte of its input;
  // limits.inflate_floor_bytes of a message are allowed always.
  // `hits`, which may be null, counts when they are met.
  explicit Inflater(const base::Limits& limits, base::LimitHits* hits = nullptr);
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater();

  // Takes bytes from the front of `in` and appends what they are to `out`, until `in` is spent or at least
  // `bytes_max` bytes were appended. WIRE_COMPRESSION: no zlib data, grows beyond the ratio, or bytes behind
  // the stream's end. LIMIT_MEMORY: no memory for the stream.
  [[nodiscard]] base::Status inflate(base::Buffer& in, base::Buffer& out, std::size_t bytes_max);
  // A message was read whole: what it grew by is not held against the next.
  void begin_message() { taken_ = given_ = 0; }
  // True when inflate() may append more although `in` is empty.
  bool pending() const { return pending_; }
  // The stream's own end was read.
  bool ended() const { return ended_; }

 private:
  struct End {
    void operator()(z_stream_s* stream) const;
  };

  std::unique_ptr<z_stream_s, End> stream_;
  const std::size_t ratio_max_;
  const std::size_t floor_bytes_;
  base::LimitHits* const hits_;
  std::uint64_t taken_ = 0;  // of the sliding window
  std::uint64_t given_ = 0;
  bool pending_ = false;
  bool ended_ = false;
};

class Deflater {
 public:
  Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater();

  // Appends all of `in` compressed and flushed: whoever has read `out` up to here can inflate all of `in`.
  [[nodiscard]] base::Status deflate(base::Buffer&& in, base::Buffer& out);
  // The same, and ends the stream: `out` is complete.
  [[nodiscard]] base::Status finish(base::Buffer&& in, base::Buffer& out);

 private:
  struct End {
    void operator()(z_stream_s* stream) const;
  };
  base::Status run(base::Buffer&& in, base::Buffer& out, int last_flush);

  std::unique_ptr<z_stream_s, End> stream_;
};

// One complete stream. WIRE_COMPRESSION as above, or when it ends too early; LIMIT_MESSAGE beyond
// limits.message_bytes_max. Both are found while inflating, not afterwards.
[[nodiscard]] base::Status inflate_whole(base::Buffer in, const base::Limits& limits, base::Buffer& out,
                                         base::LimitHits* hits = nullptr);
[[nodiscard]] base::Status deflate_whole(base::Buffer&& in, base::Buffer& out);

}  // namespace koine::codecs::transports::zlib
