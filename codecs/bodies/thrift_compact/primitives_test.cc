// Skipping: every type, every way to end too early, depth.
#include "codecs/bodies/thrift_compact/primitives.h"

#include <charconv>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace koine::codecs::bodies::thrift_compact {
namespace {

std::vector<std::uint8_t> bytes_of(const char* hex) {
  std::vector<std::uint8_t> bytes;
  std::string digits;
  for (const char* p = hex; *p != 0; ++p) {
    if (*p != ' ') digits.push_back(*p);
  }
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    std::from_chars(&digits[i], &digits[i] + 2, bytes.emplace_back(), 16);
  }
  return bytes;
}

// What skipping says: how many bytes, or why not.
struct Skipped {
  std::ptrdiff_t bytes = -1;
  Fault fault = Fault::none;
};
Skipped skip(std::uint8_t type, const std::vector<std::uint8_t>& bytes, std::size_t levels = 64) {
  Skipped skipped;
  const std::uint8_t* next =
      skip_value(bytes.data(), bytes.data() + bytes.size(), type, levels, skipped.fault);
  if (next != nullptr) skipped.bytes = next - bytes.data();
  return skipped;
}

// The value is skipped whole, with anything behind it, and refused when any byte of it is missing.
void expect_value(std::uint8_t type, const char* hex) {
  std::vector<std::uint8_t> bytes = bytes_of(hex);
  const auto size = static_cast<std::ptrdiff_t>(bytes.size());
  EXPECT_EQ(skip(type, bytes).bytes, size) << hex;
  for (std::ptrdiff_t cut = 0; cut < size; ++cut) {
    const Skipped skipped = skip(type, {bytes.begin(), bytes.begin() + cut});
    EXPECT_EQ(skipped.bytes, -1) << hex << " cut to " << cut;
    EXPECT_EQ(skipped.fault, Fault::truncated) << hex << " cut to " << cut;
  }
  // Near the end of the bytes and far from it other code skips.
  for (int behind = 1; behind <= 24; ++behind) {
    bytes.push_back(0xff);
    EXPECT_EQ(skip(type, bytes).bytes, size) << hex << " with " << behind << " bytes behind it";
  }
}

TEST(ThriftCompact, SkipsValuesOfEveryType) {
  expect_value(type_true, "01");
  expect_value(type_i8, "ff");
  expect_value(type_i16, "d804");
  expect_value(type_i32, "ffffffff0f");
  expect_value(type_i64, "ffffffffffffffffff01");
  expect_value(type_double, "000000000000f83f");
  expect_value(type_string, "03 616263");
  expect_value(type_uuid, "00112233445566778899aabbccddeeff");
  expect_value(type_list, "25 02 04");
  expect_value(type_list, "f1 0f 000000000000000000000000000000");
  expect_value(type_set, "18 01 61");
  expect_value(type_map, "01 58 0a 01 61");
  expect_value(type_map, "00");
  expect_value(type_struct, "15 0e 1c 00 00");
  expect_value(type_struct, "11 12 05 c801 0e 00");
  expect_value(type_list, "2c 00 00");
}

TEST(ThriftCompact, SkipsStructsOfEveryField) {
  expect_value(
      type_struct,
      "11 12 13ff 14d804 1502 15ffffffff0f 16ffffffffffffffffff01 17000000000000f83f 1803616263 1800 "
      "1d00112233445566778899aabbccddeeff 05800102 00");
  expect_value(type_struct, "1c 1504 00 19 2c 1502 180161 00 1504 1800 00 1b 02 8c 0161 1502 00 0162 00 00");
  expect_value(type_list, "2c 1502 180161 00 16 feffffffffffffffff01 12 00");
  expect_value(type_struct, ("18 8001 " + std::string(2 * 128, 'a') + " 1502 00").c_str());
  expect_value(type_struct, ("18 7f " + std::string(2 * 127, 'a') + " 1502 00").c_str());
}

TEST(ThriftCompact, RefusesWhatIsNoValue) {
  EXPECT_EQ(skip(0, bytes_of("00")).fault, Fault::malformed);
  EXPECT_EQ(skip(14, bytes_of("00")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_i64, bytes_of("ffffffffffffffffffff01")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_string, bytes_of("ffffffff0f 0000000000")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_list, bytes_of("10 00")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_map, bytes_of("01 50 00 00")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_struct, bytes_of("1e 00 00")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_struct, bytes_of("1e 0000000000000000000000 00")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_struct, bytes_of("16 ffffffffffffffffffff01 000000000000 00")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_list, bytes_of("1c 18 ffffffff0f 000000000000 00")).fault, Fault::malformed);
}

TEST(ThriftCompact, ComparesCountsWithTheBytesThatAreThere) {
  EXPECT_EQ(skip(type_list, bytes_of("f7 ffffffff07 0000000000000000")).fault, Fault::truncated);
  EXPECT_EQ(skip(type_map, bytes_of("03 55 00 00 00 00 00")).fault, Fault::truncated);
}

TEST(ThriftCompact, CountsStructsAndContainersAsDepth) {
  const auto nested = bytes_of("1c 19 1c 00 00 00");  // struct { struct { list [ {} ] } }
  EXPECT_EQ(skip(type_struct, nested, 4).bytes, static_cast<std::ptrdiff_t>(nested.size()));
  EXPECT_EQ(skip(type_struct, nested, 3).fault, Fault::too_deep);
}

TEST(ThriftCompact, FieldIdsWrapAsTheyDoInLibthrift) {
  const std::uint8_t head = 0xf1;
  EXPECT_EQ(read_field(&head, &head + 1, 32760).id, 32775 - 65536);
}

}  // namespace
}  // namespace koine::codecs::bodies::thrift_compact
