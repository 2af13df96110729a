// Texts of Status.
#include "base/status.h"

namespace koine::base {

std::string Status::to_string() const {
  if (ok()) return "OK";
  std::string out(base::to_string(rep_->reason));
  if (!rep_->path.empty()) out.append(" at ").append(rep_->path);
  return out.append(": ").append(rep_->message);
}

Status Status::with_context(std::string_view prefix) const {
  if (ok()) return {};
  return Status(rep_->reason, std::string(prefix) + ": " + rep_->message, rep_->path);
}

}  // namespace koine::base
