// A reason and a path.
#include "transcode/step_failure.h"

namespace koine::transcode {

bool StepFailure::fail(base::Reason reason, std::string_view message) {
  if (!failed()) {
    reason_ = reason;
    message_ = message;
  }
  return false;
}

bool StepFailure::at_name(std::string_view name) {
  const bool joined = !path_.empty() && path_[0] != '[';
  path_.insert(0, joined ? std::string(name) + '.' : std::string(name));
  return false;
}

bool StepFailure::at_index(std::size_t index) {
  const bool joined = !path_.empty() && path_[0] != '[';
  path_.insert(0, '[' + std::to_string(index) + (joined ? "]." : "]"));
  return false;
}

}  // namespace koine::transcode
