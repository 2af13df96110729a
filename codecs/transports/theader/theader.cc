// THeader's header as bytes.
#include "codecs/transports/theader/theader.h"

#include <utility>

#include "codecs/wire.h"

namespace koine::codecs::transports::theader {
namespace {

constexpr std::uint32_t info_padding = 0;
constexpr std::uint32_t info_key_value = 1;
constexpr std::uint32_t info_persistent = 2;

// A cursor over the header's variable part.
struct Reader {
  const std::uint8_t* p;
  const std::uint8_t* end;

  std::size_t left() const { return static_cast<std::size_t>(end - p); }
  bool varint(std::uint32_t& out) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      if (p == end) return false;
      const std::uint8_t byte = *p++;
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) != 0) continue;
      out = static_cast<std::uint32_t>(value);
      return value <= 0xFFFFFFFFu;
    }
    return false;
  }
  bool text(std::string_view& out) {
    std::uint32_t size = 0;
    if (!varint(size) || size > left()) return false;
    out = std::string_view(reinterpret_cast<const char*>(p), size);
    p += size;
    return true;
  }
};

// Keys and values of one info block.
bool read_infos(Reader& in, const InfoLimits& limits, std::size_t& bytes, std::vector<Info>& out,
                Header& header) {
  std::uint32_t count = 0;
  if (!in.varint(count) || count > in.left() / 2) return false;
  for (; count > 0; --count) {
    Info info;
    if (!in.text(info.key) || !in.text(info.value)) return false;
    bytes += info.key.size() + info.value.size() + 32;
    const bool too_many = header.infos.size() + header.persistent.size() >= limits.count_max;
    if (too_many || bytes > limits.bytes_max) {
      header.infos_too_large = true;
      header.infos_too_many = too_many;
    } else {
      out.push_back(info);
    }
  }
  return true;
}

bool read_variable(Reader& in, const InfoLimits& limits, Header& header) {
  std::uint32_t transforms = 0;
  if (!in.varint(header.protocol_id) || !in.varint(transforms) || transforms > in.left()) return false;
  if (transforms > transforms_max) return false;
  for (; transforms > 0; --transforms) {
    if (!in.varint(header.transforms.emplace_back())) return false;
  }
  std::size_t bytes = 0;
  while (in.left() > 0) {
    std::uint32_t id = 0;
    if (!in.varint(id)) return false;
    if (id != info_key_value && id != info_persistent) return true;
    if (!read_infos(in, limits, bytes, id == info_key_value ? header.infos : header.persistent, header)) {
      return false;
    }
  }
  return true;
}

// The variable part without its padding.
std::size_t variable_bytes(const Outgoing& what) {
  std::size_t bytes = varint_size(what.protocol_id) + (what.zlib ? 2 : 1);
  if (what.infos.empty()) return bytes;
  bytes += 1 + varint_size(what.infos.size());
  for (const Info& info : what.infos) {
    bytes +=
        varint_size(info.key.size()) + info.key.size() + varint_size(info.value.size()) + info.value.size();
  }
  return bytes;
}

void append_varint(base::Buffer& out, std::uint64_t value) {
  std::uint8_t raw[varint_bytes_max];
  const std::uint8_t* end = write_varint(raw, value);
  out.append(base::Bytes(raw, static_cast<std::size_t>(end - raw)));
}

void append_text(base::Buffer& out, std::string_view text) {
  append_varint(out, text.size());
  out.append(text);
}

}  // namespace

std::size_t header_bytes(base::Bytes prologue) {
  return prologue_bytes + 4 * std::size_t{load_be16(prologue.data() + 8)};
}

Header parse(base::Bytes header, const InfoLimits& limits) {
  Header out;
  if (header.size() < prologue_bytes) {
    out.fault = "the frame ends inside its header";
    return out;
  }
  out.flags = load_be16(header.data() + 2);
  out.seqid = load_be32(header.data() + 4);
  if (header.size() > header_bytes_max) {
    out.fault = "the header has more than 16383 words";
    return out;
  }
  Reader in{header.data() + prologue_bytes, header.data() + header.size()};
  if (!read_variable(in, limits, out)) out.fault = "a number or a text of the header exceeds it";
  return out;
}

std::size_t head_bytes(const Outgoing& what) {
  const std::size_t words = (variable_bytes(what) + 3) / 4;
  return words > header_words_max ? 0 : 4 + prologue_bytes + 4 * words;
}

void append_frame(base::Buffer& out, const Outgoing& what, base::Buffer&& payload) {
  const std::size_t variable = variable_bytes(what);
  const std::size_t words = (variable + 3) / 4;
  std::uint8_t raw[4 + prologue_bytes];
  store_be32(raw, static_cast<std::uint32_t>(prologue_bytes + 4 * words + payload.size()));
  raw[4] = magic_first;
  raw[5] = magic_second;
  store_be16(raw + 6, what.flags);
  store_be32(raw + 8, what.seqid);
  store_be16(raw + 12, static_cast<std::uint16_t>(words));
  out.append(base::Bytes(raw));
  append_varint(out, what.protocol_id);
  append_varint(out, what.zlib ? 1 : 0);
  if (what.zlib) append_varint(out, transform_zlib);
  if (!what.infos.empty()) {
    append_varint(out, info_key_value);
    append_varint(out, what.infos.size());
    for (const Info& info : what.infos) {
      append_text(out, info.key);
      append_text(out, info.value);
    }
  }
  static constexpr std::uint8_t zeros[3] = {info_padding, info_padding, info_padding};
  out.append(base::Bytes(zeros, 4 * words - variable));
  out.append(std::move(payload));
}

}  // namespace koine::codecs::transports::theader
