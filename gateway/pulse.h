// Pulse: what a worker is at, told by itself and read by the watchdog on another thread.
//
// One relaxed store where a worker turns to something that might not end: bytes of a stranger, a message to
// translate, a new configuration. It says what was begun last, not whether it is still going on: net::Loop
// (busy_since_ns) says that.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace koine::gateway {

enum class Activity : std::uint8_t { none, caller_bytes, request, provider_bytes, reply, configuration };
// "translating a request"; static text.
std::string_view to_string(Activity activity);

class Pulse {
 public:
  struct Beat {
    Activity activity = Activity::none;
    std::uint32_t route = 0;    // MethodRoute::id: of request and reply
    std::uint32_t version = 0;  // of the Snapshot that the route is of, its lower 24 bits
  };
  void at(Activity activity, std::uint32_t route = 0, std::uint64_t version = 0) {
    cell_.store(static_cast<std::uint64_t>(route) << 32 | (version & version_mask) << 8 |
                    static_cast<std::uint64_t>(activity),
                std::memory_order_relaxed);
  }
  Beat last() const {
    const std::uint64_t cell = cell_.load(std::memory_order_relaxed);
    return {static_cast<Activity>(cell & 0xff), static_cast<std::uint32_t>(cell >> 32),
            static_cast<std::uint32_t>(cell >> 8 & version_mask)};
  }
  static constexpr std::uint64_t version_mask = 0xff'ffff;

 private:
  std::atomic<std::uint64_t> cell_{0};
};

}  // namespace koine::gateway
