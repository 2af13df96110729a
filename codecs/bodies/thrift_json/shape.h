// Shape: what the JSON of a Thrift struct cannot say by itself, compiled from a schema.
//
// Fields carry their id and type on the wire, so any of them can be read without a schema, but text and
// octets are both `str`: octets in base64, text as it is. A shape says for each field which of them it is,
// and what it is called in errors. Whoever builds one keeps it; immutable, any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace koine::codecs::bodies::thrift_json {

struct StructShape;

struct ValueShape {
  std::uint8_t type = 0;                   // thrift_binary::WireType
  bool octets = false;                     // of a string: base64
  const StructShape* structure = nullptr;  // of a struct; may be null: nothing is known of its fields
  const ValueShape* key = nullptr;         // of a map
  const ValueShape* element = nullptr;     // of list and set; the value of a map
};

struct FieldShape {
  std::int32_t id = 0;
  const ValueShape* value = nullptr;  // never null
  std::string name;
};

struct StructShape {
  std::vector<FieldShape> fields;  // by id, ascending

  // Null: not in the schema.
  const FieldShape* find(std::int32_t id) const noexcept;
};

// Storage of a shape's parts; addresses stay valid.
struct Shapes {
  std::deque<StructShape> structs;
  std::deque<ValueShape> values;
};

}  // namespace koine::codecs::bodies::thrift_json
