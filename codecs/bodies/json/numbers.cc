// Numbers as text.
#include "codecs/bodies/json/numbers.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "codecs/wire.h"

namespace koine::codecs::bodies::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A number by its parts: value = ± digits × 10^exponent, where digits are whole and fraction one after the
// other.
struct Parts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;  // of the text; cut to ±exponent_max
};

// What integers nearly always are: up to 18 digits, a sign in front perhaps.
bool parse_plain(std::string_view text, bool& negative, std::uint64_t& magnitude) {
  negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 18 || (text[0] == '0' && text.size() > 1)) return false;
  magnitude = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    magnitude = magnitude * 10 + static_cast<unsigned>(c - '0');
  }
  return true;
}

// Beyond any text's length, so that cutting changes no answer.
constexpr std::int64_t exponent_max = std::int64_t{1} << 40;

bool split(std::string_view text, Parts& parts) {
  std::size_t at = 0;
  const auto more = [&] { return at < text.size(); };
  const auto digits = [&] {
    const std::size_t first = at;
    while (more() && is_digit(text[at])) ++at;
    return text.substr(first, at - first);
  };
  parts.negative = more() && text[at] == '-';
  if (parts.negative) ++at;
  parts.whole = digits();
  if (parts.whole.empty() || (parts.whole.size() > 1 && parts.whole[0] == '0')) return false;
  if (more() && text[at] == '.') {
    ++at;
    parts.fraction = digits();
    if (parts.fraction.empty()) return false;
  }
  if (more() && (text[at] | 0x20) == 'e') {
    ++at;
    const bool down = more() && text[at] == '-';
    if (more() && (text[at] == '-' || text[at] == '+')) ++at;
    const std::string_view exponent = digits();
    if (exponent.empty()) return false;
    for (const char c : exponent) parts.exponent = std::min(parts.exponent * 10 + (c - '0'), exponent_max);
    if (down) parts.exponent = -parts.exponent;
  }
  return !more();
}

// The magnitude of an integer number.
Parsed parse_magnitude(const Parts& parts, std::uint64_t& magnitude) {
  const std::size_t count = parts.whole.size() + parts.fraction.size();
  const auto digit = [&](std::size_t i) {
    return i < parts.whole.size() ? parts.whole[i] : parts.fraction[i - parts.whole.size()];
  };
  std::size_t first = 0;
  while (first < count && digit(first) == '0') ++first;
  magnitude = 0;
  if (first == count) return Parsed::ok;  // zero, whatever the exponent
  std::size_t last = count;
  while (digit(last - 1) == '0') --last;
  const auto dropped = static_cast<std::int64_t>(count - last);
  const std::int64_t exponent = parts.exponent - static_cast<std::int64_t>(parts.fraction.size()) + dropped;
  if (exponent < 0) return Parsed::not_an_integer;
  if (static_cast<std::int64_t>(last - first) + exponent > 20) return Parsed::out_of_range;
  const auto push = [&](unsigned next) {
    return !__builtin_mul_overflow(magnitude, std::uint64_t{10}, &magnitude) &&
           !__builtin_add_overflow(magnitude, std::uint64_t{next}, &magnitude);
  };
  for (std::size_t i = first; i < last; ++i) {
    if (!push(static_cast<unsigned>(digit(i) - '0'))) return Parsed::out_of_range;
  }
  for (std::int64_t i = 0; i < exponent; ++i) {
    if (!push(0)) return Parsed::out_of_range;
  }
  return Parsed::ok;
}

// Of a number that from_chars found out of range: is it tiny, not huge?
bool is_tiny(const Parts& parts) {
  if (parts.whole != "0") return static_cast<std::int64_t>(parts.whole.size()) + parts.exponent <= 0;
  std::size_t zeros = 0;
  while (zeros < parts.fraction.size() && parts.fraction[zeros] == '0') ++zeros;
  return parts.exponent - static_cast<std::int64_t>(zeros) <= 0;
}

template <class Float>
Parsed parse_float(std::string_view text, bool names, Float& value) {
  if (names) {
    if (text == "NaN") {
      value = std::numeric_limits<Float>::quiet_NaN();
      return Parsed::ok;
    }
    if (text == "Infinity" || text == "-Infinity") {
      value = std::numeric_limits<Float>::infinity();
      if (text[0] == '-') value = -value;
      return Parsed::ok;
    }
  }
  Parts parts;
  if (!split(text, parts)) return Parsed::not_a_number;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc()) return Parsed::ok;
  if (result.ec != std::errc::result_out_of_range) return Parsed::not_a_number;
  if (!is_tiny(parts)) return Parsed::out_of_range;
  value = parts.negative ? -Float{0} : Float{0};
  return Parsed::ok;
}

template <class Float>
std::uint8_t* write_float(std::uint8_t* out, Float value) {
  if (!std::isfinite(value)) [[unlikely]] {
    const std::string_view name = std::isnan(value) ? "\"NaN\""
                                  : value > 0       ? "\"Infinity\""
                                                    : "\"-Infinity\"";
    std::memcpy(out, name.data(), name.size());
    return out + name.size();
  }
  if (value == 0 && std::signbit(value)) [[unlikely]] {
    std::memcpy(out, "-0.0", 4);  // "-0" is read as the integer 0 by libprotobuf
    return out + 4;
  }
  char* begin = reinterpret_cast<char*>(out);
  return reinterpret_cast<std::uint8_t*>(std::to_chars(begin, begin + number_bytes_max, value).ptr);
}

constexpr std::uint32_t ten_to_8 = 100'000'000;

// The eight digits of a number below 10^8, the first one in the lowest byte: halves, quarters, digits, each
// step all of them at once.
[[gnu::always_inline]] inline std::uint64_t eight_digits(std::uint32_t value) noexcept {
  const std::uint64_t fours = value / 10'000 | static_cast<std::uint64_t>(value % 10'000) << 32;
  const std::uint64_t hundreds = (fours * 10'486 >> 20) & 0x0000'007f'0000'007fu;
  const std::uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
  const std::uint64_t tens = (twos * 103 >> 10) & 0x000f'000f'000f'000fu;
  return tens | (twos - tens * 10) << 8;
}

std::uint8_t* write_magnitude(std::uint8_t* out, std::uint64_t value) noexcept {
  constexpr std::uint64_t zeros = 0x3030303030303030u;
  if (value < 10) {
    *out = static_cast<std::uint8_t>('0' + value);
    return out + 1;
  }
  if (value < 100) {
    const std::uint64_t tens = value * 103 >> 10;
    store(out, static_cast<std::uint16_t>(0x3030 + tens + ((value - tens * 10) << 8)));
    return out + 2;
  }
  if (value >= ten_to_8) {
    out = write_magnitude(out, value / ten_to_8);
    store(out, eight_digits(static_cast<std::uint32_t>(value % ten_to_8)) | zeros);
    return out + 8;
  }
  const std::uint64_t digits = eight_digits(static_cast<std::uint32_t>(value));
  const int leading = std::countr_zero(digits) & ~7;
  store(out, (digits | zeros) >> leading);
  return out + 8 - (leading >> 3);
}

}  // namespace

bool is_number(std::string_view text) noexcept {
  Parts parts;
  return split(text, parts);
}

Parsed parse_i64(std::string_view text, std::int64_t& value) noexcept {
  Parts parts;
  std::uint64_t plain = 0;
  if (parse_plain(text, parts.negative, plain)) {
    value = parts.negative ? -static_cast<std::int64_t>(plain) : static_cast<std::int64_t>(plain);
    return Parsed::ok;
  }
  if (!split(text, parts)) return Parsed::not_a_number;
  std::uint64_t magnitude = 0;
  if (const Parsed parsed = parse_magnitude(parts, magnitude); parsed != Parsed::ok) return parsed;
  const std::uint64_t most =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (parts.negative ? 1 : 0);
  if (magnitude > most) return Parsed::out_of_range;
  value = static_cast<std::int64_t>(parts.negative ? ~magnitude + 1 : magnitude);
  return Parsed::ok;
}

Parsed parse_u64(std::string_view text, std::uint64_t& value) noexcept {
  Parts parts;
  if (parse_plain(text, parts.negative, value)) {
    return parts.negative && value != 0 ? Parsed::out_of_range : Parsed::ok;
  }
  if (!split(text, parts)) return Parsed::not_a_number;
  if (const Parsed parsed = parse_magnitude(parts, value); parsed != Parsed::ok) return parsed;
  return parts.negative && value != 0 ? Parsed::out_of_range : Parsed::ok;
}

Parsed parse_f64(std::string_view text, bool names, double& value) noexcept {
  return parse_float(text, names, value);
}
Parsed parse_f32(std::string_view text, bool names, float& value) noexcept {
  return parse_float(text, names, value);
}

std::uint8_t* write_i64(std::uint8_t* out, std::int64_t value) noexcept {
  const auto bits = static_cast<std::uint64_t>(value);
  if (value >= 0) return write_magnitude(out, bits);
  *out = '-';
  return write_magnitude(out + 1, ~bits + 1);
}
std::uint8_t* write_u64(std::uint8_t* out, std::uint64_t value) noexcept {
  return write_magnitude(out, value);
}
std::uint8_t* write_f64(std::uint8_t* out, double value) noexcept { return write_float(out, value); }
std::uint8_t* write_f32(std::uint8_t* out, float value) noexcept { return write_float(out, value); }

}  // namespace koine::codecs::bodies::json
