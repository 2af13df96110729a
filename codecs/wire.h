// The smallest pieces that body formats share: unaligned loads and stores, byte order, ULEB128 varints.
//
// A varint is 7 bits a byte, low group first, the top bit set on all but the last; at most 10 bytes for 64
// bits (protobuf's encoding specification; doc/specs/thrift-compact-protocol.md). Everything is inline and
// works on raw pointers: a reader returns the position behind what it read, or null when the bytes end first
// or are not a varint. Stateless, any thread.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace koine::codecs {

static_assert(std::endian::native == std::endian::little, "the loads and stores below assume little endian");

inline constexpr std::size_t varint_bytes_max = 10;

template <class T>
inline T load(const std::uint8_t* p) noexcept {
  T value;
  std::memcpy(&value, p, sizeof(T));
  return value;
}
template <class T>
inline void store(std::uint8_t* p, T value) noexcept {
  std::memcpy(p, &value, sizeof(T));
}
inline std::uint16_t load_be16(const std::uint8_t* p) noexcept {
  return __builtin_bswap16(load<std::uint16_t>(p));
}
inline std::uint32_t load_be32(const std::uint8_t* p) noexcept {
  return __builtin_bswap32(load<std::uint32_t>(p));
}
inline std::uint64_t load_be64(const std::uint8_t* p) noexcept {
  return __builtin_bswap64(load<std::uint64_t>(p));
}
inline void store_be16(std::uint8_t* p, std::uint16_t value) noexcept { store(p, __builtin_bswap16(value)); }
inline void store_be32(std::uint8_t* p, std::uint32_t value) noexcept { store(p, __builtin_bswap32(value)); }
inline void store_be64(std::uint8_t* p, std::uint64_t value) noexcept { store(p, __builtin_bswap64(value)); }

inline std::uint64_t zigzag(std::int64_t value) noexcept {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t unzigzag(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

// A position and what was read in front of it; two registers.
struct Varint {
  const std::uint8_t* next;  // null: truncated, or longer than varint_bytes_max
  std::uint64_t value;
};

namespace detail {

// Byte by byte: near the end of the input.
inline Varint read_varint_slow(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (p == end) return {nullptr, 0};
    const std::uint64_t byte = *p++;
    value |= (byte & 0x7f) << (shift & 63);  // bits beyond 64 are dropped, as libprotobuf does
    if (byte < 0x80) return {p, value};
  }
  return {nullptr, 0};
}

// The seven low bits of each of eight bytes, side by side.
inline std::uint64_t pack_sevens(std::uint64_t word) noexcept {
  word &= 0x7f7f7f7f7f7f7f7fu;
  word = (word & 0x007f007f007f007fu) | ((word & 0x7f007f007f007f00u) >> 1);
  word = (word & 0x00003fff00003fffu) | ((word & 0x3fff00003fff0000u) >> 2);
  return (word & 0x000000000fffffffu) | ((word & 0x0fffffff00000000u) >> 4);
}
// The same back, of a number of 56 bits.
inline std::uint64_t spread_sevens(std::uint64_t value) noexcept {
  std::uint64_t word = (value & 0x000000000fffffffu) | ((value & 0x00fffffff0000000u) << 4);
  word = (word & 0x00003fff00003fffu) | ((word & 0x0fffc0000fffc000u) << 2);
  return (word & 0x007f007f007f007fu) | ((word & 0x3f803f803f803f80u) << 1);
}

// Five bytes and more, eight bytes at once where they are there.
[[gnu::noinline]] inline Varint read_varint_wide(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  if (end - p < 8) [[unlikely]]
    return read_varint_slow(p, end);
  const std::uint64_t word = load<std::uint64_t>(p);
  const std::uint64_t stops = ~word & 0x8080808080808080u;
  if (stops == 0) {  // nine or ten, as a negative number of protobuf has
    if (end - p < 10) [[unlikely]]
      return read_varint_slow(p, end);
    const std::uint64_t low = pack_sevens(word) | static_cast<std::uint64_t>(p[8] & 0x7f) << 56;
    if (p[8] < 0x80) return {p + 9, low};
    if (p[9] >= 0x80) return {nullptr, 0};
    return {p + 10, low | static_cast<std::uint64_t>(p[9]) << 63};  // bits beyond 64 are dropped
  }
  // Everything up to the byte that ends it.
  return {p + (std::countr_zero(stops) >> 3) + 1, pack_sevens(word & (stops ^ (stops - 1)))};
}

// Two bytes and more. Numbers of one place tend to be of one length, so branches on it are predicted.
[[gnu::noinline]] inline Varint read_varint_long(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  // What the top bits of all but the last byte add is taken off at the end and at once.
  const std::ptrdiff_t left = end - p;
  if (left >= 2) [[likely]] {
    const std::uint32_t two = p[0] + (static_cast<std::uint32_t>(p[1]) << 7);
    if (p[1] < 0x80) return {p + 2, two - 0x80};
    if (left >= 3) [[likely]] {
      const std::uint32_t three = two + (static_cast<std::uint32_t>(p[2]) << 14);
      if (p[2] < 0x80) return {p + 3, three - 0x4080};
    }
  }
  return read_varint_wide(p, end);
}

[[gnu::noinline]] inline std::uint8_t* write_varint_wide(std::uint8_t* out, std::uint64_t value) noexcept {
  if (value >= (std::uint64_t{1} << 56)) {
    store(out, spread_sevens(value) | 0x8080808080808080u);
    out[8] = static_cast<std::uint8_t>(value >> 56);  // its top bit says that there is a tenth
    out[9] = 1;
    return out + 9 + (value >> 63);
  }
  const unsigned bytes = (static_cast<unsigned>(std::bit_width(value)) + 6) / 7;
  store(out, spread_sevens(value) | (0x8080808080808080u & ((std::uint64_t{1} << (8 * bytes - 8)) - 1)));
  return out + bytes;
}

[[gnu::noinline]] inline std::uint8_t* write_varint_long(std::uint8_t* out, std::uint64_t value) noexcept {
  out[0] = static_cast<std::uint8_t>(value | 0x80);
  if (value < (1u << 14)) {
    out[1] = static_cast<std::uint8_t>(value >> 7);
    return out + 2;
  }
  out[1] = static_cast<std::uint8_t>(value >> 7 | 0x80);
  if (value < (1u << 21)) {
    out[2] = static_cast<std::uint8_t>(value >> 14);
    return out + 3;
  }
  return write_varint_wide(out, value);
}

}  // namespace detail

[[gnu::always_inline]] inline Varint read_varint(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  if (p < end && *p < 0x80) [[likely]]
    return {p + 1, *p};
  return detail::read_varint_long(p, end);
}

// Writes into at least varint_bytes_max bytes of room (all of which may be overwritten).
[[gnu::always_inline]] inline std::uint8_t* write_varint(std::uint8_t* out, std::uint64_t value) noexcept {
  if (value < 0x80) [[likely]] {
    *out = static_cast<std::uint8_t>(value);
    return out + 1;
  }
  return detail::write_varint_long(out, value);
}

inline std::size_t varint_size(std::uint64_t value) noexcept {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

// Why a structural walk stopped.
enum class Fault : std::uint8_t { none, truncated, malformed, too_deep };

}  // namespace koine::codecs
