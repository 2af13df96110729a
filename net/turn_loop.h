// TurnLoop: what every Loop does in a turn, whatever it waits on: what was read is handed on, timers, posted
// and deferred callbacks, the flush of written streams, the freeing of released objects. net/event_loop.h
// waits for the machine's sockets, net/memory/ for virtual time. The loop's thread, but for post() and
// stop().
//
// A turn reads the sockets that are ready, then tells their handlers, then writes, and in each part it has
// done with one side's connections before it comes to the other's: the kernel's ways in and out and our own
// code stay in the instruction cache for many connections at a time, where going through all of it for one
// connection after the other evicts it every time. And a peer whose connections are written together is woken
// once.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/slab.h"
#include "net/loop.h"
#include "net/timer_queue.h"

namespace koine::net {

// What a loop keeps on its lists: flushed at the end of a turn, freed after it.
class LoopObject {
 public:
  // Who began the connection.
  enum class Side : std::uint8_t { we, they };

  explicit LoopObject(Side side = Side::they) noexcept : side_(side) {}
  LoopObject(const LoopObject&) = delete;
  LoopObject& operator=(const LoopObject&) = delete;
  virtual ~LoopObject() = default;

 private:
  friend class TurnLoop;
  // Called in the turn in which something arrived.
  virtual void hand_on() {}
  // Called at the end of the turn in which it was enlisted.
  virtual void flush() {}
  const Side side_;
  bool arrived_ = false;
  bool enlisted_ = false;
  bool buried_ = false;
};

// Callbacks from other threads. Outlives its loop for those that may answer late (look-ups): post() to a
// closed mailbox destroys the callback. Any thread.
class Mailbox {
 public:
  // False when the loop is gone.
  bool post(Loop::Callback callback);

 private:
  friend class TurnLoop;
  std::mutex mutex_;
  std::vector<Loop::Callback> waiting_;
  class TurnLoop* loop_ = nullptr;  // null once closed
};

class TurnLoop : public Loop {
 public:
  explicit TurnLoop(const base::Clock& clock);
  ~TurnLoop() override;

  base::Nanoseconds now_ns() const override { return now_ns_; }
  const base::Clock& clock() const override { return clock_; }
  TimerId schedule(base::Nanoseconds delay_ns, Callback callback) override;
  bool cancel(TimerId timer) override { return timers_.cancel(timer); }
  void post(Callback callback) override { mailbox_->post(std::move(callback)); }
  void defer(Callback callback) override { deferred_.push_back(std::move(callback)); }
  void stop() override;
  base::Nanoseconds busy_since_ns() const override { return busy_since_ns_.load(std::memory_order_relaxed); }
  base::SlabPool& slabs() override { return slabs_; }
  void trim() override;

  const std::shared_ptr<Mailbox>& mailbox() const noexcept { return mailbox_; }
  // Something was read for `object`, or its end was, and lies in so many bytes of buffers: it hands it on
  // when what else is ready has been read, or when that is enough for once.
  void arrived(LoopObject& object, std::size_t bytes);
  // Enough: all of it is memory in use, and what was read first should not have left the cache.
  static constexpr std::size_t arrivals_max = 64;
  static constexpr std::size_t arrived_bytes_max = 256u << 10;
  // `object` is flushed at the end of this turn (once, however often it is enlisted).
  void enlist(LoopObject& object);
  // Takes ownership: `object` is no longer used by anybody and is freed after this turn, or with the loop.
  void bury(LoopObject* object);

  // The end of the loop: destroys callbacks and released objects and closes the mailbox. Whoever owns the
  // loop and what is on it calls this first, while both live.
  void clear();

  // What implementations, and the objects on the loop, bracket their callbacks with: reads the clock at the
  // first event of a turn.
  void begin_turn();

 protected:
  // Arrivals, timers, posted and deferred callbacks, flushes, burials.
  void end_turn();
  // True when something waits that needs no event: the next wait must not block.
  bool work_waits() const noexcept {
    return !arrivals_.empty() || !deferred_.empty() || !enlisted_.empty() || !buried_.empty();
  }
  // The same for callbacks from post(); a loop that wake() ends the wait of need not ask.
  bool mail_waits();
  bool stop_seen() { return stop_.exchange(false, std::memory_order_acq_rel); }
  TimerQueue& timers() noexcept { return timers_; }
  // Any thread: ends a wait.
  virtual void wake() = 0;

 private:
  friend class Mailbox;
  // Objects in the order of their coming, those of our own connections before the others: answers make room
  // for requests.
  class List {
   public:
    bool empty() const noexcept { return size() == 0; }
    std::size_t size() const noexcept { return sides_[0].size() + sides_[1].size(); }
    void push_back(LoopObject& object) { sides_[static_cast<std::size_t>(object.side_)].push_back(&object); }
    void remove(LoopObject& object) { std::erase(sides_[static_cast<std::size_t>(object.side_)], &object); }
    void clear();
    void trim();
    // Calls `visit` with each and takes all off first; what is put here meanwhile stays.
    template <class Visit>
    void take_all(Visit&& visit);

   private:
    std::array<std::vector<LoopObject*>, 2> sides_;
  };
  void hand_on_arrivals();
  void run_timers();
  void run_posted();
  void run_deferred();
  void flush_enlisted();
  void free_buried();

  const base::Clock& clock_;
  base::Nanoseconds now_ns_;
  bool in_turn_ = false;
  base::SlabPool slabs_;
  TimerQueue timers_;
  std::shared_ptr<Mailbox> mailbox_;
  std::vector<Callback> posted_;  // being run
  std::vector<Callback> deferred_;
  List arrivals_;
  std::size_t arrived_bytes_ = 0;
  List enlisted_;
  std::vector<LoopObject*> buried_;
  std::atomic<bool> stop_{false};
  // Written twice a turn by the loop's thread; nobody orders anything by it.
  std::atomic<base::Nanoseconds> busy_since_ns_{0};
};

}  // namespace koine::net
