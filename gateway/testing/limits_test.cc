// Every row of the table of limits is met: one below, at, and one above. A row without a test fails here.
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "gateway/testing/limit_probes.h"
#include "gateway/testing/world.h"

namespace koine::gateway::testing {

using base::Limit;

void set_limit(base::Limits& limits, Limit limit, std::uint64_t value) {
#define KOINE_LIMIT_CASE(name, ...) \
  if (limit == Limit::name) limits.name = static_cast<std::size_t>(value);
  KOINE_LIMITS(KOINE_LIMIT_CASE)
#undef KOINE_LIMIT_CASE
#define KOINE_TIMER_CASE(name, ...) \
  if (limit == Limit::name) limits.name##_ns = static_cast<std::int64_t>(value);
  KOINE_TIMERS(KOINE_TIMER_CASE)
#undef KOINE_TIMER_CASE
}

bool limit_counted(const std::string& metrics, Limit limit) {
  return metrics.find("koine_limit_hits_total{limit=\"" + std::string(base::to_string(limit)) + "\"") !=
         std::string::npos;
}

namespace {

// Rows whose three amounts are a test of their own, and where it stands.
struct Elsewhere {
  Limit limit;
  const char* file;
  const char* test;
};
constexpr Elsewhere elsewhere[] = {
    {Limit::config_bytes_max, "idl/idl_core_test.cc", "ReadsFromDiskWithinTheLimitAndKnowsOneFileByTwoPaths"},
    {Limit::plan_fields_max, "transcode/limits_test.cc", "LimitsTheFieldsOfAPlan"},
    // The kernel's: it knows no virtual time.
    {Limit::unacknowledged_timeout, "net/socket_network_test.cc",
     "KeepAliveAsksASilentPeerWithinAQuarterOfItsTime"},
    {Limit::upstream_unacknowledged_timeout, "net/socket_network_test.cc",
     "KeepAliveAsksASilentPeerWithinAQuarterOfItsTime"},
};

TEST(LimitTable, EveryRowIsTriedBelowAtAndAboveItsLimit) {
  Probes probes;
  add_http2_probes(probes);
  add_call_probes(probes);
  add_connection_probes(probes);
  add_timer_probes(probes);
  std::set<Limit> there;
  for (const Elsewhere& one : elsewhere) {
    there.insert(one.limit);
    std::ifstream file(std::string(KOINE_SOURCE_DIR) + "/" + one.file);
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_NE(text.str().find(std::string(one.test) + ")"), std::string::npos)
        << one.file << ": " << one.test;
  }
  for (std::size_t i = 0; i < base::limit_count; ++i) {
    const auto limit = static_cast<Limit>(i);
    const auto found = probes.find(limit);
    EXPECT_NE(found == probes.end(), there.find(limit) == there.end())
        << base::to_string(limit) << ": neither or both";
    if (found == probes.end()) continue;
    const Probe& probe = found->second;
    base::Limits limits;
    set_limit(limits, limit, probe.limit);
    for (const std::uint64_t amount : {probe.limit - 1, probe.limit, probe.limit + 1}) {
      const bool over = amount > probe.limit || (amount == probe.limit && probe.at_is_over);
      const Seen seen = probe.run(limits, amount);
      EXPECT_EQ(seen.passed, !over) << base::to_string(limit) << " of " << probe.limit << ": " << amount;
      EXPECT_EQ(seen.counted, over && probe.counted) << base::to_string(limit) << ": " << amount;
    }
  }
}

// How many calls a caller may cancel, each `after_ns` of its 200 ms.
int cancelled_until_closed(base::Nanoseconds after_ns) {
  World world(1);
  world.provider(Protocol::grpc).echo = false;
  base::Limits limits;
  limits.resets_received_burst = 10;
  limits.resets_received_per_second = 1;
  world.start({.services = {{.protocol = Protocol::grpc}}, .limits = limits});
  Caller& caller = world.caller(Protocol::grpc);
  int cancelled = 0;
  while (cancelled < 100 && caller.accepting()) {
    const auto call = caller.call({.service = "test.orders", .timeout_ns = 200 * base::millisecond_ns}, "x");
    world.settle();
    world.advance(after_ns);
    caller.cancel(call);
    world.settle();
    ++cancelled;
  }
  return cancelled;
}

TEST(Resets, OfCallsWhoseTimeIsUpAreNoOffenceAndOthersAre) {
  EXPECT_EQ(cancelled_until_closed(190 * base::millisecond_ns), 100);
  EXPECT_EQ(cancelled_until_closed(0), 11);
}

}  // namespace
}  // namespace koine::gateway::testing
