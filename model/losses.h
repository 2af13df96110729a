// Losses: what values and fields may lose on their way, by the names under which it is allowed and counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string_view>

namespace koine::model {

// Why a field was left out.
enum class Drop : std::uint8_t {
  unknown,    // the schema has no such field
  wire_type,  // it has, of another type: skipped as the format's own readers do
  allowed,    // the other side has no place for it, and that was allowed by name
};
inline constexpr std::array<Drop, 3> all_drops = {Drop::unknown, Drop::wire_type, Drop::allowed};
// "wire_type"
std::string_view to_string(Drop drop);

// A loss that a lenient configuration permits to one field.
enum class Allowance : std::uint8_t {
  f64_to_f32,            // digits that a float does not hold, instead of MAP_PRECISION
  time_precision,        // what is finer than the number's unit of a time, instead of MAP_PRECISION
  enum_value_unmatched,  // a number without counterpart becomes unset, or 0, instead of MAP_ENUM_UNKNOWN
};
inline constexpr std::array<Allowance, 3> all_allowances = {Allowance::f64_to_f32, Allowance::time_precision,
                                                            Allowance::enum_value_unmatched};
// "F64_TO_F32"
std::string_view to_string(Allowance allowance);
std::optional<Allowance> allowance_from_string(std::string_view name);

// Counts by Drop or Allowance.
using Drops = std::array<std::uint64_t, all_drops.size()>;
using LostValues = std::array<std::uint64_t, all_allowances.size()>;

template <std::size_t size>
constexpr std::uint64_t sum(const std::array<std::uint64_t, size>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}
// into += now - before
template <std::size_t size>
constexpr void add_difference(std::array<std::uint64_t, size>& into,
                              const std::array<std::uint64_t, size>& before,
                              const std::array<std::uint64_t, size>& now) {
  for (std::size_t i = 0; i < size; ++i) into[i] += now[i] - before[i];
}

}  // namespace koine::model
