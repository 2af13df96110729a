// What `koine call` sends and shows of Dubbo's generic calls, which need no schema: JSON arguments as values
// of Hessian2 that a provider makes its parameters of, and its answer as JSON (hessian_json.h).
//
//   object, array            a map, a list
//   text, true, false, null  themselves
//   number                   an int where it is one, else a long, else a double
//
// Pure functions, any thread. The protocol's side of it is in transcode/generic_call.h.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/schemas.h"
#include "model/call.h"
#include "model/protocol.h"

namespace koine::cli {

// The request of a call of `method` with `arguments`, a JSON array, in the protocol's own format. USAGE: the
// arguments are no array of JSON, or not as many as the parameters that are named.
base::Result<model::Payload> generic_request(const MethodName& method, std::string_view arguments,
                                             model::Protocol protocol);
// Makes the answer's value JSON; WIRE_MALFORMED and the like where it cannot be read.
base::Status show_generic_answer(model::Reply& reply);

}  // namespace koine::cli
