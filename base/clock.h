// Clock: time as an interface, so that tests own it. Monotonic time decides everything inside the process;
// wall time is only ever printed. Nanoseconds since an unspecified start. Any thread.
#pragma once

#include <cstdint>
#include <limits>

namespace koine::base {

using Nanoseconds = std::int64_t;

inline constexpr Nanoseconds microsecond_ns = 1000;
inline constexpr Nanoseconds millisecond_ns = 1000 * microsecond_ns;
inline constexpr Nanoseconds second_ns = 1000 * millisecond_ns;
inline constexpr Nanoseconds never_ns = std::numeric_limits<Nanoseconds>::max();

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Nanoseconds monotonic_ns() const = 0;
  // Since 1970-01-01T00:00:00Z.
  virtual Nanoseconds wall_ns() const = 0;
};

// The machine's clocks.
class SystemClock final : public Clock {
 public:
  Nanoseconds monotonic_ns() const override;
  Nanoseconds wall_ns() const override;
};

}  // namespace koine::base
