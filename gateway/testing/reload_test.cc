// A new configuration under calls: whole or not at all, and nothing of the old is left behind.
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

TEST(Reload, AThousandTimesLeaksNothing) {
  World world(2, 3);
  world.provider(Protocol::thrift, "10.0.0.1:1");
  world.provider(Protocol::thrift, "10.0.0.1:2");
  world.options.reload = [](std::uint64_t version) {
    const char* endpoint = version % 2 == 0 ? "10.0.0.1:2" : "10.0.0.1:1";
    ServiceSpec moves{.endpoints = {endpoint}};
    ServiceSpec renamed{.name = "stock" + std::to_string(version % 3), .endpoints = {endpoint}};
    return make_snapshot({.services = {moves, renamed}, .default_service = "orders", .version = version});
  };
  world.start({.services = {{.endpoints = {"10.0.0.1:1"}}}, .default_service = "orders"});
  std::vector<Caller*> callers;
  for (int i = 0; i < 4; ++i)
    callers.push_back(&world.caller(i % 2 == 0 ? Protocol::grpc : Protocol::thrift));
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::shared_ptr<CallRecord>> calls;
    for (std::size_t c = 0; c < callers.size(); ++c)
      calls.push_back(callers[c]->call(c % 2 == 0 ? grpc_echo() : CallSpec(), std::to_string(round)));
    if (round % 2 == 0) world.settle();
    ASSERT_TRUE(world.gateway().reload());
    world.settle();
    for (const auto& call : calls) ASSERT_EQ(call->text(), call->sent) << call->outcome.message;
  }
  world.advance(second_ns);
  const Worker::Counts counts = world.counts();
  EXPECT_EQ(counts.snapshots, 2u);
  EXPECT_EQ(counts.pools, 4u) << "two workers with two services";
  EXPECT_EQ(counts.exchanges, 0u);
  EXPECT_EQ(counts.connections, 4u);
  EXPECT_LE(counts.upstream_connections, 4u);
  EXPECT_EQ(world.gateway().permits().endpoints(), 2u);
}

TEST(Reload, AnIdleCallersConnectionKeepsNoOldSnapshot) {
  World world(1);
  std::vector<std::weak_ptr<const control::Snapshot>> made;
  world.options.reload = [&](std::uint64_t version) {
    control::SnapshotRef next = make_snapshot({.version = version});
    made.push_back(next);
    return next;
  };
  world.start({});
  std::vector<std::unique_ptr<net::memory::Peer>> idle;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(world.gateway().reload());
    idle.push_back(world.network().dial("127.0.0.1:7000"));
    world.settle();
  }
  for (std::size_t i = 0; i + 1 < made.size(); ++i) EXPECT_TRUE(made[i].expired()) << i;
  EXPECT_FALSE(made.back().expired());
}

TEST(Reload, ACallUsesTheDefaultServiceOfItsOwnConfiguration) {
  World world(1);
  Provider& orders = world.provider(Protocol::thrift, "10.0.0.1:1");
  Provider& stock = world.provider(Protocol::thrift, "10.0.0.1:2");
  const auto spec = [](std::uint64_t version) {
    return SnapshotSpec{.services = {{.name = "orders", .endpoints = {"10.0.0.1:1"}},
                                     {.name = "stock", .endpoints = {"10.0.0.1:2"}}},
                        .default_service = version % 2 == 1 ? "orders" : "stock",
                        .version = version};
  };
  world.options.reload = [&](std::uint64_t version) { return make_snapshot(spec(version)); };
  world.start(spec(1));
  Caller& caller = world.caller(Protocol::thrift);
  for (int i = 0; i < 4; ++i) {
    const auto call = caller.call({}, std::to_string(i));
    world.settle();
    EXPECT_EQ(call->text(), call->sent) << call->outcome.message;
    ASSERT_TRUE(world.gateway().reload());
    world.settle();
  }
  EXPECT_EQ(orders.calls.size(), 2u);
  EXPECT_EQ(stock.calls.size(), 2u);
}

}  // namespace
}  // namespace koine::gateway::testing
