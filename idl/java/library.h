// The classes of the JDK that a contract may name, and what each is as a value (docs/mapping.md).
//
// Immutable, any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "idl/schema.h"

namespace koine::idl::java {

enum class Meaning : std::uint8_t {
  value,        // of LibraryClass::kind
  millisecond,  // an i64 of milliseconds since 1970
  instant,      // google.protobuf.Timestamp
  duration,     // google.protobuf.Duration
  list,         // of its only argument
  set,          // of its only argument
  map,          // of its two arguments
  optional,     // its only argument, or nothing
  future,       // its only argument, later: as a result
  nothing,      // void
  root,         // may be extended and implemented, and adds nothing
  anything,     // only the sender knows what it is
  exception,
  stream,  // more than one value
  none,    // no form in other languages
};

struct LibraryClass {
  std::string_view name;
  Meaning meaning = Meaning::none;
  Kind kind = Kind::string;
  bool plain = false;  // what its kind is when nothing else is said: Type::native stays empty
};

// Null for what is not in the table; `is_exception` and `is_library_name` know more.
const LibraryClass* find_library(std::string_view name);
// java.lang.RuntimeException, java.io.IOException, …
bool is_library_exception(std::string_view name);
// Is it of the JDK, by its package?
bool is_library_name(std::string_view name);

}  // namespace koine::idl::java
