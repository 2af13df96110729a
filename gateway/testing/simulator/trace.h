// Trace: everything that the simulator's peers and its faults do, in the order in which it happens: a hash of
// it all, so that two runs can be compared bit by bit, and lines for a person who asked for them. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/clock.h"

namespace koine::gateway::testing::simulator {

// X(enumerator, what a line says)
#define KOINE_SIMULATOR_EVENTS(X)                           \
  X(caller_connects, "caller connects")                     \
  X(caller_starts, "caller starts call")                    \
  X(caller_bytes, "caller receives bytes")                  \
  X(caller_ended, "call ended for its caller")              \
  X(caller_cancels, "caller cancels call")                  \
  X(caller_lost, "caller's connection ended")               \
  X(provider_accepts, "provider accepts")                   \
  X(provider_bytes, "provider receives bytes")              \
  X(provider_executes, "provider executes call")            \
  X(provider_answers, "provider answers call")              \
  X(provider_lies, "provider breaks its protocol for call") \
  X(provider_lost, "provider's connection ended")           \
  X(fault, "fault")                                         \
  X(fault_over, "fault is over")                            \
  X(reload, "configuration reloads")                        \
  X(drained, "gateway drained")                             \
  X(phase, "phase")                                         \
  X(log, "gateway logs")

enum class Event : std::uint8_t {
#define KOINE_SIMULATOR_EVENT(name, text) name,
  KOINE_SIMULATOR_EVENTS(KOINE_SIMULATOR_EVENT)
#undef KOINE_SIMULATOR_EVENT
};

class Trace {
 public:
  using Print = std::function<void(std::string_view line)>;
  explicit Trace(Print print = {}) : print_(std::move(print)) {}

  // `detail`: any bytes; they are hashed, and printed when `readable`.
  void note(base::Nanoseconds at_ns, Event event, std::uint64_t a, std::uint64_t b = 0,
            std::string_view detail = {}, bool readable = false);
  std::uint64_t hash() const { return hash_; }
  std::uint64_t events() const { return events_; }

 private:
  Print print_;
  std::uint64_t hash_ = 0;
  std::uint64_t events_ = 0;
};

}  // namespace koine::gateway::testing::simulator
