// Texts unit by unit (sixteen at once while they are ASCII) and octets, piece by piece.
#include "codecs/bodies/hessian2/text.h"

#include <algorithm>
#include <cstring>

#include "codecs/bodies/hessian2/primitives.h"

namespace koine::codecs::bodies::hessian2 {
namespace {

constexpr std::size_t piece_units_max = 0x8000;

bool is_tail(std::uint8_t byte) noexcept { return (byte & 0xc0) == 0x80; }
// The first of the three bytes of half of a pair, and its second.
bool is_half(const std::uint8_t* p) noexcept { return p[0] == 0xed && p[1] >= 0xa0; }
bool is_high_half(const std::uint8_t* p) noexcept { return p[1] < 0xb0; }

// How many of the first `units` bytes are ASCII.
std::size_t ascii_run(const std::uint8_t* p, std::size_t units) noexcept {
  std::size_t at = 0;
#if defined(__SSE2__)
  for (; units - at >= 16; at += 16) {
    const int high = _mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p + at)));
    if (high != 0) return at + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(high)));
  }
#endif
  while (at < units && p[at] < 0x80) ++at;
  return at;
}

// The bytes of the unit at `p`, which is not ASCII; 0: cut off, or not the shortest form of a unit.
std::size_t unit_bytes(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  const std::ptrdiff_t left = end - p;
  if (*p >= 0xc2 && *p < 0xe0) return left >= 2 && is_tail(p[1]) ? 2 : 0;
  if (*p < 0xe0 || *p >= 0xf0 || left < 3 || !is_tail(p[1]) || !is_tail(p[2])) return 0;
  return *p == 0xe0 && p[1] < 0xa0 ? 0 : 3;
}

// Where the units of a text go to.
struct Skip {
  void run(const std::uint8_t*, std::size_t) noexcept {}
  void half(const std::uint8_t*) noexcept {}
};
struct Measure {
  std::size_t bytes = 0;
  bool has_high = false;  // half of a pair came last
  bool is_unicode = true;

  void run(const std::uint8_t*, std::size_t size) noexcept {
    if (size == 0) return;
    bytes += size;
    is_unicode = is_unicode && !has_high;
  }
  void half(const std::uint8_t* p) noexcept {
    if (is_high_half(p) == has_high) is_unicode = false;
    has_high = is_high_half(p);
    if (!has_high) bytes += 4;
  }
};
struct Copy {
  std::uint8_t* out;
  std::uint32_t high = 0;

  void run(const std::uint8_t* p, std::size_t size) noexcept {
    if (size <= copy_slack_bytes) {
      // Cut to pieces by one character or other, and short: most runs are.
      for (std::size_t i = 0; i < size; ++i) out[i] = p[i];
    } else {
      std::memcpy(out, p, size);
    }
    out += size;
  }
  void half(const std::uint8_t* p) noexcept {
    const std::uint32_t bits = (p[1] & 0x0fu) << 6 | (p[2] & 0x3fu);
    if (is_high_half(p)) {
      high = bits;
      return;
    }
    const std::uint32_t point = 0x10000 + (high << 10 | bits);
    *out++ = static_cast<std::uint8_t>(0xf0 | point >> 18);
    *out++ = static_cast<std::uint8_t>(0x80 | (point >> 12 & 0x3f));
    *out++ = static_cast<std::uint8_t>(0x80 | (point >> 6 & 0x3f));
    *out++ = static_cast<std::uint8_t>(0x80 | (point & 0x3f));
  }
};

template <class Sink>
const std::uint8_t* take_units(const std::uint8_t* p, const std::uint8_t* end, std::size_t units,
                               Sink& sink) noexcept {
  // A unit has a byte at least.
  if (units > static_cast<std::size_t>(end - p)) return nullptr;
  while (units != 0) {
    const std::size_t run = ascii_run(p, std::min(units, static_cast<std::size_t>(end - p)));
    sink.run(p, run);
    p += run;
    units -= run;
    while (units != 0) {
      if (p == end) return nullptr;
      if (*p < 0x80) break;
      const std::size_t bytes = unit_bytes(p, end);
      if (bytes == 0) return nullptr;
      if (is_half(p)) {
        sink.half(p);
      } else {
        sink.run(p, bytes);
      }
      p += bytes;
      --units;
    }
  }
  return p;
}

template <class Sink>
const std::uint8_t* take_text(const std::uint8_t* p, const std::uint8_t* end, Sink& sink) noexcept {
  while (true) {
    const Piece piece = read_text_piece(p, end);
    if (piece.begin == nullptr) return nullptr;
    p = take_units(piece.begin, end, piece.size, sink);
    if (p == nullptr || piece.is_last) return p;
  }
}

// A length of two bytes behind its lead.
Piece long_piece(const std::uint8_t* p, const std::uint8_t* end, bool is_last) noexcept {
  if (end - p < 3) return {nullptr, 0, true};
  return {p + 3, load_be16(p + 1), is_last};
}

// The units of well-formed UTF-8 up to `units_max` of them, or to its end; `p` moves behind them.
std::size_t next_units(const std::uint8_t*& p, const std::uint8_t* end, std::size_t units_max) noexcept {
  std::size_t units = 0;
  while (p != end && units < units_max) {
    const std::size_t run = ascii_run(p, std::min(units_max - units, static_cast<std::size_t>(end - p)));
    p += run;
    units += run;
    while (p != end && *p >= 0x80 && units < units_max) {
      const std::size_t wide = *p >= 0xf0 ? 2 : 1;
      if (units + wide > units_max) return units;
      p += *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : 2;
      units += wide;
    }
  }
  return units;
}

std::uint8_t* write_half(std::uint8_t* out, std::uint32_t unit) noexcept {
  out[0] = static_cast<std::uint8_t>(0xe0 | unit >> 12);
  out[1] = static_cast<std::uint8_t>(0x80 | (unit >> 6 & 0x3f));
  out[2] = static_cast<std::uint8_t>(0x80 | (unit & 0x3f));
  return out + 3;
}

// The characters of UTF-8 as units.
std::uint8_t* write_units(std::uint8_t* out, const std::uint8_t* p, const std::uint8_t* end) noexcept {
  Copy copy{out};
  while (p != end) {
    const std::uint8_t* from = p;
    while (p != end && *p < 0xf0) ++p;
    copy.run(from, static_cast<std::size_t>(p - from));
    if (p == end) break;
    const std::uint32_t point =
        ((p[0] & 0x07u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu)) - 0x10000;
    copy.out = write_half(copy.out, 0xd800 | point >> 10);
    copy.out = write_half(copy.out, 0xdc00 | (point & 0x3ff));
    p += 4;
  }
  return copy.out;
}

std::uint8_t* write_length(std::uint8_t* out, std::uint8_t lead, std::size_t size) noexcept {
  *out = lead;
  store_be16(out + 1, static_cast<std::uint16_t>(size));
  return out + 3;
}

}  // namespace

Piece read_text_piece(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  if (p == end) return {nullptr, 0, true};
  if (*p < 0x20) return {p + 1, *p, true};
  if (*p >= 0x30 && *p <= 0x33 && end - p >= 2) return {p + 2, (*p & 0x03u) << 8 | p[1], true};
  if (*p == lead_text_last || *p == lead_text_chunk) return long_piece(p, end, *p == lead_text_last);
  return {nullptr, 0, true};
}

Piece read_octets_piece(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  Piece piece{nullptr, 0, true};
  if (p == end) return piece;
  if (*p >= 0x20 && *p < 0x30) {
    piece = {p + 1, *p & 0x0fu, true};
  } else if (*p >= 0x34 && *p <= 0x37 && end - p >= 2) {
    piece = {p + 2, (*p & 0x03u) << 8 | p[1], true};
  } else if (*p == lead_octets_last || *p == lead_octets_chunk) {
    piece = long_piece(p, end, *p == lead_octets_last);
  }
  if (piece.begin != nullptr && piece.size > static_cast<std::size_t>(end - piece.begin))
    return {nullptr, 0, true};
  return piece;
}

const std::uint8_t* skip_any_text(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  Skip skip;
  return take_text(p, end, skip);
}

const std::uint8_t* skip_octets(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  return measure_octets(p, end).next;
}

Extent measure_text(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  Measure measure;
  const std::uint8_t* next = take_text(p, end, measure);
  return {next, measure.bytes, measure.is_unicode && !measure.has_high};
}

Extent measure_octets(const std::uint8_t* p, const std::uint8_t* end) noexcept {
  Extent extent{p, 0, true};
  while (true) {
    const Piece piece = read_octets_piece(extent.next, end);
    if (piece.begin == nullptr) return {nullptr, 0, true};
    extent.next = piece.begin + piece.size;
    extent.bytes += piece.size;
    if (piece.is_last) return extent;
  }
}

std::uint8_t* copy_text(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t* out) noexcept {
  Copy copy{out};
  take_text(p, end, copy);
  return copy.out;
}

std::uint8_t* copy_octets(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t* out) noexcept {
  while (true) {
    const Piece piece = read_octets_piece(p, end);
    if (piece.size != 0) std::memcpy(out, piece.begin, piece.size);
    out += piece.size;
    p = piece.begin + piece.size;
    if (piece.is_last) return out;
  }
}

const std::uint8_t* read_text(const std::uint8_t* p, const std::uint8_t* end, std::string& store,
                              std::string_view& text) {
  if (p != end && is_short_ascii(p, end)) [[likely]] {
    text = {reinterpret_cast<const char*>(p + 1), *p};
    return p + 1 + *p;
  }
  const Piece piece = read_text_piece(p, end);
  if (piece.begin == nullptr) return nullptr;
  if (piece.is_last && piece.size <= static_cast<std::size_t>(end - piece.begin) &&
      ascii_run(piece.begin, piece.size) == piece.size) {
    text = {reinterpret_cast<const char*>(piece.begin), piece.size};
    return piece.begin + piece.size;
  }
  const Extent extent = measure_text(p, end);
  if (extent.next == nullptr || !extent.is_unicode) return nullptr;
  store.resize(extent.bytes + copy_slack_bytes);
  copy_text(p, end, reinterpret_cast<std::uint8_t*>(store.data()));
  store.resize(extent.bytes);
  text = store;
  return extent.next;
}

std::uint8_t* write_any_text(std::uint8_t* out, const std::uint8_t* utf8, std::size_t size) noexcept {
  const std::uint8_t* const end = utf8 + size;
  while (true) {
    const std::uint8_t* const begin = utf8;
    const std::size_t units = next_units(utf8, end, piece_units_max);
    if (utf8 != end) {
      out = write_length(out, lead_text_chunk, units);
    } else if (units < 0x20) {
      *out++ = static_cast<std::uint8_t>(units);
    } else if (units < 0x400) {
      *out++ = static_cast<std::uint8_t>(0x30 | units >> 8);
      *out++ = static_cast<std::uint8_t>(units);
    } else {
      out = write_length(out, lead_text_last, units);
    }
    out = write_units(out, begin, utf8);
    if (utf8 == end) return out;
  }
}

std::uint8_t* write_octets(std::uint8_t* out, const std::uint8_t* octets, std::size_t size) noexcept {
  for (; size > piece_units_max; octets += piece_units_max, size -= piece_units_max) {
    out = write_length(out, lead_octets_chunk, piece_units_max);
    std::memcpy(out, octets, piece_units_max);
    out += piece_units_max;
  }
  if (size < 0x10) {
    *out++ = static_cast<std::uint8_t>(0x20 | size);
  } else if (size < 0x400) {
    *out++ = static_cast<std::uint8_t>(0x34 | size >> 8);
    *out++ = static_cast<std::uint8_t>(size);
  } else {
    out = write_length(out, lead_octets_last, size);
  }
  if (size != 0) std::memcpy(out, octets, size);
  return out + size;
}

void append_text(std::string& out, std::string_view utf8) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  if (utf8.size() <= short_text_max) {
    std::uint8_t text[1 + short_text_max];
    if (copy_short(text + 1, bytes, utf8.size())) {
      text[0] = static_cast<std::uint8_t>(utf8.size());
      out.append(reinterpret_cast<const char*>(text), 1 + utf8.size());
      return;
    }
  }
  const std::size_t at = out.size();
  out.resize(at + written_text_bytes_max(utf8.size()));
  auto* room = reinterpret_cast<std::uint8_t*>(out.data());
  const std::uint8_t* behind = write_any_text(room + at, bytes, utf8.size());
  out.resize(static_cast<std::size_t>(behind - room));
}

void append_octets(std::string& out, std::string_view octets) {
  const std::size_t at = out.size();
  out.resize(at + written_octets_bytes_max(octets.size()));
  auto* room = reinterpret_cast<std::uint8_t*>(out.data());
  const std::uint8_t* behind =
      write_octets(room + at, reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
  out.resize(static_cast<std::size_t>(behind - room));
}

}  // namespace koine::codecs::bodies::hessian2
