// UTF-8: 16 bytes at once while they are ASCII; of the rest what is long as utf8_wide.cc does it, the others
// by a byte automaton.
#include "codecs/utf8.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "codecs/utf8_wide.h"
#include "codecs/wire.h"

namespace koine::codecs {
namespace {

// The end of the ASCII run at the front.
const std::uint8_t* skip_ascii(const std::uint8_t* p, const std::uint8_t* end) noexcept {
#if defined(__SSE2__)
  while (end - p >= 16) {
    const int high = _mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    if (high != 0) return p + __builtin_ctz(static_cast<unsigned>(high));
    p += 16;
  }
#endif
  while (end - p >= 8) {
    const std::uint64_t high = load<std::uint64_t>(p) & 0x8080808080808080u;
    if (high != 0) return p + (std::countr_zero(high) >> 3);
    p += 8;
  }
  while (p < end && *p < 0x80) ++p;
  return p;
}

bool is_tail(std::uint8_t byte) noexcept { return (byte & 0xc0) == 0x80; }

// The end of the multi-byte character at `p` (whose first byte is not ASCII); null when it is none.
const std::uint8_t* skip_character(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  const std::uint8_t lead = *p;
  const std::ptrdiff_t left = end - p;
  if (lead < 0xc2) return nullptr;  // a tail byte, or an overlong two-byte form
  if (lead < 0xe0) return left >= 2 && is_tail(p[1]) ? p + 2 : nullptr;
  if (lead < 0xf0) {
    if (left < 3 || !is_tail(p[1]) || !is_tail(p[2])) return nullptr;
    if (lead == 0xe0 && p[1] < 0xa0) return nullptr;   // overlong
    if (lead == 0xed && p[1] >= 0xa0) return nullptr;  // surrogate
    return p + 3;
  }
  if (lead > 0xf4 || left < 4 || !is_tail(p[1]) || !is_tail(p[2]) || !is_tail(p[3])) return nullptr;
  if (lead == 0xf0 && p[1] < 0x90) return nullptr;   // overlong
  if (lead == 0xf4 && p[1] >= 0x90) return nullptr;  // beyond U+10FFFF
  return p + 4;
}

}  // namespace

bool detail::is_utf8_by_bytes(const std::uint8_t* text, std::size_t size) noexcept {
  const std::uint8_t* p = text;
  const std::uint8_t* end = text + size;
  while (true) {
    p = skip_ascii(p, end);
    // Runs of multi-byte characters (a text in another script) stay in this loop.
    while (p != end && *p >= 0x80) {
      p = skip_character(p, end);
      if (p == nullptr) return false;
    }
    if (p == end) return true;
  }
}

bool is_utf8(const std::uint8_t* text, std::size_t size) noexcept {
#if defined(KOINE_UTF8_WIDE)
  static const bool wide = detail::has_wide_utf8();
  if (size >= detail::wide_utf8_bytes_min && wide) {
    const std::uint8_t* const end = text + size;
    text = skip_ascii(text, end);
    size = static_cast<std::size_t>(end - text);
    if (size >= detail::wide_utf8_bytes_min) return detail::is_utf8_wide(text, size);
  }
#endif
  return detail::is_utf8_by_bytes(text, size);
}

bool is_ascii(const std::uint8_t* text, std::size_t size) noexcept {
  return skip_ascii(text, text + size) == text + size;
}

std::string to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto* p = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::uint8_t* end = p + text.size();
  while (p != end) {
    const std::uint8_t* good = p;
    while (good != end) {
      const std::uint8_t* next = *good < 0x80 ? skip_ascii(good, end) : skip_character(good, end);
      if (next == nullptr) break;
      good = next;
    }
    out.append(reinterpret_cast<const char*>(p), static_cast<std::size_t>(good - p));
    p = good;
    if (p != end) {
      out.append("\xEF\xBF\xBD");
      ++p;
    }
  }
  return out;
}

std::string utf8_or_latin1(std::string_view text) {
  if (is_utf8(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())) return std::string(text);
  std::string utf8;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte >= 0x80) utf8.push_back(static_cast<char>(0xc0 | byte >> 6));
    utf8.push_back(static_cast<char>(byte < 0x80 ? byte : 0x80 | (byte & 0x3f)));
  }
  return utf8;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  // Steps back over continuation bytes; at most 3 in well-formed text.
  std::size_t end = bytes;
  while (end > 0 && bytes - end < 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace koine::codecs
