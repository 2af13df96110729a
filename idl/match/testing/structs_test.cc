// Fields, enum values and types opposite one another.
#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "idl/match/adapters.h"
#include "idl/match/testing/support.h"

namespace koine::idl::match::testing {
namespace {

TEST(MatchStructs, FieldsArePairedByNameAndNeverByNumber) {
  const Paired both =
      pair_structs("1: i32 userId 2: i32 total_cents", "int32 total_cents = 1; int32 user_id = 2;");
  EXPECT_EQ(both.field("S", "userId", "S"), "user_id");
  EXPECT_EQ(both.field("S", "total_cents", "S"), "total_cents");
  EXPECT_EQ(both.findings(), "NUMBER_REUSED_OTHER_NAME S\n");
  EXPECT_TRUE(both.match->complete());
}

TEST(MatchStructs, AFieldsJsonNameAndKoineNameCountToo) {
  const Paired both = pair_structs("1: i32 amount 2: i32 sum (koine.name = \"total\")",
                                   "int32 a = 1 [json_name = \"amount\"]; int32 total = 2;");
  EXPECT_EQ(both.field("S", "amount", "S"), "a");
  EXPECT_EQ(both.field("S", "sum", "S"), "total");
  EXPECT_EQ(both.findings(), "");
}

TEST(MatchStructs, ARenameNamesTheExposedFieldAndThenTheProviders) {
  const Paired both =
      pair_structs("1: i32 total", "int32 total_cents = 1;", {{{"S.total_cents", "total"}}, {}});
  EXPECT_EQ(both.field("S", "total", "S"), "total_cents");
  const Paired whole =
      pair_structs("1: i32 total", "int32 total_cents = 1;", {{{"b.S.total_cents", "total"}}, {}});
  EXPECT_EQ(whole.field("S", "total", "S"), "total_cents");
  const Paired wrong = pair_structs("1: i32 a 2: i32 total", "int32 a = 1; int32 total_cents = 2;",
                                    {{{"S.total_cents", "totl"}}, {}});
  EXPECT_TRUE(wrong.found("OVERRIDE_UNKNOWN S.total_cents"));
  EXPECT_EQ(wrong.match->blocking().size(), 1u);
}

TEST(MatchStructs, AMisspeltRenameIsToldWhatWasMeant) {
  const auto told = [](const std::string& key, const std::string& to) {
    const Paired both =
        pair_structs("1: i32 total 2: i32 amount", "int32 total = 1; int32 sum = 2;", {{{key, to}}, {}});
    return both.match->blocking().size() == 1 ? both.match->blocking()[0]->text : both.findings();
  };
  EXPECT_EQ(told("S.sun", "amount"), "'S' has no 'sun'; did you mean 'sum'?");
  EXPECT_EQ(told("b.S.sun", "amount"), "'b.S' has no 'sun'; did you mean 'sum'?");
  EXPECT_EQ(told("S.sum", "amuont"), "what stands opposite 'S' has no 'amuont'; did you mean 'amount'?");
  EXPECT_EQ(told("X.sum", "amount"), "'X' is no type that the methods have in common");
  EXPECT_EQ(told("N", "m"), "is no method of b.T, and no exception");
  EXPECT_EQ(told("M", "mm"), "'mm' is no method of a.T; did you mean 'm'?");
  EXPECT_EQ(told("S.", ""), "'S' has no ''");
  EXPECT_EQ(told("", ""), "is no method of b.T, and no exception");
}

TEST(MatchStructs, AFieldWithoutCounterpartMayBeDroppedByName) {
  const std::string thrift = "1: i32 a 2: i32 mine";
  const std::string proto = "int32 a = 1; int32 yours = 2;";
  const Paired both = pair_structs(thrift, proto);
  EXPECT_EQ(both.findings(), "UNMAPPED_OPTIONAL S.yours\nUNMAPPED_OPTIONAL S.mine\n");
  EXPECT_FALSE(both.match->complete());
  const StructType& s = both.proto_struct("S");
  EXPECT_FALSE(both.match->may_drop(s, s.fields[1], both.thrift_struct("S")));

  const Paired allowed = pair_structs(thrift, proto, {{{"S.yours", ""}}, {"UNMAPPED_OPTIONAL:S.mine"}});
  EXPECT_EQ(allowed.findings(), "");
  EXPECT_TRUE(allowed.match->complete());
  const StructType& from = allowed.proto_struct("S");
  const StructType& to = allowed.thrift_struct("S");
  EXPECT_TRUE(allowed.match->may_drop(from, from.fields[1], to));
  EXPECT_TRUE(allowed.match->may_drop(to, to.fields[1], from));
  EXPECT_FALSE(allowed.match->may_drop(to, to.fields[0], from));
}

TEST(MatchStructs, TwoFieldsOfOneNameArePairedWithNobodyUntilRenamed) {
  const std::string thrift = "1: i32 userId 2: i32 user_id";
  const std::string proto = "int32 user_id = 1;";
  const Paired both = pair_structs(thrift, proto);
  EXPECT_EQ(both.findings(), "NAME_COLLISION S.user_id\n");
  EXPECT_EQ(both.field("S", "userId", "S"), "");
  const Paired renamed = pair_structs(thrift, proto, {{{"S.user_id", "userId"}}, {}});
  EXPECT_EQ(renamed.field("S", "userId", "S"), "user_id");
  EXPECT_EQ(renamed.findings(), "UNMAPPED_OPTIONAL S.user_id\n");
}

TEST(MatchStructs, TypesCorrespondBecauseFieldsDo) {
  const Paired both =
      pair_structs("1: Address home 2: list<Address> others", "repeated Place others = 1; Place home = 2;",
                   {}, "struct Address { 1: string street }", "message Place { string street = 1; }");
  EXPECT_TRUE(both.match->structs(both.thrift_struct("Address"), both.proto_struct("Place")));
  EXPECT_TRUE(both.match->structs(both.proto_struct("Place"), both.thrift_struct("Address")));
  EXPECT_FALSE(both.match->structs(both.proto_struct("S"), both.thrift_struct("Address")));
  EXPECT_EQ(both.field("Address", "street", "Place"), "street");
}

TEST(MatchStructs, RecursiveTypesEnd) {
  const Paired both = pair_structs("1: i32 weight 2: list<S> children 3: optional S & tail",
                                   "S tail = 1; int32 weight = 2; repeated S children = 3;");
  EXPECT_EQ(both.field("S", "tail", "S"), "tail");
  EXPECT_TRUE(both.match->complete());
}

TEST(MatchStructs, AMessageWithOneFieldIsWhatItHolds) {
  const Paired both =
      pair_structs("1: list<list<i32>> grid 2: map<string, list<Item>> groups 3: i32 boxed",
                   "repeated Row grid = 1; map<string, Items> groups = 2; Box boxed = 3;", {},
                   "struct Item { 1: string sku }",
                   "message Row { repeated int32 values = 1; } message Item { string sku = 1; }"
                   "message Items { repeated Item items = 1; } message Box { int32 value = 1; }");
  EXPECT_EQ(both.findings(), "");
  EXPECT_TRUE(both.match->structs(both.thrift_struct("Item"), both.proto_struct("Item")));
  EXPECT_EQ(both.match->coverage().exposed.fields[Verdict::adapter], 3u);
  const Field* row = wrapped_field(*both.proto_struct("S").fields[0].type->element,
                                   *both.thrift_struct("S").fields[0].type->element);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->name, "values");
}

TEST(MatchStructs, TypesWithoutAValueInCommonAreAnError) {
  const Paired both =
      pair_structs("1: i32 a 2: string b 3: Address c", "int32 a = 1; int32 b = 2; Contact c = 3;", {},
                   "struct Address { 1: string street }", "message Contact { string email = 1; }");
  EXPECT_EQ(both.findings(), "TYPE_CLASH S.b\nTYPE_CLASH S.c\n");
  EXPECT_EQ(both.match->blocking(both.proto_method("M")).size(), 2u);
  EXPECT_FALSE(both.match->structs(both.thrift_struct("Address"), both.proto_struct("Contact")));
  const Paired left_out = pair_structs("1: i32 a 2: string b", "int32 a = 1; int32 b = 2;",
                                       {{{"S.b", ""}}, {"UNMAPPED_OPTIONAL:S.b"}});
  EXPECT_TRUE(left_out.match->blocking(left_out.proto_method("M")).empty());
  EXPECT_TRUE(left_out.match->complete());
}

TEST(MatchStructs, AnErrorBlocksTheMethodsThatReachItAndNoOthers) {
  const Paired both = expose_proto(
      "struct In { 1: string n 2: i32 k } struct Q { 1: list<In> in } struct R { 1: i32 k } service T { Q "
      "deep(1: R r), "
      "R flat(1: R r) }",
      "message In { int32 n = 1; int32 k = 2; } message Q { repeated In in = 1; } message R { int32 k = 1; }"
      "service T { rpc Deep(R) returns (Q); rpc Flat(R) returns (R); }");
  EXPECT_EQ(both.findings(), "TYPE_CLASH In.n\n");
  ASSERT_EQ(both.match->blocking(both.proto_method("Deep")).size(), 1u);
  EXPECT_EQ(both.match->blocking(both.proto_method("Deep"))[0], &both.match->findings()[0]);
  EXPECT_TRUE(both.match->blocking(both.proto_method("Flat")).empty());
  EXPECT_TRUE(both.match->blocking().empty());
  EXPECT_EQ(both.match->coverage().exposed.methods[Verdict::refused], 1u);
  EXPECT_EQ(both.match->coverage().exposed.methods[Verdict::mapped], 1u);
}

TEST(MatchStructs, TwoIdlsOfOneLanguageArePairedToo) {
  const auto older =
      derive::testing::read_thrift({{"a.thrift",
                                     "exception E { 1: i32 id } struct S { 1: i32 user_id 2: string note }"
                                     "service T { S getIt(1: S s, 2: i32 n) throws (1: E wrong) }"}});
  const auto newer =
      derive::testing::read_thrift({{"b.thrift",
                                     "exception E { 3: i32 id } struct U { 7: i32 userId 2: string note }"
                                     "service T { U get_it(5: i32 n, 1: U s) throws (4: E e) }"}});
  const auto match =
      Match::make({older.get(), &older->services().front()}, {newer.get(), &newer->services().front()}, {});
  const Method& method = older->services().front().methods.front();
  const Method* other = match->provider_method(method);
  ASSERT_EQ(other, &newer->services().front().methods.front());
  EXPECT_TRUE(match->complete());
  EXPECT_EQ(match->field(*method.request, method.request->fields[1], *other->request),
            &other->request->fields[0]);
  EXPECT_EQ(match->field(*method.response, *method.response->find_field(0), *other->response),
            other->response->find_field(0));
  EXPECT_EQ(match->field(*method.response, *method.response->find_field(1), *other->response),
            other->response->find_field(4));
}

TEST(MatchEnums, ValuesArePairedWithoutWhatAllNamesBeginWith) {
  const Paired both =
      pair_structs("1: optional Colour c", "Color c = 1;", {}, "enum Colour { RED = 1, DARK_BLUE = 5 }",
                   "enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 10; COLOR_DARK_BLUE = 50; }");
  const EnumType& thrift = both.thrift->enums().front();
  const EnumType& proto = *both.proto_struct("S").fields[0].type->enumeration;
  EXPECT_TRUE(both.match->enums(thrift, proto));
  EXPECT_EQ(both.match->number(thrift, 5, proto), 50);
  EXPECT_EQ(both.match->number(proto, 10, thrift), 1);
  EXPECT_EQ(both.match->number(proto, 0, thrift), std::nullopt);
  EXPECT_TRUE(both.match->means_unset(proto, 0, thrift));
  EXPECT_FALSE(both.match->means_unset(thrift, 0, proto));
  EXPECT_EQ(both.match->number(proto, 7, thrift), std::nullopt);
  EXPECT_EQ(both.findings(), "ENUM_NUMBER_DIFFERS Color\n");
  EXPECT_TRUE(both.match->complete());
}

TEST(MatchEnums, ValuesWithoutCounterpartAreNamedOrAllowed) {
  const std::string thrift = "enum E { A = 0, B = 1 }";
  const std::string proto = "enum E { A = 0; C = 1; D = 2; }";
  EXPECT_EQ(pair_structs("1: E e", "E e = 1;", {}, thrift, proto).findings(),
            "ENUM_VALUE_UNMATCHED E.C\nENUM_VALUE_UNMATCHED E.D\nENUM_VALUE_UNMATCHED E.B\n");
  const Paired named = pair_structs("1: E e", "E e = 1;", {{{"E.C", "B"}, {"E.D", ""}}, {}}, thrift, proto);
  EXPECT_EQ(named.findings(), "");
  EXPECT_TRUE(named.match->complete());
}

}  // namespace
}  // namespace koine::idl::match::testing
