// Allowances: losses that a lenient configuration permits, each to one field and by its name.
//
// Whoever compiles a plan gives them in PlanOptions. A field may lose what is allowed to its own node or to
// its counterpart's, so that a name means the same in the written and the derived schema. What a value loses
// at run time is counted (Counters::lost_values).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "idl/schema.h"

namespace koine::transcode {

enum class Allowance : std::uint8_t {
  f64_to_f32,            // digits that a float does not hold, instead of MAP_PRECISION
  enum_value_unmatched,  // a number without counterpart becomes unset, or 0, instead of MAP_ENUM_UNKNOWN
};
inline constexpr std::size_t allowance_count = 2;
inline constexpr std::array<Allowance, allowance_count> all_allowances = {Allowance::f64_to_f32,
                                                                          Allowance::enum_value_unmatched};
// "F64_TO_F32"
std::string_view to_string(Allowance allowance);
std::optional<Allowance> allowance_from_string(std::string_view name);
// Can a value of that type, or an element of it, lose what is allowed?
bool concerns(Allowance allowance, const idl::Type& type);

class Allowances {
 public:
  void add(Allowance allowance, const idl::Field& field) { fields_[&field] |= bit(allowance); }
  bool has(Allowance allowance, const idl::Field& field) const {
    const auto found = fields_.find(&field);
    return found != fields_.end() && (found->second & bit(allowance)) != 0;
  }

 private:
  static unsigned bit(Allowance allowance) { return 1u << static_cast<unsigned>(allowance); }
  std::map<const idl::Field*, unsigned> fields_;
};

}  // namespace koine::transcode
