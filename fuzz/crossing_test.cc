// What the fuzz targets of translations compare: the two executors one at a time, and bodies but for their
// order.
#include "fuzz/crossing.h"

#include <gtest/gtest.h>

namespace koine::fuzz {
namespace {

using model::BodyFormat;

std::size_t twin_named(std::string_view name) {
  const std::vector<Twin>& twins = schemas().twins();
  for (std::size_t i = 0; i < twins.size(); ++i) {
    if (twins[i].proto != nullptr && twins[i].proto->name == name) return i;
  }
  ADD_FAILURE() << "no message " << name;
  return 0;
}

TEST(FuzzCrossing, TheExecutorsAreAskedOneByOne) {
  Crossings crossings;
  Crossing& crossing =
      crossings.find(twin_named("Presence"), BodyFormat::protobuf, BodyFormat::thrift_binary, false);
  ASSERT_NE(crossing.apart, nullptr);
  const std::string once("\x18\1", 2);             // 3: 1
  const std::string twice("\x18\1\x18\2", 4);      // and again: 2
  const std::string two("\x08\0\3\0\0\0\2\0", 8);  // an i32 of id 3 is 2
  EXPECT_FALSE(crossing.apart->straight(base::as_bytes(once)).irregular);
  EXPECT_TRUE(crossing.apart->straight(base::as_bytes(twice)).irregular);
  EXPECT_EQ(crossing.apart->indexed(base::as_bytes(twice)).bytes, two);
  EXPECT_EQ(crossing.apart->straight(base::as_bytes(std::string("\x18", 1))).reason,
            base::Reason::wire_truncated);
}

TEST(FuzzCrossing, BodiesAreComparedButForTheirOrderWhereTheyAreBinary) {
  Crossings crossings;
  const std::size_t presence = twin_named("Presence");
  Crossing& from_text = crossings.find(presence, BodyFormat::json, BodyFormat::thrift_binary, false);
  EXPECT_EQ(from_text.apart, nullptr) << "text has no executors of its own";
  ASSERT_NE(from_text.same, nullptr);
  const std::string c("\x08\0\3\0\0\0\2", 7);
  const std::string e("\2\0\5\1", 4);
  const std::string one = c + e + std::string(1, '\0');
  const std::string other = e + c + std::string(1, '\0');
  EXPECT_EQ(from_text.same->indexed(base::as_bytes(one)).bytes,
            from_text.same->indexed(base::as_bytes(other)).bytes);
  EXPECT_EQ(crossings.find(presence, BodyFormat::protobuf, BodyFormat::json, false).same, nullptr);
}

TEST(FuzzCrossing, WhatIsRightHolds) {
  Crossings crossings;
  const std::string body(R"({"c":7,"e":true})");
  for (const BodyFormat to :
       {BodyFormat::thrift_binary, BodyFormat::thrift_compact, BodyFormat::protobuf, BodyFormat::hessian2}) {
    cross(crossings, twin_named("Presence"), BodyFormat::json, to, true, base::as_bytes(body));
  }
}

TEST(FuzzCrossing, JavasOwnTypesCrossToEveryForm) {
  Crossings crossings;
  const std::vector<Twin>& twins = schemas().twins();
  int plans = 0;
  for (std::size_t i = 0; i < twins.size(); ++i) {
    if (twins[i].java == nullptr) continue;
    for (const BodyFormat to : {BodyFormat::thrift_compact, BodyFormat::protobuf, BodyFormat::json}) {
      const Crossing& crossing = crossings.find(i, BodyFormat::hessian2, to, false);
      EXPECT_TRUE(crossing.there != nullptr && crossing.back != nullptr) << twins[i].java->full_name;
      ++plans;
    }
  }
  EXPECT_EQ(plans, 5 * 3);
}

}  // namespace
}  // namespace koine::fuzz
