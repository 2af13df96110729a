// Two Thrift IDLs: arguments, results and exceptions opposite one another.
#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "idl/match/match.h"
#include "idl/match/propose.h"

namespace koine::idl::match::testing {
namespace {

struct Two {
  std::unique_ptr<Schema> callers;
  std::unique_ptr<Schema> providers;
  std::unique_ptr<const Match> match;

  Side exposed() const { return {callers.get(), &callers->services().front()}; }
  Side provider() const { return {providers.get(), &providers->services().front()}; }
  const Method& method(std::size_t i = 0) const { return callers->services().front().methods[i]; }
  const Method& other(std::size_t i = 0) const { return providers->services().front().methods[i]; }
  std::string findings() const {
    std::string out;
    for (const Finding& finding : match->findings()) {
      out +=
          std::string(finding.rule->name) + " " + finding.subject + (finding.allowed ? " allowed\n" : "\n");
    }
    return out;
  }
};

Two pair(const std::string& callers, const std::string& providers, const Overrides& overrides = {}) {
  Two both;
  both.callers = derive::testing::read_thrift({{"a.thrift", callers}});
  both.providers = derive::testing::read_thrift({{"b.thrift", providers}});
  both.match = Match::make(both.exposed(), both.provider(), overrides);
  return both;
}

TEST(MatchThrift, ASingleStructArgumentIsTheOtherSidesWhateverItsName) {
  const Two both = pair("struct Q { 1: i32 n } service T { void m(1: Q query) }",
                        "struct R { 4: i32 n } service T { void m(7: R request) }");
  EXPECT_EQ(both.findings(), "");
  EXPECT_TRUE(both.match->complete());
  EXPECT_EQ(both.match->enveloped(both.method()), nullptr);
  EXPECT_EQ(
      both.match->field(*both.method().request, both.method().request->fields[0], *both.other().request),
      &both.other().request->fields[0]);
}

TEST(MatchThrift, ARenameOfASingleStructArgumentIsObeyed) {
  const std::string callers = "struct Q { 1: i32 n } service T { void m(1: Q query) }";
  const std::string providers = "struct R { 4: i32 n } service T { void m(7: R request) }";
  EXPECT_EQ(pair(callers, providers, {{{"m.query", "request"}}, {}}).findings(), "");
  EXPECT_EQ(pair(callers, providers, {{{"m.query", "reqest"}}, {}}).findings(),
            "TYPE_CLASH m\nOVERRIDE_UNKNOWN m.query\n");
}

TEST(MatchThrift, AStructIsTheOtherSidesArguments) {
  const std::string one = "struct Q { 1: string text 2: i32 limit } service T { i32 m(1: Q query) }";
  const std::string several = "service T { i32 m(8: i32 limit, 9: string text) }";
  for (const bool struct_exposed : {true, false}) {
    const Two both = struct_exposed ? pair(one, several) : pair(several, one);
    EXPECT_EQ(both.findings(), "") << struct_exposed;
    EXPECT_TRUE(both.match->complete());
    const Method& enveloped = struct_exposed ? both.method() : both.other();
    const Method& spread = struct_exposed ? both.other() : both.method();
    EXPECT_EQ(both.match->enveloped(both.method()), &enveloped);
    const StructType& query = *enveloped.request->fields.front().type->structure;
    EXPECT_EQ(both.match->field(query, query.fields[0], *spread.request), &spread.request->fields[1]);
  }
}

TEST(MatchThrift, AnArgumentThatTheOtherSideHasAmongOthersIsThatOne) {
  const Two both = pair("struct Q { 1: i32 n } service T { void m(1: Q query) }",
                        "struct Q { 1: i32 n } service T { void m(1: Q query, 2: bool dry) }");
  EXPECT_EQ(both.match->enveloped(both.method()), nullptr);
  EXPECT_EQ(both.findings(), "UNMAPPED_OPTIONAL m.dry\n");
}

TEST(MatchThrift, AStructAroundTheOnlyArgumentIsThatArgument) {
  const Two both = pair("struct Key { 1: string id } service T { void m(1: Key key) }",
                        "service T { void m(1: string name) }");
  EXPECT_EQ(both.findings(), "");
  EXPECT_TRUE(both.match->complete());
}

TEST(MatchThrift, ExceptionsGoByTheirTypesNameOrARename) {
  const std::string callers =
      "exception Gone { 1: i32 id } exception Busy { 1: i32 wait }"
      "service T { void m() throws (1: Gone gone, 2: Busy busy) }";
  const std::string providers =
      "exception Missing { 1: i32 id } exception Busy { 1: i32 wait }"
      "service T { void m() throws (3: Busy busy, 4: Missing missing) }";
  const Two both = pair(callers, providers, {{{"Gone", "Missing"}}, {}});
  EXPECT_EQ(both.findings(), "");
  const StructType& results = *both.method().response;
  EXPECT_EQ(both.match->field(results, *results.find_field(1), *both.other().response),
            both.other().response->find_field(4));
  EXPECT_EQ(both.match->field(results, *results.find_field(2), *both.other().response),
            both.other().response->find_field(3));
  EXPECT_EQ(pair(callers, providers).findings(),
            "EXCEPTION_NEVER_RAISED Gone\nEXCEPTION_UNMATCHED Missing\n");
  EXPECT_EQ(pair(callers, providers, {{{"Gone", ""}}, {"EXCEPTION_UNMATCHED:Missing"}}).findings(),
            "EXCEPTION_UNMATCHED Missing allowed\n");
  EXPECT_EQ(pair(callers, providers, {{{"Gone", "Mising"}}, {}}).findings(),
            "EXCEPTION_NEVER_RAISED Gone\nEXCEPTION_UNMATCHED Missing\nOVERRIDE_UNKNOWN Gone\n");
}

TEST(MatchThrift, ExceptionsMayNameOneAnother) {
  const std::string gone = "exception Gone { 1: i32 id } service T { void m() throws (1: Gone gone) }";
  const std::string missing =
      "exception Missing { 1: i32 id } (koine.name = \"Gone\") service T { void m() throws (1: Missing gone) "
      "}";
  EXPECT_EQ(pair(gone, missing).findings(), "");
  EXPECT_EQ(pair(missing, gone).findings(), "");
}

// ---- what is proposed

std::map<std::string, std::string> proposed(const Two& both) {
  return propose(both.exposed(), both.provider(), {}).overrides.rename;
}
using Renames = std::map<std::string, std::string>;

TEST(MatchThrift, ExceptionsWithTheSameFieldsAreProposed) {
  const Two both =
      pair("exception Gone { 1: i32 id 2: string shelf } service T { void m() throws (1: Gone gone) }",
           "exception Missing { 7: string shelf 8: i32 id } exception Late { 1: i32 by }"
           "service T { void m() throws (1: Late late, 2: Missing missing) }");
  EXPECT_EQ(proposed(both), (Renames{{"Gone", "Missing"}}));
}

TEST(MatchThrift, TheOnlyFieldOfBothIsProposed) {
  const Two both = pair("struct A { 1: list<i32> cells } service T { A m(1: i64 token) }",
                        "struct B { 1: list<i64> values } service T { B m(1: i64 nonce) }");
  EXPECT_EQ(proposed(both), (Renames{{"A.cells", "values"}, {"m.token", "nonce"}}));
}

TEST(MatchThrift, TheOnlyNumberLeftIsProposedHoweverWideItIs) {
  const Two both = pair("struct A { 1: string street 2: i64 postcode } service T { A m() }",
                        "struct B { 1: i32 zip 2: string street } service T { B m() }");
  EXPECT_EQ(proposed(both), (Renames{{"A.postcode", "zip"}}));
}

TEST(MatchThrift, StructsThatHoldThemselvesAreKnownByStandingOppositeOneAnother) {
  const Two both = pair(
      "struct A { 1: i32 weight 2: list<A> branches 3: optional A & next 4: string title } service T { A m() "
      "}",
      "struct B { 1: i32 weight 2: list<B> children 3: optional B & tail 4: string label } service T { B m() "
      "}");
  EXPECT_EQ(proposed(both), (Renames{{"A.branches", "children"}, {"A.next", "tail"}, {"A.title", "label"}}));
}

TEST(MatchThrift, StructsThatHoldNothingButThemselvesSayNothing) {
  const Two both = pair("struct A { 1: list<A> branches } service T { A m() }",
                        "struct B { 1: list<B> children } service T { B m() }");
  EXPECT_EQ(proposed(both), (Renames{{"m", ""}}));
}

// All take one number each, whatever it is called; only one of each side gives something back.
TEST(MatchThrift, AMethodThatGivesNothingIsNoneThatGivesSomething) {
  const Two both = pair("service T { void wipe(1: i64 token), i64 invert(1: i64 token) }",
                        "service T { i64 stamp(1: i64 nonce), void reset(1: i64 nonce) }");
  EXPECT_EQ(
      proposed(both),
      (Renames{{"wipe", "reset"}, {"wipe.token", "nonce"}, {"invert", "stamp"}, {"invert.token", "nonce"}}));
}

// number_set is like numbers, but that is another kind of thing.
TEST(MatchThrift, NamesThatAreAlikeCountForOneKindOnly) {
  const Two both = pair(
      "struct A { 1: string id 2: list<i32> number_set 3: list<string> word_set }"
      "struct B { 1: string id 2: i32 number 3: string word }"
      "service T { A first(1: A a), B second(1: B b) }",
      "struct C { 1: string id 2: i32 numbers 3: string words } service T { C third(1: C c) }");
  const Renames renames = proposed(both);
  EXPECT_EQ(renames.at("second"), "third");
  EXPECT_EQ(renames.at("first"), "");
}

}  // namespace
}  // namespace koine::idl::match::testing
