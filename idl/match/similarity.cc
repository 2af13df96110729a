// Likeness. Owner: see similarity.h.
#include "idl/match/similarity.h"

#include <algorithm>
#include <array>
#include <set>

#include "idl/folded.h"
#include "idl/match/adapters.h"
#include "idl/match/kinds.h"

namespace koine::idl::match {
namespace {

constexpr std::size_t compared_letters_max = 64;
constexpr double alike_name = 0.75;
constexpr double alike_counts = 0.6;  // of what the same name counts
// Enough to know a struct by.
constexpr std::size_t outline_names_max = 1000;
// A wrapper may hold itself.
constexpr int wrappers_max = 8;

// Changes that make one of the other.
std::size_t changes(std::string_view a, std::string_view b) {
  std::array<std::size_t, compared_letters_max + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// Structs wrap values of every kind.
bool fit(Kind a, Kind b) {
  return a == b || a == Kind::structure || b == Kind::structure || (is_integer(a) && is_integer(b)) ||
         (is_real(a) && is_real(b)) || (is_text(a) && is_text(b)) || (is_sequence(a) && is_sequence(b));
}

double weight(const std::string& name, const std::unordered_map<std::string, std::size_t>& frequency) {
  const auto found = frequency.find(name);
  return found == frequency.end() || found->second == 0 ? 1.0 : 1.0 / static_cast<double>(found->second);
}

}  // namespace

double Similarity::names(std::string_view a, std::string_view b) {
  ++steps_;
  if (a == b) return 1;
  if (a.empty() || b.empty() || spent()) return 0;
  if (a.size() > compared_letters_max || b.size() > compared_letters_max) return 0;
  const double longer = static_cast<double>(std::max(a.size(), b.size()));
  const double shorter = static_cast<double>(std::min(a.size(), b.size()));
  const double by_letters = 1 - static_cast<double>(changes(a, b)) / longer;
  const bool inside = a.find(b) != std::string_view::npos || b.find(a) != std::string_view::npos;
  if (!inside || shorter < 3) return by_letters;
  return std::max(by_letters, 0.6 + 0.4 * shorter / longer);
}

double Similarity::types(const Type& a, const Type& b, int depth) {
  if (a.kind == Kind::structure && b.kind == Kind::structure) {
    return struct_types(*a.structure, *b.structure, depth);
  }
  if (a.kind == Kind::structure || b.kind == Kind::structure) {
    const Type& wrapper = a.kind == Kind::structure ? a : b;
    const Type& bare = a.kind == Kind::structure ? b : a;
    if (time_form(wrapper) != TimeForm::none && is_time_number(bare)) return 0.8;
    const Field* wrapped = wrapped_field(wrapper, bare);
    return wrapped == nullptr ? -1 : 0.9 * types(*wrapped->type, bare, depth);
  }
  if (a.kind == Kind::enumeration && b.kind == Kind::enumeration) return 1;
  if (is_sequence(a.kind) && is_sequence(b.kind)) {
    return (a.kind == b.kind ? 1 : 0.9) * types(*a.element, *b.element, depth);
  }
  if (a.kind == Kind::map && b.kind == Kind::map) {
    const double keys = types(*a.key, *b.key, depth);
    return keys < 0 ? -1 : keys * types(*a.element, *b.element, depth);
  }
  if (a.kind == b.kind) return 1;
  const bool close = (is_integer(a.kind) && is_integer(b.kind)) || (is_real(a.kind) && is_real(b.kind)) ||
                     (is_text(a.kind) && is_text(b.kind));
  return close ? 0.7 : -1;
}

// Of two that hold one value each the values count as well: their names are whatever a wrapper's are.
double Similarity::struct_types(const StructType& a, const StructType& b, int depth) {
  double common = structs(a, b);
  if (a.fields.size() == 1 && b.fields.size() == 1 && depth < wrappers_max) {
    common = std::max(common, 0.9 * types(*a.fields.front().type, *b.fields.front().type, depth + 1));
  }
  const bool one_empty = a.fields.empty() || b.fields.empty();
  return common > 0 || one_empty || &a == &b ? common : -1;
}

double Similarity::lists(const std::vector<Trait>& a, const std::vector<Trait>& b,
                         const std::unordered_map<std::string, std::size_t>& frequency) {
  steps_ += a.size() + b.size();
  if (spent()) return 0;
  if (a.empty() || b.empty()) return a.empty() && b.empty() ? 0.5 : 0;
  std::set<std::string_view> there;
  for (const Trait& one : b) there.insert(one.name);
  std::set<std::string_view> found;
  std::vector<const Trait*> rest;
  double common = 0;
  double all = 0;
  for (const Trait& one : a) {
    all += weight(one.name, frequency);
    if (there.contains(one.name) && found.insert(one.name).second) {
      common += 2 * weight(one.name, frequency);
    } else {
      rest.push_back(&one);
    }
  }
  for (const Trait& one : b) {
    all += weight(one.name, frequency);
    if (found.contains(one.name) || rest.size() > 32 || spent()) continue;
    for (const Trait* other : rest) {
      if (!fit(one.kind, other->kind) || names(one.name, other->name) < alike_name) continue;
      common += alike_counts * (weight(one.name, frequency) + weight(other->name, frequency));
      std::erase(rest, other);
      break;
    }
  }
  return common / all;
}

double Similarity::structs(const StructType& a, const StructType& b) {
  return spent() ? 0 : lists(outline(a), outline(b), {});
}

std::vector<Trait> outline(const StructType& type) {
  std::vector<Trait> out;
  for (const Field& field : type.fields) {
    if (out.size() >= outline_names_max) break;
    out.push_back({folded(field.name), field.type->kind});
    if (!is_union(*field.type)) continue;
    for (const Field& member : field.type->structure->fields) {
      if (out.size() < outline_names_max) out.push_back({folded(member.name), member.type->kind});
    }
  }
  for (const std::string& oneof : type.oneofs) out.push_back({folded(oneof), Kind::structure});
  return out;
}

}  // namespace koine::idl::match
