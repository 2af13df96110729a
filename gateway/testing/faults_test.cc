// What a gateway must survive: slow, dead and late providers, callers that leave, limits that are reached.
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

TEST(LateAnswer, OfATimedOutThriftCallNeverMeetsAnotherCaller) {
  World world;
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  world.start({.services = {{.connections_max = 1}}});
  CallSpec spec = echo(Protocol::grpc);
  spec.timeout_ns = 100 * millisecond_ns;
  Caller& caller = world.caller(Protocol::grpc);
  const auto late = caller.call(spec, "late");
  world.advance(101 * millisecond_ns);
  ASSERT_TRUE(late->done);
  const auto next = caller.call(echo(Protocol::grpc), "next");
  world.settle();
  ASSERT_EQ(provider.calls.size(), 2u);
  EXPECT_NE(provider.calls[0]->connection, provider.calls[1]->connection) << "the connection was used again";
  provider.answer(*provider.calls[0], "late");
  provider.answer(*provider.calls[1], "next");
  world.settle();
  EXPECT_EQ(next->text(), "next");
  EXPECT_EQ(late->ends, 1);
  EXPECT_EQ(world.gateway().calls_in_flight("orders"), 0u);
}

TEST(LateAnswer, OfATimedOutGrpcCallIsDroppedAndTheConnectionStays) {
  World world;
  Provider& provider = world.provider(Protocol::grpc);
  provider.echo = false;
  world.start({.services = {{.protocol = Protocol::grpc}}});
  CallSpec spec = echo(Protocol::thrift);
  Caller& caller = world.caller(Protocol::grpc);
  spec = echo(Protocol::grpc);
  spec.timeout_ns = 100 * millisecond_ns;
  const auto late = caller.call(spec, "late");
  const auto slow = caller.call(echo(Protocol::grpc), "slow");
  world.advance(101 * millisecond_ns);
  EXPECT_TRUE(late->done);
  EXPECT_FALSE(slow->done);
  ASSERT_EQ(provider.calls.size(), 2u);
  provider.answer(*provider.calls[1], "slow");
  world.settle();
  EXPECT_EQ(slow->text(), "slow");
  EXPECT_EQ(provider.connections_ever(), 1u);
}

class ProviderFault : public ::testing::TestWithParam<Protocol> {};
INSTANTIATE_TEST_SUITE_P(Every, ProviderFault, ::testing::Values(Protocol::thrift, Protocol::grpc),
                         [](const auto& one) { return std::string(router::to_string(one.param)); });

TEST_P(ProviderFault, KilledWhileItWorksEndsItsCallsAtOnceAndOnlyThose) {
  World world;
  Provider& dies = world.provider(GetParam(), "10.0.0.1:1");
  Provider& lives = world.provider(GetParam(), "10.0.0.1:2");
  dies.echo = lives.echo = false;
  world.start({.services = {{.name = "dies", .protocol = GetParam(), .endpoints = {"10.0.0.1:1"}},
                            {.name = "lives", .protocol = GetParam(), .endpoints = {"10.0.0.1:2"}}}});
  Caller& caller = world.caller(Protocol::grpc);
  CallSpec spec;
  spec.service = "test.dies";
  const auto lost = caller.call(spec, "lost");
  spec.service = "test.lives";
  const auto kept = caller.call(spec, "kept");
  world.settle();
  dies.close_connections();
  world.settle();
  ASSERT_TRUE(lost->done);
  EXPECT_EQ(lost->outcome.code, model::Code::unavailable) << lost->outcome.message;
  EXPECT_FALSE(kept->done);
  lives.answer(*lives.calls.at(0), "kept");
  world.settle();
  EXPECT_EQ(kept->text(), "kept");
}

TEST_P(ProviderFault, IsNotCalledAgainWithACallThatMayHaveRun) {
  World world;
  Provider& first = world.provider(GetParam(), "10.0.0.1:1");
  Provider& second = world.provider(GetParam(), "10.0.0.1:2");
  first.echo = second.echo = false;
  world.start({.services = {{.protocol = GetParam(), .endpoints = {"10.0.0.1:1", "10.0.0.1:2"}}}});
  const auto call = world.caller(Protocol::grpc).call(echo(Protocol::grpc), "once");
  world.settle();
  ASSERT_EQ(first.calls.size() + second.calls.size(), 1u);
  (first.calls.empty() ? second : first).close_connections();
  world.advance(5 * second_ns);
  EXPECT_TRUE(call->done);
  EXPECT_EQ(first.calls.size() + second.calls.size(), 1u);
}

TEST_P(ProviderFault, ThatBreaksItsProtocolFailsItsCallAndLosesTheConnection) {
  World world;
  Provider& provider = world.provider(GetParam());
  provider.echo = false;
  world.start({.services = {{.protocol = GetParam()}}});
  Caller& caller = world.caller(Protocol::grpc);
  const auto call = caller.call(echo(Protocol::grpc), "x");
  world.settle();
  provider.write_raw(0, std::string(64, '\xee'));
  world.settle();
  ASSERT_TRUE(call->done);
  EXPECT_FALSE(call->outcome.ok());
  provider.echo = true;
  const auto next = caller.call(echo(Protocol::grpc), "next");
  world.settle();
  EXPECT_EQ(next->text(), "next");
  EXPECT_EQ(provider.connections_ever(), 2u);
}

TEST_P(ProviderFault, ThatRefusesConnectionsIsPassedOverWhileAnotherStands) {
  World world;
  Provider& stands = world.provider(GetParam(), "10.0.0.1:2");
  world.start(
      {.services = {{.protocol = GetParam(), .endpoints = {"10.0.0.1:1", "10.0.0.1:2", "10.0.0.1:3"}}}});
  Caller& caller = world.caller(Protocol::grpc);
  for (int i = 0; i < 9; ++i) {
    const auto call = caller.call(echo(Protocol::grpc), std::to_string(i));
    world.settle();
    EXPECT_EQ(call->text(), std::to_string(i)) << call->outcome.message;
  }
  EXPECT_EQ(stands.calls.size(), 9u);
}

TEST_P(ProviderFault, WithNoEndpointLeftIsToldAtOnceAndFoundAgainWithinTwoSeconds) {
  World world;
  world.start({.services = {{.protocol = GetParam(), .endpoints = {"10.0.0.1:1", "10.0.0.1:2"}}}});
  Caller& caller = world.caller(Protocol::grpc);
  for (int i = 0; i < 10; ++i) {
    const auto call = caller.call(echo(Protocol::grpc), "x");
    world.settle();
    ASSERT_TRUE(call->done);
    EXPECT_EQ(call->outcome.code, model::Code::unavailable);
    const std::string& text = call->outcome.message;
    EXPECT_THAT(text, HasSubstr("10.0.0.1:1"));
    EXPECT_EQ(text.find("10.0.0.1:1"), text.rfind("10.0.0.1:1")) << "said twice: " << text;
    world.advance(second_ns);
  }
  Provider& back = world.provider(GetParam(), "10.0.0.1:2");
  world.advance(2 * second_ns);
  const auto call = caller.call(echo(Protocol::grpc), "back");
  world.settle();
  EXPECT_EQ(call->text(), "back") << call->outcome.message;
  EXPECT_EQ(back.calls.size(), 1u);
}

TEST(Burst, OfConnectionsThatFailTogetherIsOneFailureOfTheEndpoint) {
  World world(1);
  world.provider(Protocol::thrift);
  bool silent = true;
  world.network().set_links([&](const net::Address& to, std::uint64_t) {
    net::memory::ConnectionOptions links;
    if (silent && to.host() == "10.0.0.1") links.answer = net::memory::ConnectAnswer::silence;
    return links;
  });
  world.start({.services = {{.connections_max = 64}}});
  Caller& caller = world.caller(Protocol::grpc);
  for (int i = 0; i < 40; ++i) caller.call(echo(Protocol::grpc), "lost");
  world.advance(base::connect_timeout_ns + millisecond_ns);
  silent = false;
  world.advance(100 * millisecond_ns);
  const auto call = caller.call(echo(Protocol::grpc), "after the first back-off");
  world.settle();
  EXPECT_EQ(call->text(), "after the first back-off") << call->outcome.message;
}

TEST_P(ProviderFault, EndpointsTakeTurns) {
  World world(1);
  Provider& one = world.provider(GetParam(), "10.0.0.1:1");
  Provider& two = world.provider(GetParam(), "10.0.0.1:2");
  world.start({.services = {{.protocol = GetParam(), .endpoints = {"10.0.0.1:1", "10.0.0.1:2"}}}});
  Caller& caller = world.caller(Protocol::grpc);
  for (int i = 0; i < 20; ++i) {
    caller.call(echo(Protocol::grpc), "x");
    world.settle();
  }
  EXPECT_EQ(one.calls.size() + two.calls.size(), 20u);
  EXPECT_NEAR(static_cast<double>(one.calls.size()), 10.0, 1.0);
}

TEST_P(ProviderFault, ThatClosesIdleConnectionsIsConnectedToAgain) {
  World world;
  Provider& provider = world.provider(GetParam());
  world.start({.services = {{.protocol = GetParam()}}});
  Caller& caller = world.caller(Protocol::grpc);
  for (int i = 0; i < 5; ++i) {
    const auto call = caller.call(echo(Protocol::grpc), std::to_string(i));
    world.settle();
    EXPECT_EQ(call->text(), std::to_string(i));
    provider.close_connections();
    world.settle();
  }
  EXPECT_EQ(provider.connections_ever(), 5u);
  EXPECT_EQ(world.counts().upstream_connections, 0u);
}

TEST_P(ProviderFault, IdleConnectionsAreClosedAfterIdleClose) {
  World world;
  Provider& provider = world.provider(GetParam());
  world.start({.services = {{.protocol = GetParam(), .idle_close_ns = 5 * second_ns}}});
  world.caller(Protocol::grpc).call(echo(Protocol::grpc), "x");
  world.advance(4 * second_ns);
  EXPECT_EQ(provider.connections(), 1u);
  world.advance(2 * second_ns);
  EXPECT_EQ(provider.connections(), 0u);
  EXPECT_EQ(world.counts().upstream_connections, 0u);
}

TEST(Cancel, OfAGrpcCallerReachesAGrpcProvider) {
  World world;
  Provider& provider = world.provider(Protocol::grpc);
  provider.echo = false;
  world.start({.services = {{.protocol = Protocol::grpc}}});
  Caller& caller = world.caller(Protocol::grpc);
  const auto call = caller.call(echo(Protocol::grpc), "x");
  world.settle();
  ASSERT_EQ(provider.calls.size(), 1u);
  caller.cancel(call);
  world.settle();
  EXPECT_TRUE(provider.calls[0]->cancelled);
  EXPECT_EQ(world.counts().exchanges, 0u);
  EXPECT_EQ(world.gateway().calls_in_flight("orders"), 0u);
}

TEST(Cancel, OfACallerThatDisconnectsEndsItsCalls) {
  World world;
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  world.start({});
  Caller& caller = world.caller(Protocol::grpc);
  for (int i = 0; i < 3; ++i) caller.call(echo(Protocol::grpc), "x");
  world.settle();
  EXPECT_EQ(world.counts().exchanges, 3u);
  caller.close();
  world.settle();
  EXPECT_EQ(world.counts().exchanges, 0u);
  EXPECT_EQ(world.counts().connections, 0u);
  EXPECT_EQ(world.gateway().calls_in_flight("orders"), 0u);
  EXPECT_EQ(provider.connections(), 0u) << "answers nobody waits for could meet another caller";
}

TEST(Cancel, WhileWaitingForAConnectionLeavesTheQueue) {
  World world;
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  world.start({.services = {{.connections_max = 1}}});
  Caller& caller = world.caller(Protocol::grpc);
  caller.call(echo(Protocol::grpc), "first");
  const auto waits = caller.call(echo(Protocol::grpc), "waits");
  const auto last = caller.call(echo(Protocol::grpc), "last");
  world.settle();
  caller.cancel(waits);
  world.settle();
  provider.answer(*provider.calls.at(0), "first");
  world.settle();
  ASSERT_EQ(provider.calls.size(), 2u);
  EXPECT_EQ(provider.calls[1]->text(), "last");
  provider.answer(*provider.calls[1], "last");
  world.settle();
  EXPECT_EQ(last->text(), "last");
}

TEST(Permits, ConnectionsMaxHoldsOverAllWorkers) {
  World world(4);
  Provider& provider = world.provider(Protocol::thrift);
  world.start({.services = {{.connections_max = 2}}});
  std::vector<std::shared_ptr<CallRecord>> calls;
  for (int c = 0; c < 8; ++c) {
    Caller& caller = world.caller(Protocol::grpc);
    for (int i = 0; i < 25; ++i)
      calls.push_back(caller.call(echo(Protocol::grpc), std::to_string(c * 100 + i)));
  }
  std::size_t most = 0;
  ASSERT_TRUE(world.until([&] {
    most = std::max(most, provider.connections());
    return std::all_of(calls.begin(), calls.end(), [](const auto& call) { return call->done; });
  }));
  for (const auto& call : calls) EXPECT_EQ(call->text(), call->sent) << call->outcome.message;
  EXPECT_LE(most, 2u);
  EXPECT_THAT(world.metrics(), HasSubstr("koine_upstream_permit_waits_total{service=\"orders\"}"));
}

TEST(Permits, AnIdleConnectionOfAnotherWorkerIsGivenUpToWhoWaits) {
  World world(2);
  Provider& provider = world.provider(Protocol::thrift);
  world.start({.services = {{.connections_max = 1}}});
  // The two callers are on different workers.
  const auto first = world.caller(Protocol::grpc).call(echo(Protocol::grpc), "first");
  world.settle();
  EXPECT_EQ(first->text(), "first");
  const auto second = world.caller(Protocol::grpc).call(echo(Protocol::grpc), "second");
  world.settle();
  EXPECT_EQ(second->text(), "second") << "idle_close would have given it back only after 30 s";
  EXPECT_EQ(provider.connections(), 1u);
}

TEST(Permits, WaitingCallsAreServedInOrder) {
  World world(1);
  Provider& provider = world.provider(Protocol::thrift);
  world.start({.services = {{.connections_max = 1}}});
  Caller& caller = world.caller(Protocol::grpc);
  for (int i = 0; i < 20; ++i) caller.call(echo(Protocol::grpc), std::to_string(i));
  world.settle();
  ASSERT_EQ(provider.calls.size(), 20u);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(provider.calls[i]->text(), std::to_string(i));
}

TEST(Pipelining, OneConnectionCarriesAsManyCallsAsConfigured) {
  World world(1);
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  world.start({.services = {{.connections_max = 1, .pipelined_max = 4}}});
  Caller& caller = world.caller(Protocol::grpc);
  std::vector<std::shared_ptr<CallRecord>> calls;
  for (int i = 0; i < 6; ++i) calls.push_back(caller.call(echo(Protocol::grpc), std::to_string(i)));
  world.settle();
  EXPECT_EQ(provider.calls.size(), 4u);
  provider.echo = true;
  for (std::size_t i = 0; i < 4; ++i) provider.answer(*provider.calls[i], provider.calls[i]->text());
  world.settle();
  for (const auto& call : calls) EXPECT_EQ(call->text(), call->sent);
  EXPECT_EQ(provider.connections_ever(), 1u);
}

TEST(Concurrency, TheCallAboveTheLimitIsRefusedOverAllWorkers) {
  World world(2);
  Provider& provider = world.provider(Protocol::grpc);
  provider.echo = false;
  world.start({.services = {{.protocol = Protocol::grpc, .concurrency_max = 3}}});
  Caller& here = world.caller(Protocol::grpc);
  Caller& there = world.caller(Protocol::grpc);
  for (int i = 0; i < 2; ++i) here.call(echo(Protocol::grpc), "x");
  there.call(echo(Protocol::grpc), "x");
  world.settle();
  const auto above = there.call(echo(Protocol::grpc), "above");
  world.settle();
  ASSERT_TRUE(above->done);
  EXPECT_EQ(above->outcome.code, model::Code::resource_exhausted);
  EXPECT_THAT(above->outcome.message, HasSubstr("limits.concurrency"));
  EXPECT_EQ(provider.calls.size(), 3u);
  for (const auto& call : provider.calls) provider.answer(*call, "x");
  world.settle();
  EXPECT_EQ(world.gateway().calls_in_flight("orders"), 0u);
  EXPECT_THAT(world.metrics(),
              HasSubstr("koine_limit_hits_total{limit=\"concurrency_max\",reason=\"LIMIT_CONCURRENCY\"} 1"));
}

TEST(Goodbye, OfAProviderSendsNewCallsToANewConnectionAndLosesNone) {
  World world(1);
  Provider& provider = world.provider(Protocol::grpc);
  provider.echo = false;
  world.start({.services = {{.protocol = Protocol::grpc}}});
  Caller& caller = world.caller(Protocol::grpc);
  const auto before = caller.call(echo(Protocol::grpc), "before");
  world.settle();
  provider.say_goodbye();
  world.settle();
  const auto after = caller.call(echo(Protocol::grpc), "after");
  world.settle();
  ASSERT_EQ(provider.calls.size(), 2u);
  EXPECT_NE(provider.calls[0]->connection, provider.calls[1]->connection);
  provider.answer(*provider.calls[0], "before");
  provider.answer(*provider.calls[1], "after");
  world.settle();
  EXPECT_EQ(before->text(), "before");
  EXPECT_EQ(after->text(), "after");
}

TEST(Names, AreLookedUpOffTheLoopAndTheLastGoodAnswerIsKept) {
  World world(1);
  Provider& provider = world.provider(Protocol::grpc, "10.0.0.7:9090");
  world.network().set_host("orders.internal", {*net::Address::parse("10.0.0.7:1")}, 50 * millisecond_ns);
  world.start(
      {.services = {
           {.protocol = Protocol::grpc, .endpoints = {"orders.internal:9090"}, .idle_close_ns = second_ns}}});
  Caller& caller = world.caller(Protocol::grpc);
  const auto first = caller.call(echo(Protocol::grpc), "first");
  world.advance(60 * millisecond_ns);
  EXPECT_EQ(first->text(), "first") << first->outcome.message;
  // The name is gone, the provider is not.
  world.network().set_host_error("orders.internal", base::Status(base::Reason::net_address, "no such name"));
  for (int i = 0; i < 3; ++i) {
    world.advance(60 * second_ns);
    EXPECT_EQ(provider.connections(), 0u);
    const auto again = caller.call(echo(Protocol::grpc), "again");
    world.settle();
    EXPECT_EQ(again->text(), "again") << again->outcome.message;
  }
}

TEST(Names, EveryAddressOfANameIsTried) {
  World world(1);
  Provider& provider = world.provider(Protocol::grpc, "10.0.0.7:9090");
  world.network().set_host("orders.internal",
                           {*net::Address::parse("10.0.0.6:1"), *net::Address::parse("10.0.0.7:1")});
  world.start({.services = {{.protocol = Protocol::grpc, .endpoints = {"orders.internal:9090"}}}});
  const auto call = world.caller(Protocol::grpc).call(echo(Protocol::grpc), "x");
  world.settle();
  EXPECT_EQ(call->text(), "x") << call->outcome.message;
  EXPECT_EQ(provider.calls.size(), 1u);
}

TEST(Names, AProviderThatMovedIsFoundAtItsNewAddress) {
  World world(1);
  Provider& before = world.provider(Protocol::grpc, "10.0.0.6:9090");
  world.network().set_host("orders.internal", {*net::Address::parse("10.0.0.6:1")});
  world.start({.services = {{.protocol = Protocol::grpc, .endpoints = {"orders.internal:9090"}}}});
  Caller& caller = world.caller(Protocol::grpc);
  caller.call(echo(Protocol::grpc), "before");
  world.settle();
  EXPECT_EQ(before.calls.size(), 1u);
  world.remove_provider(before);
  Provider& after = world.provider(Protocol::grpc, "10.0.0.7:9090");
  world.network().set_host("orders.internal", {*net::Address::parse("10.0.0.7:1")});
  caller.call(echo(Protocol::grpc), "finds nobody");
  world.advance(second_ns);
  const auto call = caller.call(echo(Protocol::grpc), "after");
  world.settle();
  EXPECT_EQ(call->text(), "after") << call->outcome.message;
  EXPECT_EQ(after.calls.size(), 1u);
}

TEST(Names, AnUnknownNameIsSaidToTheCaller) {
  World world(1);
  world.start({.services = {{.protocol = Protocol::grpc, .endpoints = {"nobody.internal:9090"}}}});
  const auto call = world.caller(Protocol::grpc).call(echo(Protocol::grpc), "x");
  world.settle();
  ASSERT_TRUE(call->done);
  EXPECT_EQ(call->outcome.code, model::Code::unavailable);
  EXPECT_THAT(call->outcome.message, HasSubstr("nobody.internal"));
}

}  // namespace
}  // namespace koine::gateway::testing
