// Telling protocols apart by the first bytes of an answer that is not the one expected.
#include "cli/other_peer.h"

#include <cstdint>

namespace koine::cli {
namespace {

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

// A record of RFC 8446 §5.1: an alert (21) or a handshake message (22), version 3.x.
bool is_tls(std::string_view bytes) {
  return bytes.size() >= 3 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 0x03;
}

// What HTTP/2 servers begin with (RFC 9113 §3.4, §6.5): a SETTINGS frame of whole entries on stream 0.
bool is_http2(std::string_view bytes) {
  return bytes.size() >= 9 && number(bytes, 0, 3) % 6 == 0 && bytes[3] == 4 && bytes[4] == 0 &&
         number(bytes, 5, 4) == 0;
}

// The version of a Thrift message, binary or compact, alone or behind a frame's length.
bool is_thrift(std::string_view bytes) {
  for (const std::size_t at : {std::size_t{0}, std::size_t{4}}) {
    if (bytes.size() < at + 4) continue;
    const std::uint32_t word = number(bytes, at, 4);
    if (word >> 16 == 0x8001 || (word >> 24 == 0x82 && (word >> 16 & 0x1f) == 1)) return true;
  }
  return false;
}

bool is_dubbo(std::string_view bytes) { return bytes.starts_with("\xda\xbb"); }

std::string first_line(std::string_view bytes) {
  std::string line(bytes.substr(0, bytes.find_first_of("\r\n")));
  if (line.size() > 80) line.resize(80);
  return line;
}

}  // namespace

std::string other_peer(std::string_view protocol, std::string_view first_bytes) {
  const bool on_http2 = protocol == "grpc" || protocol == "triple";
  // Go's and nginx's HTTPS ports answer plain requests so.
  const bool https = first_bytes.find("HTTPS") != std::string_view::npos;
  if (first_bytes.empty()) {
    const std::string dialect =
        protocol == "thrift" ? "another dialect (--transport, --encoding, --zlib), " : "";
    return "a port that speaks " + dialect + "another protocol (-p) or TLS does that";
  }
  if (is_tls(first_bytes) || (first_bytes.starts_with("HTTP/1.") && https)) {
    return "the port expects TLS, which koine call does not speak: give the address of a plain port";
  }
  // Python's http.server answers what is no HTTP/1 request with the page alone.
  if (first_bytes.starts_with("HTTP/1.") || first_bytes.starts_with("<!DOCTYPE")) {
    return "an HTTP/1 server answered (" + first_line(first_bytes) +
           "), which speaks none of koine call's protocols: give the address of another port";
  }
  if (!on_http2 && is_http2(first_bytes)) return "an HTTP/2 server answered: for gRPC it is -p grpc";
  if (protocol != "thrift" && is_thrift(first_bytes)) return "a Thrift server answered: use -p thrift";
  if (protocol != "dubbo" && is_dubbo(first_bytes)) return "a Dubbo server answered: use -p dubbo";
  return "";
}

}  // namespace koine::cli
