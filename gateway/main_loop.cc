// Threads, signals and descriptors around a Gateway.
#include "gateway/main_loop.h"

#include <algorithm>
#include <csignal>
#include <memory>
#include <thread>
#include <utility>

#include <sched.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "gateway/gateway.h"
#include "net/socket_network.h"

namespace koine::gateway {
namespace {

// Accepted connections may use this much of the descriptors that the process may open.
std::size_t descriptors_for_callers() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return SIZE_MAX;
  // What the system allows is taken: the soft limit is a leftover of select().
  if (limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = limit.rlim_max == RLIM_INFINITY ? 1u << 20 : std::min<rlim_t>(limit.rlim_max, 1u << 20);
    if (raised.rlim_cur > limit.rlim_cur && setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return static_cast<std::size_t>(limit.rlim_cur / 5 * 4);
}

class Threads {
 public:
  ~Threads() { stop(); }
  void start(net::Network& network) {
    loops_.push_back(&network.loop());
    threads_.emplace_back([&loop = network.loop()] { loop.run(); });
  }
  void stop() {
    for (net::Loop* loop : loops_) loop->stop();
    for (std::thread& thread : threads_) thread.join();
    loops_.clear();
    threads_.clear();
  }

 private:
  std::vector<net::Loop*> loops_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::size_t worker_count(const control::Snapshot& snapshot) {
  if (snapshot.workers > 0) return snapshot.workers;
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) {
    return static_cast<std::size_t>(std::max(CPU_COUNT(&allowed), 1));
  }
  return std::max(std::thread::hardware_concurrency(), 1u);
}

void block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGHUP, SIGTERM, SIGINT}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

base::Status run(RunOptions options) {
  std::signal(SIGPIPE, SIG_IGN);
  const base::SystemClock clock;
  net::Resolver resolver;
  auto main = net::make_socket_network(clock, resolver);
  if (!main.has_value()) return main.error();
  net::Loop& loop = (*main)->loop();

  // Signals are blocked from here on, for the threads started below too.
  Gateway* gateway = nullptr;
  auto signals = net::watch_signals(**main, {SIGHUP, SIGTERM, SIGINT}, [&](int signal) {
    if (gateway == nullptr) return;
    if (signal == SIGHUP) {
      gateway->reload();
    } else {
      gateway->drain([&loop] { loop.stop(); });
    }
  });
  if (!signals.has_value()) return signals.error();

  std::vector<std::unique_ptr<net::Network>> networks;
  std::vector<net::Network*> workers;
  for (std::size_t i = 0; i < worker_count(*options.snapshot); ++i) {
    auto network = net::make_socket_network(clock, resolver);
    if (!network.has_value()) return network.error();
    workers.push_back(network->get());
    networks.push_back(std::move(*network));
  }

  GatewayOptions parts;
  parts.snapshot = std::move(options.snapshot);
  parts.reload = std::move(options.reload);
  parts.log = options.log;
  parts.sabotage = options.sabotage;
  parts.connections_max = descriptors_for_callers();
  Gateway running(std::move(parts), **main, workers);
  KOINE_RETURN_IF_ERROR(running.start());
  gateway = &running;

  // Joined before the gateway goes: its workers are destroyed when nothing runs them any more.
  Threads threads;
  for (net::Network* network : workers) threads.start(*network);
  if (options.ready) options.ready(running.addresses(), running.admin_address());
  loop.run();
  threads.stop();
  gateway = nullptr;
  return {};
}

}  // namespace koine::gateway
