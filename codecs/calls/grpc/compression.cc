// zlib, with the limits checked inside the loop.
#include "codecs/calls/grpc/compression.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include <zlib.h>

namespace koine::codecs::calls::grpc {
namespace {

// 15 = the largest window; + 16 = the gzip wrapper (zlib.h, inflateInit2).
int window_bits(model::Compression compression) { return compression == model::Compression::gzip ? 31 : 15; }

constexpr std::size_t step_bytes = 16384;
// Room that is used before a new slab is taken: a slab for each step would be one for each slice of the
// input, and a message that came in small ones would hold many times its size.
constexpr std::size_t room_bytes_min = 256;

std::span<std::uint8_t> step_room(base::Buffer& out) {
  const std::span<std::uint8_t> room = out.prepare(room_bytes_min);
  return room.first(std::min(room.size(), step_bytes));
}

base::Status broken(model::Compression compression, std::string_view what) {
  return base::Status(base::Reason::wire_compression, "the message is no complete " +
                                                          std::string(model::to_string(compression)) +
                                                          " data: " + std::string(what));
}

}  // namespace

bool parse_encoding(std::string_view name, model::Compression& out) {
  if (name.empty() || name == "identity") {
    out = model::Compression::identity;
  } else if (name == "gzip") {
    out = model::Compression::gzip;
  } else if (name == "deflate") {
    out = model::Compression::deflate;
  } else {
    return false;
  }
  return true;
}

// Ends with its owner, whichever way that goes.
struct Inflation::Stream {
  explicit Stream(int bits) : ok(inflateInit2(&z, bits) == Z_OK) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    if (ok) inflateEnd(&z);
  }
  z_stream z{};
  const bool ok;
};

Inflation::Inflation(model::Compression compression, base::Buffer&& in, base::SlabPool* pool)
    : compression_(compression),
      in_(std::move(in)),
      out_(pool),
      stream_(std::make_unique<Stream>(window_bits(compression))) {}

Inflation::~Inflation() = default;

base::Status Inflation::advance(std::size_t bytes, const base::Limits& limits, base::LimitHits* hits) {
  if (!stream_->ok) return base::Status(base::Reason::limit_memory, "no memory to decompress a message");
  const std::size_t enough = produced_ + std::min(bytes, SIZE_MAX - produced_);
  z_stream& z = stream_->z;
  const auto slices = in_.slices();
  while (produced_ < enough) {
    if (z.avail_in > 0 || z.avail_out == 0) {
      // Before the first slice zlib has neither input nor room.
      if (slice_ > 0) {
        if (base::Status status = step(limits, hits); !status.ok()) return status;
        continue;
      }
    }
    if (slice_ == slices.size()) {
      done_ = ended_;
      return ended_ ? base::Status() : broken(compression_, "it ends too early");
    }
    // zlib only reads through this pointer.
    z.next_in = const_cast<Bytef*>(slices[slice_].data());
    z.avail_in = static_cast<uInt>(slices[slice_].size());
    ++slice_;
  }
  return {};
}

// Some input, or room for what zlib still holds.
base::Status Inflation::step(const base::Limits& limits, base::LimitHits* hits) {
  if (ended_) return broken(compression_, "bytes follow its end");
  z_stream& z = stream_->z;
  const std::span<std::uint8_t> room = step_room(out_);
  z.next_out = room.data();
  z.avail_out = static_cast<uInt>(room.size());
  const int result = inflate(&z, Z_NO_FLUSH);
  const std::size_t count = room.size() - z.avail_out;
  out_.commit(count);
  produced_ += count;
  if (produced_ > limits.message_bytes_max) {
    base::count_hit(hits, base::Limit::message_bytes_max);
    return base::Status(base::Reason::limit_message, "the message has more than " +
                                                         std::to_string(limits.message_bytes_max) +
                                                         " bytes after decompression");
  }
  const std::size_t by_ratio = std::max(limits.inflate_floor_bytes, in_.size() * limits.inflate_ratio_max);
  if (produced_ > by_ratio) {
    base::count_hit(hits, by_ratio == limits.inflate_floor_bytes ? base::Limit::inflate_floor_bytes
                                                                 : base::Limit::inflate_ratio_max);
    return base::Status(base::Reason::wire_compression, "the message grows more than " +
                                                            std::to_string(limits.inflate_ratio_max) +
                                                            " times when decompressed");
  }
  if (result == Z_STREAM_END) {
    ended_ = true;
    if (z.avail_in == 0) z.avail_out = 1;  // all that there is has been written
    return {};
  }
  if (result == Z_BUF_ERROR) {
    z.avail_out = 1;  // wants more input: the next slice
    return {};
  }
  if (result != Z_OK) return broken(compression_, z.msg != nullptr ? z.msg : "corrupt");
  return {};
}

base::Status decompress(model::Compression compression, const base::Buffer& in, const base::Limits& limits,
                        base::LimitHits* hits, base::Buffer& out) {
  if (compression == model::Compression::identity) {
    out.append(base::Buffer(in));
    return {};
  }
  Inflation inflation(compression, base::Buffer(in), out.pool());
  base::Status status = inflation.advance(SIZE_MAX, limits, hits);
  out.append(inflation.take());
  return status;
}

base::Status compress(model::Compression compression, const base::Buffer& in, base::Buffer& out) {
  if (compression == model::Compression::identity) {
    out.append(base::Buffer(in));
    return {};
  }
  z_stream stream{};
  constexpr int memory_level = 8;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits(compression), memory_level,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return base::Status(base::Reason::limit_memory, "no memory to compress a message");
  }
  const base::Slice whole = in.linearize();
  stream.next_in = const_cast<Bytef*>(whole.data());
  stream.avail_in = static_cast<uInt>(whole.size());
  int result = Z_OK;
  while (result == Z_OK) {
    const std::span<std::uint8_t> room = step_room(out);
    stream.next_out = room.data();
    stream.avail_out = static_cast<uInt>(room.size());
    result = deflate(&stream, Z_FINISH);
    out.commit(room.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  if (result == Z_STREAM_END) return {};
  return base::Status(base::Reason::internal, "zlib did not finish a message");
}

}  // namespace koine::codecs::calls::grpc
