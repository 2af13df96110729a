// Ordering of collected diagnostics. Owner: see report.h.
#include "idl/report.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace koine::idl {

std::vector<Diagnostic> Report::take() {
  std::map<std::string, std::size_t> order;
  for (const Diagnostic& d : diagnostics_) order.emplace(d.location.file, order.size());
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(), [&](const Diagnostic& a, const Diagnostic& b) {
    return std::tuple(order[a.location.file], a.location.line, a.location.column) <
           std::tuple(order[b.location.file], b.location.line, b.location.column);
  });
  if (errors_ > errors_max) {
    diagnostics_.push_back({Severity::error,
                            "TOO_MANY_ERRORS",
                            std::to_string(errors_ - errors_max) + " more errors are not shown",
                            {},
                            {}});
  }
  if (warnings_ > warnings_max) {
    diagnostics_.push_back({Severity::warning,
                            "TOO_MANY_WARNINGS",
                            std::to_string(warnings_ - warnings_max) + " more warnings are not shown",
                            {},
                            {}});
  }
  return std::move(diagnostics_);
}

}  // namespace koine::idl
