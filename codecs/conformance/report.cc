// See report.h.
#include "codecs/conformance/report.h"

namespace koine::codecs::conformance {

void Report::add(std::string_view check, std::string what) {
  Tally& tally = tallies_[std::string(check)];
  if (++tally.failed > kept_per_check_max) return;
  findings_.push_back({std::string(check), std::move(what)});
}

bool Report::found(std::string_view check) const {
  const auto at = tallies_.find(check);
  return at != tallies_.end() && at->second.failed > 0;
}

std::size_t Report::cases(std::string_view check) const {
  const auto at = tallies_.find(check);
  return at == tallies_.end() ? 0 : at->second.cases;
}

std::string Report::to_string() const {
  std::string out;
  for (const auto& [check, tally] : tallies_) {
    out +=
        check + ": " + std::to_string(tally.cases) + " cases, " + std::to_string(tally.failed) + " failed\n";
  }
  for (const Finding& finding : findings_) out += finding.check + ": " + finding.what + "\n";
  return out;
}

}  // namespace koine::codecs::conformance
