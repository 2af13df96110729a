// The machine's clocks.
#include "base/clock.h"

#include <ctime>

namespace koine::base {
namespace {

Nanoseconds read_clock(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<Nanoseconds>(now.tv_sec) * second_ns + now.tv_nsec;
}

}  // namespace

Nanoseconds SystemClock::monotonic_ns() const { return read_clock(CLOCK_MONOTONIC); }
Nanoseconds SystemClock::wall_ns() const { return read_clock(CLOCK_REALTIME); }

}  // namespace koine::base
