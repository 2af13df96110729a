// Triple's callers and a Triple provider without a schema, with a whole gateway between them; and one port on
// which calls of Dubbo2, Triple and gRPC come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// label(int) with 7, as Java's consumers wrap it, which does for an answer too.
constexpr std::string_view wrapped = "\n\x08hessian4\x12\x01\x97\x1a\x03int";

class TripleTest : public ::testing::Test {
 protected:
  TripleTest() : provider_(world_.provider(Protocol::triple, "10.0.0.1:9090")) { provider_.raw = true; }

  static ServiceSpec service(std::string name, Protocol protocol, std::string endpoint, bool untyped) {
    ServiceSpec spec;
    spec.name = std::move(name);
    spec.protocol = protocol;
    spec.endpoints = {std::move(endpoint)};
    spec.untyped = untyped;
    return spec;
  }
  void start(std::vector<Protocol> protocols = {}) {
    ServiceSpec triple = service("orders", Protocol::triple, "10.0.0.1:9090", true);
    triple.timeout_ns = base::second_ns;
    world_.start({.services = {triple, service("stock", Protocol::grpc, "10.0.0.2:9090", false),
                               service("bills", Protocol::dubbo, "10.0.0.3:9090", true)},
                  .protocols = std::move(protocols)});
  }
  std::shared_ptr<CallRecord> call(Protocol protocol, std::string interface, std::string_view body,
                                   std::string method = "Echo") {
    Caller& caller = world_.caller(protocol);
    caller.raw = true;
    CallSpec spec;
    spec.service = std::move(interface);
    spec.method = std::move(method);
    if (protocol == Protocol::dubbo) spec.signature = "Ljava/lang/String;";
    const auto answer = caller.call(spec, body);
    world_.settle();
    return answer;
  }

  World world_;
  Provider& provider_;
};

TEST_F(TripleTest, EveryMethodOfTheProviderIsThereAndBodiesPassAsTheyAre) {
  start();
  for (const char* method : {"label", "$invoke", "$echo"}) {
    const auto answer = call(Protocol::triple, "test.orders", wrapped, method);
    ASSERT_TRUE(answer->done) << method;
    EXPECT_TRUE(answer->outcome.ok()) << answer->outcome.message;
    EXPECT_EQ(answer->text(), wrapped) << method;
    EXPECT_EQ(provider_.calls.back()->head.method, method);
    EXPECT_EQ(provider_.calls.back()->head.signature, "I");
  }
  EXPECT_THAT(world_.metrics(), HasSubstr("caller=\"triple\""));
}

TEST_F(TripleTest, OnePortTakesCallsOfDubboTripleAndGrpc) {
  Provider& stock = world_.provider(Protocol::grpc, "10.0.0.2:9090");
  Provider& bills = world_.provider(Protocol::dubbo, "10.0.0.3:9090");
  stock.raw = bills.raw = true;
  start();
  const auto triple = call(Protocol::triple, "test.orders", wrapped);
  const auto grpc = call(Protocol::grpc, "test.stock", "x");
  const auto dubbo = call(Protocol::dubbo, "test.bills", "\x05hello");
  // A consumer of Triple whose service has a .proto speaks gRPC; whose service has none, Triple.
  for (const auto& answer : {triple, grpc, dubbo}) {
    ASSERT_TRUE(answer->done);
    EXPECT_TRUE(answer->outcome.ok()) << answer->outcome.message;
  }
  EXPECT_EQ(provider_.calls.size(), 1u);
  EXPECT_EQ(stock.calls.size(), 1u);
  EXPECT_EQ(bills.calls.size(), 1u);
}

TEST_F(TripleTest, ConsumersOnDubbo2CallAProviderOnTripleAndTheOtherWayRound) {
  Provider& bills = world_.provider(Protocol::dubbo, "10.0.0.3:9090");
  bills.raw = true;
  start();
  const auto to_bills = call(Protocol::triple, "test.bills", wrapped, "label");
  ASSERT_TRUE(to_bills->done);
  ASSERT_TRUE(to_bills->outcome.ok()) << to_bills->outcome.message;
  EXPECT_EQ(to_bills->text(), "\n\x08hessian4\x12\x01\x97\x1a\x10java.lang.Object");
  ASSERT_EQ(bills.calls.size(), 1u);
  EXPECT_EQ(bills.calls[0]->text(), "\x97");
  EXPECT_EQ(bills.calls[0]->head.signature, "I");
  EXPECT_EQ(bills.calls[0]->head.method, "label");

  const auto to_orders = call(Protocol::dubbo, "test.orders", "\x05hello", "greet");
  ASSERT_TRUE(to_orders->done);
  ASSERT_TRUE(to_orders->outcome.ok()) << to_orders->outcome.message;
  EXPECT_EQ(to_orders->text(), "\x05hello");
  ASSERT_EQ(provider_.calls.size(), 1u);
  EXPECT_EQ(provider_.calls[0]->text(), "\n\x08hessian4\x12\x06\x05hello\x1a\x10java.lang.String");
  EXPECT_THAT(world_.metrics(), HasSubstr("reframe"));
}

TEST_F(TripleTest, AListenerForTripleTakesItsCallsOfGrpcAsWell) {
  Provider& stock = world_.provider(Protocol::grpc, "10.0.0.2:9090");
  stock.raw = true;
  start({Protocol::triple});
  EXPECT_TRUE(call(Protocol::grpc, "test.stock", "x")->outcome.ok());
  EXPECT_TRUE(call(Protocol::triple, "test.orders", wrapped)->outcome.ok());
  EXPECT_EQ(stock.calls.size(), 1u);
}

TEST_F(TripleTest, AListenerForGrpcHasNoServiceOfTriples) {
  start({Protocol::grpc});
  const auto answer = call(Protocol::triple, "test.orders", wrapped);
  ASSERT_TRUE(answer->done);
  EXPECT_EQ(answer->outcome.code, model::Code::unimplemented);
  EXPECT_TRUE(provider_.calls.empty());
}

TEST_F(TripleTest, ABodyOfProtobufDoesNotReachAServiceOfWrappers) {
  start();
  const auto answer = call(Protocol::grpc, "test.orders", "\x08\x01");
  ASSERT_TRUE(answer->done);
  EXPECT_EQ(answer->outcome.code, model::Code::internal);
  EXPECT_THAT(answer->outcome.message, HasSubstr("wrapper"));
  EXPECT_TRUE(provider_.calls.empty());
}

TEST_F(TripleTest, WhoWaitsTooLongIsToldInAWayThatIsNotRepeated) {
  provider_.echo = false;
  start();
  const auto answer = call(Protocol::triple, "test.orders", wrapped);
  world_.advance(base::second_ns);
  world_.settle();
  ASSERT_TRUE(answer->done);
  EXPECT_EQ(answer->outcome.code, model::Code::deadline_exceeded);
  EXPECT_TRUE(answer->outcome.thrown);
}

}  // namespace
}  // namespace koine::gateway::testing
