// Ledger: what each call of a run did at both its ends, and what was done to whom: the evidence that the
// judge goes by. Kept by the simulator's peers, never by the gateway. Plain values; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "gateway/testing/simulator/payload.h"
#include "gateway/testing/simulator/scenario.h"
#include "model/outcome.h"

namespace koine::gateway::testing::simulator {

// What one call got and what became of it.
struct CallRecord {
  std::int64_t nonce = 0;

  // The caller's end.
  bool started = false;
  std::size_t connection = 0;  // of the caller's, in the order in which they were made
  base::Nanoseconds started_ns = 0;
  std::string method;
  std::uint64_t request_bytes = 0;
  std::size_t variant = 0;         // of the configuration when it started
  int ends = 0;                    // definite results: 1 when all is well
  base::Nanoseconds ended_ns = 0;  // the last of: a result, its connection's end, its cancelling
  bool ok = false;
  model::Code code = model::Code::ok;
  std::string text;           // of a result that is none
  bool lost = false;          // the caller's connection ended before a result
  bool cancelled = false;     // by the caller
  std::uint32_t answers = 0;  // intact messages of its own
  std::uint32_t spoiled = 0;  // messages that are nobody's
  std::uint32_t others = 0;   // intact messages of another call: never

  // The provider's end.
  int executions = 0;
  int spoiled_executions = 0;  // its nonce came with another body
  base::Nanoseconds executed_ns = 0;
  // The moment's number among all executions and answers; 0: never.
  std::uint64_t executed_order = 0;
  std::uint64_t answered_order = 0;
  std::string endpoint;  // address
  std::size_t group = 0;
  bool answered = false;       // an honest answer was handed to the connection
  bool answered_late = false;  // … when the caller did not wait any more
  bool lied = false;
};

// What a fault may explain.
enum Effect : std::uint32_t {
  effect_connect = 1,  // connections cannot be made
  effect_close = 2,    // connections end, with what is in flight on them
  effect_lie = 4,      // answers are not what the protocol says
};

// A fault that was done, and to whom.
struct Harm {
  FaultKind kind = FaultKind::link;
  net::memory::Cut cut = net::memory::Cut::none;
  base::Nanoseconds from_ns = 0;
  base::Nanoseconds to_ns = 0;
  std::size_t connection = SIZE_MAX;  // a caller's, by its number
  std::string address;                // a provider's; neither: to everybody
};

struct Disturbance {
  std::uint32_t effects = 0;
  base::Nanoseconds from_ns = 0;
  base::Nanoseconds to_ns = base::never_ns;
};

class Ledger {
 public:
  explicit Ledger(const Scenario& scenario);

  std::vector<CallRecord> calls;
  // What was done to the callers' connections, by their number.
  struct Connection {
    std::string peer;       // the caller's address, as the access log has it
    bool touched = false;   // it may end before its calls do
    bool lied = false;      // bytes that are no call of the plan were sent on it
    bool repeated = false;  // … and they may be a call that was made already
    bool slow = false;      // answers may take long to be seen
  };
  std::vector<Connection> connections;
  // By the endpoint's address.
  std::map<std::string, std::vector<Disturbance>> endpoints;
  std::vector<Harm> harms;
  // Habits of the connections that have some.
  std::map<std::size_t, net::memory::ConnectionOptions> caller_links;
  std::map<std::string, std::vector<net::memory::ConnectionOptions>> provider_links;
  std::size_t variant = 0;  // of the newest configuration
  std::uint64_t order = 0;  // executions and answers so far
  // Bytes over all connections: of callers, of providers; as these saw them.
  std::uint64_t caller_sent = 0;
  std::uint64_t caller_received = 0;
  std::uint64_t provider_sent = 0;
  std::uint64_t provider_received = 0;
  // How long the whole world stood still.
  base::Nanoseconds stalled_ns = 0;
  std::uint64_t unknown_executions = 0;  // requests with nobody's nonce
  base::Nanoseconds drained_from_ns = base::never_ns;

  // The call with that nonce, or null.
  CallRecord* find(std::int64_t nonce);
  std::size_t index_of(const CallRecord& call) const {
    return static_cast<std::size_t>(&call - calls.data());
  }
  void disturb(const std::string& address, std::uint32_t effects, base::Nanoseconds from_ns,
               base::Nanoseconds to_ns = base::never_ns);
  // What one message from a provider is for the call that got it.
  void judge_answer(CallRecord& call, const Ping& ping, std::uint32_t message);
  void end(CallRecord& call, base::Nanoseconds at_ns, model::Code code, std::string_view text);

 private:
  std::map<std::int64_t, std::size_t> by_nonce_;
};

}  // namespace koine::gateway::testing::simulator
