// zlib's inflate and deflate, with the limits checked inside the loops.
#include "codecs/transports/zlib/stream.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include <zlib.h>

#include "base/result.h"

namespace koine::codecs::transports::zlib {
namespace {

using base::Reason;
using base::Status;

constexpr int window_bits = 15;  // the largest window, with zlib's own wrapper
// A stream lives as long as its connection: less memory (about 100 KiB) for a little less compression.
constexpr int level = 1;
constexpr int memory_level = 6;
constexpr std::size_t step_bytes = 16384;
// Room that is used before a new slab is taken: a slab for each step would be one for each few bytes that
// come, or are flushed, and what waits in a buffer would hold thousands of times its size.
constexpr std::size_t room_bytes_min = 256;
constexpr std::uint64_t window_bytes = 1u << 20;  // of input over which the ratio is looked at

Status broken(const z_stream_s& stream) {
  return Status(
      Reason::wire_compression,
      "not a zlib stream: " + std::string(stream.msg != nullptr ? stream.msg : "the data is corrupt"));
}

std::span<std::uint8_t> step_room(base::Buffer& out) {
  const std::span<std::uint8_t> room = out.prepare(room_bytes_min);
  return room.first(std::min(room.size(), step_bytes));
}

Status no_memory() { return Status(Reason::limit_memory, "no memory for a zlib stream"); }

}  // namespace

void Inflater::End::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  delete stream;
}

void Deflater::End::operator()(z_stream_s* stream) const {
  deflateEnd(stream);
  delete stream;
}

Inflater::Inflater(const base::Limits& limits, base::LimitHits* hits)
    : ratio_max_(limits.inflate_ratio_max), floor_bytes_(limits.inflate_floor_bytes), hits_(hits) {
  auto stream = std::make_unique<z_stream_s>();
  if (inflateInit2(stream.get(), window_bits) == Z_OK) stream_.reset(stream.release());
}

Inflater::~Inflater() = default;

Status Inflater::inflate(base::Buffer& in, base::Buffer& out, std::size_t bytes_max) {
  if (stream_ == nullptr) return no_memory();
  std::size_t appended = 0;
  while (appended < bytes_max && (!in.empty() || pending_)) {
    if (ended_) return Status(Reason::wire_compression, "bytes follow the end of the zlib stream");
    const base::Bytes piece = in.front();
    const std::span<std::uint8_t> room = step_room(out);
    // zlib only reads through this pointer.
    stream_->next_in = const_cast<Bytef*>(piece.data());
    stream_->avail_in = static_cast<uInt>(piece.size());
    stream_->next_out = room.data();
    stream_->avail_out = static_cast<uInt>(room.size());
    const int result = ::inflate(stream_.get(), Z_NO_FLUSH);
    const std::size_t taken = piece.size() - stream_->avail_in;
    const std::size_t given = room.size() - stream_->avail_out;
    pending_ = stream_->avail_out == 0;
    stream_->next_in = nullptr;
    stream_->avail_in = 0;
    out.commit(given);
    in.consume(taken);
    appended += given;
    taken_ += taken;
    given_ += given;
    if (given_ > std::max<std::uint64_t>(floor_bytes_, taken_ * ratio_max_)) {
      base::count_hit(hits_, base::Limit::inflate_ratio_max);
      return Status(Reason::wire_compression, "compressed data grows more than " +
                                                  std::to_string(ratio_max_) + " times (inflate_ratio_max)");
    }
    if (taken_ > window_bytes) {
      taken_ /= 2;
      given_ /= 2;
    }
    if (result == Z_STREAM_END) {
      ended_ = true;
      pending_ = false;
    } else if (result == Z_MEM_ERROR) {
      return no_memory();
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      return broken(*stream_);
    } else if (taken == 0 && given == 0) {
      pending_ = false;  // nothing was left after all
      if (!in.empty()) return broken(*stream_);
    }
  }
  return {};
}

Deflater::Deflater() {
  auto stream = std::make_unique<z_stream_s>();
  if (deflateInit2(stream.get(), level, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY) == Z_OK) {
    stream_.reset(stream.release());
  }
}

Deflater::~Deflater() = default;

Status Deflater::deflate(base::Buffer&& in, base::Buffer& out) {
  return run(std::move(in), out, Z_SYNC_FLUSH);
}

Status Deflater::finish(base::Buffer&& in, base::Buffer& out) { return run(std::move(in), out, Z_FINISH); }

Status Deflater::run(base::Buffer&& in, base::Buffer& out, int last_flush) {
  if (stream_ == nullptr) return no_memory();
  bool last = false;
  while (!last) {
    const base::Bytes piece = in.front();
    last = piece.size() == in.size();
    stream_->next_in = const_cast<Bytef*>(piece.data());
    stream_->avail_in = static_cast<uInt>(piece.size());
    do {
      const std::span<std::uint8_t> room = step_room(out);
      stream_->next_out = room.data();
      stream_->avail_out = static_cast<uInt>(room.size());
      if (::deflate(stream_.get(), last ? last_flush : Z_NO_FLUSH) == Z_STREAM_ERROR) return no_memory();
      out.commit(room.size() - stream_->avail_out);
    } while (stream_->avail_out == 0);
    in.consume(piece.size());
  }
  stream_->next_in = nullptr;
  return {};
}

Status inflate_whole(base::Buffer in, const base::Limits& limits, base::Buffer& out, base::LimitHits* hits) {
  Inflater inflater(limits, hits);
  const std::size_t before = out.size();
  KOINE_RETURN_IF_ERROR(inflater.inflate(in, out, limits.message_bytes_max + 1));
  if (out.size() - before > limits.message_bytes_max) {
    base::count_hit(hits, base::Limit::message_bytes_max);
    return Status(Reason::limit_message, "the message has more than " +
                                             std::to_string(limits.message_bytes_max) +
                                             " bytes after decompression (message_bytes_max)");
  }
  if (!inflater.ended()) return Status(Reason::wire_compression, "the compressed data ends too early");
  if (!in.empty()) return Status(Reason::wire_compression, "bytes follow the end of the zlib stream");
  return {};
}

Status deflate_whole(base::Buffer&& in, base::Buffer& out) {
  Deflater deflater;
  return deflater.finish(std::move(in), out);
}

}  // namespace koine::codecs::transports::zlib
