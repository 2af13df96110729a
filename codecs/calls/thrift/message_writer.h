// The way out: one message in its wrapping, and the zlib stream around a connection.
//
// Owned by a session, its thread.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/buffer.h"
#include "base/status.h"
#include "codecs/calls/thrift/message_begin.h"
#include "codecs/calls/thrift/message_reader.h"
#include "codecs/transports/theader/theader.h"
#include "codecs/transports/zlib/stream.h"

namespace koine::codecs::calls::thrift {

struct Outgoing {
  Envelope envelope;
  Dialect dialect = Dialect::binary;
  MessageType type = MessageType::call;
  std::string_view name;
  std::int32_t seqid = 0;
  std::span<const transports::theader::Info> infos;  // header
};

// Bytes of the message with a body of `body_bytes`, without its wrapping: what message_bytes_max is held
// against.
std::size_t message_bytes(const Outgoing& what, std::size_t body_bytes);

// Appends the message. LIMIT_HEADERS: the infos do not fit a THeader; WIRE_COMPRESSION, LIMIT_MEMORY: zlib
// failed. Nothing is appended then, and the body is spent.
[[nodiscard]] base::Status append_message(base::Buffer& out, const Outgoing& what, base::Buffer&& body);

// Moves up to `bytes_max` of `from` to the end of `to`, through the stream where there is one.
[[nodiscard]] base::Status move_out(base::Buffer& from, std::size_t bytes_max, base::Buffer& to,
                                    transports::zlib::Deflater* stream);

}  // namespace koine::codecs::calls::thrift
