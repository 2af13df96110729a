// Every fault at every step of every flow; and that each was really met there. koine_simulator --enumerate
// bytes has every kind of cut at every byte.
#include "gateway/testing/simulator/enumeration.h"

#include <string_view>

#include <gtest/gtest.h>

namespace koine::gateway::testing::simulator {
namespace {

class Every : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Flow, Every, ::testing::ValuesIn(flow_names()),
                         [](const auto& one) { return one.param; });

void expect_all_met(const Enumerated& found) {
  for (const std::string& problem : found.problems) ADD_FAILURE() << problem;
  for (const EnumeratedFault& fault : found.faults) EXPECT_GT(fault.met, 0u) << fault.name;
}

TEST_P(Every, StepMayBeTheLast) {
  Configurations configurations;
  const Enumerated found = enumerate_steps(GetParam(), configurations);
  expect_all_met(found);
  EXPECT_GT(found.runs(), 500u);
}

TEST_P(Every, ByteMayBeTheLast) {
  Configurations configurations;
  const Enumerated found = enumerate_bytes(GetParam(), configurations, true);
  expect_all_met(found);
  EXPECT_GT(found.runs(), 120u);  // the shortest flow, oneway, has 130
}

TEST_P(Every, OrderOfAnswersIsSortedOut) {
  Configurations configurations;
  const Enumerated found = enumerate_orders(GetParam(), configurations);
  for (const std::string& problem : found.problems) ADD_FAILURE() << problem;
  std::size_t shuffled = 0;
  for (const EnumeratedFault& order : found.faults) {
    // Whatever the order: every call has its answer.
    const std::size_t answers = GetParam().starts_with("thrift_oneway") ? 2 : 3;
    EXPECT_EQ(order.answered, answers * order.runs) << order.name;
    shuffled += order.met;
  }
  EXPECT_GT(shuffled, found.runs() / 2);
}

}  // namespace
}  // namespace koine::gateway::testing::simulator
