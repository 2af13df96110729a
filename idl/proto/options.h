// Koine's options as annotations and back: one table, idl/koine/options.proto itself. A field `x` of an
// options message is the annotation "koine.x"; its `annotations` are annotations with the names they carry.
// Internal to this module; libprotobuf's headers are seen in .cc files only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "idl/schema.h"

namespace google::protobuf {
class EnumOptions;
class EnumValueOptions;
class FieldOptions;
class FileOptions;
class MessageOptions;
class MethodOptions;
class ServiceOptions;
}  // namespace google::protobuf

namespace koine::idl::proto {

// The annotations that an element's options hold, `deprecated` among them. Booleans are "true", enum values
// what follows their prefix in lower case ("union"), throws "<type> <name> <id>".
Annotations read_options(const google::protobuf::FileOptions& options);
Annotations read_options(const google::protobuf::MessageOptions& options);
Annotations read_options(const google::protobuf::FieldOptions& options);
Annotations read_options(const google::protobuf::EnumOptions& options);
Annotations read_options(const google::protobuf::EnumValueOptions& options);
Annotations read_options(const google::protobuf::ServiceOptions& options);
Annotations read_options(const google::protobuf::MethodOptions& options);

// Takes the annotation out and returns its value; empty when there is none.
std::string take(Annotations& annotations, std::string_view name);
// Whether it says "uuid", the one reading that is a kind of its own; then it is gone.
bool take_uuid(Annotations& annotations, std::string_view name);

enum class Element { file, message, field, enum_type, enum_value, service, method };

// "(koine.field).range" and the like with their values in .proto syntax, in the order of options.proto;
// plain options (`deprecated`) first.
struct PrintedOption {
  std::string name;
  std::string value;
  bool koine = true;  // needs koine/options.proto
};
std::vector<PrintedOption> print_options(Element element, const Annotations& annotations);

// A .proto string literal. Control characters are escaped, and so is all that is not ASCII in a text that is
// not UTF-8.
std::string in_quotes(std::string_view text);

}  // namespace koine::idl::proto
