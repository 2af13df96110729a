// Prints one file of a Schema as .proto, the way a person would write it: in the order of the definitions it
// came from, with their comments. Deterministic.
//
// For files whose language is proto, read or derived. What protobuf has no words for is printed as Koine's
// options (idl/koine/options.proto), which the reader takes back: reading the text again gives the same file.
// protoc (3.15 and later) compiles the text; the one import that it needs beside those of the source is
// "koine/options.proto", and only when an option of that file was printed.
//
// Not kept: extensions, options of others, and reserved names.
#pragma once

#include <string>

#include "idl/schema.h"

namespace koine::idl::proto {

struct WriteOptions {
  // Without Koine's options and their import: for a team that wants stubs and nothing else. The bytes on the
  // wire are the same, only the way back to the source is lost.
  bool koine_options = true;
};

// `file` is one of schema.files().
std::string write(const Schema& schema, const File& file, const WriteOptions& options = {});

// The text of koine/options.proto, for those who compile a file that imports it.
std::string options_file();

}  // namespace koine::idl::proto
