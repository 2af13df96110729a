// Drain, reload, balance over workers, parked calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"
#include "net/memory/peer.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;
using ::testing::HasSubstr;

CallSpec grpc_echo() {
  CallSpec spec;
  spec.service = "test.orders";
  return spec;
}

class DrainTest : public ::testing::TestWithParam<Protocol> {
 protected:
  CallSpec echo() const { return GetParam() == Protocol::grpc ? grpc_echo() : CallSpec(); }
};
INSTANTIATE_TEST_SUITE_P(Every, DrainTest, ::testing::Values(Protocol::thrift, Protocol::grpc),
                         [](const auto& one) { return std::string(router::to_string(one.param)); });

TEST_P(DrainTest, AnswersWhatIsInFlightAndThenEnds) {
  World world;
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  world.start({});
  Caller& caller = world.caller(GetParam());
  const auto call = caller.call(echo(), "in flight");
  world.settle();
  bool drained = false;
  world.gateway().drain([&] { drained = true; });
  world.advance(5 * second_ns);
  EXPECT_FALSE(drained);
  EXPECT_FALSE(call->done);
  provider.answer(*provider.calls.at(0), "in flight");
  world.advance(100 * millisecond_ns);
  EXPECT_EQ(call->text(), "in flight");
  EXPECT_TRUE(drained);
  EXPECT_EQ(world.counts().connections, 0u);
  EXPECT_TRUE(caller.closed());
}

TEST_P(DrainTest, IdleConnectionsEndWithinASecondAndNoNewOnesAreTaken) {
  World world;
  world.provider(Protocol::thrift);
  world.start({});
  Caller& used = world.caller(GetParam());
  used.call(echo(), "x");
  Caller& unused = world.caller(GetParam());
  world.settle();
  bool drained = false;
  world.gateway().drain([&] { drained = true; });
  world.advance(1500 * millisecond_ns);
  EXPECT_TRUE(drained);
  EXPECT_TRUE(used.closed());
  EXPECT_TRUE(unused.closed());
  const auto refused = world.network().dial("127.0.0.1:7000");
  world.settle();
  EXPECT_TRUE(refused->refused());
}

TEST_P(DrainTest, WhatWaitsInTheAcceptQueueIsServedFirst) {
  World world;
  world.provider(Protocol::thrift);
  world.start({});
  Caller& caller = world.caller(GetParam());
  const auto call = caller.call(echo(), "from the queue");
  bool drained = false;
  world.gateway().drain([&] { drained = true; });
  world.advance(2 * second_ns);
  EXPECT_EQ(call->text(), "from the queue") << call->outcome.message;
  EXPECT_TRUE(drained);
}

TEST_P(DrainTest, EndsAtItsTimeoutWhateverIsInFlight) {
  World world;
  world.provider(Protocol::thrift).echo = false;
  SnapshotSpec spec;
  spec.drain_timeout_ns = 3 * second_ns;
  world.start(spec);
  const auto call = world.caller(GetParam()).call(echo(), "x");
  world.settle();
  bool drained = false;
  world.gateway().drain([&] { drained = true; });
  world.advance(2900 * millisecond_ns);
  EXPECT_FALSE(drained);
  world.advance(200 * millisecond_ns);
  EXPECT_TRUE(drained);
  EXPECT_TRUE(call->done);
  EXPECT_EQ(world.counts().exchanges, 0u);
}

TEST(Drain, AskedForTwiceEndsAtOnce) {
  World world;
  world.provider(Protocol::thrift).echo = false;
  world.start({});
  world.caller(Protocol::grpc).call(grpc_echo(), "x");
  world.settle();
  bool drained = false;
  world.gateway().drain([&] { drained = true; });
  world.gateway().drain({});
  world.advance(100 * millisecond_ns);
  EXPECT_TRUE(drained);
}

TEST(Reload, NewCallsUseTheNewSnapshotAndOldOnesEndOnTheirs) {
  World world;
  Provider& old_provider = world.provider(Protocol::thrift, "10.0.0.1:1");
  Provider& new_provider = world.provider(Protocol::grpc, "10.0.0.1:2");
  old_provider.echo = false;
  world.options.reload = [](std::uint64_t version) {
    return make_snapshot(
        {.services = {{.protocol = Protocol::grpc, .endpoints = {"10.0.0.1:2"}}}, .version = version});
  };
  world.start({.services = {{.endpoints = {"10.0.0.1:1"}}}});
  Caller& caller = world.caller(Protocol::grpc);
  const auto before = caller.call(grpc_echo(), "before");
  world.settle();
  ASSERT_TRUE(world.gateway().reload());
  world.settle();
  const auto after = caller.call(grpc_echo(), "after");
  world.settle();
  EXPECT_EQ(after->text(), "after");
  EXPECT_EQ(new_provider.calls.size(), 1u);
  EXPECT_FALSE(before->done);
  EXPECT_EQ(world.counts().snapshots, 3u) << "two workers, and one of them with a call of the old snapshot";
  old_provider.answer(*old_provider.calls.at(0), "before");
  world.settle();
  EXPECT_EQ(before->text(), "before");
  EXPECT_EQ(world.counts().snapshots, 2u);
  EXPECT_EQ(old_provider.connections(), 0u) << "nothing names its pool any more";
}

TEST(Reload, ConnectionsOfUnchangedServicesAreKept) {
  World world(1);
  Provider& provider = world.provider(Protocol::thrift);
  world.options.reload = [](std::uint64_t version) { return make_snapshot({.version = version}); };
  world.start({});
  Caller& caller = world.caller(Protocol::grpc);
  for (int i = 0; i < 10; ++i) {
    const auto call = caller.call(grpc_echo(), "x");
    world.settle();
    EXPECT_EQ(call->text(), "x");
    ASSERT_TRUE(world.gateway().reload());
    world.settle();
  }
  EXPECT_EQ(provider.connections_ever(), 1u);
  EXPECT_EQ(world.counts().snapshots, 1u);
}

TEST(Reload, SaysWhatNeedsARestart) {
  World world;
  world.options.reload = [](std::uint64_t version) {
    return make_snapshot({.version = version, .access_log = true});
  };
  world.start({});
  EXPECT_TRUE(world.gateway().reload());
  EXPECT_THAT(world.log(), HasSubstr("restart_needed key=access_log"));
}

TEST(Reload, ThatIsRefusedChangesNothing) {
  World world;
  world.provider(Protocol::thrift);
  world.options.reload = [](std::uint64_t) { return control::SnapshotRef(); };
  world.start({});
  EXPECT_FALSE(world.gateway().reload());
  const auto call = world.caller(Protocol::grpc).call(grpc_echo(), "x");
  world.settle();
  EXPECT_EQ(call->text(), "x");
  EXPECT_THAT(world.log(), HasSubstr("configuration_kept"));
}

TEST(Reload, ThatCannotListenChangesNothing) {
  World world;
  world.provider(Protocol::thrift);
  Provider& holds = world.provider(Protocol::grpc, "127.0.0.1:7001");
  world.options.reload = [](std::uint64_t version) {
    return make_snapshot({.listeners = {"127.0.0.1:7002", "127.0.0.1:7001"}, .version = version});
  };
  world.start({});
  EXPECT_FALSE(world.gateway().reload());
  EXPECT_EQ(world.gateway().addresses(), std::vector<std::string>{"127.0.0.1:7000"});
  const auto nobody = world.network().dial("127.0.0.1:7002");
  world.settle();
  EXPECT_TRUE(nobody->refused());
  EXPECT_EQ(holds.connections_ever(), 0u);
}

TEST(Reload, MovesListenersAndKeepsCallersOfTheOld) {
  World world;
  world.provider(Protocol::thrift);
  world.options.reload = [](std::uint64_t version) {
    return make_snapshot({.listeners = {"127.0.0.1:7001"}, .version = version});
  };
  world.start({});
  Caller& stays = world.caller(Protocol::grpc);
  world.settle();
  ASSERT_TRUE(world.gateway().reload());
  world.settle();
  const auto old_one = stays.call(grpc_echo(), "old");
  const auto new_one = world.caller(Protocol::grpc, "127.0.0.1:7001").call(grpc_echo(), "new");
  const auto refused = world.network().dial("127.0.0.1:7000");
  world.settle();
  EXPECT_EQ(old_one->text(), "old");
  EXPECT_EQ(new_one->text(), "new");
  EXPECT_TRUE(refused->refused());
}

TEST(Reload, UnderCallsLosesNone) {
  World world(2, 7);
  world.provider(Protocol::thrift, "10.0.0.1:1");
  world.provider(Protocol::thrift, "10.0.0.1:2");
  world.options.reload = [](std::uint64_t version) {
    const char* endpoint = version % 2 == 0 ? "10.0.0.1:2" : "10.0.0.1:1";
    return make_snapshot({.services = {{.endpoints = {endpoint}}}, .version = version});
  };
  world.start({.services = {{.endpoints = {"10.0.0.1:1"}}}});
  std::vector<Caller*> callers;
  for (int i = 0; i < 4; ++i)
    callers.push_back(&world.caller(i % 2 == 0 ? Protocol::grpc : Protocol::thrift));
  std::vector<std::shared_ptr<CallRecord>> calls;
  for (int round = 0; round < 50; ++round) {
    for (std::size_t c = 0; c < callers.size(); ++c) {
      calls.push_back(callers[c]->call(c % 2 == 0 ? grpc_echo() : CallSpec(),
                                       std::to_string(round * 10) + "-" + std::to_string(c)));
    }
    ASSERT_TRUE(world.gateway().reload());
    if (round % 3 == 0) world.settle();
  }
  world.settle();
  for (const auto& call : calls) EXPECT_EQ(call->text(), call->sent) << call->outcome.message;
  EXPECT_EQ(world.counts().snapshots, 2u);
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
