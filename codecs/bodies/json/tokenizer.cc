// The tokenizer's states: what may come next decides how the next byte is read.
#include "codecs/bodies/json/tokenizer.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "codecs/bodies/json/text.h"
#include "codecs/utf8.h"

namespace koine::codecs::bodies::json {
namespace {

bool is_digit(std::uint8_t c) { return c >= '0' && c <= '9'; }

int hex_digit(std::uint8_t c) {
  if (is_digit(c)) return c - '0';
  const int lower = c | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The four digits behind "\u"; -1 when they are none. `p` has four bytes.
int hex_unit(const std::uint8_t* p) {
  int unit = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_digit(p[i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

}  // namespace

std::string_view to_string(TokenKind kind) {
  switch (kind) {
    case TokenKind::object_begin:
    case TokenKind::object_end: return "an object";
    case TokenKind::array_begin:
    case TokenKind::array_end: return "an array";
    case TokenKind::name: return "a name";
    case TokenKind::string: return "a string";
    case TokenKind::number: return "a number";
    case TokenKind::true_value:
    case TokenKind::false_value: return "a boolean";
    case TokenKind::null_value: return "null";
    case TokenKind::end: return "the end";
    case TokenKind::error: break;
  }
  return "nothing";
}

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::none: return "no fault";
    case Fault::truncated: return "the JSON text ends too early";
    case Fault::syntax: return "this is not JSON";
    case Fault::control_character: return "a control character must be escaped in a JSON string";
    case Fault::bad_escape: return "JSON has no such escape";
    case Fault::lone_surrogate: return "half of a surrogate pair stands alone";
    case Fault::bad_utf8: return "the string is not valid UTF-8";
    case Fault::too_deep: return "arrays and objects are nested deeper than nesting_max";
    case Fault::trailing: return "something follows the JSON value";
  }
  return {};
}

base::Reason reason_of(Fault fault) {
  switch (fault) {
    case Fault::none: return base::Reason::none;
    case Fault::truncated: return base::Reason::wire_truncated;
    case Fault::lone_surrogate:
    case Fault::bad_utf8: return base::Reason::map_utf8;
    case Fault::too_deep: return base::Reason::limit_depth;
    default: return base::Reason::wire_malformed;
  }
}

Tokenizer::Tokenizer(base::Bytes bytes, std::size_t nesting_max) noexcept
    : begin_(bytes.data()),
      at_(bytes.data()),
      end_(bytes.data() + bytes.size()),
      nesting_max_(std::min(nesting_max, depth_ceiling)) {}

base::Status Tokenizer::status() const {
  if (fault_ == Fault::none) return {};
  return base::Status(reason_of(fault_),
                      std::string(to_string(fault_)) + ", at byte " + std::to_string(fault_offset_));
}

Token Tokenizer::next() noexcept {
  if (expect_ == Expect::peeked) [[unlikely]] {
    expect_ = expect_behind_;
    depth_ = peeked_depth_;
    return peeked_;
  }
  return read();
}

const Token& Tokenizer::peek() noexcept {
  if (expect_ != Expect::peeked) {
    const std::size_t before = depth_;
    peeked_ = read();
    peeked_depth_ = depth_;
    depth_ = before;  // depth() speaks of what was given out
    expect_behind_ = expect_;
    expect_ = Expect::peeked;
  }
  return peeked_;
}

bool Tokenizer::skip_value() noexcept {
  const std::size_t outer = depth_;
  while (true) {
    const Token token = next();
    if (token.kind == TokenKind::error || token.kind == TokenKind::end) return false;
    if (depth_ == outer && token.kind != TokenKind::name) return true;
  }
}

Token Tokenizer::fail(Fault fault, const std::uint8_t* at) noexcept {
  if (fault_ == Fault::none) {
    // A fault at the very end is that the rest is missing.
    fault_ = fault == Fault::syntax && at == end_ ? Fault::truncated : fault;
    fault_offset_ = offset_of(at);
    expect_ = Expect::nothing;
  }
  return {TokenKind::error, false, {}, fault_offset_};
}

void Tokenizer::skip_space() noexcept {
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

Token Tokenizer::read() noexcept {
  if (fault_ != Fault::none) return {TokenKind::error, false, {}, fault_offset_};
  skip_space();
  switch (expect_) {
    case Expect::value: return read_value(false);
    case Expect::value_or_end: return read_value(true);
    case Expect::name: return read_name(false);
    case Expect::name_or_end: return read_name(true);
    case Expect::comma_or_end: return read_separator();
    case Expect::nothing:
    case Expect::peeked: break;
  }
  if (at_ != end_) return fail(Fault::trailing, at_);
  return {TokenKind::end, false, {}, offset_of(at_)};
}

Token Tokenizer::read_separator() noexcept {
  if (at_ == end_) return fail(Fault::truncated, at_);
  const bool object = in_object();
  if (*at_ == (object ? '}' : ']')) return close(object ? TokenKind::object_end : TokenKind::array_end);
  if (*at_ != ',') return fail(Fault::syntax, at_);
  ++at_;
  skip_space();
  return object ? read_name(false) : read_value(false);
}

Token Tokenizer::read_name(bool may_end) noexcept {
  if (at_ == end_) return fail(Fault::truncated, at_);
  if (may_end && *at_ == '}') return close(TokenKind::object_end);
  if (*at_ != '"') return fail(Fault::syntax, at_);
  const Token name = read_string(TokenKind::name);
  if (name.kind == TokenKind::error) return name;
  skip_space();
  if (at_ == end_ || *at_ != ':') return fail(Fault::syntax, at_);
  ++at_;
  expect_ = Expect::value;
  return name;
}

Token Tokenizer::read_value(bool may_end) noexcept {
  if (at_ == end_) return fail(Fault::truncated, at_);
  switch (*at_) {
    case '{': return open(TokenKind::object_begin);
    case '[': return open(TokenKind::array_begin);
    case ']': return may_end ? close(TokenKind::array_end) : fail(Fault::syntax, at_);
    case '"': {
      const Token token = read_string(TokenKind::string);
      if (token.kind != TokenKind::error) after_value();
      return token;
    }
    case 't': return read_word("true", TokenKind::true_value);
    case 'f': return read_word("false", TokenKind::false_value);
    case 'n': return read_word("null", TokenKind::null_value);
    default: return read_number();
  }
}

Token Tokenizer::open(TokenKind kind) noexcept {
  if (depth_ >= nesting_max_) return fail(Fault::too_deep, at_);
  const bool object = kind == TokenKind::object_begin;
  const std::uint64_t bit = std::uint64_t{1} << (depth_ & 63);
  std::uint64_t& word = kinds_[depth_ >> 6];
  word = object ? word | bit : word & ~bit;
  ++depth_;
  expect_ = object ? Expect::name_or_end : Expect::value_or_end;
  return {kind, false, {}, offset_of(at_++)};
}

Token Tokenizer::close(TokenKind kind) noexcept {
  --depth_;
  after_value();
  return {kind, false, {}, offset_of(at_++)};
}

Token Tokenizer::read_word(std::string_view word, TokenKind kind) noexcept {
  const auto left = static_cast<std::size_t>(end_ - at_);
  const std::size_t same = std::min(left, word.size());
  if (std::memcmp(at_, word.data(), same) != 0) return fail(Fault::syntax, at_);
  if (same < word.size()) return fail(Fault::truncated, end_);
  const Token token{kind, false, {}, offset_of(at_)};
  at_ += word.size();
  after_value();
  return token;
}

// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
Token Tokenizer::read_number() noexcept {
  const std::uint8_t* p = at_;
  const auto digits = [&] {
    const std::uint8_t* first = p;
    while (p != end_ && is_digit(*p)) ++p;
    return p != first;
  };
  if (*p == '-') ++p;
  if (p != end_ && *p == '0') {
    ++p;
    if (p != end_ && is_digit(*p)) return fail(Fault::syntax, p);
  } else if (!digits()) {
    return fail(Fault::syntax, p);
  }
  if (p != end_ && *p == '.') {
    ++p;
    if (!digits()) return fail(Fault::syntax, p);
  }
  if (p != end_ && (*p | 0x20) == 'e') {
    ++p;
    if (p != end_ && (*p == '+' || *p == '-')) ++p;
    if (!digits()) return fail(Fault::syntax, p);
  }
  const Token token{TokenKind::number,
                    false,
                    {reinterpret_cast<const char*>(at_), static_cast<std::size_t>(p - at_)},
                    offset_of(at_)};
  at_ = p;
  after_value();
  return token;
}

Token Tokenizer::read_string(TokenKind kind) noexcept {
  const std::uint8_t* first = at_ + 1;
  const std::uint8_t* p = first;
  bool escaped = false;
  bool ascii = true;
  while (true) {
    p += plain_prefix(p, static_cast<std::size_t>(end_ - p), ascii);
    if (p == end_) return fail(Fault::truncated, p);
    if (*p == '"') break;
    if (*p < 0x20) return fail(Fault::control_character, p);
    escaped = true;
    if (end_ - p < 2) return fail(Fault::truncated, end_);
    if (p[1] != 'u') {
      if (p[1] == 0 || std::strchr("\"\\/bfnrt", p[1]) == nullptr) return fail(Fault::bad_escape, p);
      p += 2;
      continue;
    }
    if (end_ - p < 6) return fail(Fault::truncated, end_);
    const int unit = hex_unit(p + 2);
    if (unit < 0) return fail(Fault::bad_escape, p);
    if (unit >= 0xDC00 && unit <= 0xDFFF) return fail(Fault::lone_surrogate, p);
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      if (end_ - p < 12 && end_ - p >= 6 && std::find(p + 6, end_, '"') == end_)
        return fail(Fault::truncated, end_);
      const int low = end_ - p >= 12 && p[6] == '\\' && p[7] == 'u' ? hex_unit(p + 8) : -1;
      if (low < 0xDC00 || low > 0xDFFF) return fail(Fault::lone_surrogate, p);
      p += 6;
    }
    p += 6;
  }
  const auto size = static_cast<std::size_t>(p - first);
  if (!ascii && !is_utf8(first, size)) return fail(Fault::bad_utf8, first);
  const Token token{kind, escaped, {reinterpret_cast<const char*>(first), size}, offset_of(at_)};
  at_ = p + 1;
  return token;
}

}  // namespace koine::codecs::bodies::json
