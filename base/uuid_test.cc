// UUIDs: text and bytes.
#include "base/uuid.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace koine::base {
namespace {

// The example of RFC 9562 §4.
constexpr std::string_view example = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
constexpr std::array<std::uint8_t, uuid_bytes> example_bytes = {
    0xf8, 0x1d, 0x4f, 0xae, 0x7d, 0xec, 0x11, 0xd0, 0xa7, 0x65, 0x00, 0xa0, 0xc9, 0x1e, 0x6b, 0xf6};

TEST(Uuid, HasItsBytesInTheOrderOfItsText) {
  std::array<std::uint8_t, uuid_bytes> bytes{};
  ASSERT_TRUE(parse_uuid(example, bytes.data()));
  EXPECT_EQ(bytes, example_bytes);
  std::array<std::uint8_t, uuid_text_bytes> text{};
  EXPECT_EQ(write_uuid(text.data(), bytes.data()), text.data() + text.size());
  EXPECT_EQ(std::string(text.begin(), text.end()), example);
}

TEST(Uuid, IsReadInUpperCaseToo) {
  std::array<std::uint8_t, uuid_bytes> bytes{};
  ASSERT_TRUE(parse_uuid("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", bytes.data()));
  EXPECT_EQ(bytes, example_bytes);
}

TEST(Uuid, RefusesOtherLengthsCharactersAndDashes) {
  std::array<std::uint8_t, uuid_bytes> bytes{};
  for (std::size_t size = 0; size < example.size(); ++size) {
    EXPECT_FALSE(parse_uuid(example.substr(0, size), bytes.data())) << size;
  }
  EXPECT_FALSE(parse_uuid(std::string(example) + "0", bytes.data()));
  for (std::size_t i = 0; i < example.size(); ++i) {
    for (const char wrong : {'g', '/', ':', '@', '`', '{', ' ', '\0'}) {
      std::string text(example);
      text[i] = wrong;
      EXPECT_FALSE(parse_uuid(text, bytes.data())) << text;
    }
    std::string text(example);
    text[i] = text[i] == '-' ? '0' : '-';
    EXPECT_FALSE(parse_uuid(text, bytes.data())) << text;
  }
}

}  // namespace
}  // namespace koine::base
