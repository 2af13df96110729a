// What was written in one .thrift file, before any name is looked up. Plain values, made by the parser, read
// by the resolver; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "idl/report.h"
#include "idl/schema.h"

namespace koine::idl::thrift {

struct TypeNode {
  enum class Form : std::uint8_t { base, named, list, set, map };
  Form form = Form::base;
  Kind base = Kind::boolean;
  std::string name;                 // of named: with its include prefix
  std::vector<TypeNode> arguments;  // element, or key and value
  Annotations annotations;
  Place place;
};

struct ValueNode {
  enum class Form : std::uint8_t { integer, real, text, name, list, map };
  Form form = Form::integer;
  bool negative = false;
  std::uint64_t magnitude = 0;
  double real = 0;
  std::string text;              // of text: unescaped; of name: as written
  std::vector<ValueNode> items;  // of a map: key, value, key, value, …
  Place place;
};

enum class Requiredness : std::uint8_t { standard, required, optional };

struct FieldNode {
  std::string name;
  Place place;
  std::optional<std::int64_t> id;
  Place id_place;
  Requiredness requiredness = Requiredness::standard;
  TypeNode type;
  std::optional<ValueNode> default_value;
  Annotations annotations;
  std::string doc;
};

struct StructNode {
  StructForm form = StructForm::structure;
  std::string name;
  Place place;
  std::vector<FieldNode> fields;
  Annotations annotations;
  std::string doc;
};

struct EnumValueNode {
  std::string name;
  Place place;
  std::optional<std::int64_t> number;
  Annotations annotations;
  std::string doc;
};

struct EnumNode {
  std::string name;
  Place place;
  std::vector<EnumValueNode> values;
  Annotations annotations;
  std::string doc;
};

struct FunctionNode {
  std::string name;
  Place place;
  bool oneway = false;
  std::optional<TypeNode> result;  // none: void
  std::vector<FieldNode> arguments;
  std::vector<FieldNode> throws;
  Place throws_place;
  Annotations annotations;
  std::string doc;
};

struct ServiceNode {
  std::string name;
  Place place;
  std::string base;  // as written, may be empty
  Place base_place;
  std::vector<FunctionNode> functions;
  Annotations annotations;
  std::string doc;
};

struct ConstantNode {
  std::string name;
  Place place;
  TypeNode type;
  ValueNode value;
  std::string doc;
};

struct TypedefNode {
  std::string name;
  Place place;
  TypeNode type;
  Annotations annotations;
  std::string doc;
};

struct IncludeNode {
  std::string path;
  Place place;
};

struct FileNode {
  std::string doc;
  std::vector<IncludeNode> includes;
  std::map<std::string, std::string> namespaces;
  Annotations annotations;  // koine.* of the namespaces
  std::vector<EnumNode> enums;
  std::vector<TypedefNode> typedefs;
  std::vector<StructNode> structs;
  std::vector<ConstantNode> constants;
  std::vector<ServiceNode> services;
};

}  // namespace koine::idl::thrift
