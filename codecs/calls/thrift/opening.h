// Opening: what the first bytes of a connection, or of the stream inside zlib, say about a Thrift peer.
//
//   80 01                             unframed binary        82, low five bits 1            unframed compact
//   '[' 1                             unframed JSON          78 and a checksum (RFC 1950)   a zlib stream
//   length (first byte ≤ 10), then    80 01 framed binary · 82 compact · '[' 1 JSON · 0F FF THeader
//   only where lax is asked for:      i32 name length, a character of a name: unframed binary without
//   version;
//                                     the same behind a frame's length: framed
//
// Two bytes say it unless a length comes first; then six. White space may follow JSON's '['. Pure functions.
// Sources: apache/thrift lib/cpp/src/thrift/transport/THeaderTransport.cpp (readFrame), lib/go/thrift/
// header_transport.go (ReadFrame); zlib, JSON and lax are rules of our own.
#pragma once

#include <cstdint>

#include "base/buffer.h"
#include "base/limits.h"
#include "codecs/calls/thrift/message_begin.h"

namespace koine::codecs::calls::thrift {

enum class Opening : std::uint8_t {
  need_more,
  foreign,   // not Thrift
  framed,    // lengths first; each message says its dialect, THeader or not, anew
  unframed,  // all messages in one dialect
  zlib,
};

struct Opened {
  Opening opening = Opening::need_more;
  Dialect dialect = Dialect::binary;  // unframed
};

// `inside_zlib`: a second stream inside the first is foreign.
Opened classify(base::Bytes first, bool lax, bool inside_zlib, const base::Limits& limits);

// As many bytes as classify() looks at.
inline constexpr std::size_t opening_bytes_max = 64;

}  // namespace koine::codecs::calls::thrift
