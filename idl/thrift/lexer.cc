// Tokens of the Thrift IDL. Owner: see lexer.h.
#include "idl/thrift/lexer.h"

#include <charconv>

#include "idl/doc_comment.h"

namespace koine::idl::thrift {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(char c) { return is_word_start(c) || is_digit(c); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }
bool is_symbol(char c) {
  return std::string_view(":;,{}()=<>[]*&").find(c) != std::string_view::npos && c != '\0';
}

bool may_begin_token(char c) {
  return is_space(c) || is_word(c) || is_symbol(c) || c == '"' || c == '\'' || c == '/' || c == '#';
}

// What a character that begins no token looks like in a message.
std::string named_character(char c) {
  static constexpr char hex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (byte > 0x20 && byte < 0x7F) return std::string("'") + c + "'";
  return std::string("byte 0x") + hex[byte >> 4] + hex[byte & 15];
}

}  // namespace

Lexer::Lexer(const SourceFile& file, Report& report) : file_(file), report_(report), text_(file.text) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
}

void Lexer::advance() {
  if (text_[at_] == '\n') {
    ++place_.line;
    place_.column = 1;
    line_is_blank_ = true;
  } else {
    ++place_.column;
  }
  ++at_;
}

void Lexer::skip_block_comment(Token& token) {
  const Place start = place_;
  const std::size_t end = text_.find("*/", at_ + 2);
  if (end == std::string_view::npos) {
    error(start, "the comment that begins here has no end; close it with '*/'");
    while (at_ < text_.size()) advance();
    return;
  }
  // "/**/" is an empty comment, no doc.
  const bool doc = text_[at_ + 2] == '*' && end > at_ + 2;
  if (doc) {
    if (token.has_doc) earlier_doc_ = std::move(token.doc);
    token.doc = clean_doc(text_.substr(at_ + 3, end - (at_ + 3)));
    token.has_doc = true;
  }
  while (at_ < end + 2) advance();
}

void Lexer::skip_space_and_comments(Token& token) {
  while (at_ < text_.size()) {
    const char c = peek();
    if (is_space(c)) {
      advance();
    } else if (c == '#' || (c == '/' && peek(1) == '/')) {
      while (at_ < text_.size() && peek() != '\n') advance();
    } else if (c == '/' && peek(1) == '*') {
      skip_block_comment(token);
    } else {
      return;
    }
  }
}

bool Lexer::at_number() const {
  std::size_t i = peek() == '+' || peek() == '-' ? 1 : 0;
  if (is_digit(peek(i))) return true;
  return peek(i) == '.' && is_digit(peek(i + 1));
}

void Lexer::take_number(Token& token) {
  const std::size_t start = at_;
  token.kind = Token::Kind::integer;
  token.negative = peek() == '-';
  if (peek() == '+' || peek() == '-') advance();
  int radix = 10;
  std::size_t digits = at_;
  if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && is_hex(peek(2))) {
    radix = 16;
    advance();
    advance();
    digits = at_;
    while (is_hex(peek())) advance();
  } else {
    while (is_digit(peek())) advance();
    if (peek() == '.' && is_digit(peek(1))) {
      token.kind = Token::Kind::real;
      advance();
      while (is_digit(peek())) advance();
    }
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign))) {
      token.kind = Token::Kind::real;
      for (std::size_t i = 0; i < 1 + sign; ++i) advance();
      while (is_digit(peek())) advance();
    }
  }
  token.text = text_.substr(start, at_ - start);
  const char* last = text_.data() + at_;
  if (token.kind == Token::Kind::integer) {
    auto result = std::from_chars(text_.data() + digits, last, token.magnitude, radix);
    const bool too_negative = token.negative && token.magnitude > (std::uint64_t{1} << 63);
    if (result.ec != std::errc() || too_negative) {
      error(token.place, "the integer " + std::string(token.text.substr(0, 40)) + " does not fit 64 bits");
      token.magnitude = 0;
    }
  } else {
    const char* first = text_.data() + start + (text_[start] == '+' ? 1 : 0);
    if (std::from_chars(first, last, token.real).ec != std::errc()) {
      error(token.place, "the number " + std::string(token.text.substr(0, 40)) + " does not fit a double");
    }
  }
  if (is_word_start(peek())) {
    error(place_,
          "a letter directly after a number; put a space between them, or begin the name with a letter");
  }
}

void Lexer::take_literal(Token& token) {
  token.kind = Token::Kind::literal;
  const std::size_t start = at_;
  const char quote = peek();
  advance();
  bool broken = false;  // over several lines, as the language's description allows and its compiler does not
  for (;;) {
    if (peek() == '\n' && !broken && text_.find(quote, at_) != std::string_view::npos) {
      broken = true;
      report_.warning(
          file_, token.place, "LINE_BREAK",
          "the text that begins here goes over several lines, which the compiler refuses; is a quote "
          "missing? Write a line break as \\n");
    }
    if (at_ >= text_.size() || (peek() == '\n' && !broken)) {
      error(token.place, std::string("the text that begins here is not closed on its line; add ") + quote +
                             ", and write a line break as \\n");
      break;
    }
    const char c = peek();
    if (c == quote) {
      advance();
      break;
    }
    if (c != '\\') {
      token.literal += c;
      advance();
      continue;
    }
    static constexpr std::string_view escapes = "rnt\"'\\";
    static constexpr std::string_view meanings = "\r\n\t\"'\\";
    const std::size_t known = at_ + 1 < text_.size() ? escapes.find(peek(1)) : std::string_view::npos;
    if (known == std::string_view::npos) {
      error(place_, "unknown escape; Thrift knows \\r \\n \\t \\\" \\' and \\\\ only");
      advance();
      continue;
    }
    token.literal += meanings[known];
    advance();
    advance();
  }
  token.text = text_.substr(start, at_ - start);
}

void Lexer::take_identifier(Token& token) {
  token.kind = Token::Kind::identifier;
  const std::size_t start = at_;
  while (is_word(peek()) || ((peek() == '.' || peek() == '-') && is_word(peek(1)))) {
    if (peek() == '-' && token.dash.line == 0) token.dash = place_;
    advance();
  }
  token.text = text_.substr(start, at_ - start);
}

Token Lexer::next() {
  Token token;
  for (;;) {
    skip_space_and_comments(token);
    token.place = place_;
    token.first_on_line = line_is_blank_;
    if (at_ >= text_.size()) return token;
    line_is_blank_ = false;
    const char c = peek();
    if (is_word_start(c)) {
      take_identifier(token);
      return token;
    }
    if (at_number()) {
      take_number(token);
      return token;
    }
    if (c == '"' || c == '\'') {
      take_literal(token);
      return token;
    }
    if (is_symbol(c)) {
      token.kind = Token::Kind::symbol;
      token.text = text_.substr(at_, 1);
      advance();
      return token;
    }
    error(place_, "no Thrift token begins with " + named_character(c) + "; remove it");
    // One message for a run of them: a binary file is a single mistake.
    advance();
    while (at_ < text_.size() && !may_begin_token(peek())) advance();
  }
}

}  // namespace koine::idl::thrift
