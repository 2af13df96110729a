// Skipping values of Thrift's compact protocol.
#include "codecs/bodies/thrift_compact/primitives.h"

#include <bit>

namespace koine::codecs::bodies::thrift_compact {
namespace {

// A field's head and eight bytes more: a double, or as much of a number as one load sees.
constexpr std::ptrdiff_t usual_field_bytes = 1 + 8;

const std::uint8_t* stop_at(Fault& fault, Fault why) noexcept {
  fault = why;
  return nullptr;
}

// A varint failed at `p`: is it cut off or too long?
Fault varint_fault(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  return end - p >= static_cast<std::ptrdiff_t>(varint_bytes_max) ? Fault::malformed : Fault::truncated;
}

const std::uint8_t* skip_struct(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels,
                                Fault& fault) noexcept;
const std::uint8_t* skip_list(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels,
                              Fault& fault) noexcept;
const std::uint8_t* skip_map(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels,
                             Fault& fault) noexcept;

// Of a number only the end matters, so its bits are never put together.
[[gnu::always_inline]] inline const std::uint8_t* skip_varint(const std::uint8_t* p,
                                                              const std::uint8_t* end) noexcept {
  if (end - p >= 8) [[likely]] {
    const std::uint64_t stops = ~load<std::uint64_t>(p) & 0x8080808080808080u;
    if (stops != 0) [[likely]]
      return p + (std::countr_zero(stops) >> 3) + 1;
  }
  return read_varint(p, end).next;
}

// One element of whatever type.
const std::uint8_t* skip_one(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t type,
                             std::size_t levels, Fault& fault) noexcept {
  switch (type) {
    case type_true:
    case type_false:
    case type_i8: return p == end ? stop_at(fault, Fault::truncated) : p + 1;
    case type_double: return end - p < 8 ? stop_at(fault, Fault::truncated) : p + 8;
    case type_uuid: return end - p < 16 ? stop_at(fault, Fault::truncated) : p + 16;
    case type_i16:
    case type_i32:
    case type_i64: {
      const std::uint8_t* next = skip_varint(p, end);
      return next == nullptr ? stop_at(fault, varint_fault(p, end)) : next;
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

// The fields of a struct that need no closer look; stops in front of one that does, of the end of the struct,
// and of the last bytes. Forwarding walks every message twice, and most of a message is this.
[[gnu::always_inline]] inline const std::uint8_t* skip_usual_fields(const std::uint8_t* p,
                                                                    const std::uint8_t* end) noexcept {
  while (end - p >= usual_field_bytes) {
    const std::uint8_t head = *p;
    if (head < 0x10) break;  // the end, or an id of its own
    switch (head & 0x0f) {
      case type_true:
      case type_false: ++p; continue;
      case type_i8: p += 2; continue;
      case type_double: p += 9; continue;
      case type_i16:
      case type_i32:
      case type_i64: {
        if (p[1] < 0x80) {
          p += 2;
          continue;
        }
        const std::uint64_t stops = ~load<std::uint64_t>(p + 1) & 0x8080808080808080u;
        if (stops == 0) return p;
        p += 2 + (std::countr_zero(stops) >> 3);
        continue;
      }
      case type_string: {
        const std::ptrdiff_t length = p[1];
        if (length >= 0x80 || length > end - p - 2) return p;
        p += 2 + length;
        continue;
      }
      default: return p;
    }
  }
  return p;
}

// A struct of usual fields alone costs no call.
[[gnu::always_inline]] inline const std::uint8_t* skip_usual_struct(const std::uint8_t* p,
                                                                    const std::uint8_t* end,
                                                                    std::size_t levels,
                                                                    Fault& fault) noexcept {
  p = skip_usual_fields(p, end);
  if (p != end && *p == type_stop) [[likely]]
    return p + 1;
  return skip_struct(p, end, levels, fault);
}

const std::uint8_t* skip_struct(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels,
                                Fault& fault) noexcept {
  while (true) {
    p = skip_usual_fields(p, end);
    if (p == end) return stop_at(fault, Fault::truncated);
    const std::uint8_t* const head = p;
    const std::uint8_t type = *p++ & 0x0f;
    if (type == type_stop) return p;
    // Which field it is does not matter; an id of its own is skipped too.
    if (*head < 0x10) [[unlikely]] {
      const Varint id = read_varint(p, end);
      if (id.next == nullptr || id.value > 0xffff) {
        return stop_at(fault, end - head > static_cast<std::ptrdiff_t>(varint_bytes_max) ? Fault::malformed
                                                                                         : Fault::truncated);
      }
      p = id.next;
    }
    if (type == type_true || type == type_false) continue;
    p = skip_one(p, end, type, levels, fault);
    if (p == nullptr) return nullptr;
  }
}

[[gnu::always_inline]] inline const std::uint8_t* skip_element(const std::uint8_t* p, const std::uint8_t* end,
                                                               std::uint8_t type, std::size_t levels,
                                                               Fault& fault) noexcept {
  if (type == type_string && end - p > 0 && *p < 0x80 && *p < end - p) [[likely]]
    return p + 1 + *p;
  return skip_one(p, end, type, levels, fault);
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
  if (type == type_struct && levels > 0) {
    for (; count > 0 && p != nullptr; --count) p = skip_usual_struct(p, end, levels - 1, fault);
    return p;
  }
  for (; count > 0 && p != nullptr; --count) p = skip_element(p, end, type, levels, fault);
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
    p = skip_element(p, end, key, levels, fault);
    if (p == nullptr) return nullptr;
    p = skip_element(p, end, value, levels, fault);
    if (p == nullptr) return nullptr;
  }
  return p;
}

}  // namespace

const std::uint8_t* skip_value(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t type,
                               std::size_t levels, Fault& fault) noexcept {
  return skip_one(p, end, type, levels, fault);
}

}  // namespace koine::codecs::bodies::thrift_compact
