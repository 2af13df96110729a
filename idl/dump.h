// A Schema as canonical text: sorted by full name, every fact that matters, nothing that does not (no
// pointers, no order of definition between types). Two schemas with one text are the same schema. For tests,
// for the hash of what something was derived from, and for a person who wants to see what a reader
// understood.
//
// Pure functions, any thread.
#pragma once

#include <functional>
#include <string>

#include "idl/schema.h"

namespace koine::idl {

struct DumpOptions {
  bool docs = true;
  bool files = true;    // files with path, package, namespaces, imports, typedefs and constants
  bool origins = true;  // origin_id and the full names of origins
};

std::string dump(const Schema& schema, const DumpOptions& options = {});
// What one file defines: its types, its services, and what a Thrift service's own methods take and give.
// `files` means nothing here.
std::string dump(const File& file, const DumpOptions& options = {});

// "map<string, list<u8>>", "shop.Order", "(UserId) i64" where an alias was written.
std::string type_text(const Type& type);

// How an enum value is called in value_text; the default is "<full name>.<VALUE>".
using EnumText = std::function<std::string(const EnumReference&)>;
std::string enum_text(const EnumReference& reference);

// A value as a Thrift constant: 1, -2.5, "text", [1, 2], {"a": shop.Colour.RED}. Numbers in the shortest text
// that reads back to the same value; nan, inf and -inf, which Thrift does not have, by these names.
std::string value_text(const Value& value, const EnumText& name_enum = enum_text);
// Text in double quotes with Thrift's escapes; other bytes as they are.
std::string quoted(std::string_view text);

}  // namespace koine::idl
