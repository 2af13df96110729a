// Services of Dubbo's two protocols: without a schema, with one in Java, by their keys.
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "control/load_test_support.h"
#include "transcode/method_plan.h"

namespace koine::control {
namespace {

constexpr const char* with_schema =
    "schemas: { files: [stock.proto] }\n"
    "listeners: [127.0.0.1:0]\n"
    "services: [{ name: stock, interface: stock.StockService, protocol: grpc, endpoints: [127.0.0.1:9091] "
    "}]\n";

LoadResult load_text(const std::string& text) {
  return load_files({{"etc/k.yaml", text}, {"etc/stock.proto", stock_proto}});
}

TEST(LoadDubbo, ForwardsAServiceWithoutASchemaToCallersOfItsOwnProtocol) {
  const LoadResult result = load_text(
      "listeners: [127.0.0.1:0]\n"
      "services:\n"
      "  - { name: shop, interface: \"blue/shop.Orders:1.0.0\", protocol: dubbo, untyped: true,\n"
      "      endpoints: [127.0.0.1:9092], policies: { timeout: 2s } }\n"
      "  - { name: old, interface: Old, protocol: thrift, untyped: true, endpoints: [127.0.0.1:9093] }\n");
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  const router::RouteTable& routes = result.snapshot->routes;
  ASSERT_EQ(routes.routes().size(), 3u);
  const auto found = routes.find({router::Protocol::dubbo, "blue/shop.Orders:1.0.0", "anything", ""});
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ((*found)->policy.timeout_ns, 2 * base::second_ns);
  EXPECT_EQ((*found)->provider_service, "blue/shop.Orders:1.0.0");
  EXPECT_NE((*found)->plan(model::BodyFormat::hessian2), nullptr);
  EXPECT_NE((*found)->plan(model::BodyFormat::opaque), nullptr);
  const auto thrift = routes.find({router::Protocol::thrift, "", "anything", "old"});
  ASSERT_TRUE(thrift.has_value());
  EXPECT_NE((*thrift)->plan(model::BodyFormat::thrift_binary), nullptr);
  EXPECT_EQ((*thrift)->plan(model::BodyFormat::thrift_compact), nullptr);
  EXPECT_FALSE(routes.find({router::Protocol::grpc, "blue/shop.Orders:1.0.0", "anything", ""}).has_value());
}

TEST(LoadDubbo, AServiceWithoutASchemaIsThereForBothOfDubbosProtocols) {
  for (const char* protocol : {"dubbo", "triple"}) {
    const LoadResult result =
        load_text(std::string("listeners: [127.0.0.1:0]\nservices:\n  - { name: shop, ") +
                  "interface: \"blue/shop.Orders:1.0.0\", untyped: true, protocol: " + protocol +
                  ", endpoints: [127.0.0.1:9092] }\n");
    ASSERT_NE(result.snapshot, nullptr) << problems(result);
    for (const router::Protocol caller : {router::Protocol::dubbo, router::Protocol::triple}) {
      const auto found = result.snapshot->routes.find({caller, "blue/shop.Orders:1.0.0", "$echo", ""});
      ASSERT_TRUE(found) << found.error().to_string();
      const transcode::MethodPlan* const plan = (*found)->plan(model::info(caller).untyped_format);
      ASSERT_NE(plan, nullptr);
      const bool is_own = router::to_string(caller) == protocol;
      EXPECT_EQ(plan->crossing(), is_own ? transcode::Crossing::forward : transcode::Crossing::reframe);
      // What nobody reads passes between Dubbo2's own peers alone.
      EXPECT_EQ((*found)->plan(model::BodyFormat::opaque) != nullptr,
                is_own && caller == router::Protocol::dubbo);
    }
  }
}

TEST(LoadDubbo, ATripleServiceWithASchemaIsCalledByGrpcsCallersUnderItsKey) {
  const std::string one =
      replaced(with_schema, "interface: stock.StockService", "interface: \"g/stock.StockService:1.0.0\"");
  const LoadResult result = load_text(replaced(one, "protocol: grpc", "protocol: triple"));
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  const router::RouteTable& routes = result.snapshot->routes;
  const auto found = routes.find({router::Protocol::grpc, "g/stock.StockService:1.0.0", "Get", ""});
  ASSERT_TRUE(found) << found.error().to_string();
  EXPECT_EQ((*found)->provider_service, "g/stock.StockService:1.0.0");
  EXPECT_NE((*found)->plan(model::BodyFormat::protobuf), nullptr);
  EXPECT_TRUE(routes.find({router::Protocol::grpc, "g/stock.StockService:1.0.0", "Watch", ""}));
  EXPECT_FALSE(routes.find({router::Protocol::grpc, "stock.StockService", "Get", ""}).has_value());
  EXPECT_FALSE(routes.has_service(router::Protocol::triple, "g/stock.StockService:1.0.0"));
  EXPECT_TRUE(routes.has_service(router::Protocol::triple, "g/stock.dubbo.StockService:1.0.0"));
  const auto thrift = routes.find({router::Protocol::thrift, "StockService", "get", ""});
  ASSERT_TRUE(thrift) << thrift.error().to_string();
  EXPECT_EQ((*thrift)->provider_service, "g/stock.StockService:1.0.0");
}

TEST(LoadDubbo, AJavaInterfaceIsCalledOnTripleAndOnDubbo2WhicheverItsProviderSpeaks) {
  for (const char* protocol : {"dubbo", "triple"}) {
    const LoadResult result = load_files(
        {{"etc/k.yaml", std::string("listeners: [127.0.0.1:0]\nschemas: { files: [Orders.java] }\n"
                                    "services: [{ name: shop, interface: \"blue/shop.Orders:1.0.0\", "
                                    "protocol: ") +
                            protocol + ", endpoints: [127.0.0.1:9092] }]\n"},
         {"etc/Orders.java", "package shop;\npublic interface Orders { String find(int id); }"}});
    ASSERT_NE(result.snapshot, nullptr) << problems(result);
    const router::RouteTable& routes = result.snapshot->routes;
    for (const router::Protocol caller : {router::Protocol::dubbo, router::Protocol::triple}) {
      const auto found = routes.find({caller, "blue/shop.Orders:1.0.0", "find", ""});
      ASSERT_TRUE(found) << protocol << ": " << found.error().to_string();
      EXPECT_NE((*found)->plan(model::info(caller).formats[0]), nullptr);
      EXPECT_EQ((*found)->provider_service, "blue/shop.Orders:1.0.0");
      EXPECT_EQ((*found)->provider_signature, "I");
    }
    const auto grpc = routes.find({router::Protocol::grpc, "shop.Orders", "Find", ""});
    ASSERT_TRUE(grpc) << grpc.error().to_string();
    EXPECT_NE((*grpc)->plan(model::BodyFormat::protobuf), nullptr);
  }
}

TEST(LoadDubbo, TranslatesForAProviderThatIsWrittenInJava) {
  const LoadResult result = load_files(
      {{"etc/k.yaml",
        "listeners: [127.0.0.1:0]\n"
        "schemas: { files: [Orders.java] }\n"
        "services: [{ name: shop, interface: \"blue/shop.Orders:1.0.0\", protocol: dubbo, endpoints: "
        "[127.0.0.1:9092] }]\n"},
       {"etc/Orders.java",
        "package shop;\npublic interface Orders { String find(int id); String find(String name); void "
        "reset(); }"}});
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  const router::RouteTable& routes = result.snapshot->routes;
  // gRPC and Thrift know the interface; Dubbo's own callers its key, and overloads by their parameters.
  const auto grpc = routes.find({router::Protocol::grpc, "shop.Orders", "FindByString", ""});
  ASSERT_TRUE(grpc.has_value()) << grpc.error().to_string();
  EXPECT_EQ((*grpc)->provider_service, "blue/shop.Orders:1.0.0");
  EXPECT_EQ((*grpc)->provider_method, "find");
  EXPECT_EQ((*grpc)->provider_signature, "Ljava/lang/String;");
  EXPECT_NE((*grpc)->plan(model::BodyFormat::protobuf), nullptr);
  EXPECT_TRUE(routes.find({router::Protocol::thrift, "", "reset", "shop"}).has_value());
  const auto dubbo = routes.find({router::Protocol::dubbo, "blue/shop.Orders:1.0.0", "find", "", "I"});
  ASSERT_TRUE(dubbo.has_value()) << dubbo.error().to_string();
  EXPECT_EQ((*dubbo)->provider_signature, "I");
  EXPECT_TRUE(routes.find({router::Protocol::dubbo, "blue/shop.Orders:1.0.0", "reset", "", ""}).has_value());
  EXPECT_FALSE(routes.find({router::Protocol::dubbo, "blue/shop.Orders:1.0.0", "find", "", "J"}).has_value());
  EXPECT_FALSE(routes.find({router::Protocol::dubbo, "shop.Orders", "reset", "", ""}).has_value());
}

constexpr const char* orders_thrift =
    "namespace java a\nstruct Item { 1: i32 n, 2: optional i64 price }\nexception Gone { 1: string message "
    "}\n"
    "service Orders { Item find_one(1: i64 id, 2: list<i32> ns) throws (1: Gone gone), void reset() }";

std::string of_orders(const std::string& interface, const std::string& protocol) {
  return "listeners: [127.0.0.1:0]\n"
         "schemas: { files: [a.thrift] }\n"
         "services: [{ name: shop, interface: \"" +
         interface + "\", protocol: " + protocol + ", endpoints: [127.0.0.1:9092] }]\n";
}

TEST(LoadDubbo, AProviderMayHaveTheJavaThatIsDerived) {
  for (const router::Protocol protocol : {router::Protocol::dubbo, router::Protocol::triple}) {
    const LoadResult result = load_files(
        {{"etc/k.yaml", of_orders("blue/a.Orders:1.0.0", std::string(router::to_string(protocol)))},
         {"etc/a.thrift", orders_thrift}});
    ASSERT_NE(result.snapshot, nullptr) << problems(result);
    EXPECT_EQ(problems(result), "");
    const router::RouteTable& routes = result.snapshot->routes;
    const auto thrift = routes.find({router::Protocol::thrift, "", "find_one", "shop"});
    ASSERT_TRUE(thrift) << thrift.error().to_string();
    EXPECT_EQ((*thrift)->provider_service, "blue/a.dubbo.Orders:1.0.0");
    EXPECT_EQ((*thrift)->provider_method, "findOne");
    EXPECT_EQ((*thrift)->provider_signature, "JLjava/util/List;");
    const auto grpc = routes.find({router::Protocol::grpc, "a.Orders", "Find_one", ""});
    ASSERT_TRUE(grpc) << grpc.error().to_string();
    EXPECT_NE((*grpc)->plan(model::BodyFormat::protobuf), nullptr);
    EXPECT_NE((*grpc)->plan(model::BodyFormat::json), nullptr);
    const auto own = routes.find({protocol, "blue/a.dubbo.Orders:1.0.0", "reset", "", ""});
    ASSERT_TRUE(own) << own.error().to_string();
    EXPECT_EQ((*own)->plan(model::info(protocol).formats[0])->crossing(), transcode::Crossing::forward);
  }
}

TEST(LoadDubbo, ConsumersWithTheJavaThatIsDerivedCallProvidersOfThriftAndGrpc) {
  for (const char* protocol : {"thrift", "grpc"}) {
    const LoadResult result =
        load_files({{"etc/k.yaml", of_orders("a.Orders", protocol)}, {"etc/a.thrift", orders_thrift}});
    ASSERT_NE(result.snapshot, nullptr) << problems(result);
    EXPECT_EQ(problems(result), "");
    const auto found = result.snapshot->routes.find(
        {router::Protocol::dubbo, "a.dubbo.Orders", "findOne", "", "JLjava/util/List;"});
    ASSERT_TRUE(found) << found.error().to_string();
    EXPECT_NE((*found)->plan(model::BodyFormat::hessian2), nullptr);
  }
  for (const char* protocol : {"thrift", "grpc", "dubbo"}) {
    const LoadResult result =
        load_text(replaced(with_schema, "protocol: grpc", "protocol: " + std::string(protocol)));
    ASSERT_NE(result.snapshot, nullptr) << problems(result);
    const auto found = result.snapshot->routes.find(
        {router::Protocol::dubbo, "stock.dubbo.StockService", "get", "", "Lstock/dubbo/Query;"});
    ASSERT_TRUE(found) << protocol << found.error().to_string();
    EXPECT_NE((*found)->plan(model::BodyFormat::hessian2), nullptr);
    EXPECT_TRUE(result.snapshot->routes.find({router::Protocol::grpc, "stock.StockService", "Get", ""}));
    EXPECT_TRUE(result.snapshot->routes.find({router::Protocol::thrift, "", "get", "stock"}));
  }
}

TEST(LoadDubbo, GenericCallsArePassedOnToJavaAndTranslatedForOthers) {
  constexpr const char* java = "package shop; public interface Orders { int count(String of); }";
  for (const char* protocol : {"dubbo", "triple", "thrift", "grpc"}) {
    const LoadResult result = load_files(
        {{"etc/k.yaml",
          "schemas: { files: [shop/Orders.java] }\nlisteners: [127.0.0.1:0]\nservices: [{ name: shop, "
          "interface: shop.Orders, endpoints: [127.0.0.1:9090], protocol: " +
              std::string(protocol) + " }]\n"},
         {"etc/shop/Orders.java", java}});
    ASSERT_NE(result.snapshot, nullptr) << problems(result);
    const bool is_java = protocol == std::string("dubbo") || protocol == std::string("triple");
    for (const router::Protocol caller : {router::Protocol::dubbo, router::Protocol::triple}) {
      for (const char* name : {"$invoke", "$invokeAsync"}) {
        const auto found = result.snapshot->routes.find({caller, "shop.Orders", name, "", "[whatever"});
        ASSERT_TRUE(found) << protocol << found.error().to_string();
        EXPECT_EQ((*found)->names_method, !is_java) << protocol;
        EXPECT_EQ((*found)->plan(model::info(caller).formats[0]) != nullptr, is_java) << protocol;
        EXPECT_EQ((*found)->provider_method, is_java ? name : "") << protocol;
      }
      const auto named = result.snapshot->routes.find({caller, "shop.Orders", "count", ""});
      ASSERT_TRUE(named);
      EXPECT_EQ((*named)->generic_plan != nullptr, !is_java) << protocol;
    }
    EXPECT_FALSE(result.snapshot->routes.find({router::Protocol::grpc, "shop.Orders", "$invoke", ""}));
  }
}

TEST(LoadDubbo, ALockOfOtherLanguagesKeepsNobodyFromHavingJava) {
  const std::string with_lock =
      replaced(of_orders("a.Orders", "thrift"), "files: [a.thrift]", "files: [a.thrift], lock: koine.lock");
  const std::string schema = "namespace java a\nstruct Date { 1: i32 n }\nservice Orders { Date get() }";
  const LoadResult result = load_files({{"etc/k.yaml", with_lock},
                                        {"etc/a.thrift", schema},
                                        {"etc/koine.lock",
                                         "version: 1\n\nfile a.thrift to proto:\n"
                                         "  request a.Orders.get: name a.GetRequest\n"}});
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  EXPECT_EQ(problems(result), "");
  EXPECT_TRUE(result.snapshot->routes.find({router::Protocol::dubbo, "a.dubbo.Orders", "get", "", ""}));
}

TEST(LoadDubbo, SaysWhatAnUntypedServiceCannotBe) {
  const std::string text =
      "listeners: [127.0.0.1:0]\n"
      "services: [{ name: shop, interface: shop.Orders, protocol: dubbo, untyped: true, endpoints: "
      "[127.0.0.1:9092] }]\n";
  const std::pair<std::string, std::string> mistakes[] = {
      {replaced(text, ", untyped: true", ""), "schemas: required"},
      {replaced(text, "protocol: dubbo", "protocol: grpc"),
       "only a schema says which methods of gRPC stream"},
      {replaced(text, "untyped: true", "untyped: true, mapping: strict"), "not translated"},
      {replaced(text, "untyped: true", "untyped: true, expose: [a.B]"), "not translated"},
      {replaced(text, "untyped: true", "untyped: true, thrift: { encoding: compact }"), "not thrift"},
  };
  for (const auto& [configuration, why] : mistakes) {
    const LoadResult result = load_text(configuration);
    EXPECT_EQ(result.snapshot, nullptr) << configuration;
    EXPECT_NE(problems(result).find(why), std::string::npos) << problems(result);
  }
}

}  // namespace
}  // namespace koine::control
