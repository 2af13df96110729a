// Strings as JSON writes them.
#include "codecs/bodies/json/text.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace koine::codecs::bodies::json {
namespace {

std::string in_quotes(std::string_view text) {
  std::string out(string_bytes_max(text.size()), '\0');
  auto* begin = reinterpret_cast<std::uint8_t*>(out.data());
  out.resize(static_cast<std::size_t>(write_string(begin, text) - begin));
  EXPECT_EQ(out.size(), string_bytes(text));
  return out;
}

// Empty: the text is none of the plain ones.
std::string plain(std::string_view text) {
  std::vector<std::uint8_t> out(text.size() + plain_room, 0xee);
  const std::uint8_t* end = write_plain_string(out.data(), text);
  if (end == nullptr) return {};
  return std::string(reinterpret_cast<const char*>(out.data()), static_cast<std::size_t>(end - out.data()));
}

TEST(JsonText, IsPlainAtEveryLengthWhileNothingIsEscaped) {
  std::string text;
  for (int size = 0; size < 100; ++size) {
    EXPECT_EQ(plain(text), in_quotes(text)) << size;
    text += static_cast<char>(" !#[]^az09~\x7f\x80\xff"[size % 14]);
  }
}

TEST(JsonText, IsNotPlainWhereverAByteStandsThatMustBeEscaped) {
  for (std::size_t size = 1; size < 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      for (int c = 0; c < 256; ++c) {
        const bool special = c < 0x20 || c == '"' || c == '\\';
        text[at] = static_cast<char>(c);
        EXPECT_EQ(plain(text).empty(), special) << size << " bytes, " << c << " at " << at;
      }
    }
  }
}

TEST(JsonText, EscapesQuotesBackslashesAndControlsAndNothingElse) {
  EXPECT_EQ(in_quotes("a\"b\\c/\n\t\r\b\f\x01\x1f\x7f\u00e9"),
            "\"a\\\"b\\\\c/\\n\\t\\r\\b\\f\\u0001\\u001f\x7f\u00e9\"");
}

}  // namespace
}  // namespace koine::codecs::bodies::json
