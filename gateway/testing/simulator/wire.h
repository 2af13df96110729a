// How the simulator's peers put a Thrift call on the wire, in each dialect, written without the product's
// codecs (apache/thrift doc/specs: thrift-binary-protocol.md, thrift-compact-protocol.md, thrift-rpc.md).
//
//   framed      u32 length · message          unframed   message
//   binary      u32 0x80010000 | type · i32 length, name · i32 seqid · struct
//   compact     0x82 · type << 5 | 1 · varint seqid · varint length, name · struct
//
// Plain functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/call.h"

namespace koine::gateway::testing::simulator {

enum class Wire : std::uint8_t { framed_binary, framed_compact, unframed_binary, unframed_compact, grpc };
std::string_view to_string(Wire wire);
model::BodyFormat body_format(Wire wire);
inline bool is_thrift(Wire wire) { return wire != Wire::grpc; }

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

}  // namespace koine::gateway::testing::simulator
