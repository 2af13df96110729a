// Values of a binary struct, by kind.
#include "transcode/hessian_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/uuid.h"
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "transcode/hessian_leaf.h"

namespace koine::transcode {
namespace {

namespace binary = codecs::bodies::thrift_binary;
namespace hessian2 = codecs::bodies::hessian2;
using base::Reason;
using idl::Kind;

constexpr std::string_view class_key = "class";

}  // namespace

HessianWriter::HessianWriter(const HessianSchema& schema, base::Bytes in, Context& context, Output& output,
                             const PlanOptions& options)
    : schema_(schema),
      context_(context),
      in_(in),
      output_(output),
      out_(output, 2 * in.size(), options.limits.message_bytes_max),
      options_(options) {}

void HessianWriter::start() {
  at_ = in_.data();
  end_ = in_.data() + in_.size();
  out_.cut(0);
  context_.arena.reset();
  definitions_ = context_.arena.make_array<std::uint32_t>(schema_.classes());
  types_ = context_.arena.make_array<std::uint32_t>(schema_.types());
  start_stream();
  depth_ = 0;
  irregular_ = false;
  forget();
}

void HessianWriter::start_stream() {
  std::fill_n(definitions_, schema_.classes(), 0);
  std::fill_n(types_, schema_.types(), 0);
  definition_count_ = type_count_ = 0;
}

base::Status HessianWriter::run() {
  return run_carefully([this] { return write_root(); });
}

bool HessianWriter::write_root() {
  const HessianStruct& root = schema_.root();
  if (root.type->role == idl::StructRole::arguments) return write_fields(root);
  if (root.type->role != idl::StructRole::result) return write_struct(root);
  const std::uint8_t* head = nullptr;
  if (!take(1, head)) return false;
  if (*head == binary::type_stop) return put8(hessian2::lead_null);
  const HessianField* value = root.find(std::int16_t{0});
  const std::uint8_t* id = nullptr;
  if (!take(2, id)) return false;
  if (value == nullptr || *head != value->type->wire_type || codecs::load_be16(id) != 0) return fail_wire();
  return write_field(*value);
}

bool HessianWriter::write_thrown(std::int32_t field) {
  const std::uint8_t* head = nullptr;
  if (!take(binary::field_head_bytes, head)) return false;
  const HessianField* found = schema_.root().find(static_cast<std::int16_t>(field));
  const bool fits = found != nullptr && found->type->structure != nullptr && *head == binary::type_struct &&
                    static_cast<std::int16_t>(codecs::load_be16(head + 1)) == found->id;
  return fits ? write_struct(*found->type->structure) : fail_wire();
}

bool HessianWriter::write_field(const HessianField& field) {
  // A Thrift field that nobody set is the empty text, which no decimal, date or time is.
  const bool no_text = field.type->kind == Kind::string && field.type->java > JavaType::character &&
                       static_cast<std::size_t>(end_ - at_) >= 4 && codecs::load_be32(at_) == 0;
  if (no_text) {
    at_ += 4;
    return put8(hessian2::lead_null);
  }
  return write_value(*field.type) || at_name(field.field->name);
}

bool HessianWriter::write_absent(const HessianField& field) {
  if (field.is_never_null) return write_empty(*field.type);
  if (!field.is_primitive) return put8(hessian2::lead_null);
  if (field.type->java == JavaType::character) return put_text(std::string_view("\0", 1));
  switch (field.type->kind) {
    case Kind::boolean: return put8(hessian2::lead_false);
    case Kind::f32:
    case Kind::f64: return put8(hessian2::lead_double_0);
    case Kind::i64:
    case Kind::u32:
    case Kind::u64: return put8(hessian2::lead_long_zero);
    default: return put8(hessian2::lead_int_zero);
  }
}

bool HessianWriter::write_empty(const HessianType& type) {
  const bool typed = !type.type_name.empty();
  if (type.kind == Kind::map) {
    return put8(typed ? hessian2::lead_typed_map : hessian2::lead_map) && (!typed || put_type(type)) &&
           put8(hessian2::lead_end);
  }
  return put8(typed ? hessian2::lead_typed_list_short : hessian2::lead_list_short) &&
         (!typed || put_type(type));
}

bool HessianWriter::write_value(const HessianType& type) {
  const std::uint8_t* value = nullptr;
  switch (type.kind) {
    case Kind::boolean:
      return take(1, value) && put8(*value != 0 ? hessian2::lead_true : hessian2::lead_false);
    case Kind::i8: return take(1, value) && put_int(static_cast<std::int8_t>(*value));
    case Kind::i16:
    case Kind::u8: return take(2, value) && put_int(static_cast<std::int16_t>(codecs::load_be16(value)));
    case Kind::i32:
    case Kind::u16: return take(4, value) && put_int(static_cast<std::int32_t>(codecs::load_be32(value)));
    case Kind::i64:
    case Kind::u32:
    case Kind::u64: {
      if (!take(8, value)) return false;
      const auto number = static_cast<std::int64_t>(codecs::load_be64(value));
      if (type.java != JavaType::date && type.java != JavaType::sql_date) return put_long(number);
      if (!out_.ensure(hessian2::scalar_bytes_max)) return too_long();
      out_.advance(hessian2::write_date(out_.at(), number));
      return true;
    }
    case Kind::f32: return write_real(true);
    case Kind::f64: return write_real(false);
    case Kind::string: return write_text(type);
    case Kind::bytes: return write_octets();
    case Kind::uuid: return write_uuid();
    case Kind::enumeration: return write_enum(*type.enumeration);
    case Kind::structure:
      return type.java == JavaType::duration ? write_duration() : write_struct(*type.structure);
    case Kind::list:
    case Kind::set: return write_list(type);
    case Kind::map: return write_map(type);
  }
  return fail_wire();
}

// Of a float the double that its shortest decimal means, as Java writes it.
bool HessianWriter::write_real(bool narrow) {
  const std::uint8_t* value = nullptr;
  if (!take(8, value)) return false;
  const std::uint64_t bits = codecs::load_be64(value);
  double number = 0;
  std::memcpy(&number, &bits, sizeof number);
  if (narrow && std::isfinite(number)) {
    char text[32];
    const auto printed = std::to_chars(text, text + sizeof text, static_cast<float>(number));
    std::from_chars(text, printed.ptr, number);
  }
  if (!out_.ensure(hessian2::scalar_bytes_max)) return too_long();
  out_.advance(hessian2::write_double(out_.at(), number));
  return true;
}

bool HessianWriter::write_text(const HessianType& type) {
  const std::uint8_t* text = nullptr;
  if (!take(4, text)) return false;
  const std::size_t size = codecs::load_be32(text);
  if (!take(size, text)) return false;
  if (type.java != JavaType::plain) { return write_known(type, {reinterpret_cast<const char*>(text), size}); }
  return put_text({reinterpret_cast<const char*>(text), size});
}

bool HessianWriter::write_octets() {
  const std::uint8_t* octets = nullptr;
  if (!take(4, octets)) return false;
  const std::size_t size = codecs::load_be32(octets);
  if (!take(size, octets)) return false;
  if (!out_.ensure(hessian2::written_octets_bytes_max(size))) return too_long();
  out_.advance(hessian2::write_octets(out_.at(), octets, size));
  return true;
}

bool HessianWriter::write_enum(const HessianEnum& type) {
  const std::uint8_t* value = nullptr;
  if (!take(4, value)) return false;
  const std::string* name = type.name_of(static_cast<std::int32_t>(codecs::load_be32(value)));
  if (name == nullptr) return fail(Reason::map_enum_unknown, "the enum has no value of this number");
  if (schema_.is_generic()) return out_.put(std::string_view(*name)) || too_long();
  return put_object(type.class_index, type.definition) && (out_.put(std::string_view(*name)) || too_long());
}

bool HessianWriter::write_uuid() {
  const std::uint8_t* value = nullptr;
  std::uint8_t text[base::uuid_text_bytes];
  if (!take(base::uuid_bytes, value)) return false;
  base::write_uuid(text, value);
  return put_object(Handle::uuid) && put_text({reinterpret_cast<const char*>(text), sizeof text});
}

bool HessianWriter::write_struct(const HessianStruct& type) {
  if (schema_.is_generic()) [[unlikely]]
    return write_as_map(type);
  return put_object(type.class_index, type.definition) && write_fields(type);
}

bool HessianWriter::write_as_map(const HessianStruct& type) {
  if (depth_ >= options_.limits.nesting_max) {
    return fail(Reason::limit_depth, "structs and containers are nested deeper than nesting_max");
  }
  ++depth_;
  const base::Arena::Mark mark = context_.arena.mark();
  const std::uint8_t** const places = context_.arena.make_array<const std::uint8_t*>(type.fields.size());
  if (!find_fields(type, places)) return false;
  const std::uint8_t* const behind = at_;
  if (!put8(hessian2::lead_map) || !put_text(class_key) || !put_text(type.class_name)) return false;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    at_ = places[i];
    if (!put_text(type.fields[i].name)) return false;
    if (at_ == nullptr ? !write_absent(type.fields[i]) : !write_field(type.fields[i])) return false;
  }
  at_ = behind;
  context_.arena.rewind(mark);
  --depth_;
  return put8(hessian2::lead_end);
}

bool HessianWriter::write_fields(const HessianStruct& type) {
  if (depth_ >= options_.limits.nesting_max) {
    return fail(Reason::limit_depth, "structs and containers are nested deeper than nesting_max");
  }
  ++depth_;
  if (careful_) {
    const bool good = write_fields_found(type);
    --depth_;
    return good;
  }
  std::size_t next = 0;
  const HessianField* const fields = type.fields.data();
  const std::size_t count = type.fields.size();
  const std::uint8_t* const end = end_;
  const std::uint8_t* p = at_;
  std::uint8_t* out = out_.at();
  while (true) {
    // The field that is expected next, where it is a leaf, out of registers.
    if (next < count && is_leaf_next(p, end, fields[next])) {
      out = out_.room(out, leaf_bytes_max);
      if (out == nullptr) return too_long();
      const std::uint8_t* behind = p + leaf_head_bytes;
      if (put_leaf(fields[next].leaf, behind, end, out)) {
        p = behind;
        ++next;
        continue;
      }
    }
    if (p != end && *p == binary::type_stop) {
      ++p;
      break;
    }
    at_ = p;
    out_.advance(out);
    if (!write_next_field(type, next)) return false;
    p = at_;
    out = out_.at();
  }
  at_ = p;
  out_.advance(out);
  for (; next < count; ++next) {
    if (!write_absent(fields[next])) return false;
  }
  --depth_;
  return true;
}

// Whatever field comes next, behind those before it that are absent.
bool HessianWriter::write_next_field(const HessianStruct& type, std::size_t& next) {
  const std::uint8_t* head = nullptr;
  if (!take(1, head)) return false;
  const std::uint8_t* id_bytes = nullptr;
  if (!take(2, id_bytes)) return false;
  const auto id = static_cast<std::int16_t>(codecs::load_be16(id_bytes));
  const HessianField* field =
      next < type.fields.size() && type.fields[next].id == id ? &type.fields[next] : type.find(id);
  if (field == nullptr || field->type->wire_type != *head) return fail_wire();
  const auto place = static_cast<std::size_t>(field - type.fields.data());
  if (place < next) {
    irregular_ = true;
    return false;
  }
  for (; next < place; ++next) {
    if (!write_absent(type.fields[next])) return false;
  }
  next = place + 1;
  return write_field(*field);
}

bool HessianWriter::find_fields(const HessianStruct& type, const std::uint8_t** places) {
  for (;;) {
    const std::uint8_t* head = nullptr;
    if (!take(1, head)) return false;
    if (*head == binary::type_stop) return true;
    const std::uint8_t wire_type = *head;
    if (!take(2, head)) return false;
    const HessianField* field = type.find(static_cast<std::int16_t>(codecs::load_be16(head)));
    if (field == nullptr || field->type->wire_type != wire_type) return fail_wire();
    places[field - type.fields.data()] = at_;
    codecs::Fault fault = codecs::Fault::none;
    at_ = binary::skip_value(at_, end_, wire_type, options_.limits.nesting_max, fault);
    if (at_ == nullptr) return fail_wire();
  }
}

bool HessianWriter::write_fields_found(const HessianStruct& type) {
  const base::Arena::Mark mark = context_.arena.mark();
  const std::uint8_t** const places = context_.arena.make_array<const std::uint8_t*>(type.fields.size());
  if (!find_fields(type, places)) return false;
  const std::uint8_t* const behind = at_;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    at_ = places[i];
    if (at_ == nullptr ? !write_absent(type.fields[i]) : !write_field(type.fields[i])) return false;
  }
  at_ = behind;
  context_.arena.rewind(mark);
  return true;
}

// Of an element that is a leaf; false: it is to be written another way.
bool HessianWriter::put_usual(const HessianType& type) {
  if (type.leaf == HessianLeaf::none || !out_.ensure(leaf_bytes_max)) return false;
  std::uint8_t* out = out_.at();
  if (!put_leaf(type.leaf, at_, end_, out)) return false;
  out_.advance(out);
  return true;
}

// The first entries of a map of leaves, as many as have their usual forms.
std::size_t HessianWriter::put_entries(const HessianType& type, std::size_t count) {
  const HessianLeaf key = type.key->leaf;
  const HessianLeaf element = type.element->leaf;
  const std::uint8_t* const end = end_;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* p = at_;
    std::uint8_t* out = out_.room(out_.at(), 2 * leaf_bytes_max);
    if (out == nullptr || !put_leaf(key, p, end, out) || !put_leaf(element, p, end, out)) return i;
    at_ = p;
    out_.advance(out);
  }
  return count;
}

bool HessianWriter::write_list(const HessianType& type) {
  const std::uint8_t* head = nullptr;
  if (!take(binary::list_head_bytes, head)) return false;
  const std::size_t count = codecs::load_be32(head + 1);
  const std::size_t least = binary::element_bytes_min(type.element->wire_type);
  if (*head != type.element->wire_type && count != 0) return fail_wire();
  if (count > static_cast<std::size_t>(end_ - at_) / least) return fail_wire();
  const bool typed = !type.type_name.empty();
  if (count < 8) {
    const std::uint8_t lead = typed ? hessian2::lead_typed_list_short : hessian2::lead_list_short;
    if (!put8(static_cast<std::uint8_t>(lead + count)) || (typed && !put_type(type))) return false;
  } else {
    if (!put8(typed ? hessian2::lead_typed_list : hessian2::lead_list)) return false;
    if ((typed && !put_type(type)) || !put_int(static_cast<std::int32_t>(count))) return false;
  }
  if (++depth_ > options_.limits.nesting_max) {
    return fail(Reason::limit_depth, "structs and containers are nested deeper than nesting_max");
  }
  const HessianStruct* const structure =
      type.element->java == JavaType::plain ? type.element->structure : nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    const bool good = structure != nullptr ? write_struct(*structure)
                                           : put_usual(*type.element) || write_value(*type.element);
    if (!good) return at_index(i);
  }
  --depth_;
  return true;
}

bool HessianWriter::write_map(const HessianType& type) {
  const std::uint8_t* head = nullptr;
  if (!take(binary::map_head_bytes, head)) return false;
  const std::size_t count = codecs::load_be32(head + 2);
  if (count != 0 && (head[0] != type.key->wire_type || head[1] != type.element->wire_type))
    return fail_wire();
  if (count > static_cast<std::size_t>(end_ - at_)) return fail_wire();
  const bool typed = !type.type_name.empty();
  if (!put8(typed ? hessian2::lead_typed_map : hessian2::lead_map) || (typed && !put_type(type)))
    return false;
  if (++depth_ > options_.limits.nesting_max) {
    return fail(Reason::limit_depth, "structs and containers are nested deeper than nesting_max");
  }
  for (std::size_t i = put_entries(type, count); i < count; ++i) {
    if ((!put_usual(*type.key) && !write_value(*type.key)) ||
        (!put_usual(*type.element) && !write_value(*type.element))) {
      return at_index(i);
    }
  }
  --depth_;
  return put8(hessian2::lead_end);
}

bool HessianWriter::put_object(std::uint32_t index, std::string_view definition) {
  std::uint32_t& known = definitions_[index];
  if (known == 0) {
    if (!out_.put(definition)) return too_long();
    known = ++definition_count_;
  }
  if (known <= 16) return put8(static_cast<std::uint8_t>(hessian2::lead_object_short + known - 1));
  return put8(hessian2::lead_object) && put_int(static_cast<std::int32_t>(known - 1));
}

bool HessianWriter::put_type(const HessianType& type) {
  std::uint32_t& known = types_[type.type_index];
  if (known != 0) return put_int(static_cast<std::int32_t>(known - 1));
  known = ++type_count_;
  return put_text(type.type_name);
}

bool HessianWriter::put8(std::uint8_t value) {
  if (!out_.ensure(1)) return too_long();
  *out_.at() = value;
  out_.advance(out_.at() + 1);
  return true;
}

bool HessianWriter::put_int(std::int32_t value) {
  if (!out_.ensure(hessian2::scalar_bytes_max)) return too_long();
  out_.advance(hessian2::write_int(out_.at(), value));
  return true;
}

bool HessianWriter::put_long(std::int64_t value) {
  if (!out_.ensure(hessian2::scalar_bytes_max)) return too_long();
  out_.advance(hessian2::write_long(out_.at(), value));
  return true;
}

bool HessianWriter::put_text(std::string_view text) {
  if (!out_.ensure(hessian2::written_text_bytes_max(text.size()))) return too_long();
  out_.advance(
      hessian2::write_text(out_.at(), reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  return true;
}

bool HessianWriter::take(std::size_t bytes, const std::uint8_t*& value) {
  if (bytes > static_cast<std::size_t>(end_ - at_)) return fail_wire();
  value = at_;
  at_ += bytes;
  return true;
}

}  // namespace koine::transcode
