// Dubbo2's frames: a header of 16 bytes and a body.
//
//   0   u16 BE  da bb
//   2   u8      80 request, 40 two-way (an answer is due), 20 event; the lower five bits name the body's
//               serialization
//   3   u8      of an answer: its status (status.h); else 0
//   4   u64 BE  id: the caller's, any number (Java begins anywhere and counts into the negative)
//   12  i32 BE  length of the body
//
// An event is a heartbeat, whose body is null, or says R (no more calls, please) or W (calls again). Pure
// functions over a Buffer: no state, no owner, any thread that owns the buffer.
// Source: apache/dubbo 3.3 dubbo-remoting-api ExchangeCodec.java, Request.java.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.h"

namespace koine::codecs::calls::dubbo {

inline constexpr std::size_t header_bytes = 16;
inline constexpr std::uint8_t magic_first = 0xda;
inline constexpr std::uint8_t magic_second = 0xbb;

// dubbo-serialization-api Constants.java; only those that something here goes by.
inline constexpr std::uint8_t serialization_hessian2 = 2;
inline constexpr std::uint8_t serialization_fastjson2 = 23;

struct FrameHead {
  bool is_request = false;
  bool is_two_way = false;
  bool is_event = false;
  std::uint8_t serialization = serialization_hessian2;
  std::uint8_t status = 0;
  std::uint64_t id = 0;
  std::size_t length = 0;  // of the body
};

enum class FrameState : std::uint8_t {
  need_more,  // the header is not all there yet
  head,       // `head` is; of the body there may be anything
  malformed,  // no magic number, or a negative length
};
// Looks at the front of `in` and takes nothing.
FrameState peek(const base::Buffer& in, FrameHead& head);

void append_header(base::Buffer& out, const FrameHead& head);

}  // namespace koine::codecs::calls::dubbo
