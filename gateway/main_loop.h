// main_loop: the gateway as a process: sockets, threads, signals, from the start to the end of the drain.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/status.h"
#include "control/snapshot.h"
#include "gateway/pipeline.h"
#include "gateway/sabotage.h"
#include "gateway/service_manager.h"
#include "gateway/watchdog.h"

namespace koine::gateway {

struct RunOptions {
  control::SnapshotRef snapshot;
  // Called at SIGHUP on a thread of its own, one at a time, so that accepting goes on meanwhile: loads the
  // configuration anew as the given version; null = refused, and the running one stays. May be empty.
  std::function<control::SnapshotRef(std::uint64_t version)> reload;
  // Called once everything listens: listeners as bound, in the order of the configuration, and the admin's
  // address or "".
  std::function<void(const std::vector<std::string>& listeners, const std::string& admin)> ready;
  base::Logger* log = nullptr;  // never null; outlives run()
  std::optional<Sabotage::Kind> sabotage;
  // Where a service manager says how it is to be told; empty: there is none.
  ServiceManager::Environment environment;
  WatchdogOptions watchdog;
  // For tests: policies behind the gateway's own, made once for each worker.
  std::function<std::vector<Step>(governance::Parking&)> extra_steps;
};

// Keeps SIGHUP, SIGTERM and SIGINT for run(): called first, before any thread is started (a log's, say), or a
// signal may meet a thread that does not block it and end the process.
void block_signals();

// Runs until SIGTERM or SIGINT and the drain that follows; a second one ends it at once. SIGHUP reloads and
// opens log files again, SIGPIPE is ignored. A service manager is told (gateway/service_manager.h). A worker
// that is stuck past help ends the process by SIGABRT, so that whoever started it starts it anew. Called once
// a process, on its main thread, after block_signals(). Errors: what keeps it from starting (NET_*,
// CONFIG_IO); OK after a drain.
[[nodiscard]] base::Status run(RunOptions options);

// How many workers a snapshot asks for: its own number, or one for each processor this process may use.
std::size_t worker_count(const control::Snapshot& snapshot);

}  // namespace koine::gateway
