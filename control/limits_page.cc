// Writing the page of limits.
#include "control/limits_page.h"

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "base/limits.h"
#include "koine/config/v1/config.pb.h"

namespace koine::control {
namespace {

constexpr std::string_view introduction =
    R"(# Limits

Every limit of the process, with what it is when nobody sets it and what it may be set to. This page is written from
the code (`base/limits.h`); a test fails when the two differ.

A limit with a key is set in the configuration under `limits`, sizes and times with their unit:

```yaml
limits:
  message_bytes_max: 8MiB
  frame_timeout: 20s
```

`message_bytes_max` above 8 MiB raises `connection_memory_bytes_max` to four times as much, and `memory_bytes_max` to that at
least, unless they are set too. Connections that are open when a reload changes a limit keep the one they were accepted with.

**What is met is counted**: `koine_limit_hits_total{limit="…",reason="…"}`, by the limit's name, once for each call, frame,
connection or pause. A call that is refused has the reason in its error, in `koine_gateway_call_failures_total` and in its
line of the access log, also when it was refused before it became a call (its headers or its message too large, an
unknown content type, a wrong HTTP method, a bad Thrift header). A connection that is closed for a limit is in the log
(`connection_broken`, `connection_closed`, `connection_stalled`, `connection_refused`) and in
`koine_gateway_connection_failures_total`.
)";

constexpr std::string_view explanation =
    R"(
## Memory

What a caller makes Koine hold is bounded for each connection and for the process, with backpressure both ways:

- **Requests** may take half of `connection_memory_bytes_max`, from their arrival to the end of their call. A gRPC message longer than a
  stream's window is asked for only when there is room for all of it; until then its stream waits behind its closed window. A
  Thrift connection is not read on.
- **Answers** may take the other half. A provider's answer longer than a stream's window is let in when there is room for it at its
  caller's connection: a gRPC provider's stream waits behind its window, a Thrift provider's connection is not read as long
  as no other call is on it (with `thrift.pipelined` above 1 the answer of a call is let in without asking, since others
  wait behind it). Streams pause at `write_high_bytes`, and go on at `write_low_bytes`.
- A connection at `connection_memory_bytes_max` has its calls refused: RESOURCE_EXHAUSTED, LIMIT_MEMORY. One whose caller takes nothing of what
  waits for it is closed after `blocked_output_timeout`; its kernel's not taking it ends it after `unacknowledged_timeout`.
- The buffers of all connections and providers together may hold `memory_bytes_max`. From half of it on every 50 ms it is looked who takes nothing
  of what waits for them: calls of such a connection, those too that still wait for a provider's, are refused with LIMIT_MEMORY as long as
  it leaves more than its part unread (half of `memory_bytes_max` divided by the number of connections). From seven eighths on connections
  are closed until three quarters are left: first those that take nothing, and of them, as of the others, those that hold most; never one
  that takes its answers and holds no more than such a part. At
  `memory_bytes_max` itself, which only more callers than there is memory for come to, every new call is refused.
- What the kernel holds is not among these. Of what a caller has not taken yet it is given half of `write_high_bytes` (TCP_NOTSENT_LOWAT)
  beside what is on its way, however large its buffers may grow (`net.ipv4.tcp_wmem`).

`koine_gateway_held_bytes` is what callers' connections hold, `koine_gateway_connections_held_back` how many of them wait for it,
`koine_gateway_buffer_bytes` what all buffers hold.

## Floods

An HTTP/2 peer, caller or provider, is given budgets of tokens (the `…_burst` rows). A token goes with each frame that brings no call
forward: PING, SETTINGS, PRIORITY, WINDOW_UPDATE, frames of unknown kinds, DATA of fewer than 5 bytes; 10 with a refused
header block, and one more for each 16 of its fields; one for each 4 KiB that a decompression bomb made Koine
write; one of its own with each stream that a caller resets, or makes Koine reset. Tokens come back with time (`…_per_second`), with streams
that end well, and with DATA. An empty budget ends the connection: GOAWAY, ENHANCE_YOUR_CALM, reason LIMIT_FLOOD. A caller that has
used three quarters of `glitches_burst` is told goodbye (GOAWAY) before, so that a client with a bug moves on without losing a call.

A caller's reset cancels the call at its provider in the same turn; its stream counts until then. Header lists are counted decoded, and a
refused one is decoded to its end, so that the compression state stays right for the next; one of more than 16 times what is allowed ends
the connection like an empty budget.

Of what one connection has sent a worker takes 64 frames or messages a turn, and looks at its other connections before it takes more; of
callers' compressed gRPC messages it decompresses 128 KiB a connection and turn. A connection that was ended with LIMIT_FLOOD is kept for 1 s after its GOAWAY, unread: who floods and waits for the end does not come back at once.

## Stalls

`first_bytes_timeout` is for what tells a connection's protocol. `frame_timeout` is for what has begun after
that, and bytes in between win no time; the time of a connection's first message begins with its first byte. A Thrift message, the rest of HTTP/2's preface with its SETTINGS, a frame or a header block that is not whole in time ends the
connection: `connection_stalled`. A gRPC request is waited for from its headers to its end, a message of a stream from its first byte; what
does not come is refused with RESOURCE_EXHAUSTED, LIMIT_IDLE, and the other calls of the connection go on. Where it has no other it is told
goodbye (GOAWAY). What Koine itself does not read, or has no room for, is not late.

## Fixed

| what | value | when it is met |
|---|---|---|
| one HTTP/2 header, name and value | 64 KiB | nghttp2's own: the connection ends, COMPRESSION_ERROR. Lists up to `headers_bytes_max` of shorter headers are refused stream by stream |
| HTTP/2 frame | 16 KiB | the connection ends, FRAME_SIZE_ERROR |
| HTTP/2 header list that is sent | twice `headers_bytes_max` | the call ends, LIMIT_HEADERS |
| a connection that waits for a descriptor | 1 s | accepting pauses and is tried again every 100 ms; after 1 s those who wait are let go |
| calls of a connection that ended its sending side | 1 s | cancelled |
| admin requests | heads of 16 KiB, bodies of 4 KiB | 431, 413 |

Not limits of this table: `connections_max` and `thrift.pipelined` of a service, `policies.timeout` (15 s), `drain_timeout` (30 s), 1.5 s to
connect to a provider: [configuration.md](configuration.md).
)";

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string bytes(std::uint64_t value) {
  constexpr std::string_view units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (value >= 1024 && value % 1024 == 0 && unit < std::size(units) - 1) {
    value /= 1024;
    ++unit;
  }
  return grouped(value) + " " + std::string(units[unit]);
}

std::string time(std::uint64_t nanoseconds) {
  const std::uint64_t seconds = nanoseconds / static_cast<std::uint64_t>(base::second_ns);
  if (seconds >= 3600 && seconds % 3600 == 0) return grouped(seconds / 3600) + " h";
  if (seconds >= 60 && seconds % 60 == 0) return grouped(seconds / 60) + " min";
  return grouped(seconds) + " s";
}

std::string text_of(base::LimitUnit unit, std::uint64_t value) {
  switch (unit) {
    case base::LimitUnit::bytes: return bytes(value);
    case base::LimitUnit::count: return grouped(value);
    case base::LimitUnit::per_second: return grouped(value) + "/s";
    case base::LimitUnit::nanoseconds: return time(value);
  }
  return {};
}

void add_row(std::string& page, const base::LimitInfo& info) {
  const bool key =
      koine::config::v1::Limits::descriptor()->FindFieldByName(std::string(info.name)) != nullptr;
  page.append("| `").append(info.name).append("` | ");
  page.append(text_of(info.unit, info.value)).append(" | ");
  page.append(text_of(info.unit, info.ceiling)).append(" | ");
  page.append(key ? "yes" : "").append(" | ");
  page.append(base::to_string(info.reason)).append(" | ");
  page.append(info.meaning).append(" |\n");
}

constexpr std::string_view table_head =
    "| limit | default | at most | key | reason | |\n|---|---|---|---|---|---|\n";

}  // namespace

std::string limits_page() {
  std::string page(introduction);
  page.append("\n## Sizes and counts\n\n").append(table_head);
  for (const base::LimitInfo& info : base::limit_table()) {
    if (info.unit != base::LimitUnit::nanoseconds) add_row(page, info);
  }
  page.append("\n## Timers\n\n").append(table_head);
  for (const base::LimitInfo& info : base::limit_table()) {
    if (info.unit == base::LimitUnit::nanoseconds) add_row(page, info);
  }
  page.append(explanation);
  return page;
}

}  // namespace koine::control
