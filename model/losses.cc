// The names.
#include "model/losses.h"

namespace koine::model {

std::string_view to_string(Drop drop) {
  switch (drop) {
    case Drop::unknown: return "unknown";
    case Drop::wire_type: return "wire_type";
    case Drop::allowed: return "allowed";
  }
  return "";
}

std::string_view to_string(Allowance allowance) {
  switch (allowance) {
    case Allowance::f64_to_f32: return "F64_TO_F32";
    case Allowance::time_precision: return "TIME_PRECISION";
    case Allowance::enum_value_unmatched: return "ENUM_VALUE_UNMATCHED";
  }
  return "";
}

std::optional<Allowance> allowance_from_string(std::string_view name) {
  for (const Allowance one : all_allowances) {
    if (to_string(one) == name) return one;
  }
  return std::nullopt;
}

}  // namespace koine::model
