// The tables, and 32 bytes at a time.
#include "codecs/utf8_wide.h"

#if defined(KOINE_UTF8_WIDE)

#include <array>

#include <immintrin.h>

namespace koine::codecs::detail {
namespace {

// What two bytes can be wrong about. (A letter is any bit.)
constexpr std::uint8_t too_short = 1 << 0;   // 11xxxxxx, and no tail behind it
constexpr std::uint8_t too_long = 1 << 1;    // 0xxxxxxx 10xxxxxx
constexpr std::uint8_t overlong_3 = 1 << 2;  // 11100000 100xxxxx
constexpr std::uint8_t too_large = 1 << 3;   // 11110100 1001xxxx and beyond
constexpr std::uint8_t surrogate = 1 << 4;   // 11101101 101xxxxx
constexpr std::uint8_t overlong_2 = 1 << 5;  // 1100000x 10xxxxxx
constexpr std::uint8_t at_1000 = 1 << 6;     // 11110000 1000xxxx is overlong, 11110101 1000xxxx too large
constexpr std::uint8_t two_tails = 1 << 7;   // 10xxxxxx 10xxxxxx: right where a lead asks for it
// Told by the upper halves alone.
constexpr std::uint8_t any_low = too_short | too_long | two_tails;

using Table = std::array<std::uint8_t, 16>;

constexpr Table first_high = [] {
  Table table{};
  for (std::size_t i = 0; i < 8; ++i) table[i] = too_long;
  for (std::size_t i = 8; i < 12; ++i) table[i] = two_tails;
  table[12] = too_short | overlong_2;
  table[13] = too_short;
  table[14] = too_short | overlong_3 | surrogate;
  table[15] = too_short | too_large | at_1000;
  return table;
}();

constexpr Table first_low = [] {
  Table table{};
  for (std::size_t i = 0; i < 16; ++i) table[i] = any_low;
  table[0] |= overlong_2 | overlong_3 | at_1000;
  table[1] |= overlong_2;
  table[4] |= too_large;
  for (std::size_t i = 5; i < 16; ++i) table[i] |= too_large | at_1000;
  table[13] |= surrogate;
  return table;
}();

constexpr Table second_high = [] {
  Table table{};
  for (std::size_t i = 0; i < 16; ++i) table[i] = too_short;
  for (std::size_t i = 8; i < 12; ++i) table[i] = too_long | two_tails | overlong_2;
  table[8] |= overlong_3 | at_1000;
  table[9] |= overlong_3 | too_large;
  table[10] |= surrogate | too_large;
  table[11] |= surrogate | too_large;
  return table;
}();

#define KOINE_AVX2 [[gnu::target("avx2"), gnu::always_inline]] inline

KOINE_AVX2 __m256i load_table(const Table& table) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// `now` moved back by so many bytes, with the last ones of `before` in front.
template <int bytes>
KOINE_AVX2 __m256i shifted(__m256i before, __m256i now) {
  return _mm256_alignr_epi8(now, _mm256_permute2x128_si256(before, now, 0x21), 16 - bytes);
}

KOINE_AVX2 __m256i upper_half(__m256i bytes) {
  return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0f));
}

// Not zero where something is wrong with the bytes of `now`.
KOINE_AVX2 __m256i errors(__m256i before, __m256i now) {
  const __m256i first = shifted<1>(before, now);
  const __m256i low = _mm256_and_si256(first, _mm256_set1_epi8(0x0f));
  const __m256i pairs =
      _mm256_and_si256(_mm256_and_si256(_mm256_shuffle_epi8(load_table(first_high), upper_half(first)),
                                        _mm256_shuffle_epi8(load_table(first_low), low)),
                       _mm256_shuffle_epi8(load_table(second_high), upper_half(now)));
  // The top bit where a lead two or three bytes before asks for a tail: just there two tails are right.
  const __m256i of_three = _mm256_subs_epu8(shifted<2>(before, now), _mm256_set1_epi8(0xe0 - 0x80));
  const __m256i of_four = _mm256_subs_epu8(shifted<3>(before, now), _mm256_set1_epi8(0xf0 - 0x80));
  const __m256i asked =
      _mm256_and_si256(_mm256_or_si256(of_three, of_four), _mm256_set1_epi8(static_cast<char>(two_tails)));
  return _mm256_xor_si256(asked, pairs);
}

}  // namespace

bool has_wide_utf8() noexcept { return __builtin_cpu_supports("avx2") != 0; }

[[gnu::target("avx2")]] bool is_utf8_wide(const std::uint8_t* text, std::size_t size) noexcept {
  __m256i before = _mm256_setzero_si256();
  __m256i wrong = _mm256_setzero_si256();
  bool ascii = true;  // `before` is, so that nothing of it goes on
  std::size_t at = 0;
  for (; size - at >= 32; at += 32) {
    const __m256i now = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at));
    const bool plain = _mm256_movemask_epi8(now) == 0;
    if (!plain || !ascii) wrong = _mm256_or_si256(wrong, errors(before, now));
    ascii = plain;
    before = now;
  }
  // The rest together with bytes that were seen already.
  if (at != size) {
    const std::uint8_t* const last = text + size - 32;
    before = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(last - 32));
    const __m256i now = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(last));
    wrong = _mm256_or_si256(wrong, errors(before, now));
  }
  // No lead may ask for more than there is.
  if (text[size - 1] >= 0xc0 || text[size - 2] >= 0xe0 || text[size - 3] >= 0xf0) return false;
  return _mm256_testz_si256(wrong, wrong) != 0;
}

}  // namespace koine::codecs::detail

#endif
