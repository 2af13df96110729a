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
  return (*route)->plan(model::BodyFormat::protobuf)->to_provider(message, {}, context);
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

// Two IDLs that were written by hand disagree as hands do: that is what losses are allowed for.
TEST(Modes, LenientLosesBetweenIndependentIdlsWhatEitherOfThemNames) {
  const auto load_pair = [](const std::string& mapping) {
    const auto sources = idl::memory_sources(
        {{"k.yaml",
          "schemas: { files: [shop.thrift, shop.proto] }\nlisteners: [127.0.0.1:0]\nservices:\n"
          "  - { name: shop, interface: shop.Shop, protocol: thrift, endpoints: [127.0.0.1:9090],\n"
          "      expose: [shop.v1.Shop], mapping: " +
              mapping + " }\n"},
         {"shop.thrift",
          "namespace * shop\n"
          "enum Color { RED = 1, BLUE = 2 }\n"
          "struct Item { 1: double price, 2: Color color, 3: i64 at (koine.unit = \"ms\") }\n"
          "service Shop { Item get(1: Item item) }\n"},
         {"shop.proto",
          "syntax = \"proto3\";\npackage shop.v1;\nimport \"google/protobuf/timestamp.proto\";\n"
          "enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 5; }\n"
          "message Item { google.protobuf.Timestamp at = 1; Color color = 2; float price = 3; }\n"
          "message GetRequest { Item item = 1; }\n"
          "service Shop { rpc Get(GetRequest) returns (Item); }\n"}});
    LoadOptions options;
    options.path = "k.yaml";
    options.sources = sources.get();
    return load(options);
  };
  const auto lost = [](const LoadResult& loaded, bool answer, std::string_view bytes) {
    const auto route = loaded.snapshot->routes.find({router::Protocol::grpc, "shop.v1.Shop", "Get", ""});
    transcode::Context context;
    model::Reply reply;
    reply.has_message = true;
    reply.message.format = answer ? model::BodyFormat::thrift_binary : model::BodyFormat::protobuf;
    reply.message.bytes.append(bytes);
    base::Status status;
    const transcode::MethodPlan& plan = *(*route)->plan(model::BodyFormat::protobuf);
    if (answer) {
      plan.to_caller(reply, context);
      if (!reply.outcome.ok()) return std::string(base::to_string(reply.outcome.reason));
    } else if (const base::Status done = plan.to_provider(reply.message, {}, context); !done.ok()) {
      return std::string(base::to_string(done.reason()));
    }
    return std::to_string(model::sum(context.counters.lost_values)) + " lost";
  };
  const std::string_view price("\x0c\x00\x00\x04\x00\x01\x3f\xb9\x99\x99\x99\x99\x99\x9a\x00\x00", 16);
  const std::string_view blue("\x0c\x00\x00\x08\x00\x02\x00\x00\x00\x02\x00\x00", 12);
  const std::string_view nanosecond("\x0a\x04\x0a\x02\x10\x01", 6);
  const LoadResult checked = load_pair("checked");
  ASSERT_NE(checked.snapshot, nullptr) << problems(checked);
  EXPECT_EQ(lost(checked, true, price), "MAP_PRECISION");
  EXPECT_EQ(lost(checked, true, blue), "MAP_ENUM_UNKNOWN");
  EXPECT_EQ(lost(checked, false, nanosecond), "MAP_PRECISION");
  for (const char* type : {"shop.Item", "shop.v1.Item"}) {
    std::string mapping = "{ mode: lenient, allow: [";
    for (const char* one : {"F64_TO_F32:T.price", "ENUM_VALUE_UNMATCHED:T.color", "TIME_PRECISION:T.at"}) {
      const std::string entry(one);
      const std::size_t at = entry.find(":T.") + 1;
      mapping += "\"" + entry.substr(0, at) + type + entry.substr(at + 1) + "\", ";
    }
    const LoadResult lenient = load_pair(mapping + "] }");
    ASSERT_NE(lenient.snapshot, nullptr) << problems(lenient);
    EXPECT_EQ(lost(lenient, true, price), "1 lost");
    EXPECT_EQ(lost(lenient, true, blue), "1 lost");
    EXPECT_EQ(lost(lenient, false, nanosecond), "1 lost");
  }
  EXPECT_THAT(problems(load_pair("{ mode: lenient, allow: [\"F64_TO_F32:Item.price\"] }")),
              HasSubstr("there are shop.Item and shop.v1.Item: say which"));
}

}  // namespace
}  // namespace koine::control
