// JSONB's values, read, stepped over and written.
#include "codecs/calls/dubbo/jsonb.h"

#include "codecs/utf8.h"
#include "codecs/wire.h"

namespace koine::codecs::calls::dubbo::jsonb {
namespace {

constexpr std::uint8_t lead_short_text = 0x49;
constexpr std::size_t short_text_max = 47;
constexpr std::uint8_t lead_latin1 = 0x79;
constexpr std::uint8_t lead_utf8 = 0x7a;
constexpr std::uint8_t lead_last_text = 0x7e;
constexpr std::uint8_t lead_symbol = 0x7f;
constexpr std::uint8_t lead_octets = 0x91;
constexpr std::uint8_t lead_reference = 0x93;
constexpr std::uint8_t lead_short_list = 0x94;
constexpr std::uint8_t lead_list = 0xa4;
constexpr std::uint8_t lead_int32 = 0x48;

using Position = const std::uint8_t*;

Position step(Position p, Position end, std::size_t bytes) {
  return p != nullptr && static_cast<std::size_t>(end - p) >= bytes ? p + bytes : nullptr;
}

// An int where the format has one: a length, a number.
Position read_plain_int(Position p, Position end, std::int32_t& value) {
  if (p == nullptr || p == end) return nullptr;
  const std::uint8_t lead = *p++;
  if (lead < 0x30 || lead >= 0xf0) {
    value = static_cast<std::int8_t>(lead);
    return p;
  }
  if (lead < 0x40) {
    if (end - p < 1) return nullptr;
    value = (lead - 0x38) * 0x100 + p[0];
    return p + 1;
  }
  if (lead < lead_int32) {
    if (end - p < 2) return nullptr;
    value = (lead - 0x44) * 0x10000 + p[0] * 0x100 + p[1];
    return p + 2;
  }
  if (lead != lead_int32 || end - p < 4) return nullptr;
  value = static_cast<std::int32_t>(load_be32(p));
  return p + 4;
}

Position skip_int(Position p, Position end) {
  std::int32_t ignored = 0;
  return read_plain_int(p, end, ignored);
}

// A length and as many bytes.
Position skip_counted(Position p, Position end) {
  std::int32_t length = 0;
  p = read_plain_int(p, end, length);
  return length < 0 ? nullptr : step(p, end, static_cast<std::size_t>(length));
}

bool is_text_lead(std::uint8_t lead) { return lead >= lead_short_text && lead <= lead_last_text; }

// `p` is behind its lead.
Position skip_text(std::uint8_t lead, Position p, Position end) {
  if (lead < lead_latin1) return step(p, end, lead - lead_short_text);
  return skip_counted(p, end);
}

// What a name may be told by: a text and its number, or the number alone. `p` is behind the lead.
Position skip_numbered(Position p, Position end) {
  if (p == nullptr || p == end) return nullptr;
  if (is_text_lead(*p)) p = skip_text(*p, p + 1, end);
  return skip_int(p, end);
}

// How many bytes follow the lead of a value that has so many; -1 for others.
int fixed_bytes(std::uint8_t lead) {
  if (lead >= 0xd8 && lead <= 0xef) return 0;
  if (lead >= 0xc8 && lead <= 0xd7) return 1;
  if (lead >= 0xc0 && lead <= 0xc7) return 2;
  switch (lead) {
    case lead_null:
    case 0xb0:
    case 0xb1:
    case 0xb2:
    case 0xb3: return 0;
    case 0xbd: return 1;
    case 0xbc: return 2;
    case 0xa9:
    case 0xac:
    case 0xad:
    case 0xb7:
    case 0xbf: return 4;
    case 0xab:
    case 0xb5:
    case 0xbe: return 8;
    default: return -1;
  }
}

Position skip_values(Position p, Position end, std::int32_t count, std::size_t levels) {
  if (count < 0) return nullptr;
  for (; count > 0 && p != nullptr; --count) p = skip(p, end, levels);
  return p;
}

Position skip_object(Position p, Position end, std::size_t levels) {
  while (p != nullptr && p != end && *p != lead_object_end) {
    p = skip(p, end, levels);
    p = skip(p, end, levels);
  }
  return step(p, end, 1);
}

}  // namespace

Position read_text(Position p, Position end, std::string& text) {
  if (p == nullptr || p == end || *p < lead_short_text || *p > lead_utf8) return nullptr;
  const std::uint8_t lead = *p++;
  std::int32_t length = lead - lead_short_text;
  if (lead >= lead_latin1) p = read_plain_int(p, end, length);
  if (p == nullptr || length < 0 || end - p < length) return nullptr;
  const auto size = static_cast<std::size_t>(length);
  text.clear();
  if (lead == lead_utf8 || is_ascii(p, size)) {
    if (lead == lead_utf8 && !is_utf8(p, size)) return nullptr;
    text.append(reinterpret_cast<const char*>(p), size);
    return p + size;
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (p[i] < 0x80) {
      text.push_back(static_cast<char>(p[i]));
    } else {
      text.push_back(static_cast<char>(0xc0 | p[i] >> 6));
      text.push_back(static_cast<char>(0x80 | (p[i] & 0x3f)));
    }
  }
  return p + size;
}

Position read_int(Position p, Position end, std::int32_t& value) {
  if (p == nullptr || p == end) return nullptr;
  const int bytes = *p == 0xbd ? 1 : *p == 0xbc ? 2 : 0;
  if (bytes == 0) return read_plain_int(p, end, value);
  if (end - p <= bytes) return nullptr;
  value = bytes == 1 ? static_cast<std::int8_t>(p[1]) : static_cast<std::int16_t>(load_be16(p + 1));
  return p + 1 + bytes;
}

Position skip(Position p, Position end, std::size_t levels) {
  if (p == nullptr || p == end || levels == 0) return nullptr;
  const std::uint8_t lead = *p;
  if (lead < lead_short_text || lead >= 0xf0) return skip_int(p, end);
  ++p;
  if (is_text_lead(lead)) return skip_text(lead, p, end);
  if (const int bytes = fixed_bytes(lead); bytes >= 0) return step(p, end, static_cast<std::size_t>(bytes));
  if (lead >= lead_short_list && lead < lead_list) {
    return skip_values(p, end, lead - lead_short_list, levels - 1);
  }
  switch (lead) {
    case lead_symbol: return skip_numbered(p, end);
    case 0x90: return skip_int(p, end);
    case lead_octets:
    case 0xbb: return skip_counted(p, end);
    case lead_typed: return skip(skip_numbered(p, end), end, levels - 1);
    case lead_reference: return p != end && is_text_lead(*p) ? skip_text(*p, p + 1, end) : nullptr;
    case lead_list: {
      std::int32_t count = 0;
      p = read_plain_int(p, end, count);
      return skip_values(p, end, count, levels - 1);
    }
    case lead_object: return skip_object(p, end, levels - 1);
    case 0xa7: return skip_int(step(p, end, 3), end);
    case 0xa8: return skip_int(step(p, end, 7), end);
    case 0xaa: return skip(skip_int(step(p, end, 7), end), end, levels - 1);
    case 0xae: return skip_int(skip(p, end, levels - 1), end);
    case 0xb4:
    case 0xb6:
    case 0xb8:
    case 0xba: return skip(p, end, levels - 1);
    case 0xb9: return skip(skip_int(p, end), end, levels - 1);
    default: return nullptr;
  }
}

Position read_name(Position p, Position end, std::string& name) {
  if (p == nullptr || p == end) return nullptr;
  if (*p != lead_symbol) return read_text(p, end, name);
  return skip_int(read_text(p + 1, end, name), end);
}

Position read_class(Position p, Position end, std::string& name) {
  if (p == nullptr || p == end || *p != lead_typed) return nullptr;
  return skip_int(read_text(p + 1, end, name), end);
}

void append_int(std::string& out, std::int32_t value) {
  if (value >= -16 && value <= 47) {
    out.push_back(static_cast<char>(value));
    return;
  }
  std::uint8_t room[5] = {lead_int32};
  store_be32(room + 1, static_cast<std::uint32_t>(value));
  out.append(reinterpret_cast<const char*>(room), sizeof room);
}

void append_text(std::string& out, std::string_view utf8) {
  const bool ascii = is_ascii(reinterpret_cast<const std::uint8_t*>(utf8.data()), utf8.size());
  if (ascii && utf8.size() <= short_text_max) {
    out.push_back(static_cast<char>(lead_short_text + utf8.size()));
  } else {
    out.push_back(static_cast<char>(ascii ? lead_latin1 : lead_utf8));
    append_int(out, static_cast<std::int32_t>(utf8.size()));
  }
  out.append(utf8);
}

void append_octets(std::string& out, std::string_view octets) {
  out.push_back(static_cast<char>(lead_octets));
  append_int(out, static_cast<std::int32_t>(octets.size()));
  out.append(octets);
}

}  // namespace koine::codecs::calls::dubbo::jsonb
