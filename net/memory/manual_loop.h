// ManualLoop: a TurnLoop that a MemoryNetwork drives: it takes one turn when told to. One thread for all
// loops of a network.
#pragma once

#include <functional>
#include <random>
#include <vector>

#include "net/memory/virtual_clock.h"
#include "net/turn_loop.h"

namespace koine::net::memory {

// What can become ready on a loop. Stays valid until the end of the turn in which it was removed.
class Pollable {
 public:
  struct Ready {
    bool read = false;
    bool write = false;
    explicit operator bool() const noexcept { return read || write; }
  };
  // Ready and wanted.
  virtual Ready poll() = 0;
  virtual void dispatch(Ready ready) = 0;

 protected:
  ~Pollable() = default;
};

class ManualLoop final : public TurnLoop {
 public:
  // `drive` runs the network until its argument says so: what run() does.
  ManualLoop(const VirtualClock& clock, std::function<void(std::function<bool()>)> drive)
      : TurnLoop(clock), drive_(std::move(drive)) {}
  ~ManualLoop() override { clear(); }

  // Drives the whole network, time included, until stop() was called on this loop.
  void run() override {
    drive_([this] { return stop_seen(); });
  }

  void add(Pollable& item) { items_.push_back(&item); }
  void remove(Pollable& item) { std::erase(items_, &item); }

  bool busy();
  // With `random`: ready events in random order, and each left for a later turn one time in four. `held_up`,
  // when there is one, runs between the turn's look at the clock and its first event.
  void turn(std::mt19937_64* random, const std::function<void()>& held_up);
  base::Nanoseconds next_timer_ns() { return timers().next_ns(); }
  // Timers that were started and have neither fired nor been cancelled.
  std::size_t timers_waiting() { return timers().size(); }

 private:
  void wake() override {}

  std::function<void(std::function<bool()>)> drive_;
  std::vector<Pollable*> items_;
};

}  // namespace koine::net::memory
