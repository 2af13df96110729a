// Escaping of log values, and times as text.
#include <array>
#include <cstdio>
#include <ctime>

#include "base/log.h"

namespace koine::base {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// Bytes of the UTF-8 sequence at text[at]; 0 when there is none (RFC 3629 §4: no surrogates, no overlong
// forms).
std::size_t utf8_sequence(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xC2 && first <= 0xDF   ? 2
                           : (first & 0xF0) == 0xE0         ? 3
                           : first >= 0xF0 && first <= 0xF4 ? 4
                                                            : 0;
  if (size == 0 || at + size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (first == 0xE0 && byte(1) < 0xA0) return 0;
  if (first == 0xED && byte(1) > 0x9F) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return size;
}

// U+0080…U+009F: control characters that terminals obey.
bool c1_control(std::string_view text, std::size_t at, std::size_t size) {
  return size == 2 && text[at] == '\xC2' && static_cast<unsigned char>(text[at + 1]) < 0xA0;
}

void append_hex(std::string& out, std::string_view prefix, unsigned char byte) {
  out.append(prefix);
  out.push_back(hex_digits[byte >> 4]);
  out.push_back(hex_digits[byte & 15]);
}

// What both forms share; the prefixes are how each writes a byte by its number.
void append_escaped(std::string& out, std::string_view text, std::string_view control_prefix,
                    std::string_view foreign_prefix) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    const std::size_t size = utf8_sequence(text, at);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out.append("\\n");
    } else if (c == '\r') {
      out.append("\\r");
    } else if (c == '\t') {
      out.append("\\t");
    } else if (byte < 0x20 || byte == 0x7F) {
      append_hex(out, control_prefix, byte);
    } else if (size == 0) {
      append_hex(out, foreign_prefix, byte);
    } else if (c1_control(text, at, size)) {
      append_hex(out, "\\u00", static_cast<unsigned char>(text[at + 1]));
    } else {
      out.append(text.substr(at, size));
    }
    at += size == 0 ? 1 : size;
  }
}

bool plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-_./:@+,;()[]%$*#~").find(c) != std::string_view::npos;
}

}  // namespace

void append_json_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  append_escaped(out, text, "\\u00", "\\\\x");
  out.push_back('"');
}

void append_text_quoted(std::string& out, std::string_view text) {
  bool quote = text.empty();
  for (const char c : text) quote = quote || !plain(c);
  if (!quote) {
    out.append(text);
    return;
  }
  out.push_back('"');
  append_escaped(out, text, "\\x", "\\x");
  out.push_back('"');
}

std::string quote_json(std::string_view text) {
  std::string out;
  append_json_quoted(out, text);
  return out;
}

std::string quote_text(std::string_view text) {
  std::string out;
  append_text_quoted(out, text);
  return out;
}

std::string utc_text(Nanoseconds wall_ns) {
  Nanoseconds seconds = wall_ns / second_ns;
  Nanoseconds rest = wall_ns % second_ns;
  if (rest < 0) {
    rest += second_ns;
    --seconds;
  }
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + size, text.size() - size, ".%03dZ", static_cast<int>(rest / millisecond_ns));
  return text.data();
}

}  // namespace koine::base
