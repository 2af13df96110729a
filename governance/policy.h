// Policy: the hooks by which governance acts on calls, and what it may know of one.
//
// Every worker has policy objects of its own, called on its thread only. A policy sees the common model and
// the route, never a codec or a socket. The order of policies is gateway/pipeline.cc's alone.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "model/call.h"
#include "model/losses.h"
#include "router/route.h"

namespace koine::governance {

// How a call's bodies crossed: the same bytes; the same bytes in another framing; read and written anew.
enum class Path : std::uint8_t { none, forward, reframe, transcode };
inline constexpr std::size_t path_count = 4;
std::string_view to_string(Path path);

// A call as policies see it; owned by the Exchange, valid during the hook.
struct Call {
  router::Protocol caller = router::Protocol::thrift;
  const model::CallHead* head = nullptr;  // never null in a hook
  std::string_view peer;                  // the caller's address
  const router::MethodRoute* route =
      nullptr;  // null in a server policy's on_call, and when no route was found
  std::uint64_t snapshot_version = 0;
  base::Nanoseconds started_ns = 0;                // monotonic
  base::Nanoseconds now_ns = 0;                    // monotonic, when the hook is called
  base::Nanoseconds now_wall_ns = 0;               // set for on_finish
  base::Nanoseconds deadline_ns = base::never_ns;  // monotonic; policies may lower it in on_call
  Path path = Path::none;
  std::uint32_t attempts = 0;
  std::string_view endpoint;             // where the last attempt went
  std::uint64_t request_bytes = 0;       // bodies as the caller sent them
  std::uint64_t reply_bytes = 0;         // bodies as the caller was answered
  model::Drops dropped_fields{};         // fields that were left out, by Drop
  model::LostValues lost_values{};       // values that a lenient mapping changed, by Allowance
  std::uint64_t dropped_duplicates = 0;  // elements and keys that a set or map had already
  std::uint64_t dropped_metadata = 0;    // entries that the provider's protocol cannot carry
  std::uint64_t park_ticket = 0;         // what a policy that parks the call gives to Parking::resume
};

enum class Verdict : std::uint8_t {
  proceed,
  stop,  // the call ends here with the outcome that the hook filled in
  park,  // the call waits until Parking::resume(call.park_ticket); then the next policy is asked
};

// Where parked calls are woken; the worker implements it. A ticket of a call that has ended does nothing.
class Parking {
 public:
  virtual ~Parking() = default;
  virtual void resume(std::uint64_t ticket) = 0;
};

class Policy {
 public:
  virtual ~Policy() = default;
  // A call passes. `stop` is for the verdict that says so, and is left alone with any other; its code, origin
  // and phase are set already (unavailable, gateway, not_sent).
  virtual Verdict on_call(Call& call, model::Outcome& stop);
  // Before each attempt at an endpoint. Never parks.
  virtual Verdict on_attempt(Call& call, model::Outcome& stop);
  // An attempt is over.
  virtual void on_attempt_end(Call& call, const model::Outcome& outcome);
  // The call is over. Exactly once for each policy whose on_call said proceed or park, in reverse order.
  virtual void on_finish(Call& call, const model::Outcome& outcome);
  // A new Snapshot was taken up: forget pointers into older ones. Calls of an older one may still finish.
  virtual void on_snapshot();
};

}  // namespace koine::governance
