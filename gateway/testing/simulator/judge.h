// The judge: compares what was done to a run's calls (Ledger) with what the gateway made of them and said of
// them, and names everything that must not be. What each rule is for: docs/testing.md. Plain functions.
#pragma once

#include <string>
#include <vector>

#include "gateway/testing/simulator/call_log.h"
#include "gateway/testing/simulator/ledger.h"

namespace koine::gateway::testing::simulator {

struct Evidence {
  const Scenario& scenario;
  const Ledger& ledger;
  std::string access_log;
  std::uint64_t lines_dropped = 0;
  std::string metrics;            // the page, when all was over
  std::size_t first_healthy = 0;  // calls from here on were made when all faults were over
};

// What was wrong, one sentence each; empty when all is well.
std::vector<std::string> judge(const Evidence& evidence);

}  // namespace koine::gateway::testing::simulator
