// Watchdog: finds workers that are stuck in one turn of their loop.
//
// A worker that does not come to the end of its turn answers none of its callers and never will if it loops
// or waits for something that does not come. The watchdog looks at every worker once an interval; one that is
// in the same turn as at the last look is stuck, and one that is for `stop_after` looks in a row is past
// help: whoever started the process starts it anew. Looks are counted instead of time taken, so that a
// machine or a process that stood still (a stopped container, a suspended laptop) is no stuck worker when it
// goes on. The main loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/clock.h"
#include "net/loop.h"

namespace koine::gateway {

struct WatchdogOptions {
  // Turns take microseconds to milliseconds; a second is far from both sides.
  base::Nanoseconds interval_ns = base::second_ns;
  std::uint32_t stop_after = 5;
};

class Watchdog {
 public:
  struct Events {
    // When the turn that a worker is in began; 0: it waits. Cheap.
    std::function<base::Nanoseconds(std::size_t worker)> busy_since_ns;
    // Once a worker is found stuck, once it is not any more, and at the last look.
    std::function<void(std::size_t worker, base::Nanoseconds stuck_ns)> stuck;
    std::function<void(std::size_t worker, base::Nanoseconds stuck_ns)> recovered;
    std::function<void(std::size_t worker, base::Nanoseconds stuck_ns)> hopeless;
  };
  Watchdog(net::Loop& loop, std::size_t workers, const WatchdogOptions& options, Events events);

  void start();
  bool any_stuck() const { return stuck_now_ > 0; }
  // How long a worker has been stuck, 0 when it is not; and how often each was found so.
  base::Nanoseconds stuck_ns(std::size_t worker) const;
  std::uint64_t stuck_total(std::size_t worker) const { return workers_[worker].total; }

 private:
  struct State {
    base::Nanoseconds busy_since_ns = 0;
    std::uint32_t looks = 0;  // in a row that found it in the same turn
    std::uint64_t total = 0;
  };
  void look();

  net::Loop& loop_;
  const WatchdogOptions options_;
  const Events events_;
  std::vector<State> workers_;
  std::size_t stuck_now_ = 0;
  net::Timer timer_;
};

}  // namespace koine::gateway
