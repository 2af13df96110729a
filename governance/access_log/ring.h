// Ring: finished log lines from one worker to the writer thread, bounded, without a lock.
//
// One producer (the worker), one consumer (the writer). A line goes in whole or is dropped and counted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace koine::governance::access_log {

class Ring {
 public:
  // `bytes` is rounded up to a power of two.
  explicit Ring(std::size_t bytes);

  // Producer. False when there is no room: the line counts as dropped.
  bool push(std::string_view line);
  // Consumer: moves what is there to the end of `out`, at most `bytes_max`, whole lines only (a line ends in
  // '\n'); returns the number of lines.
  std::size_t pop(std::string& out, std::size_t bytes_max);

  std::uint64_t pushed() const { return pushed_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
  std::size_t capacity() const { return capacity_; }

 private:
  std::size_t capacity_;
  std::unique_ptr<char[]> bytes_;
  // On lines of their own: each is written by one thread and read by the other.
  alignas(64) std::atomic<std::uint64_t> head_{0};  // bytes ever taken
  alignas(64) std::atomic<std::uint64_t> tail_{0};  // bytes ever put
  std::atomic<std::uint64_t> pushed_{0};
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace koine::governance::access_log
