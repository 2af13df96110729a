// Why a step (format_step.h) refused a message, and where: the first reason stays, and the path grows from
// the inside out while the readers and writers return. One run on one thread; no heap unless it fails.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/status.h"

namespace koine::transcode {

// Every function returns false, so that it can be returned.
class StepFailure {
 protected:
  bool fail(base::Reason reason, std::string_view message);
  // Adds a step to the front of the path.
  bool at_name(std::string_view name);
  bool at_index(std::size_t index);

  bool failed() const noexcept { return reason_ != base::Reason::none; }
  // What was said, once.
  base::Status failure() { return base::Status(reason_, std::move(message_), std::move(path_)); }
  void forget() noexcept {
    reason_ = base::Reason::none;
    message_.clear();
    path_.clear();
  }

 private:
  base::Reason reason_ = base::Reason::none;
  std::string message_;
  std::string path_;
};

}  // namespace koine::transcode
