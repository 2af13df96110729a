// Texts and octets against the bytes of dubbo-hessian-lite 4.0.4 (of Dubbo 3.3.6, on Java 17).
#include "codecs/bodies/hessian2/text.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/bodies/hessian2/golden_test_support.h"
#include "codecs/utf8.h"

namespace koine::codecs::bodies::hessian2 {
namespace {

std::string written(std::string_view utf8) {
  std::vector<std::uint8_t> room(written_text_bytes_max(utf8.size()));
  std::uint8_t* end = write_text(room.data(), begin_of(utf8), utf8.size());
  EXPECT_LE(end - room.data() + static_cast<std::ptrdiff_t>(copy_slack_bytes),
            static_cast<std::ptrdiff_t>(room.size()));
  return {room.data(), end};
}

struct Read {
  std::string utf8;
  bool whole = false;
  bool unicode = false;
};
Read read(std::string_view bytes) {
  const Extent extent = measure_text(begin_of(bytes), end_of(bytes));
  EXPECT_EQ(extent.next, skip_text(begin_of(bytes), end_of(bytes)));
  if (extent.next == nullptr) return {};
  if (!extent.is_unicode) return {"", extent.next == end_of(bytes), false};
  std::vector<std::uint8_t> room(extent.bytes + copy_slack_bytes);
  std::uint8_t* end = copy_text(begin_of(bytes), end_of(bytes), room.data());
  EXPECT_EQ(static_cast<std::size_t>(end - room.data()), extent.bytes);
  return {std::string(room.data(), end), extent.next == end_of(bytes), true};
}

TEST(Hessian2Text, AreWrittenAndReadAsHessianLiteDoes) {
  const auto x = [](std::size_t count) { return std::string(count, 'x'); };
  const std::pair<std::string, std::string> golden[] = {
      {"", from_hex("00")},
      {"a", from_hex("01 61")},
      {x(31), from_hex("1F") + x(31)},
      {x(32), from_hex("30 20") + x(32)},
      {x(1023), from_hex("33 FF") + x(1023)},
      {x(1024), from_hex("53 04 00") + x(1024)},
      {x(32768), from_hex("53 80 00") + x(32768)},
      {x(32769), from_hex("52 80 00") + x(32768) + from_hex("01") + x(1)},
      {"😀", from_hex("02 ED A0 BD ED B8 80")},
      {"统一", from_hex("02 E7 BB 9F E4 B8 80")},
      {std::string("é\0z", 4), from_hex("03 C3 A9 00 7A")},
      // A pair does not fit into the first piece: it moves to the next.
      {x(32767) + "😀", from_hex("52 7F FF") + x(32767) + from_hex("02 ED A0 BD ED B8 80")},
  };
  for (const auto& [utf8, bytes] : golden) {
    EXPECT_TRUE(written(utf8) == bytes) << utf8.substr(0, 20);
    const Read back = read(bytes);
    EXPECT_TRUE(back.whole && back.unicode && back.utf8 == utf8) << utf8.substr(0, 20);
  }
}

TEST(Hessian2Text, APairMayBeCutByTheEndOfAPiece) {
  const Read back = read(from_hex("52 00 02 61 ED A0 BD 02 ED B8 80 62"));
  EXPECT_TRUE(back.whole && back.unicode);
  EXPECT_EQ(back.utf8, "a😀b");
}

TEST(Hessian2Text, HalfOfAPairHasNoUnicode) {
  // The first is what hessian-lite writes of "\ud83d".
  for (const char* bytes : {"01 ED A0 BD", "01 ED B8 80", "02 ED A0 BD 61", "02 ED A0 BD ED A0 BD",
                            "02 61 ED A0 BD", "03 ED B8 80 ED A0 BD ED B8 80", "52 00 01 ED A0 BD 00"}) {
    const Read back = read(from_hex(bytes));
    EXPECT_TRUE(back.whole) << bytes;
    EXPECT_FALSE(back.unicode) << bytes;
  }
}

TEST(Hessian2Text, WhatIsNoUnitIsRefused) {
  for (const char* bytes : {
           "01 F0 9F 98 80",  // four bytes, as UTF-8 has them
           "02 F0 9F 98 80",
           "01 C0 80",
           "01 E0 80 80",  // not the shortest form
           "01 80",
           "01 C3 61",
           "01 E7 BB 61",
           "01 FF",
       }) {
    const std::string body = from_hex(bytes);
    EXPECT_EQ(skip_text(begin_of(body), end_of(body)), nullptr) << bytes;
  }
}

TEST(Hessian2Text, NoPrefixOfATextIsOne) {
  const std::string body = from_hex("52 00 02 61 E7 BB 9F 30 03 C3 A9 62 ED A0 BD");
  EXPECT_NE(skip_text(begin_of(body), end_of(body)), nullptr);
  for (std::size_t size = 0; size < body.size(); ++size) {
    const std::string cut = body.substr(0, size);
    EXPECT_EQ(skip_text(begin_of(cut), end_of(cut)), nullptr) << size;
  }
}

TEST(Hessian2Text, AnyTextComesBack) {
  std::mt19937 random(3);
  const std::string_view characters[] = {"a", "zz", "é", "统", "😀", "\x7f", "0123456789abcdef"};
  for (int round = 0; round < 3000; ++round) {
    std::string utf8;
    const std::size_t pieces = random() % (round % 100 == 0 ? 40'000 : 60);
    for (std::size_t i = 0; i < pieces; ++i) utf8 += characters[random() % std::size(characters)];
    ASSERT_TRUE(is_utf8(begin_of(utf8), utf8.size()));
    const Read back = read(written(utf8));
    ASSERT_TRUE(back.whole && back.unicode && back.utf8 == utf8) << round;
  }
}

std::string written_octets(std::string_view octets) {
  std::vector<std::uint8_t> room(written_octets_bytes_max(octets.size()));
  return {room.data(), write_octets(room.data(), begin_of(octets), octets.size())};
}

TEST(Hessian2Octets, ComeBackInEveryForm) {
  for (const std::size_t size : {0u, 1u, 15u, 16u, 1023u, 1024u, 32768u, 32769u, 100'000u}) {
    std::string octets(size, '\0');
    for (std::size_t i = 0; i < size; ++i) octets[i] = static_cast<char>(i * 7);
    const std::string bytes = written_octets(octets);
    const Extent extent = measure_octets(begin_of(bytes), end_of(bytes));
    ASSERT_EQ(extent.next, end_of(bytes)) << size;
    ASSERT_EQ(extent.bytes, size);
    std::vector<std::uint8_t> room(size + 1);
    EXPECT_EQ(copy_octets(begin_of(bytes), end_of(bytes), room.data()), room.data() + size);
    EXPECT_TRUE(std::string(room.begin(), room.end() - 1) == octets) << size;
    EXPECT_EQ(skip_octets(begin_of(bytes), end_of(bytes) - 1), nullptr) << size;
  }
  EXPECT_EQ(to_hex(written_octets("")), "20");
  EXPECT_EQ(to_hex(written_octets(std::string(16, '\0'))).substr(0, 6), "341000");
  EXPECT_EQ(to_hex(written_octets(std::string(1024, '\0'))).substr(0, 8), "42040000");
}

TEST(Hessian2Text, AShortOneIsReadAndWrittenAsAnyIsWhateverStandsBehindIt) {
  for (std::size_t size = 0; size <= short_text_max + 2; ++size) {
    // No character of two bytes, or one in each place.
    for (std::size_t wide = 0; wide <= size; ++wide) {
      std::string utf8(size, 'a');
      if (wide != size) utf8.replace(wide, 1, "\xc3\xbc");
      std::vector<std::uint8_t> room(written_text_bytes_max(utf8.size()));
      const std::string bytes(room.data(), write_any_text(room.data(), begin_of(utf8), utf8.size()));
      EXPECT_EQ(written(utf8), bytes) << size;
      std::string appended("x");
      append_text(appended, utf8);
      EXPECT_EQ(appended, "x" + bytes) << size;
      for (const std::size_t behind : {0u, 1u, 32u, 40u}) {
        // Copies of exactly this size, so that a sanitizer sees every byte read too far.
        const std::vector<char> exact = [&] {
          const std::string all = bytes + std::string(behind, '\xff');
          return std::vector<char>(all.begin(), all.end());
        }();
        const std::string_view all(exact.data(), exact.size());
        const std::uint8_t* const next = begin_of(all) + bytes.size();
        EXPECT_EQ(skip_text(begin_of(all), end_of(all)), next) << size << ' ' << wide << ' ' << behind;
        std::string store;
        std::string_view text;
        EXPECT_EQ(read_text(begin_of(all), end_of(all), store, text), next);
        EXPECT_EQ(text, utf8);
        EXPECT_EQ(skip_text(begin_of(all), next - 1), nullptr);
      }
    }
  }
}

TEST(Hessian2Octets, PiecesOfAnySizeAreReadTogether) {
  // Java's pieces are what its buffer has room for: 40,000 bytes begin with 41 1F FD.
  const std::string bytes = from_hex("41 00 02 01 02 41 00 00 41 00 01 03 34 02 04 05");
  std::uint8_t room[8];
  EXPECT_EQ(copy_octets(begin_of(bytes), end_of(bytes), room), room + 5);
  EXPECT_EQ(to_hex({reinterpret_cast<char*>(room), 5}), "0102030405");
}

}  // namespace
}  // namespace koine::codecs::bodies::hessian2
