// Java text to tokens, one at a time (JLS 3, Java 21): comments, identifiers, text blocks, unicode escapes.
//
// Literals are passed over, not evaluated: no schema needs a value. Keywords are identifiers here; `>>` is
// two tokens, so that type arguments need no care. Owner: the parser; views point into the text given, or
// into the lexer's own copy of it where that has unicode escapes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "idl/report.h"

namespace koine::idl::java {

struct Token {
  enum class Kind : std::uint8_t {
    identifier,
    literal,
    symbol,  // one character; also of operators of several
    end,
    bad,  // `doc` says what is wrong; nothing follows
  };
  Kind kind = Kind::end;
  std::string_view text;
  std::string doc;  // the last doc comment before this token, cleaned
  Place place;

  bool is(char symbol_character) const { return kind == Kind::symbol && text[0] == symbol_character; }
  bool is(std::string_view word) const { return kind == Kind::identifier && text == word; }
};

class Lexer {
 public:
  explicit Lexer(std::string_view text);
  Lexer(const Lexer&) = delete;
  Lexer& operator=(const Lexer&) = delete;

  Token next();

 private:
  bool skip_space_and_comments(Token& token);
  bool skip_block_comment(Token& token);
  void skip_number();
  bool skip_text(Token& token);
  bool skip_text_block(Token& token);
  void bad(Token& token, Place place, std::string message);
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void advance();
  void advance(std::size_t count) {
    while (count-- > 0) advance();
  }

  std::string unescaped_;
  std::string_view text_;
  std::size_t at_ = 0;
  Place place_{1, 1};
};

// \u0041 -> A, as Java does before it looks at anything else; of surrogates without their other half U+FFFD.
std::string without_unicode_escapes(std::string_view text);

}  // namespace koine::idl::java
