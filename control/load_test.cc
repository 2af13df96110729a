// Loading configurations from memory: what becomes a Snapshot, and what each mistake is told.
#include <algorithm>

#include <gtest/gtest.h>

#include "control/load_test_support.h"

namespace koine::control {
namespace {

constexpr const char* shop_thrift =
    "namespace * shop\n"
    "struct Order { 1: i64 id, 2: optional string note }\n"
    "exception Missing { 1: string message } (koine.code = \"NOT_FOUND\")\n"
    "service OrderService {\n"
    "  Order getOrder(1: i64 id) throws (1: Missing missing)\n"
    "  oneway void touch(1: i64 id)\n"
    "}\n";

constexpr const char* good =
    "schemas: { files: [shop.thrift, stock.proto] }\n"
    "listeners: [{ bind: 127.0.0.1:0, thrift: { default_service: orders } }]\n"
    "services:\n"
    "  - { name: orders, interface: shop.OrderService, protocol: thrift, thrift: { encoding: compact },\n"
    "      endpoints: [127.0.0.1:9090], policies: { timeout: 2s } }\n"
    "  - { name: stock, interface: stock.StockService, protocol: grpc, endpoints: [\"[::1]:9091\"] }\n"
    "policies: { timeout: 3s, limits: { concurrency: 7 } }\n"
    "limits: { message_bytes_max: 8MiB }\n";

LoadResult load_text(const std::string& text) {
  return load_files(
      {{"etc/k.yaml", text}, {"etc/shop.thrift", shop_thrift}, {"etc/stock.proto", stock_proto}});
}

TEST(Load, MakesASnapshotWithServicePoliciesOverDefaults) {
  const LoadResult result = load_text(good);
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  ASSERT_EQ(result.snapshot->clusters.size(), 2u);
  EXPECT_EQ(result.snapshot->clusters[0]->body_format(), model::BodyFormat::thrift_compact);
  EXPECT_EQ(result.snapshot->clusters[1]->concurrency_max, 7u);
  EXPECT_EQ(result.snapshot->limits.message_bytes_max, 8u << 20);
  for (const auto& route : result.snapshot->routes.routes()) {
    EXPECT_EQ(route->policy.timeout_ns, (route->cluster->name == "orders" ? 2 : 3) * base::second_ns);
  }
}

TEST(Load, ServesBothFamiliesOfCallersFromOneSchema) {
  const LoadResult result = load_text(good);
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  const router::RouteTable& routes = result.snapshot->routes;
  const auto grpc = routes.find({router::Protocol::grpc, "shop.OrderService", "GetOrder", ""});
  ASSERT_TRUE(grpc) << grpc.error().to_string();
  EXPECT_EQ((*grpc)->provider_method, "getOrder");
  EXPECT_NE((*grpc)->plan(model::BodyFormat::protobuf), nullptr);
  const auto plain = routes.find({router::Protocol::thrift, "", "getOrder", ""});
  ASSERT_TRUE(plain) << plain.error().to_string();
  EXPECT_NE((*plain)->plan(model::BodyFormat::thrift_binary), nullptr);
  const auto derived = routes.find({router::Protocol::thrift, "StockService", "get", ""});
  ASSERT_TRUE(derived) << derived.error().to_string();
  EXPECT_EQ((*derived)->provider_service, "stock.StockService");
  EXPECT_EQ((*derived)->provider_method, "Get");
}

TEST(Load, ServesCallersOfAContractThatIsWrittenInJava) {
  const auto sources = idl::memory_sources(
      {{"etc/k.yaml",
        "schemas: { files: [src/shop/Shop.java] }\n"
        "listeners: [{ bind: 127.0.0.1:0 }]\n"
        "services:\n"
        "  - { name: t, interface: shop.Shop, protocol: thrift, endpoints: [127.0.0.1:9090] }\n"
        "  - { name: g, interface: shop.Stock, protocol: grpc, endpoints: [127.0.0.1:9091] }\n"
        "  - { name: n, interface: shop.Stock.Sub, protocol: grpc, endpoints: [127.0.0.1:9092] }\n"},
       {"etc/src/shop/Shop.java",
        "package shop; public interface Shop { Item find(long id) throws Gone; } interface Stock {\n"
        "  int left(Item i); interface Sub { int f(); } }\n"
        "class Gone extends Exception {}"},
       {"etc/src/shop/Item.java", "package shop; public class Item { String sku; java.util.Date at; }"}});
  LoadOptions options;
  options.path = "etc/k.yaml";
  options.sources = sources.get();
  const LoadResult result = load(options);
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  EXPECT_EQ(problems(result), "");
  const router::RouteTable& routes = result.snapshot->routes;
  const auto thrift = routes.find({router::Protocol::thrift, "Shop", "find", ""});
  ASSERT_TRUE(thrift) << thrift.error().to_string();
  EXPECT_NE((*thrift)->plan(model::BodyFormat::thrift_binary), nullptr);
  const auto grpc = routes.find({router::Protocol::grpc, "shop.Stock", "Left", ""});
  ASSERT_TRUE(grpc) << grpc.error().to_string();
  EXPECT_NE((*grpc)->plan(model::BodyFormat::protobuf), nullptr);
  const auto nested = routes.find({router::Protocol::grpc, "shop.Stock_Sub", "F", ""});
  EXPECT_TRUE(nested) << nested.error().to_string();
}

TEST(Load, TakesOnewayFromTheIdl) {
  const LoadResult result = load_text(good);
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  const auto route = result.snapshot->routes.find({router::Protocol::thrift, "", "touch", ""});
  ASSERT_TRUE(route);
  EXPECT_EQ((*route)->kind, model::MethodKind::oneway);
}

TEST(Load, WarnsThatAStreamCannotBeCalledFromThriftAndServesTheRest) {
  const LoadResult result = load_text(good);
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  EXPECT_NE(problems(result).find("stock.StockService.Watch cannot be called by thrift callers"),
            std::string::npos)
      << problems(result);
  EXPECT_TRUE(result.snapshot->routes.find({router::Protocol::grpc, "stock.StockService", "Watch", ""}));
}

TEST(Load, WarnsOnceThatAThriftProviderOfAProtoContractHasNoStreams) {
  const LoadResult result = load_text(replaced(good, "protocol: grpc", "protocol: thrift"));
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  const std::string wanted =
      "stock.StockService.Watch cannot be called: it streams, and its provider speaks thrift [NO_FORM]";
  const std::string said = problems(result);
  EXPECT_NE(said.find(wanted), std::string::npos) << said;
  EXPECT_EQ(said.find("Watch"), said.rfind("Watch")) << said;
  EXPECT_TRUE(result.snapshot->routes.find({router::Protocol::grpc, "stock.StockService", "Get", ""}));
  EXPECT_FALSE(result.snapshot->routes.find({router::Protocol::grpc, "stock.StockService", "Watch", ""}));
}

TEST(Load, ServesAMethodThatThriftsJsonCannotSayToTheOtherDialects) {
  const auto with_keys = [](const std::string& encoding) {
    const auto sources = idl::memory_sources(
        {{"etc/k.yaml",
          "schemas: { files: [odd.thrift] }\nlisteners: [{ bind: 127.0.0.1:0 }]\nservices:\n"
          "  - { name: odd, interface: odd.Odd, protocol: thrift, thrift: { encoding: " +
              encoding + " }, endpoints: [127.0.0.1:9090] }\n"},
         {"etc/odd.thrift",
          "struct K { 1: i32 a } service Odd { void put(1: map<K, i32> m), void get(1: uuid id) }"}});
    LoadOptions options;
    options.path = "etc/k.yaml";
    options.sources = sources.get();
    return load(options);
  };
  const LoadResult result = with_keys("binary");
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  const auto put = result.snapshot->routes.find({router::Protocol::thrift, "", "put", ""});
  const auto get = result.snapshot->routes.find({router::Protocol::thrift, "", "get", ""});
  ASSERT_TRUE(put && get);
  EXPECT_EQ((*put)->plan(model::BodyFormat::thrift_json), nullptr);
  EXPECT_NE((*put)->plan(model::BodyFormat::thrift_compact), nullptr);
  EXPECT_NE((*get)->plan(model::BodyFormat::thrift_json), nullptr);
  EXPECT_NE(problems(result).find("odd.Odd/put takes no Thrift JSON: "), std::string::npos)
      << problems(result);
}

TEST(Load, TakesEveryThriftDialectOfAProvider) {
  using Transport = router::ThriftDialect::Transport;
  struct Case {
    std::string keys;
    Transport transport;
    model::BodyFormat encoding;
    bool zlib;
  };
  const Case cases[] = {
      {"{ pipelined: 1 }", Transport::framed, model::BodyFormat::thrift_binary, false},
      {"{ transport: framed, encoding: json, zlib: true }", Transport::framed, model::BodyFormat::thrift_json,
       true},
      {"{ transport: unframed, encoding: compact }", Transport::unframed, model::BodyFormat::thrift_compact,
       false},
      {"{ transport: unframed, zlib: true }", Transport::unframed, model::BodyFormat::thrift_binary, true},
      {"{ transport: header, encoding: compact, zlib: true }", Transport::header,
       model::BodyFormat::thrift_compact, true},
  };
  for (const Case& one : cases) {
    const LoadResult result = load_text(replaced(good, "{ encoding: compact }", one.keys));
    ASSERT_NE(result.snapshot, nullptr) << problems(result);
    const router::Cluster& orders = *result.snapshot->find_cluster("orders");
    EXPECT_EQ(orders.thrift.transport, one.transport) << one.keys;
    EXPECT_EQ(orders.body_format(), one.encoding) << one.keys;
    EXPECT_EQ(orders.thrift.zlib, one.zlib) << one.keys;
    EXPECT_EQ(orders.carries_metadata(), one.transport == Transport::header) << one.keys;
    EXPECT_FALSE(result.snapshot->listeners.at(0).thrift_lax);
  }
  const LoadResult lax =
      load_text(replaced(good, "default_service: orders", "default_service: orders, lax: true"));
  ASSERT_NE(lax.snapshot, nullptr) << problems(lax);
  EXPECT_TRUE(lax.snapshot->listeners.at(0).thrift_lax);
  const LoadResult wrong =
      load_text(replaced(good, "{ encoding: compact }", "{ transport: header, encoding: json }"));
  EXPECT_EQ(wrong.snapshot, nullptr);
  EXPECT_NE(problems(wrong).find("services[0].thrift.encoding"), std::string::npos) << problems(wrong);
  EXPECT_NE(problems(wrong).find("the header transport carries binary or compact"), std::string::npos);
}

// With the lock a service is derived as its callers were given it; what is not in there is no guess.
TEST(Load, DerivesByTheLockThatItIsGiven) {
  auto load_with = [](const std::string& lock) {
    std::map<std::string, std::string> files = {
        {"etc/k.yaml",
         "schemas: { files: [s.thrift], lock: koine.lock }\nlisteners: [127.0.0.1:0]\n"
         "services: [{ name: s, interface: shop.S, protocol: thrift, endpoints: [127.0.0.1:9090] }]\n"},
        {"etc/s.thrift", "namespace * shop\nservice S { i32 get(19000: i32 a) }\n"}};
    if (!lock.empty()) files["etc/koine.lock"] = lock;
    const auto sources = idl::memory_sources(files);
    LoadOptions options;
    options.path = "etc/k.yaml";
    options.sources = sources.get();
    return load(options);
  };
  const std::string lines =
      "version: 1\nfile s.thrift to proto:\n  request shop.S.get: name shop.GetIt\n"
      "  response shop.S.get: name shop.GetResponse\n";
  LoadResult result = load_with(lines + "  argument shop.S.get.a (19000): number 7\n");
  ASSERT_NE(result.snapshot, nullptr) << problems(result);
  result = load_with(lines);
  EXPECT_EQ(result.snapshot, nullptr);
  EXPECT_NE(problems(result).find("the lock has no line for 'argument shop.S.get.a (19000)'"),
            std::string::npos)
      << problems(result);
  EXPECT_NE(problems(load_with("version: 1\nnonsense\n")).find("[LOCK_SYNTAX]"), std::string::npos);
  EXPECT_NE(problems(load_with("")).find("no such file; koine idl convert --lock makes it"),
            std::string::npos);
}

TEST(Load, NamesTheNearestInterface) {
  const LoadResult result =
      load_text(replaced(good, "interface: shop.OrderService", "interface: shop.OrderServce"));
  EXPECT_EQ(result.snapshot, nullptr);
  EXPECT_NE(problems(result).find("did you mean 'shop.OrderService'?"), std::string::npos)
      << problems(result);
  EXPECT_NE(problems(result).find("etc/k.yaml:4:"), std::string::npos) << problems(result);
}

TEST(Load, NamesTheInterfaceThatABareOrMiscasedNameMeans) {
  for (const char* name : {"OrderService", "orderservice", "Shop.orderService", "store.OrderService"}) {
    const LoadResult result =
        load_text(replaced(good, "interface: shop.OrderService", "interface: " + std::string(name)));
    EXPECT_NE(problems(result).find("which have: shop.OrderService, stock.StockService; did you mean "
                                    "'shop.OrderService'? [UNKNOWN_INTERFACE]"),
              std::string::npos)
        << problems(result);
  }
}

// How often a text is found.
std::size_t times(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(Load, ListsTheMistakesOfEveryStageAtOnce) {
  std::string text = replaced(good, "[shop.thrift, stock.proto]", "[shop.thrift, missing.proto, notes.txt]");
  text = replaced(text, "default_service: orders", "default_service: ordres");
  text = replaced(text, "encoding: compact", "encodng: compact");
  text = replaced(text, "interface: shop.OrderService", "interface: shop.OrderServce");
  text = replaced(text, "timeout: 3s", "timeout: 3");
  text = replaced(text, "8MiB", "1GiB");
  text = replaced(text, "\"[::1]:9091\"", "\"[::1]:70000\", \"127.0.0.1:${NOWHERE}\"");
  text += "admin: 0.0.0.0:7070\n";
  const auto sources = idl::memory_sources(
      {{"etc/k.yaml", text}, {"etc/shop.thrift", shop_thrift}, {"etc/notes.txt", "no schema"}});
  LoadOptions options;
  options.path = "etc/k.yaml";
  options.sources = sources.get();
  const LoadResult result = load(options);
  EXPECT_EQ(result.snapshot, nullptr);
  const std::string said = problems(result);
  const char* wanted[] = {
      "etc/k.yaml:1:33: error: schemas.files[1]: there is no file 'etc/missing.proto'; relative names start "
      "at "
      "the folder of the configuration [NO_FILE]\n"
      "    1 | schemas: { files: [shop.thrift, missing.proto, notes.txt] }\n"
      "      |                                 ^\n",
      "etc/k.yaml:1:48: error: schemas.files[2]: 'etc/notes.txt' is no schema",
      "listeners[0].thrift.default_service: no service of that name; there are: orders, stock; did you mean "
      "'orders'?",
      "services[0].thrift.encodng: unknown key; did you mean 'encoding'?",
      "policies.timeout: expected a duration",
      "limits.message_bytes_max: must be from 1 to",
      "services[1].endpoints[0].address: ",
      "services[1].endpoints[1].address: environment variable 'NOWHERE' is not set: set it, or write the "
      "value",
      "ADMIN_EXPOSED",
  };
  for (const char* one : wanted) EXPECT_EQ(times(said, one), 1u) << one << "\n" << said;
  // Whether the interfaces exist nobody knows as long as a schema is missing.
  EXPECT_EQ(times(said, "UNKNOWN_INTERFACE"), 0u) << said;
  EXPECT_EQ(result.diagnostics.size(), std::size(wanted)) << said;
  const auto before = [](const idl::Diagnostic& a, const idl::Diagnostic& b) {
    return a.location.line < b.location.line;
  };
  EXPECT_TRUE(std::is_sorted(result.diagnostics.begin(), result.diagnostics.end(), before)) << said;
}

TEST(Load, LooksForInterfacesBesideOtherMistakes) {
  std::string text = replaced(good, "interface: shop.OrderService", "interface: shop.OrderServce");
  text = replaced(text, "encoding: compact", "encodng: compact");
  text = replaced(text, "interface: stock.StockService", "interfce: stock.StockService");
  const LoadResult result = load_text(text);
  const std::string said = problems(result);
  EXPECT_EQ(times(said, "no service 'shop.OrderServce' in the schemas"), 1u) << said;
  EXPECT_EQ(times(said, "services[1].interface: required, but not written"), 1u) << said;
  EXPECT_EQ(times(said, "UNKNOWN_INTERFACE"), 1u) << said;
}

TEST(Load, LooksOnWhenOneSchemaIsBroken) {
  const std::string text = replaced(good, "interface: stock.StockService", "interface: stock.Stocks");
  const auto sources = idl::memory_sources(
      {{"k.yaml", text}, {"shop.thrift", "struct Order { 1: i65 id }\n"}, {"stock.proto", stock_proto}});
  LoadOptions options;
  options.path = "k.yaml";
  options.sources = sources.get();
  const std::string said = problems(load(options));
  EXPECT_EQ(times(said, "shop.thrift:1:"), 1u) << said;
  // Either may be what the broken file was to bring.
  EXPECT_EQ(times(said, "UNKNOWN_INTERFACE"), 0u) << said;
}

TEST(Load, GoesNoFurtherThanADocumentThatIsNone) {
  for (const char* text : {"", "- a\n- b\n", "a: [", "a: 1\n---\nb: 2\n", "word"}) {
    EXPECT_EQ(load_text(text).diagnostics.size(), 1u) << problems(load_text(text));
  }
}

TEST(Load, TakesNoConcurrencyAboveTheCeilingAndAnyBelow) {
  const std::string one_more = replaced(good, "concurrency: 7", "concurrency: 1000001");
  EXPECT_NE(problems(load_text(one_more))
                .find("policies.limits.concurrency: must be from 1 to 1000000, or 0 for no limit"),
            std::string::npos)
      << problems(load_text(one_more));
  for (const std::uint32_t limit : {0u, 1u, 1000000u}) {
    const LoadResult result =
        load_text(replaced(good, "concurrency: 7", "concurrency: " + std::to_string(limit)));
    ASSERT_NE(result.snapshot, nullptr) << problems(result);
    EXPECT_EQ(result.snapshot->clusters[1]->concurrency_max, limit);
  }
}

TEST(Load, RefusesAnAdminPortThatOthersCanReach) {
  const LoadResult result = load_text(std::string(good) + "admin: 0.0.0.0:7070\n");
  EXPECT_EQ(result.snapshot, nullptr);
  EXPECT_NE(problems(result).find("ADMIN_EXPOSED"), std::string::npos) << problems(result);
}

TEST(Load, RefusesToListenOnANameAsServingWould) {
  for (const char* text : {"localhost", "gateway.internal"}) {
    const std::string bind = std::string("127.0.0.1:0");
    ASSERT_NE(std::string(good).find(bind), std::string::npos);
    for (const std::string& yaml :
         {replaced(good, bind, std::string(text) + ":0"), std::string(good) + "admin: " + text + ":7070\n"}) {
      const LoadResult result = load_text(yaml);
      EXPECT_EQ(result.snapshot, nullptr) << yaml;
      EXPECT_NE(problems(result).find("or a Unix socket, not the name '" + std::string(text) + "' [ADDRESS]"),
                std::string::npos)
          << problems(result);
    }
  }
}

TEST(Load, PointsAtTheTimeoutThatIsNothing) {
  const LoadResult result = load_text(replaced(good, "timeout: 3s", "timeout: 0s"));
  EXPECT_NE(problems(result).find(": policies.timeout: must be more than nothing"), std::string::npos)
      << problems(result);
}

TEST(Load, RefusesALimitAboveItsCeiling) {
  const LoadResult result = load_text(replaced(good, "8MiB", "1GiB"));
  EXPECT_EQ(result.snapshot, nullptr);
  EXPECT_NE(problems(result).find("limits.message_bytes_max: must be from 1 to 268435456"), std::string::npos)
      << problems(result);
}

TEST(Load, RefusesWhatCannotBeTogether) {
  const LoadResult result =
      load_text(replaced(good, "protocol: grpc", "protocol: grpc, thrift: { encoding: compact }"));
  EXPECT_EQ(result.snapshot, nullptr);
  EXPECT_NE(problems(result).find("protocol is not thrift"), std::string::npos) << problems(result);
}

TEST(Load, RefusesTwoServicesOfOneNameAndAnUnknownDefaultService) {
  EXPECT_NE(problems(load_text(replaced(good, "name: stock", "name: orders")))
                .find("another service has that name"),
            std::string::npos);
  EXPECT_NE(problems(load_text(replaced(good, "default_service: orders", "default_service: ordres")))
                .find("did you mean 'orders'?"),
            std::string::npos);
}

TEST(Load, PointsIntoTheIdlWhenTheMistakeIsThere) {
  const auto sources = idl::memory_sources(
      {{"k.yaml", good}, {"shop.thrift", "struct Order { 1: i65 id }\n"}, {"stock.proto", stock_proto}});
  LoadOptions options;
  options.path = "k.yaml";
  options.sources = sources.get();
  const LoadResult result = load(options);
  EXPECT_EQ(result.snapshot, nullptr);
  EXPECT_NE(problems(result).find("shop.thrift:1:"), std::string::npos) << problems(result);
}

TEST(Load, SaysThatTheFileIsNotThere) {
  const auto sources = idl::memory_sources({});
  LoadOptions options;
  options.path = "none.yaml";
  options.sources = sources.get();
  EXPECT_NE(problems(load(options)).find("none.yaml:1:1: error: no such file"), std::string::npos);
}

}  // namespace
}  // namespace koine::control
