// Linked descriptors -> the schema graph. Internal to this module.
#pragma once

#include <memory>

#include "idl/proto/import.h"
#include "idl/schema.h"

namespace koine::idl::proto {

// Everything that import.linked() reaches. Adds diagnostics to `import` for koine options that make no sense;
// null when one of them is an error.
std::unique_ptr<Schema> convert(Import& import);

}  // namespace koine::idl::proto
