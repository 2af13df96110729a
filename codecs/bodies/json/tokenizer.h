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
#include <string_view>

#include "base/buffer.h"
#include "base/status.h"

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
  // Is the next token the name in `key`, which is written `"name":`, and does it stand there just so, without
  // spaces and with its comma? Takes it then. Quicker than next() where one knows what comes.
  bool take_name(std::string_view key) noexcept;
  // Behind a name: does the next token begin with this byte? What is cheaper to ask than peek().
  bool comes(std::uint8_t first) noexcept;
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
  enum class Expect : std::uint8_t { value, value_or_end, name_or_end, name, comma_or_end, nothing };

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
  std::size_t peeked_depth_ = 0;  // depth after the peeked token
  bool has_peeked_ = false;
};

}  // namespace koine::codecs::bodies::json
