// EventLoop: a TurnLoop that waits for descriptors with libevent. libevent's base is used by the loop's
// thread only (no locks in it); post() and stop() wake it through an eventfd. One libevent timer stands for
// all timers.
#pragma once

#include <memory>

#include "base/result.h"
#include "net/channel.h"
#include "net/socket.h"
#include "net/turn_loop.h"

struct event;
struct event_base;

namespace koine::net {

class EventLoop final : public TurnLoop {
 public:
  // Errors: NET_IO.
  static base::Result<std::unique_ptr<EventLoop>> make(const base::Clock& clock);
  ~EventLoop() override;

  void run() override;

 private:
  friend class Readiness;
  EventLoop(const base::Clock& clock, event_base* base, FileDescriptor wake_fd, FileDescriptor timer_fd);
  void wake() override;
  void arm_timer();
  static void on_wake(int fd, short what, void* self);
  static void on_timer(int fd, short what, void* self);

  event_base* base_;
  FileDescriptor wake_fd_;
  FileDescriptor timer_fd_;
  event* wake_event_ = nullptr;
  event* timer_event_ = nullptr;
  base::Nanoseconds armed_ns_ = base::never_ns;
};

// A descriptor's readiness on a loop. The descriptor is somebody else's and outlives the watching; stop() or
// the destructor comes before it is closed. Events are level-triggered.
class Readiness {
 public:
  Readiness(EventLoop& loop, int fd, ChannelEvents& events) noexcept
      : loop_(loop), fd_(fd), events_(&events) {}
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;
  ~Readiness() { stop(); }

  void watch(bool readable, bool writable);
  void stop() noexcept;
  void set_events(ChannelEvents& events) noexcept { events_ = &events; }
  EventLoop& loop() noexcept { return loop_; }

 private:
  static void on_event(int fd, short what, void* self);
  void set(event*& slot, short what, bool wanted);

  EventLoop& loop_;
  int fd_;
  ChannelEvents* events_;
  event* read_event_ = nullptr;
  event* write_event_ = nullptr;
  bool reading_ = false;
  bool writing_ = false;
};

}  // namespace koine::net
