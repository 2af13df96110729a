// What every change must pass: 2,000 seeds; and that the simulator itself can be relied on. More seeds, and
// how to look into one that fails: docs/testing.md.
#include <cstdint>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "gateway/testing/simulator/narrow.h"
#include "gateway/testing/simulator/simulation.h"

namespace koine::gateway::testing::simulator {
namespace {

constexpr std::uint64_t seeds_in_all = 2000;
constexpr std::uint64_t seeds_of_a_test = 250;

std::string replay(std::uint64_t seed) {
  return "koine_simulator --from " + std::to_string(seed) + " --trace   (--narrow: only what it takes)";
}

class Seeds : public ::testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Simulator, Seeds, ::testing::Range<std::uint64_t>(1, seeds_in_all, seeds_of_a_test));

TEST_P(Seeds, KeepEveryPromise) {
  Configurations configurations;
  std::size_t calls = 0;
  std::size_t answered = 0;
  Tally tally;
  for (std::uint64_t seed = GetParam(); seed < GetParam() + seeds_of_a_test; ++seed) {
    const Report report = run(make_scenario(seed), configurations);
    for (const std::string& problem : report.problems) ADD_FAILURE() << problem << "\n  " << replay(seed);
    if (HasFailure()) return;
    calls += report.calls;
    answered += report.answered;
    tally.add(report.tally);
  }
  // The trouble must not be so great that nothing is tested, nor so small.
  EXPECT_GT(calls, 8 * seeds_of_a_test);
  EXPECT_GT(answered, calls / 4);
  EXPECT_LT(answered, calls * 9 / 10);
  // Everything that can go wrong met some call; which flow met what at which step, the enumeration sees to.
  for (std::size_t i = 0; i < fault_count; ++i) {
    const auto kind = static_cast<FaultKind>(i);
    EXPECT_GT(tally.count(kind), 0u) << to_string(kind) << "\n" << tally.table();
  }
  for (std::size_t i = 1; i < lie_count; ++i) {
    const auto lie = static_cast<Lie>(i);
    EXPECT_GT(tally.count(lie), 0u) << to_string(lie) << "\n" << tally.table();
  }
  for (std::size_t i = 0; i < trouble_count; ++i) {
    const auto trouble = static_cast<Trouble>(i);
    EXPECT_GT(tally.count(trouble), 0u) << to_string(trouble) << "\n" << tally.table();
  }
}

TEST(Simulator, RunsASeedTheSameWayBitByBit) {
  Configurations configurations;
  std::set<std::uint64_t> hashes;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Report first = run(make_scenario(seed), configurations);
    Configurations others;
    const Report second = run(make_scenario(seed), others);
    EXPECT_EQ(first.hash, second.hash) << "seed " << seed;
    EXPECT_EQ(first.events, second.events);
    EXPECT_EQ(first.steps, second.steps);
    hashes.insert(first.hash);
  }
  EXPECT_EQ(hashes.size(), 20u) << "seeds that make no difference";
}

TEST(Simulator, SaysTheSameToWhoLooksAsToWhoDoesNot) {
  Configurations configurations;
  std::size_t lines = 0;
  RunOptions printing;
  printing.print = [&lines](std::string_view) { ++lines; };
  const Report quiet = run(make_scenario(7), configurations);
  EXPECT_EQ(run(make_scenario(7), configurations, printing).hash, quiet.hash);
  EXPECT_EQ(lines, quiet.events);
}

// A gateway that gives each answer to the next caller: the simulator must see it, and find what it takes.
TEST(Simulator, ReportsAnswersThatAreExchanged) {
  Configurations configurations;
  RunOptions wrong;
  wrong.sabotage = Sabotage::Kind::exchange_answers;
  std::size_t reported = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Report report = run(make_scenario(seed), configurations, wrong);
    bool found = false;
    for (const std::string& problem : report.problems)
      found = found || problem.ends_with("got another call's answer");
    reported += found ? 1u : 0u;
  }
  EXPECT_GE(reported, 15u);
}

TEST(Simulator, NarrowsAFailureToWhatItTakes) {
  Configurations configurations;
  RunOptions wrong;
  wrong.sabotage = Sabotage::Kind::exchange_answers;
  const Scenario scenario = make_scenario(3);
  const Narrowed narrowed = narrow(scenario, configurations, wrong);
  EXPECT_FALSE(narrowed.report.problems.empty());
  EXPECT_GT(narrowed.without.size(), scenario.pieces() / 2);
  Scenario again = scenario;
  for (const std::size_t piece : narrowed.without) again.drop(piece);
  EXPECT_EQ(run(again, configurations, wrong).hash, narrowed.report.hash);
}

}  // namespace
}  // namespace koine::gateway::testing::simulator
