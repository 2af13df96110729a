// Floods beside a valid caller: what one connection sends at once is taken in shares, and who floods is kept
// waiting before it may come again.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/frames.h"
#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;
using ::testing::HasSubstr;

TEST(Shares, ThousandsOfCallsAtOnceDoNotKeepAnotherCallerWaiting) {
  World world(1);
  Provider& provider = world.provider(Protocol::grpc);
  provider.echo = false;
  base::Limits limits;
  limits.streams_per_connection_max = 10000;
  world.start({.services = {{.protocol = Protocol::grpc},
                            {.name = "flooded",
                             .protocol = Protocol::grpc,
                             .endpoints = {"10.0.0.2:9090"},
                             .concurrency_max = 10000}},
               .limits = limits});
  Provider& flooded = world.provider(Protocol::grpc, "10.0.0.2:9090");
  Caller& valid = world.caller(Protocol::grpc);
  const auto first = valid.call({.service = "test.orders"}, "connected");
  const auto flood = world.network().dial("127.0.0.1:7000");
  flood->send(frames::opening());
  world.settle();
  provider.answer(*provider.calls.back(), "connected");
  provider.echo = true;
  world.settle();
  ASSERT_EQ(first->text(), "connected");
  constexpr std::uint32_t calls = 2000;
  std::string bytes;
  for (std::uint32_t i = 0; i < calls; ++i) {
    bytes += frames::request(2 * i + 1, "/test.flooded/Echo", frames::message(arguments_of("f").to_string()));
  }
  flood->send(bytes);
  const auto call = valid.call({.service = "test.orders"}, "valid");
  ASSERT_TRUE(world.until([&] { return call->done; }));
  EXPECT_EQ(call->text(), "valid") << call->outcome.message;
  EXPECT_LT(flooded.calls.size(), calls / 2);
  // And all of them are answered in the end.
  world.settle();
  EXPECT_EQ(flooded.calls.size(), calls);
}

TEST(Shares, PipelinedThriftCallsThatAreRefusedAreTakenInSharesToo) {
  World world(1);
  world.provider(Protocol::thrift);
  world.start({.default_service = "orders"});
  const auto flood = world.network().dial("127.0.0.1:7000");
  // Framed, strict binary: a method that nobody has.
  const std::string one("\0\0\0\x11\x80\1\0\1\0\0\0\4None\0\0\0\1\0", 21);
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += one;
  flood->send(bytes);
  world.settle();
  const std::string& got = flood->received();
  std::size_t answers = 0;
  for (std::size_t at = got.find("None"); at != std::string::npos; at = got.find("None", at + 4)) {
    answers += got.compare(at - 8, 4, std::string("\x80\1\0\3", 4)) == 0 ? 1u : 0u;
  }
  EXPECT_EQ(answers, 1000u);
}

TEST(Floods, WhoFloodsIsToldAndKeptUnreadForASecond) {
  World world(1);
  world.start({});
  const auto flood = world.network().dial("127.0.0.1:7000");
  flood->send(frames::opening() + frames::headers(1, "/test.orders/Echo", 0) + frames::frame(0, 0, 1) +
              frames::frame(0, 0, 1) + frames::frame(0, 0, 1));
  world.settle();
  // GOAWAY, ENHANCE_YOUR_CALM.
  EXPECT_THAT(flood->received(), HasSubstr(frames::u32(11)));
  EXPECT_THAT(world.log(), HasSubstr("LIMIT_FLOOD"));
  EXPECT_EQ(world.counts().connections, 1u);
  flood->send(std::string(1u << 20, 'x'));
  world.advance(second_ns - millisecond_ns);
  EXPECT_FALSE(flood->ended() || flood->was_reset());
  EXPECT_GT(flood->unsent_bytes(), 0u);
  world.advance(2 * millisecond_ns);
  EXPECT_EQ(world.counts().connections, 0u);
  EXPECT_TRUE(flood->ended() || flood->was_reset());
  EXPECT_THAT(world.metrics(),
              HasSubstr(R"(koine_gateway_connection_failures_total{reason="LIMIT_FLOOD"} 1)"));
}

TEST(Floods, ThoseWhoAreKeptDoNotKeepADrain) {
  World world(1);
  world.start({});
  const auto flood = world.network().dial("127.0.0.1:7000");
  flood->send(frames::opening() + frames::headers(1, "/test.orders/Echo", 0) + frames::frame(0, 0, 1) +
              frames::frame(0, 0, 1));
  world.settle();
  EXPECT_EQ(world.counts().connections, 1u);
  world.gateway().drain([] {});
  world.advance(1100 * millisecond_ns);
  EXPECT_EQ(world.counts().connections, 0u);
}

}  // namespace
}  // namespace koine::gateway::testing
