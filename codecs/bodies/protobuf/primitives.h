// Protobuf's wire format (the encoding specification of protobuf.dev; libprotobuf 3.21's parser where it is
// silent).
//
//   message  fields until the bytes end: tag varint (number << 3 | wire type), value; numbers 1 … 2^29 − 1
//   0 varint       int32 and enum are cut to 32 bits when read, written with 64 (a negative one: 10 bytes)
//   1, 5           8 and 4 bytes, little endian
//   2 length       varint length, bytes: string, bytes, message, packed repeated scalars
//   3, 4           group start and end, the end with the same number
//
// Raw pointers, no state. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codecs/wire.h"

namespace koine::codecs::bodies::protobuf {

enum WireType : std::uint8_t {
  wire_varint = 0,
  wire_fixed64 = 1,
  wire_length = 2,
  wire_group_start = 3,
  wire_group_end = 4,
  wire_fixed32 = 5,
};

inline constexpr std::uint32_t field_number_max = (1u << 29) - 1;

constexpr std::uint32_t make_tag(std::uint32_t number, WireType type) noexcept {
  return (number << 3) | static_cast<std::uint32_t>(type);
}

// A tag; `next` is null when it is truncated, longer than 5 bytes, or its number is 0.
[[gnu::always_inline]] inline Varint read_tag(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  const Varint tag = read_varint(p, end);
  if (tag.next == nullptr || tag.value > 0xffffffffu || tag.value < 8 || tag.next - p > 5) [[unlikely]]
    return {nullptr, 0};
  return tag;
}

// The length in front of a string or message, which is checked against the bytes that are there.
[[gnu::always_inline]] inline Varint read_length(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  const Varint length = read_varint(p, end);
  if (length.next == nullptr || length.value > static_cast<std::uint64_t>(end - length.next)) [[unlikely]]
    return {nullptr, 0};
  return length;
}

// Skips the value behind a tag; a group may open `levels` groups, itself included. Null with the reason in
// `fault`.
const std::uint8_t* skip_value(const std::uint8_t* p, const std::uint8_t* end, std::uint32_t tag,
                               std::size_t levels, Fault& fault) noexcept;
// The fields of a group up to and with its end tag; `content_end` is where the end tag begins.
const std::uint8_t* skip_group(const std::uint8_t* p, const std::uint8_t* end, std::uint32_t number,
                               std::size_t levels, const std::uint8_t*& content_end, Fault& fault) noexcept;
// Walks a whole message's fields without a schema.
bool walk_message(const std::uint8_t* p, const std::uint8_t* end, std::size_t levels, Fault& fault) noexcept;

}  // namespace koine::codecs::bodies::protobuf
