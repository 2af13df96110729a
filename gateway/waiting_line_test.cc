// Order, leaving, and thousands that leave at once.
#include "gateway/waiting_line.h"

#include <gtest/gtest.h>

namespace koine::gateway {
namespace {

AttemptRef attempt(std::uint32_t index, std::uint32_t serial = 1) { return {Handle{index, 1}, serial}; }

TEST(WaitingLine, KeepsTheOrder) {
  WaitingLine line;
  EXPECT_TRUE(line.empty());
  for (std::uint32_t i = 0; i < 5; ++i) line.push(attempt(i));
  EXPECT_EQ(line.size(), 5u);
  for (std::uint32_t i = 0; i < 5; ++i) EXPECT_EQ(line.pop(), attempt(i));
  EXPECT_TRUE(line.empty());
}

TEST(WaitingLine, WhoLeavesIsPassedOver) {
  WaitingLine line;
  for (std::uint32_t i = 0; i < 6; ++i) line.push(attempt(i));
  EXPECT_TRUE(line.remove(attempt(0)));
  EXPECT_TRUE(line.remove(attempt(3)));
  EXPECT_TRUE(line.remove(attempt(5)));
  EXPECT_FALSE(line.remove(attempt(3)));
  EXPECT_FALSE(line.remove(attempt(77)));
  EXPECT_EQ(line.size(), 3u);
  line.push(attempt(0));  // came back, to the end
  EXPECT_EQ(line.take_all(), (std::vector<AttemptRef>{attempt(1), attempt(2), attempt(4), attempt(0)}));
  EXPECT_TRUE(line.empty());
  EXPECT_TRUE(line.take_all().empty());
}

TEST(WaitingLine, AnotherAttemptOfTheSameExchangeDoesNotWait) {
  WaitingLine line;
  line.push(attempt(4, 2));
  EXPECT_FALSE(line.remove(attempt(4, 1)));
  EXPECT_EQ(line.size(), 1u);
  EXPECT_TRUE(line.remove(attempt(4, 2)));
  EXPECT_TRUE(line.empty());
}

// A search from the front for each would be ten billion steps.
TEST(WaitingLine, AHundredThousandLeaveAtOnceInAnyOrder) {
  constexpr std::uint32_t count = 100'000;
  WaitingLine line;
  for (std::uint32_t i = 0; i < count; ++i) line.push(attempt(i));
  for (std::uint32_t i = count; i-- > 1;) ASSERT_TRUE(line.remove(attempt(i)));
  EXPECT_EQ(line.size(), 1u);
  for (std::uint32_t i = 1; i < count; ++i) line.push(attempt(i));
  for (std::uint32_t i = 1; i < count; i += 2) ASSERT_TRUE(line.remove(attempt(i)));
  for (std::uint32_t i = 2; i < count; i += 2) ASSERT_TRUE(line.remove(attempt(i)));
  EXPECT_GT(line.buckets(), count / 2);
  EXPECT_EQ(line.pop(), attempt(0));
  EXPECT_TRUE(line.empty());
  EXPECT_LE(line.buckets(), WaitingLine::buckets_kept_max) << "what the rush needed is kept";
}

}  // namespace
}  // namespace koine::gateway
