// Members, lists, maps and scalars.
#include "transcode/json_writer.h"

#include <utility>

#include "base/hash.h"
#include "codecs/bodies/json/base64.h"
#include "codecs/bodies/json/numbers.h"
#include "codecs/bodies/json/quick.h"
#include "codecs/bodies/json/text.h"
#include "codecs/bodies/protobuf/primitives.h"
#include "transcode/key_set.h"

namespace koine::transcode {
namespace {

namespace json = codecs::bodies::json;
namespace protobuf = codecs::bodies::protobuf;
using base::Reason;
using idl::Kind;
using idl::NumberForm;

bool is_signed(Kind kind) {
  return kind == Kind::i8 || kind == Kind::i16 || kind == Kind::i32 || kind == Kind::i64;
}
bool is_wide(Kind kind) { return kind == Kind::i64 || kind == Kind::u64; }

}  // namespace

JsonWriter::JsonWriter(const JsonSchema& schema, base::Bytes in, Context& context, Output& output,
                       const PlanOptions& options)
    : schema_(schema),
      in_{in.data(), in.data() + in.size()},
      context_(context),
      nesting_max_(options.limits.nesting_max),
      reject_duplicates_(options.reject_duplicates),
      out_(output, in.size() * 2, options.limits.message_bytes_max) {}

base::Status JsonWriter::run() {
  bool good = write_message(schema_.root(), in_, nesting_max_);
  if (!good) {
    // A key came again, or a value was refused that may be replaced by a later one.
    careful_ = true;
    out_.cut(0);
    forget();
    good = write_message(schema_.root(), in_, nesting_max_);
  }
  if (good && !out_.finish()) good = too_long();
  if (good) return {};
  return failure();
}

bool JsonWriter::write_message(const JsonStruct& type, Reader in, std::size_t levels) {
  if (levels == 0) return fail_depth();
  return type.well_known == WellKnown::none ? write_plain(type, in, levels) : write_known(type, in, levels);
}

bool JsonWriter::write_plain(const JsonStruct& type, Reader in, std::size_t levels) {
  const Cursor c = plain(type, in, out_.at(), levels);
  if (c.in != nullptr) out_.advance(c.out);
  return c.in != nullptr;
}

bool JsonWriter::write_value(const JsonType& type, Reader& in, std::size_t levels) {
  const Cursor c = value(type, in, out_.at(), levels);
  if (c.in == nullptr) return false;
  in.at = c.in;
  out_.advance(c.out);
  return true;
}

// What nearly every value is; the rest out of line.
[[gnu::always_inline]] inline JsonWriter::Cursor JsonWriter::value(const JsonType& type, Reader in,
                                                                   std::uint8_t* out, std::size_t levels) {
  switch (type.kind) {
    case Kind::string: return text(in, out);
    case Kind::structure: {
      if (levels <= 1) return refuse(fail_depth());
      if (type.delimited || type.structure->well_known != WellKnown::none) break;
      const codecs::Varint size = protobuf::read_length(in.at, in.end);
      if (size.next == nullptr) return refuse(fail_wire());
      return plain(*type.structure, {size.next, size.next + size.value}, out, levels - 1);
    }
    case Kind::boolean:
    case Kind::f32:
    case Kind::f64:
    case Kind::enumeration:
    case Kind::bytes: break;
    default: return integer(type, in, out, is_wide(type.kind));
  }
  return any_value(type, in, out, levels);
}

[[gnu::noinline]] JsonWriter::Cursor JsonWriter::any_value(const JsonType& type, Reader in, std::uint8_t* out,
                                                           std::size_t levels) {
  out_.advance(out);
  Reader bytes{nullptr, nullptr};
  bool written = false;
  switch (type.kind) {
    case Kind::boolean: {
      std::uint64_t value = 0;
      written = read_varint(in, value) &&
                (out_.put(value != 0 ? std::string_view("true") : std::string_view("false")) || too_long());
      break;
    }
    case Kind::f32:
    case Kind::f64: written = write_real(type, in); break;
    case Kind::enumeration: written = write_enum(type, in); break;
    case Kind::bytes: written = read_bytes(in, bytes) && write_octets(bytes); break;
    default:
      written = type.delimited ? write_group(type, in, levels)
                               : read_bytes(in, bytes) && write_known(*type.structure, bytes, levels - 1);
  }
  return {written ? in.at : nullptr, out_.at()};
}

JsonWriter::Cursor JsonWriter::plain(const JsonStruct& type, Reader in, std::uint8_t* out,
                                     std::size_t levels) {
  *out++ = '{';
  bool first = true;
  std::uint32_t place = 0;
  while (!in.done()) {
    std::uint32_t tag = 0;
    if (!read_tag(in, tag)) return refuse(false);
    const JsonField* const field = type.find(tag >> 3, place);
    if (field == nullptr) return refuse(fail_wire());
    out = out_.room(out, field->key.size + 1);
    if (out == nullptr) return refuse(too_long());
    if (!first) *out++ = ',';
    first = false;
    out = StepSink::copy(out, field->key);
    const JsonType& one = *field->type;
    Cursor c{nullptr, nullptr};
    if (one.repeated()) {
      c = one.kind == Kind::map ? map(*field, tag, in, out, levels) : list(*field, tag, in, out, levels);
    } else if ((tag & 7) == one.wire_type) {
      c = value(one, in, out, levels);
    } else {
      fail_wire();
    }
    if (c.in == nullptr) return refuse(at_name(field->field->name));
    in.at = c.in;
    out = c.out;
  }
  out = out_.room(out, 1);
  if (out == nullptr) return refuse(too_long());
  *out++ = '}';
  return {in.at, out};
}

JsonWriter::Cursor JsonWriter::list(const JsonField& field, std::uint32_t tag, Reader in, std::uint8_t* out,
                                    std::size_t levels) {
  if (levels <= 1) return refuse(fail_depth());
  const JsonType& element = *field.type->element;
  *out++ = '[';
  const bool packed = (tag & 7) == protobuf::wire_length && element.wire_type != protobuf::wire_length;
  if (!packed && (tag & 7) != element.wire_type) return refuse(fail_wire());
  std::size_t index = 0;
  do {
    Reader run = in;
    if (packed && !read_bytes(in, run)) return refuse(false);
    while (!packed || !run.done()) {
      out = out_.room(out, 1);
      if (out == nullptr) return refuse(too_long());
      if (index != 0) *out++ = ',';
      const Cursor c = value(element, run, out, levels - 1);
      if (c.in == nullptr) return refuse(at_index(index));
      run.at = c.in;
      out = c.out;
      ++index;
      if (packed) continue;
      in.at = c.in;
      break;
    }
  } while (take_tag(in, tag));
  out = out_.room(out, 1);
  if (out == nullptr) return refuse(too_long());
  *out++ = ']';
  return {in.at, out};
}

JsonWriter::Cursor JsonWriter::map(const JsonField& field, std::uint32_t tag, Reader in, std::uint8_t* out,
                                   std::size_t levels) {
  if (levels <= 1) return refuse(fail_depth());
  if ((tag & 7) != protobuf::wire_length) return refuse(fail_wire());
  *out++ = '{';
  if (careful_) return last_entries(field, tag, in, out, levels);
  const JsonType& key = *field.type->key;
  const JsonType& element = *field.type->element;
  const base::ArenaScope scope(context_.arena);
  KeySet keys(context_.arena, schema_.seed());
  std::size_t index = 0;
  do {
    Reader entry{nullptr, nullptr};
    if (!read_bytes(in, entry)) return refuse(false);
    out = out_.room(out, 1);
    if (out == nullptr) return refuse(too_long());
    if (index != 0) *out++ = ',';
    const std::uint8_t* const begin = entry.at;
    Cursor c = entry_key(key, entry, out);
    if (c.in == nullptr) return refuse(at_index(index));
    if (!keys.add(in_.at, static_cast<std::size_t>(begin - in_.at), static_cast<std::size_t>(c.in - begin))) {
      return refuse(false);  // it comes again
    }
    c = entry_value(element, {c.in, entry.end}, c.out, levels - 1);
    if (c.in == nullptr) return refuse(at_index(index));
    out = c.out;
    ++index;
  } while (take_tag(in, tag));
  out = out_.room(out, 1);
  if (out == nullptr) return refuse(too_long());
  *out++ = '}';
  return {in.at, out};
}

JsonWriter::Cursor JsonWriter::last_entries(const JsonField& field, std::uint32_t tag, Reader in,
                                            std::uint8_t* out, std::size_t levels) {
  const std::uint8_t* skipped = nullptr;
  if (!find_repeated(tag, in, skipped)) return refuse(false);
  std::size_t index = 0;
  bool first = true;
  do {
    Reader entry{nullptr, nullptr};
    if (!read_bytes(in, entry)) return refuse(false);
    if (skipped != nullptr && skipped[index] != 0) {
      ++index;
      continue;
    }
    out = out_.room(out, 1);
    if (out == nullptr) return refuse(too_long());
    if (!first) *out++ = ',';
    first = false;
    Cursor c = entry_key(*field.type->key, entry, out);
    if (c.in != nullptr) c = entry_value(*field.type->element, {c.in, entry.end}, c.out, levels - 1);
    if (c.in == nullptr) return refuse(at_index(index));
    out = c.out;
    ++index;
  } while (take_tag(in, tag));
  out = out_.room(out, 1);
  if (out == nullptr) return refuse(too_long());
  *out++ = '}';
  return {in.at, out};
}

// A key or value that is not there is its zero.
[[gnu::always_inline]] inline JsonWriter::Cursor JsonWriter::entry_key(const JsonType& key, Reader in,
                                                                       std::uint8_t* out) {
  const std::uint32_t tag = protobuf::make_tag(1, static_cast<protobuf::WireType>(key.wire_type));
  Cursor c{nullptr, nullptr};
  if (!take_tag(in, tag)) [[unlikely]] {
    out_.advance(out);
    c = {write_zero(key, true) ? in.at : nullptr, out_.at()};
  } else if (key.kind == Kind::string) {
    c = text(in, out);
  } else if (key.kind != Kind::boolean) {
    c = integer(key, in, out, true);
  } else {
    std::uint64_t value = 0;
    out_.advance(out);
    const bool written =
        read_varint(in, value) &&
        (out_.put(value != 0 ? std::string_view("\"true\"") : std::string_view("\"false\"")) || too_long());
    c = {written ? in.at : nullptr, out_.at()};
  }
  if (c.in != nullptr) *c.out++ = ':';
  return c;
}

[[gnu::always_inline]] inline JsonWriter::Cursor JsonWriter::entry_value(const JsonType& type, Reader in,
                                                                         std::uint8_t* out,
                                                                         std::size_t levels) {
  const std::uint32_t tag = protobuf::make_tag(2, static_cast<protobuf::WireType>(type.wire_type));
  Cursor c{nullptr, nullptr};
  if (take_tag(in, tag)) [[likely]] {
    c = value(type, in, out, levels);
  } else {
    out_.advance(out);
    c = {write_zero(type, false) ? in.at : nullptr, out_.at()};
  }
  if (c.in != nullptr && c.in != in.end) [[unlikely]]
    return refuse(fail_wire());
  return c;
}

bool JsonWriter::read_key(Reader entry, std::string_view& key) {
  const std::uint8_t* const begin = entry.at;
  constexpr std::uint8_t text_key = protobuf::make_tag(1, protobuf::wire_length);
  const std::ptrdiff_t left = entry.end - begin;
  if (left >= 2 && begin[0] == text_key && begin[1] < 0x80 && begin[1] <= left - 2) [[likely]] {
    key = {reinterpret_cast<const char*>(begin), std::size_t{2} + begin[1]};
    return true;
  }
  // The key is the entry's first field; without one it is a zero, which has no bytes.
  Raw raw;
  if (!entry.done() && (*entry.at >> 3) == 1 && !next_raw(entry, raw)) return false;
  key = {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(entry.at - begin)};
  return true;
}

bool JsonWriter::find_repeated(std::uint32_t tag, Reader in, const std::uint8_t*& skipped) {
  std::size_t count = 0;
  Reader entry{nullptr, nullptr};
  Reader counting = in;
  do {
    if (!read_bytes(counting, entry)) return false;
    ++count;
  } while (take_tag(counting, tag));
  if (count < 2) return true;
  std::size_t slots = 4;
  while (slots < count * 2) slots *= 2;
  auto* const keys = context_.arena.make_array<std::string_view>(count);
  auto* const table = context_.arena.make_array<std::uint32_t>(slots);  // index + 1
  std::uint8_t* marks = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) take_tag(in, tag);
    if (!read_bytes(in, entry) || !read_key(entry, keys[i])) return false;
    std::size_t at = base::hash_bytes(keys[i], schema_.seed()) & (slots - 1);
    while (table[at] != 0 && keys[table[at] - 1] != keys[i]) at = (at + 1) & (slots - 1);
    if (table[at] != 0) [[unlikely]] {
      if (reject_duplicates_) return fail(Reason::map_dupkey, "a key is there more than once");
      if (marks == nullptr) marks = context_.arena.make_array<std::uint8_t>(count);
      marks[table[at] - 1] = 1;
      ++context_.counters.deduplicated_keys;
    }
    table[at] = static_cast<std::uint32_t>(i + 1);
  }
  skipped = marks;
  return true;
}

bool JsonWriter::write_zero(const JsonType& type, bool key) {
  static constexpr std::uint8_t zeros[32] = {};  // more than a value has: text() looks behind it
  const Reader nothing{zeros, zeros + 8};
  if (key && type.kind == Kind::boolean) return out_.put(std::string_view("\"false\"")) || too_long();
  const bool quoted = key || is_wide(type.kind);
  const bool is_integer = type.kind >= Kind::i8 && type.kind <= Kind::u64;
  const Cursor c =
      is_integer ? integer(type, nothing, out_.at(), quoted) : value(type, nothing, out_.at(), nesting_max_);
  if (c.in != nullptr) out_.advance(c.out);
  return c.in != nullptr;
}

// The group's number is in the tag that was read; its end is found by walking.
bool JsonWriter::write_group(const JsonType& type, Reader& in, std::size_t levels) {
  const std::uint8_t* start = in.at;
  codecs::Fault fault = codecs::Fault::none;
  while (true) {
    const codecs::Varint tag = protobuf::read_tag(in.at, in.end);
    if (tag.next == nullptr) return fail_wire();
    if ((tag.value & 7) == protobuf::wire_group_end) {
      const Reader content = {start, in.at};
      in.at = tag.next;
      return write_message(*type.structure, content, levels - 1);
    }
    in.at = protobuf::skip_value(tag.next, in.end, static_cast<std::uint32_t>(tag.value), levels, fault);
    if (in.at == nullptr) return fail_wire();
  }
}

[[gnu::always_inline]] inline JsonWriter::Cursor JsonWriter::text(Reader in, std::uint8_t* out) {
  const codecs::Varint size = protobuf::read_length(in.at, in.end);
  if (size.next == nullptr) [[unlikely]]
    return refuse(fail_wire());
  out = out_.room(out, size.value + json::plain_room);
  if (out == nullptr) [[unlikely]]
    return refuse(too_long());
#if defined(__SSE2__)
  // Most are short; here the input behind them can be read as well.
  if (size.value <= 16 && in_.end - size.next >= 16) [[likely]] {
    const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(size.next));
    const auto special = static_cast<unsigned>(_mm_movemask_epi8(json::special_in(chunk)));
    if ((special & ((1u << size.value) - 1)) == 0) [[likely]] {
      *out = '"';
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 1), chunk);
      out[size.value + 1] = '"';
      return {size.next + size.value, out + size.value + 2};
    }
  }
#endif
  const std::string_view text(reinterpret_cast<const char*>(size.next), size.value);
  std::uint8_t* const end = json::write_plain_string(out, text);
  if (end != nullptr) [[likely]]
    return {size.next + size.value, end};
  out_.advance(out);
  return {write_escaped(text) ? size.next + size.value : nullptr, out_.at()};
}

[[gnu::noinline]] bool JsonWriter::write_escaped(std::string_view text) {
  if (!out_.ensure(json::string_bytes(text))) return too_long();
  out_.advance(json::write_string(out_.at(), text));
  return true;
}

bool JsonWriter::write_text(std::string_view text) {
  if (!out_.ensure(text.size() + json::plain_room)) return too_long();
  std::uint8_t* const end = json::write_plain_string(out_.at(), text);
  if (end == nullptr) return write_escaped(text);
  out_.advance(end);
  return true;
}

bool JsonWriter::write_octets(Reader bytes) {
  const auto size = static_cast<std::size_t>(bytes.end - bytes.at);
  if (!out_.ensure(json::base64_bytes(size) + 2)) return too_long();
  std::uint8_t* at = out_.at();
  *at++ = '"';
  at = json::write_base64(at, {bytes.at, size});
  *at++ = '"';
  out_.advance(at);
  return true;
}

JsonWriter::Cursor JsonWriter::integer(const JsonType& type, Reader in, std::uint8_t* out, bool quoted) {
  std::uint64_t bits = 0;
  if (type.number_form == NumberForm::fixed) {
    std::uint32_t narrow = 0;
    if (is_wide(type.kind) ? !read_fixed(in, bits) : !read_fixed(in, narrow)) return refuse(false);
    if (!is_wide(type.kind)) bits = narrow;
  } else {
    if (!read_varint(in, bits)) return refuse(false);
    if (type.number_form == NumberForm::zigzag) bits = static_cast<std::uint64_t>(codecs::unzigzag(bits));
  }
  if (!is_wide(type.kind)) {
    const auto low = static_cast<std::uint32_t>(bits);
    bits =
        is_signed(type.kind) ? static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(low)}) : low;
  }
  std::uint8_t* at = out_.room(out, json::number_bytes_max + 2);
  if (at == nullptr) return refuse(too_long());
  if (quoted) *at++ = '"';
  at =
      is_signed(type.kind) ? json::write_i64(at, static_cast<std::int64_t>(bits)) : json::write_u64(at, bits);
  if (quoted) *at++ = '"';
  return {in.at, at};
}

bool JsonWriter::write_real(const JsonType& type, Reader& in) {
  double wide = 0;
  float narrow = 0;
  if (type.kind == Kind::f64 ? !read_fixed(in, wide) : !read_fixed(in, narrow)) return false;
  if (!out_.ensure(json::number_bytes_max)) return too_long();
  out_.advance(type.kind == Kind::f64 ? json::write_f64(out_.at(), wide)
                                      : json::write_f32(out_.at(), narrow));
  return true;
}

bool JsonWriter::write_enum(const JsonType& type, Reader& in) {
  std::uint64_t bits = 0;
  if (!read_varint(in, bits)) return false;
  const auto number = static_cast<std::int32_t>(static_cast<std::uint32_t>(bits));
  if (type.enumeration->is_null) {
    if (number != 0) return fail(Reason::map_enum_unknown, not_null_text);
    return out_.put(std::string_view("null")) || too_long();
  }
  const PaddedText* const name = type.enumeration->name_of(number);
  if (name != nullptr) return out_.put(*name) || too_long();
  if (!out_.ensure(json::number_bytes_max)) return too_long();
  out_.advance(json::write_i64(out_.at(), number));
  return true;
}

}  // namespace koine::transcode
