// Trying without.
#include "gateway/testing/simulator/narrow.h"

#include <algorithm>
#include <utility>

namespace koine::gateway::testing::simulator {

Narrowed narrow(const Scenario& scenario, Configurations& configurations, const RunOptions& options,
                std::size_t runs_max) {
  Narrowed kept{scenario, {}, run(scenario, configurations, options)};
  std::size_t runs = 0;
  for (bool smaller = true; smaller && runs < runs_max;) {
    smaller = false;
    // Whole calls stand at the end: they take most along.
    for (std::size_t piece = scenario.pieces(); piece-- > 0 && runs < runs_max;) {
      if (kept.scenario.dropped(piece)) continue;
      Scenario without = kept.scenario;
      without.drop(piece);
      ++runs;
      Report report = run(without, configurations, options);
      if (report.problems.empty()) continue;
      kept.scenario = std::move(without);
      kept.report = std::move(report);
      kept.without.push_back(piece);
      smaller = true;
    }
  }
  std::sort(kept.without.begin(), kept.without.end());
  return kept;
}

std::string without_flag(const std::vector<std::size_t>& pieces) {
  std::string text;
  for (const std::size_t piece : pieces) text += (text.empty() ? "--without " : ",") + std::to_string(piece);
  return text;
}

}  // namespace koine::gateway::testing::simulator
