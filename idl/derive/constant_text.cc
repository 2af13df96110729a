// A recursive descent over a constant's text, guided by its type. Owner: see constant_text.h.
#include "idl/derive/constant_text.h"

#include <charconv>
#include <limits>
#include <string>

#include "base/limits.h"
#include "base/uuid.h"
#include "idl/dump.h"

namespace koine::idl::derive {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<Value> whole(const Type& type) {
    std::optional<Value> result = value(type, 0);
    skip();
    return rest_.empty() ? result : std::nullopt;
  }

 private:
  void skip() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) rest_.remove_prefix(1);
  }
  bool eat(char c) {
    skip();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Everything up to a separator.
  std::string_view word() {
    skip();
    const std::string_view found = rest_.substr(0, rest_.find_first_of(",:]} "));
    rest_.remove_prefix(found.size());
    return found;
  }

  template <class Number>
  std::optional<Value> number() {
    const std::string_view text = word();
    Number result{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return Value{result};
  }

  std::optional<Value> value(const Type& type, std::size_t depth) {
    if (depth > base::Limits().nesting_max) return std::nullopt;
    switch (type.kind) {
      case Kind::boolean: return boolean();
      case Kind::i8:
        return integer(std::numeric_limits<std::int8_t>::min(), std::numeric_limits<std::int8_t>::max());
      case Kind::i16:
        return integer(std::numeric_limits<std::int16_t>::min(), std::numeric_limits<std::int16_t>::max());
      case Kind::i32:
        return integer(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
      case Kind::i64:
        return integer(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
      case Kind::u8: return integer(0, std::numeric_limits<std::uint8_t>::max());
      case Kind::u16: return integer(0, std::numeric_limits<std::uint16_t>::max());
      case Kind::u32: return integer(0, std::numeric_limits<std::uint32_t>::max());
      case Kind::u64: return number<std::uint64_t>();
      case Kind::f32:
      case Kind::f64: return number<double>();
      case Kind::string:
      case Kind::bytes: return text();
      case Kind::uuid: return uuid();
      case Kind::enumeration: return enumerator(*type.enumeration);
      case Kind::structure: return structure(*type.structure, depth);
      case Kind::list:
      case Kind::set: return list(*type.element, depth);
      case Kind::map: return map(type, depth);
    }
    return std::nullopt;
  }

  std::optional<Value> integer(std::int64_t min, std::int64_t max) {
    std::optional<Value> found = number<std::int64_t>();
    if (!found) return found;
    const std::int64_t held = std::get<std::int64_t>(found->data);
    return held < min || held > max ? std::nullopt : found;
  }

  std::optional<Value> boolean() {
    const std::string_view text = word();
    if (text != "true" && text != "false") return std::nullopt;
    return Value{text == "true"};
  }

  std::optional<Value> text() {
    if (!eat('"')) return std::nullopt;
    std::string out;
    while (!rest_.empty() && rest_.front() != '"') {
      char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\\') {
        if (rest_.empty()) return std::nullopt;
        c = rest_.front();
        rest_.remove_prefix(1);
        if (c == 'n') c = '\n';
        if (c == 'r') c = '\r';
        if (c == 't') c = '\t';
        if (c == 'x') {
          std::uint8_t byte = 0;
          const std::string_view digits = rest_.substr(0, 2);
          const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
          if (error != std::errc() || digits.size() != 2 || end != digits.data() + 2) return std::nullopt;
          rest_.remove_prefix(2);
          c = static_cast<char>(byte);
        }
      }
      out += c;
    }
    if (!eat('"')) return std::nullopt;
    return Value{std::move(out)};
  }

  std::optional<Value> uuid() {
    std::optional<Value> found = text();
    std::uint8_t bytes[base::uuid_bytes];
    if (found && !base::parse_uuid(std::get<std::string>(found->data), bytes)) return std::nullopt;
    return found;
  }

  // "shop.Colour.RED", "Colour.RED" or a number.
  std::optional<Value> enumerator(const EnumType& type) {
    const std::string_view text = word();
    if (const EnumValue* found = type.find_value(text.substr(text.rfind('.') + 1))) {
      return Value{EnumReference{&type, found->number}};
    }
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return Value{EnumReference{&type, number}};
  }

  std::optional<Value> list(const Type& element, std::size_t depth) {
    if (!eat('[')) return std::nullopt;
    ValueList out;
    while (!eat(']')) {
      if (!out.empty() && !eat(',')) return std::nullopt;
      std::optional<Value> one = value(element, depth + 1);
      if (!one) return std::nullopt;
      out.push_back(std::move(*one));
    }
    return Value{std::move(out)};
  }

  std::optional<Value> map(const Type& type, std::size_t depth) {
    if (!eat('{')) return std::nullopt;
    ValueMap out;
    while (!eat('}')) {
      if (!out.empty() && !eat(',')) return std::nullopt;
      std::optional<Value> key = value(*type.key, depth + 1);
      if (!key || !eat(':')) return std::nullopt;
      std::optional<Value> one = value(*type.element, depth + 1);
      if (!one) return std::nullopt;
      out.emplace_back(std::move(*key), std::move(*one));
    }
    return Value{std::move(out)};
  }

  std::optional<Value> structure(const StructType& type, std::size_t depth) {
    if (!eat('{')) return std::nullopt;
    ValueMap out;
    while (!eat('}')) {
      if (!out.empty() && !eat(',')) return std::nullopt;
      std::optional<Value> name = text();
      if (!name || !eat(':')) return std::nullopt;
      const Field* field = type.find_field(std::get<std::string>(name->data));
      if (field == nullptr) return std::nullopt;
      std::optional<Value> one = value(*field->type, depth + 1);
      if (!one) return std::nullopt;
      out.emplace_back(std::move(*name), std::move(*one));
    }
    return Value{std::move(out)};
  }

  std::string_view rest_;
};

// Whether it is well-formed UTF-8 (Unicode 15, table 3-7).
bool is_utf8(std::string_view text) {
  auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t lead = at(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    if (lead < 0xC2 || lead > 0xF4) return false;
    const std::size_t more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    const std::uint8_t first_min = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t first_max = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at(i + 1) < first_min || at(i + 1) > first_max) return false;
    for (std::size_t j = 2; j <= more; ++j) {
      if (at(i + j) < 0x80 || at(i + j) > 0xBF) return false;
    }
    i += more + 1;
  }
  return true;
}

}  // namespace

std::string constant_text(const Value& value) {
  const std::string plain = value_text(value);
  const bool utf8 = is_utf8(plain);
  std::string out;
  for (const char c : plain) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte >= 0x20 && byte != 0x7F && (byte < 0x80 || utf8)) {
      out += c;
      continue;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::optional<Value> parse_constant(std::string_view text, const Type& type) {
  return Parser(text).whole(type);
}

}  // namespace koine::idl::derive
