// The resumable walk over binary and compact messages.
#include "codecs/transports/unframed/walker.h"

#include <algorithm>
#include <array>

#include "codecs/wire.h"

namespace koine::codecs::transports::unframed {
namespace {

// Type codes in binary's numbers (apache/thrift lib/cpp/src/thrift/protocol/TEnum.h).
constexpr std::uint8_t type_stop = 0;
constexpr std::uint8_t type_bool = 2;
constexpr std::uint8_t type_i8 = 3;
constexpr std::uint8_t type_double = 4;
constexpr std::uint8_t type_i16 = 6;
constexpr std::uint8_t type_i32 = 8;
constexpr std::uint8_t type_i64 = 10;
constexpr std::uint8_t type_string = 11;
constexpr std::uint8_t type_struct = 12;
constexpr std::uint8_t type_map = 13;
constexpr std::uint8_t type_set = 14;
constexpr std::uint8_t type_list = 15;
constexpr std::uint8_t type_uuid = 16;
constexpr std::uint8_t type_unknown = 0xFF;

// 1 (void), 5, 7 and 9 are never on the wire; 17 and beyond are not Apache Thrift.
constexpr std::uint32_t known_types = 1u << 0 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 6 | 1u << 8 | 1u << 10 |
                                      1u << 11 | 1u << 12 | 1u << 13 | 1u << 14 | 1u << 15 | 1u << 16;

std::uint8_t binary_type(std::uint64_t code) {
  return code <= 16 && (known_types >> code & 1) != 0 ? static_cast<std::uint8_t>(code) : type_unknown;
}

// Inside the struct any number may be written longer than it must be, as every reader of bodies takes it.
constexpr auto varint_bytes_max = static_cast<std::uint32_t>(codecs::varint_bytes_max);

// Bytes of a value whose length its type alone says; 0 = its bytes say it.
std::uint32_t fixed_bytes(bool compact, std::uint8_t type) {
  switch (type) {
    case type_bool:
    case type_i8: return 1;
    case type_double: return 8;
    case type_uuid: return 16;
    case type_i16: return compact ? 0 : 2;
    case type_i32: return compact ? 0 : 4;
    case type_i64: return compact ? 0 : 8;
    default: return 0;
  }
}

// Can a container of `count` hold these? What an empty one says that it would hold nobody looks at, as in the
// other readers of the same bytes: there is nothing to read.
bool is_element(std::uint8_t type, std::uint64_t count) {
  return count == 0 || (type != type_unknown && type != type_stop);
}

// The fewest bytes of an element, to hold a count against what the message may still have.
std::uint32_t least_bytes(bool compact, std::uint8_t type) {
  if (const std::uint32_t fixed = fixed_bytes(compact, type); fixed != 0) return fixed;
  if (compact) return 1;
  switch (type) {
    case type_string: return 4;
    case type_set:
    case type_list: return 5;
    case type_map: return 6;
    default: return 1;
  }
}

}  // namespace

void Walker::start(Encoding encoding) {
  encoding_ = encoding;
  state_ = State::need_more;
  fault_ = {};
  used_ = 0;
  skip_ = 0;
  levels_.clear();
  brackets_.clear();
  in_string_ = escaped_ = false;
  switch (encoding) {
    case Encoding::binary:
    case Encoding::binary_lax: expect(Step::binary_first, 4); break;
    case Encoding::compact: expect(Step::compact_first, 2); break;
    case Encoding::json: break;
  }
}

State Walker::walk(const base::Buffer& in) {
  std::size_t behind = used_;
  for (const base::Slice& slice : in.slices()) {
    if (state_ != State::need_more) break;
    if (behind >= slice.size()) {
      behind -= slice.size();
      continue;
    }
    feed(slice.bytes().subspan(behind));
    behind = 0;
  }
  return state_;
}

std::size_t Walker::feed(base::Bytes bytes) {
  if (encoding_ == Encoding::json) return json(bytes);
  const std::uint8_t* p = bytes.data();
  const std::uint8_t* const end = p + bytes.size();
  while (p != end && state_ == State::need_more) {
    if (skip_ > 0) {
      const auto count =
          static_cast<std::size_t>(std::min<std::uint64_t>(skip_, static_cast<std::uint64_t>(end - p)));
      p += count;
      used_ += count;
      skip_ -= count;
      if (skip_ == 0) next();
      continue;
    }
    if (used_ == bytes_max_) {
      fail(State::too_large, "message is longer than message_bytes_max allows");
      break;
    }
    const std::uint8_t byte = *p++;
    ++used_;
    if (!varint_) {
      gathered_ = gathered_ << 8 | byte;
      if (--wanted_ == 0) step();
      continue;
    }
    if (shift_ < 64) gathered_ |= static_cast<std::uint64_t>(byte & 0x7F) << shift_;
    shift_ += 7;
    if ((byte & 0x80) == 0) {
      step();
    } else if (--wanted_ == 0) {
      fail(State::malformed, "a varint is longer than it may be");
    }
  }
  return static_cast<std::size_t>(p - bytes.data());
}

void Walker::fail(State state, std::string_view why) {
  state_ = state;
  fault_ = why;
}

void Walker::expect(Step step, std::uint32_t bytes) {
  step_ = step;
  varint_ = false;
  wanted_ = bytes;
  gathered_ = 0;
}

void Walker::expect_varint(Step step, std::uint32_t bytes_max) {
  step_ = step;
  varint_ = true;
  wanted_ = bytes_max;
  shift_ = 0;
  gathered_ = 0;
}

// Steps over a value's bytes; what follows is for next() to say.
void Walker::skip(std::uint64_t bytes) {
  if (bytes > bytes_max_ - used_) {
    return fail(State::too_large, "message is longer than message_bytes_max allows");
  }
  if (bytes == 0) return next();
  skip_ = bytes;
}

bool Walker::push(const Level& level) {
  if (levels_.size() >= nesting_max_) {
    fail(State::too_deep, "structs and containers are nested deeper than nesting_max allows");
    return false;
  }
  levels_.push_back(level);
  return true;
}

// The header's last length is known: behind it comes the message's struct.
void Walker::body() { push({false, type_stop, type_stop, false, 0}); }

// A value is over: on to the next field or element, or out of what is complete.
void Walker::next() {
  while (state_ == State::need_more) {
    if (levels_.empty()) {
      state_ = State::complete;
      return;
    }
    Level& top = levels_.back();
    if (!top.container) { return expect(compact() ? Step::compact_field : Step::binary_field, 1); }
    if (top.left == 0) {
      levels_.pop_back();
      continue;
    }
    const std::uint32_t first = fixed_bytes(compact(), top.first);
    const std::uint32_t second = top.second == type_stop ? 0 : fixed_bytes(compact(), top.second);
    if (first != 0 && !top.at_second && (top.second == type_stop || second != 0)) {
      const std::uint64_t count = top.second == type_stop ? top.left : top.left / 2;
      top.left = 0;
      return skip(count * (first + second));
    }
    const bool second_turn = top.at_second;
    --top.left;
    top.at_second = top.second != type_stop && !second_turn;
    return value(second_turn ? top.second : top.first);
  }
}

// A field's or an element's value begins. A compact bool that is a field has none and does not come here.
void Walker::value(std::uint8_t type) {
  if (const std::uint32_t fixed = fixed_bytes(compact(), type); fixed != 0) return skip(fixed);
  switch (type) {
    case type_i16:
    case type_i32:
    case type_i64: return expect_varint(Step::compact_number, varint_bytes_max);
    case type_string:
      return compact() ? expect_varint(Step::compact_string, varint_bytes_max)
                       : expect(Step::binary_string, 4);
    case type_struct:
      if (push({false, type_stop, type_stop, false, 0})) next();
      return;
    case type_set:
    case type_list: return compact() ? expect(Step::compact_list, 1) : expect(Step::binary_list, 5);
    case type_map:
      return compact() ? expect_varint(Step::compact_map_size, varint_bytes_max)
                       : expect(Step::binary_map, 6);
    default: return fail(State::malformed, "a value has an unknown type");
  }
}

// A container of `count` elements (pairs, when `second` is not stop).
void Walker::elements(std::uint8_t first, std::uint8_t second, std::uint64_t count) {
  // A container inside is counted as soon as it is there, empty or not.
  const bool map = second != type_stop;
  if (!push({true, first, second, false, map ? 2 * count : count})) return;
  if (count > 0) {
    const std::uint64_t least =
        std::uint64_t{least_bytes(compact(), first)} + (map ? least_bytes(compact(), second) : 0);
    if (count > (bytes_max_ - used_) / least) {
      return fail(State::too_large, "a container has more elements than message_bytes_max allows");
    }
  }
  next();
}

// Lengths and counts have 31 bits.
bool Walker::size_of(std::uint64_t raw) {
  if (raw <= 0x7FFFFFFFu) return true;
  fail(State::malformed, "a length or count is negative");
  return false;
}

void Walker::step() {
  if (compact()) {
    compact_step();
  } else {
    binary_step();
  }
}

void Walker::binary_step() {
  switch (step_) {
    case Step::binary_first:
      if (encoding_ == Encoding::binary) {
        if (gathered_ >> 16 != 0x8001) return fail(State::malformed, "binary protocol version is not 1");
        return expect(Step::binary_name_size, 4);
      }
      if (!size_of(gathered_)) return;
      body();
      return skip(gathered_ + 5);  // name, type, seqid
    case Step::binary_name_size:
      if (!size_of(gathered_)) return;
      body();
      return skip(gathered_ + 4);  // name, seqid
    case Step::binary_field: {
      element_ = binary_type(gathered_);
      if (element_ == type_unknown) return fail(State::malformed, "a field has an unknown type");
      if (element_ != type_stop) return expect(Step::binary_field_id, 2);
      levels_.pop_back();
      return next();
    }
    case Step::binary_field_id: return value(element_);
    case Step::binary_string:
      if (size_of(gathered_)) skip(gathered_);
      return;
    case Step::binary_list: {
      const std::uint64_t count = gathered_ & 0xFFFFFFFFu;
      const std::uint8_t type = binary_type(gathered_ >> 32);
      if (!size_of(count)) return;
      if (!is_element(type, count)) {
        return fail(State::malformed, "a list or set has elements of an unknown type");
      }
      return elements(type, type_stop, count);
    }
    case Step::binary_map: {
      const std::uint64_t count = gathered_ & 0xFFFFFFFFu;
      const std::uint8_t key = binary_type(gathered_ >> 40);
      const std::uint8_t mapped = binary_type(gathered_ >> 32 & 0xFF);
      if (!size_of(count)) return;
      if (!is_element(key, count) || !is_element(mapped, count)) {
        return fail(State::malformed, "a map has keys or values of an unknown type");
      }
      return elements(key, mapped, count);
    }
    default: return;
  }
}

std::uint8_t Walker::compact_type(std::uint64_t nibble) {
  constexpr std::array<std::uint8_t, 14> types = {type_stop, type_bool, type_bool,   type_i8,     type_i16,
                                                  type_i32,  type_i64,  type_double, type_string, type_list,
                                                  type_set,  type_map,  type_struct, type_uuid};
  return nibble < types.size() ? types[nibble] : type_unknown;
}

void Walker::compact_elements(std::uint64_t count) {
  if (!is_element(element_, count)) {
    return fail(State::malformed, "a list or set has elements of an unknown type");
  }
  elements(element_, type_stop, count);
}

void Walker::compact_step() {
  switch (step_) {
    case Step::compact_first:
      if (gathered_ >> 8 != 0x82 || (gathered_ & 0x1F) != 1) {
        return fail(State::malformed, "compact protocol version is not 1");
      }
      return expect_varint(Step::compact_seqid, 5);
    case Step::compact_seqid:
      if (gathered_ > 0xFFFFFFFFu) return fail(State::malformed, "a sequence id has more than 32 bits");
      return expect_varint(Step::compact_name_size, 5);
    case Step::compact_name_size:
      if (!size_of(gathered_)) return;
      body();
      return skip(gathered_);
    case Step::compact_field: {
      const std::uint8_t type = compact_type(gathered_ & 0x0F);
      if (type == type_unknown) return fail(State::malformed, "a field has an unknown type");
      if (type == type_stop) {  // whatever its other half says, as in every library
        levels_.pop_back();
        return next();
      }
      element_ = type;
      if (gathered_ >> 4 == 0) return expect_varint(Step::compact_field_id, varint_bytes_max);
      return type == type_bool ? next() : value(type);
    }
    case Step::compact_field_id:
      if (gathered_ > 0xFFFFu) return fail(State::malformed, "a field id has more than 16 bits");
      return element_ == type_bool ? next() : value(element_);
    case Step::compact_number: return next();
    case Step::compact_string:
      if (size_of(gathered_)) skip(gathered_);
      return;
    case Step::compact_list: {
      element_ = compact_type(gathered_ & 0x0F);
      const std::uint64_t count = gathered_ >> 4;
      if (count == 15) return expect_varint(Step::compact_list_size, varint_bytes_max);
      return compact_elements(count);
    }
    case Step::compact_list_size:
      if (size_of(gathered_)) compact_elements(gathered_);
      return;
    case Step::compact_map_size:
      if (!size_of(gathered_)) return;
      if (gathered_ == 0) return elements(type_stop, type_i8, 0);  // an empty map has no types
      map_count_ = gathered_;
      return expect(Step::compact_map_types, 1);
    case Step::compact_map_types: {
      const std::uint8_t key = compact_type(gathered_ >> 4);
      const std::uint8_t mapped = compact_type(gathered_ & 0x0F);
      if (!is_element(key, map_count_) || !is_element(mapped, map_count_)) {
        return fail(State::malformed, "a map has keys or values of an unknown type");
      }
      return elements(key, mapped, map_count_);
    }
    default: return;
  }
}

}  // namespace koine::codecs::transports::unframed
