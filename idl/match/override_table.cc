// Overrides by name. Owner: see override_table.h.
#include "idl/match/override_table.h"

#include <algorithm>

namespace koine::idl::match {

std::string dotted(std::string_view scope, std::string_view name) {
  return std::string(scope).append(".").append(name);
}

OverrideTable::OverrideTable(const Overrides& overrides) {
  for (const auto& [key, to] : overrides.rename) renames_.push_back({key, to});
  for (const std::string& text : overrides.allow) {
    if (allowance_index_.emplace(text, allowances_.size()).second) allowances_.push_back({text});
  }
}

const std::string& OverrideTable::label(const StructType& type) const {
  const auto found = labels_.find(&type);
  return found == labels_.end() ? type.name : found->second;
}

OverrideTable::Rename* OverrideTable::find_key(std::string_view key) {
  const auto found =
      std::lower_bound(renames_.begin(), renames_.end(), key,
                       [](const Rename& one, std::string_view name) { return one.key < name; });
  return found == renames_.end() || found->key != key ? nullptr : &*found;
}

OverrideTable::Rename* OverrideTable::find(std::string_view full_name, std::string_view label,
                                           std::string_view member) {
  if (renames_.empty()) return nullptr;
  if (Rename* found = find_key(dotted(full_name, member))) return found;
  return full_name == label ? nullptr : find_key(dotted(label, member));
}

OverrideTable::Rename* OverrideTable::find(std::string_view full_name, std::string_view name) {
  if (Rename* found = find_key(full_name)) return found;
  return find_key(name);
}

bool OverrideTable::allows(std::string_view rule, std::string_view subject) {
  if (allowances_.empty()) return false;
  std::string text(rule);
  text.append(":").append(subject);
  const auto found = allowance_index_.find(text);
  if (found == allowance_index_.end()) return false;
  allowances_[found->second].used = true;
  return true;
}

}  // namespace koine::idl::match
