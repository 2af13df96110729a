// The ring against std::deque.
#include "base/ring_queue.h"

#include <deque>
#include <memory>
#include <random>

#include <gtest/gtest.h>

namespace koine::base {
namespace {

TEST(RingQueue, DoesWhatADequeDoesWhileItGrowsAndWraps) {
  RingQueue<int> ring;
  std::deque<int> deque;
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const unsigned what = random() % 16;
    if (what < 8) {
      ring.emplace_back() = i;
      deque.push_back(i);
    } else if (what < 14 && !deque.empty()) {
      ring.pop_front();
      deque.pop_front();
    } else if (what == 14 && !deque.empty()) {
      ring.pop_back();
      deque.pop_back();
    } else if (i % 997 == 0) {
      ring.clear();
      deque.clear();
    }
    ASSERT_EQ(ring.size(), deque.size());
    ASSERT_EQ(ring.empty(), deque.empty());
    for (std::size_t at = 0; at < deque.size(); at += 1 + deque.size() / 8) ASSERT_EQ(ring[at], deque[at]);
    if (!deque.empty()) { ASSERT_EQ(ring.front(), deque.front()); }
  }
}

TEST(RingQueue, WhatWasTakenOffHoldsNothing) {
  RingQueue<std::shared_ptr<int>> ring;
  const auto held = std::make_shared<int>(7);
  for (int i = 0; i < 3; ++i) ring.emplace_back() = held;
  EXPECT_EQ(held.use_count(), 4);
  ring.pop_front();
  EXPECT_EQ(held.use_count(), 3);
  ring.pop_back();
  EXPECT_EQ(held.use_count(), 2);
  ring.clear();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(ring.emplace_back(), nullptr);
  ring.release();
  EXPECT_TRUE(ring.empty());
}

TEST(RingQueue, GivesBackWhatABurstNeededAndKeepsWhatEveryCallNeeds) {
  RingQueue<int> ring;
  for (int i = 0; i < 1000; ++i) ring.emplace_back() = i;
  EXPECT_EQ(ring.capacity(), 1024u);
  while (ring.size() > 1) ring.pop_front();
  EXPECT_EQ(ring.front(), 999);
  ring.pop_front();
  EXPECT_EQ(ring.capacity(), 0u);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 20; ++i) ring.emplace_back() = i;
    ring.clear();
    EXPECT_EQ(ring.capacity(), RingQueue<int>::kept_max);
  }
}

}  // namespace
}  // namespace koine::base
