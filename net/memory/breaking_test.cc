// Breaking a standing connection, running out of descriptors when connecting, and looking at single steps.
#include <gtest/gtest.h>

#include "net/memory/memory_network.h"

namespace koine::net::memory {
namespace {

// A stream's owner that keeps what it is told.
struct Owner final : StreamHandler {
  std::string received;
  bool connected = false;
  bool ended = false;
  bool closed = false;
  base::Status status;
  void on_connected() override { connected = true; }
  void on_data(base::Buffer& in) override {
    received += in.to_string();
    in.clear();
  }
  void on_eof() override { ended = true; }
  void on_closed(const base::Status& why) override {
    closed = true;
    status = why;
  }
};

struct Pair {
  MemoryNetwork network;
  Network& worker = network.add_worker();
  std::unique_ptr<PeerListener> listener = network.serve("10.0.0.1:1");
  Owner owner;
  StreamPtr stream = worker.connect(*Address::parse("10.0.0.1:1"), owner, {});
  std::unique_ptr<Peer> peer;
  Pair() {
    EXPECT_TRUE(network.run_until_idle());
    peer = listener->accept();
  }
  Connection& connection() { return *network.standing_connections().at(0); }
};

TEST(BreakOff, WithAResetEndsBothSidesBehindWhatWasWritten) {
  Pair pair;
  pair.peer->send("last words");
  ASSERT_TRUE(pair.network.run_until_idle());
  EXPECT_EQ(pair.owner.received, "last words");
  pair.connection().break_off(1, Cut::reset);
  ASSERT_TRUE(pair.network.run_until_idle());
  EXPECT_TRUE(pair.owner.closed);
  EXPECT_FALSE(pair.owner.status.ok());
  EXPECT_TRUE(pair.peer->was_reset());
}

TEST(BreakOff, WithAnEndIsHeardByTheReaderOnly) {
  Pair pair;
  pair.connection().break_off(1, Cut::eof);
  ASSERT_TRUE(pair.network.run_until_idle());
  EXPECT_TRUE(pair.owner.ended);
  EXPECT_FALSE(pair.peer->ended());
}

TEST(BreakOff, WithSilenceIsHeardByNobody) {
  Pair pair;
  pair.connection().break_off(1, Cut::silence);
  pair.peer->send("lost");
  ASSERT_TRUE(pair.network.run_until_idle());
  EXPECT_EQ(pair.owner.received, "");
  EXPECT_FALSE(pair.owner.closed);
  EXPECT_EQ(pair.network.open_connections(), 1u);
}

TEST(FailConnects, RefusesThatManyAndNoMore) {
  MemoryNetwork network;
  Network& worker = network.add_worker();
  const auto listener = network.serve("10.0.0.1:1");
  network.fail_connects(*Address::parse("10.0.0.1:1"), 1);
  Owner first;
  Owner second;
  const StreamPtr fails = worker.connect(*Address::parse("10.0.0.1:1"), first, {});
  const StreamPtr stands = worker.connect(*Address::parse("10.0.0.1:1"), second, {});
  ASSERT_TRUE(network.run_until_idle());
  EXPECT_TRUE(first.closed);
  EXPECT_NE(first.status.to_string().find("Too many open files"), std::string::npos);
  EXPECT_TRUE(second.connected);
}

TEST(Step, IsOneTurnAndTimeStandsStill) {
  MemoryNetwork network;
  Network& worker = network.add_worker();
  int ran = 0;
  worker.loop().schedule(0, [&] { ++ran; });
  const TimerId later = worker.loop().schedule(base::second_ns, [&] { ++ran; });
  EXPECT_EQ(network.timers_waiting(worker), 2u);
  EXPECT_TRUE(network.step());
  EXPECT_EQ(ran, 1);
  EXPECT_FALSE(network.step());
  EXPECT_EQ(network.next_ns(), network.clock().monotonic_ns() + base::second_ns);
  EXPECT_EQ(network.timers_waiting(worker), 1u);
  EXPECT_TRUE(worker.loop().cancel(later));
  EXPECT_EQ(network.timers_waiting(worker), 0u);
  EXPECT_EQ(network.next_ns(), base::never_ns);
}

}  // namespace
}  // namespace koine::net::memory
