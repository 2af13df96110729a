// Thrift -> proto3: structs, their fields and types. Owner: see proto_deriver.h.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "idl/derive/constant_text.h"
#include "idl/derive/proto_deriver.h"
#include "idl/dump.h"
#include "idl/folded.h"

namespace koine::idl::derive {
namespace {

constexpr std::int32_t number_max = (1 << 29) - 1;
constexpr std::int32_t first_free_number = 200000;  // beyond all that ids become

// What a derived node says by itself, or in its own annotations.
const std::set<std::string_view> struct_annotations = {"koine.name", "koine.form", "koine.role"};
const std::set<std::string_view> field_annotations = {"koine.name",      "koine.range",       "koine.number",
                                                      "koine.json_name", "koine.oneof",       "koine.default",
                                                      "koine.id",        "koine.requiredness"};

std::int32_t proto_number(std::int32_t id) {
  if (id <= 0) return 65536 - id;
  if (id >= 19000 && id <= 19999) return 100000 + id;
  return id;
}

bool is_map_key(const Type& key) {
  switch (key.kind) {
    case Kind::f32:
    case Kind::f64:
    case Kind::bytes:
    case Kind::structure:
    case Kind::list:
    case Kind::set:
    case Kind::map: return false;
    case Kind::uuid: return key.number_form == NumberForm::plain;
    default: return true;
  }
}

bool is_unsigned(Kind kind) { return kind >= Kind::u8 && kind <= Kind::u64; }

// The number that a Thrift field derived from protobuf had there.
std::optional<std::int32_t> restored_number(const Field& field) {
  const std::string* text = find_annotation(field.annotations, "koine.id");
  if (text == nullptr) return std::nullopt;
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  if (number <= 0 || number > number_max || (number >= 19000 && number <= 19999)) return std::nullopt;
  return number;
}

// Numbers of fields, by id.
std::map<std::int32_t, std::int32_t> numbers_of(const std::vector<Field>& fields,
                                                const Keeper::Fields& locked) {
  std::map<std::int32_t, std::int32_t> numbers;
  std::set<std::int32_t> used;
  for (const auto& [number, entry] : locked.numbers) used.insert(number);
  for (const auto& [id, entry] : locked.by_id) numbers[id] = entry->number.value_or(id);
  auto take = [&](const Field& field, std::int32_t number) {
    if (used.contains(number)) number = proto_number(field.id);
    while (!used.insert(number).second) number = std::max(number, first_free_number) + 1;
    numbers[field.id] = number;
  };
  for (const Field& field : fields) {
    if (!numbers.contains(field.id) && !restored_number(field)) take(field, proto_number(field.id));
  }
  for (const Field& field : fields) {
    if (!numbers.contains(field.id)) take(field, *restored_number(field));
  }
  return numbers;
}

void copy_annotation(const Annotations& from, std::string_view name, Annotations& to) {
  if (const std::string* value = find_annotation(from, name)) to.push_back({std::string(name), *value});
}

}  // namespace

bool is_container(const Type& type) {
  return type.kind == Kind::list || type.kind == Kind::set || type.kind == Kind::map;
}

void ToProto::fill_struct(const File& file, const StructType& source, StructType& type) {
  type.form = source.form;
  type.doc = source.doc;
  type.location = source.location;
  if (comes_back(file)) {
    restore_struct(file, source, type);
  } else {
    for (Annotation& kept : annotations_without(source.annotations, struct_annotations)) {
      type.annotations.push_back(std::move(kept));
    }
  }
  sort_as_options(type.annotations);
  add_fields(file, source, source.fields, type);
  add_oneofs(file, source, type);
}

void ToProto::add_oneofs(const File& file, const StructType& source, StructType& type) {
  if (comes_back(file)) {
    if (source.form == StructForm::union_ && !type.fields.empty()) {
      const std::string plain = lower_snake(type.name.substr(type.name.rfind('.') + 1));
      type.oneofs.push_back(annotation_or(source.annotations, "koine.oneof", plain));
      for (Field& field : type.fields) field.oneof_index = 0;
    } else {
      type.oneofs = source.oneofs;
    }
    return;
  }
  NameScope names = names_of(type);
  if (source.form == StructForm::union_ && !type.fields.empty()) {
    type.oneofs.push_back(names.claim(lower_snake(type.name)));
    for (Field& field : type.fields) field.oneof_index = 0;
  }
  for (const std::string& oneof : source.oneofs) type.oneofs.push_back(names.claim(oneof));
}

NameScope ToProto::names_of(const StructType& type) {
  NameScope names(folded);
  for (const Field& field : type.fields) names.reserve(field.name);
  return names;
}

void ToProto::add_fields(const File& file, const StructType& source, const std::vector<Field>& fields,
                         StructType& type) {
  // PHP's accessors ignore case, C++'s drop it, JSON's names drop underscores.
  const bool back = comes_back(file);
  NameScope names(back ? nullptr : NameScope::Key(folded));
  NameScope symbols;  // of the message's scope: fields and the entry messages of maps
  std::set<std::string> json_names;
  const bool arguments = source.role == StructRole::arguments;
  const LockKind kind = arguments ? LockKind::argument : LockKind::field;
  const std::string owner = arguments ? method_of(source) : source.full_name;
  const Keeper::Fields locked = keep_.fields(file, kind, owner, fields);
  keep_.reserve_members(file, kind, owner, names);
  keep_.reserve_members(file, kind, owner, symbols);
  for (const auto& [number, name] : locked.gone) type.reserved.emplace_back(number, number);
  const std::map<std::int32_t, std::int32_t> numbers = numbers_of(fields, locked);
  for (const Field& field : fields) {
    Field& derived = type.fields.emplace_back();
    derived.id = numbers.at(field.id);
    derived.origin_id = field.id;
    derived.doc = field.doc;
    derived.location = field.location;
    derived.oneof_index = field.oneof_index;
    const bool in_oneof = source.form == StructForm::union_ || field.oneof_index >= 0;
    set_type(file, field, in_oneof, derived);
    std::string wished = annotation_or(field.annotations, "koine.name", field.name);
    if (!is_identifier(wished)) wished = identifier_of(field.name);
    if (auto known = locked.by_id.find(field.id); known != locked.by_id.end()) {
      derived.name = known->second->name.empty() ? wished : known->second->name;
    } else {
      claim_name(wished, names, symbols, derived);
      if (!restored_number(field) || derived.id != *restored_number(field) || derived.name != wished) {
        keep_.enter_field(file, kind, owner, field, derived.id, derived.name, wished);
      }
    }
    derived.json_name = field.json_name;
    if (!json_names.insert(derived.json_name).second) {
      derived.json_name = to_json_name(derived.name);
      json_names.insert(derived.json_name);
    }
    if (back) {
      restore_field(type, field, derived);
    } else {
      annotate(source, field, derived);
    }
    sort_as_options(derived.annotations);
  }
}

void ToProto::claim_name(const std::string& wished, NameScope& names, NameScope& symbols, Field& derived) {
  const bool is_map = derived.type->kind == Kind::map;
  derived.name = names.claim(wished, [&](const std::string& name) {
    return symbols.taken(name) || (is_map && symbols.taken(map_entry_name(name)));
  });
  symbols.reserve(derived.name);
  if (is_map) symbols.reserve(map_entry_name(derived.name));
}

void ToProto::annotate(const StructType& source, const Field& field, Field& derived) {
  // In the order of options.proto, in which they are read.
  Annotations& out = derived.annotations;
  if (source.role == StructRole::plain && source.form != StructForm::union_) {
    if (field.presence == Presence::required) out.push_back({"koine.requiredness", "required"});
    if (field.presence == Presence::implicit && derived.presence == Presence::optional) {
      out.push_back({"koine.requiredness", "default"});
    }
  }
  if (field.default_value) {
    out.push_back({"koine.default", constant_text(*field.default_value)});
  } else {
    copy_annotation(field.annotations, "koine.default", out);
  }
  if (derived.id != field.id) out.push_back({"koine.id", std::to_string(field.id)});
  add_names(field.annotations, field.name, derived.name == field.name, false, out);
  for (Annotation& kept : annotations_without(field.annotations, field_annotations)) {
    out.push_back(std::move(kept));
  }
}

void ToProto::set_type(const File& file, const Field& field, bool in_oneof, Field& derived) {
  const Type& type = *field.type;
  const Presence presence = comes_back(file) ? noted_presence(field) : field.presence;
  // Every collection of Java may be null: a message around each would be the price of telling that from
  // empty.
  const bool may_be_unset = presence == Presence::optional && file.language != Language::java;
  if (is_container(type) && !in_oneof && !may_be_unset) {
    derived.type = repeated(file, type);
    derived.presence = Presence::implicit;
    derived.packed = derived.type->kind != Kind::map && is_packable(*derived.type->element);
    return;
  }
  derived.type = single(file, type);
  const bool explicit_presence =
      in_oneof || derived.type->kind == Kind::structure || presence == Presence::optional;
  derived.presence = explicit_presence ? Presence::optional : Presence::implicit;
}

const Type* ToProto::single(const File& file, const Type& type) {
  if (is_container(type)) return structure(wrapper(file, type));
  if (type.kind != Kind::structure && type.kind != Kind::enumeration &&
      type.number_form == NumberForm::plain) {
    return derived_.scalar(type.kind);
  }
  Type& out = derived_.add_type();
  out.kind = type.kind;
  out.number_form = type.number_form;
  // protobuf has no unsigned zigzag.
  if (type.number_form == NumberForm::zigzag && is_unsigned(type.kind)) out.number_form = NumberForm::plain;
  if (type.structure != nullptr) out.structure = structs_.at(type.structure);
  if (type.enumeration != nullptr) out.enumeration = enums_.at(type.enumeration);
  return &out;
}

const Type* ToProto::repeated(const File& file, const Type& type) {
  Type& out = derived_.add_type();
  if (type.kind == Kind::map && !is_map_key(*type.key)) {
    out.kind = Kind::list;
    out.element = structure(entry(file, type));
    return &out;
  }
  out.kind = type.kind;
  if (type.kind == Kind::map) out.key = single(file, *type.key);
  out.element = single(file, *type.element);
  return &out;
}

const Type* ToProto::structure(const StructType& type) {
  Type& out = derived_.add_type();
  out.kind = Kind::structure;
  out.structure = &type;
  return &out;
}

const StructType& ToProto::wrapper(const File& file, const Type& type) {
  return shared(wrappers_, "wrapper " + shape(type), file, [&](auto& places) -> StructType& {
    StructType& made = make_up(file, {LockKind::wrapper, "", shape(type), std::nullopt}, shape_name(type),
                               StructRole::wrapper);
    places[&file] = &made;
    add_made_field(made, 1, "value", repeated(file, type));
    return made;
  });
}

const StructType& ToProto::entry(const File& file, const Type& type) {
  return shared(wrappers_, "entry " + shape(type), file, [&](auto& places) -> StructType& {
    const std::string name = shape_name(*type.key) + "To" + shape_name(*type.element) + "Entry";
    StructType& made =
        make_up(file, {LockKind::entry, "", shape(type), std::nullopt}, name, StructRole::map_entry);
    places[&file] = &made;
    add_made_field(made, 1, "key", single(file, *type.key));
    add_made_field(made, 2, "value", single(file, *type.element));
    return made;
  });
}

StructType& ToProto::make_up(const File& file, LockSubject subject, const std::string& name,
                             StructRole role) {
  File& out = derived_file(file);
  StructType& made = derived_.add_struct();
  made.name = keep_.name({file, std::move(subject), out.package, name, true},
                         [&] { return scope(out.package).claim(name); });
  made.full_name = joined(out.package, made.name);
  made.role = role;
  out.structs.push_back(&made);
  return made;
}

void ToProto::add_made_field(StructType& owner, std::int32_t id, const char* name, const Type* type) {
  Field& field = owner.fields.emplace_back();
  field.id = id;
  field.name = name;
  field.json_name = name;
  field.type = type;
  field.presence = type->kind == Kind::structure ? Presence::optional : Presence::implicit;
  field.packed = (type->kind == Kind::list || type->kind == Kind::set) && is_packable(*type->element);
}

std::string ToProto::shape(const Type& type) {
  Type bare = type;
  bare.alias.clear();
  bare.native.clear();
  if (!is_container(type)) return type_text(bare);
  std::string text = std::string(to_string(type.kind)) + "<";
  if (type.key != nullptr) text += shape(*type.key) + ",";
  return text + shape(*type.element) + ">";
}

std::string ToProto::shape_name(const Type& type) const {
  static constexpr std::array<const char*, 14> plain = {"Bool",   "Int8",   "Int16",  "Int32",  "Int64",
                                                        "Uint8",  "Uint16", "Uint32", "Uint64", "Float",
                                                        "Double", "String", "Bytes",  "Uuid"};
  switch (type.kind) {
    case Kind::list: return "ListOf" + shape_name(*type.element);
    case Kind::set: return "SetOf" + shape_name(*type.element);
    case Kind::map: return "MapOf" + shape_name(*type.key) + "To" + shape_name(*type.element);
    case Kind::structure: return upper_first(structs_.at(type.structure)->name);
    case Kind::enumeration: return upper_first(enums_.at(type.enumeration)->name);
    default: break;
  }
  const char* form = type.number_form == NumberForm::zigzag  ? "Zigzag"
                     : type.number_form == NumberForm::fixed ? "Fixed"
                                                             : "";
  return std::string(form) + plain[static_cast<std::size_t>(type.kind)];
}

}  // namespace koine::idl::derive
