// The byte ring of base two, with free-running positions.
#include "governance/access_log/ring.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace koine::governance::access_log {

Ring::Ring(std::size_t bytes)
    : capacity_(std::bit_ceil(std::max<std::size_t>(bytes, 64))), bytes_(new char[capacity_]) {}

bool Ring::push(std::string_view line) {
  const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
  const std::uint64_t head = head_.load(std::memory_order_acquire);
  if (line.size() > capacity_ - static_cast<std::size_t>(tail - head)) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  const std::size_t at = static_cast<std::size_t>(tail) & (capacity_ - 1);
  const std::size_t first = std::min(line.size(), capacity_ - at);
  std::memcpy(bytes_.get() + at, line.data(), first);
  std::memcpy(bytes_.get(), line.data() + first, line.size() - first);
  pushed_.fetch_add(1, std::memory_order_relaxed);
  tail_.store(tail + line.size(), std::memory_order_release);
  return true;
}

std::size_t Ring::pop(std::string& out, std::size_t bytes_max) {
  const std::uint64_t head = head_.load(std::memory_order_relaxed);
  const std::uint64_t tail = tail_.load(std::memory_order_acquire);
  std::size_t count = std::min(static_cast<std::size_t>(tail - head), bytes_max);
  const std::size_t start = out.size();
  const std::size_t at = static_cast<std::size_t>(head) & (capacity_ - 1);
  const std::size_t first = std::min(count, capacity_ - at);
  out.append(bytes_.get() + at, first);
  out.append(bytes_.get(), count - first);
  // Whole lines only: what is cut off is taken next time.
  const std::size_t end = out.rfind('\n');
  const std::size_t kept = end == std::string::npos || end < start ? 0 : end + 1 - start;
  out.resize(start + kept);
  count = kept;
  head_.store(head + count, std::memory_order_release);
  return static_cast<std::size_t>(
      std::count(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), '\n'));
}

}  // namespace koine::governance::access_log
