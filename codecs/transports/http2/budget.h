// Budget: how often a peer may do what a well-behaved one does rarely. A bucket of tokens: one is taken for
// each such event, time and good work fill it up again. One thread, no clock of its own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace koine::codecs::transports::http2 {

class Budget {
 public:
  Budget(std::size_t burst, std::size_t per_second)
      : burst_(static_cast<std::int64_t>(burst)),
        per_second_(static_cast<std::int64_t>(per_second)),
        left_(burst_) {}

  // False when there was nothing left. `now_ns` may stand still: then nothing refills.
  bool take(std::int64_t count, base::Nanoseconds now_ns) {
    refill(now_ns);
    left_ = std::max<std::int64_t>(left_ - count, -1);
    return left_ >= 0;
  }
  void earn(std::int64_t count) { left_ = std::min(left_ + count, burst_); }
  bool below_quarter() const { return left_ < burst_ / 4; }

 private:
  void refill(base::Nanoseconds now_ns) {
    if (now_ns <= refilled_ns_) return;
    // Whole tokens only; what is left of the time counts the next time. A long pause fills it whatever it is.
    const base::Nanoseconds each_ns = std::max<base::Nanoseconds>(base::second_ns / per_second_, 1);
    const std::int64_t tokens = (now_ns - refilled_ns_) / each_ns;
    refilled_ns_ = tokens >= burst_ ? now_ns : refilled_ns_ + tokens * each_ns;
    left_ = tokens >= burst_ ? burst_ : std::min(left_ + tokens, burst_);
  }

  std::int64_t burst_;
  std::int64_t per_second_;
  std::int64_t left_;
  base::Nanoseconds refilled_ns_ = 0;
};

}  // namespace koine::codecs::transports::http2
