// Counting permits, granting them in order, and what is known of an endpoint.
#include "gateway/permits.h"

#include <algorithm>
#include <utility>

namespace koine::gateway {

// What others may do to a member; guarded by Shared::mutex.
struct Permits::Member::Seat {
  std::shared_ptr<Waker> waker;
  bool waiting = false;
  bool granted = false;
  std::uint32_t max = 0;        // of who waits: configurations of different versions may differ
  std::uint32_t connected = 0;  // connections that stand
};

struct Permits::Member::Shared {
  using Wakers = std::vector<std::shared_ptr<Waker>>;

  mutable std::mutex mutex;
  std::uint32_t held = 0;
  std::vector<std::shared_ptr<Seat>> members;
  std::deque<std::shared_ptr<Seat>> waiting;
  std::atomic<std::uint32_t> waiting_count{0};
  std::uint32_t connected = 0;
  std::uint32_t failures = 0;
  std::atomic<base::Nanoseconds> down_until_ns{0};
  base::Status last_error;

  // All with the lock held.
  void count_waiting() {
    waiting_count.store(static_cast<std::uint32_t>(waiting.size()), std::memory_order_relaxed);
  }
  bool take(Seat& seat, std::uint32_t max) {
    if (std::exchange(seat.granted, false)) return true;
    if (held >= max) return false;
    ++held;
    return true;
  }
  // Grants what is free to who waits, in order; the wakers are called without the lock.
  Wakers grant() {
    Wakers woken;
    while (!waiting.empty() && held < waiting.front()->max) {
      const std::shared_ptr<Seat> first = std::move(waiting.front());
      waiting.pop_front();
      first->waiting = false;
      first->granted = true;
      ++held;
      woken.push_back(first->waker);
    }
    count_waiting();
    return woken;
  }
  void leave_queue(const std::shared_ptr<Seat>& seat) {
    if (!std::exchange(seat->waiting, false)) return;
    std::erase(waiting, seat);
    count_waiting();
  }
  Wakers drop_grant(Seat& seat) {
    if (!std::exchange(seat.granted, false)) return {};
    --held;
    return grant();
  }
};

base::Nanoseconds Permits::backoff_ns(std::uint32_t failures) {
  base::Nanoseconds wait = 100 * base::millisecond_ns;
  for (std::uint32_t i = 1; i < failures && wait < 1500 * base::millisecond_ns; ++i) wait = wait * 8 / 5;
  // A provider that is back is to be found within two seconds.
  return std::min(wait, 1500 * base::millisecond_ns);
}

std::size_t Permits::endpoints() const {
  const std::lock_guard lock(mutex_);
  return endpoints_.size();
}

Permits::Member::Member(Permits& permits, std::string key, std::shared_ptr<Waker> waker)
    : permits_(permits), key_(std::move(key)), seat_(std::make_shared<Seat>()) {
  seat_->waker = std::move(waker);
  const std::lock_guard lock(permits_.mutex_);
  std::weak_ptr<Shared>& entry = permits_.endpoints_[key_];
  shared_ = entry.lock();
  if (!shared_) {
    shared_ = std::make_shared<Shared>();
    entry = shared_;
  }
  const std::lock_guard inner(shared_->mutex);
  shared_->members.push_back(seat_);
}

Permits::Member::~Member() {
  stop_waiting();
  {
    const std::lock_guard lock(shared_->mutex);
    std::erase(shared_->members, seat_);
  }
  const std::lock_guard lock(permits_.mutex_);
  shared_.reset();
  const auto entry = permits_.endpoints_.find(key_);
  if (entry != permits_.endpoints_.end() && entry->second.expired()) permits_.endpoints_.erase(entry);
}

// ---- permits

bool Permits::Member::try_take(std::uint32_t max) {
  const std::lock_guard lock(shared_->mutex);
  return shared_->take(*seat_, max);
}

bool Permits::Member::take_or_wait(std::uint32_t max) {
  Shared::Wakers holders;
  {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->take(*seat_, max)) return true;
    if (seat_->waiting) return false;
    seat_->waiting = true;
    seat_->max = max;
    shared_->waiting.push_back(seat_);
    shared_->count_waiting();
    for (const auto& member : shared_->members) {
      if (member != seat_) holders.push_back(member->waker);
    }
  }
  for (const auto& holder : holders) holder->idle_wanted();
  return false;
}

void Permits::Member::give_back() {
  Shared::Wakers woken;
  {
    const std::lock_guard lock(shared_->mutex);
    --shared_->held;
    woken = shared_->grant();
  }
  for (const auto& waker : woken) waker->permit_granted();
}

void Permits::Member::stop_waiting() {
  Shared::Wakers woken;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->leave_queue(seat_);
    woken = shared_->drop_grant(*seat_);
  }
  for (const auto& waker : woken) waker->permit_granted();
}

void Permits::Member::pass_on() {
  Shared::Wakers woken;
  {
    const std::lock_guard lock(shared_->mutex);
    woken = shared_->drop_grant(*seat_);
  }
  for (const auto& waker : woken) waker->permit_granted();
}

bool Permits::Member::wanted_by_others() const {
  if (shared_->waiting_count.load(std::memory_order_relaxed) == 0) return false;
  const std::lock_guard lock(shared_->mutex);
  return std::any_of(shared_->waiting.begin(), shared_->waiting.end(),
                     [&](const auto& one) { return one != seat_; });
}

std::uint32_t Permits::Member::held() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->held;
}

// ---- how the endpoint is

void Permits::Member::connect_failed(base::Nanoseconds now_ns, const base::Status& why) {
  const std::lock_guard lock(shared_->mutex);
  shared_->last_error = why;
  if (shared_->down_until_ns.load(std::memory_order_relaxed) > now_ns) return;
  shared_->down_until_ns.store(now_ns + backoff_ns(++shared_->failures), std::memory_order_relaxed);
}

void Permits::Member::connected() {
  const std::lock_guard lock(shared_->mutex);
  ++seat_->connected;
  ++shared_->connected;
  shared_->failures = 0;
  shared_->down_until_ns.store(0, std::memory_order_relaxed);
}

void Permits::Member::disconnected() {
  Shared::Wakers others;
  {
    const std::lock_guard lock(shared_->mutex);
    --seat_->connected;
    if (--shared_->connected > 0) return;
    for (const auto& member : shared_->members) {
      if (member != seat_) others.push_back(member->waker);
    }
  }
  for (const auto& waker : others) waker->nobody_connected();
}

base::Nanoseconds Permits::Member::down_until_ns() const {
  return shared_->down_until_ns.load(std::memory_order_relaxed);
}

bool Permits::Member::others_connected() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->connected > seat_->connected;
}

base::Status Permits::Member::last_error() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->last_error;
}

}  // namespace koine::gateway
