// Tables for JSON.
#include "transcode/json_schema.h"

#include <algorithm>
#include <array>

#include "codecs/bodies/json/text.h"
#include "codecs/bodies/protobuf/primitives.h"

namespace koine::transcode {
namespace {

namespace protobuf = codecs::bodies::protobuf;
using idl::Kind;

WellKnown well_known(std::string_view full_name) {
  constexpr std::string_view package = "google.protobuf.";
  if (!full_name.starts_with(package)) return WellKnown::none;
  static constexpr std::pair<std::string_view, WellKnown> names[] = {
      {"Timestamp", WellKnown::timestamp},
      {"Duration", WellKnown::duration},
      {"FieldMask", WellKnown::field_mask},
      {"Struct", WellKnown::structure},
      {"Value", WellKnown::value},
      {"ListValue", WellKnown::list},
      {"Any", WellKnown::any},
      {"BoolValue", WellKnown::wrapper},
      {"Int32Value", WellKnown::wrapper},
      {"UInt32Value", WellKnown::wrapper},
      {"Int64Value", WellKnown::wrapper},
      {"UInt64Value", WellKnown::wrapper},
      {"FloatValue", WellKnown::wrapper},
      {"DoubleValue", WellKnown::wrapper},
      {"StringValue", WellKnown::wrapper},
      {"BytesValue", WellKnown::wrapper},
  };
  for (const auto& [name, form] : names) {
    if (full_name.substr(package.size()) == name) return form;
  }
  return WellKnown::none;
}

std::uint8_t wire_type(const idl::Type& type) {
  const bool fixed = type.number_form == idl::NumberForm::fixed;
  switch (type.kind) {
    case Kind::boolean:
    case Kind::enumeration: return protobuf::wire_varint;
    case Kind::i8:
    case Kind::i16:
    case Kind::i32:
    case Kind::u8:
    case Kind::u16:
    case Kind::u32: return fixed ? protobuf::wire_fixed32 : protobuf::wire_varint;
    case Kind::i64:
    case Kind::u64: return fixed ? protobuf::wire_fixed64 : protobuf::wire_varint;
    case Kind::f32: return protobuf::wire_fixed32;
    case Kind::f64: return protobuf::wire_fixed64;
    case Kind::structure: return type.delimited ? protobuf::wire_group_start : protobuf::wire_length;
    default: return protobuf::wire_length;
  }
}

std::string quoted(std::string_view name) {
  std::string text(codecs::bodies::json::string_bytes(name), '\0');
  codecs::bodies::json::write_string(reinterpret_cast<std::uint8_t*>(text.data()), name);
  return text;
}

bool is_map_key(Kind kind) {
  return kind == Kind::boolean || kind == Kind::string || (kind >= Kind::i8 && kind <= Kind::u64);
}

}  // namespace

const std::int32_t* JsonEnum::number_of(std::string_view name) const noexcept {
  const auto at = std::lower_bound(by_name.begin(), by_name.end(), name,
                                   [](const auto& entry, std::string_view n) { return entry.first < n; });
  return at != by_name.end() && at->first == name ? &at->second : nullptr;
}

const PaddedText* JsonEnum::name_of(std::int32_t number) const noexcept {
  // Most enums count from 0.
  const auto index = static_cast<std::uint32_t>(number);
  if (index < by_number.size() && by_number[index].first == number) [[likely]]
    return &by_number[index].second;
  const auto at = std::lower_bound(by_number.begin(), by_number.end(), number,
                                   [](const auto& entry, std::int32_t n) { return entry.first < n; });
  return at != by_number.end() && at->first == number ? &at->second : nullptr;
}

bool JsonType::takes_null() const noexcept {
  if (enumeration != nullptr) return enumeration->is_null;
  return kind == Kind::structure && structure->well_known == WellKnown::value;
}

const JsonField* JsonStruct::find(std::string_view name, std::size_t& place) const noexcept {
  const JsonField* next = expected(place);
  if (next != nullptr && next->key.view().substr(1, next->key.size - 3) == name) {
    ++place;
    return next;
  }
  const auto at = std::lower_bound(by_name.begin(), by_name.end(), name,
                                   [](const auto& entry, std::string_view n) { return entry.first < n; });
  if (at == by_name.end() || at->first != name) return nullptr;
  place = std::size_t{at->second} + 1;
  return &fields[at->second];
}

const JsonField* JsonStruct::find_anywhere(std::uint32_t number, std::uint32_t& place) const noexcept {
  const auto at =
      std::lower_bound(by_number.begin(), by_number.end(), number,
                       [this](std::uint32_t index, std::uint32_t n) { return fields[index].number < n; });
  if (at == by_number.end() || fields[*at].number != number) return nullptr;
  place = static_cast<std::uint32_t>(at - by_number.begin()) + 1;
  return &fields[*at];
}

base::Result<std::unique_ptr<const JsonSchema>> JsonSchema::compile(const idl::StructType& root) {
  auto schema = std::make_unique<JsonSchema>();
  schema->root_ = &schema->add(root);
  if (!schema->problem_.empty()) {
    return base::Status(base::Reason::usage,
                        "JSON stands for the protobuf view of a message, and " + schema->problem_);
  }
  return std::unique_ptr<const JsonSchema>(std::move(schema));
}

void JsonSchema::refuse(std::string why) {
  if (problem_.empty()) problem_ = std::move(why);
}

const JsonStruct& JsonSchema::add(const idl::StructType& type) {
  const auto known = known_structs_.find(&type);
  if (known != known_structs_.end()) return *known->second;
  JsonStruct& made = structs_.emplace_back();
  known_structs_[&type] = &made;  // first, so that recursive types find it
  made.type = &type;
  made.well_known = well_known(type.full_name);
  made.is_union = type.form == idl::StructForm::union_;
  made.fields.reserve(type.fields.size());
  for (const idl::Field& field : type.fields) {
    if (field.id < 1 || static_cast<std::uint32_t>(field.id) > protobuf::field_number_max) {
      refuse("field " + field.name + " of " + type.full_name + " has the number " + std::to_string(field.id));
    }
    JsonField& out = made.fields.emplace_back();
    out.field = &field;
    out.number = static_cast<std::uint32_t>(field.id);
    out.oneof = field.oneof_index;
    out.type = &add(*field.type, false);
  }
  index_names(made);
  for (std::uint32_t i = 0; i < made.fields.size(); ++i) made.by_number.push_back(i);
  std::sort(made.by_number.begin(), made.by_number.end(),
            [&](std::uint32_t a, std::uint32_t b) { return made.fields[a].number < made.fields[b].number; });
  return made;
}

// JSON names first, original ones where they are still free: what two fields share belongs to the first.
void JsonSchema::index_names(JsonStruct& made) const {
  std::map<std::string_view, std::uint32_t> names;
  for (std::uint32_t i = 0; i < made.fields.size(); ++i)
    names.try_emplace(made.fields[i].field->json_name, i);
  for (std::uint32_t i = 0; i < made.fields.size(); ++i) names.try_emplace(made.fields[i].field->name, i);
  made.by_name.assign(names.begin(), names.end());
  for (std::uint32_t i = 0; i < made.fields.size(); ++i) {
    const idl::Field& field = *made.fields[i].field;
    const std::string& name = names.at(field.json_name) == i ? field.json_name : field.name;
    made.fields[i].own_name = names.at(name) == i;
    made.fields[i].key = PaddedText::of(quoted(name) + ':');
  }
}

const JsonEnum& JsonSchema::add(const idl::EnumType& type) {
  const auto known = known_enums_.find(&type);
  if (known != known_enums_.end()) return *known->second;
  JsonEnum& made = enums_.emplace_back();
  known_enums_[&type] = &made;
  made.is_null = type.full_name == "google.protobuf.NullValue";
  for (const idl::EnumValue& value : type.values) {
    made.by_name.emplace_back(value.name, value.number);
    made.by_number.emplace_back(value.number, PaddedText::of(quoted(value.name)));
  }
  std::sort(made.by_name.begin(), made.by_name.end());
  const auto by_number = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::stable_sort(made.by_number.begin(), made.by_number.end(), by_number);  // the first alias stays first
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  made.by_number.erase(std::unique(made.by_number.begin(), made.by_number.end(), same), made.by_number.end());
  return made;
}

const JsonType& JsonSchema::add(const idl::Type& type, bool element) {
  JsonType& made = types_.emplace_back();
  made.kind = type.kind;
  // Checked by the plan; in JSON it is what protobuf's own libraries make of the field.
  if (type.kind == Kind::uuid) {
    made.kind = type.number_form == idl::NumberForm::fixed ? Kind::bytes : Kind::string;
  }
  made.number_form = type.number_form;
  made.delimited = type.delimited;
  made.wire_type = wire_type(type);
  if (element && made.repeated()) refuse("a container lies inside another one without a message around it");
  if (type.structure != nullptr) made.structure = &add(*type.structure);
  if (type.enumeration != nullptr) made.enumeration = &add(*type.enumeration);
  if (type.key != nullptr) {
    idl::Type key = *type.key;
    if (key.kind == Kind::enumeration) {
      // protobuf has no enum keys: derived files hold them as int32, and so does their JSON.
      key.kind = Kind::i32;
      key.enumeration = nullptr;
    }
    const bool uuid_text = key.kind == Kind::uuid && key.number_form != idl::NumberForm::fixed;
    if (!is_map_key(key.kind) && !uuid_text)
      refuse("a map has keys of kind " + std::string(idl::to_string(key.kind)));
    made.key = &add(key, true);
  }
  if (type.element != nullptr) made.element = &add(*type.element, true);
  return made;
}

}  // namespace koine::transcode
