// Deadlines over a network in memory with virtual time: the caller's, the service's, and the provider's own
// clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;
using ::testing::HasSubstr;
using ::testing::Not;

CallSpec echo(Protocol caller) {
  CallSpec spec;
  if (caller == Protocol::grpc) spec.service = "test.orders";
  return spec;
}

TEST(Deadline, OfTheCallerEndsACallThatTheProviderNeverAnswers) {
  World world;
  Provider& provider = world.provider(Protocol::grpc);
  provider.echo = false;
  world.start({.services = {{.protocol = Protocol::grpc}}});
  CallSpec spec = echo(Protocol::grpc);
  spec.timeout_ns = 200 * millisecond_ns;
  const auto call = world.caller(Protocol::grpc).call(spec, "x");
  world.advance(199 * millisecond_ns);
  EXPECT_FALSE(call->done);
  ASSERT_EQ(provider.calls.size(), 1u);
  // The provider is told what is left, and that nobody waits any more.
  EXPECT_LE(provider.calls[0]->head.timeout_ns, 200 * millisecond_ns);
  EXPECT_FALSE(provider.calls[0]->cancelled);
  world.advance(2 * millisecond_ns);
  ASSERT_TRUE(call->done);
  EXPECT_EQ(call->outcome.code, model::Code::deadline_exceeded);
  EXPECT_THAT(call->outcome.message, HasSubstr("200 ms"));
  EXPECT_TRUE(provider.calls[0]->cancelled);
  EXPECT_EQ(world.counts().exchanges, 0u);
}

TEST(Deadline, OfTheServiceHoldsForCallersThatGrantMore) {
  World world;
  world.provider(Protocol::grpc).echo = false;
  world.start({.services = {{.protocol = Protocol::grpc, .timeout_ns = second_ns}}});
  CallSpec spec = echo(Protocol::thrift);
  const auto call = world.caller(Protocol::thrift).call(spec, "x");
  world.advance(999 * millisecond_ns);
  EXPECT_FALSE(call->done);
  world.advance(2 * millisecond_ns);
  EXPECT_TRUE(call->done);
  EXPECT_THAT(call->outcome.message, HasSubstr("deadline"));
}

TEST(Deadline, AlsoHoldsWhileACallWaitsForAConnection) {
  World world;
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  world.start({.services = {{.connections_max = 1}}});
  Caller& caller = world.caller(Protocol::grpc);
  caller.call(echo(Protocol::grpc), "holds the only connection");
  world.settle();
  CallSpec spec = echo(Protocol::grpc);
  spec.timeout_ns = 100 * millisecond_ns;
  const auto waits = caller.call(spec, "waits");
  world.advance(101 * millisecond_ns);
  ASSERT_TRUE(waits->done);
  EXPECT_EQ(waits->outcome.code, model::Code::deadline_exceeded);
  EXPECT_THAT(waits->outcome.message, HasSubstr("waiting for a connection"));
  EXPECT_EQ(provider.calls.size(), 1u);
}

// A call with 200 ms whose provider goes by its own clock.
struct DeadlineOfTheProvider : ::testing::Test {
  World world;
  Provider* provider = nullptr;
  std::shared_ptr<CallRecord> call;

  void SetUp() override {
    provider = &world.provider(Protocol::grpc);
    provider->echo = false;
    world.start({.services = {{.protocol = Protocol::grpc}}});
    CallSpec spec = echo(Protocol::grpc);
    spec.timeout_ns = 200 * millisecond_ns;
    call = world.caller(Protocol::grpc).call(spec, "x");
  }
  // RST_STREAM(CANCEL) on stream 1, which is how grpc-go 1.85 ends a stream whose deadline has passed.
  void reset() {
    ASSERT_EQ(provider->calls.size(), 1u);
    provider->write_raw(provider->calls[0]->connection,
                        std::string_view("\x00\x00\x04\x03\x00\x00\x00\x00\x01\x00\x00\x00\x08", 13));
  }
};

TEST_F(DeadlineOfTheProvider, AMomentEarlyIsNoCancel) {
  world.advance(195 * millisecond_ns);
  reset();
  world.advance(millisecond_ns);
  ASSERT_TRUE(call->done);
  EXPECT_EQ(call->outcome.code, model::Code::deadline_exceeded);
  EXPECT_EQ(world.counts().exchanges, 0u);
}

TEST_F(DeadlineOfTheProvider, ThatPassedWhileTheWorkerWasHeldUpIsNoCancel) {
  world.advance(150 * millisecond_ns);
  reset();
  ASSERT_TRUE(world.network().step());  // the provider's own turn: its bytes are under way
  // The turn that reads them began at 150 ms, and is at 190 ms when it does.
  world.network().hold_up_next_turn(40 * millisecond_ns);
  world.settle();
  ASSERT_TRUE(call->done);
  EXPECT_EQ(call->outcome.code, model::Code::deadline_exceeded);
}

TEST_F(DeadlineOfTheProvider, FarAwayLeavesItsCancelWhatItIs) {
  world.advance(100 * millisecond_ns);
  reset();
  world.advance(millisecond_ns);
  ASSERT_TRUE(call->done);
  EXPECT_EQ(call->outcome.code, model::Code::cancelled);
}

}  // namespace
}  // namespace koine::gateway::testing
