// The tables of base/limits.h as data.
#include "base/limits.h"

namespace koine::base {
namespace {

constexpr LimitInfo table[] = {
#define KOINE_LIMIT_ROW(name, unit, value, ceiling, reason, meaning) \
  {#name, LimitUnit::unit, value, ceiling, Reason::reason, meaning},
    KOINE_LIMITS(KOINE_LIMIT_ROW)
#undef KOINE_LIMIT_ROW
#define KOINE_TIMER_ROW(name, value, ceiling, reason, meaning) \
  {#name, LimitUnit::nanoseconds, value, ceiling, Reason::reason, meaning},
        KOINE_TIMERS(KOINE_TIMER_ROW)
#undef KOINE_TIMER_ROW
};
static_assert(std::size(table) == limit_count);

}  // namespace

std::span<const LimitInfo> limit_table() { return table; }

std::string_view to_string(Limit limit) {
  const auto index = static_cast<std::size_t>(limit);
  return index < limit_count ? table[index].name : std::string_view();
}

}  // namespace koine::base
