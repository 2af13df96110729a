// Files, packages, imports and classes. Owner: see parser.h.
#include "idl/java/parser.h"

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace koine::idl::java {
namespace {

constexpr std::array<std::string_view, 13> modifier_words = {
    "public",   "protected",    "private",   "static",   "abstract", "final", "native",
    "strictfp", "synchronized", "transient", "volatile", "default",  "sealed"};

}  // namespace

Parser::Parser(const SourceFile& file, Report& report, std::size_t& parts, std::size_t parts_max)
    : file_(file), report_(report), parts_(parts), parts_max_(parts_max), lexer_(file.text) {}

FileNode Parser::parse() {
  current_ = lexer_.next();
  bool types_begun = false;
  while (current_.kind != Token::Kind::end) {
    if (take_if(';')) continue;
    Modifiers modifiers;
    if (!parse_modifiers(modifiers)) break;
    if (current_.is("package") && !types_begun && out_.package.empty()) {
      if (!parse_package()) break;
    } else if (current_.is("import") && !types_begun) {
      if (!parse_import()) break;
    } else if (at_class()) {
      types_begun = true;
      if (!parse_class(modifiers, 0, out_.classes)) break;
    } else if (!types_begun && (current_.is("module") || (current_.is("open") && peek(0).is("module")))) {
      return std::move(out_);  // module-info.java says nothing of types
    } else {
      expected("a class, interface, enum or record");
      break;
    }
  }
  return std::move(out_);
}

bool Parser::parse_package() {
  take();
  return parse_qualified_name("the package's name", out_.package) && expect(';', "after the package's name");
}

bool Parser::parse_import() {
  take();
  ImportNode& import = out_.imports.emplace_back();
  if (!count_part()) return false;
  import.is_static = take_if("static");
  if (current_.is("module") &&
      peek(0).kind == Token::Kind::identifier) {  // brings packages that no one named
    take();
    import.is_static = true;
  }
  if (!parse_qualified_name("the imported name", import.name)) return false;
  if (take_if('.')) {
    if (!expect('*', "at the end of the import")) return false;
    import.on_demand = true;
  }
  return expect(';', "after the import");
}

bool Parser::at_modifier() {
  if (current_.kind == Token::Kind::symbol) return current_.is('@') && !peek(0).is("interface");
  if (current_.kind != Token::Kind::identifier) return false;
  if (current_.is("non")) return peek(0).is('-') && peek(1).is("sealed");
  if (current_.is("sealed")) return peek(0).kind == Token::Kind::identifier;
  return std::find(modifier_words.begin(), modifier_words.end(), current_.text) != modifier_words.end();
}

bool Parser::parse_modifiers(Modifiers& modifiers) {
  if (current_.kind != Token::Kind::bad) modifiers.doc = std::move(current_.doc);
  while (at_modifier()) {
    if (current_.is('@')) {
      if (!skip_annotation()) return false;
    } else if (current_.is("non")) {
      take();
      take();
      take();
    } else {
      modifiers.is_static |= current_.is("static");
      modifiers.is_private |= current_.is("private");
      modifiers.is_transient |= current_.is("transient");
      take();
    }
    if (!current_.doc.empty() && current_.kind != Token::Kind::bad) modifiers.doc = std::move(current_.doc);
  }
  return true;
}

bool Parser::skip_annotation() {
  if (!count_part()) return false;
  take();
  std::string name;
  if (!parse_qualified_name("the annotation's name", name)) return false;
  return !current_.is('(') || skip_balanced('(', ')');
}

bool Parser::at_class() {
  if (current_.is("class") || current_.is("interface") || current_.is("enum")) return true;
  if (current_.is('@')) return peek(0).is("interface");
  return current_.is("record") && peek(0).kind == Token::Kind::identifier &&
         (peek(1).is('(') || peek(1).is('<'));
}

bool Parser::parse_class(Modifiers& modifiers, std::size_t depth, std::vector<ClassNode>& into) {
  if (too_deep(depth) || !count_part()) return false;
  ClassNode& node = into.emplace_back();
  node.doc = std::move(modifiers.doc);
  if (take_if('@')) node.form = ClassForm::annotation;
  if (current_.is("interface") && node.form != ClassForm::annotation) node.form = ClassForm::interface;
  if (current_.is("enum")) node.form = ClassForm::enumeration;
  if (current_.is("record")) node.form = ClassForm::record;
  take();
  if (!parse_name("a name", node.name, node.place)) return false;
  if (node.form == ClassForm::annotation) return skip_balanced('{', '}');
  if (!parse_header(node) || !expect('{', "before the body of '" + node.name + "'")) return false;
  if (node.form == ClassForm::enumeration && !parse_constants(node)) return false;
  return parse_body(node, depth);
}

bool Parser::parse_header(ClassNode& node) {
  if (current_.is('<') && !parse_type_parameters(node.type_parameters)) return false;
  if (node.form == ClassForm::record && !parse_parameters(node.fields)) return false;
  if (take_if("extends") && !parse_types(node.bases)) return false;
  if (take_if("implements") && !parse_types(node.interfaces)) return false;
  std::vector<TypeNode> permitted;
  return !take_if("permits") || parse_types(permitted);
}

bool Parser::parse_constants(ClassNode& node) {
  while (!current_.is(';') && !current_.is('}')) {
    Modifiers modifiers;
    if (!parse_modifiers(modifiers)) return false;
    ConstantNode& constant = node.constants.emplace_back();
    constant.doc = std::move(modifiers.doc);
    Place place;
    if (!count_part() || !parse_name("the name of a constant", constant.name, place)) return false;
    if (current_.is('(') && !skip_balanced('(', ')')) return false;
    if (current_.is('{') && !skip_balanced('{', '}')) return false;
    if (!take_if(',') && !current_.is(';') && !current_.is('}'))
      return expected("',', ';' or '}' after a constant");
  }
  take_if(';');
  return true;
}

bool Parser::parse_body(ClassNode& node, std::size_t depth) {
  while (!current_.is('}')) {
    if (current_.kind == Token::Kind::end) {
      return error("'" + node.name + "', which begins at line " + std::to_string(node.place.line) +
                   ", is not closed; add '}'");
    }
    if (!parse_member(node, depth)) return false;
  }
  take();
  return true;
}

const Token& Parser::peek(std::size_t ahead) {
  while (ahead_.size() <= ahead) ahead_.push_back(lexer_.next());
  return ahead_[ahead];
}

void Parser::take() {
  if (no_type_arguments_ > 0) --no_type_arguments_;
  if (ahead_.empty()) {
    current_ = lexer_.next();
  } else {
    current_ = std::move(ahead_.front());
    ahead_.pop_front();
  }
}

bool Parser::take_if(char symbol) {
  if (!current_.is(symbol)) return false;
  take();
  return true;
}

bool Parser::take_if(std::string_view word) {
  if (!current_.is(word)) return false;
  take();
  return true;
}

bool Parser::error(std::string message) {
  if (current_.kind == Token::Kind::bad) message = current_.doc;
  report_.error(file_, current_.place, rule_syntax, std::move(message));
  return false;
}

bool Parser::expected(std::string_view what) {
  constexpr std::size_t shown_bytes_max = 60;
  std::string found = "the end of the file";
  if (current_.kind != Token::Kind::end)
    found = "'" + std::string(current_.text.substr(0, shown_bytes_max)) + "'";
  return error("expected " + std::string(what) + " but found " + found);
}

bool Parser::expect(char symbol, std::string_view where) {
  if (take_if(symbol)) return true;
  return expected(std::string("'") + symbol + "' " + std::string(where));
}

bool Parser::too_deep(std::size_t depth) {
  if (depth < base::Limits().nesting_max) return false;
  error("nested more than " + std::to_string(depth) + " deep (nesting_max)");
  return true;
}

bool Parser::count_part() {
  if (++parts_ <= parts_max_) return true;
  report_.error(file_, current_.place, "TOO_LARGE",
                "there are more than " + std::to_string(parts_max_) +
                    " classes, fields, types, methods and annotations up to here; read fewer files at once");
  return false;
}

}  // namespace koine::idl::java
