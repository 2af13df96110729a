// Checks that executors of every pair share.
#include "transcode/executor.h"

#include <algorithm>

namespace koine::transcode {

const std::int32_t* find_enum_number(const EnumMap& map, std::int32_t number,
                                     std::int32_t& storage) noexcept {
  const auto at =
      std::lower_bound(map.entries.begin(), map.entries.end(), number,
                       [](const EnumMap::Entry& entry, std::int32_t n) { return entry.from < n; });
  if (at != map.entries.end() && at->from == number) return &at->to;
  if (!map.pass_unknown || std::binary_search(map.refused.begin(), map.refused.end(), number)) return nullptr;
  storage = number;
  return &storage;
}

bool is_plain_key(std::uint64_t bits) noexcept {
  return !std::isnan(std::bit_cast<double>(bits)) && bits != std::uint64_t{1} << 63;
}

}  // namespace koine::transcode
