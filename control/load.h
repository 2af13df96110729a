// Loads a configuration file: YAML, schemas, derivation, plans; the result is one Snapshot or the list of
// what is wrong.
//
// Whole or not at all: with any error there is no Snapshot, and whoever reloads keeps the one it has. Called
// on the main thread; reads files, asks nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "control/snapshot.h"
#include "control/yaml_reader.h"
#include "idl/diagnostics.h"
#include "idl/source.h"

namespace koine::control {

struct LoadOptions {
  std::string path;
  const idl::SourceProvider* sources = nullptr;  // never null; the configuration itself is read from it too
  Environment environment;
  std::uint64_t version = 1;
};

struct LoadResult {
  SnapshotRef snapshot;  // null exactly when `diagnostics` has an error
  // Errors and warnings of every part, whatever is wrong with others: the configuration's by their places,
  // then the schemas'.
  std::vector<idl::Diagnostic> diagnostics;
};

LoadResult load(const LoadOptions& options);

// The process's environment.
Environment process_environment();

}  // namespace koine::control
