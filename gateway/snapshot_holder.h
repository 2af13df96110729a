// SnapshotHolder: a worker's grip on one Snapshot and on the pools that go with it.
//
// Exchanges count on the holder, not on the shared Snapshot, so that no cache line is fought over per call.
// The worker lets a holder go when it is not the current one and nobody counts on it. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "control/snapshot.h"
#include "gateway/upstream_pool.h"

namespace koine::gateway {

class SnapshotHolder {
 public:
  // `pools` by Cluster::id.
  SnapshotHolder(control::SnapshotRef snapshot, std::vector<std::shared_ptr<UpstreamPool>> pools)
      : snapshot_(std::move(snapshot)), pools_(std::move(pools)) {}

  const control::Snapshot& snapshot() const { return *snapshot_; }
  const control::SnapshotRef& ref() const { return snapshot_; }
  UpstreamPool& pool(const router::Cluster& cluster) const { return *pools_[cluster.id]; }
  const std::vector<std::shared_ptr<UpstreamPool>>& pools() const { return pools_; }

 private:
  friend class Worker;
  control::SnapshotRef snapshot_;
  std::vector<std::shared_ptr<UpstreamPool>> pools_;
  std::uint32_t exchanges_ = 0;
};

}  // namespace koine::gateway
