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
// Enough to know a struct by.
constexpr std::size_t outline_names_max = 1000;

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

double Similarity::types(const Type& a, const Type& b) {
  if (a.kind == Kind::structure && b.kind == Kind::structure) {
    const double common = structs(*a.structure, *b.structure);
    const bool one_empty = a.structure->fields.empty() || b.structure->fields.empty();
    return common > 0 || one_empty || a.structure == b.structure ? common : -1;
  }
  if (a.kind == Kind::structure || b.kind == Kind::structure) {
    const Type& wrapper = a.kind == Kind::structure ? a : b;
    const Type& bare = a.kind == Kind::structure ? b : a;
    if (time_form(wrapper) != TimeForm::none && is_time_number(bare)) return 0.8;
    const Field* wrapped = wrapped_field(wrapper, bare);
    return wrapped == nullptr ? -1 : 0.9 * types(*wrapped->type, bare);
  }
  if (a.kind == Kind::enumeration && b.kind == Kind::enumeration) return 1;
  if (is_sequence(a.kind) && is_sequence(b.kind)) {
    return (a.kind == b.kind ? 1 : 0.9) * types(*a.element, *b.element);
  }
  if (a.kind == Kind::map && b.kind == Kind::map) {
    const double keys = types(*a.key, *b.key);
    return keys < 0 ? -1 : keys * types(*a.element, *b.element);
  }
  if (a.kind == b.kind) return 1;
  const bool close = (is_integer(a.kind) && is_integer(b.kind)) || (is_real(a.kind) && is_real(b.kind)) ||
                     (is_text(a.kind) && is_text(b.kind));
  return close ? 0.7 : -1;
}

double Similarity::lists(const std::vector<std::string>& a, const std::vector<std::string>& b,
                         const std::unordered_map<std::string, std::size_t>& frequency) {
  steps_ += a.size() + b.size();
  if (spent()) return 0;
  if (a.empty() || b.empty()) return a.empty() && b.empty() ? 0.5 : 0;
  const std::set<std::string_view> there(b.begin(), b.end());
  std::set<std::string_view> found;
  std::vector<const std::string*> rest;
  double common = 0;
  double all = 0;
  for (const std::string& name : a) {
    all += weight(name, frequency);
    if (there.contains(name) && found.insert(name).second) {
      common += 2 * weight(name, frequency);
    } else {
      rest.push_back(&name);
    }
  }
  for (const std::string& name : b) {
    all += weight(name, frequency);
    if (found.contains(name) || rest.size() > 32 || spent()) continue;
    for (const std::string* other : rest) {
      if (names(name, *other) < alike_name) continue;
      common += weight(name, frequency) + weight(*other, frequency);
      std::erase(rest, other);
      break;
    }
  }
  return common / all;
}

double Similarity::structs(const StructType& a, const StructType& b) {
  return spent() ? 0 : lists(outline(a), outline(b), {});
}

std::vector<std::string> outline(const StructType& type) {
  std::vector<std::string> out;
  for (const Field& field : type.fields) {
    if (out.size() >= outline_names_max) break;
    out.push_back(folded(field.name));
    if (!is_union(*field.type)) continue;
    for (const Field& member : field.type->structure->fields) {
      if (out.size() < outline_names_max) out.push_back(folded(member.name));
    }
  }
  for (const std::string& oneof : type.oneofs) out.push_back(folded(oneof));
  return out;
}

}  // namespace koine::idl::match
