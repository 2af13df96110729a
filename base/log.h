// Logger: structured log lines: a stable event name and key=value pairs (or one JSON object a line).
//
//   2026-01-31T12:00:00.123Z warn accept_failed listener=edge error="too many open files" suppressed=12
//   {"time":"2026-01-31T12:00:00.123Z","level":"warn","event":"accept_failed","listener":"edge","error":"…"}
//
// Values may hold any byte: what could break a line or a terminal is escaped (\n, \", \\, \xNN), JSON lines
// are always valid JSON. Each event name has a budget a second; what exceeds it is counted and the count is
// put on the event's next line as `suppressed`. Passed around as Logger&, never global. Any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/function.h"

namespace koine::base {

enum class LogLevel : std::uint8_t { debug, info, warn, error, off };
std::string_view to_string(LogLevel level);
// False for a text that names no level; `level` is untouched then.
bool log_level_from_string(std::string_view text, LogLevel& level);

// One key=value. `name` is [a-z0-9_]+ (another byte is written as '_'); texts are only looked at during the
// call.
class LogField {
 public:
  enum class Kind : std::uint8_t { text, signed_number, unsigned_number, real, boolean };
  LogField(std::string_view name, std::string_view value) : name_(name), text_(value), kind_(Kind::text) {}
  LogField(std::string_view name, const std::string& value) : LogField(name, std::string_view(value)) {}
  LogField(std::string_view name, const char* value) : LogField(name, std::string_view(value)) {}
  LogField(std::string_view name, bool value) : name_(name), number_{.truth = value}, kind_(Kind::boolean) {}
  LogField(std::string_view name, double value) : name_(name), number_{.real = value}, kind_(Kind::real) {}
  template <std::signed_integral T>
  LogField(std::string_view name, T value)
      : name_(name), number_{.whole = value}, kind_(Kind::signed_number) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) LogField(std::string_view name, T value)
      : name_(name), number_{.natural = value}, kind_(Kind::unsigned_number) {}

 private:
  friend class LogLine;
  union Number {
    std::int64_t whole;
    std::uint64_t natural;
    double real;
    bool truth;
  };
  std::string_view name_;
  std::string_view text_;
  Number number_{};
  Kind kind_;
};

struct LogOptions {
  LogLevel level = LogLevel::info;
  bool json = false;
  // Lines of one event name in one second of the clock; 0 is no limit.
  std::uint32_t lines_per_second_max = 20;
  // True: a thread of the log's own writes, callers never wait for it; when 512 lines wait the oldest go.
  bool background = false;
};

class Logger {
 public:
  // Gets one line, without its newline. Called by one thread at a time.
  using Sink = Function<void(std::string_view line)>;

  // `clock` outlives the logger. Without a sink, lines go to standard error.
  Logger(const LogOptions& options, const Clock& clock);
  Logger(const LogOptions& options, const Clock& clock, Sink sink);
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;
  ~Logger();  // writes out what waits

  bool enabled(LogLevel level) const noexcept;
  void set_level(LogLevel level) noexcept;

  // `event` is static text, [a-z0-9_]+: it is the name that rate limiting counts under.
  void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
  void debug(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::debug, event, fields);
  }
  void info(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::info, event, fields);
  }
  void warn(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::warn, event, fields);
  }
  void error(std::string_view event, std::initializer_list<LogField> fields = {}) {
    log(LogLevel::error, event, fields);
  }

  // Waits until everything logged so far is written.
  void flush();
  // Lines that rate limiting left out, in all.
  std::uint64_t suppressed_lines() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// `text` for a key=value line or for a person: as it is when it holds nothing special, else quoted and
// escaped.
std::string quote_text(std::string_view text);
// `text` as a JSON string with its quotes; bytes that are not UTF-8 become \\xNN.
std::string quote_json(std::string_view text);
// Appending forms, for lines that are built often.
void append_json_quoted(std::string& out, std::string_view text);
void append_text_quoted(std::string& out, std::string_view text);
// "2026-01-31T12:00:00.123Z" of a wall-clock time.
std::string utc_text(Nanoseconds wall_ns);

}  // namespace koine::base
