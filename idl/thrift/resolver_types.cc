// Type references: names, containers, and what koine.range and koine.number make of them. Owner: see
// resolver.h.
#include <algorithm>
#include <array>

#include "base/limits.h"
#include "idl/annotations.h"
#include "idl/thrift/resolver.h"

namespace koine::idl::thrift {
namespace {

// Types of one declaration written out; typedefs of typedefs of maps grow exponentially.
constexpr std::size_t type_nodes_max = 4096;

struct Range {
  std::string_view name;
  Kind kind;
  Kind carrier;           // the kind that the Thrift type must have
  std::string_view wire;  // as it is written
};
constexpr std::array<Range, 7> ranges = {{{"i8", Kind::i8, Kind::i8, "i8"},
                                          {"i16", Kind::i16, Kind::i16, "i16"},
                                          {"u8", Kind::u8, Kind::i16, "i16"},
                                          {"u16", Kind::u16, Kind::i32, "i32"},
                                          {"u32", Kind::u32, Kind::i64, "i64"},
                                          {"u64", Kind::u64, Kind::i64, "i64"},
                                          {"f32", Kind::f32, Kind::f64, "double"}}};

// What people write who come from another language, and what it is called here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 27> foreign_types = {
    {{"int", "i32"},
     {"int8", "i8"},
     {"int16", "i16"},
     {"int32", "i32"},
     {"int64", "i64"},
     {"short", "i16"},
     {"long", "i64"},
     {"char", "i8"},
     {"uint8", "i16 (koine.range = \"u8\")"},
     {"u8", "i16 (koine.range = \"u8\")"},
     {"uint16", "i32 (koine.range = \"u16\")"},
     {"u16", "i32 (koine.range = \"u16\")"},
     {"uint32", "i64 (koine.range = \"u32\")"},
     {"u32", "i64 (koine.range = \"u32\")"},
     {"uint64", "i64 (koine.range = \"u64\")"},
     {"u64", "i64 (koine.range = \"u64\")"},
     {"float", "double"},
     {"f32", "double"},
     {"f64", "double"},
     {"bytes", "binary"},
     {"boolean", "bool"},
     {"String", "string"},
     {"str", "string"},
     {"array", "list<…>"},
     {"vector", "list<…>"},
     {"UUID", "uuid"},
     {"guid", "uuid"}}};

// A word of the language since Thrift 0.18; before, and in files of that time, a name like any other.
constexpr std::string_view uuid_word = "uuid";

}  // namespace

void Resolver::warn_misspelt(const Scope& scope, const Annotations& annotations, Place place) {
  for (const Annotation& annotation : annotations) {
    std::string message = unknown_annotation(annotation.name);
    if (!message.empty()) warning(scope, place, "UNKNOWN_ANNOTATION", std::move(message));
  }
}

std::vector<Resolver::Scope*> Resolver::scopes_of(Scope& scope, std::string_view prefix) const {
  if (prefix.empty()) return {&scope};
  std::vector<Scope*> found;
  for (auto include = scope.includes.rbegin(); include != scope.includes.rend(); ++include) {
    if ((*include)->loaded->prefix == prefix) found.push_back(*include);
  }
  if (prefix == scope.loaded->prefix) found.push_back(&scope);
  return found;
}

Resolver::TypeEntry* Resolver::find_type(Scope& scope, std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view prefix = dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
  const std::string_view bare = dot == std::string_view::npos ? name : name.substr(dot + 1);
  for (Scope* holder : scopes_of(scope, prefix)) {
    auto found = holder->types.find(bare);
    if (found != holder->types.end()) return &found->second;
  }
  return nullptr;
}

// Two includes of one base name, in different folders, and both have the type.
void Resolver::warn_of_second_include(const Scope& scope, const TypeNode& node, const TypeEntry& taken) {
  const std::size_t dot = node.name.rfind('.');
  if (dot == std::string::npos || scope.includes.size() < 2) return;
  for (const Scope* include : scope.includes) {
    if (include == taken.scope || include->loaded->prefix != node.name.substr(0, dot)) continue;
    if (!include->types.contains(node.name.substr(dot + 1))) continue;
    return warning(scope, node.place, "AMBIGUOUS_NAME",
                   "'" + node.name + "' is in " + include->loaded->source.path + " and in " +
                       taken.scope->loaded->source.path +
                       "; the one that is included last is taken, the latter. "
                       "Rename one of the files");
  }
}

void Resolver::report_unknown_type(const Scope& scope, const TypeNode& node) {
  // Nobody sees it any more, and to look for what was meant takes a while among many names.
  if (report_.full()) return error(scope, node.place, "UNKNOWN_TYPE", {});
  std::string message = "unknown type '" + node.name + "'";
  for (const auto& [foreign, ours] : foreign_types) {
    if (node.name == foreign) {
      return error(scope, node.place, "UNKNOWN_TYPE", message + "; in Thrift write " + std::string(ours));
    }
  }
  const std::size_t dot = node.name.rfind('.');
  if (dot != std::string::npos) {
    const std::string prefix = node.name.substr(0, dot);
    auto named = [&](const Scope* other) { return other->loaded->prefix == prefix; };
    if (std::none_of(scope.includes.begin(), scope.includes.end(), named)) {
      const bool loaded =
          std::any_of(scopes_.begin(), scopes_.end(), [&](const auto& other) { return named(other.get()); });
      return error(scope, node.place, "UNKNOWN_TYPE",
                   message +
                       (loaded ? "; only direct includes are visible, add include \""
                               : "; nothing called so is included, add include \"") +
                       prefix + ".thrift\"");
    }
  }
  std::vector<std::string> candidates = {"bool", "byte",   "i8",     "i16",    "i32",
                                         "i64",  "double", "string", "binary", "uuid"};
  for (const auto& [name, entry] : scope.types) candidates.push_back(name);
  for (const Scope* include : scope.includes) {
    for (const auto& [name, entry] : include->types) {
      candidates.push_back(include->loaded->prefix + "." + name);
      if (name == node.name) {
        return error(
            scope, node.place, "UNKNOWN_TYPE",
            message + "; it is in " + include->loaded->source.path + ", write '" + candidates.back() + "'");
      }
    }
  }
  error(scope, node.place, "UNKNOWN_TYPE", message + did_you_mean(node.name, candidates));
}

Resolver::Shape Resolver::shape_of(const Type* type) const {
  auto found = shapes_.find(type);
  return found == shapes_.end() ? Shape() : found->second;
}

bool Resolver::within_shape(const Scope& scope, const Type* type, Place place) {
  Shape shape;
  for (const Type* part : {type->key, type->element}) {
    if (part == nullptr) continue;
    const Shape inner = shape_of(part);
    shape.depth = std::max(shape.depth, inner.depth + 1);
    shape.nodes += inner.nodes;
  }
  if (shape.depth > base::Limits().nesting_max || shape.nodes > type_nodes_max) {
    error(scope, place, "TYPE_DEPTH",
          "containers nested more than " + std::to_string(base::Limits().nesting_max) +
              " deep (nesting_max) or of more than " + std::to_string(type_nodes_max) +
              " types, typedefs counted; put a struct between");
    return false;
  }
  shapes_[type] = shape;
  return true;
}

const Type* Resolver::resolve_type(Scope& scope, const TypeNode& node, std::size_t depth) {
  const Type* type = nullptr;
  if (node.form == TypeNode::Form::base) {
    type = schema_.scalar(node.base);
  } else if (node.form == TypeNode::Form::named) {
    type = resolve_named(scope, node, depth);
  } else {
    const bool is_map = node.form == TypeNode::Form::map;
    const Type* first = resolve_type(scope, node.arguments[0], depth);
    const Type* second = is_map ? resolve_type(scope, node.arguments[1], depth) : first;
    if (first == nullptr || second == nullptr) return nullptr;
    Type& made = schema_.add_type();
    made.kind = is_map ? Kind::map : node.form == TypeNode::Form::list ? Kind::list : Kind::set;
    made.key = is_map ? first : nullptr;
    made.element = second;
    if (!within_shape(scope, &made, node.place)) return nullptr;
    type = &made;
  }
  if (type == nullptr) return nullptr;
  warn_misspelt(scope, node.annotations, node.place);
  return refine(scope, type, node.annotations, node.place);
}

const Type* Resolver::resolve_named(Scope& scope, const TypeNode& node, std::size_t depth) {
  TypeEntry* entry = find_type(scope, node.name);
  if (entry == nullptr && node.name == uuid_word) return schema_.scalar(Kind::uuid);
  if (entry == nullptr) {
    report_unknown_type(scope, node);
    return nullptr;
  }
  warn_of_second_include(scope, node, *entry);
  const Type* type = entry_type(*entry, node.name, scope, node.place, depth);
  // The alias is what was written here: another file's typedef with its prefix.
  if (type == nullptr || entry->alias == nullptr || type->alias == node.name) return type;
  Type& named = schema_.add_type();
  named = *type;
  named.alias = node.name;
  shapes_[&named] = shape_of(type);
  return &named;
}

const Type* Resolver::entry_type(TypeEntry& entry, const std::string& written, const Scope& from, Place place,
                                 std::size_t depth) {
  if (entry.state == State::done) return entry.type;
  if (entry.state == State::open || depth > base::Limits().nesting_max) {
    error(from, place, "CIRCULAR_TYPEDEF",
          entry.state == State::open
              ? "the typedef '" + written + "' leads back to itself; name a type at its end"
              : "more than " + std::to_string(base::Limits().nesting_max) +
                    " typedefs lead on from one another");
    return nullptr;
  }
  if (entry.alias == nullptr) {
    Type& type = schema_.add_type();
    type.kind = entry.structure != nullptr ? Kind::structure : Kind::enumeration;
    type.structure = entry.structure;
    type.enumeration = entry.enumeration;
    entry.type = &type;
    entry.state = State::done;
    return &type;
  }
  entry.state = State::open;
  const TypedefNode& node = *entry.alias_of;
  const Type* target = resolve_type(*entry.scope, node.type, depth + 1);
  if (target != nullptr) target = refine(*entry.scope, target, node.annotations, node.place);
  warn_misspelt(*entry.scope, node.annotations, node.place);
  entry.alias->type = target;
  if (target != nullptr) {
    Type& named = schema_.add_type();
    named = *target;
    named.alias = node.name;
    shapes_[&named] = shape_of(target);
    entry.type = &named;
  }
  entry.state = State::done;
  return entry.type;
}

const Type* Resolver::refine(const Scope& scope, const Type* type, const Annotations& annotations,
                             Place place) {
  const std::string* range = find_annotation(annotations, "koine.range");
  const std::string* number = find_annotation(annotations, "koine.number");
  const std::string* as = find_annotation(annotations, "koine.as");
  if (as != nullptr && *as == uuid_word && type->kind != Kind::uuid) {
    error(scope, place, "BAD_ANNOTATION",
          "koine.as = \"uuid\" is for .proto files, which have no such type; in Thrift write the type uuid");
    return type;
  }
  if (range == nullptr && number == nullptr) return type;
  Type refined = *type;
  if (range != nullptr) {
    auto known = std::find_if(ranges.begin(), ranges.end(), [&](const Range& r) { return r.name == *range; });
    if (known == ranges.end()) {
      error(scope, place, "BAD_ANNOTATION",
            "koine.range = \"" + *range + "\" is unknown; use u8, u16, u32, u64, i8, i16 or f32");
      return type;
    }
    // Said twice is the same thing: a typedef of a range, used with that range.
    if (type->kind != known->carrier && type->kind != known->kind) {
      const std::string carrier(known->wire);
      const bool container = type->kind >= Kind::list;
      error(scope, place, "BAD_ANNOTATION",
            "koine.range = \"" + *range + "\" is written on a " + std::string(to_string(type->kind)) + "; " +
                (container ? "put it inside, as in list<" + carrier + " (koine.range = \"" + *range + "\")>"
                           : "its values travel in " + carrier + ", so the type here must be " + carrier));
      return type;
    }
    refined.kind = known->kind;
  }
  if (number != nullptr) {
    const bool fixed = *number == "fixed";
    const bool known = fixed || *number == "zigzag";
    if (!known || !(is_integer(refined.kind) || (fixed && refined.kind == Kind::uuid))) {
      error(
          scope, place, "BAD_ANNOTATION",
          "koine.number is \"zigzag\" or \"fixed\", and on an integer, or \"fixed\" on a uuid: how protobuf "
          "writes it");
      return type;
    }
    refined.number_form = *number == "zigzag" ? NumberForm::zigzag : NumberForm::fixed;
  }
  if (refined.kind == type->kind && refined.number_form == type->number_form) return type;
  if (refined.alias.empty() && refined.number_form == NumberForm::plain) return schema_.scalar(refined.kind);
  Type& made = schema_.add_type();
  made = refined;
  return &made;
}

}  // namespace koine::idl::thrift
