// Derived files beside what they were derived from, when that has changed since.
#include "idl/derive/stale.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"

namespace koine::idl::derive::testing {
namespace {

using ::testing::HasSubstr;

std::string warnings(const Schema& derived, const Schema& source) {
  std::vector<Diagnostic> out;
  warn_of_stale(derived, source, out);
  return render(out);
}

const char* const shop =
    "namespace * shop\ninclude 'parts.thrift'\nservice Shop { parts.Part get(1: i64 id) }\n";
const char* const parts = "namespace * parts\nstruct Part { 1: i32 size }\n";

TEST(Stale, ADerivedProtoIsFreshUntilItsThriftChanges) {
  const auto source = read_thrift({{"shop.thrift", shop}, {"parts.thrift", parts}});
  const auto proto = read_proto(printed_proto(*derived(*source, Language::proto)));
  EXPECT_EQ(warnings(*proto, *source), "");
  const std::string comment = std::string("// What is sold.\n") + shop;
  EXPECT_EQ(warnings(*proto, *read_thrift({{"shop.thrift", comment}, {"parts.thrift", parts}})), "");

  const auto wider = read_thrift(
      {{"shop.thrift", shop}, {"parts.thrift", "namespace * parts\nstruct Part { 1: i64 size }\n"}});
  EXPECT_EQ(
      warnings(*proto, *wider),
      "parts.proto: warning: was derived from another state of 'parts.thrift' than the one that is read "
      "with it; convert that again [DERIVED_HASH_STALE]\n"
      "shop.proto: warning: was derived from another state of 'shop.thrift' than the one that is read "
      "with it; convert that again [DERIVED_HASH_STALE]\n");
}

TEST(Stale, ADerivedThriftIsFreshUntilItsProtoChanges) {
  const std::string text =
      "syntax = \"proto3\"; package shop; import \"google/protobuf/timestamp.proto\";\n"
      "message M { google.protobuf.Timestamp at = 1; }\nservice S { rpc Get(M) returns (M); }\n";
  const auto source = read_proto({{"in/shop.proto", text}});
  const auto thrift = read_thrift(printed_thrift(*derived(*source, Language::thrift)));
  EXPECT_EQ(warnings(*thrift, *source), "");
  EXPECT_THAT(warnings(*thrift, *read_proto({{"in/shop.proto", text + "message N {}"}})),
              HasSubstr("state of 'shop.proto' than"));
  // Whoever names the file from elsewhere means the same.
  EXPECT_EQ(warnings(*thrift, *read_proto({{"to/in/shop.proto", text}})), "");
  EXPECT_THAT(warnings(*thrift, *read_proto({{"to/in/shop.proto", text + "message N {}"}})),
              HasSubstr("DERIVED_HASH_STALE"));
}

TEST(Stale, WhatLiesBesideAFileChangesNothing) {
  const std::string more = "namespace * more\nstruct More { 1: i32 a }\n";
  const auto together = read_thrift({{"shop.thrift", shop}, {"parts.thrift", parts}, {"more.thrift", more}});
  const auto proto = read_proto(printed_proto(*derived(*together, Language::proto)));
  EXPECT_EQ(warnings(*proto, *read_thrift({{"shop.thrift", shop}, {"parts.thrift", parts}})), "");
  EXPECT_EQ(warnings(*proto, *read_thrift({{"parts.thrift", parts}})), "");
  // Only whoever refers to what has changed.
  const auto changed = read_thrift({{"shop.thrift", shop},
                                    {"parts.thrift", parts},
                                    {"more.thrift", "namespace * more\nstruct More { 1: i64 a }\n"}});
  EXPECT_EQ(warnings(*proto, *changed),
            "more.proto: warning: was derived from another state of 'more.thrift' than the one that is read "
            "with it; convert that again [DERIVED_HASH_STALE]\n");
  EXPECT_EQ(warnings(*proto, *read_thrift({{"no_more.thrift", "struct More { 1: i64 a }\n"}})), "");
}

}  // namespace
}  // namespace koine::idl::derive::testing
