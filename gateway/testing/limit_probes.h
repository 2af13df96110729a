// Probes: for each row of the table of limits, something that can be done to any amount and is stopped by
// that row.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/limits.h"

namespace koine::gateway::testing {

struct Seen {
  bool passed = false;   // the amount got through
  bool counted = false;  // the row's counter rose
};

struct Probe {
  // What the row is set to.
  std::uint64_t limit = 0;
  // Tries an amount under these limits, of which the row is set to `limit`.
  std::function<Seen(const base::Limits&, std::uint64_t amount)> run;
  // The amount that equals the limit is over it already (a queue that is full, a time that is up).
  bool at_is_over = false;
  // What is over is counted under the row's name.
  bool counted = true;
};

using Probes = std::map<base::Limit, Probe>;
void add_http2_probes(Probes& probes);
void add_call_probes(Probes& probes);
void add_connection_probes(Probes& probes);
void add_timer_probes(Probes& probes);

void set_limit(base::Limits& limits, base::Limit limit, std::uint64_t value);
// Whether koine_limit_hits_total has the row.
bool limit_counted(const std::string& metrics, base::Limit limit);

}  // namespace koine::gateway::testing
