// The resumable walk over a TJSONProtocol message: brackets and strings.
#include "codecs/transports/unframed/walker.h"

namespace koine::codecs::transports::unframed {
namespace {

// What stands outside strings in JSON: numbers, literals, commas, colons and white space, besides brackets.
constexpr bool plain(std::uint8_t byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || byte == 'E' || byte == '+' ||
         byte == '-' || byte == '.' || byte == ',' || byte == ':' || byte == ' ' || byte == '\t' ||
         byte == '\n' || byte == '\r';
}

}  // namespace

std::size_t Walker::json(base::Bytes bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && state_ == State::need_more) {
    if (used_ == bytes_max_) {
      fail(State::too_large, "message is longer than message_bytes_max allows");
      break;
    }
    const std::uint8_t byte = bytes[at++];
    ++used_;
    if (escaped_) {
      escaped_ = false;
    } else if (in_string_) {
      if (byte == '\\') escaped_ = true;
      if (byte == '"') in_string_ = false;
    } else if (byte == '"') {
      in_string_ = true;
      if (brackets_.empty()) fail(State::malformed, "a JSON message begins with '['");
    } else if (!plain(byte)) {
      json_bracket(byte);
    } else if (brackets_.empty()) {
      fail(State::malformed, "a JSON message begins with '['");
    }
  }
  return at;
}

void Walker::json_bracket(std::uint8_t byte) {
  // A struct's field is two braces, and so is an element that is a map; the message is one bracket.
  const std::size_t open_max = 2 * nesting_max_ + 1;
  switch (byte) {
    case '[':
    case '{':
      if (brackets_.empty() && byte != '[') return fail(State::malformed, "a JSON message begins with '['");
      if (brackets_.size() >= open_max) {
        return fail(State::too_deep, "structs and containers are nested deeper than nesting_max allows");
      }
      return brackets_.push_back(byte == '{');
    case ']':
    case '}':
      if (brackets_.empty() || brackets_.back() != (byte == '}')) {
        return fail(State::malformed, "a bracket of a JSON message has no counterpart");
      }
      brackets_.pop_back();
      if (brackets_.empty()) state_ = State::complete;
      return;
    default: return fail(State::malformed, "a byte outside strings that JSON does not have");
  }
}

}  // namespace koine::codecs::transports::unframed
