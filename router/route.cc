// The order in which a call's meaning is looked up, and the errors that name the candidates.
#include "router/route.h"

#include <algorithm>

namespace koine::router {
namespace {

// The wire's own text in a message: cut, and without anything that is not printable ASCII.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text.substr(0, 120)) out += c >= 0x20 && c < 0x7f ? c : '?';
  if (text.size() > 120) out += "…";
  return out + "'";
}

// "a, b, c and 4 more", sorted, so that the answer is the same every time.
std::string listed(std::vector<std::string> names) {
  constexpr std::size_t shown_max = 8;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < shown_max; ++i) {
    if (i > 0) out += ", ";
    out += names[i];
  }
  if (names.size() > shown_max) out += " and " + std::to_string(names.size() - shown_max) + " more";
  return out.empty() ? "none" : out;
}

template <class Map>
std::vector<std::string> keys(const Map& map) {
  std::vector<std::string> names;
  names.reserve(map.size());
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

}  // namespace

std::string overload(std::string_view method, std::string_view signature) {
  return std::string(method).append("(").append(signature).append(")");
}

base::Status RouteTable::add(MethodRoute route, const std::vector<std::string>& service_names) {
  Family& mine = families_[static_cast<std::size_t>(route.caller)];
  const auto clash = [&](const Methods& methods, const std::string& name) -> base::Status {
    const auto found = methods.find(route.any_method ? std::string_view() : route.method);
    if (found == methods.end()) return {};
    return {base::Reason::call_ambiguous_method,
            std::string(to_string(route.caller)) + " callers would find " + name + "/" + route.method +
                " in two services, " + found->second->cluster->name + " and " + route.cluster->name +
                ": expose one of them under another name"};
  };
  for (const std::string& name : service_names) {
    const auto service = mine.services.find(name);
    if (service != mine.services.end()) KOINE_RETURN_IF_ERROR(clash(service->second, name));
  }
  route.id = static_cast<std::uint32_t>(routes_.size());
  routes_.push_back(std::make_unique<const MethodRoute>(std::move(route)));
  const MethodRoute* added = routes_.back().get();
  const std::string key = added->any_method ? std::string() : added->method;
  for (const std::string& name : service_names) mine.services[name].emplace(key, added);
  const auto [owner, first] = mine.clusters[added->cluster->name].emplace(key, added);
  if (!first) owner->second = nullptr;  // in two interfaces of the service: its name does not say which
  if (!added->any_method) mine.methods[key].push_back(added);
  return {};
}

// The method of that name, of overloads that with these parameters, else what stands for any.
const MethodRoute* RouteTable::find_method(const Methods& methods, const Query& query) {
  auto found = methods.find(query.method);
  if (found == methods.end() && !query.signature.empty()) {
    found = methods.find(overload(query.method, query.signature));
  }
  if (found == methods.end()) found = methods.find(std::string_view());
  return found == methods.end() ? nullptr : found->second;
}

base::Result<const MethodRoute*> RouteTable::find(const Query& query) const {
  const Family& all = family(query.caller);
  const MethodRoute* found = nullptr;
  if (!query.service.empty()) {
    const auto service = all.services.find(query.service);
    if (service == all.services.end()) {
      return base::Status(base::Reason::call_unknown_service,
                          "no service " + quoted(query.service) + " for " +
                              std::string(to_string(query.caller)) +
                              " callers; there are: " + listed(keys(all.services)));
    }
    found = find_method(service->second, query);
    if (found == nullptr) {
      return base::Status(base::Reason::call_unknown_method,
                          "service " + quoted(query.service) + " has no method " + quoted(query.method) +
                              "; it has: " + listed(keys(service->second)));
    }
  } else {
    if (!query.default_service.empty()) {
      const auto cluster = all.clusters.find(query.default_service);
      if (cluster != all.clusters.end()) found = find_method(cluster->second, query);
    }
    if (found == nullptr) {
      base::Result<const MethodRoute*> only = find_by_method(all, query);
      if (!only.has_value()) return only;
      found = *only;
    }
  }
  if (!found->refusal.ok()) return found->refusal;
  return found;
}

base::Result<const MethodRoute*> RouteTable::find_by_method(const Family& all, const Query& query) const {
  const auto owners = all.methods.find(query.method);
  if (owners == all.methods.end()) {
    return base::Status(base::Reason::call_unknown_method, "no service has a method " + quoted(query.method) +
                                                               "; services: " + listed(keys(all.clusters)));
  }
  if (owners->second.size() == 1) return owners->second.front();
  const Cluster* only = owners->second.front()->cluster;
  const bool one_cluster = std::all_of(owners->second.begin(), owners->second.end(),
                                       [only](const MethodRoute* owner) { return owner->cluster == only; });
  std::vector<std::string> names;
  for (const MethodRoute* owner : owners->second) {
    names.push_back(one_cluster ? owner->service : owner->cluster->name);
  }
  return base::Status(base::Reason::call_ambiguous_method,
                      "method " + quoted(query.method) + " has several owners: " + listed(std::move(names)) +
                          "; call it through a multiplexed protocol, or set the listener's "
                          "thrift.default_service");
}

}  // namespace koine::router
