// A bounded scan over one Thrift struct, binary or compact: its fields' heads, and stepping over values.
//
// What the call codec must look at in a body itself (an exception message, the first field of a result) is
// read with this; values proper are the body codecs' matter. Every length and count is checked against the
// bytes that are there, nesting against a limit; nothing is allocated. A cursor over borrowed bytes, one
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/buffer.h"
#include "codecs/calls/thrift/message_begin.h"

namespace koine::codecs::calls::thrift {

// Type codes in their binary numbers (facts: apache/thrift lib/cpp/src/thrift/protocol/TEnum.h); the compact
// protocol's are turned into these.
enum class WireType : std::uint8_t {
  stop = 0,
  boolean = 2,
  i8 = 3,
  f64 = 4,
  i16 = 6,
  i32 = 8,
  i64 = 10,
  string = 11,
  structure = 12,
  map = 13,
  set = 14,
  list = 15,
  uuid = 16,
};

class StructScan {
 public:
  // `format`: thrift_binary or thrift_compact. `bytes` begin with the struct's first field and outlive this.
  StructScan(model::BodyFormat format, base::Bytes bytes, std::size_t nesting_max)
      : compact_(format == model::BodyFormat::thrift_compact), left_(bytes), nesting_max_(nesting_max) {}

  // The next field's head; WireType::stop at the end of the struct. False when the bytes are malformed or end
  // early: nothing more can be read then. After a head its value must be read or skipped.
  bool next(WireType& type, std::int32_t& id);
  bool read_i32(std::int32_t& value);
  bool read_string(std::string_view& value);
  // Steps over a field's value.
  bool skip(WireType type) { return skip_value(type, 1); }
  // What has not been looked at.
  std::size_t bytes_left() const { return left_.size(); }

 private:
  bool take(std::size_t count);
  bool read_u8(std::uint8_t& value);
  bool read_varint(std::uint64_t& value);
  bool read_size(std::size_t& value);
  bool compact_type(std::uint8_t nibble, WireType& type) const;
  bool binary_type(std::uint8_t code, WireType& type) const;
  bool skip_value(WireType type, std::size_t depth);
  bool skip_struct(std::size_t depth);
  bool skip_elements(WireType first, WireType second, std::size_t count, std::size_t depth);
  bool skip_list(std::size_t depth);
  bool skip_map(std::size_t depth);
  std::size_t least_bytes(WireType type) const;

  bool compact_;
  base::Bytes left_;
  std::size_t nesting_max_;
  std::int32_t last_id_ = 0;  // compact: field ids are differences
  bool inside_head_ = false;  // compact: the value of a boolean field was in its head
};

// The id of a result's first field, in any of Thrift's formats: 0 for its value or when it has none. False
// when it cannot be read.
bool first_field(model::BodyFormat format, const base::Buffer& result, std::size_t nesting_max,
                 std::int32_t& id);

}  // namespace koine::codecs::calls::thrift
