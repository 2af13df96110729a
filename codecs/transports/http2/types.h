// What HTTP/2 is made of, as the layers above see it: error codes, limits of its own, the first bytes.
//
// Numbers are RFC 9113's (§7 error codes, §3.4 connection preface). Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/buffer.h"
#include "codecs/call_codec.h"

namespace koine::codecs::transports::http2 {

using StreamId = std::int32_t;

// RFC 9113 §7.
enum class ErrorCode : std::uint32_t {
  no_error = 0x0,
  protocol_error = 0x1,
  internal_error = 0x2,
  flow_control_error = 0x3,
  settings_timeout = 0x4,
  stream_closed = 0x5,
  frame_size_error = 0x6,
  refused_stream = 0x7,
  cancel = 0x8,
  compression_error = 0x9,
  connect_error = 0xa,
  enhance_your_calm = 0xb,
  inadequate_security = 0xc,
  http_1_1_required = 0xd,
};
// "REFUSED_STREAM"; "UNKNOWN_ERROR" beyond the list.
std::string_view to_string(ErrorCode code);

// What a client sends first (RFC 9113 §3.4), followed by SETTINGS.
inline constexpr std::string_view client_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
// "PRI " decides: no HTTP/1 method is called that, and as a frame length it is 1.3 GB.
inline constexpr std::size_t preface_decides_bytes = 4;
Detected detect(base::Bytes first);

// Frames that bring no call forward are glitches (base/limits.h: glitches_burst). What pays for them: each
// DATA frame of ours lets the peer answer with window updates and a PING, each stream that ends well with
// some more.
inline constexpr std::int64_t glitches_earned_by_data_sent = 3;
inline constexpr std::int64_t glitches_earned_by_data_received = 1;
inline constexpr std::int64_t glitches_earned_by_stream = 4;
inline constexpr std::int64_t glitches_of_refused_headers = 10;
// … and one more for each so many of its fields.
inline constexpr std::size_t refused_fields_per_glitch = 16;
// A header block that is this many times what is allowed is not decoded to its end: nobody sends it by
// mistake.
inline constexpr std::size_t refused_block_factor = 16;
// DATA of fewer bytes than a gRPC message's prefix carries nothing: a flood of tiny frames.
inline constexpr std::size_t tiny_data_bytes = 5;
// A header list to send may be this many times headers_bytes_max; the library drops larger ones.
inline constexpr std::size_t headers_sent_factor = 2;
// What a peer is taken to allow until its SETTINGS came (gRPC libraries and nghttp2 do the same).
inline constexpr std::size_t streams_before_settings_max = 100;
// Received pieces and written pieces up to this size are copied together instead of being referenced: a
// slice of 1 byte would hold a whole read buffer, and an iovec of 9 bytes costs more than its copy.
inline constexpr std::size_t copy_below_bytes = 512;

}  // namespace koine::codecs::transports::http2
