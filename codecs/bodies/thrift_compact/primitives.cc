// Skipping values of Thrift's compact protocol.
#include "codecs/bodies/thrift_compact/primitives.h"

namespace koine::codecs::bodies::thrift_compact {
namespace {

const std::uint8_t* stop_at(Fault& fault, Fault why) noexcept {
  fault = why;
  return nullptr;
}

// A varint failed at `p`: is it cut off or too long?
Fault varint_fault(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  return end - p >= static_cast<std::ptrdiff_t>(varint_bytes_max) ? Fault::malformed : Fault::truncated;
}

const std::uint8_t* skip_struct(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels,
                                Fault& fault) noexcept {
  std::int32_t last_id = 0;
  while (true) {
    const FieldHead field = read_field(p, end, last_id);
    if (field.next == nullptr) {
      return stop_at(fault, end - p > static_cast<std::ptrdiff_t>(varint_bytes_max) ? Fault::malformed
                                                                                    : Fault::truncated);
    }
    if (field.type == type_stop) return field.next;
    last_id = field.id;
    p = skip_field_value(field.next, end, field.type, levels, fault);
    if (p == nullptr) return nullptr;
  }
}

const std::uint8_t* skip_list(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels,
                              Fault& fault) noexcept {
  if (p == end) return stop_at(fault, Fault::truncated);
  const std::uint8_t type = *p & 0x0f;
  std::uint64_t count = *p >> 4;
  ++p;
  if (count == 15) {
    const Varint size = read_varint(p, end);
    if (size.next == nullptr) return stop_at(fault, varint_fault(p, end));
    p = size.next;
    count = size.value;
  }
  if (count == 0) return p;
  const std::size_t bytes = element_bytes_min(type);
  if (bytes == 0 || count > 0x7fffffff) return stop_at(fault, Fault::malformed);
  if (count > static_cast<std::uint64_t>(end - p) / bytes) return stop_at(fault, Fault::truncated);
  for (; count > 0; --count) {
    p = skip_value(p, end, type, levels, fault);
    if (p == nullptr) return nullptr;
  }
  return p;
}

const std::uint8_t* skip_map(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels,
                             Fault& fault) noexcept {
  const Varint size = read_varint(p, end);
  if (size.next == nullptr) return stop_at(fault, varint_fault(p, end));
  p = size.next;
  if (size.value == 0) return p;
  if (p == end) return stop_at(fault, Fault::truncated);
  const std::uint8_t key = *p >> 4;
  const std::uint8_t value = *p & 0x0f;
  ++p;
  if (element_bytes_min(key) == 0 || element_bytes_min(value) == 0 || size.value > 0x7fffffff) {
    return stop_at(fault, Fault::malformed);
  }
  const std::size_t bytes = element_bytes_min(key) + element_bytes_min(value);
  if (size.value > static_cast<std::uint64_t>(end - p) / bytes) return stop_at(fault, Fault::truncated);
  for (std::uint64_t left = size.value; left > 0; --left) {
    p = skip_value(p, end, key, levels, fault);
    if (p == nullptr) return nullptr;
    p = skip_value(p, end, value, levels, fault);
    if (p == nullptr) return nullptr;
  }
  return p;
}

}  // namespace

const std::uint8_t* skip_value(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t type,
                               std::size_t levels, Fault& fault) noexcept {
  const auto left = static_cast<std::size_t>(end - p);
  switch (type) {
    case type_true:
    case type_false:
    case type_i8:
    case type_double:
    case type_uuid: {
      const std::size_t bytes = element_bytes_min(type);
      return left < bytes ? stop_at(fault, Fault::truncated) : p + bytes;
    }
    case type_i16:
    case type_i32:
    case type_i64: {
      const Varint number = read_varint(p, end);
      return number.next == nullptr ? stop_at(fault, varint_fault(p, end)) : number.next;
    }
    case type_string: {
      const Varint length = read_varint(p, end);
      if (length.next == nullptr) return stop_at(fault, varint_fault(p, end));
      if (length.value > 0x7fffffff) return stop_at(fault, Fault::malformed);
      if (length.value > static_cast<std::uint64_t>(end - length.next)) {
        return stop_at(fault, Fault::truncated);
      }
      return length.next + length.value;
    }
    case type_list:
    case type_set:
      return levels == 0 ? stop_at(fault, Fault::too_deep) : skip_list(p, end, levels - 1, fault);
    case type_map: return levels == 0 ? stop_at(fault, Fault::too_deep) : skip_map(p, end, levels - 1, fault);
    case type_struct:
      return levels == 0 ? stop_at(fault, Fault::too_deep) : skip_struct(p, end, levels - 1, fault);
    default: return stop_at(fault, Fault::malformed);
  }
}

}  // namespace koine::codecs::bodies::thrift_compact
