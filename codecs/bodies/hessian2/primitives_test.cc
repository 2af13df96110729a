// Scalars against the bytes of dubbo-hessian-lite 4.0.4 (of Dubbo 3.3.6, on Java 17): Hessian2Output.
#include "codecs/bodies/hessian2/primitives.h"

#include <array>
#include <cmath>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "codecs/bodies/hessian2/golden_test_support.h"

namespace koine::codecs::bodies::hessian2 {
namespace {

template <class Write>
std::string written(Write&& write) {
  std::array<std::uint8_t, scalar_bytes_max> room{};
  return {reinterpret_cast<char*>(room.data()), static_cast<std::size_t>(write(room.data()) - room.data())};
}

constexpr std::int32_t int_min = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t int_max = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t long_min = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t long_max = std::numeric_limits<std::int64_t>::max();

TEST(Hessian2Primitives, IntsAreWrittenAndReadAsHessianLiteDoes) {
  const std::pair<std::int32_t, const char*> golden[] = {{0, "90"},
                                                         {-16, "80"},
                                                         {47, "BF"},
                                                         {48, "C8 30"},
                                                         {-17, "C7 EF"},
                                                         {2047, "CF FF"},
                                                         {-2048, "C0 00"},
                                                         {2048, "D4 08 00"},
                                                         {-2049, "D3 F7 FF"},
                                                         {262143, "D7 FF FF"},
                                                         {-262144, "D0 00 00"},
                                                         {262144, "49 00 04 00 00"},
                                                         {int_max, "49 7F FF FF FF"},
                                                         {int_min, "49 80 00 00 00"}};
  for (const auto& [value, text] : golden) {
    const std::string bytes = from_hex(text);
    EXPECT_EQ(to_hex(written([&](auto* out) { return write_int(out, value); })), to_hex(bytes));
    const Number read = read_integer(begin_of(bytes), end_of(bytes));
    EXPECT_EQ(read.next, end_of(bytes)) << text;
    EXPECT_EQ(read.value, value);
  }
}

TEST(Hessian2Primitives, LongsAreWrittenAndReadAsHessianLiteDoes) {
  const std::pair<std::int64_t, const char*> golden[] = {
      {0, "E0"},
      {-8, "D8"},
      {15, "EF"},
      {16, "F8 10"},
      {-9, "F7 F7"},
      {2047, "FF FF"},
      {-2048, "F0 00"},
      {2048, "3C 08 00"},
      {-2049, "3B F7 FF"},
      {262143, "3F FF FF"},
      {-262144, "38 00 00"},
      {262144, "59 00 04 00 00"},
      {int_max, "59 7F FF FF FF"},
      {int_min, "59 80 00 00 00"},
      {std::int64_t{int_max} + 1, "4C 00 00 00 00 80 00 00 00"},
      {std::int64_t{int_min} - 1, "4C FF FF FF FF 7F FF FF FF"},
      {long_max, "4C 7F FF FF FF FF FF FF FF"},
      {long_min, "4C 80 00 00 00 00 00 00 00"}};
  for (const auto& [value, text] : golden) {
    const std::string bytes = from_hex(text);
    EXPECT_EQ(to_hex(written([&](auto* out) { return write_long(out, value); })), to_hex(bytes));
    const Number read = read_integer(begin_of(bytes), end_of(bytes));
    EXPECT_EQ(read.next, end_of(bytes)) << text;
    EXPECT_EQ(read.value, value);
  }
}

TEST(Hessian2Primitives, DoublesAreWrittenAndReadAsHessianLiteDoes) {
  const std::pair<double, const char*> golden[] = {
      {0.0, "5B"},
      {1.0, "5C"},
      {2.0, "5D 02"},
      {-128.0, "5D 80"},
      {127.0, "5D 7F"},
      {128.0, "5E 00 80"},
      {-32768.0, "5E 80 00"},
      {32767.0, "5E 7F FF"},
      {32768.0, "5F 01 F4 00 00"},
      {12.25, "5F 00 00 2F DA"},
      {0.009, "44 3F 82 6E 97 8D 4F DF 3B"},
      {0.001, "5F 00 00 00 01"},
      {-1.5, "5F FF FF FA 24"},
      {3.14159, "44 40 09 21 F9 F0 1B 86 6E"},
      {1e300, "44 7E 37 E4 3C 88 00 75 9C"},
      {std::numeric_limits<double>::infinity(), "44 7F F0 00 00 00 00 00 00"},
      {std::numeric_limits<double>::denorm_min(), "44 00 00 00 00 00 00 00 01"},
      {2147483.647, "5F 7F FF FF FF"},
      {2147483.648, "44 41 40 62 4D D2 F1 A9 FC"},
      {1e9, "44 41 CD CD 65 00 00 00 00"}};
  for (const auto& [value, text] : golden) {
    const std::string bytes = from_hex(text);
    EXPECT_EQ(to_hex(written([&](auto* out) { return write_double(out, value); })), to_hex(bytes)) << value;
    const Real read = read_double(begin_of(bytes), end_of(bytes));
    EXPECT_EQ(read.next, end_of(bytes)) << text;
    EXPECT_EQ(read.value, value);
  }
}

TEST(Hessian2Primitives, NegativeZeroAndNanKeepTheirBits) {
  // hessian-lite writes -0.0 as 5B, which is 0.0 to whoever reads it.
  EXPECT_EQ(to_hex(written([](auto* out) { return write_double(out, -0.0); })), "448000000000000000");
  const std::string nan = written([](auto* out) { return write_double(out, std::nan("")); });
  EXPECT_EQ(to_hex(nan), "447FF8000000000000");
  EXPECT_TRUE(std::isnan(read_double(begin_of(nan), end_of(nan)).value));
}

TEST(Hessian2Primitives, ThousandthsMeanTheSameToReadersThatMultiplyAndToThoseThatDivide) {
  std::mt19937_64 random(7);
  int short_forms = 0;
  for (int i = 0; i < 200'000; ++i) {
    const auto mills = static_cast<std::int32_t>(random() % 8'000'000) - 4'000'000;
    for (const double value : {mills * 0.001, mills / 1000.0}) {
      const std::string bytes = written([&](auto* out) { return write_double(out, value); });
      ASSERT_EQ(read_double(begin_of(bytes), end_of(bytes)).value, value);
      if (static_cast<std::uint8_t>(bytes[0]) != lead_double_mill) continue;
      ++short_forms;
      ASSERT_EQ(static_cast<std::int32_t>(load_be32(begin_of(bytes) + 1)) / 1000.0, value);
    }
  }
  EXPECT_GT(short_forms, 100'000);
}

TEST(Hessian2Primitives, DatesAreMinutesWhereTheyCanBe) {
  const std::pair<std::int64_t, const char*> golden[] = {{60'000, "4B 00 00 00 01"},
                                                         {1'234'567'890'123, "4A 00 00 01 1F 71 FB 04 CB"},
                                                         {-60'000, "4B FF FF FF FF"},
                                                         {long_max, "4A 7F FF FF FF FF FF FF FF"}};
  for (const auto& [value, text] : golden) {
    const std::string bytes = from_hex(text);
    EXPECT_EQ(to_hex(written([&](auto* out) { return write_date(out, value); })), to_hex(bytes));
    const Number read = read_date(begin_of(bytes), end_of(bytes));
    EXPECT_EQ(read.next, end_of(bytes));
    EXPECT_EQ(read.value, value);
  }
}

TEST(Hessian2Primitives, EveryNumberIsReadBackFromItsShortestForm) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 200'000; ++i) {
    const auto value = static_cast<std::int64_t>(random()) >> (random() % 64);
    const std::string as_long = written([&](auto* out) { return write_long(out, value); });
    ASSERT_EQ(read_integer(begin_of(as_long), end_of(as_long)).value, value);
    ASSERT_EQ(scalar_bytes(static_cast<std::uint8_t>(as_long[0])), as_long.size());
    const auto narrow = static_cast<std::int32_t>(value);
    const std::string as_int = written([&](auto* out) { return write_int(out, narrow); });
    ASSERT_EQ(read_integer(begin_of(as_int), end_of(as_int)).value, narrow);
    ASSERT_EQ(scalar_bytes(static_cast<std::uint8_t>(as_int[0])), as_int.size());
  }
}

TEST(Hessian2Primitives, ACutOffNumberIsNone) {
  for (int lead = 0; lead < 256; ++lead) {
    std::string bytes(1, static_cast<char>(lead));
    const std::size_t size = scalar_bytes(static_cast<std::uint8_t>(lead));
    for (std::size_t have = 1; have < size; ++have) {
      bytes.resize(have);
      EXPECT_EQ(read_integer(begin_of(bytes), end_of(bytes)).next, nullptr) << lead;
      EXPECT_EQ(read_double(begin_of(bytes), end_of(bytes)).next, nullptr) << lead;
      EXPECT_EQ(read_date(begin_of(bytes), end_of(bytes)).next, nullptr) << lead;
    }
    EXPECT_EQ(read_integer(begin_of(bytes), begin_of(bytes)).next, nullptr);
  }
}

}  // namespace
}  // namespace koine::codecs::bodies::hessian2
