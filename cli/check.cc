// `koine check`: loads a configuration as serve would, and says what is wrong with it.
#include "base/log.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "control/load.h"

namespace koine::cli {

int check(const CheckOptions& options) {
  const auto sources = idl::disk_sources();
  control::LoadOptions load;
  load.path = options.config;
  load.sources = sources.get();
  load.environment = control::process_environment();
  const control::LoadResult result = control::load(load);
  const std::size_t errors = count(result.diagnostics, idl::Severity::error);
  const std::size_t warnings = count(result.diagnostics, idl::Severity::warning);
  if (options.json) {
    print("{\"ok\":" + std::string(errors == 0 ? "true" : "false") + ",\"errors\":" + std::to_string(errors) +
          ",\"warnings\":" + std::to_string(warnings) +
          ",\"findings\":" + diagnostics_json(result.diagnostics) + "}\n");
  } else {
    print_diagnostics(result.diagnostics);
    if (errors == 0) {
      print(options.config + ": ok, " + counted(result.snapshot->clusters.size(), "service") + ", " +
            counted(result.snapshot->routes.routes().size(), "route") + "\n");
    } else {
      complain(options.config + ": " + counted(errors, "error") + "; serve would not start with it");
    }
  }
  return errors == 0 ? exit_ok : exit_failed;
}

}  // namespace koine::cli
