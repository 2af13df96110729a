// The table of base/limits.h as data.
#include "base/limits.h"

namespace koine::base {
namespace {

constexpr LimitInfo table[] = {
#define KOINE_LIMIT_ROW(name, value, ceiling, reason, meaning) \
  {#name, value, ceiling, Reason::reason, meaning},
    KOINE_LIMITS(KOINE_LIMIT_ROW)
#undef KOINE_LIMIT_ROW
};

}  // namespace

std::span<const LimitInfo> limit_table() { return table; }

}  // namespace koine::base
