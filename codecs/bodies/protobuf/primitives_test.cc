// Tags, lengths, groups, and walking a message without its schema.
#include "codecs/bodies/protobuf/primitives.h"

#include <charconv>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace koine::codecs::bodies::protobuf {
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

Fault walk(const char* hex, std::size_t levels = 64) {
  const std::vector<std::uint8_t> bytes = bytes_of(hex);
  Fault fault = Fault::none;
  const bool whole = walk_message(bytes.data(), bytes.data() + bytes.size(), levels, fault);
  EXPECT_EQ(whole, fault == Fault::none);
  return fault;
}

TEST(Protobuf, WalksFieldsOfEveryWireType) {
  EXPECT_EQ(walk(""), Fault::none);
  EXPECT_EQ(walk("08 01 11 0102030405060708 1a 02 ffff 25 01020304 2b 08 01 2c"), Fault::none);
  EXPECT_EQ(walk("8880 00 01"), Fault::none);  // a tag longer than needed
  EXPECT_EQ(walk("f8ffffff0f 01"), Fault::none);
}

TEST(Protobuf, RefusesWhatIsCutOff) {
  for (const char* cut :
       {"08", "08 80", "11 01020304050607", "1a 02 ff", "1a 80", "25 010203", "2b 08 01", "88"}) {
    EXPECT_EQ(walk(cut), Fault::truncated) << cut;
  }
}

TEST(Protobuf, RefusesWhatIsNoField) {
  EXPECT_EQ(walk("00 01"), Fault::malformed);  // number 0
  EXPECT_EQ(walk("0c"), Fault::malformed);     // the end of no group
  EXPECT_EQ(walk("2b 34"), Fault::malformed);  // the end of another
  EXPECT_EQ(walk("0e 00"), Fault::malformed);  // wire type 6
  EXPECT_EQ(walk("0f 00"), Fault::malformed);
  EXPECT_EQ(walk("888080808000 01"), Fault::malformed);  // a tag of six bytes
  EXPECT_EQ(walk("08 8080808080808080808001"), Fault::malformed);
}

TEST(Protobuf, GroupsHaveDepth) {
  EXPECT_EQ(walk("0b 0b 0c 0c", 3), Fault::none);
  EXPECT_EQ(walk("0b 0b 0c 0c", 2), Fault::too_deep);
  EXPECT_EQ(walk("", 0), Fault::too_deep);
}

}  // namespace
}  // namespace koine::codecs::bodies::protobuf
