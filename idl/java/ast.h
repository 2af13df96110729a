// What was written in one .java file, before any name is looked up: declarations only. What is static,
// transient or private in a way that no wire sees it is left out by the parser. Plain values, made by the
// parser (and by the reader of service definitions), read by the resolver; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "idl/report.h"

namespace koine::idl::java {

struct TypeNode {
  std::string name;  // as written, dotted, without arguments ("int", "List", "java.util.Map.Entry"); empty: a
                     // wildcard without a bound
  std::vector<TypeNode> arguments;
  std::size_t dimensions = 0;  // of an array
  Place place;
};

struct TypeParameterNode {
  std::string name;
  std::vector<TypeNode> bounds;
};

// A field, a record's component or a method's parameter.
struct FieldNode {
  std::string name;
  Place place;
  TypeNode type;
  std::string doc;
};

struct MethodNode {
  std::string name;
  Place place;
  std::vector<TypeParameterNode> type_parameters;
  TypeNode result;  // "void" for none
  std::vector<FieldNode> parameters;
  std::vector<TypeNode> throws;
  std::string doc;
};

struct ConstantNode {
  std::string name;
  std::string doc;
};

enum class ClassForm : std::uint8_t { class_, interface, enumeration, record, annotation };

struct ClassNode {
  ClassForm form = ClassForm::class_;
  std::string name;
  Place place;
  std::vector<TypeParameterNode> type_parameters;
  std::vector<TypeNode> bases;          // of a class: at most one; of an interface: all that it extends
  std::vector<TypeNode> interfaces;     // that a class, enum or record implements
  std::vector<FieldNode> fields;        // not static, not transient; a record's components
  std::vector<MethodNode> methods;      // an interface's, not static, not private
  std::vector<ConstantNode> constants;  // an enum's
  std::vector<ClassNode> nested;
  std::string doc;
};

struct ImportNode {
  std::string name;  // dotted, without ".*"
  bool is_static = false;
  bool on_demand = false;  // "a.b.*"
};

struct FileNode {
  std::string package;  // "" without one
  std::vector<ImportNode> imports;
  std::vector<ClassNode> classes;
};

}  // namespace koine::idl::java
