// Escapes.
#include "codecs/bodies/json/text.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "codecs/bodies/json/quick.h"
#include "codecs/wire.h"

namespace koine::codecs::bodies::json {
namespace {

unsigned hex_value(char c) {
  if (c <= '9') return static_cast<unsigned>(c - '0');
  return static_cast<unsigned>((c | 0x20) - 'a' + 10);
}

unsigned hex_unit(const char* p) {
  return hex_value(p[0]) << 12 | hex_value(p[1]) << 8 | hex_value(p[2]) << 4 | hex_value(p[3]);
}

std::uint8_t* put_utf8(std::uint8_t* out, unsigned point) {
  if (point < 0x80) {
    *out++ = static_cast<std::uint8_t>(point);
  } else if (point < 0x800) {
    *out++ = static_cast<std::uint8_t>(0xC0 | point >> 6);
    *out++ = static_cast<std::uint8_t>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    *out++ = static_cast<std::uint8_t>(0xE0 | point >> 12);
    *out++ = static_cast<std::uint8_t>(0x80 | (point >> 6 & 0x3F));
    *out++ = static_cast<std::uint8_t>(0x80 | (point & 0x3F));
  } else {
    *out++ = static_cast<std::uint8_t>(0xF0 | point >> 18);
    *out++ = static_cast<std::uint8_t>(0x80 | (point >> 12 & 0x3F));
    *out++ = static_cast<std::uint8_t>(0x80 | (point >> 6 & 0x3F));
    *out++ = static_cast<std::uint8_t>(0x80 | (point & 0x3F));
  }
  return out;
}

// What stands behind the backslash for a byte: 0 = the byte stands for itself, 'u' = \u00XX.
constexpr std::array<char, 256> escapes = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

}  // namespace

std::uint8_t* unescape(std::string_view raw, std::uint8_t* out) noexcept {
  const char* p = raw.data();
  const char* end = p + raw.size();
  while (p != end) {
    const auto* slash = static_cast<const char*>(std::memchr(p, '\\', static_cast<std::size_t>(end - p)));
    const auto plain = static_cast<std::size_t>((slash == nullptr ? end : slash) - p);
    std::memcpy(out, p, plain);
    out += plain;
    if (slash == nullptr) break;
    p = slash + 2;
    switch (slash[1]) {
      case 'b': *out++ = '\b'; break;
      case 'f': *out++ = '\f'; break;
      case 'n': *out++ = '\n'; break;
      case 'r': *out++ = '\r'; break;
      case 't': *out++ = '\t'; break;
      case 'u': {
        unsigned point = hex_unit(p);
        p += 4;
        if (point >= 0xD800 && point <= 0xDBFF) {
          point = 0x10000 + ((point - 0xD800) << 10) + (hex_unit(p + 2) - 0xDC00);
          p += 6;
        }
        out = put_utf8(out, point);
        break;
      }
      default: *out++ = static_cast<std::uint8_t>(slash[1]); break;
    }
  }
  return out;
}

std::string_view unescape(std::string_view raw, bool escaped, base::Arena& arena) {
  if (!escaped) return raw;
  auto* out = static_cast<std::uint8_t*>(arena.allocate(raw.size(), 1));
  const std::uint8_t* end = unescape(raw, out);
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(end - out)};
}

std::size_t plain_prefix(const std::uint8_t* text, std::size_t size, bool& ascii) noexcept {
  std::size_t at = 0;
#if defined(__SSE2__)
  for (; at + 16 <= size; at += 16) {
    const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at));
    const int found = _mm_movemask_epi8(special_in(chunk));
    const int high = _mm_movemask_epi8(chunk);
    if (found != 0) {
      const int plain = std::countr_zero(static_cast<unsigned>(found));
      ascii &= (high & ((1 << plain) - 1)) == 0;
      return at + static_cast<std::size_t>(plain);
    }
    ascii &= high == 0;
  }
#endif
  for (; at < size && escapes[text[at]] == 0; ++at) ascii &= text[at] < 0x80;
  return at;
}

namespace {

// Is there a byte in the word that must be escaped? Eight at once: what is below 0x20 borrows from its top
// bit, and so does, once it is zero, what was a quote or a backslash. What has the top bit is none of them.
bool is_special(std::uint64_t word) noexcept {
  constexpr std::uint64_t each = 0x0101010101010101u;
  const std::uint64_t borrows =
      (word - each * 0x20) | ((word ^ each * '"') - each) | ((word ^ each * '\\') - each);
  return (borrows & ~word & each * 0x80) != 0;
}

// A text of up to 15 bytes in two pieces that may overlap; false when one of its bytes must be escaped.
bool copy_short(std::uint8_t* out, const std::uint8_t* text, std::size_t size) noexcept {
  if (size >= 8) {
    const auto first = load<std::uint64_t>(text);
    const auto last = load<std::uint64_t>(text + size - 8);
    store(out, first);
    store(out + size - 8, last);
    return !is_special(first) && !is_special(last);
  }
  if (size >= 4) {
    const auto first = load<std::uint32_t>(text);
    const auto last = load<std::uint32_t>(text + size - 4);
    store(out, first);
    store(out + size - 4, last);
    return !is_special(first | std::uint64_t{last} << 32);
  }
  if (size == 0) return true;
  const std::uint8_t first = text[0];
  const std::uint8_t middle = text[size >> 1];
  const std::uint8_t last = text[size - 1];
  out[0] = first;
  out[size >> 1] = middle;
  out[size - 1] = last;
  return (escapes[first] | escapes[middle] | escapes[last]) == 0;
}

}  // namespace

std::uint8_t* write_plain_string(std::uint8_t* out, std::string_view text) noexcept {
  const auto* in = reinterpret_cast<const std::uint8_t*>(text.data());
  std::size_t size = text.size();
  *out++ = '"';
#if defined(__SSE2__)
  if (size >= 16) {
    __m128i special = _mm_setzero_si128();
    const auto copy = [&](std::size_t at) {
      const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + at));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + at), chunk);
      special = _mm_or_si128(special, special_in(chunk));
    };
    for (std::size_t at = 0; at + 16 <= size; at += 16) copy(at);
    copy(size - 16);  // the rest, together with bytes that were seen already
    if (_mm_movemask_epi8(special) != 0) return nullptr;
    out[size] = '"';
    return out + size + 1;
  }
#else
  for (; size >= 16; size -= 8, in += 8, out += 8) {
    if (!copy_short(out, in, 8)) return nullptr;
  }
#endif
  if (!copy_short(out, in, size)) return nullptr;
  out[size] = '"';
  return out + size + 1;
}

namespace {

// Calls `plain` with every stretch of bytes that stand for themselves, `escaped` with every other byte.
template <class Plain, class Escaped>
void for_each_part(std::string_view text, const Plain& plain, const Escaped& escaped) {
  const auto* p = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::uint8_t* const end = p + text.size();
  bool ascii = true;
  while (p != end) {
    const std::size_t size = plain_prefix(p, static_cast<std::size_t>(end - p), ascii);
    if (size != 0) plain(p, size);
    p += size;
    if (p != end) escaped(*p++);
  }
}

}  // namespace

std::size_t string_bytes(std::string_view text) noexcept {
  std::size_t bytes = 2;
  for_each_part(
      text, [&](const std::uint8_t* /*p*/, std::size_t size) { bytes += size; },
      [&](std::uint8_t c) { bytes += escapes[c] == 'u' ? 6u : 2u; });
  return bytes;
}

std::uint8_t* write_string(std::uint8_t* out, std::string_view text) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  *out++ = '"';
  for_each_part(
      text,
      [&](const std::uint8_t* p, std::size_t size) {
        std::memcpy(out, p, size);
        out += size;
      },
      [&](std::uint8_t c) {
        *out++ = '\\';
        *out++ = static_cast<std::uint8_t>(escapes[c]);
        if (escapes[c] != 'u') return;
        *out++ = '0';
        *out++ = '0';
        *out++ = static_cast<std::uint8_t>(digits[c >> 4]);
        *out++ = static_cast<std::uint8_t>(digits[c & 0x0F]);
      });
  *out++ = '"';
  return out;
}

}  // namespace koine::codecs::bodies::json
