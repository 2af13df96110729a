// See boundaries.h.
#include "transcode/proof/boundaries.h"

#include <algorithm>
#include <bitset>
#include <cmath>
#include <limits>

#include "transcode/proof/text_rules.h"

namespace koine::transcode::proof {
namespace {

using idl::Kind;
using B = Boundary;

constexpr std::array<std::string_view, boundary_count> names = {
    "ordinary",   "zero",      "min",    "max",   "below", "above", "NaN",     "inf",       "-0",
    "denormal",   "imprecise", "beyond", "empty", "long",  "wide",  "invalid", "surrogate", "declared",
    "undeclared", "upper",     "one",    "many",  "twice", "none",  "two",     "absent"};

struct Ends {
  std::int64_t low;
  std::int64_t high;
};
Ends ends(Kind kind) {
  switch (kind) {
    case Kind::i8: return {-128, 127};
    case Kind::i16: return {-32768, 32767};
    case Kind::i32:
      return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
    case Kind::u8: return {0, 255};
    case Kind::u16: return {0, 65535};
    case Kind::u32: return {0, std::numeric_limits<std::uint32_t>::max()};
    case Kind::u64: return {0, std::numeric_limits<std::int64_t>::max()};
    default: return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
  }
}

Boundary of_integer(Kind kind, std::int64_t number) {
  const Ends of = ends(kind);
  if (kind == Kind::u64 && number < 0) return B::above;  // as its bits
  if (number < of.low) return B::below;
  if (number > of.high) return B::above;
  if (number == 0) return B::zero;
  return number == of.low ? B::minimum : number == of.high ? B::maximum : B::ordinary;
}

Boundary of_real(Kind kind, double number) {
  if (std::isnan(number)) return B::nan;
  if (std::isinf(number)) return B::infinity;
  if (number == 0) return std::signbit(number) ? B::minus_zero : B::zero;
  const double size = std::abs(number);
  if (kind == Kind::f64) {
    if (size < std::numeric_limits<double>::min()) return B::denormal;
    return size == std::numeric_limits<double>::max() ? B::maximum : B::ordinary;
  }
  if (size > static_cast<double>(std::numeric_limits<float>::max())) return B::beyond;
  if (static_cast<double>(static_cast<float>(number)) != number) return B::imprecise;
  if (size < static_cast<double>(std::numeric_limits<float>::min())) return B::denormal;
  return size == static_cast<double>(std::numeric_limits<float>::max()) ? B::maximum : B::ordinary;
}

Boundary of_text(const std::string& text) {
  if (text.empty()) return B::empty;
  if (!is_text(text)) return text.find('\xed') != std::string::npos ? B::surrogate : B::invalid;
  if (text.size() > 127) return B::long_;
  const bool ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) > 0; });
  return ascii ? B::ordinary : B::wide;
}

Boundary of_uuid(View view, const idl::Type& type, const std::string& text) {
  const bool is_octets = view == View::thrift || type.number_form == idl::NumberForm::fixed;
  const std::string octets = is_octets ? text : uuid_octets(text).value_or("");
  if (octets.size() != 16) return B::invalid;
  if (octets == std::string(16, '\0')) return B::zero;
  const bool upper = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'F'; });
  return !is_octets && upper ? B::upper_case : B::ordinary;
}

class Walk {
 public:
  explicit Walk(View view) : view_(view) {}
  std::bitset<cell_count> met;

  void structure(const idl::StructType& type, const Value& value) {
    if (type.form == idl::StructForm::union_) {
      meet(Kind::structure, value.fields.empty() ? B::none : value.fields.size() == 1 ? B::one : B::two);
    } else {
      meet(Kind::structure, value.fields.empty() ? B::empty : B::ordinary);
    }
    for (const idl::Field& field : type.fields) {
      const auto at = std::find_if(value.fields.begin(), value.fields.end(),
                                   [&](const auto& one) { return one.first == field.id; });
      if (at == value.fields.end()) {
        meet(field.type->kind, B::absent);
      } else {
        item(*field.type, at->second);
      }
    }
  }

 private:
  void meet(Kind kind, Boundary boundary) { met.set(cell(kind, boundary)); }

  void item(const idl::Type& type, const Value& value) {
    switch (type.kind) {
      case Kind::structure: return structure(*type.structure, value);
      case Kind::boolean: return meet(type.kind, value.number != 0 ? B::ordinary : B::zero);
      case Kind::enumeration: {
        const bool known = type.enumeration->find_value(static_cast<std::int32_t>(value.number)) != nullptr;
        return meet(type.kind, !known ? B::undeclared : value.number == 0 ? B::zero : B::declared);
      }
      case Kind::f32:
      case Kind::f64: return meet(type.kind, of_real(type.kind, value.real));
      case Kind::string: return meet(type.kind, of_text(value.text));
      case Kind::bytes:
        return meet(type.kind, value.text.empty()        ? B::empty
                               : value.text.size() > 127 ? B::long_
                                                         : B::ordinary);
      case Kind::uuid: return meet(type.kind, of_uuid(view_, type, value.text));
      case Kind::list:
      case Kind::set:
      case Kind::map: return container(type, value);
      default: return meet(type.kind, of_integer(type.kind, value.number));
    }
  }

  void container(const idl::Type& type, const Value& value) {
    const std::size_t step = type.kind == Kind::map ? 2 : 1;
    const std::size_t size = value.items.size() / step;
    meet(type.kind, size == 0 ? B::empty : size == 1 ? B::one : size > 14 ? B::many : B::ordinary);
    for (std::size_t i = 0; type.kind != Kind::list && size < 15 && i < value.items.size(); i += step) {
      for (std::size_t k = 0; k < i; k += step) {
        if (value.items[i] == value.items[k]) meet(type.kind, B::duplicate);
      }
    }
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      item(type.kind == Kind::map && i % 2 == 0 ? *type.key : *type.element, value.items[i]);
    }
  }

  View view_;
};

}  // namespace

std::string_view name(Boundary boundary) { return names[static_cast<std::size_t>(boundary)]; }

std::vector<Boundary> boundaries(View view, Kind kind) {
  const bool thrift = view == View::thrift;
  switch (kind) {
    case Kind::boolean: return {B::ordinary, B::zero, B::absent};
    case Kind::i8:
    case Kind::i16: {
      // Thrift has wire types of just this size.
      if (thrift) return {B::ordinary, B::zero, B::minimum, B::maximum, B::absent};
      return {B::ordinary, B::zero, B::minimum, B::maximum, B::below, B::above, B::absent};
    }
    case Kind::i32:
    case Kind::i64: return {B::ordinary, B::zero, B::minimum, B::maximum, B::absent};
    case Kind::u8:
    case Kind::u16:
      if (!thrift) return {B::ordinary, B::zero, B::maximum, B::above, B::absent};
      return {B::ordinary, B::zero, B::maximum, B::below, B::above, B::absent};
    case Kind::u32:
      if (!thrift) return {B::ordinary, B::zero, B::maximum, B::absent};
      return {B::ordinary, B::zero, B::maximum, B::below, B::above, B::absent};
    case Kind::u64: return {B::ordinary, B::zero, B::maximum, B::above, B::absent};
    case Kind::f32:
      if (!thrift)
        return {B::ordinary, B::zero, B::maximum, B::nan, B::infinity, B::minus_zero, B::denormal, B::absent};
      return {B::ordinary,   B::zero,     B::maximum,   B::nan,    B::infinity,
              B::minus_zero, B::denormal, B::imprecise, B::beyond, B::absent};
    case Kind::f64:
      return {B::ordinary, B::zero, B::maximum, B::nan, B::infinity, B::minus_zero, B::denormal, B::absent};
    case Kind::string: return {B::ordinary, B::empty, B::long_, B::wide, B::invalid, B::surrogate, B::absent};
    case Kind::bytes: return {B::ordinary, B::empty, B::long_, B::absent};
    case Kind::uuid:
      if (thrift) return {B::ordinary, B::zero, B::absent};
      return {B::ordinary, B::zero, B::upper_case, B::invalid, B::absent};
    case Kind::enumeration: return {B::declared, B::zero, B::undeclared, B::absent};
    case Kind::structure:
      // A message has at most one member of a oneof, and no repeated field that is empty.
      if (!thrift) return {B::ordinary, B::empty, B::one, B::none, B::absent};
      return {B::ordinary, B::empty, B::one, B::none, B::two, B::absent};
    case Kind::list:
      if (!thrift) return {B::ordinary, B::one, B::many, B::absent};
      return {B::ordinary, B::empty, B::one, B::many, B::absent};
    case Kind::set:
    case Kind::map:
      if (!thrift) return {B::ordinary, B::one, B::many, B::duplicate, B::absent};
      return {B::ordinary, B::empty, B::one, B::many, B::duplicate, B::absent};
  }
  return {};
}

bool is_trouble(Boundary boundary) {
  switch (boundary) {
    case B::below:
    case B::above:
    case B::imprecise:
    case B::beyond:
    case B::invalid:
    case B::surrogate:
    case B::duplicate:
    case B::none:
    case B::two: return true;
    default: return false;
  }
}

std::vector<Cell> cells(View view, const idl::StructType& type, const Value& value) {
  Walk walk(view);
  walk.structure(type, value);
  std::vector<Cell> all;
  for (Cell i = 0; i < cell_count; ++i) {
    if (walk.met[i]) all.push_back(i);
  }
  return all;
}

}  // namespace koine::transcode::proof
