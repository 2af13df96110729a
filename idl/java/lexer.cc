// Tokens of Java. Owner: see lexer.h.
#include "idl/java/lexer.h"

#include <optional>

#include "idl/doc_comment.h"

namespace koine::idl::java {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Letters of all scripts: whether a character beyond ASCII is one, javac has said.
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80u) != 0;
}
bool is_word(char c) { return is_word_start(c) || is_digit(c); }
bool is_symbol(char c) {
  return c != '\0' && std::string_view("(){}[];,.@=<>!~?:+-*/&|^%").find(c) != std::string_view::npos;
}

std::string named_character(char c) {
  static constexpr char hex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (byte > 0x20 && byte < 0x7F) return std::string("'") + c + "'";
  return std::string("byte 0x") + hex[byte >> 4] + hex[byte & 15];
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The unit that the escape at `at` ("\u0041", any number of u) stands for, and where it ends.
std::optional<std::uint32_t> take_escape(std::string_view text, std::size_t& at) {
  std::size_t i = at;
  if (text.substr(i, 2) != "\\u") return std::nullopt;
  ++i;
  while (i < text.size() && text[i] == 'u') ++i;
  if (text.size() - i < 4) return std::nullopt;
  std::uint32_t unit = 0;
  for (const std::size_t end = i + 4; i < end; ++i) {
    const int digit = hex_value(text[i]);
    if (digit < 0) return std::nullopt;
    unit = unit << 4 | static_cast<std::uint32_t>(digit);
  }
  at = i;
  return unit;
}

bool is_high_half(std::uint32_t unit) { return (unit & 0xFC00u) == 0xD800u; }
bool is_low_half(std::uint32_t unit) { return (unit & 0xFC00u) == 0xDC00u; }

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0u | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xE0u | code >> 12);
    } else {
      put(0xF0u | code >> 18);
      put(0x80u | (code >> 12 & 0x3Fu));
    }
    put(0x80u | (code >> 6 & 0x3Fu));
  }
  put(0x80u | (code & 0x3Fu));
}

}  // namespace

std::string without_unicode_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    // An escape begins with a backslash that has an even number of others before it.
    if (text.substr(at, 2) == "\\\\") {
      out += "\\\\";
      at += 2;
      continue;
    }
    std::optional<std::uint32_t> unit = take_escape(text, at);
    if (!unit) {
      out += text[at++];
      continue;
    }
    if (is_high_half(*unit)) {
      std::size_t behind = at;
      const std::optional<std::uint32_t> low = take_escape(text, behind);
      if (low && is_low_half(*low)) {
        unit = 0x10000u + ((*unit & 0x3FFu) << 10 | (*low & 0x3FFu));
        at = behind;
      }
    }
    append_utf8(out, is_high_half(*unit) || is_low_half(*unit) ? 0xFFFDu : *unit);
  }
  return out;
}

Lexer::Lexer(std::string_view text) : text_(text) {
  if (text_.find("\\u") != std::string_view::npos) {
    unescaped_ = without_unicode_escapes(text_);
    text_ = unescaped_;
  }
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
}

void Lexer::advance() {
  if (text_[at_] == '\n') {
    ++place_.line;
    place_.column = 1;
  } else {
    ++place_.column;
  }
  ++at_;
}

void Lexer::bad(Token& token, Place place, std::string message) {
  token.kind = Token::Kind::bad;
  token.place = place;
  token.doc = std::move(message);
  at_ = text_.size();
}

bool Lexer::skip_block_comment(Token& token) {
  const std::size_t end = text_.find("*/", at_ + 2);
  if (end == std::string_view::npos) {
    bad(token, place_, "the comment that begins here has no end; close it with '*/'");
    return false;
  }
  // "/**/" is an empty comment, no doc.
  if (text_[at_ + 2] == '*' && end > at_ + 2) {
    token.doc = clean_doc(text_.substr(at_ + 3, end - (at_ + 3)));
  }
  advance(end + 2 - at_);
  return true;
}

bool Lexer::skip_space_and_comments(Token& token) {
  while (at_ < text_.size()) {
    const char c = peek();
    if (is_space(c)) {
      advance();
    } else if (c == '/' && peek(1) == '/') {
      while (at_ < text_.size() && peek() != '\n') advance();
    } else if (c == '/' && peek(1) == '*') {
      if (!skip_block_comment(token)) return false;
    } else if (c == '\x1A' && at_ + 1 == text_.size()) {
      advance();  // the Control-Z that old editors left
    } else {
      return true;
    }
  }
  return true;
}

// Decimal, hexadecimal, octal and binary numbers of all kinds; more than is legal goes along.
void Lexer::skip_number() {
  const bool hexadecimal = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
  while (is_word(peek()) || peek() == '.') {
    const char c = peek();
    advance();
    const bool exponent = hexadecimal ? c == 'p' || c == 'P' : c == 'e' || c == 'E';
    if (exponent && (peek() == '+' || peek() == '-')) advance();
  }
}

bool Lexer::skip_text_block(Token& token) {
  const Place start = place_;
  advance(3);
  while (at_ < text_.size()) {
    if (text_.substr(at_, 3) == "\"\"\"") {
      advance(3);
      return true;
    }
    advance(peek() == '\\' && at_ + 1 < text_.size() ? 2 : 1);
  }
  bad(token, start, "the text block that begins here has no end; close it with \"\"\"");
  return false;
}

bool Lexer::skip_text(Token& token) {
  if (text_.substr(at_, 3) == "\"\"\"") return skip_text_block(token);
  const Place start = place_;
  const char quote = peek();
  advance();
  while (at_ < text_.size() && peek() != '\n') {
    if (peek() == quote) {
      advance();
      return true;
    }
    advance(peek() == '\\' && at_ + 1 < text_.size() && peek(1) != '\n' ? 2 : 1);
  }
  bad(token, start, std::string("the text that begins here is not closed on its line; add ") + quote);
  return false;
}

Token Lexer::next() {
  Token token;
  if (!skip_space_and_comments(token)) return token;
  token.place = place_;
  if (at_ >= text_.size()) return token;
  const std::size_t start = at_;
  const char c = peek();
  if (is_word_start(c)) {
    token.kind = Token::Kind::identifier;
    while (is_word(peek())) advance();
  } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
    token.kind = Token::Kind::literal;
    skip_number();
  } else if (c == '"' || c == '\'') {
    token.kind = Token::Kind::literal;
    if (!skip_text(token)) return token;
  } else if (is_symbol(c)) {
    token.kind = Token::Kind::symbol;
    advance();
  } else {
    bad(token, place_, "no Java token begins with " + named_character(c) + "; is this Java text in UTF-8?");
    return token;
  }
  token.text = text_.substr(start, at_ - start);
  return token;
}

}  // namespace koine::idl::java
