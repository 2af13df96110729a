// Values of two enums, by name without what all names of one side begin with.
#include <algorithm>
#include <optional>

#include "idl/folded.h"
#include "idl/match/builder.h"
#include "idl/source.h"

namespace koine::idl::match {
namespace {

using Keys = std::vector<std::string>;  // of each value, in order

// Without `prefix`; empty when some value does not begin with it, or is nothing else.
Keys without_prefix(const Keys& whole, std::string_view prefix) {
  Keys out;
  if (prefix.empty()) return out;
  for (const std::string& key : whole) {
    if (!key.starts_with(prefix) || key.size() == prefix.size()) return {};
    out.push_back(key.substr(prefix.size()));
  }
  return out;
}

// What all names begin with, up to an underscore.
std::string common_prefix(const EnumType& type) {
  if (type.values.size() < 2) return {};
  std::string_view common = type.values[0].name;
  for (const EnumValue& value : type.values) {
    const auto [end, other] =
        std::mismatch(common.begin(), common.end(), value.name.begin(), value.name.end());
    common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
  }
  const std::size_t underscore = common.rfind('_');
  return underscore == std::string_view::npos ? std::string() : folded(common.substr(0, underscore + 1));
}

// The ways to read an enum's names, those that leave most of them first.
std::vector<Keys> readings(const EnumType& type) {
  Keys whole;
  for (const EnumValue& value : type.values) whole.push_back(folded(value.name));
  std::vector<Keys> out = {whole};
  const std::string bare = type.name.substr(type.name.rfind('.') + 1);
  std::vector<std::string> prefixes = {folded(bare), common_prefix(type)};
  for (const char* name : {"koine.enum_prefix", "koine.value_prefix"}) {
    if (const std::string* said = find_annotation(type.annotations, name)) prefixes.push_back(folded(*said));
  }
  for (const std::string& prefix : prefixes) {
    Keys keys = without_prefix(whole, prefix);
    if (!keys.empty() && std::find(out.begin(), out.end(), keys) == out.end()) out.push_back(std::move(keys));
  }
  return out;
}

std::size_t in_common(const Keys& a, const Keys& b) {
  const std::unordered_set<std::string_view> known(a.begin(), a.end());
  return static_cast<std::size_t>(
      std::count_if(b.begin(), b.end(), [&](const std::string& key) { return known.contains(key); }));
}

// The 0 that says that nothing was said.
bool says_nothing(const EnumValue& value) {
  if (value.number != 0) return false;
  const std::string name = folded(value.name);
  for (const char* end : {"unspecified", "unknown", "invalid", "none", "default"}) {
    if (name.ends_with(end)) return true;
  }
  return false;
}

}  // namespace

void Builder::pair_values(EnumPair& pair) {
  const EnumType& exposed = *pair.exposed;
  const EnumType& provider = *pair.provider;
  std::vector<Keys> of_exposed = readings(exposed);
  std::vector<Keys> of_provider = readings(provider);
  const Keys* left = &of_exposed[0];
  const Keys* right = &of_provider[0];
  std::size_t best = 0;
  for (const Keys& a : of_exposed) {
    for (const Keys& b : of_provider) {
      const std::size_t found = in_common(a, b);
      if (found <= best) continue;
      best = found;
      left = &a;
      right = &b;
    }
  }
  std::unordered_map<std::string_view, std::int32_t> by_key;
  std::unordered_set<std::string_view> ambiguous;
  for (std::size_t j = 0; j < right->size(); ++j) {
    const auto [known, added] = by_key.emplace((*right)[j], provider.values[j].number);
    if (!added && known->second != provider.values[j].number) ambiguous.insert((*right)[j]);
  }
  std::unordered_map<std::string_view, std::int32_t> own;
  for (std::size_t i = 0; i < left->size(); ++i) {
    const auto [known, added] = own.emplace((*left)[i], exposed.values[i].number);
    if (!added && known->second != exposed.values[i].number) ambiguous.insert((*left)[i]);
  }
  const auto put = [&pair](std::int32_t from, std::int32_t to) {
    if (pair.to_provider.contains(from) || pair.to_exposed.contains(to)) return false;
    pair.to_provider.emplace(from, to);
    pair.to_exposed.emplace(to, from);
    return true;
  };
  std::unordered_set<std::int32_t> dropped;
  std::unordered_map<std::string_view, std::int32_t> by_name;  // of the provider; filled when it is needed
  for (const EnumValue& value : exposed.values) {
    OverrideTable::Rename* rename = overrides_.find(exposed.full_name, exposed.name, value.name);
    if (rename == nullptr) continue;
    if (rename->to.empty()) {
      rename->used = true;
      dropped.insert(value.number);
      continue;
    }
    if (by_name.empty()) {
      for (const EnumValue& candidate : provider.values) by_name.emplace(candidate.name, candidate.number);
    }
    const auto other = by_name.find(rename->to);
    if (other != by_name.end() && put(value.number, other->second)) rename->used = true;
  }
  for (std::size_t i = 0; i < left->size(); ++i) {
    const std::string& key = (*left)[i];
    const std::int32_t number = exposed.values[i].number;
    const auto other = by_key.find(key);
    if (other == by_key.end() || dropped.contains(number) || pair.to_provider.contains(number)) continue;
    if (!ambiguous.contains(key)) {
      put(number, other->second);
    } else {
      pair.colliding.insert(&exposed.values[i]);
    }
  }
  const EnumValue* zero = exposed.find_value(0);
  const EnumValue* other_zero = provider.find_value(0);
  pair.exposed_zero_unset = zero != nullptr && !pair.to_provider.contains(0) && says_nothing(*zero);
  pair.provider_zero_unset =
      other_zero != nullptr && !pair.to_exposed.contains(0) && says_nothing(*other_zero);
  if (pair.exposed_zero_unset && pair.provider_zero_unset && !dropped.contains(0)) {
    put(0, 0);
    pair.exposed_zero_unset = pair.provider_zero_unset = false;
  }
  pair.dropped = std::move(dropped);
}

void Builder::check_values(EnumPair& pair) {
  std::vector<std::string> moved;
  std::size_t moved_count = 0;
  for (const bool exposed : {true, false}) {
    const EnumType& type = exposed ? *pair.exposed : *pair.provider;
    const EnumType& other = exposed ? *pair.provider : *pair.exposed;
    const auto& numbers = exposed ? pair.to_provider : pair.to_exposed;
    for (const EnumValue& value : type.values) {
      Verdict verdict = Verdict::mapped;
      const auto found = numbers.find(value.number);
      if (found != numbers.end()) {
        if (exposed && found->second != value.number && ++moved_count <= 3) {
          moved.push_back(value.name + " is " + std::to_string(value.number) + " and " +
                          std::to_string(found->second));
        }
      } else if (value.number == 0 && (exposed ? pair.exposed_zero_unset : pair.provider_zero_unset)) {
        verdict = Verdict::adapter;
      } else if (exposed && pair.dropped.contains(value.number)) {
        verdict = Verdict::allowed;
      } else if (exposed && pair.colliding.contains(&value)) {
        report(RuleId::name_collision, pair.findings, subject(type, value), {},
               "several values have this name but for case, underscores and what all names begin with");
        verdict = Verdict::refused;
      } else {
        const Subject which = subject(type, value);
        const bool allowed = report(RuleId::enum_value_unmatched, pair.findings, exposed ? which : Subject(),
                                    exposed ? Subject() : which,
                                    "has no counterpart in " + other.full_name + ": it is refused");
        verdict = allowed ? Verdict::allowed : Verdict::unmapped;
      }
      Verdict& known = value_verdicts_[exposed ? 1 : 0].try_emplace(&value, verdict).first->second;
      known = worse(known, verdict);
    }
  }
  if (moved.empty()) return;
  if (moved_count > moved.size())
    moved.push_back("and " + std::to_string(moved_count - moved.size()) + " more");
  report(RuleId::enum_number_differs, pair.findings,
         {pair.exposed->name, pair.exposed->full_name, pair.exposed->location},
         {pair.provider->name, pair.provider->full_name, pair.provider->location},
         "names decide, not numbers: " + list_names(moved));
}

}  // namespace koine::idl::match
