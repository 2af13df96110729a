// Names and parameters of Java's methods.
#include "cli/java_method.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace koine::cli {
namespace {

std::string primitive(char letter) {
  switch (letter) {
    case 'Z': return "boolean";
    case 'B': return "byte";
    case 'C': return "char";
    case 'D': return "double";
    case 'F': return "float";
    case 'I': return "int";
    case 'J': return "long";
    case 'S': return "short";
    case 'V': return "void";
    default: return "";
  }
}

std::string_view without_package(std::string_view type) {
  const std::size_t dot = type.rfind('.');
  return dot == std::string_view::npos ? type : type.substr(dot + 1);
}

}  // namespace

std::vector<std::string> parameter_types(std::string_view descriptor) {
  std::vector<std::string> types;
  while (!descriptor.empty()) {
    const std::size_t arrays = std::min(descriptor.find_first_not_of('['), descriptor.size());
    descriptor.remove_prefix(arrays);
    if (descriptor.empty()) break;
    std::string type = primitive(descriptor[0]);
    std::size_t length = 1;
    if (type.empty()) {
      const std::size_t end = descriptor.find(';');
      if (descriptor[0] != 'L' || end == std::string_view::npos) break;
      type = descriptor.substr(1, end - 1);
      std::replace(type.begin(), type.end(), '/', '.');
      length = end + 1;
    }
    for (std::size_t i = 0; i < arrays; ++i) type += "[]";
    types.push_back(std::move(type));
    descriptor.remove_prefix(length);
  }
  return types;
}

std::vector<std::string> split_parameters(std::string_view text) {
  std::vector<std::string> types;
  std::string type;
  for (const char c : text) {
    if (c == ',') types.push_back(std::exchange(type, {}));
    if (c != ',' && c != ' ') type.push_back(c);
  }
  if (!types.empty() || !type.empty()) types.push_back(std::move(type));
  return types;
}

std::string java_name(const idl::Method& method) {
  const std::string* said = idl::find_annotation(method.annotations, idl::java_method_annotation);
  return said != nullptr ? *said : method.name;
}

std::string java_signature(const idl::Method& method) {
  const std::string* said = idl::find_annotation(method.annotations, idl::java_signature_annotation);
  return said != nullptr ? *said : "";
}

std::string java_form(const idl::Method& method) {
  std::string form = java_name(method) + "(";
  for (const std::string& type : parameter_types(java_signature(method))) {
    form.append(form.back() == '(' ? "" : ", ").append(type);
  }
  return form + ")";
}

bool has_parameters(const idl::Method& method, std::string_view parameters) {
  const std::string signature = java_signature(method);
  if (signature == parameters) return true;
  const std::vector<std::string> types = parameter_types(signature);
  const std::vector<std::string> said = split_parameters(parameters);
  return std::equal(types.begin(), types.end(), said.begin(), said.end(),
                    [](const std::string& type, const std::string& one) {
                      return type == one || without_package(type) == one;
                    });
}

}  // namespace koine::cli
