// THeader: a framed message with a header of its own, as THeaderTransport writes it.
//
//   0   u16 BE  magic 0x0FFF                    (offsets from behind the frame's length)
//   2   u16 BE  flags; 0x01: answers may come in any order (fbthrift)
//   4   u32 BE  sequence id, that of the message inside
//   8   u16 BE  size of the header behind this field, in words of 4 bytes
//   10  varint  protocol id: 0 binary, 1 JSON, 2 compact
//       varint  number of transforms, then their ids: 1 zlib
//       info blocks until the header's end: varint id; 0 = padding, the rest means nothing
//         1  varint count, then count × (varint length, key, varint length, value)
//         2  the same, for this and all later messages of the connection (fbthrift)
//         another id: its length is unknown, so all the rest is passed over
//   …   the message, transformed
//
// Parsing works on borrowed bytes, every count and length is held against the header. Stateless, any thread.
// Sources: apache/thrift doc/specs/HeaderFormat.md, lib/cpp/src/thrift/transport/THeaderTransport.cpp,
// lib/go/thrift/header_transport.go; facebook/fbthrift thrift/lib/cpp/transport/THeader.{h,cpp}.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/buffer.h"

namespace koine::codecs::transports::theader {

inline constexpr std::uint8_t magic_first = 0x0F;
inline constexpr std::uint8_t magic_second = 0xFF;
inline constexpr std::size_t prologue_bytes = 10;  // magic to size
// C++'s library takes no more words than this (THeaderTransport.cpp); 0x4000 words and more are refused.
inline constexpr std::size_t header_words_max = 16383;
inline constexpr std::size_t header_bytes_max = prologue_bytes + 4 * header_words_max;

inline constexpr std::uint16_t flag_out_of_order = 0x01;

inline constexpr std::uint32_t protocol_binary = 0;
inline constexpr std::uint32_t protocol_json = 1;
inline constexpr std::uint32_t protocol_compact = 2;

inline constexpr std::uint32_t transform_zlib = 1;
inline constexpr std::size_t transforms_max = 4;  // known ones may not even be listed twice

// Views into the parsed bytes; names in the case that the wire has.
struct Info {
  std::string_view key;
  std::string_view value;
};

struct InfoLimits {
  std::size_t count_max = 100;
  std::size_t bytes_max = 60u << 10;  // keys + values + 32 each
};

struct Header {
  std::uint16_t flags = 0;
  std::uint32_t seqid = 0;
  std::uint32_t protocol_id = 0;
  std::vector<std::uint32_t> transforms;  // in the order of the wire: to be undone from the last to the first
  std::vector<Info> infos;
  std::vector<Info> persistent;  // for later messages too
  std::string_view fault;        // static text; empty = all of the header was read
  bool infos_too_large = false;  // more than InfoLimits allow: `infos` and `persistent` are not all there
  bool infos_too_many = false;   // of the former: it is their number
};

// Of the whole header, from its magic to the message; `prologue` has prologue_bytes.
std::size_t header_bytes(base::Bytes prologue);

// Reads a whole header (header_bytes() of them). flags and seqid are right even when there is a fault.
Header parse(base::Bytes header, const InfoLimits& limits);

// What is written.
struct Outgoing {
  std::uint16_t flags = 0;
  std::uint32_t seqid = 0;
  std::uint32_t protocol_id = protocol_binary;
  bool zlib = false;  // `payload` has been through it
  std::span<const Info> infos;
};
// Bytes of a frame in front of its payload, its length's four included; 0 when the infos do not fit a header.
std::size_t head_bytes(const Outgoing& what);
// Appends the frame's length, the header (padded with 0 to 3 bytes, as Go's library does) and the payload.
// head_bytes(what) is not 0.
void append_frame(base::Buffer& out, const Outgoing& what, base::Buffer&& payload);

}  // namespace koine::codecs::transports::theader
