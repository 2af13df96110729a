// The two Thrift protocols as sources of a plan: thin static readers in the vocabulary of executor.h.
// Wire facts: codecs/bodies/thrift_binary/primitives.h, codecs/bodies/thrift_compact/primitives.h.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/bodies/thrift_compact/primitives.h"
#include "transcode/state.h"

namespace koine::transcode {

// A number and the position behind it; `next` null: it is not there.
struct Number {
  const std::uint8_t* next;
  std::int64_t value;
};

// What one look for the next field found.
struct Found {
  const std::uint8_t* next;  // where the value begins; null: no header can be read
  const Op* op;              // null: a field that the schema does not know, or the end
  std::uint8_t type;         // as on the wire; type_stop at the end of the struct
};

// The head of a list, set or map.
struct ContainerHead {
  const std::uint8_t* next;  // null: truncated, or more elements than bytes
  std::size_t count;
  std::uint8_t key_type;
  std::uint8_t element_type;
};

struct ThriftBinarySource {
  static constexpr std::uint8_t type_stop = codecs::bodies::thrift_binary::type_stop;
  static constexpr std::size_t expected_head_bytes = codecs::bodies::thrift_binary::field_head_bytes;

  // What a field's header says about its value.
  struct Frame {};
  // The frame in which a default value's bytes are read.
  static void set_default_frame(Frame& /*frame*/, std::span<const std::uint8_t> /*bytes*/) noexcept {}

  // Is the header at `in` that of `op`?
  [[gnu::always_inline]] static bool is_expected(const std::uint8_t* in, const std::uint8_t* end,
                                                 const Op& op, Frame& /*frame*/) noexcept {
    return end - in >= 4 && (codecs::load<std::uint32_t>(in) & 0xffffff) == op.source_tag;
  }
  static Found next_field(const std::uint8_t* in, const std::uint8_t* end, const Table& table,
                          std::int32_t& last_id, Frame& /*frame*/) noexcept {
    if (in == end) return {nullptr, nullptr, 0};
    const std::uint8_t type = *in;
    if (type == type_stop) return {in + 1, nullptr, type_stop};
    if (end - in < 3) return {nullptr, nullptr, 0};
    last_id = static_cast<std::int16_t>(codecs::load_be16(in + 1));
    const Op* op = table.find(last_id);
    if (op != nullptr && op->source_type != type) op = nullptr;
    return {in + 3, op, type};
  }
  static const std::uint8_t* skip(const std::uint8_t* in, const std::uint8_t* end, std::uint8_t type,
                                  std::size_t levels, codecs::Fault& fault) noexcept {
    return codecs::bodies::thrift_binary::skip_value(in, end, type, levels, fault);
  }
  static bool same_type(std::uint8_t wire, std::uint8_t declared) noexcept { return wire == declared; }

  static Number boolean_field(const std::uint8_t* in, const std::uint8_t* end,
                              const Frame& /*frame*/) noexcept {
    return boolean_element(in, end);
  }
  static Number boolean_element(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    if (in == end) return {nullptr, 0};
    return {in + 1, *in != 0};
  }
  static Number i32(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    if (end - in < 4) return {nullptr, 0};
    return {in + 4, static_cast<std::int32_t>(codecs::load_be32(in))};
  }
  static Number i64(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    if (end - in < 8) return {nullptr, 0};
    return {in + 8, static_cast<std::int64_t>(codecs::load_be64(in))};
  }
  static Number integer(const std::uint8_t* in, const std::uint8_t* end, Form form) noexcept {
    switch (form) {
      case Form::i8:
        if (in == end) return {nullptr, 0};
        return {in + 1, static_cast<std::int8_t>(*in)};
      case Form::i16:
        if (end - in < 2) return {nullptr, 0};
        return {in + 2, static_cast<std::int16_t>(codecs::load_be16(in))};
      case Form::i32: return i32(in, end);
      default: return i64(in, end);
    }
  }
  static Number f64(const std::uint8_t* in, const std::uint8_t* end) noexcept { return i64(in, end); }
  static const std::uint8_t* real(const std::uint8_t* in, const std::uint8_t* end, Form /*form*/,
                                  double& value) noexcept {
    const Number bits = f64(in, end);
    value = std::bit_cast<double>(bits.value);
    return bits.next;
  }
  // A length that may be short, unchecked; a number larger than that when it is not.
  static constexpr std::size_t short_length_bytes = 4;
  static std::size_t short_length(const std::uint8_t* in) noexcept { return codecs::load_be32(in); }
  // The length of a string, checked against the bytes that are there.
  static codecs::Varint length(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    if (end - in < 4) return {nullptr, 0};
    const std::uint32_t size = codecs::load_be32(in);
    if (size > static_cast<std::size_t>(end - in - 4)) return {nullptr, 0};
    return {in + 4, size};
  }
  static ContainerHead list_head(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    using namespace codecs::bodies::thrift_binary;
    if (end - in < static_cast<std::ptrdiff_t>(list_head_bytes)) return {nullptr, 0, 0, 0};
    return checked({in + list_head_bytes, codecs::load_be32(in + 1), 0, in[0]}, end,
                   element_bytes_min(in[0]));
  }
  static ContainerHead map_head(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    using namespace codecs::bodies::thrift_binary;
    if (end - in < static_cast<std::ptrdiff_t>(map_head_bytes)) return {nullptr, 0, 0, 0};
    return checked({in + map_head_bytes, codecs::load_be32(in + 2), in[0], in[1]}, end,
                   element_bytes_min(in[0]) + element_bytes_min(in[1]));
  }

 private:
  static ContainerHead checked(ContainerHead head, const std::uint8_t* end, std::size_t bytes) noexcept {
    if (head.count == 0) return head;
    if (bytes == 0 || head.count > static_cast<std::size_t>(end - head.next) / bytes)
      return {nullptr, 0, 0, 0};
    return head;
  }
};

struct ThriftCompactSource {
  static constexpr std::uint8_t type_stop = codecs::bodies::thrift_compact::type_stop;
  static constexpr std::size_t expected_head_bytes = 1;

  struct Frame {
    bool value = true;  // of a bool field
  };
  static void set_default_frame(Frame& frame, std::span<const std::uint8_t> bytes) noexcept {
    frame.value = !bytes.empty() && bytes[0] == codecs::bodies::thrift_compact::type_true;
  }

  [[gnu::always_inline]] static bool is_expected(const std::uint8_t* in, const std::uint8_t* end,
                                                 const Op& op, Frame& frame) noexcept {
    if (in == end) [[unlikely]]
      return false;
    frame.value = true;
    if (*in == op.source_tag) [[likely]]
      return true;
    frame.value = false;
    // 1 and 2 in the low bits say true and false.
    return op.source_type == codecs::bodies::thrift_compact::type_true && *in == (op.source_tag ^ 3);
  }
  static Found next_field(const std::uint8_t* in, const std::uint8_t* end, const Table& table,
                          std::int32_t& last_id, Frame& frame) noexcept {
    using namespace codecs::bodies::thrift_compact;
    const FieldHead head = read_field(in, end, last_id);
    if (head.next == nullptr) return {nullptr, nullptr, 0};
    if (head.type == type_stop) return {head.next, nullptr, type_stop};
    last_id = head.id;
    frame.value = head.type == type_true;
    const Op* op = table.find(head.id);
    if (op != nullptr && !same_type(head.type, op->source_type)) op = nullptr;
    return {head.next, op, head.type};
  }
  static const std::uint8_t* skip(const std::uint8_t* in, const std::uint8_t* end, std::uint8_t type,
                                  std::size_t levels, codecs::Fault& fault) noexcept {
    return codecs::bodies::thrift_compact::skip_field_value(in, end, type, levels, fault);
  }
  static bool same_type(std::uint8_t wire, std::uint8_t declared) noexcept {
    using namespace codecs::bodies::thrift_compact;
    return wire == declared || (wire == type_false && declared == type_true);
  }

  static Number boolean_field(const std::uint8_t* in, const std::uint8_t* /*end*/,
                              const Frame& frame) noexcept {
    return {in, frame.value};
  }
  static Number boolean_element(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    if (in == end) return {nullptr, 0};
    return {in + 1, *in == 1};
  }
  static Number i32(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    const codecs::Varint raw = codecs::read_varint(in, end);
    if (raw.value > 0xffffffffu) [[unlikely]]
      return {nullptr, 0};
    return {raw.next, codecs::unzigzag(raw.value)};
  }
  static Number i64(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    const codecs::Varint raw = codecs::read_varint(in, end);
    return {raw.next, codecs::unzigzag(raw.value)};
  }
  static Number integer(const std::uint8_t* in, const std::uint8_t* end, Form form) noexcept {
    if (form == Form::i8) {
      if (in == end) return {nullptr, 0};
      return {in + 1, static_cast<std::int8_t>(*in)};
    }
    if (form == Form::i64) return i64(in, end);
    Number number = i32(in, end);
    // libthrift cuts an i16 to 16 bits; a peer that sends more is broken, and its value would be another.
    if (form == Form::i16 && number.value != static_cast<std::int16_t>(number.value)) number.next = nullptr;
    return number;
  }
  static Number f64(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    if (end - in < 8) return {nullptr, 0};
    return {in + 8, codecs::load<std::int64_t>(in)};
  }
  static const std::uint8_t* real(const std::uint8_t* in, const std::uint8_t* end, Form /*form*/,
                                  double& value) noexcept {
    const Number bits = f64(in, end);
    value = std::bit_cast<double>(bits.value);
    return bits.next;
  }
  static constexpr std::size_t short_length_bytes = 1;
  static std::size_t short_length(const std::uint8_t* in) noexcept { return *in; }
  static codecs::Varint length(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    const codecs::Varint size = codecs::read_varint(in, end);
    if (size.next == nullptr || size.value > static_cast<std::size_t>(end - size.next)) [[unlikely]]
      return {nullptr, 0};
    return size;
  }
  static ContainerHead list_head(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    using namespace codecs::bodies::thrift_compact;
    if (in == end) return {nullptr, 0, 0, 0};
    ContainerHead head{in + 1, static_cast<std::size_t>(*in >> 4), 0, static_cast<std::uint8_t>(*in & 0x0f)};
    if (head.count == 15) {
      const codecs::Varint size = codecs::read_varint(head.next, end);
      if (size.next == nullptr) return {nullptr, 0, 0, 0};
      head.next = size.next;
      head.count = size.value;
    }
    return checked(head, end, element_bytes_min(head.element_type));
  }
  static ContainerHead map_head(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    using namespace codecs::bodies::thrift_compact;
    const codecs::Varint size = codecs::read_varint(in, end);
    if (size.next == nullptr) return {nullptr, 0, 0, 0};
    if (size.value == 0) return {size.next, 0, 0, 0};
    if (size.next == end) return {nullptr, 0, 0, 0};
    const std::uint8_t key = *size.next >> 4;
    const std::uint8_t element = *size.next & 0x0f;
    return checked({size.next + 1, size.value, key, element}, end,
                   element_bytes_min(key) + element_bytes_min(element));
  }

 private:
  static ContainerHead checked(ContainerHead head, const std::uint8_t* end, std::size_t bytes) noexcept {
    if (head.count == 0) return head;
    if (bytes == 0 || head.count > static_cast<std::size_t>(end - head.next) / bytes)
      return {nullptr, 0, 0, 0};
    return head;
  }
};

}  // namespace koine::transcode
