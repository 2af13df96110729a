// Callers that begin to say something in HTTP/2 and do not go on: openings, frames, header blocks, requests
// and messages; and those who only pause. Thrift's are in detection_test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/frames.h"
#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;
using ::testing::HasSubstr;

struct StalledHttp2 : ::testing::Test {
  World world{1};
  Provider* provider = nullptr;
  std::unique_ptr<net::memory::Peer> peer;
  void SetUp() override {
    provider = &world.provider(Protocol::grpc);
    world.start({.services = {{.protocol = Protocol::grpc, .timeout_ns = 1000 * second_ns}}});
    peer = world.network().dial("127.0.0.1:7000");
  }
  void say(const std::string& bytes) {
    peer->send(bytes);
    world.settle();
  }
  bool over() const { return peer->ended() || peer->was_reset(); }
  bool hit() const {
    return world.metrics().find("koine_limit_hits_total{limit=\"frame_timeout\"") != std::string::npos;
  }
};

TEST_F(StalledHttp2, BytesThatDoNotTellTheProtocolHaveTenSeconds) {
  say("PR");
  world.advance(9 * second_ns);
  say("I");
  world.advance(999 * millisecond_ns);
  EXPECT_FALSE(over());
  world.advance(2 * millisecond_ns);
  EXPECT_TRUE(over());
  EXPECT_THAT(world.metrics(),
              HasSubstr(R"(koine_limit_hits_total{limit="first_bytes_timeout",reason="NET_TIMEOUT"} 1)"));
}

TEST_F(StalledHttp2, TheRestOfAnOpeningHasTheTimeOfAFrame) {
  const std::string preface = frames::opening();
  for (std::size_t i = 0; i < 30; ++i) {
    say(preface.substr(i, 1));  // the first frame, too, is a part of it
    world.advance(second_ns - (i == 29 ? millisecond_ns : 0));
  }
  EXPECT_FALSE(over());
  EXPECT_FALSE(hit());
  world.advance(2 * millisecond_ns);
  EXPECT_TRUE(over());
  EXPECT_TRUE(hit());
}

TEST_F(StalledHttp2, AnOpeningInPartsIsServed) {
  const std::string preface = frames::opening();
  say(preface.substr(0, 10));
  world.advance(5 * second_ns);
  say(preface.substr(10) + frames::request(1, "/test.orders/Echo", frames::message("x")));
  EXPECT_EQ(provider->calls.size(), 1u);
  world.advance(100 * second_ns);
  EXPECT_FALSE(over());
}

TEST_F(StalledHttp2, HttpOneHasItsTenSecondsToo) {
  say("GE");
  world.advance(10 * second_ns - millisecond_ns);
  EXPECT_FALSE(over());
  world.advance(2 * millisecond_ns);
  EXPECT_TRUE(over());
}

TEST_F(StalledHttp2, AFrameThatStopsInTheMiddleEndsItsConnection) {
  say(frames::opening() + frames::request(1, "/test.orders/Echo", frames::message("x")));
  const std::string headers = frames::headers(3, "/test.orders/Echo", 0);
  for (std::size_t i = 0; i < 29; ++i) {
    say(headers.substr(i, 1));  // wins no time
    world.advance(second_ns);
  }
  world.advance(second_ns - millisecond_ns);
  EXPECT_FALSE(over());
  world.advance(2 * millisecond_ns);
  EXPECT_TRUE(over());
  EXPECT_TRUE(hit());
  EXPECT_THAT(world.log(), HasSubstr("connection_stalled"));
}

TEST_F(StalledHttp2, AHeaderBlockThatIsNotEndedEndsItsConnection) {
  say(frames::opening() + frames::frame(1, 0, 1, frames::fields("/test.orders/Echo")));
  world.advance(10 * second_ns);
  say(frames::frame(9, 0, 1, frames::field("a", "b")));
  world.advance(20 * second_ns - millisecond_ns);
  EXPECT_FALSE(over());
  world.advance(2 * millisecond_ns);
  EXPECT_TRUE(over());
  EXPECT_TRUE(hit());
}

TEST_F(StalledHttp2, ARequestThatStopsIsRefusedAndAConnectionWithNothingElseIsOver) {
  // DATA of one byte a second: each frame is whole, the message is not.
  say(frames::opening() + frames::headers(1, "/test.orders/Echo", 0) +
      frames::frame(0, 0, 1, std::string("\0\0\0\x40\0", 5)));
  for (int i = 0; i < 29; ++i) {
    world.advance(second_ns);
    say(frames::frame(0, 0, 1, "x"));
  }
  world.advance(second_ns - millisecond_ns);
  EXPECT_FALSE(over());
  world.advance(2 * millisecond_ns);
  EXPECT_TRUE(over());
  EXPECT_TRUE(hit());
  EXPECT_TRUE(provider->calls.empty());
  EXPECT_THAT(world.metrics(), HasSubstr(R"(koine_gateway_call_failures_total{reason="LIMIT_IDLE"} 1)"));
}

TEST_F(StalledHttp2, OtherCallsOfTheConnectionGoOn) {
  provider->echo = false;
  say(frames::opening() + frames::request(1, "/test.orders/Echo", frames::message("x")) +
      frames::headers(3, "/test.orders/Echo", 0));
  ASSERT_EQ(provider->calls.size(), 1u);
  world.advance(31 * second_ns);
  EXPECT_TRUE(hit());
  EXPECT_FALSE(over());
  provider->answer(*provider->calls[0], "late");
  world.settle();
  EXPECT_THAT(peer->received(), HasSubstr("late"));
  EXPECT_FALSE(over());
}

TEST_F(StalledHttp2, StreamsMayPauseBetweenMessagesAndNotWithinOne) {
  say(frames::opening() + frames::headers(1, "/test.orders/Chat", 0) +
      frames::frame(0, 0, 1, frames::message("one")));
  ASSERT_EQ(provider->calls.size(), 1u);
  world.advance(120 * second_ns);
  EXPECT_FALSE(hit());
  say(frames::frame(0, 0, 1, frames::message("two").substr(0, 6)));
  world.advance(30 * second_ns - millisecond_ns);
  EXPECT_FALSE(provider->calls[0]->cancelled);
  world.advance(2 * millisecond_ns);
  EXPECT_TRUE(hit());
  EXPECT_TRUE(provider->calls[0]->cancelled);
}

TEST(Stalled, ARequestThatWaitsForRoomOfOursIsNotLate) {
  World world(1);
  Provider& provider = world.provider(Protocol::grpc);
  provider.echo = false;
  base::Limits limits;
  limits.message_bytes_max = 256u << 10;
  limits.connection_memory_bytes_max = 1u << 20;
  world.start({.services = {{.protocol = Protocol::grpc, .timeout_ns = 1000 * second_ns}}, .limits = limits});
  Caller& caller = world.caller(Protocol::grpc);
  std::vector<std::shared_ptr<CallRecord>> calls;
  for (int i = 0; i < 4; ++i)
    calls.push_back(caller.call({.service = "test.orders"}, std::string(200u << 10, 'x')));
  world.settle();
  ASSERT_LT(provider.calls.size(), calls.size());
  world.advance(100 * second_ns);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    ASSERT_LT(i, provider.calls.size());
    provider.answer(*provider.calls[i], "ok");
    world.settle();
  }
  for (const auto& call : calls) EXPECT_EQ(call->text(), "ok") << call->outcome.message;
}

}  // namespace
}  // namespace koine::gateway::testing
