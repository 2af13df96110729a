// What only the machine's sockets can show: Unix paths, resets, full queues, threads. The
// contract that all networks share is tested in net/memory/network_contract_test.cc.
#include "net/socket_network.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/socket_test_support.h"

namespace koine::net {
namespace {

using base::millisecond_ns;
using base::Reason;
using testing::cpu_ns;
using testing::Handler;
using testing::open_descriptors;
using testing::SocketNetworkTest;

TEST_F(SocketNetworkTest, AcceptedSocketsAreNonBlockingCloseOnExecAndWithoutDelay) {
  const ListenerPtr listener = listen_tcp();
  const FileDescriptor client = raw_client(listener->address());
  ASSERT_TRUE(run_until([&] { return !sockets.sockets.empty(); }));
  const FileDescriptor fd(sockets.sockets[0].take_id());
  int on = 0;
  socklen_t size = sizeof(on);
  ASSERT_EQ(::getsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, &size), 0);
  EXPECT_NE(on, 0);
  EXPECT_NE(::fcntl(fd.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, 0);
}

// The kernel's word: "timer_active:when" of the established socket with that local port (proc(5),
// /proc/net/tcp).
std::string kernel_timer(std::uint16_t port) {
  std::ifstream table("/proc/net/tcp");
  char wanted[8];
  std::snprintf(wanted, sizeof(wanted), ":%04X", port);
  for (std::string line; std::getline(table, line);) {
    std::istringstream columns(line);
    std::string slot, local, remote, state, queues, timer;
    columns >> slot >> local >> remote >> state >> queues >> timer;
    if (state == "01" && local.ends_with(wanted)) return timer;
  }
  return {};
}

TEST_F(SocketNetworkTest, KeepAliveAsksASilentPeerWithinAQuarterOfItsTime) {
  const ListenerPtr listener = listen_tcp();
  const FileDescriptor client = raw_client(listener->address());
  ASSERT_TRUE(run_until([&] { return !sockets.sockets.empty(); }));
  Handler handler;
  StreamOptions options;
  options.unacknowledged_timeout_ns = 8 * base::second_ns;
  options.keep_alive = true;
  handler.stream = network->adopt(std::move(sockets.sockets.back()), handler, options);
  const std::string timer = kernel_timer(listener->address().port());
  ASSERT_EQ(timer.substr(0, 3), "02:") << timer;  // 2: keep-alive
  std::uint32_t hundredths = 0;                   // of a second
  std::from_chars(timer.data() + 3, timer.data() + timer.size(), hundredths, 16);
  EXPECT_LE(hundredths, 200u);
  EXPECT_GT(hundredths, 0u);
}

TEST_F(SocketNetworkTest, ConnectThatNobodyAnswersTimesOut) {
  // A queue of one, which two connections fill: the kernel leaves the next SYN unanswered.
  ListenerPtr listener = listen_tcp({.backlog = 0});
  listener->pause();
  const FileDescriptor first = raw_client(listener->address());
  std::array<Handler, 4> handlers;
  ConnectOptions options;
  options.timeout_ns = 60 * millisecond_ns;
  for (Handler& handler : handlers) handler.stream = network->connect(listener->address(), handler, options);
  ASSERT_TRUE(run_until([&] {
    for (const Handler& handler : handlers) {
      if (!handler.was_connected && !handler.was_closed) return false;
    }
    return true;
  }));
  EXPECT_TRUE(handlers.back().was_closed);
  EXPECT_EQ(handlers.back().status.reason(), Reason::net_timeout) << handlers.back().status.to_string();
}

TEST_F(SocketNetworkTest, ResetComesAfterWhatWasReceivedBeforeIt) {
  const ListenerPtr listener = listen_tcp();
  FileDescriptor client = raw_client(listener->address());
  Handler handler;
  accept_into(handler);
  ASSERT_EQ(::send(client.get(), "bye", 3, 0), 3);
  const linger hard{1, 0};
  ASSERT_EQ(::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof(hard)), 0);
  client.reset();
  ASSERT_TRUE(run_until([&] { return handler.was_closed; }));
  EXPECT_EQ(handler.received, "bye");
  EXPECT_EQ(handler.status.reason(), Reason::net_io);
  EXPECT_NE(handler.status.message().find("reset"), std::string_view::npos) << handler.status.to_string();
  EXPECT_FALSE(handler.eof);
}

TEST_F(SocketNetworkTest, EarlyAnswerIsReadAlthoughThePeerTakesNoMore) {
  const ListenerPtr listener = listen_tcp();
  FileDescriptor client = raw_client(listener->address());
  Handler handler;
  accept_into(handler);
  // The peer refuses before it has read everything: its close becomes a reset while we still write.
  base::Buffer large;
  large.append(std::string(8'000'000, 'x'));
  handler.stream->write(std::move(large));
  handler.stream->pause_reading();
  run_for(20 * millisecond_ns);
  ASSERT_EQ(::send(client.get(), "refused", 7, 0), 7);
  client.reset();
  handler.stream->resume_reading();
  ASSERT_TRUE(run_until([&] { return handler.was_closed; }));
  EXPECT_EQ(handler.received, "refused");
  EXPECT_EQ(handler.stream->queued_bytes(), 0u);
}

TEST_F(SocketNetworkTest, UnixSocketFileHasItsModeAndGoesWithItsListener) {
  const mode_t old = ::umask(0077);
  for (const std::uint32_t mode : {0600u, 0660u, 0777u}) {
    const ListenerPtr listener = listen(unix_address(), {.unix_mode = mode});
    struct stat found {};
    ASSERT_EQ(::lstat(unix_address().host().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777, mode);
  }
  ::umask(old);
  EXPECT_NE(::access(unix_address().host().c_str(), F_OK), 0);
}

TEST_F(SocketNetworkTest, StaleUnixSocketIsReplacedALiveOneIsNot) {
  {
    const base::Result<SocketAddress> where = to_socket_address(unix_address());
    const FileDescriptor dead(::socket(AF_UNIX, SOCK_STREAM, 0));
    ASSERT_EQ(::bind(dead.get(), where->get(), where->size), 0);
  }
  ASSERT_EQ(::access(unix_address().host().c_str(), F_OK), 0);
  const ListenerPtr listener = listen(unix_address());
  ASSERT_NE(listener, nullptr);
  base::Result<ListenerPtr> second = network->listen(unix_address(), sockets, {});
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message().find("another process serves it"), std::string_view::npos)
      << second.error().to_string();
  const FileDescriptor client = raw_client(unix_address());
  EXPECT_TRUE(run_until([&] { return !sockets.sockets.empty(); }))
      << "the refused listener broke the first one";
}

TEST_F(SocketNetworkTest, FileInTheWayOfAUnixSocketIsLeftAlone) {
  const std::string path = folder + "/file";
  const FileDescriptor file(::open(path.c_str(), O_CREAT | O_WRONLY, 0600));
  base::Result<ListenerPtr> made = network->listen(*Address::from_unix(path), sockets, {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason(), Reason::net_address);
  EXPECT_EQ(::access(path.c_str(), F_OK), 0);
}

TEST_F(SocketNetworkTest, ListenerDoesNotRemoveItsSuccessorsFile) {
  ListenerPtr first = listen(unix_address());
  ASSERT_EQ(::unlink(unix_address().host().c_str()), 0);
  const ListenerPtr second = listen(unix_address());
  first.reset();
  EXPECT_EQ(::access(unix_address().host().c_str(), F_OK), 0);
}

TEST_F(SocketNetworkTest, AbstractUnixSocketsWork) {
  const Address address = *Address::from_unix("@koine-test-" + std::to_string(::getpid()));
  const ListenerPtr listener = listen(address);
  Handler client;
  client.stream = network->connect(address, client, {});
  EXPECT_TRUE(run_until([&] { return client.was_connected && !sockets.sockets.empty(); }));
}

TEST_F(SocketNetworkTest, ListenErrorsNameTheAddress) {
  const ListenerPtr listener = listen_tcp();
  base::Result<ListenerPtr> taken = network->listen(listener->address(), sockets, {});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message(),
            "listening at " + listener->address().to_string() + ": Address already in use");
  base::Result<ListenerPtr> nowhere =
      network->listen(*Address::parse("unix:/nonexistent/dir/s"), sockets, {});
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().message().find("/nonexistent/dir/s"), std::string_view::npos);
}

TEST_F(SocketNetworkTest, ReusePortLetsTwoListenersShareAPort) {
  const ListenerPtr first = listen_tcp({.reuse_port = true});
  base::Result<ListenerPtr> second = network->listen(first->address(), sockets, {.reuse_port = true});
  EXPECT_TRUE(second) << second.error().to_string();
}

TEST_F(SocketNetworkTest, AcceptedConnectionsAreServedByAnotherWorkersLoop) {
  base::Result<std::unique_ptr<Network>> made = make_socket_network(clock, resolver);
  ASSERT_TRUE(made);
  Network& other = **made;
  std::vector<std::unique_ptr<Handler>> handlers;  // the other thread's
  std::thread worker([&] { other.loop().run(); });
  sockets.instead = [&](AcceptedSocket socket) {
    other.loop().post([&other, &handlers, socket = std::move(socket)]() mutable {
      handlers.push_back(std::make_unique<Handler>());
      Handler* handler = handlers.back().get();
      handler->data = [handler] {
        base::Buffer echo;
        echo.append(handler->received);
        handler->received.clear();
        handler->stream->write(std::move(echo));
      };
      handler->stream = other.adopt(std::move(socket), *handler, {});
    });
  };
  const ListenerPtr listener = listen_tcp();
  std::vector<std::unique_ptr<Handler>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<Handler>());
    clients.back()->stream = network->connect(listener->address(), *clients.back(), {});
    clients.back()->stream->write(base::as_bytes("hello " + std::to_string(i)));
  }
  EXPECT_TRUE(run_until([&] {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (clients[i]->received != "hello " + std::to_string(i)) return false;
    }
    return true;
  }));
  other.loop().post([&] {
    handlers.clear();
    other.loop().stop();
  });
  worker.join();
}

TEST_F(SocketNetworkTest, SocketsThatWereHandedOverButNeverTakenAreClosed) {
  base::Result<std::unique_ptr<Network>> made = make_socket_network(clock, resolver);
  ASSERT_TRUE(made);
  bool handed_over = false;
  sockets.instead = [&](AcceptedSocket socket) {
    (*made)->loop().post([socket = std::move(socket)] { FAIL(); });
    handed_over = true;
  };
  const ListenerPtr listener = listen_tcp();
  Handler client;
  client.stream = network->connect(listener->address(), client, {});
  ASSERT_TRUE(run_until([&] { return client.was_connected && handed_over; }));
  (*made).reset();
  EXPECT_TRUE(run_until([&] { return client.eof; }));
}

TEST_F(SocketNetworkTest, NothingLeaksADescriptor) {
  // The first look-up makes the C library open what it keeps.
  bool resolved = false;
  network->resolve(*Address::parse("localhost:1"), [&](auto) { resolved = true; });
  ASSERT_TRUE(run_until([&] { return resolved; }));
  const std::size_t before = open_descriptors();
  for (int round = 0; round < 3; ++round) {
    const ListenerPtr listener = listen_tcp();
    const ListenerPtr unix_listener = listen(unix_address());
    std::vector<std::unique_ptr<Handler>> handlers;
    for (int i = 0; i < 60; ++i) {
      handlers.push_back(std::make_unique<Handler>());
      Handler& handler = *handlers.back();
      const Address& to = i % 2 == 0 ? listener->address() : unix_listener->address();
      handler.stream = network->connect(i % 5 == 0 ? to.with_port(1) : to, handler, {});
      handler.stream->write(base::as_bytes("x"));
      if (i % 7 == 0) handler.stream->close_after_flush();
      if (i % 11 == 0) handler.stream.reset();
    }
    run_for(20 * millisecond_ns);
    for (AcceptedSocket& socket : sockets.sockets) {
      handlers.push_back(std::make_unique<Handler>());
      handlers.back()->stream = network->adopt(std::move(socket), *handlers.back(), {});
    }
    sockets.sockets.clear();
    run_for(20 * millisecond_ns);
    handlers.clear();
  }
  ASSERT_TRUE(run_until([&] { return network->open_streams() == 0; }));
  sockets.sockets.clear();  // what was accepted last
  // A look-up thread that an earlier test left behind may hold one for a moment.
  EXPECT_TRUE(run_until([&] { return open_descriptors() <= before; }))
      << open_descriptors() << " of " << before;
  const std::size_t with_network = open_descriptors();
  {
    base::Result<std::unique_ptr<Network>> another = make_socket_network(clock, resolver);
    ASSERT_TRUE(another);
    EXPECT_GT(open_descriptors(), with_network);
  }
  EXPECT_EQ(open_descriptors(), with_network);
}

TEST_F(SocketNetworkTest, NetworkMayEndWhileALookUpIsUnderWay) {
  for (int i = 0; i < 20; ++i) {
    base::Result<std::unique_ptr<Network>> made = make_socket_network(clock, resolver);
    ASSERT_TRUE(made);
    (*made)->resolve(*Address::parse("localhost:1"),
                     [](auto) { FAIL() << "answered a network that is gone"; });
  }
  bool resolved = false;
  network->resolve(*Address::parse("localhost:1"), [&](auto found) { resolved = found.has_value(); });
  EXPECT_TRUE(run_until([&] { return resolved; }));
}

TEST_F(SocketNetworkTest, UnacknowledgedTimeoutReachesTheKernel) {
  const ListenerPtr listener = listen_tcp();
  const FileDescriptor client = raw_client(listener->address());
  ASSERT_TRUE(run_until([&] { return !sockets.sockets.empty(); }));
  const FileDescriptor fd(::dup(sockets.sockets[0].take_id()));
  AcceptedSocket socket(
      ::dup(fd.get()), [](void*, int id) noexcept { ::close(id); }, nullptr, "peer", "local");
  Handler handler;
  StreamOptions options;
  options.unacknowledged_timeout_ns = 1500 * millisecond_ns;
  handler.stream = network->adopt(std::move(socket), handler, options);
  unsigned milliseconds = 0;
  socklen_t size = sizeof(milliseconds);
  ASSERT_EQ(::getsockopt(fd.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, &size), 0);
  EXPECT_EQ(milliseconds, 1500u);
}

TEST_F(SocketNetworkTest, TheKernelTakesLittleForAPeerThatReadsNothing) {
  const ListenerPtr listener = listen_tcp();
  const FileDescriptor client = raw_client(listener->address());
  const int small = 4096;
  ASSERT_EQ(::setsockopt(client.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
  ASSERT_TRUE(run_until([&] { return !sockets.sockets.empty(); }));
  Handler handler;
  StreamOptions options;
  options.write_high_bytes = 128u << 10;
  options.write_low_bytes = 32u << 10;
  handler.stream = network->adopt(std::move(sockets.sockets[0]), handler, options);
  const std::string bytes(64u << 10, 'x');
  std::size_t written = 0;
  const auto taken = [&] { return written - handler.stream->queued_bytes(); };
  // As long as the kernel takes anything: what is queued behind it grows only when it does not.
  while (written < (8u << 20) && handler.stream->queued_bytes() < options.write_high_bytes) {
    handler.stream->write(base::as_bytes(bytes));
    written += bytes.size();
    int turns = 0;
    (void)run_until([&] { return handler.stream->queued_bytes() == 0 || ++turns == 5; });
  }
  EXPECT_GT(taken(), 0u);
  // What its own kernel has room for, the mark, and the piece that went over it.
  EXPECT_LE(taken(), 512u << 10);
}

}  // namespace
}  // namespace koine::net
