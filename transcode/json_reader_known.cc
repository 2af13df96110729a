// The well-known types' own forms. Field numbers are those of google/protobuf/{timestamp,duration,wrappers,
// field_mask,struct}.proto.
#include "codecs/bodies/json/numbers.h"
#include "codecs/bodies/json/time_text.h"
#include "codecs/bodies/protobuf/primitives.h"
#include "transcode/json_reader.h"

namespace koine::transcode {
namespace {

namespace json = codecs::bodies::json;
namespace protobuf = codecs::bodies::protobuf;
using base::Reason;

}  // namespace

bool JsonReader::read_known(const JsonStruct& type) {
  switch (type.well_known) {
    case WellKnown::timestamp: return read_time(true);
    case WellKnown::duration: return read_time(false);
    case WellKnown::wrapper: return read_wrapper(type);
    case WellKnown::field_mask: return read_field_mask();
    case WellKnown::structure: return read_struct();
    case WellKnown::value: return read_any_value();
    case WellKnown::list: return read_list_value();
    case WellKnown::any:
      return fail(Reason::map_type,
                  "google.protobuf.Any cannot be written in JSON here: its type is not looked up");
    case WellKnown::none: break;
  }
  return read_plain(type);
}

bool JsonReader::read_time(bool instant) {
  const Token token = tokens_.next();
  const std::string_view wanted =
      instant ? "an instant such as \"2024-02-29T12:00:00.5Z\"" : "a duration such as \"1.5s\"";
  if (token.kind != TokenKind::string) return fail_kind(wanted, token);
  json::SecondsNanos value;
  const std::string_view text = plain(token);
  if (!(instant ? json::parse_timestamp(text, value) : json::parse_duration(text, value))) {
    return fail(Reason::map_type, "a text where " + std::string(wanted) + " belongs");
  }
  bool put = true;
  if (value.seconds != 0) {
    put = put_tag(1, protobuf::wire_varint) && out_.put_varint(static_cast<std::uint64_t>(value.seconds));
  }
  if (put && value.nanos != 0) {
    put = put_tag(2, protobuf::wire_varint) &&
          out_.put_varint(static_cast<std::uint64_t>(static_cast<std::int64_t>(value.nanos)));
  }
  return put || too_long();
}

bool JsonReader::read_wrapper(const JsonStruct& type) {
  const JsonField* value = type.find(std::uint32_t{1});
  if (value == nullptr) return read_plain(type);
  return read_single(1, *value->type);
}

// "user.displayName,photo" -> paths in snake case.
bool JsonReader::read_field_mask() {
  const Token token = tokens_.next();
  if (token.kind != TokenKind::string)
    return fail_kind("a field mask such as \"user.displayName,photo\"", token);
  std::string_view text = plain(token);
  while (!text.empty()) {
    const std::string_view path = text.substr(0, text.find(','));
    std::size_t length = 0;
    if (!put_tag(1, protobuf::wire_length) || !out_.open_length(length)) return too_long();
    for (const char c : path) {
      const bool upper = c >= 'A' && c <= 'Z';
      const bool legal = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
      if (!legal)
        return fail(Reason::map_type, "a field mask has lower camel case names, points and commas only");
      if (upper && !out_.put('_')) return too_long();
      if (!out_.put(upper ? static_cast<char>(c | 0x20) : c)) return too_long();
    }
    if (path.empty()) return fail(Reason::map_type, "a field mask with an empty path");
    if (!out_.close_length(length)) return too_long();
    if (path.size() == text.size()) break;
    text.remove_prefix(path.size() + 1);
    if (text.empty()) return fail(Reason::map_type, "a field mask with an empty path");
  }
  return true;
}

// Struct { map<string, Value> fields = 1 }
bool JsonReader::read_struct() {
  if (!expect(TokenKind::object_begin)) return false;
  Keys keys;
  while (true) {
    const Token name = tokens_.next();
    if (name.kind == TokenKind::object_end) return check_keys(keys);
    if (name.kind != TokenKind::name) return fail_syntax();
    const std::string_view key = plain(name);
    std::size_t entry = 0;
    std::size_t value = 0;
    if (!put_tag(1, protobuf::wire_length) || !out_.open_length(entry) ||
        !put_tag(1, protobuf::wire_length)) {
      return too_long();
    }
    const std::size_t key_begin = out_.size();
    if (!put_text(key)) return false;
    const std::size_t key_size = out_.size() - key_begin;
    if (!put_tag(2, protobuf::wire_length) || !out_.open_length(value)) return too_long();
    if (!read_any_value()) return at_name(key.substr(0, 64));
    if (!out_.close_length(value)) return too_long();
    const std::size_t before = out_.size();
    if (!out_.close_length(entry)) return too_long();
    add_key(keys, key_begin + (out_.size() - before), key_size);
  }
}

// Value { oneof: 1 null, 2 number, 3 string, 4 bool, 5 Struct, 6 ListValue }
bool JsonReader::read_any_value() {
  const TokenKind kind = tokens_.peek().kind;
  std::size_t length = 0;
  switch (kind) {
    case TokenKind::object_begin:
      if (!put_tag(5, protobuf::wire_length) || !out_.open_length(length)) return too_long();
      return read_struct() && (out_.close_length(length) || too_long());
    case TokenKind::array_begin:
      if (!put_tag(6, protobuf::wire_length) || !out_.open_length(length)) return too_long();
      return read_list_value() && (out_.close_length(length) || too_long());
    default: break;
  }
  const Token token = tokens_.next();
  switch (kind) {
    case TokenKind::null_value: return (put_tag(1, protobuf::wire_varint) && out_.put('\0')) || too_long();
    case TokenKind::number: {
      double value = 0;
      if (json::parse_f64(token.text, false, value) != json::Parsed::ok) {
        return fail(Reason::map_range, "the number is too large for a double");
      }
      return (put_tag(2, protobuf::wire_fixed64) && out_.put_fixed(value)) || too_long();
    }
    case TokenKind::string: return put_tag(3, protobuf::wire_length) && put_text(plain(token));
    case TokenKind::true_value:
    case TokenKind::false_value:
      return (put_tag(4, protobuf::wire_varint) && out_.put(kind == TokenKind::true_value ? '\1' : '\0')) ||
             too_long();
    default: return fail_kind("a value", token);
  }
}

// ListValue { repeated Value values = 1 }
bool JsonReader::read_list_value() {
  if (!expect(TokenKind::array_begin)) return false;
  for (std::size_t i = 0;; ++i) {
    if (tokens_.peek().kind == TokenKind::array_end) return expect(TokenKind::array_end);
    std::size_t length = 0;
    if (!put_tag(1, protobuf::wire_length) || !out_.open_length(length)) return too_long();
    if (!read_any_value()) return at_index(i);
    if (!out_.close_length(length)) return too_long();
  }
}

}  // namespace koine::transcode
