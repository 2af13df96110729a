// Prints one file of a Schema as .thrift, the way a person would write it: headers, enums, typedefs, structs,
// constants, services, each in order of declaration, with doc comments. Deterministic.
//
// For schemas whose language is Thrift, read from .thrift or derived. What the Schema knows and Thrift has no
// words for is printed as koine.* annotations, which the reader takes back: koine.range and koine.number for
// kinds and number forms, koine.json_name, koine.oneof, koine.idempotent, koine.default (nan, inf, -inf, a
// u64 above 2^63-1). So reading the text again gives the same file; the Apache compiler reads it too.
//
// The file's annotations stand behind a namespace.
//
// Not kept: "*/" inside a doc comment becomes "* /".
#pragma once

#include <string>

#include "idl/schema.h"

namespace koine::idl::thrift {

// `file` is one of schema.files(). Types of other files get the prefix of the file that defines them, which
// must be among file.imports for the text to be valid.
std::string write(const Schema& schema, const File& file);

}  // namespace koine::idl::thrift
