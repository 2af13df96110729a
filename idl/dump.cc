// Canonical text of schemas. Owner: see dump.h.
#include "idl/dump.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "idl/language.h"

namespace koine::idl {
namespace {

std::string double_text(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  char buffer[40];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  std::string text(buffer, end);
  // "3" would read back as an integer.
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string_view to_string(Presence presence) {
  switch (presence) {
    case Presence::required: return "required";
    case Presence::optional: return "optional";
    case Presence::implicit: return "implicit";
  }
  return "unknown";
}

std::string_view to_string(StructRole role) {
  switch (role) {
    case StructRole::plain: return "plain";
    case StructRole::wrapper: return "wrapper";
    case StructRole::map_entry: return "map_entry";
    case StructRole::arguments: return "arguments";
    case StructRole::result: return "result";
  }
  return "unknown";
}

std::string_view to_string(StructForm form) {
  switch (form) {
    case StructForm::structure: return "struct";
    case StructForm::union_: return "union";
    case StructForm::exception: return "exception";
  }
  return "unknown";
}

class Dumper {
 public:
  explicit Dumper(const DumpOptions& options) : options_(options) {}

  std::string dump(const Schema& schema) {
    if (options_.files) {
      for (const File* file : sorted<File>(schema.files(), [](const File& f) { return f.path; })) add(*file);
    }
    auto by_name = [](const auto& node) { return node.full_name; };
    for (const EnumType* type : sorted<EnumType>(schema.enums(), by_name)) add(*type);
    for (const StructType* type : sorted<StructType>(schema.structs(), by_name)) add(*type);
    for (const Service* service : sorted<Service>(schema.services(), by_name)) add(*service);
    return std::move(out_);
  }
  std::string dump(const File& file) {
    auto by_name = [](const auto& node) { return node.full_name; };
    std::vector<const StructType*> structs = file.structs;
    for (const Service* service : file.services) {
      for (std::size_t i = 0; has_arguments(file.language) && i < service->own_methods; ++i) {
        structs.push_back(service->methods[i].request);
        structs.push_back(service->methods[i].response);
      }
    }
    for (const EnumType* type : sorted(file.enums, by_name)) add(*type);
    for (const StructType* type : sorted(std::move(structs), by_name)) add(*type);
    for (const Service* service : sorted(file.services, by_name)) add(*service);
    return std::move(out_);
  }

 private:
  template <class Node, class Key>
  static std::vector<const Node*> sorted(std::vector<const Node*> list, Key key) {
    std::stable_sort(list.begin(), list.end(), [&](auto* a, auto* b) { return key(*a) < key(*b); });
    return list;
  }
  template <class Node, class Key>
  static std::vector<const Node*> sorted(const std::deque<Node>& nodes, Key key) {
    std::vector<const Node*> list;
    for (const Node& node : nodes) list.push_back(&node);
    return sorted(std::move(list), key);
  }

  void line(int depth, const std::string& text) {
    out_.append(static_cast<std::size_t>(depth) * 2, ' ');
    out_ += text;
    out_ += '\n';
  }
  void doc(int depth, const std::string& text) {
    if (options_.docs && !text.empty()) line(depth, "doc " + quoted(text));
  }
  void annotations(int depth, const Annotations& list) {
    for (const Annotation& a : list) line(depth, "annotation " + a.name + " = " + quoted(a.value));
  }
  template <class Node>
  void origin(int depth, const Node* node) {
    if (options_.origins && node != nullptr) line(depth, "origin " + node->full_name);
  }

  void add(const File& file) {
    line(0, "file " + file.path + " " + std::string(koine::idl::to_string(file.language)) +
                (file.syntax.empty() ? "" : " " + file.syntax) + " package " + file.package);
    doc(1, file.doc);
    annotations(1, file.annotations);
    for (const auto& [language, name] : file.namespaces) line(1, "namespace " + language + " " + name);
    for (const std::string& import : file.imports) line(1, "import " + import);
    std::vector<const Typedef*> typedefs = file.typedefs;
    std::sort(typedefs.begin(), typedefs.end(), [](auto* a, auto* b) { return a->name < b->name; });
    for (const Typedef* alias : typedefs) {
      line(1, "typedef " + alias->name + " = " + type(alias->type));
      annotations(2, alias->annotations);
      doc(2, alias->doc);
    }
    std::vector<const Constant*> constants = file.constants;
    std::sort(constants.begin(), constants.end(), [](auto* a, auto* b) { return a->name < b->name; });
    for (const Constant* constant : constants) {
      line(1, "const " + constant->name + ": " + type(constant->type) + " = " + value_text(constant->value));
      doc(2, constant->doc);
    }
  }

  void add(const EnumType& node) {
    line(0, "enum " + node.full_name + (node.closed ? " closed" : ""));
    doc(1, node.doc);
    annotations(1, node.annotations);
    origin(1, node.origin);
    for (const EnumValue& value : node.values) {
      line(1, "value " + value.name + " = " + std::to_string(value.number));
      annotations(2, value.annotations);
      doc(2, value.doc);
    }
  }

  void add(const StructType& node) {
    line(0, std::string(to_string(node.form)) + " " + node.full_name + " name " + node.name + " role " +
                std::string(to_string(node.role)) + (node.implicit_utf8 ? " utf8" : ""));
    doc(1, node.doc);
    annotations(1, node.annotations);
    origin(1, node.origin);
    for (const std::string& oneof : node.oneofs) line(1, "oneof " + oneof);
    for (const auto& [first, last] : node.reserved) {
      line(1, "reserved " + std::to_string(first) + " to " + std::to_string(last));
    }
    std::vector<const Field*> fields;
    for (const Field& field : node.fields) fields.push_back(&field);
    for (const Field* field : fields) add(node, *field);
  }

  void add(const StructType& owner, const Field& field) {
    std::string text = "field " + std::to_string(field.id) + " " + field.name + ": " + type(field.type) +
                       " " + std::string(to_string(field.presence)) + " json " + field.json_name;
    if (field.packed) text += " packed";
    if (field.oneof_index >= 0 && static_cast<std::size_t>(field.oneof_index) < owner.oneofs.size()) {
      text += " oneof " + owner.oneofs[static_cast<std::size_t>(field.oneof_index)];
    }
    if (field.default_value) text += " = " + value_text(*field.default_value);
    if (options_.origins && field.origin_id != 0) text += " origin " + std::to_string(field.origin_id);
    line(1, text);
    annotations(2, field.annotations);
    doc(2, field.doc);
  }

  void add(const Service& node) {
    line(0, "service " + node.full_name + (node.base.empty() ? "" : " extends " + node.base));
    doc(1, node.doc);
    annotations(1, node.annotations);
    origin(1, node.origin);
    for (std::size_t i = 0; i < node.methods.size(); ++i) {
      const Method& method = node.methods[i];
      std::string text = i < node.own_methods ? "method " : "inherited ";
      text += method.name + "(" + (method.client_streaming ? "stream " : "") + name(method.request) +
              "): " + (method.server_streaming ? "stream " : "") + name(method.response);
      if (method.oneway) text += " oneway";
      if (method.idempotent) text += " idempotent";
      if (method.request_spread) text += " request_spread";
      if (method.response_spread) text += " response_spread";
      if (options_.origins && method.origin != nullptr) text += " origin " + method.origin->name;
      line(1, text);
      for (const StructType* error : method.declared_errors) line(2, "error " + name(error));
      annotations(2, method.annotations);
      doc(2, method.doc);
    }
  }

  static std::string name(const StructType* type) { return type == nullptr ? "none" : type->full_name; }
  static std::string type(const Type* node) { return node == nullptr ? "none" : type_text(*node); }

  DumpOptions options_;
  std::string out_;
};

}  // namespace

std::string dump(const Schema& schema, const DumpOptions& options) { return Dumper(options).dump(schema); }

std::string dump(const File& file, const DumpOptions& options) { return Dumper(options).dump(file); }

namespace {

std::string kind_text(const Type& type) {
  auto part = [](const Type* inner) { return inner == nullptr ? "none" : type_text(*inner); };
  switch (type.kind) {
    case Kind::structure: return type.structure ? type.structure->full_name : "struct";
    case Kind::enumeration: return type.enumeration ? type.enumeration->full_name : "enum";
    case Kind::list:
    case Kind::set: return std::string(to_string(type.kind)) + "<" + part(type.element) + ">";
    case Kind::map: return "map<" + part(type.key) + ", " + part(type.element) + ">";
    default: return std::string(to_string(type.kind));
  }
}

}  // namespace

std::string type_text(const Type& type) {
  std::string text = type.alias.empty() ? "" : "(" + type.alias + ") ";
  if (type.number_form == NumberForm::zigzag) text += "zigzag ";
  if (type.number_form == NumberForm::fixed) text += "fixed ";
  if (type.delimited) text += "delimited ";
  text += kind_text(type);
  return type.native.empty() ? text : text + " as " + type.native;
}

std::string enum_text(const EnumReference& reference) {
  const EnumValue* value = reference.type == nullptr ? nullptr : reference.type->find_value(reference.number);
  if (value == nullptr) return std::to_string(reference.number);
  return reference.type->full_name + "." + value->name;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    switch (c) {
      case '\r': out += "\\r"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      default: out += c;
    }
  }
  return out + '"';
}

std::string value_text(const Value& value, const EnumText& name_enum) {
  struct Visitor {
    const EnumText& name_enum;
    std::string operator()(std::monostate) const { return "none"; }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(std::uint64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return double_text(number); }
    std::string operator()(const std::string& text) const { return quoted(text); }
    std::string operator()(const EnumReference& reference) const { return name_enum(reference); }
    std::string operator()(const ValueList& list) const {
      std::string text = "[";
      for (const Value& item : list) {
        if (text.size() > 1) text += ", ";
        text += value_text(item, name_enum);
      }
      return text + "]";
    }
    std::string operator()(const ValueMap& map) const {
      std::string text = "{";
      for (const auto& [key, item] : map) {
        if (text.size() > 1) text += ", ";
        text += value_text(key, name_enum) + ": " + value_text(item, name_enum);
      }
      return text + "}";
    }
  };
  return std::visit(Visitor{name_enum}, value.data);
}

}  // namespace koine::idl
