// The rules of what values may pass: presence, ranges, text, enums, unions, duplicates.
#include <array>
#include <cstdint>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

using ::testing::HasSubstr;

TEST(Presence, AbsentProto3ScalarsAreZeroForThriftFieldsThatAreAlwaysWritten) {
  Both both;
  both.scalar(1, "flag", Kind::boolean, Presence::implicit, Presence::implicit)
      .scalar(2, "number", Kind::i32, Presence::required, Presence::implicit)
      .scalar(3, "text", Kind::string, Presence::implicit, Presence::implicit)
      .scalar(4, "ratio", Kind::f64, Presence::implicit, Presence::implicit);
  EXPECT_EQ(both.to_thrift().hex_of(""), "12 15 00 18 00 17 00 00 00 00 00 00 00 00 00");
  EXPECT_EQ(both.to_proto().hex_of(hex("12 15 00 18 00 17 00 00 00 00 00 00 00 00 00")), "");
}

TEST(Presence, UnsetOptionalFieldsStayUnset) {
  Both both;
  both.scalar(1, "maybe", Kind::i32, Presence::optional, Presence::optional);
  EXPECT_EQ(both.to_thrift().hex_of(""), "00");
  EXPECT_EQ(both.to_proto().hex_of(hex("00")), "");
  EXPECT_EQ(both.to_thrift().hex_of(hex("08 00")), "15 00 00");
  EXPECT_EQ(both.to_proto().hex_of(hex("15 00 00")), "08 00");
}

TEST(Presence, AnImplicitZeroDoesNotSetAnOptionalTarget) {
  Both both;
  both.scalar(1, "maybe", Kind::i32, Presence::optional, Presence::implicit);
  EXPECT_EQ(both.to_thrift().hex_of(""), "00");
}

TEST(Presence, EmptyContainersAreWrittenWhereThriftExpectsThem) {
  Both both;
  const idl::Type* list = both.schema.list(both.schema.scalar(Kind::string));
  const idl::Type* map = both.schema.map(both.schema.scalar(Kind::string), both.schema.scalar(Kind::i64));
  both.field(1, "list", list, Presence::implicit, list, Presence::implicit);
  both.field(2, "map", map, Presence::required, map, Presence::implicit);
  both.field(3, "maybe", list, Presence::optional, list, Presence::implicit);
  EXPECT_EQ(both.to_thrift().hex_of(""), "19 08 1b 00 00");
  Runner in_binary(protobuf, *both.proto, binary, *both.thrift);
  EXPECT_EQ(in_binary.hex_of(""), "0f 00 01 0b 00 00 00 00 0d 00 02 0b 0a 00 00 00 00 00");
}

TEST(Presence, MissingRequiredFieldsAreNamed) {
  Both inner;
  inner.scalar(1, "sku", Kind::string, Presence::required, Presence::optional);
  idl::StructType& thrift = inner.schema.structure("t.Order");
  idl::StructType& proto = inner.schema.structure("p.Order");
  proto.origin = &thrift;
  add(thrift, 1, "items", inner.schema.list(inner.schema.of(*inner.thrift)), Presence::implicit);
  add(proto, 1, "items", inner.schema.list(inner.schema.of(*inner.proto)), Presence::implicit);
  Runner there(compact, thrift, protobuf, proto);
  EXPECT_THAT(there.hex_of(hex("19 2c 18 01 61 00 00 00")), HasSubstr("MAP_REQUIRED at items[1].sku"));
  Runner back(protobuf, proto, compact, thrift);
  EXPECT_THAT(back.hex_of(hex("0a 03 0a 01 61 0a 00")), HasSubstr("MAP_REQUIRED at items[1].sku"));
}

TEST(Presence, DefaultsThatTheOtherSideDoesNotKnowAreWritten) {
  Both both;
  const idl::Type* list = both.schema.list(both.schema.scalar(Kind::i32));
  both.scalar(1, "size", Kind::i32, Presence::implicit, Presence::implicit)
      .scalar(2, "name", Kind::string, Presence::optional, Presence::optional)
      .scalar(3, "on", Kind::boolean, Presence::implicit, Presence::implicit)
      .field(4, "list", list, Presence::implicit, list, Presence::implicit);
  both.thrift->fields[0].default_value = idl::Value{std::int64_t{7}};
  both.thrift->fields[1].default_value = idl::Value{std::string("x")};
  both.thrift->fields[2].default_value = idl::Value{true};
  both.thrift->fields[3].default_value =
      idl::Value{idl::ValueList{idl::Value{std::int64_t{1}}, idl::Value{std::int64_t{2}}}};
  // Not the optional one: it is unset, and that is a value.
  EXPECT_EQ(both.to_proto().hex_of(hex("00")), "08 07 18 01 20 01 20 02");
  Runner in_binary(binary, *both.thrift, protobuf, *both.proto);
  EXPECT_EQ(in_binary.hex_of(hex("00")), "08 07 18 01 20 01 20 02");
  // Not where the target has the same default.
  Runner same(compact, *both.thrift, binary, *both.thrift);
  EXPECT_EQ(same.hex_of(hex("00")), "00");
  EXPECT_EQ(both.to_proto().hex_of(hex("15 00 22 19 05 00")), "");
}

// Short texts are copied sixteen bytes at once where as many are there: of a default its own bytes count,
// wherever the message lies. Here it is on the stack, far behind the heap, and a sanitizer sees what is read
// too far.
TEST(Presence, ADefaultIsReadNoFurtherThanItsEnd) {
  Both both;
  both.scalar(1, "name", Kind::string, Presence::implicit, Presence::implicit);
  both.thrift->fields[0].default_value = idl::Value{std::string("x")};
  const std::array<std::uint8_t, 1> stop{};
  for (const model::BodyFormat form : {binary, compact}) {
    Runner runner(form, *both.thrift, protobuf, *both.proto);
    Context& context = runner.context();
    ASSERT_TRUE(runner.plan().run(stop, context, context.output).ok());
    EXPECT_EQ(to_hex(base::as_text(context.output.bytes())), "0a 01 78");
  }
}

TEST(Ranges, NumbersThatDoNotFitAreRefusedWithTheirPath) {
  Both both;
  both.scalar(1, "tiny", Kind::i8, Presence::optional, Presence::optional)
      .scalar(2, "id", Kind::u64, Presence::optional, Presence::optional)
      .scalar(3, "port", Kind::u16, Presence::optional, Presence::optional);
  EXPECT_EQ(both.to_thrift().hex_of(hex("08 7f")), "13 7f 00");
  EXPECT_THAT(both.to_thrift().hex_of(hex("08 8001")), HasSubstr("MAP_RANGE at tiny"));
  EXPECT_THAT(both.to_thrift().hex_of(hex("10 80808080808080808001")), HasSubstr("MAP_RANGE at id"));
  EXPECT_THAT(both.to_thrift().hex_of(hex("18 808004")), HasSubstr("MAP_RANGE at port"));
  // Thrift's wider integers may hold what the kind does not.
  EXPECT_THAT(both.to_proto().hex_of(hex("26 01 00")), HasSubstr("MAP_RANGE at id"));
  EXPECT_THAT(both.to_proto().hex_of(hex("35 01 00")), HasSubstr("MAP_RANGE at port"));
}

// As of pairs by name: what one side's kind does not hold is wrong, whatever the other's could.
TEST(Ranges, OfBothKindsCount) {
  Both both;
  both.field(1, "n", both.schema.scalar(Kind::u8), Presence::optional, both.schema.scalar(Kind::i16),
             Presence::optional);
  EXPECT_EQ(both.to_proto().hex_of(hex("14 fe03 00")), "08 ff 01");
  EXPECT_THAT(both.to_proto().hex_of(hex("14 8004 00")), HasSubstr("MAP_RANGE at n"));
  EXPECT_THAT(both.to_proto().hex_of(hex("14 01 00")), HasSubstr("MAP_RANGE at n"));
  EXPECT_THAT(both.to_thrift().hex_of(hex("08 8002")), HasSubstr("MAP_RANGE at n"));
}

TEST(Ranges, ProtobufCutsInt32ToItsSize) {
  Both both;
  both.scalar(1, "n", Kind::i32, Presence::optional, Presence::optional);
  EXPECT_EQ(both.to_thrift().hex_of(hex("08 8180808010")), "15 02 00");  // 2^32 + 1
}

TEST(Ranges, DoublesThatAreNoFloats) {
  Both both;
  both.scalar(1, "f", Kind::f32, Presence::optional, Presence::optional);
  EXPECT_THAT(both.to_proto().hex_of(hex("17 9a9999999999b93f 00")), HasSubstr("MAP_PRECISION at f"));
  EXPECT_THAT(both.to_proto().hex_of(hex("17 000000000000f07e 00")), HasSubstr("MAP_RANGE at f"));
}

TEST(Text, InvalidUtf8IsRefusedWhereTextIsChecked) {
  Both both;
  both.scalar(1, "s", Kind::string, Presence::optional, Presence::optional);
  for (const char* bad : {"ff", "c3", "c0 80", "ed a0 80", "f4 90 80 80",
                          "61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70 71 80"}) {
    const std::string text = hex(bad);
    const std::string in = hex("18") + static_cast<char>(text.size()) + text + '\0';
    EXPECT_THAT(both.to_proto().hex_of(in), HasSubstr("MAP_UTF8 at s")) << bad;
    const std::string message = hex("0a") + static_cast<char>(text.size()) + text;
    EXPECT_THAT(both.to_thrift().hex_of(message), HasSubstr("MAP_UTF8 at s")) << bad;
    // Between Thrift protocols nobody asks.
    Runner same(compact, *both.thrift, binary, *both.thrift);
    std::string out;
    EXPECT_TRUE(same.run(in, out).ok());
  }
  for (const char* good : {"c3a9", "e282ac", "f09f9880", "ed9fbf", "ee8080", "f48fbfbf",
                           "6162636465666768696a6b6c6d6e6f70c3a9"}) {
    const std::string text = hex(good);
    const std::string in = hex("18") + static_cast<char>(text.size()) + text + '\0';
    EXPECT_EQ(both.to_proto().hex_of(in), to_hex(hex("0a") + static_cast<char>(text.size()) + text));
  }
}

TEST(Enums, ZeroThatOnlyProtobufHasMeansUnset) {
  SchemaBuilder schema;
  idl::EnumType& colour = schema.enumeration("t.Colour", {1, 2});
  idl::EnumType& derived = schema.enumeration("p.Colour", {0, 1, 2});
  derived.origin = &colour;
  idl::StructType& thrift = schema.structure("t.S");
  idl::StructType& proto = schema.structure("p.S");
  proto.origin = &thrift;
  add(thrift, 1, "maybe", schema.of(colour), Presence::optional);
  add(thrift, 2, "plain", schema.of(colour), Presence::implicit);
  add(thrift, 3, "list", schema.list(schema.of(colour)), Presence::optional);
  add(proto, 1, "maybe", schema.of(derived), Presence::optional);
  add(proto, 2, "plain", schema.of(derived), Presence::implicit);
  add(proto, 3, "list", schema.list(schema.of(derived)), Presence::implicit);
  Runner back(protobuf, proto, compact, thrift);
  EXPECT_EQ(back.hex_of(hex("08 00")), "00");
  EXPECT_EQ(back.hex_of(hex("08 02 10 01")), "15 04 15 02 00");
  EXPECT_EQ(back.hex_of(hex("10 4d")), "25 9a 01 00");
  EXPECT_THAT(back.hex_of(hex("18 01 18 00")), HasSubstr("MAP_ENUM_UNKNOWN at list[1]"));
  // The other way it is a number like any other: left out where zeros are, written where they are.
  Runner there(compact, thrift, protobuf, proto);
  EXPECT_EQ(there.hex_of(hex("25 00 19 25 00 02 00")), "18 00 18 01");
  EXPECT_EQ(there.hex_of(hex("15 00 15 9a 01 00")), "08 00 10 4d");
  thrift.fields[1].presence = Presence::required;
  Runner strict(protobuf, proto, compact, thrift);
  EXPECT_THAT(strict.hex_of(hex("08 01")), HasSubstr("MAP_ENUM_UNKNOWN at plain"));
  EXPECT_THAT(strict.hex_of(hex("10 00")), HasSubstr("MAP_ENUM_UNKNOWN at plain"));
}

TEST(Enums, ClosedOnesRefuseNumbersTheyDoNotDeclare) {
  SchemaBuilder schema;
  idl::EnumType& open = schema.enumeration("t.E", {0, 1});
  idl::EnumType& closed = schema.enumeration("p.E", {0, 1});
  closed.origin = &open;
  closed.closed = true;
  idl::StructType& thrift = schema.structure("t.S");
  idl::StructType& proto = schema.structure("p.S");
  proto.origin = &thrift;
  add(thrift, 1, "e", schema.of(open), Presence::optional);
  add(proto, 1, "e", schema.of(closed), Presence::optional);
  EXPECT_EQ(Runner(compact, thrift, protobuf, proto).hex_of(hex("15 02 00")), "08 01");
  EXPECT_THAT(Runner(compact, thrift, protobuf, proto).hex_of(hex("15 04 00")),
              HasSubstr("MAP_ENUM_UNKNOWN at e"));
  EXPECT_THAT(Runner(protobuf, proto, compact, thrift).hex_of(hex("08 02")),
              HasSubstr("MAP_ENUM_UNKNOWN at e"));
}

struct Unions {
  SchemaBuilder schema;
  idl::StructType* thrift = nullptr;
  idl::StructType* proto = nullptr;
  Unions() {
    thrift = &schema.structure("t.U");
    thrift->form = idl::StructForm::union_;
    proto = &schema.structure("p.U");
    proto->origin = thrift;
    proto->oneofs.push_back("value");
    for (int id = 1; id <= 3; ++id) {
      const idl::Type* type = id == 3 ? schema.scalar(Kind::string) : schema.scalar(Kind::i32);
      add(*thrift, id, "m" + std::to_string(id), type, Presence::optional);
      add(*proto, id, "m" + std::to_string(id), type, Presence::optional).oneof_index = 0;
    }
  }
};

TEST(UnionsAndOneofs, OneMemberPasses) {
  Unions unions;
  EXPECT_EQ(Runner(compact, *unions.thrift, protobuf, *unions.proto).hex_of(hex("25 00 00")), "10 00");
  EXPECT_EQ(Runner(protobuf, *unions.proto, compact, *unions.thrift).hex_of(hex("10 00")), "25 00 00");
}

TEST(UnionsAndOneofs, TwoMembersOfAThriftUnionAreRefused) {
  Unions unions;
  EXPECT_THAT(Runner(compact, *unions.thrift, protobuf, *unions.proto).hex_of(hex("15 00 15 00 00")),
              HasSubstr("MAP_UNION"));
  EXPECT_THAT(Runner(compact, *unions.thrift, binary, *unions.thrift).hex_of(hex("15 00 15 00 00")),
              HasSubstr("MAP_UNION"));
}

TEST(UnionsAndOneofs, TheLastMemberOfAOneofWins) {
  Unions unions;
  Runner runner(protobuf, *unions.proto, compact, *unions.thrift);
  EXPECT_EQ(runner.hex_of(hex("08 05 10 06")), "25 0c 00");
  EXPECT_EQ(runner.hex_of(hex("10 06 08 05")), "15 0a 00");
  EXPECT_EQ(runner.hex_of(hex("1a 01 61 08 05 1a 01 62")), "38 01 62 00");
  EXPECT_EQ(runner.context().counters.indexed_runs, 3u);
  EXPECT_EQ(runner.context().counters.straight_runs, 0u);
}

TEST(UnionsAndOneofs, AMemberThatAnotherReplacesIsReadAllTheSame) {
  SchemaBuilder schema;
  idl::StructType* thrift = &schema.structure("t.U");
  idl::StructType* proto = &schema.structure("p.U");
  idl::StructType* thrift_inner = &schema.structure("t.Inner");
  idl::StructType* proto_inner = &schema.structure("p.Inner");
  thrift->form = idl::StructForm::union_;
  proto->origin = thrift;
  proto_inner->origin = thrift_inner;
  proto->oneofs.push_back("value");
  for (idl::StructType* inner : {thrift_inner, proto_inner}) {
    add(*inner, 1, "text", schema.scalar(Kind::string), Presence::optional);
  }
  add(*thrift, 1, "number", schema.scalar(Kind::i32), Presence::optional);
  add(*proto, 1, "number", schema.scalar(Kind::i32), Presence::optional).oneof_index = 0;
  add(*thrift, 2, "inner", schema.of(*thrift_inner), Presence::optional);
  add(*proto, 2, "inner", schema.of(*proto_inner), Presence::optional).oneof_index = 0;
  Runner runner(protobuf, *proto, compact, *thrift);
  EXPECT_EQ(runner.hex_of(hex("12 03 0a 01 61 08 05")), "15 0a 00");
  // Its text is cut off inside it, wherever it stands.
  EXPECT_THAT(runner.hex_of(hex("12 03 0a 02 61 08 05")), HasSubstr("WIRE_TRUNCATED"));
  EXPECT_THAT(runner.hex_of(hex("08 05 12 03 0a 02 61 08 06")), HasSubstr("WIRE_TRUNCATED at inner.text"));
  // A value without a form on the other side does not matter where it is replaced.
  EXPECT_EQ(runner.hex_of(hex("08 05 12 03 0a 01 ff 08 06")), "15 0c 00");
  EXPECT_EQ(runner.hex_of(hex("12 03 0a 01 ff 08 06")), "15 0c 00");
}

TEST(UnionsAndOneofs, NoMemberCannotGoToThrift) {
  Unions unions;
  EXPECT_THAT(Runner(protobuf, *unions.proto, compact, *unions.thrift).hex_of(""), HasSubstr("MAP_UNION"));
  EXPECT_EQ(Runner(compact, *unions.thrift, protobuf, *unions.proto).hex_of(hex("00")), "");
}

TEST(Duplicates, AThriftFieldThatAnotherReplacesIsReadAllTheSame) {
  Both both;
  both.scalar(1, "number", Kind::i32, Presence::optional, Presence::optional);
  Runner runner(compact, *both.thrift, binary, *both.thrift);
  EXPECT_EQ(runner.hex_of(hex("15 02 05 02 04 05 02 06 00")), "08 00 01 00 00 00 03 00");
  const std::string wide = "05 02 ff ff ff ff ff 01";  // 42 bits
  EXPECT_THAT(runner.hex_of(hex(wide + " 05 02 04 00")), HasSubstr("WIRE_MALFORMED at number"));
  EXPECT_THAT(runner.hex_of(hex("15 02 " + wide + " 05 02 04 00")), HasSubstr("WIRE_MALFORMED at number"));
}

TEST(Duplicates, RepeatedSetElementsAreDroppedAndCounted) {
  for (const std::size_t count : {3u, 8u, 9u, 1000u}) {
    Both both;
    const idl::Type* set = both.schema.set(both.schema.scalar(Kind::i32));
    both.field(1, "set", set, Presence::optional, set, Presence::implicit);
    both.proto->fields[0].packed = true;
    std::string in;
    for (std::size_t i = 0; i < count; ++i) in += hex("08") + static_cast<char>(i % 2 == 0 ? 5 : 6);
    Runner runner = both.to_thrift();
    EXPECT_EQ(runner.hex_of(in), "1a 25 0a 0c 00");
    EXPECT_EQ(runner.context().counters.deduplicated_elements, count - 2);
    PlanOptions strict;
    strict.reject_duplicates = true;
    EXPECT_THAT(both.to_thrift(strict).hex_of(in), HasSubstr("MAP_DUPKEY at set"));
  }
}

TEST(Duplicates, TheLastValueOfARepeatedKeyStays) {
  for (const int extra : {0, 20}) {
    Both both;
    const idl::Type* map = both.schema.map(both.schema.scalar(Kind::i32), both.schema.scalar(Kind::string));
    both.field(1, "map", map, Presence::optional, map, Presence::implicit);
    std::string in = hex("0a 05 08 01 12 01 61");
    for (int i = 0; i < extra; ++i) in += hex("0a 05 08") + static_cast<char>(10 + i) + hex("12 01 7a");
    in += hex("0a 05 08 02 12 01 62  0a 05 08 01 12 01 63");
    Runner runner = both.to_thrift();
    std::string out;
    ASSERT_TRUE(runner.run(in, out).ok());
    EXPECT_EQ(out.size(), 4u + 3u * static_cast<unsigned>(extra + 2));
    EXPECT_THAT(to_hex(out), HasSubstr("04 01 62 02 01 63 00"));
    EXPECT_EQ(runner.context().counters.deduplicated_keys, 1u);
  }
}

TEST(Duplicates, EntriesThatStandForAMapMustNotRepeatTheirKey) {
  SchemaBuilder schema;
  idl::StructType& entry = schema.structure("p.Entry");
  entry.role = idl::StructRole::map_entry;
  add(entry, 1, "key", schema.scalar(Kind::f64), Presence::implicit);
  add(entry, 2, "value", schema.scalar(Kind::i32), Presence::implicit);
  idl::StructType& thrift = schema.structure("t.S");
  idl::StructType& proto = schema.structure("p.S");
  proto.origin = &thrift;
  add(thrift, 1, "map", schema.map(schema.scalar(Kind::f64), schema.scalar(Kind::i32)), Presence::implicit);
  add(proto, 1, "map", schema.list(schema.of(entry)), Presence::implicit);
  Runner runner(protobuf, proto, compact, thrift);
  EXPECT_THAT(runner.hex_of(hex("0a 02 10 01 0a 02 10 02")), HasSubstr("MAP_DUPKEY at map"));
  EXPECT_EQ(runner.hex_of(hex("0a 02 10 01")), "1b 01 75 00 00 00 00 00 00 00 00 02 00");
  EXPECT_THAT(runner.hex_of(hex("0a 09 09 000000000000f87f")), HasSubstr("MAP_NONFINITE at map[0]"));
  EXPECT_THAT(runner.hex_of(hex("0a 09 09 0000000000000080")), HasSubstr("MAP_NONFINITE at map[0]"));
  // What could not come back does not go: Thrift's own writers never repeat a key.
  Runner there(compact, thrift, protobuf, proto);
  EXPECT_THAT(there.hex_of(hex("1b 02 75 000000000000f03f 02 000000000000f03f 04 00")),
              HasSubstr("MAP_DUPKEY at map"));
  EXPECT_EQ(there.hex_of(hex("1b 02 75 000000000000f03f 02 0000000000000040 04 00")),
            "0a 0b 09 00 00 00 00 00 00 f0 3f 10 01 0a 0b 09 00 00 00 00 00 00 00 40 10 02");
}

TEST(Duplicates, AStrictPlanRefusesThemWhateverTheyGoInto) {
  for (const std::size_t count : {2u, 8u, 9u, 60u}) {
    Both both;
    const idl::Type* map = both.schema.map(both.schema.scalar(Kind::i32), both.schema.scalar(Kind::string));
    const idl::Type* set = both.schema.set(both.schema.scalar(Kind::string));
    both.field(1, "map", map, Presence::optional, map, Presence::implicit);
    both.field(2, "set", set, Presence::optional, set, Presence::implicit);
    PlanOptions strict;
    strict.reject_duplicates = true;
    // {1: {0: "a", 1: "a", 2: "a" × 200, …}}: lengths of entries take one byte or two, so that some move.
    const auto map_of = [&](std::size_t last_key) {
      std::string in = hex("1b") + static_cast<char>(count) + hex("58");
      for (std::size_t i = 0; i < count; ++i) {
        const bool wide = i % 3 == 2;
        in += static_cast<char>(2 * (i + 1 < count ? i : last_key));
        in += wide ? hex("c8 01") + std::string(200, 'a') : hex("01 61");
      }
      return in + hex("00");
    };
    const auto set_of = [&](char last) {
      std::string in = hex("2a f8") + static_cast<char>(count);
      for (std::size_t i = 0; i < count; ++i) {
        in += '\x01';
        in += i + 1 < count ? static_cast<char>(1 + i) : last;
      }
      return in + hex("00");
    };
    for (const bool to_thrift : {false, true}) {
      Runner runner =
          to_thrift ? Runner(compact, *both.thrift, binary, *both.thrift, strict) : both.to_proto(strict);
      std::string out;
      EXPECT_THAT(runner.hex_of(map_of(0)), HasSubstr("MAP_DUPKEY at map")) << count;
      EXPECT_TRUE(runner.run(map_of(count), out).ok()) << count;
      EXPECT_THAT(runner.hex_of(set_of(1)), HasSubstr("MAP_DUPKEY at set")) << count;
      EXPECT_TRUE(runner.run(set_of(127), out).ok()) << count;
      EXPECT_EQ(runner.context().counters.deduplicated_keys, 0u);
      EXPECT_EQ(runner.context().counters.deduplicated_elements, 0u);
    }
    // Nobody asked: they go on as they are, for the receiver to decide.
    Runner lax = both.to_proto();
    std::string out;
    EXPECT_TRUE(lax.run(set_of(1), out).ok());
    EXPECT_EQ(out.size(), 3 * count);
  }
}

TEST(Duplicates, KeysAreComparedByTheirValue) {
  // A bool is whatever is not 0: a Thrift binary map of 2 and 1 has one key twice.
  Both both;
  const idl::Type* map = both.schema.map(both.schema.scalar(Kind::boolean), both.schema.scalar(Kind::i32));
  both.field(1, "map", map, Presence::optional, map, Presence::implicit);
  PlanOptions strict;
  strict.reject_duplicates = true;
  const std::string in = hex("0d 0001 02 08 00000002 02 00000005 01 00000006 00");
  EXPECT_THAT(Runner(binary, *both.thrift, protobuf, *both.proto, strict).hex_of(in),
              HasSubstr("MAP_DUPKEY at map"));
  EXPECT_EQ(Runner(binary, *both.thrift, protobuf, *both.proto).hex_of(in),
            "0a 04 08 01 10 05 0a 04 08 01 10 06");
}

}  // namespace
}  // namespace koine::transcode::testing
