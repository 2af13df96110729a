// Random legal IDL files, full of names that meet in the other language. Test code only.
#pragma once

#include <cstdint>

#include "idl/derive/testing/support.h"

namespace koine::idl::derive::testing {

struct RandomOptions {
  // Some fields, elements and keys are UUIDs, which Thrift's compiler and libraries of 0.17 do not know.
  bool uuids = false;
  // Docs, annotations, options, all kinds of defaults, groups, reserved numbers, unions and exceptions of
  // protobuf. The schema is otherwise the one of the same seed without.
  bool decorated = false;
};

// One to three files that include one another, as texts. Equal seeds give equal files.
Files random_thrift(std::uint32_t seed, const RandomOptions& options);
Files random_proto(std::uint32_t seed, const RandomOptions& options);
inline Files random_thrift(std::uint32_t seed, bool uuids = false) {
  return random_thrift(seed, {uuids, false});
}
inline Files random_proto(std::uint32_t seed, bool uuids = false) {
  return random_proto(seed, {uuids, false});
}

}  // namespace koine::idl::derive::testing
