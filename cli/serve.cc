// `koine serve`: runs the gateway until it is told to stop.
#include "base/log.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "control/load.h"
#include "gateway/main_loop.h"

namespace koine::cli {
namespace {

// Loads the configuration as `version`; what is wrong with it is printed as `koine check` would.
control::SnapshotRef load(const std::string& path, std::uint64_t version) {
  const auto sources = idl::disk_sources();
  control::LoadOptions options;
  options.path = path;
  options.sources = sources.get();
  options.environment = control::process_environment();
  options.version = version;
  control::LoadResult result = control::load(options);
  print_diagnostics(result.diagnostics);
  return result.snapshot;
}

std::string ready_line(const std::vector<std::string>& listeners, const std::string& admin) {
  std::string line = "READY";
  for (const std::string& address : listeners) line += " " + address;
  if (!admin.empty()) line += " admin=" + admin;
  return line + "\n";
}

}  // namespace

int serve(const ServeOptions& options) {
  gateway::block_signals();
  base::LogOptions log_options;
  log_options.json = options.log_json;
  log_options.background = true;
  if (!base::log_level_from_string(options.log_level, log_options.level)) {
    complain("--log-level is one of debug, info, warn, error, off");
    return exit_usage;
  }
  gateway::RunOptions run;
  if (!options.sabotage.empty()) {
    run.sabotage = gateway::Sabotage::parse(options.sabotage);
    if (!run.sabotage) {
      complain("no sabotage of that name");
      return exit_usage;
    }
  }
  run.snapshot = load(options.config, 1);
  if (run.snapshot == nullptr) {
    complain(options.config + " has errors: not started");
    return exit_failed;
  }

  const base::SystemClock clock;
  base::Logger log(log_options, clock);
  run.log = &log;
  run.environment = control::process_environment();
  run.reload = [&options, &log](std::uint64_t version) {
    control::SnapshotRef next = load(options.config, version);
    if (next == nullptr) log.error("reload_refused", {{"config", options.config}, {"kept", version - 1}});
    return next;
  };
  run.ready = [](const std::vector<std::string>& listeners, const std::string& admin) {
    print(ready_line(listeners, admin));
  };
  const base::Status status = gateway::run(std::move(run));
  if (status.ok()) return exit_ok;
  complain(status.to_string());
  return exit_failed;
}

}  // namespace koine::cli
