// Every limit of the process in one place: name, unit, default, ceiling, the reason that a hit is told with,
// and its meaning. Hits are counted by name (koine_limit_hits_total{limit="…"}). Configuration may set a
// limit up to its ceiling (limits.<name>), never above; docs/limits.md is written from these two tables.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/reason.h"

namespace koine::base {

// X(name, unit, default, ceiling, reason, meaning)
#define KOINE_LIMITS(X)                                                                                      \
  X(message_bytes_max, bytes, 4u << 20, 256u << 20, limit_message,                                           \
    "one message of any format, after decompression")                                                        \
  X(headers_bytes_max, bytes, 60u << 10, 1u << 20, limit_headers,                                            \
    "decoded header list: names + values + 32 each")                                                         \
  X(headers_count_max, count, 100, 1000, limit_headers, "header fields in one list")                         \
  X(method_name_bytes_max, bytes, 256, 4096, limit_headers, "method or service name on the wire")            \
  X(nesting_max, count, 64, 256, limit_depth, "structs and containers inside one another, in every format")  \
  X(inflate_ratio_max, count, 100, 1000, wire_compression, "decompressed bytes for each compressed byte")    \
  X(inflate_floor_bytes, bytes, 64u << 10, 16u << 20, wire_compression,                                      \
    "decompressed bytes that are allowed whatever the ratio is")                                             \
  X(connections_max, count, 10000, 1000000, limit_connections,                                               \
    "callers' connections over all listeners; never more than 80 % of the descriptors of the process")       \
  X(listener_connections_max, count, 10000, 1000000, limit_connections,                                      \
    "callers' connections of one listener")                                                                  \
  X(descriptors_reserved, count, 32, 4096, limit_connections,                                                \
    "descriptors that callers' connections leave free, whatever the 80 % come to")                           \
  X(admin_connections_max, count, 64, 1024, limit_connections,                                               \
    "connections of the admin port; one more closes the one that has been silent for longest")               \
  X(concurrency_max, count, 1024, 1000000, limit_concurrency,                                                \
    "calls of one service in flight; policies.limits.concurrency sets it, 0 lifts it")                       \
  X(pipelined_calls_max, count, 128, 10000, limit_concurrency,                                               \
    "Thrift or Dubbo calls in flight on one connection")                                                     \
  X(streams_per_connection_max, count, 100, 10000, limit_concurrency,                                        \
    "HTTP/2 streams open at once on a connection")                                                           \
  X(stream_window_bytes, bytes, 64u << 10, 16u << 20, limit_memory, "HTTP/2 receive window of a stream")     \
  X(connection_window_bytes, bytes, 1u << 20, 64u << 20, limit_memory,                                       \
    "HTTP/2 receive window of a connection")                                                                 \
  X(write_high_bytes, bytes, 256u << 10, 64u << 20, limit_memory,                                            \
    "queued output at which its source is paused")                                                           \
  X(write_low_bytes, bytes, 64u << 10, 16u << 20, limit_memory, "queued output at which its source goes on") \
  X(connection_memory_bytes_max, bytes, 32u << 20, std::size_t{1} << 36, limit_memory,                       \
    "requests and answers held for one caller's connection; from half of it on reading and answers pause, "  \
    "at it calls are refused")                                                                               \
  X(memory_bytes_max, bytes, 1u << 30, std::size_t{1} << 40, limit_memory,                                   \
    "bytes in buffers of the whole process; from half of it on calls of callers that do not read are "       \
    "refused, from seven eighths on connections are closed, at it every call is refused")                    \
  X(hpack_table_bytes_max, bytes, 4096, 65536, limit_memory, "HTTP/2: table of a peer's header compression") \
  X(continuations_max, count, 8, 128, limit_flood, "HTTP/2: CONTINUATION frames of one header block")        \
  X(settings_entries_max, count, 32, 1024, limit_flood, "HTTP/2: entries of one SETTINGS frame")             \
  X(resets_received_burst, count, 1000, 1000000, limit_flood,                                                \
    "HTTP/2: streams that a caller may reset beyond those that it lets end")                                 \
  X(resets_received_per_second, per_second, 33, 100000, limit_flood, "HTTP/2: how fast the former refills")  \
  X(resets_caused_burst, count, 1000, 1000000, limit_flood,                                                  \
    "HTTP/2: streams that a caller may make Koine reset beyond those that it lets end")                      \
  X(resets_caused_per_second, per_second, 33, 100000, limit_flood, "HTTP/2: how fast the former refills")    \
  X(glitches_burst, count, 1000, 1000000, limit_flood,                                                       \
    "HTTP/2: frames that bring no call forward, beyond what calls and data earn")                            \
  X(glitches_per_second, per_second, 100, 100000, limit_flood, "HTTP/2: how fast the former refills")        \
  X(acks_queued_max, count, 1000, 100000, limit_flood, "HTTP/2: answers to PING and SETTINGS not yet read")  \
  X(frames_queued_max, count, 10000, 1000000, limit_flood, "HTTP/2: frames that wait to be written")         \
  X(frames_unread_max, count, 500, 100000, limit_memory,                                                     \
    "HTTP/2: frames that wait to be written when reading pauses")                                            \
  X(empty_data_frames_max, count, 1, 1000, limit_flood, "HTTP/2: DATA frames without bytes in a row")        \
  X(access_log_queue_bytes, bytes, 256u << 10, 64u << 20, limit_memory,                                      \
    "lines of the access log that wait for the disk, of each worker; further ones are dropped and counted")  \
  X(config_bytes_max, bytes, 16u << 20, 64u << 20, config_invalid, "one configuration or IDL file")          \
  X(plan_fields_max, count, 100000, 1000000, limit_memory, "fields of one service's compiled plans")

// Timers that are not a call's own deadline. X(name, default, ceiling, reason, meaning); nanoseconds.
#define KOINE_TIMERS(X)                                                                               \
  X(first_bytes_timeout, 10'000'000'000, 3600'000'000'000, net_timeout,                               \
    "from a connection's first byte until its protocol is known")                                     \
  X(frame_timeout, 30'000'000'000, 3600'000'000'000, limit_idle,                                      \
    "a message of which a part has come must be whole after this")                                    \
  X(idle_connection_timeout, 900'000'000'000, 86400'000'000'000, limit_idle,                          \
    "a caller's connection without a call")                                                           \
  X(blocked_output_timeout, 300'000'000'000, 86400'000'000'000, limit_idle,                           \
    "answers wait and the caller takes nothing of them")                                              \
  X(unacknowledged_timeout, 30'000'000'000, 3600'000'000'000, net_timeout,                            \
    "bytes sent to a caller whose kernel does not take them")                                         \
  X(upstream_unacknowledged_timeout, 8'000'000'000, 3600'000'000'000, upstream_closed,                \
    "bytes sent to a provider, or asking whether it is there, that nobody acknowledges")              \
  X(upstream_settings_timeout, 5'000'000'000, 3600'000'000'000, upstream_silent,                      \
    "HTTP/2: from a connection to a provider until its SETTINGS")                                     \
  X(upstream_ping_interval, 5'000'000'000, 3600'000'000'000, upstream_silent,                         \
    "HTTP/2: a provider that sent nothing for this long is asked with a PING, twice at most between " \
    "answers")                                                                                        \
  X(upstream_ping_timeout, 4'000'000'000, 3600'000'000'000, upstream_silent,                          \
    "HTTP/2: until that PING is answered")                                                            \
  X(admin_request_timeout, 10'000'000'000, 3600'000'000'000, limit_idle,                              \
    "a request to the admin port, from its first byte to its last")                                   \
  X(admin_idle_timeout, 60'000'000'000, 3600'000'000'000, limit_idle,                                 \
    "a connection to the admin port without a request")

struct Limits {
#define KOINE_LIMIT_MEMBER(name, unit, value, ceiling, reason, meaning) std::size_t name = value;
  KOINE_LIMITS(KOINE_LIMIT_MEMBER)
#undef KOINE_LIMIT_MEMBER
#define KOINE_TIMER_MEMBER(name, value, ceiling, reason, meaning) std::int64_t name##_ns = value;
  KOINE_TIMERS(KOINE_TIMER_MEMBER)
#undef KOINE_TIMER_MEMBER
};

// The rows' names; timers last.
enum class Limit : std::uint8_t {
#define KOINE_LIMIT_NAME(name, ...) name,
  KOINE_LIMITS(KOINE_LIMIT_NAME) KOINE_TIMERS(KOINE_LIMIT_NAME)
#undef KOINE_LIMIT_NAME
      count_
};
inline constexpr std::size_t limit_count = static_cast<std::size_t>(Limit::count_);

enum class LimitUnit : std::uint8_t { bytes, count, per_second, nanoseconds };

struct LimitInfo {
  std::string_view name;
  LimitUnit unit;
  std::uint64_t value;
  std::uint64_t ceiling;
  Reason reason;
  std::string_view meaning;
};

// Both tables, in the order of Limit.
std::span<const LimitInfo> limit_table();
std::string_view to_string(Limit limit);

// How often each limit was met. One thread adds, any thread reads.
class LimitHits {
 public:
  void add(Limit limit) {
    std::atomic<std::uint64_t>& cell = cells_[static_cast<std::size_t>(limit)];
    cell.store(cell.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  std::uint64_t value(Limit limit) const {
    return cells_[static_cast<std::size_t>(limit)].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<std::uint64_t>, limit_count> cells_{};
};
// For who may have been given no counters.
inline void count_hit(LimitHits* hits, Limit limit) {
  if (hits != nullptr) hits->add(limit);
}

// Defaults of the table, for code that knows no configuration.
inline constexpr std::int64_t first_bytes_timeout_ns = Limits().first_bytes_timeout_ns;
inline constexpr std::int64_t frame_timeout_ns = Limits().frame_timeout_ns;
inline constexpr std::int64_t idle_connection_timeout_ns = Limits().idle_connection_timeout_ns;
// Timers of the configuration's other parts, nanoseconds.
// More than the kernel's first repeat of a lost SYN (1 s), so that one lost packet is no failed connection.
inline constexpr std::int64_t connect_timeout_ns = 1'500'000'000;
inline constexpr std::int64_t default_call_timeout_ns = 15'000'000'000;
inline constexpr std::int64_t drain_timeout_ns = 30'000'000'000;

}  // namespace koine::base
