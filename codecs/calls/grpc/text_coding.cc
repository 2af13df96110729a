// base64, percent-encoding and timeouts of gRPC header values.
#include "codecs/calls/grpc/text_coding.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace koine::codecs::calls::grpc {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> make_reverse() {
  std::array<std::int8_t, 256> table{};
  for (auto& entry : table) entry = -1;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  }
  return table;
}
constexpr std::array<std::int8_t, 256> reverse = make_reverse();

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct Unit {
  char letter;
  base::Nanoseconds nanoseconds;
};
constexpr std::array<Unit, 6> units = {{{'n', 1},
                                        {'u', base::microsecond_ns},
                                        {'m', base::millisecond_ns},
                                        {'S', base::second_ns},
                                        {'M', 60 * base::second_ns},
                                        {'H', 3600 * base::second_ns}}};
constexpr base::Nanoseconds count_max = 99'999'999;

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 6) {
      held -= 6;
      out += alphabet[(bits >> held) & 63];
    }
  }
  if (held > 0) out += alphabet[(bits << (6 - held)) & 63];
}

bool decode_base64(std::string_view text, std::string& out) {
  const bool padded = text.ends_with('=');
  if (padded && text.size() % 4 != 0) return false;
  while (!text.empty() && text.ends_with('=')) text.remove_suffix(1);
  // One digit alone holds no byte; more than two signs of padding are not padding.
  if (text.size() % 4 == 1 || (padded && text.size() % 4 == 0)) return false;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const int digit = reverse[static_cast<unsigned char>(c)];
    if (digit < 0) return false;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>((bits >> held) & 0xFF);
    }
  }
  return true;
}

void append_percent_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte <= 0x7E && byte != '%') {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
}

std::string decode_percent(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

bool parse_timeout(std::string_view text, base::Nanoseconds& out) {
  if (text.size() < 2 || text.size() > 9) return false;
  const char letter = text.back();
  const auto* const unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.letter == letter; });
  if (unit == units.end()) return false;
  base::Nanoseconds count = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') return false;
    count = count * 10 + (c - '0');
  }
  out = count > base::never_ns / unit->nanoseconds ? base::never_ns : count * unit->nanoseconds;
  return true;
}

std::string format_timeout(base::Nanoseconds left) {
  if (left <= 0) return "1n";
  for (const Unit& unit : units) {
    const base::Nanoseconds count = left / unit.nanoseconds + (left % unit.nanoseconds != 0 ? 1 : 0);
    if (count <= count_max) return std::to_string(count) + unit.letter;
  }
  return std::to_string(count_max) + 'H';
}

}  // namespace koine::codecs::calls::grpc
