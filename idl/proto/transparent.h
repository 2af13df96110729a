// Messages with the roles wrapper and map_entry disappear in other languages, so they must not lead back to
// themselves, nor go on and on inside one another. Internal to this module.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "idl/schema.h"

namespace koine::idl::proto {

struct NestingFault {
  const StructType* type;
  std::string message;
};
// The first that is found; O(fields).
std::optional<NestingFault> check_transparent(const std::deque<StructType>& structs);

}  // namespace koine::idl::proto
