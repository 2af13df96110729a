// HeapMeter: how much more heap this thread held, at most, since a moment.
//
// Linking this file replaces malloc and its kin by counting ones that hand on to glibc's; under the address
// and thread sanitizers, which have an allocator of their own, their hooks are used instead. Each thread
// counts what it asks for and gives back itself; one meter at a time a thread.
#pragma once

#include <cstddef>

namespace koine::codecs::conformance {

class HeapMeter {
 public:
  // Starts counting.
  HeapMeter() noexcept;
  ~HeapMeter();
  HeapMeter(const HeapMeter&) = delete;
  HeapMeter& operator=(const HeapMeter&) = delete;

  // Counts from here.
  void restart() noexcept;
  // The most bytes that were held at once beyond what was held at the start.
  std::size_t peak_bytes() const noexcept;
};

// What a peer may make us hold by sending `received` bytes (design: 64 KiB, and four times what really came).
constexpr std::size_t heap_allowed(std::size_t received) noexcept { return (64u << 10) + 4 * received; }

}  // namespace koine::codecs::conformance
