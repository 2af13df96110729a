// UTF-8: every code point, every wrong form, at every offset of the wide loops; cleaning and cutting.
#include "codecs/utf8.h"

#include <gtest/gtest.h>

namespace koine::codecs {
namespace {

bool utf8(const std::string& text) {
  return is_utf8(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

TEST(Utf8, AcceptsEveryCodePointAndNothingElse) {
  for (std::uint32_t code = 0; code < 0x120000; ++code) {
    std::string text;
    const auto tail = [&](unsigned shift) { text.push_back(static_cast<char>(0x80 | (code >> shift & 63))); };
    if (code < 0x80) {
      text.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
      text.push_back(static_cast<char>(0xc0 | code >> 6));
      tail(0);
    } else if (code < 0x10000) {
      text.push_back(static_cast<char>(0xe0 | code >> 12));
      tail(6);
      tail(0);
    } else {
      text.push_back(static_cast<char>(0xf0 | code >> 18));
      tail(12);
      tail(6);
      tail(0);
    }
    const bool is_character = code < 0x110000 && (code < 0xd800 || code > 0xdfff);
    ASSERT_EQ(utf8(text), is_character) << std::hex << code;
  }
}

TEST(Utf8, RefusesOverlongFormsAndLooseBytes) {
  for (const char* bad : {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf",
                          "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf", "\xf5\x80\x80\x80", "\xff", "\xfe", "\xc3(",
                          "\xe2\x82(", "\xe2(\xac", "\xf0\x9f\x98(", "\xc3", "\xe2\x82", "\xf0\x9f\x98"}) {
    for (const std::size_t before : {0u, 7u, 8u, 15u, 16u, 17u, 40u}) {
      for (const std::size_t after : {0u, 1u, 16u}) {
        EXPECT_FALSE(utf8(std::string(before, 'a') + bad + std::string(after, 'b'))) << bad << before;
      }
    }
  }
}

TEST(Utf8, AcceptsCharactersAtEveryOffset) {
  for (std::size_t before = 0; before < 40; ++before) {
    for (const char* good : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
      EXPECT_TRUE(utf8(std::string(before, 'a') + good + "z" + good));
      const std::string ascii(before, 'a');
      EXPECT_TRUE(is_ascii(reinterpret_cast<const std::uint8_t*>(ascii.data()), ascii.size()));
      const std::string mixed = ascii + good;
      EXPECT_FALSE(is_ascii(reinterpret_cast<const std::uint8_t*>(mixed.data()), mixed.size()));
    }
  }
}

TEST(Utf8, BecomesWellFormedWhateverCame) {
  EXPECT_EQ(to_utf8(""), "");
  EXPECT_EQ(to_utf8("ok €"), "ok €");
  EXPECT_EQ(to_utf8("\xff"), "\uFFFD");
  EXPECT_EQ(to_utf8("a\xC3"), "a\uFFFD");
  EXPECT_EQ(to_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(to_utf8("\xC0\x80"), "\uFFFD\uFFFD");            // an overlong NUL
  EXPECT_EQ(to_utf8("\xE2\x82z"), "\uFFFD\uFFFDz");          // a character cut short
  EXPECT_EQ(to_utf8("\xE9t\xC3\xA9"), "\uFFFDt\xC3\xA9");    // Latin-1, then UTF-8
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string text(before, 'a');
    EXPECT_EQ(to_utf8(text + "\x80" + text + "é"), text + "\uFFFD" + text + "é");
  }
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string bytes{static_cast<char>(first), static_cast<char>(second)};
      EXPECT_TRUE(utf8(to_utf8(bytes))) << first << " " << second;
      EXPECT_EQ(to_utf8(bytes) == bytes, utf8(bytes)) << first << " " << second;
    }
  }
}

TEST(Utf8, IsCutBetweenCharacters) {
  EXPECT_EQ(utf8_prefix("aü", 2), "a");
  EXPECT_EQ(utf8_prefix("aü", 3), "aü");
  EXPECT_EQ(utf8_prefix("€€", 5), "€");
  EXPECT_EQ(utf8_prefix("€", 0), "");
}

}  // namespace
}  // namespace koine::codecs
