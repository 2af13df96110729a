// Counting permits, and waking who waits for one.
#include "gateway/permits.h"

#include <algorithm>

namespace koine::gateway {

struct Permits::Member::Shared {
  mutable std::mutex mutex;
  std::uint32_t held = 0;
  std::vector<std::shared_ptr<Waker>> members;
  std::deque<std::shared_ptr<Waker>> waiting;
  std::atomic<std::uint32_t> waiting_count{0};

  // With the lock held: who is woken, or null.
  std::shared_ptr<Waker> pop_waiting() {
    if (waiting.empty()) return nullptr;
    std::shared_ptr<Waker> first = std::move(waiting.front());
    waiting.pop_front();
    waiting_count.store(static_cast<std::uint32_t>(waiting.size()), std::memory_order_relaxed);
    return first;
  }
};

Permits::Member::Member(Permits& permits, std::string key, std::shared_ptr<Waker> waker)
    : permits_(permits), key_(std::move(key)), waker_(std::move(waker)) {
  const std::lock_guard lock(permits_.mutex_);
  std::weak_ptr<Shared>& entry = permits_.endpoints_[key_];
  shared_ = entry.lock();
  if (!shared_) {
    shared_ = std::make_shared<Shared>();
    entry = shared_;
  }
  const std::lock_guard inner(shared_->mutex);
  shared_->members.push_back(waker_);
}

Permits::Member::~Member() {
  stop_waiting();
  {
    const std::lock_guard lock(shared_->mutex);
    std::erase(shared_->members, waker_);
  }
  const std::lock_guard lock(permits_.mutex_);
  shared_.reset();
  const auto entry = permits_.endpoints_.find(key_);
  if (entry != permits_.endpoints_.end() && entry->second.expired()) permits_.endpoints_.erase(entry);
}

bool Permits::Member::try_take(std::uint32_t max) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->held >= max) return false;
  ++shared_->held;
  return true;
}

void Permits::Member::give_back() {
  std::shared_ptr<Waker> woken;
  {
    const std::lock_guard lock(shared_->mutex);
    --shared_->held;
    woken = shared_->pop_waiting();
  }
  if (woken) woken->permit_free();
}

void Permits::Member::wait() {
  std::vector<std::shared_ptr<Waker>> holders;
  {
    const std::lock_guard lock(shared_->mutex);
    if (std::find(shared_->waiting.begin(), shared_->waiting.end(), waker_) != shared_->waiting.end()) return;
    shared_->waiting.push_back(waker_);
    shared_->waiting_count.store(static_cast<std::uint32_t>(shared_->waiting.size()),
                                 std::memory_order_relaxed);
    for (const auto& member : shared_->members) {
      if (member != waker_) holders.push_back(member);
    }
  }
  for (const auto& holder : holders) holder->idle_wanted();
}

void Permits::Member::stop_waiting() {
  const std::lock_guard lock(shared_->mutex);
  std::erase(shared_->waiting, waker_);
  shared_->waiting_count.store(static_cast<std::uint32_t>(shared_->waiting.size()),
                               std::memory_order_relaxed);
}

void Permits::Member::pass_on() {
  std::shared_ptr<Waker> woken;
  {
    const std::lock_guard lock(shared_->mutex);
    woken = shared_->pop_waiting();
  }
  if (woken) woken->permit_free();
}

bool Permits::Member::wanted_by_others() const {
  if (shared_->waiting_count.load(std::memory_order_relaxed) == 0) return false;
  const std::lock_guard lock(shared_->mutex);
  return std::any_of(shared_->waiting.begin(), shared_->waiting.end(),
                     [&](const auto& one) { return one != waker_; });
}

std::uint32_t Permits::Member::held() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->held;
}

}  // namespace koine::gateway
