// UUIDs: what they are on the other side, and that they come back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "idl/dump.h"

namespace koine::idl::derive::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string every_place =
    "namespace * shop\n\n"
    "struct S {\n"
    "  1: uuid a,\n"
    "  2: optional uuid b,\n"
    "  3: required uuid c,\n"
    "  4: uuid d = \"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\",\n"
    "  5: list<uuid> e,\n"
    "  6: map<uuid, uuid> f,\n"
    "  7: list<list<uuid>> g,\n"
    "  8: uuid (koine.number = \"fixed\") h,\n"
    "  9: map<uuid (koine.number = \"fixed\"), string> i,\n"
    "  10: set<uuid> j,\n"
    "}\n\n"
    "service V {\n"
    "  uuid find(1: uuid id),\n"
    "}\n";

TEST(Uuids, AreTextInProtobuf) {
  const auto source = read_thrift({{"shop.thrift", every_place}});
  const Files files = printed_proto(*derived(*source, Language::proto));
  const std::string& text = files.at("shop.proto");
  for (const char* field :
       {"  string a = 1 [(koine.field).as = \"uuid\"];\n",
        "  optional string b = 2 [(koine.field).as = \"uuid\"];\n",
        "  string c = 3 [(koine.field).requiredness = REQUIREDNESS_REQUIRED, (koine.field).as = \"uuid\"];\n",
        "    (koine.field).default = \"\\\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\\\"\",\n",
        "  repeated string e = 5 [(koine.field).as = \"uuid\"];\n",
        "  map<string, string> f = 6 [(koine.field).as = \"uuid\", (koine.field).key_as = \"uuid\"];\n",
        "  repeated ListOfUuid g = 7;\n", "  bytes h = 8 [(koine.field).as = \"uuid\"];\n",
        "  repeated FixedUuidToStringEntry i = 9;\n",
        "  string value = 1 [(koine.field).as = \"uuid\"];\n"}) {
    EXPECT_THAT(text, HasSubstr(field));
  }
  EXPECT_EQ(protoc_complaints(files, {"cpp"}), "");
  EXPECT_THAT(printed_proto(*derived(*source, Language::proto), false).at("shop.proto"),
              Not(HasSubstr("uuid\"")));
}

TEST(Uuids, ComeBackToThriftAsTheyWere) {
  const auto source = read_thrift({{"shop.thrift", every_place}});
  const auto proto = read_proto(printed_proto(*derived(*source, Language::proto)));
  const auto thrift = derived(*proto, Language::thrift);
  EXPECT_EQ(difference(shape_of(*source, true), shape_of(*thrift, true)), "");
  const std::string text = printed_thrift(*thrift).at("shop.thrift");
  EXPECT_THAT(text, HasSubstr(every_place.substr(every_place.find("struct S"))));
}

TEST(Uuids, ComeBackToProtobufAsTheyWere) {
  const std::string text =
      "syntax = \"proto3\";\n\npackage shop;\n\nimport \"koine/options.proto\";\n\nmessage M {\n"
      "  string a = 1 [(koine.field).as = \"uuid\"];\n  bytes b = 2 [(koine.field).as = \"uuid\"];\n"
      "  map<string, bytes> c = 3 [(koine.field).as = \"uuid\", (koine.field).key_as = \"uuid\"];\n}\n";
  const auto source = read_proto({{"shop.proto", text}});
  const auto thrift = derived(*source, Language::thrift);
  EXPECT_THAT(printed_thrift(*thrift).at("shop.thrift"),
              HasSubstr("  1: uuid a,\n  2: uuid (koine.number = \"fixed\") b,\n"
                        "  3: map<uuid, uuid (koine.number = \"fixed\")> c,\n"));
  const auto again = derived(*read_thrift(printed_thrift(*thrift)), Language::proto);
  EXPECT_THAT(printed_proto(*again).at("shop.proto"), HasSubstr(text.substr(text.find("message M"))));
}

TEST(Uuids, LeaveTheirNameToTheTypeInDerivedThrift) {
  const auto source =
      read_proto({{"shop.proto",
                   "syntax = \"proto3\"; package shop; import \"koine/options.proto\";\n"
                   "message uuid { string uuid = 1 [(koine.field).as = \"uuid\"]; .shop.uuid next = 2; }"}});
  const auto thrift = derived(*source, Language::thrift);
  EXPECT_EQ(thrift->find_struct("shop.uuid"), nullptr);
  const auto read_back = read_thrift(printed_thrift(*thrift));
  EXPECT_EQ(difference(shape_of(*thrift), shape_of(*read_back)), "");
  EXPECT_THAT(printed_thrift(*thrift).at("shop.thrift"),
              HasSubstr("struct uuid_ {\n  1: uuid uuid_ (koine.name"));
}

}  // namespace
}  // namespace koine::idl::derive::testing
