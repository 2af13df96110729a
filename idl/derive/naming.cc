// Names. Owner: see naming.h.
#include "idl/derive/naming.h"

#include <algorithm>
#include <array>

#include "idl/folded.h"

namespace koine::idl::derive {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

// t_generator::lang_keywords and the grammar's own words, as Debian's compiler 0.17 refuses them; and words
// that its neighbours 0.9 to 0.24 refuse.
constexpr auto thrift_words = std::to_array<std::string_view>({"BEGIN",
                                                               "END",
                                                               "__CLASS__",
                                                               "__DIR__",
                                                               "__FILE__",
                                                               "__FUNCTION__",
                                                               "__LINE__",
                                                               "__METHOD__",
                                                               "__NAMESPACE__",
                                                               "abstract",
                                                               "alias",
                                                               "and",
                                                               "args",
                                                               "as",
                                                               "assert",
                                                               "async",
                                                               "begin",
                                                               "binary",
                                                               "bool",
                                                               "break",
                                                               "byte",
                                                               "case",
                                                               "catch",
                                                               "class",
                                                               "clone",
                                                               "cocoa_prefix",
                                                               "const",
                                                               "continue",
                                                               "cpp_include",
                                                               "cpp_namespace",
                                                               "cpp_type",
                                                               "csharp_namespace",
                                                               "declare",
                                                               "def",
                                                               "default",
                                                               "del",
                                                               "delete",
                                                               "delphi_namespace",
                                                               "do",
                                                               "double",
                                                               "dynamic",
                                                               "elif",
                                                               "else",
                                                               "elseif",
                                                               "elsif",
                                                               "end",
                                                               "enddeclare",
                                                               "endfor",
                                                               "endforeach",
                                                               "endif",
                                                               "endswitch",
                                                               "endwhile",
                                                               "ensure",
                                                               "enum",
                                                               "except",
                                                               "exception",
                                                               "exec",
                                                               "extends",
                                                               "false",
                                                               "finally",
                                                               "float",
                                                               "for",
                                                               "foreach",
                                                               "from",
                                                               "function",
                                                               "global",
                                                               "goto",
                                                               "i16",
                                                               "i32",
                                                               "i64",
                                                               "i8",
                                                               "if",
                                                               "implements",
                                                               "import",
                                                               "in",
                                                               "include",
                                                               "inline",
                                                               "instanceof",
                                                               "interface",
                                                               "is",
                                                               "java_package",
                                                               "lambda",
                                                               "list",
                                                               "map",
                                                               "module",
                                                               "namespace",
                                                               "native",
                                                               "new",
                                                               "next",
                                                               "nil",
                                                               "not",
                                                               "oneway",
                                                               "optional",
                                                               "or",
                                                               "package",
                                                               "pass",
                                                               "perl_package",
                                                               "php_namespace",
                                                               "print",
                                                               "private",
                                                               "protected",
                                                               "public",
                                                               "py_module",
                                                               "raise",
                                                               "redo",
                                                               "register",
                                                               "required",
                                                               "rescue",
                                                               "retry",
                                                               "return",
                                                               "ruby_namespace",
                                                               "self",
                                                               "senum",
                                                               "service",
                                                               "set",
                                                               "sizeof",
                                                               "slist",
                                                               "smalltalk_category",
                                                               "smalltalk_prefix",
                                                               "static",
                                                               "string",
                                                               "struct",
                                                               "super",
                                                               "switch",
                                                               "synchronized",
                                                               "then",
                                                               "this",
                                                               "throw",
                                                               "throws",
                                                               "transient",
                                                               "true",
                                                               "try",
                                                               "typedef",
                                                               "undef",
                                                               "union",
                                                               "unless",
                                                               "unsigned",
                                                               "until",
                                                               "use",
                                                               "uuid",
                                                               "var",
                                                               "virtual",
                                                               "void",
                                                               "volatile",
                                                               "when",
                                                               "while",
                                                               "with",
                                                               "xor",
                                                               "xsd_all",
                                                               "xsd_attrs",
                                                               "xsd_namespace",
                                                               "xsd_nillable",
                                                               "xsd_optional",
                                                               "yield"});
static_assert(std::is_sorted(thrift_words.begin(), thrift_words.end()));

// Where a word begins inside a name: after a lower-case letter or digit, and before the last capital of a
// row.
std::string snake(std::string_view name, char (*convert)(char)) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (is_upper(c) && i > 0 && name[i - 1] != '_') {
      const bool after_small = is_lower(name[i - 1]) || is_digit(name[i - 1]);
      const bool before_small = i + 1 < name.size() && is_lower(name[i + 1]);
      if (after_small || (is_upper(name[i - 1]) && before_small)) out += '_';
    }
    out += convert(c);
  }
  return out;
}

}  // namespace

std::string upper_snake(std::string_view name) { return snake(name, to_upper); }
std::string lower_snake(std::string_view name) { return snake(name, lower_letter); }

std::string upper_first(std::string_view name) {
  std::string out(name);
  if (!out.empty()) out[0] = to_upper(out[0]);
  return out;
}

std::string lower_first(std::string_view name) {
  std::string out(name);
  if (out.size() == 1 || (out.size() > 1 && !is_upper(out[1]))) out[0] = lower_letter(out[0]);
  return out;
}

bool is_identifier(std::string_view name) {
  return !name.empty() && !is_digit(name[0]) && std::all_of(name.begin(), name.end(), [](char c) {
    return is_upper(c) || is_lower(c) || is_digit(c) || c == '_';
  });
}

std::string identifier_path(std::string_view name) {
  std::string out;
  std::size_t start = 0;
  while (start <= name.size()) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    std::string part(name.substr(start, end - start));
    start = end + 1;
    if (part.empty()) continue;
    for (char& c : part) {
      if (!is_upper(c) && !is_lower(c) && !is_digit(c)) c = '_';
    }
    if (is_digit(part[0])) part.insert(0, "_");
    out = joined(out, part);
  }
  return out;
}

std::string identifier_of(std::string_view name) {
  std::string out = identifier_path(name);
  std::replace(out.begin(), out.end(), '.', '_');
  return out.empty() ? "_" : out;
}

std::string map_entry_name(std::string_view field) {
  std::string out;
  bool upper_next = true;
  for (char c : field) {
    if (c == '_') {
      upper_next = true;
      continue;
    }
    out += upper_next ? to_upper(c) : c;
    upper_next = false;
  }
  return out + "Entry";
}

bool is_thrift_word(std::string_view name) {
  return std::binary_search(thrift_words.begin(), thrift_words.end(), name);
}

std::string joined(std::string_view scope, std::string_view name) {
  std::string out(scope);
  if (!out.empty()) out += '.';
  return out += name;
}

std::string NameScope::claim(const std::string& wished, const Refused& also_refused) {
  auto fits = [&](const std::string& name) {
    return !taken(name) && (!refused_ || !refused_(name)) && (!also_refused || !also_refused(name));
  };
  std::string name = wished;
  for (int n = 1; !fits(name); ++n) name = wished + (n == 1 ? "_" : "_" + std::to_string(n));
  reserve(name);
  return name;
}

}  // namespace koine::idl::derive
