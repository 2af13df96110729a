// A turn on demand.
#include "net/memory/manual_loop.h"

#include <algorithm>
#include <utility>

namespace koine::net::memory {

bool ManualLoop::busy() {
  if (work_waits() || mail_waits() || timers().next_ns() <= clock().monotonic_ns()) return true;
  return std::any_of(items_.begin(), items_.end(),
                     [](Pollable* item) { return static_cast<bool>(item->poll()); });
}

void ManualLoop::turn(std::mt19937_64* random, const std::function<void()>& held_up) {
  begin_turn();
  if (held_up) held_up();
  std::vector<std::pair<Pollable*, Pollable::Ready>> ready;
  for (Pollable* item : items_) {
    if (const Pollable::Ready what = item->poll()) ready.emplace_back(item, what);
  }
  if (random != nullptr) {
    // Not std::shuffle: its use of the generator differs between libraries, and a seed must mean one order.
    for (std::size_t i = ready.size(); i > 1; --i) std::swap(ready[i - 1], ready[(*random)() % i]);
    while (ready.size() > 1 && (*random)() % 4 == 0) ready.pop_back();
  }
  for (const auto& [item, what] : ready) {
    // An earlier callback of this turn may have removed it.
    if (std::find(items_.begin(), items_.end(), item) != items_.end()) item->dispatch(what);
  }
  end_turn();
}

}  // namespace koine::net::memory
