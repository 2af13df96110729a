// Reads .proto files (proto2 and proto3) and FileDescriptorSets into the schema graph.
//
// What the graph of a .proto looks like: messages nested in one another are named "Outer.Inner"; the message
// protobuf makes up for a map's entries is not there (Kind::map); a proto3 `optional` is Presence::optional
// and no oneof; a group is a structure field with Type::delimited. Koine's options (idl/koine/options.proto)
// refine kinds (range -> i8 …, set, key_enum), forms and roles; the others are annotations "koine.<name>".
// Extensions of messages are not part of the graph: their fields are unknown fields.
//
// Owner: the caller; any thread, one call at a time for a provider.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "idl/bounds.h"
#include "idl/diagnostics.h"
#include "idl/schema.h"
#include "idl/source.h"

namespace koine::idl::proto {

struct ReadResult {
  std::unique_ptr<Schema> schema;  // null exactly when there are errors
  std::vector<Diagnostic> diagnostics;
};

// `files` and everything they import. A name that ends in ".binpb" is a FileDescriptorSet (`protoc
// --include_imports -o`, `buf build`), anything else the text of a .proto file.
//
// Imports are looked up in `import_directories` as protoc does with -I; without any, or for a file outside
// all of them, also in the directory of the file itself. google/protobuf/*.proto and koine/options.proto are
// built in. File::path is the name from `files`, for an imported file the place where it was found, for a
// built-in file its import name. Files come after the files they import.
ReadResult read(const SourceProvider& sources, std::span<const std::string> files,
                std::span<const std::string> import_directories = {}, const Bounds& bounds = {});

}  // namespace koine::idl::proto
