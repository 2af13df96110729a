// The count holds over all members; who waits is woken in order and nobody is forgotten.
#include "gateway/permits.h"

#include <thread>

#include <gtest/gtest.h>

namespace koine::gateway {
namespace {

struct Woken final : Permits::Waker {
  std::atomic<int> free{0};
  std::atomic<int> wanted{0};
  void permit_free() override { ++free; }
  void idle_wanted() override { ++wanted; }
};

TEST(Permits, AreCountedOverAllMembersOfAnEndpoint) {
  Permits permits;
  auto a = std::make_shared<Woken>(), b = std::make_shared<Woken>();
  Permits::Member one(permits, "orders|127.0.0.1:1", a), two(permits, "orders|127.0.0.1:1", b);
  Permits::Member other(permits, "orders|127.0.0.1:2", b);
  EXPECT_TRUE(one.try_take(2));
  EXPECT_TRUE(two.try_take(2));
  EXPECT_FALSE(one.try_take(2));
  EXPECT_TRUE(other.try_take(2));
  EXPECT_EQ(one.held(), 2u);
  for (Permits::Member* member : {&one, &two, &other}) member->give_back();
}

TEST(Permits, WakeWhoHasWaitedLongestAndAskHoldersForIdleConnections) {
  Permits permits;
  auto a = std::make_shared<Woken>(), b = std::make_shared<Woken>(), c = std::make_shared<Woken>();
  Permits::Member holder(permits, "k", a), first(permits, "k", b), second(permits, "k", c);
  ASSERT_TRUE(holder.try_take(1));
  EXPECT_FALSE(holder.wanted_by_others());
  first.wait();
  first.wait();
  second.wait();
  EXPECT_TRUE(holder.wanted_by_others());
  EXPECT_EQ(a->wanted, 2);
  holder.give_back();
  EXPECT_EQ(b->free, 1);
  EXPECT_EQ(c->free, 0);
  ASSERT_TRUE(first.try_take(1));
  EXPECT_TRUE(first.wanted_by_others());
  first.give_back();
  EXPECT_EQ(c->free, 1);
  EXPECT_FALSE(holder.wanted_by_others());
}

TEST(Permits, AMemberThatLeavesIsNotWokenAndTheNextOneIs) {
  Permits permits;
  auto a = std::make_shared<Woken>(), b = std::make_shared<Woken>(), c = std::make_shared<Woken>();
  Permits::Member holder(permits, "k", a);
  ASSERT_TRUE(holder.try_take(1));
  Permits::Member stays(permits, "k", c);
  {
    Permits::Member leaves(permits, "k", b);
    leaves.wait();
    stays.wait();
  }
  holder.give_back();
  EXPECT_EQ(b->free, 0);
  EXPECT_EQ(c->free, 1);
}

TEST(Permits, OneWhoWaitsIsNotWantedByItself) {
  Permits permits;
  auto a = std::make_shared<Woken>();
  Permits::Member only(permits, "k", a);
  only.wait();
  EXPECT_FALSE(only.wanted_by_others());
}

TEST(Permits, ThreadsNeverHoldMoreThanTheMaximum) {
  Permits permits;
  std::atomic<int> held{0}, worst{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      Permits::Member member(permits, "k", std::make_shared<Woken>());
      for (int i = 0; i < 5000; ++i) {
        if (!member.try_take(2)) {
          member.wait();
          continue;
        }
        const int now = ++held;
        if (now > worst) worst = now;
        --held;
        member.give_back();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(worst.load(), 2);
  Permits::Member last(permits, "k", std::make_shared<Woken>());
  EXPECT_EQ(last.held(), 0u);
}

}  // namespace
}  // namespace koine::gateway
