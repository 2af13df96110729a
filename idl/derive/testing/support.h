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

// The same, saying nothing: null when there are errors, which go to `why`.
std::unique_ptr<Schema> try_read(const Files& files, Language language, std::string* why = nullptr);

std::unique_ptr<Schema> derived(const Schema& source, Language target);

// Every file of the target language, printed: path -> text. With koine/options.proto when a .proto needs it.
Files printed_thrift(const Schema& schema);
Files printed_proto(const Schema& schema, bool koine_options = true);

// One text for each class.
Files printed_java(const Schema& schema);

// What Debian's compiler says of the files (which must compile together), or "" when it takes them all.
// `generators` as in --java_out or --gen.
std::string protoc_complaints(const Files& files, const std::vector<std::string>& generators);
std::string thrift_complaints(const Files& files, const std::vector<std::string>& generators);

// javac's, for Java 8, with all its warnings. Where there is no javac, what it is for is skipped, and said.
std::string javac_complaints(const Files& files);

// What is wrong with a derived schema as such: names, numbers, links. Empty when nothing is.
std::string inconsistencies(const Schema& source, const Schema& derived);

// What both texts of a schema must share when one was derived from the other and back: its dump without
// aliases, origins, files and the links between methods and messages.
// `loosely`: also without JSON names (which change where a Thrift struct has one twice) and the order of enum
// values (0 is protobuf's first).
std::string shape_of(const Schema& schema, bool loosely = false);
// All that must be the same when a schema was derived, printed, read and derived back: shape_of with JSON
// names, order of values, docs, and what files say (packages, namespaces, options, annotations), but without
// imports and paths (which follow from what is used), Thrift's typedefs and constants, and streaming methods,
// which Thrift has not.
std::string exact_of(const Schema& schema);
// What is different in that when files in `language` are derived there and back; "" when nothing is, and when
// they cannot be read.
std::string lost_on_the_way(const Files& files, Language language);
// Every file's text, one behind the other, for messages.
std::string text_of(const Files& files);
// The first lines that differ, or "".
std::string difference(const std::string& left, const std::string& right);

}  // namespace koine::idl::derive::testing
