// The heap of deadlines.
#include "net/timer_queue.h"

#include <algorithm>
#include <utility>

namespace koine::net {
namespace {

constexpr std::size_t arity = 4;
constexpr std::size_t sweep_min = 64;
constexpr std::size_t lean_min = 1024;
constexpr std::size_t lean_ratio = 8;
constexpr std::uint32_t patience_turns_max = 1u << 16;

}  // namespace

TimerId TimerQueue::schedule(base::Nanoseconds at_ns, Loop::Callback&& callback) {
  if (free_ == no_slot) add_chunk();
  const std::uint32_t index = free_;
  Slot& place = slot(index);
  free_ = place.next_free;
  place.callback = std::move(callback);
  place.next_free = in_use;
  heap_.push_back({at_ns, sequence_++, index, place.generation});
  sift_up(heap_.size() - 1);
  ++living_;
  ++chunks_[index / chunk_slots]->living;
  return {index, place.generation};
}

bool TimerQueue::cancel(TimerId timer) {
  const std::size_t chunk = timer.slot / chunk_slots;
  if (timer.generation == 0 || chunk >= chunks_.size() || chunks_[chunk] == nullptr) return false;
  Slot& place = slot(timer.slot);
  if (place.generation != timer.generation) return false;
  // Destroyed last: the destructor of what it captured may call back in here.
  const Loop::Callback doomed = std::move(place.callback);
  retire(timer.slot);
  if (heap_.size() > sweep_min && heap_.size() > 2 * living_) sweep();
  return true;
}

base::Nanoseconds TimerQueue::next_ns() {
  drop_dead_front();
  if (slots() > lean_min && slots() / lean_ratio > living_ && ++lean_turns_ >= patience_turns_) trim();
  return heap_.empty() ? base::never_ns : heap_.front().at_ns;
}

Loop::Callback TimerQueue::take_due(base::Nanoseconds now_ns, std::uint64_t before_mark) {
  drop_dead_front();
  if (heap_.empty() || heap_.front().at_ns > now_ns || heap_.front().at_ns == base::never_ns) return {};
  // One that was scheduled in this turn waits for the next, or a callback could keep the turn going for ever.
  // It can only be at the front when everything older that is due has been taken.
  if (heap_.front().sequence >= before_mark) return {};
  const std::uint32_t index = heap_.front().slot;
  Loop::Callback callback = std::move(slot(index).callback);
  pop_front();
  retire(index);
  return callback;
}

void TimerQueue::retire(std::uint32_t index) {
  Slot& place = slot(index);
  place.callback = {};
  if (++place.generation == 0) place.generation = 1;
  place.next_free = free_;
  free_ = index;
  --living_;
  --chunks_[index / chunk_slots]->living;
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

// Free slots, where the first chunk lies that was given back or else behind the last.
void TimerQueue::add_chunk() {
  const auto gap = std::find(chunks_.begin(), chunks_.end(), nullptr);
  const auto number = static_cast<std::size_t>(gap - chunks_.begin());
  if (gap == chunks_.end()) chunks_.emplace_back();
  chunks_[number] = std::make_unique<Chunk>();
  ++chunks_held_;
  for (std::size_t index = (number + 1) * chunk_slots; index-- > number * chunk_slots;) {
    slot(index).generation = next_generation_;
    slot(index).next_free = free_;
    free_ = static_cast<std::uint32_t>(index);
  }
}

void TimerQueue::trim() {
  sweep();
  const std::size_t before = chunks_held_;
  free_ = no_slot;
  for (std::size_t number = chunks_.size(); number-- > 0;) {
    Chunk* chunk = chunks_[number].get();
    if (chunk == nullptr) continue;
    if (chunk->living == 0) {
      for (const Slot& place : chunk->slots) next_generation_ = std::max(next_generation_, place.generation);
      chunks_[number].reset();
      --chunks_held_;
      continue;
    }
    for (std::size_t index = (number + 1) * chunk_slots; index-- > number * chunk_slots;) {
      if (slot(index).next_free == in_use) continue;
      slot(index).next_free = free_;
      free_ = static_cast<std::uint32_t>(index);
    }
  }
  while (!chunks_.empty() && chunks_.back() == nullptr) chunks_.pop_back();
  chunks_.shrink_to_fit();
  heap_.shrink_to_fit();
  lean_turns_ = 0;
  // Where the few that stay hold many chunks there is nothing to gain by looking often.
  patience_turns_ = chunks_held_ * 2 > before ? std::min(patience_turns_ * 2, patience_turns_max) : 16;
}

}  // namespace koine::net
