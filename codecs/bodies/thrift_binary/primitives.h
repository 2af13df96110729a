// Thrift's binary protocol: values on the wire (doc/specs/thrift-binary-protocol.md).
//
//   field    i8 type, i16 id, value; a struct ends with one byte 0
//   ints     big endian, fixed width; double: IEEE 754, big endian; bool: one byte, anything but 0 is true
//   string   i32 length >= 0, bytes (text and octets alike)
//   list,set i8 element type, i32 count;  map: i8 key type, i8 value type, i32 count
//   uuid     16 bytes
//
// Raw pointers, no state: readers return the position behind the value, or null when the bytes end first or a
// length is negative. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codecs/wire.h"

namespace koine::codecs::bodies::thrift_binary {

enum WireType : std::uint8_t {
  type_stop = 0,
  type_bool = 2,
  type_i8 = 3,
  type_double = 4,
  type_i16 = 6,
  type_i32 = 8,
  type_i64 = 10,
  type_string = 11,
  type_struct = 12,
  type_map = 13,
  type_set = 14,
  type_list = 15,
  type_uuid = 16,
};

inline constexpr std::size_t field_head_bytes = 3;
inline constexpr std::size_t list_head_bytes = 5;
inline constexpr std::size_t map_head_bytes = 6;

// The least bytes that one element of a container takes; 0 for a type code that cannot be an element.
inline std::size_t element_bytes_min(std::uint8_t type) noexcept {
  switch (type) {
    case type_bool:
    case type_i8:
    case type_struct: return 1;
    case type_i16: return 2;
    case type_i32:
    case type_string: return 4;
    case type_i64:
    case type_double: return 8;
    case type_map: return 6;
    case type_set:
    case type_list: return 5;
    case type_uuid: return 16;
    default: return 0;
  }
}

// Skips one value of `type`, which may open `levels` structs and containers inside one another. Null with the
// reason in `fault`.
const std::uint8_t* skip_value(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t type,
                               std::size_t levels, Fault& fault) noexcept;

}  // namespace koine::codecs::bodies::thrift_binary
