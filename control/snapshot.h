// Snapshot: one configuration, validated and compiled; what control hands to the gateway.
//
// Built whole or not at all, never changed afterwards, shared between all workers. A call keeps the snapshot
// that it began with, so nothing in here is looked up twice for one call.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "router/address.h"
#include "router/cluster.h"
#include "router/route.h"

namespace koine::control {

struct Listener {
  router::Address bind;                     // ip or unix_path; port 0 = the system chooses
  std::string thrift_default_service;       // a Cluster's name, or empty
  std::vector<router::Protocol> protocols;  // what is accepted; empty = every protocol
  bool thrift_lax = false;                  // Thrift's binary protocol without its version word, too

  bool accepts(router::Protocol protocol) const {
    for (const router::Protocol one : protocols) {
      if (one == protocol) return true;
    }
    return protocols.empty();
  }
};

struct AccessLog {
  bool enabled = false;
  std::string path;  // "stdout", "stderr" or a file, appended to and opened again on SIGHUP
  std::size_t ring_bytes = 256u << 10;  // per worker: what may wait for the writer before lines are dropped
  bool operator==(const AccessLog&) const = default;
};

struct Snapshot {
  std::uint64_t version = 1;  // rises with every reload
  std::string source;         // what it was loaded from, for /config and logs

  std::vector<Listener> listeners;
  std::vector<std::unique_ptr<const router::Cluster>> clusters;  // stable addresses: routes point here
  router::RouteTable routes;

  std::optional<router::Address> admin;  // loopback or a Unix socket
  std::uint32_t workers = 0;             // 0 = one for each core; fixed once the process runs
  base::Limits limits;
  base::Nanoseconds drain_timeout_ns = base::drain_timeout_ns;
  AccessLog access_log;

  // What the routes point into: schemas and plans.
  std::vector<std::shared_ptr<const void>> owned;

  const router::Cluster* find_cluster(std::string_view name) const {
    for (const auto& cluster : clusters) {
      if (cluster->name == name) return cluster.get();
    }
    return nullptr;
  }
};

using SnapshotRef = std::shared_ptr<const Snapshot>;

}  // namespace koine::control
