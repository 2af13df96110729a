// Which types allowances concern.
#include "transcode/allowance.h"

namespace koine::transcode {

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
