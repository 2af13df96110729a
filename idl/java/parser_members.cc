// What stands in a class: fields, method signatures, types. Owner: see parser.h.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "idl/bounds.h"
#include "idl/java/parser.h"
#include "idl/java/spelling.h"

namespace koine::idl::java {
namespace {

constexpr std::array<std::string_view, 9> primitive_words = {"boolean", "byte", "char",  "double", "float",
                                                             "int",     "long", "short", "void"};

bool is_primitive_word(std::string_view word) {
  return std::find(primitive_words.begin(), primitive_words.end(), word) != primitive_words.end();
}

// Of type arguments in an expression; longer ones are looked at no further.
constexpr std::size_t type_argument_tokens_max = 4096;

}  // namespace

bool Parser::parse_member(ClassNode& owner, std::size_t depth) {
  if (take_if(';')) return true;
  Modifiers modifiers;
  if (!parse_modifiers(modifiers)) return false;
  if (current_.is('{')) return skip_balanced('{', '}');  // an initialiser
  if (at_class()) return parse_class(modifiers, depth + 1, owner.nested);
  MethodNode method;
  if (current_.is('<') && !parse_type_parameters(method.type_parameters)) return false;
  // Constructors, and a record's compact one.
  const bool constructs = current_.text == owner.name && (peek(0).is('(') || peek(0).is('{'));
  if (constructs) {
    take();
    if (current_.is('{')) return skip_balanced('{', '}');
    return parse_method(modifiers, owner, method, false);
  }
  if (!parse_type(method.result)) return false;
  if (!parse_name("a name", method.name, method.place)) return false;
  if (current_.is('(')) {
    const bool keep = owner.form == ClassForm::interface && !modifiers.is_static && !modifiers.is_private;
    return parse_method(modifiers, owner, method, keep);
  }
  return parse_variables(modifiers, method.result, std::move(method.name), method.place, owner);
}

bool Parser::parse_method(Modifiers& modifiers, ClassNode& owner, MethodNode& method, bool keep) {
  if (!count_part() || !parse_parameters(method.parameters)) return false;
  if (!parse_dimensions(method.result.dimensions)) return false;
  if (take_if("throws") && !parse_types(method.throws)) return false;
  method.doc = std::move(modifiers.doc);
  if (keep) owner.methods.push_back(std::move(method));
  if (current_.is('{')) return skip_balanced('{', '}');
  return expect(';', "after a method");
}

bool Parser::parse_parameters(std::vector<FieldNode>& parameters) {
  if (!expect('(', "before the parameters")) return false;
  std::set<std::string> names;
  while (!current_.is(')')) {
    Modifiers modifiers;
    if (!parse_modifiers(modifiers)) return false;
    FieldNode field;
    field.doc = std::move(modifiers.doc);
    if (!count_part() || !parse_type(field.type) || !parse_modifiers(modifiers)) return false;
    if (current_.is('.') && peek(0).is('.') && peek(1).is('.')) {
      take();
      take();
      take();
      ++field.type.dimensions;
    }
    if (current_.is("this") || (peek(0).is('.') && peek(1).is("this"))) {  // the receiver, for annotations
      while (!current_.is("this")) take();
      take();
    } else {
      if (!parse_name("a parameter's name", field.name, field.place)) return false;
      if (!parse_dimensions(field.type.dimensions)) return false;
      if (!names.insert(field.name).second) return error("two parameters are called '" + field.name + "'");
      parameters.push_back(std::move(field));
    }
    if (!take_if(',') && !current_.is(')')) return expected("',' or ')' after a parameter");
  }
  take();
  return true;
}

// One declaration may hold several: `int a, b[] = {1}, c`.
bool Parser::parse_variables(Modifiers& modifiers, const TypeNode& type, std::string name, Place place,
                             ClassNode& owner) {
  // An interface's are constants.
  const bool keep = !modifiers.is_static && !modifiers.is_transient && owner.form == ClassForm::class_;
  for (;;) {
    if (!count_part()) return false;
    FieldNode field{std::move(name), place, type, modifiers.doc};
    if (!parse_dimensions(field.type.dimensions)) return false;
    if (take_if('=') && !skip_initialiser()) return false;
    if (keep) owner.fields.push_back(std::move(field));
    if (!take_if(',')) break;
    if (!parse_name("the next field's name", name, place)) return false;
  }
  return expect(';', "after a field");
}

// Up to the ',' or ';' behind an expression.
bool Parser::skip_initialiser() {
  while (!current_.is(',') && !current_.is(';')) {
    if (current_.is('(')) {
      if (!skip_balanced('(', ')')) return false;
    } else if (current_.is('[')) {
      if (!skip_balanced('[', ']')) return false;
    } else if (current_.is('{')) {
      if (!skip_balanced('{', '}')) return false;
    } else if (current_.is(')') || current_.is(']') || current_.is('}') ||
               current_.kind == Token::Kind::end || current_.kind == Token::Kind::bad) {
      return expected("',' or ';' after a field's value");
    } else {
      // A comma of type arguments separates no fields; `a < b` has none.
      std::size_t count = current_.is('<') ? type_arguments_ahead() : 0;
      do { take(); } while (count-- > 0);
    }
  }
  return true;
}

// How many tokens behind the current '<' end with its '>', if all of them can be in type arguments; else 0.
std::size_t Parser::type_arguments_ahead() {
  if (no_type_arguments_ > 0) return 0;
  std::size_t open = 1;
  std::size_t count = 0;
  while (count < type_argument_tokens_max) {
    const Token& token = peek(count++);
    if (token.is('<')) ++open;
    if (token.is('>') && --open == 0) return count;
    const bool fits = token.kind == Token::Kind::identifier
                          ? !is_reserved_word(token.text) || is_primitive_word(token.text) ||
                                token.is("extends") || token.is("super")
                          : token.kind == Token::Kind::symbol &&
                                std::string_view("<>,.?&[]@").find(token.text[0]) != std::string_view::npos;
    if (!fits) break;
  }
  // Whatever begins before that token ends there too: nothing is looked at twice.
  no_type_arguments_ = count;
  return 0;
}

bool Parser::parse_type_parameters(std::vector<TypeParameterNode>& parameters) {
  take();
  while (!current_.is('>')) {
    Modifiers modifiers;
    if (!parse_modifiers(modifiers)) return false;
    TypeParameterNode& parameter = parameters.emplace_back();
    Place place;
    if (!count_part() || !parse_name("a type parameter's name", parameter.name, place)) return false;
    if (take_if("extends")) {
      do {
        if (!parse_type(parameter.bounds.emplace_back())) return false;
      } while (take_if('&'));
    }
    if (!take_if(',') && !current_.is('>')) return expected("',' or '>' after a type parameter");
  }
  take();
  return true;
}

bool Parser::parse_types(std::vector<TypeNode>& types) {
  do {
    if (!parse_type(types.emplace_back())) return false;
  } while (take_if(','));
  return true;
}

bool Parser::parse_type(TypeNode& type, std::size_t depth) {
  Modifiers modifiers;  // annotations
  if (too_deep(depth) || !count_part() || !parse_modifiers(modifiers)) return false;
  type.place = current_.place;
  if (is_primitive_word(current_.text) && current_.kind == Token::Kind::identifier) {
    type.name = std::string(current_.text);
    take();
    return parse_dimensions(type.dimensions);
  }
  for (;;) {
    std::string segment;
    Place place;
    if (!parse_name("a type", segment, place)) return false;
    type.name += (type.name.empty() ? "" : ".") + segment;
    if (type.name.size() > name_bytes_max) return error("the name is too long");
    // Those of the last segment are the type's; those of a class around it say nothing of its fields.
    type.arguments.clear();
    if (take_if('<')) {
      while (!current_.is('>')) {
        if (!parse_type_argument(type.arguments.emplace_back(), depth + 1)) return false;
        if (!take_if(',') && !current_.is('>')) return expected("',' or '>' in type arguments");
      }
      take();
    }
    if (!current_.is('.') || peek(0).is('.')) break;  // "..." belongs to the parameter
    take();
    if (!parse_modifiers(modifiers)) return false;
  }
  return parse_dimensions(type.dimensions);
}

bool Parser::parse_whole_type(TypeNode& type) {
  current_ = lexer_.next();
  return parse_type(type) && current_.kind == Token::Kind::end;
}

bool parse_type_text(std::string_view text, TypeNode& type) {
  SourceFile file;
  file.text = std::string(text);
  std::replace(file.text.begin(), file.text.end(), '$', '.');
  Report report;
  std::size_t parts = 0;
  return Parser(file, report, parts, type_argument_tokens_max).parse_whole_type(type);
}

bool Parser::parse_type_argument(TypeNode& type, std::size_t depth) {
  Modifiers modifiers;
  if (!parse_modifiers(modifiers)) return false;
  if (!current_.is('?')) return parse_type(type, depth);
  type.place = current_.place;
  take();
  if (!current_.is("extends") && !current_.is("super")) return count_part();
  take();
  return parse_type(type, depth);
}

bool Parser::parse_dimensions(std::size_t& dimensions) {
  for (;;) {
    // Annotations may stand before the brackets, but also before what follows the type.
    while (current_.is('@') && !peek(0).is("interface")) {
      if (!skip_annotation()) return false;
    }
    if (!take_if('[')) return true;
    if (!expect(']', "after '['")) return false;
    if (too_deep(++dimensions)) return false;
  }
}

bool Parser::parse_qualified_name(std::string_view what, std::string& name) {
  Place place;
  if (!parse_name(what, name, place)) return false;
  while (current_.is('.') && peek(0).kind == Token::Kind::identifier) {
    take();
    std::string segment;
    if (!parse_name(what, segment, place)) return false;
    name += '.' + segment;
    if (name.size() > name_bytes_max) return error("the name is too long");
  }
  return true;
}

bool Parser::parse_name(std::string_view what, std::string& name, Place& place) {
  if (current_.kind != Token::Kind::identifier || is_reserved_word(current_.text)) return expected(what);
  if (current_.text.size() > name_bytes_max) {
    return error("the name is longer than " + std::to_string(name_bytes_max) + " bytes");
  }
  name = std::string(current_.text);
  place = current_.place;
  take();
  return true;
}

bool Parser::skip_balanced(char open, char close) {
  const Place start = current_.place;
  if (!expect(open, "here")) return false;
  for (std::size_t depth = 1; depth > 0; take()) {
    if (current_.is(open)) ++depth;
    if (current_.is(close)) --depth;
    if (current_.kind == Token::Kind::end || current_.kind == Token::Kind::bad) {
      return error(std::string("the '") + open + "' of line " + std::to_string(start.line) +
                   " is not closed");
    }
  }
  return true;
}

}  // namespace koine::idl::java
