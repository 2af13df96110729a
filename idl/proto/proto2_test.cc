// What proto2 has and proto3 has not, down to its corners, and what the two share in files that import one
// another.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/dump.h"
#include "idl/proto/reader.h"

namespace koine::idl::proto {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

ReadResult read_files(std::map<std::string, std::string> files, const std::vector<std::string>& names) {
  auto sources = memory_sources(std::move(files));
  return read(*sources, names);
}

std::unique_ptr<Schema> good(const std::string& text) {
  ReadResult result = read_files({{"t.proto", "syntax = \"proto2\";\npackage p;\n" + text}}, {"t.proto"});
  EXPECT_EQ(render(result.diagnostics), "");
  return std::move(result.schema);
}

std::string default_of(const Schema& schema, const std::string& name) {
  const Field* field = schema.find_struct("p.M")->find_field(name);
  if (field == nullptr) return "no field";
  return field->default_value ? value_text(*field->default_value) : "none";
}

TEST(Proto2, HasDefaultsOfEveryKind) {
  auto schema = good(R"(
enum E { LATER = 5; FIRST = -1; }
message M {
  optional int32 i32 = 1 [default = -2147483648];
  optional sint64 i64 = 2 [default = -9223372036854775808];
  optional fixed32 u32 = 3 [default = 0xFFFFFFFF];
  optional uint64 u64 = 4 [default = 18446744073709551615];
  optional float f32 = 5 [default = 1.5];
  optional double nan = 6 [default = nan];
  optional double minus = 7 [default = -inf];
  optional double small = 8 [default = 2e-3];
  optional bool yes = 9 [default = true];
  optional string text = 10 [default = "a\"\n\x41" 'b'];
  optional string none = 11 [default = ""];
  optional bytes octets = 12 [default = "\000\xff\001"];
  optional E e = 13 [default = FIRST];
  optional E unset = 14;
  required int32 needed = 15 [default = 7];
})");
  EXPECT_EQ(default_of(*schema, "i32"), "-2147483648");
  EXPECT_EQ(default_of(*schema, "i64"), "-9223372036854775808");
  EXPECT_EQ(default_of(*schema, "u32"), "4294967295");
  EXPECT_EQ(default_of(*schema, "u64"), "18446744073709551615");
  EXPECT_EQ(default_of(*schema, "f32"), "1.5");
  EXPECT_TRUE(
      std::isnan(std::get<double>(schema->find_struct("p.M")->find_field("nan")->default_value->data)));
  EXPECT_EQ(std::get<double>(schema->find_struct("p.M")->find_field("minus")->default_value->data),
            -INFINITY);
  EXPECT_EQ(std::get<double>(schema->find_struct("p.M")->find_field("small")->default_value->data), 2e-3);
  EXPECT_EQ(std::get<bool>(schema->find_struct("p.M")->find_field("yes")->default_value->data), true);
  EXPECT_EQ(std::get<std::string>(schema->find_struct("p.M")->find_field("text")->default_value->data),
            "a\"\nAb");
  // An empty one that is written is a default; none that is not, whatever value stands for it.
  EXPECT_EQ(std::get<std::string>(schema->find_struct("p.M")->find_field("none")->default_value->data), "");
  EXPECT_EQ(std::get<std::string>(schema->find_struct("p.M")->find_field("octets")->default_value->data),
            std::string("\0\xff\1", 3));
  EXPECT_EQ(std::get<EnumReference>(schema->find_struct("p.M")->find_field("e")->default_value->data).number,
            -1);
  EXPECT_EQ(default_of(*schema, "unset"), "none");
  EXPECT_EQ(default_of(*schema, "needed"), "7");
  EXPECT_EQ(schema->find_struct("p.M")->find_field("needed")->presence, Presence::required);
}

TEST(Proto2, HasGroupsWhereverAFieldCanBe) {
  auto schema = good(R"(
message M {
  required group Head = 1 { required int32 id = 1; optional group Inner = 2 { optional M again = 1; } }
  oneof choice { group Left = 2 { optional int32 l = 1; } string right = 3; }
  repeated group Row = 4 { repeated int32 cells = 1 [packed = true]; }
  map<string, M> by_name = 5;
})");
  const StructType& m = *schema->find_struct("p.M");
  EXPECT_TRUE(m.find_field("head")->type->delimited);
  EXPECT_EQ(m.find_field("head")->presence, Presence::required);
  EXPECT_EQ(m.find_field("head")->type->structure->name, "M.Head");
  EXPECT_TRUE(schema->find_struct("p.M.Head")->find_field("inner")->type->delimited);
  EXPECT_EQ(schema->find_struct("p.M.Head.Inner")->find_field("again")->type->structure, &m);
  EXPECT_TRUE(m.find_field("left")->type->delimited);
  EXPECT_EQ(m.find_field("left")->oneof_index, 0);
  EXPECT_EQ(m.find_field("right")->oneof_index, 0);
  EXPECT_TRUE(m.find_field("row")->type->element->delimited);
  EXPECT_TRUE(schema->find_struct("p.M.Row")->find_field("cells")->packed);
  EXPECT_FALSE(m.find_field("by_name")->type->element->delimited);
  EXPECT_THAT(m.oneofs, ElementsAre("choice"));
}

TEST(Proto2, KeepsReservedRangesAndLeavesOutWhatIsReservedForExtensions) {
  auto schema = good(R"(
message M { reserved 2, 9 to 11, 1000 to max; reserved "gone"; extensions 100 to 199; optional int32 a = 1; }
message Set { option message_set_wire_format = true; extensions 4 to max; })");
  EXPECT_THAT(schema->find_struct("p.M")->reserved,
              ElementsAre(Pair(2, 2), Pair(9, 11), Pair(1000, 536870911)));
  EXPECT_EQ(schema->find_struct("p.M")->fields.size(), 1u);
  EXPECT_TRUE(schema->find_struct("p.Set")->fields.empty());
}

TEST(Proto2, SharesFilesWithProto3WithoutLosingItsRules) {
  const std::map<std::string, std::string> files = {
      {"two.proto",
       "syntax = \"proto2\"; package two; import \"three.proto\";\n"
       "enum Closed { A = 1; }\n"
       "message M { optional three.Open open = 1; repeated three.Open many = 2; required string s = 3; }"},
      {"three.proto",
       "syntax = \"proto3\"; package three; enum Open { ZERO = 0; } message M { string s = 1; }"},
      {"user.proto", "syntax = \"proto3\"; package user; import \"two.proto\"; message M { two.M m = 1; }"},
      {"wrong.proto", "syntax = \"proto3\"; import \"two.proto\"; message M { two.Closed c = 1; }"}};
  ReadResult result = read_files(files, {"user.proto"});
  EXPECT_EQ(render(result.diagnostics), "");
  ASSERT_NE(result.schema, nullptr);
  EXPECT_TRUE(result.schema->find_enum("two.Closed")->closed);
  EXPECT_FALSE(result.schema->find_enum("three.Open")->closed);
  EXPECT_FALSE(result.schema->find_struct("two.M")->find_field("many")->packed);
  EXPECT_FALSE(result.schema->find_struct("two.M")->implicit_utf8);
  EXPECT_TRUE(result.schema->find_struct("three.M")->implicit_utf8);
  EXPECT_EQ(result.schema->find_struct("two.M")->find_field("s")->presence, Presence::required);
  EXPECT_EQ(result.schema->find_struct("user.M")->find_field("m")->presence, Presence::optional);
  EXPECT_THAT(render(read_files(files, {"wrong.proto"}).diagnostics),
              HasSubstr("wrong.proto:1:52: error: Enum type \"two.Closed\" is not a proto3 enum"));
}

TEST(Proto3, KnowsEveryWellKnownType) {
  ReadResult result = read_files({{"t.proto", R"(syntax = "proto3";
package p;
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
message M {
  google.protobuf.Any any = 1;
  google.protobuf.Duration duration = 2;
  google.protobuf.Empty empty = 3;
  google.protobuf.FieldMask mask = 4;
  google.protobuf.Struct struct = 5;
  google.protobuf.Value value = 6;
  google.protobuf.ListValue list = 7;
  google.protobuf.NullValue null = 8;
  google.protobuf.Timestamp timestamp = 9;
  google.protobuf.BoolValue bool = 10;
  google.protobuf.BytesValue bytes = 11;
  map<string, google.protobuf.Any> named = 12;
  oneof one { google.protobuf.StringValue text = 13; google.protobuf.NullValue nothing = 14; }
})"}},
                                 {"t.proto"});
  EXPECT_EQ(render(result.diagnostics), "");
  ASSERT_NE(result.schema, nullptr);
  for (const char* name : {"Any", "Duration", "Empty", "FieldMask", "Struct", "Value", "ListValue",
                           "Timestamp", "BoolValue", "BytesValue", "StringValue"}) {
    EXPECT_NE(result.schema->find_struct(std::string("google.protobuf.") + name), nullptr) << name;
  }
  EXPECT_NE(result.schema->find_enum("google.protobuf.NullValue"), nullptr);
  const StructType& m = *result.schema->find_struct("p.M");
  EXPECT_EQ(m.find_field("any")->type->structure->find_field("type_url")->type->kind, Kind::string);
  EXPECT_EQ(m.find_field("any")->type->structure->find_field("value")->type->kind, Kind::bytes);
  EXPECT_EQ(m.find_field("nothing")->presence, Presence::optional);
  EXPECT_EQ(m.find_field("null")->presence, Presence::implicit);
}

}  // namespace
}  // namespace koine::idl::proto
