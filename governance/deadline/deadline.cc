// The earlier of two deadlines.
#include "governance/deadline/deadline.h"

#include <algorithm>

namespace koine::governance::deadline {
namespace {

// More than an answer's way, and than a consumer's pause for its garbage.
constexpr base::Nanoseconds reserve_max_ns = 200 * base::millisecond_ns;

}  // namespace

base::Nanoseconds add_timeout(base::Nanoseconds start_ns, base::Nanoseconds timeout_ns) {
  if (timeout_ns == base::never_ns ||
      timeout_ns > base::never_ns - std::max<base::Nanoseconds>(start_ns, 0)) {
    return base::never_ns;
  }
  return start_ns + timeout_ns;
}

base::Nanoseconds usable_timeout(model::Protocol caller, base::Nanoseconds timeout_ns) {
  if (timeout_ns == base::never_ns || !model::info(caller).gives_up_alone) return timeout_ns;
  return timeout_ns - std::clamp<base::Nanoseconds>(timeout_ns / 10, 0, reserve_max_ns);
}

Verdict Deadline::on_call(Call& call, model::Outcome& stop) {
  const base::Nanoseconds granted_ns = usable_timeout(call.caller, call.head->timeout_ns);
  call.deadline_ns = std::min(call.deadline_ns, add_timeout(call.started_ns, granted_ns));
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
