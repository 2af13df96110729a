// Hints. Owner: see override_hints.h.
#include "idl/match/override_hints.h"

#include <algorithm>

#include "idl/source.h"

namespace koine::idl::match {
namespace {

// Comparing names costs: with more mistakes than this nobody reads what each was meant to be.
constexpr std::size_t hints_max = 50;
constexpr std::string_view nothing = "names nothing that stands opposite one another";

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> method_names(const Service& service) {
  std::vector<std::string> out;
  for (const Method& method : service.methods) out.push_back(method.name);
  return out;
}

std::string quoted(std::string_view name) { return "'" + std::string(name) + "'"; }

}  // namespace

std::string OverrideHints::unknown(const OverrideTable::Rename& rename) {
  if (++told_ > hints_max) return std::string(nothing);
  const std::size_t dot = rename.key.rfind('.');
  if (dot == std::string::npos) return unknown_method(rename);
  collect();
  return unknown_member(std::string_view(rename.key).substr(0, dot), rename.key.substr(dot + 1), rename.to);
}

std::string OverrideHints::unknown_method(const OverrideTable::Rename& rename) const {
  const std::vector<std::string> own = method_names(*exposed_.service);
  const std::vector<std::string> others = method_names(*provider_.service);
  if (!has(own, rename.key)) {
    return "is no method of " + exposed_.service->full_name + ", and no exception" +
           did_you_mean(rename.key, own);
  }
  if (!has(others, rename.to)) {
    return quoted(rename.to) + " is no method of " + provider_.service->full_name +
           did_you_mean(rename.to, others);
  }
  return quoted(rename.to) + " has another counterpart already";
}

std::string OverrideHints::unknown_member(std::string_view type, const std::string& member,
                                          const std::string& to) {
  const auto full = by_full_name_.find(std::string(type));
  const auto found = types_.find(full == by_full_name_.end() ? std::string(type) : full->second);
  if (found == types_.end()) {
    return quoted(type) + " is no type that the methods have in common" + did_you_mean(type, labels_);
  }
  const Members& members = found->second;
  if (!has(members.own, member)) {
    return quoted(type) + " has no " + quoted(member) + did_you_mean(member, members.own);
  }
  if (!has(members.others, to)) {
    return "what stands opposite " + quoted(type) + " has no " + quoted(to) +
           did_you_mean(to, members.others);
  }
  return quoted(to) + " has another counterpart already";
}

OverrideHints::Members& OverrideHints::members_of(const std::string& label, const std::string& full_name) {
  by_full_name_.emplace(full_name, label);
  const auto [found, added] = types_.try_emplace(label);
  if (added) labels_.push_back(label);
  return found->second;
}

void OverrideHints::collect() {
  if (collected_) return;
  collected_ = true;
  for (const StructPair& pair : data_.structs) {
    if (pair.flow == 0) continue;
    Members& members = members_of(table_.label(*pair.exposed), pair.exposed->full_name);
    for (const Field& field : pair.exposed->fields) members.own.push_back(field.name);
    for (const std::string& oneof : pair.exposed->oneofs) members.own.push_back(oneof);
    for (const Field& field : pair.provider->fields) members.others.push_back(field.name);
    for (const std::string& oneof : pair.provider->oneofs) members.others.push_back(oneof);
  }
  for (const EnumPair& pair : data_.enums) {
    Members& members = members_of(pair.exposed->name, pair.exposed->full_name);
    for (const EnumValue& value : pair.exposed->values) members.own.push_back(value.name);
    for (const EnumValue& value : pair.provider->values) members.others.push_back(value.name);
  }
}

}  // namespace koine::idl::match
