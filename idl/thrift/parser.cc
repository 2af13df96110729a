// Headers, definitions and recovery. Owner: see parser.h.
#include "idl/thrift/parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "idl/bounds.h"

namespace koine::idl::thrift {
namespace {

constexpr std::array<std::string_view, 10> definition_words = {
    "include", "cpp_include", "namespace", "typedef",   "enum",
    "const",   "struct",      "union",     "exception", "service"};

// Headers of the compiler up to 0.9.3, and the language each is the namespace of.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> old_namespaces = {
    {{"cpp_namespace", "cpp"},
     {"java_package", "java"},
     {"cocoa_prefix", "cocoa"},
     {"csharp_namespace", "csharp"},
     {"delphi_namespace", "delphi"},
     {"php_namespace", "php"},
     {"py_module", "py"},
     {"perl_package", "perl"},
     {"ruby_namespace", "rb"},
     {"smalltalk_category", "smalltalk.category"},
     {"smalltalk_prefix", "smalltalk.prefix"},
     {"xsd_namespace", "xsd"}}};

bool is_smalltalk(std::string_view language) {
  return language == "st" || language.starts_with("smalltalk.");
}

// A file with a zero byte among the first so many is no text.
constexpr std::size_t text_probe_bytes = 8192;

}  // namespace

bool begins_definition(std::string_view word) {
  return std::find(definition_words.begin(), definition_words.end(), word) != definition_words.end();
}

Parser::Parser(const SourceFile& file, Report& report, std::size_t& parts, std::size_t parts_max)
    : file_(file), report_(report), parts_(parts), parts_max_(parts_max), lexer_(file, report) {}

bool Parser::count_part() {
  if (++parts_ <= parts_max_) return true;
  if (parts_ == parts_max_ + 1) {
    report_.error(file_, current_.place, "TOO_LARGE",
                  "there are more than " + std::to_string(parts_max_) +
                      " fields, types, values, methods and annotations up to here; keep data out of the IDL, "
                      "or read fewer files at once");
  }
  return false;
}

void Parser::deprecated(std::string_view what, std::string_view instead) {
  if (!deprecated_.emplace(what).second) return;
  report_.warning(file_, current_.place, "DEPRECATED", "'" + std::string(what) + "' " + std::string(instead));
}

void Parser::take_word_for_integer() {
  if (!current_.is("true") && !current_.is("false")) return;
  current_.magnitude = current_.is("true") ? 1 : 0;
  current_.kind = Token::Kind::integer;
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

std::string Parser::found() const {
  constexpr std::size_t shown_bytes_max = 40;
  if (current_.kind == Token::Kind::end) return "found the end of the file";
  std::string text(current_.text.substr(0, shown_bytes_max));
  if (current_.text.size() > shown_bytes_max) text += "...";
  return current_.kind == Token::Kind::literal ? "found " + text : "found '" + text + "'";
}

FileNode Parser::parse() {
  if (std::string_view(file_.text).substr(0, text_probe_bytes).find('\0') != std::string_view::npos) {
    error({}, "this is no text but a binary file; name a .thrift file");
    return {};
  }
  current_ = lexer_.next();
  // Two doc comments before the first token: the earlier is the file's own.
  out_.doc = lexer_.earlier_doc();
  following_ = lexer_.next();
  while (current_.kind != Token::Kind::end && !report_.full() && parts_ <= parts_max_) {
    if (parse_header()) continue;
    definitions_begun_ = true;
    parse_definition();
  }
  return std::move(out_);
}

// False: the current token begins no header.
bool Parser::parse_header() {
  if (parse_old_namespace()) return true;
  const bool header = current_.is("include") || current_.is("namespace") || current_.is("cpp_include");
  if (!header) return false;
  // A doc comment before the first header is the file's.
  if (!definitions_begun_ && out_.doc.empty() && out_.includes.empty() && out_.namespaces.empty()) {
    out_.doc = current_.doc;
  }
  if (definitions_begun_) {
    error(current_.place, "'" + std::string(current_.text) +
                              "' must stand before the first definition; move it to the top of the file");
  }
  if (take_if("cpp_include")) {
    std::string ignored;
    if (!parse_literal("the header's name", ignored)) resynchronise();
    skip_separator();
  } else if (take_if("include")) {
    parse_include();
  } else {
    take();
    parse_namespace();
  }
  return true;
}

// False: the current token is none of those words.
bool Parser::parse_old_namespace() {
  const auto old = std::find_if(old_namespaces.begin(), old_namespaces.end(),
                                [&](const auto& one) { return current_.is(one.first); });
  if (old == old_namespaces.end()) return false;
  const std::string language(old->second);
  deprecated(old->first, "is an old spelling of 'namespace " + language + "', and later compilers refuse it");
  if (definitions_begun_) {
    error(current_.place, "'" + std::string(old->first) +
                              "' must stand before the first definition; move it to the top of the file");
  }
  dashes_allowed_ = is_smalltalk(language);
  take();
  dashes_allowed_ = false;
  if (current_.kind != Token::Kind::identifier && current_.kind != Token::Kind::literal) {
    error(current_.place,
          "expected the namespace's name after '" + std::string(old->first) + "' but " + found());
    resynchronise();
    return true;
  }
  std::string name = current_.kind == Token::Kind::literal ? current_.literal : std::string(current_.text);
  if (name.size() > name_bytes_max) {
    error(current_.place,
          "the namespace is longer than " + std::to_string(name_bytes_max) + " bytes; choose a shorter one");
    name.clear();
  }
  out_.namespaces[language] = std::move(name);
  take();
  skip_separator();
  return true;
}

void Parser::parse_include() {
  if (!count_part()) return resynchronise();
  IncludeNode include;
  include.place = current_.place;
  if (!parse_literal("the included file's name", include.path)) return resynchronise();
  skip_separator();
  out_.includes.push_back(std::move(include));
}

void Parser::parse_namespace() {
  std::string language = "*";
  if (!take_if('*')) {
    if (current_.kind != Token::Kind::identifier) {
      error(current_.place, "expected a language or '*' after 'namespace' but " + found());
      return resynchronise();
    }
    language = current_.text;
    dashes_allowed_ = is_smalltalk(language);
    take();
    dashes_allowed_ = false;
  }
  // fbthrift and old files quote it.
  if (current_.kind != Token::Kind::identifier && current_.kind != Token::Kind::literal) {
    error(current_.place, "expected the namespace's name, like 'acme.shop', but " + found());
    return resynchronise();
  }
  std::string name = current_.kind == Token::Kind::literal ? current_.literal : std::string(current_.text);
  const Place namespace_place = current_.place;
  take();
  Annotations annotations;
  if (current_.is('(') && !parse_annotations(annotations)) return resynchronise();
  skip_separator();
  if (name.size() > name_bytes_max) {
    return error(namespace_place, "the namespace is longer than " + std::to_string(name_bytes_max) +
                                      " bytes; choose a shorter one");
  }
  for (Annotation& annotation : annotations) {
    if (annotation.name.starts_with("koine.")) out_.annotations.push_back(std::move(annotation));
  }
  // A language that is there to hold annotations, where there is no other.
  if (language != "koine") out_.namespaces[language] = std::move(name);
}

void Parser::parse_definition() {
  if (take_if(';') || take_if(',')) return;
  if (take_if('}')) {
    error(current_.place, "'}' closes nothing here; remove it, or look for a missing '{' above");
    return;
  }
  if (current_.is("typedef")) return parse_typedef();
  if (current_.is("enum")) return parse_enum();
  if (current_.is("const")) return parse_constant();
  if (current_.is("struct")) return parse_struct(StructForm::structure);
  if (current_.is("union")) return parse_struct(StructForm::union_);
  if (current_.is("exception")) return parse_struct(StructForm::exception);
  if (current_.is("service")) return parse_service();
  if (current_.is("senum")) return parse_senum();
  if (current_.kind == Token::Kind::identifier) {
    static const std::vector<std::string> known(definition_words.begin(), definition_words.end());
    error(current_.place, "unknown definition '" + std::string(current_.text.substr(0, 80)) + "'" +
                              (current_.is("interaction") || current_.is("package")
                                   ? std::string("; it is fbthrift's, and not part of Apache Thrift")
                                   : did_you_mean(current_.text, known)));
  } else {
    error(current_.place, "expected a definition (struct, enum, service, …) but " + found());
  }
  take();
  resynchronise();
}

// To the next word that begins a definition and stands first on its line, or follows a '}'.
void Parser::resynchronise() {
  bool after_close = false;
  while (current_.kind != Token::Kind::end) {
    // A name that happens to be such a word is followed by a separator or the like.
    if (parts_ > parts_max_) {  // nothing of what follows is looked at
      current_ = Token();
      return;
    }
    const bool may_follow =
        following_.kind != Token::Kind::symbol || following_.is('{') || following_.is('*');
    const bool definition =
        current_.kind == Token::Kind::identifier && begins_definition(current_.text) && may_follow;
    if (definition && (current_.first_on_line || after_close)) return;
    after_close = current_.is('}');
    take();
  }
}

void Parser::parse_typedef() {
  TypedefNode node;
  node.doc = std::move(current_.doc);
  take();
  if (!parse_type(0, node.type) || !parse_name("typedef", node.name, node.place)) return resynchronise();
  if (current_.is('(') && !parse_annotations(node.annotations)) return resynchronise();
  skip_separator();
  out_.typedefs.push_back(std::move(node));
}

// An old enum of texts, in which the compiler saw no more than a typedef of string.
void Parser::parse_senum() {
  TypedefNode node;
  node.doc = std::move(current_.doc);
  deprecated("senum", "is no longer part of Thrift; it is read as a typedef of string, write that");
  node.type.place = current_.place;
  node.type.base = Kind::string;
  take();
  if (!parse_name("typedef", node.name, node.place) || !expect('{', "after the senum's name")) {
    return resynchronise();
  }
  while (!current_.is('}')) {
    std::string ignored;
    if (!parse_literal("a value of the senum, or '}',", ignored)) return resynchronise();
    skip_separator();
  }
  take();
  if (current_.is('(') && !parse_annotations(node.annotations)) return resynchronise();
  skip_separator();
  out_.typedefs.push_back(std::move(node));
}

void Parser::parse_constant() {
  ConstantNode node;
  node.doc = std::move(current_.doc);
  take();
  if (!parse_type(0, node.type) || !parse_name("const", node.name, node.place)) return resynchronise();
  if (!expect('=', "after the constant's name")) return resynchronise();
  if (!parse_value(0, node.value)) return resynchronise();
  Annotations ignored;
  if (current_.is('(') && !parse_annotations(ignored)) return resynchronise();
  skip_separator();
  out_.constants.push_back(std::move(node));
}

void Parser::parse_enum() {
  EnumNode node;
  node.doc = std::move(current_.doc);
  take();
  if (!parse_name("enum", node.name, node.place) || !expect('{', "after the enum's name")) {
    return resynchronise();
  }
  while (!current_.is('}')) {
    if (!parse_enum_value(node)) return resynchronise();
  }
  take();
  if (current_.is('(') && !parse_annotations(node.annotations)) return resynchronise();
  skip_separator();
  out_.enums.push_back(std::move(node));
}

bool Parser::parse_enum_value(EnumNode& owner) {
  if (!count_part()) return false;
  EnumValueNode value;
  value.doc = std::move(current_.doc);
  if (current_.kind == Token::Kind::identifier && begins_definition(current_.text) &&
      following_.kind == Token::Kind::identifier && current_.first_on_line) {
    error(current_.place, "expected '}' at the end of enum '" + owner.name + "' but " + found());
    return false;
  }
  if (current_.kind != Token::Kind::identifier) {
    error(current_.place, "expected an enum value or '}' in enum '" + owner.name + "' but " + found());
    return false;
  }
  if (!parse_name("enum value", value.name, value.place)) return false;
  if (take_if('=')) {
    take_word_for_integer();
    if (current_.kind != Token::Kind::integer) {
      error(current_.place, "expected the number of '" + value.name + "' after '=' but " + found());
      return false;
    }
    if (current_.magnitude > (std::uint64_t{1} << 31) - (current_.negative ? 0 : 1)) {
      error(current_.place,
            "the enum value " + std::string(current_.text) + " does not fit an i32; choose a smaller one");
      value.number = 0;
    } else {
      const auto magnitude = static_cast<std::int64_t>(current_.magnitude);
      value.number = current_.negative ? -magnitude : magnitude;
    }
    take();
  }
  if (current_.is('(') && !parse_annotations(value.annotations)) return false;
  skip_separator();
  owner.values.push_back(std::move(value));
  return true;
}

void Parser::parse_struct(StructForm form) {
  StructNode node;
  node.form = form;
  node.doc = std::move(current_.doc);
  const std::string what(current_.text);
  take();
  if (!parse_name(what, node.name, node.place)) return resynchronise();
  if (current_.is("xsd_all")) {
    deprecated("xsd_all", xsd_ignored);
    take();
  }
  if (!expect('{', "after the name of the " + what)) return resynchronise();
  const bool ok = parse_fields(what + " '" + node.name + "'", '}', 0, node.fields);
  if (ok && current_.is('(') && !parse_annotations(node.annotations)) resynchronise();
  if (!ok) resynchronise();
  skip_separator();
  out_.structs.push_back(std::move(node));
}

void Parser::parse_service() {
  ServiceNode node;
  node.doc = std::move(current_.doc);
  take();
  if (!parse_name("service", node.name, node.place)) return resynchronise();
  if (take_if("extends")) {
    node.base_place = current_.place;
    if (current_.kind != Token::Kind::identifier) {
      error(current_.place, "expected the extended service's name after 'extends' but " + found());
      return resynchronise();
    }
    node.base = current_.text;
    take();
  }
  if (!expect('{', "after the service's name")) return resynchronise();
  bool ok = true;
  while (ok && !current_.is('}')) ok = parse_function(node);
  if (ok) take();
  if (ok && current_.is('(')) ok = parse_annotations(node.annotations);
  if (!ok) resynchronise();
  skip_separator();
  out_.services.push_back(std::move(node));
}

bool Parser::parse_function(ServiceNode& owner) {
  if (!count_part()) return false;
  FunctionNode node;
  node.doc = std::move(current_.doc);
  if (current_.kind == Token::Kind::identifier && begins_definition(current_.text)) {
    error(current_.place, "expected '}' at the end of service '" + owner.name + "' but " + found());
    return false;
  }
  if (current_.is("async")) deprecated("async", "is an old spelling of 'oneway'; write 'oneway'");
  if (current_.is("oneway") || current_.is("async")) {
    node.oneway = true;
    take();
  }
  if (!take_if("void")) {
    node.result.emplace();
    if (!parse_type(0, *node.result)) return false;
  }
  if (!parse_name("method", node.name, node.place)) return false;
  if (!expect('(', "before the arguments of '" + node.name + "'")) return false;
  if (!parse_fields("the arguments of '" + node.name + "'", ')', 0, node.arguments)) return false;
  node.throws_place = current_.place;
  if (take_if("throws")) {
    if (!expect('(', "after 'throws'")) return false;
    if (!parse_fields("the exceptions of '" + node.name + "'", ')', 0, node.throws)) return false;
  }
  if (current_.is('(') && !parse_annotations(node.annotations)) return false;
  skip_separator();
  owner.functions.push_back(std::move(node));
  return true;
}

}  // namespace koine::idl::thrift
