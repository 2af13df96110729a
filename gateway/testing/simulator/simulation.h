// Simulation: one scenario run to its end: a whole gateway with two workers over the network in memory, its
// callers and providers, the faults at their moments; then everything heals, calls must succeed again, and
// nothing may be left. One thread, virtual time; the same scenario runs the same way bit by bit.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/sabotage.h"
#include "gateway/testing/simulator/configurations.h"
#include "gateway/testing/simulator/scenario.h"
#include "gateway/testing/simulator/tally.h"
#include "gateway/testing/simulator/trace.h"

namespace koine::gateway::testing::simulator {

struct RunOptions {
  Trace::Print print;                      // gets every event as a line
  std::optional<Sabotage::Kind> sabotage;  // a gateway that is known to be wrong
  // More than any run needs: what takes more is in a busy loop.
  std::uint64_t steps_max = 2'000'000;
};

struct Report {
  std::vector<std::string> problems;  // empty: the run was as it must be
  std::uint64_t hash = 0;             // of everything that happened
  std::uint64_t events = 0;
  std::uint64_t steps = 0;       // turns of all loops
  std::uint64_t busy_steps = 0;  // … until the last call of the scenario had ended
  std::size_t calls = 0;         // started by the scenario
  std::size_t answered = 0;      // … with a value
  std::size_t failed = 0;        // … with an error
  // Bytes until then, as the callers and the providers saw them.
  std::uint64_t from_caller_bytes = 0;
  std::uint64_t to_caller_bytes = 0;
  std::uint64_t from_provider_bytes = 0;
  std::uint64_t to_provider_bytes = 0;
  Tally tally;  // what the scenario's calls met
};

Report run(const Scenario& scenario, Configurations& configurations, const RunOptions& options = {});

}  // namespace koine::gateway::testing::simulator
