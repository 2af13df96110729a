// Report: what a run of the conformance kit found, check by check. Value type, one thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace koine::codecs::conformance {

struct Finding {
  std::string check;  // "split", "flip", …: the names in docs/conformance.md
  std::string what;   // which vector, which mutation, what was expected and what came
};

class Report {
 public:
  // Of one check so many findings are kept word for word; all are counted.
  static constexpr std::size_t kept_per_check_max = 5;

  void add(std::string_view check, std::string what);
  // A case of that check was run: a check without cases has shown nothing.
  void ran(std::string_view check, std::size_t cases = 1) { tallies_[std::string(check)].cases += cases; }

  bool ok() const { return findings_.empty(); }
  const std::vector<Finding>& findings() const { return findings_; }
  bool found(std::string_view check) const;
  std::size_t cases(std::string_view check) const;
  // A line for each check, then the findings.
  std::string to_string() const;

 private:
  struct Tally {
    std::size_t cases = 0;
    std::size_t failed = 0;
  };
  std::map<std::string, Tally, std::less<>> tallies_;
  std::vector<Finding> findings_;
};

}  // namespace koine::codecs::conformance
