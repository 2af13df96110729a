// Fields, types, values, annotations and names. Owner: see parser.h.
#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "idl/bounds.h"
#include "idl/thrift/parser.h"

namespace koine::idl::thrift {
namespace {

constexpr std::array<std::pair<std::string_view, Kind>, 10> base_types = {{{"bool", Kind::boolean},
                                                                           {"byte", Kind::i8},
                                                                           {"i8", Kind::i8},
                                                                           {"i16", Kind::i16},
                                                                           {"i32", Kind::i32},
                                                                           {"i64", Kind::i64},
                                                                           {"double", Kind::f64},
                                                                           {"string", Kind::string},
                                                                           {"slist", Kind::string},
                                                                           {"binary", Kind::bytes}}};

const Kind* base_type(std::string_view word) {
  for (const auto& [name, kind] : base_types) {
    if (name == word) return &kind;
  }
  return nullptr;
}

bool is_type_word(std::string_view word) {
  return base_type(word) != nullptr || word == "list" || word == "set" || word == "map" || word == "void";
}

}  // namespace

bool Parser::too_deep(std::size_t depth) {
  if (depth <= base::Limits().nesting_max) return false;
  error(current_.place, "nested more than " + std::to_string(base::Limits().nesting_max) +
                            " deep (nesting_max); name an inner part with a typedef or a const of its own");
  return true;
}

void Parser::skip_separator() {
  if (current_.is(',') || current_.is(';')) take();
}

bool Parser::expect(char symbol, std::string_view where) {
  if (take_if(symbol)) return true;
  error(current_.place, std::string("expected '") + symbol + "' " + std::string(where) + " but " + found());
  return false;
}

bool Parser::parse_name(std::string_view what, std::string& name, Place& place) {
  if (current_.kind != Token::Kind::identifier) {
    error(current_.place, "expected the name of the " + std::string(what) + " but " + found());
    return false;
  }
  place = current_.place;
  if (current_.text.size() > name_bytes_max) {
    error(place, "the name of the " + std::string(what) + " is longer than " +
                     std::to_string(name_bytes_max) + " bytes; choose a shorter one");
    return false;
  }
  name = current_.text;
  if (name.find('.') != std::string::npos) {
    error(place, "the name '" + name + "' cannot hold a dot; a name's namespace is set by 'namespace'");
    std::replace(name.begin(), name.end(), '.', '_');
  }
  const bool names_type =
      what == "struct" || what == "union" || what == "exception" || what == "enum" || what == "typedef";
  if (names_type && is_type_word(name)) {
    error(place, "'" + name + "' is a type of Thrift itself; choose another name");
  }
  take();
  return true;
}

bool Parser::parse_literal(std::string_view what, std::string& text) {
  if (current_.kind != Token::Kind::literal) {
    error(current_.place, "expected " + std::string(what) + " in quotes but " + found());
    return false;
  }
  text = std::move(current_.literal);
  take();
  return true;
}

// The opening bracket is taken already; takes the closing one.
bool Parser::parse_fields(std::string_view where, char close, std::size_t depth,
                          std::vector<FieldNode>& fields) {
  while (!current_.is(close)) {
    const bool name = current_.kind == Token::Kind::identifier && !begins_definition(current_.text);
    if (!name && current_.kind != Token::Kind::integer) {
      error(current_.place,
            std::string("expected '") + close + "' at the end of " + std::string(where) + " but " + found());
      return false;
    }
    FieldNode field;
    if (!parse_field(depth, field)) return false;
    fields.push_back(std::move(field));
  }
  take();
  return true;
}

bool Parser::parse_field(std::size_t depth, FieldNode& field) {
  if (!count_part()) return false;
  field.doc = std::move(current_.doc);
  if (following_.is(':')) take_word_for_integer();
  if (current_.kind == Token::Kind::integer) {
    field.id_place = current_.place;
    const std::uint64_t magnitude = std::min<std::uint64_t>(current_.magnitude, std::uint64_t{1} << 62);
    field.id =
        current_.negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
    take();
    if (!expect(':', "after the field's id")) return false;
  }
  // `required` and `optional` are types or names nowhere in practice: always requiredness, as in the
  // compiler.
  if (take_if("required")) {
    field.requiredness = Requiredness::required;
  } else if (take_if("optional")) {
    field.requiredness = Requiredness::optional;
  }
  if (!parse_type(0, field.type)) return false;
  take_if('&');  // cpp: hold the value by reference
  if (!parse_name("field", field.name, field.place)) return false;
  if (take_if('=')) {
    field.default_value.emplace();
    if (!parse_value(0, *field.default_value)) return false;
  }
  if (!skip_xsd(depth)) return false;
  if (current_.is('(') && !parse_annotations(field.annotations)) return false;
  skip_separator();
  return true;
}

// XML schema hints of the first Thrift versions: read and dropped. A field that is called so follows an id or
// a type, which these never do.
bool Parser::skip_xsd(std::size_t depth) {
  for (const std::string_view word : {"xsd_optional", "xsd_nillable"}) {
    if (!current_.is(word)) continue;
    deprecated(word, xsd_ignored);
    take();
  }
  if (!current_.is("xsd_attrs")) return true;
  deprecated("xsd_attrs", xsd_ignored);
  take();
  if (too_deep(depth) || !expect('{', "after 'xsd_attrs'")) return false;
  std::vector<FieldNode> ignored;
  return parse_fields("xsd_attrs", '}', depth + 1, ignored);
}

bool Parser::parse_type(std::size_t depth, TypeNode& type) {
  if (too_deep(depth) || !count_part()) return false;
  type.place = current_.place;
  if (current_.kind != Token::Kind::identifier) {
    error(current_.place, "expected a type but " + found());
    return false;
  }
  const std::string_view word = current_.text;
  if (word == "void") {
    error(current_.place, "'void' is the result of a method only; choose a type");
    return false;
  }
  if (begins_definition(word)) {
    error(current_.place,
          "expected a type but " + found() + ", which begins a definition; is a '}' missing above?");
    return false;
  }
  if (word == "list" || word == "set" || word == "map") {
    if (!parse_container(depth, type)) return false;
  } else if (const Kind* kind = base_type(word)) {
    if (word == "byte") deprecated(word, "is an old spelling of 'i8', and signed like it; write 'i8'");
    if (word == "slist") deprecated(word, "is no longer part of Thrift; it is read as 'string', write that");
    type.form = TypeNode::Form::base;
    type.base = *kind;
    take();
  } else {
    type.form = TypeNode::Form::named;
    type.name = word;
    take();
  }
  return !current_.is('(') || parse_annotations(type.annotations);
}

bool Parser::skip_cpp_type() {
  if (!take_if("cpp_type")) return true;
  std::string ignored;
  return parse_literal("the C++ type", ignored);
}

bool Parser::parse_container(std::size_t depth, TypeNode& type) {
  const std::string word(current_.text);
  type.form = word == "list"  ? TypeNode::Form::list
              : word == "set" ? TypeNode::Form::set
                              : TypeNode::Form::map;
  take();
  if (!skip_cpp_type() || !expect('<', "after '" + word + "'")) return false;
  if (!parse_type(depth + 1, type.arguments.emplace_back())) return false;
  if (type.form == TypeNode::Form::map) {
    if (!expect(',', "between the key and the value type of a map")) return false;
    if (!parse_type(depth + 1, type.arguments.emplace_back())) return false;
  }
  if (!expect('>', "at the end of the " + word + "'s type")) return false;
  if (current_.is("cpp_type") && following_.kind == Token::Kind::literal) {
    deprecated("cpp_type", "behind the type is an old form; write it before the '<'");
    return skip_cpp_type();
  }
  return true;
}

bool Parser::parse_value(std::size_t depth, ValueNode& value) {
  if (too_deep(depth) || !count_part()) return false;
  value.place = current_.place;
  switch (current_.kind) {
    case Token::Kind::integer:
      value.form = ValueNode::Form::integer;
      value.negative = current_.negative;
      value.magnitude = current_.magnitude;
      break;
    case Token::Kind::real:
      value.form = ValueNode::Form::real;
      value.real = current_.real;
      break;
    case Token::Kind::literal:
      value.form = ValueNode::Form::text;
      value.text = std::move(current_.literal);
      break;
    case Token::Kind::identifier:
      value.form = ValueNode::Form::name;
      value.text = current_.text;
      break;
    case Token::Kind::symbol:
      if (current_.is('[')) return parse_list_value(depth, value);
      if (current_.is('{')) return parse_map_value(depth, value);
      [[fallthrough]];
    case Token::Kind::end:
      error(current_.place,
            "expected a value (a number, text in quotes, a name, [list] or {map}) but " + found());
      return false;
  }
  take();
  return true;
}

bool Parser::parse_list_value(std::size_t depth, ValueNode& value) {
  value.form = ValueNode::Form::list;
  take();
  while (!current_.is(']')) {
    if (!parse_value(depth + 1, value.items.emplace_back())) return false;
    skip_separator();
  }
  take();
  return true;
}

bool Parser::parse_map_value(std::size_t depth, ValueNode& value) {
  value.form = ValueNode::Form::map;
  take();
  while (!current_.is('}')) {
    if (!parse_value(depth + 1, value.items.emplace_back())) return false;
    if (!expect(':', "between a key and its value")) return false;
    if (!parse_value(depth + 1, value.items.emplace_back())) return false;
    skip_separator();
  }
  take();
  return true;
}

bool Parser::parse_annotations(Annotations& annotations) {
  take();  // (
  while (!current_.is(')')) {
    if (current_.kind != Token::Kind::identifier) {
      error(current_.place, "expected an annotation (name = \"value\") or ')' but " + found());
      return false;
    }
    if (!count_part()) return false;
    Annotation annotation{std::string(current_.text), "1"};
    take();
    if (take_if('=') && !parse_literal("the annotation's value", annotation.value)) return false;
    annotations.push_back(std::move(annotation));
    skip_separator();
  }
  take();
  return true;
}

}  // namespace koine::idl::thrift
