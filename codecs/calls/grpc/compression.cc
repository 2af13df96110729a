// zlib, with the limits checked inside the loop.
#include "codecs/calls/grpc/compression.h"

#include <algorithm>
#include <string>

#include <zlib.h>

namespace koine::codecs::calls::grpc {
namespace {

// 15 = the largest window; + 16 = the gzip wrapper (zlib.h, inflateInit2).
int window_bits(model::Compression compression) { return compression == model::Compression::gzip ? 31 : 15; }

constexpr std::size_t step_bytes = 16384;

// Ends the stream whichever way its function returns.
class Inflater {
 public:
  explicit Inflater(int bits) : ok_(inflateInit2(&stream_, bits) == Z_OK) {}
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ok_) inflateEnd(&stream_);
  }
  bool ok() const { return ok_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ok_;
};

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

base::Status decompress(model::Compression compression, const base::Buffer& in, const base::Limits& limits,
                        base::LimitHits* hits, base::Buffer& out) {
  if (compression == model::Compression::identity) {
    out.append(base::Buffer(in));
    return {};
  }
  Inflater inflater(window_bits(compression));
  if (!inflater.ok()) return base::Status(base::Reason::limit_memory, "no memory to decompress a message");
  z_stream& stream = inflater.stream();
  const std::size_t by_ratio = std::max(limits.inflate_floor_bytes, in.size() * limits.inflate_ratio_max);
  std::size_t produced = 0;
  bool ended = false;
  for (const base::Slice& slice : in.slices()) {
    // zlib only reads through this pointer.
    stream.next_in = const_cast<Bytef*>(slice.data());
    stream.avail_in = static_cast<uInt>(slice.size());
    while (stream.avail_in > 0 || stream.avail_out == 0) {
      if (ended) return broken(compression, "bytes follow its end");
      const std::span<std::uint8_t> room = out.prepare(step_bytes);
      stream.next_out = room.data();
      stream.avail_out = static_cast<uInt>(step_bytes);
      const int result = inflate(&stream, Z_NO_FLUSH);
      const std::size_t count = step_bytes - stream.avail_out;
      out.commit(count);
      produced += count;
      if (produced > limits.message_bytes_max) {
        base::count_hit(hits, base::Limit::message_bytes_max);
        return base::Status(base::Reason::limit_message, "the message has more than " +
                                                             std::to_string(limits.message_bytes_max) +
                                                             " bytes after decompression");
      }
      if (produced > by_ratio) {
        base::count_hit(hits, by_ratio == limits.inflate_floor_bytes ? base::Limit::inflate_floor_bytes
                                                                     : base::Limit::inflate_ratio_max);
        return base::Status(base::Reason::wire_compression, "the message grows more than " +
                                                                std::to_string(limits.inflate_ratio_max) +
                                                                " times when decompressed");
      }
      if (result == Z_STREAM_END) {
        ended = true;
        if (stream.avail_in == 0) break;
      } else if (result == Z_BUF_ERROR) {
        break;  // wants more input: the next slice
      } else if (result != Z_OK) {
        return broken(compression, stream.msg != nullptr ? stream.msg : "corrupt");
      }
    }
  }
  return ended ? base::Status() : broken(compression, "it ends too early");
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
    const std::span<std::uint8_t> room = out.prepare(step_bytes);
    stream.next_out = room.data();
    stream.avail_out = static_cast<uInt>(step_bytes);
    result = deflate(&stream, Z_FINISH);
    out.commit(step_bytes - stream.avail_out);
  }
  deflateEnd(&stream);
  if (result == Z_STREAM_END) return {};
  return base::Status(base::Reason::internal, "zlib did not finish a message");
}

}  // namespace koine::codecs::calls::grpc
