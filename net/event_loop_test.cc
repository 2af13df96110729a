// The machine's loop: turns, timers, callbacks from other threads, signals.
#include "net/event_loop.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <signal.h>

#include "net/socket_network.h"

namespace koine::net {
namespace {

using base::millisecond_ns;

class EventLoopTest : public testing::Test {
 protected:
  void SetUp() override {
    base::Result<std::unique_ptr<EventLoop>> made = EventLoop::make(clock);
    ASSERT_TRUE(made) << made.error().to_string();
    loop = std::move(*made);
  }
  base::SystemClock clock;
  std::unique_ptr<EventLoop> loop;
};

TEST_F(EventLoopTest, RunsTimersInOrderAndNotBeforeTheirTime) {
  std::vector<int> order;
  const base::Nanoseconds start = clock.monotonic_ns();
  base::Nanoseconds last = 0;
  loop->schedule(6 * millisecond_ns, [&] {
    order.push_back(3);
    last = clock.monotonic_ns();
    loop->stop();
  });
  loop->schedule(2 * millisecond_ns, [&] { order.push_back(1); });
  loop->schedule(2 * millisecond_ns, [&] { order.push_back(2); });
  loop->schedule(-5, [&] { order.push_back(0); });
  loop->schedule(base::never_ns, [&] { order.push_back(99); });
  EXPECT_TRUE(order.empty());
  loop->run();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_GE(last - start, 6 * millisecond_ns);
}

TEST_F(EventLoopTest, TimeStandsStillWithinATurn) {
  loop->post([&] {
    const base::Nanoseconds now = loop->now_ns();
    while (clock.monotonic_ns() < now + millisecond_ns) {}
    EXPECT_EQ(loop->now_ns(), now);
    loop->stop();
  });
  loop->run();
}

TEST_F(EventLoopTest, DeferredCallbacksRunInTheSameTurnAfterTheOthers) {
  std::vector<std::string> order;
  base::Nanoseconds turn = 0;
  loop->post([&] {
    turn = loop->now_ns();
    loop->defer([&] {
      order.emplace_back("deferred");
      EXPECT_EQ(loop->now_ns(), turn);
      loop->defer([&] {
        order.emplace_back("deferred again");
        EXPECT_EQ(loop->now_ns(), turn);
        loop->stop();
      });
    });
    order.emplace_back("first");
  });
  loop->post([&] { order.emplace_back("second"); });
  loop->run();
  EXPECT_EQ(order, (std::vector<std::string>{"first", "second", "deferred", "deferred again"}));
}

TEST_F(EventLoopTest, EndlessDeferringDoesNotStarveTheRest) {
  std::function<void()> again = [&] { loop->defer([&] { again(); }); };
  again();
  bool timer = false;
  loop->schedule(millisecond_ns, [&] {
    timer = true;
    loop->stop();
  });
  loop->run();
  EXPECT_TRUE(timer);
}

TEST_F(EventLoopTest, PostsFromManyThreadsArriveInEachThreadsOrder) {
  constexpr int threads = 4;
  constexpr int posts = 2000;
  std::vector<int> last(threads, -1);
  int done = 0;
  std::vector<std::thread> posters;
  for (int t = 0; t < threads; ++t) {
    posters.emplace_back([&, t] {
      for (int i = 0; i < posts; ++i) {
        loop->post([&, t, i] {
          EXPECT_EQ(last[static_cast<std::size_t>(t)], i - 1);
          last[static_cast<std::size_t>(t)] = i;
          if (++done == threads * posts) loop->stop();
        });
      }
    });
  }
  loop->run();
  for (std::thread& poster : posters) poster.join();
  EXPECT_EQ(done, threads * posts);
}

TEST_F(EventLoopTest, PostedFromAPostedCallbackRunsInALaterTurn) {
  int runs = 0;
  loop->post([&] {
    loop->post([&] {
      EXPECT_EQ(++runs, 2);
      loop->stop();
    });
    EXPECT_EQ(++runs, 1);
  });
  loop->run();
  EXPECT_EQ(runs, 2);
}

TEST_F(EventLoopTest, StopFromAnotherThreadEndsAWaitAndRunWorksAgain) {
  std::atomic<bool> running{false};
  loop->post([&] { running = true; });
  std::thread stopper([&] {
    while (!running) std::this_thread::yield();
    loop->stop();
  });
  loop->run();
  stopper.join();
  int again = 0;
  loop->post([&] {
    ++again;
    loop->stop();
  });
  loop->run();
  EXPECT_EQ(again, 1);
}

TEST_F(EventLoopTest, WhatWasNeverRunIsDestroyedWithTheLoop) {
  auto token = std::make_shared<int>(0);
  loop->post([token] { FAIL(); });
  loop->defer([token] { FAIL(); });
  loop->schedule(0, [token] { FAIL(); });
  const std::shared_ptr<Mailbox> mailbox = loop->mailbox();
  EXPECT_EQ(token.use_count(), 4);
  loop.reset();
  EXPECT_EQ(token.use_count(), 1);
  EXPECT_FALSE(mailbox->post([token] { FAIL(); }));
  EXPECT_EQ(token.use_count(), 1);
}

TEST_F(EventLoopTest, TimerMemberRestartsCancelsAndMayDestroyItself) {
  int fired = 0;
  auto timer = std::make_unique<Timer>(*loop);
  timer->start(3600 * base::second_ns, [&] { FAIL(); });
  timer->start(0, [&] {
    ++fired;
    EXPECT_FALSE(timer->active());
    timer->start(0, [&] {
      ++fired;
      timer.reset();
      loop->post([&] { loop->stop(); });
    });
  });
  {
    Timer gone(*loop);
    gone.start(0, [&] { FAIL(); });
  }
  EXPECT_TRUE(timer->active());
  loop->run();
  EXPECT_EQ(fired, 2);
}

TEST_F(EventLoopTest, AnEarlierTimerOvertakesTheOneThatIsArmed) {
  bool early = false;
  loop->schedule(3600 * base::second_ns, [&] { FAIL(); });
  loop->post([&] {
    loop->schedule(millisecond_ns, [&] {
      early = true;
      loop->stop();
    });
  });
  loop->run();
  EXPECT_TRUE(early);
}

TEST(SignalWatcher, TellsEachSignalOnTheLoop) {
  base::SystemClock clock;
  Resolver resolver;
  base::Result<std::unique_ptr<Network>> network = make_socket_network(clock, resolver);
  ASSERT_TRUE(network);
  Loop& loop = (*network)->loop();
  std::vector<int> seen;
  std::unique_ptr<SignalWatcher> watcher;
  base::Result<std::unique_ptr<SignalWatcher>> made =
      watch_signals(**network, {SIGUSR1, SIGUSR2}, [&](int signal) {
        seen.push_back(signal);
        if (seen.size() == 2) {
          watcher.reset();  // from inside its own callback
          loop.stop();
        }
      });
  ASSERT_TRUE(made) << made.error().to_string();
  watcher = std::move(*made);
  ASSERT_EQ(pthread_kill(pthread_self(), SIGUSR1), 0);
  ASSERT_EQ(pthread_kill(pthread_self(), SIGUSR2), 0);
  loop.run();
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen, (std::vector<int>{SIGUSR1, SIGUSR2}));
}

}  // namespace
}  // namespace koine::net
