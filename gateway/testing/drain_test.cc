// The end in order: no call is lost that anybody could have saved.
#include <algorithm>

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
  // A Thrift caller cannot be told goodbye: it is given a second to go on.
  world.advance(second_ns);
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

// A caller in a tight loop: the next call goes out as soon as an answer is there.
struct Loop {
  Caller& caller;
  CallSpec spec;
  std::vector<std::shared_ptr<CallRecord>> calls = {};
  void go_on() {
    if (!calls.empty() && !calls.back()->done) return;
    calls.push_back(caller.call(spec, std::to_string(calls.size())));
  }
  std::size_t lost() const {
    return static_cast<std::size_t>(std::count_if(calls.begin(), calls.end(), [](const auto& call) {
      return call->done && call->text() != call->sent;
    }));
  }
};

TEST(Drain, AThriftCallerInATightLoopIsServedOnUntilItPauses) {
  World world;
  world.provider(Protocol::thrift);
  world.start({});
  Loop loop{world.caller(Protocol::thrift), {}};
  loop.go_on();
  world.settle();
  bool drained = false;
  world.gateway().drain([&] { drained = true; });
  for (int i = 0; i < 100; ++i) {
    loop.go_on();
    world.advance(100 * millisecond_ns);
  }
  EXPECT_FALSE(drained);
  EXPECT_EQ(loop.calls.size(), 101u);
  EXPECT_EQ(loop.lost(), 0u);
  world.advance(1100 * millisecond_ns);
  EXPECT_TRUE(drained);
  EXPECT_TRUE(loop.caller.closed());
}

TEST(Drain, AThriftCallerThatNeverPausesIsClosedBehindAnAnswerBeforeTheTimeout) {
  World world;
  world.provider(Protocol::thrift);
  world.start({});  // 30 s: served on for 25
  Loop loop{world.caller(Protocol::thrift), {}};
  bool drained = false;
  world.settle();
  world.gateway().drain([&] { drained = true; });
  base::Nanoseconds spent = 0;
  while (!loop.caller.closed() && spent < 40 * second_ns) {
    loop.go_on();
    world.advance(50 * millisecond_ns);
    spent += 50 * millisecond_ns;
  }
  EXPECT_NEAR(static_cast<double>(spent) / second_ns, 25.0, 0.2);
  EXPECT_EQ(loop.lost(), 0u) << "it was between two calls";
  world.advance(second_ns);
  EXPECT_TRUE(drained);
  EXPECT_EQ(world.log().find("drain_timeout"), std::string::npos);
}

TEST(Drain, CallsInFlightWhenThriftCallersAreClosedAtLastAreAnsweredInTheirOrder) {
  World world;
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  world.start({});
  Caller& caller = world.caller(Protocol::thrift);
  std::vector<std::shared_ptr<CallRecord>> calls;
  for (int i = 0; i < 3; ++i) calls.push_back(caller.call({}, std::to_string(i)));
  world.settle();
  bool drained = false;
  world.gateway().drain([&] { drained = true; });
  world.advance(26 * second_ns - 12 * second_ns);  // before the calls' own deadline
  EXPECT_FALSE(caller.closed());
  for (std::size_t i = 3; i-- > 0;) provider.answer(*provider.calls.at(i), provider.calls[i]->text());
  world.settle();
  for (const auto& call : calls) EXPECT_EQ(call->text(), call->sent) << call->outcome.message;
  world.advance(1100 * millisecond_ns);
  EXPECT_TRUE(drained);
}

TEST(Drain, ACallThatHasOnlyComeInPartIsWaitedForAndServed) {
  World world;
  world.provider(Protocol::thrift);
  world.start({});
  const auto peer = world.network().dial("127.0.0.1:7000");
  const auto request = [](char seqid) {
    std::string bytes(
        "\0\0\0\x19\x80\x01\0\x01\0\0\0\x04"
        "Echo\0\0\0",
        19);
    bytes += seqid;
    return bytes + arguments_of("a").to_string();
  };
  peer->send(request(1));
  world.settle();
  ASSERT_FALSE(peer->take_received().empty());
  world.gateway().drain([] {});
  for (const char c : request(2)) {
    peer->send(std::string_view(&c, 1));
    world.advance(300 * millisecond_ns);
  }
  EXPECT_THAT(peer->received(), HasSubstr("Echo"));
}

TEST(Drain, GrpcCallersInATightLoopLoseNoCallAndGoElsewhere) {
  World world(2, 11);
  world.provider(Protocol::grpc);
  world.start({.services = {{.protocol = Protocol::grpc}}});
  std::vector<Loop> loops;
  for (int i = 0; i < 8; ++i) loops.push_back({world.caller(Protocol::grpc), grpc_echo()});
  for (Loop& loop : loops) loop.go_on();
  world.settle();
  bool drained = false;
  world.gateway().drain([&] { drained = true; });
  for (int i = 0; i < 400 && !drained; ++i) {
    for (Loop& loop : loops) {
      if (loop.caller.accepting()) loop.go_on();
    }
    world.advance(10 * millisecond_ns);
  }
  EXPECT_TRUE(drained);
  for (const Loop& loop : loops) {
    EXPECT_EQ(loop.lost(), 0u);
    EXPECT_TRUE(loop.calls.back()->done);
    EXPECT_GT(loop.calls.size(), 1u);
  }
}

TEST(Drain, OnewayCallsReachASlowProviderBeforeTheEnd) {
  World world(1);
  world.network().set_links([&](const net::Address& to, std::uint64_t) {
    net::memory::ConnectionOptions links;
    if (to.host() == "10.0.0.1") {
      links.to_server.window_bytes = 64;  // the call does not fit at once
      links.to_server.latency_ns = 200 * millisecond_ns;
    }
    return links;
  });
  Provider& provider = world.provider(Protocol::thrift);
  world.start({});
  Caller& caller = world.caller(Protocol::thrift);
  const std::string note(300, 'n');
  caller.call({.method = "Post", .kind = model::MethodKind::oneway}, note);
  world.settle();
  caller.close();
  bool drained = false;
  world.gateway().drain([&] {
    drained = true;
    EXPECT_EQ(provider.calls.size(), 1u) << "the end did not wait for its last bytes";
  });
  world.advance(20 * second_ns);
  EXPECT_TRUE(drained);
  ASSERT_EQ(provider.calls.size(), 1u);
  EXPECT_EQ(provider.calls[0]->text(), note);
}

}  // namespace
}  // namespace koine::gateway::testing
