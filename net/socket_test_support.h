// For tests of the machine's sockets: a network with its loop, a stream's and a listener's handler that write
// down what they are told, and blocking sockets on the other side.
#pragma once

#include <cerrno>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <dirent.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/socket.h"
#include "net/socket_network.h"

namespace koine::net::testing {

using base::millisecond_ns;
using base::Reason;

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* folder = ::opendir("/proc/self/fd");
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count;
}

inline base::Nanoseconds cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * base::second_ns + now.tv_nsec;
}

struct Handler final : StreamHandler {
  std::string received;
  bool was_connected = false;
  bool eof = false;
  bool was_closed = false;
  base::Status status;
  std::function<void()> data;
  StreamPtr stream;

  void on_connected() override { was_connected = true; }
  void on_data(base::Buffer& in) override {
    received += in.to_string();
    in.consume(in.size());
    if (data) data();
  }
  void on_eof() override { eof = true; }
  void on_closed(const base::Status& why) override {
    was_closed = true;
    status = why;
  }
};

struct Sockets final : ListenerHandler {
  std::vector<AcceptedSocket> sockets;
  std::vector<base::Status> failures;
  std::function<void(AcceptedSocket)> instead;
  void on_accepted(AcceptedSocket socket) override {
    if (instead) return instead(std::move(socket));
    sockets.push_back(std::move(socket));
  }
  void on_accept_failed(const base::Status& status) override { failures.push_back(status); }
};

class SocketNetworkTest : public ::testing::Test {
 protected:
  SocketNetworkTest() {
    base::Result<std::unique_ptr<Network>> made = make_socket_network(clock, resolver);
    if (made) network = std::move(*made);
    char name[] = "/tmp/koine-net-XXXXXX";
    folder = ::mkdtemp(name);
  }
  ~SocketNetworkTest() override {
    for (const char* file : {"/s", "/file"}) ::unlink((folder + file).c_str());
    ::rmdir(folder.c_str());
  }
  void SetUp() override { ASSERT_NE(network, nullptr); }

  bool run_until(const std::function<bool()>& done) {
    Loop& loop = network->loop();
    Timer poll(loop);
    int left = 20'000;
    std::function<void()> look = [&] {
      if (done() || --left == 0) return loop.stop();
      poll.start(millisecond_ns, [&] { look(); });
    };
    loop.post([&] { look(); });
    loop.run();
    return done();
  }
  void run_for(base::Nanoseconds time) {
    network->loop().schedule(time, [this] { network->loop().stop(); });
    network->loop().run();
  }
  ListenerPtr listen(const Address& address, const ListenOptions& options = {}) {
    base::Result<ListenerPtr> made = network->listen(address, sockets, options);
    EXPECT_TRUE(made) << made.error().to_string();
    return made ? std::move(*made) : nullptr;
  }
  ListenerPtr listen_tcp(const ListenOptions& options = {}) {
    return listen(*Address::parse("127.0.0.1:0"), options);
  }
  Address unix_address() const { return *Address::from_unix(folder + "/s"); }
  // A blocking socket, connected; the kernel accepts without the listener's help.
  static FileDescriptor raw_client(const Address& address) {
    const base::Result<SocketAddress> where = to_socket_address(address);
    FileDescriptor fd(::socket(where->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(fd.get(), where->get(), where->size), 0) << errno_text(errno);
    return fd;
  }
  // Adopts the next accepted socket.
  void accept_into(Handler& handler) {
    ASSERT_TRUE(run_until([&] { return !sockets.sockets.empty(); }));
    handler.stream = network->adopt(std::move(sockets.sockets.back()), handler, {});
    sockets.sockets.pop_back();
  }

  base::SystemClock clock;
  Resolver resolver;
  std::unique_ptr<Network> network;
  std::string folder;
  Sockets sockets;
};

}  // namespace koine::net::testing
