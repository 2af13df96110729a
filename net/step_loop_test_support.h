// For tests: a loop that turns when it is told to and waits for nothing, and a clock that stands still.
#pragma once

#include "net/turn_loop.h"

namespace koine::net::testing {

class StepLoop final : public TurnLoop {
 public:
  explicit StepLoop(const base::Clock& clock) : TurnLoop(clock) {}
  ~StepLoop() override { clear(); }
  void run() override {}
  void turn() {
    begin_turn();
    end_turn();
  }

 private:
  void wake() override {}
};

class StillClock final : public base::Clock {
 public:
  base::Nanoseconds monotonic_ns() const override { return now; }
  base::Nanoseconds wall_ns() const override { return now; }
  base::Nanoseconds now = base::second_ns;
};

}  // namespace koine::net::testing
