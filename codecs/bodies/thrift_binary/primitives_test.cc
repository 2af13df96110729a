// Skipping: every type, every way to end too early, depth.
#include "codecs/bodies/thrift_binary/primitives.h"

#include <charconv>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace koine::codecs::bodies::thrift_binary {
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
  bytes.push_back(0xff);
  EXPECT_EQ(skip(type, bytes).bytes, size) << hex;
}

TEST(ThriftBinary, SkipsValuesOfEveryType) {
  expect_value(type_bool, "01");
  expect_value(type_i8, "ff");
  expect_value(type_i16, "0102");
  expect_value(type_i32, "01020304");
  expect_value(type_i64, "0102030405060708");
  expect_value(type_double, "3ff8000000000000");
  expect_value(type_string, "00000003 616263");
  expect_value(type_uuid, "00112233445566778899aabbccddeeff");
  expect_value(type_list, "08 00000002 00000001 00000002");
  expect_value(type_set, "0b 00000001 00000001 61");
  expect_value(type_map, "08 0b 00000001 00000005 00000001 61");
  expect_value(type_map, "00 00 00000000");
  expect_value(type_struct, "08 0001 00000007 0c 0002 00 00");
  expect_value(type_list, "0c 00000002 00 00");
}

TEST(ThriftBinary, RefusesWhatIsNoValue) {
  EXPECT_EQ(skip(1, bytes_of("00")).fault, Fault::malformed);  // void
  EXPECT_EQ(skip(9, bytes_of("00")).fault, Fault::malformed);  // never used
  EXPECT_EQ(skip(17, bytes_of("00")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_string, bytes_of("ffffffff 00")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_list, bytes_of("08 80000000 00")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_list, bytes_of("00 00000001 00")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_map, bytes_of("08 00 00000001 00000001")).fault, Fault::malformed);
  EXPECT_EQ(skip(type_struct, bytes_of("11 0001 00")).fault, Fault::malformed);
}

TEST(ThriftBinary, ComparesCountsWithTheBytesThatAreThere) {
  EXPECT_EQ(skip(type_list, bytes_of("0a 7fffffff 0000000000000000")).fault, Fault::truncated);
  EXPECT_EQ(skip(type_map, bytes_of("08 08 00000002 0000000000000000 00")).fault, Fault::truncated);
}

TEST(ThriftBinary, CountsStructsAndContainersAsDepth) {
  const auto nested = bytes_of("0c 0001 0f 0001 0c 00000001 00 00 00");  // struct { list [ {} ] }
  EXPECT_EQ(skip(type_struct, nested, 4).bytes, static_cast<std::ptrdiff_t>(nested.size()));
  EXPECT_EQ(skip(type_struct, nested, 3).fault, Fault::too_deep);
  EXPECT_EQ(skip(type_struct, bytes_of("00"), 0).fault, Fault::too_deep);
}

}  // namespace
}  // namespace koine::codecs::bodies::thrift_binary
