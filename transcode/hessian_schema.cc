// Tables for Hessian2.
#include "transcode/hessian_schema.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "transcode/compile.h"

namespace koine::transcode {
namespace {

namespace hessian2 = codecs::bodies::hessian2;
using idl::Kind;

constexpr std::string_view java8 = "com.alibaba.com.caucho.hessian.io.java8.";

std::string written(std::string_view text) {
  std::string out;
  hessian2::append_text(out, text);
  return out;
}

template <class Names>
std::string written_definition(std::string_view class_name, const Names& names) {
  std::string out(1, static_cast<char>(hessian2::lead_definition));
  hessian2::append_text(out, class_name);
  std::uint8_t count[hessian2::scalar_bytes_max];
  out.append(count, hessian2::write_int(count, static_cast<std::int32_t>(std::size(names))));
  for (const std::string_view name : names) hessian2::append_text(out, name);
  return out;
}

// The class as JVMs know it: nested ones with a dollar sign.
template <class Node>
std::string java_class(const Node& type) {
  const std::string& name = type.name;
  const std::string& full_name = type.full_name;
  if (const auto* said = idl::find_annotation(type.annotations, idl::java_class_annotation)) return *said;
  if (full_name == "google.protobuf.Timestamp") return std::string(java8) + "InstantHandle";
  if (full_name.size() < name.size()) return full_name;
  std::string nested = name;
  std::replace(nested.begin(), nested.end(), '.', '$');
  return full_name.substr(0, full_name.size() - name.size()) + nested;
}

struct JavaName {
  std::string_view name;
  JavaType type;
};
constexpr JavaName java_names[] = {
    {"char", JavaType::character},
    {"java.lang.Character", JavaType::character},
    {"java.util.Date", JavaType::date},
    {"java.sql.Date", JavaType::sql_date},
    {"java.sql.Time", JavaType::sql_date},
    {"java.sql.Timestamp", JavaType::sql_date},
    {"java.math.BigDecimal", JavaType::decimal},
    {"java.math.BigInteger", JavaType::big_integer},
    {"java.time.LocalDate", JavaType::local_date},
    {"java.time.LocalTime", JavaType::local_time},
    {"java.time.LocalDateTime", JavaType::local_date_time},
};
// Classes whose values are what the kind says, boxed.
constexpr std::string_view boxes[] = {"java.lang.Boolean", "java.lang.Byte",    "java.lang.Short",
                                      "java.lang.Integer", "java.lang.Long",    "java.lang.Float",
                                      "java.lang.Double",  "java.lang.String",  "java.util.UUID",
                                      "java.time.Instant", "java.time.Duration"};

std::optional<JavaType> java_type(std::string_view native) {
  if (native.empty()) return JavaType::plain;
  for (const JavaName& one : java_names) {
    if (one.name == native) return one.type;
  }
  if (std::find(std::begin(boxes), std::end(boxes), native) != std::end(boxes)) return JavaType::plain;
  return std::nullopt;
}

// What is written before the elements of an array: "int[]" is "[int", "shop.Item[][]" is "[[shop.Item".
std::string array_type(const idl::Type& array) {
  std::string type;
  std::string_view native = array.native;
  const idl::Type* element = &array;
  while (native.ends_with("[]")) {
    type += '[';
    native.remove_suffix(2);
    if (element->element != nullptr) element = element->element;
  }
  if (element->structure != nullptr) return type + java_class(*element->structure);
  if (element->enumeration != nullptr) return type + java_class(*element->enumeration);
  if (native == "java.lang.String" || native == "String") return type + "string";
  if (native == "java.lang.Object" || native == "Object") return type + "object";
  if (native == "java.util.Date") return type + "date";
  return type.append(native);
}

// An interface has no objects: the class of the library that is one.
std::string collection_type(const idl::Type& type) {
  const std::string_view native = type.native;
  static constexpr std::pair<std::string_view, std::string_view> classes[] = {
      {"java.util.Queue", "java.util.LinkedList"},
      {"java.util.Deque", "java.util.LinkedList"},
      {"java.util.SortedSet", "java.util.TreeSet"},
      {"java.util.NavigableSet", "java.util.TreeSet"},
      {"java.util.SortedMap", "java.util.TreeMap"},
      {"java.util.NavigableMap", "java.util.TreeMap"},
      {"java.util.concurrent.ConcurrentMap", "java.util.concurrent.ConcurrentHashMap"},
  };
  if (native.ends_with("[]")) return array_type(type);
  for (const auto& [from, to] : classes) {
    if (from == native) return std::string(to);
  }
  if (native.empty() && type.kind == Kind::set) return "java.util.HashSet";
  return std::string(native);
}

// As what is generalised has it.
std::string generic_type(const idl::Type& type) {
  if (type.kind == Kind::map) return collection_type(type);
  if (!type.native.ends_with("[]")) return type.kind == Kind::set ? "java.util.HashSet" : "";
  if (type.element->enumeration != nullptr) return "[string";
  const bool is_plain = type.element->structure == nullptr && type.element->element == nullptr;
  return is_plain ? array_type(type) : "[object";
}

struct HandleShape {
  std::string_view class_name;
  std::string definition;
};

const std::array<HandleShape, handle_count>& handles() {
  static const auto made = [] {
    using Names = std::vector<std::string_view>;
    static const std::string local_date = std::string(java8) + "LocalDateHandle";
    static const std::string local_time = std::string(java8) + "LocalTimeHandle";
    static const std::string local_date_time = std::string(java8) + "LocalDateTimeHandle";
    static const std::string duration = std::string(java8) + "DurationHandle";
    const std::pair<std::string_view, Names> all[handle_count] = {
        {"java.math.BigDecimal", {"value"}},
        {"java.math.BigInteger", {"signum", "mag"}},
        {"java.util.UUID", {"value"}},
        {local_date, {"year", "month", "day"}},
        {local_time, {"hour", "minute", "second", "nano"}},
        {local_date_time, {"date", "time"}},
        {duration, {"seconds", "nanos"}},
    };
    std::array<HandleShape, handle_count> shapes;
    for (std::size_t i = 0; i < handle_count; ++i) {
      shapes[i] = {all[i].first, written_definition(all[i].first, all[i].second)};
    }
    return shapes;
  }();
  return made;
}

HessianLeaf leaf_of(Kind kind) {
  switch (kind) {
    case Kind::string: return HessianLeaf::text;
    case Kind::i32: return HessianLeaf::i32;
    case Kind::i64: return HessianLeaf::i64;
    case Kind::boolean: return HessianLeaf::boolean;
    case Kind::f64: return HessianLeaf::f64;
    default: return HessianLeaf::none;
  }
}

template <class Entries, class Key>
auto find_sorted(const Entries& entries, const Key& key) -> decltype(&entries.front().second) {
  const auto at = std::lower_bound(entries.begin(), entries.end(), key,
                                   [](const auto& entry, const Key& k) { return entry.first < k; });
  return at != entries.end() && at->first == key ? &at->second : nullptr;
}

}  // namespace

std::string_view definition(Handle handle) { return handles()[static_cast<std::size_t>(handle)].definition; }
std::string_view class_name(Handle handle) { return handles()[static_cast<std::size_t>(handle)].class_name; }

const std::int32_t* HessianEnum::number_of(std::string_view name) const noexcept {
  return find_sorted(by_name, name);
}
const std::string* HessianEnum::name_of(std::int32_t number) const noexcept {
  const auto index = static_cast<std::uint32_t>(number);
  if (index < by_number.size() && by_number[index].first == number) [[likely]]
    return &by_number[index].second;
  return find_sorted(by_number, number);
}

const HessianField* HessianStruct::find(std::string_view name) const noexcept {
  const std::uint32_t* index = find_sorted(by_name, name);
  return index == nullptr ? nullptr : &fields[*index];
}
const HessianField* HessianStruct::find(std::int16_t id) const noexcept {
  const std::uint32_t* index = find_sorted(by_id, id);
  return index == nullptr ? nullptr : &fields[*index];
}

base::Result<std::unique_ptr<const HessianSchema>> HessianSchema::compile(const idl::StructType& root,
                                                                          HessianStyle style) {
  static std::atomic<std::uint64_t> stamps = 0;
  auto schema = std::make_unique<HessianSchema>();
  schema->stamp_ = ++stamps;
  schema->style_ = style;
  schema->root_ = &schema->add(root);
  if (schema->problems_.empty()) return std::unique_ptr<const HessianSchema>(std::move(schema));
  std::string text = "Hessian2 has no form for:";
  for (const std::string& problem : schema->problems_) text += "\n  " + problem;
  return base::Status(base::Reason::map_type, std::move(text));
}

void HessianSchema::refuse(const std::string& why) {
  std::string text;
  for (const std::string& step : path_) text += (text.empty() ? "" : ".") + step;
  problems_.push_back(text + ": " + why);
}

const HessianStruct& HessianSchema::add(const idl::StructType& type) {
  const auto known = known_structs_.find(&type);
  if (known != known_structs_.end()) return *known->second;
  HessianStruct& made = structs_.emplace_back();
  known_structs_[&type] = &made;  // first, so that recursive types find it
  made.type = &type;
  made.class_index = next_index_++;
  made.class_name = java_class(type);
  made.is_exception = type.form == idl::StructForm::exception;
  made.fields.reserve(type.fields.size());
  std::vector<std::string_view> names;
  for (const idl::Field& field : type.fields) {
    HessianField& out = made.fields.emplace_back();
    path_.push_back(field.name);
    out.type = &add(*field.type, type.role == idl::StructRole::plain);
    path_.pop_back();
    out.field = &field;
    out.id = static_cast<std::int16_t>(field.id);
    out.head = std::uint32_t{out.type->wire_type} << 16 | static_cast<std::uint16_t>(out.id);
    out.leaf = out.type->leaf;
    const std::string* said = idl::find_annotation(field.annotations, idl::java_field_annotation);
    out.name = said != nullptr ? *said : field.name;
    const bool implicit = field.presence != idl::Presence::optional;
    const bool scalar = field.type->kind <= Kind::f64 || out.type->java == JavaType::character;
    out.is_primitive = scalar && implicit;
    out.is_never_null = implicit && field.type->element != nullptr;
    names.push_back(out.name);
    const auto index = static_cast<std::uint32_t>(made.fields.size() - 1);
    made.by_name.emplace_back(out.name, index);
    made.by_id.emplace_back(out.id, index);
  }
  std::sort(made.by_name.begin(), made.by_name.end());
  std::sort(made.by_id.begin(), made.by_id.end());
  made.definition = written_definition(made.class_name, names);
  return made;
}

const HessianEnum& HessianSchema::add(const idl::EnumType& type) {
  const auto known = known_enums_.find(&type);
  if (known != known_enums_.end()) return *known->second;
  HessianEnum& made = enums_.emplace_back();
  known_enums_[&type] = &made;
  made.class_index = next_index_++;
  made.class_name = java_class(type);
  made.definition = written_definition(made.class_name, std::array<std::string_view, 1>{"name"});
  for (const idl::EnumValue& value : type.values) {
    made.by_name.emplace_back(value.name, value.number);
    made.by_number.emplace_back(value.number, written(value.name));
  }
  std::sort(made.by_name.begin(), made.by_name.end());
  const auto by_number = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::stable_sort(made.by_number.begin(), made.by_number.end(), by_number);
  return made;
}

const HessianType& HessianSchema::add(const idl::Type& declared, bool of_field) {
  const idl::Type& type = written_type(model::BodyFormat::thrift_binary, declared);
  HessianType& made = types_.emplace_back();
  made.kind = type.kind;
  made.wire_type = wire_form(model::BodyFormat::thrift_binary, type).type;
  made.leaf = leaf_of(type.kind);
  if (type.element != nullptr) {
    made.type_name = is_generic() ? generic_type(type) : collection_type(type);
    const auto next = static_cast<std::uint32_t>(type_names_.size());
    if (!made.type_name.empty())
      made.type_index = type_names_.try_emplace(made.type_name, next).first->second;
  } else if (type.structure == nullptr && type.enumeration == nullptr) {
    const std::optional<JavaType> java = java_type(type.native);
    if (java) made.java = *java;
    if (!java && type.kind != Kind::bytes) refuse(type.native + " is not known here");
    if (made.java != JavaType::plain) made.leaf = HessianLeaf::none;
    if (made.java == JavaType::sql_date && !of_field) refuse(type.native + " can only be a class's field");
  }
  if (type.structure != nullptr && type.structure->full_name == "google.protobuf.Duration") {
    made.java = JavaType::duration;
  } else if (type.structure != nullptr) {
    made.structure = &add(*type.structure);
  }
  if (type.enumeration != nullptr) made.enumeration = &add(*type.enumeration);
  if (type.key != nullptr) made.key = &add(*type.key, false);
  if (type.element != nullptr) made.element = &add(*type.element, false);
  return made;
}

}  // namespace koine::transcode
