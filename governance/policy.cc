// What a policy does that does not care.
#include "governance/policy.h"

namespace koine::governance {

std::string_view to_string(Path path) {
  switch (path) {
    case Path::none: return "none";
    case Path::forward: return "forward";
    case Path::reframe: return "reframe";
    case Path::transcode: return "transcode";
  }
  return "";
}

Verdict Policy::on_call(Call& /*call*/, model::Outcome& /*stop*/) { return Verdict::proceed; }
Verdict Policy::on_attempt(Call& /*call*/, model::Outcome& /*stop*/) { return Verdict::proceed; }
void Policy::on_attempt_end(Call& /*call*/, const model::Outcome& /*outcome*/) {}
void Policy::on_finish(Call& /*call*/, const model::Outcome& /*outcome*/) {}
void Policy::on_snapshot() {}

}  // namespace koine::governance
