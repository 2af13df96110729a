// Unions opposite oneofs, exceptions opposite messages, times opposite numbers.
#include <gtest/gtest.h>

#include "idl/match/adapters.h"
#include "idl/match/propose.h"
#include "idl/match/testing/support.h"

namespace koine::idl::match::testing {
namespace {

constexpr const char* pick = "union Choice { 1: i32 number 2: string text 3: binary data }";
constexpr const char* with_choice = "1: string caseId 2: Choice choice";
constexpr const char* selection =
    "string case_id = 1; oneof choice { string text = 2; bytes content = 3; int32 number = 4; }";

TEST(MatchUnions, AUnionFieldStandsOppositeAOneof) {
  const Paired both = pair_structs(with_choice, selection, {{{"S.content", "data"}}, {}}, pick);
  EXPECT_EQ(both.findings(), "NUMBER_REUSED_OTHER_NAME S\n");
  EXPECT_TRUE(both.match->complete());
  const StructType& thrift = both.thrift_struct("S");
  const StructType& proto = both.proto_struct("S");
  const auto& unions = both.match->unions(proto, thrift);
  ASSERT_EQ(unions.size(), 1u);
  EXPECT_EQ(&unions, &both.match->unions(thrift, proto));
  EXPECT_EQ(unions[0].union_holder, &thrift);
  EXPECT_EQ(unions[0].field, &thrift.fields[1]);
  EXPECT_EQ(unions[0].oneof_holder, &proto);
  EXPECT_EQ(unions[0].oneof_index, 0);
  ASSERT_EQ(unions[0].members.size(), 3u);
  for (const UnionPair::Member& member : unions[0].members) {
    EXPECT_EQ(member.of_union->type->kind, member.of_oneof->type->kind) << member.of_union->name;
  }
  // No field of the other side stands for these by itself.
  EXPECT_EQ(both.match->field(thrift, thrift.fields[1], proto), nullptr);
  EXPECT_EQ(both.match->field(proto, proto.fields[1], thrift), nullptr);
  EXPECT_EQ(both.field("S", "caseId", "S"), "case_id");
}

TEST(MatchUnions, MembersWithoutCounterpartAreNamedByTheTypeThatHasThem) {
  const Paired both = pair_structs(with_choice, selection, {}, pick);
  EXPECT_TRUE(both.found("UNMAPPED_OPTIONAL S.content"));
  EXPECT_TRUE(both.found("UNMAPPED_OPTIONAL Choice.data"));
  const Paired allowed =
      pair_structs(with_choice, selection, {{{"S.content", ""}}, {"UNMAPPED_OPTIONAL:Choice.data"}}, pick);
  EXPECT_TRUE(allowed.match->complete()) << allowed.findings();
  EXPECT_FALSE(allowed.found("OVERRIDE_UNUSED UNMAPPED_OPTIONAL:Choice.data"));
  EXPECT_EQ(allowed.match->coverage().exposed.fields[Verdict::allowed], 1u);
  EXPECT_EQ(allowed.match->coverage().provider.fields[Verdict::allowed], 1u);
  const StructType& choice = allowed.thrift_struct("Choice");
  const StructType& s = allowed.proto_struct("S");
  EXPECT_TRUE(allowed.match->may_drop(choice, choice.fields[2], s));
  EXPECT_FALSE(allowed.match->may_drop(choice, choice.fields[0], s));
  EXPECT_TRUE(allowed.match->may_drop(s, s.fields[2], allowed.thrift_struct("S")));
  EXPECT_FALSE(both.match->may_drop(both.thrift_struct("Choice"), both.thrift_struct("Choice").fields[2],
                                    both.proto_struct("S")));
}

TEST(MatchUnions, AnExposedUnionsMembersAreRenamedByTheUnionsName) {
  const std::string thrift =
      std::string(pick) + " struct S { " + with_choice + " } service T { S m(1: S s) }";
  const std::string proto =
      "message S { string case_id = 1; oneof kind { string text = 2; bytes content = 3; int32 number = 4; } }"
      "service T { rpc M(S) returns (S); }";
  const Paired both = expose_thrift(thrift, proto, {{{"Choice.data", "content"}, {"S.choice", "kind"}}, {}});
  EXPECT_TRUE(both.match->complete()) << both.findings();
  EXPECT_EQ(both.match->unions(both.thrift_struct("S"), both.proto_struct("S")).size(), 1u);
  const Paired other = expose_proto(thrift, proto, {{{"S.content", "data"}, {"S.kind", "choice"}}, {}});
  EXPECT_TRUE(other.match->complete()) << other.findings();
  const Paired dropped = expose_thrift(
      thrift, proto, {{{"Choice.data", ""}, {"S.choice", "kind"}}, {"UNMAPPED_OPTIONAL:S.content"}});
  EXPECT_TRUE(dropped.match->complete()) << dropped.findings();
  EXPECT_EQ(dropped.match->coverage().exposed.fields[Verdict::allowed], 1u);
  // Without the name of the oneof there is nothing that says so.
  EXPECT_TRUE(expose_proto(thrift, proto).found("UNMAPPED_OPTIONAL S.choice"));
}

TEST(MatchUnions, AMemberThatSaysNothingIsTold) {
  const Paired both = pair_structs("1: i32 same 2: Choice choice",
                                   "int32 same = 1; oneof choice { Color c = 2; int32 n = 3; }", {},
                                   "enum Colour { RED = 1 } union Choice { 1: Colour c 2: i32 n }",
                                   "enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 1; }");
  EXPECT_TRUE(both.found("ENUM_NO_ZERO S.c")) << both.findings();
}

TEST(MatchUnions, AOneofHasOneUnion) {
  const Paired both = expose_thrift(
      "union A { 1: i32 n } struct S { 1: A a 2: A b 3: i32 same } service T { S m(1: S s) }",
      "message S { int32 same = 1; oneof a { int32 n = 2; } } service T { rpc M(S) returns (S); }",
      {{{"S.b", "a"}}, {}});
  EXPECT_EQ(both.match->unions(both.thrift_struct("S"), both.proto_struct("S")).size(), 1u);
  EXPECT_TRUE(both.found("UNMAPPED_OPTIONAL S.b"));
  EXPECT_TRUE(both.found("OVERRIDE_UNKNOWN S.b"));
}

TEST(MatchUnions, AUnionMayBeAMessageThatHoldsOneOneof) {
  const Paired both =
      pair_structs(with_choice, "string case_id = 1; Choice choice = 2;", {}, pick,
                   "message Choice { oneof of { string text = 1; bytes data = 2; int32 number = 3; } }");
  EXPECT_TRUE(both.match->complete()) << both.findings();
  EXPECT_EQ(both.field("Choice", "data", "Choice"), "data");
  EXPECT_EQ(both.field("S", "choice", "S"), "choice");
  EXPECT_TRUE(both.match->unions(both.thrift_struct("S"), both.proto_struct("S")).empty());
}

TEST(MatchUnions, MembersMayBeFieldsOfTheirOwn) {
  const Paired both = pair_structs("1: string caseId 2: optional string text 3: optional i32 number",
                                   "string case_id = 1; oneof choice { string text = 2; int32 number = 4; }");
  EXPECT_EQ(both.field("S", "number", "S"), "number");
  EXPECT_EQ(both.findings(), "");
}

constexpr const char* failing =
    "exception NotFound { 1: string resource 2: i64 id } service T { void m() throws (1: NotFound e) }";
constexpr const char* missing =
    "message E {} message MissingResource { string resource = 1; int64 id = 2; }"
    "service T { rpc M(E) returns (E); }";

TEST(MatchErrors, AMessageCarriesTheExceptionOfItsName) {
  const Paired both = expose_thrift(failing,
                                    "message E {} message NotFound { int64 id = 1; string resource = 2; }"
                                    "service T { rpc M(E) returns (E); }");
  const StructType& exception = both.thrift_struct("NotFound");
  const StructType& message = both.proto_struct("NotFound");
  EXPECT_EQ(both.match->error(exception), &message);
  EXPECT_EQ(both.match->error(message), &exception);
  EXPECT_TRUE(both.match->structs(message, exception));
  EXPECT_EQ(both.field("NotFound", "id", "NotFound"), "id");
  EXPECT_TRUE(both.match->complete());
}

TEST(MatchErrors, AnOverrideNamesTheMessageFromEitherSide) {
  const Paired callers = expose_thrift(failing, missing, {{{"NotFound", "MissingResource"}}, {}});
  EXPECT_EQ(callers.match->error(callers.thrift_struct("NotFound")),
            &callers.proto_struct("MissingResource"));
  EXPECT_EQ(callers.findings(), "");
  const Paired provider = expose_proto(failing, missing, {{{"b.MissingResource", "NotFound"}}, {}});
  EXPECT_EQ(provider.match->error(provider.proto_struct("MissingResource")),
            &provider.thrift_struct("NotFound"));
  EXPECT_EQ(provider.findings(), "");
  EXPECT_EQ(expose_thrift(failing, missing, {{{"NotFound", "Missing"}}, {}}).findings(),
            "EXCEPTION_NEVER_RAISED NotFound\nOVERRIDE_UNKNOWN NotFound\n");
}

TEST(MatchErrors, AnExceptionWithoutMessageIsALossAndIsProposedOne) {
  const Paired both = expose_proto(failing, missing);
  EXPECT_TRUE(both.match->coverage().complete());
  EXPECT_FALSE(both.match->complete());
  const Side exposed{both.proto.get(), &both.proto->services().back()};
  const Side provider{both.thrift.get(), &both.thrift->services().back()};
  EXPECT_EQ(propose(exposed, provider, {}).overrides.rename.at("MissingResource"), "NotFound");
  EXPECT_EQ(propose(provider, exposed, {}).overrides.rename.at("NotFound"), "MissingResource");
}

TEST(MatchErrors, TheTextOfAnExceptionNeedsNoFieldInItsMessage) {
  const Paired both = expose_proto(
      "exception Quota { 1: string message 2: i32 limit } service T { void m() throws (1: Quota e) }",
      "message E {} message Quota { int32 limit = 1; } service T { rpc M(E) returns (E); }");
  EXPECT_TRUE(both.match->complete()) << both.findings();
  EXPECT_TRUE(both.match->may_drop(both.thrift_struct("Quota"), both.thrift_struct("Quota").fields[0],
                                   both.proto_struct("Quota")));
}

TEST(MatchTimes, ANumberWithAUnitStandsOppositeATime) {
  const Paired both = pair_structs(
      "1: i64 createdAt (koine.as = \"instant\", koine.unit = \"ms\") 2: list<i64> steps (koine.unit = "
      "\"us\")",
      "google.protobuf.Timestamp created_at = 1; repeated google.protobuf.Duration steps = 2;", {}, "",
      "import \"google/protobuf/timestamp.proto\"; import \"google/protobuf/duration.proto\";");
  EXPECT_EQ(both.findings(), "");
  EXPECT_EQ(both.match->coverage().exposed.fields[Verdict::adapter], 2u);
  const StructType& thrift = both.thrift_struct("S");
  EXPECT_EQ(time_unit(thrift.fields[0].annotations), TimeUnit::milliseconds);
  EXPECT_EQ(time_unit(thrift.fields[1].annotations), TimeUnit::microseconds);
  const Paired wrong =
      pair_structs("1: i64 a (koine.as = \"duration\", koine.unit = \"ms\")",
                   "google.protobuf.Timestamp a = 1;", {}, "", "import \"google/protobuf/timestamp.proto\";");
  EXPECT_EQ(wrong.findings(), "TYPE_CLASH S.a\n");
}

}  // namespace
}  // namespace koine::idl::match::testing
