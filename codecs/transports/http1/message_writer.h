// Heads and chunks of HTTP/1.1 messages, written. Nothing that could break a message's frame gets through:
// names must be tokens, values text without CR, LF and NUL, and the fields that frame the message are this
// file's alone. Stateless, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "model/metadata.h"

namespace koine::codecs::transports::http1 {

// How the body behind a head is delimited.
enum class Framing : std::uint8_t { none, length, chunked, close };

struct WriteHead {
  std::string_view method;  // requests; empty for a response
  std::string_view target;
  std::string_view host;  // requests: the Host field
  int status = 0;         // responses
  Framing framing = Framing::none;
  std::uint64_t length = 0;
  bool close = false;  // say "connection: close"
};

// Appends the start line and all fields. Of `fields` those that frame the message or name the connection
// (content-length, transfer-encoding, connection, keep-alive, te, trailer, upgrade, host in requests) and
// illegal ones are left out.
void write_head(const WriteHead& head, const model::Metadata& fields, std::string& out);
// True when a request line of these two can be read by anybody.
bool legal_request_line(std::string_view method, std::string_view target);

// "1f4\r\n" … "\r\n" around the bytes; nothing for no bytes, as that would be the end.
void write_chunk(base::Buffer&& bytes, base::Buffer& out);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace koine::codecs::transports::http1
