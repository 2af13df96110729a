// VirtualClock: time that stands still until a test moves it. Monotonic time starts at one hour, wall time at
// 2026-01-01T00:00:00Z; wall time can be made to jump without the other. One thread.
#pragma once

#include "base/clock.h"

namespace koine::net::memory {

class VirtualClock final : public base::Clock {
 public:
  base::Nanoseconds monotonic_ns() const override { return now_ns_; }
  base::Nanoseconds wall_ns() const override { return now_ns_ + wall_offset_ns_; }

  void advance(base::Nanoseconds by_ns) noexcept { now_ns_ += by_ns; }
  void jump_wall(base::Nanoseconds by_ns) noexcept { wall_offset_ns_ += by_ns; }

 private:
  static constexpr base::Nanoseconds start_ns = 3600 * base::second_ns;
  static constexpr base::Nanoseconds wall_start_ns = 1'767'225'600 * base::second_ns;
  base::Nanoseconds now_ns_ = start_ns;
  base::Nanoseconds wall_offset_ns_ = wall_start_ns - start_ns;
};

}  // namespace koine::net::memory
