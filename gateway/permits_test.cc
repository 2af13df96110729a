// The count holds over all members; who waits is granted in order and nobody is forgotten.
#include "gateway/permits.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace koine::gateway {
namespace {

struct Woken final : Permits::Waker {
  std::atomic<int> granted{0};
  std::atomic<int> wanted{0};
  std::atomic<int> alone{0};
  void permit_granted() override { ++granted; }
  void idle_wanted() override { ++wanted; }
  void nobody_connected() override { ++alone; }
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

TEST(Permits, GoToWhoHasWaitedLongestAndHoldersAreAskedForIdleConnections) {
  Permits permits;
  auto a = std::make_shared<Woken>(), b = std::make_shared<Woken>(), c = std::make_shared<Woken>();
  Permits::Member holder(permits, "k", a), first(permits, "k", b), second(permits, "k", c);
  ASSERT_TRUE(holder.try_take(1));
  EXPECT_FALSE(holder.wanted_by_others());
  EXPECT_FALSE(first.take_or_wait(1));
  EXPECT_FALSE(first.take_or_wait(1));
  EXPECT_FALSE(second.take_or_wait(1));
  EXPECT_TRUE(holder.wanted_by_others());
  EXPECT_EQ(a->wanted, 2);
  holder.give_back();
  EXPECT_EQ(b->granted, 1);
  EXPECT_EQ(c->granted, 0);
  EXPECT_FALSE(holder.try_take(1)) << "it is the other's";
  ASSERT_TRUE(first.try_take(1));
  EXPECT_TRUE(first.wanted_by_others());
  first.give_back();
  EXPECT_EQ(c->granted, 1);
  EXPECT_FALSE(holder.wanted_by_others());
  second.pass_on();
  EXPECT_EQ(holder.held(), 0u);
}

TEST(Permits, AMemberThatLeavesPassesOnWhatItWasGrantedAndIsNotWokenAnyMore) {
  Permits permits;
  auto a = std::make_shared<Woken>(), b = std::make_shared<Woken>(), c = std::make_shared<Woken>();
  Permits::Member holder(permits, "k", a);
  ASSERT_TRUE(holder.try_take(1));
  Permits::Member stays(permits, "k", c);
  {
    Permits::Member leaves(permits, "k", b), granted(permits, "k", b);
    EXPECT_FALSE(leaves.take_or_wait(1));
    EXPECT_FALSE(granted.take_or_wait(1));
    EXPECT_FALSE(stays.take_or_wait(1));
    leaves.stop_waiting();
    holder.give_back();
    EXPECT_EQ(b->granted, 1);
    EXPECT_EQ(c->granted, 0);
  }
  EXPECT_EQ(b->granted, 1);
  EXPECT_EQ(c->granted, 1);
  EXPECT_TRUE(stays.try_take(1));
  stays.give_back();
}

TEST(Permits, OneWhoWaitsIsNotWantedByItself) {
  Permits permits;
  auto a = std::make_shared<Woken>();
  Permits::Member only(permits, "k", a);
  EXPECT_FALSE(only.take_or_wait(0));
  EXPECT_FALSE(only.wanted_by_others());
}

TEST(Permits, ALowerMaximumIsReachedBeforeAnybodyIsGranted) {
  Permits permits;
  auto a = std::make_shared<Woken>(), b = std::make_shared<Woken>();
  Permits::Member before(permits, "k", a), after(permits, "k", b);
  ASSERT_TRUE(before.try_take(3) && before.try_take(3) && before.try_take(3));
  EXPECT_FALSE(after.take_or_wait(1));
  before.give_back();
  before.give_back();
  EXPECT_EQ(b->granted, 0);
  before.give_back();
  EXPECT_EQ(b->granted, 1);
  after.pass_on();
  EXPECT_EQ(after.held(), 0u);
}

TEST(Permits, WhatOneMemberFindsOutAboutAnEndpointAllKnow) {
  Permits permits;
  auto a = std::make_shared<Woken>(), b = std::make_shared<Woken>();
  Permits::Member one(permits, "k", a), two(permits, "k", b), elsewhere(permits, "l", b);
  const base::Status refused(base::Reason::net_io, "Connection refused");
  one.connect_failed(1000, refused);
  EXPECT_EQ(two.down_until_ns(), 1000 + Permits::backoff_ns(1));
  EXPECT_EQ(two.last_error().message(), "Connection refused");
  EXPECT_EQ(elsewhere.down_until_ns(), 0);
  two.connect_failed(2000, refused);
  EXPECT_EQ(one.down_until_ns(), 1000 + Permits::backoff_ns(1)) << "the same failure";
  two.connect_failed(one.down_until_ns(), refused);
  EXPECT_EQ(one.down_until_ns(), 1000 + Permits::backoff_ns(1) + Permits::backoff_ns(2));
  one.connected();
  EXPECT_EQ(two.down_until_ns(), 0);
  EXPECT_TRUE(two.others_connected());
  EXPECT_FALSE(one.others_connected());
  one.connected();
  one.disconnected();
  EXPECT_EQ(b->alone, 0);
  one.disconnected();
  EXPECT_EQ(b->alone, 1);
  EXPECT_EQ(a->alone, 0) << "it knows";
  EXPECT_FALSE(two.others_connected());
}

TEST(Permits, BackOffGrowsAndAProviderThatIsBackIsFoundWithinTwoSeconds) {
  EXPECT_EQ(Permits::backoff_ns(1), 100 * base::millisecond_ns);
  for (std::uint32_t i = 1; i < 40; ++i) EXPECT_LE(Permits::backoff_ns(i), Permits::backoff_ns(i + 1));
  EXPECT_EQ(Permits::backoff_ns(1000), 1500 * base::millisecond_ns);
}

TEST(Permits, EndpointsWithoutMembersAreForgotten) {
  Permits permits;
  for (int i = 0; i < 100; ++i) {
    Permits::Member member(permits, std::to_string(i), std::make_shared<Woken>());
    EXPECT_EQ(permits.endpoints(), 1u);
  }
  EXPECT_EQ(permits.endpoints(), 0u);
}

TEST(Permits, ThreadsNeverHoldMoreThanTheMaximumAndNoGrantIsLost) {
  Permits permits;
  std::atomic<int> held{0}, worst{0}, taken{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      auto woken = std::make_shared<Woken>();
      Permits::Member member(permits, "k", woken);
      for (int i = 0; i < 5000; ++i) {
        if (!member.take_or_wait(2)) {
          if (i % 7 == 0) member.stop_waiting();
          continue;
        }
        const int now = ++held;
        if (now > worst) worst = now;
        ++taken;
        --held;
        member.give_back();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(worst.load(), 2);
  EXPECT_GT(taken.load(), 0);
  Permits::Member last(permits, "k", std::make_shared<Woken>());
  EXPECT_EQ(last.held(), 0u);
}

}  // namespace
}  // namespace koine::gateway
