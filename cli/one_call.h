// OneCall: connects, makes one unary call with a call codec, and waits for its answer. What `koine call`
// stands on.
//
// Owner: the command; runs a loop of its own on the calling thread until the call ends or the deadline
// passes.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "codecs/call_codec.h"
#include "model/call.h"

namespace koine::cli {

struct OneCallOptions {
  std::string address;  // host:port or unix:/path
  codecs::ClientOptions session;
  base::Nanoseconds timeout_ns = 15 * base::second_ns;
};

struct OneCallTimes {
  base::Nanoseconds connected_ns = 0;  // from the start, lookup included
  base::Nanoseconds total_ns = 0;
};

// The answer, or why there was none (NET_*: not connected; CALL_DEADLINE: too late). A connection that breaks
// after the request left is an answer whose outcome says so. head.timeout_ns is set to what is left.
base::Result<model::Reply> one_call(const codecs::CallCodec& codec, const OneCallOptions& options,
                                    model::CallHead head, model::Payload message, OneCallTimes& times);

}  // namespace koine::cli
