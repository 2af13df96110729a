// Thrift's compact protocol: values on the wire (doc/specs/thrift-compact-protocol.md), version 1 as Apache
// Thrift writes it.
//
//   field    (id − previous id) << 4 | type when 1 <= difference <= 15, else one byte type and the id as
//            zigzag varint; a struct ends with one byte 0; a bool field is all in its type (1 true, 2 false)
//   ints     i8: one raw byte; i16, i32, i64: zigzag varint; double: IEEE 754, little endian
//   string   varint length, bytes (text and octets alike)
//   list,set count << 4 | element type for 0–14 elements, else 0xF0 | element type and the count as varint
//   map      varint count; unless it is 0: key type << 4 | value type
//   bool element: type 1 or 2 in the header, one byte each: 1 is true
//   uuid     16 bytes
//
// Raw pointers, no state. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codecs/wire.h"

namespace koine::codecs::bodies::thrift_compact {

enum WireType : std::uint8_t {
  type_stop = 0,
  type_true = 1,  // also: bool, as the type of elements
  type_false = 2,
  type_i8 = 3,
  type_i16 = 4,
  type_i32 = 5,
  type_i64 = 6,
  type_double = 7,
  type_string = 8,
  type_list = 9,
  type_set = 10,
  type_map = 11,
  type_struct = 12,
  type_uuid = 13,
};

// The least bytes that one element of a container takes; 0 for a type code that cannot be an element.
inline std::size_t element_bytes_min(std::uint8_t type) noexcept {
  if (type == type_double) return 8;
  if (type == type_uuid) return 16;
  return type >= type_true && type <= type_struct ? 1 : 0;
}

// A field header; `id` needs the previous one.
struct FieldHead {
  const std::uint8_t* next;  // null: truncated or malformed
  std::int32_t id;
  std::uint8_t type;  // type_stop: the struct ends
};
[[gnu::always_inline]] inline FieldHead read_field(const std::uint8_t* p, const std::uint8_t* end,
                                                   std::int32_t last_id) noexcept {
  if (p == end) [[unlikely]]
    return {nullptr, 0, 0};
  const std::uint8_t head = *p++;
  const std::uint8_t type = head & 0x0f;
  if (head >= 0x10) [[likely]]
    return {p, static_cast<std::int16_t>(last_id + (head >> 4)), type};  // wraps as libthrift's does
  if (type == type_stop) return {p, 0, type_stop};
  const Varint id = read_varint(p, end);
  if (id.next == nullptr || id.value > 0xffff) return {nullptr, 0, 0};
  return {id.next, static_cast<std::int32_t>(unzigzag(id.value)), type};
}

// Skips one value of `type` as the element of a container (a bool takes a byte there); levels as in
// thrift_binary.
const std::uint8_t* skip_value(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t type,
                               std::size_t levels, Fault& fault) noexcept;
// The same as the value of a field, where a bool has no bytes.
inline const std::uint8_t* skip_field_value(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t type,
                                            std::size_t levels, Fault& fault) noexcept {
  if (type == type_true || type == type_false) return p;
  return skip_value(p, end, type, levels, fault);
}

}  // namespace koine::codecs::bodies::thrift_compact
