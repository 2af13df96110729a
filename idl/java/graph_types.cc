// Types of the schema graph. Owner: see graph.h.
#include <algorithm>
#include <array>
#include <utility>

#include "idl/java/graph.h"
#include "idl/java/library.h"

namespace koine::idl::java {
namespace {

constexpr std::array<std::pair<std::string_view, Kind>, 7> primitive_kinds = {{{"boolean", Kind::boolean},
                                                                               {"byte", Kind::i8},
                                                                               {"short", Kind::i16},
                                                                               {"int", Kind::i32},
                                                                               {"long", Kind::i64},
                                                                               {"float", Kind::f32},
                                                                               {"double", Kind::f64}}};

bool is_primitive(const Term& term, std::string_view name) {
  return term.form == Term::Form::primitive && term.name == name;
}

}  // namespace

const Type* Graph::new_type(Kind kind, std::string native) {
  Type& type = schema_.add_type();
  type.kind = kind;
  type.native = std::move(native);
  return &type;
}

const Type* Graph::type_of(const Term& term) {
  const auto known = types_.find(&term);
  if (known != types_.end()) return known->second;
  const Type* type = nullptr;
  switch (term.form) {
    case Term::Form::primitive: type = primitive_type(term); break;
    case Term::Form::array: type = array_type(term); break;
    case Term::Form::declared: type = declared_type(term); break;
    case Term::Form::library: type = library_type(term, term); break;
    case Term::Form::unknown:
    case Term::Form::oversized: break;  // nothing that has one gets here
  }
  return types_[&term] = type;
}

const Type* Graph::primitive_type(const Term& term) {
  for (const auto& [name, kind] : primitive_kinds) {
    if (name == term.name) return schema_.scalar(kind);
  }
  return new_type(Kind::string, term.name);  // char
}

const Type* Graph::array_type(const Term& term) {
  const Term& element = *term.arguments[0];
  if (is_primitive(element, "byte")) return schema_.scalar(Kind::bytes);
  // Text on the wire, and read as such.
  if (is_primitive(element, "char")) return schema_.scalar(Kind::string);
  const Type* of = type_of(element);
  Type& type = schema_.add_type();
  type.kind = Kind::list;
  type.element = of;
  type.native = class_name(term);
  return &type;
}

const Type* Graph::declared_type(const Term& term) {
  if (term.decl->node->form == ClassForm::enumeration) {
    Type& type = schema_.add_type();
    type.kind = Kind::enumeration;
    type.enumeration = &enum_of(*term.decl);
    return &type;
  }
  const Term* library = shapes_.container(term);
  if (library != &term) return library_type(*library, term);
  Type& type = schema_.add_type();
  type.kind = Kind::structure;
  type.structure = structs_[&term];
  return &type;
}

// `written`: the class that is declared, which may extend the library's.
const Type* Graph::library_type(const Term& term, const Term& written) {
  const LibraryClass* const known = find_library(term.name);
  if (known == nullptr) return nullptr;
  std::string native = known->plain && &term == &written ? "" : class_name(written);
  switch (known->meaning) {
    case Meaning::value: return native.empty() ? schema_.scalar(known->kind) : new_type(known->kind, native);
    case Meaning::millisecond: return new_type(Kind::i64, native);
    case Meaning::instant: return time_type("Timestamp", native);
    case Meaning::duration: return time_type("Duration", native);
    case Meaning::optional:
    case Meaning::future: return type_of(*term.arguments[0]);
    case Meaning::list:
    case Meaning::set:
    case Meaning::map: break;
    default: return nullptr;
  }
  const bool is_map = known->meaning == Meaning::map;
  const Type* first = type_of(*term.arguments[0]);
  const Type* second = is_map ? type_of(*term.arguments[1]) : nullptr;
  Type& type = schema_.add_type();
  type.kind = is_map ? Kind::map : known->meaning == Meaning::set ? Kind::set : Kind::list;
  type.key = is_map ? first : nullptr;
  type.element = is_map ? second : first;
  type.native = std::move(native);
  return &type;
}

// protobuf's own messages, by which the other languages' times are known too.
const Type* Graph::time_type(const std::string& name, std::string native) {
  const StructType*& structure = times_[name];
  if (structure == nullptr) {
    StructType& made = schema_.add_struct();
    made.name = name;
    made.full_name = claim("google.protobuf." + name);
    for (const auto& [field_name, kind] : {std::pair("seconds", Kind::i64), std::pair("nanos", Kind::i32)}) {
      Field& field = made.fields.emplace_back();
      field.name = field.json_name = field_name;
      field.id = static_cast<std::int32_t>(made.fields.size());
      field.type = schema_.scalar(kind);
    }
    File& file = schema_.add_file();
    file.language = Language::proto;
    file.syntax = "proto3";
    file.package = "google.protobuf";
    file.path = name == "Timestamp" ? "google/protobuf/timestamp.proto" : "google/protobuf/duration.proto";
    file.structs.push_back(&made);
    structure = &made;
  }
  Type& type = schema_.add_type();
  type.kind = Kind::structure;
  type.structure = structure;
  type.native = std::move(native);
  return &type;
}

bool Graph::holds_milliseconds(const Term& term) {
  const auto known = dated_.find(&term);
  if (known != dated_.end()) return known->second;
  const LibraryClass* library = term.form == Term::Form::library ? find_library(term.name) : nullptr;
  bool found = library != nullptr && library->meaning == Meaning::millisecond;
  const Term* inner = shapes_.container(term);
  if (inner->form == Term::Form::library || inner->form == Term::Form::array) {
    for (const Term* argument : inner->arguments) found = found || holds_milliseconds(*argument);
  }
  return dated_[&term] = found;
}

}  // namespace koine::idl::java
