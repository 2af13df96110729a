// How the simulator's peers put a Thrift call on the wire, in each dialect, written without the product's
// codecs (apache/thrift doc/specs: thrift-binary-protocol.md, thrift-compact-protocol.md, thrift-rpc.md,
// HeaderFormat.md; lib/cpp/src/thrift/protocol/TJSONProtocol.cpp).
//
//   framed      u32 length, message
//   unframed    message
//   THeader     u32 length, 0f ff, u16 flags, u32 seqid, u16 words, protocol, transforms, padding, message
//
//   binary      u32 0x80010000 | type, i32 length, name, i32 seqid, struct
//   compact     0x82, type << 5 | 1, varint seqid, varint length, name, struct
//   JSON        [1,"name",type,seqid,struct]
//
// Plain functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/call.h"

namespace koine::gateway::testing::simulator {

enum class Wire : std::uint8_t {
  framed_binary,
  framed_compact,
  framed_json,
  unframed_binary,
  unframed_compact,
  unframed_json,
  header_binary,
  header_compact,
  grpc,
};
std::string_view to_string(Wire wire);
model::BodyFormat body_format(Wire wire);
inline bool is_thrift(Wire wire) { return wire != Wire::grpc; }
inline bool has_header(Wire wire) { return wire == Wire::header_binary || wire == Wire::header_compact; }
// How a configuration says a Thrift provider's dialect.
std::string_view transport_of(Wire wire);
std::string_view encoding_of(Wire wire);

enum class MessageType : std::uint8_t { call = 1, reply = 2, exception = 3, oneway = 4 };

struct ThriftMessage {
  MessageType type = MessageType::call;
  std::string name;
  std::int32_t seqid = 0;
  std::string body;  // the struct
};

std::string encode_message(Wire wire, const ThriftMessage& message);

enum class Taken : std::uint8_t { need_more, message, broken };
// Takes one message off the front of `in`.
Taken take_message(Wire wire, std::string& in, ThriftMessage& out);

// The struct of a TApplicationException { 1: string message, 2: i32 type }.
std::string application_exception(Wire wire, std::string_view text, std::int32_t type);
// Its text; empty when the struct is another one.
std::string application_exception_text(Wire wire, std::string_view body);

// Where in `bytes`, which begins with a message, sequence ids and what says their place stand: [from, to).
struct Range {
  std::size_t from;
  std::size_t to;
};
std::vector<Range> id_ranges(Wire wire, std::string_view bytes);

}  // namespace koine::gateway::testing::simulator
