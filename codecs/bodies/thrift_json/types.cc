// The table of names, look-ups in shapes, the vector behind a sink.
#include "codecs/bodies/thrift_json/types.h"

#include <algorithm>
#include <utility>

#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/bodies/thrift_json/shape.h"
#include "codecs/bodies/thrift_json/sink.h"

namespace koine::codecs::bodies::thrift_json {
namespace {

namespace binary = codecs::bodies::thrift_binary;

constexpr std::pair<std::string_view, std::uint8_t> names[] = {
    {"str", binary::type_string}, {"i32", binary::type_i32},    {"i64", binary::type_i64},
    {"rec", binary::type_struct}, {"tf", binary::type_bool},    {"lst", binary::type_list},
    {"map", binary::type_map},    {"dbl", binary::type_double}, {"set", binary::type_set},
    {"i16", binary::type_i16},    {"i8", binary::type_i8},      {"uid", binary::type_uuid},
};

}  // namespace

std::uint8_t type_of(std::string_view name) noexcept {
  for (const auto& [known, type] : names) {
    if (known == name) return type;
  }
  return binary::type_stop;
}

std::string_view name_of(std::uint8_t type) noexcept {
  for (const auto& [name, known] : names) {
    if (known == type) return name;
  }
  return {};
}

bool is_key(std::uint8_t type) noexcept {
  switch (type) {
    case binary::type_struct:
    case binary::type_list:
    case binary::type_set:
    case binary::type_map: return false;
    default: return !name_of(type).empty();
  }
}

const FieldShape* StructShape::find(std::int32_t id) const noexcept {
  const auto at = std::lower_bound(fields.begin(), fields.end(), id,
                                   [](const FieldShape& field, std::int32_t n) { return field.id < n; });
  return at != fields.end() && at->id == id ? &*at : nullptr;
}

bool VectorSink::grow(std::size_t bytes) {
  const std::size_t used = size();
  if (used > bytes_max_ || bytes > bytes_max_ - used) return false;
  bytes_.resize(std::min(std::max({used + bytes, 2 * bytes_.size(), std::size_t{256}}), bytes_max_));
  begin_ = bytes_.data();
  at_ = begin_ + used;
  limit_ = begin_ + bytes_.size();
  return true;
}

}  // namespace koine::codecs::bodies::thrift_json
