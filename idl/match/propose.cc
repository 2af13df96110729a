// Proposals: guesses until there are none, then what is left is said to have no counterpart. Owner: see
// propose.h.
#include "idl/match/propose.h"

#include <algorithm>
#include <set>

#include "idl/match/proposer.h"

namespace koine::idl::match {
namespace {

// Each round goes one level of types deeper at least; what is deeper than that is left out.
constexpr int guess_rounds_max = 24;
constexpr int settle_rounds_max = 64;

bool is_loss(const Finding& finding) { return finding.rule->loss && !finding.allowed; }

// Names of an IDL need no quotes, but for YAML's own words and for anything else a file may hold.
std::string yaml_text(const std::string& text) {
  static const std::set<std::string_view> words = {"y",   "n",    "yes",   "no",   "on",
                                                   "off", "true", "false", "null", "~"};
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == ':';
  });
  std::string lower;
  for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool number = !text.empty() && (text[0] == '.' || (text[0] >= '0' && text[0] <= '9'));
  if (plain && !number && text.back() != ':' && !words.contains(lower)) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  return out + "\"";
}

}  // namespace

Proposal propose(const Side& exposed, const Side& provider, const Overrides& given) {
  return Proposer(exposed, provider, given).run();
}

Proposal Proposer::run() {
  std::unique_ptr<const Match> match;
  int guesses = guess_rounds_max;
  for (int round = 0; round < settle_rounds_max; ++round) {
    match = Match::make(exposed_, provider_, proposal_.overrides);
    if (match->complete()) break;
    if (guesses > 0 && guess(*match)) {
      --guesses;
      continue;
    }
    if (settle_errors(*match)) continue;
    if (!settle_losses(*match)) break;
  }
  remove_unused(*match);
  match = Match::make(exposed_, provider_, proposal_.overrides);
  for (const Finding& finding : match->findings()) {
    if (finding.rule->severity == Severity::error) proposal_.left.push_back(finding);
  }
  return std::move(proposal_);
}

bool Proposer::settle_errors(const Match& match) {
  bool added = false;
  for (const Finding& finding : match.findings()) {
    switch (finding.rule->id) {
      case RuleId::unmapped_method:
      case RuleId::stream_to_unary:
      case RuleId::args_shape:
      case RuleId::type_clash:
      case RuleId::mapkey_bad:
        if (finding.from_exposed) added |= leave_out(finding.subject);
        break;
      default: break;
    }
  }
  return settle_collisions(match.data()) || added;
}

// Of those with one name each gets the one that is written as it is, the others none.
bool Proposer::settle_collisions(const MatchData& data) {
  const auto collides = [&data](const std::vector<std::size_t>& findings) {
    return std::any_of(findings.begin(), findings.end(), [&data](std::size_t i) {
      return data.findings[i].rule->id == RuleId::name_collision;
    });
  };
  bool added = false;
  const auto settle = [&](const std::string& key, const std::string& name, bool there) {
    added |= there && rename(key, name, "written the same") ? true : leave_out(key);
  };
  for (const MethodPair& pair : data.methods) {
    if (pair.provider != nullptr || !collides(pair.findings)) continue;
    settle(pair.exposed->name, pair.exposed->name,
           provider_.service->find_method(pair.exposed->name) != nullptr);
  }
  for (const StructPair& pair : data.structs) {
    if (pair.flow == 0 || !collides(pair.findings)) continue;
    const std::unordered_set<const Field*> left(pair.exposed_left.begin(), pair.exposed_left.end());
    std::unordered_set<std::string_view> there;
    for (const Field& field : pair.provider->fields) there.insert(field.name);
    for (const Field& field : pair.exposed->fields) {
      if (pair.counterparts.contains(&field) || left.contains(&field)) continue;
      settle(label(pair, field), field.name, there.contains(field.name));
    }
  }
  for (const EnumPair& pair : data.enums) {
    if (pair.flow == 0 || !collides(pair.findings)) continue;
    std::unordered_set<std::string_view> there;
    for (const EnumValue& value : pair.provider->values) there.insert(value.name);
    for (const EnumValue& value : pair.exposed->values) {
      if (pair.to_provider.contains(value.number) || pair.dropped.contains(value.number)) continue;
      settle(pair.exposed->name + "." + value.name, value.name, there.contains(value.name));
    }
  }
  return added;
}

bool Proposer::settle_losses(const Match& match) {
  // Fields that another pair does pair: "" would take them from it.
  std::unordered_set<std::string> paired;
  for (const StructPair& pair : match.data().structs) {
    for (const FieldPair& fields : pair.fields) paired.insert(label(pair, *fields.exposed));
    for (const FieldPair& fields : pair.members) paired.insert(label(pair, *fields.exposed));
  }
  for (const EnumPair& pair : match.data().enums) {
    for (const EnumValue& value : pair.exposed->values) {
      if (pair.to_provider.contains(value.number)) paired.insert(pair.exposed->name + "." + value.name);
    }
  }
  bool added = false;
  for (const Finding& finding : match.findings()) {
    if (!is_loss(finding)) continue;
    const RuleId id = finding.rule->id;
    const bool no_counterpart = id == RuleId::unmapped_optional || id == RuleId::enum_value_unmatched ||
                                id == RuleId::exception_never_raised;
    if (no_counterpart && finding.from_exposed && !paired.contains(finding.subject)) {
      added |= leave_out(finding.subject);
    } else {
      added |= allow(*finding.rule, finding.subject);
    }
  }
  return added;
}

void Proposer::remove_unused(const Match& match) {
  std::unordered_set<std::string_view> unused;
  for (const Finding& finding : match.findings()) {
    if (finding.rule->id == RuleId::override_unused) unused.insert(finding.subject);
    if (finding.rule->id != RuleId::override_unknown) continue;
    proposal_.overrides.rename.erase(finding.subject);
    proposal_.why.erase(finding.subject);
  }
  std::erase_if(proposal_.overrides.allow, [&](const std::string& text) { return unused.contains(text); });
}

bool Proposer::rename(const std::string& key, const std::string& to, const std::string& why) {
  if (!proposal_.overrides.rename.emplace(key, to).second) return false;
  if (!why.empty()) proposal_.why[key] = why;
  return true;
}

// A guess that led to an error was none.
bool Proposer::leave_out(const std::string& key) {
  if (proposal_.why.erase(key) != 0) {
    proposal_.overrides.rename[key].clear();
    return true;
  }
  return rename(key, "", "");
}

bool Proposer::allow(const Rule& rule, const std::string& subject) {
  std::string text = std::string(rule.name) + ":" + subject;
  if (!allowed_.insert(text).second) return false;
  proposal_.overrides.allow.push_back(std::move(text));
  return true;
}

std::string to_yaml(const Proposal& proposal, const Service& exposed) {
  std::string out = "expose:\n  - interface: " + yaml_text(exposed.full_name) + "\n";
  if (!proposal.overrides.rename.empty()) out += "    rename:\n";
  for (const auto& [key, to] : proposal.overrides.rename) {
    out += "      " + yaml_text(key) + ": " + yaml_text(to);
    const auto why = proposal.why.find(key);
    out += why == proposal.why.end() ? "\n" : "  # " + why->second + "\n";
  }
  if (!proposal.overrides.allow.empty()) out += "    allow:\n";
  for (const std::string& text : proposal.overrides.allow) out += "      - " + yaml_text(text) + "\n";
  for (const Finding& finding : proposal.left) {
    out += "    # " + std::string(finding.rule->name) + ": " + finding.subject + " " + finding.text + "\n";
  }
  return out;
}

}  // namespace koine::idl::match
