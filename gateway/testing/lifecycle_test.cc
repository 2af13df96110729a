// Balance over workers, callers that end, parked calls.
#include <gtest/gtest.h>

#include "gateway/testing/world.h"
#include "net/memory/peer.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;

CallSpec grpc_echo() {
  CallSpec spec;
  spec.service = "test.orders";
  return spec;
}

TEST(Connections, AreBalancedOverTheWorkers) {
  World world(3);
  world.start({});
  std::vector<std::unique_ptr<net::memory::Peer>> peers;
  for (int i = 0; i < 30; ++i) peers.push_back(world.network().dial("127.0.0.1:7000"));
  world.settle();
  for (const auto& worker : world.gateway().workers()) EXPECT_EQ(worker->load(), 10u);
}

TEST(Connections, BeyondTheLimitAreClosedAtOnce) {
  World world;
  SnapshotSpec spec;
  spec.limits.connections_max = 3;
  world.start(spec);
  std::vector<std::unique_ptr<net::memory::Peer>> peers;
  for (int i = 0; i < 5; ++i) {
    peers.push_back(world.network().dial("127.0.0.1:7000"));
    world.settle();
  }
  EXPECT_EQ(world.counts().connections, 3u);
  EXPECT_TRUE(peers[4]->ended() || peers[4]->was_reset());
  peers[0]->close();
  world.settle();
  const auto fits = world.network().dial("127.0.0.1:7000");
  world.settle();
  EXPECT_EQ(world.counts().connections, 3u);
}

// A Thrift provider would not notice, a gRPC one does.
struct EndedCallerTest : ::testing::Test {
  World world;
  Provider& provider = world.provider(Protocol::grpc);
  void SetUp() override {
    provider.echo = false;
    world.start({.services = {{.protocol = Protocol::grpc}}});
  }
};

TEST_F(EndedCallerTest, CallsOfAThriftCallerThatIsGoneAreCancelledWithinASecond) {
  Caller& caller = world.caller(Protocol::thrift);
  caller.call({}, "x");
  world.settle();
  ASSERT_EQ(provider.calls.size(), 1u);
  caller.close();
  world.advance(900 * millisecond_ns);
  EXPECT_FALSE(provider.calls[0]->cancelled) << "it may only have ended its side";
  world.advance(200 * millisecond_ns);
  EXPECT_TRUE(provider.calls[0]->cancelled);
  EXPECT_EQ(world.counts().exchanges, 0u);
  EXPECT_EQ(world.counts().connections, 0u);
}

TEST_F(EndedCallerTest, AThriftCallerThatOnlyEndedItsSideIsAnswered) {
  Caller& caller = world.caller(Protocol::thrift);
  const auto call = caller.call({}, "x");
  world.settle();
  ASSERT_EQ(provider.calls.size(), 1u);
  caller.stream().shutdown_write();
  world.advance(900 * millisecond_ns);
  provider.answer(*provider.calls[0], "still there");
  world.settle();
  EXPECT_EQ(call->text(), "still there");
  EXPECT_EQ(world.counts().connections, 0u);
}

TEST_F(EndedCallerTest, OnewayCallsOfAThriftCallerThatIsGoneGoOn) {
  Caller& caller = world.caller(Protocol::thrift);
  caller.call({.method = "Post", .kind = model::MethodKind::oneway}, "note");
  world.settle();
  ASSERT_EQ(provider.calls.size(), 1u);
  caller.close();
  world.advance(5 * second_ns);
  EXPECT_FALSE(provider.calls[0]->cancelled);
  EXPECT_EQ(world.counts().connections, 0u);
  provider.answer(*provider.calls[0], "");
  world.settle();
  EXPECT_EQ(world.counts().exchanges, 0u);
}

// A policy that parks every call until it is told to let go.
struct Gate final : governance::Policy {
  std::vector<std::uint64_t>& tickets;
  explicit Gate(std::vector<std::uint64_t>& where) : tickets(where) {}
  governance::Verdict on_call(governance::Call& call, model::Outcome&) override {
    tickets.push_back(call.park_ticket);
    return governance::Verdict::park;
  }
};

TEST(Parking, AParkedCallGoesOnWhenItIsResumedAndEndsAtItsDeadlineOtherwise) {
  World world(1);
  world.provider(Protocol::thrift);
  std::vector<std::uint64_t> tickets;
  governance::Parking* parking = nullptr;
  world.options.extra_steps = [&](governance::Parking& where) {
    parking = &where;
    std::vector<Step> steps;
    steps.push_back({Stage::route, std::make_unique<Gate>(tickets)});
    return steps;
  };
  world.start({});
  Caller& caller = world.caller(Protocol::grpc);
  const auto goes_on = caller.call(grpc_echo(), "goes on");
  CallSpec spec = grpc_echo();
  spec.timeout_ns = second_ns;
  const auto times_out = caller.call(spec, "times out");
  world.settle();
  ASSERT_EQ(tickets.size(), 2u);
  EXPECT_FALSE(goes_on->done);
  parking->resume(tickets[0]);
  world.advance(2 * second_ns);
  EXPECT_EQ(goes_on->text(), "goes on");
  EXPECT_EQ(times_out->outcome.code, model::Code::deadline_exceeded);
  parking->resume(tickets[1]);
  parking->resume(12345);
  world.settle();
  EXPECT_EQ(times_out->ends, 1);
}

}  // namespace
}  // namespace koine::gateway::testing
