// Reads Java interface sources into a schema graph.
//
// All files that belong together go into one call. A class that they name and that is in none of them is
// looked for where javac looks: in the folder of its package, below the root of the files that were given and
// below `import_paths`; only the files given have services.
//
// What becomes of Java (docs/idl.md has the table for people):
//   interface with methods   Service; what it extends is flattened. Not one that is itself a parameter,
//   result or
//                            field of what a service reaches, and not a generic one.
//   method                   arguments {1..n by name}, result {0 success, 1..n the exceptions of `throws`};
//                            java_signature_annotation, and java_method_annotation where the name is not
//                            Java's (all but one of overloads: labelByLong). A method that reaches a value
//                            without a kind (Object, raw List, …) is left out, with a warning that names the
//                            field.
//   class, record            StructType, its superclasses' fields first; exceptions begin with `message`
//   generic class            one StructType for each use: Page<Item> is PageOfItem
//   enum                     EnumType; numbers are ordinals
// One File for each package, since classes of one name one another in circles.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "idl/bounds.h"
#include "idl/diagnostics.h"
#include "idl/schema.h"
#include "idl/source.h"

namespace koine::idl::java {

struct ReadOptions {
  std::vector<std::string> import_paths;    // roots of packages, beside those of the files given
  const SourceProvider* sources = nullptr;  // null: the disk, within the default config_bytes_max
  Bounds bounds = {};
};

struct ReadResult {
  std::unique_ptr<Schema> schema;       // null exactly when diagnostics hold an error
  std::vector<Diagnostic> diagnostics;  // errors and warnings, by file and line
};

ReadResult read(const std::vector<std::string>& paths, const ReadOptions& options);

}  // namespace koine::idl::java
