// JSON to declarations. Owner: see definitions.h.
#include "idl/java/definitions.h"

#include <algorithm>
#include <utility>

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "idl/java/lexer.h"
#include "idl/java/library.h"
#include "idl/java/parser.h"

namespace koine::idl::java {
namespace {

namespace pb = google::protobuf;

// A real one has some kilobytes; what libprotobuf makes of JSON has fifty times its size.
constexpr std::size_t definition_bytes_max = std::size_t{4} << 20;

const pb::Value* find(const pb::Struct& object, const char* name) {
  const auto found = object.fields().find(name);
  return found == object.fields().end() ? nullptr : &found->second;
}

const std::string& text_of(const pb::Struct& object, const char* name) {
  static const std::string none;
  const pb::Value* value = find(object, name);
  return value == nullptr ? none : value->string_value();
}

const pb::ListValue& list_of(const pb::Struct& object, const char* name) {
  const pb::Value* value = find(object, name);
  return value == nullptr ? pb::ListValue::default_instance() : value->list_value();
}

bool begins_class_name(char c) { return c >= 'A' && c <= 'Z'; }

// "shop.Order.Item" -> {"shop", "Order", "Item"}; the first is the package, maybe empty.
std::vector<std::string> split(const std::string& full_name) {
  std::vector<std::string> parts(1);
  for (std::size_t start = 0; start < full_name.size();) {
    const std::size_t end = std::min(full_name.find('.', start), full_name.size());
    const std::string segment = full_name.substr(start, end - start);
    const bool is_class = parts.size() > 1 || begins_class_name(segment[0]) || end == full_name.size();
    if (is_class) {
      parts.push_back(segment);
    } else {
      parts[0] += (parts[0].empty() ? "" : ".") + segment;
    }
    start = end + 1;
  }
  return parts;
}

}  // namespace

struct Definitions::Json {
  const pb::Struct& object;
};

bool is_definition_name(std::string_view path) { return path.ends_with(".dubbo.json"); }

bool Definitions::error(const SourceFile& file, std::string message) {
  report_.error(file, {}, rule_syntax, std::move(message));
  return false;
}

bool Definitions::count_part(const SourceFile& file) {
  if (++parts_ <= parts_max_) return true;
  report_.error(file, {}, "TOO_LARGE",
                "there are more than " + std::to_string(parts_max_) + " types, properties and methods");
  return false;
}

void Definitions::add(const SourceFile& file) {
  if (file.text.size() > definition_bytes_max) {
    report_.error(file, {}, "TOO_LARGE",
                  "a service's definition has at most " + std::to_string(definition_bytes_max) + " bytes");
    return;
  }
  pb::Struct object;
  const auto status = pb::util::JsonStringToMessage(file.text, &object);
  if (!status.ok()) {
    error(file, "not JSON as a Dubbo provider publishes it: " + std::string(status.message()));
    return;
  }
  if (add_service(file, {object})) {
    for (const pb::Value& type : list_of(object, "types").values()) {
      if (!add_type(file, {type.struct_value()})) return;
    }
  }
}

bool Definitions::add_service(const SourceFile& file, const Json& json) {
  const std::string& full_name = text_of(json.object, "canonicalName");
  TypeNode type;
  if (full_name.empty())
    return error(file, "no \"canonicalName\": this is no FullServiceDefinition of Dubbo");
  if (!parse_type(file, full_name, type)) return false;
  ClassNode service;
  service.form = ClassForm::interface;
  for (const pb::Value& method : list_of(json.object, "methods").values()) {
    if (!add_method(file, {method.struct_value()}, service)) return false;
  }
  return put(file, type.name, std::move(service));
}

bool Definitions::add_method(const SourceFile& file, const Json& json, ClassNode& service) {
  MethodNode& method = service.methods.emplace_back();
  if (!count_part(file) || !parse_name(file, text_of(json.object, "name"), method.name)) return false;
  if (!parse_type(file, text_of(json.object, "returnType"), method.result)) return false;
  for (const pb::Value& parameter : list_of(json.object, "parameterTypes").values()) {
    FieldNode& field = method.parameters.emplace_back();
    field.name = "arg" + std::to_string(method.parameters.size());
    if (!count_part(file) || !parse_type(file, parameter.string_value(), field.type)) return false;
  }
  return true;
}

bool Definitions::add_type(const SourceFile& file, const Json& json) {
  TypeNode type;
  if (!count_part(file) || !parse_type(file, text_of(json.object, "type"), type)) return false;
  const bool is_class =
      type.arguments.empty() && type.dimensions == 0 && type.name.find('.') != std::string::npos;
  if (!is_class || is_library_name(type.name)) return true;
  ClassNode node;
  for (const pb::Value& name : list_of(json.object, "enums").values()) {
    node.form = ClassForm::enumeration;
    if (!count_part(file) || !parse_name(file, name.string_value(), node.constants.emplace_back().name))
      return false;
  }
  if (const pb::Value* properties = find(json.object, "properties")) {
    for (const auto& [name, written] : properties->struct_value().fields()) {
      FieldNode& field = node.fields.emplace_back();
      if (!count_part(file) || !parse_name(file, name, field.name)) return false;
      if (!parse_type(file, written.string_value(), field.type)) return false;
    }
  }
  // A provider's order is that of a HashMap.
  std::sort(node.fields.begin(), node.fields.end(),
            [](const FieldNode& a, const FieldNode& b) { return a.name < b.name; });
  return put(file, type.name, std::move(node));
}

bool Definitions::parse_name(const SourceFile& file, std::string_view text, std::string& name) {
  Lexer lexer(text);
  const Token token = lexer.next();
  name = std::string(text);
  if (token.kind == Token::Kind::identifier && token.text == text && text.size() <= name_bytes_max)
    return true;
  return error(file, "'" + name.substr(0, name_bytes_max) + "' is no Java name");
}

bool Definitions::parse_type(const SourceFile& file, std::string_view text, TypeNode& type) {
  if (parse_type_text(text, type)) return true;
  return error(file, "'" + std::string(text.substr(0, name_bytes_max)) + "' is no Java type");
}

bool Definitions::put(const SourceFile& file, const std::string& full_name, ClassNode node) {
  std::string said;
  for (const FieldNode& field : node.fields) said += field.name + " ";
  for (const ConstantNode& constant : node.constants) said += constant.name + " ";
  for (const MethodNode& method : node.methods) said += method.name + " ";
  const auto [known, fresh] = described_.emplace(full_name, said);
  if (!fresh) {
    if (known->second == said) return true;
    report_.error(file, {}, "DUPLICATE_NAME",
                  "'" + full_name +
                      "' has other fields here than in another definition that is read with it; read "
                      "those of one release");
    return false;
  }
  const std::vector<std::string> parts = split(full_name);
  Places* places = &packages_[parts[0]];
  Place* place = nullptr;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto [at, is_new] = places->try_emplace(parts[i]);
    place = &at->second;
    if (is_new) place->node.form = ClassForm::interface;
    places = &place->nested;
  }
  if (place != nullptr) place->node = std::move(node);
  return true;
}

std::vector<ClassNode> Definitions::classes_of(Places& places) {
  std::vector<ClassNode> classes;
  for (auto& [name, place] : places) {
    ClassNode& node = classes.emplace_back(std::move(place.node));
    node.name = name;
    node.nested = classes_of(place.nested);
  }
  return classes;
}

std::vector<FileNode> Definitions::take() {
  std::vector<FileNode> files;
  for (auto& [package, places] : packages_) {
    FileNode& file = files.emplace_back();
    file.package = package;
    file.classes = classes_of(places);
  }
  return files;
}

}  // namespace koine::idl::java
