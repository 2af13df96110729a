// Formatting the line.
#include "governance/access_log/access_log.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

#include "base/log.h"

namespace koine::governance::access_log {
namespace {

constexpr std::size_t name_bytes_max = 256;
constexpr std::size_t message_bytes_max = 1024;

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 24> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc()) out.append(text.data(), end);
}

void append_text(std::string& out, std::string_view key, std::string_view value,
                 std::size_t bytes_max = name_bytes_max) {
  out += ",\"";
  out += key;
  out += "\":";
  if (value.size() > bytes_max) {
    // Not in the middle of a character: the rest of one would be printed as broken bytes.
    std::size_t kept = bytes_max;
    while (kept > 0 && (static_cast<unsigned char>(value[kept]) & 0xc0) == 0x80) --kept;
    value = value.substr(0, kept);
  }
  base::append_json_quoted(out, value);
}

void append_count(std::string& out, std::string_view key, std::uint64_t value) {
  out += ",\"";
  out += key;
  out += "\":";
  append_number(out, value);
}

// RFC 3339 in UTC, microseconds.
void append_time(std::string& out, base::Nanoseconds wall_ns) {
  const std::time_t seconds = wall_ns / base::second_ns;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 40> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  out.append(text.data(), size);
  const auto micros = static_cast<unsigned>((wall_ns % base::second_ns) / base::microsecond_ns);
  std::snprintf(text.data(), text.size(), ".%06uZ", micros % 1000000u);
  out += text.data();
}

}  // namespace

void format_line(const Call& call, const model::Outcome& outcome, std::string& line) {
  line.assign("{\"time\":\"");
  append_time(line, call.now_wall_ns);
  line += "\",\"event\":\"call\"";
  if (call.route != nullptr) {
    append_text(line, "service", call.route->cluster->name);
    append_text(line, "method", call.route->method);
  } else {
    append_text(line, "service", call.head->service);
    append_text(line, "method", call.head->method);
  }
  append_text(line, "caller", router::to_string(call.caller));
  if (call.route != nullptr) append_text(line, "provider", router::to_string(call.route->cluster->protocol));
  append_text(line, "path", to_string(call.path));
  append_text(line, "code", model::to_string(outcome.code));
  append_text(line, "origin", model::to_string(outcome.origin));
  if (outcome.reason != base::Reason::none) append_text(line, "reason", base::to_string(outcome.reason));
  if (outcome.native_code >= 0)
    append_count(line, "native_code", static_cast<std::uint64_t>(outcome.native_code));
  if (!outcome.message.empty()) append_text(line, "message", outcome.message, message_bytes_max);
  const base::Nanoseconds lasted = call.now_ns - call.started_ns;
  append_count(line, "duration_us",
               static_cast<std::uint64_t>(lasted > 0 ? lasted / base::microsecond_ns : 0));
  append_count(line, "request_bytes", call.request_bytes);
  append_count(line, "reply_bytes", call.reply_bytes);
  append_count(line, "attempts", call.attempts);
  append_text(line, "peer", call.peer);
  if (!call.endpoint.empty()) append_text(line, "endpoint", call.endpoint);
  if (const std::uint64_t count = model::sum(call.dropped_fields); count > 0) {
    append_count(line, "dropped_fields", count);
  }
  if (const std::uint64_t count = model::sum(call.lost_values); count > 0) {
    append_count(line, "lost_values", count);
  }
  if (call.dropped_duplicates > 0) append_count(line, "dropped_duplicates", call.dropped_duplicates);
  if (call.dropped_metadata > 0) append_count(line, "dropped_metadata", call.dropped_metadata);
  append_count(line, "snapshot", call.snapshot_version);
  line += "}\n";
}

void AccessLog::on_finish(Call& call, const model::Outcome& outcome) {
  format_line(call, outcome, line_);
  if (!ring_.push(line_)) base::count_hit(hits_, base::Limit::access_log_queue_bytes);
  writer_.notify();
}

}  // namespace koine::governance::access_log
