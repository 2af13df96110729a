// Reading the access log and the metrics page.
#include "gateway/testing/simulator/call_log.h"

#include <charconv>

namespace koine::gateway::testing::simulator {
namespace {

std::uint64_t number_of(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// The value behind "key": as it stands there; texts without their quotes, escapes left as they are.
bool field(std::string_view line, std::string_view key, std::string& out) {
  const std::string name = "\"" + std::string(key) + "\":";
  std::size_t at = line.find(name);
  if (at == std::string_view::npos) return false;
  at += name.size();
  if (at < line.size() && line[at] == '"') {
    std::size_t end = at + 1;
    while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2u : 1u;
    out = line.substr(at + 1, end - at - 1);
    return true;
  }
  out = line.substr(at, line.find_first_of(",}", at) - at);
  return true;
}

std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

LogLine parse_log_line(std::string_view line) {
  LogLine out;
  std::string duration;
  std::string bytes;
  std::string attempts;
  std::string snapshot;
  out.whole = line.starts_with('{') && line.ends_with('}') && field(line, "service", out.service) &&
              field(line, "method", out.method) && field(line, "code", out.code) &&
              field(line, "origin", out.origin) && field(line, "peer", out.peer) &&
              field(line, "duration_us", duration) && field(line, "request_bytes", bytes) &&
              field(line, "attempts", attempts) && field(line, "snapshot", snapshot);
  field(line, "reason", out.reason);
  field(line, "message", out.message);
  field(line, "endpoint", out.endpoint);
  out.duration_us = number_of(duration);
  out.request_bytes = number_of(bytes);
  out.attempts = number_of(attempts);
  out.snapshot = number_of(snapshot);
  return out;
}

std::vector<LogLine> parse_log(std::string_view text) {
  std::vector<LogLine> lines;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (!line.empty()) lines.push_back(parse_log_line(line));
  }
  return lines;
}

std::map<std::string, std::uint64_t> metric_by(std::string_view page, std::string_view name,
                                               std::string_view label) {
  std::map<std::string, std::uint64_t> sums;
  while (!page.empty()) {
    const std::string_view line = next_line(page);
    if (!line.starts_with(name)) continue;
    const std::string_view rest = line.substr(name.size());
    if (!rest.starts_with('{') && !rest.starts_with(' ')) continue;
    std::string value;
    if (!label.empty()) {
      const std::string key = std::string(label) + "=\"";
      const std::size_t at = rest.find(key);
      if (at == std::string_view::npos) continue;
      value = rest.substr(at + key.size(), rest.find('"', at + key.size()) - at - key.size());
    }
    sums[value] += number_of(rest.substr(rest.rfind(' ') + 1));
  }
  return sums;
}

}  // namespace koine::gateway::testing::simulator
