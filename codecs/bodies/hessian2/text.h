// Hessian 2.0 texts and octets: pieces (chunks), the last of which is marked.
//
//   text     00-1f: 0-31 units; 30-33 b: up to 3ff units; 53 b b: up to ffff units; 52 b b: the same, and a
//            further piece follows
//   octets   20-2f: 0-15 bytes; 34-37 b: up to 3ff bytes; 42 b b: up to ffff; 41 b b: the same, and more
//            follows
//
// A text's length counts UTF-16 units, and each unit is written alone, in one to three bytes, as UTF-8 would
// a character of that number: U+1F600 is 02 ed a0 bd ed b8 80, and a four-byte form is none (dubbo-hessian-
// lite: Hessian2Output.printString, Hessian2Input.parseUTF8Char). How many bytes a text has shows only when
// one has gone over it. A pair of units may be cut by the end of a piece (Go does; Java does not).
//
// Raw pointers, no state. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace koine::codecs::bodies::hessian2 {

inline bool is_text_lead(std::uint8_t lead) noexcept {
  return lead < 0x20 || (lead >= 0x30 && lead <= 0x33) || lead == 0x52 || lead == 0x53;
}
inline bool is_octets_lead(std::uint8_t lead) noexcept {
  return (lead >= 0x20 && lead < 0x30) || (lead >= 0x34 && lead <= 0x37) || lead == 0x41 || lead == 0x42;
}

struct Piece {
  const std::uint8_t* begin;  // behind the length; null: cut off, or the lead of something else
  std::size_t size;           // units of a text, bytes of octets
  bool is_last;
};
Piece read_text_piece(const std::uint8_t* p, const std::uint8_t* end) noexcept;
// (Checks that the bytes are there.)
Piece read_octets_piece(const std::uint8_t* p, const std::uint8_t* end) noexcept;

inline constexpr std::size_t short_text_max = 31;
// Copies at most short_text_max bytes, touching no others; are they ASCII?
[[gnu::always_inline]] inline bool copy_short(std::uint8_t* out, const std::uint8_t* from,
                                              std::size_t size) noexcept {
  const auto copy = [&]<class Word>(Word) {
    Word first;
    Word last;  // overlaps the first one
    std::memcpy(&first, from, sizeof first);
    std::memcpy(&last, from + size - sizeof last, sizeof last);
    std::memcpy(out, &first, sizeof first);
    std::memcpy(out + size - sizeof last, &last, sizeof last);
    return static_cast<std::uint64_t>(first | last);
  };
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  if (size >= 16) {
    std::uint64_t words[4];
    std::memcpy(words, from, 16);
    std::memcpy(words + 2, from + size - 16, 16);
    std::memcpy(out, words, 16);
    std::memcpy(out + size - 16, words + 2, 16);
    return ((words[0] | words[1] | words[2] | words[3]) & high_bits) == 0;
  }
  if (size >= 8) return (copy(std::uint64_t{}) & high_bits) == 0;
  if (size >= 4) return (copy(std::uint32_t{}) & high_bits) == 0;
  std::uint8_t bits = 0;
  for (std::size_t i = 0; i < size; ++i) {
    bits |= from[i];
    out[i] = from[i];
  }
  return bits < 0x80;
}

// Is the text at `p`, of which there is a byte, one piece of at most 31 units that are ASCII, as nearly every
// one is? Then its size is *p, and all of it is there. False for others, and at times near the end for those
// as well.
[[gnu::always_inline]] inline bool is_short_ascii(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  const std::size_t size = *p;
  if (size > short_text_max) return false;
#if defined(__SSE2__)
  if (end - p > 32) [[likely]] {
    const auto high_bits = [p](std::size_t at) {
      return static_cast<unsigned>(
          _mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p + at))));
    };
    const unsigned mask = high_bits(1) | high_bits(17) << 16;
    return (mask & ((1u << size) - 1)) == 0;
  }
#endif
  if (static_cast<std::size_t>(end - p) <= size) return false;
  std::uint8_t bits = 0;
  for (std::size_t i = 1; i <= size; ++i) bits |= p[i];
  return bits < 0x80;
}

// Copies at most short_text_max bytes that lie before `end`, into room for short_text_max + 1; are they
// ASCII?
[[gnu::always_inline]] inline bool copy_short_ascii(const std::uint8_t* p, std::size_t size,
                                                    const std::uint8_t* end, std::uint8_t* out) noexcept {
#if defined(__SSE2__)
  if (end - p >= 32) [[likely]] {
    const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), low);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16), high);
    const unsigned mask =
        static_cast<unsigned>(_mm_movemask_epi8(low)) | static_cast<unsigned>(_mm_movemask_epi8(high)) << 16;
    return (mask & ((1u << size) - 1)) == 0;
  }
#endif
  return copy_short(out, p, size);
}

// Steps over all pieces; null: cut off, or malformed.
const std::uint8_t* skip_any_text(const std::uint8_t* p, const std::uint8_t* end) noexcept;
inline const std::uint8_t* skip_text(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  return p != end && is_short_ascii(p, end) ? p + 1 + *p : skip_any_text(p, end);
}
const std::uint8_t* skip_octets(const std::uint8_t* p, const std::uint8_t* end) noexcept;

struct Extent {
  const std::uint8_t* next;  // behind the value; null: cut off, or malformed
  std::size_t bytes;         // what it will have, put together: in UTF-8, where it is a text
  bool is_unicode;           // false: a text with a unit that is half of a pair, which UTF-8 has no form for
};
Extent measure_text(const std::uint8_t* p, const std::uint8_t* end) noexcept;
Extent measure_octets(const std::uint8_t* p, const std::uint8_t* end) noexcept;

// Puts together what was measured at `p`, and nothing else. Exactly Extent::bytes are written, and room for
// copy_slack_bytes more has to be there.
inline constexpr std::size_t copy_slack_bytes = 16;
std::uint8_t* copy_text(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t* out) noexcept;
std::uint8_t* copy_octets(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t* out) noexcept;

// A whole text as a view: of its own bytes where it is one piece of ASCII, as nearly every name is, else of
// what `store` is then given. Returns what is behind it; null: cut off, malformed, or not Unicode.
const std::uint8_t* read_text(const std::uint8_t* p, const std::uint8_t* end, std::string& store,
                              std::string_view& text);

// How many bytes `size` bytes of well-formed UTF-8 take at most, with all lengths.
constexpr std::size_t written_text_bytes_max(std::size_t size) noexcept {
  return size + size / 2 + size / 0x8000 * 3 + 8 + copy_slack_bytes;
}
constexpr std::size_t written_octets_bytes_max(std::size_t size) noexcept {
  return size + size / 0x8000 * 3 + 8;
}
// Writes well-formed UTF-8 as Java does: pieces of 8000 (hexadecimal) units, no pair cut.
std::uint8_t* write_any_text(std::uint8_t* out, const std::uint8_t* utf8, std::size_t size) noexcept;
inline std::uint8_t* write_text(std::uint8_t* out, const std::uint8_t* utf8, std::size_t size) noexcept {
  if (size > short_text_max || !copy_short(out + 1, utf8, size)) return write_any_text(out, utf8, size);
  *out = static_cast<std::uint8_t>(size);
  return out + 1 + size;
}
std::uint8_t* write_octets(std::uint8_t* out, const std::uint8_t* octets, std::size_t size) noexcept;
void append_text(std::string& out, std::string_view utf8);
void append_octets(std::string& out, std::string_view octets);

}  // namespace koine::codecs::bodies::hessian2
