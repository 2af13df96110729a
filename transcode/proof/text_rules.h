// What texts mean, written for the proof alone: UTF-8, UUIDs, instants, durations, field masks. Test code
// only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace koine::transcode::proof {

// Unicode's table 3-7: no surrogates, no longer form than needed, nothing beyond U+10FFFF.
inline bool is_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) {
      return i + at < text.size() ? static_cast<unsigned char>(text[i + at]) : 0u;
    };
    const unsigned first = byte(0);
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
    if (size == 0) return false;
    unsigned low = 0x80;
    unsigned high = 0xbf;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
    for (std::size_t k = 1; k < size; ++k, low = 0x80, high = 0xbf) {
      if (byte(k) < low || byte(k) > high) return false;
    }
    i += size;
  }
  return true;
}

// The 16 bytes of "8-4-4-4-12" hexadecimal digits, either case.
inline std::optional<std::string> uuid_octets(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string octets;
  int high = -1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return std::nullopt;
      continue;
    }
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    if (high >= 0) octets.push_back(static_cast<char>(high * 16 + digit));
    high = high >= 0 ? -1 : digit;
  }
  return octets;
}
inline std::string uuid_text(std::string_view octets) {
  std::string text;
  for (const char c : octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte / 16u];
    text += digits[byte % 16u];
    if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23) text += '-';
  }
  return text;
}

// Years 1 to 9999.
inline bool is_instant(std::int64_t seconds, std::int64_t nanos) {
  return seconds >= -62135596800 && seconds <= 253402300799 && nanos >= 0 && nanos <= 999999999;
}
// 10,000 years, both parts of one sign.
inline bool is_duration(std::int64_t seconds, std::int64_t nanos) {
  const bool short_enough = seconds >= -315576000000 && seconds <= 315576000000;
  const bool whole = nanos > -1000000000 && nanos < 1000000000;
  return short_enough && whole && !(seconds > 0 && nanos < 0) && !(seconds < 0 && nanos > 0);
}
// Snake case that comes back from camel case: every '_' has a letter behind it, no capitals.
inline bool is_mask_path(std::string_view path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    const bool lower = c >= 'a' && c <= 'z';
    if (!lower && !(c >= '0' && c <= '9') && c != '.' && c != '_') return false;
    if (c == '_' && !(i + 1 < path.size() && path[i + 1] >= 'a' && path[i + 1] <= 'z')) return false;
  }
  return !path.empty();
}

}  // namespace koine::transcode::proof
