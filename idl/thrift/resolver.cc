// Declarations, enums, structs and their fields. Owner: see resolver.h.
#include "idl/thrift/resolver.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <set>

#include "idl/annotations.h"

namespace koine::idl::thrift {
namespace {

// google.rpc.Code, the names that koine.code takes.
constexpr std::array<std::string_view, 17> status_codes = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

// Defaults that have no Thrift constant.
std::optional<Value> annotated_default(const Type& type, std::string_view text) {
  if (type.kind == Kind::f32 || type.kind == Kind::f64) {
    if (text == "inf") return Value{std::numeric_limits<double>::infinity()};
    if (text == "-inf") return Value{-std::numeric_limits<double>::infinity()};
    if (text == "nan") return Value{std::numeric_limits<double>::quiet_NaN()};
  }
  std::uint64_t number = 0;
  const char* last = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), last, number);
  if (type.kind != Kind::u64 || parsed.ec != std::errc() || parsed.ptr != last || number >> 63 == 0) {
    return std::nullopt;
  }
  return Value{number};
}

}  // namespace

std::optional<bool> annotation_flag(std::string_view value) {
  if (value == "1" || value == "true") return true;
  if (value == "0" || value == "false") return false;
  return std::nullopt;
}

void drop_absorbed(Annotations& annotations) {
  constexpr std::array<std::string_view, 6> absorbed = {"koine.range", "koine.number",     "koine.json_name",
                                                        "koine.oneof", "koine.idempotent", "koine.default"};
  std::erase_if(annotations, [&](const Annotation& a) {
    return std::find(absorbed.begin(), absorbed.end(), a.name) != absorbed.end();
  });
}

Resolver::Resolver(Schema& schema, const LoadedFiles& files, const Bounds& bounds, Report& report)
    : schema_(schema), bounds_(bounds), report_(report) {
  std::map<const LoadedFile*, Scope*> by_file;
  for (const auto& loaded : files) {
    Scope& scope = *scopes_.emplace_back(std::make_unique<Scope>());
    scope.loaded = loaded.get();
    by_file[loaded.get()] = &scope;
    for (const LoadedFile* include : loaded->includes) scope.includes.push_back(by_file.at(include));
  }
}

void Resolver::resolve() {
  tell_shared_names_apart();
  for (auto& scope : scopes_) declare(*scope);
  for (auto& scope : scopes_) {
    for (auto& [name, entry] : scope->types) {
      if (entry.alias != nullptr) entry_type(entry, name, *scope, entry.place, 0);
    }
  }
  for (auto& scope : scopes_) {
    for (auto& [node, type] : scope->structs) fill_struct(*scope, *node, *type);
  }
  // Values of struct types need the fields of every struct, and references to constants their types.
  for (auto& scope : scopes_) {
    for (auto& [name, entry] : scope->constants) {
      entry.constant->type = resolve_type(*scope, entry.node->type, 0);
    }
  }
  for (auto& scope : scopes_) {
    for (const ConstantNode& node : scope->loaded->node.constants) {
      auto found = scope->constants.find(node.name);
      if (found != scope->constants.end()) resolve_constant(found->second);
    }
    for (auto& [node, type] : scope->structs) {
      fill_defaults(*scope, node->fields, "'" + type->name + "'", *type, 0);
    }
  }
  for (auto& scope : scopes_) {
    for (auto& [name, entry] : scope->services) resolve_service(entry, 0);
  }
}

Location Resolver::location(const Scope& scope, Place place) {
  return {scope.loaded->source.path, place.line, place.column};
}

void Resolver::declare(Scope& scope) {
  const LoadedFile& loaded = *scope.loaded;
  File& file = schema_.add_file();
  scope.file = &file;
  file.path = loaded.source.path;
  file.language = Language::thrift;
  file.package = package_of(loaded);
  file.namespaces = loaded.node.namespaces;
  file.annotations = loaded.node.annotations;
  file.doc = loaded.node.doc;
  for (const IncludeNode& include : loaded.node.includes) file.imports.push_back(include.path);
  warn_misspelt(scope, file.annotations, {1, 1});
  declare_enums(scope);
  declare_structs(scope);
  declare_others(scope);
}

void Resolver::declare_enums(Scope& scope) {
  for (const EnumNode& node : scope.loaded->node.enums) {
    if (!claim_type(scope, node.name, node.place)) continue;
    EnumType& type = schema_.add_enum();
    type.name = node.name;
    type.full_name = full_type_name(scope, node.name);
    fill_enum(scope, node, type);
    TypeEntry& entry = scope.types[node.name];
    entry.enumeration = &type;
    entry.place = node.place;
    entry.scope = &scope;
    scope.file->enums.push_back(&type);
  }
}

void Resolver::fill_enum(const Scope& scope, const EnumNode& node, EnumType& type) {
  type.annotations = node.annotations;
  type.doc = node.doc;
  type.location = location(scope, node.place);
  std::int64_t next = 0;
  std::set<std::string_view> names;
  for (const EnumValueNode& value : node.values) {
    if (!names.insert(value.name).second) {
      error(scope, value.place, "DUPLICATE_NAME",
            "enum '" + node.name + "' has two values '" + value.name + "'; rename one of them");
    }
    const std::int64_t number = value.number.value_or(next);
    if (number > std::numeric_limits<std::int32_t>::max()) {
      error(scope, value.place, "ENUM_RANGE",
            "'" + value.name + "' would get " + std::to_string(number) +
                ", one more than an i32 holds; give it a number");
    } else if (number < 0) {
      warning(scope, value.place, "ENUM_NEGATIVE",
              "'" + value.name + "' is negative; Thrift says that enum values are not");
    }
    next = number + 1;
    type.values.push_back({value.name, static_cast<std::int32_t>(number), value.annotations, value.doc});
  }
}

void Resolver::declare_structs(Scope& scope) {
  for (const StructNode& node : scope.loaded->node.structs) {
    if (!claim_type(scope, node.name, node.place)) continue;
    StructType& type = schema_.add_struct();
    type.name = node.name;
    type.full_name = full_type_name(scope, node.name);
    type.form = node.form;
    type.implicit_utf8 = false;
    type.annotations = node.annotations;
    type.doc = node.doc;
    type.location = location(scope, node.place);
    TypeEntry& entry = scope.types[node.name];
    entry.structure = &type;
    entry.place = node.place;
    entry.scope = &scope;
    scope.structs.emplace_back(&node, &type);
    scope.file->structs.push_back(&type);
  }
}

void Resolver::declare_others(Scope& scope) {
  for (const TypedefNode& node : scope.loaded->node.typedefs) {
    auto known = scope.types.find(node.name);
    if (known != scope.types.end()) {
      error(scope, node.place, "DUPLICATE_NAME",
            "the type '" + node.name + "' is already defined at line " +
                std::to_string(known->second.place.line) + "; rename one of them");
      continue;
    }
    Typedef& alias = schema_.add_typedef();
    alias.name = node.name;
    alias.annotations = node.annotations;
    drop_absorbed(alias.annotations);
    alias.doc = node.doc;
    TypeEntry& entry = scope.types[node.name];
    entry.alias = &alias;
    entry.alias_of = &node;
    entry.place = node.place;
    entry.scope = &scope;
    scope.file->typedefs.push_back(&alias);
  }
  for (const ConstantNode& node : scope.loaded->node.constants) {
    auto [entry, fresh] = scope.constants.try_emplace(node.name);
    if (!fresh) {
      error(scope, node.place, "DUPLICATE_NAME",
            "the constant '" + node.name + "' is already defined at line " +
                std::to_string(entry->second.node->place.line) + "; rename one of them");
      continue;
    }
    Constant& constant = schema_.add_constant();
    constant.name = node.name;
    constant.doc = node.doc;
    constant.location = location(scope, node.place);
    entry->second = {&node, &constant, State::untouched, &scope};
    scope.file->constants.push_back(&constant);
  }
  for (const ServiceNode& node : scope.loaded->node.services) {
    const std::string full_name = full_service_name(scope, node.name);
    if (!claim_full_name(scope, full_name, node.place, true)) continue;
    Service& service = schema_.add_service();
    service.name = node.name;
    service.full_name = full_name;
    service.annotations = node.annotations;
    service.doc = node.doc;
    service.location = location(scope, node.place);
    scope.services[node.name] = {&node, &service, State::untouched, &scope};
    scope.file->services.push_back(&service);
  }
}

void Resolver::fill_struct(Scope& scope, const StructNode& node, StructType& type) {
  const bool is_union = node.form == StructForm::union_;
  add_fields(scope, node.fields, is_union ? FieldsOf::union_ : FieldsOf::structure, "'" + node.name + "'",
             type);
  warn_misspelt(scope, node.annotations, node.place);
  const std::string* code = find_annotation(node.annotations, "koine.code");
  if (code == nullptr) return;
  if (node.form != StructForm::exception) {
    error(scope, node.place, "BAD_ANNOTATION",
          "koine.code says with which gRPC status an exception travels; '" + node.name + "' is none");
  }
  const std::vector<std::string> codes(status_codes.begin() + 1, status_codes.end());
  if (std::find(codes.begin(), codes.end(), *code) == codes.end()) {
    error(scope, node.place, "BAD_ANNOTATION",
          "koine.code = \"" + *code + "\" is no gRPC status that an error can have" +
              did_you_mean(*code, codes));
  }
}

Presence Resolver::presence_of(const Scope& scope, const FieldNode& node, FieldsOf owner) {
  switch (owner) {
    case FieldsOf::structure: break;
    case FieldsOf::union_:
      if (node.requiredness == Requiredness::required) {
        warning(scope, node.place, "UNION_REQUIRED",
                "'" + node.name + "' is a union's member, so it cannot be required; remove 'required'");
      }
      return Presence::optional;
    case FieldsOf::arguments:
      if (node.requiredness == Requiredness::optional) {
        warning(
            scope, node.place, "OPTIONAL_ARGUMENT",
            "'optional' means nothing for an argument; remove it, or put '" + node.name + "' into a struct");
        return Presence::implicit;
      }
      break;
    case FieldsOf::exceptions: return Presence::optional;
  }
  if (node.requiredness == Requiredness::required) return Presence::required;
  return node.requiredness == Requiredness::optional ? Presence::optional : Presence::implicit;
}

std::vector<std::int32_t> Resolver::assign_ids(const Scope& scope, const std::vector<FieldNode>& nodes,
                                               const std::string& where) {
  constexpr std::int64_t wire_id_max = 32767;
  std::vector<std::int32_t> ids;
  std::map<std::int32_t, const FieldNode*> known;
  std::int32_t next = -1;
  const FieldNode* unnumbered = nullptr;
  for (const FieldNode& node : nodes) {
    std::int32_t id = 0;
    if (!node.id || *node.id <= 0) {
      id = next--;
      if (!node.id && unnumbered == nullptr) unnumbered = &node;
      if (node.id) {
        warning(scope, node.id_place, "ID_NOT_POSITIVE",
                "the id of '" + node.name + "' is not positive; it travels as " + std::to_string(id) +
                    ", as the Thrift compiler numbers it. Give it a positive one if no peer is built yet");
      }
    } else if (*node.id > std::numeric_limits<std::int32_t>::max()) {
      error(scope, node.id_place, "ID_OUT_OF_RANGE",
            "the id of '" + node.name + "' is too large; ids go from 1 to 32767");
    } else {
      id = static_cast<std::int32_t>(*node.id);
      if (*node.id > wire_id_max) {
        warning(scope, node.id_place, "ID_OUT_OF_RANGE",
                "the id " + std::to_string(id) + " of '" + node.name +
                    "' does not fit the 16 bits that travel; peers cut it. Choose one up to 32767");
      }
    }
    auto [entry, fresh] = known.emplace(id, &node);
    if (!fresh && id != 0) {
      error(scope, node.id ? node.id_place : node.place, "DUPLICATE_ID",
            "the id " + std::to_string(id) + " of '" + node.name + "' is already that of '" +
                entry->second->name + "' in " + where + "; choose another");
    }
    ids.push_back(id);
  }
  if (unnumbered != nullptr) {
    warning(
        scope, unnumbered->place, "ID_MISSING",
        "'" + unnumbered->name + "' in " + where +
            " has no id; it is counted down from -1, which breaks as soon as the order changes. Give every "
            "field an id");
  }
  return ids;
}

void Resolver::add_fields(Scope& scope, const std::vector<FieldNode>& nodes, FieldsOf owner,
                          const std::string& where, StructType& type) {
  const std::vector<std::int32_t> ids = assign_ids(scope, nodes, where);
  std::map<std::string_view, const FieldNode*> names;
  Oneofs oneofs;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const FieldNode& node = nodes[i];
    auto [entry, fresh] = names.emplace(node.name, &node);
    if (!fresh) {
      error(scope, node.place, "DUPLICATE_NAME",
            "the name '" + node.name + "' is already used at line " +
                std::to_string(entry->second->place.line) + " in " + where + "; rename one of them");
    }
    Field& field = type.fields.emplace_back();
    field.name = node.name;
    field.id = ids[i];
    field.type = resolve_type(scope, node.type, 0);
    field.presence = presence_of(scope, node, owner);
    field.annotations = node.annotations;
    field.doc = node.doc;
    field.location = location(scope, node.place);
    apply_annotations(scope, node, type, oneofs, field);
  }
}

void Resolver::apply_annotations(const Scope& scope, const FieldNode& node, StructType& type, Oneofs& oneofs,
                                 Field& field) {
  warn_misspelt(scope, node.annotations, node.place);
  if (field.type != nullptr) field.type = refine(scope, field.type, node.annotations, node.place);
  const std::string* json_name = find_annotation(node.annotations, "koine.json_name");
  const std::string* name = find_annotation(node.annotations, "koine.name");
  if ((json_name != nullptr && json_name->empty()) || (name != nullptr && name->empty())) {
    error(scope, node.place, "BAD_ANNOTATION", "the name of '" + node.name + "' in its annotation is empty");
  }
  field.json_name = annotated_json_name(node.annotations);
  if (field.json_name.empty()) field.json_name = to_json_name(name != nullptr ? *name : node.name);
  const std::string* oneof = find_annotation(node.annotations, "koine.oneof");
  drop_absorbed(field.annotations);
  if (oneof == nullptr) return;
  if (type.form == StructForm::union_ || field.presence != Presence::optional) {
    error(scope, node.place, "BAD_ANNOTATION",
          "koine.oneof groups optional fields of a struct; make '" + node.name + "' one, or use a union");
    return;
  }
  const auto [known, fresh] = oneofs.emplace(*oneof, static_cast<std::int32_t>(type.oneofs.size()));
  if (fresh) type.oneofs.push_back(*oneof);
  field.oneof_index = known->second;
}

void Resolver::fill_defaults(Scope& scope, const std::vector<FieldNode>& nodes, const std::string& where,
                             StructType& type, std::size_t first) {
  const FieldNode* earlier = nullptr;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Field& field = type.fields[first + i];
    if (const std::string* text = find_annotation(nodes[i].annotations, "koine.default")) {
      std::optional<Value> value;
      if (field.type != nullptr && !nodes[i].default_value) value = annotated_default(*field.type, *text);
      if (!value) {
        error(scope, nodes[i].place, "BAD_ANNOTATION",
              "koine.default is \"inf\", \"-inf\" or \"nan\" on a double, or a number above 2^63-1 on a u64; "
              "write "
              "other defaults after '='");
      }
      field.default_value = std::move(value);
    }
    if (!nodes[i].default_value) continue;
    if (type.form == StructForm::union_) {
      if (earlier != nullptr) {
        error(scope, nodes[i].place, "UNION_DEFAULTS",
              "'" + earlier->name + "' is the default of the union " + where + " already; one member can be");
      }
      earlier = &nodes[i];
    }
    if (field.type == nullptr) continue;
    field.default_value = convert(scope, {&scope, std::nullopt}, *nodes[i].default_value, *field.type, 0);
  }
}

}  // namespace koine::idl::thrift
