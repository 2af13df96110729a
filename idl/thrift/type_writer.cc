// Type names of the .thrift writer. Owner: see type_writer.h.
#include "idl/thrift/type_writer.h"

#include "idl/dump.h"
#include "idl/source.h"

namespace koine::idl::thrift {
namespace {

std::string_view carrier_name(Kind kind) {
  switch (kind) {
    case Kind::boolean: return "bool";
    case Kind::i8: return "i8";
    case Kind::u8:
    case Kind::i16: return "i16";
    case Kind::u16:
    case Kind::i32: return "i32";
    case Kind::u32:
    case Kind::u64:
    case Kind::i64: return "i64";
    case Kind::f32:
    case Kind::f64: return "double";
    case Kind::string: return "string";
    case Kind::bytes: return "binary";
    default: return to_string(kind);
  }
}

std::string parenthesised(const Annotations& annotations) {
  std::string text;
  for (const Annotation& a : annotations)
    text += (text.empty() ? " (" : ", ") + a.name + " = " + quoted(a.value);
  return text.empty() ? text : text + ")";
}

}  // namespace

TypeWriter::TypeWriter(const Schema& schema, const File& file) : file_(file) {
  for (const File& other : schema.files()) {
    for (const StructType* type : other.structs) owners_[type] = &other;
    for (const EnumType* type : other.enums) owners_[type] = &other;
    for (const Service* service : other.services) {
      owners_[service] = &other;
      services_.emplace(service->full_name, service);
    }
    for (const std::string& import : file.imports) {
      if (&other != &file && stem_of(import) == stem_of(other.path)) {
        files_by_prefix_.emplace(stem_of(other.path), &other);
      }
    }
  }
}

std::string TypeWriter::prefix_of(const void* node) const {
  auto owner = owners_.find(node);
  if (owner == owners_.end() || owner->second == &file_) return {};
  return stem_of(owner->second->path) + ".";
}

std::string TypeWriter::enum_value(const EnumReference& reference) const {
  const EnumValue* value = reference.type == nullptr ? nullptr : reference.type->find_value(reference.number);
  if (value == nullptr) return std::to_string(reference.number);
  return prefix_of(reference.type) + reference.type->name + "." + value->name;
}

std::string TypeWriter::service(const std::string& full_name) const {
  auto found = services_.find(full_name);
  return found == services_.end() ? full_name : prefix_of(found->second) + found->second->name;
}

Annotations TypeWriter::refinements(const Type& type) {
  Annotations annotations;
  switch (type.kind) {
    case Kind::u8:
    case Kind::u16:
    case Kind::u32:
    case Kind::u64:
    case Kind::f32: annotations.push_back({"koine.range", std::string(to_string(type.kind))}); break;
    default: break;
  }
  if (type.number_form == NumberForm::zigzag) annotations.push_back({"koine.number", "zigzag"});
  if (type.number_form == NumberForm::fixed) annotations.push_back({"koine.number", "fixed"});
  return annotations;
}

std::string TypeWriter::carrier(const Type& type) const {
  switch (type.kind) {
    case Kind::structure: return type.structure->full_name;
    case Kind::enumeration: return type.enumeration->full_name;
    case Kind::list:
    case Kind::set:
      return std::string(to_string(type.kind)) + "<" + carrier(*type.element) +
             parenthesised(refinements(*type.element)) + ">";
    case Kind::map:
      return "map<" + carrier(*type.key) + parenthesised(refinements(*type.key)) + ", " +
             carrier(*type.element) + parenthesised(refinements(*type.element)) + ">";
    default: return std::string(carrier_name(type.kind));
  }
}

const Typedef* TypeWriter::alias_of(const Type& type) const {
  if (type.alias.empty()) return nullptr;
  const std::size_t dot = type.alias.rfind('.');
  const File* holder = &file_;
  std::string_view bare = type.alias;
  if (dot != std::string::npos) {
    auto found = files_by_prefix_.find(type.alias.substr(0, dot));
    if (found == files_by_prefix_.end()) return nullptr;
    holder = found->second;
    bare.remove_prefix(dot + 1);
  }
  for (const Typedef* alias : holder->typedefs) {
    if (alias->name != bare || alias->type == nullptr) continue;
    // A range that the typedef has cannot be taken away again.
    const Annotations own = refinements(*alias->type);
    const bool kept = own.empty() || parenthesised(own) == parenthesised(refinements(type));
    return kept && carrier(*alias->type) == carrier(type) ? alias : nullptr;
  }
  return nullptr;
}

std::string TypeWriter::inner(const Type& type) const {
  Annotations annotations;
  std::string text = declared(type, annotations);
  return text + parenthesised(annotations);
}

std::string TypeWriter::declared(const Type& type, Annotations& annotations) const {
  if (const Typedef* alias = alias_of(type)) {
    for (Annotation& a : refinements(type)) {
      const std::string* known = nullptr;
      const Annotations own = refinements(*alias->type);
      known = find_annotation(own, a.name);
      if (known == nullptr || *known != a.value) annotations.push_back(std::move(a));
    }
    return type.alias;
  }
  switch (type.kind) {
    case Kind::structure: return prefix_of(type.structure) + type.structure->name;
    case Kind::enumeration: return prefix_of(type.enumeration) + type.enumeration->name;
    case Kind::list:
    case Kind::set: return std::string(to_string(type.kind)) + "<" + inner(*type.element) + ">";
    case Kind::map: return "map<" + inner(*type.key) + ", " + inner(*type.element) + ">";
    default: return std::string(carrier_name(type.kind)) + parenthesised(refinements(type));
  }
}

}  // namespace koine::idl::thrift
