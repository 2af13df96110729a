// Fields of two structs: by override, as unions opposite oneofs, by name.
#include <algorithm>

#include "idl/folded.h"
#include "idl/match/builder.h"
#include "idl/match/kinds.h"
#include "idl/source.h"

namespace koine::idl::match {
namespace {

// Where the exception's text goes when its message has no field for it: the status's own.
bool is_status_text(const StructType& type, const Field& field) {
  return type.form == StructForm::exception && field.name == "message" && field.type->kind == Kind::string;
}

}  // namespace

FieldPair& Builder::put(StructPair& pair, std::vector<FieldPair>& list, const Field& exposed,
                        const Field& provider) {
  FieldPair& both = list.emplace_back();
  both.exposed = &exposed;
  both.provider = &provider;
  pair.counterparts[&exposed] = &provider;
  pair.counterparts[&provider] = &exposed;
  relate(both);
  return both;
}

void Builder::pair_fields(StructPair& pair) {
  std::unordered_set<const Field*> taken;
  take_renamed(pair, taken);
  take_unions(pair, taken);
  take_named(pair, taken);
  leave_rest(pair, taken);
}

void Builder::take_renamed(StructPair& pair, std::unordered_set<const Field*>& taken) {
  std::unordered_map<std::string_view, const Field*> by_name;  // of the provider; filled when it is needed
  for (const Field& field : pair.exposed->fields) {
    OverrideTable::Rename* rename = overrides_.find(*pair.exposed, field.name);
    if (rename == nullptr) continue;
    if (rename->to.empty()) {
      rename->used = true;
      pair.droppable.insert(&field);
      pair.exposed_left.push_back(&field);
      taken.insert(&field);
      continue;
    }
    if (by_name.empty()) {
      for (const Field& candidate : pair.provider->fields) by_name.emplace(candidate.name, &candidate);
    }
    const auto found = by_name.find(rename->to);
    const Field* other = found == by_name.end() ? nullptr : found->second;
    if (other == nullptr || taken.contains(other)) continue;
    rename->used = true;
    taken.insert(&field);
    taken.insert(other);
    put(pair, pair.fields, field, *other);
  }
}

void Builder::take_unions(StructPair& pair, std::unordered_set<const Field*>& taken) {
  for (const bool union_exposed : {true, false}) {
    const StructType& holder = union_exposed ? *pair.exposed : *pair.provider;
    const StructType& other = union_exposed ? *pair.provider : *pair.exposed;
    if (other.oneofs.empty()) continue;
    Oneofs oneofs;
    for (const Field& field : holder.fields) {
      if (!is_union(*field.type) || taken.contains(&field)) continue;
      if (oneofs.type == nullptr) fill(oneofs, other, !union_exposed);
      take_union(pair, field, oneofs, taken);
    }
  }
}

void Builder::fill(Oneofs& oneofs, const StructType& type, bool exposed) {
  oneofs.type = &type;
  oneofs.members.resize(type.oneofs.size());
  oneofs.used.resize(type.oneofs.size());
  for (const Field& field : type.fields) {
    if (field.oneof_index < 0) continue;
    oneofs.members[static_cast<std::size_t>(field.oneof_index)].push_back(&field);
  }
  for (std::size_t i = 0; i < type.oneofs.size(); ++i) {
    oneofs.by_name.emplace(folded(type.oneofs[i]), static_cast<std::int32_t>(i));
    const OverrideTable::Rename* rename = exposed ? overrides_.find(type, type.oneofs[i]) : nullptr;
    if (rename != nullptr) oneofs.by_rename.emplace(rename->to, static_cast<std::int32_t>(i));
  }
}

void Builder::take_union(StructPair& pair, const Field& field, Oneofs& oneofs,
                         std::unordered_set<const Field*>& taken) {
  const bool union_exposed = oneofs.type == pair.provider;
  auto found = oneofs.by_rename.find(field.name);
  OverrideTable::Rename* rename = nullptr;
  if (found != oneofs.by_rename.end()) {
    rename = overrides_.find(*oneofs.type, oneofs.type->oneofs[static_cast<std::size_t>(found->second)]);
  } else {
    if (union_exposed) rename = overrides_.find(*pair.exposed, field.name);
    found = oneofs.by_name.find(folded(rename != nullptr ? rename->to : field.name));
    if (found == oneofs.by_name.end()) return;
  }
  const auto index = static_cast<std::size_t>(found->second);
  if (oneofs.used[index]) return;
  oneofs.used[index] = true;
  if (rename != nullptr) rename->used = true;
  UnionPair& both = pair.unions.emplace_back();
  both.union_holder = union_exposed ? pair.exposed : pair.provider;
  both.field = &field;
  both.oneof_holder = oneofs.type;
  both.oneof_index = found->second;
  taken.insert(&field);
  pair_members(pair, both, oneofs.members[index], taken);
}

void Builder::pair_members(StructPair& pair, UnionPair& both, std::vector<const Field*> of_oneof,
                           std::unordered_set<const Field*>& taken) {
  const StructType& type = *both.field->type->structure;
  if (too_many(type.fields.size())) return;
  const bool union_exposed = both.union_holder == pair.exposed;
  std::vector<const Field*> of_union;
  for (const Field& field : type.fields) {
    of_union.push_back(&field);
    pair.union_members.emplace(&field, &type);
  }
  std::erase_if(of_oneof, [&](const Field* field) { return taken.contains(field); });
  const auto pair_up = [&](const Field& member, const Field& in_oneof) {
    taken.insert(&in_oneof);
    put(pair, pair.members, union_exposed ? member : in_oneof, union_exposed ? in_oneof : member);
    pair.member_fields.insert({&member, &in_oneof});
    both.members.push_back({&member, &in_oneof});
  };
  // Renames first: of the exposed side's member to the provider's.
  std::vector<const Field*>& exposed = union_exposed ? of_union : of_oneof;
  std::vector<const Field*>& provider = union_exposed ? of_oneof : of_union;
  const StructType& exposed_type = union_exposed ? type : *both.oneof_holder;
  std::vector<const Field*> dropped;
  std::erase_if(exposed, [&](const Field* field) {
    OverrideTable::Rename* rename = overrides_.find(exposed_type, field->name);
    if (rename == nullptr) return false;
    if (rename->to.empty()) {
      rename->used = true;
      pair.droppable.insert(field);
      dropped.push_back(field);
      return true;
    }
    const auto other = std::find_if(provider.begin(), provider.end(),
                                    [&](const Field* one) { return one->name == rename->to; });
    if (other == provider.end()) return false;
    rename->used = true;
    const Field* found = *other;
    provider.erase(other);
    pair_up(union_exposed ? *field : *found, union_exposed ? *found : *field);
    return true;
  });
  std::vector<Names> left;
  std::vector<Names> right;
  for (const Field* field : of_union) left.push_back(names_of(*field));
  for (const Field* field : of_oneof) right.push_back(names_of(*field));
  const Join joined = join(left, right);
  std::unordered_set<const Field*> found;
  for (const auto& [i, j] : joined.pairs) {
    found.insert(of_union[i]);
    found.insert(of_oneof[j]);
    pair_up(*of_union[i], *of_oneof[j]);
  }
  for (const bool side : {true, false}) {
    std::vector<const Field*>& left_over = side ? pair.exposed_left : pair.provider_left;
    for (const Field* field : side ? exposed : provider) {
      if (!found.contains(field)) left_over.push_back(field);
      taken.insert(field);
    }
  }
  for (const Field* field : dropped) {
    pair.exposed_left.push_back(field);
    taken.insert(field);
  }
}

void Builder::take_named(StructPair& pair, std::unordered_set<const Field*>& taken) {
  std::vector<const Field*> left;
  std::vector<const Field*> right;
  std::vector<Names> left_names;
  std::vector<Names> right_names;
  for (const Field& field : pair.exposed->fields) {
    if (taken.contains(&field)) continue;
    left.push_back(&field);
    left_names.push_back(names_of(field));
  }
  for (const Field& field : pair.provider->fields) {
    if (taken.contains(&field)) continue;
    right.push_back(&field);
    right_names.push_back(names_of(field));
  }
  const Join joined = join(left_names, right_names);
  for (const auto& [i, j] : joined.pairs) {
    taken.insert(left[i]);
    taken.insert(right[j]);
    put(pair, pair.fields, *left[i], *right[j]);
  }
  for (const Join::Clash& clash : joined.clashes) {
    std::vector<std::string> names;
    for (const std::size_t i : clash.left) names.push_back(left[i]->name);
    for (const std::size_t j : clash.right) names.push_back(right[j]->name);
    report(RuleId::name_collision, pair.findings, subject(*pair.exposed, *left[clash.left[0]]),
           subject(*pair.provider, *right[clash.right[0]]),
           "one name but for case and underscores, so nothing says which is which: " + list_names(names));
    for (const std::size_t i : clash.left) {
      judge(*left[i], Verdict::refused, true);
      taken.insert(left[i]);
    }
    for (const std::size_t j : clash.right) {
      judge(*right[j], Verdict::refused, false);
      taken.insert(right[j]);
    }
  }
}

void Builder::leave_rest(StructPair& pair, const std::unordered_set<const Field*>& taken) {
  for (const Field& field : pair.exposed->fields) {
    if (!taken.contains(&field)) pair.exposed_left.push_back(&field);
  }
  for (const Field& field : pair.provider->fields) {
    if (!taken.contains(&field)) pair.provider_left.push_back(&field);
  }
  for (const bool exposed : {true, false}) {
    for (const Field* field : exposed ? pair.exposed_left : pair.provider_left) {
      const StructType& type = pair.declaring(*field, exposed);
      const Subject which = subject(type, *field);
      const std::string_view unmapped = rule(RuleId::unmapped_optional).name;
      const bool by_label = overrides_.allows(unmapped, which.label);
      const bool by_full_name = overrides_.allows(unmapped, which.full_name);
      // Of shapes, whose fields no name was asked for.
      OverrideTable::Rename* rename = exposed ? overrides_.find(type, field->name) : nullptr;
      if (rename != nullptr && rename->to.empty()) {
        rename->used = true;
        pair.droppable.insert(field);
      }
      const std::string* drop = find_annotation(field->annotations, "koine.drop");
      if (by_label || by_full_name || (drop != nullptr && *drop != "false") || is_status_text(type, *field)) {
        pair.droppable.insert(field);
      }
    }
  }
  for (const auto& [member, type] : pair.union_members) {
    if (!pair.droppable.contains(member)) continue;
    data_->dropped_members.insert({member, pair.exposed});
    data_->dropped_members.insert({member, pair.provider});
  }
  const bool all_dropped = std::all_of(pair.exposed_left.begin(), pair.exposed_left.end(),
                                       [&](const Field* field) { return pair.droppable.contains(field); }) &&
                           std::all_of(pair.provider_left.begin(), pair.provider_left.end(),
                                       [&](const Field* field) { return pair.droppable.contains(field); });
  pair.disjoint = pair.fields.empty() && pair.unions.empty() && pair.findings.empty() && !all_dropped &&
                  !pair.exposed->fields.empty() && !pair.provider->fields.empty() &&
                  pair.exposed->role != StructRole::result && pair.provider->role != StructRole::result;
}

}  // namespace koine::idl::match
