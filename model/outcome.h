// Outcome: how an RPC ended, as an event of its own. Distinct from base::Status, which says that *we* failed.
//
// A declared exception is a successful exchange with a non-OK Outcome. `phase` decides what may be repeated;
// `native` lets a hop of the same protocol give back exactly what it got instead of folding codes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/reason.h"
#include "base/status.h"
#include "model/metadata.h"

namespace koine::model {

// gRPC's 17 codes and their numbers (grpc/grpc: doc/statuscodes.md).
enum class Code : std::uint8_t {
  ok = 0,
  cancelled = 1,
  unknown = 2,
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  out_of_range = 11,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  data_loss = 15,
  unauthenticated = 16,
};
// "NOT_FOUND"; numbers beyond 16 are "UNKNOWN".
std::string_view to_string(Code code);
// The reverse; Code::unknown for anything else.
Code code_from_string(std::string_view text);
inline constexpr int code_max = 16;

enum class Origin : std::uint8_t { application, gateway, transport };
std::string_view to_string(Origin origin);
// How far the request got: what may be sent again without running twice.
enum class Phase : std::uint8_t { not_sent, maybe_executed, executed };
std::string_view to_string(Phase phase);

struct Outcome {
  Code code = Code::ok;
  Origin origin = Origin::application;
  Phase phase = Phase::executed;
  base::Reason reason = base::Reason::none;  // why, when origin is not the application
  std::string message;                       // UTF-8, for a person
  // A declared exception: `declared_field` is its field id in the Thrift result struct that the reply's
  // message holds (0 = none), `details` the serialized google.rpc.Status that carries it on gRPC. Either may
  // be empty.
  std::int32_t declared_field = 0;
  // The reply's message is not a value but the object that was thrown (Dubbo), declared or not.
  bool thrown = false;
  std::string details;
  Metadata trailers;
  // The number in the sender's own protocol: a TApplicationException type, a grpc-status, an HTTP/2 error
  // code; -1 = none.
  std::string_view native_protocol;  // static text
  std::int32_t native_code = -1;
  // The text that came with native_code, byte for byte, where `message` is not it; else empty.
  std::string native_text;

  bool ok() const noexcept { return code == Code::ok; }
};

// For protocols whose errors are texts and little else. "[NOT_FOUND] text", with the reason in front of a
// text that is not the application's and does not begin with it.
std::string coded_text(const Outcome& outcome);
// How long the "[NOT_FOUND] " in front of `text` is, with its code; 0 when there is none.
std::size_t code_prefix(std::string_view text, Code& code);

// What a Status of ours means to the caller: mapping errors of a request are INVALID_ARGUMENT, limits
// RESOURCE_EXHAUSTED, … (docs/errors.md has the table). `phase` is where the call stood.
Outcome outcome_from(const base::Status& status, Phase phase);

}  // namespace koine::model
