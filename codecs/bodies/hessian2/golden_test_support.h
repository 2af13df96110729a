// For the tests of this module: bytes as hexadecimal text and back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace koine::codecs::bodies::hessian2 {

// Blanks between the bytes are passed over.
inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  int high = -1;
  for (const char c : hex) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<char>(high << 4 | digit));
      high = -1;
    }
  }
  return bytes;
}
inline std::string to_hex(std::string_view bytes) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string hex;
  for (const char c : bytes) {
    hex.push_back(digits[static_cast<std::uint8_t>(c) >> 4]);
    hex.push_back(digits[static_cast<std::uint8_t>(c) & 15]);
  }
  return hex;
}
inline const std::uint8_t* begin_of(std::string_view bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}
inline const std::uint8_t* end_of(std::string_view bytes) { return begin_of(bytes) + bytes.size(); }

}  // namespace koine::codecs::bodies::hessian2
