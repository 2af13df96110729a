// Exposed interfaces: what is served by name, what refuses the configuration or one method, what is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/load.h"

namespace koine::control {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* shop_thrift =
    "namespace * shop\n"
    "struct Order { 1: i64 id, 2: optional string note, 3: i64 createdAt }\n"
    "service OrderService {\n"
    "  Order getOrder(1: i64 id)\n"
    "  i32 count(1: string customer)\n"
    "}\n";

constexpr const char* orders_proto =
    "syntax = \"proto3\";\n"
    "package shop.v1;\n"
    "import \"google/protobuf/timestamp.proto\";\n"
    "message Order { optional string note = 1; int64 id = 2; google.protobuf.Timestamp created_at = 3; }\n"
    "message GetRequest { int64 id = 7; }\n"
    "message CountRequest { string customer = 1; }\n"
    "message CountReply { int32 total = 1; }\n"
    "service Orders {\n"
    "  rpc GetOrder(GetRequest) returns (Order);\n"
    "  rpc Count(CountRequest) returns (CountReply);\n"
    "}\n";

constexpr const char* unit = "annotations: { shop.Order.createdAt: { unit: ms } }";

struct Files {
  std::string schemas = unit;  // beside `files`
  std::string expose = "expose: [shop.v1.Orders]";
  std::string thrift = shop_thrift;
  std::string proto = orders_proto;
};

LoadResult load_files(const Files& files) {
  const std::string text =
      "schemas: { files: [shop.thrift, orders.proto]" + (files.schemas.empty() ? "" : ", " + files.schemas) +
      " }\n"
      "listeners: [{ bind: 127.0.0.1:0 }]\n"
      "services:\n"
      "  - { name: orders, interface: shop.OrderService, protocol: thrift, endpoints: [127.0.0.1:9090],\n" +
      "      " + files.expose + " }\n";
  const auto sources = idl::memory_sources(
      {{"etc/k.yaml", text}, {"etc/shop.thrift", files.thrift}, {"etc/orders.proto", files.proto}});
  LoadOptions options;
  options.path = "etc/k.yaml";
  options.sources = sources.get();
  return load(options);
}

std::string problems(const LoadResult& result) {
  std::string out;
  for (const idl::Diagnostic& one : result.diagnostics) out += idl::render(one) + "\n";
  return out;
}

std::string without(std::string text, const std::string& part) {
  const std::size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.erase(at, part.size());
}

base::Result<const router::MethodRoute*> find(const LoadResult& result, router::Protocol protocol,
                                              std::string_view service, std::string_view method) {
  return result.snapshot->routes.find({protocol, service, method, ""});
}

TEST(Expose, ServesAnInterfaceByTheNamesOfTheProviders) {
  const LoadResult result = load_files({});
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  const auto get = find(result, router::Protocol::grpc, "shop.v1.Orders", "GetOrder");
  ASSERT_TRUE(get) << get.error().to_string();
  EXPECT_EQ((*get)->provider_method, "getOrder");
  EXPECT_EQ((*get)->cluster->name, "orders");
  EXPECT_NE((*get)->plan(model::BodyFormat::protobuf), nullptr);
  EXPECT_NE((*get)->plan(model::BodyFormat::json), nullptr);
  EXPECT_TRUE(find(result, router::Protocol::grpc, "shop.v1.Orders", "Count"));
  // What is not listed is not served.
  EXPECT_FALSE(find(result, router::Protocol::grpc, "shop.OrderService", "GetOrder"));
  EXPECT_FALSE(find(result, router::Protocol::thrift, "", "getOrder"));
}

TEST(Expose, ServesTheProvidersOwnInterfaceWhereItIsListed) {
  Files files;
  files.expose = "expose: [shop.v1.Orders, shop.OrderService]";
  const LoadResult result = load_files(files);
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  EXPECT_TRUE(find(result, router::Protocol::grpc, "shop.v1.Orders", "GetOrder"));
  EXPECT_TRUE(find(result, router::Protocol::grpc, "shop.OrderService", "GetOrder"));
  EXPECT_TRUE(find(result, router::Protocol::thrift, "", "getOrder"));
}

TEST(Expose, RefusesAConfigurationWithEverythingThatCannotBeServed) {
  Files files;
  files.schemas = "";
  files.proto = without(files.proto, "int32 total = 1;");
  const LoadResult result = load_files(files);
  EXPECT_EQ(result.snapshot, nullptr);
  EXPECT_THAT(problems(result), HasSubstr("etc/orders.proto:4:57: error: Order.created_at"));
  EXPECT_THAT(problems(result), HasSubstr("[UNIT_MISSING]"));
  EXPECT_THAT(problems(result), HasSubstr("[ARGS_SHAPE]"));
  EXPECT_THAT(problems(result), HasSubstr("(shop.v1.Orders for shop.OrderService)"));
}

TEST(Expose, RefusesOnlyTheMethodWhereThatIsWanted) {
  Files files;
  files.schemas = "";
  files.expose = "expose: [shop.v1.Orders], on_unmapped: refuse_method";
  const LoadResult result = load_files(files);
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  EXPECT_THAT(problems(result), HasSubstr("[UNIT_MISSING]"));
  const auto get = find(result, router::Protocol::grpc, "shop.v1.Orders", "GetOrder");
  ASSERT_FALSE(get);
  EXPECT_EQ(get.error().reason(), base::Reason::call_no_form);
  EXPECT_THAT(std::string(get.error().message()), HasSubstr("[UNIT_MISSING]"));
  EXPECT_TRUE(find(result, router::Protocol::grpc, "shop.v1.Orders", "Count"));
}

TEST(Expose, TakesRenamesAndAllowances) {
  Files files;
  files.proto = without(files.proto, "optional string note = 1; ");
  const std::size_t at = files.proto.find("rpc GetOrder");
  files.proto.replace(at, 12, "rpc Fetch");
  files.expose =
      "expose: [{ interface: shop.v1.Orders, rename: { Fetch: getOrder, Count: \"\" },\n"
      "  allow: [\"UNMAPPED_OPTIONAL:Order.note\", \"METHOD_NOT_EXPOSED:count\"] }]";
  const LoadResult result = load_files(files);
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  EXPECT_EQ(problems(result), "");
  EXPECT_TRUE(find(result, router::Protocol::grpc, "shop.v1.Orders", "Fetch"));
  EXPECT_FALSE(find(result, router::Protocol::grpc, "shop.v1.Orders", "Count"));
}

TEST(Expose, WarnsOfWhatNobodyAllowed) {
  Files files;
  files.proto = without(files.proto, "optional string note = 1; ");
  const LoadResult result = load_files(files);
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  EXPECT_THAT(problems(result), HasSubstr("warning: Order.note: has no counterpart"));
  EXPECT_THAT(problems(result), HasSubstr("[UNMAPPED_OPTIONAL]"));
}

TEST(Expose, TellsWhatIsWrittenWrong) {
  const auto told = [](const std::string& expose) {
    Files files;
    files.expose = expose;
    const LoadResult result = load_files(files);
    EXPECT_EQ(result.snapshot, nullptr) << expose;
    return problems(result);
  };
  EXPECT_THAT(told("expose: [shop.v1.Order]"),
              HasSubstr("services[0].expose[0]: no service 'shop.v1.Order' in the schemas"));
  EXPECT_THAT(told("expose: [{ interface: shop.v1.Orders, rename: { Order.nte: note } }]"),
              HasSubstr("[OVERRIDE_UNKNOWN]"));
  EXPECT_THAT(told("expose: [{ interface: shop.v1.Orders, rename: [a] }]"),
              HasSubstr("rename: expected names with a value each"));
  EXPECT_THAT(told("expose: [{ interface: shop.v1.Orders, rename: { a: b, a: c } }]"),
              HasSubstr("rename.a: written twice"));
  EXPECT_THAT(told("expose: [{ interface: shop.v1.Orders, rename: { a: [b] } }]"),
              HasSubstr("rename.a: expected one value"));
  EXPECT_THAT(told("expose: [shop.v1.Orders], on_unmapped: ignore"),
              HasSubstr("'ignore' is none of: refuse_load"));
}

TEST(Expose, TakesAnnotationsOfArgumentsAndResults) {
  Files files;
  files.thrift =
      "namespace * shop\n"
      "service OrderService { i64 opened(1: i64 after) }\n";
  files.proto =
      "syntax = \"proto3\";\n"
      "package shop.v1;\n"
      "import \"google/protobuf/timestamp.proto\";\n"
      "message Times { google.protobuf.Timestamp after = 1; }\n"
      "service Orders { rpc Opened(Times) returns (Times); }\n";
  files.schemas =
      "annotations: { OrderService.opened_args.after: { unit: s }, OrderService.opened_result.success: { "
      "unit: ms } "
      "}";
  const LoadResult result = load_files(files);
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  EXPECT_EQ(problems(result), "");
  files.schemas = "annotations: { OrderService.opened_args.after: { unit: s } }";
  EXPECT_THAT(problems(load_files(files)), HasSubstr("[UNIT_MISSING]"));
}

TEST(Expose, TakesAnnotationsFromTheConfiguration) {
  Files files;
  const auto told = [&](const std::string& schemas) {
    files.schemas = schemas;
    return problems(load_files(files));
  };
  EXPECT_THAT(told("annotations: { OrderService.Order.createdAt: { unit: ms } }"),
              HasSubstr("schemas.annotations.OrderService.Order.createdAt: no type or field of that name"));
  EXPECT_THAT(told("annotations: { Order.id: { unit: ms } }"),
              HasSubstr("means several; write one of shop.Order.id, shop.v1.Order.id"));
  EXPECT_THAT(told("annotations: { createdAt: { unit: ms } }"), Not(HasSubstr("error")));
  EXPECT_THAT(told("annotations: { createdAt: { unitt: ms } }"), HasSubstr("did you mean 'unit'?"));
}

}  // namespace
}  // namespace koine::control
