// Metrics: counting calls (a server policy), and all workers' cells as Prometheus text.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "governance/metrics/cells.h"

namespace koine::governance::metrics {

// One worker's policy; `shard` outlives it.
class Metrics final : public Policy {
 public:
  explicit Metrics(Shard& shard) : shard_(shard) {}
  Verdict on_call(Call& call, model::Outcome& stop) override;
  void on_finish(Call& call, const model::Outcome& outcome) override;
  void on_snapshot() override { shard_.forget_routes(); }

 private:
  Shard& shard_;
};

// A number that belongs to the process, not to a worker; its text follows Prometheus' data model.
struct Extra {
  std::string_view name;
  std::string_view help;
  std::string_view type;  // "counter" or "gauge"
  std::string labels;     // `a="b"`, escaped, or empty
  double value = 0;
};

// All shards of the process. Any thread.
class Registry {
 public:
  // A shard for one more worker; it lives as long as the registry.
  Shard& add_shard();
  // Limits that the main loop applies: connections, the admin port. Its thread only.
  base::LimitHits& process_hits() { return process_hits_; }
  // Prometheus' text format, version 0.0.4; samples of one name stand together, after their HELP and TYPE.
  std::string render(const std::vector<Extra>& extras) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Shard>> shards_;
  base::LimitHits process_hits_;
};

// `text` with backslash, quote and newline escaped, for a label's value.
std::string escape_label(std::string_view text);

}  // namespace koine::governance::metrics
