// proto -> Thrift: structs, their fields and types. Owner: see thrift_deriver.h.
#include <charconv>

#include "base/limits.h"
#include "idl/derive/constant_text.h"
#include "idl/derive/thrift_deriver.h"
#include "idl/dump.h"
#include "idl/folded.h"

namespace koine::idl::derive {
namespace {

constexpr std::int32_t id_max = 32767;
const std::set<std::string_view> thrift_struct_annotations = {"koine.name"};

const std::set<std::string_view> thrift_field_annotations = {
    "koine.name", "koine.id", "koine.requiredness", "koine.default", "koine.json_name", "koine.oneof"};

// The id that a proto field derived from Thrift had there.
std::optional<std::int32_t> restored_id(const Field& field) {
  const std::string* text = find_annotation(field.annotations, "koine.id");
  return text == nullptr ? std::nullopt : to_id(*text);
}

}  // namespace

std::optional<std::int32_t> to_id(std::string_view text) {
  std::int32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (id < -32768 || id > id_max) return std::nullopt;
  return id;
}

void ToThrift::fill_declared(const File& file, const StructType& source) {
  if (source.role == StructRole::plain) fill_struct(file, source, *filled_.at(&source));
}

void ToThrift::note_struct(const StructType& source, StructType& type) {
  if (type.form == StructForm::exception && source.form != StructForm::exception) {
    type.annotations.push_back({"koine.form", source.form == StructForm::union_ ? "union" : "plain"});
  }
  if (type.form == StructForm::union_ && !source.oneofs.empty() &&
      source.oneofs[0] != lower_snake(source.name.substr(source.name.rfind('.') + 1))) {
    type.annotations.push_back({"koine.oneof", source.oneofs[0]});
  }
  std::string ranges;
  for (const auto& [first, last] : source.reserved) {
    ranges += (ranges.empty() ? "" : " ") + std::to_string(first) + "-" + std::to_string(last);
  }
  if (!ranges.empty()) type.annotations.push_back({"koine.reserved", ranges});
}

void ToThrift::fill_struct(const File& file, const StructType& source, StructType& type) {
  type.doc = source.doc;
  type.location = source.location;
  type.implicit_utf8 = false;
  if (!comes_back(file)) note_struct(source, type);
  for (Annotation& kept : annotations_without(source.annotations, thrift_struct_annotations)) {
    type.annotations.push_back(std::move(kept));
  }
  add_fields(file, source, type);
}

void ToThrift::add_fields(const File& file, const StructType& source, StructType& type) {
  // Go folds case and underscores in what it generates; names that Thrift had already stay.
  const bool back = comes_back(file);
  NameScope names(back ? nullptr : NameScope::Key(folded));
  const Keeper::Fields locked = keep_.fields(file, LockKind::field, source.full_name, source.fields);
  keep_.reserve_members(file, LockKind::field, source.full_name, names);
  const std::map<std::int32_t, std::int32_t> ids = ids_of(source, locked);
  const bool is_union = type.form == StructForm::union_;
  if (!is_union) type.oneofs = source.oneofs;
  for (const Field& field : source.fields) {
    Field derived;
    derived.id = ids.at(field.id);
    derived.origin_id = field.id;
    derived.type = field_type(file, *field.type, 0);
    std::string wished = annotation_or(field.annotations, "koine.name", field.name);
    if (!is_identifier(wished)) wished = field.name;
    if (auto known = locked.by_id.find(field.id); known != locked.by_id.end()) {
      derived.name = known->second->name.empty() ? wished : known->second->name;
    } else {
      derived.name = names.claim(wished, refusal(file));
      const bool restored = restored_id(field) == derived.id && derived.name == wished;
      if (!restored) {
        keep_.enter_field(file, LockKind::field, source.full_name, field, derived.id, derived.name, wished);
      }
    }
    derived.json_name = field.json_name;
    derived.presence = presence(source, field);
    derived.doc = field.doc;
    derived.location = field.location;
    derived.oneof_index = is_union ? -1 : field.oneof_index;
    annotate(file, field, derived);
    if (back && field.json_name == to_json_name(field.name)) {
      derived.json_name = to_json_name(annotation_or(derived.annotations, "koine.name", derived.name));
    }
    if (!back) note(file, field, derived);
    type.fields.push_back(std::move(derived));
  }
}

void ToThrift::annotate(const File& file, const Field& field, Field& derived) {
  Annotations& out = derived.annotations;
  add_names(field.annotations, field.name, derived.name == field.name, comes_back(file), out);
  const bool restored = find_annotation(field.annotations, "koine.id") != nullptr;
  if (derived.id != field.id && !restored) out.push_back({"koine.id", std::to_string(field.id)});
  if (field.default_value) {
    out.push_back({"koine.proto_default", constant_text(*field.default_value)});
  } else if (const std::string* text = find_annotation(field.annotations, "koine.default")) {
    // Of a .proto that came from Thrift: the default was Thrift's own.
    derived.default_value = parse_constant(*text, *derived.type);
    if (!derived.default_value) out.push_back({"koine.proto_default", *text});
  }
  for (Annotation& kept : annotations_without(field.annotations, thrift_field_annotations)) {
    out.push_back(std::move(kept));
  }
}

void ToThrift::note(const File& file, const Field& field, Field& derived) {
  Annotations& out = derived.annotations;
  const Type& type = *field.type;
  const bool repeated = type.kind == Kind::list || type.kind == Kind::set;
  if (repeated && is_packable(*type.element) && field.packed != (file.syntax != "proto2")) {
    out.push_back({"koine.packed", field.packed ? "true" : "false"});
  }
  if (type.delimited || (repeated && type.element->delimited)) out.push_back({"koine.group", "true"});
  if (find_annotation(field.annotations, "koine.requiredness") != nullptr) {
    out.push_back({"koine.presence", field.presence == Presence::required   ? "required"
                                     : field.presence == Presence::optional ? "optional"
                                                                            : "implicit"});
  }
}

Presence ToThrift::presence(const StructType& source, const Field& field) {
  if (source.role == StructRole::arguments) return Presence::implicit;
  const std::string requiredness = annotation_or(field.annotations, "koine.requiredness", "");
  if (requiredness == "required") return Presence::required;
  if (requiredness == "default") return Presence::implicit;
  if (requiredness == "optional") return Presence::optional;
  return field.presence;
}

std::map<std::int32_t, std::int32_t> ToThrift::ids_of(const StructType& source,
                                                      const Keeper::Fields& locked) {
  std::map<std::int32_t, std::int32_t> ids;
  std::set<std::int32_t> used;
  for (const auto& [number, entry] : locked.numbers) used.insert(number);
  for (const auto& [id, entry] : locked.by_id) ids[id] = entry->number.value_or(id);
  for (const Field& field : source.fields) {
    if (ids.contains(field.id)) continue;
    const std::optional<std::int32_t> original = restored_id(field);
    if (original && source.find_field(*original) == nullptr && used.insert(*original).second) {
      ids[field.id] = *original;
    } else if (field.id <= id_max && used.insert(field.id).second) {
      ids[field.id] = field.id;
    }
  }
  std::set<std::int32_t> left;
  for (const Field& field : source.fields) {
    if (!ids.contains(field.id)) left.insert(field.id);
  }
  auto reserved = [&](std::int32_t id) {
    return std::any_of(source.reserved.begin(), source.reserved.end(),
                       [&](const auto& range) { return range.first <= id && id <= range.second; });
  };
  std::int32_t next = id_max;
  for (const std::int32_t number : left) {
    while (next > 0 && (used.contains(next) || reserved(next))) --next;
    if (next == 0) {
      status_ = base::Status(base::Reason::idl_semantic,
                             source.full_name + " has more fields than Thrift has ids (32767)");
    }
    ids[number] = next--;
  }
  return ids;
}

const Type* ToThrift::field_type(const File& file, const Type& type, std::size_t depth) {
  if (type.structure != nullptr && depth < base::Limits().nesting_max) {
    const StructType& message = *type.structure;
    if (message.role == StructRole::wrapper) {
      const Type& inner = *message.fields[0].type;
      return field_type(file, inner, depth + 1);
    }
  }
  const bool entries = type.kind == Kind::list && type.element->structure != nullptr &&
                       type.element->structure->role == StructRole::map_entry &&
                       depth < base::Limits().nesting_max;
  if (entries) {
    const StructType& entry = *type.element->structure;
    Type& out = derived_.add_type();
    out.kind = Kind::map;
    out.key = field_type(file, *entry.find_field(1)->type, depth + 1);
    out.element = field_type(file, *entry.find_field(2)->type, depth + 1);
    return &out;
  }
  const bool plain = type.kind != Kind::structure && type.kind != Kind::enumeration && type.kind < Kind::list;
  if (plain && type.number_form == NumberForm::plain) return derived_.scalar(type.kind);
  Type& out = derived_.add_type();
  out.kind = type.kind;
  out.number_form = type.number_form;  // for the way back; Thrift writes all numbers alike
  if (type.structure != nullptr) out.structure = &struct_for(file, *type.structure);
  if (type.enumeration != nullptr) out.enumeration = &enum_for(file, *type.enumeration);
  if (type.key != nullptr) out.key = field_type(file, *type.key, depth + 1);
  if (type.element != nullptr) out.element = field_type(file, *type.element, depth + 1);
  return &out;
}

}  // namespace koine::idl::derive
