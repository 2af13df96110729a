// Random legal IDL files, full of names that meet in the other language. Test code only.
#pragma once

#include <cstdint>

#include "idl/derive/testing/support.h"

namespace koine::idl::derive::testing {

// One to three files that include one another, as texts. Equal seeds give equal files.
// `uuids`: some fields, elements and keys are UUIDs, which Thrift's compiler and libraries of 0.17 do not
// know.
Files random_thrift(std::uint32_t seed, bool uuids = false);
Files random_proto(std::uint32_t seed, bool uuids = false);

}  // namespace koine::idl::derive::testing
