// The heap of deadlines.
#include "net/timer_queue.h"

#include <algorithm>
#include <utility>

namespace koine::net {
namespace {

constexpr std::size_t arity = 4;
constexpr std::size_t sweep_min = 64;
constexpr std::size_t give_back_min = 1024;
constexpr std::size_t lean_ratio = 8;
constexpr std::uint32_t patience_turns_max = 1u << 16;

}  // namespace

TimerId TimerQueue::schedule(base::Nanoseconds at_ns, Loop::Callback&& callback) {
  std::uint32_t index = free_;
  if (index == no_slot) {
    index = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back().generation = next_generation_;
  } else {
    free_ = slots_[index].next_free;
  }
  Slot& slot = slots_[index];
  slot.callback = std::move(callback);
  slot.next_free = in_use;
  heap_.push_back({at_ns, sequence_++, index, slot.generation});
  sift_up(heap_.size() - 1);
  ++living_;
  return {index, slot.generation};
}

bool TimerQueue::cancel(TimerId timer) {
  if (timer.generation == 0 || timer.slot >= slots_.size()) return false;
  if (slots_[timer.slot].generation != timer.generation) return false;
  // Destroyed last: the destructor of what it captured may call back in here.
  const Loop::Callback doomed = std::move(slots_[timer.slot].callback);
  retire(timer.slot);
  if (heap_.size() > sweep_min && heap_.size() > 2 * living_) sweep();
  return true;
}

base::Nanoseconds TimerQueue::next_ns() {
  drop_dead_front();
  if (slots_.size() > give_back_min && slots_.size() / lean_ratio > living_ &&
      ++lean_turns_ >= patience_turns_) {
    give_back();
  }
  return heap_.empty() ? base::never_ns : heap_.front().at_ns;
}

Loop::Callback TimerQueue::take_due(base::Nanoseconds now_ns, std::uint64_t before_mark) {
  drop_dead_front();
  if (heap_.empty() || heap_.front().at_ns > now_ns || heap_.front().at_ns == base::never_ns) return {};
  // One that was scheduled in this turn waits for the next, or a callback could keep the turn going for ever.
  // It can only be at the front when everything older that is due has been taken.
  if (heap_.front().sequence >= before_mark) return {};
  const std::uint32_t slot = heap_.front().slot;
  Loop::Callback callback = std::move(slots_[slot].callback);
  pop_front();
  retire(slot);
  return callback;
}

void TimerQueue::retire(std::uint32_t index) {
  Slot& slot = slots_[index];
  slot.callback = {};
  if (++slot.generation == 0) slot.generation = 1;
  slot.next_free = free_;
  free_ = index;
  --living_;
}

void TimerQueue::pop_front() {
  heap_.front() = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) sift_down(0);
}

void TimerQueue::drop_dead_front() {
  while (!heap_.empty() && !living(heap_.front())) pop_front();
}

void TimerQueue::sift_up(std::size_t at) {
  const Entry entry = heap_[at];
  while (at > 0) {
    const std::size_t parent = (at - 1) / arity;
    if (!entry.before(heap_[parent])) break;
    heap_[at] = heap_[parent];
    at = parent;
  }
  heap_[at] = entry;
}

void TimerQueue::sift_down(std::size_t at) {
  const Entry entry = heap_[at];
  for (;;) {
    const std::size_t first = at * arity + 1;
    if (first >= heap_.size()) break;
    const std::size_t last = std::min(first + arity, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < last; ++child) {
      if (heap_[child].before(heap_[least])) least = child;
    }
    if (!heap_[least].before(entry)) break;
    heap_[at] = heap_[least];
    at = least;
  }
  heap_[at] = entry;
}

void TimerQueue::sweep() {
  std::erase_if(heap_, [this](const Entry& entry) { return !living(entry); });
  for (std::size_t at = heap_.size() / arity + 1; at-- > 0;) {
    if (at < heap_.size()) sift_down(at);
  }
}

// Drops the free slots behind the last one in use.
void TimerQueue::give_back() {
  sweep();
  const std::size_t before = slots_.size();
  while (!slots_.empty() && slots_.back().next_free != in_use) {
    next_generation_ = std::max(next_generation_, slots_.back().generation);
    slots_.pop_back();
  }
  free_ = no_slot;
  for (std::uint32_t index = static_cast<std::uint32_t>(slots_.size()); index-- > 0;) {
    if (slots_[index].next_free == in_use) continue;
    slots_[index].next_free = free_;
    free_ = index;
  }
  slots_.shrink_to_fit();
  heap_.shrink_to_fit();
  lean_turns_ = 0;
  // Where a deadline far behind stays for long there is nothing to gain by looking often.
  patience_turns_ = slots_.size() * 2 > before ? std::min(patience_turns_ * 2, patience_turns_max) : 16;
}

}  // namespace koine::net
