// Types in words. Owner: see kinds.h.
#include "idl/match/kinds.h"

namespace koine::idl::match {

std::string describe(const Type& type) {
  if (type.kind == Kind::structure) return type.structure->name;
  if (type.kind == Kind::enumeration) return type.enumeration->name;
  if (is_sequence(type.kind)) return std::string(to_string(type.kind)) + " of " + describe(*type.element);
  if (type.kind == Kind::map) return "map of " + describe(*type.key) + " to " + describe(*type.element);
  return std::string(to_string(type.kind));
}

}  // namespace koine::idl::match
