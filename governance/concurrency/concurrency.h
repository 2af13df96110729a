// Concurrency limit: how many calls may be in flight to one service, counted over all workers.
//
// A route policy. The count is one atomic a service, process-wide and on a cache line of its own: callers'
// connections are not spread evenly over workers, so a share for each would refuse calls while another
// worker's share lies idle; two uncontended-in-practice atomic operations a call cost less than being wrong.
// Counts belong to the service's name and outlive snapshots, so that a reload does not forget calls in
// flight.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "governance/policy.h"

namespace koine::governance::concurrency {

struct alignas(64) Counter {
  std::atomic<std::uint32_t> in_flight{0};
};

// The process's counters by service name. Any thread.
class Counters {
 public:
  std::shared_ptr<Counter> get(std::string_view service);
  // Calls in flight to a service now; 0 for an unknown one.
  std::uint32_t in_flight(std::string_view service) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Counter>, std::less<>> counters_;
};

// One worker's; `counters` outlives it.
class Concurrency final : public Policy {
 public:
  explicit Concurrency(Counters& counters) : counters_(counters) {}
  Verdict on_call(Call& call, model::Outcome& stop) override;
  void on_finish(Call& call, const model::Outcome& outcome) override;
  void on_snapshot() override {
    by_cluster_.clear();
    latest_ = nullptr;
  }

 private:
  Counter& counter_of(const router::Cluster& cluster);

  Counters& counters_;
  std::unordered_map<const router::Cluster*, std::shared_ptr<Counter>> by_cluster_;
  // The one asked for last, and its counter: calls come in runs.
  const router::Cluster* latest_ = nullptr;
  Counter* latest_counter_ = nullptr;
};

}  // namespace koine::governance::concurrency
