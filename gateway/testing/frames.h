// HTTP/2 frames of a gRPC caller, written by hand (RFC 9113, RFC 7541 §6.2.2).
#pragma once

#include <cstdint>
#include <string>

namespace koine::gateway::testing::frames {

inline std::string u32(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}
inline std::string frame(char kind, char flags, std::uint32_t stream, const std::string& body = {}) {
  return u32(static_cast<std::uint32_t>(body.size())).substr(1) + kind + flags + u32(stream) + body;
}
// The preface, SETTINGS, and the acknowledgement of the other side's.
inline std::string opening() { return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0) + frame(4, 1, 0); }
// A field that enters no table; both shorter than 127.
inline std::string field(const std::string& name, const std::string& value) {
  return std::string(1, '\0') + static_cast<char>(name.size()) + name + static_cast<char>(value.size()) +
         value;
}
inline std::string fields(const std::string& path) {
  return field(":method", "POST") + field(":scheme", "http") + field(":path", path) +
         field(":authority", "a") + field("content-type", "application/grpc") + field("te", "trailers");
}
// HEADERS whole; `flags` beside END_HEADERS.
inline std::string headers(std::uint32_t stream, const std::string& path, char flags) {
  return frame(1, static_cast<char>(4 | flags), stream, fields(path));
}
inline std::string message(const std::string& body) {
  return std::string(1, '\0') + u32(static_cast<std::uint32_t>(body.size())) + body;
}
// A whole request.
inline std::string request(std::uint32_t stream, const std::string& path, const std::string& data) {
  return headers(stream, path, 0) + frame(0, 1, stream, data);
}
inline std::string reset(std::uint32_t stream) { return frame(3, 0, stream, u32(8)); }

}  // namespace koine::gateway::testing::frames
