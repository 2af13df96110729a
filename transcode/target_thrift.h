// The two Thrift protocols as targets of a plan: thin static writers in the vocabulary of executor.h.
// Wire facts: codecs/bodies/thrift_binary/primitives.h, codecs/bodies/thrift_compact/primitives.h.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/bodies/thrift_compact/primitives.h"
#include "transcode/state.h"

namespace koine::transcode {

// What both have in common: structs end with a stop byte, containers carry their count in front, elements
// have no headers, a struct inside another has no length.
struct ThriftTarget {
  static constexpr bool has_stop = true;
  static constexpr bool counts_containers = true;
  static constexpr std::string_view separator = {};

  static std::uint8_t* close(std::uint8_t* out) noexcept {
    *out = 0;
    return out + 1;
  }
  static std::uint8_t* element_head(std::uint8_t* out, const Op& /*op*/, std::size_t /*index*/) noexcept {
    return out;
  }
  static std::uint8_t* struct_begin(State& /*s*/, std::uint8_t* out, const Op& /*op*/,
                                    Mark& /*mark*/) noexcept {
    return out;
  }
  static std::uint8_t* struct_end(State& /*s*/, std::uint8_t* out, const Op& /*op*/,
                                  Mark& /*mark*/) noexcept {
    return out;
  }
  static std::uint8_t* entry_begin(State& /*s*/, std::uint8_t* out, const Op& /*op*/, Mark& /*mark*/,
                                   std::size_t /*index*/) noexcept {
    return out;
  }
  static std::uint8_t* entry_end(State& /*s*/, std::uint8_t* out, const Op& /*op*/, Mark& /*mark*/) noexcept {
    return out;
  }
};

struct ThriftBinaryTarget : ThriftTarget {
  struct Frame {};

  static std::uint8_t* head(std::uint8_t* out, Frame& /*frame*/, const Op& op) noexcept {
    codecs::store(out, codecs::load<std::uint32_t>(op.head.bytes));
    return out + op.head.size;
  }
  static std::uint8_t* container_head(std::uint8_t* out, Frame& frame, const Op& op) noexcept {
    return head(out, frame, op);
  }
  static std::uint8_t* boolean_field(std::uint8_t* out, Frame& frame, const Op& op, bool value) noexcept {
    out = head(out, frame, op);
    *out = value ? 1 : 0;
    return out + 1;
  }
  static std::uint8_t* boolean_element(const State& /*s*/, std::uint8_t* out, bool value) noexcept {
    *out = value ? 1 : 0;
    return out + 1;
  }
  static std::uint8_t* i32(std::uint8_t* out, std::int64_t value) noexcept {
    codecs::store_be32(out, static_cast<std::uint32_t>(value));
    return out + 4;
  }
  static std::uint8_t* i64(std::uint8_t* out, std::int64_t value) noexcept {
    codecs::store_be64(out, static_cast<std::uint64_t>(value));
    return out + 8;
  }
  static std::uint8_t* integer(std::uint8_t* out, Form form, std::int64_t value) noexcept {
    switch (form) {
      case Form::i8: *out = static_cast<std::uint8_t>(value); return out + 1;
      case Form::i16: codecs::store_be16(out, static_cast<std::uint16_t>(value)); return out + 2;
      case Form::i32: return i32(out, value);
      default: return i64(out, value);
    }
  }
  static std::uint8_t* f64(std::uint8_t* out, std::uint64_t bits) noexcept {
    codecs::store_be64(out, bits);
    return out + 8;
  }
  static std::uint8_t* real(std::uint8_t* out, Form /*form*/, double value) noexcept {
    return f64(out, std::bit_cast<std::uint64_t>(value));
  }
  static std::uint8_t* short_length(std::uint8_t* out, std::size_t size) noexcept {
    return length(out, size);
  }
  static std::uint8_t* length(std::uint8_t* out, std::size_t size) noexcept {
    codecs::store_be32(out, static_cast<std::uint32_t>(size));
    return out + 4;
  }
  static std::uint8_t* list_begin(State& s, std::uint8_t* out, const Op& op, Mark& mark, bool /*known*/,
                                  std::size_t count) noexcept {
    *out = op.element().head.type;
    mark.at = static_cast<std::size_t>(out + 1 - s.out_base);
    return length(out + 1, count);
  }
  static std::uint8_t* list_end(State& s, std::uint8_t* out, const Op& /*op*/, Mark& mark,
                                std::size_t count) noexcept {
    codecs::store_be32(s.out_base + mark.at, static_cast<std::uint32_t>(count));
    return out;
  }
  static std::uint8_t* map_begin(State& s, std::uint8_t* out, const Op& op, Mark& mark, bool /*known*/,
                                 std::size_t count) noexcept {
    out[0] = op.key().head.type;
    out[1] = op.element().head.type;
    mark.at = static_cast<std::size_t>(out + 2 - s.out_base);
    return length(out + 2, count);
  }
  static std::uint8_t* map_end(State& s, std::uint8_t* out, const Op& op, Mark& mark,
                               std::size_t count) noexcept {
    return list_end(s, out, op, mark, count);
  }
};

struct ThriftCompactTarget : ThriftTarget {
  struct Frame {
    std::int32_t last_id = 0;
  };

  // Fields are mostly written in the order that Op::head knows of (of a bool: the header of true).
  [[gnu::always_inline]] static std::uint8_t* head(std::uint8_t* out, Frame& frame, const Op& op) noexcept {
    if (frame.last_id == codecs::load<std::int32_t>(op.head.bytes)) [[likely]] {
      frame.last_id = op.target_id;
      *out = op.head.bytes[4];
      return out + 1;
    }
    return any_head(out, frame, op, op.head.type);
  }
  static std::uint8_t* any_head(std::uint8_t* out, Frame& frame, const Op& op, std::uint8_t type) noexcept {
    if (op.head.size == 0) return out;
    const std::int32_t delta = op.target_id - frame.last_id;
    frame.last_id = op.target_id;
    if (delta > 0 && delta <= 15) {
      *out = static_cast<std::uint8_t>(delta << 4 | type);
      return out + 1;
    }
    *out = type;
    return codecs::write_varint(out + 1, codecs::zigzag(op.target_id));
  }
  [[gnu::always_inline]] static std::uint8_t* container_head(std::uint8_t* out, Frame& frame,
                                                             const Op& op) noexcept {
    return head(out, frame, op);
  }
  static std::uint8_t* boolean_field(std::uint8_t* out, Frame& frame, const Op& op, bool value) noexcept {
    using namespace codecs::bodies::thrift_compact;
    return any_head(out, frame, op, value ? type_true : type_false);
  }
  static std::uint8_t* boolean_element(const State& s, std::uint8_t* out, bool value) noexcept {
    *out = value ? 1 : s.program->options.compact_false_element;
    return out + 1;
  }
  static std::uint8_t* i32(std::uint8_t* out, std::int64_t value) noexcept {
    return codecs::write_varint(out, codecs::zigzag(value));
  }
  static std::uint8_t* i64(std::uint8_t* out, std::int64_t value) noexcept {
    return codecs::write_varint(out, codecs::zigzag(value));
  }
  static std::uint8_t* integer(std::uint8_t* out, Form form, std::int64_t value) noexcept {
    if (form == Form::i8) {
      *out = static_cast<std::uint8_t>(value);
      return out + 1;
    }
    return i64(out, value);
  }
  static std::uint8_t* f64(std::uint8_t* out, std::uint64_t bits) noexcept {
    codecs::store(out, bits);
    return out + 8;
  }
  static std::uint8_t* real(std::uint8_t* out, Form /*form*/, double value) noexcept {
    return f64(out, std::bit_cast<std::uint64_t>(value));
  }
  static std::uint8_t* short_length(std::uint8_t* out, std::size_t size) noexcept {
    *out = static_cast<std::uint8_t>(size);
    return out + 1;
  }
  static std::uint8_t* length(std::uint8_t* out, std::size_t size) noexcept {
    return codecs::write_varint(out, size);
  }

  // ---- counts: one byte up to 14 elements, else one byte and a varint; an empty map has no types

  static std::size_t list_width(std::size_t count) noexcept {
    return count < 15 ? 1 : 1 + codecs::varint_size(count);
  }
  static std::size_t map_width(std::size_t count) noexcept {
    return count == 0 ? 1 : 1 + codecs::varint_size(count);
  }
  static void put_list(std::uint8_t* p, const Op& op, std::size_t count) noexcept {
    const std::uint8_t type = op.element().head.type;
    if (count < 15) {
      *p = static_cast<std::uint8_t>(count << 4 | type);
      return;
    }
    *p++ = static_cast<std::uint8_t>(0xf0 | type);
    put_varint(p, count);
  }
  static void put_map(std::uint8_t* p, const Op& op, std::size_t count) noexcept {
    p = put_varint(p, count);
    if (count != 0) *p = static_cast<std::uint8_t>(op.key().head.type << 4 | op.element().head.type);
  }
  // Exactly as many bytes as the varint has (write_varint may overshoot).
  static std::uint8_t* put_varint(std::uint8_t* p, std::size_t value) noexcept {
    for (; value >= 0x80; value >>= 7) *p++ = static_cast<std::uint8_t>(value | 0x80);
    *p = static_cast<std::uint8_t>(value);
    return p + 1;
  }
  // The room left in front of a container whose count is now known.
  static std::uint8_t* fit(State& s, std::uint8_t* out, Mark& mark, std::size_t width) noexcept {
    if (width == mark.width) [[likely]]
      return out;
    *mark.last_width = static_cast<std::uint8_t>(width);
    return move_reserved(s, out, mark, width);
  }
  static std::uint8_t* list_begin(State& s, std::uint8_t* out, const Op& op, Mark& mark, bool known,
                                  std::size_t count) noexcept {
    if (!known) return reserve_varint(s, out, mark);
    put_list(out, op, count);
    mark.width = list_width(count);
    mark.at = static_cast<std::size_t>(out - s.out_base);
    return out + mark.width;
  }
  static std::uint8_t* list_end(State& s, std::uint8_t* out, const Op& op, Mark& mark,
                                std::size_t count) noexcept {
    out = fit(s, out, mark, list_width(count));
    if (out != nullptr) put_list(s.out_base + mark.at, op, count);
    return out;
  }
  static std::uint8_t* map_begin(State& s, std::uint8_t* out, const Op& op, Mark& mark, bool known,
                                 std::size_t count) noexcept {
    if (!known) return reserve_varint(s, out, mark);
    put_map(out, op, count);
    mark.width = map_width(count);
    mark.at = static_cast<std::size_t>(out - s.out_base);
    return out + mark.width;
  }
  static std::uint8_t* map_end(State& s, std::uint8_t* out, const Op& op, Mark& mark,
                               std::size_t count) noexcept {
    out = fit(s, out, mark, map_width(count));
    if (out != nullptr) put_map(s.out_base + mark.at, op, count);
    return out;
  }
};

}  // namespace koine::transcode
