// Protobuf as the target of a plan. Wire facts: codecs/bodies/protobuf/primitives.h.
//
// A repeated field has no header of its own: every element carries the tag (Op::head of the element), or all
// of them stand behind one tag and length (packed; Op::head of the list). Lengths are left room for and
// filled in afterwards, as wide as they were last time at this place.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "codecs/bodies/protobuf/primitives.h"
#include "transcode/state.h"

namespace koine::transcode {

struct ProtobufTarget {
  static constexpr bool has_stop = false;
  static constexpr bool counts_containers = false;
  static constexpr std::string_view separator = {};

  struct Frame {};

  static std::uint8_t* put_head(std::uint8_t* out, const Op& op) noexcept {
    codecs::store(out, op.head);
    return out + op.head.size;
  }
  static std::uint8_t* head(std::uint8_t* out, Frame& /*frame*/, const Op& op) noexcept {
    return put_head(out, op);
  }
  static std::uint8_t* container_head(std::uint8_t* out, Frame& /*frame*/, const Op& /*op*/) noexcept {
    return out;
  }
  static std::uint8_t* element_head(std::uint8_t* out, const Op& op, std::size_t /*index*/) noexcept {
    return put_head(out, op);
  }
  static std::uint8_t* close(std::uint8_t* out) noexcept { return out; }

  static std::uint8_t* boolean_field(std::uint8_t* out, Frame& /*frame*/, const Op& op, bool value) noexcept {
    out = put_head(out, op);
    *out = value ? 1 : 0;
    return out + 1;
  }
  static std::uint8_t* boolean_element(const State& /*s*/, std::uint8_t* out, bool value) noexcept {
    *out = value ? 1 : 0;
    return out + 1;
  }
  static std::uint8_t* i32(std::uint8_t* out, std::int64_t value) noexcept {
    return codecs::write_varint(out, static_cast<std::uint64_t>(value));
  }
  static std::uint8_t* i64(std::uint8_t* out, std::int64_t value) noexcept {
    return codecs::write_varint(out, static_cast<std::uint64_t>(value));
  }
  static std::uint8_t* integer(std::uint8_t* out, Form form, std::int64_t value) noexcept {
    switch (form) {
      case Form::zigzag32:
      case Form::zigzag64: return codecs::write_varint(out, codecs::zigzag(value));
      case Form::fixed32:
      case Form::ufixed32: codecs::store(out, static_cast<std::uint32_t>(value)); return out + 4;
      case Form::fixed64: codecs::store(out, value); return out + 8;
      default: return codecs::write_varint(out, static_cast<std::uint64_t>(value));
    }
  }
  static std::uint8_t* f64(std::uint8_t* out, std::uint64_t bits) noexcept {
    codecs::store(out, bits);
    return out + 8;
  }
  static std::uint8_t* real(std::uint8_t* out, Form form, double value) noexcept {
    if (form == Form::f64) return f64(out, std::bit_cast<std::uint64_t>(value));
    codecs::store(out, static_cast<float>(value));
    return out + 4;
  }
  // Of 1 to 16 bytes.
  static std::uint8_t* short_length(std::uint8_t* out, std::size_t size) noexcept {
    *out = static_cast<std::uint8_t>(size);
    return out + 1;
  }
  static std::uint8_t* length(std::uint8_t* out, std::size_t size) noexcept {
    return codecs::write_varint(out, size);
  }

  static std::uint8_t* struct_begin(State& s, std::uint8_t* out, const Op& op, Mark& mark) noexcept {
    if (op.has(op_group)) [[unlikely]]
      return out;
    return reserve_varint(s, out, mark);
  }
  static std::uint8_t* struct_end(State& s, std::uint8_t* out, const Op& op, Mark& mark) noexcept {
    if (op.has(op_group)) [[unlikely]] {
      using namespace codecs::bodies::protobuf;
      return codecs::write_varint(out, make_tag(static_cast<std::uint32_t>(op.target_id), wire_group_end));
    }
    const auto size = static_cast<std::size_t>(out - s.out_base) - mark.at - mark.width;
    return fill_varint(s, out, mark, size);
  }
  static std::uint8_t* list_begin(State& s, std::uint8_t* out, const Op& op, Mark& mark, bool /*known*/,
                                  std::size_t /*count*/) noexcept {
    if (!op.has(op_packed)) return out;
    return reserve_varint(s, put_head(out, op), mark);
  }
  static std::uint8_t* list_end(State& s, std::uint8_t* out, const Op& op, Mark& mark,
                                std::size_t count) noexcept {
    if (!op.has(op_packed)) return out;
    if (count == 0) return s.out_base + mark.at - op.head.size;  // no elements: no field
    const auto size = static_cast<std::size_t>(out - s.out_base) - mark.at - mark.width;
    return fill_varint(s, out, mark, size);
  }
  static std::uint8_t* map_begin(State& /*s*/, std::uint8_t* out, const Op& /*op*/, Mark& /*mark*/,
                                 bool /*known*/, std::size_t /*count*/) noexcept {
    return out;
  }
  static std::uint8_t* map_end(State& /*s*/, std::uint8_t* out, const Op& /*op*/, Mark& /*mark*/,
                               std::size_t /*count*/) noexcept {
    return out;
  }
  static std::uint8_t* entry_begin(State& s, std::uint8_t* out, const Op& op, Mark& mark,
                                   std::size_t /*index*/) noexcept {
    return reserve_varint(s, put_head(out, op), mark);
  }
  static std::uint8_t* entry_end(State& s, std::uint8_t* out, const Op& /*op*/, Mark& mark) noexcept {
    const auto size = static_cast<std::size_t>(out - s.out_base) - mark.at - mark.width;
    return fill_varint(s, out, mark, size);
  }
};

}  // namespace koine::transcode
