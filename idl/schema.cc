// The schema graph's own functions: names of kinds and the look-ups. Owner: see schema.h; any thread once
// built.
#include "idl/schema.h"

namespace koine::idl {
namespace {

// First wins: builders refuse a second definition of a name, and what is not refused must not be replaced.
template <class Node>
const Node* find_indexed(detail::NameIndex<Node>& index, const std::deque<Node>& nodes,
                         std::string_view full_name) {
  for (; index.seen < nodes.size(); ++index.seen) index.unnamed.push_back(&nodes[index.seen]);
  // A builder may ask for a name between adding a node and naming it: those are looked at again next time.
  std::erase_if(index.unnamed, [&](const Node* node) {
    if (node->full_name.empty()) return false;
    index.by_name.emplace(node->full_name, node);
    return true;
  });
  auto found = index.by_name.find(full_name);
  return found == index.by_name.end() ? nullptr : found->second;
}

}  // namespace

std::string_view to_string(Language language) {
  switch (language) {
    case Language::thrift: return "thrift";
    case Language::proto: return "proto";
    case Language::java: return "java";
  }
  return "unknown";
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::boolean: return "bool";
    case Kind::i8: return "i8";
    case Kind::i16: return "i16";
    case Kind::i32: return "i32";
    case Kind::i64: return "i64";
    case Kind::u8: return "u8";
    case Kind::u16: return "u16";
    case Kind::u32: return "u32";
    case Kind::u64: return "u64";
    case Kind::f32: return "f32";
    case Kind::f64: return "f64";
    case Kind::string: return "string";
    case Kind::bytes: return "bytes";
    case Kind::uuid: return "uuid";
    case Kind::enumeration: return "enum";
    case Kind::structure: return "struct";
    case Kind::list: return "list";
    case Kind::set: return "set";
    case Kind::map: return "map";
  }
  return "unknown";
}

const std::string* find_annotation(const Annotations& annotations, std::string_view name) {
  for (const Annotation& annotation : annotations) {
    if (annotation.name == name) return &annotation.value;
  }
  return nullptr;
}

std::string to_json_name(std::string_view field_name) {
  std::string out;
  bool upper_next = false;
  for (char c : field_name) {
    if (c == '_') {
      upper_next = true;
      continue;
    }
    out += upper_next && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper_next = false;
  }
  return out;
}

const Field* StructType::find_field(std::int32_t id) const {
  for (const Field& field : fields) {
    if (field.id == id) return &field;
  }
  return nullptr;
}

const Field* StructType::find_field(std::string_view field_name) const {
  for (const Field& field : fields) {
    if (field.name == field_name) return &field;
  }
  return nullptr;
}

const EnumValue* EnumType::find_value(std::int32_t number) const {
  for (const EnumValue& value : values) {
    if (value.number == number) return &value;
  }
  return nullptr;
}

const EnumValue* EnumType::find_value(std::string_view value_name) const {
  for (const EnumValue& value : values) {
    if (value.name == value_name) return &value;
  }
  return nullptr;
}

const Method* Service::find_method(std::string_view method_name) const {
  for (const Method& method : methods) {
    if (method.name == method_name) return &method;
  }
  return nullptr;
}

const Type* Schema::scalar(Kind kind) {
  const Type*& shared = scalars_[kind];
  if (shared == nullptr) {
    Type& type = add_type();
    type.kind = kind;
    shared = &type;
  }
  return shared;
}

const StructType* Schema::find_struct(std::string_view full_name) const {
  std::lock_guard lock(index_mutex_);
  return find_indexed(struct_index_, structs_, full_name);
}

const EnumType* Schema::find_enum(std::string_view full_name) const {
  std::lock_guard lock(index_mutex_);
  return find_indexed(enum_index_, enums_, full_name);
}

const Service* Schema::find_service(std::string_view full_name) const {
  std::lock_guard lock(index_mutex_);
  return find_indexed(service_index_, services_, full_name);
}

}  // namespace koine::idl
