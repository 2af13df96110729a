// Unframed (buffered) transport: where one Thrift message ends when nothing says its length.
//
// A message is its header and one struct; its end is found by walking both by their types, without an IDL.
// The walk is resumable: bytes are looked at once, in whatever pieces they come, and nothing is begun again.
// What is open is kept on a stack of our own, so that depth costs no recursion; sizes and counts are compared
// with what the message may still hold before anything waits for them.
//
//   binary      u32 0x8001ccTT · i32 length, name · i32 seqid · struct
//   binary_lax  i32 length, name · i8 type · i32 seqid · struct
//   compact     0x82 · type << 5 | 1 · varint seqid · varint length, name · struct
//   json        [1,"name",type,seqid,{…}]     ends where its first bracket is closed
//
// A walker belongs to one connection (one thread). It checks structure: known types, sizes, depth; not
// values. Sources: apache/thrift doc/specs/thrift-binary-protocol.md, thrift-compact-protocol.md,
// lib/cpp/src/thrift/protocol/TJSONProtocol.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/buffer.h"

namespace koine::codecs::transports::unframed {

enum class Encoding : std::uint8_t { binary, binary_lax, compact, json };

enum class State : std::uint8_t {
  need_more,
  complete,
  malformed,
  too_deep,
  too_large,  // said as soon as a size or a count tells, before the bytes are waited for
};

class Walker {
 public:
  // `message_bytes_max`: the longest message, header included. `nesting_max`: structs and containers inside
  // one another, the message's own struct counted.
  Walker(std::size_t message_bytes_max, std::size_t nesting_max)
      : bytes_max_(message_bytes_max), nesting_max_(nesting_max) {}

  // The next byte is the first of a message in this encoding.
  void start(Encoding encoding);
  // Looks at bytes that follow those seen before; returns how many of them belong to the message.
  std::size_t feed(base::Bytes bytes);
  // The same for a buffer that begins with the message: only what lies behind length() is looked at.
  State walk(const base::Buffer& in);

  State state() const { return state_; }
  // Bytes of the message seen so far; with State::complete its length.
  std::size_t length() const { return used_; }
  // For a person; empty unless the walk failed.
  std::string_view fault() const { return fault_; }
  // Gives back what the stack holds; between messages only.
  void release_memory() { std::vector<Level>().swap(levels_); }

 private:
  // What the next bytes are.
  enum class Step : std::uint8_t {
    binary_first,
    binary_name_size,
    binary_field,
    binary_field_id,
    binary_string,
    binary_list,
    binary_map,
    compact_first,
    compact_seqid,
    compact_name_size,
    compact_field,
    compact_field_id,
    compact_number,
    compact_string,
    compact_list,
    compact_list_size,
    compact_map_size,
    compact_map_types,
  };
  // A struct (element_bytes unused), or a container with `left` elements to come, keys and values counted
  // each.
  struct Level {
    bool container;
    std::uint8_t first;   // type of elements or keys, in binary's numbers
    std::uint8_t second;  // of values; 0 = no map
    bool at_second;
    std::uint64_t left;
  };

  void fail(State state, std::string_view why);
  void expect(Step step, std::uint32_t bytes);
  void expect_varint(Step step, std::uint32_t bytes_max);
  void skip(std::uint64_t bytes);
  bool push(const Level& level);
  void body();
  void next();
  void value(std::uint8_t type);
  void elements(std::uint8_t first, std::uint8_t second, std::uint64_t count);
  void step();
  void binary_step();
  void compact_step();
  void compact_elements(std::uint64_t count);
  bool size_of(std::uint64_t raw);
  std::uint8_t compact_type(std::uint64_t nibble);
  std::size_t json(base::Bytes bytes);
  void json_bracket(std::uint8_t byte);
  bool compact() const { return encoding_ == Encoding::compact; }

  const std::size_t bytes_max_;
  const std::size_t nesting_max_;
  Encoding encoding_ = Encoding::binary;
  State state_ = State::need_more;
  std::string_view fault_;
  std::size_t used_ = 0;

  Step step_ = Step::binary_first;
  bool varint_ = false;
  std::uint32_t wanted_ = 0;  // bytes of the field being gathered: still due, or at most (varint)
  std::uint32_t shift_ = 0;   // varint: where the next seven bits go
  std::uint64_t gathered_ = 0;
  std::uint64_t skip_ = 0;
  std::uint8_t element_ = 0;     // the type of a field or of elements whose head is not over yet
  std::uint64_t map_count_ = 0;  // compact: of a map whose types follow
  std::vector<Level> levels_;

  std::vector<bool> brackets_;  // json: true = {, false = [
  bool in_string_ = false;
  bool escaped_ = false;
};

}  // namespace koine::codecs::transports::unframed
