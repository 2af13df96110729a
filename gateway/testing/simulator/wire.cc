// Thrift messages, byte by byte.
#include "gateway/testing/simulator/wire.h"

#include "gateway/testing/simulator/payload.h"

namespace koine::gateway::testing::simulator {
namespace {

using model::BodyFormat;

bool framed(Wire wire) { return wire == Wire::framed_binary || wire == Wire::framed_compact; }
bool compact(Wire wire) { return body_format(wire) == BodyFormat::thrift_compact; }

void append_u32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

void append_varint(std::string& out, std::uint32_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

// Reads from the front; `good` turns false when the bytes are too few.
struct Cursor {
  std::string_view bytes;
  std::size_t at = 0;
  bool good = true;

  std::uint8_t byte() {
    if (at >= bytes.size()) good = false;
    return good ? static_cast<std::uint8_t>(bytes[at++]) : std::uint8_t{0};
  }
  std::uint32_t u32() {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | byte();
    return value;
  }
  std::uint32_t varint() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const std::uint8_t one = byte();
      value |= static_cast<std::uint32_t>(one & 0x7f) << shift;
      if (one < 0x80) break;
    }
    return value;
  }
  std::string_view text(std::size_t size) {
    if (size > bytes.size() - at) good = false;
    if (!good) return {};
    at += size;
    return bytes.substr(at - size, size);
  }
};

// The message at the front of `bytes`; used = 0 when it is not all there.
Taken read_message(Wire wire, std::string_view bytes, ThriftMessage& out, std::size_t& used) {
  Cursor in{bytes};
  std::uint32_t type = 0;
  if (compact(wire)) {
    const std::uint8_t protocol = in.byte();
    const std::uint8_t second = in.byte();
    if (in.good && (protocol != 0x82 || (second & 0x1f) != 1)) return Taken::broken;
    type = second >> 5;
    out.seqid = static_cast<std::int32_t>(in.varint());
    out.name = in.text(in.varint());
  } else {
    const std::uint32_t version = in.u32();
    if (in.good && version >> 16 != 0x8001) return Taken::broken;
    type = version & 0xff;
    out.name = in.text(in.u32());
    out.seqid = static_cast<std::int32_t>(in.u32());
  }
  if (!in.good) return Taken::need_more;
  if (type < 1 || type > 4) return Taken::broken;
  out.type = static_cast<MessageType>(type);
  const std::string_view rest = bytes.substr(in.at);
  std::size_t body = rest.size();
  if (!framed(wire)) {
    body = struct_bytes(body_format(wire), rest);
    if (body == std::string_view::npos) return Taken::broken;
    if (body == 0) return Taken::need_more;
  }
  out.body = rest.substr(0, body);
  used = in.at + body;
  return Taken::message;
}

}  // namespace

std::string_view to_string(Wire wire) {
  switch (wire) {
    case Wire::framed_binary: return "framed binary";
    case Wire::framed_compact: return "framed compact";
    case Wire::unframed_binary: return "unframed binary";
    case Wire::unframed_compact: return "unframed compact";
    case Wire::grpc: return "grpc";
  }
  return "";
}

BodyFormat body_format(Wire wire) {
  switch (wire) {
    case Wire::framed_binary:
    case Wire::unframed_binary: return BodyFormat::thrift_binary;
    case Wire::framed_compact:
    case Wire::unframed_compact: return BodyFormat::thrift_compact;
    case Wire::grpc: return BodyFormat::protobuf;
  }
  return BodyFormat::none;
}

std::string encode_message(Wire wire, const ThriftMessage& message) {
  std::string bytes;
  const auto type = static_cast<std::uint32_t>(message.type);
  if (compact(wire)) {
    bytes += '\x82';
    bytes += static_cast<char>(type << 5 | 1);
    append_varint(bytes, static_cast<std::uint32_t>(message.seqid));
    append_varint(bytes, static_cast<std::uint32_t>(message.name.size()));
    bytes += message.name;
  } else {
    append_u32(bytes, 0x80010000u | type);
    append_u32(bytes, static_cast<std::uint32_t>(message.name.size()));
    bytes += message.name;
    append_u32(bytes, static_cast<std::uint32_t>(message.seqid));
  }
  bytes += message.body;
  if (!framed(wire)) return bytes;
  std::string whole;
  append_u32(whole, static_cast<std::uint32_t>(bytes.size()));
  return whole + bytes;
}

Taken take_message(Wire wire, std::string& in, ThriftMessage& out) {
  std::size_t used = 0;
  if (!framed(wire)) {
    const Taken taken = read_message(wire, in, out, used);
    if (taken == Taken::message) in.erase(0, used);
    return taken;
  }
  Cursor head{in};
  const std::uint32_t length = head.u32();
  if (!head.good) return Taken::need_more;
  if (length == 0 || length > (64u << 20)) return Taken::broken;
  if (in.size() - 4 < length) return Taken::need_more;
  const Taken taken = read_message(wire, std::string_view(in).substr(4, length), out, used);
  in.erase(0, 4 + length);
  return taken == Taken::message ? taken : Taken::broken;
}

std::string application_exception(Wire wire, std::string_view text, std::int32_t type) {
  std::string out;
  const auto number = static_cast<std::uint32_t>(type);
  if (compact(wire)) {
    out += '\x18';  // field 1, binary
    append_varint(out, static_cast<std::uint32_t>(text.size()));
    out += text;
    out += '\x15';  // field 2, i32
    append_varint(out, number << 1);
  } else {
    out += std::string_view("\x0b\0\x01", 3);  // field 1, string
    append_u32(out, static_cast<std::uint32_t>(text.size()));
    out += text;
    out += std::string_view("\x08\0\x02", 3);  // field 2, i32
    append_u32(out, number);
  }
  out += '\0';
  return out;
}

std::string application_exception_text(Wire wire, std::string_view body) {
  Cursor in{body};
  std::size_t size = 0;
  if (compact(wire)) {
    if (in.byte() != 0x18) return {};
    size = in.varint();
  } else {
    if (in.text(3) != std::string_view("\x0b\0\x01", 3)) return {};
    size = in.u32();
  }
  return std::string(in.text(size));
}

}  // namespace koine::gateway::testing::simulator
