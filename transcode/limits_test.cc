// What a plan refuses of the wire and of schemas: unknown fields, depth, lengths; and what envelopes are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

using ::testing::HasSubstr;

TEST(Unknown, FieldsOfNewerPeersAreDroppedAndCounted) {
  Both both;
  both.scalar(2, "n", Kind::i32, Presence::optional, Presence::optional);
  const std::string in_compact = hex("18 01 61 15 0e 2c 19 15 02 00 1b 01 55 02 04 11 00");
  Runner there = both.to_proto();
  EXPECT_EQ(there.hex_of(in_compact), "10 07");
  EXPECT_EQ(model::sum(there.context().counters.dropped_fields), 4u);
  EXPECT_EQ(there.context().last_dropped_id, 6);
  EXPECT_EQ(there.context().last_drop, model::Drop::unknown);
  EXPECT_EQ(there.context().counters.straight_runs, 1u);
  Runner back = both.to_thrift();
  EXPECT_EQ(back.hex_of(hex("0a 01 61 10 07 1b 1b 08 01 1c 1c 1d 00000000 21 0000000000000000")), "25 0e 00");
  EXPECT_EQ(model::sum(back.context().counters.dropped_fields), 4u);
  PlanOptions strict;
  strict.not_in_schema = NotInSchema::reject;
  EXPECT_THAT(both.to_proto(strict).hex_of(in_compact), HasSubstr("MAP_UNKNOWN_FIELD"));
  EXPECT_THAT(both.to_thrift(strict).hex_of(hex("0a 01 61")), HasSubstr("MAP_UNKNOWN_FIELD"));
}

TEST(Unknown, AFieldOfAnotherWireTypeIsUnknownAsForTheReferenceLibraries) {
  Both both;
  both.scalar(1, "n", Kind::i32, Presence::optional, Presence::optional);
  Runner there = both.to_proto();
  Runner back = both.to_thrift();
  EXPECT_EQ(there.hex_of(hex("16 02 00")), "");
  EXPECT_EQ(back.hex_of(hex("09 0000000000000000 08 01")), "15 02 00");
  for (Runner* runner : {&there, &back}) {
    EXPECT_EQ(runner->context().counters.dropped_fields, (model::Drops{0, 1, 0}));
    EXPECT_EQ(runner->context().last_drop, model::Drop::wire_type);
  }
}

TEST(Unknown, KnownFieldsWithoutCounterpartAreRefusedWhenTheyCome) {
  SchemaBuilder schema;
  idl::StructType& thrift = schema.structure("t.S");
  idl::StructType& proto = schema.structure("p.S");
  proto.origin = &thrift;
  add(thrift, 1, "a", schema.scalar(Kind::i32), Presence::optional);
  add(thrift, 2, "extra", schema.scalar(Kind::i32), Presence::optional);
  add(proto, 1, "a", schema.scalar(Kind::i32), Presence::optional);
  Runner runner(compact, thrift, protobuf, proto);
  EXPECT_EQ(runner.hex_of(hex("15 02 00")), "08 01");
  EXPECT_THAT(runner.hex_of(hex("15 02 15 02 00")), HasSubstr("MAP_UNKNOWN_FIELD at extra"));
}

TEST(Compile, ListsEveryFieldWithoutFaithfulForm) {
  SchemaBuilder schema;
  idl::StructType& thrift = schema.structure("t.S");
  idl::StructType& proto = schema.structure("p.S");
  proto.origin = &thrift;
  add(thrift, 1, "a", schema.scalar(Kind::i32), Presence::optional);
  add(thrift, 2, "b", schema.list(schema.scalar(Kind::string)), Presence::optional);
  add(proto, 1, "a", schema.scalar(Kind::string), Presence::optional);
  add(proto, 2, "b", schema.list(schema.scalar(Kind::i64)), Presence::implicit);
  add(proto, 3, "c", schema.scalar(Kind::i32), Presence::required);
  Runner runner(compact, thrift, protobuf, proto);
  EXPECT_EQ(runner.compile_error().reason(), base::Reason::map_type);
  EXPECT_EQ(runner.compile_error().message(),
            "3 fields have no faithful form on the other side:\n"
            "  a: i32 has no faithful form as string\n"
            "  b[]: string has no faithful form as i64\n"
            "  c: is required in p.S, and t.S has nothing to put there");
}

TEST(Compile, LimitsTheFieldsOfAPlan) {
  Both both;
  both.scalar(1, "a", Kind::i32, Presence::optional, Presence::optional)
      .scalar(2, "b", Kind::i32, Presence::optional, Presence::optional);
  PlanOptions options;
  options.limits.plan_fields_max = 1;
  EXPECT_EQ(both.to_proto(options).compile_error().reason(), base::Reason::limit_memory);
}

TEST(Envelopes, AThriftResultAndTheMessageInsideIt) {
  Both both;
  both.scalar(1, "n", Kind::i32, Presence::optional, Presence::optional);
  idl::StructType& result = both.schema.structure("t.get_result");
  result.role = idl::StructRole::result;
  add(result, 0, "success", both.schema.of(*both.thrift), Presence::optional);
  idl::StructType& problem = both.schema.structure("t.Problem");
  add(result, 1, "problem", both.schema.of(problem), Presence::optional);
  for (const auto& [format, bytes] : {std::pair(compact, hex("0c 00 15 0e 00 00")),
                                      std::pair(binary, hex("0c 0000 08 0001 00000007 00 00"))}) {
    Runner there(Side{format, &result, 0}, Side{protobuf, both.proto, {}});
    ASSERT_TRUE(there.compile_error().ok()) << there.compile_error().to_string();
    EXPECT_EQ(there.hex_of(bytes), "08 07");
    EXPECT_THAT(there.hex_of(hex("00")), HasSubstr("MAP_REQUIRED at success"));
    Runner back(Side{protobuf, both.proto, {}}, Side{format, &result, 0});
    ASSERT_TRUE(back.compile_error().ok()) << back.compile_error().to_string();
    EXPECT_EQ(back.hex_of(hex("08 07")), to_hex(bytes));
  }
  Runner there(Side{compact, &result, 0}, Side{protobuf, both.proto, {}});
  EXPECT_THAT(there.hex_of(hex("1c 00 00")), HasSubstr("MAP_UNKNOWN_FIELD at problem"));
}

TEST(Envelopes, ResultsOfProtobufAreWrittenEvenWhenTheyAreZero) {
  SchemaBuilder schema;
  idl::StructType& result = schema.structure("t.count_result");
  result.role = idl::StructRole::result;
  add(result, 0, "success", schema.scalar(Kind::i32), Presence::optional);
  idl::StructType& response = schema.structure("p.CountResponse");
  response.role = idl::StructRole::result;
  response.origin = &result;
  add(response, 1, "value", schema.scalar(Kind::i32), Presence::implicit, 0);
  Runner back(protobuf, response, compact, result);
  EXPECT_EQ(back.hex_of(""), "05 00 00 00");
  EXPECT_EQ(back.hex_of(hex("08 07")), "05 00 0e 00");
  Runner there(compact, result, protobuf, response);
  EXPECT_EQ(there.hex_of(hex("05 00 00 00")), "");
}

struct Chain {
  SchemaBuilder schema;
  idl::StructType* thrift = nullptr;
  idl::StructType* proto = nullptr;
  Chain() {
    thrift = &schema.structure("t.Node");
    proto = &schema.structure("p.Node");
    proto->origin = thrift;
    add(*thrift, 1, "next", schema.of(*thrift), Presence::optional);
    add(*thrift, 2, "list", schema.list(schema.of(*thrift)), Presence::optional);
    add(*proto, 1, "next", schema.of(*proto), Presence::optional);
    add(*proto, 2, "list", schema.list(schema.of(*proto)), Presence::implicit);
  }
  // `structs` of them inside one another.
  static std::string in_compact(int structs) {
    return std::string(static_cast<std::size_t>(structs - 1), '\x1c') +
           std::string(static_cast<std::size_t>(structs), '\0');
  }
};

TEST(Depth, SixtyFourStructsPassAndOneMoreDoesNot) {
  Chain chain;
  Runner there(compact, *chain.thrift, protobuf, *chain.proto);
  std::string out;
  ASSERT_TRUE(there.run(Chain::in_compact(64), out).ok());
  Runner back(protobuf, *chain.proto, compact, *chain.thrift);
  std::string again;
  ASSERT_TRUE(back.run(out, again).ok());
  EXPECT_EQ(again, Chain::in_compact(64));
  EXPECT_EQ(there.run(Chain::in_compact(65), out).reason(), base::Reason::limit_depth);
  // The same from protobuf, one message more around what had passed.
  std::string deeper = "\x0a";
  for (std::size_t left = out.size();; left >>= 7) {
    deeper.push_back(static_cast<char>(left >= 128 ? left | 128 : left));
    if (left < 128) break;
  }
  ASSERT_TRUE(there.run(Chain::in_compact(64), out).ok());
  deeper = "\x0a" + std::string(1, static_cast<char>((out.size() & 127) | (out.size() > 127 ? 128 : 0)));
  if (out.size() > 127) deeper.push_back(static_cast<char>(out.size() >> 7));
  deeper += out;
  EXPECT_EQ(back.run(deeper, again).reason(), base::Reason::limit_depth);
}

TEST(Depth, UnknownFieldsCountToo) {
  Both both;
  both.scalar(1, "n", Kind::i32, Presence::optional, Presence::optional);
  std::string nested(200, '\x2c');
  EXPECT_THAT(both.to_proto().hex_of(nested), HasSubstr("LIMIT_DEPTH"));
  EXPECT_THAT(both.to_thrift().hex_of(std::string(200, '\x2b')), HasSubstr("LIMIT_DEPTH"));
}

TEST(Limits, DeclaredCountsAndLengthsAreComparedWithWhatIsThere) {
  Both both;
  const idl::Type* list = both.schema.list(both.schema.scalar(Kind::f64));
  const idl::Type* map = both.schema.map(both.schema.scalar(Kind::string), both.schema.scalar(Kind::string));
  both.field(1, "list", list, Presence::optional, list, Presence::implicit)
      .field(2, "map", map, Presence::optional, map, Presence::implicit)
      .scalar(3, "text", Kind::string, Presence::optional, Presence::optional);
  Runner c = both.to_proto();
  Runner b(binary, *both.thrift, protobuf, *both.proto);
  Runner p = both.to_thrift();
  EXPECT_THAT(c.hex_of(hex("19 f7 ffffffff07 00")), HasSubstr("WIRE_TRUNCATED at list"));
  EXPECT_THAT(c.hex_of(hex("2b ffffffff07 88 00")), HasSubstr("WIRE_TRUNCATED at map"));
  EXPECT_THAT(c.hex_of(hex("38 ffffffff07 00")), HasSubstr("WIRE_TRUNCATED at text"));
  EXPECT_THAT(b.hex_of(hex("0f 0001 04 7fffffff 00")), HasSubstr("WIRE_TRUNCATED at list"));
  EXPECT_THAT(b.hex_of(hex("0f 0001 04 ffffffff 00")), HasSubstr("WIRE_TRUNCATED at list"));
  EXPECT_THAT(b.hex_of(hex("0b 0003 ffffffff 00")), HasSubstr("WIRE_TRUNCATED at text"));
  EXPECT_THAT(p.hex_of(hex("0a ffffffff07 00")), HasSubstr("WIRE_TRUNCATED at list"));
  EXPECT_THAT(p.hex_of(hex("1a ffffffff07 00")), HasSubstr("WIRE_TRUNCATED at text"));
}

TEST(Limits, ElementsOfAnotherTypeAreRefused) {
  Both both;
  const idl::Type* list = both.schema.list(both.schema.scalar(Kind::i32));
  both.field(1, "list", list, Presence::optional, list, Presence::implicit);
  EXPECT_THAT(both.to_proto().hex_of(hex("19 16 02 00")), HasSubstr("MAP_TYPE at list"));
  EXPECT_EQ(both.to_proto().hex_of(hex("19 00 00")), "");  // an empty one may say anything
}

TEST(Limits, MessagesMayNotGrowBeyondTheirLimit) {
  SchemaBuilder schema;
  idl::StructType& thrift_item = schema.structure("t.Item");
  idl::StructType& proto_item = schema.structure("p.Item");
  proto_item.origin = &thrift_item;
  for (int id = 1; id <= 100; ++id) {
    add(thrift_item, id, "f" + std::to_string(id), schema.scalar(Kind::f64), Presence::implicit);
    add(proto_item, id, "f" + std::to_string(id), schema.scalar(Kind::f64), Presence::implicit);
  }
  idl::StructType& thrift = schema.structure("t.S");
  idl::StructType& proto = schema.structure("p.S");
  proto.origin = &thrift;
  add(thrift, 1, "items", schema.list(schema.of(thrift_item)), Presence::implicit);
  add(proto, 1, "items", schema.list(schema.of(proto_item)), Presence::implicit);
  PlanOptions options;
  options.limits.message_bytes_max = 1 << 20;
  Runner runner(protobuf, proto, binary, thrift, options);
  std::string in;
  for (int i = 0; i < 2000; ++i) in += hex("0a 00");  // two bytes here, 1101 there
  std::string out;
  EXPECT_EQ(runner.run(in, out).reason(), base::Reason::limit_message);
  EXPECT_EQ(runner.run(std::string((1 << 20) + 1, '\0'), out).reason(), base::Reason::limit_message);
  EXPECT_TRUE(runner.run(in.substr(0, 400), out).ok());
}

TEST(Wire, BytesBehindTheEndAreRefused) {
  Both both;
  both.scalar(1, "n", Kind::i32, Presence::optional, Presence::optional);
  EXPECT_THAT(both.to_proto().hex_of(hex("15 02 00 00")), HasSubstr("WIRE_MALFORMED"));
  EXPECT_THAT(both.to_proto().hex_of(""), HasSubstr("WIRE_TRUNCATED"));
}

TEST(Wire, ThriftFieldsMayComeInAnyOrderAndTwice) {
  Both both;
  for (int id = 1; id <= 4; ++id) {
    both.scalar(id, ("f" + std::to_string(id)).c_str(), Kind::i8, Presence::optional, Presence::optional);
  }
  Runner runner = both.to_proto();
  EXPECT_EQ(runner.hex_of(hex("43 04 03 02 01 13 02 13 03 00")), "20 04 08 01 10 02 18 03");
  EXPECT_EQ(runner.hex_of(hex("33 03 13 04 03 02 01 03 04 02 00")), "18 03 20 04 08 01 10 02");
  EXPECT_EQ(runner.context().counters.indexed_runs, 0u);
  // The last one counts.
  EXPECT_EQ(runner.hex_of(hex("13 01 13 02 03 02 05 13 06 00")), "08 05 10 06");
  EXPECT_EQ(runner.context().counters.indexed_runs, 1u);
}

}  // namespace
}  // namespace koine::transcode::testing
