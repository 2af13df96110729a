// Skipping protobuf fields.
#include "codecs/bodies/protobuf/primitives.h"

namespace koine::codecs::bodies::protobuf {
namespace {

const std::uint8_t* stop_at(Fault& fault, Fault why) noexcept {
  fault = why;
  return nullptr;
}

Fault varint_fault(const std::uint8_t* p, const std::uint8_t* end, std::size_t bytes_max) noexcept {
  for (std::size_t i = 0; i < bytes_max; ++i) {
    if (p + i == end) return Fault::truncated;
    if (p[i] < 0x80) return Fault::malformed;  // it ends, so something else is wrong with it
  }
  return Fault::malformed;
}

}  // namespace

const std::uint8_t* skip_value(const std::uint8_t* p, const std::uint8_t* end, std::uint32_t tag,
                               std::size_t levels, Fault& fault) noexcept {
  switch (tag & 7) {
    case wire_varint: {
      const Varint value = read_varint(p, end);
      return value.next == nullptr ? stop_at(fault, varint_fault(p, end, varint_bytes_max)) : value.next;
    }
    case wire_fixed64: return end - p < 8 ? stop_at(fault, Fault::truncated) : p + 8;
    case wire_fixed32: return end - p < 4 ? stop_at(fault, Fault::truncated) : p + 4;
    case wire_length: {
      const Varint length = read_varint(p, end);
      if (length.next == nullptr) return stop_at(fault, varint_fault(p, end, varint_bytes_max));
      if (length.value > static_cast<std::uint64_t>(end - length.next)) {
        return stop_at(fault, Fault::truncated);
      }
      return length.next + length.value;
    }
    case wire_group_start: {
      const std::uint8_t* content_end = nullptr;
      return skip_group(p, end, tag >> 3, levels, content_end, fault);
    }
    default: return stop_at(fault, Fault::malformed);
  }
}

const std::uint8_t* skip_group(const std::uint8_t* p, const std::uint8_t* end, std::uint32_t number,
                               std::size_t levels, const std::uint8_t*& content_end, Fault& fault) noexcept {
  if (levels == 0) return stop_at(fault, Fault::too_deep);
  while (true) {
    const Varint tag = read_tag(p, end);
    if (tag.next == nullptr) return stop_at(fault, varint_fault(p, end, 5));
    if ((tag.value & 7) == wire_group_end) {
      if (tag.value >> 3 != number) return stop_at(fault, Fault::malformed);
      content_end = p;
      return tag.next;
    }
    p = skip_value(tag.next, end, static_cast<std::uint32_t>(tag.value), levels - 1, fault);
    if (p == nullptr) return nullptr;
  }
}

bool walk_message(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels, Fault& fault) noexcept {
  if (levels == 0) {
    fault = Fault::too_deep;
    return false;
  }
  while (p != end) {
    const Varint tag = read_tag(p, end);
    if (tag.next == nullptr) {
      fault = varint_fault(p, end, 5);
      return false;
    }
    p = skip_value(tag.next, end, static_cast<std::uint32_t>(tag.value), levels - 1, fault);
    if (p == nullptr) return false;
  }
  return true;
}

}  // namespace koine::codecs::bodies::protobuf
