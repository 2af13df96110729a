// Finding the cell of a route or a service.
#include "governance/metrics/cells.h"

namespace koine::governance::metrics {

MethodCell& Shard::method(const router::MethodRoute* route, router::Protocol caller) {
  // Unrouted calls of each protocol have a cell of their own; their names come from the wire and are no
  // labels.
  if (route != nullptr) {
    const auto known = by_route_.find(route);
    if (known != by_route_.end()) return *known->second;
  }
  const std::string provider(route != nullptr ? router::to_string(route->cluster->protocol) : "");
  const Key key(route != nullptr ? route->cluster->name : "", route != nullptr ? route->method : "", caller,
                provider);
  const std::lock_guard lock(mutex_);
  std::unique_ptr<MethodCell>& cell = methods_[key];
  if (!cell) {
    cell = std::make_unique<MethodCell>();
    cell->service = std::get<0>(key);
    cell->method = std::get<1>(key);
    cell->caller = router::to_string(caller);
    cell->provider = provider;
  }
  if (route != nullptr) by_route_.emplace(route, cell.get());
  return *cell;
}

ServiceCell& Shard::service(std::string_view name) {
  const std::lock_guard lock(mutex_);
  auto found = services_.find(name);
  if (found == services_.end()) {
    found = services_.emplace(std::string(name), std::make_unique<ServiceCell>()).first;
    found->second->service = name;
  }
  return *found->second;
}

std::vector<const MethodCell*> Shard::methods() const {
  const std::lock_guard lock(mutex_);
  std::vector<const MethodCell*> all;
  all.reserve(methods_.size());
  for (const auto& [key, cell] : methods_) all.push_back(cell.get());
  return all;
}

std::vector<const ServiceCell*> Shard::services() const {
  const std::lock_guard lock(mutex_);
  std::vector<const ServiceCell*> all;
  all.reserve(services_.size());
  for (const auto& [key, cell] : services_) all.push_back(cell.get());
  return all;
}

}  // namespace koine::governance::metrics
