// Worker: one thread's share of the gateway: its connections, calls, pools, policies and counters.
//
// Workers share nothing but what is immutable (Snapshots, codecs) or made for it (permits, counters of
// concurrency). Other threads speak to a worker only through the functions of the first part, which post to
// its loop; the snapshot's mailbox holds the newest one only, and accepted connections are bounded by
// limits.connections_max.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function.h"
#include "base/log.h"
#include "gateway/attempt.h"
#include "gateway/codecs.h"
#include "gateway/connection.h"
#include "gateway/dropped_fields.h"
#include "gateway/exchange.h"
#include "gateway/ids.h"
#include "gateway/memory.h"
#include "gateway/permits.h"
#include "gateway/pipeline.h"
#include "gateway/pulse.h"
#include "gateway/sabotage.h"
#include "gateway/snapshot_holder.h"
#include "gateway/turn.h"
#include "gateway/upstream_pool.h"
#include "net/network.h"
#include "transcode/context.h"

namespace koine::gateway {

struct WorkerParts {
  net::Network* network = nullptr;  // all outlive the worker
  Permits* permits = nullptr;
  Memory* memory = nullptr;  // null: this worker's alone
  base::Logger* log = nullptr;
  governance::metrics::Shard* shard = nullptr;
  GovernanceParts governance;
  // For tests: policies behind the gateway's own.
  std::function<std::vector<Step>(governance::Parking&)> extra_steps;
  std::shared_ptr<const Codecs> codecs;
  std::optional<Sabotage::Kind> sabotage;
  // Called on the worker's thread when a drain is over: no connection and no call is left.
  std::function<void()> on_drained;
};

class Worker final : private AttemptEvents,
                     private UpstreamPool::Wakers,
                     private governance::Parking,
                     private Turn::Task {
 public:
  // Made before the loop's thread runs, destroyed on it or after it ended.
  Worker(WorkerParts parts, control::SnapshotRef snapshot);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();

  // ---- any thread
  // Takes a connection; it counts as this worker's load from now on.
  void accept(net::AcceptedSocket socket, ListenerRef listener);
  // Connections handed over and not over yet.
  std::uint32_t load() const { return load_.load(std::memory_order_relaxed); }
  // New calls use this snapshot; the newest wins when several come in a row.
  void set_snapshot(control::SnapshotRef snapshot);
  // Version of the snapshot that new calls use.
  std::uint64_t snapshot_version() const { return version_.load(std::memory_order_relaxed); }
  // Says goodbye to callers where their protocol can; serves the others on until they pause.
  void drain();
  // From now on those others are not served on: what is in flight is answered, then they are closed.
  void finish_drain();
  // Ends everything now; calls in flight are cancelled.
  void close_all();
  // When the turn that its loop is in began, 0 while it waits; and what it turned to last.
  base::Nanoseconds busy_since_ns() const { return parts_.network->loop().busy_since_ns(); }
  Pulse::Beat last_beat() const { return pulse_.last(); }
  // What is alive, for /config and tests.
  struct Counts {
    std::uint32_t connections = 0;
    std::uint32_t exchanges = 0;
    std::uint32_t upstream_connections = 0;
    std::uint32_t snapshots = 0;
    std::uint32_t pools = 0;
  };

  // ---- the worker's thread
  Counts counts() const;
  net::Network& network() { return *parts_.network; }
  net::Loop& loop() { return loop_; }
  base::Nanoseconds now_ns() { return loop().now_ns(); }
  base::Nanoseconds wall_ns() { return loop().clock().wall_ns(); }
  base::Logger& log() { return *parts_.log; }
  Turn& turn() { return turn_; }
  Pulse& pulse() { return pulse_; }
  Pipeline& pipeline() { return pipeline_; }
  const Codecs& codecs() const { return *parts_.codecs; }
  governance::metrics::Shard& shard() { return *parts_.shard; }
  transcode::Context& transcode_context() { return transcode_context_; }
  DroppedFields& dropped_fields() { return dropped_fields_; }
  Sabotage* sabotage() { return sabotage_ ? &*sabotage_ : nullptr; }
  const control::Snapshot& snapshot() const { return current_->snapshot(); }
  // Does the method at "/package.Service/Method" carry streams?
  bool streams(router::Protocol caller, std::string_view path) const;
  bool has_service(router::Protocol caller, std::string_view service) const;

  Exchange& make_exchange(CallOrigin&& origin, model::CallHead&& head);
  // Null when it is over or gone.
  Exchange* find_exchange(Handle handle);
  Connection* find_connection(Handle handle) { return connections_.find(handle); }
  // Both are destroyed at the end of the turn.
  void exchange_over(Handle handle);
  void connection_over(Handle handle);
  // A connection that has more to do than is fair in one turn: Connection::go_on() follows, in a later one. A
  // few go on in each turn, in order, however many there are.
  void yield(Handle connection);
  // What all workers' buffers hold is looked at (memory.h); when it is tight, so are the connections, which
  // of them take their answers; too much, and those that hold most are closed.
  void check_memory();
  bool memory_over() const { return memory_.over(snapshot().limits.memory_bytes_max); }
  bool memory_tight() const { return memory_.tight(snapshot().limits.memory_bytes_max); }
  std::size_t memory_share_bytes() const { return memory_.share_bytes(snapshot().limits.memory_bytes_max); }
  // A call that a session refused by itself: log and metrics hear of it as of any other.
  void record_refused(router::Protocol caller, std::string_view peer, std::string_view default_service,
                      const model::CallHead& head, std::size_t request_bytes, const model::Outcome& outcome);
  SnapshotHolder& hold_snapshot();
  void release_snapshot(SnapshotHolder& holder);

 private:
  class PoolWaker;

  void adopt(control::SnapshotRef snapshot);
  void take_snapshot();
  std::shared_ptr<UpstreamPool> pool_for(const router::Cluster& cluster, const base::Limits& limits);
  UpstreamPool* find_pool(std::uint64_t id);
  void drop_unused_holders();
  void check_drained();
  // The last bytes of oneway calls and answers leave before the process does.
  void check_flushed();
  // No call for a while after the last one, or after a connection ended: what they needed goes back to the
  // heap, and the heap's free pages to the system.
  void release_idle_memory();
  void look_at_readers();
  void shed_memory();
  void let_go_on();
  Exchange* current(AttemptRef attempt);

  // AttemptEvents
  void on_ready(AttemptRef attempt, UpstreamConnection& connection) override;
  void on_unavailable(AttemptRef attempt, const base::Status& why) override;
  void on_reply(AttemptRef attempt, model::Reply&& reply) override;
  void on_head(AttemptRef attempt, model::ReplyHead&& head) override;
  void on_message(AttemptRef attempt, model::Payload&& message) override;
  void on_finish(AttemptRef attempt, model::Outcome&& outcome) override;
  void on_writable(AttemptRef attempt) override;
  void on_answer_size(AttemptRef attempt, std::size_t bytes) override;
  // UpstreamPool::Wakers
  std::shared_ptr<Permits::Waker> make(std::uint64_t pool, std::size_t endpoint) override;
  // governance::Parking
  void resume(std::uint64_t ticket) override;
  // Turn::Task: destroys exchanges that are over. Called when connections have been destroyed, too.
  void end_of_turn() override;

  WorkerParts parts_;
  net::Loop& loop_;
  Turn turn_;
  Pulse pulse_;
  UpstreamContext upstream_;
  Pipeline pipeline_;
  transcode::Context transcode_context_;
  DroppedFields dropped_fields_;
  MemoryShare memory_;
  base::Nanoseconds shed_at_ns_ = 0;
  net::Timer look_timer_;  // runs while memory is tight
  std::optional<Sabotage> sabotage_;
  std::vector<std::unique_ptr<SnapshotHolder>> holders_;
  SnapshotHolder* current_ = nullptr;
  struct KnownPool {
    std::string key;
    std::uint64_t id;
    std::weak_ptr<UpstreamPool> pool;
    bool retired = false;
  };
  std::vector<KnownPool> pools_;
  std::uint64_t next_pool_ = 1;
  SlotMap<Connection> connections_;
  SlotMap<Exchange> exchanges_;
  std::vector<Handle> over_;  // exchanges to be destroyed
  std::deque<Handle> yielding_;
  net::Timer yield_timer_;
  net::Timer idle_timer_;
  net::Timer drain_timer_;
  bool draining_ = false;
  bool closing_all_ = false;
  bool flushing_ = false;
  bool drained_told_ = false;

  std::atomic<std::uint32_t> load_{0};
  std::atomic<std::uint64_t> version_{0};
  std::mutex mailbox_mutex_;
  control::SnapshotRef mailbox_;
  // What is posted finds the worker through this, or finds it gone.
  struct Door {
    explicit Door(Worker* inside) : worker(inside) {}
    Worker* worker;  // read and cleared on the loop's thread only, or after it ended
  };
  std::shared_ptr<Door> door_;
};

}  // namespace koine::gateway
