// TimerQueue: deadlines with callbacks, for every loop. A 4-ary heap in which cancelling only marks: most
// deadlines are cancelled long before their time, and the heap is swept when the dead outnumber the living.
// schedule is O(log n) in the worst case and O(1) for deadlines that grow, cancel is O(1). What a rush of
// deadlines has left behind is given back some turns later: places for callbacks lie in chunks that go one by
// one, since the few deadlines that stay may lie anywhere among them. The loop's thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "net/loop.h"

namespace koine::net {

class TimerQueue {
 public:
  // `at_ns` is absolute. Equal times keep the order of scheduling.
  TimerId schedule(base::Nanoseconds at_ns, Loop::Callback&& callback);
  bool cancel(TimerId timer);
  // The earliest living deadline; never_ns when there is none.
  base::Nanoseconds next_ns();
  // Takes off the earliest callback that is due at `now_ns` and was scheduled before this mark (mark()):
  // empty when there is none.
  Loop::Callback take_due(base::Nanoseconds now_ns, std::uint64_t before_mark);
  std::uint64_t mark() const noexcept { return sequence_; }
  std::size_t size() const noexcept { return living_; }
  // Entries kept, cancelled ones too.
  std::size_t heap_entries() const noexcept { return heap_.size(); }
  // Places for deadlines, used or not.
  std::size_t slots() const noexcept { return chunks_held_ * chunk_slots; }
  // Places come and go by so many.
  static constexpr std::size_t chunk_slots = 64;
  // Gives back what no deadline needs now.
  void trim();

 private:
  struct Slot {
    Loop::Callback callback;
    std::uint32_t generation = 1;
    std::uint32_t next_free = 0;
  };
  struct Chunk {
    std::array<Slot, chunk_slots> slots;
    std::uint32_t living = 0;
  };
  struct Entry {
    base::Nanoseconds at_ns;
    std::uint64_t sequence;
    std::uint32_t slot;
    std::uint32_t generation;
    bool before(const Entry& other) const noexcept {
      return at_ns != other.at_ns ? at_ns < other.at_ns : sequence < other.sequence;
    }
  };
  static constexpr std::uint32_t no_slot = UINT32_MAX;
  static constexpr std::uint32_t in_use = UINT32_MAX - 1;  // instead of the next free one

  bool living(const Entry& entry) const noexcept { return slot(entry.slot).generation == entry.generation; }
  // Of a chunk that is there.
  Slot& slot(std::size_t index) noexcept { return chunks_[index / chunk_slots]->slots[index % chunk_slots]; }
  const Slot& slot(std::size_t index) const noexcept {
    return chunks_[index / chunk_slots]->slots[index % chunk_slots];
  }
  void add_chunk();
  void retire(std::uint32_t slot);
  void pop_front();
  void drop_dead_front();
  void sift_up(std::size_t at);
  void sift_down(std::size_t at);
  void sweep();

  std::vector<std::unique_ptr<Chunk>> chunks_;  // null: given back
  std::size_t chunks_held_ = 0;
  std::vector<Entry> heap_;
  std::uint32_t free_ = no_slot;
  std::uint32_t next_generation_ =
      1;                          // of slots made from now on: no id of a slot that was given back fits them
  std::uint32_t lean_turns_ = 0;  // in which most slots were free
  std::uint32_t patience_turns_ = 16;
  std::size_t living_ = 0;
  std::uint64_t sequence_ = 0;
};

}  // namespace koine::net
