// Reads .thrift files into a schema graph.
//
// All files that belong together go into one call: `paths` may be many, their includes come along, each file
// is read once. Full names must be unique in a Schema, so two independent descriptions of one service (a
// .thrift and a .proto written by hand) belong into two Schemas; files of several languages that describe
// different things may share one.
//
// What annotations mean here. Held by the nodes themselves afterwards, and no longer among their annotations:
//   koine.range       on an integer or double type, typedef, field, or method (of its result): u8, u16, u32,
//   u64,
//                     f32 (i8, i16). The type written must be the one its values travel in: i16, i32, i64,
//                     i64, double (i8, i16).
//   koine.number      in the same places: "zigzag" or "fixed", how protobuf writes the integer.
//   koine.json_name   on fields; without it, made of koine.name, or else of the name.
//   koine.oneof       on optional fields: the group of which one is set.
//   koine.idempotent  on methods: "true" or "false".
//   koine.default     what has no constant: "inf", "-inf", "nan" on doubles, more than 2^63-1 on a u64.
// Annotations koine.* of a namespace are the file's; `namespace koine x (…)` is there for them alone.
// Kept as annotations, and checked: koine.code on exceptions (a gRPC status name). All others are kept as
// written, except those of types and constants, which have no place for any.
//
// Not in the result: namespaces' other annotations, cpp_include, cpp_type, `&`, xsd_*.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "idl/bounds.h"
#include "idl/diagnostics.h"
#include "idl/schema.h"
#include "idl/source.h"

namespace koine::idl::thrift {

struct ReadOptions {
  std::vector<std::string> include_paths;   // tried in order, after the including file's own directory
  const SourceProvider* sources = nullptr;  // null: the disk, within the default config_bytes_max
  Bounds bounds = {};
};

struct ReadResult {
  std::unique_ptr<Schema> schema;       // null exactly when diagnostics hold an error
  std::vector<Diagnostic> diagnostics;  // errors and warnings, by file and line
};

ReadResult read(const std::vector<std::string>& paths, const ReadOptions& options);

// Adds to a Schema that may hold files already; their names are taken. After an error the Schema holds parts
// of what was read and is good for nothing but destruction. False when there were errors.
bool read_into(Schema& schema, const std::vector<std::string>& paths, const ReadOptions& options,
               std::vector<Diagnostic>& diagnostics);

}  // namespace koine::idl::thrift
