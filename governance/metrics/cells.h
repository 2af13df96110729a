// Cells: one worker's counters. The worker adds, the admin reads; nothing is shared for writing.
//
// A cell is an atomic only so that a reader on another thread sees whole numbers: its one writer loads and
// stores without a locked instruction. Cells live as long as the process, over all snapshots.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "base/reason.h"
#include "governance/policy.h"

namespace koine::governance::metrics {

class Counter {
 public:
  void add(std::uint64_t count = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  void subtract(std::uint64_t count = 1) { add(~count + 1); }
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Upper bounds of the duration histogram; one more bucket has no bound.
inline constexpr std::array<base::Nanoseconds, 16> duration_bounds_ns = {
    100'000,       250'000,       500'000,       1'000'000,     2'500'000,   5'000'000,
    10'000'000,    25'000'000,    50'000'000,    100'000'000,   250'000'000, 500'000'000,
    1'000'000'000, 2'500'000'000, 5'000'000'000, 15'000'000'000};
inline constexpr std::size_t code_count = model::code_max + 1;
inline constexpr std::size_t reason_count = static_cast<std::size_t>(base::Reason::internal) + 1;

// What is counted for one method as one protocol's callers see it.
struct MethodCell {
  std::string service;  // the Cluster's name; both empty: calls that found no route
  std::string method;
  std::string caller;
  std::string provider;
  std::array<std::array<Counter, code_count>, path_count> calls;
  std::array<Counter, duration_bounds_ns.size() + 1> durations;
  Counter duration_sum_us;
  std::array<Counter, model::all_drops.size()> dropped_fields;
  std::array<Counter, model::all_allowances.size()> lost_values;
  Counter dropped_duplicates;
  Counter dropped_metadata;
};

// What is counted for one service.
struct ServiceCell {
  std::string service;
  Counter connections_opened;
  Counter connections_closed;
  Counter connect_failures;
  Counter permit_waits;
};

// What callers spoke that nobody here answered, as far as their first bytes said it.
enum class Stranger : std::uint8_t { unknown, http1, tls, tt_header, not_accepted };
inline constexpr std::array<std::string_view, 5> stranger_names = {"unknown", "http1", "tls", "tt_header",
                                                                   "not_accepted"};

class Shard {
 public:
  Shard() = default;
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  // Worker only. `route` null: calls that found no route.
  MethodCell& method(const router::MethodRoute* route, router::Protocol caller);
  ServiceCell& service(std::string_view name);
  // Forgets which route or service has which cell; the cells stay.
  void forget_routes() { by_route_.clear(); }

  // Indexed by router::Protocol.
  std::array<Counter, router::protocol_count> calls_started;
  std::array<Counter, router::protocol_count> calls_finished;
  std::array<Counter, router::protocol_count> connections_opened;
  std::array<Counter, router::protocol_count> connections_closed;
  // Indexed by base::Reason: calls that the gateway or a transport ended.
  std::array<Counter, reason_count> failures;
  // Connections that ended before they had a protocol or because they broke it, by reason.
  std::array<Counter, reason_count> connection_failures;
  // Indexed by Stranger: connections that were refused for their first bytes.
  std::array<Counter, stranger_names.size()> connections_refused;

  // Every limit that was met, by name: sessions, exchanges and connections of this worker count here.
  base::LimitHits limit_hits;
  // Requests and answers held for callers, as connections count them; how many of these are held back for it;
  // bytes in buffers in use.
  Counter held_bytes;
  Counter connections_held_back;
  Counter buffer_bytes;

  // Any thread: copies of the pointers, which stay valid.
  std::vector<const MethodCell*> methods() const;
  std::vector<const ServiceCell*> services() const;

 private:
  using Key = std::tuple<std::string, std::string, router::Protocol, std::string>;
  std::unordered_map<const router::MethodRoute*, MethodCell*> by_route_;  // worker only
  mutable std::mutex mutex_;  // guards the maps below; the worker takes it only to add a cell
  std::map<Key, std::unique_ptr<MethodCell>> methods_;
  std::map<std::string, std::unique_ptr<ServiceCell>, std::less<>> services_;
};

}  // namespace koine::governance::metrics
