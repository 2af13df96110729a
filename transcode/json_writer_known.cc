// The well-known types' own forms; field numbers as in json_reader_known.cc.
#include <bit>
#include <cmath>

#include "codecs/bodies/json/numbers.h"
#include "codecs/bodies/json/time_text.h"
#include "codecs/bodies/protobuf/primitives.h"
#include "transcode/json_writer.h"
#include "transcode/key_set.h"

namespace koine::transcode {
namespace {

namespace json = codecs::bodies::json;
namespace protobuf = codecs::bodies::protobuf;
using base::Reason;

}  // namespace

bool JsonWriter::next_raw(Reader& in, Raw& raw) {
  std::uint32_t tag = 0;
  if (!read_tag(in, tag)) return false;
  raw = Raw();
  raw.number = tag >> 3;
  raw.wire_type = tag & 7;
  switch (raw.wire_type) {
    case protobuf::wire_varint: {
      const codecs::Varint read = codecs::read_varint(in.at, in.end);
      if (read.next == nullptr) return fail_wire();
      in.at = read.next;
      raw.bits = read.value;
      return true;
    }
    case protobuf::wire_fixed64:
      if (in.end - in.at < 8) return fail_wire();
      raw.bits = codecs::load<std::uint64_t>(in.at);
      in.at += 8;
      return true;
    case protobuf::wire_fixed32:
      if (in.end - in.at < 4) return fail_wire();
      raw.bits = codecs::load<std::uint32_t>(in.at);
      in.at += 4;
      return true;
    case protobuf::wire_length: return read_bytes(in, raw.bytes);
    default: return fail_wire();
  }
}

bool JsonWriter::write_known(const JsonStruct& type, Reader in, std::size_t levels) {
  switch (type.well_known) {
    case WellKnown::timestamp: return write_time(in, true);
    case WellKnown::duration: return write_time(in, false);
    case WellKnown::wrapper: return write_wrapper(type, in, levels);
    case WellKnown::field_mask: return write_field_mask(in);
    case WellKnown::structure: return write_struct(in, levels);
    case WellKnown::value: return write_any_value(in, levels);
    case WellKnown::list: return write_list_value(in, levels);
    case WellKnown::any:
      return fail(Reason::map_type,
                  "google.protobuf.Any cannot be written in JSON here: its type is not looked up");
    case WellKnown::none: break;
  }
  return write_plain(type, in, levels);
}

bool JsonWriter::write_time(Reader in, bool instant) {
  json::SecondsNanos value;
  while (!in.done()) {
    Raw raw;
    if (!next_raw(in, raw)) return false;
    if (raw.number == 1) value.seconds = static_cast<std::int64_t>(raw.bits);
    if (raw.number == 2) value.nanos = static_cast<std::int32_t>(static_cast<std::uint32_t>(raw.bits));
  }
  if (!(instant ? json::valid_timestamp(value) : json::valid_duration(value))) {
    return fail(Reason::map_range,
                instant ? "the instant is not in the years 0001 to 9999"
                        : "the duration is longer than 10,000 years or its parts differ in sign");
  }
  if (!out_.ensure(json::time_text_bytes_max + 2)) return too_long();
  std::uint8_t* at = out_.at();
  *at++ = '"';
  at = instant ? json::write_timestamp(at, value) : json::write_duration(at, value);
  *at++ = '"';
  out_.advance(at);
  return true;
}

bool JsonWriter::write_wrapper(const JsonStruct& type, Reader in, std::size_t levels) {
  const JsonField* value = type.find(std::uint32_t{1});
  if (value == nullptr) return write_plain(type, in, levels);
  if (in.done()) return write_zero(*value->type, false);
  std::uint32_t tag = 0;
  if (!read_tag(in, tag)) return false;
  if (tag != protobuf::make_tag(1, static_cast<protobuf::WireType>(value->type->wire_type)))
    return fail_wire();
  return write_value(*value->type, in, levels);
}

bool JsonWriter::write_field_mask(Reader in) {
  if (!out_.put('"')) return too_long();
  bool first = true;
  while (!in.done()) {
    Raw raw;
    if (!next_raw(in, raw)) return false;
    // Alone it would read as no path at all, behind others as a comma too many.
    if (raw.bytes.at == raw.bytes.end) return fail(Reason::map_type, "a field mask with an empty path");
    if (!first && !out_.put(',')) return too_long();
    first = false;
    bool raise = false;
    for (const std::uint8_t* p = raw.bytes.at; p != raw.bytes.end; ++p) {
      const auto c = static_cast<char>(*p);
      const bool lower = c >= 'a' && c <= 'z';
      const bool legal = lower || (c >= '0' && c <= '9') || c == '.' || c == '_';
      // What would not come back as it was has no JSON form: capitals, and a '_' without a letter behind it.
      if (!legal || (raise && !lower)) {
        return fail(Reason::map_type, "a field mask whose names are not in snake case");
      }
      if (c != '_' && !out_.put(raise ? static_cast<char>(c & ~0x20) : c)) return too_long();
      raise = c == '_';
    }
    if (raise) return fail(Reason::map_type, "a field mask whose names are not in snake case");
  }
  return out_.put('"') || too_long();
}

bool JsonWriter::write_struct(Reader in, std::size_t levels) {
  constexpr std::uint32_t tag = protobuf::make_tag(1, protobuf::wire_length);
  if (levels <= 1) return fail_depth();
  if (!out_.put('{')) return too_long();
  bool first = true;
  std::size_t index = 0;
  const std::uint8_t* skipped = nullptr;
  const base::ArenaScope scope(context_.arena);
  KeySet keys(context_.arena, schema_.seed());
  while (!in.done()) {
    if (!take_tag(in, tag)) return fail_wire();
    if (first && index == 0 && careful_ && !find_repeated(tag, in, skipped)) return false;
    Reader entry{nullptr, nullptr};
    if (!read_bytes(in, entry)) return false;
    if (skipped != nullptr && skipped[index++] != 0) continue;
    std::string_view key;
    if (!careful_) {
      if (!read_key(entry, key)) return false;
      const auto at = static_cast<std::size_t>(reinterpret_cast<const std::uint8_t*>(key.data()) - in_.at);
      if (!keys.add(in_.at, at, key.size())) return false;  // it comes again
    }
    if (!first && !out_.put(',')) return too_long();
    first = false;
    if (!write_struct_entry(entry, levels - 1)) return false;
  }
  return out_.put('}') || too_long();
}

bool JsonWriter::write_struct_entry(Reader in, std::size_t levels) {
  Raw key;
  Raw value;
  while (!in.done()) {
    Raw raw;
    if (!next_raw(in, raw)) return false;
    if (raw.number == 1) key = raw;
    if (raw.number == 2) value = raw;
  }
  const std::string_view name(reinterpret_cast<const char*>(key.bytes.at),
                              static_cast<std::size_t>(key.bytes.end - key.bytes.at));
  if (!write_text(name)) return false;
  if (!out_.put(':')) return too_long();
  return write_any_value(value.bytes, levels) || at_name(name.substr(0, 64));
}

bool JsonWriter::write_any_value(Reader in, std::size_t levels) {
  if (levels <= 1) return fail_depth();
  Raw raw;
  while (!in.done()) {
    if (!next_raw(in, raw)) return false;
  }
  switch (raw.number) {
    case 1:
      if (static_cast<std::uint32_t>(raw.bits) != 0) return fail(Reason::map_enum_unknown, not_null_text);
      return out_.put(std::string_view("null")) || too_long();
    case 2: {
      const auto value = std::bit_cast<double>(raw.bits);
      if (!std::isfinite(value)) {
        return fail(Reason::map_nonfinite, "google.protobuf.Value cannot hold NaN or an infinity in JSON");
      }
      if (!out_.ensure(json::number_bytes_max)) return too_long();
      out_.advance(json::write_f64(out_.at(), value));
      return true;
    }
    case 3:
      return write_text({reinterpret_cast<const char*>(raw.bytes.at),
                         static_cast<std::size_t>(raw.bytes.end - raw.bytes.at)});
    case 4:
      return out_.put(raw.bits != 0 ? std::string_view("true") : std::string_view("false")) || too_long();
    case 5: return write_struct(raw.bytes, levels - 1);
    case 6: return write_list_value(raw.bytes, levels - 1);
    default: return fail(Reason::map_type, "a google.protobuf.Value that holds nothing has no JSON form");
  }
}

bool JsonWriter::write_list_value(Reader in, std::size_t levels) {
  if (levels <= 1) return fail_depth();
  if (!out_.put('[')) return too_long();
  for (std::size_t i = 0; !in.done(); ++i) {
    Raw raw;
    if (!next_raw(in, raw)) return false;
    if (raw.number != 1 || raw.wire_type != protobuf::wire_length) return fail_wire();
    if (i != 0 && !out_.put(',')) return too_long();
    if (!write_any_value(raw.bytes, levels - 1)) return at_index(i);
  }
  return out_.put(']') || too_long();
}

}  // namespace koine::transcode
