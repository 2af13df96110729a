// Counting calls in flight.
#include "governance/concurrency/concurrency.h"

namespace koine::governance::concurrency {

std::shared_ptr<Counter> Counters::get(std::string_view service) {
  const std::lock_guard lock(mutex_);
  auto found = counters_.find(service);
  if (found == counters_.end()) {
    found = counters_.emplace(std::string(service), std::make_shared<Counter>()).first;
  }
  return found->second;
}

std::uint32_t Counters::in_flight(std::string_view service) const {
  const std::lock_guard lock(mutex_);
  const auto found = counters_.find(service);
  return found == counters_.end() ? 0 : found->second->in_flight.load(std::memory_order_relaxed);
}

Counter& Concurrency::counter_of(const router::Cluster& cluster) {
  if (latest_ == &cluster) return *latest_counter_;
  std::shared_ptr<Counter>& counter = by_cluster_[&cluster];
  if (!counter) counter = counters_.get(cluster.name);
  latest_ = &cluster;
  latest_counter_ = counter.get();
  return *counter;
}

Verdict Concurrency::on_call(Call& call, model::Outcome& stop) {
  if (call.route == nullptr) return Verdict::proceed;
  const router::Cluster& cluster = *call.route->cluster;
  // Counted without a limit too: a reload may set one while calls are in flight.
  std::atomic<std::uint32_t>& in_flight = counter_of(cluster).in_flight;
  const std::uint32_t before = in_flight.fetch_add(1, std::memory_order_relaxed);
  if (cluster.concurrency_max == 0 || before < cluster.concurrency_max) return Verdict::proceed;
  in_flight.fetch_sub(1, std::memory_order_relaxed);
  stop.code = model::Code::resource_exhausted;
  stop.reason = base::Reason::limit_concurrency;
  stop.message = "service " + cluster.name + " has " + std::to_string(cluster.concurrency_max) +
                 " calls in flight, its limits.concurrency";
  return Verdict::stop;
}

void Concurrency::on_finish(Call& call, const model::Outcome& /*outcome*/) {
  if (call.route == nullptr) return;
  counter_of(*call.route->cluster).in_flight.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace koine::governance::concurrency
