// Connections whose provider has gone without a word while calls are on them: the calls of one timeout are
// lost, later ones go elsewhere until it is known whether somebody is there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codecs/transports/http2/types.h"
#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;
using ::testing::HasSubstr;

const std::string settings("\0\0\0\4\0\0\0\0\0", 9);

// The frames of a type, without flags, in what a provider received: their payloads.
std::vector<std::string> frames(const std::string& received, unsigned char type) {
  std::vector<std::string> found;
  std::size_t at = codecs::transports::http2::client_preface.size();
  while (at + 9 <= received.size()) {
    const auto byte = [&](std::size_t i) {
      return static_cast<std::size_t>(static_cast<unsigned char>(received[at + i]));
    };
    const std::size_t size = byte(0) << 16 | byte(1) << 8 | byte(2);
    if (byte(3) == type && (type != 6 || byte(4) == 0)) found.push_back(received.substr(at + 9, size));
    at += 9 + size;
  }
  return found;
}
std::vector<std::string> pings(const net::memory::Peer& peer) { return frames(peer.received(), 6); }
std::size_t calls(const net::memory::Peer& peer) { return frames(peer.received(), 1).size(); }
std::string pong(const std::string& opaque) { return std::string("\0\0\x08\6\1\0\0\0\0", 9) + opaque; }

struct Doubt : ::testing::Test {
  World world{1};
  std::unique_ptr<net::memory::PeerListener> listener;
  std::vector<std::unique_ptr<net::memory::Peer>> peers;
  Caller* caller = nullptr;

  void start(std::uint32_t connections_max = 64) {
    listener = world.network().serve("10.0.0.1:9090");
    world.start({.services = {{.protocol = Protocol::grpc,
                               .connections_max = connections_max,
                               .timeout_ns = second_ns,
                               .idle_close_ns = 60 * second_ns}}});
    caller = &world.caller(Protocol::grpc);
  }
  std::shared_ptr<CallRecord> call(base::Nanoseconds timeout_ns = base::never_ns) {
    const auto made = caller->call({.service = "test.orders", .timeout_ns = timeout_ns}, "x");
    world.settle();
    while (auto peer = listener->accept()) {
      peer->send(settings);
      peers.push_back(std::move(peer));
    }
    world.settle();
    return made;
  }
};

TEST_F(Doubt, TheCallsAfterATimeoutGoToAnotherConnection) {
  start();
  const auto lost = call();
  world.advance(second_ns + millisecond_ns);
  ASSERT_TRUE(lost->done);
  EXPECT_EQ(lost->outcome.code, model::Code::deadline_exceeded);
  ASSERT_EQ(peers.size(), 1u);
  EXPECT_EQ(pings(*peers[0]).size(), 1u);
  for (int i = 0; i < 3; ++i) (void)call();
  ASSERT_EQ(peers.size(), 2u);
  EXPECT_EQ(calls(*peers[0]), 1u);
  EXPECT_EQ(calls(*peers[1]), 3u);
}

TEST_F(Doubt, ASignOfLifeEndsIt) {
  start();
  (void)call();
  world.advance(second_ns + millisecond_ns);
  ASSERT_EQ(peers.size(), 1u);
  const auto asked = pings(*peers[0]);
  ASSERT_EQ(asked.size(), 1u);
  peers[0]->send(pong(asked[0]));
  world.settle();
  (void)call();
  EXPECT_EQ(peers.size(), 1u);
  EXPECT_EQ(calls(*peers[0]), 2u);
}

TEST_F(Doubt, WithoutAnswerTheConnectionIsGivenUpAndTheEndpointKept) {
  start();
  (void)call();
  world.advance(second_ns + millisecond_ns);
  (void)call();
  ASSERT_EQ(peers.size(), 2u);
  world.advance(4 * second_ns);
  EXPECT_TRUE(peers[0]->ended() || peers[0]->was_reset());
  // It spoke on the other one since: no reason to leave it alone.
  EXPECT_THAT(world.metrics(), HasSubstr(R"(koine_upstream_connect_failures_total{service="orders"} 0)"));
}

TEST_F(Doubt, WhereNoOtherConnectionMayBeOpenedCallsWaitForTheAnswer) {
  start(1);
  (void)call();
  world.advance(second_ns + millisecond_ns);
  const auto waits = call();
  ASSERT_EQ(peers.size(), 1u);
  EXPECT_EQ(calls(*peers[0]), 1u);
  peers[0]->send(pong(pings(*peers[0]).at(0)));
  world.settle();
  EXPECT_EQ(calls(*peers[0]), 2u);
  EXPECT_FALSE(waits->done);
}

TEST_F(Doubt, ImpatientCallersRaiseNone) {
  start();
  (void)call(50 * millisecond_ns);
  world.advance(51 * millisecond_ns);
  (void)call(40 * millisecond_ns);
  world.advance(41 * millisecond_ns);
  ASSERT_EQ(peers.size(), 1u);
  EXPECT_EQ(pings(*peers[0]).size(), 0u);
  EXPECT_EQ(calls(*peers[0]), 2u);
}

TEST_F(Doubt, AProviderThatTalksIsNotAsked) {
  start();
  const auto slow = call();
  world.advance(950 * millisecond_ns);
  // A window update: no answer, but a word.
  peers.at(0)->send(std::string("\0\0\4\10\0\0\0\0\0\0\0\0\1", 13));
  world.advance(51 * millisecond_ns);
  EXPECT_TRUE(slow->done);
  EXPECT_EQ(pings(*peers[0]).size(), 0u);
}

}  // namespace
}  // namespace koine::gateway::testing
