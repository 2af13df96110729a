// See trees.h.
#include "transcode/proof/trees.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace koine::transcode::proof {
namespace {

using idl::Field;
using idl::Kind;
using idl::Presence;
using idl::StructRole;
using idl::StructType;
using idl::Type;

void make_canonical(View view, const Type& type, Value& value);

void make_canonical(View view, const StructType& type, Value& value) {
  std::stable_sort(value.fields.begin(), value.fields.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [id, content] : value.fields) make_canonical(view, *type.find_field(id)->type, content);
  if (view == View::thrift) return;
  std::erase_if(value.fields, [&](const auto& field) {
    const Field& declared = *type.find_field(field.first);
    return is_plain(declared) && is_zero(*declared.type, field.second);
  });
}

void make_canonical(View view, const Type& type, Value& value) {
  if (type.kind == Kind::structure) return make_canonical(view, *type.structure, value);
  if (type.kind == Kind::list || type.kind == Kind::set) {
    for (Value& item : value.items) make_canonical(view, *type.element, item);
    // Entries stand in any order.
    if (view == View::protobuf && is_entries(type)) {
      std::stable_sort(value.items.begin(), value.items.end(),
                       [](const Value& a, const Value& b) { return print(a) < print(b); });
    }
  }
  if (type.kind != Kind::map) return;
  std::vector<std::pair<std::string, std::pair<Value, Value>>> all;
  for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
    make_canonical(view, *type.key, value.items[i]);
    make_canonical(view, *type.element, value.items[i + 1]);
    std::string key = print(value.items[i]);
    if (view == View::protobuf) std::erase_if(all, [&](const auto& other) { return other.first == key; });
    all.push_back({std::move(key), {std::move(value.items[i]), std::move(value.items[i + 1])}});
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  value.items.clear();
  for (auto& [text, entry] : all) {
    value.items.push_back(std::move(entry.first));
    value.items.push_back(std::move(entry.second));
  }
}

}  // namespace

const Field* counterpart(const StructType& from, const Field& field, const StructType& to) {
  if (&from == &to) return &field;
  if (from.origin == &to) return to.find_field(field.origin_id);
  const auto at = std::find_if(to.fields.begin(), to.fields.end(),
                               [&](const Field& one) { return one.origin_id == field.id; });
  return at == to.fields.end() ? nullptr : &*at;
}

namespace {

bool repeats_a_key(const Type& type, const Value& value) {
  if (type.kind == Kind::structure) return proof::repeats_a_key(*type.structure, value);
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const bool is_key = type.kind == Kind::map && i % 2 == 0;
    if (type.kind >= Kind::list && repeats_a_key(is_key ? *type.key : *type.element, value.items[i]))
      return true;
    for (std::size_t k = 0; is_key && k < i; k += 2) {
      if (value.items[i] == value.items[k]) return true;
    }
  }
  return false;
}

}  // namespace

bool repeats_a_key(const StructType& type, const Value& value) {
  return std::any_of(value.fields.begin(), value.fields.end(), [&](const auto& field) {
    return repeats_a_key(*type.find_field(field.first)->type, field.second);
  });
}

bool is_plain(const Field& field) { return field.presence == Presence::implicit && field.oneof_index < 0; }

bool is_entries(const Type& type) {
  return type.kind == Kind::list && type.element->kind == Kind::structure &&
         type.element->structure->role == StructRole::map_entry;
}

bool is_zero(const Type& type, const Value& value) {
  switch (type.kind) {
    case Kind::structure:
    case Kind::uuid: return false;
    case Kind::list:
    case Kind::set:
    case Kind::map: return value.items.empty();
    case Kind::string:
    case Kind::bytes: return value.text.empty();
    case Kind::f32:
    case Kind::f64: return value.real == 0 && !std::signbit(value.real);
    default: return value.number == 0;
  }
}

std::string_view well_known(const StructType& type) {
  constexpr std::string_view package = "google.protobuf.";
  const StructType* in_protobuf =
      type.origin != nullptr && !type.full_name.starts_with(package) ? type.origin : &type;
  const std::string_view name = in_protobuf->full_name;
  return name.starts_with(package) ? name.substr(package.size()) : std::string_view();
}

Value canonical(View view, const StructType& type, const Value& value) {
  Value out = value;
  make_canonical(view, type, out);
  return out;
}

}  // namespace koine::transcode::proof
