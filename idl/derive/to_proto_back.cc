// Thrift that was derived from protobuf -> the protobuf that it came from: names, syntax, groups, defaults
// and what protobuf itself defines come back as koine.* annotations say. What was added in Thrift since is
// derived like everything else. Owner: see proto_deriver.h.
#include <algorithm>
#include <array>
#include <charconv>

#include "idl/derive/constant_text.h"
#include "idl/derive/derive.h"
#include "idl/derive/proto_deriver.h"
#include "idl/dump.h"

namespace koine::idl::derive {
namespace {

constexpr std::string_view protobuf_package = "google.protobuf.";

const std::set<std::string_view> noted_on_struct = {"koine.name", "koine.form", "koine.role",
                                                    "koine.reserved", "koine.oneof"};
const std::set<std::string_view> noted_on_enum = {"koine.name", "koine.zero"};
const std::set<std::string_view> noted_on_field = {
    "koine.name",  "koine.id",        "koine.range",         "koine.number",
    "koine.oneof", "koine.json_name", "koine.default",       "koine.requiredness",
    "koine.group", "koine.packed",    "koine.proto_default", "koine.presence"};

// Where protobuf defines its own types; a name stands for the types nested in it too.
std::string file_of(std::string_view name) {
  static constexpr auto places =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"Any", "any"},
                                                                    {"Api", "api"},
                                                                    {"Method", "api"},
                                                                    {"Mixin", "api"},
                                                                    {"Duration", "duration"},
                                                                    {"Empty", "empty"},
                                                                    {"FieldMask", "field_mask"},
                                                                    {"SourceContext", "source_context"},
                                                                    {"Struct", "struct"},
                                                                    {"Value", "struct"},
                                                                    {"ListValue", "struct"},
                                                                    {"NullValue", "struct"},
                                                                    {"Timestamp", "timestamp"},
                                                                    {"Type", "type"},
                                                                    {"Field", "type"},
                                                                    {"Enum", "type"},
                                                                    {"EnumValue", "type"},
                                                                    {"Option", "type"},
                                                                    {"Syntax", "type"}});
  const std::string_view top = name.substr(0, name.find('.'));
  const auto found =
      std::find_if(places.begin(), places.end(), [&](const auto& place) { return place.first == top; });
  std::string_view file = "descriptor";
  if (found != places.end()) {
    file = found->second;
  } else if (top.ends_with("Value")) {
    file = "wrappers";
  }
  return "google/protobuf/" + std::string(file) + ".proto";
}

std::vector<std::pair<std::int32_t, std::int32_t>> ranges_in(std::string_view text) {
  std::vector<std::pair<std::int32_t, std::int32_t>> ranges;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    std::int32_t first = 0;
    std::int32_t last = 0;
    const char* end = one.data() + one.size();
    const auto [dash, bad_first] = std::from_chars(one.data(), end, first);
    if (bad_first != std::errc() || dash == end || *dash != '-') continue;
    const auto [rest, bad_last] = std::from_chars(dash + 1, end, last);
    if (bad_last != std::errc() || rest != end || first <= 0 || last < first || last >= 1 << 29) continue;
    ranges.emplace_back(first, last);
  }
  return ranges;
}

const char* requiredness_text(Presence presence) {
  switch (presence) {
    case Presence::required: return "required";
    case Presence::optional: return "optional";
    case Presence::implicit: break;
  }
  return "default";
}

}  // namespace

void ToProto::restore_head(const File& file, File& out) {
  if (annotation_or(file.annotations, "koine.syntax", "") == "proto2") out.syntax = "proto2";
  for (const Annotation& annotation : file.annotations) {
    const std::size_t space = annotation.value.find(' ');
    if (annotation.name == "koine.option" && is_identifier(annotation.value.substr(0, space))) {
      out.namespaces[annotation.value.substr(0, space)] =
          annotation.value.substr(std::min(space, annotation.value.size() - 1) + 1);
    }
  }
}

bool ToProto::is_imported(const File& file, const Annotations& annotations) {
  return comes_back(file) && annotation_or(annotations, "koine.name", "").starts_with(protobuf_package);
}

File& ToProto::restore_import(const Annotations& source, std::string& name, std::string& full_name) {
  full_name = annotation_or(source, "koine.name", "");
  name = full_name.substr(protobuf_package.size());
  return imported_file(file_of(name));
}

File& ToProto::imported_file(const std::string& path) {
  File*& file = imported_[path];
  if (file != nullptr) return *file;
  file = &derived_.add_file();
  file->path = path;
  file->language = Language::proto;
  file->syntax = "proto3";
  file->package = protobuf_package.substr(0, protobuf_package.size() - 1);
  return *file;
}

// What a schema of another language has of protobuf's own definitions is these themselves.
void ToProto::take_over_protobufs() {
  const bool needed = std::any_of(sources().begin(), sources().end(),
                                  [](const File* file) { return file->language == Language::java; });
  for (const File& file : source_.files()) {
    if (!needed || file.language != Language::proto) continue;
    for (const StructType* source : file.structs) {
      StructType& type = derived_.add_struct();
      type.name = source->name;
      type.full_name = source->full_name;
      type.origin = source;
      for (const Field& field : source->fields) {
        add_made_field(type, field.id, field.name.c_str(), derived_.scalar(field.type->kind));
        type.fields.back().origin_id = field.id;
      }
      imported_file(file.path).structs.push_back(&type);
      structs_[source] = &type;
    }
  }
}

const StructType& ToProto::empty_message(const StructType& origin) {
  StructType& made = derived_.add_struct();
  made.name = "Empty";
  made.full_name = std::string(protobuf_package) + "Empty";
  made.origin = &origin;
  imported_file(file_of("Empty")).structs.push_back(&made);
  return made;
}

bool ToProto::is_made_status(const StructType& type) const {
  if (!is_rpc_status(type)) return false;
  bool used = false;
  for (const StructType& other : source_.structs()) {
    for (const Field& field : other.fields) {
      if (other.role == StructRole::result && field.id != 0) continue;  // a throws clause
      for_references(
          *field.type, [&](const StructType& one) { used = used || &one == &type; }, [](const EnumType&) {});
    }
  }
  return !used;
}

std::string ToProto::restored_scope(const File& file, const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return {};
  const std::string around = name.substr(0, dot);
  const bool there = std::any_of(file.structs.begin(), file.structs.end(), [&](const StructType* type) {
    return annotation_or(type->annotations, "koine.name", type->name) == around;
  });
  return there ? around : std::string();
}

void ToProto::restore_enum(const File& file, const EnumType& source, EnumType& type) {
  type.doc = source.doc;
  type.location = source.location;
  type.closed = derived_file(file).syntax == "proto2" && !is_imported(file, source.annotations);
  const std::size_t dot = type.full_name.rfind('.');
  NameScope& around = scope(dot == std::string::npos ? "" : type.full_name.substr(0, dot));
  const std::string* zero = find_annotation(source.annotations, "koine.zero");
  const bool other_first = source.values.empty() || source.values[0].number != 0;
  if (zero != nullptr || (!type.closed && other_first && source.find_value(0) == nullptr)) {
    const std::string wished = zero != nullptr && is_identifier(*zero)
                                   ? *zero
                                   : upper_snake(type.name.substr(type.name.rfind('.') + 1)) + "_UNSPECIFIED";
    type.values.push_back({around.claim(wished), 0, {{"koine.added", "true"}}, {}});
  }
  for (const EnumValue& value : source.values) {
    EnumValue& derived = type.values.emplace_back();
    const std::string wished = annotation_or(value.annotations, "koine.name", value.name);
    derived.name = around.claim(is_identifier(wished) ? wished : value.name);
    derived.number = value.number;
    derived.doc = value.doc;
    add_names(value.annotations, value.name, true, true, derived.annotations);
    for (Annotation& kept : annotations_without(value.annotations, {"koine.name"})) {
      derived.annotations.push_back(std::move(kept));
    }
    sort_as_options(derived.annotations);
  }
  if (!type.closed) {
    auto first = std::find_if(type.values.begin(), type.values.end(),
                              [](const EnumValue& value) { return value.number == 0; });
    std::rotate(type.values.begin(), first, first + 1);
  }
  for (Annotation& kept : annotations_without(source.annotations, noted_on_enum)) {
    type.annotations.push_back(std::move(kept));
  }
  sort_as_options(type.annotations);
}

void ToProto::restore_struct(const File& file, const StructType& source, StructType& type) {
  type.implicit_utf8 = derived_file(file).syntax != "proto2" || is_imported(file, source.annotations);
  const std::string form = annotation_or(source.annotations, "koine.form", "");
  if (form == "plain") type.form = StructForm::structure;
  if (form == "union") type.form = StructForm::union_;
  type.reserved = ranges_in(annotation_or(source.annotations, "koine.reserved", ""));
  for (Annotation& kept : annotations_without(source.annotations, noted_on_struct)) {
    type.annotations.push_back(std::move(kept));
  }
}

void ToProto::restore_field(const StructType& owner, const Field& field, Field& derived) {
  const bool proto2 = !owner.implicit_utf8;
  Annotations& out = derived.annotations;
  const bool repeated = derived.type->kind == Kind::list || derived.type->kind == Kind::set;
  const bool single = !repeated && derived.type->kind != Kind::map;
  if (find_annotation(field.annotations, "koine.presence") != nullptr) {
    derived.presence = noted_presence(field);
    out.push_back({"koine.requiredness", requiredness_text(field.presence)});
  } else if (proto2) {
    if (single) derived.presence = field.presence == Presence::required ? field.presence : Presence::optional;
  } else if (owner.role == StructRole::plain && derived.oneof_index < 0) {
    const bool told = field.presence != Presence::required &&
                      (field.presence != Presence::implicit || derived.presence != Presence::optional);
    if (!told) out.push_back({"koine.requiredness", requiredness_text(field.presence)});
  }
  if (repeated && proto2) derived.packed = false;
  if (const std::string* packed = find_annotation(field.annotations, "koine.packed"); repeated && packed) {
    derived.packed = *packed == "true";
  }
  if (find_annotation(field.annotations, "koine.group") != nullptr && proto2) restore_group(derived);
  const std::string* text = find_annotation(field.annotations, "koine.proto_default");
  if (text != nullptr && proto2) derived.default_value = parse_constant(*text, *derived.type);
  if (field.default_value) {
    out.push_back({"koine.default", constant_text(*field.default_value)});
  } else if (text != nullptr && !derived.default_value) {
    out.push_back({"koine.default", *text});
  }
  if (derived.id != field.id && find_annotation(field.annotations, "koine.id") == nullptr) {
    out.push_back({"koine.id", std::to_string(field.id)});
  }
  add_names(field.annotations, field.name, true, true, out);
  for (Annotation& kept : annotations_without(field.annotations, noted_on_field)) {
    out.push_back(std::move(kept));
  }
}

void ToProto::restore_group(Field& field) {
  const Type& plain = *field.type;
  const Type* message = plain.kind == Kind::list ? plain.element : &plain;
  if (message->kind != Kind::structure) return;
  Type& group = derived_.add_type();
  group = *message;
  group.delimited = true;
  field.type = &group;
  if (message == &plain) return;
  Type& list = derived_.add_type();
  list = plain;
  list.element = &group;
  field.type = &list;
}

Presence noted_presence(const Field& field) {
  const std::string noted = annotation_or(field.annotations, "koine.presence", "");
  if (noted == "required") return Presence::required;
  if (noted == "optional") return Presence::optional;
  if (noted == "implicit") return Presence::implicit;
  return field.presence;
}

}  // namespace koine::idl::derive
