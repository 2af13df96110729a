// What must hold for every pair of schemas: random ones, with what was derived from them and with one
// another.
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "idl/derive/testing/random_schema.h"
#include "idl/derive/testing/support.h"
#include "idl/match/data.h"
#include "idl/match/match.h"
#include "idl/match/propose.h"
#include "idl/match/report.h"

namespace koine::idl::match::testing {
namespace {

using derive::testing::derived;
using derive::testing::random_proto;
using derive::testing::random_thrift;
using derive::testing::read_proto;
using derive::testing::read_thrift;
using derive::testing::text_of;

constexpr std::uint32_t schemas = 67;

// Look-ups give the same answer from both sides, and never one answer twice.
void expect_bijection(const Match& match) {
  for (const StructPair& pair : match.data().structs) {
    if (!match.structs(*pair.exposed, *pair.provider)) continue;
    std::set<const Field*> answers;
    for (const Field& field : pair.exposed->fields) {
      const Field* other = match.field(*pair.exposed, field, *pair.provider);
      if (other == nullptr) continue;
      EXPECT_TRUE(answers.insert(other).second) << pair.exposed->full_name << "." << field.name;
      EXPECT_EQ(match.field(*pair.provider, *other, *pair.exposed), &field) << field.name;
    }
  }
  for (const EnumPair& pair : match.data().enums) {
    std::set<std::int32_t> answers;
    for (const EnumValue& value : pair.exposed->values) {
      const auto other = match.number(*pair.exposed, value.number, *pair.provider);
      if (!other) continue;
      EXPECT_EQ(match.number(*pair.provider, *other, *pair.exposed), value.number) << value.name;
      EXPECT_FALSE(match.means_unset(*pair.exposed, value.number, *pair.provider)) << value.name;
    }
  }
}

// What is proposed covers everything, but for what no override can mend.
void expect_proposal(const Side& exposed, const Side& provider) {
  const Proposal proposal = propose(exposed, provider, {});
  const auto match = Match::make(exposed, provider, proposal.overrides);
  expect_bijection(*match);
  EXPECT_EQ(match->complete(), proposal.left.empty())
      << to_yaml(proposal, *exposed.service) << report(*match, exposed, provider);
  for (const Finding& finding : match->findings()) {
    const RuleId id = finding.rule->id;
    EXPECT_NE(id, RuleId::override_unknown) << finding.text;
    EXPECT_NE(id, RuleId::override_unused) << finding.subject;
    if (finding.rule->severity != Severity::error) continue;
    EXPECT_TRUE(id == RuleId::unit_missing || id == RuleId::unit_differs || id == RuleId::unmapped_required ||
                id == RuleId::localtime_to_instant)
        << to_string(finding) << to_yaml(proposal, *exposed.service);
  }
}

// What was said before is kept, whatever is proposed beside it, but for what means nothing.
void expect_mended(const Side& exposed, const Side& provider, const Overrides& given) {
  const Proposal proposal = propose(exposed, provider, given);
  for (const auto& [key, to] : proposal.overrides.rename) {
    const auto before = given.rename.find(key);
    EXPECT_TRUE(before == given.rename.end() || before->second == to) << key;
  }
  expect_bijection(*Match::make(exposed, provider, proposal.overrides));
}

// A schema and what was derived from it: where names pair two fields, derivation made one of the other.
void expect_origins(const Match& match) {
  for (const StructPair& pair : match.data().structs) {
    if (pair.provider->origin != pair.exposed) continue;
    for (const Field& field : pair.provider->fields) {
      const Field* other = match.field(*pair.provider, field, *pair.exposed);
      if (other == nullptr) continue;
      EXPECT_EQ(other->id, field.origin_id) << pair.provider->full_name << "." << field.name;
    }
  }
}

void try_with_derived(const Schema& source, const Schema& other) {
  for (const Service& service : other.services()) {
    if (service.origin == nullptr) continue;
    const Side exposed{&source, service.origin};
    const Side provider{&other, &service};
    const auto match = Match::make(exposed, provider, {});
    expect_bijection(*match);
    expect_origins(*match);
    expect_proposal(exposed, provider);
    expect_proposal(provider, exposed);
  }
}

TEST(MatchProperty, ADerivedProtoIsPairedWithItsThriftAsItWasDerived) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const auto source = read_thrift(random_thrift(seed));
    try_with_derived(*source, *derived(*source, Language::proto));
    ASSERT_FALSE(HasFailure()) << seed << "\n" << text_of(random_thrift(seed));
  }
}

TEST(MatchProperty, ADerivedThriftIsPairedWithItsProtoAsItWasDerived) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const auto source = read_proto(random_proto(seed));
    try_with_derived(*source, *derived(*source, Language::thrift));
    ASSERT_FALSE(HasFailure()) << seed << "\n" << text_of(random_proto(seed));
  }
}

TEST(MatchProperty, SchemasThatHaveNothingToDoWithOneAnotherArePairedToo) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const auto thrift = read_thrift(random_thrift(seed));
    const auto proto = read_proto(random_proto(seed + 1));
    if (thrift->services().empty() || proto->services().empty()) continue;
    const Side one{thrift.get(), &thrift->services().back()};
    const Side other{proto.get(), &proto->services().back()};
    expect_proposal(one, other);
    expect_proposal(other, one);
    ASSERT_FALSE(HasFailure()) << seed << "\n"
                               << text_of(random_thrift(seed)) << text_of(random_proto(seed + 1));
  }
}

TEST(MatchProperty, TwoSchemasOfOneLanguageArePairedToo) {
  for (std::uint32_t seed = 0; seed < schemas; ++seed) {
    const auto one = read_thrift(random_thrift(seed));
    const auto other = read_thrift(random_thrift(seed + 1));
    if (one->services().empty() || other->services().empty()) continue;
    expect_proposal({one.get(), &one->services().back()}, {other.get(), &other->services().back()});
    expect_proposal({one.get(), &one->services().back()}, {one.get(), &one->services().back()});
    const auto proto = read_proto(random_proto(seed));
    const auto other_proto = read_proto(random_proto(seed + 1));
    if (proto->services().empty() || other_proto->services().empty()) continue;
    expect_proposal({proto.get(), &proto->services().back()},
                    {other_proto.get(), &other_proto->services().back()});
    ASSERT_FALSE(HasFailure()) << seed << "\n"
                               << text_of(random_thrift(seed)) << text_of(random_thrift(seed + 1));
  }
}

// Every name that an override may hold, right or wrong.
std::vector<std::string> names_in(const Schema& schema) {
  std::vector<std::string> out = {"", ".", "x", "x.y"};
  for (const StructType& type : schema.structs()) {
    out.push_back(type.name);
    for (const Field& field : type.fields) {
      out.push_back(field.name);
      out.push_back(type.name + "." + field.name);
      out.push_back(type.full_name + "." + field.name);
    }
    for (const std::string& oneof : type.oneofs) out.push_back(type.name + "." + oneof);
  }
  for (const EnumType& type : schema.enums()) {
    for (const EnumValue& value : type.values) {
      out.push_back(value.name);
      out.push_back(type.name + "." + value.name);
    }
  }
  for (const Service& service : schema.services()) {
    for (const Method& method : service.methods) {
      out.push_back(method.name);
      for (const Field& field : method.request->fields) out.push_back(method.name + "." + field.name);
    }
  }
  return out;
}

TEST(MatchProperty, WhateverOverridesSayPairsAreBijections) {
  for (std::uint32_t seed = 0; seed < 4 * schemas; ++seed) {
    std::mt19937 random(seed);
    const auto source = read_thrift(random_thrift(seed));
    const auto proto = derived(*source, Language::proto);
    const auto pick = [&random](const std::vector<std::string>& names) {
      return names[random() % names.size()];
    };
    const std::vector<std::string> names[2] = {names_in(*source), names_in(*proto)};
    for (const Service& service : proto->services()) {
      if (service.origin == nullptr) continue;
      const Side sides[2] = {{source.get(), service.origin}, {proto.get(), &service}};
      const std::size_t exposed = random() % 2;
      Overrides overrides;
      for (int i = 0; i < 40; ++i) {
        overrides.rename[pick(names[exposed])] = pick(names[1 - exposed]);
        const Rule& rule = rules()[random() % rules().size()];
        overrides.allow.push_back(std::string(rule.name) + ":" + pick(names[random() % 2]));
      }
      const auto match = Match::make(sides[exposed], sides[1 - exposed], overrides);
      expect_bijection(*match);
      for (const Finding& finding : match->findings()) {
        EXPECT_FALSE(finding.allowed && finding.rule->severity == Severity::error) << finding.text;
      }
      for (const Method& method : sides[exposed].service->methods) match->blocking(method);
      expect_mended(sides[exposed], sides[1 - exposed], overrides);
    }
    ASSERT_FALSE(HasFailure()) << seed << "\n" << text_of(random_thrift(seed));
  }
}

}  // namespace
}  // namespace koine::idl::match::testing
