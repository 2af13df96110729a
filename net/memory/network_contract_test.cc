// The contract of Network and Stream, on every implementation: connecting, data, ends, closing.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "net/dialer.h"
#include "net/memory/rig_test_support.h"

namespace koine::net::memory {
namespace {

using base::Reason;

base::Buffer text_buffer(std::string_view text) {
  base::Buffer out;
  out.append(text);
  return out;
}

std::string pattern(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t x = 12345;
  for (char& c : out) {
    x = x * 1664525 + 1013904223;
    c = static_cast<char>(x >> 24);
  }
  return out;
}

class NetworkContract : public testing::TestWithParam<RigKind> {
 protected:
  void SetUp() override {
    rig = make_rig(GetParam());
    acceptor = std::make_unique<Acceptor>(rig->network());
    base::Result<ListenerPtr> listener = rig->network().listen(rig->any_address(), *acceptor, {});
    ASSERT_TRUE(listener) << listener.error().to_string();
    acceptor->listener = std::move(*listener);
  }
  void TearDown() override {
    client.stream.reset();
    acceptor.reset();
    rig->settle();
    EXPECT_EQ(rig->network().open_streams(), 0u);
    EXPECT_EQ(rig->network().loop().slabs().used_bytes(), 0u) << "an ended stream keeps slabs";
    rig.reset();
  }
  // Connects `client`; the accepted side is server().
  void connect(const StreamOptions& options = {}) {
    ConnectOptions connect_options;
    connect_options.stream = options;
    client.stream = rig->network().connect(acceptor->listener->address(), client, connect_options);
    ASSERT_TRUE(rig->run_until([&] { return client.saw("connected") && !acceptor->accepted.empty(); }));
  }
  Recorder& server() { return *acceptor->accepted.back(); }

  std::unique_ptr<Rig> rig;
  std::unique_ptr<Acceptor> acceptor;
  Recorder client;
};

TEST_P(NetworkContract, CarriesBytesBothWays) {
  connect();
  EXPECT_TRUE(client.stream->connected());
  client.stream->write(text_buffer("ping"));
  ASSERT_TRUE(rig->run_until([&] { return server().received == "ping"; }));
  server().stream->write(text_buffer("pong, and more"));
  ASSERT_TRUE(rig->run_until([&] { return client.received == "pong, and more"; }));
  EXPECT_EQ(client.stream->queued_bytes(), 0u);
}

TEST_P(NetworkContract, SendsWhatWasWrittenBeforeItWasConnected) {
  client.stream = rig->network().connect(acceptor->listener->address(), client, {});
  client.stream->write(text_buffer("early"));
  EXPECT_FALSE(client.stream->connected());
  EXPECT_TRUE(client.events.empty()) << "a handler was called from inside connect or write";
  ASSERT_TRUE(rig->run_until([&] { return !acceptor->accepted.empty() && server().received == "early"; }));
}

TEST_P(NetworkContract, NamesBothEnds) {
  connect();
  EXPECT_EQ(client.stream->peer_text(), acceptor->listener->address().to_string());
  EXPECT_EQ(server().stream->local_text(), acceptor->listener->address().to_string());
  EXPECT_EQ(server().stream->peer_text(), client.stream->local_text());
}

TEST_P(NetworkContract, GivesUnconsumedBytesAgainWithWhatFollows) {
  connect();
  std::string whole;
  server().data = [&](base::Buffer& in) {
    if (in.size() < 6) return;
    whole = in.to_string();
    in.consume(in.size());
  };
  client.stream->write(text_buffer("abc"));
  rig->settle();
  EXPECT_EQ(whole, "");
  client.stream->write(text_buffer("def"));
  ASSERT_TRUE(rig->run_until([&] { return whole == "abcdef"; }));
}

TEST_P(NetworkContract, CarriesLargeMessagesThroughFullWindows) {
  connect();
  const std::size_t size = GetParam() == RigKind::memory_bytes ? 100'000 : 5'000'000;
  const std::string sent = pattern(size);
  client.stream->write(text_buffer(sent));
  server().stream->write(text_buffer(sent));
  ASSERT_TRUE(
      rig->run_until([&] { return server().received.size() >= size && client.received.size() >= size; }));
  EXPECT_TRUE(server().received == sent);
  EXPECT_TRUE(client.received == sent);
}

TEST_P(NetworkContract, ManySmallWritesArriveInOrder) {
  connect();
  std::string sent;
  for (int i = 0; i < 2000; ++i) {
    const std::string piece = std::to_string(i) + ",";
    sent += piece;
    client.stream->write(i % 2 == 0 ? text_buffer(piece) : text_buffer(""));
    if (i % 2 != 0) client.stream->write(base::as_bytes(piece));
  }
  ASSERT_TRUE(rig->run_until([&] { return server().received.size() >= sent.size(); }));
  EXPECT_EQ(server().received, sent);
}

TEST_P(NetworkContract, PausedReaderStopsTheWriterAtItsWatermarks) {
  StreamOptions options;
  options.write_high_bytes = 100'000;
  options.write_low_bytes = 10'000;
  connect(options);
  server().stream->pause_reading();
  EXPECT_TRUE(server().stream->reading_paused());
  // The kernel's own buffers fill first: only what they no longer take stays queued.
  const std::string piece = pattern(GetParam() < RigKind::memory ? 500'000 : 120'000);
  std::size_t written = 0;
  while (written < 50'000'000 && !client.stream->congested()) {
    client.stream->write(text_buffer(piece));
    written += piece.size();
    EXPECT_TRUE(client.stream->congested());
    rig->settle();
  }
  ASSERT_TRUE(client.stream->congested());
  EXPECT_GT(client.stream->queued_bytes(), options.write_low_bytes);
  EXPECT_EQ(server().received, "");
  client.events.clear();  // of the times that the kernel took all
  server().stream->resume_reading();
  std::size_t queued_when_told = 1'000'000'000;
  client.writable = [&] { queued_when_told = client.stream->queued_bytes(); };
  ASSERT_TRUE(rig->run_until([&] { return server().received.size() == written; }));
  EXPECT_LE(queued_when_told, options.write_low_bytes);
  EXPECT_FALSE(client.stream->congested());
  EXPECT_EQ(std::count(client.events.begin(), client.events.end(), "writable"), 1);
}

TEST_P(NetworkContract, ResumingGivesTheLeftoverAgainWithoutNewBytes) {
  connect();
  server().data = [&](base::Buffer& in) {
    if (in.size() == 5) server().stream->pause_reading();
  };
  client.stream->write(text_buffer("hello"));
  ASSERT_TRUE(rig->run_until([&] { return server().stream->reading_paused(); }));
  server().data = {};
  server().stream->resume_reading();
  EXPECT_EQ(server().received, "") << "called from inside resume_reading";
  ASSERT_TRUE(rig->run_until([&] { return server().received == "hello"; }));
}

TEST_P(NetworkContract, HoldsTheEndBackWhilePaused) {
  connect();
  server().stream->pause_reading();
  client.stream->write(text_buffer("last"));
  client.stream->shutdown_write();
  rig->settle();
  EXPECT_TRUE(server().events.empty());
  server().stream->resume_reading();
  ASSERT_TRUE(rig->run_until([&] { return server().saw("eof"); }));
  EXPECT_EQ(server().received, "last");
}

TEST_P(NetworkContract, HalfClosedPeerStillGetsItsAnswer) {
  connect();
  server().eof = [&] {
    server().stream->write(text_buffer("answer"));
    server().stream->shutdown_write();
  };
  client.stream->write(text_buffer("question"));
  client.stream->shutdown_write();
  client.stream->write(text_buffer("dropped"));
  ASSERT_TRUE(rig->run_until([&] { return client.saw("closed OK") && server().saw("closed OK"); }));
  EXPECT_EQ(server().received, "question");
  EXPECT_EQ(client.received, "answer");
  EXPECT_EQ(client.events, (std::vector<std::string>{"connected", "eof", "closed OK"}));
  EXPECT_EQ(server().events, (std::vector<std::string>{"eof", "closed OK"}));
}

TEST_P(NetworkContract, RefusedConnectIsToldLater) {
  client.stream = rig->network().connect(rig->nobody(), client, {});
  EXPECT_TRUE(client.events.empty());
  ASSERT_TRUE(rig->run_until([&] { return client.saw("closed NET_IO"); }));
  EXPECT_EQ(client.events.size(), 1u);
  EXPECT_FALSE(client.stream->open());
  EXPECT_NE(client.closed_status.message().find(client.stream->peer_text()), std::string_view::npos)
      << client.closed_status.to_string();
}

TEST_P(NetworkContract, ConnectToANameIsRefusedWithAReason) {
  client.stream = rig->network().connect(*Address::parse("localhost:80"), client, {});
  ASSERT_TRUE(rig->run_until([&] { return client.saw("closed NET_ADDRESS"); }));
}

TEST_P(NetworkContract, CloseTellsNobodyHereAndTheEndThere) {
  connect();
  client.stream->close();
  EXPECT_FALSE(client.stream->open());
  client.stream->write(text_buffer("dropped"));
  ASSERT_TRUE(rig->run_until([&] { return server().saw("eof"); }));
  rig->settle();
  EXPECT_EQ(client.events, (std::vector<std::string>{"connected"}));
}

TEST_P(NetworkContract, CloseAfterFlushDeliversEverythingEvenIfInputIsUnread) {
  connect();
  const std::size_t size = GetParam() == RigKind::memory_bytes ? 20'000 : 1'000'000;
  const std::string answer = pattern(size);
  // The client's bytes that nobody reads would turn a plain close into a reset.
  server().stream->pause_reading();
  client.stream->write(text_buffer(pattern(5000)));
  rig->settle();
  server().stream->write(text_buffer(answer));
  server().stream->close_after_flush();
  EXPECT_FALSE(server().stream->open());
  client.eof = [&] { client.stream->close(); };
  ASSERT_TRUE(rig->run_until([&] { return client.saw("eof") && server().saw("closed OK"); }));
  EXPECT_TRUE(client.received == answer);
  EXPECT_EQ(server().data_calls, 0);
}

TEST_P(NetworkContract, CloseAfterFlushGoesOnWhenItsOwnerLetsGo) {
  connect();
  const std::size_t size = GetParam() == RigKind::memory_bytes ? 20'000 : 1'000'000;
  const std::string answer = pattern(size);
  server().stream->write(text_buffer(answer));
  server().stream->close_after_flush();
  server().stream.reset();
  client.eof = [&] { client.stream->close(); };
  ASSERT_TRUE(rig->run_until([&] { return client.saw("eof"); }));
  EXPECT_TRUE(client.received == answer);
  ASSERT_TRUE(rig->run_until([&] { return rig->network().open_streams() == 0; }));
  EXPECT_TRUE(server().events.empty());
}

TEST_P(NetworkContract, CloseAfterFlushDoesNotWaitForeverForAReaderThatNeverReads) {
  connect();
  client.stream->pause_reading();
  server().stream->write(text_buffer(pattern(20'000'000)));
  server().stream->close_after_flush();
  ASSERT_TRUE(rig->run_until([&] { return server().saw("closed NET_TIMEOUT"); }));
}

TEST_P(NetworkContract, StreamMayBeDestroyedInsideEachOfItsCallbacks) {
  for (const std::string at : {"connected", "data", "eof", "closed", "writable"}) {
    SCOPED_TRACE(at);
    Recorder mine;
    mine.data = [&](base::Buffer& in) {
      const std::size_t before = in.size();
      if (at == "data") mine.stream.reset();
      ASSERT_EQ(in.size(), before) << "the input went away under its handler";
      mine.received += in.to_string();
      in.consume(in.size());
    };
    mine.connected = [&] {
      if (at == "connected") mine.stream.reset();
    };
    mine.eof = [&] {
      if (at == "eof") return mine.stream.reset();
      mine.stream->shutdown_write();
    };
    mine.closed = [&] {
      if (at == "closed") mine.stream.reset();
    };
    mine.writable = [&] {
      if (at == "writable") mine.stream.reset();
    };
    acceptor->prepare = [](Recorder& there) {
      there.stream->write(text_buffer("x"));
      there.stream->shutdown_write();
    };
    ConnectOptions options;
    options.stream.write_high_bytes = 1;
    options.stream.write_low_bytes = 0;
    mine.stream = rig->network().connect(acceptor->listener->address(), mine, options);
    if (at == "writable") mine.stream->write(text_buffer("y"));
    EXPECT_TRUE(rig->run_until([&] { return mine.stream == nullptr; }));
    rig->settle();
  }
}

TEST_P(NetworkContract, HandlerCanBeReplacedAndGetsWhatWasLeft) {
  connect();
  Recorder next;
  std::string first;
  server().data = [&](base::Buffer& in) {
    if (in.size() < 3) return;
    first = in.take_front(3).to_string();
    server().stream->set_handler(next);
  };
  client.stream->write(text_buffer("abcdefgh"));
  client.stream->shutdown_write();
  ASSERT_TRUE(rig->run_until([&] { return next.saw("eof"); }));
  EXPECT_EQ(first, "abc");
  EXPECT_EQ(next.received, "defgh");
  EXPECT_TRUE(server().events.empty());
  server().stream.reset();
}

TEST_P(NetworkContract, AcceptedSocketThatNobodyTakesIsClosed) {
  acceptor->instead = [](AcceptedSocket) {};
  client.stream = rig->network().connect(acceptor->listener->address(), client, {});
  ASSERT_TRUE(rig->run_until([&] { return client.saw("eof") || client.saw("closed NET_IO"); }));
}

TEST_P(NetworkContract, AcceptedSocketKeepsBytesUntilItIsAdopted) {
  AcceptedSocket kept;
  acceptor->instead = [&](AcceptedSocket socket) { kept = std::move(socket); };
  client.stream = rig->network().connect(acceptor->listener->address(), client, {});
  client.stream->write(text_buffer("waiting"));
  ASSERT_TRUE(rig->run_until([&] { return static_cast<bool>(kept); }));
  rig->settle();
  Recorder late;
  late.stream = rig->network().adopt(std::move(kept), late, {});
  EXPECT_FALSE(kept);
  ASSERT_TRUE(rig->run_until([&] { return late.received == "waiting"; }));
}

TEST_P(NetworkContract, PausedListenerLeavesConnectionsWaiting) {
  acceptor->listener->pause();
  client.stream = rig->network().connect(acceptor->listener->address(), client, {});
  rig->settle();
  EXPECT_TRUE(acceptor->accepted.empty());
  acceptor->listener->resume();
  ASSERT_TRUE(rig->run_until([&] { return acceptor->accepted.size() == 1; }));
}

TEST_P(NetworkContract, CloseAfterAcceptingTakesTheQueueAndThenRefuses) {
  acceptor->listener->pause();
  Recorder others[3];
  const Address address = acceptor->listener->address();
  for (Recorder& other : others) { other.stream = rig->network().connect(address, other, {}); }
  ASSERT_TRUE(rig->run_until([&] {
    return std::all_of(std::begin(others), std::end(others),
                       [](Recorder& one) { return one.saw("connected"); });
  }));
  acceptor->listener->close_after_accepting();
  ASSERT_TRUE(rig->run_until([&] { return acceptor->accepted.size() == 3; }));
  client.stream = rig->network().connect(address, client, {});
  ASSERT_TRUE(rig->run_until([&] { return client.saw("closed NET_IO"); }));
  for (Recorder& other : others) other.stream.reset();
}

TEST_P(NetworkContract, DestroyedListenerRefuses) {
  const Address address = acceptor->listener->address();
  acceptor->listener.reset();
  client.stream = rig->network().connect(address, client, {});
  ASSERT_TRUE(rig->run_until([&] { return client.saw("closed NET_IO"); }));
  base::Result<ListenerPtr> again = rig->network().listen(address, *acceptor, {});
  ASSERT_TRUE(again) << again.error().to_string();
}

TEST_P(NetworkContract, SecondListenerAtOneAddressIsAnError) {
  base::Result<ListenerPtr> second = rig->network().listen(acceptor->listener->address(), *acceptor, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason(), Reason::net_io) << second.error().to_string();
  EXPECT_NE(second.error().message().find(acceptor->listener->address().to_string()), std::string_view::npos);
}

TEST_P(NetworkContract, ListeningAtANameIsAnError) {
  base::Result<ListenerPtr> listener = rig->network().listen(*Address::parse("localhost:0"), *acceptor, {});
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().reason(), Reason::net_address);
}

TEST_P(NetworkContract, IdleStreamKeepsNoSlab) {
  connect();
  client.stream->write(text_buffer(pattern(10'000)));
  ASSERT_TRUE(rig->run_until([&] { return server().received.size() == 10'000; }));
  server().stream->write(text_buffer("ok"));
  ASSERT_TRUE(rig->run_until([&] { return client.received == "ok"; }));
  EXPECT_EQ(rig->network().loop().slabs().used_bytes(), 0u);
}

TEST_P(NetworkContract, SlowBytesCostASmallSlab) {
  connect();
  server().keep_data = true;
  for (int i = 0; i < 5; ++i) {
    client.stream->write(text_buffer("x"));
    rig->settle();
  }
  EXPECT_EQ(rig->network().loop().slabs().used_bytes(), base::SlabPool::smallest_bytes);
  server().stream.reset();
}

TEST_P(NetworkContract, ResolvesLocalhostFromTheLoop) {
  bool answered = false;
  rig->network().resolve(*Address::parse("localhost:8080"), [&](base::Result<std::vector<Address>> found) {
    answered = true;
    ASSERT_TRUE(found) << found.error().to_string();
    ASSERT_FALSE(found->empty());
    for (const Address& one : *found) {
      EXPECT_TRUE(one.is_loopback()) << one.to_string();
      EXPECT_EQ(one.port(), 8080);
    }
  });
  EXPECT_FALSE(answered);
  ASSERT_TRUE(rig->run_until([&] { return answered; }));
}

TEST_P(NetworkContract, ResolvesAddressesToThemselvesAndCancels) {
  std::vector<Address> answer;
  const Address address = *Address::parse("[2001:db8::1]:5");
  rig->network().resolve(address, [&](base::Result<std::vector<Address>> found) { answer = *found; });
  bool cancelled_called = false;
  const ResolveId id =
      rig->network().resolve(address, [&](base::Result<std::vector<Address>>) { cancelled_called = true; });
  rig->network().cancel_resolve(id);
  ASSERT_TRUE(rig->run_until([&] { return !answer.empty(); }));
  EXPECT_EQ(answer, std::vector<Address>{address});
  rig->settle();
  EXPECT_FALSE(cancelled_called);
}

TEST_P(NetworkContract, DialerReachesTheListener) {
  Address target = acceptor->listener->address();
  // By name where every machine has one: localhost need not be ::1.
  if (target.is_ip() && target.kind() != AddressKind::ipv6)
    target = *Address::from_host("localhost", target.port());
  std::string failure = "nothing came";
  Dialer dialer(rig->network(), target, {}, [&](base::Result<StreamPtr> made) {
    failure = made ? "" : made.error().to_string();
    if (!made) return;
    client.stream = std::move(*made);
    client.stream->set_handler(client);
    client.stream->write(text_buffer("dialled"));
  });
  ASSERT_TRUE(rig->run_until([&] { return !acceptor->accepted.empty() && server().received == "dialled"; }))
      << failure;
}

TEST_P(NetworkContract, DialerTellsTheLastError) {
  base::Status error;
  Dialer dialer(rig->network(), rig->nobody(), {},
                [&](base::Result<StreamPtr> made) { error = made ? base::Status() : made.error(); });
  ASSERT_TRUE(rig->run_until([&] { return !error.ok(); }));
  EXPECT_EQ(error.reason(), Reason::net_io);
}

std::string rig_name(const testing::TestParamInfo<RigKind>& tested) {
  constexpr const char* names[] = {"SocketsIpv4", "SocketsIpv6", "SocketsUnix",   "Memory",
                                   "MemoryUnix",  "MemoryBytes", "MemoryShuffled"};
  return names[static_cast<int>(tested.param)];
}

INSTANTIATE_TEST_SUITE_P(Everywhere, NetworkContract,
                         testing::Values(RigKind::sockets_ipv4, RigKind::sockets_ipv6, RigKind::sockets_unix,
                                         RigKind::memory, RigKind::memory_unix, RigKind::memory_bytes,
                                         RigKind::memory_shuffled),
                         rig_name);

}  // namespace
}  // namespace koine::net::memory
