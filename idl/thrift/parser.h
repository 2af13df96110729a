// Recursive-descent parser of the Thrift IDL: the grammar of the Apache compiler 0.17 (thrifty.yy), with the
// keywords accepted as names wherever the position leaves no doubt, as 0.18 does, and with a warning what
// older compilers took and newer ones do not: php_namespace and its like, slist, senum (0.9.3).
//
// After an error it goes on at the next definition, so one read shows the mistakes of several. Nesting of
// types and values is limited to nesting_max, the number of all parts to Bounds::parts_max. Owner: one call;
// one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "idl/report.h"
#include "idl/thrift/ast.h"
#include "idl/thrift/lexer.h"

namespace koine::idl::thrift {

class Parser {
 public:
  // `parts` counts on over the files of one read.
  Parser(const SourceFile& file, Report& report, std::size_t& parts, std::size_t parts_max);
  // The whole file; what could not be parsed is left out and reported.
  FileNode parse();

 private:
  // parser.cc: headers, definitions, recovery.
  bool parse_header();
  void parse_include();
  void parse_namespace();
  bool parse_old_namespace();
  void parse_definition();
  void parse_typedef();
  void parse_enum();
  void parse_senum();
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
  // Counts one; false when there are too many, which is said once, and the rest of the file is skipped.
  bool count_part();
  // The compiler's lexer takes the words true and false for the integers 1 and 0 wherever they stand.
  void take_word_for_integer();
  // Warns of the current token's form, once a file.
  void deprecated(std::string_view what, std::string_view instead);

  void take() {
    current_ = std::move(following_);
    following_ = lexer_.next();
    if (current_.dash.line != 0 && !dashes_allowed_) error(current_.dash, "a name cannot hold '-'; use '_'");
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
  std::size_t& parts_;
  std::size_t parts_max_;
  Lexer lexer_;
  Token current_;
  Token following_;
  FileNode out_;
  bool definitions_begun_ = false;
  bool dashes_allowed_ = false;
  std::set<std::string, std::less<>> deprecated_;  // what was warned of
};

inline constexpr std::string_view xsd_ignored =
    "is a leftover of a generator of XML schemas; it is read and means nothing, remove it";

// "struct", "const", …: what begins a definition or a header.
bool begins_definition(std::string_view word);

}  // namespace koine::idl::thrift
