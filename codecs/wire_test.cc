// Varints of every length, at every distance from the end.
#include "codecs/wire.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace koine::codecs {
namespace {

std::vector<std::uint64_t> interesting_numbers() {
  std::vector<std::uint64_t> numbers = {0, 1};
  for (unsigned bit = 1; bit < 64; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    numbers.insert(numbers.end(), {power - 1, power, power + 1, power | 0x5555555555555555u >> (63 - bit)});
  }
  numbers.push_back(~std::uint64_t{0});
  return numbers;
}

// The plainest way to write one.
std::vector<std::uint8_t> encode(std::uint64_t value) {
  std::vector<std::uint8_t> bytes;
  for (; value >= 128; value >>= 7) bytes.push_back(static_cast<std::uint8_t>(value | 128));
  bytes.push_back(static_cast<std::uint8_t>(value));
  return bytes;
}

TEST(Varint, IsWrittenInItsShortestForm) {
  for (const std::uint64_t number : interesting_numbers()) {
    std::uint8_t out[varint_bytes_max] = {};
    const auto size = static_cast<std::size_t>(write_varint(out, number) - out);
    EXPECT_EQ(std::vector<std::uint8_t>(out, out + size), encode(number)) << number;
    EXPECT_EQ(varint_size(number), size);
  }
}

TEST(Varint, IsReadWhateverFollows) {
  for (const std::uint64_t number : interesting_numbers()) {
    for (std::size_t more = 0; more < 10; ++more) {
      std::vector<std::uint8_t> bytes = encode(number);
      const std::size_t size = bytes.size();
      bytes.insert(bytes.end(), more, 0xff);
      const Varint read = read_varint(bytes.data(), bytes.data() + bytes.size());
      ASSERT_EQ(read.next, bytes.data() + size) << number << " with " << more;
      EXPECT_EQ(read.value, number);
    }
  }
}

TEST(Varint, CutOffIsRefused) {
  for (const std::uint64_t number : interesting_numbers()) {
    const std::vector<std::uint8_t> bytes = encode(number);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const std::vector<std::uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_EQ(read_varint(cut.data(), cut.data() + size).next, nullptr) << number << " cut to " << size;
    }
  }
}

TEST(Varint, LongerThanNeededIsReadUpToTenBytes) {
  for (std::size_t size = 2; size <= 12; ++size) {
    std::vector<std::uint8_t> bytes(size, 0x80);
    bytes.front() = 0x85;
    bytes.back() = 0;
    bytes.push_back(0x2a);
    const Varint read = read_varint(bytes.data(), bytes.data() + bytes.size());
    if (size > 10) {
      EXPECT_EQ(read.next, nullptr);
      continue;
    }
    EXPECT_EQ(read.next, bytes.data() + size);
    EXPECT_EQ(read.value, 5u);
  }
}

TEST(Zigzag, SmallNumbersOfEitherSignAreSmall) {
  EXPECT_EQ(zigzag(0), 0u);
  EXPECT_EQ(zigzag(-1), 1u);
  EXPECT_EQ(zigzag(1), 2u);
  for (const std::uint64_t bits : interesting_numbers()) {
    const auto number = static_cast<std::int64_t>(bits);
    EXPECT_EQ(unzigzag(zigzag(number)), number);
  }
}

}  // namespace
}  // namespace koine::codecs
