// The earlier of two deadlines.
#include "governance/deadline/deadline.h"

#include <algorithm>

namespace koine::governance::deadline {

base::Nanoseconds add_timeout(base::Nanoseconds start_ns, base::Nanoseconds timeout_ns) {
  if (timeout_ns == base::never_ns ||
      timeout_ns > base::never_ns - std::max<base::Nanoseconds>(start_ns, 0)) {
    return base::never_ns;
  }
  return start_ns + timeout_ns;
}

Verdict Deadline::on_call(Call& call, model::Outcome& stop) {
  call.deadline_ns = std::min(call.deadline_ns, add_timeout(call.started_ns, call.head->timeout_ns));
  if (call.route != nullptr) {
    call.deadline_ns =
        std::min(call.deadline_ns, add_timeout(call.started_ns, call.route->policy.timeout_ns));
  }
  if (call.deadline_ns > call.now_ns) return Verdict::proceed;
  stop.code = model::Code::deadline_exceeded;
  stop.reason = base::Reason::call_deadline;
  stop.message = "the deadline had passed before the call could be sent";
  return Verdict::stop;
}

}  // namespace koine::governance::deadline
