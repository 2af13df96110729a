// How calls end on this wire: grpc-status and its companions, HTTP statuses, HTTP/2 resets, to and from
// model::Outcome.
//
// Sources: grpc/grpc doc/PROTOCOL-HTTP2.md (Errors), doc/http-grpc-status-mapping.md, doc/statuscodes.md.
// Stateless, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/reason.h"
#include "codecs/calls/grpc/header_rules.h"
#include "codecs/transports/http2/types.h"
#include "model/metadata.h"
#include "model/outcome.h"

namespace koine::codecs::calls::grpc {

// Outcome::native_protocol of what came as grpc-status, and of what came as RST_STREAM or GOAWAY.
inline constexpr std::string_view native_grpc = "grpc";
inline constexpr std::string_view native_http2 = "http2";
inline constexpr std::string_view native_http = "http";

// Error texts of our own are cut to this; a provider's are not.
inline constexpr std::size_t own_message_bytes_max = 4096;

// Only where no grpc-status is there: 404 is UNIMPLEMENTED, 503 UNAVAILABLE, …
model::Code code_from_http(int status);
// RST_STREAM's code; `not_processed`: certainly not seen by the provider's application.
model::Outcome outcome_from_reset(transports::http2::ErrorCode code, bool not_processed);
// An answer that is HTTP but no gRPC.
model::Outcome outcome_from_http(std::string_view status, std::string_view content_type);
// A failure that this codec found.
model::Outcome own_outcome(model::Code code, model::Origin origin, model::Phase phase, base::Reason reason,
                           std::string message);

// grpc-status, grpc-message, grpc-status-details-bin and the metadata among `fields`. Without a grpc-status
// the code is UNKNOWN and origin is transport; a number that is none is UNKNOWN too.
model::Outcome read_status(const model::Metadata& fields, const Variant& variant = plain_grpc());
// Appends the same, and the outcome's trailers. An outcome that is not the application's own and has a reason
// carries it as google.rpc.ErrorInfo. What would not fit `header_list_max` is left out in this order:
// details, the tail of the message.
void write_status(const model::Outcome& outcome, std::size_t header_list_max, model::Metadata& fields,
                  const Variant& variant = plain_grpc());

}  // namespace koine::codecs::calls::grpc
