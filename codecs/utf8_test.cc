// UTF-8: every code point, every wrong form, at every offset of the wide loops, wide against narrow; cleaning
// and cutting.
#include "codecs/utf8.h"

#include <gtest/gtest.h>

#include "codecs/utf8_wide.h"

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

#if defined(KOINE_UTF8_WIDE)

// Whatever the text, both say the same of it, wherever it begins and however much of it there is.
void expect_one_opinion(const std::string& text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const bool narrow = detail::is_utf8_by_bytes(bytes, text.size());
  ASSERT_EQ(utf8(text), narrow) << testing::PrintToString(text);
  if (text.size() >= detail::wide_utf8_bytes_min && detail::has_wide_utf8()) {
    ASSERT_EQ(detail::is_utf8_wide(bytes, text.size()), narrow) << testing::PrintToString(text);
  }
}

TEST(Utf8, IsTheSameInWideStepsForEveryFourBytesAtEveryPlace) {
  // The ends of every range that the automaton tells apart.
  constexpr unsigned char bytes[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2,
                                     0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff};
  std::uint32_t turn = 0;
  for (const unsigned char a : bytes) {
    for (const unsigned char b : bytes) {
      for (const unsigned char c : bytes) {
        for (const unsigned char d : bytes) {
          const std::string four{static_cast<char>(a), static_cast<char>(b), static_cast<char>(c),
                                 static_cast<char>(d)};
          // Every place in turn: in the middle, across the border of two steps, at the very end.
          const std::size_t before = 60 + turn++ % 70;
          const std::size_t after = turn % 3 == 0 ? 0 : turn % 67;
          expect_one_opinion(std::string(before, 'a') + four + std::string(after, 'z'));
          expect_one_opinion("\xc3\xa9" + std::string(before, 'a') + four + std::string(after, 'z'));
        }
      }
    }
  }
}

TEST(Utf8, IsTheSameInWideStepsForRandomTexts) {
  std::uint64_t state = 7;
  const auto below = [&state](std::uint64_t bound) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % bound;
  };
  constexpr std::string_view characters[] = {"a",
                                             "\x7f",
                                             "\xc2\x80",
                                             "\xdf\xbf",
                                             "\xe0\xa0\x80",
                                             "\xed\x9f\xbf",
                                             "\xee\x80\x80",
                                             "\xef\xbf\xbf",
                                             "\xf0\x90\x80\x80",
                                             "\xf4\x8f\xbf\xbf"};
  std::size_t good = 0;
  std::size_t bad = 0;
  for (int round = 0; round < 40000; ++round) {
    std::string text;
    const std::size_t size = below(200);
    const std::uint64_t kinds = 1 + below(std::size(characters));
    while (text.size() < size) text += characters[below(kinds)];
    expect_one_opinion(text);
    ASSERT_TRUE(utf8(text));
    ++good;
    if (text.empty()) continue;
    // One byte is another one, is gone, or the text ends there.
    const std::size_t at = below(text.size());
    switch (below(3)) {
      case 0: text[at] = static_cast<char>(below(256)); break;
      case 1: text.erase(at, 1); break;
      default: text.resize(at); break;
    }
    expect_one_opinion(text);
    if (!utf8(text)) ++bad;
  }
  EXPECT_GT(good, 10000u);
  EXPECT_GT(bad, 10000u);
}

#endif

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

TEST(Utf8, WhatIsNoneIsLatin1) {
  EXPECT_EQ(utf8_or_latin1("ä 😀"), "ä 😀");
  EXPECT_EQ(utf8_or_latin1("\xe4 x"), "ä x");
  EXPECT_EQ(utf8_or_latin1("\xff\x80"), "\xc3\xbf\xc2\x80");
}

}  // namespace
}  // namespace koine::codecs
