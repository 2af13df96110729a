// Default values as a Thrift protocol writes them: a plan runs them through the ordinary executor when a
// field is absent.
#include "base/uuid.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/bodies/thrift_compact/primitives.h"
#include "transcode/compile.h"

namespace koine::transcode {
namespace {

namespace binary = codecs::bodies::thrift_binary;
namespace compact = codecs::bodies::thrift_compact;
using idl::Kind;

class Encoder {
 public:
  explicit Encoder(model::BodyFormat format)
      : format_(format), compact_(format == model::BodyFormat::thrift_compact) {}

  // A value without header; `field`: where a compact bool has its value in the type.
  bool put(const idl::Type& type, const idl::Value& value, bool field) {
    switch (type.kind) {
      case Kind::boolean: {
        const std::int64_t number = integer(value);
        const bool set = number != 0;
        byte(static_cast<std::uint8_t>(!compact_ ? set
                                       : set     ? compact::type_true
                                       : field   ? compact::type_false
                                                 : 0));
        return has_integer(value);
      }
      case Kind::i8: byte(static_cast<std::uint8_t>(integer(value))); return has_integer(value);
      case Kind::f32:
      case Kind::f64: return put_double(value);
      case Kind::string:
      case Kind::bytes: return put_text(value);
      case Kind::uuid: return put_uuid(value);
      case Kind::structure: return put_struct(*type.structure, value);
      case Kind::list:
      case Kind::set: return put_list(type, value);
      case Kind::map: return put_map(type, value);
      default: number(wire_form(format_, type).form, integer(value)); return has_integer(value);
    }
  }

  std::vector<std::uint8_t> take() { return std::move(out_); }

 private:
  static bool has_integer(const idl::Value& value) {
    return std::holds_alternative<bool>(value.data) || std::holds_alternative<std::int64_t>(value.data) ||
           std::holds_alternative<std::uint64_t>(value.data) ||
           std::holds_alternative<idl::EnumReference>(value.data);
  }
  static std::int64_t integer(const idl::Value& value) {
    if (const auto* set = std::get_if<bool>(&value.data)) return *set ? 1 : 0;
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) return *number;
    if (const auto* number = std::get_if<std::uint64_t>(&value.data))
      return static_cast<std::int64_t>(*number);
    if (const auto* reference = std::get_if<idl::EnumReference>(&value.data)) return reference->number;
    return 0;
  }

  void byte(std::uint8_t value) { out_.push_back(value); }
  void raw(const std::uint8_t* bytes, std::size_t size) { out_.insert(out_.end(), bytes, bytes + size); }
  void varint(std::uint64_t value) {
    std::uint8_t bytes[codecs::varint_bytes_max];
    raw(bytes, static_cast<std::size_t>(codecs::write_varint(bytes, value) - bytes));
  }
  void big_endian(std::uint64_t value, std::size_t size) {
    for (std::size_t i = size; i > 0; --i) byte(static_cast<std::uint8_t>(value >> (8 * (i - 1))));
  }
  void number(Form form, std::int64_t value) {
    if (compact_) {
      varint(codecs::zigzag(value));
    } else {
      big_endian(static_cast<std::uint64_t>(value), form == Form::i16 ? 2 : form == Form::i32 ? 4 : 8);
    }
  }
  void size(std::size_t value) { compact_ ? varint(value) : big_endian(value, 4); }

  bool put_double(const idl::Value& value) {
    double number = static_cast<double>(integer(value));
    if (const auto* real = std::get_if<double>(&value.data)) {
      number = *real;
    } else if (!has_integer(value)) {
      return false;
    }
    const auto bits = __builtin_bit_cast(std::uint64_t, number);
    if (compact_) {
      std::uint8_t bytes[8];
      codecs::store(bytes, bits);
      raw(bytes, sizeof(bytes));
    } else {
      big_endian(bits, 8);
    }
    return true;
  }
  bool put_text(const idl::Value& value) {
    const auto* text = std::get_if<std::string>(&value.data);
    if (text == nullptr) return false;
    size(text->size());
    raw(reinterpret_cast<const std::uint8_t*>(text->data()), text->size());
    return true;
  }
  bool put_uuid(const idl::Value& value) {
    const auto* text = std::get_if<std::string>(&value.data);
    std::uint8_t bytes[base::uuid_bytes];
    if (text == nullptr || !base::parse_uuid(*text, bytes)) return false;
    raw(bytes, sizeof(bytes));
    return true;
  }
  bool put_list(const idl::Type& type, const idl::Value& value) {
    const auto* items = std::get_if<idl::ValueList>(&value.data);
    if (items == nullptr) return false;
    const std::uint8_t element = wire_form(format_, *type.element).type;
    if (!compact_) {
      byte(element);
      size(items->size());
    } else if (items->size() < 15) {
      byte(static_cast<std::uint8_t>(items->size() << 4 | element));
    } else {
      byte(static_cast<std::uint8_t>(0xf0 | element));
      size(items->size());
    }
    for (const idl::Value& item : *items) {
      if (!put(*type.element, item, false)) return false;
    }
    return true;
  }
  bool put_map(const idl::Type& type, const idl::Value& value) {
    const auto* items = std::get_if<idl::ValueMap>(&value.data);
    if (items == nullptr) return false;
    const std::uint8_t key = wire_form(format_, *type.key).type;
    const std::uint8_t element = wire_form(format_, *type.element).type;
    if (compact_) {
      size(items->size());
      if (!items->empty()) byte(static_cast<std::uint8_t>(key << 4 | element));
    } else {
      byte(key);
      byte(element);
      size(items->size());
    }
    for (const auto& [item_key, item] : *items) {
      if (!put(*type.key, item_key, false) || !put(*type.element, item, false)) return false;
    }
    return true;
  }
  bool put_struct(const idl::StructType& type, const idl::Value& value) {
    const auto* items = std::get_if<idl::ValueMap>(&value.data);
    if (items == nullptr) return false;
    for (const auto& [name, item] : *items) {
      const auto* text = std::get_if<std::string>(&name.data);
      const idl::Field* field = text != nullptr ? type.find_field(*text) : nullptr;
      if (field == nullptr) return false;
      const std::uint8_t code = wire_form(format_, *field->type).type;
      if (compact_) {  // the long form, which needs no previous id
        const bool is_bool = field->type->kind == Kind::boolean;
        byte(is_bool && integer(item) == 0 ? static_cast<std::uint8_t>(compact::type_false) : code);
        varint(codecs::zigzag(field->id));
        if (is_bool) continue;
      } else {
        byte(code);
        big_endian(static_cast<std::uint16_t>(field->id), 2);
      }
      if (!put(*field->type, item, true)) return false;
    }
    byte(0);
    return true;
  }

  model::BodyFormat format_;
  bool compact_;
  std::vector<std::uint8_t> out_;
};

}  // namespace

std::vector<std::uint8_t> encode_default(model::BodyFormat format, const idl::Type& type,
                                         const idl::Value& value) {
  if (!is_thrift(format)) return {};
  Encoder encoder(format);
  if (!encoder.put(type, value, true)) return {};
  return encoder.take();
}

bool is_zero(const idl::Value& value) {
  if (const auto* set = std::get_if<bool>(&value.data)) return !*set;
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) return *number == 0;
  if (const auto* number = std::get_if<std::uint64_t>(&value.data)) return *number == 0;
  if (const auto* real = std::get_if<double>(&value.data))
    return __builtin_bit_cast(std::uint64_t, *real) == 0;
  if (const auto* text = std::get_if<std::string>(&value.data)) return text->empty();
  if (const auto* reference = std::get_if<idl::EnumReference>(&value.data)) return reference->number == 0;
  if (const auto* list = std::get_if<idl::ValueList>(&value.data)) return list->empty();
  if (const auto* map = std::get_if<idl::ValueMap>(&value.data)) return map->empty();
  return true;
}

}  // namespace koine::transcode
