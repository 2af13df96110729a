// The wait of a turn, on libevent.
#include "net/event_loop.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include <event2/event.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "net/event_memory.h"

namespace koine::net {
namespace {

constexpr base::Nanoseconds longest_wait_ns = 3600 * base::second_ns;

}  // namespace

base::Result<std::unique_ptr<EventLoop>> EventLoop::make(const base::Clock& clock) {
  FileDescriptor wake_fd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!wake_fd) return errno_status(errno, "making a loop's eventfd");
  FileDescriptor timer_fd(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  if (!timer_fd) return errno_status(errno, "making a loop's timerfd");
  keep_event_memory_apart();
  event_config* config = event_config_new();
  if (config == nullptr) std::abort();  // out of memory
  event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
  event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
  event_base* base = event_base_new_with_config(config);
  event_config_free(config);
  if (base == nullptr) {
    return base::Status(base::Reason::net_io,
                        "the event loop cannot start: no epoll descriptor (are descriptors used up?)");
  }
  return std::unique_ptr<EventLoop>(new EventLoop(clock, base, std::move(wake_fd), std::move(timer_fd)));
}

EventLoop::EventLoop(const base::Clock& clock, event_base* base, FileDescriptor wake_fd,
                     FileDescriptor timer_fd)
    : TurnLoop(clock), base_(base), wake_fd_(std::move(wake_fd)), timer_fd_(std::move(timer_fd)) {
  wake_event_ = event_new(base_, wake_fd_.get(), EV_READ | EV_PERSIST, &EventLoop::on_wake, this);
  timer_event_ = event_new(base_, timer_fd_.get(), EV_READ | EV_PERSIST, &EventLoop::on_timer, this);
  if (wake_event_ == nullptr || timer_event_ == nullptr) std::abort();  // out of memory
  event_add(wake_event_, nullptr);
  event_add(timer_event_, nullptr);
}

EventLoop::~EventLoop() {
  clear();
  event_free(wake_event_);
  event_free(timer_event_);
  event_base_free(base_);
}

void EventLoop::run() {
  while (!stop_seen()) {
    int flags = EVLOOP_ONCE;
    const base::Nanoseconds next = timers().next_ns();
    if (work_waits() || next <= now_ns()) {
      flags |= EVLOOP_NONBLOCK;
    } else {
      arm_timer();
    }
    event_base_loop(base_, flags);
    end_turn();
  }
}

void EventLoop::arm_timer() {
  const base::Nanoseconds next = timers().next_ns();
  // A timer that fires too early only costs a turn; moving it each time that a deadline is cancelled would
  // cost a system call a call.
  if (next >= armed_ns_) return;
  armed_ns_ = next;
  // At least 1: zero would disarm it.
  const base::Nanoseconds wait =
      std::clamp<base::Nanoseconds>(next - clock().monotonic_ns(), 1, longest_wait_ns);
  itimerspec setting{};
  setting.it_value.tv_sec = static_cast<time_t>(wait / base::second_ns);
  setting.it_value.tv_nsec = static_cast<long>(wait % base::second_ns);
  ::timerfd_settime(timer_fd_.get(), 0, &setting, nullptr);
}

void EventLoop::wake() {
  const std::uint64_t one = 1;
  // The only way to fail is a counter that is full: then the loop wakes anyway.
  [[maybe_unused]] const ssize_t written = ::write(wake_fd_.get(), &one, sizeof(one));
}

void EventLoop::on_wake(int fd, short, void* self) {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(fd, &count, sizeof(count));
  static_cast<EventLoop*>(self)->begin_turn();
}

void EventLoop::on_timer(int fd, short, void* self) {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(fd, &count, sizeof(count));
  auto* loop = static_cast<EventLoop*>(self);
  loop->armed_ns_ = base::never_ns;
  loop->begin_turn();
}

void Readiness::on_event(int, short what, void* self) {
  auto* readiness = static_cast<Readiness*>(self);
  readiness->loop_.begin_turn();
  readiness->events_->on_ready((what & EV_READ) != 0, (what & EV_WRITE) != 0);
}

void Readiness::set(event*& slot, short what, bool wanted) {
  if (slot == nullptr) {
    if (!wanted) return;
    slot = event_new(loop_.base_, fd_, static_cast<short>(what | EV_PERSIST), &Readiness::on_event, this);
    if (slot == nullptr) std::abort();  // out of memory
  }
  if (wanted) {
    event_add(slot, nullptr);
  } else {
    event_del(slot);
  }
}

void Readiness::watch(bool readable, bool writable) {
  if (readable != reading_) set(read_event_, EV_READ, readable);
  if (writable != writing_) set(write_event_, EV_WRITE, writable);
  reading_ = readable;
  writing_ = writable;
}

void Readiness::stop() noexcept {
  if (read_event_ != nullptr) event_free(read_event_);
  if (write_event_ != nullptr) event_free(write_event_);
  read_event_ = write_event_ = nullptr;
  reading_ = writing_ = false;
}

}  // namespace koine::net
