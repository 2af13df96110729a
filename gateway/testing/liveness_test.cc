// Providers that stand still: accept and say nothing, fall silent with a call on the connection or between
// calls; and that those who live are not asked more often than gRPC's servers bear.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codecs/transports/http2/types.h"
#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string settings("\0\0\0\4\0\0\0\0\0", 9);

// The opaque bytes of each PING, not an answer, in what a provider received.
std::vector<std::string> pings(const std::string& received) {
  std::vector<std::string> found;
  std::size_t at = codecs::transports::http2::client_preface.size();
  while (at + 9 <= received.size()) {
    const auto byte = [&](std::size_t i) {
      return static_cast<std::size_t>(static_cast<unsigned char>(received[at + i]));
    };
    const std::size_t size = byte(0) << 16 | byte(1) << 8 | byte(2);
    if (byte(3) == 6 && byte(4) == 0) found.push_back(received.substr(at + 9, size));
    at += 9 + size;
  }
  return found;
}
std::string pong(const std::string& opaque) { return std::string("\0\0\x08\6\1\0\0\0\0", 9) + opaque; }

struct Silent : ::testing::Test {
  World world{1};
  std::unique_ptr<net::memory::PeerListener> listener;
  std::unique_ptr<net::memory::Peer> peer;
  Caller* caller = nullptr;
  void start(const std::vector<std::string>& endpoints = {"10.0.0.1:9090"},
             base::Nanoseconds idle_close_ns = 60 * second_ns) {
    listener = world.network().serve("10.0.0.1:9090");
    world.start({.services = {{.protocol = Protocol::grpc,
                               .endpoints = endpoints,
                               .timeout_ns = 120 * second_ns,
                               .idle_close_ns = idle_close_ns}}});
    caller = &world.caller(Protocol::grpc);
  }
  std::shared_ptr<CallRecord> call() {
    const auto made = caller->call({.service = "test.orders"}, "x");
    world.settle();
    if (peer == nullptr) peer = listener->accept();
    world.settle();
    return made;
  }
};
using AProvider = Silent;

TEST_F(AProvider, WithoutSettingsItFailsAtTheTimerAndIsLeftAlone) {
  start({"10.0.0.1:9090", "10.0.0.2:9090"});
  world.provider(Protocol::grpc, "10.0.0.2:9090");
  const auto first = call();
  ASSERT_NE(peer, nullptr);
  world.advance(5 * second_ns - millisecond_ns);
  EXPECT_FALSE(first->done);
  world.advance(2 * millisecond_ns);
  ASSERT_TRUE(first->done);
  EXPECT_EQ(first->outcome.code, model::Code::unavailable);
  EXPECT_THAT(first->outcome.message, HasSubstr("sent no SETTINGS"));
  EXPECT_TRUE(peer->ended() || peer->was_reset());
  EXPECT_THAT(
      world.metrics(),
      HasSubstr(R"(koine_limit_hits_total{limit="upstream_settings_timeout",reason="UPSTREAM_SILENT"} 1)"));
  EXPECT_THAT(world.metrics(), HasSubstr(R"(koine_upstream_connect_failures_total{service="orders"} 1)"));
  // Backed off like one that cannot be connected to.
  for (int i = 0; i < 4; ++i) {
    const auto next = call();
    EXPECT_EQ(next->text(), "x") << next->outcome.message;
  }
}

TEST_F(AProvider, ThatFallsSilentIsAskedAndGivenUp) {
  start();
  const auto lost = call();
  ASSERT_NE(peer, nullptr);
  peer->send(settings);
  world.settle();
  world.advance(5 * second_ns - millisecond_ns);
  EXPECT_EQ(pings(peer->received()).size(), 0u);
  world.advance(2 * millisecond_ns);
  EXPECT_EQ(pings(peer->received()).size(), 1u);
  world.advance(4 * second_ns - 2 * millisecond_ns);
  EXPECT_FALSE(lost->done);
  world.advance(2 * millisecond_ns);
  ASSERT_TRUE(lost->done);
  EXPECT_EQ(lost->outcome.code, model::Code::unavailable);
  EXPECT_THAT(lost->outcome.message, HasSubstr("did not answer a PING"));
  EXPECT_THAT(
      world.metrics(),
      HasSubstr(R"(koine_limit_hits_total{limit="upstream_ping_timeout",reason="UPSTREAM_SILENT"} 1)"));
}

TEST_F(AProvider, ThatAnswersIsAskedTwiceAtMostAndWaitedFor) {
  start();
  const auto slow = call();
  ASSERT_NE(peer, nullptr);
  peer->send(settings);
  std::size_t asked = 0;
  for (int i = 0; i < 200; ++i) {
    world.advance(500 * millisecond_ns);
    const std::vector<std::string> all = pings(peer->received());
    for (; asked < all.size(); ++asked) peer->send(pong(all[asked]));
    world.settle();
  }
  EXPECT_EQ(asked, 2u);
  EXPECT_FALSE(slow->done);
}

TEST_F(AProvider, ThatFallsSilentBetweenCallsIsFoundBeforeTheNext) {
  start();
  Provider& provider = world.provider(Protocol::grpc, "10.0.0.3:9090");
  (void)provider;
  const auto first = call();
  peer->send(settings);
  world.settle();
  caller->cancel(first);
  world.settle();
  EXPECT_EQ(world.counts().upstream_connections, 1u);
  world.advance(9 * second_ns + 10 * millisecond_ns);
  EXPECT_EQ(world.counts().upstream_connections, 0u);
}

TEST(LivingProviders, AreServedOverMinutesOfSilence) {
  World world(1);
  Provider& provider = world.provider(Protocol::grpc);
  provider.echo = false;
  world.start({.services = {{.protocol = Protocol::grpc, .timeout_ns = 600 * second_ns}}});
  const auto call = world.caller(Protocol::grpc).call({.service = "test.orders"}, "x");
  world.advance(300 * second_ns);
  ASSERT_EQ(provider.calls.size(), 1u);
  provider.answer(*provider.calls[0], "late");
  world.settle();
  EXPECT_EQ(call->text(), "late") << call->outcome.message;
}

}  // namespace
}  // namespace koine::gateway::testing
