// Diagnostics as text. Owner: see diagnostics.h; pure functions, any thread.
#include "idl/diagnostics.h"

#include <algorithm>

namespace koine::idl {
namespace {

// A generated or minified file may have lines of megabytes: only this much around the caret is shown.
constexpr std::size_t shown_line_bytes_max = 160;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

// Control characters of a source file must not reach the terminal as such.
char printable(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F ? '?' : c;
}

// The line and, below it, a caret under `column` (bytes from 1). Tabs stay tabs in both, so that they align.
void append_excerpt(std::string& out, std::string_view line, int line_number, int column) {
  std::size_t at = column > 0 ? static_cast<std::size_t>(column - 1) : 0;
  at = std::min(at, line.size());
  std::size_t first = 0;
  if (line.size() > shown_line_bytes_max && at > shown_line_bytes_max / 2) {
    first = at - shown_line_bytes_max / 2;
    while (first < at && is_continuation(line[first])) ++first;
  }
  std::size_t last = std::min(line.size(), first + shown_line_bytes_max);
  while (last < line.size() && is_continuation(line[last])) ++last;

  std::string number = std::to_string(line_number);
  if (number.size() < 5) number.insert(0, 5 - number.size(), ' ');
  out += '\n';
  out += number;
  out += " | ";
  if (first > 0) out += "...";
  for (char c : line.substr(first, last - first)) out += printable(c);
  if (last < line.size()) out += "...";
  out += '\n';
  out.append(number.size(), ' ');
  out += " | ";
  if (first > 0) out += "   ";
  for (char c : line.substr(first, at - first)) {
    if (c == '\t') {
      out += '\t';
    } else if (!is_continuation(c)) {
      out += ' ';
    }
  }
  out += '^';
}

std::string position(const Location& location) {
  std::string text = location.file;
  if (location.line > 0) {
    text += ':' + std::to_string(location.line);
    if (location.column > 0) text += ':' + std::to_string(location.column);
  }
  return text;
}

}  // namespace

std::string render(const Diagnostic& diagnostic) {
  std::string out = position(diagnostic.location);
  if (!out.empty()) out += ": ";
  out += diagnostic.severity == Severity::error ? "error: " : "warning: ";
  for (char c : diagnostic.message) out += c == '\n' ? '\n' : printable(c);
  if (!diagnostic.rule.empty()) out += " [" + diagnostic.rule + "]";
  if (diagnostic.location.line > 0 && !diagnostic.source_line.empty()) {
    append_excerpt(out, diagnostic.source_line, diagnostic.location.line, diagnostic.location.column);
  }
  return out;
}

std::string render(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) out += render(diagnostic) + '\n';
  return out;
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

base::Status to_status(const std::vector<Diagnostic>& diagnostics) {
  const Diagnostic* first = nullptr;
  std::size_t errors = 0;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != Severity::error) continue;
    if (first == nullptr) first = &diagnostic;
    ++errors;
  }
  if (first == nullptr) return {};
  base::Reason reason = base::Reason::idl_semantic;
  if (first->rule == rule_syntax) reason = base::Reason::idl_syntax;
  if (first->rule == rule_file) reason = base::Reason::idl_io;
  std::string message = first->message;
  if (errors > 1) {
    message += " (and " + std::to_string(errors - 1) + (errors == 2 ? " more error)" : " more errors)");
  }
  return {reason, std::move(message), position(first->location)};
}

}  // namespace koine::idl
