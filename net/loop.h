// Loop: the event loop of one worker. One thread runs it; everything but post() and stop() belongs to that
// thread.
//
// A turn: wait; every ready socket is read and its handler called; expired timers; posted callbacks; deferred
// callbacks; then each stream written to in this turn goes out with one writev; last, what was released in
// this turn is freed. Handlers are never called from inside a call into Loop, Network or Stream.
#pragma once

#include <cstdint>
#include <utility>

#include "base/clock.h"
#include "base/function.h"
#include "base/slab.h"

namespace koine::net {

// Names one scheduled callback, of one loop. A default one names nothing; a stale one is harmless.
struct TimerId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // 0: none
  explicit operator bool() const noexcept { return generation != 0; }
};

class Loop {
 public:
  using Callback = base::Function<void()>;

  Loop() = default;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  virtual ~Loop() = default;

  // Monotonic time, read once a turn: the same value all through it.
  virtual base::Nanoseconds now_ns() const = 0;
  // The clock behind it; wall time for printing.
  virtual const base::Clock& clock() const = 0;

  // Runs `callback` once, `delay_ns` after now_ns() at the earliest (negative counts as 0; never before the
  // current callback returns). Callbacks run in the order of their time, then of their scheduling. A callback
  // at never_ns is never run. Thousands are fine; schedule and cancel cost tens of nanoseconds.
  virtual TimerId schedule(base::Nanoseconds delay_ns, Callback callback) = 0;
  // True when it was still to come; then it never runs and is destroyed now. None or a stale id: false.
  virtual bool cancel(TimerId timer) = 0;

  // Any thread: runs `callback` on the loop's thread in a later turn, in the order posted by that thread. The
  // caller sees to it that the loop lives. What was never run is destroyed with the loop.
  virtual void post(Callback callback) = 0;
  // Runs `callback` at the end of this turn, before writes go out (from outside a turn: in the next turn).
  virtual void defer(Callback callback) = 0;

  // Runs turns until stop(). May be called again after it returned.
  virtual void run() = 0;
  // Any thread: run() returns after the turn in which this is seen, without waiting further.
  virtual void stop() = 0;
  // Any thread: when the turn that runs now began (the clock's monotonic time), or 0 while the loop waits.
  // How a watchdog tells a loop that is stuck from one that has nothing to do.
  virtual base::Nanoseconds busy_since_ns() const = 0;

  // Slabs for what this loop's thread reads and builds. Lives as long as the loop.
  virtual base::SlabPool& slabs() = 0;
  // Gives back what a rush made the loop keep and nobody needs now: idle slabs, places for timers and lists.
  virtual void trim() = 0;
};

// One timer as a member: destroying it cancels it, starting it again moves it.
class Timer {
 public:
  explicit Timer(Loop& loop) noexcept : loop_(&loop) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { cancel(); }

  void start(base::Nanoseconds delay_ns, Loop::Callback callback) {
    cancel();
    callback_ = std::move(callback);
    id_ = loop_->schedule(delay_ns, [this] { fire(); });
  }
  void cancel() {
    if (id_) loop_->cancel(id_);
    id_ = {};
    callback_ = {};
  }
  bool active() const noexcept { return static_cast<bool>(id_); }

 private:
  void fire() {
    id_ = {};
    // The callback may destroy or restart this timer: it must not run from storage that this owns.
    Loop::Callback run = std::move(callback_);
    run();
  }

  Loop* loop_;
  TimerId id_;
  Loop::Callback callback_;
};

}  // namespace koine::net
