// Skipping values of Thrift's binary protocol.
#include "codecs/bodies/thrift_binary/primitives.h"

namespace koine::codecs::bodies::thrift_binary {
namespace {

const std::uint8_t* stop_at(Fault& fault, Fault why) noexcept {
  fault = why;
  return nullptr;
}

const std::uint8_t* skip_struct(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels,
                                Fault& fault) noexcept {
  while (true) {
    if (p == end) return stop_at(fault, Fault::truncated);
    const std::uint8_t type = *p++;
    if (type == type_stop) return p;
    if (end - p < 2) return stop_at(fault, Fault::truncated);
    p = skip_value(p + 2, end, type, levels, fault);
    if (p == nullptr) return nullptr;
  }
}

// `count` elements, or key and value pairs in turns, whose smallest form is known to fit.
const std::uint8_t* skip_elements(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t first,
                                  std::uint8_t second, std::uint64_t count, std::size_t levels,
                                  Fault& fault) noexcept {
  const std::size_t bytes = element_bytes_min(first) + (second != type_stop ? element_bytes_min(second) : 0);
  if (element_bytes_min(first) == 0 || (second != type_stop && element_bytes_min(second) == 0)) {
    return stop_at(fault, Fault::malformed);
  }
  if (count > static_cast<std::uint64_t>(end - p) / bytes) return stop_at(fault, Fault::truncated);
  for (; count > 0; --count) {
    p = skip_value(p, end, first, levels, fault);
    if (p == nullptr) return nullptr;
    if (second == type_stop) continue;
    p = skip_value(p, end, second, levels, fault);
    if (p == nullptr) return nullptr;
  }
  return p;
}

}  // namespace

const std::uint8_t* skip_value(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t type,
                               std::size_t levels, Fault& fault) noexcept {
  const auto left = static_cast<std::size_t>(end - p);
  switch (type) {
    case type_bool:
    case type_i8:
    case type_i16:
    case type_i32:
    case type_i64:
    case type_double:
    case type_uuid: {
      const std::size_t bytes = element_bytes_min(type);
      return left < bytes ? stop_at(fault, Fault::truncated) : p + bytes;
    }
    case type_string: {
      if (left < 4) return stop_at(fault, Fault::truncated);
      const std::uint32_t length = load_be32(p);
      if (length > 0x7fffffff) return stop_at(fault, Fault::malformed);
      return length > left - 4 ? stop_at(fault, Fault::truncated) : p + 4 + length;
    }
    case type_struct:
      return levels == 0 ? stop_at(fault, Fault::too_deep) : skip_struct(p, end, levels - 1, fault);
    case type_list:
    case type_set: {
      if (levels == 0) return stop_at(fault, Fault::too_deep);
      if (left < list_head_bytes) return stop_at(fault, Fault::truncated);
      const std::uint32_t count = load_be32(p + 1);
      if (count > 0x7fffffff) return stop_at(fault, Fault::malformed);
      if (count == 0) return p + list_head_bytes;
      return skip_elements(p + list_head_bytes, end, p[0], type_stop, count, levels - 1, fault);
    }
    case type_map: {
      if (levels == 0) return stop_at(fault, Fault::too_deep);
      if (left < map_head_bytes) return stop_at(fault, Fault::truncated);
      const std::uint32_t count = load_be32(p + 2);
      if (count > 0x7fffffff) return stop_at(fault, Fault::malformed);
      if (count == 0) return p + map_head_bytes;
      if (p[1] == type_stop) return stop_at(fault, Fault::malformed);
      return skip_elements(p + map_head_bytes, end, p[0], p[1], count, levels - 1, fault);
    }
    default: return stop_at(fault, Fault::malformed);
  }
}

}  // namespace koine::codecs::bodies::thrift_binary
