// The parts of a turn.
#include "net/turn_loop.h"

#include <utility>

namespace koine::net {
namespace {

// How often a turn goes round what its own callbacks deferred or wrote before it looks at sockets again.
constexpr int rounds_max = 64;

}  // namespace

bool Mailbox::post(Loop::Callback callback) {
  const std::lock_guard lock(mutex_);
  if (loop_ == nullptr) return false;
  waiting_.push_back(std::move(callback));
  // Only the first needs to wake: the loop takes all of them at once.
  if (waiting_.size() == 1) loop_->wake();
  return true;
}

TurnLoop::TurnLoop(const base::Clock& clock)
    : clock_(clock), now_ns_(clock.monotonic_ns()), mailbox_(std::make_shared<Mailbox>()) {
  mailbox_->loop_ = this;
}

TurnLoop::~TurnLoop() { clear(); }

void TurnLoop::clear() {
  std::vector<Callback> waiting;
  {
    const std::lock_guard lock(mailbox_->mutex_);
    mailbox_->loop_ = nullptr;
    waiting.swap(mailbox_->waiting_);
  }
  // What callbacks captured may release streams while it is destroyed, which buries them here.
  waiting.clear();
  posted_.clear();
  while (!deferred_.empty()) std::vector<Callback>().swap(deferred_);
  { TimerQueue doomed = std::exchange(timers_, TimerQueue()); }
  arrivals_.clear();
  enlisted_.clear();
  free_buried();
}

TimerId TurnLoop::schedule(base::Nanoseconds delay_ns, Callback callback) {
  if (delay_ns < 0) delay_ns = 0;
  const base::Nanoseconds now = in_turn_ ? now_ns_ : clock_.monotonic_ns();
  const base::Nanoseconds at = delay_ns >= base::never_ns - now ? base::never_ns : now + delay_ns;
  return timers_.schedule(at, std::move(callback));
}

void TurnLoop::stop() {
  stop_.store(true, std::memory_order_release);
  wake();
}

void TurnLoop::trim() {
  slabs_.trim();
  timers_.trim();
  // Whoever goes through one of these has taken it off first. Not so posted_, which holds what other threads
  // asked for in one turn: few.
  deferred_.shrink_to_fit();
  arrivals_.trim();
  enlisted_.trim();
  buried_.shrink_to_fit();
}

void TurnLoop::arrived(LoopObject& object, std::size_t bytes) {
  if (!object.arrived_) {
    object.arrived_ = true;
    arrivals_.push_back(object);
  }
  arrived_bytes_ += bytes;
  if (arrivals_.size() >= arrivals_max || arrived_bytes_ >= arrived_bytes_max) hand_on_arrivals();
}

void TurnLoop::enlist(LoopObject& object) {
  if (object.enlisted_) return;
  object.enlisted_ = true;
  enlisted_.push_back(object);
}

void TurnLoop::bury(LoopObject* object) {
  if (object->buried_) return;
  object->buried_ = true;
  buried_.push_back(object);
}

void TurnLoop::begin_turn() {
  if (in_turn_) return;
  in_turn_ = true;
  now_ns_ = clock_.monotonic_ns();
  busy_since_ns_.store(now_ns_, std::memory_order_relaxed);
}

void TurnLoop::end_turn() {
  begin_turn();
  hand_on_arrivals();
  run_timers();
  run_posted();
  for (int round = 0; round < rounds_max && !(deferred_.empty() && enlisted_.empty()); ++round) {
    run_deferred();
    flush_enlisted();
  }
  free_buried();
  in_turn_ = false;
  busy_since_ns_.store(0, std::memory_order_relaxed);
}

bool TurnLoop::mail_waits() {
  const std::lock_guard lock(mailbox_->mutex_);
  return !mailbox_->waiting_.empty();
}

void TurnLoop::List::clear() {
  for (std::vector<LoopObject*>& side : sides_) side.clear();
}

void TurnLoop::List::trim() {
  for (std::vector<LoopObject*>& side : sides_) side.shrink_to_fit();
}

template <class Visit>
void TurnLoop::List::take_all(Visit&& visit) {
  std::array<std::vector<LoopObject*>, 2> round;
  round.swap(sides_);
  for (std::size_t side = 0; side < round.size(); ++side) {
    for (LoopObject* object : round[side]) visit(*object);
    round[side].clear();
    // Keeps the room when nothing came meanwhile.
    if (sides_[side].empty()) sides_[side].swap(round[side]);
  }
}

void TurnLoop::hand_on_arrivals() {
  arrived_bytes_ = 0;
  arrivals_.take_all([](LoopObject& object) {
    object.arrived_ = false;
    object.hand_on();
  });
}

void TurnLoop::run_timers() {
  const std::uint64_t mark = timers_.mark();
  while (Callback callback = timers_.take_due(now_ns_, mark)) callback();
}

void TurnLoop::run_posted() {
  {
    const std::lock_guard lock(mailbox_->mutex_);
    posted_.swap(mailbox_->waiting_);
  }
  for (Callback& callback : posted_) {
    callback();
    callback = {};
  }
  posted_.clear();
}

void TurnLoop::run_deferred() {
  std::vector<Callback> round;
  round.swap(deferred_);
  for (Callback& callback : round) callback();
  round.clear();
  // Keeps the capacity when nothing was deferred meanwhile.
  if (deferred_.empty()) deferred_.swap(round);
}

void TurnLoop::flush_enlisted() {
  enlisted_.take_all([](LoopObject& object) {
    object.enlisted_ = false;
    object.flush();
  });
}

void TurnLoop::free_buried() {
  // Destructors may bury more. An object that is still on a list was buried after its last call from there:
  // it is taken off, nobody calls the dead.
  while (!buried_.empty()) {
    std::vector<LoopObject*> round;
    round.swap(buried_);
    for (LoopObject* object : round) {
      if (object->arrived_) arrivals_.remove(*object);
      if (object->enlisted_) enlisted_.remove(*object);
      delete object;
    }
  }
}

}  // namespace koine::net
