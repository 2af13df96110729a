// Look-ups. Owner: see match.h.
#include "idl/match/match.h"

#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "idl/match/builder.h"
#include "idl/match/data.h"

namespace koine::idl::match {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::mapped: return "mapped";
    case Verdict::adapter: return "adapter";
    case Verdict::allowed: return "allowed";
    case Verdict::lossy: return "lossy";
    case Verdict::unmapped: return "unmapped";
    case Verdict::refused: return "refused";
  }
  return "unknown";
}

std::size_t Counts::all() const { return std::accumulate(of.begin(), of.end(), std::size_t{0}); }

std::size_t Counts::covered() const {
  return (*this)[Verdict::mapped] + (*this)[Verdict::adapter] + (*this)[Verdict::allowed];
}

bool Coverage::complete() const {
  for (const SideCoverage* side : {&exposed, &provider}) {
    for (const Counts* counts : {&side->methods, &side->fields, &side->enum_values}) {
      if (counts->covered() != counts->all()) return false;
    }
  }
  return true;
}

const StructType& StructPair::declaring(const Field& field, bool of_exposed) const {
  const auto found = union_members.find(&field);
  if (found != union_members.end()) return *found->second;
  return of_exposed ? *exposed : *provider;
}

const StructPair* MatchData::find(const StructType& a, const StructType& b) const {
  auto found = struct_index.find({&a, &b});
  if (found == struct_index.end()) found = struct_index.find({&b, &a});
  if (found == struct_index.end() || found->second->flow == 0 || found->second->disjoint) return nullptr;
  return found->second;
}

const EnumPair* MatchData::find(const EnumType& a, const EnumType& b) const {
  auto found = enum_index.find({&a, &b});
  if (found == enum_index.end()) found = enum_index.find({&b, &a});
  return found == enum_index.end() ? nullptr : found->second;
}

Match::Match(std::unique_ptr<const MatchData> data) : data_(std::move(data)) {}
Match::~Match() = default;

std::unique_ptr<const Match> Match::make(const Side& exposed, const Side& provider,
                                         const Overrides& overrides) {
  return std::unique_ptr<const Match>(new Match(Builder(exposed, provider, overrides).build()));
}

const Method* Match::provider_method(const Method& exposed) const {
  const auto found = data_->method_index.find(&exposed);
  return found == data_->method_index.end() ? nullptr : found->second->provider;
}

bool Match::request_spread(const Method& exposed) const {
  const auto found = data_->method_index.find(&exposed);
  return found != data_->method_index.end() && found->second->request_spread;
}

bool Match::response_spread(const Method& exposed) const {
  const auto found = data_->method_index.find(&exposed);
  return found != data_->method_index.end() && found->second->response_spread;
}

const Method* Match::enveloped(const Method& exposed) const {
  const auto found = data_->method_index.find(&exposed);
  return found == data_->method_index.end() ? nullptr : found->second->enveloped;
}

bool Match::structs(const StructType& a, const StructType& b) const { return data_->find(a, b) != nullptr; }

const Field* Match::field(const StructType& from, const Field& field, const StructType& to) const {
  const StructPair* pair = data_->find(from, to);
  if (pair == nullptr) return nullptr;
  const auto found = pair->counterparts.find(&field);
  if (found == pair->counterparts.end() || pair->member_fields.contains(&field)) return nullptr;
  return found->second;
}

bool Match::may_drop(const StructType& from, const Field& field, const StructType& to) const {
  if (data_->dropped_members.contains({&field, &to})) return true;
  const StructPair* pair = data_->find(from, to);
  return pair != nullptr && pair->droppable.contains(&field);
}

const std::vector<UnionPair>& Match::unions(const StructType& a, const StructType& b) const {
  static const std::vector<UnionPair> none;
  const StructPair* pair = data_->find(a, b);
  return pair == nullptr ? none : pair->unions;
}

bool Match::enums(const EnumType& a, const EnumType& b) const { return data_->find(a, b) != nullptr; }

std::optional<std::int32_t> Match::number(const EnumType& from, std::int32_t number,
                                          const EnumType& to) const {
  const EnumPair* pair = data_->find(from, to);
  if (pair == nullptr) return std::nullopt;
  const auto& numbers = pair->exposed == &from ? pair->to_provider : pair->to_exposed;
  const auto found = numbers.find(number);
  if (found == numbers.end()) return std::nullopt;
  return found->second;
}

bool Match::means_unset(const EnumType& from, std::int32_t number, const EnumType& to) const {
  const EnumPair* pair = data_->find(from, to);
  if (pair == nullptr || number != 0) return false;
  return pair->exposed == &from ? pair->exposed_zero_unset : pair->provider_zero_unset;
}

const StructType* Match::error(const StructType& declared) const {
  const auto found = data_->errors.find(&declared);
  return found == data_->errors.end() ? nullptr : found->second;
}

const MatchData& Match::data() const { return *data_; }
const std::vector<Finding>& Match::findings() const { return data_->findings; }
const Coverage& Match::coverage() const { return data_->coverage; }

bool Match::complete() const {
  return data_->coverage.complete() &&
         std::none_of(data_->findings.begin(), data_->findings.end(), [](const Finding& finding) {
           return finding.rule->severity == Severity::error || (finding.rule->loss && !finding.allowed);
         });
}

std::vector<const Finding*> Match::blocking(const Method& exposed) const {
  std::vector<const Finding*> out;
  const auto method = data_->method_index.find(&exposed);
  if (method == data_->method_index.end() || !method->second->blocked) return out;
  const auto add = [&](const std::vector<std::size_t>& findings) {
    for (const std::size_t i : findings) {
      const Finding& finding = data_->findings[i];
      if (finding.rule->severity == Severity::error) out.push_back(&finding);
    }
  };
  add(method->second->findings);
  std::vector<const StructPair*> open;
  std::unordered_set<const void*> seen;
  for (const StructPair* root : method->second->structs) {
    if (seen.insert(root).second) open.push_back(root);
  }
  for (std::size_t next = 0; next < open.size(); ++next) {
    const StructPair& pair = *open[next];
    add(pair.findings);
    for (const std::vector<FieldPair>* list : {&pair.fields, &pair.members}) {
      for (const FieldPair& fields : *list) {
        for (const EnumPair* values : fields.enums) {
          if (seen.insert(values).second) add(values->findings);
        }
        if (!fields.why.empty()) continue;
        for (const StructPair* inner : fields.structs) {
          if (inner->blocked && seen.insert(inner).second) open.push_back(inner);
        }
      }
    }
  }
  return out;
}

std::vector<const Finding*> Match::blocking() const {
  std::vector<const Finding*> out;
  for (const std::size_t i : data_->general) {
    const Finding& finding = data_->findings[i];
    if (finding.rule->severity == Severity::error) out.push_back(&finding);
  }
  return out;
}

std::string to_string(const Finding& finding) {
  Diagnostic diagnostic;
  diagnostic.severity = finding.rule->severity;
  diagnostic.rule = std::string(finding.rule->name);
  diagnostic.message = finding.subject + ": " + finding.text;
  diagnostic.location = finding.from_exposed ? finding.exposed : finding.provider;
  return render(diagnostic);
}

}  // namespace koine::idl::match
