// Narrowing: leaves pieces out of a scenario that fails, one by one, as long as it still fails. One thread.
#pragma once

#include <cstddef>
#include <vector>

#include "gateway/testing/simulator/simulation.h"

namespace koine::gateway::testing::simulator {

struct Narrowed {
  Scenario scenario;                 // what is left
  std::vector<std::size_t> without;  // the pieces that were left out
  Report report;                     // of what is left
};
// `scenario` fails; at most `runs_max` runs are spent.
Narrowed narrow(const Scenario& scenario, Configurations& configurations, const RunOptions& options,
                std::size_t runs_max = 500);

// "--without 3,7,8" of those pieces; empty when there are none.
std::string without_flag(const std::vector<std::size_t>& pieces);

}  // namespace koine::gateway::testing::simulator
