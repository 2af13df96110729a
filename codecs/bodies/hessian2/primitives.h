// Hessian 2.0, the scalar values on the wire, as dubbo-hessian-lite writes and reads them
// (Hessian2Output.java, Hessian2Input.java, Hessian2Constants.java). The first byte of a value, its lead,
// says what it is:
//
//   00-1f 30-33 52 53   text (text.h)             20-2f 34-37 41 42  octets (octets.h)
//   46 54               false, true               4e                 null
//   80-bf               int -16..47: lead - 90    d8-ef              long -8..15: lead - e0
//   c0-cf b             int -800..7ff             f0-ff b            long -800..7ff
//   d0-d7 b b           int -40000..3ffff         38-3f b b          long -40000..3ffff
//   49 b*4              int                       59 b*4             long of 32 bits
//   4c b*8              long                      4a b*8, 4b b*4     date: milliseconds, minutes since 1970
//   5b, 5c              0.0, 1.0                  5d b, 5e b b       double that is an int of 8, 16 bits
//   5f b*4              double: that int x 0.001  44 b*8             double
//   43 48 4d 4f 51 55-58 60-6f 70-7f              class definitions, maps, objects, references, lists
//   (walk.h) 40 45 47 50 5a                                no value: 5a ends lists and maps of unknown length
//
// Everything is big-endian. Raw pointers, no state. Any thread.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "codecs/wire.h"

namespace koine::codecs::bodies::hessian2 {

enum Lead : std::uint8_t {
  lead_octets_chunk = 0x41,
  lead_octets_last = 0x42,
  lead_definition = 0x43,
  lead_double = 0x44,
  lead_false = 0x46,
  lead_map = 0x48,
  lead_int = 0x49,
  lead_date = 0x4a,
  lead_date_minutes = 0x4b,
  lead_long = 0x4c,
  lead_typed_map = 0x4d,
  lead_null = 0x4e,
  lead_object = 0x4f,
  lead_reference = 0x51,
  lead_text_chunk = 0x52,
  lead_text_last = 0x53,
  lead_true = 0x54,
  lead_typed_list_open = 0x55,
  lead_typed_list = 0x56,
  lead_list_open = 0x57,
  lead_list = 0x58,
  lead_long_32 = 0x59,
  lead_end = 0x5a,
  lead_double_0 = 0x5b,
  lead_double_1 = 0x5c,
  lead_double_8 = 0x5d,
  lead_double_16 = 0x5e,
  lead_double_mill = 0x5f,
  lead_object_short = 0x60,      // to 6f: the index of its definition
  lead_typed_list_short = 0x70,  // to 77: the number of elements
  lead_list_short = 0x78,        // to 7f
  lead_int_zero = 0x90,
  lead_long_zero = 0xe0,
};

// How many bytes an int, long, double, date, boolean or null is, its lead included; 0: the lead of another.
inline constexpr std::array<std::uint8_t, 256> scalar_sizes = [] {
  std::array<std::uint8_t, 256> sizes{};
  const auto set = [&sizes](unsigned first, unsigned last, std::uint8_t bytes) {
    for (; first <= last; ++first) sizes[first] = bytes;
  };
  set(0x80, 0xff, 1);
  set(0xc0, 0xcf, 2);
  set(0xf0, 0xff, 2);
  set(0xd0, 0xd7, 3);
  set(0x38, 0x3f, 3);
  for (const std::uint8_t lead : {lead_null, lead_true, lead_false, lead_double_0, lead_double_1}) {
    sizes[lead] = 1;
  }
  for (const std::uint8_t lead : {lead_int, lead_long_32, lead_date_minutes, lead_double_mill}) {
    sizes[lead] = 5;
  }
  for (const std::uint8_t lead : {lead_long, lead_date, lead_double}) sizes[lead] = 9;
  sizes[lead_double_8] = 2;
  sizes[lead_double_16] = 3;
  return sizes;
}();
inline std::size_t scalar_bytes(std::uint8_t lead) noexcept { return scalar_sizes[lead]; }

struct Number {
  const std::uint8_t* next;  // null: cut off, or none of these forms
  std::int64_t value;
};

// An int or a long in any of its forms: peers whose language has one kind of integer write the other one.
namespace detail {
// The lead's distance from that of zero is the number's upper part.
constexpr std::int64_t upper(std::uint8_t lead, std::uint8_t zero, int bits) noexcept {
  return (std::int64_t{lead} - zero) * (std::int64_t{1} << bits);
}
template <std::int64_t low, std::int64_t high>
constexpr bool within(std::int64_t value) noexcept {
  return value >= low && value <= high;
}

inline std::uint8_t* write_16(std::uint8_t* out, std::uint8_t lead, std::int64_t value) noexcept {
  *out = lead;
  store_be16(out + 1, static_cast<std::uint16_t>(value));
  return out + 3;
}
inline std::uint8_t* write_32(std::uint8_t* out, std::uint8_t lead, std::int64_t value) noexcept {
  *out = lead;
  store_be32(out + 1, static_cast<std::uint32_t>(value));
  return out + 5;
}
inline std::uint8_t* write_64(std::uint8_t* out, std::uint8_t lead, std::uint64_t value) noexcept {
  *out = lead;
  store_be64(out + 1, value);
  return out + 9;
}
}  // namespace detail
inline Number read_integer(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  if (p == end) return {nullptr, 0};
  const std::uint8_t lead = *p++;
  const std::ptrdiff_t left = end - p;
  if (lead >= 0x80) {
    if (lead < 0xc0) return {p, detail::upper(lead, 0x90, 0)};
    if (lead >= 0xd8 && lead < 0xf0) return {p, detail::upper(lead, 0xe0, 0)};
    if (lead >= 0xd0 && lead < 0xd8) {
      return left < 2 ? Number{nullptr, 0} : Number{p + 2, detail::upper(lead, 0xd4, 16) + load_be16(p)};
    }
    return left < 1 ? Number{nullptr, 0}
                    : Number{p + 1, detail::upper(lead, lead < 0xd0 ? 0xc8 : 0xf8, 8) + *p};
  }
  if (lead >= 0x38 && lead <= 0x3f) {
    return left < 2 ? Number{nullptr, 0} : Number{p + 2, detail::upper(lead, 0x3c, 16) + load_be16(p)};
  }
  if (lead == lead_int || lead == lead_long_32) {
    return left < 4 ? Number{nullptr, 0} : Number{p + 4, static_cast<std::int32_t>(load_be32(p))};
  }
  if (lead == lead_long)
    return left < 8 ? Number{nullptr, 0} : Number{p + 8, static_cast<std::int64_t>(load_be64(p))};
  return {nullptr, 0};
}
// Milliseconds since 1970.
Number read_date(const std::uint8_t* p, const std::uint8_t* end) noexcept;

struct Real {
  const std::uint8_t* next;
  double value;
};
// A double in any of its forms.
Real read_double(const std::uint8_t* p, const std::uint8_t* end) noexcept;

// The shortest form, which is the one that hessian-lite writes. At most scalar_bytes_max bytes.
inline constexpr std::size_t scalar_bytes_max = 9;
inline std::uint8_t* write_int(std::uint8_t* out, std::int32_t value) noexcept {
  if (detail::within<-0x10, 0x2f>(value)) {
    *out = static_cast<std::uint8_t>(lead_int_zero + value);
    return out + 1;
  }
  if (detail::within<-0x800, 0x7ff>(value)) {
    store_be16(out, static_cast<std::uint16_t>(0xc800 + value));
    return out + 2;
  }
  if (detail::within<-0x40000, 0x3ffff>(value)) {
    return detail::write_16(out, static_cast<std::uint8_t>(0xd4 + (value >> 16)), value);
  }
  return detail::write_32(out, lead_int, value);
}

inline std::uint8_t* write_long(std::uint8_t* out, std::int64_t value) noexcept {
  if (detail::within<-0x08, 0x0f>(value)) {
    *out = static_cast<std::uint8_t>(lead_long_zero + value);
    return out + 1;
  }
  if (detail::within<-0x800, 0x7ff>(value)) {
    store_be16(out, static_cast<std::uint16_t>(0xf800 + value));
    return out + 2;
  }
  if (detail::within<-0x40000, 0x3ffff>(value)) {
    return detail::write_16(out, static_cast<std::uint8_t>(0x3c + (value >> 16)), value);
  }
  if (value == static_cast<std::int32_t>(value)) return detail::write_32(out, lead_long_32, value);
  return detail::write_64(out, lead_long, static_cast<std::uint64_t>(value));
}
std::uint8_t* write_date(std::uint8_t* out, std::int64_t milliseconds) noexcept;
// The same, but -0.0 keeps its sign, and thousandths are written as such only where readers that multiply
// (Java) and readers that divide (Go) get the same double.
std::uint8_t* write_double(std::uint8_t* out, double value) noexcept;
inline std::uint8_t* write_boolean(std::uint8_t* out, bool value) noexcept {
  *out = value ? lead_true : lead_false;
  return out + 1;
}

}  // namespace koine::codecs::bodies::hessian2
