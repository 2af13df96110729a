// Every failure's stable code: one list, used as metric label, log field and part of error answers.
//
// A reason names what went wrong in words an operator can search for; it never changes meaning between
// versions. The families: MAP_* a value has no faithful form on the other side; WIRE_* bytes that break their
// protocol; LIMIT_* a limit of base/limits.h was hit; CALL_* routing and governance; UPSTREAM_* the
// provider's side; CONFIG_* and IDL_* what a person wrote.
#pragma once

#include <cstdint>
#include <string_view>

namespace koine::base {

// X(enumerator, stable text)
#define KOINE_REASONS(X)                            \
  X(none, "NONE")                                   \
  X(map_type, "MAP_TYPE")                           \
  X(map_range, "MAP_RANGE")                         \
  X(map_precision, "MAP_PRECISION")                 \
  X(map_nonfinite, "MAP_NONFINITE")                 \
  X(map_utf8, "MAP_UTF8")                           \
  X(map_enum_unknown, "MAP_ENUM_UNKNOWN")           \
  X(map_null, "MAP_NULL")                           \
  X(map_required, "MAP_REQUIRED")                   \
  X(map_unknown_field, "MAP_UNKNOWN_FIELD")         \
  X(map_union, "MAP_UNION")                         \
  X(map_dupkey, "MAP_DUPKEY")                       \
  X(map_cycle, "MAP_CYCLE")                         \
  X(map_no_pair, "MAP_NO_PAIR")                     \
  X(wire_malformed, "WIRE_MALFORMED")               \
  X(wire_truncated, "WIRE_TRUNCATED")               \
  X(wire_unsupported, "WIRE_UNSUPPORTED")           \
  X(wire_sequence, "WIRE_SEQUENCE")                 \
  X(wire_compression, "WIRE_COMPRESSION")           \
  X(limit_message, "LIMIT_MESSAGE")                 \
  X(limit_headers, "LIMIT_HEADERS")                 \
  X(limit_depth, "LIMIT_DEPTH")                     \
  X(limit_memory, "LIMIT_MEMORY")                   \
  X(limit_connections, "LIMIT_CONNECTIONS")         \
  X(limit_concurrency, "LIMIT_CONCURRENCY")         \
  X(limit_idle, "LIMIT_IDLE")                       \
  X(limit_flood, "LIMIT_FLOOD")                     \
  X(call_unknown_service, "CALL_UNKNOWN_SERVICE")   \
  X(call_unknown_method, "CALL_UNKNOWN_METHOD")     \
  X(call_ambiguous_method, "CALL_AMBIGUOUS_METHOD") \
  X(call_no_form, "CALL_NO_FORM")                   \
  X(call_cancelled, "CALL_CANCELLED")               \
  X(call_deadline, "CALL_DEADLINE")                 \
  X(call_draining, "CALL_DRAINING")                 \
  X(upstream_no_endpoint, "UPSTREAM_NO_ENDPOINT")   \
  X(upstream_connect, "UPSTREAM_CONNECT")           \
  X(upstream_closed, "UPSTREAM_CLOSED")             \
  X(upstream_reset, "UPSTREAM_RESET")               \
  X(upstream_refused, "UPSTREAM_REFUSED")           \
  X(upstream_protocol, "UPSTREAM_PROTOCOL")         \
  X(upstream_silent, "UPSTREAM_SILENT")             \
  X(config_invalid, "CONFIG_INVALID")               \
  X(config_io, "CONFIG_IO")                         \
  X(idl_syntax, "IDL_SYNTAX")                       \
  X(idl_semantic, "IDL_SEMANTIC")                   \
  X(idl_io, "IDL_IO")                               \
  X(net_io, "NET_IO")                               \
  X(net_address, "NET_ADDRESS")                     \
  X(net_timeout, "NET_TIMEOUT")                     \
  X(net_eof, "NET_EOF")                             \
  X(usage, "USAGE")                                 \
  X(internal, "INTERNAL")

enum class Reason : std::uint8_t {
#define KOINE_REASON_ENUMERATOR(name, text) name,
  KOINE_REASONS(KOINE_REASON_ENUMERATOR)
#undef KOINE_REASON_ENUMERATOR
};

// The stable text, e.g. "MAP_RANGE".
std::string_view to_string(Reason reason);
// The reverse; Reason::internal for a text that is not in the list.
Reason reason_from_string(std::string_view text);

}  // namespace koine::base
