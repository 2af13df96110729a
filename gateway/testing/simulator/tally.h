// Tally: how often what can go wrong met a call, by the call's flow: what a number of runs has shown, and
// what it has not. A fault meets the calls that are under way on the connection, at the provider or in the
// gateway that it is done to; trouble on the way (a cut, a late answer) is counted where it had its effect.
// Plain values; one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/testing/simulator/ledger.h"

namespace koine::gateway::testing::simulator {

// Who calls whom, and how.
#define KOINE_SIMULATOR_PATHS(X)        \
  X(thrift_thrift, "T>T")               \
  X(thrift_thrift_oneway, "T>T oneway") \
  X(thrift_grpc, "T>g")                 \
  X(thrift_grpc_oneway, "T>g oneway")   \
  X(grpc_thrift, "g>T")                 \
  X(grpc_thrift_oneway, "g>T oneway")   \
  X(grpc_grpc, "g>g")                   \
  X(grpc_grpc_oneway, "g>g oneway")     \
  X(talk, "bidi")                       \
  X(push, "client str")                 \
  X(list, "server str")
enum class Path : std::uint8_t {
#define KOINE_SIMULATOR_PATH(name, text) name,
  KOINE_SIMULATOR_PATHS(KOINE_SIMULATOR_PATH)
#undef KOINE_SIMULATOR_PATH
};
inline constexpr std::size_t path_count = static_cast<std::size_t>(Path::list) + 1;
std::string_view to_string(Path path);

// What every flow must get through, whatever brought it about.
#define KOINE_SIMULATOR_TROUBLES(X)                          \
  X(shuffle, "shuffle: served in another order than called") \
  X(delay, "delay: on the way or at the provider")           \
  X(late, "late: answered when nobody waits any more")       \
  X(duplicate, "duplicate: bytes sent twice")                \
  X(cut, "cut: a connection ends or falls silent under it")  \
  X(reset, "reset: of a connection or a stream")
enum class Trouble : std::uint8_t {
#define KOINE_SIMULATOR_TROUBLE(name, text) name,
  KOINE_SIMULATOR_TROUBLES(KOINE_SIMULATOR_TROUBLE)
#undef KOINE_SIMULATOR_TROUBLE
};
inline constexpr std::size_t trouble_count = static_cast<std::size_t>(Trouble::reset) + 1;
std::string_view to_string(Trouble trouble);

class Tally {
 public:
  // The first `calls` calls of a run that is over.
  void add(const Scenario& scenario, const Ledger& ledger, std::size_t calls);
  void add(const Tally& other);

  std::uint64_t count(Trouble trouble, Path path) const { return at(row_of(trouble), path); }
  // Of all flows.
  std::uint64_t count(Trouble trouble) const { return row_sum(row_of(trouble)); }
  std::uint64_t count(FaultKind kind) const { return row_sum(row_of(kind)); }
  std::uint64_t count(Lie lie) const { return row_sum(row_of(lie)); }

  // One line a trouble, a kind of fault and a lie; one column a flow.
  std::string table() const;
  // What is 0 though it could be more: lines that no call met, and troubles that a flow did not meet.
  std::vector<std::string> missing() const;

 private:
  static constexpr std::size_t row_count = trouble_count + fault_count + lie_count;
  static std::size_t row_of(Trouble trouble) { return static_cast<std::size_t>(trouble); }
  static std::size_t row_of(FaultKind kind) { return trouble_count + static_cast<std::size_t>(kind); }
  static std::size_t row_of(Lie lie) { return trouble_count + fault_count + static_cast<std::size_t>(lie); }
  static std::string_view row_name(std::size_t row);
  std::uint64_t at(std::size_t row, Path path) const { return counts_[row][static_cast<std::size_t>(path)]; }
  std::uint64_t row_sum(std::size_t row) const;

  std::array<std::array<std::uint64_t, path_count>, row_count> counts_{};
  std::array<std::uint64_t, path_count> calls_{};
};

}  // namespace koine::gateway::testing::simulator
