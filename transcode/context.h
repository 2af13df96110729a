// Context: what a worker keeps from one transcode to the next, so that a warm one needs no heap.
// One thread; any number of plans.
#pragma once

#include <array>
#include <cstdint>

#include "base/arena.h"
#include "codecs/bodies/hessian2/walk.h"
#include "codecs/bodies/triple_wrapper/rewrap.h"
#include "model/losses.h"
#include "transcode/hessian_bindings.h"
#include "transcode/output.h"

namespace koine::transcode {

struct Counters {
  std::uint64_t straight_runs = 0;
  std::uint64_t indexed_runs = 0;  // messages that were read again (not counted in straight_runs)
  model::Drops dropped_fields{};
  std::uint64_t deduplicated_elements = 0;  // of sets
  std::uint64_t deduplicated_keys = 0;      // of maps: the last value stayed
  // Values that an allowance changed, by Allowance.
  model::LostValues lost_values{};
};

class Context {
 public:
  // `pool` is where `output` gets its slabs; null: from the heap. It outlives the context.
  explicit Context(base::SlabPool* pool = nullptr) noexcept : output(pool), step_in(pool), step_out(pool) {
    widths.fill(1);
    text_widths.fill(1);
  }

  base::Arena arena;  // reset at the start of each run
  Counters counters;
  // For the log of dropped fields: the last one of the last run; id 0 = none was dropped.
  std::int32_t last_dropped_id = 0;
  model::Drop last_drop = model::Drop::unknown;
  // For callers that have no Output of their own.
  Output output;
  // Between the steps of a plan (format_step.h): what was read in one, and what the next one writes from.
  Output step_in;
  Output step_out;
  codecs::bodies::hessian2::Walker walker;  // of a Hessian2 stream that is read
  HessianBindings bindings;                 // of its class definitions
  codecs::bodies::triple_wrapper::Rewrapper rewrapper;
  // How wide the length in front of a nested value was last time, by place; a wrong guess costs one memmove.
  std::array<std::uint8_t, 256> widths;
  std::array<std::uint8_t, 64> text_widths;  // the same where JSON is read, by depth
};

}  // namespace koine::transcode
