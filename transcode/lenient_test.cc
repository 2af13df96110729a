// Losses that are allowed by name: what is lost, what is counted, and that nothing else is let pass.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transcode/allowance.h"
#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

using ::testing::HasSubstr;

std::uint64_t lost(Runner& runner, Allowance what) {
  return runner.context().counters.lost_values[static_cast<std::size_t>(what)];
}

// A float and a list of them on either side; the second number is nobody's business.
struct Floats : Both {
  Allowances allowances;
  PlanOptions options;
  Floats() {
    const idl::Type* list = schema.list(schema.scalar(Kind::f32));
    scalar(1, "price", Kind::f32, Presence::optional, Presence::optional);
    scalar(2, "other", Kind::f32, Presence::optional, Presence::optional);
    field(3, "prices", list, Presence::implicit, list, Presence::implicit);
    options.allowances = &allowances;
  }
};

TEST(Lenient, ADoubleIsRoundedToTheNearestFloatWhereThatIsAllowed) {
  for (const bool by_source : {false, true}) {
    Floats both;
    both.allowances.add(Allowance::f64_to_f32, (by_source ? both.thrift : both.proto)->fields[0]);
    Runner runner(binary, *both.thrift, protobuf, *both.proto, both.options);
    // 0.1 is 3fb999999999999a as a double, 3dcccccd as a float.
    EXPECT_EQ(runner.hex_of(hex("04 0001 3fb999999999999a 00")), "0d cd cc cc 3d");
    EXPECT_EQ(lost(runner, Allowance::f64_to_f32), 1u);
    EXPECT_EQ(runner.hex_of(hex("04 0001 3fc0000000000000 00")), "0d 00 00 00 3e");
    EXPECT_EQ(lost(runner, Allowance::f64_to_f32), 1u) << "0.125 loses nothing";
    EXPECT_THAT(runner.hex_of(hex("04 0001 7fe0000000000000 00")), HasSubstr("MAP_RANGE at price"));
    EXPECT_THAT(runner.hex_of(hex("04 0002 3fb999999999999a 00")), HasSubstr("MAP_PRECISION at other"));
    EXPECT_THAT(runner.hex_of(hex("0f 0003 04 00000001 3fb999999999999a 00")),
                HasSubstr("MAP_PRECISION at prices[0]"));
  }
}

TEST(Lenient, WhatIsAllowedToAFieldIsAllowedToItsElements) {
  Floats both;
  both.allowances.add(Allowance::f64_to_f32, both.thrift->fields[2]);
  Runner runner(binary, *both.thrift, protobuf, *both.proto, both.options);
  EXPECT_EQ(runner.hex_of(hex("0f 0003 04 00000002 3fb999999999999a 3fb999999999999a 00")),
            "1d cd cc cc 3d 1d cd cc cc 3d");
  EXPECT_EQ(lost(runner, Allowance::f64_to_f32), 2u);
  EXPECT_THAT(runner.hex_of(hex("04 0001 3fb999999999999a 00")), HasSubstr("MAP_PRECISION at price"));
}

TEST(Lenient, KeysAndElementsOfSetsLoseNothing) {
  Both both;
  const idl::Type* set = both.schema.set(both.schema.scalar(Kind::f32));
  both.field(1, "set", set, Presence::implicit, set, Presence::implicit);
  Allowances allowances;
  allowances.add(Allowance::f64_to_f32, both.thrift->fields[0]);
  PlanOptions options;
  options.allowances = &allowances;
  Runner runner(binary, *both.thrift, protobuf, *both.proto, options);
  EXPECT_THAT(runner.hex_of(hex("0e 0001 04 00000001 3fb999999999999a 00")),
              HasSubstr("MAP_PRECISION at set[0]"));
}

// A closed enum that knows 0 and 1, an open one that knows 2 as well; fields of it with each presence.
struct Enums : Both {
  idl::EnumType* open = &schema.enumeration("t.E", {0, 1, 2});
  idl::EnumType* closed = &schema.enumeration("p.E", {0, 1});
  Allowances allowances;
  PlanOptions options;
  Enums() {
    closed->origin = open;
    closed->closed = true;
    thrift->fields.reserve(4);  // allowances point to them
    proto->fields.reserve(4);
    options.allowances = &allowances;
  }
  void field(int id, const char* name, Presence in_thrift, Presence in_proto) {
    Both::field(id, name, schema.of(*open), in_thrift, schema.of(*closed), in_proto);
    allowances.add(Allowance::enum_value_unmatched, thrift->fields.back());
  }
};

TEST(Lenient, AnEnumNumberWithoutCounterpartBecomesUnset) {
  Enums both;
  both.field(1, "maybe", Presence::optional, Presence::optional);
  both.field(2, "plain", Presence::implicit, Presence::implicit);
  Runner there = both.to_proto(both.options);
  EXPECT_EQ(there.hex_of(hex("15 04 15 04 00")), "");
  EXPECT_EQ(there.hex_of(hex("15 02 15 02 00")), "08 01 10 01");
  EXPECT_EQ(lost(there, Allowance::enum_value_unmatched), 2u);
  EXPECT_THAT(both.to_proto().hex_of(hex("15 04 00")), HasSubstr("MAP_ENUM_UNKNOWN at maybe"));
  // The other way, where Thrift's field may be unset.
  Runner back = both.to_thrift(both.options);
  EXPECT_EQ(back.hex_of(hex("08 09 10 01")), "25 02 00");
  EXPECT_EQ(lost(back, Allowance::enum_value_unmatched), 1u);
}

TEST(Lenient, AnEnumNumberWithoutCounterpartBecomesZeroWhereNothingCanBeUnset) {
  Enums both;
  both.field(1, "must", Presence::required, Presence::required);
  const idl::Type* in_thrift = both.schema.list(both.schema.of(*both.open));
  const idl::Type* in_proto = both.schema.list(both.schema.of(*both.closed));
  both.Both::field(2, "all", in_thrift, Presence::implicit, in_proto, Presence::implicit);
  both.allowances.add(Allowance::enum_value_unmatched, both.proto->fields[1]);
  Runner there = both.to_proto(both.options);
  EXPECT_EQ(there.hex_of(hex("15 04 19 35 02 04 00 00")), "08 00 10 01 10 00 10 00");
  EXPECT_EQ(lost(there, Allowance::enum_value_unmatched), 2u);
  Runner back = both.to_thrift(both.options);
  EXPECT_EQ(back.hex_of(hex("08 09 10 09")), "15 00 19 15 00 00");
}

TEST(Lenient, AMemberOfAOneofStaysTheOneThatIsSet) {
  Enums both;
  both.proto->oneofs.push_back("one");
  both.field(1, "a", Presence::optional, Presence::optional);
  both.field(2, "b", Presence::optional, Presence::optional);
  for (idl::Field& field : both.proto->fields) field.oneof_index = 0;
  EXPECT_EQ(both.to_proto(both.options).hex_of(hex("25 04 00")), "10 00");
}

TEST(Lenient, WithoutAZeroWhatCannotBeUnsetIsRefusedWhenThePlanIsCompiled) {
  Both both;
  idl::EnumType& from = both.schema.enumeration("p.E", {0, 1, 2});
  idl::EnumType& into = both.schema.enumeration("t.E", {1});
  into.origin = &from;
  into.closed = true;
  both.field(1, "must", both.schema.of(into), Presence::required, both.schema.of(from), Presence::implicit);
  Allowances allowances;
  allowances.add(Allowance::enum_value_unmatched, both.proto->fields[0]);
  PlanOptions options;
  options.allowances = &allowances;
  EXPECT_THAT(both.to_thrift(options).compile_error().to_string(),
              HasSubstr("must: ENUM_VALUE_UNMATCHED cannot be allowed: the value cannot be unset here, and "
                        "t.E has no 0"));
  EXPECT_TRUE(both.to_thrift().compile_error().ok());
}

}  // namespace
}  // namespace koine::transcode::testing
