// Scenario: all that happens in one run of the simulator, as data: who calls what when, how providers behave,
// and the faults. Made from a seed; what it holds can be left out piece by piece to find out what a failure
// needs. Plain values, any thread.
//
// The world of every scenario: one gateway with two workers; four services, each in three variants of the
// configuration; a variant has endpoints of its own, so that an answer tells which configuration a call saw.
//
//   service   caller's interface   provider in variant 0     in variant 1         in variant 2
//   alpha     sim.Alpha (Thrift)   framed binary             framed compact       gRPC
//   beta      sim.Beta (Thrift)    framed compact            unframed binary      as in variant 0
//   gamma     sim.Gamma (Thrift)   THeader compact, Multipl. unframed JSON        as in variant 0
//   delta     simp.Delta (proto)   gRPC, with streams        gRPC                 as in variant 0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "gateway/testing/simulator/wire.h"
#include "net/memory/connection.h"

namespace koine::gateway::testing::simulator {

enum class Service : std::uint8_t { alpha, beta, gamma, delta };
inline constexpr std::size_t service_count = 4;
std::string_view to_string(Service service);

enum class Flow : std::uint8_t { unary, oneway, talk, push, list };  // the last three: streams of delta
std::string_view to_string(Flow flow);
inline bool is_stream(Flow flow) { return flow >= Flow::talk; }

enum class Answer : std::uint8_t {
  ok,
  refused,  // the declared exception; a status NOT_FOUND from a gRPC provider
  error,    // a TApplicationException; a status of another kind
  never,
};

// How a provider breaks its protocol when it answers a call.
#define KOINE_SIMULATOR_LIES(X)                                                 \
  X(none, "nothing")                                                            \
  X(twice, "answers twice")                                                     \
  X(unknown_id, "answers an id that no call has")                               \
  X(old_id, "answers the id of a call that is over")                            \
  X(wrong_name, "answers in another method's name")                             \
  X(wrong_type, "answers with a call")                                          \
  X(mutated, "answers with some bytes changed")                                 \
  X(garbage, "sends bytes that are no answer")                                  \
  X(cut_off, "dies in the middle of its answer")                                \
  X(stuck, "stops in the middle of its answer")                                 \
  X(oversize, "announces an answer beyond message_bytes_max")                   \
  X(refused_stream, "resets the stream with REFUSED_STREAM before it executes") \
  X(reset_stream, "resets the stream in the middle of its answer")
enum class Lie : std::uint8_t {
#define KOINE_SIMULATOR_LIE(name, text) name,
  KOINE_SIMULATOR_LIES(KOINE_SIMULATOR_LIE)
#undef KOINE_SIMULATOR_LIE
};
std::string_view to_string(Lie lie);
inline constexpr std::size_t lie_count = static_cast<std::size_t>(Lie::reset_stream) + 1;

struct CallPlan {
  std::size_t caller = 0;
  Service service = Service::alpha;
  Flow flow = Flow::unary;
  base::Nanoseconds at_ns = 0;                    // after the start
  base::Nanoseconds timeout_ns = base::never_ns;  // gRPC callers
  std::size_t pad_bytes = 0;                      // of each message; no two of one caller have the same
  std::uint32_t messages = 1;                     // streams: from the caller (from the provider, for list)
  base::Nanoseconds answer_after_ns = 0;
  std::size_t answer_pad_bytes = 0;
  Answer answer = Answer::ok;
  Lie lie = Lie::none;
  std::uint64_t lie_detail = 0;
  base::Nanoseconds cancel_after_ns = base::never_ns;
  bool dropped = false;  // left out when a failure is narrowed down
};

struct CallerPlan {
  Wire wire = Wire::grpc;
  bool multiplexed = false;  // Thrift: says the service's name; else the listener's default service is meant
  Service listener = Service::alpha;  // whose default_service the dialled listener has
  bool seqid_zero = false;            // Thrift: every call says sequence id 0, as PHP's client does
  base::Nanoseconds at_ns = 0;
};

#define KOINE_SIMULATOR_FAULTS(X)                                            \
  X(link, "a connection with habits")                                        \
  X(break_caller, "a caller's connection breaks")                            \
  X(break_provider, "a provider's connection breaks")                        \
  X(provider_down, "a provider is killed and comes back")                    \
  X(provider_closes, "a provider closes its connections")                    \
  X(provider_goodbye, "a provider says goodbye")                             \
  X(provider_frozen, "a provider reads nothing for a while")                 \
  X(provider_drips, "a provider writes a few bytes at a time")               \
  X(caller_closes, "a caller closes its connection")                         \
  X(caller_ends, "a caller ends its sending side")                           \
  X(caller_frozen, "a caller reads nothing for a while")                     \
  X(caller_drips, "a caller writes a few bytes at a time")                   \
  X(caller_cancels, "a caller gives all its calls up")                       \
  X(caller_garbage, "a caller sends bytes that are no call")                 \
  X(caller_mutated, "some bytes of a caller's next call change")             \
  X(caller_repeats, "a caller's next bytes are sent twice")                  \
  X(provider_repeats, "a provider's next bytes are sent twice")              \
  X(dns_fails, "names are not found for a while")                            \
  X(connect_refused, "a provider refuses connections for a while")           \
  X(connect_silent, "a provider's connections are not answered for a while") \
  X(no_descriptors_accept, "no descriptors are left for accepting")          \
  X(no_descriptors_connect, "no descriptors are left for connecting")        \
  X(reload, "the configuration is loaded anew")                              \
  X(reload_refused, "the new configuration is refused")                      \
  X(stall, "the whole machine stands still for a while")                     \
  X(clock_jump, "the wall clock jumps")                                      \
  X(drain, "the gateway drains")                                             \
  X(drain_now, "the gateway drains, and then ends at once")
enum class FaultKind : std::uint8_t {
#define KOINE_SIMULATOR_FAULT(name, text) name,
  KOINE_SIMULATOR_FAULTS(KOINE_SIMULATOR_FAULT)
#undef KOINE_SIMULATOR_FAULT
};
std::string_view to_string(FaultKind kind);
inline constexpr std::size_t fault_count = static_cast<std::size_t>(FaultKind::drain_now) + 1;

struct Fault {
  FaultKind kind = FaultKind::link;
  // When: at a time after the start, or behind that many turns of the network's loops.
  base::Nanoseconds at_ns = 0;
  std::uint64_t at_step = 0;
  base::Nanoseconds for_ns = 0;
  // On whom: a caller's number, a connection's number, or a provider's.
  std::size_t target = 0;
  bool provider_side = false;                     // link: of a connection to a provider
  net::memory::ConnectionOptions link;            // link
  net::memory::Cut cut = net::memory::Cut::none;  // break_*
  bool to_server = false;                         // break_*: which direction
  std::uint64_t detail = 0;                       // variant of a reload, bytes of a drip, seed of a mutation
  base::Nanoseconds jump_ns = 0;
  bool dropped = false;
};

// The numbers of the configuration that scenarios share; family picks one of a few (configurations.cc).
struct Scenario {
  std::uint64_t seed = 0;
  std::size_t family = 0;
  std::size_t variant = 0;  // that the gateway begins with
  std::vector<CallerPlan> callers;
  std::vector<CallPlan> calls;
  std::vector<Fault> faults;

  // Pieces that can be left out: the faults, then each call's own misbehaviour, then the calls.
  std::size_t pieces() const { return faults.size() + 2 * calls.size(); }
  void drop(std::size_t piece);
  bool dropped(std::size_t piece) const;
  // What is left, one line a piece.
  std::string describe() const;
};

Scenario make_scenario(std::uint64_t seed);

}  // namespace koine::gateway::testing::simulator
