// Which fields allowances concern.
#include "transcode/allowance.h"

#include "transcode/times.h"

namespace koine::transcode {
namespace {

// The values that the field holds: those of its elements, where it is a container, also one that protobuf
// has in a message.
const idl::Type& values_of(const idl::Type& type) {
  switch (type.kind) {
    case idl::Kind::list:
    case idl::Kind::map: return values_of(*type.element);
    case idl::Kind::structure:
      if (type.structure->role == idl::StructRole::wrapper && type.structure->fields.size() == 1) {
        return values_of(*type.structure->fields.front().type);
      }
      return type;
    default: return type;
  }
}

}  // namespace

bool concerns(Allowance allowance, const idl::Field& field) {
  const idl::Type& type = values_of(*field.type);
  switch (allowance) {
    case Allowance::f64_to_f32: return type.kind == idl::Kind::f32 || type.kind == idl::Kind::f64;
    case Allowance::time_precision:
      return message_kind(type).has_value() ||
             idl::find_annotation(field.annotations, "koine.unit") != nullptr;
    case Allowance::enum_value_unmatched: return type.kind == idl::Kind::enumeration;
  }
  return false;
}

}  // namespace koine::transcode
