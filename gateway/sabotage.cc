// Spoiling answers: a scan over the fields of the outermost struct, without a schema.
#include "gateway/sabotage.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "codecs/bodies/protobuf/primitives.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/bodies/thrift_compact/primitives.h"

namespace koine::gateway {
namespace {

namespace binary = codecs::bodies::thrift_binary;
namespace compact = codecs::bodies::thrift_compact;
namespace protobuf = codecs::bodies::protobuf;
using model::BodyFormat;

constexpr std::size_t levels_max = 64;

struct Field {
  std::size_t begin, value, end;  // offsets in the body: header, value, behind it
  std::int32_t id;
  std::uint32_t type;
};

// The fields of the struct that begins at `from`; empty when it cannot be read.
std::vector<Field> scan(BodyFormat format, const std::string& body, std::size_t from) {
  const auto* start = reinterpret_cast<const std::uint8_t*>(body.data());
  const std::uint8_t* end = start + body.size();
  const std::uint8_t* p = start + from;
  std::vector<Field> fields;
  std::int32_t id = 0;
  codecs::Fault fault{};
  while (p != nullptr && p < end) {
    const std::uint8_t* begin = p;
    const std::uint8_t* value = nullptr;
    std::uint32_t type = 0;
    if (format == BodyFormat::thrift_binary) {
      type = *p;
      if (type == binary::type_stop || end - p < 3) return fields;
      id = static_cast<std::int16_t>(codecs::load_be16(p + 1));
      value = p + 3;
      p = binary::skip_value(value, end, static_cast<std::uint8_t>(type), levels_max, fault);
    } else if (format == BodyFormat::thrift_compact) {
      const compact::FieldHead head = compact::read_field(p, end, id);
      if (head.next == nullptr || head.type == compact::type_stop) return fields;
      id = head.id;
      type = head.type;
      value = head.next;
      p = compact::skip_field_value(value, end, head.type, levels_max, fault);
    } else {
      const codecs::Varint tag = protobuf::read_tag(p, end);
      if (tag.next == nullptr) return fields;
      id = static_cast<std::int32_t>(tag.value >> 3);
      type = static_cast<std::uint32_t>(tag.value & 7);
      value = tag.next;
      p = protobuf::skip_value(value, end, static_cast<std::uint32_t>(tag.value), levels_max, fault);
    }
    if (p == nullptr) return {};
    fields.push_back({static_cast<std::size_t>(begin - start), static_cast<std::size_t>(value - start),
                      static_cast<std::size_t>(p - start), id, type});
  }
  return fields;
}

// A Thrift result holds the returned struct as field 0.
std::vector<Field> fields_of(BodyFormat format, const std::string& body) {
  std::vector<Field> fields = scan(format, body, 0);
  const std::uint32_t nested = format == BodyFormat::thrift_binary ? std::uint32_t{binary::type_struct}
                                                                   : std::uint32_t{compact::type_struct};
  if (format != BodyFormat::protobuf && fields.size() == 1 && fields[0].id == 0 && fields[0].type == nested) {
    return scan(format, body, fields[0].value);
  }
  return fields;
}

void swap_fields(const std::vector<Field>& fields, std::string& body) {
  for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
    const Field& a = fields[i];
    const Field& b = fields[i + 1];
    const std::string first = body.substr(a.value, a.end - a.value);
    const std::string second = body.substr(b.value, b.end - b.value);
    if (a.type != b.type || first == second) continue;
    const std::string between = body.substr(a.end, b.value - a.end);
    body.replace(a.value, b.end - a.value, second + between + first);
    return;
  }
}

// x becomes -x - 1.
void wrap_sign(BodyFormat format, const std::vector<Field>& fields, std::string& body) {
  for (const Field& field : fields) {
    const auto flip = [&](std::size_t at, std::uint8_t mask) {
      body[at] = static_cast<char>(static_cast<std::uint8_t>(body[at]) ^ mask);
    };
    if (format == BodyFormat::thrift_binary) {
      if (field.type != binary::type_i8 && field.type != binary::type_i16 && field.type != binary::type_i32 &&
          field.type != binary::type_i64) {
        continue;
      }
      for (std::size_t at = field.value; at < field.end; ++at) flip(at, 0xff);
      return;
    }
    if (format == BodyFormat::thrift_compact) {
      if (field.type < compact::type_i8 || field.type > compact::type_i64) continue;
      flip(field.value, field.type == compact::type_i8 ? 0xff : 1);
      return;
    }
    if (field.type != protobuf::wire_varint || field.end - field.value < 1) continue;
    const auto* data = reinterpret_cast<const std::uint8_t*>(body.data());
    std::uint64_t value = codecs::read_varint(data + field.value, data + field.end).value;
    if (value <= 1) continue;  // it may be a bool, which has no sign
    std::string wrapped;
    for (value = ~value; value >= 0x80; value >>= 7) wrapped += static_cast<char>(value | 0x80);
    wrapped += static_cast<char>(value);
    body.replace(field.value, field.end - field.value, wrapped);
    return;
  }
}

}  // namespace

std::optional<Sabotage::Kind> Sabotage::parse(std::string_view name) {
  if (name == "swap_fields") return Kind::swap_fields;
  if (name == "wrap_sign") return Kind::wrap_sign;
  if (name == "drop_presence") return Kind::drop_presence;
  if (name == "exchange_answers") return Kind::exchange_answers;
  return std::nullopt;
}

void Sabotage::apply(model::Reply& reply) {
  if (kind_ == Kind::exchange_answers) {
    // The first answer is given twice; from then on each caller gets the one before.
    if (has_kept_) {
      std::swap(kept_, reply);
    } else {
      kept_ = reply;
      has_kept_ = true;
    }
    return;
  }
  const BodyFormat format = reply.message.format;
  if (!reply.has_message || reply.message.compression != model::Compression::identity) return;
  if (format != BodyFormat::thrift_binary && format != BodyFormat::thrift_compact &&
      format != BodyFormat::protobuf) {
    return;
  }
  std::string body = reply.message.bytes.to_string();
  const std::vector<Field> fields = fields_of(format, body);
  if (fields.empty()) return;
  if (kind_ == Kind::swap_fields) swap_fields(fields, body);
  if (kind_ == Kind::wrap_sign) wrap_sign(format, fields, body);
  if (kind_ == Kind::drop_presence) body.erase(fields.back().begin, fields.back().end - fields.back().begin);
  base::Buffer spoiled;
  spoiled.append(body);
  reply.message.bytes = std::move(spoiled);
}

}  // namespace koine::gateway
