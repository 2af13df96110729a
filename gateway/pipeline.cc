// The order of policies, and the passage of a call through them.
#include "gateway/pipeline.h"

#include "governance/deadline/deadline.h"

namespace koine::gateway {

std::vector<Step> make_policies(const GovernanceParts& parts) {
  std::vector<Step> steps;
  const auto add = [&](Stage stage, std::unique_ptr<governance::Policy> policy) {
    steps.push_back({stage, std::move(policy)});
  };
  // ---- server policies: every call that began passes them, whether it finds a route or not.
  //
  // 1. Access log. First, so that it hears of the end last, when all others have had their say, and of every
  //    call: written + dropped = calls.
  if (parts.access_log != nullptr) {
    add(Stage::server, std::make_unique<governance::access_log::AccessLog>(
                           *parts.access_log, *parts.access_log_ring,
                           parts.metrics != nullptr ? &parts.metrics->limit_hits : nullptr));
  }
  // 2. Metrics. Above everything that may stop a call, so that refusals are counted like answers.
  if (parts.metrics != nullptr) {
    add(Stage::server, std::make_unique<governance::metrics::Metrics>(*parts.metrics));
  }
  // ---- the route is looked up here; calls without one end here.
  //
  // 3. Deadline. Above the limits: a call whose time is over must not take a place from one that has some,
  // and
  //    what parks calls further down waits within the deadline.
  add(Stage::route, std::make_unique<governance::deadline::Deadline>());
  // 4. Concurrency limit. Last: what it counts really goes to the provider, and nothing below refuses a call
  //    that already holds a place.
  if (parts.concurrency != nullptr) {
    add(Stage::route, std::make_unique<governance::concurrency::Concurrency>(*parts.concurrency));
  }
  return steps;
}

model::Outcome Pipeline::blank() {
  model::Outcome outcome;
  outcome.code = model::Code::unavailable;
  outcome.origin = model::Origin::gateway;
  outcome.phase = model::Phase::not_sent;
  return outcome;
}

governance::Verdict Pipeline::run(Stage stage, Passage& passage, governance::Call& call) {
  while (passage.passed < steps_.size() && steps_[passage.passed].stage <= stage) {
    const governance::Verdict verdict = steps_[passage.passed].policy->on_call(call, stop_);
    if (verdict == governance::Verdict::stop) return verdict;
    ++passage.passed;
    if (verdict == governance::Verdict::park) return verdict;
  }
  return governance::Verdict::proceed;
}

governance::Verdict Pipeline::attempt(governance::Call& call) {
  for (const Step& step : steps_) {
    if (step.policy->on_attempt(call, stop_) == governance::Verdict::stop) return governance::Verdict::stop;
  }
  return governance::Verdict::proceed;
}

void Pipeline::attempt_end(governance::Call& call, const model::Outcome& outcome) {
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step)
    step->policy->on_attempt_end(call, outcome);
}

void Pipeline::finish(Passage& passage, governance::Call& call, const model::Outcome& outcome) {
  // Counted down before each hook: a hook that ends up here again must not be called twice.
  while (passage.passed > 0) steps_[--passage.passed].policy->on_finish(call, outcome);
}

void Pipeline::on_snapshot() {
  for (const Step& step : steps_) step.policy->on_snapshot();
}

}  // namespace koine::gateway
