// Thrift's call of bench/forward: framed compact, `Order echo(1: Order order)` of idl/forward.thrift, an
// order of 282 bytes.
//
//   length(4) 82 21 seqid(4) 04 "echo" 1c <order> 00      request: CALL, arguments struct with field 1
//   length(4) 82 41 seqid(4) 04 "echo" 0c 00 <order> 00   answer: REPLY, result struct with field 0
#pragma once

#include "forward.h"

namespace forward::thrift {

constexpr std::size_t seqid_at = 6;                   // in a frame, length included
constexpr std::size_t body_at = 15;                   // in a frame of either kind
constexpr std::size_t order_at = body_at + 1;         // in a request
constexpr std::size_t answer_order_at = body_at + 2;  // in an answer
constexpr std::size_t id_in_order = 1;                // behind the field's header
constexpr std::size_t id_bytes = 6;
constexpr std::size_t seqid_bytes = 4;

// A varint of exactly `bytes` bytes; the value needs that many.
inline void put_varint(char* at, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) {
    at[i] = static_cast<char>((value & 0x7f) | (i + 1 < bytes ? 0x80 : 0));
    value >>= 7;
  }
}
// Sequence ids and zigzag ids that need exactly that many bytes.
inline std::uint64_t seqid_of(std::uint64_t nonce) { return (1u << 21) + nonce % ((1u << 28) - (1u << 21)); }
inline std::uint64_t id_of(std::uint64_t nonce) {
  return (std::uint64_t{1} << 36) + (nonce % (std::uint64_t{1} << 34)) * 2;
}
inline void put_nonce(char* frame, bool answer, std::uint64_t nonce) {
  put_varint(frame + seqid_at, seqid_of(nonce), seqid_bytes);
  put_varint(frame + (answer ? answer_order_at : order_at) + id_in_order, id_of(nonce), id_bytes);
}

// The order: field headers are delta << 4 | type.
inline std::string order_bytes() {
  std::string out;
  const auto text = [&](std::string_view value) {
    out += static_cast<char>(value.size());
    out += value;
  };
  out += '\x16';  // 1: i64
  out.append(id_bytes, '\0');
  out += '\x18', text("evelyn harrison");                    // 2: string
  out += '\x18', text("127 lakeshore Street, bridgewater");  // 3
  out += '\x15', out += '\x04';                              // 4: enum, zigzag 2
  out += '\x11';                                             // 5: true
  out += '\x17';                                             // 6: double
  const double total = 1234.56;
  out.append(reinterpret_cast<const char*>(&total), 8);
  out += '\x19', out += '\x5c';  // 7: list of 5 structs
  for (int i = 0; i < 5; ++i) {
    out += '\x18', text("SKU-" + std::to_string(48213 + i * 7919));
    out += '\x15', out += static_cast<char>(2 * (i + 3));
    out += '\x16';
    const std::size_t at = out.size();
    out.append(3, '\0');
    put_varint(out.data() + at, 2u * (19999u + 1000u * static_cast<unsigned>(i)), 3);
    out += '\0';
  }
  out += '\x1b', out += '\x04', out += '\x88';  // 8: map of 4, string to string
  for (const std::string_view one :
       {"channel", "retail-web", "campaign", "autumn", "region", "northeast", "warehouse", "portsmouth"}) {
    text(one);
  }
  out += '\x18', text("leave at the green back door, ring twice");  // 9
  out += '\0';
  return out;
}
inline std::string make_frame(bool answer) {
  std::string out(4, '\0');
  out += '\x82';
  out += answer ? '\x41' : '\x21';
  out.append(seqid_bytes, '\0');
  out += '\x04';
  out += "echo";
  if (answer) {
    out += '\x0c';
    out += '\0';
  } else {
    out += '\x1c';
  }
  out += order_bytes();
  out += '\0';
  put_length(out.data(), static_cast<std::uint32_t>(out.size() - 4));
  return out;
}

inline std::size_t frame_bytes(std::string_view in) {
  if (in.size() < 4) return 0;
  const std::size_t length = get_length(in.data());
  return length < order_at || length > frame_bytes_max ? SIZE_MAX : 4 + length;
}

// The sequence ids of what is measured have other lengths than the load's own.
inline bool append_answer(std::string_view request, std::string& out) {
  std::size_t body = seqid_at;
  while (body < request.size() && (request[body] & 0x80) != 0) ++body;
  ++body;
  if (body >= request.size() || request[4] != '\x82' || request[5] != '\x21') return false;
  body += 1 + static_cast<std::size_t>(request[body]);
  if (body >= request.size() || request[body] != '\x1c') return false;
  const std::size_t from = out.size();
  out.append(request.substr(0, body));
  out.append("\x0c\0", 2);
  out.append(request.substr(body + 1));
  put_length(out.data() + from, static_cast<std::uint32_t>(request.size() - 4 + 1));
  out[from + 5] = '\x41';
  return true;
}

inline Protocol protocol() {
  return {make_frame(false), make_frame(true), true, put_nonce, frame_bytes, append_answer};
}

}  // namespace forward::thrift
