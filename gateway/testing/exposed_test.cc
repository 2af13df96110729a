// A call through an interface that was written independently of the provider's: real bytes on both sides.
//
// The gRPC bytes are what protoc --encode (libprotoc 3.21.12) makes of the text in the comments, the Thrift
// bytes by codecs/bodies/thrift_binary/primitives.h.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/load.h"
#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* shop_thrift =
    "namespace * shop\n"
    "enum State { OPEN = 1, SHIPPED = 2 }\n"
    "struct Order { 1: i64 id, 2: State state, 3: i64 createdAt (koine.unit = \"ms\"), 4: list<string> notes "
    "}\n"
    "exception NoOrder { 1: string message, 2: i64 id } (koine.code = \"NOT_FOUND\")\n"
    "service OrderService { Order getOrder(1: i64 id, 2: State state) throws (1: NoOrder none) }\n";

constexpr const char* orders_proto =
    "syntax = \"proto3\";\n"
    "package shop.v1;\n"
    "import \"google/protobuf/timestamp.proto\";\n"
    "enum OrderState { ORDER_STATE_UNSPECIFIED = 0; ORDER_STATE_OPEN = 10; ORDER_STATE_SHIPPED = 20; }\n"
    "message Query { OrderState state = 1; int64 id = 2; }\n"
    "message Notes { repeated string notes = 1; }\n"
    "message Order { google.protobuf.Timestamp created_at = 1; Notes notes = 2; OrderState state = 3; int64 "
    "id = 4; }\n"
    "message Missing { int64 id = 1; }\n"
    "service Orders { rpc Get(Query) returns (Order); }\n";

control::SnapshotRef exposed() {
  const std::string text =
      "schemas: { files: [shop.thrift, orders.proto] }\n"
      "listeners: [127.0.0.1:7000]\n"
      "services:\n"
      "  - { name: orders, interface: shop.OrderService, protocol: thrift, endpoints: [10.0.0.1:9090],\n"
      "      expose: [{ interface: shop.v1.Orders, rename: { Get: getOrder, Missing: NoOrder } }] }\n";
  const auto sources =
      idl::memory_sources({{"k.yaml", text}, {"shop.thrift", shop_thrift}, {"orders.proto", orders_proto}});
  control::LoadOptions options;
  options.path = "k.yaml";
  options.sources = sources.get();
  control::LoadResult result = control::load(options);
  for (const idl::Diagnostic& one : result.diagnostics) ADD_FAILURE() << idl::render(one);
  return result.snapshot;
}

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out.push_back(static_cast<char>(value));
  return out;
}

struct Call {
  World world;
  Provider& provider;
  std::shared_ptr<CallRecord> record;

  explicit Call(const std::string& request) : provider(world.provider(Protocol::thrift)) {
    provider.echo = false;
    provider.raw = true;
    world.start_with(exposed());
    Caller& caller = world.caller(Protocol::grpc);
    caller.raw = true;
    record = caller.call({.service = "shop.v1.Orders", .method = "Get"}, request);
    world.settle();
  }
};

// state: ORDER_STATE_SHIPPED, id: 7
const std::string request = bytes({0x08, 20, 0x10, 7});

TEST(Exposed, ACallReachesTheProviderInItsOwnIdlAndTheAnswerTheCallerInIts) {
  Call call(request);
  ASSERT_EQ(call.provider.calls.size(), 1u);
  EXPECT_EQ(call.provider.calls[0]->head.method, "getOrder");
  EXPECT_EQ(call.provider.calls[0]->text(),
            bytes({0x08, 0, 2, 0, 0, 0, 2, 0x0a, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0}));
  // {0: {1: 7, 2: OPEN, 3: 1500, 4: ["a"]}}
  call.provider.answer(
      *call.provider.calls[0],
      bytes({0x0c, 0, 0, 0x0a, 0, 1, 0, 0,    0,    0, 0, 0,    0, 7, 0x08, 0, 2, 0, 0, 0, 1,   0x0a, 0, 3,
             0,    0, 0, 0,    0, 0, 5, 0xdc, 0x0f, 0, 4, 0x0b, 0, 0, 0,    1, 0, 0, 0, 1, 'a', 0,    0}));
  call.world.settle();
  ASSERT_TRUE(call.record->done);
  EXPECT_TRUE(call.record->outcome.ok()) << call.record->outcome.message;
  // id: 7, state: ORDER_STATE_OPEN, created_at: {seconds: 1, nanos: 500000000}, notes: {notes: "a"}, in the
  // order of the provider's fields.
  EXPECT_EQ(call.record->text(), bytes({0x20, 7, 0x18, 10, 0x0a, 8, 0x08, 1, 0x10, 0x80, 0xca, 0xb5, 0xee, 1,
                                        0x12, 3, 0x0a, 1, 'a'}));
}

TEST(Exposed, AnExceptionBecomesTheMessageThatStandsForIt) {
  Call call(request);
  ASSERT_EQ(call.provider.calls.size(), 1u);
  // {1: {1: "gone", 2: 7}}
  call.provider.answer(*call.provider.calls[0], bytes({0x0c, 0, 1, 0x0b, 0, 1, 0, 0, 0, 4, 'g', 'o', 'n', 'e',
                                                       0x0a, 0, 2, 0,    0, 0, 0, 0, 0, 0, 7,   0,   0}));
  call.world.settle();
  ASSERT_TRUE(call.record->done);
  EXPECT_EQ(call.record->outcome.code, model::Code::not_found);
  EXPECT_EQ(call.record->outcome.message, "gone");
  EXPECT_THAT(call.record->outcome.details, HasSubstr("type.googleapis.com/shop.v1.Missing"));
  EXPECT_THAT(call.record->outcome.details, HasSubstr(bytes({0x12, 2, 0x08, 7})));
}

TEST(Exposed, AValueWithoutFormNeverReachesTheProvider) {
  Call call(bytes({0x08, 2, 0x10, 7}));  // a number of neither enum
  EXPECT_TRUE(call.provider.calls.empty());
  ASSERT_TRUE(call.record->done);
  EXPECT_EQ(call.record->outcome.code, model::Code::invalid_argument);
  EXPECT_THAT(call.record->outcome.message, HasSubstr("MAP_ENUM_UNKNOWN at state"));
}

}  // namespace
}  // namespace koine::gateway::testing
