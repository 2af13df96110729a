// Schemas made to take all time or memory: pairing and proposing end, in time that grows with what was read.
#include <string>

#include <gtest/gtest.h>

#include "idl/match/match.h"
#include "idl/match/propose.h"
#include "idl/match/testing/support.h"
#include "idl/schema.h"

namespace koine::idl::match::testing {
namespace {

// A schema with one service and one method that takes and gives the struct that `fill` makes.
struct Made {
  Schema schema;
  Side side() const { return {&schema, &schema.services().front()}; }
  const Method& method() const { return schema.services().front().methods.front(); }

  StructType& add_struct(const std::string& name) {
    StructType& type = schema.add_struct();
    type.name = type.full_name = name;
    return type;
  }
  Field& add_field(StructType& type, const std::string& name, const Type* value) {
    Field& field = type.fields.emplace_back();
    field.name = field.json_name = name;
    field.id = static_cast<std::int32_t>(type.fields.size());
    field.type = value;
    return field;
  }
  const Type* of(const StructType& structure) {
    Type& type = schema.add_type();
    type.kind = Kind::structure;
    type.structure = &structure;
    return &type;
  }
  void finish(const StructType& message) {
    Service& service = schema.add_service();
    service.name = service.full_name = "T";
    Method& method = service.methods.emplace_back();
    method.name = "m";
    method.request = method.response = &message;
    service.own_methods = 1;
    File& file = schema.add_file();
    file.language = Language::proto;
    file.services.push_back(&service);
  }
};

void fill_wide(Made& made, const std::string& prefix, Kind kind, int many) {
  StructType& type = made.add_struct("Wide");
  for (int i = 0; i < many; ++i) made.add_field(type, prefix + std::to_string(i), made.schema.scalar(kind));
  made.finish(type);
}

TEST(MatchHostile, AHundredThousandFieldsArePaired) {
  constexpr int many = 100'000;
  Made a;
  Made b;
  fill_wide(a, "field_", Kind::i32, many);
  fill_wide(b, "Field", Kind::i64, many);
  const auto match = Match::make(a.side(), b.side(), {});
  EXPECT_EQ(match->coverage().exposed.fields[Verdict::mapped], static_cast<std::size_t>(many));
}

TEST(MatchHostile, TwentyThousandFieldsWithoutCounterpartAreNotGuessedAtForEver) {
  constexpr int many = 20'000;
  Made a;
  Made b;
  fill_wide(a, "left", Kind::i32, many);
  fill_wide(b, "right", Kind::i32, many);
  // Something in common, or the whole struct would be none of the other's.
  a.add_field(const_cast<StructType&>(a.schema.structs().front()), "same", a.schema.scalar(Kind::i32));
  b.add_field(const_cast<StructType&>(b.schema.structs().front()), "same", b.schema.scalar(Kind::i32));
  const Proposal proposal = propose(a.side(), b.side(), {});
  EXPECT_TRUE(Match::make(a.side(), b.side(), proposal.overrides)->complete());
  EXPECT_EQ(proposal.overrides.rename.size(), static_cast<std::size_t>(many));
  EXPECT_EQ(proposal.overrides.allow.size(), static_cast<std::size_t>(many));
}

TEST(MatchHostile, TenThousandNamesThatFoldAlikeAreOneFinding) {
  Made made[2];
  for (Made& one : made) {
    StructType& type = one.add_struct("Alike");
    for (int i = 0; i < 10'000; ++i) {
      // As many ways to write underscores into it as there are fields.
      std::string name = "abcdefghijklmnop";
      for (int bit = 14; bit >= 0; --bit) {
        if ((i >> bit & 1) != 0) name.insert(static_cast<std::size_t>(bit) + 1, "_");
      }
      one.add_field(type, name, one.schema.scalar(Kind::i32));
    }
    one.finish(type);
  }
  const auto match = Match::make(made[0].side(), made[1].side(), {});
  ASSERT_EQ(match->findings().size(), 1u);
  EXPECT_EQ(match->findings()[0].rule->id, RuleId::name_collision);
  EXPECT_LT(match->findings()[0].text.size(), 1000u);
  const Proposal proposal = propose(made[0].side(), made[1].side(), {});
  EXPECT_TRUE(Match::make(made[0].side(), made[1].side(), proposal.overrides)->complete());
}

TEST(MatchHostile, EveryTypeOppositeEveryOtherEndsWithAFinding) {
  // Two circles whose lengths have no divisor in common: walking both meets all pairs.
  Made made[2];
  const int lengths[2] = {2'000, 2'001};
  for (int side = 0; side < 2; ++side) {
    Made& one = made[side];
    std::vector<StructType*> types;
    for (int i = 0; i < lengths[side]; ++i) types.push_back(&one.add_struct("T" + std::to_string(i)));
    for (int i = 0; i < lengths[side]; ++i) {
      one.add_field(*types[static_cast<std::size_t>(i)], "next",
                    one.of(*types[static_cast<std::size_t>((i + 1) % lengths[side])]));
      one.add_field(*types[static_cast<std::size_t>(i)], "value", one.schema.scalar(Kind::i32));
    }
    one.finish(*types[0]);
  }
  const auto match = Match::make(made[0].side(), made[1].side(), {});
  ASSERT_EQ(match->blocking().size(), 1u);
  EXPECT_EQ(match->blocking()[0]->rule->id, RuleId::pairs_too_many);
  EXPECT_FALSE(match->structs(*made[0].method().request, *made[0].method().request));
}

TEST(MatchHostile, ALongChainOfTypesTakesNoStack) {
  Made made[2];
  for (Made& one : made) {
    std::vector<StructType*> types;
    for (int i = 0; i < 50'000; ++i) types.push_back(&one.add_struct("T" + std::to_string(i)));
    for (std::size_t i = 0; i + 1 < types.size(); ++i)
      one.add_field(*types[i], "next", one.of(*types[i + 1]));
    one.finish(*types[0]);
  }
  const auto match = Match::make(made[0].side(), made[1].side(), {});
  EXPECT_TRUE(match->complete());
  EXPECT_TRUE(match->blocking(made[0].method()).empty());
}

TEST(MatchHostile, ThousandsOfUnionsOppositeThousandsOfOneofs) {
  Made made[2];
  constexpr int unions = 5'000;
  StructType& choice = made[0].add_struct("Choice");
  choice.form = StructForm::union_;
  made[0].add_field(choice, "number", made[0].schema.scalar(Kind::i32));
  for (int side = 0; side < 2; ++side) {
    Made& one = made[side];
    StructType& type = one.add_struct("S");
    for (int i = 0; i < unions; ++i) {
      if (side == 0) {
        one.add_field(type, "choice" + std::to_string(i), one.of(choice));
      } else {
        type.oneofs.push_back("choice" + std::to_string(i));
        Field& field = one.add_field(type, "number" + std::to_string(i), one.schema.scalar(Kind::i32));
        field.oneof_index = i;
      }
    }
    one.finish(type);
  }
  const Proposal proposal = propose(made[1].side(), made[0].side(), {});
  const auto match = Match::make(made[1].side(), made[0].side(), proposal.overrides);
  EXPECT_EQ(match->unions(*made[0].method().request, *made[1].method().request).size(),
            static_cast<std::size_t>(unions));
}

TEST(MatchHostile, AMessageThatWrapsItselfIsNoWrapper) {
  const Paired both = pair_structs("1: i32 same 2: list<i32> a", "int32 same = 1; W a = 2;", {}, "",
                                   "message W { W w = 1; }");
  EXPECT_EQ(both.findings(), "TYPE_CLASH S.a\n");
  const Paired lists = pair_structs("1: i32 same 2: list<list<i32>> a", "int32 same = 1; repeated W a = 2;",
                                    {}, "", "message W { repeated W w = 1; }");
  EXPECT_EQ(lists.findings(), "TYPE_CLASH S.a\n");
}

// Each is compared with each, by a thousand fields, until what a proposal may take is spent.
TEST(MatchHostile, MethodsWithoutCounterpartAreNotGuessedAtForEver) {
  Made made[2];
  for (int side = 0; side < 2; ++side) {
    Made& one = made[side];
    StructType& type = one.add_struct("Wide");
    for (int i = 0; i < 1'000; ++i)
      one.add_field(type, "f" + std::to_string(i), one.schema.scalar(Kind::i32));
    one.finish(type);
    Service& service = const_cast<Service&>(one.schema.services().front());
    for (int i = 0; i < 200; ++i) {
      Method method = service.methods.front();
      method.name = (side == 0 ? "left" : "right") + std::to_string(i);
      service.methods.push_back(method);
    }
  }
  const Proposal proposal = propose(made[0].side(), made[1].side(), {});
  EXPECT_TRUE(Match::make(made[0].side(), made[1].side(), proposal.overrides)->complete());
}

}  // namespace
}  // namespace koine::idl::match::testing
