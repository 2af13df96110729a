// What JSON can say of a derived message that protobuf itself has no word for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

constexpr model::BodyFormat json = model::BodyFormat::json;

// Thrift's map<Color, string> is map<int32, string> in the derived .proto, whose graph still knows the enum.
TEST(JsonSchema, EnumKeysAreTheirNumbersAsInTheDerivedFile) {
  SchemaBuilder schema;
  const idl::EnumType& color = schema.enumeration("t.Color", {1, 900});
  idl::StructType& thrift = schema.structure("t.S");
  idl::StructType& proto = schema.structure("p.S");
  proto.origin = &thrift;
  add(thrift, 5, "byColor", schema.map(schema.of(color), schema.scalar(Kind::string)));
  add(proto, 5, "byColor", schema.map(schema.of(color), schema.scalar(Kind::string)));
  Runner in(json, proto, compact, thrift);
  ASSERT_TRUE(in.compile_error().ok()) << in.compile_error().message();
  // Field 5, a map of 1: i32 keys and strings; 900 is 88 0e as a zigzag varint.
  EXPECT_EQ(in.hex_of(R"({"byColor":{"900":"i"}})"), "5b 01 58 88 0e 01 69 00");
  std::string text;
  Runner out(compact, thrift, json, proto);
  ASSERT_TRUE(out.compile_error().ok()) << out.compile_error().message();
  EXPECT_TRUE(out.run(hex("5b 01 58 02 01 72 00"), text).ok());
  EXPECT_EQ(text, R"({"byColor":{"1":"r"}})");
}

TEST(JsonSchema, ANameIsNoEnumKey) {
  SchemaBuilder schema;
  const idl::EnumType& color = schema.enumeration("t.Color", {1});
  idl::StructType& proto = schema.structure("p.S");
  add(proto, 1, "m", schema.map(schema.of(color), schema.scalar(Kind::string)));
  EXPECT_THAT(Runner(json, proto, protobuf, proto).hex_of(R"({"m":{"V1":"r"}})"),
              ::testing::HasSubstr("MAP_"));
}

TEST(JsonSchema, ANullValueIsNullAndNoOtherNumber) {
  SchemaBuilder schema;
  idl::EnumType& null_value = schema.enumeration("google.protobuf.NullValue", {0});
  idl::StructType& proto = schema.structure("p.S");
  add(proto, 1, "n", schema.of(null_value), Presence::optional);
  std::string out;
  Runner to_json(protobuf, proto, json, proto);
  EXPECT_TRUE(to_json.run(hex("08 00"), out).ok());
  EXPECT_EQ(out, R"({"n":null})");
  EXPECT_EQ(to_json.run(hex("08 05"), out).reason(), base::Reason::map_enum_unknown)
      << "null would lose the 5";
  Runner from_json(json, proto, protobuf, proto);
  EXPECT_TRUE(from_json.run(R"({"n":null})", out).ok());
  EXPECT_TRUE(from_json.run(R"({"n":0})", out).ok());
  EXPECT_EQ(from_json.run(R"({"n":5})", out).reason(), base::Reason::map_enum_unknown);
}

TEST(JsonSchema, KeysThatProtobufHasNotAreRefusedWhenAPlanIsMade) {
  SchemaBuilder schema;
  idl::StructType& proto = schema.structure("p.S");
  add(proto, 1, "m", schema.map(schema.scalar(Kind::f64), schema.scalar(Kind::string)));
  EXPECT_THAT(std::string(Runner(json, proto, protobuf, proto).compile_error().message()),
              ::testing::HasSubstr("keys of kind"));
}

}  // namespace
}  // namespace koine::transcode::testing
