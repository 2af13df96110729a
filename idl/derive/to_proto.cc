// Thrift -> proto3, by these rules:
//
//   files       shop.thrift -> shop.proto, one for one; the package is the one that full names use
//   services    keep their full names; every method is there, inherited ones too; a method's name gets its
//               first letter in upper case
//   requests    exactly one argument that is a struct: that message; else <Method>Request with one field for
//               each argument, also when there are none (an own message can grow, Empty cannot)
//   responses   a struct: that message; else <Method>Response with the result in `value` = 1, or nothing for
//               void. Exceptions are messages that travel in google.rpc.Status (Method::declared_errors)
//   numbers     1…18999 and 20000…32767 stay. Protobuf keeps 19000…19999 to itself and knows none below 1, so
//               19000…19999 become 119000…119999, and 0, -1, -2 … become 65536, 65537, 65538 …: beyond every
//               Thrift id, so that no new field can take them
//   presence    optional scalars are `optional`; default-requiredness and required scalars are plain. A plain
//               container is `repeated` or `map`, an optional one is wrapped, so that unset and empty differ
//   containers  a set is a repeated field (Kind::set stays in the graph). Maps with int, bool and string keys
//               are maps; enum keys are int32 numbers; maps with other keys are lists of entries
//               (StructRole::map_entry). What protobuf cannot nest goes into a message with one field
//               (StructRole::wrapper), one for each shape and file
//   unions      a message whose fields are all in one oneof
//   enums       values are siblings of their enum in protobuf, so they get its name as prefix; without a 0
//               they get <ENUM>_UNSPECIFIED = 0; the value 0 comes first
//   names       stay; where protobuf or its generated code would have two of one name, the later gets "_"
//               or a number behind it
#include "idl/derive/to_proto.h"

#include <algorithm>

#include "idl/derive/proto_deriver.h"
#include "idl/derive/sha256.h"
#include "idl/dump.h"

namespace koine::idl::derive {
namespace {

// What a derived node says by itself, or in its own annotations.
const std::set<std::string_view> enum_annotations = {"koine.name", "koine.value_prefix", "koine.enum_prefix"};
const std::set<std::string_view> value_annotations = {"koine.name", "koine.added"};

// "a.b.c" -> the last part.
std::string last_part(const std::string& name) { return name.substr(name.rfind('.') + 1); }

std::string replaced(std::string text, char from, std::string_view to) {
  std::string out;
  for (char c : text) out += c == from ? std::string(to) : std::string(1, c);
  return out;
}

}  // namespace

void ToProto::run() {
  add_files();
  for (const File* file : sources()) declare_services(*file);
  for (const File* file : sources()) declare_types(*file);
  for (const File* file : sources()) fill_enums(*file);
  for (const File* file : sources()) {
    for (const StructType* type : file->structs) fill_struct(*file, *type, *filled_.at(type));
  }
  for (const File* file : sources()) make_messages(*file);
  for (const File* file : sources()) fill_services(*file);
  link_files();
}

void ToProto::add_files() {
  const std::string hash = sha256_hex(dump(source_, {false, false, false}));
  for (const File* file : sources()) {
    File& out = add_file(*file, identifier_path(file->package));
    out.syntax = "proto3";
    add_namespaces(*file, out);
    out.annotations.push_back({"koine.derived_from", hash});
    out.annotations.push_back({"koine.source", out.path.substr(0, out.path.rfind('.')) + ".thrift"});
    for (const auto& [language, name] : file->namespaces) {
      out.annotations.push_back({"koine.namespaces", language + " " + name});
    }
    // A package is a name in the package around it.
    for (std::size_t end = 0; end != std::string::npos;) {
      const std::size_t start = end == 0 ? 0 : end + 1;
      end = out.package.find('.', start);
      if (out.package.empty()) break;
      const std::string around = start == 0 ? "" : out.package.substr(0, start - 1);
      scope(around).reserve(out.package.substr(start, end == std::string::npos ? end : end - start));
    }
  }
}

void ToProto::add_namespaces(const File& file, File& out) {
  auto of = [&](const char* language) -> std::string {
    for (const char* key : {language, "*"}) {
      if (auto found = file.namespaces.find(key); found != file.namespaces.end()) {
        return identifier_path(found->second);
      }
    }
    return {};
  };
  std::string go = of("go");
  if (go.empty()) go = out.package;  // protoc-gen-go refuses files without
  if (!go.empty()) out.namespaces["go_package"] = replaced(go, '.', "/") + "/" + last_part(go) + "pb";
  if (const std::string java = of("java"); !java.empty()) {
    out.namespaces["java_package"] = java + ".proto";
    out.namespaces["java_multiple_files"] = "true";
  }
  if (file.namespaces.contains("php")) {
    const std::string php = replaced(of("php"), '.', "\\") + "\\Proto";
    out.namespaces["php_namespace"] = php;
    out.namespaces["php_metadata_namespace"] = php + "\\Metadata";
  }
}

void ToProto::declare_services(const File& file) {
  File& out = derived_file(file);
  for (const Service* source : file.services) {
    Service& service = derived_.add_service();
    service.origin = source;
    service.name = scope(out.package).claim(source->name);
    service.full_name = joined(out.package, service.name);
    out.services.push_back(&service);
    services_.emplace_back(source, &service);
  }
}

void ToProto::declare_types(const File& file) {
  File& out = derived_file(file);
  for (const EnumType* source : file.enums) {
    EnumType& type = derived_.add_enum();
    type.origin = source;
    type.name = claim(out, source->name, source->annotations, type.annotations);
    type.full_name = joined(out.package, type.name);
    out.enums.push_back(&type);
    enums_[source] = &type;
    filled_enums_[source] = &type;
  }
  for (const StructType* source : file.structs) {
    StructType& type = derived_.add_struct();
    type.origin = source;
    type.name = claim(out, source->name, source->annotations, type.annotations);
    type.full_name = joined(out.package, type.name);
    out.structs.push_back(&type);
    structs_[source] = &type;
    filled_[source] = &type;
  }
}

std::string ToProto::claim(const File& out, const std::string& name, const Annotations& source,
                           Annotations& derived) {
  std::string wished = annotation_or(source, "koine.name", name);
  if (!is_identifier(wished)) wished = name;
  std::string claimed = scope(out.package).claim(wished);
  if (claimed != name) derived.push_back({"koine.name", name});
  return claimed;
}

void ToProto::fill_enums(const File& file) {
  File& out = derived_file(file);
  for (const EnumType* source : file.enums) fill_enum(out, *source, *filled_enums_.at(source));
}

void ToProto::fill_enum(const File& out, const EnumType& source, EnumType& type) {
  type.doc = source.doc;
  type.location = source.location;
  const std::string prefix = upper_snake(type.name) + "_";
  // protoc compares proto3 values without the enum's name, case and underscores.
  NameScope values(folded);
  auto claim_value = [&](const std::string& wished) {
    const auto taken = [&](const std::string& name) { return scope(out.package).taken(name); };
    std::string name = values.claim(wished, taken);
    scope(out.package).reserve(name);
    return name;
  };
  bool prefixed = false;
  for (const EnumValue& value : source.values) {
    EnumValue& derived = type.values.emplace_back();
    const std::string wished = annotation_or(value.annotations, "koine.name", value.name);
    const std::string name = is_identifier(wished) ? upper_snake(wished) : upper_snake(value.name);
    derived.name = claim_value(name.starts_with(prefix) ? name : prefix + name);
    derived.number = value.number;
    derived.doc = value.doc;
    if (derived.name == prefix + value.name) {
      prefixed = true;
    } else {
      derived.annotations.push_back({"koine.name", value.name});
    }
    for (Annotation& kept : annotations_without(value.annotations, value_annotations)) {
      derived.annotations.push_back(std::move(kept));
    }
  }
  auto zero = std::find_if(type.values.begin(), type.values.end(),
                           [](const EnumValue& value) { return value.number == 0; });
  if (zero == type.values.end()) {
    EnumValue added{claim_value(prefix + "UNSPECIFIED"), 0, {{"koine.added", "true"}}, {}};
    type.values.insert(type.values.begin(), std::move(added));
  } else {
    std::rotate(type.values.begin(), zero, zero + 1);
  }
  if (prefixed) type.annotations.push_back({"koine.value_prefix", prefix});
  for (Annotation& kept : annotations_without(source.annotations, enum_annotations)) {
    type.annotations.push_back(std::move(kept));
  }
}

base::Result<std::unique_ptr<Schema>> to_proto(const Schema& source, std::vector<Diagnostic>* warnings) {
  auto derived = std::make_unique<Schema>();
  ToProto(source, *derived, warnings).run();
  return derived;
}

}  // namespace koine::idl::derive
