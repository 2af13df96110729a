// Base64.
#include "codecs/bodies/json/base64.h"

#include <array>

namespace koine::codecs::bodies::json {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t none = 0xFF;

constexpr std::array<std::uint8_t, 256> values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(none);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  table['-'] = 62;
  table['_'] = 63;
  return table;
}();

}  // namespace

std::uint8_t* write_base64(std::uint8_t* out, base::Bytes octets) noexcept {
  const auto put = [&](std::uint32_t group, int characters) {
    for (int i = 0; i < 4; ++i) {
      *out++ = i < characters ? static_cast<std::uint8_t>(alphabet[group >> (18 - 6 * i) & 0x3F])
                              : std::uint8_t{'='};
    }
  };
  std::size_t i = 0;
  for (; i + 3 <= octets.size(); i += 3) {
    put(std::uint32_t{octets[i]} << 16 | std::uint32_t{octets[i + 1]} << 8 | octets[i + 2], 4);
  }
  if (octets.size() - i == 1) put(std::uint32_t{octets[i]} << 16, 2);
  if (octets.size() - i == 2) put(std::uint32_t{octets[i]} << 16 | std::uint32_t{octets[i + 1]} << 8, 3);
  return out;
}

std::uint8_t* read_base64(std::string_view text, std::uint8_t* out) noexcept {
  if (!text.empty() && text.back() == '=') {
    if (text.size() % 4 != 0) return nullptr;
    text.remove_suffix(text[text.size() - 2] == '=' ? 2 : 1);
  }
  if (text.size() % 4 == 1) return nullptr;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const std::uint8_t value = values[static_cast<std::uint8_t>(c)];
    if (value == none) return nullptr;
    bits = bits << 6 | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      *out++ = static_cast<std::uint8_t>(bits >> held);
    }
  }
  return (bits & ((1u << held) - 1)) == 0 ? out : nullptr;
}

}  // namespace koine::codecs::bodies::json
