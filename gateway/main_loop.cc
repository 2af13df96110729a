// Threads, signals and descriptors around a Gateway.
#include "gateway/main_loop.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "gateway/gateway.h"
#include "net/socket_network.h"

namespace koine::gateway {
namespace {

// Accepted connections may use this much of the descriptors that the process may open.
std::size_t descriptors_for_callers(std::size_t reserved) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return SIZE_MAX;
  // What the system allows is taken: the soft limit is a leftover of select().
  if (limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = limit.rlim_max == RLIM_INFINITY ? 1u << 20 : std::min<rlim_t>(limit.rlim_max, 1u << 20);
    if (raised.rlim_cur > limit.rlim_cur && setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return connections_for(static_cast<std::size_t>(limit.rlim_cur), reserved);
}

// Blocks of this size and above come from the system and go back to it one by one (the smaller ones of theirs
// that are in use would keep the pages of all of them, and the heap moves its own threshold up with each that
// is freed). What traffic needs all the time never gets there: base::SlabPool keeps it.
constexpr int block_of_its_own_bytes = 32 << 10;

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

// A running gateway among signals and the service manager. The main loop's thread.
class Process {
 public:
  Process(net::Network& main, Gateway& gateway, base::Logger& log,
          std::function<control::SnapshotRef(std::uint64_t version)> load,
          const ServiceManager::Environment& environment)
      : loop_(main.loop()),
        gateway_(gateway),
        log_(log),
        load_(std::move(load)),
        manager_(environment, ::getpid()),
        alive_timer_(main.loop()) {}
  ~Process() {
    if (loader_.joinable()) loader_.join();
  }

  void ready() {
    told(manager_.ready(gateway_.status_text()));
    if (manager_.alive_every_ns() > 0) sign_of_life();
  }

  void reload() {
    gateway_.reopen_logs();
    if (!load_ || gateway_.draining()) return;
    if (loader_.joinable()) {
      // Once more behind the one that is under way: the files may have changed since it read them.
      again_ = true;
      return;
    }
    told(manager_.reloading());
    loader_ = std::thread([this, version = gateway_.next_version()] {
      // The loop runs until this thread is joined, or what it posts is destroyed with it.
      loop_.post([this, next = load_(version)]() mutable { loaded(std::move(next)); });
    });
  }

  void drain() {
    gateway_.drain([this] { loop_.stop(); });
    told(manager_.stopping(gateway_.drain_timeout_ns() + stop_margin_ns, gateway_.status_text()));
  }

 private:
  // What the end may take beyond the drain itself, for the service manager.
  static constexpr base::Nanoseconds stop_margin_ns = 5 * base::second_ns;

  void loaded(control::SnapshotRef next) {
    loader_.join();
    gateway_.apply(std::move(next));
    if (gateway_.draining()) return;
    told(manager_.ready(gateway_.status_text()));
    if (std::exchange(again_, false)) reload();
  }

  // None while a worker is stuck: then the manager ends the process, should we not have done it ourselves.
  void sign_of_life() {
    if (gateway_.live()) told(manager_.alive());
    alive_timer_.start(manager_.alive_every_ns(), [this] { sign_of_life(); });
  }

  void told(const base::Status& status) {
    if (!status.ok()) log_.warn("service_manager_failed", {{"error", status.to_string()}});
  }

  net::Loop& loop_;
  Gateway& gateway_;
  base::Logger& log_;
  const std::function<control::SnapshotRef(std::uint64_t version)> load_;
  ServiceManager manager_;
  std::thread loader_;
  bool again_ = false;
  net::Timer alive_timer_;
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
  ::mallopt(M_MMAP_THRESHOLD, block_of_its_own_bytes);
  const base::SystemClock clock;
  net::Resolver resolver;
  auto main = net::make_socket_network(clock, resolver);
  if (!main.has_value()) return main.error();

  // Signals are blocked from here on, for the threads started below too.
  std::optional<Process> process;
  auto signals = net::watch_signals(**main, {SIGHUP, SIGTERM, SIGINT}, [&](int signal) {
    if (!process) return;
    if (signal == SIGHUP) {
      process->reload();
    } else {
      process->drain();
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
  parts.log = options.log;
  parts.sabotage = options.sabotage;
  parts.connections_max = descriptors_for_callers(parts.snapshot->limits.descriptors_reserved);
  parts.extra_steps = std::move(options.extra_steps);
  parts.watchdog = options.watchdog;
  // Not exit(): nothing that a stuck thread holds may be waited for, and a core shows where it hangs.
  parts.past_help = [] { std::abort(); };
  Gateway running(std::move(parts), **main, workers);
  KOINE_RETURN_IF_ERROR(running.start());
  process.emplace(**main, running, *options.log, std::move(options.reload), options.environment);

  // Joined before the gateway goes: its workers are destroyed when nothing runs them any more.
  Threads threads;
  for (net::Network* network : workers) threads.start(*network);
  if (options.ready) options.ready(running.addresses(), running.admin_address());
  process->ready();
  (*main)->loop().run();
  threads.stop();
  process.reset();
  return {};
}

}  // namespace koine::gateway
