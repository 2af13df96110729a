// Every rule of the table: a pair of IDLs that has it, and one next to it that has not.
#include "idl/match/rules.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "idl/match/testing/support.h"

namespace koine::idl::match::testing {
namespace {

// Two services, their IDLs as fields of a struct S that goes both ways or as a whole.
struct Idls {
  std::string thrift;
  std::string proto;
  Overrides overrides = {};
  bool expose_thrift = false;
};

Idls fields(const std::string& thrift, const std::string& proto, const std::string& thrift_before = "",
            const std::string& proto_before = "", const Overrides& overrides = {}) {
  return {thrift_before + " struct S { 1: i32 same " + thrift + " } service T { S m(1: S s) }",
          proto_before + " message S { int32 same = 1; " + proto + " } service T { rpc M(S) returns (S); }",
          overrides};
}

// What goes to the provider alone.
Idls request(const std::string& thrift, const std::string& proto, const std::string& thrift_before = "",
             const std::string& proto_before = "") {
  return {thrift_before + " struct S { 1: i32 same " + thrift + " } service T { void m(1: S s) }",
          proto_before + " message S { int32 same = 1; " + proto +
              " } message E {} service T { rpc M(S) returns (E); }"};
}

Idls method(const std::string& thrift, const std::string& proto, const Overrides& overrides = {},
            bool expose_thrift = false) {
  const std::string messages =
      "message E {} message N { int64 n = 1; } message P { int64 n = 1; int64 m = 2; }";
  return {"exception X { 1: string message 2: i32 id } exception Y { 1: string message } service T { " +
              thrift + " }",
          messages + " service T { " + proto + " }", overrides, expose_thrift};
}

struct Case {
  RuleId id;
  std::string subject;  // of the first
  Idls has;
  Idls has_not;
};

const std::string unspecified = "enum E { E_UNSPECIFIED = 0; E_A = 1; }";

std::vector<Case> cases() {
  const std::string thrift_enum = "enum E { A = 1 }";
  return {
      {RuleId::args_shape, "M", method("i64 m()", "rpc M(E) returns (P);"),
       method("i64 m()", "rpc M(E) returns (N);")},
      {RuleId::default_differs,
       "S.a",
       {"struct S { 1: i32 a = 3 } service T { S m(1: S s) }",
        "syntax = \"proto2\"; message S { optional int32 a = 1 [default = 4]; } service T { rpc M(S) returns "
        "(S); }"},
       fields("2: i32 a = 3", "int32 a = 2;")},
      {RuleId::enum_no_zero, "S.a", fields("2: list<E> a", "repeated E a = 2;", thrift_enum, unspecified),
       fields("2: optional E a", "E a = 2;", thrift_enum, unspecified)},
      {RuleId::enum_number_differs, "E",
       fields("2: E a", "E a = 2;", "enum E { A = 0, B = 2 }", "enum E { A = 0; B = 1; }"),
       fields("2: E a", "E a = 2;", "enum E { A = 0, B = 1 }", "enum E { A = 0; B = 1; }")},
      {RuleId::enum_value_unmatched, "E.C",
       fields("2: E a", "E a = 2;", "enum E { A = 0 }", "enum E { A = 0; C = 1; }"),
       fields("2: E a", "E a = 2;", "enum E { A = 0, C = 1 }", "enum E { A = 0; C = 1; }")},
      {RuleId::exception_never_raised, "X",
       method("void m() throws (1: X x)", "rpc M(E) returns (E);", {}, true),
       method("void m() throws (1: X x)", "rpc M(E) returns (E);", {{{"X", ""}}, {}}, true)},
      {RuleId::exception_unmatched,
       "X",
       method("void m() throws (1: X x)", "rpc M(E) returns (E);"),
       {"exception X { 1: string message 2: i32 id } service T { void m() throws (1: X x) }",
        "message E {} message X { int32 id = 1; } service T { rpc M(E) returns (E); }"}},
      {RuleId::f64_to_f32, "S.a", fields("2: double a", "float a = 2;"),
       fields("2: double a", "double a = 2;")},
      {RuleId::localtime_to_instant, "S.a",
       fields("2: i64 a (koine.as = \"localdatetime\", koine.unit = \"s\")",
              "google.protobuf.Timestamp a = 2;", "", "import \"google/protobuf/timestamp.proto\";"),
       fields("2: i64 a (koine.as = \"localdatetime\", koine.unit = \"s\", koine.zone = \"UTC\")",
              "google.protobuf.Timestamp a = 2;", "", "import \"google/protobuf/timestamp.proto\";")},
      {RuleId::lossy_presence, "S.a", fields("2: optional i32 a", "int32 a = 2;"),
       fields("2: optional i32 a", "optional int32 a = 2;")},
      {RuleId::mapkey_bad, "S.a", fields("2: map<double, i32> a", "map<string, int32> a = 2;"),
       fields("2: map<i16, i32> a", "map<int32, int32> a = 2;")},
      {RuleId::method_not_exposed, "n", method("void m(), void n()", "rpc M(E) returns (E);"),
       method("void m()", "rpc M(E) returns (E);")},
      {RuleId::name_collision, "S.a_b", fields("2: i32 aB 3: i32 a_b", "int32 a_b = 2;"),
       fields("2: i32 aB 3: i32 a_b", "int32 c = 2;")},
      {RuleId::number_reused_other_name, "S", fields("2: i32 a 3: i32 b", "int32 b = 2; int32 a = 3;"),
       fields("2: i32 a 3: i32 b", "int32 a = 2; int32 b = 4;")},
      {RuleId::oneway_ack, "M", method("oneway void m()", "rpc M(E) returns (E);"),
       method("oneway void m()", "rpc M(E) returns (E);", {}, true)},
      {RuleId::override_unknown, "S.x", fields("", "", "", "", {{{"S.x", "y"}}, {}}),
       fields("2: i32 y", "int32 x = 2;", "", "", {{{"S.x", "y"}}, {}})},
      {RuleId::override_unused, "F64_TO_F32:S.a",
       fields("2: double a", "double a = 2;", "", "", {{}, {"F64_TO_F32:S.a"}}),
       fields("2: double a", "float a = 2;", "", "", {{}, {"F64_TO_F32:S.a"}})},
      {RuleId::set_to_list, "S.a", request("2: set<i32> a", "repeated int32 a = 2;"),
       request("2: list<i32> a", "repeated int32 a = 2;")},
      {RuleId::shared_grpc_code, "M", method("void m() throws (1: X x, 2: Y y)", "rpc M(E) returns (E);"),
       method("void m() throws (1: X x)", "rpc M(E) returns (E);")},
      {RuleId::stream_to_unary, "M", method("void m()", "rpc M(stream E) returns (E);"),
       method("void m()", "rpc M(E) returns (E);")},
      {RuleId::string_maybe_binary, "S.a", fields("2: string a", "bytes a = 2;"),
       fields("2: binary a", "bytes a = 2;")},
      {RuleId::type_clash, "S.a", fields("2: string a", "int32 a = 2;"), fields("2: i64 a", "int32 a = 2;")},
      {RuleId::unit_differs, "S.a",
       fields("2: i64 a (koine.unit = \"ms\")", "int64 a = 2 [(koine.field).unit = \"s\"];", "",
              "import \"koine/options.proto\";"),
       fields("2: i64 a (koine.unit = \"s\")", "int64 a = 2 [(koine.field).unit = \"s\"];", "",
              "import \"koine/options.proto\";")},
      {RuleId::unit_missing, "S.a",
       fields("2: i64 a", "google.protobuf.Duration a = 2;", "",
              "import \"google/protobuf/duration.proto\";"),
       fields("2: i64 a (koine.unit = \"ms\")", "google.protobuf.Duration a = 2;", "",
              "import \"google/protobuf/duration.proto\";")},
      {RuleId::unmapped_method, "N", method("void m()", "rpc M(E) returns (E); rpc N(E) returns (E);"),
       method("void m()", "rpc M(E) returns (E);")},
      {RuleId::unmapped_optional, "S.a", fields("", "int32 a = 2;"), fields("2: i32 a", "int32 a = 2;")},
      {RuleId::unmapped_required, "S.a", fields("2: required i32 a", ""), fields("2: i32 a", "")},
      {RuleId::unsigned_to_signed, "S.a", fields("2: i32 a", "uint32 a = 2;"),
       request("2: i64 a", "uint32 a = 2;")},
      {RuleId::wide_to_narrow, "S.a", request("2: i32 a", "int64 a = 2;"),
       request("2: i64 a", "int32 a = 2;")},
  };
}

std::string found(const Idls& idls) {
  return (idls.expose_thrift ? expose_thrift(idls.thrift, idls.proto, idls.overrides)
                             : expose_proto(idls.thrift, idls.proto, idls.overrides))
      .findings();
}

TEST(MatchRules, EachIsFoundWhereItIsAndNowhereElse) {
  for (const Case& one : cases()) {
    const std::string name(rule(one.id).name);
    const std::string with = found(one.has);
    EXPECT_NE(("\n" + with).find("\n" + name + " " + one.subject + "\n"), std::string::npos)
        << name << " is not in:\n"
        << with;
    const std::string without = found(one.has_not);
    const std::size_t at = ("\n" + without).find("\n" + name + " ");
    // Allowed ones are still listed.
    EXPECT_TRUE(at == std::string::npos || without.find(" allowed\n", at) != std::string::npos)
        << name << " is in:\n"
        << without;
  }
}

TEST(MatchRules, NoneIsWithoutATest) {
  std::set<std::string_view> tested = {"PAIRS_TOO_MANY"};  // hostile_test.cc
  for (const Case& one : cases()) tested.insert(rule(one.id).name);
  for (const Rule& one : rules()) EXPECT_TRUE(tested.contains(one.name)) << one.name;
}

TEST(MatchRules, EachSaysWhatItMeansAndWhatToDo) {
  for (const Rule& one : rules()) {
    EXPECT_EQ(find_rule(one.name), &one);
    EXPECT_EQ(&rule(one.id), &one);
    EXPECT_GE(one.explanation.size(), 60u) << one.name;
    EXPECT_NE(one.explanation.back(), '\n') << one.name;
    std::size_t width = 0;
    for (const char c : one.explanation) {
      width = c == '\n' ? 0 : width + 1;
      ASSERT_LE(width, 110u) << one.name;
    }
  }
  EXPECT_EQ(find_rule("UNIT_MISING"), nullptr);
  EXPECT_EQ(find_rule(""), nullptr);
}

TEST(MatchRules, AWarningIsAllowedByEitherSidesNameAndAnErrorByNone) {
  for (const char* allowed : {"LOSSY_PRESENCE:S.aB", "LOSSY_PRESENCE:S.a_b", "LOSSY_PRESENCE:b.S.a_b"}) {
    const Paired both = pair_structs("1: optional i32 aB", "int32 a_b = 1;", {{}, {allowed}});
    EXPECT_EQ(both.findings(), "LOSSY_PRESENCE S.a_b allowed\n") << allowed;
    EXPECT_TRUE(both.match->complete());
  }
  const Paired both = pair_structs("1: string a", "int32 a = 1;", {{}, {"TYPE_CLASH:S.a"}});
  EXPECT_EQ(both.findings(), "TYPE_CLASH S.a\nOVERRIDE_UNUSED TYPE_CLASH:S.a\n");
}

TEST(MatchRules, WhichWayValuesGoDecidesWhatIsLost) {
  const std::string thrift = "struct Q { 1: i32 n 2: i32 x } struct R { 1: i32 n } service T { R m(1: Q q) }";
  const std::string proto =
      "message Q { int64 n = 1; } message R { int64 n = 1; } service T { rpc M(Q) returns (R); }";
  // The request goes from int64 to i32, the response the other way.
  EXPECT_EQ(expose_proto(thrift, proto).findings(), "WIDE_TO_NARROW Q.n\nUNMAPPED_OPTIONAL Q.x\n");
  EXPECT_EQ(expose_thrift(thrift, proto).findings(), "UNMAPPED_OPTIONAL Q.x\nWIDE_TO_NARROW R.n\n");
}

TEST(MatchRules, PresenceIsLostWhereUnsetAndZeroBecomeOne) {
  const Idls to_plain = request("2: optional i32 a", "int32 a = 2;");
  const Idls to_optional = request("2: i32 a", "optional int32 a = 2;");
  // What proto3 leaves out is zero there, and unset here; what is unset there is zero here.
  EXPECT_EQ(expose_proto(to_plain.thrift, to_plain.proto).findings(), "LOSSY_PRESENCE S.a\n");
  EXPECT_EQ(expose_thrift(to_plain.thrift, to_plain.proto).findings(), "LOSSY_PRESENCE S.a\n");
  EXPECT_EQ(expose_proto(to_optional.thrift, to_optional.proto).findings(), "LOSSY_PRESENCE S.a\n");
  // A Thrift writer writes it always.
  EXPECT_EQ(expose_thrift(to_optional.thrift, to_optional.proto).findings(), "");
}

TEST(MatchRules, TypesThatGoBothWaysAreLookedAtBothWaysHoweverDeepTheyAre) {
  const Paired both = expose_proto(
      "struct In { 1: i64 n } struct Q { 1: In in } struct R { 1: Q q } service T { R m(1: Q q) }",
      "message In { int32 n = 1; } message Q { In in = 1; } message R { Q q = 1; } service T { rpc M(Q) "
      "returns (R); }");
  EXPECT_EQ(both.findings(), "WIDE_TO_NARROW In.n\n");
}

}  // namespace
}  // namespace koine::idl::match::testing
