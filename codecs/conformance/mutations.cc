// See mutations.h.
#include "codecs/conformance/mutations.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace koine::codecs::conformance {
namespace {

enum class Writing { u16, u24, u32, u64, u32_little, varint, zigzag, decimal, hexadecimal };
constexpr std::array<std::pair<Writing, std::string_view>, 9> writings = {
    {{Writing::u16, "16 bits"},
     {Writing::u24, "24 bits"},
     {Writing::u32, "32 bits"},
     {Writing::u64, "64 bits"},
     {Writing::u32_little, "32 bits, low byte first"},
     {Writing::varint, "a varint"},
     {Writing::zigzag, "a zigzag varint"},
     {Writing::decimal, "decimal digits"},
     {Writing::hexadecimal, "hexadecimal digits"}}};

std::string big_endian(std::uint64_t value, int width) {
  std::string out;
  for (int i = width - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}
std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
  return out;
}
std::string digits(std::uint64_t value, int base) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof(text), value, base).ptr;
  return std::string(text, end);
}
bool is_digit(char c, bool hexadecimal) {
  return (c >= '0' && c <= '9') || (hexadecimal && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
}

// How many bytes at `at` the number takes now; 0 = there is none.
std::size_t width_at(std::string_view bytes, std::size_t at, Writing writing) {
  const std::size_t left = bytes.size() - at;
  const auto fits = [left](std::size_t width) { return left >= width ? width : 0; };
  switch (writing) {
    case Writing::u16: return fits(2);
    case Writing::u24: return fits(3);
    case Writing::u32:
    case Writing::u32_little: return fits(4);
    case Writing::u64: return fits(8);
    case Writing::varint:
    case Writing::zigzag: {
      std::size_t width = 1;
      while (width < left && width < 10 && (bytes[at + width - 1] & 0x80) != 0) ++width;
      return width;
    }
    case Writing::decimal:
    case Writing::hexadecimal: {
      const bool hexadecimal = writing == Writing::hexadecimal;
      if (at > 0 && is_digit(bytes[at - 1], hexadecimal)) return 0;
      std::size_t width = 0;
      while (width < left && is_digit(bytes[at + width], hexadecimal)) ++width;
      return width;
    }
  }
  return 0;
}

std::string written(std::uint64_t value, Writing writing) {
  switch (writing) {
    case Writing::u16: return big_endian(value, 2);
    case Writing::u24: return big_endian(value, 3);
    case Writing::u32: return big_endian(value, 4);
    case Writing::u64: return big_endian(value, 8);
    case Writing::u32_little: {
      const std::string turned = big_endian(value, 4);
      return std::string(turned.rbegin(), turned.rend());
    }
    case Writing::varint: return varint(value);
    case Writing::zigzag: return varint((value << 1) ^ (0 - (value >> 63)));
    case Writing::decimal: return digits(value, 10);
    case Writing::hexadecimal: return digits(value, 16);
  }
  return {};
}

}  // namespace

std::string flipped(std::string_view bytes, std::size_t bit) {
  std::string out(bytes);
  out[bit / 8] = static_cast<char>(out[bit / 8] ^ (1 << (bit % 8)));
  return out;
}

void each_length(std::string_view bytes, std::size_t limit, std::size_t most,
                 const std::function<void(const std::string&, const std::string&)>& visit) {
  constexpr std::size_t values_count = 9;
  std::size_t count = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const auto& [writing, name] : writings)
      count += width_at(bytes, at, writing) == 0 ? 0 : values_count;
  }
  // No divisor of the number of values: each value has its turn.
  std::size_t step = 1 + count / (most + 1);
  while (step > 1 && step % 3 == 0) ++step;
  std::size_t index = 0;
  std::string mutated;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const auto& [writing, name] : writings) {
      const std::size_t width = width_at(bytes, at, writing);
      if (width == 0) continue;
      const std::size_t left = bytes.size() - at - width;
      const std::uint64_t values[values_count] = {
          0, 1, left + 1, limit - 1, limit, limit + 1, 0x7fffffff, ~std::uint64_t{0}, 0x7fffffffffffffff};
      for (const std::uint64_t value : values) {
        if (index++ % step != 0) continue;
        mutated.assign(bytes.substr(0, at));
        mutated += written(value, writing);
        mutated += bytes.substr(at + width);
        visit(mutated, "byte " + std::to_string(at) + ": " + digits(value, 10) + " as " + std::string(name));
      }
    }
  }
}

}  // namespace koine::codecs::conformance
