// Pipeline: one worker's policies in their order, and how a call passes them.
//
// The order itself, with its reasons, is make_policies() in pipeline.cc. A call keeps a Passage: how many
// policies it has passed, so that exactly those hear of its end. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "governance/access_log/access_log.h"
#include "governance/concurrency/concurrency.h"
#include "governance/metrics/metrics.h"
#include "governance/policy.h"

namespace koine::gateway {

// When a policy sees a call: before its route is known, or with it.
enum class Stage : std::uint8_t { server, route };

struct Step {
  Stage stage;
  std::unique_ptr<governance::Policy> policy;
};

// What policies share with other workers' and with the admin; null: that policy is left out.
struct GovernanceParts {
  governance::metrics::Shard* metrics = nullptr;
  governance::concurrency::Counters* concurrency = nullptr;
  governance::access_log::Writer* access_log = nullptr;
  governance::access_log::Ring* access_log_ring = nullptr;
};

// The whole order of policies.
std::vector<Step> make_policies(const GovernanceParts& parts);

class Pipeline {
 public:
  // Steps of stage server stand before those of stage route.
  explicit Pipeline(std::vector<Step> steps) : steps_(std::move(steps)) {}

  // How far one call has come.
  struct Passage {
    std::uint32_t passed = 0;  // policies whose on_call said proceed or park
  };

  // Goes on to the end of `stage`. After park, calling it again goes on behind the policy that parked. After
  // stop, stopped() is how the call ends.
  governance::Verdict run(Stage stage, Passage& passage, governance::Call& call);
  governance::Verdict attempt(governance::Call& call);
  model::Outcome stopped() { return std::exchange(stop_, blank()); }
  void attempt_end(governance::Call& call, const model::Outcome& outcome);
  // Tells every policy that was passed, last first; the passage starts anew.
  void finish(Passage& passage, governance::Call& call, const model::Outcome& outcome);
  void on_snapshot();

 private:
  // UNAVAILABLE, said by the gateway, nothing sent: what a policy that stops a call has not said otherwise.
  static model::Outcome blank();

  std::vector<Step> steps_;
  // For one policy at a time: few stop a call, and it is not made anew for each.
  model::Outcome stop_ = blank();
};

}  // namespace koine::gateway
