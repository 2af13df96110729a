// Derived files that are read beside what they were derived from: is that still the same?
//
// Pure functions, any thread.
#pragma once

#include <string>
#include <vector>

#include "idl/diagnostics.h"
#include "idl/schema.h"

namespace koine::idl::derive {

// What koine.derived_from says: SHA-256 of everything that a derivation goes by. Comments, and how the text
// is written, change nothing.
std::string content_hash(const Schema& schema);

// Warns (DERIVED_HASH_STALE) of files of `derived` that were derived from those of `source`, and from another
// state of them. Nothing is said where other files went into a derivation than `source` has.
void warn_of_stale(const Schema& derived, const Schema& source, std::vector<Diagnostic>& diagnostics);

}  // namespace koine::idl::derive
