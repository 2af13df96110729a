// `koine idl match` and `koine idl explain` as a person or a script meets them.
#include <string>

#include <gtest/gtest.h>

#include "cli/command_line_test_support.h"
#include "cli/commands.h"

namespace koine::cli {
namespace {

class MatchCommand : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    file("a.thrift",
         "namespace * a\n"
         "struct Order { 1: i32 id 2: string note 3: i64 totalCents }\n"
         "service Orders { Order get(1: i32 id) void drop(1: i32 id) }\n");
    file("b.proto",
         "syntax = \"proto3\";\n"
         "package b;\n"
         "message Order { int32 id = 1; int64 total_cents = 2; bool paid = 3; }\n"
         "message Id { int32 id = 1; }\n"
         "message None {}\n"
         "service Orders { rpc Get(Id) returns (Order); rpc Drop(Id) returns (None); }\n");
  }
  Said match(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"idl", "match", path("b.proto"), path("a.thrift")});
    return run_with(std::move(more));
  }
};

TEST_F(MatchCommand, SaysWhatIsCoveredAndWhatIsNotWithItsPlace) {
  const Said said = match();
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_TRUE(has(said.out, "b.Orders, exposed")) << said.out;
  EXPECT_TRUE(has(said.out, "a.Orders, of the provider")) << said.out;
  EXPECT_TRUE(has(said.out, "b.proto:3:54: warning: Order.paid: has no counterpart in a.Order")) << said.out;
  EXPECT_TRUE(has(said.out, "a.thrift:2:36: warning: Order.note: has no counterpart in b.Order")) << said.out;
  EXPECT_TRUE(has(said.out, "[UNMAPPED_OPTIONAL]")) << said.out;
  EXPECT_FALSE(has(said.out, "stands in the way")) << said.out;
  EXPECT_TRUE(has(said.err, "--propose")) << said.err;
}

TEST_F(MatchCommand, WhatItProposesCoversEverything) {
  const Said proposed = match({"--propose"});
  EXPECT_EQ(proposed.code, exit_ok);
  EXPECT_EQ(proposed.out,
            "expose:\n"
            "  - interface: b.Orders\n"
            "    rename:\n"
            "      Order.paid: \"\"\n"
            "    allow:\n"
            "      - UNMAPPED_OPTIONAL:Order.note\n");
  file("o.yaml", proposed.out);
  const Said said = match({"--overrides", path("o.yaml")});
  EXPECT_EQ(said.code, exit_ok) << said.out;
  EXPECT_TRUE(has(said.out, "100 %")) << said.out;
  EXPECT_EQ(said.err, "");
}

TEST_F(MatchCommand, JsonHoldsCoverageFindingsAndTheProposal) {
  const Said said = match({"--json"});
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_TRUE(has(said.out, "\"complete\":false")) << said.out;
  EXPECT_TRUE(
      has(said.out,
          "\"fields\":{\"mapped\":4,\"adapter\":0,\"allowed\":0,\"lossy\":0,\"unmapped\":1,\"refused\":0}"))
      << said.out;
  EXPECT_TRUE(has(said.out,
                  "{\"rule\":\"UNMAPPED_OPTIONAL\",\"severity\":\"warning\",\"loss\":true,\"allowed\":false,"
                  "\"subject\":\"Order.paid\",\"side\":\"exposed\""))
      << said.out;
  EXPECT_FALSE(has(said.out, "\"overrides\"")) << said.out;
  const Said proposed = match({"--json", "--propose"});
  EXPECT_EQ(proposed.code, exit_ok);
  EXPECT_TRUE(has(proposed.out, "\"Order.paid\":\"\"")) << proposed.out;
}

TEST_F(MatchCommand, AMistakeInTheOverridesIsShownWithItsPlace) {
  file("o.yaml", "expose:\n  - interface: b.Orders\n    renam: { Get: get }\n");
  Said said = match({"--overrides", path("o.yaml")});
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_TRUE(has(said.err, "o.yaml:3:5: error: unknown key 'renam'")) << said.err;
  EXPECT_TRUE(has(said.err, "did you mean 'rename'?")) << said.err;
  file("o.yaml", "expose:\n  - interface: b.Order\n");
  said = match({"--overrides", path("o.yaml")});
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_TRUE(has(said.err, "has nothing for b.Orders, only for: b.Order")) << said.err;
  file("o.yaml", "expose:\n  - interface: b.Orders\n    rename: { Order.pad: \"\" }\n");
  said = match({"--overrides", path("o.yaml")});
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_TRUE(has(said.out, "did you mean 'paid'")) << said.out;
  EXPECT_TRUE(has(said.out, "[OVERRIDE_UNKNOWN]")) << said.out;
  EXPECT_EQ(match({"--overrides", path("none.yaml")}).code, exit_usage);
  for (const char* wrong :
       {"expose: 3", "- x", "expose: [ 3 ]", "expose: [ { rename: 3 } ]", "expose: [ { allow: x } ]",
        "expose: [ { rename: { a: [ b ] } } ]", "expose: [ { rename: { a: b, a: c } } ]", "a: [", ""}) {
    file("o.yaml", wrong);
    said = match({"--overrides", path("o.yaml")});
    EXPECT_EQ(said.code, exit_usage) << wrong;
    EXPECT_TRUE(has(said.err, "o.yaml:1:")) << wrong << said.err;
  }
}

TEST_F(MatchCommand, AFileOfSeveralServicesNeedsToBeToldWhich) {
  file("two.thrift",
       "namespace * a\nservice Users { void get() }\nservice Orders { void drop(1: i32 id) }\n");
  Said said = run_with({"idl", "match", path("b.proto"), path("two.thrift")});
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_TRUE(has(said.err, "--service EXPOSED:PROVIDER says which service is meant")) << said.err;
  EXPECT_TRUE(has(said.err, "a.Users, a.Orders")) << said.err;
  said = run_with({"idl", "match", path("b.proto"), path("two.thrift"), "--service", "b.Orders:Order"});
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_TRUE(has(said.err, "did you mean 'a.Orders'?")) << said.err;
  EXPECT_EQ(run_with({"idl", "match", path("b.proto"), path("two.thrift"), "--service", "Orders"}).code,
            exit_usage);
  said = run_with({"idl", "match", path("b.proto"), path("two.thrift"), "--service", "b.Orders:Orders"});
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_TRUE(has(said.out, "Get: has no counterpart in a.Orders [UNMAPPED_METHOD]")) << said.out;
}

TEST_F(MatchCommand, ErrorsInAFileAreSaidAndNothingIsPaired) {
  file("bad.thrift", "struct {");
  const Said said = run_with({"idl", "match", path("b.proto"), path("bad.thrift")});
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_TRUE(has(said.err, "[SYNTAX]")) << said.err;
  EXPECT_EQ(said.out, "");
}

TEST_F(CommandLine, ExplainsARuleAndKnowsTheNearestName) {
  const Said said = run_with({"idl", "explain", "unit_missing"});
  EXPECT_EQ(said.code, exit_ok);
  EXPECT_TRUE(has(said.out, "UNIT_MISSING: error")) << said.out;
  EXPECT_TRUE(has(said.out, "koine.unit")) << said.out;
  EXPECT_TRUE(has(run_with({"idl", "explain", "ID_MISSING"}).out, "numbered down from -1"));
  EXPECT_TRUE(has(run_with({"idl", "explain", "ID_MISSING"}).out, "ID_MISSING: warning"));
  EXPECT_TRUE(has(run_with({"idl", "explain", "VALUE_RANGE"}).out, "VALUE_RANGE: error or warning"));
  EXPECT_TRUE(has(run_with({"idl", "explain", "UNKNOWN_TYPE"}).out, "UNKNOWN_TYPE: error\n"));
  const Said wrong = run_with({"idl", "explain", "UNIT_MISING"});
  EXPECT_EQ(wrong.code, exit_usage);
  EXPECT_TRUE(has(wrong.err, "did you mean 'UNIT_MISSING'?")) << wrong.err;
}

}  // namespace
}  // namespace koine::cli
