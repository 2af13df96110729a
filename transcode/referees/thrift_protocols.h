// libthrift's three protocols, taught UUIDs, which 0.17 has not: in binary and compact they are 16 bytes of a
// type code of their own; in JSON they are written as strings, and `retyped` changes what the text calls
// them. Test code only.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include "base/uuid.h"
#include "idl/schema.h"
#include "model/call.h"

namespace koine::transcode::referees {

namespace protocol = apache::thrift::protocol;
using apache::thrift::transport::TMemoryBuffer;

inline constexpr auto uuid_type = static_cast<protocol::TType>(16);
inline constexpr std::int8_t compact_uuid_type = 13;
inline constexpr std::size_t uuid_bytes = 16;

class BinaryProtocol : public protocol::TBinaryProtocol {
 public:
  using protocol::TBinaryProtocol::TBinaryProtocol;
  int getMinSerializedSize(protocol::TType type) override {
    return type == uuid_type ? static_cast<int>(uuid_bytes)
                             : protocol::TBinaryProtocol::getMinSerializedSize(type);
  }
};

using CompactProtocol = protocol::TCompactProtocolT<TMemoryBuffer>;

}  // namespace koine::transcode::referees

namespace apache::thrift::protocol {

template <>
inline int8_t TCompactProtocolT<transport::TMemoryBuffer>::getCompactType(const TType type) {
  if (type == koine::transcode::referees::uuid_type) return koine::transcode::referees::compact_uuid_type;
  return detail::compact::TTypeToCType[type];
}
template <>
inline TType TCompactProtocolT<transport::TMemoryBuffer>::getTType(int8_t type) {
  using namespace detail::compact;
  switch (type) {
    case T_STOP: return T_STOP;
    case CT_BOOLEAN_FALSE:
    case CT_BOOLEAN_TRUE: return T_BOOL;
    case CT_BYTE: return T_BYTE;
    case CT_I16: return T_I16;
    case CT_I32: return T_I32;
    case CT_I64: return T_I64;
    case CT_DOUBLE: return T_DOUBLE;
    case CT_BINARY: return T_STRING;
    case CT_LIST: return T_LIST;
    case CT_SET: return T_SET;
    case CT_MAP: return T_MAP;
    case CT_STRUCT: return T_STRUCT;
    case koine::transcode::referees::compact_uuid_type: return koine::transcode::referees::uuid_type;
    default: throw TException("unknown type in the compact protocol");
  }
}
template <>
inline int TCompactProtocolT<transport::TMemoryBuffer>::getMinSerializedSize(TType type) {
  if (type == koine::transcode::referees::uuid_type)
    return static_cast<int>(koine::transcode::referees::uuid_bytes);
  return type == T_DOUBLE ? 8 : type == T_STOP || type == T_VOID ? 0 : 1;
}

}  // namespace apache::thrift::protocol

namespace koine::transcode::referees {

// Walks a text that libthrift or we wrote along its schema and copies it.
class Retyper {
 public:
  Retyper(const std::string& text, std::string from, std::string to)
      : text_(text), from_("\"" + from + "\""), to_("\"" + to + "\"") {}
  std::string run(const idl::StructType& type) {
    structure(type);
    return out_ + text_.substr(at_);
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c) return false;
    out_ += c;
    ++at_;
    return true;
  }
  // A string with its quotes, or a bare word.
  std::string token() {
    const std::size_t begin = at_;
    if (peek() == '"') {
      for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) at_ += text_[at_] == '\\' ? 1u : 0u;
      ++at_;
    } else {
      while (at_ < text_.size() && std::string(",:]}").find(text_[at_]) == std::string::npos) ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }
  void type_name(const idl::Type& type) {
    const std::string name = token();
    out_ += type.kind == idl::Kind::uuid && name == from_ ? to_ : name;
  }
  void structure(const idl::StructType& type) {
    take('{');
    while (peek() == '"') {
      const std::string id = token();
      out_ += id;
      std::int32_t number = 0;
      std::from_chars(id.data() + 1, id.data() + id.size(), number);
      const idl::Field* field = type.find_field(number);
      if (field == nullptr || !take(':') || !take('{')) return;
      type_name(*field->type);
      take(':');
      value(*field->type);
      take('}');
      take(',');
    }
    take('}');
  }
  void value(const idl::Type& type) {
    if (type.kind == idl::Kind::structure) return structure(*type.structure);
    const bool is_map = type.kind == idl::Kind::map;
    if (!is_map && type.kind != idl::Kind::list && type.kind != idl::Kind::set) {
      out_ += token();
      return;
    }
    take('[');
    if (is_map) {
      type_name(*type.key);
      take(',');
    }
    type_name(*type.element);
    take(',');
    out_ += token();
    if (is_map) take(','), take('{');
    while (is_map ? peek() != '}' && at_ < text_.size() : take(',')) {
      if (is_map) {
        value(*type.key);
        take(':');
      }
      value(*type.element);
      if (is_map) take(',');
    }
    if (is_map) take('}');
    take(']');
  }

  const std::string& text_;
  std::string from_;
  std::string to_;
  std::size_t at_ = 0;
  std::string out_;
};

// A Thrift JSON struct with strings where the schema has UUIDs: their type is called `to` instead of `from`.
inline std::string retyped(const idl::StructType& type, const std::string& text, const std::string& from,
                           const std::string& to) {
  return Retyper(text, from, to).run(type);
}

inline bool is_json(const protocol::TProtocol& one) {
  return dynamic_cast<const protocol::TJSONProtocol*>(&one) != nullptr;
}
inline protocol::TType uuid_type_in(const protocol::TProtocol& one) {
  return is_json(one) ? protocol::T_STRING : uuid_type;
}

inline void write_uuid(protocol::TProtocol& to, const std::string& octets) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(octets.data());
  if (!is_json(to)) {
    to.getTransport()->write(bytes, uuid_bytes);
    return;
  }
  char text[base::uuid_text_bytes];
  base::write_uuid(reinterpret_cast<std::uint8_t*>(text), bytes);
  to.writeString(std::string(text, sizeof text));
}

inline std::string read_uuid(protocol::TProtocol& from) {
  std::string octets(uuid_bytes, '\0');
  auto* bytes = reinterpret_cast<std::uint8_t*>(octets.data());
  if (!is_json(from)) {
    from.getTransport()->readAll(bytes, uuid_bytes);
    return octets;
  }
  std::string text;
  from.readString(text);
  if (!base::parse_uuid(text, bytes)) throw std::runtime_error("no UUID: " + text);
  return octets;
}

inline std::unique_ptr<protocol::TProtocol> make_protocol(model::BodyFormat format,
                                                          const std::shared_ptr<TMemoryBuffer>& buffer) {
  if (format == model::BodyFormat::thrift_binary) return std::make_unique<BinaryProtocol>(buffer);
  if (format == model::BodyFormat::thrift_json) return std::make_unique<protocol::TJSONProtocol>(buffer);
  return std::make_unique<CompactProtocol>(buffer);
}

}  // namespace koine::transcode::referees
