// For the tests of derivation: texts in, derived texts out, and the distribution's compilers as judges.
// Test code only.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "idl/schema.h"

namespace koine::idl::derive::testing {

using Files = std::map<std::string, std::string>;

// A schema from texts; the test fails and the schema is empty when there are errors.
std::unique_ptr<Schema> read_thrift(const Files& files);
std::unique_ptr<Schema> read_proto(const Files& files);

std::unique_ptr<Schema> derived(const Schema& source, Language target);

// Every file of the target language, printed: path -> text. With koine/options.proto when a .proto needs it.
Files printed_thrift(const Schema& schema);
Files printed_proto(const Schema& schema, bool koine_options = true);

// What Debian's compiler says of the files (which must compile together), or "" when it takes them all.
// `generators` as in --java_out or --gen.
std::string protoc_complaints(const Files& files, const std::vector<std::string>& generators);
std::string thrift_complaints(const Files& files, const std::vector<std::string>& generators);

// What is wrong with a derived schema as such: names, numbers, links. Empty when nothing is.
std::string inconsistencies(const Schema& source, const Schema& derived);

// What both texts of a schema must share when one was derived from the other and back: its dump without
// aliases, origins, files and the links between methods and messages.
// `loosely`: also without JSON names (which change where a Thrift struct has one twice) and the order of enum
// values (0 is protobuf's first).
std::string shape_of(const Schema& schema, bool loosely = false);
// The first lines that differ, or "".
std::string difference(const std::string& left, const std::string& right);

}  // namespace koine::idl::derive::testing
