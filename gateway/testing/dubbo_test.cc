// Dubbo2 callers and a Dubbo2 provider without a schema, with a whole gateway between them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using ::testing::HasSubstr;

// "hello" as Hessian2 has it: its only argument, or its value.
constexpr std::string_view hello = "\x05hello";

class DubboTest : public ::testing::Test {
 protected:
  DubboTest() : provider_(world_.provider(Protocol::dubbo)) { provider_.raw = true; }

  void start(ServiceSpec service = {}) {
    service.protocol = Protocol::dubbo;
    service.untyped = true;
    world_.start({.services = {service}});
    caller_ = &world_.caller(Protocol::dubbo);
    caller_->raw = true;
  }
  std::shared_ptr<CallRecord> call(std::string method = "greet", model::Metadata metadata = {}) {
    CallSpec spec;
    spec.service = "test.orders";
    spec.method = std::move(method);
    spec.signature = "Ljava/lang/String;";
    spec.metadata = std::move(metadata);
    return caller_->call(spec, hello);
  }
  // Of a consumer that waits for so long, to a provider that does not answer.
  std::shared_ptr<CallRecord> call_for_a_second() {
    provider_.echo = false;
    start();
    CallSpec spec;
    spec.service = "test.orders";
    spec.timeout_ns = base::second_ns;
    const auto record = caller_->call(spec, "");
    world_.settle();
    return record;
  }

  World world_;
  Provider& provider_;
  Caller* caller_ = nullptr;
};

TEST_F(DubboTest, EveryMethodOfTheProviderIsThere) {
  start();
  for (const char* method : {"greet", "$invoke", "*", "neverHeardOf"}) {
    const auto answer = call(method);
    world_.settle();
    ASSERT_TRUE(answer->done) << method;
    EXPECT_TRUE(answer->outcome.ok()) << answer->outcome.message;
    EXPECT_EQ(answer->text(), hello) << method;
    EXPECT_EQ(provider_.calls.back()->head.method, method);
    EXPECT_EQ(provider_.calls.back()->head.signature, "Ljava/lang/String;");
  }
  EXPECT_EQ(provider_.connections(), 1u);
  EXPECT_THAT(world_.metrics(), HasSubstr("method=\"*\""));
}

TEST_F(DubboTest, AttachmentsGoThroughThoseThatAreNoTextAsWell) {
  start();
  model::Metadata metadata;
  metadata.add("x-tenant", "blue", "X-Tenant");
  metadata.set_native("dubbo", 1, std::string("\x05") + "count" + "\x97");
  const auto answer = call("greet", metadata);
  world_.settle();
  ASSERT_TRUE(answer->done);
  const model::Metadata& seen = provider_.calls.at(0)->head.metadata;
  EXPECT_EQ(seen.get("x-tenant"), "blue");
  EXPECT_EQ(seen.wire_name(0), "X-Tenant");
  EXPECT_EQ(seen.native("dubbo"), std::string("\x05") + "count" + "\x97");
}

TEST_F(DubboTest, AServiceThatIsNotThereIsNamed) {
  start();
  CallSpec spec;
  spec.service = "test.orders:2.0.0";
  const auto answer = caller_->call(spec, "");
  world_.settle();
  ASSERT_TRUE(answer->done);
  EXPECT_EQ(answer->outcome.code, model::Code::unimplemented);
  EXPECT_EQ(answer->outcome.native_code, 40);
  EXPECT_THAT(answer->outcome.message, HasSubstr("CALL_UNKNOWN_SERVICE"));
  EXPECT_TRUE(provider_.calls.empty());
}

TEST_F(DubboTest, WhoWaitsTooLongIsToldInAWayThatIsNotRepeated) {
  provider_.echo = false;
  start({.timeout_ns = base::second_ns});
  const auto answer = call();
  world_.settle();
  world_.advance(base::second_ns);
  world_.settle();
  ASSERT_TRUE(answer->done);
  EXPECT_EQ(answer->outcome.code, model::Code::deadline_exceeded);
  EXPECT_TRUE(answer->outcome.thrown);
  EXPECT_EQ(answer->outcome.native_code, -1);
  // What comes late meets nobody, and the connection serves the next one.
  provider_.answer(*provider_.calls.at(0), hello);
  provider_.echo = true;
  const auto next = call();
  world_.settle();
  ASSERT_TRUE(next->done);
  EXPECT_TRUE(next->outcome.ok()) << next->outcome.message;
  EXPECT_EQ(provider_.connections_ever(), 1u);
}

// What a consumer gives up by itself it calls again, twice.
TEST_F(DubboTest, WhoSaidHowLongItWaitsIsToldBeforeThat) {
  const auto answer = call_for_a_second();
  world_.advance(899 * base::millisecond_ns);
  EXPECT_FALSE(answer->done);
  world_.advance(2 * base::millisecond_ns);
  ASSERT_TRUE(answer->done);
  EXPECT_EQ(answer->outcome.code, model::Code::deadline_exceeded);
  EXPECT_TRUE(answer->outcome.thrown);
  // The provider knew as much.
  EXPECT_LE(provider_.calls.at(0)->head.timeout_ns, 900 * base::millisecond_ns);
}

TEST_F(DubboTest, WhoSaidHowLongItWaitsIsNotAnsweredAfterThat) {
  const auto late = call_for_a_second();
  world_.advance(899 * base::millisecond_ns);
  // The machine stands still for as long as would have been left.
  const auto other = call();
  world_.network().hold_up_next_turn(101 * base::millisecond_ns);
  world_.settle();
  ASSERT_EQ(provider_.calls.size(), 2u);
  EXPECT_FALSE(late->done);
  EXPECT_FALSE(other->done);
  EXPECT_EQ(world_.counts().exchanges, 1u);
  provider_.answer(*provider_.calls[0], hello);
  world_.settle();
  EXPECT_FALSE(late->done);
  EXPECT_THAT(world_.metrics(), HasSubstr("DEADLINE_EXCEEDED"));
  provider_.echo = true;
  const auto next = call();
  world_.settle();
  EXPECT_TRUE(next->done && next->outcome.ok());
  EXPECT_EQ(provider_.connections_ever(), 1u);
}

TEST_F(DubboTest, AProviderThatSaysGoodbyeGetsNoMoreCallsOnThatConnection) {
  start();
  (void)call();
  world_.settle();
  provider_.say_goodbye();
  world_.settle();
  const auto answer = call();
  world_.settle();
  ASSERT_TRUE(answer->done);
  EXPECT_TRUE(answer->outcome.ok()) << answer->outcome.message;
  EXPECT_EQ(provider_.connections_ever(), 2u);
}

TEST_F(DubboTest, CallersThatWriteNoValuesOfJavaAreToldSo) {
  start();
  Caller& grpc = world_.caller(Protocol::grpc);
  CallSpec spec;
  spec.service = "test.orders";
  const auto answer = grpc.call(spec, "x");
  world_.settle();
  ASSERT_TRUE(answer->done);
  EXPECT_EQ(answer->outcome.code, model::Code::internal);
  EXPECT_THAT(answer->outcome.message, HasSubstr("the wrapper of Triple"));
  EXPECT_TRUE(provider_.calls.empty());
}

}  // namespace
}  // namespace koine::gateway::testing
