// Flags, runs, and what a person is told of them.
#include "gateway/testing/simulator/command.h"

#include <charconv>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/testing/simulator/enumeration.h"
#include "gateway/testing/simulator/narrow.h"

namespace koine::gateway::testing::simulator {
namespace {

constexpr const char* usage =
    "koine_simulator [--from S] [--seeds N] [--trace] [--without P,P,...] [--narrow] [--sabotage KIND]\n"
    "koine_simulator --enumerate steps|bytes|orders [--flow NAME]\n"
    "\n"
    "  --from S        the first seed (1)\n"
    "  --seeds N       how many seeds (1)\n"
    "  --trace         print everything that happens\n"
    "  --without P,P   leave these pieces of the scenario out\n"
    "  --narrow        leave out of a seed that fails whatever it fails without\n"
    "  --sabotage KIND run a gateway that is wrong on purpose: exchange_answers\n"
    "  --enumerate     each flow with every fault at every step, cut at every byte, or answered in every "
    "order\n"
    "  --flow NAME     only this flow\n";

// So many seeds have something of everything.
constexpr std::uint64_t seeds_that_meet_all = 2000;

struct Flags {
  std::uint64_t from = 1;
  std::uint64_t seeds = 1;
  bool trace = false;
  bool narrow = false;
  std::vector<std::size_t> without;
  std::optional<Sabotage::Kind> sabotage;
  std::string enumerate;
  std::string flow;
};

bool number(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

bool parse_pieces(std::string_view text, std::vector<std::size_t>& pieces) {
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::uint64_t piece = 0;
    if (!number(text.substr(0, comma), piece)) return false;
    pieces.push_back(static_cast<std::size_t>(piece));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return true;
}

bool parse(int argc, char** argv, Flags& flags) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--trace" || name == "--narrow") {
      (name == "--trace" ? flags.trace : flags.narrow) = true;
      continue;
    }
    if (i + 1 == argc) return false;
    const std::string_view value = argv[++i];
    if (name == "--from") {
      if (!number(value, flags.from)) return false;
    } else if (name == "--seeds") {
      if (!number(value, flags.seeds)) return false;
    } else if (name == "--without") {
      if (!parse_pieces(value, flags.without)) return false;
    } else if (name == "--sabotage") {
      flags.sabotage = Sabotage::parse(value);
      if (!flags.sabotage) return false;
    } else if (name == "--enumerate") {
      flags.enumerate = value;
      if (value != "steps" && value != "bytes" && value != "orders") return false;
    } else if (name == "--flow") {
      flags.flow = value;
    } else {
      return false;
    }
  }
  return true;
}

void say(const std::string& line) { std::fputs((line + "\n").c_str(), stdout); }

int enumerate(const Flags& flags, Configurations& configurations) {
  bool good = true;
  for (const std::string& flow : flow_names()) {
    if (!flags.flow.empty() && flags.flow != flow) continue;
    const Enumerated found = flags.enumerate == "steps"   ? enumerate_steps(flow, configurations)
                             : flags.enumerate == "bytes" ? enumerate_bytes(flow, configurations, false)
                                                          : enumerate_orders(flow, configurations);
    say(flow + ": " + std::to_string(found.runs()) + " runs, " +
        (found.problems.empty() ? "all as they must be" : "with problems:"));
    for (const EnumeratedFault& fault : found.faults) {
      say("  " + fault.name + ": " + std::to_string(fault.runs) + " runs, met by the call in " +
          std::to_string(fault.met) + ", " + std::to_string(fault.answered) + " calls answered");
    }
    for (const std::string& problem : found.problems) say("  " + problem);
    good = good && found.problems.empty();
  }
  return good ? 0 : 1;
}

}  // namespace

int command(int argc, char** argv) {
  Flags flags;
  if (!parse(argc, argv, flags)) {
    std::fputs(usage, stderr);
    return 2;
  }
  Configurations configurations;
  if (!flags.enumerate.empty()) return enumerate(flags, configurations);
  RunOptions options;
  options.sabotage = flags.sabotage;
  if (flags.trace) {
    options.print = [](std::string_view line) { say(std::string(line)); };
  }
  std::uint64_t failed = 0;
  std::uint64_t calls = 0;
  std::uint64_t answered = 0;
  std::uint64_t steps = 0;
  Tally tally;
  for (std::uint64_t seed = flags.from; seed - flags.from < flags.seeds; ++seed) {
    Scenario scenario = make_scenario(seed);
    for (const std::size_t piece : flags.without) scenario.drop(piece);
    if (flags.trace) say(scenario.describe());
    Report report = run(scenario, configurations, options);
    calls += report.calls;
    answered += report.answered;
    steps += report.steps;
    tally.add(report.tally);
    if (report.problems.empty()) continue;
    ++failed;
    std::vector<std::size_t> without = flags.without;
    if (flags.narrow) {
      Narrowed narrowed = narrow(scenario, configurations, {{}, flags.sabotage});
      report = std::move(narrowed.report);
      without.insert(without.end(), narrowed.without.begin(), narrowed.without.end());
      say(narrowed.scenario.describe());
    }
    for (const std::string& problem : report.problems) say("seed " + std::to_string(seed) + ": " + problem);
    say("  koine_simulator --from " + std::to_string(seed) + " " + without_flag(without) + " --trace");
  }
  if (flags.seeds > 1) say(tally.table());
  say(std::to_string(flags.seeds) + " seeds, " + std::to_string(failed) + " failed; " +
      std::to_string(calls) + " calls, " + std::to_string(answered) + " answered with a value, " +
      std::to_string(steps) + " turns");
  if (flags.seeds < seeds_that_meet_all || !flags.without.empty()) return failed == 0 ? 0 : 1;
  const std::vector<std::string> missing = tally.missing();
  for (const std::string& one : missing) say("not shown by these seeds: " + one);
  return failed == 0 && missing.empty() ? 0 : 1;
}

}  // namespace koine::gateway::testing::simulator
