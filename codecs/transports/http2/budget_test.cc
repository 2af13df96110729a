// Budgets: exact at their burst, refilled by time and by good work, never above the burst.
#include "codecs/transports/http2/budget.h"

#include <gtest/gtest.h>

namespace koine::codecs::transports::http2 {
namespace {

using base::second_ns;

TEST(Http2Budget, GivesItsBurstAndNotOneMore) {
  Budget budget(10, 5);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(budget.take(1, second_ns)) << i;
  EXPECT_FALSE(budget.take(1, second_ns));
  EXPECT_FALSE(budget.take(1, second_ns));
}

TEST(Http2Budget, RefillsAtItsRateAndKeepsTheRestOfTheTime) {
  Budget budget(10, 5);
  ASSERT_TRUE(budget.take(10, second_ns));
  // A fifth of a second is one token; two halves of that are one too.
  EXPECT_FALSE(budget.take(1, second_ns + second_ns / 10));
  EXPECT_TRUE(budget.take(1, second_ns + 2 * (second_ns / 5)));
  EXPECT_FALSE(budget.take(1, second_ns + 2 * (second_ns / 5)));
}

TEST(Http2Budget, NeverHoldsMoreThanItsBurst) {
  Budget budget(10, 5);
  budget.earn(1000);
  EXPECT_TRUE(budget.take(10, 3600 * second_ns));
  EXPECT_FALSE(budget.take(1, 3600 * second_ns));
  EXPECT_TRUE(budget.take(10, 7200 * second_ns));
}

TEST(Http2Budget, GoodWorkPaysBack) {
  Budget budget(2, 1);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(budget.take(1, 0)) << i;
    budget.earn(1);
  }
}

TEST(Http2Budget, TellsWhenThreeQuartersAreGone) {
  Budget budget(8, 1);
  EXPECT_TRUE(budget.take(6, 0));
  EXPECT_FALSE(budget.below_quarter());
  EXPECT_TRUE(budget.take(1, 0));
  EXPECT_TRUE(budget.below_quarter());
}

}  // namespace
}  // namespace koine::codecs::transports::http2
