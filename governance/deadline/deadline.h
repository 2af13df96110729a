// Deadline: a call ends at the earlier of what its caller granted and what the configuration allows.
//
// Who gives up alone (model::ProtocolInfo) would call again what it gave up, and a write would run twice: its
// call ends a little before, so that the answer is still heard.
//
// A route policy. It only sets Call::deadline_ns; the Exchange keeps the timer, and tells the provider what
// is left where its protocol can say so. One worker's, one thread.
#pragma once

#include "governance/policy.h"

namespace koine::governance::deadline {

class Deadline final : public Policy {
 public:
  Verdict on_call(Call& call, model::Outcome& stop) override;
};

// What a call may take of the time that its caller grants: all but a tenth, and 200 ms at most, where the
// caller has to hear of it in time.
base::Nanoseconds usable_timeout(model::Protocol caller, base::Nanoseconds timeout_ns);

// start + timeout without overflow; never_ns stays never_ns.
base::Nanoseconds add_timeout(base::Nanoseconds start_ns, base::Nanoseconds timeout_ns);

}  // namespace koine::governance::deadline
