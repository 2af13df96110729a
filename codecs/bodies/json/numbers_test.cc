// Numbers, base64, instants and durations.
#include "codecs/bodies/json/numbers.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "codecs/bodies/json/base64.h"
#include "codecs/bodies/json/time_text.h"

namespace koine::codecs::bodies::json {
namespace {

using namespace std::string_view_literals;

template <class Writer, class Value>
std::string written(Writer writer, Value value) {
  std::uint8_t out[64];
  return std::string(reinterpret_cast<char*>(out), static_cast<std::size_t>(writer(out, value) - out));
}

TEST(JsonIntegers, AreExact) {
  std::int64_t value = 0;
  const auto i64 = [&](std::string_view text) {
    value = 99;
    return parse_i64(text, value);
  };
  const std::pair<std::string_view, std::int64_t> good[] = {
      {"0", 0},
      {"-0", 0},
      {"0.000e999999999999999999999", 0},
      {"1.0", 1},
      {"1e3", 1000},
      {"1E+3", 1000},
      {"1.5e1", 15},
      {"100e-2", 1},
      {"-120.0e-1", -12},
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
      {"9.223372036854775807e18", std::numeric_limits<std::int64_t>::max()},
      {"9007199254740993", 9007199254740993},
      {"1000000000000000000", 1000000000000000000},
  };
  for (const auto& [text, want] : good) {
    EXPECT_EQ(i64(text), Parsed::ok) << text;
    EXPECT_EQ(value, want) << text;
  }
  for (const std::string_view text : {"1.5", "1e-1", "0.1", "12345e-2", "1e-999999999999999999999"}) {
    EXPECT_EQ(i64(text), Parsed::not_an_integer) << text;
  }
  for (const std::string_view text :
       {"9223372036854775808", "-9223372036854775809", "1e19", "99999999999999999999999",
        "1e999999999999999999999", "18446744073709551616"}) {
    EXPECT_EQ(i64(text), Parsed::out_of_range) << text;
  }
  for (const std::string_view text :
       {"", "-", "+1", "01", "1.", ".1", "1e", "1 ", " 1", "0x1", "1,0", "NaN", "1e1.0"}) {
    EXPECT_EQ(i64(text), Parsed::not_a_number) << text;
    EXPECT_FALSE(is_number(text));
  }
  std::uint64_t large = 0;
  EXPECT_EQ(parse_u64("18446744073709551615", large), Parsed::ok);
  EXPECT_EQ(large, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(parse_u64("18446744073709551616", large), Parsed::out_of_range);
  EXPECT_EQ(parse_u64("-1", large), Parsed::out_of_range);
  EXPECT_EQ(parse_u64("-0", large), Parsed::ok);
  EXPECT_EQ(parse_u64("1844674407370955161.5e1", large), Parsed::ok);
  EXPECT_EQ(large, std::numeric_limits<std::uint64_t>::max());
  // A long text of zeros is still exact.
  const std::string zeros = "1" + std::string(5000, '0') + "e-5000";
  EXPECT_EQ(i64(zeros), Parsed::ok);
  EXPECT_EQ(value, 1);
}

TEST(JsonIntegers, AreWrittenAndReadBack) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10000; ++i) {
    const std::uint64_t bits = random() >> (random() % 64);
    std::uint64_t u = 0;
    std::int64_t s = 0;
    EXPECT_EQ(parse_u64(written(write_u64, bits), u), Parsed::ok);
    EXPECT_EQ(u, bits);
    EXPECT_EQ(parse_i64(written(write_i64, static_cast<std::int64_t>(bits)), s), Parsed::ok);
    EXPECT_EQ(static_cast<std::uint64_t>(s), bits);
  }
}

TEST(JsonIntegers, HaveAllTheirDigitsAndNoMore) {
  const auto check = [](std::uint64_t value) {
    EXPECT_EQ(written(write_u64, value), std::to_string(value));
    EXPECT_EQ(written(write_i64, static_cast<std::int64_t>(value)),
              std::to_string(static_cast<std::int64_t>(value)));
  };
  std::uint64_t power = 1;
  for (int digits = 1; digits <= 20; ++digits, power *= 10) {
    for (const std::uint64_t factor : {1u, 5u, 9u}) {
      for (const std::uint64_t delta : {0u, 1u, 2u, 9u}) {
        check(power * factor + delta);
        check(power * factor - delta);
      }
    }
  }
  for (std::uint64_t value = 0; value < 20000; ++value) check(value);
}

TEST(JsonFloats, AreTheNearestAndTheShortest) {
  const auto same = [](double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; };
  double value = 0;
  const std::pair<std::string_view, double> good[] = {
      {"0", 0.0},
      {"-0", -0.0},
      {"-0.0e5", -0.0},
      {"0.1", 0.1},
      {"1e-7", 1e-7},
      {"1.7976931348623157e308", std::numeric_limits<double>::max()},
      {"4.9e-324", std::numeric_limits<double>::denorm_min()},
      {"2.2250738585072011e-308", 2.2250738585072011e-308},
      {"1e-400", 0.0},
      {"-1e-400", -0.0},
      {"0.00000000000000000000000000000000000000001e-400", 0.0},
      {"9007199254740993", 9007199254740992.0},
      {"0e999999999999", 0.0},
  };
  for (const auto& [text, want] : good) {
    EXPECT_EQ(parse_f64(text, false, value), Parsed::ok) << text;
    EXPECT_TRUE(same(value, want)) << text;
  }
  const std::string long_tiny = std::string(500, '1') + "e-900";
  EXPECT_EQ(parse_f64(long_tiny, false, value), Parsed::ok);
  EXPECT_EQ(value, 0.0);
  const std::string long_huge = std::string(500, '1') + "e-5";
  for (const std::string_view text : {"1e309"sv, "-1e400"sv, std::string_view(long_huge)}) {
    EXPECT_EQ(parse_f64(text, false, value), Parsed::out_of_range) << text;
  }
  for (const std::string_view text :
       {"NaN", "Infinity", "-Infinity", "nan", "inf", "0x1p3", "", "1 ", "--1"}) {
    EXPECT_EQ(parse_f64(text, false, value), Parsed::not_a_number) << text;
  }
  EXPECT_EQ(parse_f64("NaN", true, value), Parsed::ok);
  EXPECT_TRUE(std::isnan(value));
  EXPECT_EQ(parse_f64("-Infinity", true, value), Parsed::ok);
  EXPECT_EQ(value, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_f64("infinity", true, value), Parsed::not_a_number);
  EXPECT_EQ(written(write_f64, 0.1), "0.1");
  EXPECT_EQ(written(write_f64, -0.0), "-0.0");
  EXPECT_EQ(written(write_f64, 1.0), "1");
  EXPECT_EQ(written(write_f64, std::nan("")), "\"NaN\"");
  EXPECT_EQ(written(write_f64, -HUGE_VAL), "\"-Infinity\"");
  EXPECT_EQ(written(write_f32, 0.1f), "0.1");
  float narrow = 0;
  EXPECT_EQ(parse_f32("3.4028235e38", false, narrow), Parsed::ok);
  EXPECT_EQ(parse_f32("3.5e38", false, narrow), Parsed::out_of_range);
  EXPECT_EQ(parse_f32("1e-60", false, narrow), Parsed::ok);
  EXPECT_EQ(narrow, 0.0f);
}

TEST(JsonFloats, AreReadBackBitForBit) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 50000; ++i) {
    const std::uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    const std::string text = written(write_f64, value);
    ASSERT_LE(text.size(), number_bytes_max);
    ASSERT_TRUE(is_number(text)) << text;
    double back = 0;
    ASSERT_EQ(parse_f64(text, false, back), Parsed::ok);
    EXPECT_EQ(std::memcmp(&value, &back, sizeof value), 0) << text;
    std::istringstream other(text);
    double read = 0;
    other >> read;
    EXPECT_TRUE(read == value || std::fabs(value) < 1e-300) << "another reader agrees";
    const auto low = static_cast<std::uint32_t>(bits);
    float narrow = 0;
    std::memcpy(&narrow, &low, sizeof narrow);
    if (!std::isfinite(narrow)) continue;
    float narrow_back = 0;
    ASSERT_EQ(parse_f32(written(write_f32, narrow), false, narrow_back), Parsed::ok);
    EXPECT_EQ(std::memcmp(&narrow, &narrow_back, sizeof narrow), 0);
  }
}

TEST(JsonBase64, ReadsBothAlphabetsAndWritesOne) {
  const auto read = [](std::string_view text) -> std::string {
    std::uint8_t out[64];
    const std::uint8_t* end = read_base64(text, out);
    return end == nullptr ? "refused"
                          : std::string(reinterpret_cast<char*>(out), static_cast<std::size_t>(end - out));
  };
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("Zg=="), "f");
  EXPECT_EQ(read("Zg"), "f");
  EXPECT_EQ(read("Zm8="), "fo");
  EXPECT_EQ(read("Zm8"), "fo");
  EXPECT_EQ(read("Zm9vYmFy"), "foobar");
  EXPECT_EQ(read("-_-_"), "\xfb\xff\xbf");
  EXPECT_EQ(read("+/+/"), "\xfb\xff\xbf");
  for (const std::string_view text : {"Z", "Zg=", "Zg===", "Z===", "=", "==", "====", "Zm8==", "Zm9v=",
                                      "Zm=8", "Zm9v====", "Zh==", "Zm9=", "Zm 8", "Zm8\n", "Zm8*"}) {
    EXPECT_EQ(read(text), "refused") << text;
  }
  std::string octets;
  for (int i = 0; i < 256; ++i) {
    std::string out(base64_bytes(octets.size()), '#');
    auto* begin = reinterpret_cast<std::uint8_t*>(out.data());
    EXPECT_EQ(write_base64(begin, base::as_bytes(octets)), begin + out.size());
    std::string back(octets_bytes_max(out.size()), '#');
    auto* back_begin = reinterpret_cast<std::uint8_t*>(back.data());
    const std::uint8_t* end = read_base64(out, back_begin);
    ASSERT_NE(end, nullptr) << out;
    back.resize(static_cast<std::size_t>(end - back_begin));
    EXPECT_EQ(back, octets);
    octets += static_cast<char>(i * 7);
  }
}

TEST(JsonTimes, ReadInstants) {
  const auto read = [](std::string_view text) {
    SecondsNanos value;
    return parse_timestamp(text, value) ? std::to_string(value.seconds) + "+" + std::to_string(value.nanos)
                                        : "refused";
  };
  EXPECT_EQ(read("1970-01-01T00:00:00Z"), "0+0");
  EXPECT_EQ(read("1972-01-01T10:00:20.021Z"), "63108020+21000000");
  EXPECT_EQ(read("1969-12-31T23:59:59.999999999Z"), "-1+999999999");
  EXPECT_EQ(read("0001-01-01T00:00:00Z"), "-62135596800+0");
  EXPECT_EQ(read("9999-12-31T23:59:59.999999999Z"), "253402300799+999999999");
  EXPECT_EQ(read("2000-02-29T12:00:00+01:30"), "951820200+0");
  EXPECT_EQ(read("2000-02-29T12:00:00.5-08:00"), "951854400+500000000");
  for (const std::string_view text : {"",
                                      "1970-01-01",
                                      "1970-01-01T00:00:00",
                                      "1970-01-01 00:00:00Z",
                                      "1970-01-01t00:00:00Z",
                                      "1970-01-01T00:00:00z",
                                      "1970-13-01T00:00:00Z",
                                      "1970-00-01T00:00:00Z",
                                      "1970-02-29T00:00:00Z",
                                      "1900-02-29T00:00:00Z",
                                      "1970-01-32T00:00:00Z",
                                      "1970-01-01T24:00:00Z",
                                      "1970-01-01T00:60:00Z",
                                      "1970-01-01T23:59:60Z",
                                      "1970-01-01T00:00:00.Z",
                                      "1970-01-01T00:00:00.1234567890Z",
                                      "1970-01-01T00:00:00+1:00",
                                      "1970-01-01T00:00:00+24:00",
                                      "1970-01-01T00:00:00Zx",
                                      "0000-12-31T23:59:59Z",
                                      "0001-01-01T00:00:00+00:01",
                                      "9999-12-31T23:59:59-00:01",
                                      "10000-01-01T00:00:00Z",
                                      "+1970-01-01T00:00:00Z",
                                      "197a-01-01T00:00:00Z"}) {
    EXPECT_EQ(read(text), "refused") << text;
  }
}

TEST(JsonTimes, WriteWhatTheyRead) {
  EXPECT_EQ(written(write_timestamp, SecondsNanos{0, 0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(written(write_timestamp, SecondsNanos{63108020, 21000000}), "1972-01-01T10:00:20.021Z");
  EXPECT_EQ(written(write_timestamp, SecondsNanos{-1, 1000}), "1969-12-31T23:59:59.000001Z");
  EXPECT_EQ(written(write_timestamp, SecondsNanos{timestamp_seconds_min, 1}),
            "0001-01-01T00:00:00.000000001Z");
  EXPECT_EQ(written(write_timestamp, SecondsNanos{timestamp_seconds_max, 0}), "9999-12-31T23:59:59Z");
  EXPECT_EQ(written(write_duration, SecondsNanos{1, 500000000}), "1.500s");
  EXPECT_EQ(written(write_duration, SecondsNanos{0, -500000000}), "-0.500s");
  EXPECT_EQ(written(write_duration, SecondsNanos{-315576000000, 0}), "-315576000000s");
  std::mt19937_64 random(3);
  for (int i = 0; i < 50000; ++i) {
    const auto span = static_cast<std::uint64_t>(timestamp_seconds_max - timestamp_seconds_min + 1);
    const SecondsNanos instant{timestamp_seconds_min + static_cast<std::int64_t>(random() % span),
                               static_cast<std::int32_t>(random() % 1000000000)};
    SecondsNanos back;
    ASSERT_TRUE(parse_timestamp(written(write_timestamp, instant), back));
    EXPECT_EQ(back.seconds, instant.seconds);
    EXPECT_EQ(back.nanos, instant.nanos);
    const auto seconds = static_cast<std::int64_t>(random() % 631152000001) - duration_seconds_max;
    const auto nanos = static_cast<std::int32_t>(random() % 1000000000);
    const SecondsNanos duration{seconds, seconds < 0 ? -nanos : seconds == duration_seconds_max ? 0 : nanos};
    ASSERT_TRUE(parse_duration(written(write_duration, duration), back)) << written(write_duration, duration);
    EXPECT_EQ(back.seconds, duration.seconds);
    EXPECT_EQ(back.nanos, duration.nanos);
  }
}

TEST(JsonTimes, ReadDurations) {
  SecondsNanos value;
  EXPECT_TRUE(parse_duration("3s", value));
  EXPECT_EQ(value.seconds, 3);
  EXPECT_TRUE(parse_duration("-0.000000001s", value));
  EXPECT_EQ(value.seconds, 0);
  EXPECT_EQ(value.nanos, -1);
  EXPECT_TRUE(parse_duration("315576000000s", value));
  for (const std::string_view text :
       {"", "s", "3", "3 s", "3S", "+3s", ".5s", "1.s", "1.0000000000s", "315576000001s", "-315576000001s",
        "1e3s", "99999999999999999999s", "3ss", "--3s"}) {
    EXPECT_FALSE(parse_duration(text, value)) << text;
  }
  EXPECT_FALSE(valid_duration({1, -1}));
  EXPECT_FALSE(valid_duration({-1, 1}));
  EXPECT_FALSE(valid_duration({0, 1000000000}));
  EXPECT_FALSE(valid_timestamp({0, -1}));
  EXPECT_FALSE(valid_timestamp({0, 1000000000}));
  EXPECT_FALSE(valid_timestamp({timestamp_seconds_max + 1, 0}));
  EXPECT_FALSE(valid_timestamp({timestamp_seconds_min - 1, 0}));
}

}  // namespace
}  // namespace koine::codecs::bodies::json
