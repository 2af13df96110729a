// Framed transport: each message behind its length.
//
//   0  u32 BE  length of what follows, not counting itself
//   4  bytes   the message
//
// A frame of length 0 holds no message and is malformed (Java's non-blocking servers close on it, C++'s read
// an empty message and fail there); so is one whose top bit is set, which every library reads as a negative
// number. Pure functions over a Buffer: no state, no owner, any thread that owns the buffer.
// Source: apache/thrift doc/specs/thrift-rpc.md, lib/cpp/src/thrift/transport/TBufferTransports.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.h"

namespace koine::codecs::transports::framed {

inline constexpr std::size_t header_bytes = 4;

enum class FrameState : std::uint8_t {
  need_more,  // not all there yet; `length` is 0 while the header is incomplete
  complete,
  too_large,  // said by the header alone, before anything of the message is waited for
  malformed,  // length 0, or negative
};

struct FrameHead {
  FrameState state = FrameState::need_more;
  std::size_t length = 0;  // of the message, without the header
};

// Looks at the front of `in` and takes nothing. `frame_bytes_max`: the longest message allowed.
FrameHead peek(const base::Buffer& in, std::size_t frame_bytes_max);

// Takes a complete frame's message off the front; `head` is what peek() said (FrameState::complete).
base::Buffer take(base::Buffer& in, const FrameHead& head);

// Writes the header of a message of `length` bytes (at most 2^31 - 1) to header_bytes of room; behind it.
std::uint8_t* write_header(std::uint8_t* at, std::size_t length);

}  // namespace koine::codecs::transports::framed
