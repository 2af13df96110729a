// What tells the languages of schemas apart, where that is not a matter of reading and writing them.
//
// Pure functions, any thread.
#pragma once

#include "idl/schema.h"

namespace koine::idl {

// Have its methods arguments, and a result with declared exceptions? They are structs of their own then, in
// no file's list; protobuf's methods have a message each way.
inline bool has_arguments(Language language) { return language != Language::proto; }

}  // namespace koine::idl
