// Protobuf as the source of a plan. Wire facts: codecs/bodies/protobuf/primitives.h.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "codecs/bodies/protobuf/primitives.h"
#include "transcode/source_thrift.h"
#include "transcode/state.h"

namespace koine::transcode {

struct ProtobufSource {
  // The field came with the tag that Op::source_tag says.
  static constexpr std::uint8_t as_expected = 0xff;

  struct Frame {
    std::uint8_t type = as_expected;  // wire type of the field at hand
  };

  static Number boolean_field(const std::uint8_t* in, const std::uint8_t* end,
                              const Frame& /*frame*/) noexcept {
    return boolean_element(in, end);
  }
  static Number boolean_element(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    const codecs::Varint raw = codecs::read_varint(in, end);
    return {raw.next, raw.value != 0};
  }
  static Number i32(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    const codecs::Varint raw = codecs::read_varint(in, end);
    return {raw.next, static_cast<std::int32_t>(raw.value)};
  }
  static Number i64(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    const codecs::Varint raw = codecs::read_varint(in, end);
    return {raw.next, static_cast<std::int64_t>(raw.value)};
  }
  static Number integer(const std::uint8_t* in, const std::uint8_t* end, Form form) noexcept {
    switch (form) {
      case Form::fixed32:
        if (end - in < 4) return {nullptr, 0};
        return {in + 4, codecs::load<std::int32_t>(in)};
      case Form::ufixed32:
        if (end - in < 4) return {nullptr, 0};
        return {in + 4, codecs::load<std::uint32_t>(in)};
      case Form::fixed64:
        if (end - in < 8) return {nullptr, 0};
        return {in + 8, codecs::load<std::int64_t>(in)};
      default: break;
    }
    const codecs::Varint raw = codecs::read_varint(in, end);
    switch (form) {
      case Form::varint32: return {raw.next, static_cast<std::int32_t>(raw.value)};
      case Form::uvarint32: return {raw.next, static_cast<std::uint32_t>(raw.value)};
      case Form::zigzag32: return {raw.next, codecs::unzigzag(static_cast<std::uint32_t>(raw.value))};
      case Form::zigzag64: return {raw.next, codecs::unzigzag(raw.value)};
      default: return {raw.next, static_cast<std::int64_t>(raw.value)};
    }
  }
  static Number f64(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    if (end - in < 8) return {nullptr, 0};
    return {in + 8, codecs::load<std::int64_t>(in)};
  }
  static const std::uint8_t* real(const std::uint8_t* in, const std::uint8_t* end, Form form,
                                  double& value) noexcept {
    if (form == Form::f32) {
      if (end - in < 4) return nullptr;
      value = codecs::load<float>(in);
      return in + 4;
    }
    if (end - in < 8) return nullptr;
    value = codecs::load<double>(in);
    return in + 8;
  }
  static constexpr std::size_t short_length_bytes = 1;
  static std::size_t short_length(const std::uint8_t* in) noexcept { return *in; }
  static codecs::Varint length(const std::uint8_t* in, const std::uint8_t* end) noexcept {
    return codecs::bodies::protobuf::read_length(in, end);
  }
};

}  // namespace koine::transcode
