// Values of Hessian2 that nothing lies in, read where they stand into binary bytes: the forms that nearly all
// of them have. Every other form, and whatever is refused, is for HessianReader, which has the words for it.
// Internal to hessian_reader*.cc.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/wire.h"
#include "transcode/hessian_schema.h"

namespace koine::transcode {

// Integers of one to three bytes: what is left of the first eight, shifted, without the form's zero. Which
// form a number has is nothing that a processor could foresee.
struct HessianIntForm {
  std::int32_t zero = 0;
  std::uint8_t shift = 0;
  std::uint8_t bytes = 0;  // 0: the lead of something longer, or else
};
inline constexpr std::array<HessianIntForm, 256> hessian_int_forms = [] {
  std::array<HessianIntForm, 256> forms{};
  const auto set = [&forms](unsigned first, unsigned last, unsigned zero, unsigned bytes) {
    for (; first <= last; ++first) {
      forms[first] = {static_cast<std::int32_t>(zero << (8 * bytes - 8)),
                      static_cast<std::uint8_t>(64 - 8 * bytes), static_cast<std::uint8_t>(bytes)};
    }
  };
  set(0x80, 0xbf, 0x90, 1);
  set(0xc0, 0xcf, 0xc8, 2);
  set(0xd0, 0xd7, 0xd4, 3);
  set(0xd8, 0xef, 0xe0, 1);
  set(0xf0, 0xff, 0xf8, 2);
  set(0x38, 0x3f, 0x3c, 3);
  return forms;
}();

[[gnu::always_inline]] inline codecs::bodies::hessian2::Number take_integer(
    const std::uint8_t* p, const std::uint8_t* end) noexcept {
  if (end - p >= 8) [[likely]] {
    const HessianIntForm form = hessian_int_forms[*p];
    if (form.bytes != 0) [[likely]]
      return {p + form.bytes, static_cast<std::int64_t>(codecs::load_be64(p) >> form.shift) - form.zero};
  }
  return codecs::bodies::hessian2::read_integer(p, end);
}

// As hessian2::write_int and write_long do it: each of the short forms is the number and the form's zero, in
// so many bytes. Room for eight.
struct HessianWrittenForm {
  std::int64_t zero;
  std::int64_t mask;
  unsigned bytes;
};
[[gnu::always_inline]] inline std::uint8_t* put_form(std::uint8_t* out, const HessianWrittenForm& form,
                                                     std::int64_t value) noexcept {
  const std::int64_t whole = (value & form.mask) + form.zero;
  codecs::store_be64(out, static_cast<std::uint64_t>(whole) << (64 - 8 * form.bytes));
  return out + form.bytes;
}
// Which of four: as far as `first`, 2048 and 262144 on the negative side.
[[gnu::always_inline]] inline unsigned form_of(std::uint32_t bits, std::uint32_t first,
                                               std::uint32_t size) noexcept {
  return unsigned{bits + first >= size} + unsigned{bits + 0x800 >= 0x1000} +
         unsigned{bits + 0x40000 >= 0x80000};
}
[[gnu::always_inline]] inline std::uint8_t* put_integer(std::uint8_t* out, std::int32_t value) noexcept {
  static constexpr HessianWrittenForm forms[] = {
      {0x90, -1, 1}, {0xc800, -1, 2}, {0xd40000, -1, 3}, {0x4900000000, 0xffffffff, 5}};
  return put_form(out, forms[form_of(static_cast<std::uint32_t>(value), 0x10, 0x40)], value);
}
[[gnu::always_inline]] inline std::uint8_t* put_integer(std::uint8_t* out, std::int64_t value) noexcept {
  static constexpr HessianWrittenForm forms[] = {
      {0xe0, -1, 1}, {0xf800, -1, 2}, {0x3c0000, -1, 3}, {0x5900000000, 0xffffffff, 5}};
  if (value != static_cast<std::int32_t>(value)) return codecs::bodies::hessian2::write_long(out, value);
  return put_form(out, forms[form_of(static_cast<std::uint32_t>(value), 0x08, 0x18)], value);
}

// How much room there has to be at `out`.
inline constexpr std::size_t leaf_bytes_max = 4 + codecs::bodies::hessian2::short_text_max + 1;

// Where the leaf at `p` ends, if it has one of its usual forms; else null.
[[gnu::always_inline]] inline const std::uint8_t* behind_leaf(const std::uint8_t* p,
                                                              const std::uint8_t* end) noexcept {
  if (p == end) return nullptr;
  const std::size_t bytes = codecs::bodies::hessian2::scalar_sizes[*p];
  if (bytes != 0) return bytes <= static_cast<std::size_t>(end - p) ? p + bytes : nullptr;
  return codecs::bodies::hessian2::is_short_ascii(p, end) ? p + 1 + *p : nullptr;
}

// The value at `p`, which moves behind it as `out` does behind what was written; false: nothing was done.
[[gnu::always_inline]] inline bool take_leaf(HessianLeaf leaf, const std::uint8_t*& p,
                                             const std::uint8_t* end, std::uint8_t*& out) noexcept {
  namespace hessian2 = codecs::bodies::hessian2;
  if (p == end) [[unlikely]]
    return false;
  switch (leaf) {
    case HessianLeaf::none: return false;
    case HessianLeaf::text: {
      const std::size_t size = *p;
      if (size > hessian2::short_text_max || static_cast<std::size_t>(end - p) <= size) return false;
      if (!hessian2::copy_short_ascii(p + 1, size, end, out + 4)) return false;
      codecs::store_be32(out, static_cast<std::uint32_t>(size));
      p += 1 + size;
      out += 4 + size;
      return true;
    }
    case HessianLeaf::i32: {
      const hessian2::Number number = take_integer(p, end);
      if (number.next == nullptr || number.value != static_cast<std::int32_t>(number.value)) return false;
      p = number.next;
      codecs::store_be32(out, static_cast<std::uint32_t>(number.value));
      out += 4;
      return true;
    }
    case HessianLeaf::i64: {
      const hessian2::Number number = take_integer(p, end);
      if (number.next == nullptr) return false;
      p = number.next;
      codecs::store_be64(out, static_cast<std::uint64_t>(number.value));
      out += 8;
      return true;
    }
    case HessianLeaf::boolean:
      if (*p != hessian2::lead_true && *p != hessian2::lead_false) return false;
      *out++ = *p++ == hessian2::lead_true ? 1 : 0;
      return true;
    case HessianLeaf::f64: {
      const hessian2::Real real = hessian2::read_double(p, end);
      if (real.next == nullptr) return false;
      p = real.next;
      codecs::store_be64(out, std::bit_cast<std::uint64_t>(real.value));
      out += 8;
      return true;
    }
  }
  return false;
}

// The same the other way: the binary value at `p`, of which nothing has been looked at.
[[gnu::always_inline]] inline bool put_leaf(HessianLeaf leaf, const std::uint8_t*& p, const std::uint8_t* end,
                                            std::uint8_t*& out) noexcept {
  namespace hessian2 = codecs::bodies::hessian2;
  const auto left = static_cast<std::size_t>(end - p);
  switch (leaf) {
    case HessianLeaf::none: return false;
    case HessianLeaf::text: {
      if (left < 4) return false;
      const std::size_t size = codecs::load_be32(p);
      if (size > hessian2::short_text_max || left - 4 < size) return false;
      if (!hessian2::copy_short_ascii(p + 4, size, end, out + 1)) return false;
      *out = static_cast<std::uint8_t>(size);
      p += 4 + size;
      out += 1 + size;
      return true;
    }
    case HessianLeaf::i32:
      if (left < 4) return false;
      out = put_integer(out, static_cast<std::int32_t>(codecs::load_be32(p)));
      p += 4;
      return true;
    case HessianLeaf::i64:
      if (left < 8) return false;
      out = put_integer(out, static_cast<std::int64_t>(codecs::load_be64(p)));
      p += 8;
      return true;
    case HessianLeaf::boolean:
      if (left < 1) return false;
      out = hessian2::write_boolean(out, *p++ != 0);
      return true;
    case HessianLeaf::f64:
      if (left < 8) return false;
      out = hessian2::write_double(out, std::bit_cast<double>(codecs::load_be64(p)));
      p += 8;
      return true;
  }
  return false;
}

// A field's front in the binary protocol. A value of one byte at least follows.
inline constexpr std::size_t leaf_head_bytes = codecs::bodies::thrift_binary::field_head_bytes;
[[gnu::always_inline]] inline void put_leaf_head(std::uint8_t* out, const HessianField& field) noexcept {
  codecs::store_be32(out, field.head << 8);
}
// Does this field come next, a leaf?
[[gnu::always_inline]] inline bool is_leaf_next(const std::uint8_t* p, const std::uint8_t* end,
                                                const HessianField& field) noexcept {
  return field.leaf != HessianLeaf::none && end - p > static_cast<std::ptrdiff_t>(leaf_head_bytes) &&
         codecs::load_be32(p) >> 8 == field.head;
}

}  // namespace koine::transcode
