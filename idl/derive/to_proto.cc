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
#include <array>

#include "idl/derive/deriver.h"
#include "idl/derive/sha256.h"
#include "idl/dump.h"

namespace koine::idl::derive {
namespace {

// What a derived node says by itself, or in its own annotations.
const std::set<std::string_view> struct_annotations = {"koine.name", "koine.form", "koine.role"};
const std::set<std::string_view> field_annotations = {"koine.name",      "koine.range",       "koine.number",
                                                      "koine.json_name", "koine.oneof",       "koine.default",
                                                      "koine.id",        "koine.requiredness"};
const std::set<std::string_view> enum_annotations = {"koine.name", "koine.value_prefix", "koine.enum_prefix"};
const std::set<std::string_view> value_annotations = {"koine.name", "koine.added"};
const std::set<std::string_view> method_annotations = {"koine.name", "koine.idempotent", "koine.range",
                                                       "koine.args", "koine.argument",   "koine.throws"};
const std::set<std::string_view> service_annotations = {"koine.name", "koine.extends"};

std::int32_t proto_number(std::int32_t id) {
  if (id <= 0) return 65536 - id;
  if (id >= 19000 && id <= 19999) return 100000 + id;
  return id;
}

bool is_container(const Type& type) {
  return type.kind == Kind::list || type.kind == Kind::set || type.kind == Kind::map;
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
    default: return true;
  }
}

bool is_packable(const Type& element) {
  return element.kind != Kind::string && element.kind != Kind::bytes && element.kind != Kind::structure;
}

bool is_unsigned(Kind kind) { return kind >= Kind::u8 && kind <= Kind::u64; }

void copy_annotation(const Annotations& from, std::string_view name, Annotations& to) {
  if (const std::string* value = find_annotation(from, name)) to.push_back({std::string(name), *value});
}

// "a.b.c" -> the last part.
std::string last_part(const std::string& name) { return name.substr(name.rfind('.') + 1); }

std::string replaced(std::string text, char from, std::string_view to) {
  std::string out;
  for (char c : text) out += c == from ? std::string(to) : std::string(1, c);
  return out;
}

class ToProto : public Deriver {
 public:
  ToProto(const Schema& source, Schema& derived, std::vector<Diagnostic>* warnings)
      : Deriver(source, derived, Language::proto, warnings) {}

  void run() {
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

 private:
  // The request and response message of one Thrift method, shared by all services that inherit it.
  struct Messages {
    const StructType* request = nullptr;
    const StructType* response = nullptr;
    bool request_spread = false;
    bool response_spread = false;
  };

  NameScope& scope(const std::string& package) { return scopes_[package]; }

  // ---- files

  void add_files() {
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

  // Generated code of both formats may live in one process, so protobuf's goes beside Thrift's, not into it.
  static void add_namespaces(const File& file, File& out) {
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

  // ---- names

  void declare_services(const File& file) {
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

  void declare_types(const File& file) {
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

  // A type's name in the file's package; what it was called, where that differs.
  std::string claim(const File& out, const std::string& name, const Annotations& source,
                    Annotations& derived) {
    std::string wished = annotation_or(source, "koine.name", name);
    if (!is_identifier(wished)) wished = name;
    std::string claimed = scope(out.package).claim(wished);
    if (claimed != name) derived.push_back({"koine.name", name});
    return claimed;
  }

  // ---- enums

  void fill_enums(const File& file) {
    File& out = derived_file(file);
    for (const EnumType* source : file.enums) fill_enum(out, *source, *filled_enums_.at(source));
  }

  void fill_enum(const File& out, const EnumType& source, EnumType& type) {
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

  // ---- structs

  void fill_struct(const File& file, const StructType& source, StructType& type) {
    type.form = source.form;
    type.doc = source.doc;
    type.location = source.location;
    for (Annotation& kept : annotations_without(source.annotations, struct_annotations)) {
      type.annotations.push_back(std::move(kept));
    }
    add_fields(file, source, source.fields, type);
    NameScope names = names_of(type);
    if (source.form == StructForm::union_ && !type.fields.empty()) {
      type.oneofs.push_back(names.claim(lower_snake(type.name)));
      for (Field& field : type.fields) field.oneof_index = 0;
    }
    for (const std::string& oneof : source.oneofs) type.oneofs.push_back(names.claim(oneof));
  }

  static NameScope names_of(const StructType& type) {
    NameScope names(folded);
    for (const Field& field : type.fields) names.reserve(field.name);
    return names;
  }

  void add_fields(const File& file, const StructType& source, const std::vector<Field>& fields,
                  StructType& type) {
    // PHP's accessors ignore case, C++'s drop it, JSON's names drop underscores.
    NameScope names(folded);
    NameScope symbols;  // of the message's scope: fields and the entry messages of maps
    std::set<std::string> json_names;
    for (const Field& field : fields) {
      Field& derived = type.fields.emplace_back();
      derived.id = proto_number(field.id);
      derived.origin_id = field.id;
      derived.doc = field.doc;
      derived.location = field.location;
      derived.oneof_index = field.oneof_index;
      const bool in_oneof = source.form == StructForm::union_ || field.oneof_index >= 0;
      set_type(file, field, in_oneof, derived);
      name_field(field, names, symbols, derived);
      derived.json_name = field.json_name;
      if (!json_names.insert(derived.json_name).second) {
        derived.json_name = to_json_name(derived.name);
        json_names.insert(derived.json_name);
      }
      annotate(source, field, derived);
    }
  }

  static void name_field(const Field& field, NameScope& names, NameScope& symbols, Field& derived) {
    std::string wished = annotation_or(field.annotations, "koine.name", field.name);
    if (!is_identifier(wished)) wished = field.name;
    const bool is_map = derived.type->kind == Kind::map;
    derived.name = names.claim(wished, [&](const std::string& name) {
      return symbols.taken(name) || (is_map && symbols.taken(map_entry_name(name)));
    });
    symbols.reserve(derived.name);
    if (is_map) symbols.reserve(map_entry_name(derived.name));
  }

  static void annotate(const StructType& source, const Field& field, Field& derived) {
    // In the order of options.proto, in which they are read.
    Annotations& out = derived.annotations;
    if (source.role == StructRole::plain && source.form != StructForm::union_) {
      if (field.presence == Presence::required) out.push_back({"koine.requiredness", "required"});
      if (field.presence == Presence::implicit && derived.presence == Presence::optional) {
        out.push_back({"koine.requiredness", "default"});
      }
    }
    if (field.default_value) {
      out.push_back({"koine.default", value_text(*field.default_value)});
    } else {
      copy_annotation(field.annotations, "koine.default", out);
    }
    if (derived.id != field.id) out.push_back({"koine.id", std::to_string(field.id)});
    if (derived.name != field.name) out.push_back({"koine.name", field.name});
    for (Annotation& kept : annotations_without(field.annotations, field_annotations)) {
      out.push_back(std::move(kept));
    }
  }

  void set_type(const File& file, const Field& field, bool in_oneof, Field& derived) {
    const Type& type = *field.type;
    if (is_container(type) && !in_oneof && field.presence != Presence::optional) {
      derived.type = repeated(file, type);
      derived.presence = Presence::implicit;
      derived.packed = derived.type->kind != Kind::map && is_packable(*derived.type->element);
      return;
    }
    derived.type = single(file, type);
    const bool explicit_presence =
        in_oneof || derived.type->kind == Kind::structure || field.presence == Presence::optional;
    derived.presence = explicit_presence ? Presence::optional : Presence::implicit;
  }

  // ---- types

  // A type that may stand where protobuf wants one value.
  const Type* single(const File& file, const Type& type) {
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

  // A container as a repeated or map field.
  const Type* repeated(const File& file, const Type& type) {
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

  const Type* structure(const StructType& type) {
    Type& out = derived_.add_type();
    out.kind = Kind::structure;
    out.structure = &type;
    return &out;
  }

  const StructType& wrapper(const File& file, const Type& type) {
    return shared(wrappers_, "wrapper " + shape(type), file, [&](auto& places) -> StructType& {
      StructType& made = make_up(file, shape_name(type), StructRole::wrapper);
      places[&file] = &made;
      add_made_field(made, 1, "value", repeated(file, type));
      return made;
    });
  }

  const StructType& entry(const File& file, const Type& type) {
    return shared(wrappers_, "entry " + shape(type), file, [&](auto& places) -> StructType& {
      const std::string name = shape_name(*type.key) + "To" + shape_name(*type.element) + "Entry";
      StructType& made = make_up(file, name, StructRole::map_entry);
      places[&file] = &made;
      add_made_field(made, 1, "key", single(file, *type.key));
      add_made_field(made, 2, "value", single(file, *type.element));
      return made;
    });
  }

  StructType& make_up(const File& file, const std::string& name, StructRole role) {
    File& out = derived_file(file);
    StructType& made = derived_.add_struct();
    made.name = scope(out.package).claim(name);
    made.full_name = joined(out.package, made.name);
    made.role = role;
    out.structs.push_back(&made);
    return made;
  }

  static void add_made_field(StructType& owner, std::int32_t id, const char* name, const Type* type) {
    Field& field = owner.fields.emplace_back();
    field.id = id;
    field.name = name;
    field.json_name = name;
    field.type = type;
    field.presence = type->kind == Kind::structure ? Presence::optional : Presence::implicit;
    field.packed = (type->kind == Kind::list || type->kind == Kind::set) && is_packable(*type->element);
  }

  // What makes two types one: kinds, number forms and what they refer to, not their aliases.
  static std::string shape(const Type& type) {
    Type bare = type;
    bare.alias.clear();
    if (!is_container(type)) return type_text(bare);
    std::string text = std::string(to_string(type.kind)) + "<";
    if (type.key != nullptr) text += shape(*type.key) + ",";
    return text + shape(*type.element) + ">";
  }

  // "ListOfInt32", "MapOfStringToOrder".
  std::string shape_name(const Type& type) const {
    static constexpr std::array<const char*, 13> plain = {"Bool",   "Int8",   "Int16",  "Int32",  "Int64",
                                                          "Uint8",  "Uint16", "Uint32", "Uint64", "Float",
                                                          "Double", "String", "Bytes"};
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

  // ---- methods

  void make_messages(const File& file) {
    for (const Service* service : file.services) {
      const std::vector<std::string> names = method_names(*service);
      for (std::size_t i = 0; i < service->own_methods; ++i) {
        make_messages(file, *service, service->methods[i], names[i]);
      }
    }
  }

  // First come, first served, names that need no change before those that do.
  static std::vector<std::string> method_names(const Service& service) {
    std::vector<std::string> wished;
    NameScope names;
    for (const Method& method : service.methods) {
      const std::string name = annotation_or(method.annotations, "koine.name", method.name);
      wished.push_back(is_identifier(name) ? name : method.name);
      if (upper_first(wished.back()) == wished.back() && !names.taken(wished.back())) {
        names.reserve(wished.back());
      } else {
        wished.back() = "?" + wished.back();
      }
    }
    for (std::string& name : wished) {
      if (name.front() != '?') continue;
      const std::string plain = name.substr(1);
      const bool keep = names.taken(upper_first(plain)) && !names.taken(plain);
      name = names.claim(keep ? plain : upper_first(plain));
    }
    return wished;
  }

  void make_messages(const File& file, const Service& service, const Method& method,
                     const std::string& name) {
    Messages& made = messages_[method.request];
    const std::vector<Field>& arguments = method.request->fields;
    if (arguments.size() == 1 && arguments[0].type->kind == Kind::structure) {
      made.request = structs_.at(arguments[0].type->structure);
    } else {
      StructType& request = method_message(file, service, name, "Request", StructRole::arguments);
      request.origin = method.request;
      request.location = method.location;
      add_fields(file, *method.request, arguments, request);
      made.request = &request;
      made.request_spread = true;
    }
    const Field* success = method.response->find_field(0);
    if (success != nullptr && success->type->kind == Kind::structure) {
      made.response = structs_.at(success->type->structure);
      return;
    }
    StructType& response = method_message(file, service, name, "Response", StructRole::result);
    response.origin = method.response;
    response.location = method.location;
    if (success != nullptr) {
      const bool container = is_container(*success->type);
      add_made_field(response, 1, "value",
                     container ? repeated(file, *success->type) : single(file, *success->type));
      response.fields.back().origin_id = success->id;
    }
    made.response = &response;
    made.response_spread = true;
  }

  StructType& method_message(const File& file, const Service& service, const std::string& method,
                             const char* suffix, StructRole role) {
    const NameScope& names = scope(derived_file(file).package);
    std::string name = upper_first(method) + suffix;
    if (names.taken(name)) name = upper_first(service.name) + name;
    return make_up(file, name, role);
  }

  void fill_services(const File& file) {
    for (const Service* source : file.services) {
      Service& service = *std::find_if(services_.begin(), services_.end(), [&](const auto& pair) {
                            return pair.first == source;
                          })->second;
      service.doc = source->doc;
      service.location = source->location;
      if (service.name != source->name) service.annotations.push_back({"koine.name", source->name});
      if (!source->base.empty()) service.annotations.push_back({"koine.extends", source->base});
      for (Annotation& kept : annotations_without(source->annotations, service_annotations)) {
        service.annotations.push_back(std::move(kept));
      }
      const std::vector<std::string> names = method_names(*source);
      for (std::size_t i = 0; i < source->methods.size(); ++i) {
        fill_method(source->methods[i], names[i], service.methods.emplace_back());
      }
      service.own_methods = service.methods.size();
    }
  }

  void fill_method(const Method& source, const std::string& name, Method& method) {
    const Messages& messages = messages_.at(source.request);
    method.origin = &source;
    method.name = name;
    method.request = messages.request;
    method.response = messages.response;
    method.request_spread = messages.request_spread;
    method.response_spread = messages.response_spread;
    method.oneway = source.oneway;
    method.idempotent = source.idempotent;
    method.doc = source.doc;
    method.location = source.location;
    Annotations& out = method.annotations;
    if (lower_first(name) != source.name) out.push_back({"koine.name", source.name});
    for (const Field& error : source.response->fields) {
      if (error.id == 0) continue;
      const StructType* type = structs_.at(error.type->structure);
      method.declared_errors.push_back(type);
      out.push_back({"koine.throws", type->full_name + " " + error.name + " " + std::to_string(error.id)});
    }
    if (!method.request_spread) {
      const Field& argument = source.request->fields[0];
      if (argument.name != "request" || argument.id != 1) {
        out.push_back({"koine.argument", std::to_string(argument.id) + " " + argument.name});
      }
    }
    for (Annotation& kept : annotations_without(source.annotations, method_annotations)) {
      out.push_back(std::move(kept));
    }
  }

  std::map<std::string, NameScope> scopes_;  // by package: messages, enums, their values, services, packages
  std::vector<std::pair<const Service*, Service*>> services_;
  std::map<const StructType*, StructType*> filled_;
  std::map<const EnumType*, EnumType*> filled_enums_;
  std::map<std::string, std::map<const File*, StructType*>> wrappers_;
  std::map<const StructType*, Messages> messages_;  // by arguments struct
};

}  // namespace

base::Result<std::unique_ptr<Schema>> to_proto(const Schema& source, std::vector<Diagnostic>* warnings) {
  auto derived = std::make_unique<Schema>();
  ToProto(source, *derived, warnings).run();
  return derived;
}

}  // namespace koine::idl::derive
