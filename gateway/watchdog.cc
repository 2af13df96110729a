// Looking at workers, and what a Pulse's words are.
#include "gateway/watchdog.h"

#include <utility>

#include "gateway/pulse.h"

namespace koine::gateway {

std::string_view to_string(Activity activity) {
  switch (activity) {
    case Activity::none: return "nothing yet";
    case Activity::caller_bytes: return "reading a caller's bytes";
    case Activity::request: return "translating a request";
    case Activity::provider_bytes: return "reading a provider's bytes";
    case Activity::reply: return "translating a reply";
    case Activity::configuration: return "taking a new configuration";
  }
  return "?";
}

Watchdog::Watchdog(net::Loop& loop, std::size_t workers, const WatchdogOptions& options, Events events)
    : loop_(loop), options_(options), events_(std::move(events)), workers_(workers), timer_(loop) {}

void Watchdog::start() {
  timer_.start(options_.interval_ns, [this] {
    start();
    look();
  });
}

base::Nanoseconds Watchdog::stuck_ns(std::size_t worker) const {
  const State& state = workers_[worker];
  return state.looks > 0 ? loop_.now_ns() - state.busy_since_ns : 0;
}

void Watchdog::look() {
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    State& state = workers_[i];
    const base::Nanoseconds since = events_.busy_since_ns(i);
    if (since == 0 || since != state.busy_since_ns) {
      const base::Nanoseconds was_ns = stuck_ns(i);
      if (state.looks > 0) --stuck_now_;
      const bool recovered = std::exchange(state.looks, 0) > 0;
      state.busy_since_ns = since;
      if (recovered) events_.recovered(i, was_ns);
      continue;
    }
    if (++state.looks == 1) {
      ++state.total;
      ++stuck_now_;
      events_.stuck(i, stuck_ns(i));
    }
    if (state.looks == options_.stop_after) events_.hopeless(i, stuck_ns(i));
  }
}

}  // namespace koine::gateway
