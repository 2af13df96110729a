// services[].mapping: what a service's plans do in each mode.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/load.h"
#include "model/call.h"
#include "transcode/context.h"
#include "transcode/method_plan.h"

namespace koine::control {
namespace {

using ::testing::HasSubstr;

LoadResult load_with(const std::string& mapping) {
  const auto sources =
      idl::memory_sources({{"k.yaml",
                            "schemas: { files: [shop.thrift] }\nlisteners: [127.0.0.1:0]\nservices:\n"
                            "  - { name: orders, interface: shop.Orders, protocol: thrift, " +
                                mapping + " endpoints: [127.0.0.1:9090] }\n"},
                           {"shop.thrift",
                            "namespace * shop\n"
                            "struct Order { 1: i64 id, 2: set<i32> tags, 3: Item first }\n"
                            "struct Item { 1: double (koine.range = \"f32\") unitPrice (koine.name = "
                            "\"unit_price\"), 2: string sku }\n"
                            "service Orders { Order put(1: Order order) }\n"}});
  LoadOptions options;
  options.path = "k.yaml";
  options.sources = sources.get();
  return load(options);
}

std::string problems(const LoadResult& result) { return idl::render(result.diagnostics); }

// What becomes of a gRPC caller's Order.
base::Status put(const LoadResult& loaded, std::string_view order) {
  const auto route = loaded.snapshot->routes.find({router::Protocol::grpc, "shop.Orders", "Put", ""});
  if (!route) return route.error();
  model::Payload message;
  message.format = model::BodyFormat::protobuf;
  message.bytes.append(order);
  transcode::Context context;
  return (*route)->plan(model::BodyFormat::protobuf)->to_provider(message, context);
}

constexpr std::string_view whole = "\x08\x07\x10\x05";
constexpr std::string_view with_unknown = "\x08\x07\x18\x05";
constexpr std::string_view with_id_twice = "\x08\x07\x08\x07";
constexpr std::string_view with_tag_twice = "\x08\x07\x10\x05\x10\x05";

TEST(Modes, CheckedIsTheDefaultAndDropsWhatTheSchemaDoesNotKnow) {
  for (const char* mapping : {"", "mapping: checked,", "mapping: { mode: checked },", "mapping: {},"}) {
    const LoadResult loaded = load_with(mapping);
    ASSERT_NE(loaded.snapshot, nullptr) << problems(loaded);
    for (const std::string_view order : {whole, with_unknown, with_id_twice, with_tag_twice}) {
      EXPECT_TRUE(put(loaded, order).ok()) << mapping;
    }
  }
}

TEST(Modes, StrictRefusesUnknownFieldsAndWhateverComesTwice) {
  for (const char* mapping : {"mapping: strict,", "mapping: { mode: strict },"}) {
    const LoadResult loaded = load_with(mapping);
    ASSERT_NE(loaded.snapshot, nullptr) << problems(loaded);
    EXPECT_TRUE(put(loaded, whole).ok());
    EXPECT_EQ(put(loaded, with_unknown).reason(), base::Reason::map_unknown_field);
    EXPECT_EQ(put(loaded, with_id_twice).reason(), base::Reason::map_dupkey);
    EXPECT_EQ(put(loaded, with_tag_twice).reason(), base::Reason::map_dupkey);
  }
}

TEST(Modes, AnUnknownModeIsToldTheNearest) {
  const LoadResult loaded = load_with("mapping: stric,");
  EXPECT_EQ(loaded.snapshot, nullptr);
  EXPECT_THAT(problems(loaded), HasSubstr("services[0].mapping.mode: 'stric' is none of: "));
  EXPECT_THAT(problems(loaded), HasSubstr("did you mean 'strict'?"));
}

// What becomes of a provider's Order whose first item costs 0.1.
model::Outcome get(const LoadResult& loaded) {
  const auto route = loaded.snapshot->routes.find({router::Protocol::grpc, "shop.Orders", "Put", ""});
  if (!route) return {};
  model::Reply reply;
  reply.has_message = true;
  reply.message.format = model::BodyFormat::thrift_binary;
  const std::string_view head("\x0c\x00\x00\x0c\x00\x03\x04\x00\x01", 9);
  const std::string_view price_and_stops("\x3f\xb9\x99\x99\x99\x99\x99\x9a\x00\x00\x00", 11);
  reply.message.bytes.append(head);
  reply.message.bytes.append(price_and_stops);
  transcode::Context context;
  (*route)->plan(model::BodyFormat::protobuf)->to_caller(reply, context);
  return reply.outcome;
}

TEST(Modes, LenientLosesWhatIsAllowedByEitherNameOfTheFieldAndNothingElse) {
  for (const char* field : {"shop.Item.unitPrice", "Item.unitPrice", "shop.Item.unit_price"}) {
    const LoadResult loaded =
        load_with("mapping: { mode: lenient, allow: [\"F64_TO_F32:" + std::string(field) + "\"] },");
    ASSERT_NE(loaded.snapshot, nullptr) << problems(loaded);
    EXPECT_TRUE(get(loaded).ok()) << get(loaded).message;
    EXPECT_TRUE(put(loaded, with_unknown).ok());
  }
  const LoadResult loaded = load_with("mapping: lenient,");
  ASSERT_NE(loaded.snapshot, nullptr) << problems(loaded);
  EXPECT_EQ(get(loaded).reason, base::Reason::map_precision);
}

TEST(Modes, AnAllowanceThatAllowsNothingIsAnErrorWithTheNearestName) {
  const auto told = [](const std::string& entry) {
    const LoadResult loaded = load_with("mapping: { mode: lenient, allow: [\"" + entry + "\"] },");
    EXPECT_EQ(loaded.snapshot, nullptr) << entry;
    return problems(loaded);
  };
  EXPECT_THAT(told("F64_TO_F23:Item.unitPrice"),
              HasSubstr("services[0].mapping.allow[0]: 'F64_TO_F23' is none of: F64_TO_F32, "
                        "TIME_PRECISION, ENUM_VALUE_UNMATCHED; did you mean 'F64_TO_F32'?"));
  EXPECT_THAT(told("F64_TO_F32:Itme.unitPrice"),
              HasSubstr("no type 'Itme' in this service's calls; did you mean 'Item'?"));
  EXPECT_THAT(told("F64_TO_F32:Item.unitPrise"),
              HasSubstr("shop.Item has no field 'unitPrise'; did you mean 'unitPrice'?"));
  EXPECT_THAT(told("F64_TO_F32:Item.sku"),
              HasSubstr("Item.sku is nothing that F64_TO_F32 could be allowed to"));
  EXPECT_THAT(told("F64_TO_F32:Item.*"), HasSubstr("a loss is allowed field by field"));
  EXPECT_THAT(told("F64_TO_F32"), HasSubstr("'F64_TO_F32' is not of the form F64_TO_F32:Type.field"));
  EXPECT_THAT(told("F64_TO_F32:Item"), HasSubstr("is not of the form"));
  EXPECT_THAT(told("F64_TO_F32:Item."), HasSubstr("is not of the form"));
}

TEST(Modes, AllowancesNeedTheLenientMode) {
  for (const char* mode : {"", "mode: checked,", "mode: strict,"}) {
    const LoadResult loaded =
        load_with("mapping: { " + std::string(mode) + " allow: [\"F64_TO_F32:Item.unitPrice\"] },");
    EXPECT_EQ(loaded.snapshot, nullptr);
    EXPECT_THAT(problems(loaded),
                HasSubstr("services[0].mapping.allow: losses are allowed with `mode: lenient` only"));
  }
}

}  // namespace
}  // namespace koine::control
