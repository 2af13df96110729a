// gRPC's length-prefixed messages.
#include "codecs/calls/grpc/message_reader.h"

#include <array>
#include <string>
#include <utility>

#include "codecs/calls/grpc/compression.h"

namespace koine::codecs::calls::grpc {
namespace {

struct Prefix {
  std::uint8_t flag;
  std::uint32_t size;
};

Prefix prefix_of(const base::Buffer& bytes) {
  std::array<std::uint8_t, message_prefix_bytes> raw{};
  bytes.copy_to(raw);
  return {raw[0], static_cast<std::uint32_t>(raw[1]) << 24 | static_cast<std::uint32_t>(raw[2]) << 16 |
                      static_cast<std::uint32_t>(raw[3]) << 8 | raw[4]};
}

}  // namespace

void MessageReader::start(base::SlabPool* pool, model::BodyFormat format, model::Compression encoding) {
  bytes_ = base::Buffer(pool);
  format_ = format;
  encoding_ = encoding;
}

void MessageReader::clear() { bytes_.clear(); }

std::size_t MessageReader::front_bytes() const noexcept {
  if (bytes_.size() < message_prefix_bytes) return 0;
  return message_prefix_bytes + prefix_of(bytes_).size;
}

base::Status MessageReader::check(const base::Limits& limits, base::LimitHits* hits) const {
  if (bytes_.size() < message_prefix_bytes) return {};
  const Prefix prefix = prefix_of(bytes_);
  if (prefix.flag > 1) {
    return base::Status(
        base::Reason::wire_malformed,
        "a gRPC message begins with flag " + std::to_string(prefix.flag) + "; only 0 and 1 are defined");
  }
  if (prefix.flag == 1 && encoding_ == model::Compression::identity) {
    return base::Status(base::Reason::wire_compression,
                        "a gRPC message is flagged compressed, but grpc-encoding names no compression");
  }
  if (prefix.size > limits.message_bytes_max) {
    base::count_hit(hits, base::Limit::message_bytes_max);
    return base::Status(base::Reason::limit_message, "a gRPC message of " + std::to_string(prefix.size) +
                                                         " bytes is larger than the limit of " +
                                                         std::to_string(limits.message_bytes_max));
  }
  return {};
}

bool MessageReader::front_compressed() const noexcept {
  return encoding_ != model::Compression::identity && prefix_of(bytes_).flag == 1;
}

base::Buffer MessageReader::take_compressed() {
  const Prefix prefix = prefix_of(bytes_);
  bytes_.consume(message_prefix_bytes);
  return bytes_.take_front(prefix.size);
}

base::Status MessageReader::take(const base::Limits& limits, base::LimitHits* hits, model::Payload& out) {
  const Prefix prefix = prefix_of(bytes_);
  bytes_.consume(message_prefix_bytes);
  out.format = format_;
  out.compression = model::Compression::identity;
  if (prefix.flag == 0) {
    // The usual case, a whole message and nothing behind it, hands over the container too.
    if (prefix.size == bytes_.size()) {
      base::SlabPool* pool = bytes_.pool();
      out.bytes = std::exchange(bytes_, base::Buffer(pool));
    } else {
      out.bytes = bytes_.take_front(prefix.size);
    }
    return {};
  }
  out.bytes = base::Buffer(bytes_.pool());
  return decompress(encoding_, bytes_.take_front(prefix.size), limits, hits, out.bytes);
}

}  // namespace koine::codecs::calls::grpc
