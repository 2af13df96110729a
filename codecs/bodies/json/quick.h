// Short looks at JSON text, in line: what nearly every string and number is, many bytes at once. Whatever
// needs a closer look is left to the tokenizer. Raw pointers, no state. Any thread.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "codecs/utf8.h"
#include "codecs/wire.h"

namespace koine::codecs::bodies::json {

#if defined(__SSE2__)
// Its bytes are not zero where those of `chunk` must be escaped in a string: controls, quote, backslash.
[[gnu::always_inline]] inline __m128i special_in(__m128i chunk) noexcept {
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(chunk, _mm_set1_epi8(0x1f)), chunk);
  const __m128i quote = _mm_cmpeq_epi8(chunk, _mm_set1_epi8('"'));
  const __m128i slash = _mm_cmpeq_epi8(chunk, _mm_set1_epi8('\\'));
  return _mm_or_si128(control, _mm_or_si128(quote, slash));
}
#endif

// Behind a string's first quote: where its last one is, if the string is UTF-8 without escapes and all of it
// can be read in pieces of 16 bytes before `end`; else null, and nothing is said of it.
[[gnu::always_inline]] inline const std::uint8_t* plain_end(const std::uint8_t* text,
                                                            const std::uint8_t* end) noexcept {
#if defined(__SSE2__)
  int high = 0;
  for (const std::uint8_t* at = text; end - at >= 16; at += 16) {
    const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(special_in(chunk)));
    if (found == 0) {
      high |= _mm_movemask_epi8(chunk);
      continue;
    }
    const int plain = std::countr_zero(found);
    high |= _mm_movemask_epi8(chunk) & ((1 << plain) - 1);
    at += plain;
    if (*at != '"') return nullptr;
    if (high != 0 && !is_utf8(text, static_cast<std::size_t>(at - text))) return nullptr;
    return at;
  }
#else
  static_cast<void>(text);
  static_cast<void>(end);
#endif
  return nullptr;
}

// How many of the eight bytes are digits, from the lowest on, up to the first that is none.
inline unsigned digits_in(std::uint64_t word) noexcept {
  const std::uint64_t values = word ^ 0x3030303030303030u;
  const std::uint64_t others = ((values + 0x0606060606060606u) | values) & 0xf0f0f0f0f0f0f0f0u;
  return static_cast<unsigned>(std::countr_zero(others)) >> 3;
}
// The number that the first `count` digits are, 1 to 8.
inline std::uint32_t number_of(std::uint64_t word, unsigned count) noexcept {
  // One below the other, pairs, fours: each step all of them at once. What is shifted in are zeros in front.
  std::uint64_t values = (word ^ 0x3030303030303030u) << (64 - 8 * count);
  values = values * 10 + (values >> 8);
  const std::uint64_t odd = (values & 0x000000ff000000ffu) * 0x000f424000000064u;
  const std::uint64_t even = (values >> 16 & 0x000000ff000000ffu) * 0x0000271000000001u;
  return static_cast<std::uint32_t>((odd + even) >> 32);
}

// An integer of at most 15 digits, as JSON writes them, and what is read for it.
inline constexpr std::size_t quick_integer_bytes = 17;
// Where it ends; null when there is none or a longer one. Reads quick_integer_bytes at `text`.
[[gnu::always_inline]] inline const std::uint8_t* quick_integer(const std::uint8_t* text,
                                                                std::int64_t& value) noexcept {
  const bool negative = *text == '-';
  text += negative;
  const auto word = load<std::uint64_t>(text);
  unsigned count = digits_in(word);
  if (count == 0 || (*text == '0' && count > 1)) return nullptr;
  auto magnitude = static_cast<std::int64_t>(number_of(word, count));
  if (count == 8) {
    static constexpr std::int64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    const auto rest = load<std::uint64_t>(text + 8);
    const unsigned more = digits_in(rest);
    if (more == 8) return nullptr;
    if (more != 0) magnitude = magnitude * tens[more] + number_of(rest, more);
    count += more;
  }
  value = negative ? -magnitude : magnitude;
  return text + count;
}

}  // namespace koine::codecs::bodies::json
