// Stepping over Thrift structs.
#include "codecs/calls/thrift/struct_scan.h"

#include <algorithm>
#include <array>

#include "codecs/bodies/thrift_compact/primitives.h"
#include "codecs/calls/thrift/json_message.h"
#include "codecs/wire.h"

namespace koine::codecs::calls::thrift {

bool first_field(model::BodyFormat format, const base::Buffer& result, std::size_t nesting_max,
                 std::int32_t& id) {
  id = 0;
  std::array<std::uint8_t, json_first_field_bytes> head;
  base::Bytes front = result.front();
  if (front.size() < std::min(head.size(), result.size())) {
    front = base::Bytes(head.data(), result.copy_to(head));
  }
  front = front.first(std::min(front.size(), head.size()));
  if (format == model::BodyFormat::thrift_json) {
    bool empty = false;
    return json_first_field(front, id, empty);
  }
  if (format == model::BodyFormat::thrift_compact) {  // with every answer: read in place
    namespace compact = bodies::thrift_compact;
    const compact::FieldHead field = compact::read_field(front.data(), front.data() + front.size(), 0);
    if (field.next == nullptr || field.type > compact::type_uuid) return false;
    if (field.type != compact::type_stop) id = field.id;
    return true;
  }
  StructScan scan(format, front, nesting_max);
  WireType type = WireType::stop;
  return scan.next(type, id);
}

bool StructScan::take(std::size_t count) {
  if (left_.size() < count) return false;
  left_ = left_.subspan(count);
  return true;
}

bool StructScan::read_u8(std::uint8_t& value) {
  if (left_.empty()) return false;
  value = left_[0];
  left_ = left_.subspan(1);
  return true;
}

bool StructScan::read_varint(std::uint64_t& value) {
  const Varint read = codecs::read_varint(left_.data(), left_.data() + left_.size());
  if (read.next == nullptr) return false;
  value = read.value;
  return take(static_cast<std::size_t>(read.next - left_.data()));
}

// A length or count: at most what 31 bits hold.
bool StructScan::read_size(std::size_t& value) {
  std::uint64_t raw = 0;
  if (compact_) {
    if (!read_varint(raw)) return false;
  } else {
    if (left_.size() < 4) return false;
    for (std::size_t i = 0; i < 4; ++i) raw = raw << 8 | left_[i];
    left_ = left_.subspan(4);
  }
  if (raw > 0x7FFFFFFFu) return false;
  value = static_cast<std::size_t>(raw);
  return true;
}

bool StructScan::compact_type(std::uint8_t nibble, WireType& type) const {
  constexpr std::array<WireType, 14> types = {
      WireType::stop, WireType::boolean, WireType::boolean,   WireType::i8,     WireType::i16,
      WireType::i32,  WireType::i64,     WireType::f64,       WireType::string, WireType::list,
      WireType::set,  WireType::map,     WireType::structure, WireType::uuid};
  if (nibble >= types.size()) return false;
  type = types[nibble];
  return true;
}

bool StructScan::binary_type(std::uint8_t code, WireType& type) const {
  // 1 (void), 5, 7 and 9 are never on the wire; 17 and beyond are not Apache Thrift.
  constexpr std::uint32_t known = 1u << 0 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 6 | 1u << 8 | 1u << 10 |
                                  1u << 11 | 1u << 12 | 1u << 13 | 1u << 14 | 1u << 15 | 1u << 16;
  if (code > 16 || (known >> code & 1) == 0) return false;
  type = static_cast<WireType>(code);
  return true;
}

bool StructScan::next(WireType& type, std::int32_t& id) {
  std::uint8_t head = 0;
  if (!read_u8(head)) return false;
  if (!compact_) {
    if (!binary_type(head, type)) return false;
    if (type == WireType::stop) return true;
    if (left_.size() < 2) return false;
    id = static_cast<std::int16_t>(left_[0] << 8 | left_[1]);
    return take(2);
  }
  if (!compact_type(head & 0x0F, type)) return false;
  if (type == WireType::stop) return true;  // whatever its other half says, as in every library
  if (const int delta = head >> 4; delta != 0) {
    last_id_ = static_cast<std::int16_t>(last_id_ + delta);  // wraps as libthrift's does
  } else {
    std::uint64_t raw = 0;
    if (!read_varint(raw) || raw > 0xFFFF) return false;
    last_id_ = static_cast<std::int32_t>(unzigzag(raw));
  }
  id = last_id_;
  inside_head_ = type == WireType::boolean;
  return true;
}

bool StructScan::read_i32(std::int32_t& value) {
  if (compact_) {
    std::uint64_t raw = 0;
    if (!read_varint(raw) || raw > 0xFFFFFFFFu) return false;
    const auto bits = static_cast<std::uint32_t>(raw);
    value = static_cast<std::int32_t>(bits >> 1 ^ (~(bits & 1) + 1));
    return true;
  }
  if (left_.size() < 4) return false;
  std::uint32_t raw = 0;
  for (std::size_t i = 0; i < 4; ++i) raw = raw << 8 | left_[i];
  value = static_cast<std::int32_t>(raw);
  return take(4);
}

bool StructScan::read_string(std::string_view& value) {
  std::size_t size = 0;
  if (!read_size(size) || size > left_.size()) return false;
  value = base::as_text(left_.first(size));
  return take(size);
}

// The fewest bytes that an element takes, so that a count can be held against the bytes that are there.
std::size_t StructScan::least_bytes(WireType type) const {
  if (type == WireType::f64) return 8;
  if (type == WireType::uuid) return 16;
  if (compact_) return 1;
  switch (type) {
    case WireType::i16: return 2;
    case WireType::i32:
    case WireType::string: return 4;
    case WireType::set:
    case WireType::list: return 5;
    case WireType::map: return 6;
    case WireType::i64: return 8;
    default: return 1;
  }
}

bool StructScan::skip_value(WireType type, std::size_t depth) {
  switch (type) {
    case WireType::stop: return false;
    case WireType::boolean:
      if (inside_head_) {
        inside_head_ = false;
        return true;
      }
      return take(1);
    case WireType::i8: return take(1);
    case WireType::i16:
    case WireType::i32:
    case WireType::i64: {
      std::uint64_t ignored = 0;
      return compact_ ? read_varint(ignored) : take(least_bytes(type));
    }
    case WireType::f64: return take(8);
    case WireType::uuid: return take(16);
    case WireType::string: {
      std::string_view ignored;
      return read_string(ignored);
    }
    case WireType::structure: return skip_struct(depth + 1);
    case WireType::list:
    case WireType::set: return skip_list(depth + 1);
    case WireType::map: return skip_map(depth + 1);
  }
  return false;
}

bool StructScan::skip_struct(std::size_t depth) {
  if (depth > nesting_max_) return false;
  const std::int32_t outer_id = last_id_;
  last_id_ = 0;
  WireType type = WireType::stop;
  std::int32_t id = 0;
  while (true) {
    if (!next(type, id)) return false;
    if (type == WireType::stop) break;
    if (!skip_value(type, depth)) return false;
  }
  last_id_ = outer_id;
  return true;
}

bool StructScan::skip_elements(WireType first, WireType second, std::size_t count, std::size_t depth) {
  inside_head_ = false;
  const std::size_t least = least_bytes(first) + (second == WireType::stop ? 0 : least_bytes(second));
  if (count > left_.size() / least) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (!skip_value(first, depth)) return false;
    if (second != WireType::stop && !skip_value(second, depth)) return false;
  }
  return true;
}

bool StructScan::skip_list(std::size_t depth) {
  if (depth > nesting_max_) return false;
  std::uint8_t head = 0;
  std::size_t count = 0;
  WireType element = WireType::stop;
  if (!read_u8(head)) return false;
  if (compact_) count = head >> 4;
  if ((!compact_ || count == 15) && !read_size(count)) return false;
  if (count == 0) return true;  // whatever it would hold: there is nothing to read
  if (!(compact_ ? compact_type(head & 0x0F, element) : binary_type(head, element))) return false;
  return element != WireType::stop && skip_elements(element, WireType::stop, count, depth);
}

bool StructScan::skip_map(std::size_t depth) {
  if (depth > nesting_max_) return false;
  std::size_t count = 0;
  WireType key = WireType::stop;
  WireType value = WireType::stop;
  if (compact_) {
    std::uint8_t types = 0;
    if (!read_size(count)) return false;
    if (count == 0) return true;
    if (!read_u8(types) || !compact_type(types >> 4, key) || !compact_type(types & 0x0F, value)) return false;
  } else {
    std::uint8_t key_code = 0;
    std::uint8_t value_code = 0;
    if (!read_u8(key_code) || !read_u8(value_code)) return false;
    if (!read_size(count)) return false;
    if (count == 0) return true;
    if (!binary_type(key_code, key) || !binary_type(value_code, value)) return false;
  }
  if (key == WireType::stop || value == WireType::stop) return false;
  return skip_elements(key, value, count, depth);
}

}  // namespace koine::codecs::calls::thrift
