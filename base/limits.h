// Every limit of the process in one place: name with unit, default, ceiling, and the reason that a hit is
// counted under (metric koine_limit_hits_total{limit="…"}). Configuration may set a limit up to its ceiling,
// never above.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/reason.h"

namespace koine::base {

// X(name, default, ceiling, reason, meaning)
#define KOINE_LIMITS(X)                                                                                     \
  X(message_bytes_max, 4u << 20, 256u << 20, limit_message,                                                 \
    "one message of any format, after decompression")                                                       \
  X(headers_bytes_max, 60u << 10, 1u << 20, limit_headers, "decoded header list: names + values + 32 each") \
  X(headers_count_max, 100, 1000, limit_headers, "header fields in one list")                               \
  X(nesting_max, 64, 256, limit_depth, "structs and containers inside one another, in every format")        \
  X(method_name_bytes_max, 256, 4096, limit_headers, "method or service name on the wire")                  \
  X(streams_per_connection_max, 100, 10000, limit_concurrency,                                              \
    "HTTP/2 streams open at once on a connection")                                                          \
  X(stream_window_bytes, 64u << 10, 16u << 20, limit_memory, "HTTP/2 receive window of a stream")           \
  X(connection_window_bytes, 1u << 20, 64u << 20, limit_memory, "HTTP/2 receive window of a connection")    \
  X(pipelined_calls_max, 128, 10000, limit_concurrency, "Thrift calls read ahead on one connection")        \
  X(write_high_bytes, 256u << 10, 64u << 20, limit_memory, "queued output at which its source is paused")   \
  X(write_low_bytes, 64u << 10, 16u << 20, limit_memory, "queued output at which its source goes on")       \
  X(connections_max, 10000, 1000000, limit_connections, "accepted connections over all listeners")          \
  X(inflate_ratio_max, 100, 1000, wire_compression, "decompressed bytes for each compressed byte")          \
  X(config_bytes_max, 16u << 20, 64u << 20, config_invalid, "one configuration or IDL file")                \
  X(plan_fields_max, 100000, 1000000, limit_memory, "fields of one service's compiled plans")

struct Limits {
#define KOINE_LIMIT_MEMBER(name, value, ceiling, reason, meaning) std::size_t name = value;
  KOINE_LIMITS(KOINE_LIMIT_MEMBER)
#undef KOINE_LIMIT_MEMBER
};

struct LimitInfo {
  std::string_view name;
  std::size_t value;
  std::size_t ceiling;
  Reason reason;
  std::string_view meaning;
};

// The table, in the order above.
std::span<const LimitInfo> limit_table();

// Timers that are not a call's own deadline, nanoseconds.
inline constexpr std::int64_t first_bytes_timeout_ns = 10'000'000'000;
// A message of which a part has come must be whole after this.
inline constexpr std::int64_t frame_timeout_ns = 30'000'000'000;
inline constexpr std::int64_t idle_connection_timeout_ns = 900'000'000'000;
// More than the kernel's first repeat of a lost SYN (1 s), so that one lost packet is no failed connection.
inline constexpr std::int64_t connect_timeout_ns = 1'500'000'000;
inline constexpr std::int64_t default_call_timeout_ns = 15'000'000'000;
inline constexpr std::int64_t drain_timeout_ns = 30'000'000'000;

}  // namespace koine::base
