// A process without descriptors: accepting pauses without a busy loop and goes on when there are some,
// callers who would wait for long are let go, connecting fails in order.
//
// The limit is kept by this file's own accept4() and socket() and not by RLIMIT_NOFILE, because the
// undefined-behaviour sanitizer needs descriptors of its own at any time: here they stand in front of the C
// library's, for the whole test program, and let everything pass while no limit is set.
#include <atomic>
#include <cerrno>
#include <climits>
#include <vector>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "net/socket_test_support.h"

namespace {

std::atomic<int> descriptor_limit{INT_MAX};

// Whether the next descriptor would be one too many; errno says so then.
bool none_left() {
  const int next = ::dup(0);
  if (next < 0) return true;
  ::close(next);
  if (next < descriptor_limit) return false;
  errno = EMFILE;
  return true;
}

}  // namespace

extern "C" int accept4(int fd, struct sockaddr* peer, socklen_t* size, int flags) {
  if (none_left()) return -1;
  return static_cast<int>(::syscall(SYS_accept4, fd, peer, size, flags));
}

extern "C" int socket(int domain, int type, int protocol) noexcept {
  if (none_left()) return -1;
  return static_cast<int>(::syscall(SYS_socket, domain, type, protocol));
}

namespace koine::net {
namespace {

using base::millisecond_ns;
using base::Reason;
using testing::cpu_ns;
using testing::Handler;

class DescriptorsTest : public testing::SocketNetworkTest {
 protected:
  ~DescriptorsTest() override { free_all(); }
  // Everything below the limit is taken.
  void use_up() {
    constexpr int limit = 200;
    for (int fd = ::dup(0); fd >= 0 && fd < limit; fd = ::dup(0)) hogs.emplace_back(fd);
    descriptor_limit = limit;
    ASSERT_FALSE(hogs.empty());
  }
  void free_all() {
    hogs.clear();
    descriptor_limit = INT_MAX;
  }
  std::vector<FileDescriptor> hogs;
};

TEST_F(DescriptorsTest, AcceptingPausesWithoutABusyLoopAndGoesOnWhenThereAreSome) {
  const ListenerPtr listener = listen_tcp();
  std::vector<FileDescriptor> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(raw_client(listener->address()));
  use_up();
  const base::Nanoseconds cpu = cpu_ns();
  run_for(350 * millisecond_ns);
  EXPECT_LT(cpu_ns() - cpu, 100 * millisecond_ns);
  EXPECT_TRUE(sockets.sockets.empty());
  EXPECT_GE(sockets.failures.size(), 2u);
  EXPECT_LE(sockets.failures.size(), 5u);
  EXPECT_NE(sockets.failures.at(0).message().find("Too many open files"), std::string_view::npos)
      << sockets.failures.at(0).to_string();
  const base::Nanoseconds freed_ns = clock.monotonic_ns();
  free_all();
  EXPECT_TRUE(run_until([&] { return sockets.sockets.size() == 3; })) << "those who waited were lost";
  EXPECT_LT(clock.monotonic_ns() - freed_ns, base::second_ns);
}

TEST_F(DescriptorsTest, MissingForLongTheyLetWaitingCallersGo) {
  const ListenerPtr listener = listen_tcp();
  const FileDescriptor client = raw_client(listener->address());
  use_up();
  char byte = 0;
  EXPECT_TRUE(run_until([&] { return ::recv(client.get(), &byte, 1, MSG_DONTWAIT) == 0; }))
      << "still waiting";
  free_all();
  // The reserve is back: accepting works and the next shortage is survived too.
  const FileDescriptor next = raw_client(listener->address());
  EXPECT_TRUE(run_until([&] { return sockets.sockets.size() == 1; }));
}

TEST_F(DescriptorsTest, NoneForAConnectIsAnErrorOfThatStream) {
  Handler handler;
  use_up();
  handler.stream = network->connect(*Address::parse("127.0.0.1:1"), handler, {});
  EXPECT_FALSE(handler.was_closed);
  EXPECT_TRUE(run_until([&] { return handler.was_closed; }));
  EXPECT_EQ(handler.status.reason(), Reason::net_io);
}

#ifndef __SANITIZE_ADDRESS__
// The kernel's own limit, where no sanitizer needs descriptors.
TEST_F(DescriptorsTest, NoneForALoopIsAnErrorOfTheNetwork) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 200;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) hogs.emplace_back(fd);
  const base::Result<std::unique_ptr<Network>> another = make_socket_network(clock, resolver);
  EXPECT_FALSE(another);
  free_all();
  ::setrlimit(RLIMIT_NOFILE, &before);
}
#endif

}  // namespace
}  // namespace koine::net
