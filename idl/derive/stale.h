// Derived files that are read beside what they were derived from: is that still the same?
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "idl/diagnostics.h"
#include "idl/schema.h"

namespace koine::idl::derive {

// What koine.derived_from says of a file: SHA-256 of everything in it that a derivation goes by, and in the
// files that it refers to. Comments, and how the text is written, change nothing; nor do files beside it.
// One thread; refers to the schema.
class ContentHashes {
 public:
  explicit ContentHashes(const Schema& schema);
  const std::string& of(const File& file);

 private:
  const Schema& schema_;
  std::unordered_map<const void*, const File*> homes_;  // of structs, enums and services
  std::unordered_map<const File*, std::string> made_;   // empty while it is being made
};

// Warns (DERIVED_HASH_STALE) of files of `derived` that were derived from one of `source`, and from another
// state of it. Any thread.
void warn_of_stale(const Schema& derived, const Schema& source, std::vector<Diagnostic>& diagnostics);

}  // namespace koine::idl::derive
