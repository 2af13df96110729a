// The message header of Thrift's encodings: how a message says its type, name and sequence id.
//
//   binary      u32 0x8001ccTT (cc ignored, TT = type) · i32 length, name · i32 seqid
//   binary_lax  i32 length (top bit clear), name · i8 type · i32 seqid       (before 2008; behind an option)
//   compact     0x82 · type << 5 | 1 · varint seqid · varint length, name
//   json        [1,"name",type,seqid,                                        (json_message.h has the rest)
//
// All integers but varints are big endian. Pure functions, any thread.
// Sources: apache/thrift doc/specs/thrift-binary-protocol.md, thrift-compact-protocol.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/buffer.h"
#include "model/call.h"

namespace koine::codecs::calls::thrift {

enum class Dialect : std::uint8_t { binary, binary_lax, compact, json };

// The format of the struct behind a header of that dialect.
constexpr model::BodyFormat body_format(Dialect dialect) {
  return dialect == Dialect::json      ? model::BodyFormat::thrift_json
         : dialect == Dialect::compact ? model::BodyFormat::thrift_compact
                                       : model::BodyFormat::thrift_binary;
}
// The other way round; binary for a format that is not Thrift's.
constexpr Dialect dialect_of(model::BodyFormat format) {
  return format == model::BodyFormat::thrift_json      ? Dialect::json
         : format == model::BodyFormat::thrift_compact ? Dialect::compact
                                                       : Dialect::binary;
}

enum class MessageType : std::uint8_t { call = 1, reply = 2, exception = 3, oneway = 4 };

struct MessageBegin {
  Dialect dialect = Dialect::binary;
  std::uint8_t type = 0;  // as the wire says it: may be none of MessageType
  std::int32_t seqid = 0;
  bool has_seqid = false;   // false: the header broke before it
  std::string_view name;    // points into the parsed bytes; empty when the header broke before it
  std::size_t length = 0;   // bytes of the header
  std::string_view fault;   // static text, for a person; empty = the header is whole
  bool incomplete = false;  // with a fault: more bytes could still mend it
};

// Reads the header at the front of `bytes`, of which `message_bytes` (at least bytes.size()) make up the
// whole message. `bytes` may be cut off after header_bytes_max(name_bytes_max). Never fails silently: look at
// `fault`.
MessageBegin parse_message_begin(base::Bytes bytes, std::size_t message_bytes, bool lax,
                                 std::size_t name_bytes_max);

// No header is longer, as long as JSON's white space is not wasted.
constexpr std::size_t header_bytes_max(std::size_t name_bytes_max) { return name_bytes_max + 64; }

std::size_t message_begin_bytes(Dialect dialect, MessageType type, std::string_view name, std::int32_t seqid);
// Into message_begin_bytes() of room; returns the end of what it wrote.
std::uint8_t* write_message_begin(std::uint8_t* at, Dialect dialect, MessageType type, std::string_view name,
                                  std::int32_t seqid);
void append_message_begin(base::Buffer& out, Dialect dialect, MessageType type, std::string_view name,
                          std::int32_t seqid);
// What stands behind the body: JSON's closing bracket.
constexpr std::string_view message_end(Dialect dialect) { return dialect == Dialect::json ? "]" : ""; }
// A struct without fields.
constexpr std::string_view empty_struct(Dialect dialect) {
  return dialect == Dialect::json ? std::string_view("{}") : std::string_view("\0", 1);
}

}  // namespace koine::codecs::calls::thrift
