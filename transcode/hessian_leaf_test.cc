// Leaves of Hessian2: the short way over them gives what the long one does.
#include "transcode/hessian_leaf.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

namespace hessian2 = codecs::bodies::hessian2;
constexpr model::BodyFormat hessian = model::BodyFormat::hessian2;

// class L { int a; String b; double c; boolean d; long e; }
struct Leaves : ::testing::Test {
  SchemaBuilder schema;
  idl::StructType& type = schema.structure("L");

  Leaves() {
    add(type, 1, "a", schema.scalar(Kind::i32));
    add(type, 2, "b", schema.scalar(Kind::string), Presence::optional);
    add(type, 3, "c", schema.scalar(Kind::f64));
    add(type, 4, "d", schema.scalar(Kind::boolean));
    add(type, 5, "e", schema.scalar(Kind::i64));
  }
  static std::string object(const std::vector<std::string>& values, bool last_first) {
    std::string bytes = last_first ? "43 01 4c 95 01 65 01 64 01 63 01 62 01 61 60"
                                   : "43 01 4c 95 01 61 01 62 01 63 01 64 01 65 60";
    for (std::size_t i = 0; i < values.size(); ++i)
      bytes += ' ' + values[last_first ? values.size() - 1 - i : i];
    return bytes;
  }
};

TEST_F(Leaves, AreReadAndWrittenAlikeInWhateverOrderTheirClassHasThem) {
  const std::vector<std::vector<std::string>> values = {
      {"90", "b8", "c8 00", "d4 00 00", "49 7f ff ff ff", "4c 00 00 00 00 00 00 00 07", "4e", "51 90",
       "01 61", "49 00"},
      {"00", "03 61 62 63", "01 c3 bc", "1f" + std::string(62, '6'), "30 20" + std::string(64, '6'), "4e",
       "51 90", "52 00 01 61 01 62", "01 ff", "90"},
      {"5b", "5d 80", "5f 00 00 04 d2", "44 7f f0 00 00 00 00 00 00", "97", "4e", "44 00", "54"},
      {"54", "46", "4e", "90", "51 90"},
      {"e0", "ef", "f8 00", "3c 00 00", "59 80 00 00 00", "4c 7f ff ff ff ff ff ff ff", "d7 ff ff", "4e",
       "01 61", "4c 00"}};
  Runner runner(hessian, type, hessian, type);
  std::vector<std::string> one;
  for (const auto& of_field : values) one.push_back(of_field.front());
  const std::string usual = runner.hex_of(hex(object(one, false)));
  EXPECT_EQ(usual, object(one, false));
  for (std::size_t field = 0; field < values.size(); ++field) {
    for (const std::string& value : values[field]) {
      std::vector<std::string> all = one;
      all[field] = value;
      const std::string first = runner.hex_of(hex(object(all, false)));
      // (What is cut off swallows what stands behind it, another value in either order.)
      if (value == "49 00" || value == "44 00" || value == "4c 00") {
        EXPECT_FALSE(first.starts_with("43")) << value;
        EXPECT_FALSE(runner.hex_of(hex(object(all, true))).starts_with("43")) << value;
        continue;
      }
      EXPECT_EQ(runner.hex_of(hex(object(all, true))), first) << value;
      EXPECT_TRUE(!first.starts_with("43") ||
                  runner.hex_of(hex(object(all, true) + " 90")).starts_with("WIRE_MALFORMED"))
          << value;
    }
  }
}

TEST_F(Leaves, AreRefusedCutOffAnywhere) {
  const std::vector<std::string> all = {"d4 00 00", "03 61 62 63", "5f 00 00 04 d2", "54", "3c 00 00"};
  Runner runner(hessian, type, hessian, type);
  for (const bool last_first : {false, true}) {
    const std::string whole = hex(object(all, last_first));
    std::string out;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_FALSE(runner.run(whole.substr(0, size), out).ok()) << size;
    }
    EXPECT_TRUE(runner.run(whole, out).ok());
  }
}

TEST(HessianIntegers, HaveTheFormsOfOthersAtEveryBoundary) {
  std::uint8_t expected[16];
  std::uint8_t found[16];
  for (int shift = 0; shift < 64; ++shift) {
    for (const std::int64_t step : {-17, -9, -8, -1, 0, 1, 15, 16, 47, 48}) {
      for (const std::int64_t sign : {-1, 1}) {
        const std::int64_t value = sign * static_cast<std::int64_t>((std::uint64_t{1} << shift >> 1) +
                                                                    static_cast<std::uint64_t>(step));
        std::uint8_t* const behind = hessian2::write_long(expected, value);
        ASSERT_EQ(put_integer(found, value) - found, behind - expected) << value;
        ASSERT_TRUE(std::equal(expected, behind, found)) << value;
        for (const std::ptrdiff_t size : {behind - expected, std::ptrdiff_t{sizeof expected}}) {
          const hessian2::Number number = take_integer(expected, expected + size);
          ASSERT_EQ(number.next, behind) << value;
          ASSERT_EQ(number.value, value);
        }
        const auto narrow = static_cast<std::int32_t>(value);
        std::uint8_t* const behind_int = hessian2::write_int(expected, narrow);
        ASSERT_EQ(put_integer(found, narrow) - found, behind_int - expected) << narrow;
        ASSERT_TRUE(std::equal(expected, behind_int, found)) << narrow;
        ASSERT_EQ(take_integer(expected, expected + sizeof expected).value, narrow);
        ASSERT_EQ(take_integer(expected, behind_int).next, behind_int);
      }
    }
  }
}

}  // namespace
}  // namespace koine::transcode::testing
