// See json_shape.h.
#include "transcode/proof/json_shape.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace koine::transcode::proof {
namespace {

class ShapeReader {
 public:
  explicit ShapeReader(const std::string& text) : text_(text) {}
  std::string value() {
    skip_space();
    if (peek() == '{' || peek() == '[') return members(peek());
    return peek() == '"' ? text() : word();
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r') ++at_;
  }

  std::string members(char open) {
    std::vector<std::string> all;
    for (++at_, skip_space(); peek() != '}' && peek() != ']' && at_ < text_.size(); skip_space()) {
      std::string member = value();
      skip_space();
      if (peek() == ':') {
        ++at_;
        member += ":" + value();
        skip_space();
      }
      all.push_back(std::move(member));
      if (peek() == ',') ++at_;
    }
    ++at_;
    if (open == '{') std::sort(all.begin(), all.end());
    std::string out(1, open);
    for (const std::string& one : all) out += one + ",";
    return out;
  }

  std::string text() {
    std::string out = "\"";
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] != '\\') {
        out += text_[at_];
        continue;
      }
      const char c = text_[++at_];
      static constexpr std::string_view letters = "bfnrt";
      static constexpr std::string_view meant = "\b\f\n\r\t";
      const std::size_t letter = letters.find(c);
      if (c == 'u') {
        put(unit());
      } else {
        out += letter == std::string_view::npos ? c : meant[letter];
      }
      out += pending_;
      pending_.clear();
    }
    ++at_;
    return out + '"';
  }
  // The four digits behind "\u", which begins at at_; stays at the last of them.
  std::uint32_t unit() {
    std::uint32_t code = 0;
    std::from_chars(text_.data() + at_ + 1, text_.data() + at_ + 5, code, 16);
    at_ += 4;
    return code;
  }
  void put(std::uint32_t code) {
    if (code >= 0xd800 && code < 0xdc00 && text_.compare(at_ + 1, 2, "\\u") == 0) {
      at_ += 2;
      code = 0x10000 + ((code - 0xd800) << 10) + (unit() - 0xdc00);
    }
    const auto byte = [this](std::uint32_t bits) { pending_ += static_cast<char>(bits); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) return byte(0xc0 | code >> 6), byte(0x80 | (code & 63));
    if (code < 0x10000) {
      byte(0xe0 | code >> 12);
    } else {
      byte(0xf0 | code >> 18);
      byte(0x80 | (code >> 12 & 63));
    }
    byte(0x80 | (code >> 6 & 63));
    byte(0x80 | (code & 63));
  }

  // A number, true, false or null.
  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::string_view(",:]} \n\t\r").find(text_[at_]) == std::string_view::npos)
      ++at_;
    const std::string word = text_.substr(begin, at_ - begin);
    double number = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), number);
    if (parsed.ptr == word.data()) return word;
    if (number == 0) return std::signbit(number) ? "-0" : "0";
    if (std::abs(number) < 0x1p53 && number == std::floor(number)) {
      return std::to_string(static_cast<std::int64_t>(number));
    }
    if (std::abs(number) > 3e38) return number < 0 ? "-large" : "large";
    return "f" + std::to_string(__builtin_bit_cast(std::uint32_t, static_cast<float>(number)));
  }

  const std::string& text_;
  std::size_t at_ = 0;
  std::string pending_;
};

}  // namespace

std::string json_shape(const std::string& text) { return ShapeReader(text).value(); }

}  // namespace koine::transcode::proof
