// Reports. Owner: see report.h.
#include "idl/match/report.h"

#include <utility>
#include <vector>

#include "base/log.h"

namespace koine::idl::match {
namespace {

constexpr Verdict verdicts[] = {Verdict::mapped, Verdict::adapter,  Verdict::allowed,
                                Verdict::lossy,  Verdict::unmapped, Verdict::refused};
constexpr std::size_t name_width = 14;
constexpr std::size_t column_width = 10;

std::string right(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

std::string left(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : text + std::string(width - text.size(), ' ');
}

// Rounded down: 100 % is all of it.
std::string percent(const Counts& counts) {
  const std::size_t all = counts.all();
  return std::to_string(all == 0 ? 100 : counts.covered() * 100 / all) + " %";
}

using Rows = std::vector<std::pair<const char*, const Counts*>>;
Rows rows_of(const SideCoverage& side) {
  return {{"methods", &side.methods}, {"fields", &side.fields}, {"enum values", &side.enum_values}};
}

void append_table(std::string& out, const std::string& title, const SideCoverage& side) {
  out += title + "\n" + std::string(name_width, ' ');
  for (const Verdict verdict : verdicts) out += right(std::string(to_string(verdict)), column_width);
  out += right("covered", column_width) + "\n";
  for (const auto& [name, counts] : rows_of(side)) {
    out += left(std::string("  ") + name, name_width);
    for (const Verdict verdict : verdicts) out += right(std::to_string((*counts)[verdict]), column_width);
    out += right(percent(*counts), column_width) + "\n";
  }
}

// 0: stands in the way; 1: is lost; 2: to know.
int weight(const Finding& finding) {
  if (finding.rule->severity == Severity::error) return 0;
  return finding.rule->loss ? 1 : 2;
}

std::string location_json(const Location& where) {
  if (where.file.empty()) return "null";
  return "{\"file\":" + base::quote_json(where.file) + ",\"line\":" + std::to_string(where.line) +
         ",\"column\":" + std::to_string(where.column) + "}";
}

std::string coverage_json(const SideCoverage& side) {
  std::string out = "{";
  for (const auto& [name, counts] : rows_of(side)) {
    if (out.size() > 1) out += ",";
    out += base::quote_json(name == std::string("enum values") ? "enum_values" : name) + ":{";
    for (const Verdict verdict : verdicts) {
      out += base::quote_json(to_string(verdict)) + ":" + std::to_string((*counts)[verdict]) + ",";
    }
    out.back() = '}';
  }
  return out + "}";
}

std::string overrides_json(const Overrides& overrides) {
  std::string out = "{\"rename\":{";
  for (const auto& [key, to] : overrides.rename) {
    if (out.back() != '{') out += ",";
    out += "\n    " + base::quote_json(key) + ":" + base::quote_json(to);
  }
  out += "},\n   \"allow\":[";
  for (const std::string& text : overrides.allow) {
    if (out.back() != '[') out += ",";
    out += "\n    " + base::quote_json(text);
  }
  return out + "]}";
}

}  // namespace

std::string report(const Match& match, const Side& exposed, const Side& provider) {
  std::string out;
  append_table(out, exposed.service->full_name + ", exposed", match.coverage().exposed);
  append_table(out, provider.service->full_name + ", of the provider", match.coverage().provider);
  static constexpr const char* titles[] = {"\nstands in the way:\n", "\nis lost, and not allowed:\n",
                                           "\nto know:\n"};
  for (int group = 0; group < 3; ++group) {
    bool first = true;
    for (const Finding& finding : match.findings()) {
      if (weight(finding) != group || finding.allowed) continue;
      if (first) out += titles[group];
      first = false;
      out += "  " + to_string(finding) + "\n";
    }
  }
  return out;
}

std::string report_json(const Match& match, const Side& exposed, const Side& provider,
                        const Proposal* proposal) {
  std::string out = "{\"exposed\":" + base::quote_json(exposed.service->full_name) +
                    ",\n \"provider\":" + base::quote_json(provider.service->full_name) +
                    ",\n \"complete\":" + (match.complete() ? "true" : "false") +
                    ",\n \"coverage\":{\"exposed\":" + coverage_json(match.coverage().exposed) +
                    ",\n  \"provider\":" + coverage_json(match.coverage().provider) + "},\n \"findings\":[";
  for (const Finding& finding : match.findings()) {
    if (out.back() != '[') out += ",";
    const bool error = finding.rule->severity == Severity::error;
    out += "\n  {\"rule\":" + base::quote_json(finding.rule->name) +
           ",\"severity\":" + (error ? "\"error\"" : "\"warning\"") +
           ",\"loss\":" + (finding.rule->loss ? "true" : "false") +
           ",\"allowed\":" + (finding.allowed ? "true" : "false") +
           ",\"subject\":" + base::quote_json(finding.subject) +
           ",\"side\":" + (finding.from_exposed ? "\"exposed\"" : "\"provider\"") +
           ",\"message\":" + base::quote_json(finding.text) +
           ",\"exposed\":" + location_json(finding.exposed) +
           ",\"provider\":" + location_json(finding.provider) + "}";
  }
  out += "]";
  if (proposal != nullptr) out += ",\n \"overrides\":" + overrides_json(proposal->overrides);
  return out + "}\n";
}

std::string explain(const Rule& rule) {
  std::string out(rule.name);
  out += rule.severity == Severity::error ? ": error" : ": warning";
  if (rule.loss) out += ", a loss until it is allowed";
  out.append("\n").append(rule.summary).append("\n\n").append(rule.explanation).append("\n");
  return out;
}

}  // namespace koine::idl::match
