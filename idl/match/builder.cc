// The walk over pairs of types, findings, coverage. Owner: see builder.h.
#include "idl/match/builder.h"

#include <algorithm>

#include "idl/language.h"

namespace koine::idl::match {
namespace {

bool has_arguments(const Side& side) {
  for (const File& file : side.schema->files()) {
    if (std::find(file.services.begin(), file.services.end(), side.service) != file.services.end()) {
      return idl::has_arguments(file.language);
    }
  }
  return false;
}

}  // namespace

Verdict worse(Verdict a, Verdict b) { return std::max(a, b); }

Builder::Builder(const Side& exposed, const Side& provider, const Overrides& overrides)
    : exposed_(exposed),
      provider_(provider),
      exposed_thrift_(has_arguments(exposed)),
      provider_thrift_(has_arguments(provider)),
      overrides_(overrides),
      data_(std::make_unique<MatchData>()) {
  data_->exposed_thrift = exposed_thrift_;
  data_->provider_thrift = provider_thrift_;
}

std::unique_ptr<const MatchData> Builder::build() {
  pair_methods();
  walk();
  for (MethodPair& pair : data_->methods) check_method(pair);
  for (StructPair& pair : data_->structs) {
    if (pair.flow != 0) check_struct(pair);
  }
  for (EnumPair& pair : data_->enums) {
    if (pair.flow != 0) check_values(pair);
  }
  check_provider_methods();
  check_overrides();
  mark_blocked();
  count();
  return std::move(data_);
}

StructPair& Builder::struct_pair(const StructType& exposed, const StructType& provider) {
  StructPair*& pair = data_->struct_index[{&exposed, &provider}];
  if (pair == nullptr) {
    pair = &data_->structs.emplace_back();
    pair->exposed = &exposed;
    pair->provider = &provider;
  }
  return *pair;
}

EnumPair& Builder::enum_pair(const EnumType& exposed, const EnumType& provider) {
  EnumPair*& pair = data_->enum_index[{&exposed, &provider}];
  if (pair == nullptr) {
    pair = &data_->enums.emplace_back();
    pair->exposed = &exposed;
    pair->provider = &provider;
    if (!too_many(exposed.values.size() + provider.values.size() + steps_of_pair)) pair_values(*pair);
  }
  return *pair;
}

void Builder::send(StructPair& pair, std::uint8_t flow) {
  if ((pair.flow | flow) == pair.flow) return;
  pair.flow |= flow;
  queue_.push_back(&pair);
}

void Builder::walk() {
  while (!queue_.empty()) {
    StructPair& pair = *queue_.front();
    queue_.pop_front();
    if (!pair.made) {
      pair.made = true;
      if (too_many(pair.exposed->fields.size() + pair.provider->fields.size() + steps_of_pair)) return;
      pair_fields(pair);
    }
    for (const std::vector<FieldPair>* list : {&pair.fields, &pair.members}) {
      for (const FieldPair& fields : *list) {
        if (!fields.why.empty()) continue;
        for (StructPair* inner : fields.structs) send(*inner, pair.flow);
        for (EnumPair* values : fields.enums) values->flow |= pair.flow;
      }
    }
  }
}

bool Builder::too_many(std::size_t steps) {
  steps_ += steps;
  if (steps_ <= pairing_steps_max) return false;
  if (!stopped_) {
    stopped_ = true;
    queue_.clear();
    report(RuleId::pairs_too_many, data_->general,
           {exposed_.service->name, exposed_.service->full_name, exposed_.service->location},
           {provider_.service->name, provider_.service->full_name, provider_.service->location},
           "the types of one side stand opposite too many of the other's");
  }
  return true;
}

Subject Builder::subject(const StructType& type, const Field& field) const {
  return {dotted(overrides_.label(type), field.name), dotted(type.full_name, field.name), field.location};
}

Subject Builder::subject(const EnumType& type, const EnumValue& value) const {
  return {dotted(type.name, value.name), dotted(type.full_name, value.name), type.location};
}

Subject Builder::subject(const Service& service, const Method& method) const {
  return {method.name, dotted(service.full_name, method.name), method.location};
}

Subject Builder::subject(const StructType& type) const {
  return {overrides_.label(type), type.full_name, type.location};
}

bool Builder::report(RuleId id, std::vector<std::size_t>& owner, const Subject& exposed,
                     const Subject& provider, std::string text) {
  Finding finding;
  finding.rule = &rule(id);
  finding.from_exposed = exposed.any();
  finding.subject = exposed.any() ? exposed.label : provider.label;
  finding.text = std::move(text);
  finding.exposed = exposed.where;
  finding.provider = provider.where;
  if (finding.rule->severity == Severity::warning) {
    for (const Subject* side : {&exposed, &provider}) {
      if (!side->any()) continue;
      // Both are asked, so that each that was written counts as used.
      const bool by_label = overrides_.allows(finding.rule->name, side->label);
      const bool by_full_name = overrides_.allows(finding.rule->name, side->full_name);
      finding.allowed = finding.allowed || by_label || by_full_name;
    }
  }
  const bool allowed = finding.allowed;
  owner.push_back(data_->findings.size());
  data_->findings.push_back(std::move(finding));
  return allowed;
}

void Builder::judge(const Field& field, Verdict verdict, bool exposed) {
  Verdict& known = verdicts_[exposed ? 1 : 0].try_emplace(&field, verdict).first->second;
  known = worse(known, verdict);
}

void Builder::mark_blocked() {
  // From the pairs with errors back to those that hold them.
  std::unordered_map<const StructPair*, std::vector<StructPair*>> holders;
  std::vector<StructPair*> open;
  const auto is_error = [this](std::size_t i) {
    return data_->findings[i].rule->severity == Severity::error;
  };
  for (StructPair& pair : data_->structs) {
    if (pair.flow == 0) continue;
    bool errors = std::any_of(pair.findings.begin(), pair.findings.end(), is_error);
    for (const std::vector<FieldPair>* list : {&pair.fields, &pair.members}) {
      for (const FieldPair& fields : *list) {
        if (!fields.why.empty()) continue;
        for (const StructPair* inner : fields.structs) holders[inner].push_back(&pair);
        for (const EnumPair* values : fields.enums) {
          errors = errors || std::any_of(values->findings.begin(), values->findings.end(), is_error);
        }
      }
    }
    pair.blocked = errors;
    if (errors) open.push_back(&pair);
  }
  while (!open.empty()) {
    const StructPair* pair = open.back();
    open.pop_back();
    for (StructPair* holder : holders[pair]) {
      if (holder->blocked) continue;
      holder->blocked = true;
      open.push_back(holder);
    }
  }
  for (MethodPair& method : data_->methods) {
    method.blocked = std::any_of(method.findings.begin(), method.findings.end(), is_error) ||
                     std::any_of(method.structs.begin(), method.structs.end(),
                                 [](const StructPair* pair) { return pair->blocked; });
  }
}

void Builder::check_provider_methods() {
  std::unordered_set<const Method*> called;
  for (const MethodPair& pair : data_->methods) called.insert(pair.provider);
  for (const Method& method : provider_.service->methods) {
    if (called.contains(&method)) continue;
    const bool allowed =
        report(RuleId::method_not_exposed, data_->general, {}, subject(*provider_.service, method),
               "has no counterpart in " + exposed_.service->full_name + ": nobody can call it");
    ++data_->coverage.provider.methods[allowed ? Verdict::allowed : Verdict::unmapped];
  }
}

void Builder::count() {
  Coverage& coverage = data_->coverage;
  for (const MethodPair& pair : data_->methods) {
    Verdict verdict = pair.blocked ? Verdict::refused : Verdict::mapped;
    if (pair.provider == nullptr) verdict = pair.findings.empty() ? Verdict::allowed : Verdict::unmapped;
    ++coverage.exposed.methods[verdict];
    if (pair.provider != nullptr) ++coverage.provider.methods[verdict];
  }
  for (const bool exposed : {false, true}) {
    SideCoverage& side = exposed ? coverage.exposed : coverage.provider;
    for (const auto& [field, verdict] : verdicts_[exposed ? 1 : 0]) ++side.fields[verdict];
    for (const auto& [value, verdict] : value_verdicts_[exposed ? 1 : 0]) ++side.enum_values[verdict];
  }
}

}  // namespace koine::idl::match
