// The heap of deadlines: order, cancelling, size.
#include "net/timer_queue.h"

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace koine::net {
namespace {

using base::Nanoseconds;

int run_due(TimerQueue& queue, Nanoseconds now) {
  int count = 0;
  const std::uint64_t mark = queue.mark();
  while (Loop::Callback callback = queue.take_due(now, mark)) {
    callback();
    ++count;
  }
  return count;
}

TEST(TimerQueue, RunsByTimeThenByOrderOfScheduling) {
  TimerQueue queue;
  std::vector<int> order;
  const Nanoseconds times[] = {30, 10, 20, 10, 30, 10};
  for (int i = 0; i < 6; ++i) {
    queue.schedule(times[i], [&order, i] { order.push_back(i); });
  }
  EXPECT_EQ(queue.next_ns(), 10);
  EXPECT_EQ(run_due(queue, 9), 0);
  EXPECT_EQ(run_due(queue, 20), 4);
  EXPECT_EQ(order, (std::vector<int>{1, 3, 5, 2}));
  EXPECT_EQ(queue.next_ns(), 30);
  EXPECT_EQ(run_due(queue, 1000), 2);
  EXPECT_EQ(queue.next_ns(), base::never_ns);
  EXPECT_EQ(queue.size(), 0u);
}

TEST(TimerQueue, CancelsOnceAndIgnoresStaleIds) {
  TimerQueue queue;
  auto token = std::make_shared<int>(0);
  const TimerId id = queue.schedule(5, [token] { ++*token; });
  EXPECT_EQ(token.use_count(), 2);
  EXPECT_TRUE(queue.cancel(id));
  EXPECT_EQ(token.use_count(), 1) << "what it captured is kept";
  EXPECT_FALSE(queue.cancel(id));
  const TimerId next = queue.schedule(5, [token] { ++*token; });
  EXPECT_EQ(next.slot, id.slot);
  EXPECT_FALSE(queue.cancel(id)) << "a stale id cancelled its slot's next user";
  EXPECT_EQ(run_due(queue, 5), 1);
  EXPECT_FALSE(queue.cancel(next));
  EXPECT_FALSE(queue.cancel({}));
  EXPECT_FALSE(queue.cancel({1000, 1}));
}

TEST(TimerQueue, OneScheduledWhileRunningWaitsForTheNextTurn) {
  TimerQueue queue;
  int runs = 0;
  queue.schedule(1, [&] {
    ++runs;
    queue.schedule(1, [&] { ++runs; });
  });
  EXPECT_EQ(run_due(queue, 10), 1);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(run_due(queue, 10), 1);
  EXPECT_EQ(runs, 2);
}

TEST(TimerQueue, ACallbackMayCancelTheOneThatIsDueWithIt) {
  TimerQueue queue;
  bool ran = false;
  TimerId second;
  queue.schedule(1, [&] { EXPECT_TRUE(queue.cancel(second)); });
  second = queue.schedule(1, [&] { ran = true; });
  EXPECT_EQ(run_due(queue, 1), 1);
  EXPECT_FALSE(ran);
}

TEST(TimerQueue, NeverMeansNever) {
  TimerQueue queue;
  queue.schedule(base::never_ns, [] { FAIL(); });
  EXPECT_EQ(run_due(queue, base::never_ns), 0);
}

TEST(TimerQueue, AgreesWithASortedListUnderRandomUse) {
  TimerQueue queue;
  std::mt19937 random(3);
  struct Entry {
    Nanoseconds at;
    int number;
    TimerId id;
  };
  std::vector<Entry> model;
  std::vector<int> ran;
  Nanoseconds now = 0;
  for (int i = 0; i < 50'000; ++i) {
    const std::size_t what = random() % 10;
    if (what < 5) {
      const Nanoseconds at = now + static_cast<Nanoseconds>(random() % 1000);
      model.push_back({at, i, queue.schedule(at, [&ran, i] { ran.push_back(i); })});
    } else if (what < 9 && !model.empty()) {
      const auto at = static_cast<std::ptrdiff_t>(random() % model.size());
      EXPECT_TRUE(queue.cancel(model[static_cast<std::size_t>(at)].id));
      model.erase(model.begin() + at);
    } else {
      now += static_cast<Nanoseconds>(random() % 50);
      std::vector<Entry> due;
      std::copy_if(model.begin(), model.end(), std::back_inserter(due),
                   [now](const Entry& e) { return e.at <= now; });
      std::erase_if(model, [now](const Entry& e) { return e.at <= now; });
      std::sort(due.begin(), due.end(), [](const Entry& a, const Entry& b) {
        return a.at != b.at ? a.at < b.at : a.number < b.number;
      });
      ran.clear();
      run_due(queue, now);
      ASSERT_EQ(ran.size(), due.size());
      for (std::size_t j = 0; j < due.size(); ++j) ASSERT_EQ(ran[j], due[j].number);
    }
    ASSERT_EQ(queue.size(), model.size());
  }
}

TEST(TimerQueue, DeadlinesThatAreAllCancelledDoNotPileUp) {
  // A million calls with a far deadline each, ten in flight: the heap must stay near ten.
  TimerQueue queue;
  std::vector<TimerId> flight;
  for (int i = 0; i < 1'000'000; ++i) {
    flight.push_back(queue.schedule(1'000'000 + i, [] {}));
    if (flight.size() > 10) {
      queue.cancel(flight.front());
      flight.erase(flight.begin());
    }
  }
  EXPECT_EQ(queue.size(), 10u);
  EXPECT_LE(queue.heap_entries(), 200u);
}

TEST(TimerQueue, WhatARushLeftBehindIsGivenBack) {
  TimerQueue queue;
  int ran = 0;
  const TimerId early = queue.schedule(10, [&] { ++ran; });
  std::vector<TimerId> rush;
  for (int i = 0; i < 100'000; ++i) rush.push_back(queue.schedule(1'000'000 + i, [] {}));
  for (const TimerId timer : rush) EXPECT_TRUE(queue.cancel(timer));
  const TimerId late = queue.schedule(20, [&] { ran += 10; });  // in the last slot that the rush gave back
  for (int i = 0; i < 2000; ++i) EXPECT_EQ(queue.next_ns(), 10);
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.slots(), 2 * TimerQueue::chunk_slots) << "without being asked to";
  queue.cancel(late);
  queue.trim();
  EXPECT_EQ(queue.slots(), TimerQueue::chunk_slots);
  EXPECT_EQ(queue.heap_entries(), 1u);
  // Ids from before mean nothing to the slots that come after.
  for (int i = 0; i < 2000; ++i) queue.schedule(30, [&] { ran += 100; });
  for (const TimerId timer : rush) ASSERT_FALSE(queue.cancel(timer));
  EXPECT_EQ(queue.size(), 2001u);
  EXPECT_TRUE(queue.cancel(early));
  EXPECT_EQ(queue.next_ns(), 30);
  while (auto callback = queue.take_due(30, queue.mark())) callback();
  EXPECT_EQ(ran, 200'000);
}

TEST(TimerQueue, FewThatStayAmongARushKeepNoMoreThanTheirChunks) {
  TimerQueue queue;
  constexpr std::size_t rush_size = 100 * TimerQueue::chunk_slots;
  std::vector<TimerId> rush;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rush_size; ++i) {
    rush.push_back(queue.schedule(static_cast<Nanoseconds>(100 + i), [&order, i] { order.push_back(i); }));
  }
  // One in the first chunk, in one of the middle, and in the last.
  const std::vector<std::size_t> stay = {1, rush_size / 2, rush_size - 1};
  const auto stays = [&](std::size_t i) { return std::find(stay.begin(), stay.end(), i) != stay.end(); };
  for (std::size_t i = 0; i < rush_size; ++i) { EXPECT_TRUE(stays(i) || queue.cancel(rush[i])); }
  queue.trim();
  EXPECT_EQ(queue.slots(), stay.size() * TimerQueue::chunk_slots);
  EXPECT_EQ(queue.heap_entries(), stay.size());
  // What comes now takes the free places, then those of chunks that are gone; no id from before fits them.
  for (std::size_t i = 0; i < rush_size; ++i) queue.schedule(10, [] {});
  EXPECT_EQ(queue.slots(), rush_size + TimerQueue::chunk_slots);
  for (std::size_t i = 0; i < rush_size; ++i) { EXPECT_TRUE(stays(i) || !queue.cancel(rush[i])); }
  EXPECT_EQ(run_due(queue, 10), static_cast<int>(rush_size));
  EXPECT_EQ(run_due(queue, 1'000'000), 3);
  EXPECT_EQ(order, stay);
  queue.trim();
  EXPECT_EQ(queue.slots(), 0u);
  EXPECT_EQ(queue.next_ns(), base::never_ns);
}

}  // namespace
}  // namespace koine::net
