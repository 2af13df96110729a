// Both directions, a byte at a time.
#include "base/uuid.h"

namespace koine::base {
namespace {

// Behind which bytes a dash stands.
constexpr bool dash_behind(std::size_t index) { return index == 3 || index == 5 || index == 7 || index == 9; }

// 0 to 15, or more when the character is no hexadecimal digit.
unsigned digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return 16;
}

}  // namespace

bool parse_uuid(std::string_view text, std::uint8_t* bytes) noexcept {
  if (text.size() != uuid_text_bytes) return false;
  const char* at = text.data();
  for (std::size_t i = 0; i < uuid_bytes; ++i) {
    const unsigned high = digit(at[0]);
    const unsigned low = digit(at[1]);
    if (high > 15 || low > 15) return false;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    at += 2;
    if (dash_behind(i) && *at++ != '-') return false;
  }
  return true;
}

std::uint8_t* write_uuid(std::uint8_t* out, const std::uint8_t* bytes) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t i = 0; i < uuid_bytes; ++i) {
    *out++ = static_cast<std::uint8_t>(digits[bytes[i] >> 4]);
    *out++ = static_cast<std::uint8_t>(digits[bytes[i] & 0x0f]);
    if (dash_behind(i)) *out++ = '-';
  }
  return out;
}

}  // namespace koine::base
