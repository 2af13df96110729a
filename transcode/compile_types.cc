// Values: which conversion, which wire forms, which checks, which header in front.
#include <algorithm>
#include <limits>

#include "codecs/bodies/protobuf/primitives.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/bodies/thrift_compact/primitives.h"
#include "transcode/compile.h"

namespace koine::transcode {
namespace {

namespace binary = codecs::bodies::thrift_binary;
namespace compact = codecs::bodies::thrift_compact;
namespace protobuf = codecs::bodies::protobuf;
using idl::Kind;

bool is_real(Kind kind) { return kind == Kind::f32 || kind == Kind::f64; }
// Compact target: an id that no field has, so that the header is worked out.
constexpr std::int32_t no_previous_id = std::numeric_limits<std::int32_t>::min();

// Protobuf: may a repeated field of this wire type be packed?
bool is_packable(std::uint8_t type) {
  return type != protobuf::wire_length && type != protobuf::wire_group_start;
}
bool is_sequence(Kind kind) { return kind == Kind::list || kind == Kind::set; }

WireForm thrift_form(const idl::Type& type, bool is_compact) {
  const auto pick = [is_compact](std::uint8_t in_binary, std::uint8_t in_compact, Form form) {
    return WireForm{is_compact ? in_compact : in_binary, form};
  };
  switch (type.kind) {
    case Kind::boolean: return pick(binary::type_bool, compact::type_true, Form::i8);
    case Kind::i8: return pick(binary::type_i8, compact::type_i8, Form::i8);
    case Kind::i16:
    case Kind::u8: return pick(binary::type_i16, compact::type_i16, Form::i16);
    case Kind::i32:
    case Kind::u16:
    case Kind::enumeration: return pick(binary::type_i32, compact::type_i32, Form::i32);
    case Kind::i64:
    case Kind::u32:
    case Kind::u64: return pick(binary::type_i64, compact::type_i64, Form::i64);
    case Kind::f32:
    case Kind::f64: return pick(binary::type_double, compact::type_double, Form::f64);
    case Kind::string:
    case Kind::bytes: return pick(binary::type_string, compact::type_string, Form::i32);
    case Kind::uuid: return pick(binary::type_uuid, compact::type_uuid, Form::uuid);
    case Kind::structure: return pick(binary::type_struct, compact::type_struct, Form::i32);
    case Kind::list: return pick(binary::type_list, compact::type_list, Form::i32);
    case Kind::set: return pick(binary::type_set, compact::type_set, Form::i32);
    case Kind::map: return pick(binary::type_map, compact::type_map, Form::i32);
  }
  return {};
}

WireForm protobuf_form(const idl::Type& type) {
  const bool zigzag = type.number_form == idl::NumberForm::zigzag;
  const bool fixed = type.number_form == idl::NumberForm::fixed;
  switch (type.kind) {
    case Kind::boolean: return {protobuf::wire_varint, Form::varint32};
    case Kind::enumeration: return {protobuf::wire_varint, Form::varint32};
    case Kind::i8:
    case Kind::i16:
    case Kind::i32:
      if (fixed) return {protobuf::wire_fixed32, Form::fixed32};
      return {protobuf::wire_varint, zigzag ? Form::zigzag32 : Form::varint32};
    case Kind::u8:
    case Kind::u16:
    case Kind::u32:
      if (fixed) return {protobuf::wire_fixed32, Form::ufixed32};
      return {protobuf::wire_varint, Form::uvarint32};
    case Kind::i64:
    case Kind::u64:
      if (fixed) return {protobuf::wire_fixed64, Form::fixed64};
      return {protobuf::wire_varint, zigzag ? Form::zigzag64 : Form::varint64};
    case Kind::f32: return {protobuf::wire_fixed32, Form::f32};
    case Kind::f64: return {protobuf::wire_fixed64, Form::f64};
    case Kind::uuid: return {protobuf::wire_length, fixed ? Form::uuid_octets : Form::uuid_text};
    case Kind::structure:
      return {type.delimited ? protobuf::wire_group_start : protobuf::wire_length, Form::i32};
    default: return {protobuf::wire_length, Form::i32};
  }
}

Interval form_range(Form form) {
  switch (form) {
    case Form::i8: return kind_range(Kind::i8);
    case Form::i16: return kind_range(Kind::i16);
    case Form::i32:
    case Form::varint32:
    case Form::zigzag32:
    case Form::fixed32: return kind_range(Kind::i32);
    case Form::uvarint32:
    case Form::ufixed32: return kind_range(Kind::u32);
    default: return kind_range(Kind::i64);
  }
}

bool is_own_i32(model::BodyFormat format, Form form, bool source) {
  if (is_thrift(format)) return form == Form::i32;
  if (!is_protobuf(format)) return false;
  return form == Form::varint32 || (!source && form == Form::uvarint32);
}
bool is_own_i64(model::BodyFormat format, Form form) {
  return is_thrift(format) ? form == Form::i64 : is_protobuf(format) && form == Form::varint64;
}

// A type that stands for a map: one, or a list of entries.
struct MapView {
  const idl::Type* key = nullptr;
  const idl::Type* value = nullptr;
  bool entries = false;
};
MapView map_view(const idl::Type& type) {
  if (type.kind == Kind::map) return {type.key, type.element, false};
  if (type.kind != Kind::list || type.element->kind != Kind::structure) return {};
  const idl::StructType& entry = *type.element->structure;
  if (entry.role != idl::StructRole::map_entry) return {};
  const idl::Field* key = entry.find_field(1);
  const idl::Field* value = entry.find_field(2);
  if (key == nullptr || value == nullptr) return {};
  return {key->type, value->type, true};
}

std::string describe(const idl::Type& type) {
  if (type.kind == Kind::structure) return type.structure->full_name;
  if (type.kind == Kind::enumeration) return type.enumeration->full_name;
  return std::string(idl::to_string(type.kind));
}

}  // namespace

Interval kind_range(Kind kind) {
  switch (kind) {
    case Kind::i8: return {-128, 127};
    case Kind::i16: return {-32768, 32767};
    case Kind::i32:
    case Kind::enumeration:
      return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
    case Kind::u8: return {0, 255};
    case Kind::u16: return {0, 65535};
    case Kind::u32: return {0, std::numeric_limits<std::uint32_t>::max()};
    // What Thrift's i64 holds of it; see compile_number for the rest.
    case Kind::u64: return {0, std::numeric_limits<std::int64_t>::max()};
    default: return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
  }
}

WireForm wire_form(model::BodyFormat format, const idl::Type& type) {
  if (is_thrift(format)) return thrift_form(type, format == model::BodyFormat::thrift_compact);
  return protobuf_form(type);
}

const idl::Type& written_type(model::BodyFormat format, const idl::Type& type) {
  const idl::Type* at = &type;
  while (!is_protobuf(format) && at->kind == Kind::structure &&
         at->structure->role == idl::StructRole::wrapper && at->structure->fields.size() == 1) {
    at = at->structure->fields.front().type;
  }
  return *at;
}

void Compiler::set_heads(Op& op, const Spot& spot) {
  op.source_id = spot.source_number;
  op.target_id = spot.target_number;
  const model::BodyFormat source = program_.source.format;
  if (is_protobuf(source) && spot.source_number > 0) {
    std::uint8_t bytes[codecs::varint_bytes_max];
    const bool packed = op.has(op_packable) && spot.source_field != nullptr && spot.source_field->packed;
    const std::uint8_t type = packed ? static_cast<std::uint8_t>(protobuf::wire_length) : op.source_type;
    const std::uint8_t* end =
        codecs::write_varint(bytes, protobuf::make_tag(static_cast<std::uint32_t>(spot.source_number),
                                                       static_cast<protobuf::WireType>(type)));
    const auto size = end - bytes;
    op.source_tag = size == 1 ? bytes[0] : size == 2 ? codecs::load<std::uint16_t>(bytes) : Op::no_tag;
  } else if (source == model::BodyFormat::thrift_binary && spot.field) {
    const auto id = static_cast<std::uint16_t>(spot.source_number);
    op.source_tag = op.source_type | static_cast<std::uint32_t>(__builtin_bswap16(id)) << 8;
  }
  const model::BodyFormat target = program_.target.format;
  if (target == model::BodyFormat::thrift_compact) codecs::store(op.head.bytes, no_previous_id);
  if (spot.bare) return;
  if (is_protobuf(target)) {
    if (spot.packed || spot.target_number <= 0) return;
    std::uint8_t bytes[codecs::varint_bytes_max];
    const std::uint8_t* end =
        codecs::write_varint(bytes, protobuf::make_tag(static_cast<std::uint32_t>(spot.target_number),
                                                       static_cast<protobuf::WireType>(op.head.type)));
    op.head.size = static_cast<std::uint8_t>(end - bytes);
    std::copy_n(bytes, op.head.size, op.head.bytes);  // a tag has 32 bits
  } else if (target == model::BodyFormat::thrift_binary && spot.field) {
    const auto id = static_cast<std::uint16_t>(spot.target_number);
    op.head.bytes[0] = op.head.type;
    codecs::store_be16(op.head.bytes + 1, id);
    op.head.size = binary::field_head_bytes;
  } else if (target == model::BodyFormat::thrift_compact && spot.field) {
    op.head.size = 1;
  }
}

void Compiler::set_source(Op& op, const idl::Type& declared, const Spot& spot) {
  const idl::Type& type = written_type(program_.source.format, declared);
  op.source_type = wire_form(program_.source.format, type).type;
  if (is_protobuf(program_.source.format) && is_sequence(type.kind)) {
    op.source_type = wire_form(program_.source.format, *type.element).type;
    if (is_packable(op.source_type)) op.flags |= op_packable;
  }
  Spot source_only = spot;
  source_only.bare = true;
  set_heads(op, source_only);
}

bool Compiler::compile_value(Op& op, const idl::Type& source_type, const idl::Type& target_type,
                             const Spot& spot) {
  const idl::Type& source = written_type(program_.source.format, source_type);
  const idl::Type& target = written_type(program_.target.format, target_type);
  if (const idl::Field* inner = pairing_.wrapped(source, target)) {
    return compile_unwrap(op, source, *inner, target, spot);
  }
  if (const idl::Field* inner = pairing_.wrapped(target, source)) {
    return compile_wrap(op, source, target, *inner, spot);
  }

  const WireForm from = wire_form(program_.source.format, source);
  const WireForm to = wire_form(program_.target.format, target);
  op.source_type = from.type;
  op.source_form = from.form;
  op.head.type = to.type;
  op.target_form = to.form;

  const MapView source_map = map_view(source);
  const MapView target_map = map_view(target);
  const bool as_map =
      source_map.key != nullptr && target_map.key != nullptr && (!source_map.entries || !target_map.entries);
  if (as_map) return compile_map(op, source, target, spot);
  if (is_sequence(source.kind) && is_sequence(target.kind)) return compile_list(op, source, target, spot);
  bool fits = false;
  if (source.kind == Kind::boolean && target.kind == Kind::boolean) {
    op.code = Code::boolean;
    fits = true;
  } else if (source.kind == Kind::enumeration && target.kind == Kind::enumeration) {
    fits = compile_enum(op, source, target, spot);
  } else if ((is_integer(source.kind) || source.kind == Kind::enumeration) &&
             (is_integer(target.kind) || target.kind == Kind::enumeration)) {
    if (!same_unit(spot)) return false;
    fits = compile_number(op, source, target);
  } else if (is_real(source.kind) && is_real(target.kind)) {
    op.code =
        from.form == Form::f64 && to.form == Form::f64 && target.kind == Kind::f64 ? Code::f64 : Code::real;
    if (target.kind == Kind::f32 && from.form == Form::f64) op.flags |= op_range;
    // Of a key nothing may be lost: two could become one.
    if (allowed(Allowance::f64_to_f32) && !spot.key) op.loss = Loss::rounded;
    if (spot.key) op.flags |= op_check_key;
    fits = true;
  } else if ((source.kind == Kind::string || source.kind == Kind::bytes) &&
             (target.kind == Kind::string || target.kind == Kind::bytes)) {
    fits = compile_text(op, source, target, spot);
  } else if (source.kind == Kind::uuid && target.kind == Kind::uuid) {
    op.code = Code::uuid;
    // A plain field of proto3 without text is one that nobody set.
    const bool implicit = spot.field && spot.source_field != nullptr && spot.source_field->oneof_index < 0 &&
                          spot.source_field->presence == idl::Presence::implicit;
    if (implicit && is_protobuf(program_.source.format)) op.flags |= op_zero_unset;
    fits = true;
  } else if (are_times(source, target)) {
    if (!compile_time(op, source, target, spot)) return false;
    fits = true;
  } else if (source.kind == Kind::structure && target.kind == Kind::structure) {
    op.code = Code::structure;
    op.place = next_place_++;
    if (source.delimited && is_protobuf(program_.source.format)) op.flags |= op_from_group;
    if (target.delimited && is_protobuf(program_.target.format)) op.flags |= op_group;
    if (spot.body) op.flags |= op_bare;
    op.table = pair_table(*source.structure, *target.structure);
    fits = true;
  }
  if (!fits) return refuse(describe(source) + " has no faithful form as " + describe(target));
  if (spot.body && op.code != Code::structure) {
    return refuse(describe(source) + " cannot be the whole body of a message");
  }
  set_heads(op, spot);
  return true;
}

bool Compiler::compile_number(Op& op, const idl::Type& source, const idl::Type& target) {
  op.code = Code::integer;
  const bool whole_u64 = source.kind == Kind::u64 && target.kind == Kind::u64 &&
                         !is_thrift(program_.source.format) && !is_thrift(program_.target.format);
  const Interval of_source = kind_range(source.kind);
  const Interval of_target = kind_range(target.kind);
  const Interval both{std::max(of_source.min, of_target.min), std::min(of_source.max, of_target.max)};
  const Interval wire = form_range(op.source_form);
  if (!whole_u64 && (wire.min < both.min || wire.max > both.max)) {
    op.flags |= op_range;
    auto* range = program_.storage.make_array<Op::Range>(1);
    *range = {both.min, static_cast<std::uint64_t>(both.max) - static_cast<std::uint64_t>(both.min)};
    op.range = range;
    return true;
  }
  if (is_own_i32(program_.source.format, op.source_form, true) &&
      is_own_i32(program_.target.format, op.target_form, false)) {
    op.code = Code::i32;
  } else if (is_own_i64(program_.source.format, op.source_form) &&
             is_own_i64(program_.target.format, op.target_form)) {
    op.code = Code::i64;
  }
  return true;
}

bool Compiler::cannot_be_unset(Op& op, const idl::Type& target) {
  op.flags &= static_cast<std::uint16_t>(~op_zero_unset);
  if (op.loss != Loss::unset) return true;
  op.loss = Loss::zero;
  const idl::EnumType& type = *written_type(program_.target.format, target).enumeration;
  if (type.find_value(0) != nullptr) return true;
  return refuse(std::string(to_string(Allowance::enum_value_unmatched)) +
                " cannot be allowed: the value cannot be unset here, and " + type.full_name + " has no 0");
}

bool Compiler::compile_enum(Op& op, const idl::Type& source, const idl::Type& target, const Spot& spot) {
  const idl::EnumType& from = *source.enumeration;
  const idl::EnumType& to = *target.enumeration;
  if (!pairing_.enums(from, to)) return false;
  EnumMap map;
  map.pass_unknown = pairing_.passes_unknown(from, to);
  bool identity = map.pass_unknown;
  for (const idl::EnumValue& value : from.values) {
    const std::optional<std::int32_t> number = pairing_.number(from, value.number, to);
    if (number) {
      map.entries.push_back({value.number, *number});
      identity &= *number == value.number;
    } else {
      map.refused.push_back(value.number);
      identity = false;
      if (value.number == 0 && pairing_.means_unset(from, 0, to)) op.flags |= op_zero_unset;
    }
  }
  if (identity) {
    op.code = Code::i32;
    return true;
  }
  const auto by_from = [](const EnumMap::Entry& a, const EnumMap::Entry& b) { return a.from < b.from; };
  std::stable_sort(map.entries.begin(), map.entries.end(), by_from);
  map.entries.erase(
      std::unique(map.entries.begin(), map.entries.end(),
                  [](const EnumMap::Entry& a, const EnumMap::Entry& b) { return a.from == b.from; }),
      map.entries.end());
  std::sort(map.refused.begin(), map.refused.end());
  op.code = Code::enumeration;
  op.enums = program_.enum_maps.emplace_back(std::make_unique<const EnumMap>(std::move(map))).get();
  if (!allowed(Allowance::enum_value_unmatched) || spot.key) return true;
  op.loss = Loss::unset;
  return spot.field || cannot_be_unset(op, target);
}

bool Compiler::compile_text(Op& op, const idl::Type& source, const idl::Type& target, const Spot& spot) {
  const bool must_be_text =
      target.kind == Kind::string && (!is_thrift(program_.target.format) || program_.target_is_java);
  // What libprotobuf refuses to parse.
  const bool checked_when_read = is_protobuf(program_.source.format) && source.kind == Kind::string &&
                                 spot.source_struct != nullptr && spot.source_struct->implicit_utf8;
  op.code = must_be_text || checked_when_read ? Code::text : Code::octets;
  if (program_.source_checked && source.kind == Kind::string) op.code = Code::octets;
  return true;
}

const Op* Compiler::keep_parts(std::span<const Op> parts) {
  std::string bytes(reinterpret_cast<const char*>(parts.data()), parts.size_bytes());
  const auto [kept, is_new] = parts_.try_emplace(std::move(bytes), nullptr);
  if (is_new) {
    Op* const made = program_.storage.make_array<Op>(parts.size());
    std::copy(parts.begin(), parts.end(), made);
    kept->second = made;
  }
  return kept->second;
}

bool Compiler::compile_list(Op& op, const idl::Type& source, const idl::Type& target, const Spot& spot) {
  op.code = Code::list;
  op.place = next_place_++;
  Op element;
  const bool to_protobuf = is_protobuf(program_.target.format);
  const bool from_protobuf = is_protobuf(program_.source.format);
  if ((to_protobuf && (is_sequence(target.element->kind) || target.element->kind == Kind::map)) ||
      (from_protobuf && (is_sequence(source.element->kind) || source.element->kind == Kind::map))) {
    return refuse("protobuf cannot repeat a repeated field without a message around it");
  }
  const WireForm to = wire_form(program_.target.format, *target.element);
  const WireForm from = wire_form(program_.source.format, *source.element);
  Spot inner = spot.inside();
  inner.key = target.kind == Kind::set || source.kind == Kind::set;
  if (from_protobuf) inner.source_number = spot.source_number;  // a group's end tag has it
  if (to_protobuf) {
    inner.packed = spot.target_field != nullptr && spot.target_field->packed &&
                   to.type != protobuf::wire_length && to.type != protobuf::wire_group_start;
    inner.target_number = spot.target_number;
    if (inner.packed) op.flags |= op_packed;
  }
  path_.push_back("[]");
  const bool fits = compile_value(element, *source.element, *target.element, inner);
  path_.pop_back();
  if (!fits) return false;
  if (target.kind == Kind::set) {
    op.flags |= op_set;
    const bool may_repeat = source.kind != Kind::set || !is_thrift(program_.source.format);
    if (is_thrift(program_.target.format) && may_repeat) op.flags |= op_unique;
    if (options_.reject_duplicates) op.flags |= op_unique | op_strict;
  }
  if (from_protobuf) {
    op.source_type = from.type;
    if (from.type != protobuf::wire_length && from.type != protobuf::wire_group_start)
      op.flags |= op_packable;
  }
  op.parts = keep_parts({&element, 1});
  op.head.type = to_protobuf ? static_cast<std::uint8_t>(protobuf::wire_length) : op.head.type;
  set_heads(op, spot);
  return true;
}

bool Compiler::compile_map(Op& op, const idl::Type& source, const idl::Type& target, const Spot& spot) {
  op.code = Code::map;
  const MapView from = map_view(source);
  const MapView to = map_view(target);
  op.place = next_place_++;
  Op parts[2];
  Op& element = parts[0];
  Op& key = parts[1];
  if (is_thrift(program_.source.format))
    op.source_type = thrift_form(source, program_.source.format == model::BodyFormat::thrift_compact).type;
  Spot inner = spot.inside();
  inner.source_number = inner.target_number = 2;
  Spot of_key;
  of_key.source_struct = spot.source_struct;
  of_key.source_number = of_key.target_number = 1;
  of_key.key = true;
  path_.push_back("[]");
  bool fits = compile_value(key, *from.key, *to.key, of_key);
  fits = compile_value(element, *from.value, *to.value, inner) && fits;
  path_.pop_back();
  if (!fits) return false;
  for (const auto& [format, value] :
       {std::pair(program_.source.format, from.value), {program_.target.format, to.value}}) {
    if (is_protobuf(format) && (is_sequence(value->kind) || value->kind == Kind::map)) {
      return refuse("a protobuf map cannot hold a repeated field without a message around it");
    }
  }
  // A protobuf map's readers keep the last value of a key, as Thrift's do; entries that stand for a map are
  // nobody's map, and whoever reads them back refuses a second one.
  const bool may_repeat = is_protobuf(program_.source.format) && !program_.source_checked;
  if (may_repeat && is_thrift(program_.target.format)) op.flags |= op_unique;
  if (from.entries || to.entries) op.flags |= op_unique | op_dup_is_error;
  if (options_.reject_duplicates) op.flags |= op_unique | op_strict;
  op.parts = keep_parts(parts);
  op.source_type =
      is_protobuf(program_.source.format) ? static_cast<std::uint8_t>(protobuf::wire_length) : op.source_type;
  op.head.type =
      is_protobuf(program_.target.format) ? static_cast<std::uint8_t>(protobuf::wire_length) : op.head.type;
  set_heads(op, spot);
  return true;
}

}  // namespace koine::transcode
