// Gateway: the whole of it, on whatever networks it is given: one for the main loop, one for each worker.
//
// Made, started, reloaded and drained on the main loop's thread; starts no thread itself (gateway/main_loop.h
// does), so that a test can run all loops in one thread with virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/status.h"
#include "control/snapshot.h"
#include "gateway/acceptor.h"
#include "gateway/admin.h"
#include "gateway/codecs.h"
#include "gateway/permits.h"
#include "gateway/sabotage.h"
#include "gateway/watchdog.h"
#include "gateway/worker.h"
#include "governance/access_log/writer.h"
#include "governance/concurrency/concurrency.h"
#include "governance/metrics/metrics.h"
#include "net/network.h"

namespace koine::gateway {

struct GatewayOptions {
  control::SnapshotRef snapshot;
  // Loads the configuration anew as the given version; null = refused (whoever loads has logged why), and the
  // running one stays.
  std::function<control::SnapshotRef(std::uint64_t version)> reload;
  base::Logger* log = nullptr;  // outlives the gateway
  std::optional<Sabotage::Kind> sabotage;
  // At most this many accepted connections, whatever the configuration allows (descriptors are limited).
  std::size_t connections_max = SIZE_MAX;
  // Where the access log goes instead of the configured file; for tests.
  std::unique_ptr<governance::access_log::Sink> access_log_sink;
  // For tests: policies behind the gateway's own, made once for each worker.
  std::function<std::vector<Step>(governance::Parking&)> extra_steps;
  // For tests: instead of every codec of this build.
  std::shared_ptr<const Codecs> codecs;
  // Looks after the workers; none without one (their loops run in one thread in tests).
  std::optional<WatchdogOptions> watchdog;
  // A worker is stuck for good and has been named in the log: ends the process.
  std::function<void()> past_help;
};

class Gateway final : private AdminSource {
 public:
  // The networks outlive the gateway; it is destroyed when no worker's loop runs any more.
  Gateway(GatewayOptions options, net::Network& main, std::vector<net::Network*> workers);
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;
  ~Gateway();

  // Listens. Errors: NET_*, CONFIG_IO; nothing listens then.
  [[nodiscard]] base::Status start();
  // As bound, in the order of the configuration.
  std::vector<std::string> addresses() const;
  std::string admin_address() const;  // empty without one

  // Loads anew, whole or not at all: false when the new configuration was refused or could not listen.
  bool reload();
  // The same in steps, for who loads on another thread: the version that a new configuration gets, and what
  // becomes of it (null: refused; whoever loaded has said why).
  std::uint64_t next_version() const { return snapshot_->version + 1; }
  bool apply(control::SnapshotRef next);
  // In one line, for a person.
  std::string status_text() const;
  // Opens log files again (after a rotation).
  void reopen_logs();
  // Serves the accept queues, says goodbye, answers what is in flight; calls `done` (on the main loop) when
  // all is over or the drain timeout has passed. Called again: everything ends now.
  void drain(std::function<void()> done);
  bool draining() const { return draining_; }
  base::Nanoseconds drain_timeout_ns() const { return snapshot_->drain_timeout_ns; }
  // No worker is stuck.
  bool live() const override { return !watchdog_ || !watchdog_->any_stuck(); }
  const base::Limits& limits() const override { return snapshot_->limits; }
  base::LimitHits& limit_hits() override { return metrics_.process_hits(); }

  const std::vector<std::unique_ptr<Worker>>& workers() const { return workers_.all(); }
  const governance::metrics::Registry& metrics() const { return metrics_; }
  const governance::access_log::Writer* access_log() const { return access_log_.get(); }
  const Permits& permits() const { return permits_; }
  std::uint32_t calls_in_flight(std::string_view service) const { return concurrency_.in_flight(service); }

 private:
  std::vector<std::unique_ptr<Worker>> make_workers(std::vector<net::Network*> networks);
  base::Status open_listeners(const control::SnapshotRef& next);
  control::SnapshotRef for_workers(control::SnapshotRef snapshot);
  void name_restarts(const control::Snapshot& next);
  void start_watchdog(const WatchdogOptions& watchdog);
  std::string beat_text(std::size_t worker) const;
  void apply_limits();
  void worker_drained();
  // AdminSource
  bool ready() const override { return started_ && !draining_; }
  std::string metrics_text() const override;
  std::string config_text() const override;

  GatewayOptions options_;
  net::Network& main_;
  control::SnapshotRef snapshot_;
  governance::metrics::Registry metrics_;
  governance::concurrency::Counters concurrency_;
  std::unique_ptr<governance::access_log::Writer> access_log_;
  Permits permits_;
  Memory memory_;
  Workers workers_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::unique_ptr<Admin> admin_;
  std::optional<Watchdog> watchdog_;
  bool started_ = false;
  bool draining_ = false;
  std::size_t workers_drained_ = 0;
  std::function<void()> drained_;
  std::uint64_t reloads_applied_ = 0;
  std::uint64_t reloads_refused_ = 0;
  net::Timer timer_;
  net::Timer last_calls_timer_;
  net::Timer drain_timer_;
};

}  // namespace koine::gateway
