// Memory: what buffers of all workers hold together, and whether that is too much.
//
// Each worker says what its own slabs hold (base::SlabPool::used_bytes) when it has changed by enough; the
// sum is one atomic. Read between turns, so the process may be over its bound for the length of a turn.
//
// Long before the bound, who does not read pays, so that who does never meets it: from half of it on memory
// is tight, and a caller that leaves more than its share of answers unread has its calls refused; from seven
// eighths on connections are closed, those that take nothing first, until three quarters are left.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace koine::gateway {

// The process's sum. Any thread.
class Memory {
 public:
  std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  // Connections of callers.
  std::size_t callers() const { return callers_.load(std::memory_order_relaxed); }

 private:
  friend class MemoryShare;
  std::atomic<std::size_t> used_{0};
  std::atomic<std::size_t> callers_{0};
};

// One worker's part. Its thread.
class MemoryShare {
 public:
  // `memory` outlives it; null: the worker is alone.
  explicit MemoryShare(Memory* memory) : memory_(memory != nullptr ? *memory : own_) {}
  MemoryShare(const MemoryShare&) = delete;
  MemoryShare& operator=(const MemoryShare&) = delete;
  ~MemoryShare() { report(0); }

  // Changes of less than this are not reported.
  static constexpr std::size_t step_bytes = 64u << 10;

  void update(std::size_t used_bytes) {
    const std::size_t change = used_bytes > told_ ? used_bytes - told_ : told_ - used_bytes;
    if (change >= step_bytes || used_bytes == 0) report(used_bytes);
  }
  std::size_t process_bytes() const { return memory_.used(); }
  void caller_came() { memory_.callers_.fetch_add(1, std::memory_order_relaxed); }
  void caller_left() { memory_.callers_.fetch_sub(1, std::memory_order_relaxed); }

  bool over(std::size_t limit_bytes) const { return process_bytes() >= limit_bytes; }
  bool tight(std::size_t limit_bytes) const { return process_bytes() >= limit_bytes / 2; }
  // What each caller may leave unread while memory is tight: together that makes it no tighter.
  std::size_t share_bytes(std::size_t limit_bytes) const {
    return limit_bytes / 2 / std::max<std::size_t>(memory_.callers(), 1);
  }
  // How much of this worker's has to go; 0: nothing. Each gives in proportion to what it holds.
  std::size_t excess_bytes(std::size_t limit_bytes) const {
    const std::size_t used = process_bytes();
    if (used < limit_bytes - limit_bytes / 8 || used == 0) return 0;
    const double part = static_cast<double>(told_) / static_cast<double>(used);
    return static_cast<std::size_t>(part * static_cast<double>(used - limit_bytes / 4 * 3)) + 1;
  }

 private:
  void report(std::size_t used_bytes) {
    // Unsigned arithmetic wraps to the right sum.
    memory_.used_.fetch_add(used_bytes - told_, std::memory_order_relaxed);
    told_ = used_bytes;
  }
  Memory own_;
  Memory& memory_;
  std::size_t told_ = 0;
};

}  // namespace koine::gateway
