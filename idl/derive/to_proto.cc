// Thrift and Java -> proto3, by these rules:
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
//
// Java is like Thrift here, with all its ids and presences; what it has of protobuf's own (Timestamp,
// Duration) is imported.
//
// Thrift that was itself derived from a .proto gives that .proto again: to_proto_back.cc.
#include "idl/derive/to_proto.h"

#include <algorithm>

#include "idl/derive/proto_deriver.h"
#include "idl/derive/stale.h"
#include "idl/folded.h"

namespace koine::idl::derive {
namespace {

// What a derived node says by itself, or in its own annotations.
const std::set<std::string_view> file_annotations = {"koine.derived_from", "koine.source", "koine.syntax",
                                                     "koine.option"};
const std::set<std::string_view> enum_annotations = {"koine.name", "koine.value_prefix", "koine.enum_prefix",
                                                     "koine.zero"};
const std::set<std::string_view> value_annotations = {"koine.name", "koine.added"};

// "a.b.c" -> the last part.
std::string last_part(const std::string& name) { return name.substr(name.rfind('.') + 1); }

std::string replaced(std::string text, char from, std::string_view to) {
  std::string out;
  for (char c : text) out += c == from ? std::string(to) : std::string(1, c);
  return out;
}

}  // namespace

base::Status ToProto::run() {
  add_files();
  for (const File* file : sources()) {
    for (const EnumType* type : file->enums) {
      keep_.reserve_values(*file, *type, scope(derived_file(*file).package));
    }
  }
  for (const File* file : sources()) declare_services(*file);
  for (const File* file : sources()) declare_types(*file);
  take_over_protobufs();
  for (const File* file : sources()) fill_enums(*file);
  for (const File* file : sources()) {
    for (const StructType* type : file->structs) {
      // The status that was made up for Thrift's sake goes.
      if (auto found = filled_.find(type); found != filled_.end()) fill_struct(*file, *type, *found->second);
    }
  }
  for (const File* file : sources()) make_messages(*file);
  for (const File* file : sources()) fill_services(*file);
  link_files();
  return close_lock();
}

void ToProto::add_files() {
  ContentHashes hashes(source_);
  for (const File* file : sources()) {
    File& out = add_file(*file, identifier_path(file->package));
    out.syntax = "proto3";
    if (comes_back(*file)) {
      restore_head(*file, out);
    } else {
      add_namespaces(*file, out);
      out.annotations.push_back({"koine.derived_from", hashes.of(*file)});
      const char* ending = file->language == Language::java ? ".java" : ".thrift";
      out.annotations.push_back({"koine.source", out.path.substr(0, out.path.rfind('.')) + ending});
      for (const auto& [language, name] : file->namespaces) {
        out.annotations.push_back({"koine.namespaces", language + " " + name});
      }
    }
    for (Annotation& kept : annotations_without(file->annotations, file_annotations)) {
      out.annotations.push_back(std::move(kept));
    }
    // A package is a name in the package around it.
    for (std::size_t end = 0; end != std::string::npos;) {
      const std::size_t start = end == 0 ? 0 : end + 1;
      end = out.package.find('.', start);
      if (out.package.empty()) break;
      const std::string around = start == 0 ? "" : out.package.substr(0, start - 1);
      scope(around).reserve(out.package.substr(start, end == std::string::npos ? end : end - start));
    }
    scope(out.package);
  }
  for (auto& [package, names] : scopes_) keep_.reserve_types(package, names);
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
  const std::string java = file.language == Language::java ? out.package : of("java");
  if (!java.empty()) {
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
    const std::string wished = comes_back(file)
                                   ? annotation_or(source->annotations, "koine.name", source->name)
                                   : identifier_of(source->name);
    const Keeper::Wish wish{
        file, {LockKind::service, "", source->full_name, std::nullopt}, out.package, wished, false, true};
    service.name = keep_.name(wish, [&] { return scope(out.package).claim(wished); });
    service.full_name = joined(out.package, service.name);
    out.services.push_back(&service);
    services_.emplace_back(source, &service);
  }
}

void ToProto::declare_types(const File& file) {
  File& out = derived_file(file);
  for (const EnumType* source : file.enums) {
    EnumType& type = derived_.add_enum();
    if (is_imported(file, source->annotations)) {
      restore_import(source->annotations, type.name, type.full_name).enums.push_back(&type);
      type.origin = source;
    } else {
      name_type(file, LockKind::enumeration, *source, type);
      out.enums.push_back(&type);
    }
    enums_[source] = &type;
    filled_enums_[source] = &type;
  }
  for (const StructType* source : file.structs) {
    if (comes_back(file) && is_made_status(*source)) continue;
    StructType& type = derived_.add_struct();
    if (is_imported(file, source->annotations)) {
      restore_import(source->annotations, type.name, type.full_name).structs.push_back(&type);
      type.origin = source;
    } else {
      name_type(file, LockKind::structure, *source, type);
      out.structs.push_back(&type);
    }
    structs_[source] = &type;
    filled_[source] = &type;
  }
}

template <class Node>
void ToProto::name_type(const File& file, LockKind kind, const Node& source, Node& derived) {
  const std::string& package = derived_file(file).package;
  std::string wished = annotation_or(source.annotations, "koine.name", source.name);
  const std::string around = comes_back(file) ? restored_scope(file, wished) : std::string();
  if (!around.empty()) wished.erase(0, around.size() + 1);
  if (!is_identifier(wished)) wished = identifier_of(source.name);
  const std::string inside = around.empty() ? package : joined(package, around);
  const Keeper::Wish wish{file, {kind, "", source.full_name, std::nullopt}, inside, wished};
  derived.origin = &source;
  derived.name = keep_.name(wish, [&] { return scope(inside).claim(wished); });
  if (!around.empty()) derived.name.insert(0, around + ".");
  derived.full_name = joined(package, derived.name);
  add_names(source.annotations, source.name, derived.name == source.name, comes_back(file),
            derived.annotations);
}

void ToProto::fill_enums(const File& file) {
  for (const EnumType* source : file.enums) fill_enum(file, *source, *filled_enums_.at(source));
}

void ToProto::fill_enum(const File& file, const EnumType& source, EnumType& type) {
  if (comes_back(file)) return restore_enum(file, source, type);
  NameScope& around = scope(derived_file(file).package);
  type.doc = source.doc;
  type.location = source.location;
  const std::string usual = upper_snake(type.name) + "_";
  const std::string* said = find_annotation(source.annotations, "koine.enum_prefix");
  const std::string prefix = said != nullptr && (said->empty() || is_identifier(*said)) ? *said : usual;
  // protoc compares proto3 values without the enum's name, case and underscores.
  NameScope values(folded);
  keep_.reserve_values(file, source, values);
  auto claim_value = [&](LockSubject subject, const std::string& wished) {
    const bool added = subject.kind == LockKind::zero;
    std::string name = keep_.name({file, std::move(subject), {}, wished, added}, [&] {
      return values.claim(wished, [&](const std::string& one) { return around.taken(one); });
    });
    around.reserve(name);
    return name;
  };
  bool prefixed = said != nullptr;
  for (const EnumValue& value : source.values) {
    EnumValue& derived = type.values.emplace_back();
    const std::string wished = annotation_or(value.annotations, "koine.name", value.name);
    const std::string name = upper_snake(identifier_of(is_identifier(wished) ? wished : value.name));
    derived.name = claim_value({LockKind::value, source.full_name, value.name, std::nullopt},
                               name.starts_with(prefix) ? name : prefix + name);
    derived.number = value.number;
    derived.doc = value.doc;
    const bool regular = derived.name == prefix + value.name && wished == value.name;
    prefixed = prefixed || regular;
    add_names(value.annotations, value.name, regular, false, derived.annotations);
    for (Annotation& kept : annotations_without(value.annotations, value_annotations)) {
      derived.annotations.push_back(std::move(kept));
    }
  }
  auto zero = std::find_if(type.values.begin(), type.values.end(),
                           [](const EnumValue& value) { return value.number == 0; });
  if (zero == type.values.end()) {
    const LockSubject subject{LockKind::zero, "", source.full_name, std::nullopt};
    EnumValue added{claim_value(subject, prefix + "UNSPECIFIED"), 0, {{"koine.added", "true"}}, {}};
    type.values.insert(type.values.begin(), std::move(added));
  } else if (zero != type.values.begin()) {
    zero->annotations.push_back({"koine.position", std::to_string(zero - type.values.begin() + 1)});
    std::rotate(type.values.begin(), zero, zero + 1);
  }
  for (EnumValue& value : type.values) sort_as_options(value.annotations);
  if (prefixed) type.annotations.push_back({"koine.value_prefix", prefix});
  for (Annotation& kept : annotations_without(source.annotations, enum_annotations)) {
    type.annotations.push_back(std::move(kept));
  }
  sort_as_options(type.annotations);
}

base::Result<std::unique_ptr<Schema>> to_proto(const Schema& source, std::vector<Diagnostic>* diagnostics,
                                               Lock* lock) {
  auto derived = std::make_unique<Schema>();
  base::Status status = ToProto(source, *derived, diagnostics, lock).run();
  if (!status.ok()) return status;
  return derived;
}

}  // namespace koine::idl::derive
