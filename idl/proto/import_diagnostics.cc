// What is said of the files: places, and what is left of it when all are read. Owner: see import.h.
#include <algorithm>
#include <set>

#include "idl/proto/import.h"

namespace koine::idl::proto {

std::string_view SourceText::line(int number) const {
  // Asked for the place of everything that is defined in it.
  if (line_starts_.empty()) {
    line_starts_.push_back(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', end + 1)) {
      line_starts_.push_back(end + 1);
    }
  }
  const auto index = static_cast<std::size_t>(std::max(number, 1)) - 1;
  if (number < 1 || index >= line_starts_.size()) return {};
  const std::size_t end = index + 1 < line_starts_.size() ? line_starts_[index + 1] - 1 : text.size();
  std::string_view found = std::string_view(text).substr(line_starts_[index], end - line_starts_[index]);
  if (found.ends_with('\r')) found.remove_suffix(1);
  return found;
}

Location Import::location(const std::string& import_name, int line, int column) const {
  // Where one line is all of a file, nobody looks at its columns, and every definition would count its own.
  constexpr std::size_t counted_bytes_max = 4096;
  Location where{path_of(import_name), std::max(line, -1) + 1, line < 0 ? 0 : column + 1};
  const SourceText* source = text_of(import_name);
  if (source == nullptr || line < 0) return where;
  const std::string_view text = source->line(where.line);
  if (text.size() > counted_bytes_max) return where;
  int seen = 0;
  std::size_t byte = 0;
  while (byte < text.size() && seen < column) {
    seen += text[byte] == '\t' ? 8 - seen % 8 : 1;
    ++byte;
  }
  where.column = static_cast<int>(byte) + 1;
  return where;
}

void Import::report(Severity severity, std::string rule, std::string message, const std::string& import_name,
                    int line, int column) {
  const bool error = severity == Severity::error;
  if (++(error ? errors_ : warnings_) > (error ? told_errors_max : told_warnings_max)) return;
  Diagnostic diagnostic{severity, std::move(rule), std::move(message), {}, {}};
  diagnostic.location = location(import_name, line, column);
  if (const SourceText* source = text_of(import_name)) {
    diagnostic.source_line = source->line(diagnostic.location.line);
  }
  diagnostics_.push_back(std::move(diagnostic));
  about_.push_back(import_name);
}

std::vector<Diagnostic> Import::take_diagnostics() {
  const auto left_out = [&](Severity severity, std::size_t number, std::size_t told, const char* rule) {
    if (number <= told) return;
    const std::string file = diagnostics_.empty() ? std::string() : diagnostics_.back().location.file;
    diagnostics_.push_back({severity,
                            rule,
                            std::to_string(number - told) + " more " +
                                (severity == Severity::error ? "errors" : "warnings") + " are not shown",
                            {file, 0, 0},
                            {}});
  };
  left_out(Severity::error, errors_, told_errors_max, "TOO_MANY_ERRORS");
  left_out(Severity::warning, warnings_, told_warnings_max, "TOO_MANY_WARNINGS");
  return std::move(diagnostics_);
}

// Whether something was already said that explains why `name` could not be linked.
bool Import::refused_before(const std::string& name, std::size_t before) const {
  if (errors_ > before) return true;
  return std::find(about_.begin(), about_.end(), name) != about_.end();
}

// libprotobuf says too much of a file whose imports have errors: 'Import "x" was not found or had errors'
// names the places looked at when x is missing, and goes when x's own errors are there; types that x would
// have brought are no errors of their own; and a file that is linked again says everything again.
void Import::settle() {
  constexpr std::string_view head = "Import \"";
  constexpr std::string_view tail = "\" was not found or had errors.";
  std::set<std::string> reported;
  for (std::size_t i = 0; i < diagnostics_.size(); ++i) {
    if (!diagnostics_[i].message.ends_with(tail)) reported.insert(about_[i]);
  }
  std::set<std::string> incomplete;
  std::vector<bool> kept(diagnostics_.size(), true);
  for (std::size_t i = 0; i < diagnostics_.size(); ++i) {
    std::string& message = diagnostics_[i].message;
    if (!message.starts_with(head) || !message.ends_with(tail)) continue;
    const std::string name = message.substr(head.size(), message.size() - head.size() - tail.size());
    incomplete.insert(about_[i]);
    if (auto why = missing_.find(name); why != missing_.end()) {
      message = "cannot import \"" + name + "\": " + why->second;
    } else {
      kept[i] = !reported.contains(name) && !incomplete.contains(name);
    }
  }
  std::map<std::pair<std::string, std::string>, std::size_t> said;  // file and message -> index
  std::vector<Diagnostic> result;
  for (std::size_t i = 0; i < diagnostics_.size(); ++i) {
    if (!kept[i]) continue;
    if (diagnostics_[i].rule == "UNKNOWN_TYPE" && incomplete.contains(about_[i])) continue;
    auto [before, fresh] = said.try_emplace({about_[i], diagnostics_[i].message}, result.size());
    if (fresh) {
      result.push_back(std::move(diagnostics_[i]));
    } else if (result[before->second].location.line == 0) {
      result[before->second] = std::move(diagnostics_[i]);
    }
  }
  diagnostics_ = std::move(result);
}

}  // namespace koine::idl::proto
