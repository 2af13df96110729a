// Message headers of the dialects.
#include "codecs/calls/thrift/message_begin.h"

#include <algorithm>

#include "codecs/calls/thrift/json_message.h"
#include "codecs/wire.h"

namespace koine::codecs::calls::thrift {
namespace {

constexpr std::uint8_t strict_first = 0x80;
constexpr std::uint8_t strict_second = 0x01;
constexpr std::uint8_t compact_first = 0x82;
constexpr std::uint8_t compact_version = 1;
constexpr std::uint8_t compact_version_mask = 0x1F;

std::uint32_t load_u32(const std::uint8_t* at) {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
         std::uint32_t{at[3]};
}

// What parsing works on: the bytes, how many the message has, and how far we are.
struct Reader {
  base::Bytes bytes;
  std::size_t message_bytes;
  std::size_t name_bytes_max;
  MessageBegin begin;
  std::size_t at = 0;

  bool fail(std::string_view why) {
    begin.fault = why;
    return false;
  }
  bool need(std::size_t count) {
    if (bytes.size() - at >= count) return true;
    begin.incomplete = message_bytes > bytes.size();
    return fail("message ends inside its header");
  }
  bool u8(std::uint8_t& out) {
    if (!need(1)) return false;
    out = bytes[at++];
    return true;
  }
  bool u32(std::uint32_t& out) {
    if (!need(4)) return false;
    out = load_u32(bytes.data() + at);
    at += 4;
    return true;
  }
  bool varint32(std::uint32_t& out) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      std::uint8_t byte = 0;
      if (!u8(byte)) return false;
      value |= std::uint64_t{static_cast<std::uint8_t>(byte & 0x7F)} << shift;
      if ((byte & 0x80) != 0) continue;
      if (value > 0xFFFFFFFFu) break;
      out = static_cast<std::uint32_t>(value);
      return true;
    }
    return fail("varint of the header does not fit 32 bits");
  }
  // The name of `length` bytes, or a fault. A name that is too long is stepped over where it can be, so that
  // what follows it can still be read.
  bool name(std::uint32_t length) {
    if (length > message_bytes - at) return fail("length of the method name exceeds the message");
    if (length > name_bytes_max) return fail("method name is longer than method_name_bytes_max allows");
    if (!need(length)) return false;
    begin.name = base::as_text(bytes.subspan(at, length));
    at += length;
    return true;
  }
};

bool parse_strict(Reader& in) {
  in.begin.dialect = Dialect::binary;
  if (!in.need(4)) return false;
  in.begin.type = in.bytes[3];
  in.at = 4;
  std::uint32_t length = 0;
  std::uint32_t seqid = 0;
  if (!in.u32(length)) return false;
  const bool named = in.name(length);
  if (!named) {
    // The sequence id lies behind a name that is merely too long.
    const std::size_t behind = in.at + length;
    if (length <= in.message_bytes - in.at && behind + 4 <= in.bytes.size()) {
      in.begin.seqid = static_cast<std::int32_t>(load_u32(in.bytes.data() + behind));
      in.begin.has_seqid = true;
    }
    return false;
  }
  if (!in.u32(seqid)) return false;
  in.begin.seqid = static_cast<std::int32_t>(seqid);
  in.begin.has_seqid = true;
  return true;
}

bool parse_lax(Reader& in) {
  in.begin.dialect = Dialect::binary_lax;
  std::uint32_t length = 0;
  std::uint32_t seqid = 0;
  if (!in.u32(length) || !in.name(length) || !in.u8(in.begin.type) || !in.u32(seqid)) return false;
  in.begin.seqid = static_cast<std::int32_t>(seqid);
  in.begin.has_seqid = true;
  return true;
}

bool parse_compact(Reader& in) {
  in.begin.dialect = Dialect::compact;
  if (!in.need(2)) return false;
  if ((in.bytes[1] & compact_version_mask) != compact_version) {
    return in.fail("compact protocol version is not 1");
  }
  in.begin.type = static_cast<std::uint8_t>(in.bytes[1] >> 5);
  in.at = 2;
  std::uint32_t seqid = 0;
  std::uint32_t length = 0;
  if (!in.varint32(seqid)) return false;
  in.begin.seqid = static_cast<std::int32_t>(seqid);
  in.begin.has_seqid = true;
  return in.varint32(length) && in.name(length);
}

bool parse(Reader& in, bool lax) {
  if (!in.need(1)) return false;
  const std::uint8_t first = in.bytes[0];
  if (first == compact_first) return parse_compact(in);
  if (first == strict_first) {
    if (!in.need(2)) return false;
    if (in.bytes[1] == strict_second) return parse_strict(in);
    return in.fail("binary protocol version is not 1");
  }
  if (lax && (first & 0x80) == 0) return parse_lax(in);
  return in.fail("neither the binary nor the compact nor the JSON protocol begins like this");
}

std::size_t varint_bytes(std::uint32_t value) {
  std::size_t count = 1;
  for (; value >= 0x80; value >>= 7) ++count;
  return count;
}

std::uint8_t* write_u32(std::uint8_t* at, std::uint32_t value) {
  store_be32(at, value);
  return at + 4;
}
std::uint8_t* write_varint32(std::uint8_t* at, std::uint32_t value) {
  for (; value >= 0x80; value >>= 7) *at++ = static_cast<std::uint8_t>((value & 0x7F) | 0x80);
  *at++ = static_cast<std::uint8_t>(value);
  return at;
}
std::uint8_t* write_text(std::uint8_t* at, std::string_view text) {
  return std::copy(text.begin(), text.end(), at);
}

}  // namespace

MessageBegin parse_message_begin(base::Bytes bytes, std::size_t message_bytes, bool lax,
                                 std::size_t name_bytes_max) {
  if (!bytes.empty() && bytes[0] == '[') return parse_json_begin(bytes, message_bytes, name_bytes_max);
  Reader in{bytes, message_bytes, name_bytes_max, {}};
  if (parse(in, lax)) in.begin.length = in.at;
  return in.begin;
}

std::size_t message_begin_bytes(Dialect dialect, MessageType type, std::string_view name,
                                std::int32_t seqid) {
  switch (dialect) {
    case Dialect::binary: return 12 + name.size();
    case Dialect::binary_lax: return 9 + name.size();
    case Dialect::json: return json_begin(type, name, seqid).size();
    case Dialect::compact: break;
  }
  return 2 + varint_bytes(static_cast<std::uint32_t>(seqid)) +
         varint_bytes(static_cast<std::uint32_t>(name.size())) + name.size();
}

std::uint8_t* write_message_begin(std::uint8_t* at, Dialect dialect, MessageType type, std::string_view name,
                                  std::int32_t seqid) {
  const auto type_code = static_cast<std::uint8_t>(type);
  const auto name_bytes = static_cast<std::uint32_t>(name.size());
  const auto id = static_cast<std::uint32_t>(seqid);
  switch (dialect) {
    case Dialect::binary:
      *at++ = strict_first;
      *at++ = strict_second;
      *at++ = 0;
      *at++ = type_code;
      return write_u32(write_text(write_u32(at, name_bytes), name), id);
    case Dialect::binary_lax:
      at = write_text(write_u32(at, name_bytes), name);
      *at++ = type_code;
      return write_u32(at, id);
    case Dialect::compact: break;
    case Dialect::json: return write_text(at, json_begin(type, name, seqid));
  }
  *at++ = compact_first;
  *at++ = static_cast<std::uint8_t>(type_code << 5 | compact_version);
  return write_text(write_varint32(write_varint32(at, id), name_bytes), name);
}

void append_message_begin(base::Buffer& out, Dialect dialect, MessageType type, std::string_view name,
                          std::int32_t seqid) {
  const std::size_t bytes = message_begin_bytes(dialect, type, name, seqid);
  write_message_begin(out.prepare(bytes).data(), dialect, type, name, seqid);
  out.commit(bytes);
}

}  // namespace koine::codecs::calls::thrift
