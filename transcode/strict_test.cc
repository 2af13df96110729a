// What a strict plan refuses that others drop or leave to the last one: unknown fields wherever they stand,
// and whatever comes twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

using ::testing::HasSubstr;

PlanOptions strict() {
  PlanOptions options;
  options.not_in_schema = NotInSchema::reject;
  options.reject_duplicates = options.reject_repeats = true;
  return options;
}

// Struct S with a number, a text and a struct S, as Thrift and derived.
struct Nested : Both {
  Nested() {
    scalar(1, "n", Kind::i32, Presence::optional, Presence::optional);
    scalar(2, "s", Kind::string, Presence::optional, Presence::optional);
    field(3, "inner", schema.of(*thrift), Presence::optional, schema.of(*proto), Presence::optional);
  }
};

TEST(Strict, AnUnknownFieldIsRefusedByItsNumberAndPath) {
  Nested both;
  EXPECT_THAT(both.to_thrift(strict()).hex_of(hex("1a 04 08 01 38 05")),
              HasSubstr("MAP_UNKNOWN_FIELD at inner.#7"));
  EXPECT_THAT(both.to_proto(strict()).hex_of(hex("3c 15 02 65 02 00 00")),
              HasSubstr("MAP_UNKNOWN_FIELD at inner.#7"));
  EXPECT_THAT(Runner(binary, *both.thrift, protobuf, *both.proto, strict()).hex_of(hex("02 fffe 01 00")),
              HasSubstr("MAP_UNKNOWN_FIELD at #-2"));
  // A known number of another wire type is nothing that the schema knows either.
  EXPECT_THAT(both.to_thrift(strict()).hex_of(hex("09 0000000000000000")),
              HasSubstr("MAP_UNKNOWN_FIELD at #1"));
  // Also where the message has to be read again.
  EXPECT_THAT(both.to_thrift().hex_of(hex("08 01 08 02 38 05")), HasSubstr("15 04 00"));
  PlanOptions repeats_allowed = strict();
  repeats_allowed.reject_repeats = false;
  EXPECT_THAT(both.to_thrift(repeats_allowed).hex_of(hex("08 01 08 02 38 05")),
              HasSubstr("MAP_UNKNOWN_FIELD at #7"));
}

TEST(Strict, ASingularFieldThatComesTwiceIsRefused) {
  Nested both;
  const struct {
    model::BodyFormat from;
    const char* bytes;
    const char* path;
  } twice[] = {
      {protobuf, "08 01 08 01", "n"},
      {protobuf, "08 01 12 01 61 08 02", "n"},
      {protobuf, "1a 04 12 00 12 00", "inner.s"},
      {protobuf, "1a 00 1a 02 08 01", "inner"},
      {compact, "15 02 05 02 04 00", "n"},
      {compact, "3c 28 00 08 04 00 00 00", "inner.s"},
      {binary, "08 0001 00000001 08 0001 00000001 00", "n"},
      {binary, "0c 0003 00 0c 0003 00 00", "inner"},
  };
  for (const auto& one : twice) {
    for (const model::BodyFormat to : {protobuf, compact, binary}) {
      const idl::StructType& source = one.from == protobuf ? *both.proto : *both.thrift;
      const idl::StructType& target = to == protobuf ? *both.proto : *both.thrift;
      EXPECT_THAT(Runner(one.from, source, to, target, strict()).hex_of(hex(one.bytes)),
                  HasSubstr(std::string("MAP_DUPKEY at ") + one.path + ":"))
          << one.bytes;
      Runner checked(one.from, source, to, target);
      std::string out;
      EXPECT_TRUE(checked.run(hex(one.bytes), out).ok()) << one.bytes;
    }
  }
}

TEST(Strict, RepeatedFieldsMayStandInSeveralPlaces) {
  Both both;
  const idl::Type* list = both.schema.list(both.schema.scalar(Kind::i32));
  const idl::Type* map = both.schema.map(both.schema.scalar(Kind::i32), both.schema.scalar(Kind::i32));
  both.field(1, "list", list, Presence::implicit, list, Presence::implicit);
  both.field(2, "map", map, Presence::implicit, map, Presence::implicit);
  EXPECT_EQ(both.to_thrift(strict()).hex_of(hex("08 01 12 04 08 01 10 02 0a 02 02 03 12 04 08 02 10 04")),
            "19 35 02 04 06 1b 02 55 02 04 04 08 00");
}

TEST(Strict, AMapsEntryHasOneKeyOneValueAndNothingElse) {
  Both both;
  const idl::Type* map = both.schema.map(both.schema.scalar(Kind::i32), both.schema.scalar(Kind::i32));
  both.field(1, "map", map, Presence::implicit, map, Presence::implicit);
  for (const auto& [bytes, reason] : {std::pair("0a 06 08 01 08 01 10 02", "MAP_DUPKEY at map[0]"),
                                      {"0a 06 08 01 10 02 10 02", "MAP_DUPKEY at map[0]"},
                                      {"0a 06 08 01 10 02 18 02", "MAP_UNKNOWN_FIELD at map[0].#3"}}) {
    EXPECT_THAT(both.to_thrift(strict()).hex_of(hex(bytes)), HasSubstr(reason));
    EXPECT_EQ(both.to_thrift().hex_of(hex(bytes)), "1b 01 55 02 04 00");
  }
  Runner checked = both.to_thrift();
  checked.hex_of(hex("0a 06 08 01 10 02 18 02"));
  EXPECT_EQ(model::sum(checked.context().counters.dropped_fields), 1u);
  EXPECT_EQ(checked.context().last_dropped_id, 3);
}

TEST(Strict, ASecondMemberOfAOneofIsRefused) {
  Both both;
  both.proto->oneofs.push_back("one");
  both.scalar(1, "a", Kind::i32, Presence::optional, Presence::optional);
  both.scalar(2, "b", Kind::i32, Presence::optional, Presence::optional);
  for (idl::Field& field : both.proto->fields) field.oneof_index = 0;
  EXPECT_EQ(both.to_thrift().hex_of(hex("08 01 10 02")), "25 04 00");
  EXPECT_THAT(both.to_thrift(strict()).hex_of(hex("08 01 10 02")), HasSubstr("MAP_UNION"));
  EXPECT_EQ(both.to_thrift(strict()).hex_of(hex("10 02")), "25 04 00");
}

TEST(Strict, TextFormsAreHeldToTheSame) {
  Nested both;
  Runner from_text(thrift_json, *both.thrift, protobuf, *both.proto, strict());
  EXPECT_THAT(from_text.hex_of(R"({"1":{"i32":1},"9":{"i32":1}})"), HasSubstr("MAP_UNKNOWN_FIELD at #9"));
  EXPECT_THAT(from_text.hex_of(R"({"1":{"i32":1},"1":{"i32":1}})"), HasSubstr("MAP_DUPKEY at n"));
  Runner into_text(protobuf, *both.proto, json, *both.proto, strict());
  EXPECT_THAT(into_text.hex_of(hex("08 01 08 01")), HasSubstr("MAP_DUPKEY at n"));
  EXPECT_THAT(into_text.hex_of(hex("38 01")), HasSubstr("MAP_UNKNOWN_FIELD at #7"));
}

}  // namespace
}  // namespace koine::transcode::testing
