// The gateway as a process: real sockets, threads and signals. The gateway runs in a child process; callers
// and providers in this one.
#include "gateway/main_loop.h"

#include <csignal>
#include <cstddef>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "gateway/testing/world.h"
#include "net/socket.h"
#include "net/socket_network.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;

// A service manager's socket, in this process.
class Manager {
 public:
  Manager() : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    socklen_t size = sizeof(sa_family_t);  // the kernel chooses an abstract name
    if (bind(socket_.get(), reinterpret_cast<const sockaddr*>(&where), size) != 0) std::abort();
    size = sizeof(where);
    if (getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&where), &size) != 0) std::abort();
    name_ = "@" + std::string(where.sun_path + 1, size - offsetof(sockaddr_un, sun_path) - 1);
  }
  // What a process under it finds in its environment.
  ServiceManager::Environment environment() const {
    return [name = name_](std::string_view wanted) -> std::optional<std::string> {
      if (wanted == "NOTIFY_SOCKET") return name;
      if (wanted == "WATCHDOG_USEC") return "20000";
      return std::nullopt;
    };
  }
  // True once it was told something with `text` in it; what came before is forgotten.
  bool told(std::string_view text) {
    char state[4096];
    for (ssize_t got = 0; (got = recv(socket_.get(), state, sizeof(state), 0)) > 0;) {
      const std::string_view heard(state, static_cast<std::size_t>(got));
      if (heard.find(text) != std::string_view::npos) return true;
    }
    return false;
  }

 private:
  net::FileDescriptor socket_;
  std::string name_;
};

class MainLoopTest : public ::testing::Test {
 protected:
  MainLoopTest() {
    auto made = net::make_socket_network(clock_, resolver_);
    if (!made.has_value()) std::abort();
    network_ = std::move(*made);
    turn_ = std::make_unique<Turn>(network_->loop());
    codecs_ = make_codecs();
  }
  ~MainLoopTest() override {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    callers_.clear();
    providers_.clear();
    turn_.reset();
  }

  Provider& provider(Protocol protocol, const std::string& address = "127.0.0.1:0") {
    return *providers_.emplace_back(std::make_unique<Provider>(*network_, *turn_, *codecs_->find(protocol),
                                                               model::BodyFormat::thrift_binary, address));
  }
  Caller& caller(Protocol protocol) {
    const auto format =
        protocol == Protocol::grpc ? model::BodyFormat::protobuf : model::BodyFormat::thrift_binary;
    return *callers_.emplace_back(
        std::make_unique<Caller>(*network_, *turn_, *codecs_->find(protocol), format, address_));
  }

  // Starts the gateway in a child, which writes the address that it listens at into a pipe. `adapt` is called
  // there before it runs.
  void start(const SnapshotSpec& spec, bool refuse_reloads = false,
             const std::function<void(RunOptions&)>& adapt = {}) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    child_ = fork();
    ASSERT_GE(child_, 0);
    if (child_ == 0) {
      block_signals();
      base::Logger log(base::LogOptions{.level = base::LogLevel::off}, clock_);
      RunOptions options;
      options.snapshot = make_snapshot(spec);
      options.log = &log;
      options.reload = [&](std::uint64_t version) {
        SnapshotSpec next = spec;
        next.version = version;
        next.services[0].concurrency_max = 1;
        return refuse_reloads ? control::SnapshotRef() : make_snapshot(next);
      };
      options.ready = [&](const std::vector<std::string>& listeners, const std::string&) {
        if (write(pipe_ends[1], listeners[0].data(), listeners[0].size()) < 0) _exit(3);
        close(pipe_ends[1]);
      };
      if (adapt) adapt(options);
      _exit(run(std::move(options)).ok() ? 0 : 1);
    }
    close(pipe_ends[1]);
    char text[64];
    ssize_t count = 0;
    while ((count = read(pipe_ends[0], text, sizeof(text))) > 0)
      address_.append(text, static_cast<std::size_t>(count));
    close(pipe_ends[0]);
    ASSERT_FALSE(address_.empty()) << "the gateway did not start";
  }

  // Runs this process's loop until `done`; false after ten seconds.
  bool until(const std::function<bool()>& done) {
    const base::Nanoseconds end = clock_.monotonic_ns() + 10 * second_ns;
    // Asked no more once it said yes: some of what it looks at is used up by looking.
    while (!done()) {
      if (clock_.monotonic_ns() >= end) return false;
      network_->loop().schedule(2 * millisecond_ns, [this] { network_->loop().stop(); });
      network_->loop().run();
    }
    return true;
  }
  bool hears(Manager& manager, const std::string& text) {
    bool heard = false;
    return until([&] { return heard = heard || manager.told(text); });
  }
  int exit_code() {
    int status = 0;
    waitpid(std::exchange(child_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

  base::SystemClock clock_;
  net::Resolver resolver_;
  std::unique_ptr<net::Network> network_;
  std::unique_ptr<Turn> turn_;
  std::shared_ptr<const Codecs> codecs_;
  std::vector<std::unique_ptr<Provider>> providers_;
  std::vector<std::unique_ptr<Caller>> callers_;
  std::string address_;
  pid_t child_ = 0;
};

CallSpec echo(Protocol protocol) {
  CallSpec spec;
  if (protocol == Protocol::grpc) spec.service = "test.orders";
  return spec;
}

TEST_F(MainLoopTest, ThousandsOfCallsOverManyConnectionsGetTheirOwnAnswers) {
  Provider& thrift = provider(Protocol::thrift);
  SnapshotSpec spec;
  spec.listeners = {"127.0.0.1:0"};
  spec.services[0].endpoints = {thrift.address()};
  spec.services[0].connections_max = 4;
  start(spec);
  std::vector<std::shared_ptr<CallRecord>> calls;
  for (int c = 0; c < 8; ++c) {
    const Protocol protocol = c % 2 == 0 ? Protocol::grpc : Protocol::thrift;
    caller(protocol);
  }
  for (int round = 0; round < 50; ++round) {
    for (std::size_t c = 0; c < callers_.size(); ++c) {
      const Protocol protocol = c % 2 == 0 ? Protocol::grpc : Protocol::thrift;
      for (int i = 0; i < 5; ++i) {
        calls.push_back(callers_[c]->call(echo(protocol), std::to_string(calls.size())));
      }
    }
    ASSERT_TRUE(until([&] { return calls.back()->done; }));
  }
  ASSERT_TRUE(
      until([&] { return std::all_of(calls.begin(), calls.end(), [](const auto& c) { return c->done; }); }));
  for (const auto& call : calls) ASSERT_EQ(call->text(), call->sent) << call->outcome.message;
  EXPECT_LE(thrift.connections(), 4u);
  kill(child_, SIGTERM);
  ASSERT_TRUE(until([&] {
    return std::all_of(callers_.begin(), callers_.end(), [](const auto& c) { return c->closed(); });
  }));
  EXPECT_EQ(exit_code(), 0);
}

TEST_F(MainLoopTest, SpeaksOverUnixSocketsAndIpv6) {
  char folder[] = "/tmp/koine-main-loop-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  const std::string prefix = std::string("unix:") + folder;
  for (const auto& [front, back] : {std::pair{prefix + "/front", prefix + "/back"},
                                    std::pair<std::string, std::string>{"[::1]:0", "[::1]:0"}}) {
    address_.clear();
    Provider& behind = provider(Protocol::thrift, back);
    SnapshotSpec spec;
    spec.listeners = {front};
    spec.services[0].endpoints = {behind.address()};
    start(spec);
    const auto call = caller(Protocol::grpc).call(echo(Protocol::grpc), "over " + front);
    ASSERT_TRUE(until([&] { return call->done; }));
    EXPECT_EQ(call->text(), call->sent) << call->outcome.message;
    kill(child_, SIGTERM);
    EXPECT_EQ(exit_code(), 0);
  }
  unlink((std::string(folder) + "/front").c_str());
  unlink((std::string(folder) + "/back").c_str());
  rmdir(folder);
}

TEST_F(MainLoopTest, TermDrainsAndASecondOneEndsAtOnce) {
  Provider& grpc = provider(Protocol::grpc);
  grpc.echo = false;
  SnapshotSpec spec;
  spec.listeners = {"127.0.0.1:0"};
  spec.services[0].protocol = Protocol::grpc;
  spec.services[0].endpoints = {grpc.address()};
  start(spec);
  const auto answered = caller(Protocol::grpc).call(echo(Protocol::grpc), "answered");
  ASSERT_TRUE(until([&] { return grpc.calls.size() == 1; }));
  kill(child_, SIGTERM);
  // The listener goes, the call stays.
  ASSERT_TRUE(until([&] { return !callers_[0]->accepting(); }));
  EXPECT_FALSE(answered->done);
  grpc.answer(*grpc.calls[0], "answered");
  ASSERT_TRUE(until([&] { return answered->done; }));
  EXPECT_EQ(answered->text(), "answered");
  EXPECT_EQ(exit_code(), 0);

  address_.clear();
  start(spec);
  const auto lost = caller(Protocol::grpc).call(echo(Protocol::grpc), "lost");
  ASSERT_TRUE(until([&] { return grpc.calls.size() == 2; }));
  kill(child_, SIGTERM);
  ASSERT_TRUE(until([&] { return !callers_[1]->accepting(); }));
  kill(child_, SIGINT);
  ASSERT_TRUE(until([&] { return lost->done; }));
  EXPECT_EQ(exit_code(), 0);
}

TEST_F(MainLoopTest, HupReloadsUnderCalls) {
  Provider& grpc = provider(Protocol::grpc);
  grpc.echo = false;
  SnapshotSpec spec;
  spec.listeners = {"127.0.0.1:0"};
  spec.services[0].protocol = Protocol::grpc;
  spec.services[0].endpoints = {grpc.address()};
  start(spec);
  Caller& one = caller(Protocol::grpc);
  const auto first = one.call(echo(Protocol::grpc), "first");
  ASSERT_TRUE(until([&] { return grpc.calls.size() == 1; }));
  kill(child_, SIGHUP);
  // The new snapshot allows one call in flight: from some moment on the next one is refused.
  auto next = one.call(echo(Protocol::grpc), "next");
  ASSERT_TRUE(until([&] {
    for (std::size_t i = 1; i < grpc.calls.size(); ++i) {
      if (!grpc.calls[i]->answered) grpc.answer(*grpc.calls[i], "next");
    }
    if (!next->done) return false;
    if (next->outcome.code == model::Code::resource_exhausted) return true;
    next = one.call(echo(Protocol::grpc), "next");
    return false;
  }));
  grpc.answer(*grpc.calls[0], "first");
  ASSERT_TRUE(until([&] { return first->done; }));
  EXPECT_EQ(first->text(), "first");
}

TEST_F(MainLoopTest, TellsTheServiceManagerHowItIs) {
  Manager manager;
  SnapshotSpec spec;
  spec.listeners = {"127.0.0.1:0"};
  start(spec, false, [&](RunOptions& options) { options.environment = manager.environment(); });
  ASSERT_TRUE(hears(manager, "READY=1\nSTATUS=Serving " + address_ + ", configuration 1"));
  ASSERT_TRUE(hears(manager, "WATCHDOG=1"));
  ASSERT_TRUE(hears(manager, "WATCHDOG=1"));
  kill(child_, SIGHUP);
  ASSERT_TRUE(hears(manager, "RELOADING=1\nMONOTONIC_USEC="));
  ASSERT_TRUE(hears(manager, "READY=1\nSTATUS=Serving " + address_ + ", configuration 2"));
  kill(child_, SIGTERM);
  ASSERT_TRUE(hears(manager, "STOPPING=1\nEXTEND_TIMEOUT_USEC=35000000"));
  EXPECT_EQ(exit_code(), 0);
}

// Blocks the worker's thread with its first call until `go` can be read from.
struct Hangs final : governance::Policy {
  int go;
  explicit Hangs(int fd) : go(fd) {}
  governance::Verdict on_call(governance::Call&, model::Outcome&) override {
    char byte = 0;
    if (read(go, &byte, 1) < 0) std::abort();
    return governance::Verdict::proceed;
  }
};

class StuckWorkerTest : public MainLoopTest {
 protected:
  void start_hanging(std::uint32_t stop_after) {
    ASSERT_EQ(pipe(go_), 0);
    Provider& thrift = provider(Protocol::thrift);
    SnapshotSpec spec;
    spec.listeners = {"127.0.0.1:0"};
    spec.services[0].endpoints = {thrift.address()};
    start(spec, false, [&](RunOptions& options) {
      options.environment = manager_.environment();
      options.watchdog.interval_ns = 20 * millisecond_ns;
      options.watchdog.stop_after = stop_after;
      options.extra_steps = [this](governance::Parking&) {
        std::vector<Step> steps;
        steps.push_back({Stage::route, std::make_unique<Hangs>(go_[0])});
        return steps;
      };
    });
  }
  ~StuckWorkerTest() override {
    close(go_[0]);
    close(go_[1]);
  }
  Manager manager_;
  int go_[2] = {-1, -1};
};

TEST_F(StuckWorkerTest, EndsTheProcessWhenItIsPastHelp) {
  start_hanging(3);
  caller(Protocol::grpc).call(echo(Protocol::grpc), "never answered");
  ASSERT_TRUE(until([&] { return callers_[0]->closed(); })) << "the process goes on";
  EXPECT_EQ(exit_code(), 1000 + SIGABRT);
}

TEST_F(StuckWorkerTest, GivesNoSignsOfLifeUntilItHasRecovered) {
  start_hanging(1u << 30);
  const auto call = caller(Protocol::grpc).call(echo(Protocol::grpc), "late");
  // The last signs may still be on their way: silence is ten intervals without one.
  int silent = 0;
  ASSERT_TRUE(until([&] {
    silent = manager_.told("WATCHDOG=1") ? 0 : silent + 1;
    return silent > 50;
  }));
  EXPECT_FALSE(call->done);
  ASSERT_EQ(write(go_[1], "x", 1), 1);
  ASSERT_TRUE(until([&] { return call->done; }));
  EXPECT_EQ(call->text(), "late");
  ASSERT_TRUE(hears(manager_, "WATCHDOG=1"));
}

TEST_F(MainLoopTest, AnAddressInUseKeepsItFromStarting) {
  Provider& taken = provider(Protocol::grpc);
  block_signals();
  base::Logger log(base::LogOptions{.level = base::LogLevel::off}, clock_);
  RunOptions options;
  SnapshotSpec spec;
  spec.listeners = {taken.address()};
  options.snapshot = make_snapshot(spec);
  options.log = &log;
  const base::Status status = run(std::move(options));
  EXPECT_EQ(status.reason(), base::Reason::net_io);
  EXPECT_THAT(status.to_string(), ::testing::HasSubstr(taken.address()));
}

}  // namespace
}  // namespace koine::gateway::testing
