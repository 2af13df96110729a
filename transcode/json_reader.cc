// Members, lists, maps and scalars.
#include "transcode/json_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "codecs/bodies/json/base64.h"
#include "codecs/bodies/json/numbers.h"
#include "codecs/bodies/json/text.h"
#include "codecs/bodies/protobuf/primitives.h"
#include "transcode/key_set.h"

namespace koine::transcode {
namespace {

namespace json = codecs::bodies::json;
namespace protobuf = codecs::bodies::protobuf;
using base::Reason;
using idl::Kind;
using idl::NumberForm;
using json::Parsed;

// So many are compared with one another; of more a table is made.
constexpr std::size_t few_keys = 8;

struct Range {
  std::int64_t min;
  std::int64_t max;
};

Range range_of(Kind kind) {
  switch (kind) {
    case Kind::i8: return {-128, 127};
    case Kind::i16: return {-32768, 32767};
    case Kind::u8: return {0, 255};
    case Kind::u16: return {0, 65535};
    case Kind::u32: return {0, std::numeric_limits<std::uint32_t>::max()};
    case Kind::i64:
      return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    default: return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
  }
}

}  // namespace

JsonReader::JsonReader(const JsonSchema& schema, base::Bytes in, Context& context, Output& output,
                       const base::Limits& limits)
    : schema_(schema),
      context_(context),
      tokens_(in, limits.nesting_max),
      out_(output, in.size(), limits.message_bytes_max) {
  context.arena.reset();
}

base::Status JsonReader::run() {
  bool good = read_message(schema_.root());
  if (good && tokens_.next().kind != TokenKind::end) good = fail_syntax();
  if (good && !out_.finish()) good = too_long();
  if (good) return {};
  return failure();
}

bool JsonReader::fail_syntax() {
  const base::Status status = tokens_.status();
  if (status.ok()) return fail(Reason::wire_malformed, "this is not one JSON value");
  return fail(status.reason(), status.message());
}

bool JsonReader::fail_kind(std::string_view wanted, const Token& token) {
  if (token.kind == TokenKind::error) return fail_syntax();
  if (token.kind == TokenKind::null_value) return fail(Reason::map_null, "null where a value must be");
  if (failed()) return false;
  return fail(Reason::map_type,
              std::string(json::to_string(token.kind)) + " where " + std::string(wanted) + " belongs");
}

std::string_view JsonReader::plain(const Token& token) {
  return json::unescape(token.text, token.escaped, context_.arena);
}

bool JsonReader::expect(TokenKind kind) {
  const Token token = tokens_.next();
  return token.kind == kind || fail_kind(json::to_string(kind), token);
}

bool JsonReader::read_message(const JsonStruct& type) {
  return type.well_known == WellKnown::none ? read_plain(type) : read_known(type);
}

bool JsonReader::read_plain(const JsonStruct& type) {
  return (tokens_.take_object_begin() || expect(TokenKind::object_begin)) && read_members(type);
}

bool JsonReader::read_members(const JsonStruct& type) {
  // How many absent members are looked behind for the one that comes, before it is looked up by name.
  constexpr std::size_t looked_behind = 3;
  const base::ArenaScope scope(context_.arena);  // an object of a wide type may come many times
  Members fields;
  Members oneofs;
  if (type.fields.size() > 64) [[unlikely]] {
    fields.more = context_.arena.make_array<std::uint64_t>(type.fields.size() / 64);
    oneofs.more = context_.arena.make_array<std::uint64_t>(type.type->oneofs.size() / 64);
  }
  std::size_t place = 0;
  while (true) {
    const JsonField* found = nullptr;
    for (std::size_t behind = 0; behind <= looked_behind && found == nullptr; ++behind) {
      const JsonField* field = type.expected(place + behind);
      if (field != nullptr && tokens_.take_name(field->key.view())) {
        found = field;
        place += behind + 1;
      }
    }
    if (found == nullptr) {
      if (tokens_.take_object_end()) return true;
      const Token name = tokens_.next();
      if (name.kind == TokenKind::object_end) return true;
      if (name.kind != TokenKind::name) return fail_syntax();
      const std::string_view text = plain(name);
      found = type.find(text, place);
      if (found == nullptr) {
        fail(Reason::map_unknown_field, type.type->full_name + " has no field of this name");
        return at_name(text.substr(0, 64));
      }
    }
    if (!read_member(type, *found, fields, oneofs)) return at_name(found->field->name);
  }
}

[[gnu::always_inline]] inline bool JsonReader::read_member(const JsonStruct& type, const JsonField& field,
                                                           Members& fields, Members& oneofs) {
  if (!fields.add(static_cast<std::size_t>(&field - type.fields.data()))) {
    return fail(Reason::map_dupkey, "the member is there more than once");
  }
  if (tokens_.comes('n') && (field.type->repeated() || !field.type->takes_null())) {
    return tokens_.next().kind == TokenKind::null_value || fail_syntax();  // unset
  }
  // A union that was not derived from anything has no oneof: all of its fields are one.
  const bool grouped = field.oneof >= 0 || type.is_union;
  if (grouped && !oneofs.add(field.oneof >= 0 ? static_cast<std::size_t>(field.oneof) : 0)) {
    return fail(Reason::map_union, "another member of the same union is set");
  }
  const Quick quick = take_value(field.number, *field.type);
  return quick == Quick::no ? read_field(field) : quick == Quick::done;
}

[[gnu::always_inline]] inline JsonReader::Quick JsonReader::take_value(std::uint32_t number,
                                                                       const JsonType& type) {
  const std::uint32_t tag = protobuf::make_tag(number, static_cast<protobuf::WireType>(type.wire_type));
  switch (type.kind) {
    case Kind::string: {
      std::string_view text;
      if (!tokens_.take_string(text)) return Quick::no;
      return out_.put_padded(tag, text) || too_long() ? Quick::done : Quick::failed;
    }
    case Kind::i32:
    case Kind::i64: {
      std::int64_t value = 0;
      if (type.number_form == NumberForm::fixed) return Quick::no;
      if (!tokens_.take_integer(true, type.kind == Kind::i32, value)) return Quick::no;
      const bool zigzag = type.number_form == NumberForm::zigzag;
      const std::uint64_t bits = zigzag ? codecs::zigzag(value) : static_cast<std::uint64_t>(value);
      return out_.put_tagged(tag, bits) || too_long() ? Quick::done : Quick::failed;
    }
    case Kind::enumeration: {
      std::int64_t value = 0;
      if (type.enumeration->is_null || !tokens_.take_integer(false, true, value)) return Quick::no;
      return out_.put_tagged(tag, static_cast<std::uint64_t>(value)) || too_long() ? Quick::done
                                                                                   : Quick::failed;
    }
    case Kind::boolean: {
      bool value = false;
      if (!tokens_.take_boolean(value)) return Quick::no;
      return out_.put_tagged(tag, value ? 1 : 0) || too_long() ? Quick::done : Quick::failed;
    }
    default: return Quick::no;
  }
}

bool JsonReader::read_field(const JsonField& field) {
  switch (field.type->kind) {
    case Kind::list:
    case Kind::set: return read_list(field);
    case Kind::map: return read_map(field);
    default: return read_single(field.number, *field.type);
  }
}

bool JsonReader::read_list(const JsonField& field) {
  if (!expect(TokenKind::array_begin)) return false;
  const JsonType& element = *field.type->element;
  const bool known = element.kind == Kind::structure && element.structure->well_known != WellKnown::none;
  for (std::size_t i = 0;; ++i) {
    if (tokens_.take_to_element()) {
      const Quick quick = take_value(field.number, element);
      if (quick == Quick::done) continue;
      if (quick == Quick::failed) return at_index(i);
    }
    // (A copy: asking what comes costs more than taking it.)
    const Token token = known ? tokens_.peek() : tokens_.next();
    if (token.kind == TokenKind::array_end) return !known || expect(TokenKind::array_end);
    if (token.kind == TokenKind::null_value && !element.takes_null()) {
      fail(Reason::map_null, "null is no element of a list");
      return at_index(i);
    }
    const bool good = known ? read_single(field.number, element) : read_element(field.number, element, token);
    if (!good) return at_index(i);
  }
}

bool JsonReader::read_element(std::uint32_t number, const JsonType& type, const Token& token) {
  if (!put_tag(number, type.wire_type)) return false;
  if (type.kind != Kind::structure) return read_value(type, token);
  if (token.kind != TokenKind::object_begin)
    return fail_kind(json::to_string(TokenKind::object_begin), token);
  if (type.delimited) return read_members(*type.structure) && put_tag(number, protobuf::wire_group_end);
  StepSink::Length length;
  if (!out_.open_length(length, last_width(false))) return too_long();
  return read_members(*type.structure) && (out_.close_length(length) || too_long());
}

// A map is entries {1: key, 2: value}.
bool JsonReader::read_map(const JsonField& field) {
  if (!expect(TokenKind::object_begin)) return false;
  const JsonType& key = *field.type->key;
  const JsonType& element = *field.type->element;
  Keys keys;
  for (std::size_t i = 0;; ++i) {
    const std::size_t map_end = out_.size();
    if (tokens_.take_object_end()) return check_keys(keys);
    StepSink::Length length;
    if (!put_tag(field.number, protobuf::wire_length) || !out_.open_length(length, last_width(true))) {
      return too_long();
    }
    const std::size_t entry_begin = out_.size();
    Quick quick = take_key(key);
    if (quick == Quick::no) {
      const Token name = tokens_.next();
      if (name.kind == TokenKind::object_end) {
        out_.cut(map_end);
        return check_keys(keys);
      }
      if (name.kind != TokenKind::name) return fail_syntax();
      quick = put_tag(1, key.wire_type) && read_key(key, name) ? Quick::done : Quick::failed;
    }
    if (quick == Quick::failed) return at_index(i);
    const std::size_t key_size = out_.size() - entry_begin;
    if (tokens_.comes('n') && !element.takes_null()) {
      if (tokens_.next().kind != TokenKind::null_value) {
        fail_syntax();
      } else {
        fail(Reason::map_null, "null is no value of a map");
      }
      return at_index(i);
    }
    quick = take_value(2, element);
    if (quick == Quick::failed || (quick == Quick::no && !read_single(2, element))) return at_index(i);
    const std::size_t entry_size = out_.size() - entry_begin;
    if (!out_.close_length(length)) return too_long();
    add_key(keys, out_.size() - entry_size, key_size);
  }
}

[[gnu::always_inline]] inline JsonReader::Quick JsonReader::take_key(const JsonType& type) {
  const std::uint32_t tag = protobuf::make_tag(1, static_cast<protobuf::WireType>(type.wire_type));
  if (type.kind == Kind::string) {
    std::string_view text;
    if (!tokens_.take_any_name(text)) return Quick::no;
    return out_.put_padded(tag, text) || too_long() ? Quick::done : Quick::failed;
  }
  const bool integer = type.kind == Kind::i32 || type.kind == Kind::i64;
  std::int64_t value = 0;
  if (!integer || type.number_form != NumberForm::plain) return Quick::no;
  if (!tokens_.take_integer_name(type.kind == Kind::i32, value)) return Quick::no;
  return out_.put_tagged(tag, static_cast<std::uint64_t>(value)) || too_long() ? Quick::done : Quick::failed;
}

void JsonReader::add_key(Keys& keys, std::size_t begin, std::size_t size) {
  if (keys.size == keys.capacity) {
    Keys more{nullptr, keys.size, keys.capacity == 0 ? 64 : keys.capacity * 2};
    more.data = static_cast<Key*>(context_.arena.allocate(more.capacity * sizeof(Key), alignof(Key)));
    std::copy_n(keys.data, keys.size, more.data);
    keys = more;
  }
  keys.data[keys.size++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(size)};
}

// Keys are compared as they were written: "1" and "1.0" are one.
bool JsonReader::check_keys(const Keys& keys) {
  const auto text_of = [&](const Key& key) {
    return std::string_view(reinterpret_cast<const char*>(out_.begin() + key.begin), key.size);
  };
  const auto twice = [this] { return fail(Reason::map_dupkey, "a key is there more than once"); };
  if (keys.size <= few_keys) {
    for (std::size_t i = 1; i < keys.size; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (text_of(keys.data[i]) == text_of(keys.data[j])) return twice();
      }
    }
    return true;
  }
  const base::ArenaScope scope(context_.arena);
  KeySet different(context_.arena, schema_.seed());
  for (std::size_t i = 0; i < keys.size; ++i) {
    if (!different.add(out_.begin(), keys.data[i].begin, keys.data[i].size)) return twice();
  }
  return true;
}

bool JsonReader::read_single(std::uint32_t number, const JsonType& type) {
  if (!put_tag(number, type.wire_type)) return false;
  if (type.kind != Kind::structure) return read_value(type, tokens_.next());
  if (type.delimited) return read_message(*type.structure) && put_tag(number, protobuf::wire_group_end);
  StepSink::Length length;
  if (!out_.open_length(length, last_width(false))) return too_long();
  if (!read_message(*type.structure)) return false;
  return out_.close_length(length) || too_long();
}

bool JsonReader::read_value(const JsonType& type, const Token& token) {
  switch (type.kind) {
    case Kind::boolean:
      if (token.kind != TokenKind::true_value && token.kind != TokenKind::false_value) {
        return fail_kind("a boolean", token);
      }
      return out_.put(token.kind == TokenKind::true_value ? '\1' : '\0') || too_long();
    case Kind::f32:
    case Kind::f64: return read_real(type, token);
    case Kind::string:
      if (token.kind != TokenKind::string) return fail_kind("a string", token);
      return put_text(plain(token));
    case Kind::bytes: return read_bytes(token);
    case Kind::enumeration: return read_enum(type, token);
    default: return read_integer(type, token, false);
  }
}

bool JsonReader::put_text(std::string_view text) {
  return (out_.put_varint(text.size()) && out_.put(text)) || too_long();
}

bool JsonReader::read_integer(const JsonType& type, const Token& token, bool key) {
  if (token.kind != TokenKind::number && token.kind != TokenKind::string && !key) {
    return fail_kind("an integer", token);
  }
  const std::string_view text = plain(token);
  Parsed parsed = Parsed::ok;
  std::uint64_t bits = 0;
  if (type.kind == Kind::u64) {
    parsed = json::parse_u64(text, bits);
  } else {
    std::int64_t value = 0;
    const Range range = range_of(type.kind);
    parsed = json::parse_i64(text, value);
    if (parsed == Parsed::ok && (value < range.min || value > range.max)) parsed = Parsed::out_of_range;
    bits = static_cast<std::uint64_t>(value);
  }
  switch (parsed) {
    case Parsed::ok: break;
    case Parsed::out_of_range: return fail(Reason::map_range, "the number does not fit the field's type");
    case Parsed::not_an_integer: return fail(Reason::map_type, "a fraction where an integer belongs");
    case Parsed::not_a_number:
      return fail(Reason::map_type, "a text that is no number where an integer belongs");
  }
  const bool narrow = type.kind != Kind::i64 && type.kind != Kind::u64;
  bool put = false;
  if (type.number_form == NumberForm::fixed) {
    put = narrow ? out_.put_fixed(static_cast<std::uint32_t>(bits)) : out_.put_fixed(bits);
  } else if (type.number_form == NumberForm::zigzag) {
    put = out_.put_varint(codecs::zigzag(static_cast<std::int64_t>(bits)));
  } else {
    put = out_.put_varint(bits);
  }
  return put || too_long();
}

bool JsonReader::read_real(const JsonType& type, const Token& token) {
  const bool named = token.kind == TokenKind::string;
  if (token.kind != TokenKind::number && !named) return fail_kind("a number", token);
  const std::string_view text = plain(token);
  double wide = 0;
  float narrow = 0;
  const Parsed parsed =
      type.kind == Kind::f64 ? json::parse_f64(text, named, wide) : json::parse_f32(text, named, narrow);
  if (parsed == Parsed::out_of_range)
    return fail(Reason::map_range, "the number is too large for the field's type");
  if (parsed != Parsed::ok) return fail(Reason::map_type, "a text that is no number where a number belongs");
  return (type.kind == Kind::f64 ? out_.put_fixed(wide) : out_.put_fixed(narrow)) || too_long();
}

bool JsonReader::read_enum(const JsonType& type, const Token& token) {
  std::int64_t number = 0;
  if (token.kind == TokenKind::string) {
    const std::int32_t* known = type.enumeration->number_of(plain(token));
    if (known == nullptr) return fail(Reason::map_enum_unknown, "the enum has no value of this name");
    number = *known;
  } else if (token.kind == TokenKind::number) {
    const Range range = range_of(Kind::i32);
    const Parsed parsed = json::parse_i64(token.text, number);
    if (parsed == Parsed::not_an_integer)
      return fail(Reason::map_type, "a fraction where an enum value belongs");
    if (parsed != Parsed::ok || number < range.min || number > range.max) {
      return fail(Reason::map_range, "the number does not fit an enum");
    }
  } else if (token.kind != TokenKind::null_value || !type.enumeration->is_null) {
    return fail_kind("an enum value", token);
  }
  if (type.enumeration->is_null && number != 0) return fail(Reason::map_enum_unknown, not_null_text);
  return out_.put_varint(static_cast<std::uint64_t>(number)) || too_long();
}

bool JsonReader::read_bytes(const Token& token) {
  if (token.kind != TokenKind::string) return fail_kind("base64 text", token);
  const std::string_view text = plain(token);
  std::size_t length = 0;
  if (!out_.open_length(length) || !out_.ensure(json::octets_bytes_max(text.size()))) return too_long();
  std::uint8_t* end = json::read_base64(text, out_.at());
  if (end == nullptr) return fail(Reason::map_type, "a text that is no base64 where bytes belong");
  out_.advance(end);
  return out_.close_length(length) || too_long();
}

bool JsonReader::read_key(const JsonType& type, const Token& token) {
  if (type.kind == Kind::string) return put_text(plain(token));
  if (type.kind != Kind::boolean) return read_integer(type, token, true);
  const std::string_view text = plain(token);
  if (text != "true" && text != "false")
    return fail(Reason::map_type, "a key that is neither true nor false");
  return out_.put(text == "true" ? '\1' : '\0') || too_long();
}

}  // namespace koine::transcode
