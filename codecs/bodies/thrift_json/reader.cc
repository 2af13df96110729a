// A descent over the tokens of the text, one frame for each struct and container.
#include "codecs/bodies/thrift_json/reader.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>

#include "base/uuid.h"
#include "codecs/bodies/json/base64.h"
#include "codecs/bodies/json/numbers.h"
#include "codecs/bodies/json/text.h"
#include "codecs/bodies/json/tokenizer.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/bodies/thrift_json/failure.h"
#include "codecs/bodies/thrift_json/types.h"

namespace koine::codecs::bodies::thrift_json {
namespace {

namespace binary = codecs::bodies::thrift_binary;
using base::Reason;
using json::Parsed;
using json::Token;
using json::TokenKind;

// A struct inside a struct opens two objects, a map an array and an object.
constexpr std::size_t json_levels_each = 2;

std::size_t json_levels(std::size_t nesting_max) {
  return std::min(json_levels_each * nesting_max, json::Tokenizer::depth_ceiling);
}

// The content of a string (number) token, of a member's name.
struct Text {
  std::string_view raw;
  bool escaped = false;
  bool quoted = true;
};

class Reader {
 public:
  // `out` null: only looked at.
  Reader(base::Bytes text, std::size_t nesting_max, Sink* out)
      : tokens_(text, json_levels(nesting_max)), out_(out) {}

  base::Status run(const StructShape* shape, std::size_t nesting_max) {
    bool good = read_struct(shape, nesting_max);
    if (good && tokens_.next().kind != TokenKind::end) {
      good = fail_syntax("there are bytes behind the end of the message");
    }
    return good ? base::Status() : failure_.take();
  }

  base::Result<std::optional<std::int32_t>> first() {
    const Token open = tokens_.next();
    if (open.kind != TokenKind::object_begin) {
      fail_token(open, "a struct begins with '{'");
      return failure_.take();
    }
    const Token name = tokens_.next();
    if (name.kind == TokenKind::object_end) return std::optional<std::int32_t>();
    std::int64_t id = 0;
    if (name.kind != TokenKind::name || !read_id(name, id)) {
      fail_token(name, "a field begins with its id in quotes");
      return failure_.take();
    }
    return std::optional<std::int32_t>(static_cast<std::int32_t>(id));
  }

 private:
  bool read_struct(const StructShape* shape, std::size_t levels) {
    if (levels == 0) return failure_.too_deep();
    if (!expect(TokenKind::object_begin, "a struct is an object")) return false;
    while (true) {
      const Token name = tokens_.next();
      if (name.kind == TokenKind::object_end) return put_u8(binary::type_stop);
      if (name.kind != TokenKind::name) return fail_token(name, "a field is a member");
      std::int64_t id = 0;
      if (!read_id(name, id)) return false;
      const auto number = static_cast<std::int32_t>(id);
      const FieldShape* field = shape != nullptr ? shape->find(number) : nullptr;
      if (!read_field(field, number, levels)) return failure_.at_field(field, number);
    }
  }

  bool read_id(const Token& name, std::int64_t& id) {
    return read_integer({name.text, name.escaped, true}, std::numeric_limits<std::int16_t>::min(),
                        std::numeric_limits<std::int16_t>::max(), id);
  }

  bool read_field(const FieldShape* field, std::int32_t id, std::size_t levels) {
    if (!expect(TokenKind::object_begin, "a field's value is an object with its type")) return false;
    const Token name = tokens_.next();
    if (name.kind != TokenKind::name) return fail_token(name, "a field's value is an object with its type");
    const std::uint8_t type = name.escaped ? std::uint8_t{binary::type_stop} : type_of(name.text);
    if (type == binary::type_stop) return fail_type();
    if (!put_u8(type) || !put_be16(static_cast<std::uint16_t>(id))) return false;
    const ValueShape* shape = field != nullptr && field->value->type == type ? field->value : nullptr;
    return read_value(type, shape, levels - 1) &&
           expect(TokenKind::object_end, "a field's value has one type");
  }

  bool read_value(std::uint8_t type, const ValueShape* shape, std::size_t levels) {
    switch (type) {
      case binary::type_struct: return read_struct(shape != nullptr ? shape->structure : nullptr, levels);
      case binary::type_map: return read_map(shape, levels);
      case binary::type_list:
      case binary::type_set: return read_list(shape, levels);
      default: break;
    }
    const Token token = tokens_.next();
    if (token.kind != TokenKind::string && token.kind != TokenKind::number) {
      return fail_token(token, "a value is a string or a number");
    }
    return read_scalar(type, shape, {token.text, token.escaped, token.kind == TokenKind::string}, false);
  }

  bool read_scalar(std::uint8_t type, const ValueShape* shape, Text text, bool key) {
    const bool is_text = type == binary::type_string || type == binary::type_uuid;
    if (type == binary::type_double) return read_double(text, key);
    if (text.quoted != (is_text || key)) {
      return failure_.fail(Reason::wire_malformed, text.quoted ? "a number that is no key stands in quotes"
                                                               : "a string does not stand in quotes");
    }
    if (type == binary::type_uuid) return read_uuid(text);
    if (is_text) return shape != nullptr && shape->octets ? read_octets(text) : put_text(text);
    std::int64_t value = 0;
    switch (type) {
      case binary::type_bool:
        return read_integer(text, 0, 1, value) && put_u8(static_cast<std::uint8_t>(value));
      case binary::type_i8:
        return read_integer(text, std::numeric_limits<std::int8_t>::min(),
                            std::numeric_limits<std::int8_t>::max(), value) &&
               put_u8(static_cast<std::uint8_t>(value));
      case binary::type_i16:
        return read_integer(text, std::numeric_limits<std::int16_t>::min(),
                            std::numeric_limits<std::int16_t>::max(), value) &&
               put_be16(static_cast<std::uint16_t>(value));
      case binary::type_i32:
        return read_integer(text, std::numeric_limits<std::int32_t>::min(),
                            std::numeric_limits<std::int32_t>::max(), value) &&
               put_be32(static_cast<std::uint32_t>(value));
      default:
        return read_integer(text, std::numeric_limits<std::int64_t>::min(),
                            std::numeric_limits<std::int64_t>::max(), value) &&
               put_be64(static_cast<std::uint64_t>(value));
    }
  }

  bool read_integer(Text text, std::int64_t min, std::int64_t max, std::int64_t& value) {
    const char* end = text.raw.data() + text.raw.size();
    const bool number = !text.escaped && (!text.quoted || json::is_number(text.raw));
    const auto [at, error] = number ? std::from_chars(text.raw.data(), end, value)
                                    : std::from_chars_result{end, std::errc::invalid_argument};
    if (error == std::errc::invalid_argument || at != end) {
      return failure_.fail(Reason::wire_malformed, "this is not an integer");
    }
    if (error != std::errc() || value < min || value > max) {
      return failure_.fail(Reason::map_range, "the number does not fit the type that it is written as");
    }
    return true;
  }

  bool read_double(Text text, bool key) {
    double value = 0;
    Parsed parsed = Parsed::not_a_number;
    if (!text.quoted) {
      parsed = json::parse_f64(text.raw, false, value);
    } else if (!text.escaped) {
      const bool named = text.raw == "NaN" || text.raw == "Infinity" || text.raw == "-Infinity";
      if (named || key) parsed = json::parse_f64(text.raw, true, value);
    }
    if (parsed == Parsed::out_of_range) {
      return failure_.fail(Reason::map_range, "the number does not fit the type that it is written as");
    }
    if (parsed != Parsed::ok) return failure_.fail(Reason::wire_malformed, "this is not a number");
    return put_be64(std::bit_cast<std::uint64_t>(value));
  }

  bool read_uuid(Text text) {
    std::uint8_t bytes[base::uuid_bytes];
    if (text.escaped || !base::parse_uuid(text.raw, bytes)) {
      return failure_.fail(Reason::map_type, "this is no UUID (8-4-4-4-12 hexadecimal digits)");
    }
    if (out_ == nullptr) return true;
    if (!out_->ensure(sizeof(bytes))) return failure_.too_long();
    std::memcpy(out_->at(), bytes, sizeof(bytes));
    out_->advance(out_->at() + sizeof(bytes));
    return true;
  }

  bool read_octets(Text text) {
    if (out_ == nullptr) return true;
    if (!out_->ensure(4 + json::octets_bytes_max(text.raw.size()))) return failure_.too_long();
    std::uint8_t* begin = out_->at() + 4;
    // Thrift knows the standard alphabet only; a slash may come with a backslash, as JSON allows.
    std::uint8_t* end = nullptr;
    if (text.raw.find_first_of("-_") == std::string_view::npos) {
      if (text.escaped) {
        const std::uint8_t* plain = json::unescape(text.raw, begin);
        end = json::read_base64(
            {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(plain - begin)}, begin);
      } else {
        end = json::read_base64(text.raw, begin);
      }
    }
    if (end == nullptr) return failure_.fail(Reason::map_type, "this is not base64");
    codecs::store_be32(begin - 4, static_cast<std::uint32_t>(end - begin));
    out_->advance(end);
    return true;
  }

  bool put_text(Text text) {
    if (out_ == nullptr) return true;
    if (!out_->ensure(4 + text.raw.size())) return failure_.too_long();
    std::uint8_t* begin = out_->at() + 4;
    std::uint8_t* end = begin + text.raw.size();
    if (text.escaped) {
      end = json::unescape(text.raw, begin);
    } else if (!text.raw.empty()) {
      std::memcpy(begin, text.raw.data(), text.raw.size());
    }
    codecs::store_be32(begin - 4, static_cast<std::uint32_t>(end - begin));
    out_->advance(end);
    return true;
  }

  bool read_list(const ValueShape* shape, std::size_t levels) {
    if (levels == 0) return failure_.too_deep();
    std::uint8_t type = 0;
    std::int64_t count = 0;
    if (!expect(TokenKind::array_begin, "a container is an array") || !read_type(type) ||
        !read_count(count)) {
      return false;
    }
    if (!put_u8(type) || !put_be32(static_cast<std::uint32_t>(count))) return false;
    const ValueShape* element = shape != nullptr ? shape->element : nullptr;
    if (element != nullptr && element->type != type) element = nullptr;
    std::int64_t index = 0;
    for (; tokens_.peek().kind != TokenKind::array_end; ++index) {
      if (index == count) return fail_count();
      if (!read_value(type, element, levels - 1)) return failure_.at_index(static_cast<std::size_t>(index));
    }
    tokens_.next();
    return index == count || fail_count();
  }

  bool read_map(const ValueShape* shape, std::size_t levels) {
    if (levels == 0) return failure_.too_deep();
    std::uint8_t key_type = 0;
    std::uint8_t type = 0;
    std::int64_t count = 0;
    if (!expect(TokenKind::array_begin, "a container is an array") || !read_type(key_type) ||
        !read_type(type) || !read_count(count)) {
      return false;
    }
    if (!is_key(key_type)) {
      return failure_.fail(Reason::wire_malformed,
                           "a map's keys cannot be structs or containers in Thrift's JSON");
    }
    if (!put_u8(key_type) || !put_u8(type) || !put_be32(static_cast<std::uint32_t>(count))) return false;
    if (!expect(TokenKind::object_begin, "a map's elements are an object")) return false;
    const ValueShape* key = shape != nullptr ? shape->key : nullptr;
    const ValueShape* element = shape != nullptr ? shape->element : nullptr;
    if (key != nullptr && key->type != key_type) key = nullptr;
    if (element != nullptr && element->type != type) element = nullptr;
    std::int64_t index = 0;
    while (true) {
      const Token name = tokens_.next();
      if (name.kind == TokenKind::object_end) break;
      if (name.kind != TokenKind::name) return fail_token(name, "a map's elements are members");
      if (index == count) return fail_count();
      if (!read_scalar(key_type, key, {name.text, name.escaped, true}, true) ||
          !read_value(type, element, levels - 1)) {
        return failure_.at_index(static_cast<std::size_t>(index));
      }
      ++index;
    }
    if (index != count) return fail_count();
    return expect(TokenKind::array_end, "nothing stands behind a map's elements");
  }

  bool read_type(std::uint8_t& type) {
    const Token token = tokens_.next();
    if (token.kind != TokenKind::string)
      return fail_token(token, "a container begins with its elements' type");
    type = token.escaped ? std::uint8_t{binary::type_stop} : type_of(token.text);
    return type != binary::type_stop || fail_type();
  }

  bool read_count(std::int64_t& count) {
    const Token token = tokens_.next();
    if (token.kind != TokenKind::number)
      return fail_token(token, "a container says how many elements it has");
    return read_integer({token.text, false, false}, 0, std::numeric_limits<std::int32_t>::max(), count);
  }

  // ---- the binary form

  bool put_u8(std::uint8_t value) {
    if (out_ == nullptr) return true;
    if (!out_->ensure(1)) return failure_.too_long();
    *out_->at() = value;
    out_->advance(out_->at() + 1);
    return true;
  }
  bool put_be16(std::uint16_t value) {
    if (out_ == nullptr) return true;
    if (!out_->ensure(sizeof(value))) return failure_.too_long();
    codecs::store_be16(out_->at(), value);
    out_->advance(out_->at() + sizeof(value));
    return true;
  }
  bool put_be32(std::uint32_t value) {
    if (out_ == nullptr) return true;
    if (!out_->ensure(sizeof(value))) return failure_.too_long();
    codecs::store_be32(out_->at(), value);
    out_->advance(out_->at() + sizeof(value));
    return true;
  }
  bool put_be64(std::uint64_t value) {
    if (out_ == nullptr) return true;
    if (!out_->ensure(sizeof(value))) return failure_.too_long();
    codecs::store_be64(out_->at(), value);
    out_->advance(out_->at() + sizeof(value));
    return true;
  }

  // ---- failures

  bool expect(TokenKind kind, std::string_view why) {
    const Token token = tokens_.next();
    return token.kind == kind || fail_token(token, why);
  }
  // The text's own fault comes first.
  bool fail_syntax(std::string_view why) {
    base::Status status = tokens_.status();
    return status.ok() ? failure_.fail(Reason::wire_malformed, why) : failure_.fail(std::move(status));
  }
  bool fail_token(const Token& token, std::string_view why) {
    if (token.kind == TokenKind::error) return fail_syntax(why);
    return failure_.fail(Reason::wire_malformed, why);
  }
  bool fail_type() { return failure_.fail(Reason::wire_malformed, "no type of Thrift's JSON is called so"); }
  bool fail_count() {
    if (tokens_.fault() != json::Fault::none) return fail_syntax({});
    return failure_.fail(Reason::wire_malformed, "a container does not have as many elements as it says");
  }

  json::Tokenizer tokens_;
  Sink* out_;
  Failure failure_;
};

}  // namespace

base::Status to_binary(base::Bytes text, const StructShape* shape, std::size_t nesting_max, Sink& out) {
  return Reader(text, nesting_max, &out).run(shape, nesting_max);
}

base::Status walk(base::Bytes text, std::size_t nesting_max) {
  return Reader(text, nesting_max, nullptr).run(nullptr, nesting_max);
}

base::Result<std::optional<std::int32_t>> first_field(base::Bytes text) {
  return Reader(text, 1, nullptr).first();
}

}  // namespace koine::codecs::bodies::thrift_json
