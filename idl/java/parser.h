// Recursive-descent parser of Java's declarations (JLS 6 to 9, Java 21): packages, imports, classes,
// interfaces, enums, records, fields, method signatures. Bodies, initialisers and annotations are passed over
// by their brackets. A file ends at its first mistake.
//
// Nesting of types and classes is limited to nesting_max, the number of all parts to Bounds::parts_max.
// Owner: one call; one thread.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "idl/java/ast.h"
#include "idl/java/lexer.h"
#include "idl/report.h"

namespace koine::idl::java {

class Parser {
 public:
  // `parts` counts on over the files of one read.
  Parser(const SourceFile& file, Report& report, std::size_t& parts, std::size_t parts_max);
  // What was read until the end, or until a mistake, which is reported.
  FileNode parse();
  // A type and nothing else: "java.util.List<shop.Item[]>".
  bool parse_whole_type(TypeNode& type);

 private:
  struct Modifiers {
    bool is_static = false;
    bool is_private = false;
    bool is_transient = false;
    std::string doc;
  };

  // parser.cc: files and classes. False: reported, stop.
  bool parse_package();
  bool parse_import();
  bool parse_modifiers(Modifiers& modifiers);
  bool at_modifier();
  bool at_class();
  bool parse_class(Modifiers& modifiers, std::size_t depth, std::vector<ClassNode>& into);
  bool parse_header(ClassNode& node);
  bool parse_constants(ClassNode& node);
  bool parse_body(ClassNode& node, std::size_t depth);
  bool skip_annotation();

  // parser_members.cc
  bool parse_member(ClassNode& owner, std::size_t depth);
  bool parse_method(Modifiers& modifiers, ClassNode& owner, MethodNode& method, bool keep);
  bool parse_parameters(std::vector<FieldNode>& parameters);
  bool parse_variables(Modifiers& modifiers, const TypeNode& type, std::string name, Place place,
                       ClassNode& owner);
  bool skip_initialiser();
  std::size_t type_arguments_ahead();
  bool parse_type_parameters(std::vector<TypeParameterNode>& parameters);
  bool parse_type(TypeNode& type, std::size_t depth = 0);
  bool parse_type_argument(TypeNode& type, std::size_t depth);
  bool parse_types(std::vector<TypeNode>& types);
  bool parse_dimensions(std::size_t& dimensions);
  bool parse_qualified_name(std::string_view what, std::string& name);
  bool parse_name(std::string_view what, std::string& name, Place& place);
  bool skip_balanced(char open, char close);
  bool expect(char symbol, std::string_view where);
  bool too_deep(std::size_t depth);
  bool count_part();

  const Token& peek(std::size_t ahead);
  void take();
  bool take_if(char symbol);
  bool take_if(std::string_view word);
  bool error(std::string message);
  // "expected … but found X".
  bool expected(std::string_view what);

  const SourceFile& file_;
  Report& report_;
  std::size_t& parts_;
  std::size_t parts_max_;
  Lexer lexer_;
  Token current_;
  std::deque<Token> ahead_;
  // How many tokens from here on were looked at for type arguments that are none.
  std::size_t no_type_arguments_ = 0;
  FileNode out_;
};

// False when the text is no type. Nested classes may be written with a dollar sign, as in a class's own name.
bool parse_type_text(std::string_view text, TypeNode& type);

}  // namespace koine::idl::java
