// Values of Hessian2, by kind.
#include "transcode/hessian_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/utf8.h"
#include "transcode/compile.h"
#include "transcode/hessian_leaf.h"

namespace koine::transcode {
namespace {

namespace binary = codecs::bodies::thrift_binary;
namespace hessian2 = codecs::bodies::hessian2;
using base::Reason;
using idl::Kind;

}  // namespace

HessianReader::HessianReader(const HessianSchema& schema, base::Bytes in, Context& context, Output& output,
                             const PlanOptions& options)
    : schema_(schema),
      context_(context),
      walker_(context.walker),
      in_(in),
      out_(output, 2 * in.size(), options.limits.message_bytes_max),
      options_(options) {
  context.arena.reset();
  start_stream(in);
}

void HessianReader::start_stream(base::Bytes stream) {
  at_ = stream.data();
  end_ = stream.data() + stream.size();
  walker_.start_keeping(stream.data(), options_.limits.nesting_max);
  bindings_ = nullptr;
  bindings_capacity_ = 0;
}

base::Status HessianReader::run() { return finish(read_to_end()); }

base::Status HessianReader::finish(bool good) {
  if (good && !out_.finish()) good = too_long();
  return good ? base::Status() : failure();
}

bool HessianReader::read_to_end() {
  if (!read_root()) return false;
  return at_ == end_ || fail(Reason::wire_malformed, "there are bytes behind the end of the message");
}

bool HessianReader::read_root() {
  const HessianStruct& root = schema_.root();
  if (root.type->role == idl::StructRole::result) {
    const HessianField* value = root.find(std::int16_t{0});
    if (value != nullptr ? !read_field(*value) : !skip()) return false;
    return put8(binary::type_stop);
  }
  if (root.type->role != idl::StructRole::arguments) {
    at_ = walker_.find_lead(at_, end_);
    if (at_ == nullptr) return fail_wire();
    return comes_null() ? fail(Reason::map_null, "null where an object must be") : read_struct(root);
  }
  for (const HessianField& field : root.fields) {
    if (at_ == end_) return fail(Reason::wire_malformed, "there are fewer arguments than parameters");
    if (!read_field(field)) return false;
  }
  return put8(binary::type_stop);
}

base::Status HessianReader::run_thrown(std::int32_t& field) {
  field = 0;
  const std::uint8_t* const begin = at_;
  const hessian2::ObjectHead head = walker_.open_object(at_, end_);
  if (head.values == nullptr) {
    fail_wire();
    return failure();
  }
  for (const HessianField& one : schema_.root().fields) {
    if (one.id == 0 || one.type->structure == nullptr) continue;
    if (!is_class(head.class_name, one.type->structure->class_name)) continue;
    walker_.start_keeping(begin, options_.limits.nesting_max);
    const bool good = read_field(one) && put8(binary::type_stop) && (out_.finish() || too_long());
    if (!good) return failure();
    field = one.id;
    return {};
  }
  return {};
}

bool HessianReader::read_field(const HessianField& field) {
  at_ = walker_.find_lead(at_, end_);
  if (at_ == nullptr) return fail_wire() || at_name(field.field->name);
  if (*at_ == hessian2::lead_null) {
    ++at_;
    if (!field.is_primitive) return true;
    fail(Reason::map_null, "null where a primitive value must be");
    return at_name(field.field->name);
  }
  return (put_head(field.type->wire_type, field.id) && read_value(*field.type)) || at_name(field.field->name);
}

bool HessianReader::read_value(const HessianType& type) {
  return *at_ == hessian2::lead_reference ? read_referred(type) : read_plain(type);
}

bool HessianReader::read_referred(const HessianType& type) {
  const hessian2::Walker::Reference reference = walker_.read_reference(at_, end_);
  if (reference.next == nullptr) return fail_wire();
  const std::uint8_t* const place = walker_.place(reference.index);
  if (std::find(open_.begin(), open_.begin() + depth_, place) != open_.begin() + depth_) {
    return fail(Reason::map_cycle, "a value refers to one that it lies in");
  }
  const bool was_again = std::exchange(again_, true);
  walker_.set_again(true);
  at_ = place;
  if (!read_plain(type)) return false;
  read_again_ += static_cast<std::size_t>(at_ - place);
  if (read_again_ > options_.limits.message_bytes_max) {
    return fail(Reason::limit_message, "what is referred to is longer than message_bytes_max");
  }
  at_ = reference.next;
  again_ = was_again;
  walker_.set_again(was_again);
  return true;
}

bool HessianReader::read_plain(const HessianType& type) {
  if (schema_.is_generic()) [[unlikely]] {
    bool done = false;
    if (const bool good = read_generic(type, done); !good || done) return good;
  }
  if (type.java != JavaType::plain) return read_known(type);
  switch (type.kind) {
    case Kind::boolean:
      if (*at_ != hessian2::lead_true && *at_ != hessian2::lead_false) return fail_kind("a boolean");
      return put8(*at_++ == hessian2::lead_true ? 1 : 0);
    case Kind::f32:
    case Kind::f64: return read_real(type);
    case Kind::string: return read_text(false);
    case Kind::bytes: return read_octets();
    case Kind::uuid: return read_uuid();
    case Kind::enumeration: return read_enum(*type.enumeration);
    case Kind::structure: return read_struct(*type.structure);
    case Kind::list:
    case Kind::set: return read_list(type);
    case Kind::map: return read_map(type);
    default: return read_integer(type);
  }
}

bool HessianReader::read_integer(const HessianType& type) {
  const hessian2::Number number = hessian2::read_integer(at_, end_);
  if (number.next == nullptr) return fail_kind("an integer");
  const Interval range = kind_range(type.kind);
  if (number.value < range.min || number.value > range.max) {
    return fail(Reason::map_range, "the number is out of range");
  }
  at_ = number.next;
  const auto value = static_cast<std::uint64_t>(number.value);
  switch (type.wire_type) {
    case binary::type_i8: return put8(static_cast<std::uint8_t>(value));
    case binary::type_i16:
      if (!out_.ensure(2)) return too_long();
      codecs::store_be16(out_.at(), static_cast<std::uint16_t>(value));
      out_.advance(out_.at() + 2);
      return true;
    case binary::type_i32: return put32(static_cast<std::uint32_t>(value));
    default: return put64(value);
  }
}

// Whether the double is what a float's decimal means: the shortest one, or one with more digits, which Java
// prints where the shortest has one only (1.4E-45), and up to version 18 elsewhere too. Nine tell all floats
// apart.
static bool is_printed(float narrow, double value) {
  char text[32];
  double meant = 0;
  std::from_chars(text, std::to_chars(text, text + sizeof text, narrow).ptr, meant);
  for (int decimals = 1; meant != value && decimals <= 8; ++decimals) {
    const auto printed = std::to_chars(text, text + sizeof text, static_cast<double>(narrow),
                                       std::chars_format::scientific, decimals);
    std::from_chars(text, printed.ptr, meant);
  }
  return meant == value;
}

// A float is written as the double that its decimal means (a field), or widened (an element of an array).
bool HessianReader::read_real(const HessianType& type) {
  hessian2::Real real = hessian2::read_double(at_, end_);
  if (real.next == nullptr) {
    const hessian2::Number number = hessian2::read_integer(at_, end_);
    constexpr std::int64_t exact_max = std::int64_t{1} << 53;
    if (number.next == nullptr) return fail_kind("a double");
    if (number.value < -exact_max || number.value > exact_max) {
      return fail(Reason::map_precision, "the number has digits that a double does not hold");
    }
    real = {number.next, static_cast<double>(number.value)};
  }
  at_ = real.next;
  double value = real.value;
  if (type.kind == Kind::f32 && std::isfinite(value)) {
    const auto narrow = static_cast<float>(value);
    // Else the plan finds that it is no float.
    if (static_cast<double>(narrow) != value && is_printed(narrow, value))
      value = static_cast<double>(narrow);
  }
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return put64(bits);
}

bool HessianReader::read_text(bool one_unit) {
  if (!hessian2::is_text_lead(*at_)) return fail_kind("a text");
  const hessian2::Extent extent = hessian2::measure_text(at_, end_);
  if (extent.next == nullptr) return fail(Reason::wire_malformed, "the text is cut off, or malformed");
  if (!extent.is_unicode) return fail(Reason::map_utf8, "the text has half of a surrogate pair");
  if (one_unit) {
    const hessian2::Piece piece = hessian2::read_text_piece(at_, end_);
    if (!piece.is_last || piece.size != 1) return fail(Reason::map_type, "a char is a text of one unit");
  }
  if (!out_.ensure(4 + extent.bytes + hessian2::copy_slack_bytes)) return too_long();
  codecs::store_be32(out_.at(), static_cast<std::uint32_t>(extent.bytes));
  out_.advance(hessian2::copy_text(at_, end_, out_.at() + 4));
  at_ = extent.next;
  return true;
}

bool HessianReader::read_octets() {
  if (!hessian2::is_octets_lead(*at_)) return fail_kind("bytes");
  const hessian2::Extent extent = hessian2::measure_octets(at_, end_);
  if (extent.next == nullptr) return fail(Reason::wire_malformed, "the bytes are cut off");
  if (!out_.ensure(4 + extent.bytes + hessian2::copy_slack_bytes)) return too_long();
  codecs::store_be32(out_.at(), static_cast<std::uint32_t>(extent.bytes));
  out_.advance(hessian2::copy_octets(at_, end_, out_.at() + 4));
  at_ = extent.next;
  return true;
}

bool HessianReader::read_list(const HessianType& type) {
  if (!enter(at_)) return false;
  const hessian2::ListHead head = walker_.open_list(at_, end_);
  if (head.values == nullptr) {
    return walker_.fault() == codecs::Fault::malformed && *at_ < 0x55 ? fail_kind("a list") : fail_wire();
  }
  if (!put8(type.element->wire_type)) return false;
  const std::size_t count_at = out_.size();
  if (!put32(static_cast<std::uint32_t>(head.count))) return false;
  at_ = head.values;
  const HessianStruct* const structure =
      type.element->java == JavaType::plain ? type.element->structure : nullptr;
  std::size_t count = 0;
  for (;; ++count) {
    if (!head.is_open && count == head.count) break;
    if (at_ == end_) return fail(Reason::wire_truncated, "the list is cut off");
    if (head.is_open && *at_ == hessian2::lead_end) break;
    const bool is_object = *at_ >= hessian2::lead_object_short && *at_ < hessian2::lead_typed_list_short;
    const bool good =
        structure != nullptr && is_object
            ? read_struct(*structure)
            : take_usual(*type.element) || read_element(*type.element, "null is no element of a list");
    if (!good) return at_index(count);
  }
  if (head.is_open) {
    ++at_;
    codecs::store_be32(out_.begin() + count_at, static_cast<std::uint32_t>(count));
  }
  leave();
  return true;
}

// Of an element, in one of its usual forms; false: it is to be read another way.
bool HessianReader::take_usual(const HessianType& type) {
  if (type.leaf == HessianLeaf::none || !out_.ensure(leaf_bytes_max)) return false;
  std::uint8_t* out = out_.at();
  if (!take_leaf(type.leaf, at_, end_, out)) return false;
  out_.advance(out);
  return true;
}

// The first entries of a map of leaves, as many as have their usual forms.
std::size_t HessianReader::take_entries(const HessianType& type) {
  const HessianLeaf key = type.key->leaf;
  const HessianLeaf element = type.element->leaf;
  if (key == HessianLeaf::none || element == HessianLeaf::none) return 0;
  const std::uint8_t* const end = end_;
  std::size_t count = 0;
  for (;; ++count) {
    const std::uint8_t* p = at_;
    std::uint8_t* out = out_.room(out_.at(), 2 * leaf_bytes_max);
    if (out == nullptr || !take_leaf(key, p, end, out) || !take_leaf(element, p, end, out)) return count;
    at_ = p;
    out_.advance(out);
  }
}

bool HessianReader::read_element(const HessianType& type, std::string_view null_text) {
  at_ = walker_.find_lead(at_, end_);
  if (at_ == nullptr) return fail_wire();
  return *at_ == hessian2::lead_null ? fail(Reason::map_null, null_text) : read_value(type);
}

bool HessianReader::read_map(const HessianType& type) {
  if (*at_ != hessian2::lead_map && *at_ != hessian2::lead_typed_map) return fail_kind("a map");
  if (!enter(at_)) return false;
  const hessian2::MapHead head = walker_.open_typed_map(at_, end_);
  if (head.values == nullptr) return fail_wire();
  if (!put8(type.key->wire_type) || !put8(type.element->wire_type)) return false;
  const std::size_t count_at = out_.size();
  if (!put32(0)) return false;
  at_ = head.values;
  std::size_t count = 0;
  for (count = take_entries(type); at_ != end_ && *at_ != hessian2::lead_end; ++count) {
    if ((!take_usual(*type.key) && !read_element(*type.key, "null is no key of a map")) ||
        (!take_usual(*type.element) && !read_element(*type.element, "null is no value in a map"))) {
      return at_index(count);
    }
  }
  if (at_ == end_) return fail(Reason::wire_truncated, "the map is cut off");
  ++at_;
  codecs::store_be32(out_.begin() + count_at, static_cast<std::uint32_t>(count));
  leave();
  return true;
}

bool HessianReader::is_class(const std::uint8_t* name, std::string_view wanted) {
  std::string_view text;
  return hessian2::read_text(name, end_, name_, text) != nullptr && text == wanted;
}

bool HessianReader::read_name(std::string_view& name) {
  at_ = walker_.find_lead(at_, end_);
  if (at_ == nullptr) return fail_wire();
  if (!hessian2::is_text_lead(*at_)) return fail_kind("a text");
  const std::uint8_t* const behind = hessian2::read_text(at_, end_, name_, name);
  if (behind == nullptr) return fail(Reason::wire_malformed, "the text is cut off, or malformed");
  at_ = behind;
  return true;
}

bool HessianReader::skip() {
  at_ = walker_.skip(at_, end_);
  return at_ != nullptr || fail_wire();
}

bool HessianReader::skip_unknown() {
  // One that is null says as much as one that is not there.
  if (comes_null()) {
    ++at_;
    return true;
  }
  if (options_.not_in_schema == NotInSchema::reject) {
    return fail(Reason::map_unknown_field, "the message has a field that the schema does not know");
  }
  ++context_.counters.dropped_fields[static_cast<std::size_t>(model::Drop::unknown)];
  return skip();
}

bool HessianReader::enter(const std::uint8_t* begin) {
  if (depth_ >= options_.limits.nesting_max || depth_ >= open_max) {
    return fail(Reason::limit_depth, "structs and containers are nested deeper than nesting_max");
  }
  open_[depth_++] = begin;
  return true;
}

bool HessianReader::put8(std::uint8_t value) {
  if (!out_.ensure(1)) return too_long();
  *out_.at() = value;
  out_.advance(out_.at() + 1);
  return true;
}

bool HessianReader::put_head(std::uint8_t type, std::int16_t id) {
  if (!out_.ensure(binary::field_head_bytes)) return too_long();
  std::uint8_t* const out = out_.at();
  *out = type;
  codecs::store_be16(out + 1, static_cast<std::uint16_t>(id));
  out_.advance(out + binary::field_head_bytes);
  return true;
}

bool HessianReader::put32(std::uint32_t value) {
  if (!out_.ensure(4)) return too_long();
  codecs::store_be32(out_.at(), value);
  out_.advance(out_.at() + 4);
  return true;
}

bool HessianReader::put64(std::uint64_t value) {
  if (!out_.ensure(8)) return too_long();
  codecs::store_be64(out_.at(), value);
  out_.advance(out_.at() + 8);
  return true;
}

bool HessianReader::put_text(std::string_view text) {
  return put32(static_cast<std::uint32_t>(text.size())) && (out_.put(text) || too_long());
}

}  // namespace koine::transcode
