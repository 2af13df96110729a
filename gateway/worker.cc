// What holds a worker's parts together.
#include "gateway/worker.h"

#include <algorithm>
#include <utility>

#include <malloc.h>

namespace koine::gateway {
namespace {

// A worker without a call for this long gives its memory back.
constexpr base::Nanoseconds idle_memory_after_ns = 3 * base::second_ns;
// Nobody is told when a stream that was let go has sent its last byte: at the end of a drain it is asked.
constexpr base::Nanoseconds flush_poll_ns = 10 * base::millisecond_ns;
// Connections with more to do than their share that go on in a turn.
constexpr std::size_t yielding_share = 2;

std::vector<Step> all_steps(const WorkerParts& parts, governance::Parking& parking) {
  std::vector<Step> steps = make_policies(parts.governance);
  if (parts.extra_steps) {
    for (Step& step : parts.extra_steps(parking)) steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace

// Wakes a pool of this worker from any thread.
class Worker::PoolWaker final : public Permits::Waker {
 public:
  PoolWaker(Worker& worker, std::uint64_t pool, std::size_t endpoint)
      : loop_(worker.loop()), door_(worker.door_), pool_(pool), endpoint_(endpoint) {}

  void permit_granted() override { post(&UpstreamPool::on_permit_granted); }
  void idle_wanted() override { post(&UpstreamPool::on_idle_wanted); }
  void nobody_connected() override { post(&UpstreamPool::on_nobody_connected); }

 private:
  void post(void (UpstreamPool::*told)(std::size_t)) {
    loop_.post([door = door_, pool = pool_, endpoint = endpoint_, told] {
      if (door->worker == nullptr) return;
      if (UpstreamPool* found = door->worker->find_pool(pool)) (found->*told)(endpoint);
    });
  }

  net::Loop& loop_;
  const std::shared_ptr<Door> door_;
  const std::uint64_t pool_;
  const std::size_t endpoint_;
};

Worker::Worker(WorkerParts parts, control::SnapshotRef snapshot)
    : parts_(std::move(parts)),
      loop_(parts_.network->loop()),
      turn_(loop_),
      upstream_{*parts_.network, turn_, *this, *this, *parts_.permits, parts_.codecs, *parts_.shard, pulse_},
      pipeline_(all_steps(parts_, *this)),
      transcode_context_(&parts_.network->loop().slabs()),
      memory_(parts_.memory),
      look_timer_(parts_.network->loop()),
      yield_timer_(parts_.network->loop()),
      idle_timer_(parts_.network->loop()),
      drain_timer_(parts_.network->loop()),
      door_(std::make_shared<Door>(this)) {
  if (parts_.sabotage) sabotage_.emplace(*parts_.sabotage);
  adopt(std::move(snapshot));
}

Worker::~Worker() {
  door_->worker = nullptr;
  for (const Handle handle : connections_.handles()) {
    if (Connection* connection = connections_.find(handle)) connection->close(base::Reason::call_draining);
  }
  for (const Handle handle : exchanges_.handles()) {
    if (Exchange* exchange = find_exchange(handle)) exchange->caller_cancelled(base::Reason::call_draining);
  }
  // Exchanges count on holders and look at their connections when they go.
  for (const Handle handle : exchanges_.handles()) exchanges_.erase(handle);
  for (const Handle handle : connections_.handles()) connections_.erase(handle);
}

// ---- from any thread

void Worker::accept(net::AcceptedSocket socket, ListenerRef listener) {
  load_.fetch_add(1, std::memory_order_relaxed);
  loop().post([door = door_, taken = std::move(socket), where = std::move(listener)]() mutable {
    Worker* self = door->worker;
    if (self == nullptr) return;
    self->memory_.caller_came();
    Connection& connection = self->connections_.emplace(*self, std::move(where));
    connection.open(std::move(taken));
    if (self->draining_) connection.drain();
  });
}

void Worker::set_snapshot(control::SnapshotRef snapshot) {
  {
    const std::lock_guard lock(mailbox_mutex_);
    mailbox_ = std::move(snapshot);
  }
  loop().post([door = door_] {
    if (door->worker != nullptr) door->worker->take_snapshot();
  });
}

void Worker::drain() {
  loop().post([door = door_] {
    Worker* self = door->worker;
    if (self == nullptr || self->draining_) return;
    self->draining_ = true;
    for (const Handle handle : self->connections_.handles()) {
      if (Connection* connection = self->connections_.find(handle)) connection->drain();
    }
    self->check_drained();
  });
}

void Worker::finish_drain() {
  loop().post([door = door_] {
    Worker* self = door->worker;
    if (self == nullptr) return;
    for (const Handle handle : self->connections_.handles()) {
      if (Connection* connection = self->connections_.find(handle)) connection->finish_drain();
    }
  });
}

void Worker::close_all() {
  loop().post([door = door_] {
    Worker* self = door->worker;
    if (self == nullptr) return;
    self->closing_all_ = true;
    for (const Handle handle : self->connections_.handles()) {
      if (Connection* connection = self->connections_.find(handle))
        connection->close(base::Reason::call_draining);
    }
    // What nobody waits for any more (oneway) ends too.
    for (const Handle handle : self->exchanges_.handles()) {
      if (Exchange* exchange = self->find_exchange(handle))
        exchange->caller_cancelled(base::Reason::call_draining);
    }
    self->check_drained();
  });
}

// ---- snapshots and pools

void Worker::take_snapshot() {
  control::SnapshotRef snapshot;
  {
    const std::lock_guard lock(mailbox_mutex_);
    snapshot = std::exchange(mailbox_, nullptr);
  }
  if (!snapshot) return;
  pulse_.at(Activity::configuration);
  adopt(std::move(snapshot));
}

void Worker::adopt(control::SnapshotRef snapshot) {
  std::vector<std::shared_ptr<UpstreamPool>> pools;
  for (const auto& cluster : snapshot->clusters) pools.push_back(pool_for(*cluster, snapshot->limits));
  for (KnownPool& known : pools_) {
    const std::shared_ptr<UpstreamPool> pool = known.pool.lock();
    if (known.retired || pool == nullptr) continue;
    if (std::find(pools.begin(), pools.end(), pool) != pools.end()) continue;
    known.retired = true;
    pool->retire();
  }
  version_.store(snapshot->version, std::memory_order_relaxed);
  holders_.push_back(std::make_unique<SnapshotHolder>(std::move(snapshot), std::move(pools)));
  current_ = holders_.back().get();
  pipeline_.on_snapshot();
  dropped_fields_.forget();
  drop_unused_holders();
}

std::shared_ptr<UpstreamPool> Worker::pool_for(const router::Cluster& cluster, const base::Limits& limits) {
  std::erase_if(pools_, [](const KnownPool& known) { return known.pool.expired(); });
  std::string key = UpstreamPool::key_of(cluster, limits);
  for (const KnownPool& known : pools_) {
    if (known.retired || known.key != key) continue;
    if (std::shared_ptr<UpstreamPool> pool = known.pool.lock()) return pool;
  }
  const std::uint64_t id = next_pool_++;
  auto pool = std::make_shared<UpstreamPool>(upstream_, cluster, limits, id,
                                             static_cast<UpstreamPool::Wakers&>(*this));
  pools_.push_back({std::move(key), id, pool, false});
  return pool;
}

UpstreamPool* Worker::find_pool(std::uint64_t id) {
  for (const KnownPool& known : pools_) {
    // Holders keep it alive; the pointer is used at once.
    if (known.id == id) return known.pool.lock().get();
  }
  return nullptr;
}

SnapshotHolder& Worker::hold_snapshot() {
  ++current_->exchanges_;
  return *current_;
}

void Worker::release_snapshot(SnapshotHolder& holder) {
  if (--holder.exchanges_ == 0 && &holder != current_) drop_unused_holders();
}

// At the end of the turn: one of its pools may be on the call stack.
void Worker::drop_unused_holders() {
  turn_.doom([door = door_] {
    if (door->worker == nullptr) return;
    std::erase_if(door->worker->holders_, [&](const std::unique_ptr<SnapshotHolder>& holder) {
      return holder->exchanges_ == 0 && holder.get() != door->worker->current_;
    });
  });
}

bool Worker::streams(router::Protocol caller, std::string_view path) const {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return false;
  const auto found =
      current_->snapshot().routes.find({caller, path.substr(1, slash - 1), path.substr(slash + 1), {}});
  if (!found.has_value()) return false;
  const model::MethodKind kind = (*found)->kind;
  return kind != model::MethodKind::unary && kind != model::MethodKind::oneway;
}

bool Worker::has_service(router::Protocol caller, std::string_view service) const {
  return current_->snapshot().routes.has_service(caller, service);
}

// ---- calls and connections

Exchange& Worker::make_exchange(CallOrigin&& origin, model::CallHead&& head) {
  return exchanges_.emplace(*this, std::move(origin), std::move(head));
}

Exchange* Worker::find_exchange(Handle handle) {
  Exchange* exchange = exchanges_.find(handle);
  return exchange != nullptr && !exchange->over() ? exchange : nullptr;
}

void Worker::exchange_over(Handle handle) {
  over_.push_back(handle);
  turn_.queue(*this);
}

void Worker::yield(Handle connection) {
  yielding_.push_back(connection);
  if (!yield_timer_.active()) yield_timer_.start(0, [this] { let_go_on(); });
}

void Worker::let_go_on() {
  for (std::size_t left = std::min(yielding_.size(), yielding_share); left > 0; --left) {
    Connection* connection = find_connection(yielding_.front());
    yielding_.pop_front();
    if (connection != nullptr) connection->go_on();
  }
  if (!yielding_.empty()) yield_timer_.start(0, [this] { let_go_on(); });
}

void Worker::connection_over(Handle handle) {
  load_.fetch_sub(1, std::memory_order_relaxed);
  memory_.caller_left();
  turn_.doom([door = door_, handle] {
    if (door->worker == nullptr) return;
    door->worker->connections_.erase(handle);
    door->worker->turn_.queue(*door->worker);
  });
}

void Worker::end_of_turn() {
  for (std::size_t i = 0; i < over_.size(); ++i) exchanges_.erase(over_[i]);
  over_.clear();
  if (exchanges_.size() == 0 && !idle_timer_.active()) {
    idle_timer_.start(idle_memory_after_ns, [this] { release_idle_memory(); });
  }
  check_drained();
}

void Worker::release_idle_memory() {
  if (exchanges_.size() != 0) return;  // busy again: asked anew when it is not
  // A flood may have left room for a hundred thousand of them.
  exchanges_.trim();
  connections_.trim();
  std::vector<Handle>().swap(over_);
  transcode_context_.arena.release();
  transcode_context_.output.release();
  loop().trim();
  ::malloc_trim(0);
}

void Worker::check_drained() {
  if (!draining_ || drained_told_ || connections_.size() > 0 || exchanges_.size() > 0) return;
  if (!flushing_ && !closing_all_) {
    flushing_ = true;
    for (const KnownPool& known : pools_) {
      if (const auto pool = known.pool.lock()) pool->retire();
    }
  }
  if (drain_timer_.active() && !closing_all_) return;
  // Later: connections that are being left write at the end of this turn.
  drain_timer_.start(closing_all_ ? 0 : flush_poll_ns, [this] { check_flushed(); });
}

void Worker::check_flushed() {
  if (drained_told_) return;
  // A connection from the accept queue may have come meanwhile.
  if (connections_.size() > 0 || exchanges_.size() > 0) return check_drained();
  if (!closing_all_ && parts_.network->open_streams() > 0) {
    drain_timer_.start(flush_poll_ns, [this] { check_flushed(); });
    return;
  }
  drained_told_ = true;
  if (parts_.on_drained) parts_.on_drained();
}

Worker::Counts Worker::counts() const {
  Counts counts;
  counts.connections = static_cast<std::uint32_t>(connections_.size());
  counts.exchanges = static_cast<std::uint32_t>(exchanges_.size());
  counts.snapshots = static_cast<std::uint32_t>(holders_.size());
  for (const KnownPool& known : pools_) {
    if (const auto pool = known.pool.lock()) {
      ++counts.pools;
      counts.upstream_connections += static_cast<std::uint32_t>(pool->connections());
    }
  }
  return counts;
}

// ---- what attempts, permits and policies tell

Exchange* Worker::current(AttemptRef attempt) {
  Exchange* exchange = find_exchange(attempt.exchange);
  return exchange != nullptr && exchange->serial() == attempt.serial ? exchange : nullptr;
}

void Worker::on_ready(AttemptRef attempt, UpstreamConnection& connection) {
  if (Exchange* exchange = current(attempt)) exchange->on_ready(connection);
}

void Worker::on_unavailable(AttemptRef attempt, const base::Status& why) {
  if (Exchange* exchange = current(attempt)) exchange->on_unavailable(why);
}

void Worker::on_reply(AttemptRef attempt, model::Reply&& reply) {
  if (Exchange* exchange = current(attempt)) exchange->on_reply(std::move(reply));
}

void Worker::on_head(AttemptRef attempt, model::ReplyHead&& head) {
  if (Exchange* exchange = current(attempt)) exchange->on_head(std::move(head));
}

void Worker::on_message(AttemptRef attempt, model::Payload&& message) {
  if (Exchange* exchange = current(attempt)) exchange->on_message(std::move(message));
}

void Worker::on_finish(AttemptRef attempt, model::Outcome&& outcome) {
  if (Exchange* exchange = current(attempt)) exchange->on_finish(std::move(outcome));
}

void Worker::on_writable(AttemptRef attempt) {
  if (Exchange* exchange = current(attempt)) exchange->on_writable();
}

void Worker::on_answer_size(AttemptRef attempt, std::size_t bytes) {
  if (Exchange* exchange = current(attempt)) exchange->on_answer_size(bytes);
}

std::shared_ptr<Permits::Waker> Worker::make(std::uint64_t pool, std::size_t endpoint) {
  return std::make_shared<PoolWaker>(*this, pool, endpoint);
}

void Worker::resume(std::uint64_t ticket) {
  if (Exchange* exchange = find_exchange(Handle::unpack(ticket))) exchange->resume_parked();
}

}  // namespace koine::gateway
