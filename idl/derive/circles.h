// Files that import one another in a circle. Packages of Java may name one another so; neither Thrift nor
// protobuf has a text for it, though a schema in memory is none the worse.
//
// Pure functions, any thread.
#pragma once

#include <string>
#include <vector>

#include "idl/schema.h"

namespace koine::idl::derive {

// The paths of the files that are in a circle, or between two; sorted.
std::vector<std::string> files_in_circles(const Schema& derived);

}  // namespace koine::idl::derive
