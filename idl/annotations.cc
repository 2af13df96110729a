// The table, and look-ups in it. Owner: see annotations.h.
#include "idl/annotations.h"

#include <algorithm>
#include <array>

#include "idl/source.h"

namespace koine::idl {
namespace {

constexpr std::string_view koine_prefix = "koine.";
using Use = KnownAnnotation::Use;

constexpr auto known_table = std::to_array<KnownAnnotation>({
    {"added", Use::derived, "enum values", "not in the source: the 0 that proto3 wants"},
    {"args", Use::read, "Thrift methods",
     "`spread`: the request is a message of its own, also for a single struct"},
    {"argument", Use::derived, "methods", "id and name of the only argument"},
    {"as", Use::read, "fields",
     "protobuf strings and bytes: `uuid`; numbers: `instant` or `duration`, as the other side's message is; "
     "`decimal` and others are carried over"},
    {"code", Use::read, "exceptions", "the gRPC status code that it travels with"},
    {"default", Use::derived, "fields", "the default, where the language has no constant for it"},
    {"derived_from", Use::derived, "files", "SHA-256 of the source schema"},
    {"drop", Use::kept, "fields", "may be left out where the other side has no place for it"},
    {"enum_prefix", Use::read, "Thrift enums",
     "what the values' names begin with in protobuf, instead of the enum's"},
    {"extends", Use::derived, "services", "the service that it inherits from"},
    {"form", Use::derived, "messages", "what it was before it became a union or an exception"},
    {"group", Use::derived, "fields", "a group of proto2"},
    {"id", Use::derived, "fields", "the number on the other side, where it had to move"},
    {"idempotent", Use::read, "methods", "protobuf's idempotency_level"},
    {"java_class", Use::read, "structs, enums", "the Java class that stands for it"},
    {"java_field", Use::read, "fields", "the Java field's name"},
    {"java_method", Use::kept, "methods", "the Java method's name"},
    {"java_signature", Use::kept, "methods", "its parameters as JVM descriptors, which tell overloads apart"},
    {"java_type", Use::kept, "fields", "the Java type"},
    {"json_name", Use::read, "fields", "the name in JSON"},
    {"key_as", Use::read, "maps", "`koine.as` of the keys"},
    {"key_enum", Use::derived, "maps", "the enum whose numbers the keys are"},
    {"key_range", Use::derived, "maps", "`koine.range` of the keys"},
    {"name", Use::read, "anything", "the name on the other side"},
    {"namespaces", Use::derived, "files", "the namespaces of the Thrift source"},
    {"null_element", Use::kept, "containers", "what becomes of null elements: `skip`, `zero`, `wrap`"},
    {"number", Use::read, "Thrift numbers, uuid",
     "how protobuf writes it: `zigzag` or `fixed`; of a uuid, its 16 bytes"},
    {"oneof", Use::read, "Thrift fields, unions", "members of one oneof; of a union, its oneof's name"},
    {"oneway", Use::derived, "methods", "nobody waits for the answer"},
    {"option", Use::derived, "files", "the options of the .proto source"},
    {"packed", Use::derived, "fields", "packed or not, where that is not the syntax's habit"},
    {"position", Use::derived, "enum values", "where the 0 stands in the source"},
    {"presence", Use::derived, "fields", "what the .proto source says of presence"},
    {"proto_default", Use::derived, "fields", "the default in the .proto source"},
    {"range", Use::read, "numbers", "the kind: `i8` `i16` `u8` `u16` `u32` `u64` `f32`"},
    {"request", Use::derived, "methods", "the message that the arguments were"},
    {"requiredness", Use::read, "protobuf fields",
     "what the Thrift field is: `required`, `default`, `optional`"},
    {"reserved", Use::derived, "messages", "the numbers that the .proto source reserves"},
    {"response", Use::derived, "methods", "the message that the result was"},
    {"role", Use::read, "messages", "a wrapper, an entry of a map, arguments or a result"},
    {"rpc_status", Use::read, "Thrift exceptions", "this is the `RpcStatus`"},
    {"set", Use::read, "repeated fields", "a set"},
    {"source", Use::derived, "files", "the source file"},
    {"subclasses", Use::kept, "structs", "the Java classes that may stand in its place"},
    {"syntax", Use::derived, "files", "the syntax of the .proto source, where it is not proto3"},
    {"throws", Use::read, "methods", "an exception that it may end with"},
    {"transparent", Use::kept, "messages", "stands for its only field"},
    {"unit", Use::read, "numbers", "of times: `s`, `ms`, `us`, `ns`, `d`"},
    {"value_prefix", Use::read, "protobuf enums", "what Thrift leaves out of the values' names"},
    {"zero", Use::derived, "enums", "the name of the 0 that the .proto source says is none of its own"},
    {"zone", Use::kept, "fields", "the time zone of a time without one"},
});
static_assert(std::is_sorted(known_table.begin(), known_table.end(),
                             [](const KnownAnnotation& a, const KnownAnnotation& b) {
                               return a.name < b.name;
                             }));

class Walker {
 public:
  explicit Walker(std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics) {}

  void visit(const Schema& schema) {
    for (const File& file : schema.files()) check(file.annotations, {file.path, 0, 0});
    for (const EnumType& type : schema.enums()) {
      check(type.annotations, type.location);
      for (const EnumValue& value : type.values) check(value.annotations, type.location);
    }
    for (const StructType& type : schema.structs()) {
      check(type.annotations, type.location);
      for (const Field& field : type.fields) check(field.annotations, field.location);
    }
    for (const Service& service : schema.services()) {
      check(service.annotations, service.location);
      for (std::size_t i = 0; i < service.own_methods; ++i) {
        check(service.methods[i].annotations, service.methods[i].location);
      }
    }
  }

 private:
  void check(const Annotations& annotations, const Location& where) {
    for (const Annotation& annotation : annotations) {
      std::string message = unknown_annotation(annotation.name);
      if (message.empty()) continue;
      diagnostics_.push_back({Severity::warning, "UNKNOWN_ANNOTATION", std::move(message), where, {}});
    }
  }

  std::vector<Diagnostic>& diagnostics_;
};

// The value of `json:"order_id,omitempty"` in a Go struct tag.
std::string json_in_go_tag(std::string_view tag) {
  constexpr std::string_view key = "json:";
  std::size_t at = tag.find(key);
  while (at != std::string_view::npos && at > 0 && tag[at - 1] != ' ') at = tag.find(key, at + 1);
  if (at == std::string_view::npos) return {};
  tag.remove_prefix(at + key.size());
  while (!tag.empty() && (tag.front() == '\\' || tag.front() == '"')) tag.remove_prefix(1);
  const std::string_view name = tag.substr(0, tag.find_first_of("\\\",` "));
  return name == "-" ? std::string() : std::string(name);
}

}  // namespace

std::span<const KnownAnnotation> known_annotations() { return known_table; }

std::string unknown_annotation(std::string_view name) {
  if (!name.starts_with(koine_prefix)) return {};
  const std::string bare(name.substr(koine_prefix.size()));
  if (std::any_of(known_table.begin(), known_table.end(),
                  [&](const KnownAnnotation& one) { return one.name == bare; })) {
    return {};
  }
  std::vector<std::string> names;
  for (const KnownAnnotation& one : known_table) names.emplace_back(one.name);
  const std::string nearest = nearest_name(bare, names);
  std::string message = "unknown annotation '" + std::string(name) + "'";
  if (nearest.empty()) return message + "; docs/mapping.md lists those there are";
  return message + "; did you mean '" + std::string(koine_prefix) + nearest + "'?";
}

void warn_of_unknown_annotations(const Schema& schema, std::vector<Diagnostic>& diagnostics) {
  Walker(diagnostics).visit(schema);
}

std::string annotated_json_name(const Annotations& annotations) {
  for (const char* name : {"koine.json_name", "json_name"}) {
    if (const std::string* found = find_annotation(annotations, name)) return *found;
  }
  const std::string* tag = find_annotation(annotations, "go.tag");
  return tag == nullptr ? std::string() : json_in_go_tag(*tag);
}

}  // namespace koine::idl
