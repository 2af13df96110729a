// Recursive-descent parser of the Thrift IDL: the grammar of the Apache compiler 0.17 (thrifty.yy), with the
// keywords accepted as names wherever the position leaves no doubt, as 0.18 does.
//
// After an error it goes on at the next definition, so one read shows the mistakes of several. Nesting of
// types and values is limited to nesting_max. Owner: one call; one thread.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "idl/thrift/ast.h"
#include "idl/thrift/lexer.h"
#include "idl/thrift/report.h"

namespace koine::idl::thrift {

class Parser {
 public:
  Parser(const SourceFile& file, Report& report);
  // The whole file; what could not be parsed is left out and reported.
  FileNode parse();

 private:
  // parser.cc: headers, definitions, recovery.
  bool parse_header();
  void parse_include();
  void parse_namespace();
  void parse_definition();
  void parse_typedef();
  void parse_enum();
  void parse_constant();
  void parse_struct(StructForm form);
  void parse_service();
  bool parse_enum_value(EnumNode& owner);
  bool parse_function(ServiceNode& owner);
  void resynchronise();

  // parser_parts.cc: what definitions are made of. False or nullopt: reported, resynchronise.
  bool parse_fields(std::string_view where, char close, std::size_t depth, std::vector<FieldNode>& fields);
  bool parse_field(std::size_t depth, FieldNode& field);
  bool skip_xsd(std::size_t depth);
  bool parse_type(std::size_t depth, TypeNode& type);
  bool parse_container(std::size_t depth, TypeNode& type);
  bool skip_cpp_type();
  bool parse_value(std::size_t depth, ValueNode& value);
  bool parse_list_value(std::size_t depth, ValueNode& value);
  bool parse_map_value(std::size_t depth, ValueNode& value);
  bool parse_annotations(Annotations& annotations);
  bool parse_name(std::string_view what, std::string& name, Place& place);
  bool parse_literal(std::string_view what, std::string& text);
  bool expect(char symbol, std::string_view where);
  void skip_separator();
  bool too_deep(std::size_t depth);

  void take() {
    current_ = std::move(following_);
    following_ = lexer_.next();
  }
  bool take_if(char symbol);
  bool take_if(std::string_view word);
  void error(Place place, std::string message) {
    report_.error(file_, place, rule_syntax, std::move(message));
  }
  // "… but found X".
  std::string found() const;

  const SourceFile& file_;
  Report& report_;
  Lexer lexer_;
  Token current_;
  Token following_;
  FileNode out_;
  bool definitions_begun_ = false;
};

// "struct", "const", …: what begins a definition or a header.
bool begins_definition(std::string_view word);

}  // namespace koine::idl::thrift
