// A strict pull tokenizer for JSON (RFC 8259) over contiguous bytes: no recursion, no allocation.
//
// It gives only well-formed documents through to their end token: one value, commas and colons where they
// belong, strings in valid UTF-8 with whole escapes and no lone surrogates, numbers by the grammar, nesting
// within a limit. Comments, trailing commas, NaN, a byte order mark and anything behind the value are
// refused. Two members of one name are the business of whoever knows the members (RFC 8259 §4 leaves it
// open): names come as tokens with their offsets.
//
// The bytes outlive the tokenizer and its tokens. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/buffer.h"
#include "base/status.h"
#include "codecs/bodies/json/quick.h"
#include "codecs/wire.h"

namespace koine::codecs::bodies::json {

enum class TokenKind : std::uint8_t {
  object_begin,
  object_end,
  array_begin,
  array_end,
  name,  // of a member; its value follows
  string,
  number,
  true_value,
  false_value,
  null_value,
  end,   // of the document; again at each further call
  error  // see Tokenizer::fault(); again at each further call
};

// What a person calls it: "an object", "a string", …
std::string_view to_string(TokenKind kind);

struct Token {
  TokenKind kind = TokenKind::error;
  bool escaped = false;    // name, string: `text` has escapes, see unescape()
  std::string_view text;   // name, string: between the quotes, as written; number: all of it
  std::size_t offset = 0;  // of its first byte
};

enum class Fault : std::uint8_t {
  none,
  truncated,
  syntax,
  control_character,
  bad_escape,
  lone_surrogate,
  bad_utf8,
  too_deep,
  trailing,
};
// For a person; static text.
std::string_view to_string(Fault fault);
base::Reason reason_of(Fault fault);

class Tokenizer {
 public:
  static constexpr std::size_t depth_ceiling = 1024;

  // `nesting_max`: arrays and objects inside one another, at most depth_ceiling.
  Tokenizer(base::Bytes bytes, std::size_t nesting_max) noexcept;

  Token next() noexcept;
  // Behind a name: does the next token begin with this byte? What is cheaper to ask than peek().
  bool comes(std::uint8_t first) noexcept {
    if (expect_ != Expect::value) return false;
    if (at_ != end_ && *at_ <= ' ') skip_space();
    return at_ != end_ && *at_ == first;
  }

  // ---- what nearly every document has, quicker than next() where one knows what comes: each of these takes
  // what stands right here, without a space in front and with its comma. Where something else stands, or what
  // wants a closer look, false, and nothing was taken.

  // The name in `key`, which is written `"name":`.
  bool take_name(std::string_view key) noexcept;
  // Any name without escapes, and its colon. The text can be read in pieces of 16 bytes.
  bool take_any_name(std::string_view& text) noexcept;
  // A name that is an integer of at most 15 digits; when `narrow`, of 32 bits.
  bool take_integer_name(bool narrow, std::int64_t& value) noexcept;
  // The comma, or nothing, in front of an array's next element, which comes next.
  bool take_to_element() noexcept;
  // A string without escapes; it can be read in pieces of 16 bytes.
  bool take_string(std::string_view& text) noexcept;
  // An integer of at most 15 digits; when `quoted`, also one that is a string; when `narrow`, of 32 bits.
  bool take_integer(bool quoted, bool narrow, std::int64_t& value) noexcept;
  bool take_boolean(bool& value) noexcept;
  bool take_object_begin() noexcept;
  bool take_object_end() noexcept;

  // The token that next() will give.
  const Token& peek() noexcept;
  // Steps over the value that begins with the next token, all of it. False when it is malformed.
  bool skip_value() noexcept;

  Fault fault() const noexcept { return fault_; }
  // Where the fault is.
  std::size_t fault_offset() const noexcept { return fault_offset_; }
  // The fault as a Status: WIRE_MALFORMED, WIRE_TRUNCATED, MAP_UTF8 or LIMIT_DEPTH, naming the offset.
  base::Status status() const;
  // Arrays and objects open now (after the last token given out by next()).
  std::size_t depth() const noexcept { return depth_; }

 private:
  // (Behind a peeked token: see expect_behind_.)
  enum class Expect : std::uint8_t { value, value_or_end, name_or_end, name, comma_or_end, nothing, peeked };

  Token read() noexcept;
  Token read_value(bool may_end) noexcept;
  Token read_name(bool may_end) noexcept;
  Token read_separator() noexcept;
  Token read_string(TokenKind kind) noexcept;
  Token read_number() noexcept;
  Token read_word(std::string_view word, TokenKind kind) noexcept;
  Token open(TokenKind kind) noexcept;
  Token close(TokenKind kind) noexcept;
  Token fail(Fault fault, const std::uint8_t* at) noexcept;
  void skip_space() noexcept;
  const std::uint8_t* at_name() const noexcept;
  bool in_object() const noexcept { return (kinds_[(depth_ - 1) >> 6] >> ((depth_ - 1) & 63) & 1) != 0; }
  void after_value() noexcept { expect_ = depth_ == 0 ? Expect::nothing : Expect::comma_or_end; }
  std::size_t offset_of(const std::uint8_t* p) const noexcept { return static_cast<std::size_t>(p - begin_); }

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::size_t nesting_max_;
  std::size_t depth_ = 0;
  std::array<std::uint64_t, depth_ceiling / 64> kinds_;  // a bit for each open one: 1 = object
  Expect expect_ = Expect::value;
  Fault fault_ = Fault::none;
  std::size_t fault_offset_ = 0;
  Token peeked_;
  std::size_t peeked_depth_ = 0;            // depth after the peeked token
  Expect expect_behind_ = Expect::nothing;  // what comes behind the peeked token
};

namespace detail {

// Are the `size` bytes, more than 3, the same?
[[gnu::always_inline]] inline bool same_bytes(const std::uint8_t* a, const std::uint8_t* b,
                                              std::size_t size) noexcept {
  if (size >= 8) {
    if (load<std::uint64_t>(a) != load<std::uint64_t>(b)) return false;
    if (size > 16) return std::memcmp(a + 8, b + 8, size - 8) == 0;
    return load<std::uint64_t>(a + size - 8) == load<std::uint64_t>(b + size - 8);
  }
  return load<std::uint32_t>(a) == load<std::uint32_t>(b) &&
         load<std::uint32_t>(a + size - 4) == load<std::uint32_t>(b + size - 4);
}

}  // namespace detail

// Where a member's name would begin; null when none is due.
[[gnu::always_inline]] inline const std::uint8_t* Tokenizer::at_name() const noexcept {
  if (expect_ == Expect::name_or_end) return at_;
  const bool comma = expect_ == Expect::comma_or_end && at_ != end_ && *at_ == ',' && in_object();
  return comma ? at_ + 1 : nullptr;
}

[[gnu::always_inline]] inline bool Tokenizer::take_name(std::string_view key) noexcept {
  const std::uint8_t* p = at_name();
  if (p == nullptr) return false;
  if (static_cast<std::size_t>(end_ - p) < key.size() || key.size() < 4) return false;
  if (!detail::same_bytes(p, reinterpret_cast<const std::uint8_t*>(key.data()), key.size())) return false;
  at_ = p + key.size();
  expect_ = Expect::value;
  return true;
}

[[gnu::always_inline]] inline bool Tokenizer::take_any_name(std::string_view& text) noexcept {
  const std::uint8_t* p = at_name();
  if (p == nullptr) return false;
  if (p == end_ || *p != '"') return false;
  const std::uint8_t* const last = plain_end(p + 1, end_);
  if (last == nullptr || last + 1 == end_ || last[1] != ':') return false;
  text = {reinterpret_cast<const char*>(p + 1), static_cast<std::size_t>(last - p - 1)};
  at_ = last + 2;
  expect_ = Expect::value;
  return true;
}

[[gnu::always_inline]] inline bool Tokenizer::take_integer_name(bool narrow, std::int64_t& value) noexcept {
  constexpr auto bytes = static_cast<std::ptrdiff_t>(quick_integer_bytes + 3);
  const std::uint8_t* p = at_name();
  if (p == nullptr || end_ - p < bytes || *p != '"') return false;
  p = quick_integer(p + 1, value);
  if (p == nullptr || p[0] != '"' || p[1] != ':') return false;
  if (narrow && value != static_cast<std::int32_t>(value)) return false;
  at_ = p + 2;
  expect_ = Expect::value;
  return true;
}

inline bool Tokenizer::take_to_element() noexcept {
  if (at_ == end_) return false;
  if (expect_ == Expect::comma_or_end) {
    if (*at_ != ',' || in_object()) return false;
    ++at_;
  } else if (expect_ != Expect::value_or_end || *at_ <= ' ' || *at_ == ']') {
    return false;
  }
  expect_ = Expect::value;
  return true;
}

[[gnu::always_inline]] inline bool Tokenizer::take_string(std::string_view& text) noexcept {
  if (expect_ != Expect::value || at_ == end_ || *at_ != '"') return false;
  const std::uint8_t* const last = plain_end(at_ + 1, end_);
  if (last == nullptr) return false;
  text = {reinterpret_cast<const char*>(at_ + 1), static_cast<std::size_t>(last - at_ - 1)};
  at_ = last + 1;
  after_value();
  return true;
}

[[gnu::always_inline]] inline bool Tokenizer::take_integer(bool quoted, bool narrow,
                                                           std::int64_t& value) noexcept {
  constexpr auto bytes = static_cast<std::ptrdiff_t>(quick_integer_bytes + 1);
  if (expect_ != Expect::value || end_ - at_ < bytes) return false;
  const bool text = quoted && *at_ == '"';
  const std::uint8_t* p = quick_integer(at_ + (text ? 1 : 0), value);
  if (p == nullptr || (narrow && value != static_cast<std::int32_t>(value))) return false;
  // A fraction or an exponent may follow.
  if (text ? *p != '"' : *p != ',' && *p != '}' && *p != ']') return false;
  at_ = p + (text ? 1 : 0);
  after_value();
  return true;
}

inline bool Tokenizer::take_boolean(bool& value) noexcept {
  if (expect_ != Expect::value || end_ - at_ < 5) return false;
  value = *at_ == 't';
  if (std::memcmp(at_, value ? "true" : "fals", 4) != 0 || (!value && at_[4] != 'e')) return false;
  at_ += value ? 4 : 5;
  after_value();
  return true;
}

inline bool Tokenizer::take_object_begin() noexcept {
  if (expect_ != Expect::value || at_ == end_ || *at_ != '{' || depth_ >= nesting_max_) return false;
  kinds_[depth_ >> 6] |= std::uint64_t{1} << (depth_ & 63);
  ++depth_;
  ++at_;
  expect_ = Expect::name_or_end;
  return true;
}

inline bool Tokenizer::take_object_end() noexcept {
  const bool may_end = expect_ == Expect::comma_or_end || expect_ == Expect::name_or_end;
  if (!may_end || at_ == end_ || *at_ != '}' || !in_object()) return false;
  --depth_;
  ++at_;
  after_value();
  return true;
}

}  // namespace koine::codecs::bodies::json
