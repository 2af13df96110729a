// Thrift messages, byte by byte.
#include "gateway/testing/simulator/wire.h"

#include <algorithm>
#include <charconv>

#include "gateway/testing/simulator/payload.h"
#include "gateway/testing/simulator/payload_json.h"

namespace koine::gateway::testing::simulator {
namespace {

using model::BodyFormat;

bool has_length(Wire wire) { return wire <= Wire::framed_json || has_header(wire); }
bool compact(Wire wire) { return body_format(wire) == BodyFormat::thrift_compact; }
bool json(Wire wire) { return body_format(wire) == BodyFormat::thrift_json; }

void append_u16(std::string& out, std::uint32_t value) {
  out += static_cast<char>(value >> 8);
  out += static_cast<char>(value);
}

void append_u32(std::string& out, std::uint32_t value) {
  append_u16(out, value >> 16);
  append_u16(out, value);
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
  std::uint32_t number(int count) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 8 | byte();
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

// [1,"name",type,seqid,struct]
Taken read_json(std::string_view bytes, ThriftMessage& out, std::size_t& used) {
  std::size_t skipped = 0;
  while (skipped < bytes.size() && bytes[skipped] == ' ') ++skipped;
  bytes.remove_prefix(skipped);
  if (bytes.empty()) return Taken::need_more;
  const std::size_t size = json_bytes(bytes);
  if (size == 0) return Taken::need_more;
  if (size == std::string_view::npos || !bytes.starts_with("[1,\"")) return Taken::broken;
  std::string_view rest = bytes.substr(4, size - 5);
  const std::size_t quote = rest.find('"');
  if (quote == std::string_view::npos || quote + 1 >= rest.size()) return Taken::broken;
  out.name = rest.substr(0, quote);
  rest.remove_prefix(quote + 2);
  std::int32_t type = 0;
  for (std::int32_t* number : {&type, &out.seqid}) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), *number);
    const auto length = static_cast<std::size_t>(end - rest.data());
    if (error != std::errc() || length >= rest.size()) return Taken::broken;
    rest.remove_prefix(length + 1);
  }
  if (type < 1 || type > 4) return Taken::broken;
  out.type = static_cast<MessageType>(type);
  out.body = rest;
  used = skipped + size;
  return Taken::message;
}

// The message at the front of `bytes`.
Taken read_message(Wire wire, std::string_view bytes, ThriftMessage& out, std::size_t& used) {
  if (json(wire)) return read_json(bytes, out, used);
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
    const std::uint32_t version = in.number(4);
    if (in.good && version >> 16 != 0x8001) return Taken::broken;
    type = version & 0xff;
    out.name = in.text(in.number(4));
    out.seqid = static_cast<std::int32_t>(in.number(4));
  }
  if (!in.good) return Taken::need_more;
  if (type < 1 || type > 4) return Taken::broken;
  out.type = static_cast<MessageType>(type);
  const std::string_view rest = bytes.substr(in.at);
  std::size_t body = rest.size();
  if (!has_length(wire)) {
    body = struct_bytes(body_format(wire), rest);
    if (body == std::string_view::npos) return Taken::broken;
    if (body == 0) return Taken::need_more;
  }
  out.body = rest.substr(0, body);
  used = in.at + body;
  return Taken::message;
}

// The message behind a THeader; npos when it is none that these peers speak.
std::size_t behind_header(std::string_view frame) {
  Cursor in{frame};
  const std::uint32_t magic = in.number(2);
  in.number(2);
  in.number(4);
  const std::size_t words = in.number(2);
  const std::size_t begin = in.at;
  in.varint();  // the protocol: the message says it again
  const std::uint32_t transforms = in.varint();
  if (!in.good || magic != 0x0fff || transforms != 0 || begin + 4 * words > frame.size())
    return std::string_view::npos;
  return begin + 4 * words;
}

}  // namespace

std::string_view to_string(Wire wire) {
  static constexpr std::string_view names[] = {"framed binary",   "framed compact",   "framed JSON",
                                               "unframed binary", "unframed compact", "unframed JSON",
                                               "THeader binary",  "THeader compact",  "grpc"};
  return names[static_cast<std::size_t>(wire)];
}

BodyFormat body_format(Wire wire) {
  switch (wire) {
    case Wire::framed_binary:
    case Wire::unframed_binary:
    case Wire::header_binary: return BodyFormat::thrift_binary;
    case Wire::framed_compact:
    case Wire::unframed_compact:
    case Wire::header_compact: return BodyFormat::thrift_compact;
    case Wire::framed_json:
    case Wire::unframed_json: return BodyFormat::thrift_json;
    case Wire::grpc: return BodyFormat::protobuf;
  }
  return BodyFormat::none;
}

std::string_view transport_of(Wire wire) {
  if (has_header(wire)) return "header";
  return has_length(wire) ? "framed" : "unframed";
}

std::string_view encoding_of(Wire wire) { return json(wire) ? "json" : compact(wire) ? "compact" : "binary"; }

std::string encode_message(Wire wire, const ThriftMessage& message) {
  std::string bytes;
  const auto type = static_cast<std::uint32_t>(message.type);
  if (json(wire)) {
    bytes = "[1,\"" + message.name + "\"," + std::to_string(type) + "," + std::to_string(message.seqid) + ",";
  } else if (compact(wire)) {
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
  if (json(wire)) bytes += ']';
  if (!has_length(wire)) return bytes;
  std::string header;
  if (has_header(wire)) {
    append_u16(header, 0x0fff);
    append_u16(header, 0);
    append_u32(header, static_cast<std::uint32_t>(message.seqid));
    append_u16(header, 1);
    header += compact(wire) ? '\2' : '\0';
    header.append(3, '\0');
  }
  std::string whole;
  append_u32(whole, static_cast<std::uint32_t>(header.size() + bytes.size()));
  return whole + header + bytes;
}

Taken take_message(Wire wire, std::string& in, ThriftMessage& out) {
  std::size_t used = 0;
  if (!has_length(wire)) {
    const Taken taken = read_message(wire, in, out, used);
    if (taken == Taken::message) in.erase(0, used);
    return taken;
  }
  Cursor head{in};
  const std::uint32_t length = head.number(4);
  if (!head.good) return Taken::need_more;
  if (length == 0 || length > (64u << 20)) return Taken::broken;
  if (in.size() - 4 < length) return Taken::need_more;
  std::string_view frame = std::string_view(in).substr(4, length);
  Taken taken = Taken::broken;
  if (const std::size_t begin = has_header(wire) ? behind_header(frame) : 0;
      begin != std::string_view::npos) {
    taken = read_message(wire, frame.substr(begin), out, used);
  }
  in.erase(0, 4 + length);
  return taken == Taken::message ? taken : Taken::broken;
}

std::string application_exception(Wire wire, std::string_view text, std::int32_t type) {
  std::string out;
  const auto number = static_cast<std::uint32_t>(type);
  if (json(wire)) {
    return "{\"1\":{\"str\":\"" + std::string(text) + "\"},\"2\":{\"i32\":" + std::to_string(type) + "}}";
  }
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
  if (json(wire)) {
    constexpr std::string_view begin = "{\"1\":{\"str\":\"";
    if (!body.starts_with(begin)) return {};
    body.remove_prefix(begin.size());
    return std::string(body.substr(0, body.find("\"},\"2\":")));
  }
  Cursor in{body};
  std::size_t size = 0;
  if (compact(wire)) {
    if (in.byte() != 0x18) return {};
    size = in.varint();
  } else {
    if (in.text(3) != std::string_view("\x0b\0\x01", 3)) return {};
    size = in.number(4);
  }
  return std::string(in.text(size));
}

std::vector<Range> id_ranges(Wire wire, std::string_view bytes) {
  std::vector<Range> ranges;
  std::size_t at = has_length(wire) ? 4 : 0;
  if (has_header(wire)) {
    // The words of the header say where the message begins.
    ranges.push_back({at + 4, at + 10});
    at += 14;
  }
  if (json(wire)) {
    // "type,seqid,": from the name's end to the struct.
    const std::size_t name = bytes.find("\",", at + 4);
    const std::size_t body = bytes.find('{', at);
    if (name != std::string_view::npos && body != std::string_view::npos) ranges.push_back({name, body});
  } else if (compact(wire)) {
    ranges.push_back({at + 2, at + 7});
  } else {
    Cursor in{bytes};
    in.at = std::min(at + 4, bytes.size());
    const std::size_t name = in.number(4);
    // The name's length says where the id is.
    ranges.push_back({at + 4, at + 8});
    ranges.push_back({at + 8 + name, at + 12 + name});
  }
  return ranges;
}

}  // namespace koine::gateway::testing::simulator
