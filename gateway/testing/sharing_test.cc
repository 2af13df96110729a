// What workers share of an endpoint: its connections, one by one if need be, and what is known of it.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;

CallSpec echo() {
  CallSpec spec;
  spec.service = "test.orders";
  return spec;
}

// Callers that always have calls in flight, each on a worker of its own.
struct Crowd {
  World& world;
  std::vector<Caller*> callers = {};
  std::vector<std::vector<std::shared_ptr<CallRecord>>> calls = {};
  Crowd(World& where, std::size_t count) : world(where), calls(count) {
    for (std::size_t i = 0; i < count; ++i) {
      callers.push_back(&world.caller(Protocol::grpc));
      world.settle();
    }
  }
  void keep_busy(std::size_t in_flight) {
    for (std::size_t c = 0; c < callers.size(); ++c) {
      const auto open =
          std::count_if(calls[c].begin(), calls[c].end(), [](const auto& call) { return !call->done; });
      for (auto i = static_cast<std::size_t>(open); i < in_flight; ++i) {
        calls[c].push_back(
            callers[c]->call(echo(), std::to_string(c) + "-" + std::to_string(calls[c].size())));
      }
    }
  }
  std::size_t answered(std::size_t caller) const {
    return static_cast<std::size_t>(
        std::count_if(calls[caller].begin(), calls[caller].end(),
                      [](const auto& call) { return call->done && call->text() == call->sent; }));
  }
  std::size_t failed() const {
    std::size_t count = 0;
    for (const auto& all : calls) {
      for (const auto& call : all) count += call->done && call->text() != call->sent ? 1u : 0u;
    }
    return count;
  }
};

struct Sharing {
  std::uint32_t pipelined = 1;
  Protocol protocol = Protocol::thrift;
};
class SharedConnection : public ::testing::TestWithParam<Sharing> {};
INSTANTIATE_TEST_SUITE_P(Every, SharedConnection,
                         ::testing::Values(Sharing{1}, Sharing{4}, Sharing{1, Protocol::grpc}));

// PHP's TSimpleServer: one connection, one call after the other, and connections_max: 1.
TEST_P(SharedConnection, OfAServerThatServesOneAtATimeGoesRoundTheWorkers) {
  World world(3);
  Provider& provider = world.provider(GetParam().protocol);
  provider.one_at_a_time = true;
  provider.echo = false;
  world.start(
      {.services = {
           {.protocol = GetParam().protocol, .connections_max = 1, .pipelined_max = GetParam().pipelined}}});
  Crowd crowd(world, 3);
  std::size_t served = 0;
  for (int step = 0; step < 2000; ++step) {
    crowd.keep_busy(3);
    world.advance(millisecond_ns);
    // One answer a millisecond.
    while (served < provider.calls.size() && provider.calls[served]->answered) ++served;
    if (served < provider.calls.size())
      provider.answer(*provider.calls[served], provider.calls[served]->text());
    ASSERT_LE(provider.connections(), 1u);
  }
  EXPECT_EQ(crowd.failed(), 0u);
  std::size_t least = SIZE_MAX, most = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    least = std::min(least, crowd.answered(c));
    most = std::max(most, crowd.answered(c));
  }
  EXPECT_GT(least, 500u) << "most " << most;
  EXPECT_LT(most - least, most / 5) << "least " << least << ", most " << most;
}

TEST(SharedConnection, IsGivenBackWhenIdleSoThatOthersOutsideCanHaveIt) {
  World world(2);
  Provider& provider = world.provider(Protocol::thrift);
  provider.one_at_a_time = true;
  world.start({.services = {{.connections_max = 1, .idle_close_ns = 2 * second_ns}}});
  Crowd crowd(world, 2);
  crowd.keep_busy(1);
  world.settle();
  EXPECT_EQ(crowd.answered(0) + crowd.answered(1), 2u);
  EXPECT_EQ(provider.connections(), 1u);
  world.advance(3 * second_ns);
  EXPECT_EQ(provider.connections(), 0u);
}

TEST(SharedConnection, IsServedToTheOthersWhenTheOneThatHadItsTurnGivesUp) {
  World world(2);
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  world.start({.services = {{.connections_max = 1}}});
  Caller& one = world.caller(Protocol::grpc);
  world.settle();
  Caller& two = world.caller(Protocol::grpc);
  world.settle();
  one.call(echo(), "holds");
  world.settle();
  CallSpec short_call = echo();
  short_call.timeout_ns = 50 * millisecond_ns;
  const auto gives_up = two.call(short_call, "gives up");
  world.advance(60 * millisecond_ns);
  EXPECT_EQ(gives_up->outcome.code, model::Code::deadline_exceeded);
  provider.answer(*provider.calls.at(0), "holds");
  world.settle();
  // Nobody waits: the connection stays with whom it is.
  EXPECT_EQ(provider.connections_ever(), 1u);
  const auto next = two.call(echo(), "next");
  world.settle();
  provider.answer(*provider.calls.at(1), "next");
  world.settle();
  EXPECT_EQ(next->text(), "next");
}

// New connections are refused while those from before go on working: a provider that is being replaced.
struct RefusesNew : ::testing::Test {
  World world{2};
  Provider& provider = world.provider(Protocol::thrift);
  bool refuses = false;
  Caller* connected = nullptr;  // its worker has a connection
  Caller* without = nullptr;    // its worker has none
  void SetUp() override {
    world.network().set_links([this](const net::Address& to, std::uint64_t) {
      net::memory::ConnectionOptions links;
      if (refuses && to.host() == "10.0.0.1") links.answer = net::memory::ConnectAnswer::refuse;
      return links;
    });
    world.start({});
    connected = &world.caller(Protocol::grpc);
    world.settle();
    without = &world.caller(Protocol::grpc);
    world.settle();
    connected->call(echo(), "first");
    world.settle();
    ASSERT_EQ(provider.connections(), 1u);
    refuses = true;
  }
};

TEST_F(RefusesNew, CallsOfAWorkerWithoutAConnectionWaitWhileAnotherWorkerHasOne) {
  const auto waits = without->call(echo(), "waits");
  world.advance(3 * second_ns);
  EXPECT_FALSE(waits->done) << waits->outcome.message;
  const auto served = connected->call(echo(), "served");
  world.settle();
  EXPECT_EQ(served->text(), "served");
  refuses = false;
  world.advance(2 * second_ns);
  EXPECT_EQ(waits->text(), "waits");
}

TEST_F(RefusesNew, TheyAreToldAtOnceWhenTheLastConnectionIsGone) {
  const auto waits = without->call(echo(), "waits");
  world.advance(200 * millisecond_ns);
  ASSERT_FALSE(waits->done);
  provider.close_connections();
  world.settle();
  ASSERT_TRUE(waits->done);
  EXPECT_EQ(waits->outcome.code, model::Code::unavailable);
  const auto next = without->call(echo(), "next");
  world.settle();
  EXPECT_TRUE(next->done) << "nobody has a connection: nothing to wait for";
}

TEST_F(RefusesNew, AnEndpointThatOneWorkerReachedIsLeftAloneByNoneOfThem) {
  provider.close_connections();
  const auto fails = connected->call(echo(), "fails");
  world.settle();
  EXPECT_EQ(fails->outcome.code, model::Code::unavailable);
  // The other worker knows without a try of its own.
  const auto too = without->call(echo(), "too");
  world.settle();
  EXPECT_EQ(too->outcome.code, model::Code::unavailable);
  refuses = false;
  world.advance(1600 * millisecond_ns);
  const auto back = connected->call(echo(), "back");
  world.settle();
  EXPECT_EQ(back->text(), "back");
  const auto back_too = without->call(echo(), "back too");
  world.settle();
  EXPECT_EQ(back_too->text(), "back too");
}

}  // namespace
}  // namespace koine::gateway::testing
