// Thrift IDL text to tokens, one at a time. The lexical rules are those of the Apache compiler 0.17
// (compiler/cpp/src/thrift/thriftl.ll): three kinds of comment, identifiers with dots, decimal and 0x
// integers with a sign, doubles (".5", "1e5", not "1."), quoted literals with \r \n \t \" \' \\. Those of
// several lines, which it refuses, are read with a warning.
//
// Keywords are not told apart here: almost every one may be a name, so the parser decides by position.
// Owner: the parser; views point into the text given.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "idl/report.h"

namespace koine::idl::thrift {

struct Token {
  enum class Kind : std::uint8_t { identifier, integer, real, literal, symbol, end };
  Kind kind = Kind::end;
  std::string_view text;  // as written; of a symbol its one character
  std::string literal;    // of a literal: unescaped
  std::uint64_t magnitude = 0;
  bool negative = false;
  double real = 0;
  std::string doc;  // the last doc comment before this token, cleaned
  bool has_doc = false;
  Place place;
  Place dash;  // of an identifier: its first '-', which Smalltalk's namespaces alone may have
  bool first_on_line = false;

  bool is(char symbol_character) const { return kind == Kind::symbol && text[0] == symbol_character; }
  bool is(std::string_view word) const { return kind == Kind::identifier && text == word; }
};

class Lexer {
 public:
  // Errors go to `report`; lexing goes on behind them, so that the parser finds the following ones.
  Lexer(const SourceFile& file, Report& report);

  Token next();
  // A file may begin with two doc comments, its own and the first definition's: the one before the last.
  const std::string& earlier_doc() const { return earlier_doc_; }

 private:
  void skip_space_and_comments(Token& token);
  void skip_block_comment(Token& token);
  void take_number(Token& token);
  void take_literal(Token& token);
  void take_identifier(Token& token);
  bool at_number() const;
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void advance();
  void error(Place place, std::string message) {
    report_.error(file_, place, rule_syntax, std::move(message));
  }

  const SourceFile& file_;
  Report& report_;
  std::string_view text_;
  std::size_t at_ = 0;
  Place place_{1, 1};
  bool line_is_blank_ = true;
  std::string earlier_doc_;
};

}  // namespace koine::idl::thrift
