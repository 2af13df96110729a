// What the gateway itself says of its calls: the access log's lines and the metrics page, read back. Plain
// values and functions; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace koine::gateway::testing::simulator {

struct LogLine {
  std::string service;
  std::string method;
  std::string code;
  std::string origin;
  std::string reason;
  std::string message;
  std::string peer;
  std::string endpoint;
  std::uint64_t duration_us = 0;
  std::uint64_t request_bytes = 0;
  std::uint64_t attempts = 0;
  std::uint64_t snapshot = 0;
  bool whole = false;  // the line is one JSON object with all that every line has
};

LogLine parse_log_line(std::string_view line);
std::vector<LogLine> parse_log(std::string_view text);

// The sum of a metric's samples by the value of one label; "" sums all.
std::map<std::string, std::uint64_t> metric_by(std::string_view page, std::string_view name,
                                               std::string_view label);

}  // namespace koine::gateway::testing::simulator
