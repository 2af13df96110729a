// Values of any Thrift schema as a tree, written and read by libthrift's own protocols, which are the
// referees of what bytes mean. Test code only.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "idl/schema.h"
#include "model/call.h"
#include "transcode/referees/thrift_protocols.h"

namespace koine::transcode::referees {

using idl::Kind;

struct Value {
  std::int64_t number = 0;  // bool, integers, enums
  double real = 0;
  std::string text;                                    // string, bytes
  std::vector<Value> items;                            // of lists and sets; key, value, key, … of maps
  std::vector<std::pair<std::int32_t, Value>> fields;  // of structs, by id
};

inline bool same_bits(double a, double b) {
  return std::equal(&a, &a + 1, &b, [](double x, double y) {
    return __builtin_bit_cast(std::uint64_t, x) == __builtin_bit_cast(std::uint64_t, y);
  });
}
inline bool operator==(const Value& a, const Value& b) {
  return a.number == b.number && same_bits(a.real, b.real) && a.text == b.text && a.items == b.items &&
         a.fields == b.fields;
}

// A text form, for messages and for sorting.
inline std::string print(const Value& value) {
  std::string out;
  if (value.number != 0) out += std::to_string(value.number);
  if (!same_bits(value.real, 0)) out += "d" + std::to_string(__builtin_bit_cast(std::uint64_t, value.real));
  if (!value.text.empty()) {
    out += '"';
    for (const char c : value.text) out += std::to_string(static_cast<unsigned char>(c)) + ' ';
    out += '"';
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) out += (i == 0 ? "[" : ", ") + print(value.items[i]);
  if (!value.items.empty()) out += ']';
  for (const auto& [id, field] : value.fields) out += "{" + std::to_string(id) + ": " + print(field) + "}";
  return out;
}

// ---- libthrift

inline protocol::TType wire_type(Kind kind) {
  switch (kind) {
    case Kind::boolean: return protocol::T_BOOL;
    case Kind::i8: return protocol::T_BYTE;
    case Kind::i16:
    case Kind::u8: return protocol::T_I16;
    case Kind::i32:
    case Kind::u16:
    case Kind::enumeration: return protocol::T_I32;
    case Kind::i64:
    case Kind::u32:
    case Kind::u64: return protocol::T_I64;
    case Kind::f32:
    case Kind::f64: return protocol::T_DOUBLE;
    case Kind::string:
    case Kind::bytes: return protocol::T_STRING;
    case Kind::uuid: return uuid_type;
    case Kind::structure: return protocol::T_STRUCT;
    case Kind::list: return protocol::T_LIST;
    case Kind::set: return protocol::T_SET;
    case Kind::map: return protocol::T_MAP;
  }
  return protocol::T_STOP;
}

inline protocol::TType wire_type(const protocol::TProtocol& in, Kind kind) {
  return kind == Kind::uuid ? uuid_type_in(in) : wire_type(kind);
}

inline void write(protocol::TProtocol& to, const idl::Type& type, const Value& value);

inline void write_struct(protocol::TProtocol& to, const idl::StructType& type, const Value& value) {
  to.writeStructBegin("");
  for (const auto& [id, field] : value.fields) {
    const idl::Type& field_type = *type.find_field(id)->type;
    to.writeFieldBegin("", wire_type(to, field_type.kind), static_cast<std::int16_t>(id));
    write(to, field_type, field);
    to.writeFieldEnd();
  }
  to.writeFieldStop();
  to.writeStructEnd();
}

inline void write(protocol::TProtocol& to, const idl::Type& type, const Value& value) {
  const auto size = static_cast<std::uint32_t>(value.items.size());
  if (type.kind == Kind::uuid) return write_uuid(to, value.text);
  switch (wire_type(type.kind)) {
    case protocol::T_BOOL: to.writeBool(value.number != 0); return;
    case protocol::T_BYTE: to.writeByte(static_cast<std::int8_t>(value.number)); return;
    case protocol::T_I16: to.writeI16(static_cast<std::int16_t>(value.number)); return;
    case protocol::T_I32: to.writeI32(static_cast<std::int32_t>(value.number)); return;
    case protocol::T_I64: to.writeI64(value.number); return;
    case protocol::T_DOUBLE: to.writeDouble(value.real); return;
    case protocol::T_STRING:  // the same but in JSON
      type.kind == Kind::string ? to.writeString(value.text) : to.writeBinary(value.text);
      return;
    case protocol::T_STRUCT: write_struct(to, *type.structure, value); return;
    case protocol::T_LIST: to.writeListBegin(wire_type(to, type.element->kind), size); break;
    case protocol::T_SET: to.writeSetBegin(wire_type(to, type.element->kind), size); break;
    default:
      to.writeMapBegin(wire_type(to, type.key->kind), wire_type(to, type.element->kind), size / 2);
      for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
        write(to, *type.key, value.items[i]);
        write(to, *type.element, value.items[i + 1]);
      }
      to.writeMapEnd();
      return;
  }
  for (const Value& item : value.items) write(to, *type.element, item);
  type.kind == Kind::list ? to.writeListEnd() : to.writeSetEnd();
}

inline Value read(protocol::TProtocol& from, const idl::Type& type);

// Throws when a field or its type is not the schema's: what we write must be exactly what was declared.
inline Value read_struct(protocol::TProtocol& from, const idl::StructType& type) {
  Value value;
  std::string name;
  from.readStructBegin(name);
  while (true) {
    protocol::TType wire = protocol::T_STOP;
    std::int16_t id = 0;
    from.readFieldBegin(name, wire, id);
    if (wire == protocol::T_STOP) break;
    const idl::Field* field = type.find_field(id);
    if (field == nullptr || wire != wire_type(from, field->type->kind)) {
      throw std::runtime_error("unexpected field " + std::to_string(id) + " in " + type.full_name);
    }
    value.fields.emplace_back(id, read(from, *field->type));
    from.readFieldEnd();
  }
  from.readStructEnd();
  std::stable_sort(value.fields.begin(), value.fields.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return value;
}

inline void expect_element(const protocol::TProtocol& from, protocol::TType wire, const idl::Type& type,
                           std::uint32_t size) {
  if (size != 0 && wire != wire_type(from, type.kind)) throw std::runtime_error("unexpected element type");
}

inline Value read(protocol::TProtocol& from, const idl::Type& type) {
  Value value;
  bool flag = false;
  std::int8_t i8 = 0;
  std::int16_t i16 = 0;
  std::int32_t i32 = 0;
  std::uint32_t size = 0;
  protocol::TType key = protocol::T_STOP;
  protocol::TType element = protocol::T_STOP;
  if (type.kind == Kind::uuid) {
    value.text = read_uuid(from);
    return value;
  }
  switch (wire_type(type.kind)) {
    case protocol::T_BOOL:
      from.readBool(flag);
      value.number = flag;
      break;
    case protocol::T_BYTE:
      from.readByte(i8);
      value.number = i8;
      break;
    case protocol::T_I16:
      from.readI16(i16);
      value.number = i16;
      break;
    case protocol::T_I32:
      from.readI32(i32);
      value.number = i32;
      break;
    case protocol::T_I64: from.readI64(value.number); break;
    case protocol::T_DOUBLE: from.readDouble(value.real); break;
    case protocol::T_STRING:
      type.kind == Kind::string ? from.readString(value.text) : from.readBinary(value.text);
      break;
    case protocol::T_STRUCT: return read_struct(from, *type.structure);
    case protocol::T_LIST:
    case protocol::T_SET:
      if (type.kind == Kind::list) {
        from.readListBegin(element, size);
      } else {
        from.readSetBegin(element, size);
      }
      expect_element(from, element, *type.element, size);
      for (std::uint32_t i = 0; i < size; ++i) value.items.push_back(read(from, *type.element));
      type.kind == Kind::list ? from.readListEnd() : from.readSetEnd();
      break;
    default:
      from.readMapBegin(key, element, size);
      expect_element(from, key, *type.key, size);
      expect_element(from, element, *type.element, size);
      for (std::uint32_t i = 0; i < size; ++i) {
        value.items.push_back(read(from, *type.key));
        value.items.push_back(read(from, *type.element));
      }
      from.readMapEnd();
      break;
  }
  return value;
}

// Is there a UUID in it, at any depth?
inline bool has_uuids(const idl::StructType& type, std::set<const idl::StructType*>& seen);
inline bool has_uuids(const idl::Type& type, std::set<const idl::StructType*>& seen) {
  return type.kind == Kind::uuid || (type.structure != nullptr && has_uuids(*type.structure, seen)) ||
         (type.key != nullptr && has_uuids(*type.key, seen)) ||
         (type.element != nullptr && has_uuids(*type.element, seen));
}
inline bool has_uuids(const idl::StructType& type, std::set<const idl::StructType*>& seen) {
  if (!seen.insert(&type).second) return false;
  return std::any_of(type.fields.begin(), type.fields.end(),
                     [&](const idl::Field& field) { return has_uuids(*field.type, seen); });
}
inline bool has_uuids(const idl::StructType& type) {
  std::set<const idl::StructType*> seen;
  return has_uuids(type, seen);
}

inline std::string to_bytes(model::BodyFormat format, const idl::StructType& type, const Value& value) {
  const auto buffer = std::make_shared<TMemoryBuffer>();
  write_struct(*make_protocol(format, buffer), type, value);
  std::string bytes = buffer->getBufferAsString();
  if (format != model::BodyFormat::thrift_json || !has_uuids(type)) return bytes;
  return retyped(type, bytes, "str", "uid");
}

// The struct, or an exception; all bytes must be read.
inline Value from_bytes(model::BodyFormat format, const idl::StructType& type, const std::string& bytes) {
  const bool retype = format == model::BodyFormat::thrift_json && has_uuids(type);
  std::string copy = retype ? retyped(type, bytes, "uid", "str") : bytes;
  const auto buffer =
      std::make_shared<TMemoryBuffer>(reinterpret_cast<std::uint8_t*>(copy.data()),
                                      static_cast<std::uint32_t>(copy.size()), TMemoryBuffer::OBSERVE);
  const auto from = make_protocol(format, buffer);
  Value value = read_struct(*from, type);
  if (buffer->available_read() != 0) throw std::runtime_error("bytes are left behind the struct");
  return value;
}

// ---- random values

class RandomValues {
 public:
  explicit RandomValues(std::uint32_t seed) : engine_(seed) {}

  // As real writers write: every field but optional ones; unions with one member; sets and maps without
  // repetitions.
  // Nothing for a type that has no finite value (a union of nothing but itself) or found none in a few tries.
  std::optional<Value> try_of(const idl::StructType& type) {
    for (int i = 0; i < 5; ++i) {
      try {
        return of(type);
      } catch (const TooDeep&) {}
    }
    return std::nullopt;
  }

 private:
  struct TooDeep {};

  Value of(const idl::StructType& type, int depth = 0) {
    if (depth > 20) throw TooDeep();
    Value value;
    if (type.form == idl::StructForm::union_) {
      if (type.fields.empty()) throw TooDeep();
      // Deep down, a member that ends the recursion.
      std::size_t at = below(type.fields.size());
      for (std::size_t i = 0; depth > 3 && i < type.fields.size(); ++i) {
        if (type.fields[i].type->kind != Kind::structure) at = i;
      }
      value.fields.emplace_back(type.fields[at].id, of(*type.fields[at].type, depth + 1));
      return value;
    }
    for (const idl::Field& field : type.fields) {
      const bool is_struct = field.type->kind == Kind::structure;
      if (field.presence == idl::Presence::optional && (depth > 3 || below(2) == 0)) continue;
      if (field.presence != idl::Presence::required && is_struct && depth > 3) continue;
      value.fields.emplace_back(field.id, of(*field.type, depth + 1));
    }
    std::stable_sort(value.fields.begin(), value.fields.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    return value;
  }

  Value of(const idl::Type& type, int depth, bool is_key = false) {
    Value value;
    switch (type.kind) {
      case Kind::boolean: value.number = static_cast<std::int64_t>(below(2)); break;
      case Kind::i8: value.number = bits(8); break;
      case Kind::i16: value.number = bits(16); break;
      case Kind::i32: value.number = bits(32); break;
      case Kind::i64: value.number = bits(64); break;
      case Kind::u8: value.number = bits(16) & 0xff; break;
      case Kind::u16: value.number = bits(32) & 0xffff; break;
      case Kind::u32: value.number = bits(64) & 0xffffffff; break;
      case Kind::u64: value.number = bits(64) & 0x7fffffffffffffff; break;
      case Kind::f32: value.real = static_cast<double>(static_cast<std::int32_t>(bits(20))) / 4; break;
      case Kind::f64: value.real = is_key ? static_cast<double>(bits(32)) + 0.5 : real(); break;
      case Kind::string: value.text = text(); break;
      case Kind::bytes:
        for (std::size_t i = below(40); i > 0; --i) value.text.push_back(static_cast<char>(engine_()));
        break;
      case Kind::uuid:
        for (std::size_t i = 0; i < uuid_bytes; ++i) value.text.push_back(static_cast<char>(engine_()));
        break;
      case Kind::enumeration:
        value.number = type.enumeration->values[below(type.enumeration->values.size())].number;
        break;
      case Kind::structure: return of(*type.structure, depth);
      case Kind::list:
        for (std::size_t i = size(depth); i > 0; --i) value.items.push_back(of(*type.element, depth + 1));
        break;
      case Kind::set:
        for (std::size_t i = size(depth); i > 0; --i) {
          Value item = of(*type.element, depth + 1, true);
          if (std::find(value.items.begin(), value.items.end(), item) == value.items.end()) {
            value.items.push_back(std::move(item));
          }
        }
        break;
      case Kind::map: {
        std::vector<Value> keys;
        for (std::size_t i = size(depth); i > 0; --i) {
          Value key = of(*type.key, depth + 1, true);
          if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
          keys.push_back(key);
          value.items.push_back(std::move(key));
          value.items.push_back(of(*type.element, depth + 1));
        }
        break;
      }
    }
    return value;
  }

  std::size_t below(std::size_t count) { return engine_() % count; }

  // Numbers of every length, the largest and smallest included.
  std::int64_t bits(unsigned width) {
    const auto all = static_cast<std::uint64_t>(engine_()) << 32 | engine_();
    const auto cut = static_cast<std::int64_t>(all) >> (64 - 1 - below(width));
    return below(8) == 0 ? static_cast<std::int64_t>(below(3)) : cut;
  }
  double real() {
    static constexpr double special[] = {
        0.0, -0.0, 1.5, 1e300, -1e-300, __builtin_inf(), -__builtin_inf(), __builtin_nan("")};
    return special[below(8)];
  }
  std::size_t size(int depth) {
    if (depth > 4) return 0;
    return below(20) == 0 && depth < 2 ? 10 + below(30) : below(4);
  }
  std::string text() {
    static const std::vector<std::string> pieces = {
        "a", "hello", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", " ", "0123456789abcdef", "\"", "\\",
        "/", "\n\t",  "\x01",     "\x7f"};
    std::string out;
    for (std::size_t i = below(6); i > 0; --i) out += pieces[below(pieces.size())];
    return out;
  }

  std::mt19937 engine_;
};

}  // namespace koine::transcode::referees
