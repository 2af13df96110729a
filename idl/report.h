// Collects the diagnostics of one read, with the source line of each, up to a number worth reading.
//
// Owner: the reader's call; one thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "idl/bounds.h"
#include "idl/diagnostics.h"
#include "idl/source.h"

namespace koine::idl {

// Line and column (bytes) from 1; 0 = no place.
struct Place {
  int line = 0;
  int column = 0;
};

class Report {
 public:
  static constexpr std::size_t errors_max = told_errors_max;
  static constexpr std::size_t warnings_max = told_warnings_max;

  void error(const SourceFile& file, Place place, std::string_view rule, std::string message) {
    if (++errors_ <= errors_max) add(file, place, Severity::error, rule, std::move(message));
  }
  void warning(const SourceFile& file, Place place, std::string_view rule, std::string message) {
    if (++warnings_ <= warnings_max) add(file, place, Severity::warning, rule, std::move(message));
  }

  std::size_t errors() const { return errors_; }
  bool full() const { return errors_ >= errors_max; }
  // In order of file (as first mentioned), line and column; says how many were left out.
  std::vector<Diagnostic> take();

 private:
  void add(const SourceFile& file, Place place, Severity severity, std::string_view rule,
           std::string message) {
    diagnostics_.push_back({severity, std::string(rule), std::move(message),
                            Location{file.path, place.line, place.column},
                            source_line(file.text, place.line)});
  }

  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

}  // namespace koine::idl
