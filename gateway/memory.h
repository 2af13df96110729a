// Memory: what buffers of all workers hold together, and whether that is too much.
//
// Each worker says what its own slabs hold (base::SlabPool::used_bytes) when it has changed by enough; the
// sum is one atomic. Read between turns, so the process may be over its bound for the length of a turn.
#pragma once

#include <atomic>
#include <cstddef>

namespace koine::gateway {

// The process's sum. Any thread.
class Memory {
 public:
  std::size_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  friend class MemoryShare;
  std::atomic<std::size_t> used_{0};
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
  bool over(std::size_t limit_bytes) const { return process_bytes() >= limit_bytes; }

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
