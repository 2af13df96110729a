// Class definitions that come again: what was looked up for one message, class or plan is no other's.
#include "transcode/hessian_bindings.h"

#include <gtest/gtest.h>

#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

constexpr model::BodyFormat hessian = model::BodyFormat::hessian2;

// class P { int a; int b; P next; Kind kind; } with the ids that are given.
struct PointSchema {
  SchemaBuilder schema;
  idl::StructType* point = nullptr;
  std::unique_ptr<const Plan> plan;

  PointSchema(int a, int b) {
    idl::EnumType& kind = schema.enumeration("K", {});
    kind.values.resize(1);
    kind.values[0].name = "X";
    kind.values[0].number = 5;
    point = &schema.structure("P");
    add(*point, a, "a", schema.scalar(Kind::i32), Presence::optional);
    add(*point, b, "b", schema.scalar(Kind::i32), Presence::optional);
    add(*point, 8, "kind", schema.of(kind), Presence::optional);
    add(*point, 9, "next", schema.of(*point), Presence::optional);
    auto compiled = Plan::compile({hessian, point, {}}, {binary, point, {}}, OriginPairing(), {});
    EXPECT_TRUE(compiled) << compiled.error().to_string();
    plan = std::move(*compiled);
  }
  std::string run(Context& context, std::string_view bytes) const {
    const std::string in = hex(bytes);
    const base::Status status = plan->run(base::as_bytes(in), context, context.output);
    return status.ok() ? to_hex(base::as_text(context.output.bytes())) : status.to_string();
  }
};

constexpr const char* a_then_b = "43 01 50 92 01 61 01 62 60 91 92";
constexpr const char* b_then_a = "43 01 50 92 01 62 01 61 60 91 92";

TEST(HessianBindings, ADefinitionOfOtherNamesIsLookedUpAnewHoweverOftenTheyTakeTurns) {
  const PointSchema one(1, 2);
  Context context;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(one.run(context, a_then_b), "08 00 01 00 00 00 01 08 00 02 00 00 00 02 00");
    EXPECT_EQ(one.run(context, b_then_a), "08 00 02 00 00 00 01 08 00 01 00 00 00 02 00");
    EXPECT_EQ(one.run(context, "43 01 50 92 01 61 01 7a 60 91 92"), "08 00 01 00 00 00 01 00");
  }
}

TEST(HessianBindings, PlansThatShareAContextHaveTheirOwn) {
  const PointSchema one(1, 2);
  const PointSchema other(2, 1);
  Context context;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(one.run(context, a_then_b), "08 00 01 00 00 00 01 08 00 02 00 00 00 02 00");
    EXPECT_EQ(other.run(context, a_then_b), "08 00 02 00 00 00 01 08 00 01 00 00 00 02 00");
  }
}

TEST(HessianBindings, AnotherClassOfTheSameFieldsIsRefusedAfterManyOfTheRightOne) {
  const PointSchema one(1, 2);
  Context context;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(one.run(context, a_then_b).starts_with("08"));
  EXPECT_EQ(one.run(context, "43 01 51 92 01 61 01 62 60 91 92"),
            "MAP_TYPE: an object of Q where one of P belongs");
}

TEST(HessianBindings, DefinitionsOfOneClassWithinAMessageDoNotDisturbOneAnother) {
  const PointSchema one(1, 2);
  Context context;
  // The inner object's definition is another one, looked up while the outer object's fields are being read.
  const std::string inner = "43 01 50 92 01 62 01 61 61 93 94";
  const std::string outer = "43 01 50 94 01 61 04 6e 65 78 74 01 62 04 6b 69 6e 64 60 91 " + inner + " 92 4e";
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(
        one.run(context, outer),
        "08 00 01 00 00 00 01 0c 00 09 08 00 02 00 00 00 03 08 00 01 00 00 00 04 00 08 00 02 00 00 00 02 00");
  }
}

TEST(HessianBindings, AnEnumsValueIsItsNameWhateverElseItsDefinitionHas) {
  const PointSchema one(1, 2);
  Context context;
  const std::string kind = "43 01 50 91 04 6b 69 6e 64 60 ";
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(one.run(context, kind + "43 01 4b 91 04 6e 61 6d 65 61 01 58"), "08 00 08 00 00 00 05 00");
    EXPECT_EQ(one.run(context, kind + "43 01 4b 92 04 6e 61 6d 65 01 63 61 01 58 01 59"),
              "08 00 08 00 00 00 05 00");
    EXPECT_EQ(one.run(context, kind + "43 01 4b 91 04 6e 61 6d 66 61 01 58"),
              "MAP_TYPE at kind: an object of the enum's class without a name");
    EXPECT_EQ(one.run(context, kind + "43 01 4c 91 04 6e 61 6d 65 61 01 58"),
              "MAP_TYPE at kind: an object of L where one of K belongs");
  }
}

TEST(HessianBindings, ALongDefinitionIsReadAndNotKept) {
  HessianBindings bindings;
  const std::vector<std::uint8_t> bytes(100000);
  const std::vector<const HessianField*> fields(50000);
  bindings.keep({1, 0}, bytes, fields.data(), fields.size());
  EXPECT_EQ(bindings.find({1, 0}, bytes), nullptr);
  const base::Bytes few = base::Bytes(bytes).first(10);
  bindings.keep({1, 0}, few, fields.data(), 3);
  EXPECT_NE(bindings.find({1, 0}, few), nullptr);
  EXPECT_EQ(bindings.find({1, 0}, few.first(9)), nullptr);
  EXPECT_EQ(bindings.find({2, 0}, few), nullptr);
  EXPECT_EQ(bindings.find({1, 64}, few), nullptr);
}

}  // namespace
}  // namespace koine::transcode::testing
