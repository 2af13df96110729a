// The names of allowances, and which types they concern.
#include "transcode/allowance.h"

namespace koine::transcode {

std::string_view to_string(Allowance allowance) {
  switch (allowance) {
    case Allowance::f64_to_f32: return "F64_TO_F32";
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

bool concerns(Allowance allowance, const idl::Type& type) {
  switch (type.kind) {
    case idl::Kind::f32:
    case idl::Kind::f64: return allowance == Allowance::f64_to_f32;
    case idl::Kind::enumeration: return allowance == Allowance::enum_value_unmatched;
    case idl::Kind::list:
    case idl::Kind::map: return concerns(allowance, *type.element);
    // What stands for a container in protobuf: a field of its own, but of nobody's schema.
    case idl::Kind::structure:
      return type.structure->role == idl::StructRole::wrapper && type.structure->fields.size() == 1 &&
             concerns(allowance, *type.structure->fields.front().type);
    default: return false;
  }
}

}  // namespace koine::transcode
