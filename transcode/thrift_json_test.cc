// Plans with Thrift's JSON at an end: every format to and from it, what is refused when they are compiled,
// what becomes of fields that nobody knows, limits, the walk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transcode/schema_test_support.h"
#include "transcode/shapes_test_support.h"
#include "transcode/walk.h"

namespace koine::transcode::testing {
namespace {

using ::testing::HasSubstr;

std::string result(Runner& runner, const std::string& in) {
  EXPECT_TRUE(runner.compile_error().ok()) << runner.compile_error().to_string();
  std::string out;
  const base::Status status = runner.run(in, out);
  return status.ok() ? out : status.to_string();
}

struct Order {
  SchemaBuilder schema;
  idl::StructType* thrift = &schema.structure("t.Order");
  idl::StructType* proto = &schema.structure("p.Order");

  Order() {
    idl::StructType& item = schema.structure("t.Item");
    idl::StructType& proto_item = schema.structure("p.Item");
    proto->origin = thrift;
    proto_item.origin = &item;
    for (idl::StructType* type : {&item, &proto_item}) {
      add(*type, 1, "sku", schema.scalar(Kind::string));
      add(*type, 2, "count", schema.scalar(Kind::i64));
    }
    for (idl::StructType* type : {thrift, proto}) {
      idl::StructType& of = type == thrift ? item : proto_item;
      add(*type, 1, "id", schema.scalar(Kind::i64));
      add(*type, 2, "raw", schema.scalar(Kind::bytes));
      add(*type, 3, "items", schema.list(schema.of(of)));
      add(*type, 4, "tags", schema.map(schema.scalar(Kind::i32), schema.scalar(Kind::bytes)));
      add(*type, 5, "total", schema.scalar(Kind::f64));
      add(*type, 6, "express", schema.scalar(Kind::boolean));
    }
  }
  const idl::StructType& root(model::BodyFormat format) const {
    return format == protobuf || format == json ? *proto : *thrift;
  }
  std::string run(model::BodyFormat from, const std::string& in, model::BodyFormat to,
                  const PlanOptions& options = {}) const {
    Runner runner(from, root(from), to, root(to), options);
    return result(runner, in);
  }
};

const std::string order_text =
    "{\"1\":{\"i64\":9007199254740993},\"2\":{\"str\":\"/"
    "+8\"},\"3\":{\"lst\":[\"rec\",1,{\"1\":{\"str\":\"a\\u0001\"},"
    "\"2\":{\"i64\":-1}}]},\"4\":{\"map\":[\"i32\",\"str\",1,{\"-7\":\"AQ\"}]},\"5\":{\"dbl\":\"NaN\"},\"6\":"
    "{\"tf\":1}}";

TEST(ThriftJsonPlan, SaysTheSameAsEveryOtherFormat) {
  const Order order;
  const std::string in_binary = order.run(thrift_json, order_text, binary);
  EXPECT_EQ(
      to_hex(in_binary),
      to_hex(hex("0a 0001 0020000000000001 0b 0002 00000002 ffef 0f 0003 0c 00000001"
                 "0b 0001 00000002 6101 0a 0002 ffffffffffffffff 00"
                 "0d 0004 08 0b 00000001 fffffff9 00000001 01 04 0005 7ff8000000000000 02 0006 01 00")));
  EXPECT_EQ(
      order.run(
          json,
          "{\"id\":\"9007199254740993\",\"raw\":\"/+8=\",\"items\":[{\"sku\":\"a\\u0001\",\"count\":\"-1\"}],"
          "\"tags\":{\"-7\":\"AQ==\"},\"total\":\"NaN\",\"express\":true}",
          thrift_json),
      order_text);
  for (const auto format : {binary, compact, protobuf, json, thrift_json}) {
    EXPECT_EQ(order.run(format, order.run(thrift_json, order_text, format), thrift_json), order_text)
        << to_string(format);
  }
}

TEST(ThriftJsonPlan, CarriesEveryShapeThereAndBack) {
  const Shapes shapes;
  for (const Shape& shape : shapes.all()) {
    Runner there(compact, *shape.thrift, thrift_json, *shape.thrift);
    Runner back(thrift_json, *shape.thrift, compact, *shape.thrift);
    Runner proto(thrift_json, *shape.thrift, protobuf, *shape.proto);
    Runner from_proto(protobuf, *shape.proto, thrift_json, *shape.thrift);
    const std::string text = result(there, shape.compact);
    EXPECT_EQ(to_hex(result(back, text)), to_hex(shape.compact)) << shape.name;
    EXPECT_EQ(result(from_proto, result(proto, text)), text) << shape.name;
    EXPECT_TRUE(walk_body(thrift_json, base::as_bytes(text), 64).ok()) << shape.name;
  }
}

TEST(ThriftJsonPlan, NamesTheFieldOfAFailure) {
  const Order order;
  EXPECT_THAT(order.run(thrift_json, "{\"3\":{\"lst\":[\"rec\",1,{\"2\":{\"i64\":1.5}}]}}", protobuf),
              HasSubstr("WIRE_MALFORMED at items[0].count"));
  EXPECT_THAT(order.run(binary, hex("0f 0003 0c 00000001 0b 0001 00000001 ff 00 00"), thrift_json),
              HasSubstr("MAP_UTF8 at items[0].sku"));
  // A list of other elements than the schema's is the plan's to refuse.
  EXPECT_THAT(order.run(thrift_json, "{\"3\":{\"lst\":[\"i32\",1,5]}}", binary),
              HasSubstr("MAP_TYPE at items"));
}

TEST(ThriftJsonPlan, DropsAndCountsWhatTheSchemaDoesNotKnow) {
  const Order order;
  Runner runner(thrift_json, *order.thrift, binary, *order.thrift);
  // A newer field, and one of another type than the schema's, which libthrift skips too.
  EXPECT_EQ(to_hex(result(runner, "{\"99\":{\"str\":\"new\"},\"1\":{\"str\":\"text\"},\"6\":{\"tf\":0}}")),
            to_hex(hex("02 0006 00 00")));
  EXPECT_EQ(model::sum(runner.context().counters.dropped_fields), 2u);
  PlanOptions strict;
  strict.not_in_schema = NotInSchema::reject;
  EXPECT_THAT(order.run(thrift_json, "{\"99\":{\"str\":\"new\"}}", binary, strict),
              HasSubstr("MAP_UNKNOWN_FIELD"));
}

TEST(ThriftJsonPlan, TakesTheLastOfAFieldThatComesTwice) {
  const Order order;
  EXPECT_EQ(to_hex(order.run(thrift_json, "{\"1\":{\"i64\":5},\"1\":{\"i64\":6}}", compact)),
            to_hex(hex("16 0c 00")));
}

TEST(ThriftJsonPlan, RefusesKeysThatAreStructsOrContainersWhenItIsCompiled) {
  SchemaBuilder schema;
  idl::StructType& inner = schema.structure("t.Key");
  idl::StructType& root = schema.structure("t.S");
  add(root, 1, "good", schema.map(schema.scalar(Kind::f64), schema.of(inner)));
  add(inner, 1, "bad", schema.map(schema.list(schema.scalar(Kind::i32)), schema.scalar(Kind::i32)));
  for (const bool source : {true, false}) {
    Runner runner(source ? thrift_json : binary, root, source ? binary : thrift_json, root);
    EXPECT_EQ(runner.compile_error().reason(), base::Reason::map_type);
    EXPECT_THAT(runner.compile_error().to_string(),
                HasSubstr("good.bad: a map whose keys are structs or containers"));
  }
}

TEST(ThriftJsonPlan, KeepsTheLimitsOfMessages) {
  const Order order;
  PlanOptions options;
  options.limits.message_bytes_max = 100;
  const auto of = [](std::size_t bytes) {  // {"2":{"str":"…"}}
    return "{\"2\":{\"str\":\"" + std::string(bytes - 16, 'A') + "\"}}";
  };
  EXPECT_EQ(of(100).size(), 100u);
  EXPECT_THAT(order.run(thrift_json, of(100), thrift_json, options), ::testing::StartsWith("{"));
  EXPECT_THAT(order.run(thrift_json, of(104), binary, options), HasSubstr("LIMIT_MESSAGE"));
  // What grows by the text's form.
  const std::string raw = hex("12 48") + std::string(72, '\x01');  // 96 characters of base64
  EXPECT_THAT(order.run(protobuf, raw, thrift_json, options), HasSubstr("LIMIT_MESSAGE"));
}

TEST(ThriftJsonWalk, RefusesWhatIsNotOneStruct) {
  const auto reason = [](std::string_view text, std::size_t nesting_max = 64) {
    return walk_body(thrift_json, base::as_bytes(text), nesting_max).reason();
  };
  EXPECT_EQ(reason("{}"), base::Reason::none);
  EXPECT_EQ(reason(order_text), base::Reason::none);
  EXPECT_EQ(reason("[]"), base::Reason::wire_malformed);
  EXPECT_EQ(reason("{} {}"), base::Reason::wire_malformed);
  EXPECT_EQ(reason("{\"1\":{\"lst\":[\"i32\",2147483647,1]}}"), base::Reason::wire_malformed);
  EXPECT_EQ(reason(""), base::Reason::wire_truncated);
  EXPECT_EQ(reason("{\"1\":{\"rec\":{}}}", 2), base::Reason::none);
  EXPECT_EQ(reason("{\"1\":{\"rec\":{}}}", 1), base::Reason::limit_depth);
}

}  // namespace
}  // namespace koine::transcode::testing
