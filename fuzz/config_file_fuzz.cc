// Configuration files: a Snapshot or errors that a person can find, never both.
//
//   the YAML text
#include <algorithm>
#include <string>

#include "control/load.h"
#include "control/yaml_reader.h"
#include "fuzz/target.h"
#include "koine/config/v1/config.pb.h"

namespace koine::fuzz {
namespace {

// What methods carry is the affair of other targets, and costs most of what a correct configuration does.
constexpr const char* shop_thrift = "namespace * shop\nservice Orders { void get() }\n";

constexpr std::ptrdiff_t brackets_max = 48;

std::optional<std::string> environment(std::string_view name) {
  if (name == "HOST") return "127.0.0.1";
  if (name == "NASTY") return "${HOST}\n- [";
  return std::nullopt;
}

void check_places(const std::vector<idl::Diagnostic>& diagnostics, std::string_view text) {
  const auto lines =
      1 + std::count(text.begin(), text.end(), '\n') + std::count(text.begin(), text.end(), '\r');
  for (const idl::Diagnostic& diagnostic : diagnostics) {
    check(!diagnostic.message.empty(), "a message says what is wrong");
    if (diagnostic.location.file != "koine.yaml") continue;
    check(diagnostic.location.line >= 0 && diagnostic.location.line <= lines + 1,
          "an error is inside the file", [&] { return idl::render({diagnostic}); });
  }
}

// How many brackets are open at once, wherever they stand.
std::ptrdiff_t open_brackets(std::string_view text) {
  std::ptrdiff_t open = 0;
  std::ptrdiff_t most = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') most = std::max(most, ++open);
    if (c == ']' || c == '}') --open;
  }
  return most;
}

void run(base::Bytes input) {
  const std::string_view text = base::as_text(input);
  // What nests far deeper than the reader goes is refused; before that it costs the YAML library many times
  // what another text costs, and would take a third of a search.
  if (open_brackets(text) > brackets_max) return;
  // Patterns of file names are looked up on the disk, which is no part of the input: then the reader alone.
  if (text.find_first_of("*?") != std::string_view::npos) {
    config::v1::Config config;
    control::SourceMap map;
    std::vector<idl::Diagnostic> diagnostics;
    control::read_yaml({text, "koine.yaml", &environment}, config, map, diagnostics);
    return check_places(diagnostics, text);
  }
  const auto sources = idl::memory_sources({{"koine.yaml", std::string(text)}, {"shop.thrift", shop_thrift}});
  control::LoadOptions options;
  options.path = "koine.yaml";
  options.sources = sources.get();
  options.environment = &environment;
  // Everything is read, whatever is wrong with some of it.
  const control::LoadResult result = control::load(options);
  check_places(result.diagnostics, text);
  check((result.snapshot == nullptr) == idl::has_errors(result.diagnostics), "a Snapshot or an error");
  if (result.snapshot == nullptr) return;
  for (const base::LimitInfo& info : base::limit_table())
    check(info.value <= info.ceiling, "defaults below ceilings");
  check(!result.snapshot->admin || result.snapshot->admin->loopback(),
        "the admin port is for this machine alone");
}

void seeds(const AddSeed& add) {
  const std::string base =
      "listeners:\n  - bind: ${HOST}:0\nschemas:\n  files: [shop.thrift]\nservices:\n  - name: orders\n"
      "    interface: shop.Orders\n    protocol: thrift\n    endpoints:\n      - address: 127.0.0.1:9090\n";
  add("minimal", base);
  add("all",
      "workers: 2\nadmin: 127.0.0.1:0\ndrain_timeout: 5s\naccess_log: {path: stdout}\nlimits:\n  "
      "message_bytes_max: 1MiB\n"
      "policies: {timeout: 250ms}\n" +
          base);
  add("unknown-key", "lisners: []\n" + base);
  add("unit", "drain_timeout: 5\n" + base);
  add("limit", "limits: {nesting_max: 100000}\n" + base);
  add("duplicate", base + "workers: 1\nworkers: 2\n");
  add("alias", "a: &a [*a]\n");
  add("bomb", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n");
  add("nasty", "admin: ${NASTY}\n");
  add("missing-variable", "admin: ${NOPE}\n");
  add("syntax", "listeners: [\n");
  add("deep", std::string(40, '['));
  add("exposed", "admin: 0.0.0.0:1\n" + base);
  add("wrong-type", "listeners: 5\nservices: {a: b}\n");
  add("tabs", "\tlisteners:\n");
}

}  // namespace

extern const Target config_file;
const Target config_file = {.name = "config_file",
                            .run = &run,
                            .seeds = &seeds,
                            .heap_bytes = 4u << 20,
                            .heap_per_byte = 16384,
                            .time_ns = 10'000'000,
                            .time_per_byte_ns = 100'000};

}  // namespace koine::fuzz
