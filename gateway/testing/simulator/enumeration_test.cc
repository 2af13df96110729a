// Every fault at every step of every flow.
#include "gateway/testing/simulator/enumeration.h"

#include <gtest/gtest.h>

namespace koine::gateway::testing::simulator {
namespace {

class Every : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Flow, Every, ::testing::ValuesIn(flow_names()),
                         [](const auto& one) { return one.param; });

TEST_P(Every, StepMayBeTheLast) {
  Configurations configurations;
  const Enumerated found = enumerate_steps(GetParam(), configurations);
  for (const std::string& problem : found.problems) ADD_FAILURE() << problem;
  EXPECT_GT(found.runs, 150u);
}

TEST_P(Every, ByteMayBeTheLast) {
  Configurations configurations;
  const Enumerated found = enumerate_bytes(GetParam(), configurations);
  for (const std::string& problem : found.problems) ADD_FAILURE() << problem;
  EXPECT_GT(found.runs, 300u);  // the shortest flow, oneway, has 330
}

}  // namespace
}  // namespace koine::gateway::testing::simulator
