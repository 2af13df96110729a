// The network in memory itself: faults at chosen bytes, virtual time, seeds, several workers.
#include "net/memory/memory_network.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/dialer.h"
#include "net/memory/rig_test_support.h"

namespace koine::net::memory {
namespace {

using base::millisecond_ns;
using base::second_ns;

// Echoes everything on a worker.
struct EchoServer {
  EchoServer(Network& on, std::string_view address) : acceptor(on) {
    acceptor.prepare = [this](Recorder& one) {
      one.data = [&one, this](base::Buffer& in) {
        trace += "d" + std::to_string(in.size());
        one.received += in.to_string();
        one.stream->write(in.take_front(in.size()));
      };
      one.eof = [&one] { one.stream->shutdown_write(); };
    };
    base::Result<ListenerPtr> made = on.listen(*Address::parse(address), acceptor, {});
    if (made) acceptor.listener = std::move(*made);
  }
  Acceptor acceptor;
  std::string trace;
};

TEST(MemoryNetwork, PeersTalkToAWorker) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  {
    EchoServer echo(worker, "127.0.0.1:80");
    std::unique_ptr<Peer> peer = net.dial("127.0.0.1:80");
    EXPECT_FALSE(peer->connected());
    peer->send("hello");
    ASSERT_TRUE(net.run_until_idle());
    EXPECT_TRUE(peer->connected());
    EXPECT_EQ(peer->received(), "hello");
    EXPECT_EQ(peer->take_received(), "hello");
    EXPECT_EQ(peer->received(), "");
    peer->end();
    ASSERT_TRUE(net.run_until_idle());
    EXPECT_TRUE(peer->ended());
    EXPECT_FALSE(peer->was_reset());
    EXPECT_EQ(net.open_connections(), 1u);
  }
  EXPECT_EQ(net.open_connections(), 0u);
}

TEST(MemoryNetwork, WorkersConnectToAPeersListener) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  std::unique_ptr<PeerListener> provider = net.serve("10.0.0.2:9090");
  Recorder client;
  client.stream = worker.connect(*Address::parse("10.0.0.2:9090"), client, {});
  client.stream->write(base::as_bytes(std::string_view("ask")));
  ASSERT_TRUE(net.run_until_idle());
  std::unique_ptr<Peer> peer = provider->accept();
  ASSERT_NE(peer, nullptr);
  EXPECT_EQ(provider->accept(), nullptr);
  ASSERT_TRUE(net.run_until_idle());
  EXPECT_EQ(peer->received(), "ask");
  peer->send("answer");
  peer->close();
  EXPECT_EQ(peer->unsent_bytes(), 0u);
  ASSERT_TRUE(net.run_until_idle());
  EXPECT_EQ(client.received, "") << "close drops what was not sent";
  EXPECT_TRUE(client.saw("eof"));
}

TEST(MemoryNetwork, NothingMovesUntilItIsRun) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  EchoServer echo(worker, "127.0.0.1:80");
  std::unique_ptr<Peer> peer = net.dial("127.0.0.1:80");
  peer->send("x");
  EXPECT_FALSE(peer->connected());
  EXPECT_EQ(peer->unsent_bytes(), 1u);
  EXPECT_EQ(net.turns(), 0u);
}

TEST(MemoryNetwork, LatencyTakesVirtualTimeOnly) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  ConnectionOptions links;
  links.to_server.latency_ns = 30 * second_ns;
  links.to_client.latency_ns = 40 * second_ns;
  net.set_links(links);
  EchoServer echo(worker, "127.0.0.1:80");
  std::unique_ptr<Peer> peer = net.dial("127.0.0.1:80");
  ASSERT_TRUE(net.advance(70 * second_ns - 1));
  EXPECT_FALSE(peer->connected());
  ASSERT_TRUE(net.advance(1));
  EXPECT_TRUE(peer->connected());
  const base::Nanoseconds start = net.clock().monotonic_ns();
  peer->send("x");
  ASSERT_TRUE(net.run_until([&] { return peer->received() == "x"; }, 3600 * second_ns));
  EXPECT_EQ(net.clock().monotonic_ns() - start, 70 * second_ns);
}

TEST(MemoryNetwork, TimersOfSeveralLoopsRunAtTheirTimes) {
  MemoryNetwork net;
  Network& a = net.add_worker();
  Network& b = net.add_worker();
  const base::Nanoseconds start = net.clock().monotonic_ns();
  std::vector<std::pair<char, base::Nanoseconds>> ran;
  const auto note = [&](char name, Network& network) {
    EXPECT_EQ(network.loop().now_ns(), net.clock().monotonic_ns());
    ran.emplace_back(name, network.loop().now_ns() - start);
  };
  a.loop().schedule(2 * second_ns, [&] { note('a', a); });
  b.loop().schedule(1 * second_ns, [&] {
    note('b', b);
    a.loop().post([&] { note('p', a); });
  });
  b.loop().schedule(5 * second_ns, [&] { note('c', b); });
  ASSERT_TRUE(net.advance(4 * second_ns));
  const std::vector<std::pair<char, base::Nanoseconds>> wanted = {
      {'b', second_ns}, {'p', second_ns}, {'a', 2 * second_ns}};
  EXPECT_EQ(ran, wanted);
  EXPECT_EQ(net.clock().monotonic_ns() - start, 4 * second_ns);
}

TEST(MemoryNetwork, WallTimeJumpsDoNotTouchTimers) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  bool ran = false;
  worker.loop().schedule(second_ns, [&] { ran = true; });
  const base::Nanoseconds wall = worker.loop().clock().wall_ns();
  net.clock().jump_wall(24 * 3600 * second_ns);
  ASSERT_TRUE(net.advance(0));
  EXPECT_FALSE(ran);
  EXPECT_EQ(worker.loop().clock().wall_ns() - wall, 24 * 3600 * second_ns);
  ASSERT_TRUE(net.advance(second_ns));
  EXPECT_TRUE(ran);
}

TEST(MemoryNetwork, RunOfALoopDrivesTheWholeNetworkUntilItStops) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  EchoServer echo(worker, "127.0.0.1:80");
  std::unique_ptr<Peer> peer = net.dial("127.0.0.1:80");
  peer->send("x");
  worker.loop().schedule(10 * second_ns, [&] { worker.loop().stop(); });
  worker.loop().run();
  EXPECT_EQ(peer->received(), "x");
}

TEST(MemoryNetwork, BusyLoopIsReportedInsteadOfHanging) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  std::function<void()> again = [&] { worker.loop().post([&] { again(); }); };
  again();
  EXPECT_FALSE(net.run_until_idle(1000));
}

TEST(MemoryNetwork, CutsAtEveryByteEachInItsWay) {
  const std::string message = "0123456789";
  for (const Cut cut : {Cut::eof, Cut::reset, Cut::silence}) {
    for (std::size_t at = 0; at <= message.size(); ++at) {
      SCOPED_TRACE("cut " + std::to_string(static_cast<int>(cut)) + " at " + std::to_string(at));
      MemoryNetwork net;
      Network& worker = net.add_worker();
      ConnectionOptions links;
      links.to_server.cut = cut;
      links.to_server.cut_at_bytes = at;
      net.set_links(links);
      Acceptor acceptor(worker);
      acceptor.listener = std::move(*worker.listen(*Address::parse("127.0.0.1:80"), acceptor, {}));
      std::unique_ptr<Peer> peer = net.dial("127.0.0.1:80");
      ASSERT_TRUE(net.run_until_idle());
      for (const char c : message) {
        peer->send(std::string(1, c));
        ASSERT_TRUE(net.run_until_idle());
      }
      ASSERT_EQ(acceptor.accepted.size(), 1u);
      const Recorder& server = *acceptor.accepted[0];
      EXPECT_EQ(server.received, message.substr(0, at));
      const std::vector<std::string> wanted = cut == Cut::eof     ? std::vector<std::string>{"eof"}
                                              : cut == Cut::reset ? std::vector<std::string>{"closed NET_IO"}
                                                                  : std::vector<std::string>{};
      EXPECT_EQ(server.events, wanted);
      EXPECT_EQ(peer->was_reset(), cut == Cut::reset);
    }
  }
}

TEST(MemoryNetwork, RefusesAndIgnoresConnectsAsToldForEach) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  std::unique_ptr<PeerListener> provider = net.serve("10.0.0.2:1");
  net.set_links([](const Address& to, std::uint64_t number) {
    EXPECT_EQ(to.to_string(), "10.0.0.2:1");
    ConnectionOptions links;
    links.answer = number == 0   ? ConnectAnswer::refuse
                   : number == 1 ? ConnectAnswer::silence
                                 : ConnectAnswer::accept;
    return links;
  });
  Recorder streams[3];
  for (Recorder& one : streams)
    one.stream = worker.connect(provider->address(), one, {.timeout_ns = second_ns});
  ASSERT_TRUE(net.run_until_idle());
  EXPECT_TRUE(streams[0].saw("closed NET_IO"));
  EXPECT_TRUE(streams[1].events.empty());
  EXPECT_TRUE(streams[2].saw("connected"));
  ASSERT_TRUE(net.advance(second_ns));
  EXPECT_TRUE(streams[1].saw("closed NET_TIMEOUT"));
  EXPECT_EQ(provider->waiting(), 1u);
}

TEST(MemoryNetwork, FullBacklogKeepsConnectsWaiting) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  Acceptor acceptor(worker);
  acceptor.listener = std::move(*worker.listen(*Address::parse("127.0.0.1:80"), acceptor, {.backlog = 2}));
  acceptor.listener->pause();
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 4; ++i) peers.push_back(net.dial("127.0.0.1:80"));
  ASSERT_TRUE(net.run_until_idle());
  EXPECT_TRUE(peers[1]->connected());
  EXPECT_FALSE(peers[2]->connected());
  acceptor.listener->resume();
  ASSERT_TRUE(net.run_until_idle());
  EXPECT_EQ(acceptor.accepted.size(), 4u);
}

TEST(MemoryNetwork, FailingAcceptsAreRetriedAfterAPause) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  Acceptor acceptor(worker);
  acceptor.listener = std::move(*worker.listen(*Address::parse("127.0.0.1:80"), acceptor, {}));
  net.fail_accepts(acceptor.listener->address(), 3);
  std::unique_ptr<Peer> peer = net.dial("127.0.0.1:80");
  ASSERT_TRUE(net.run_until_idle());
  EXPECT_EQ(acceptor.failures.size(), 1u);
  ASSERT_TRUE(net.advance(250 * millisecond_ns));
  EXPECT_EQ(acceptor.failures.size(), 3u);
  EXPECT_TRUE(acceptor.accepted.empty());
  ASSERT_TRUE(net.advance(100 * millisecond_ns));
  EXPECT_EQ(acceptor.accepted.size(), 1u);
}

TEST(MemoryNetwork, NamesResolveAsToldAfterTheirDelay) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  net.set_host("orders", {*Address::parse("10.0.0.1:0"), *Address::parse("[fd00::2]:0")}, 2 * second_ns);
  net.set_host_error("broken", base::Status(base::Reason::net_io, "SERVFAIL"));
  std::string orders;
  std::string broken;
  std::string unknown;
  worker.resolve(*Address::parse("orders:7"), [&](base::Result<std::vector<Address>> found) {
    for (const Address& one : *found) orders += one.to_string() + " ";
  });
  worker.resolve(*Address::parse("broken:7"), [&](auto found) { broken = found.error().to_string(); });
  worker.resolve(*Address::parse("unknown:7"), [&](auto found) { unknown = found.error().to_string(); });
  ASSERT_TRUE(net.advance(second_ns));
  EXPECT_EQ(orders, "");
  EXPECT_EQ(broken, "NET_IO: SERVFAIL");
  EXPECT_EQ(unknown, "NET_ADDRESS: looking up unknown: Name or service not known");
  ASSERT_TRUE(net.advance(second_ns));
  EXPECT_EQ(orders, "10.0.0.1:7 [fd00::2]:7 ");
}

TEST(MemoryNetwork, DialerGoesOnToTheNextAddressAndKeepsItsTime) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  std::unique_ptr<PeerListener> provider = net.serve("10.0.0.3:9");
  net.set_host("p",
               {*Address::parse("10.0.0.1:0"), *Address::parse("10.0.0.2:0"), *Address::parse("10.0.0.3:0")});
  net.set_links([](const Address& to, std::uint64_t) {
    ConnectionOptions links;
    if (to.host() == "10.0.0.1") links.answer = ConnectAnswer::silence;
    return links;
  });
  Recorder client;
  const base::Nanoseconds start = net.clock().monotonic_ns();
  Dialer dialer(worker, *Address::parse("p:9"), {.timeout_ns = 3 * second_ns},
                [&](base::Result<StreamPtr> made) {
                  ASSERT_TRUE(made) << made.error().to_string();
                  client.stream = std::move(*made);
                  client.stream->set_handler(client);
                });
  ASSERT_TRUE(net.run_until([&] { return client.stream != nullptr; }, 10 * second_ns));
  EXPECT_EQ(net.clock().monotonic_ns() - start, second_ns) << "a third of the time for the silent one";
  EXPECT_EQ(client.stream->peer_text(), "10.0.0.3:9");
  base::Status error;
  net.set_host_error("slow", {base::Reason::net_io, "late"}, 60 * second_ns);
  Dialer slow(worker, *Address::parse("slow:9"), {.timeout_ns = 3 * second_ns},
              [&](base::Result<StreamPtr> made) { error = made.error(); });
  ASSERT_TRUE(net.advance(3 * second_ns));
  EXPECT_EQ(error.reason(), base::Reason::net_timeout);
  ASSERT_TRUE(net.advance(60 * second_ns));
}

TEST(MemoryNetwork, ListeningEverywhereTakesEveryAddressOfItsFamily) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  EchoServer echo(worker, "0.0.0.0:80");
  std::unique_ptr<Peer> four = net.dial("192.0.2.7:80");
  std::unique_ptr<Peer> six = net.dial("[::1]:80");
  ASSERT_TRUE(net.run_until_idle());
  EXPECT_TRUE(four->connected());
  EXPECT_TRUE(six->refused());
}

TEST(MemoryNetwork, PausedPeerFillsItsWindowAndStopsTheWriter) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  ConnectionOptions links;
  links.to_client.window_bytes = 1000;
  net.set_links(links);
  Acceptor acceptor(worker);
  acceptor.options = {.write_high_bytes = 2000, .write_low_bytes = 500};
  acceptor.listener = std::move(*worker.listen(*Address::parse("127.0.0.1:80"), acceptor, {}));
  std::unique_ptr<Peer> peer = net.dial("127.0.0.1:80");
  peer->pause();
  ASSERT_TRUE(net.run_until_idle());
  Recorder& server = *acceptor.accepted.at(0);
  server.stream->write(base::as_bytes(std::string(5000, 'x')));
  ASSERT_TRUE(net.run_until_idle());
  EXPECT_EQ(server.stream->queued_bytes(), 4000u);
  EXPECT_TRUE(server.stream->congested());
  EXPECT_EQ(peer->received(), "");
  peer->resume();
  ASSERT_TRUE(net.run_until_idle());
  EXPECT_EQ(peer->received().size(), 5000u);
  EXPECT_TRUE(server.saw("writable"));
}

TEST(MemoryNetwork, WritingToAClosedPeerEndsInAReset) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  Acceptor acceptor(worker);
  acceptor.listener = std::move(*worker.listen(*Address::parse("127.0.0.1:80"), acceptor, {}));
  std::unique_ptr<Peer> peer = net.dial("127.0.0.1:80");
  ASSERT_TRUE(net.run_until_idle());
  peer->close();
  ASSERT_TRUE(net.run_until_idle());
  Recorder& server = *acceptor.accepted.at(0);
  EXPECT_EQ(server.events, std::vector<std::string>{"eof"});
  for (int i = 0; i < 2; ++i) {
    server.stream->write(base::as_bytes(std::string_view("x")));
    ASSERT_TRUE(net.run_until_idle());
  }
  EXPECT_EQ(server.events, (std::vector<std::string>{"eof", "closed NET_IO"}));
}

TEST(MemoryNetwork, ResetByThePeerIsSeen) {
  MemoryNetwork net;
  Network& worker = net.add_worker();
  Acceptor acceptor(worker);
  acceptor.listener = std::move(*worker.listen(*Address::parse("127.0.0.1:80"), acceptor, {}));
  std::unique_ptr<Peer> peer = net.dial("127.0.0.1:80");
  peer->send("before");
  ASSERT_TRUE(net.run_until_idle());
  peer->reset();
  ASSERT_TRUE(net.run_until_idle());
  EXPECT_EQ(acceptor.accepted.at(0)->received, "before");
  EXPECT_EQ(acceptor.accepted.at(0)->events, std::vector<std::string>{"closed NET_IO"});
}

// Accepts on the first worker, hands each connection on to the others in turn, echoes there.
std::string run_sharded(std::uint64_t seed) {
  MemoryNetwork net(seed);
  ConnectionOptions links;
  for (LinkOptions* link : {&links.to_server, &links.to_client}) {
    link->read_bytes_max = 7;
    link->random_reads = true;
    link->jitter_ns = millisecond_ns;
    link->write_bytes_max = 5;
  }
  net.set_links(links);
  std::vector<Network*> workers;
  for (int i = 0; i < 3; ++i) workers.push_back(&net.add_worker());
  std::string trace;
  std::vector<std::unique_ptr<Recorder>> served;
  std::size_t next = 0;
  Acceptor acceptor(*workers[0]);
  acceptor.instead = [&](AcceptedSocket socket) {
    const std::size_t index = next++ % workers.size();
    workers[index]->loop().post([&, index, socket = std::move(socket)]() mutable {
      served.push_back(std::make_unique<Recorder>());
      Recorder* one = served.back().get();
      one->stream = workers[index]->adopt(std::move(socket), *one, {});
      one->data = [one, index, &trace](base::Buffer& in) {
        trace += std::to_string(index) + ":" + std::to_string(in.size()) + " ";
        one->stream->write(in.take_front(in.size()));
      };
      one->eof = [one] { one->stream->shutdown_write(); };
    });
  };
  acceptor.listener = std::move(*workers[0]->listen(*Address::parse("127.0.0.1:80"), acceptor, {}));
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 10; ++i) {
    peers.push_back(net.dial("127.0.0.1:80"));
    peers.back()->send("message number " + std::to_string(i));
    peers.back()->end();
  }
  EXPECT_TRUE(net.advance(10 * second_ns));
  for (std::size_t i = 0; i < peers.size(); ++i) {
    EXPECT_EQ(peers[i]->received(), "message number " + std::to_string(i)) << "seed " << seed;
    EXPECT_TRUE(peers[i]->ended());
  }
  for (const Network* worker : workers) EXPECT_EQ(worker->open_streams(), 0u);
  served.clear();
  return trace;
}

TEST(MemoryNetwork, SeveralWorkersServeWhatOneAccepts) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) run_sharded(seed);
}

TEST(MemoryNetwork, SameSeedSameOrderOtherSeedOtherOrder) {
  EXPECT_EQ(run_sharded(7), run_sharded(7));
  std::set<std::string> orders;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) orders.insert(run_sharded(seed));
  EXPECT_EQ(orders.size(), 10u);
}

TEST(MemoryNetwork, EndsCleanlyWithCallbacksAndSocketsUnderWay) {
  auto token = std::make_shared<int>(0);
  {
    MemoryNetwork net;
    Network& a = net.add_worker();
    Network& b = net.add_worker();
    Acceptor acceptor(a);
    acceptor.instead = [&](AcceptedSocket socket) {
      b.loop().schedule(3600 * second_ns, [socket = std::move(socket), token] { FAIL(); });
    };
    acceptor.listener = std::move(*a.listen(*Address::parse("127.0.0.1:80"), acceptor, {}));
    std::unique_ptr<Peer> peer = net.dial("127.0.0.1:80");
    ASSERT_TRUE(net.run_until_idle());
    a.resolve(*Address::parse("localhost:1"), [token](auto) { FAIL(); });
    EXPECT_EQ(token.use_count(), 3);
  }
  EXPECT_EQ(token.use_count(), 1);
}

}  // namespace
}  // namespace koine::net::memory
