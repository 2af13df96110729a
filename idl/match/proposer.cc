// What is guessed. A guess needs a best candidate that is clearly better than the next, seen from both sides.
// Owner: see proposer.h.
#include "idl/match/proposer.h"

#include <algorithm>
#include <map>
#include <set>

#include "idl/folded.h"
#include "idl/match/kinds.h"

namespace koine::idl::match {
namespace {

constexpr double alike_names = 0.6;
constexpr double alike_methods = 0.1;
constexpr double alike_errors = 0.5;
constexpr double common_types = 0.3;  // of two structs' fields, where nothing but their types speaks for them

bool is_clear(const Best& best) { return best.score - best.next >= 0.1 || best.next <= 0.6 * best.score; }

// Candidates that choose one another, by their indices: their score is at least `enough`, and the next best
// is clearly behind.
template <class Score>
std::vector<std::pair<std::size_t, std::size_t>> mutual(std::size_t left, std::size_t right, double enough,
                                                        const Score& score) {
  std::vector<Best> of_left(left);
  std::vector<Best> of_right(right);
  for (std::size_t i = 0; i < left; ++i) {
    for (std::size_t j = 0; j < right; ++j) {
      const double value = score(i, j);
      of_left[i].add(j, value);
      of_right[j].add(i, value);
    }
  }
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (std::size_t i = 0; i < left; ++i) {
    const Best& best = of_left[i];
    if (best.score < enough || !is_clear(best)) continue;
    const Best& back = of_right[best.index];
    if (back.index == i && is_clear(back)) out.emplace_back(i, best.index);
  }
  return out;
}

// Quadratic work is done only where it is small.
bool comparable(std::size_t left, std::size_t right) {
  return left != 0 && right != 0 && left * right <= guess_steps_max / 8;
}

// What makes two types the same for somebody who looks for the only one of its kind.
std::string kind_of(const Type& type) {
  if (is_sequence(type.kind)) return "list of " + kind_of(*type.element);
  if (type.kind == Kind::map) return "map of " + kind_of(*type.key) + " to " + kind_of(*type.element);
  return std::string(to_string(type.kind));
}

// The same, where all integers are one kind, all reals, and text and bytes.
std::string family_of(const Type& type) {
  if (is_sequence(type.kind)) return "list of " + family_of(*type.element);
  if (type.kind == Kind::map) return "map of " + family_of(*type.key) + " to " + family_of(*type.element);
  if (is_integer(type.kind)) return "integer";
  return is_real(type.kind) ? "real number" : std::string(to_string(type.kind));
}

// One end of a method: the names in it, and where it is one value, its type.
struct Outline {
  std::vector<Trait> traits;
  const Type* only = nullptr;
  bool nothing = false;
};
struct MethodOutline {
  std::string name;
  Outline request;
  Outline response;
};

const StructType& unwrapped(const StructType& message) {
  if (message.fields.size() != 1 || message.role == StructRole::plain) return message;
  const Type& only = *message.fields.front().type;
  return only.kind == Kind::structure ? *only.structure : message;
}

Outline outline_of(const StructType& message) {
  Outline out{outline(message), nullptr, message.fields.empty()};
  if (message.fields.size() == 1) out.only = message.fields.front().type;
  return out;
}

Outline result_outline(const StructType& response) {
  if (response.role != StructRole::result) return outline_of(response);
  const Field* success = response.find_field(0);
  if (success == nullptr) return {{}, nullptr, true};
  if (success->type->kind == Kind::structure) return outline_of(*success->type->structure);
  return {{}, success->type, false};
}

MethodOutline outline_of(const Method& method) {
  return {folded(method.name), outline_of(unwrapped(*method.request)), result_outline(*method.response)};
}

}  // namespace

bool Proposer::guess(const Match& match) {
  const MatchData& data = match.data();
  data_ = &data;
  for (const MethodPair& pair : data.methods) {
    if (data.exposed_thrift) labels_[pair.exposed->request] = pair.exposed->name;
  }
  bool added = guess_methods(data);
  for (const StructPair& pair : data.structs) {
    if (pair.flow != 0 && !similarity_.spent()) added |= guess_fields(pair);
  }
  for (const EnumPair& pair : data.enums) {
    if (pair.flow != 0 && !similarity_.spent()) added |= guess_values(pair);
  }
  return guess_errors(match) || added;
}

std::string Proposer::label(const StructPair& pair, const Field& field) const {
  const StructType& type = pair.declaring(field, true);
  const auto found = labels_.find(&type);
  return (found == labels_.end() ? type.name : found->second) + "." + field.name;
}

bool Proposer::guess_methods(const MatchData& data) {
  std::vector<const Method*> left;
  std::vector<const Method*> right;
  std::unordered_set<const Method*> called;
  for (const MethodPair& pair : data.methods) {
    called.insert(pair.provider);
    if (pair.provider == nullptr && !pair.findings.empty()) left.push_back(pair.exposed);
  }
  for (const Method& method : provider_.service->methods) {
    if (!called.contains(&method)) right.push_back(&method);
  }
  if (!comparable(left.size(), right.size())) return false;
  std::vector<MethodOutline> of_left;
  std::vector<MethodOutline> of_right;
  std::unordered_map<std::string, std::size_t> frequency;
  for (const bool exposed : {true, false}) {
    for (const Method* method : exposed ? left : right) {
      MethodOutline one = outline_of(*method);
      std::set<std::string_view> names;
      for (const Trait& trait : one.request.traits) names.insert(trait.name);
      for (const std::string_view name : names) ++frequency[std::string(name)];
      (exposed ? of_left : of_right).push_back(std::move(one));
    }
  }
  const auto alike = [&](const Outline& a, const Outline& b) {
    if (a.nothing || b.nothing) return a.nothing && b.nothing ? 0.5 : 0.0;
    const double names = similarity_.lists(a.traits, b.traits, frequency);
    // One value each, of one kind: what it is called says less.
    const bool values = a.only != nullptr && b.only != nullptr && similarity_.types(*a.only, *b.only) > 0;
    return values ? std::max(names, 0.5) : names;
  };
  const auto pairs = mutual(left.size(), right.size(), alike_methods, [&](std::size_t i, std::size_t j) {
    const MethodOutline& a = of_left[i];
    const MethodOutline& b = of_right[j];
    const double request = alike(a.request, b.request);
    // Methods that take different things are different methods, whatever their names.
    if (request <= 0) return 0.0;
    const double name = similarity_.names(a.name, b.name);
    return 0.5 * request + 0.25 * alike(a.response, b.response) + (name < alike_names ? 0 : 0.25 * name);
  });
  bool added = false;
  for (const auto& [i, j] : pairs) {
    added |= rename(left[i]->name, right[j]->name, "they take and give the same");
  }
  return added;
}

bool Proposer::guess_fields(const StructPair& pair) {
  std::vector<const Field*> left;
  std::vector<const Field*> right;
  for (const Field* field : pair.exposed_left) {
    if (!pair.droppable.contains(field)) left.push_back(field);
  }
  for (const Field* field : pair.provider_left) {
    if (!pair.droppable.contains(field)) right.push_back(field);
  }
  if (left.empty() || right.empty()) return false;
  bool added = guess_unions(pair, left, right);
  // Members stay among themselves.
  const auto group = [&pair](const Field& field, bool exposed) -> const UnionPair* {
    const StructType& declaring = pair.declaring(field, exposed);
    for (const UnionPair& both : pair.unions) {
      const bool in_union = both.field->type->structure == &declaring;
      const bool in_oneof = both.oneof_holder == &declaring && field.oneof_index == both.oneof_index;
      if (in_union || in_oneof) return &both;
    }
    return nullptr;
  };
  std::map<const UnionPair*, std::pair<std::vector<const Field*>, std::vector<const Field*>>> groups;
  for (const Field* field : left) groups[group(*field, true)].first.push_back(field);
  for (const Field* field : right) groups[group(*field, false)].second.push_back(field);
  for (const auto& [both, fields] : groups) added |= guess_group(pair, fields.first, fields.second);
  return added;
}

bool Proposer::guess_unions(const StructPair& pair, std::vector<const Field*>& left,
                            std::vector<const Field*>& right) {
  bool added = false;
  for (const bool union_exposed : {true, false}) {
    std::vector<const Field*>& holders = union_exposed ? left : right;
    std::vector<const Field*>& members = union_exposed ? right : left;
    const StructType& other = union_exposed ? *pair.provider : *pair.exposed;
    std::erase_if(holders, [&](const Field* field) {
      if (!is_union(*field->type)) return false;
      const std::vector<Trait> own = outline(*field->type->structure);
      for (std::size_t i = 0; i < other.oneofs.size(); ++i) {
        std::vector<Trait> there;
        for (const Field* member : members) {
          if (member->oneof_index != static_cast<std::int32_t>(i)) continue;
          there.push_back({folded(member->name), member->type->kind});
        }
        if (similarity_.lists(own, there, {}) < 0.5) continue;
        const std::string key = union_exposed ? label(pair, *field) : other.name + "." + other.oneofs[i];
        if (!rename(key, union_exposed ? other.oneofs[i] : field->name, "their members are the same"))
          continue;
        added = true;
        std::erase_if(members,
                      [&](const Field* one) { return one->oneof_index == static_cast<std::int32_t>(i); });
        return true;
      }
      return false;
    });
  }
  return added;
}

bool Proposer::guess_group(const StructPair& pair, const std::vector<const Field*>& left,
                           const std::vector<const Field*>& right) {
  std::unordered_set<const Field*> taken;
  bool added = false;
  const auto take = [&](const Field* exposed, const Field* provider, const std::string& why) {
    if (taken.contains(exposed) || taken.contains(provider)) return;
    if (!rename(label(pair, *exposed), provider->name, why)) return;
    taken.insert({exposed, provider});
    added = true;
  };
  if (comparable(left.size(), right.size())) {
    std::vector<std::string> of_left;
    std::vector<std::string> of_right;
    for (const Field* field : left) of_left.push_back(folded(field->name));
    for (const Field* field : right) of_right.push_back(folded(field->name));
    const auto pairs = mutual(left.size(), right.size(), alike_names, [&](std::size_t i, std::size_t j) {
      const double name = similarity_.names(of_left[i], of_right[j]);
      if (name < alike_names / 2) return name;
      const double type = similarity_.types(*left[i]->type, *right[j]->type);
      return type < 0 ? 0.0 : name * (0.8 + 0.2 * type);
    });
    for (const auto& [i, j] : pairs) take(left[i], right[j], "the names are alike");
  }
  // The only ones of their kind that are left, in structs that have something in common already; and the only
  // fields there are.
  const bool single = pair.exposed->fields.size() == 1 && pair.provider->fields.size() == 1;
  if (pair.disjoint && !single) return added;
  for (const auto& kind_of_field : {kind_of, family_of}) {
    std::map<std::string, std::pair<std::vector<const Field*>, std::vector<const Field*>>> kinds;
    for (const Field* field : left) {
      if (!taken.contains(field)) kinds[kind_of_field(*field->type)].first.push_back(field);
    }
    for (const Field* field : right) {
      if (!taken.contains(field)) kinds[kind_of_field(*field->type)].second.push_back(field);
    }
    for (const auto& [kind, fields] : kinds) {
      if (fields.first.size() != 1 || fields.second.size() != 1) continue;
      const Field* exposed = fields.first.front();
      const Field* provider = fields.second.front();
      if (likeness(*exposed->type, *provider->type) < common_types) continue;
      take(exposed, provider,
           single ? "the only field of both" : "the only " + kind + " left on both sides: look at it");
    }
  }
  return added;
}

// Of structs that stand opposite one another already, as recursive ones do, the names in them say no more.
double Proposer::likeness(const Type& exposed, const Type& provider) {
  if (is_sequence(exposed.kind) && is_sequence(provider.kind)) {
    return likeness(*exposed.element, *provider.element);
  }
  if (exposed.kind == Kind::structure && provider.kind == Kind::structure) {
    const StructPair* known = data_->find(*exposed.structure, *provider.structure);
    if (known != nullptr && known->flow != 0 && !known->disjoint) return 1;
  }
  return similarity_.types(exposed, provider);
}

bool Proposer::guess_values(const EnumPair& pair) {
  std::vector<const EnumValue*> left;
  std::vector<const EnumValue*> right;
  std::vector<std::string> of_left;
  std::vector<std::string> of_right;
  for (const EnumValue& value : pair.exposed->values) {
    const bool said = pair.dropped.contains(value.number) || (value.number == 0 && pair.exposed_zero_unset);
    if (pair.to_provider.contains(value.number) || said) continue;
    left.push_back(&value);
    of_left.push_back(folded(value.name));
  }
  for (const EnumValue& value : pair.provider->values) {
    if (pair.to_exposed.contains(value.number) || (value.number == 0 && pair.provider_zero_unset)) continue;
    right.push_back(&value);
    of_right.push_back(folded(value.name));
  }
  if (!comparable(left.size(), right.size())) return false;
  bool added = false;
  const auto pairs = mutual(left.size(), right.size(), alike_names, [&](std::size_t i, std::size_t j) {
    return similarity_.names(of_left[i], of_right[j]);
  });
  for (const auto& [i, j] : pairs) {
    added |= rename(pair.exposed->name + "." + left[i]->name, right[j]->name, "the names are alike");
  }
  return added;
}

bool Proposer::guess_errors(const Match& match) {
  std::vector<const StructType*> exceptions;
  std::unordered_set<const StructType*> seen;
  const auto collect = [&](const Service& service) {
    for (const Method& method : service.methods) {
      if (method.response->role != StructRole::result) continue;
      for (const Field& field : method.response->fields) {
        if (field.id == 0 || field.type->kind != Kind::structure) continue;
        const StructType& type = *field.type->structure;
        const bool status = find_annotation(type.annotations, rpc_status_annotation) != nullptr;
        if (!status && match.error(type) == nullptr && seen.insert(&type).second) exceptions.push_back(&type);
      }
    }
  };
  collect(*exposed_.service);
  const bool thrift_exposed = !exceptions.empty();
  if (!thrift_exposed) collect(*provider_.service);
  if (exceptions.empty()) return false;
  // Messages that stand for nothing else.
  std::unordered_set<const StructType*> used;
  const MatchData& data = match.data();
  for (const StructPair& pair : data.structs) {
    if (pair.flow != 0) used.insert({pair.exposed, pair.provider});
  }
  const Side& other = thrift_exposed ? provider_ : exposed_;
  for (const Method& method : other.service->methods) used.insert({method.request, method.response});
  std::vector<const StructType*> messages;
  const bool both_thrift = data.exposed_thrift && data.provider_thrift;
  for (const StructType& type : other.schema->structs()) {
    if (used.contains(&type) || type.fields.empty() || match.error(type) != nullptr) continue;
    if (both_thrift ? type.form != StructForm::exception : type.full_name.starts_with("google.protobuf.")) {
      continue;
    }
    messages.push_back(&type);
  }
  if (!comparable(exceptions.size(), messages.size())) return false;
  bool added = false;
  const auto pairs =
      mutual(exceptions.size(), messages.size(), alike_errors, [&](std::size_t i, std::size_t j) {
        const double fields = similarity_.structs(*exceptions[i], *messages[j]);
        return 0.8 * fields + 0.2 * similarity_.names(folded(exceptions[i]->name), folded(messages[j]->name));
      });
  for (const auto& [i, j] : pairs) {
    const StructType& from = thrift_exposed ? *exceptions[i] : *messages[j];
    const StructType& to = thrift_exposed ? *messages[j] : *exceptions[i];
    added |= rename(from.name, to.name, "they have the same fields");
  }
  return added;
}

}  // namespace koine::idl::match
