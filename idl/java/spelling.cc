// See spelling.h.
#include "idl/java/spelling.h"

#include <algorithm>
#include <array>
#include <utility>

namespace koine::idl::java {
namespace {

// Sorted.
constexpr auto reserved_words = std::to_array<std::string_view>(
    {"_",         "abstract",   "assert",  "boolean",    "break",        "byte",      "case",   "catch",
     "char",      "class",      "const",   "continue",   "default",      "do",        "double", "else",
     "enum",      "extends",    "false",   "final",      "finally",      "float",     "for",    "goto",
     "if",        "implements", "import",  "instanceof", "int",          "interface", "long",   "native",
     "new",       "null",       "package", "private",    "protected",    "public",    "return", "short",
     "static",    "strictfp",   "super",   "switch",     "synchronized", "this",      "throw",  "throws",
     "transient", "true",       "try",     "void",       "volatile",     "while"});
static_assert(std::is_sorted(reserved_words.begin(), reserved_words.end()));
constexpr auto reserved_class_names =
    std::to_array<std::string_view>({"permits", "record", "sealed", "var", "yield"});

constexpr auto primitive_letters = std::to_array<std::pair<std::string_view, char>>({{"boolean", 'Z'},
                                                                                     {"byte", 'B'},
                                                                                     {"char", 'C'},
                                                                                     {"double", 'D'},
                                                                                     {"float", 'F'},
                                                                                     {"int", 'I'},
                                                                                     {"long", 'J'},
                                                                                     {"short", 'S'},
                                                                                     {"void", 'V'}});

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::boolean: return "boolean";
    case Kind::i8: return "byte";
    case Kind::i16:
    case Kind::u8: return "short";
    case Kind::i32:
    case Kind::u16: return "int";
    case Kind::i64:
    case Kind::u32:
    case Kind::u64: return "long";
    case Kind::f32: return "float";
    case Kind::f64: return "double";
    case Kind::string: return "java.lang.String";
    case Kind::bytes: return "byte[]";
    case Kind::uuid: return "java.util.UUID";
    case Kind::list: return "java.util.List";
    case Kind::set: return "java.util.Set";
    case Kind::map: return "java.util.Map";
    case Kind::enumeration:
    case Kind::structure: break;
  }
  return {};
}

}  // namespace

std::string class_of(const Type& type) {
  if (!type.native.empty()) return type.native;
  if (type.structure != nullptr) return type.structure->full_name;
  if (type.enumeration != nullptr) return type.enumeration->full_name;
  return std::string(name_of(type.kind));
}

std::string spelled(const Type& type, const ClassNamer& name) {
  std::string text = class_of(type);
  if (text.ends_with("[]")) { return type.element != nullptr ? spelled(*type.element, name) + "[]" : text; }
  if (text.find('.') != std::string::npos) text = name(text);
  if (type.element == nullptr) return text;
  text += '<';
  if (type.key != nullptr) text += spelled(*type.key, name) + ", ";
  return text + spelled(*type.element, name) + '>';
}

std::string descriptor_of(const Type& type) { return descriptor_of(class_of(type)); }

std::string descriptor_of(std::string class_name) {
  std::string text;
  while (class_name.ends_with("[]")) {
    text += '[';
    class_name.resize(class_name.size() - 2);
  }
  if (const char letter = primitive_letter(class_name); letter != 0) return text + letter;
  std::replace(class_name.begin(), class_name.end(), '.', '/');
  return text + 'L' + class_name + ';';
}

char primitive_letter(std::string_view word) {
  for (const auto& [primitive, letter] : primitive_letters) {
    if (primitive == word) return letter;
  }
  return 0;
}

std::string_view box_of(Kind kind, bool element) {
  switch (kind) {
    case Kind::boolean: return "java.lang.Boolean";
    case Kind::i8: return element ? "java.lang.Integer" : "java.lang.Byte";
    case Kind::i16:
    case Kind::u8: return element ? "java.lang.Integer" : "java.lang.Short";
    case Kind::i32:
    case Kind::u16: return "java.lang.Integer";
    case Kind::i64:
    case Kind::u32:
    case Kind::u64: return "java.lang.Long";
    case Kind::f32: return element ? "java.lang.Double" : "java.lang.Float";
    case Kind::f64: return "java.lang.Double";
    default: return {};
  }
}

bool is_reserved_word(std::string_view word) {
  return std::binary_search(reserved_words.begin(), reserved_words.end(), word);
}

bool is_reserved_class_name(std::string_view word) {
  return is_reserved_word(word) ||
         std::binary_search(reserved_class_names.begin(), reserved_class_names.end(), word);
}

}  // namespace koine::idl::java
