// What is stuck and what is not, by virtual time.
#include "gateway/watchdog.h"

#include <string>

#include <gtest/gtest.h>

#include "gateway/pulse.h"
#include "net/memory/memory_network.h"

namespace koine::gateway {
namespace {

using base::millisecond_ns;
using base::second_ns;

struct WatchdogTest : ::testing::Test {
  net::memory::MemoryNetwork network;
  net::Network& main = network.add_worker();
  std::vector<base::Nanoseconds> busy = {0, 0};
  std::string told;
  Watchdog watchdog{main.loop(), 2, WatchdogOptions(), events()};

  Watchdog::Events events() {
    Watchdog::Events all;
    const auto note = [this](const char* what) {
      return [this, what](std::size_t worker, base::Nanoseconds ns) {
        told += what + std::to_string(worker) + ":" + std::to_string(ns / second_ns) + " ";
      };
    };
    all.busy_since_ns = [this](std::size_t worker) { return busy[worker]; };
    all.stuck = note("stuck");
    all.recovered = note("recovered");
    all.hopeless = note("hopeless");
    return all;
  }
  void advance(base::Nanoseconds by_ns) { ASSERT_TRUE(network.advance(by_ns)); }
  base::Nanoseconds now() { return network.clock().monotonic_ns(); }
};

TEST_F(WatchdogTest, WorkersThatWaitOrTurnAreNotStuck) {
  watchdog.start();
  for (int i = 0; i < 100; ++i) {
    busy[0] = now();  // a new turn each time
    advance(second_ns);
  }
  EXPECT_EQ(told, "");
  EXPECT_FALSE(watchdog.any_stuck());
}

TEST_F(WatchdogTest, AWorkerInOneTurnForASecondIsNamedAndThenGivenUp) {
  watchdog.start();
  advance(500 * millisecond_ns);
  busy[1] = now();
  advance(second_ns);
  EXPECT_EQ(told, "");
  advance(second_ns);
  EXPECT_EQ(told, "stuck1:1 ");
  EXPECT_TRUE(watchdog.any_stuck());
  EXPECT_EQ(watchdog.stuck_ns(0), 0);
  EXPECT_GT(watchdog.stuck_ns(1), second_ns);
  advance(3 * second_ns);
  EXPECT_EQ(told, "stuck1:1 ");
  advance(second_ns);
  EXPECT_EQ(told, "stuck1:1 hopeless1:5 ");
  advance(10 * second_ns);
  EXPECT_EQ(told, "stuck1:1 hopeless1:5 ") << "once is enough";
}

TEST_F(WatchdogTest, OneThatComesToTheEndOfItsTurnHasRecovered) {
  watchdog.start();
  busy[0] = busy[1] = now() + 1;
  advance(3 * second_ns);
  busy[0] = 0;
  busy[1] = now();
  advance(second_ns);
  EXPECT_EQ(told, "stuck0:1 stuck1:1 recovered0:3 recovered1:3 ");
  EXPECT_FALSE(watchdog.any_stuck());
  EXPECT_EQ(watchdog.stuck_total(0), 1u);
  busy[1] = 0;
  advance(60 * second_ns);
  EXPECT_EQ(watchdog.stuck_total(1), 1u);
}

TEST_F(WatchdogTest, AProcessThatStoodStillHasNoStuckWorkers) {
  watchdog.start();
  // The whole machine sleeps for an hour in the middle of a turn; then one look is taken, not 3600.
  busy[0] = now() + 1;
  advance(second_ns);
  busy[0] = now() - 3600 * second_ns;
  advance(second_ns);
  EXPECT_EQ(told, "");
}

TEST(Pulse, KeepsWhatWasBegunLast) {
  Pulse pulse;
  EXPECT_EQ(pulse.last().activity, Activity::none);
  pulse.at(Activity::request, 0xfedcba98u, 0x1'0000'0007u);
  EXPECT_EQ(pulse.last().activity, Activity::request);
  EXPECT_EQ(pulse.last().route, 0xfedcba98u);
  EXPECT_EQ(pulse.last().version, 7u);
  pulse.at(Activity::provider_bytes);
  EXPECT_EQ(to_string(pulse.last().activity), "reading a provider's bytes");
}

}  // namespace
}  // namespace koine::gateway
