// Constants and default values, converted to the type they are for. Owner: see resolver.h.
#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "base/limits.h"
#include "base/uuid.h"
#include "idl/dump.h"
#include "idl/thrift/resolver.h"

namespace koine::idl::thrift {
namespace {

// Constants of constants of lists grow exponentially.
constexpr std::size_t values_max = 200'000;

// The value as a signed number, if it is one (or a bit pattern above it, for u64).
std::optional<std::int64_t> signed_value(const ValueNode& node) {
  if (node.negative) {
    return node.magnitude == std::uint64_t{1} << 63 ? std::numeric_limits<std::int64_t>::min()
                                                    : -static_cast<std::int64_t>(node.magnitude);
  }
  if (node.magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return std::nullopt;
  return static_cast<std::int64_t>(node.magnitude);
}

template <class Integer>
bool fits(std::int64_t number) {
  return number >= std::numeric_limits<Integer>::min() && number <= std::numeric_limits<Integer>::max();
}

bool fits(std::int64_t number, Kind kind) {
  switch (kind) {
    case Kind::i8: return fits<std::int8_t>(number);
    case Kind::i16: return fits<std::int16_t>(number);
    case Kind::i32: return fits<std::int32_t>(number);
    case Kind::u8: return fits<std::uint8_t>(number);
    case Kind::u16: return fits<std::uint16_t>(number);
    case Kind::u32: return fits<std::uint32_t>(number);
    default: return true;
  }
}

// A bit pattern of the width of a signed kind, like 0xFF for i8: what it is with its sign. The compiler
// passes it on, and what it generates casts it.
std::optional<std::int64_t> wrapped_value(std::int64_t number, Kind kind) {
  const int bits = kind == Kind::i8 ? 8 : kind == Kind::i16 ? 16 : kind == Kind::i32 ? 32 : 0;
  if (bits == 0 || number < 0 || fits(number, kind) || number >> bits != 0) return std::nullopt;
  return number - (std::int64_t{1} << bits);
}

ValueNode number_node(std::int64_t number, Place place) {
  ValueNode node;
  node.negative = number < 0;
  node.magnitude = static_cast<std::uint64_t>(number < 0 ? -number : number);
  node.place = place;
  return node;
}

std::string_view form_text(const ValueNode& node) {
  switch (node.form) {
    case ValueNode::Form::integer: return "an integer";
    case ValueNode::Form::real: return "a double";
    case ValueNode::Form::text: return "text";
    case ValueNode::Form::name: return "a name";
    case ValueNode::Form::list: return "a [list]";
    case ValueNode::Form::map: return "a {map}";
  }
  return "a value";
}

std::string_view expected_text(Kind kind) {
  switch (kind) {
    case Kind::boolean: return "write true or false";
    case Kind::f32:
    case Kind::f64: return "write a number";
    case Kind::string:
    case Kind::bytes: return "write text in quotes";
    case Kind::uuid: return "write \"00000000-0000-0000-0000-000000000000\" or another UUID";
    case Kind::enumeration: return "write the name of one of its values";
    case Kind::structure: return "write {\"field\": value, …}";
    case Kind::list:
    case Kind::set: return "write [value, …]";
    case Kind::map: return "write {key: value, …}";
    default: return "write an integer";
  }
}

}  // namespace

std::nullopt_t Resolver::value_error(const Site& site, const ValueNode& node, std::string_view rule,
                                     std::string message) {
  error(*site.scope, site.place.value_or(node.place), rule, std::move(message));
  return std::nullopt;
}

std::nullopt_t Resolver::mismatch(const Site& site, const ValueNode& node, const Type& type) {
  return value_error(site, node, "VALUE_TYPE",
                     std::string(form_text(node)) + " is no value of type " + type_text(type) + "; " +
                         std::string(expected_text(type.kind)));
}

void Resolver::resolve_constant(ConstantEntry& entry) {
  if (entry.state == State::done || entry.constant->type == nullptr) return;
  entry.state = State::open;
  std::optional<Value> value =
      convert(*entry.scope, {entry.scope, std::nullopt}, entry.node->value, *entry.constant->type, 0);
  if (value) entry.constant->value = std::move(*value);
  entry.state = State::done;
}

std::optional<Value> Resolver::convert(Scope& scope, const Site& site, const ValueNode& node,
                                       const Type& type, std::size_t depth) {
  if (depth > base::Limits().nesting_max) {
    return value_error(site, node, "VALUE_DEPTH",
                       "values nested more than " + std::to_string(base::Limits().nesting_max) +
                           " deep, constants that name one another counted (nesting_max)");
  }
  if (++values_made_ > values_max) {
    if (values_made_ > values_max + 1) return std::nullopt;
    return value_error(site, node, "VALUE_SIZE",
                       "the constants and defaults have more than " + std::to_string(values_max) +
                           " values in all; keep data of that size out of the IDL");
  }
  if (node.form == ValueNode::Form::name) return convert_name(scope, site, node, type, depth);
  switch (type.kind) {
    case Kind::f32:
    case Kind::f64:
      if (node.form == ValueNode::Form::real) return Value{node.real};
      if (node.form != ValueNode::Form::integer) return mismatch(site, node, type);
      return Value{node.negative ? -static_cast<double>(node.magnitude)
                                 : static_cast<double>(node.magnitude)};
    case Kind::string:
    case Kind::bytes:
      if (node.form != ValueNode::Form::text) return mismatch(site, node, type);
      if (!copy_bytes(node.text.size())) {
        return value_error(site, node, "VALUE_SIZE",
                           "the constants and defaults have more than " +
                               std::to_string(bounds_.copied_bytes_max) +
                               " bytes of text in all; keep data of that size out of the IDL");
      }
      return Value{node.text};
    case Kind::uuid: return convert_uuid(site, node, type);
    case Kind::list:
    case Kind::set: return convert_list(scope, site, node, type, depth);
    case Kind::map: return convert_map(scope, site, node, type, depth);
    case Kind::structure: return convert_struct(scope, site, node, type, depth);
    default: return convert_integer(site, node, type);
  }
}

// The canonical text; the compiler takes braces around it.
std::optional<Value> Resolver::convert_uuid(const Site& site, const ValueNode& node, const Type& type) {
  if (node.form != ValueNode::Form::text) return mismatch(site, node, type);
  std::string_view text = node.text;
  if (text.size() > 2 && text.front() == '{' && text.back() == '}') text = text.substr(1, text.size() - 2);
  std::array<std::uint8_t, base::uuid_bytes> bytes{};
  if (!base::parse_uuid(text, bytes.data())) return mismatch(site, node, type);
  std::string canonical(base::uuid_text_bytes, '0');
  base::write_uuid(reinterpret_cast<std::uint8_t*>(canonical.data()), bytes.data());
  return Value{std::move(canonical)};
}

// Booleans, integers and enums from a number.
std::optional<Value> Resolver::convert_integer(const Site& site, const ValueNode& node, const Type& type) {
  if (node.form != ValueNode::Form::integer) return mismatch(site, node, type);
  if (type.kind == Kind::u64) {
    if (node.negative && node.magnitude != 0) {
      return value_error(site, node, "VALUE_RANGE", "a negative number is no u64");
    }
    return Value{node.magnitude};
  }
  const std::optional<std::int64_t> number = signed_value(node);
  if (type.kind == Kind::boolean) {
    if (!number) return mismatch(site, node, type);
    if (*number != 0 && *number != 1) {
      // The compiler's generators write `> 0`.
      warning(*site.scope, site.place.value_or(node.place), "BOOL_NUMBER",
              "a bool of " + std::to_string(*number) + " counts as " + (*number > 0 ? "true" : "false") +
                  "; write that");
    }
    return Value{*number > 0};
  }
  if (type.kind == Kind::enumeration) {
    const bool known = number && fits(*number, Kind::i32) &&
                       index_of(*type.enumeration).known.contains(static_cast<std::int32_t>(*number));
    if (!known) {
      return value_error(site, node, "VALUE_RANGE",
                         "no value of enum '" + type.enumeration->name + "' has this number; write its name");
    }
    return Value{EnumReference{type.enumeration, static_cast<std::int32_t>(*number)}};
  }
  if (const std::optional<std::int64_t> wrapped = number ? wrapped_value(*number, type.kind) : std::nullopt) {
    warning(*site.scope, site.place.value_or(node.place), "VALUE_RANGE",
            std::to_string(*number) + " is more than " + std::string(to_string(type.kind)) +
                " holds; it counts as " + std::to_string(*wrapped) +
                ", as generated code makes of it. Write that");
    return Value{*wrapped};
  }
  if (!number || !fits(*number, type.kind)) {
    return value_error(site, node, "VALUE_RANGE",
                       "the number does not fit " + std::string(to_string(type.kind)) +
                           "; choose a smaller one or a wider type");
  }
  return Value{*number};
}

Resolver::ConstantEntry* Resolver::find_constant(Scope& scope, std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view prefix = dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
  const std::string_view bare = dot == std::string_view::npos ? name : name.substr(dot + 1);
  for (Scope* holder : scopes_of(scope, prefix)) {
    auto found = holder->constants.find(bare);
    if (found != holder->constants.end()) return &found->second;
  }
  return nullptr;
}

bool Resolver::find_enum_value(Scope& scope, std::string_view name, EnumReference& out) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  TypeEntry* entry = find_type(scope, name.substr(0, dot));
  if (entry == nullptr) return false;
  const EnumType* type = entry->enumeration;
  // A typedef of an enum names its values too.
  if (type == nullptr && entry->type != nullptr) type = entry->type->enumeration;
  if (type == nullptr) return false;
  const EnumIndex& values = index_of(*type);
  const auto value = values.numbers.find(name.substr(dot + 1));
  if (value == values.numbers.end()) return false;
  out = {type, value->second};
  return true;
}

const Resolver::EnumIndex& Resolver::index_of(const EnumType& type) {
  const auto [entry, fresh] = enum_indexes_.try_emplace(&type);
  if (fresh) {
    for (const EnumValue& value : type.values) {
      entry->second.numbers.emplace(value.name, value.number);
      entry->second.known.insert(value.number);
    }
  }
  return entry->second;
}

const Resolver::FieldIndex& Resolver::index_of(const StructType& type) {
  const auto [entry, fresh] = field_indexes_.try_emplace(&type);
  if (fresh) {
    for (const Field& field : type.fields) entry->second.emplace(field.name, &field);
  }
  return entry->second;
}

bool Resolver::copy_bytes(std::size_t bytes) {
  bytes_copied_ = std::min(bytes_copied_ + bytes, bounds_.copied_bytes_max + 1);
  return bytes_copied_ <= bounds_.copied_bytes_max;
}

std::optional<Value> Resolver::convert_name(Scope& scope, const Site& site, const ValueNode& node,
                                            const Type& type, std::size_t depth) {
  if (node.text == "true" || node.text == "false") {
    // The compiler reads them as the integers 1 and 0.
    const ValueNode number = number_node(node.text == "true" ? 1 : 0, node.place);
    if (type.kind == Kind::boolean || is_integer(type.kind)) return convert_integer(site, number, type);
    return mismatch(site, node, type);
  }
  if (ConstantEntry* entry = find_constant(scope, node.text)) {
    if (entry->state == State::open) {
      return value_error(site, node, "CIRCULAR_CONSTANT",
                         "the constant '" + node.text + "' leads back to itself; write a value at its end");
    }
    const State before = entry->state;
    entry->state = State::open;
    Site here = site;
    here.place = site.place.value_or(node.place);
    std::optional<Value> value = convert(*entry->scope, here, entry->node->value, type, depth + 1);
    entry->state = before;
    return value;
  }
  if (type.kind == Kind::enumeration) return convert_enum_name(scope, site, node, type);
  EnumReference reference;
  if (!find_enum_value(scope, node.text, reference)) return unknown_name(scope, site, node, {});
  if (!is_integer(type.kind)) return mismatch(site, node, type);
  return convert_integer(site, number_node(reference.number, node.place), type);
}

std::optional<Value> Resolver::convert_enum_name(Scope& scope, const Site& site, const ValueNode& node,
                                                 const Type& type) {
  const EnumType& wanted = *type.enumeration;
  EnumReference reference;
  const bool found = find_enum_value(scope, node.text, reference);
  if (found && reference.type == &wanted) return Value{reference};
  const std::size_t dot = node.text.rfind('.');
  const std::string bare = dot == std::string::npos ? node.text : node.text.substr(dot + 1);
  const EnumIndex& values = index_of(wanted);
  const auto value = values.numbers.find(bare);
  if (value != values.numbers.end() && dot != std::string::npos) {
    // The compiler looks at what follows the last dot only, whatever is before it.
    warning(*site.scope, site.place.value_or(node.place), "ENUM_PREFIX",
            "'" + node.text + "' is taken for '" + wanted.name + "." + bare +
                "'; write that enum's name before it");
    return Value{EnumReference{&wanted, value->second}};
  }
  if (value != values.numbers.end()) {
    return value_error(site, node, "UNKNOWN_CONSTANT",
                       "enum values are named with their enum; write '" + wanted.name + "." + bare + "'");
  }
  if (found) {
    return value_error(site, node, "VALUE_TYPE",
                       "'" + node.text + "' is no value of enum '" + wanted.name + "'");
  }
  std::vector<std::string> candidates;
  if (report_.full()) return unknown_name(scope, site, node, {});
  for (const EnumValue& candidate : wanted.values) candidates.push_back(wanted.name + "." + candidate.name);
  return unknown_name(scope, site, node, std::move(candidates));
}

std::nullopt_t Resolver::unknown_name(const Scope& scope, const Site& site, const ValueNode& node,
                                      std::vector<std::string> candidates) {
  if (report_.full()) return value_error(site, node, "UNKNOWN_CONSTANT", {});
  for (const auto& [name, entry] : scope.constants) candidates.push_back(name);
  for (const Scope* include : scope.includes) {
    for (const auto& [name, entry] : include->constants) {
      candidates.push_back(include->loaded->prefix + "." + name);
    }
  }
  return value_error(
      site, node, "UNKNOWN_CONSTANT",
      "no constant or enum value is called '" + node.text + "'" + did_you_mean(node.text, candidates));
}

std::optional<Value> Resolver::convert_list(Scope& scope, const Site& site, const ValueNode& node,
                                            const Type& type, std::size_t depth) {
  // An empty {} is an empty list too.
  const bool empty = node.form == ValueNode::Form::map && node.items.empty();
  if (node.form != ValueNode::Form::list && !empty) return mismatch(site, node, type);
  ValueList list;
  for (const ValueNode& item : node.items) {
    std::optional<Value> value = convert(scope, site, item, *type.element, depth + 1);
    if (!value) return std::nullopt;
    list.push_back(std::move(*value));
  }
  return Value{std::move(list)};
}

std::optional<Value> Resolver::convert_map(Scope& scope, const Site& site, const ValueNode& node,
                                           const Type& type, std::size_t depth) {
  const bool empty = node.form == ValueNode::Form::list && node.items.empty();
  if (node.form != ValueNode::Form::map && !empty) return mismatch(site, node, type);
  ValueMap map;
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
    std::optional<Value> key = convert(scope, site, node.items[i], *type.key, depth + 1);
    if (!key) return std::nullopt;
    std::optional<Value> value = convert(scope, site, node.items[i + 1], *type.element, depth + 1);
    if (!value) return std::nullopt;
    auto [entry, fresh] = known.emplace(value_text(*key), map.size());
    if (fresh) {
      map.emplace_back(std::move(*key), std::move(*value));
      continue;
    }
    warning(*site.scope, site.place.value_or(node.items[i].place), "DUPLICATE_KEY",
            "the key " + entry->first.substr(0, 80) + " is written twice; the last one counts");
    map[entry->second].second = std::move(*value);
  }
  return Value{std::move(map)};
}

std::optional<Value> Resolver::convert_struct(Scope& scope, const Site& site, const ValueNode& node,
                                              const Type& type, std::size_t depth) {
  if (node.form != ValueNode::Form::map) return mismatch(site, node, type);
  const StructType& target = *type.structure;
  ValueMap map;
  std::set<std::string> known;
  for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
    const ValueNode& key = node.items[i];
    if (key.form != ValueNode::Form::text) {
      return value_error(site, key, "VALUE_TYPE",
                         "a value of '" + target.name + "' has its fields' names as keys, in quotes");
    }
    const FieldIndex& fields = index_of(target);
    const auto found = fields.find(key.text);
    const Field* field = found == fields.end() ? nullptr : found->second;
    if (field == nullptr) {
      std::vector<std::string> names;
      if (report_.full()) return value_error(site, key, "UNKNOWN_FIELD", {});
      for (const Field& candidate : target.fields) names.push_back(candidate.name);
      return value_error(
          site, key, "UNKNOWN_FIELD",
          "'" + target.name + "' has no field '" + key.text + "'" + did_you_mean(key.text, names));
    }
    if (!known.insert(key.text).second) {
      return value_error(site, key, "DUPLICATE_KEY",
                         "the field '" + key.text + "' is written twice; remove one");
    }
    if (field->type == nullptr) return std::nullopt;
    std::optional<Value> value = convert(scope, site, node.items[i + 1], *field->type, depth + 1);
    if (!value) return std::nullopt;
    map.emplace_back(Value{key.text}, std::move(*value));
  }
  if (target.form == StructForm::union_ && map.size() > 1) {
    return value_error(
        site, node, "VALUE_TYPE",
        "a value of union '" + target.name + "' sets one member, not " + std::to_string(map.size()));
  }
  return Value{std::move(map)};
}

}  // namespace koine::idl::thrift
