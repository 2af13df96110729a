// Log lines: built here, carried by spdlog (its sinks, its queue and its writing thread).
#include "base/log.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

namespace koine::base {
namespace {

constexpr std::size_t queue_lines = 512;  // spdlog sets its memory aside at once: some 400 bytes a line
constexpr std::array<std::string_view, 5> level_names = {"debug", "info", "warn", "error", "off"};

// Whole lines to descriptor 2, each with one write when the other end takes it.
void write_to_standard_error(std::string_view line) {
  std::string whole(line);
  whole.push_back('\n');
  std::string_view left = whole;
  while (!left.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // nowhere to complain
    left.remove_prefix(static_cast<std::size_t>(count));
  }
}

class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(Logger::Sink write) : write_(std::move(write)) {}

  std::uint64_t written_lines() const noexcept { return written_lines_.load(std::memory_order_acquire); }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    write_({message.payload.data(), message.payload.size()});
    written_lines_.fetch_add(1, std::memory_order_release);
  }
  void flush_() override {}

  Logger::Sink write_;
  std::atomic<std::uint64_t> written_lines_{0};
};

}  // namespace

std::string_view to_string(LogLevel level) { return level_names[static_cast<std::size_t>(level)]; }

bool log_level_from_string(std::string_view text, LogLevel& level) {
  for (std::size_t i = 0; i < level_names.size(); ++i) {
    if (level_names[i] != text) continue;
    level = static_cast<LogLevel>(i);
    return true;
  }
  return false;
}

// Builds one line of either form.
class LogLine {
 public:
  LogLine(bool json, Nanoseconds wall_ns, LogLevel level, std::string_view event) : json_(json) {
    const std::string time = utc_text(wall_ns);
    if (json_) {
      text_.append("{\"time\":\"").append(time).append("\",\"level\":\"").append(to_string(level));
      text_.append("\",\"event\":\"");
      append_name(event);
      text_.push_back('"');
    } else {
      text_.append(time).append(" ").append(to_string(level)).append(" ");
      append_name(event);
    }
  }

  void add(const LogField& field) {
    text_.append(json_ ? ",\"" : " ");
    append_name(field.name_);
    text_.append(json_ ? "\":" : "=");
    switch (field.kind_) {
      case LogField::Kind::text:
        json_ ? append_json_quoted(text_, field.text_) : append_text_quoted(text_, field.text_);
        break;
      case LogField::Kind::boolean: text_.append(field.number_.truth ? "true" : "false"); break;
      case LogField::Kind::signed_number: append_number(field.number_.whole); break;
      case LogField::Kind::unsigned_number: append_number(field.number_.natural); break;
      case LogField::Kind::real: append_real(field.number_.real); break;
    }
  }

  std::string finish() && {
    if (json_) text_.push_back('}');
    return std::move(text_);
  }

 private:
  void append_name(std::string_view name) {
    for (const char c : name) {
      const bool legal = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      text_.push_back(legal ? c : '_');
    }
  }
  template <class T>
  void append_number(T value) {
    std::array<char, 64> digits;
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    text_.append(digits.data(), result.ptr);
  }
  void append_real(double value) {
    // JSON has no number for these.
    if (!std::isfinite(value)) {
      const std::string_view name = std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
      json_ ? append_json_quoted(text_, name) : append_text_quoted(text_, name);
      return;
    }
    append_number(value);
  }

  bool json_;
  std::string text_;
};

struct Logger::State {
  struct Budget {
    Nanoseconds second = -1;
    std::uint32_t used = 0;
    std::uint64_t suppressed = 0;  // since the last line that was written
  };

  const Clock& clock;
  bool json;
  std::uint32_t lines_per_second_max;
  std::atomic<LogLevel> level;
  std::atomic<std::uint64_t> suppressed_lines{0};
  std::atomic<std::uint64_t> logged_lines{0};  // handed to the logger
  std::mutex mutex;
  std::map<std::string, Budget, std::less<>> budgets;  // event names are our own static texts: few
  std::shared_ptr<FunctionSink> target;
  std::shared_ptr<spdlog::logger> logger;
  // Of one thread; null: callers write themselves. It goes first, so that its thread has ended before the
  // sink does: whatever the sink holds is destroyed by the logger's owner and never by that thread.
  std::shared_ptr<spdlog::details::thread_pool> pool;

  State(const LogOptions& options, const Clock& with, Sink sink)
      : clock(with),
        json(options.json),
        lines_per_second_max(options.lines_per_second_max),
        level(options.level),
        target(std::make_shared<FunctionSink>(std::move(sink))) {
    if (options.background) {
      pool = std::make_shared<spdlog::details::thread_pool>(queue_lines, 1);
      logger = std::make_shared<spdlog::async_logger>("koine", target, pool,
                                                      spdlog::async_overflow_policy::overrun_oldest);
    } else {
      logger = std::make_shared<spdlog::logger>("koine", target);
    }
    logger->set_level(spdlog::level::trace);
  }

  // True when the event may be written now; `suppressed` is what was left out before it.
  bool allow(std::string_view event, std::uint64_t& suppressed) {
    if (lines_per_second_max == 0) return true;
    const Nanoseconds second = clock.monotonic_ns() / second_ns;
    const std::lock_guard lock(mutex);
    auto found = budgets.find(event);
    if (found == budgets.end()) found = budgets.emplace(std::string(event), Budget()).first;
    Budget& budget = found->second;
    if (budget.second != second) {
      budget.second = second;
      budget.used = 0;
    }
    if (budget.used >= lines_per_second_max) {
      ++budget.suppressed;
      suppressed_lines.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    ++budget.used;
    suppressed = std::exchange(budget.suppressed, 0);
    return true;
  }
};

Logger::Logger(const LogOptions& options, const Clock& clock)
    : Logger(options, clock, [](std::string_view line) { write_to_standard_error(line); }) {}

Logger::Logger(const LogOptions& options, const Clock& clock, Sink sink)
    : state_(std::make_unique<State>(options, clock, std::move(sink))) {}

Logger::~Logger() = default;  // the thread of a background log writes out its queue before it ends

bool Logger::enabled(LogLevel level) const noexcept {
  return level >= state_->level.load(std::memory_order_relaxed) && level != LogLevel::off;
}

void Logger::set_level(LogLevel level) noexcept { state_->level.store(level, std::memory_order_relaxed); }

void Logger::log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  std::uint64_t suppressed = 0;
  if (!enabled(level) || !state_->allow(event, suppressed)) return;
  LogLine line(state_->json, state_->clock.wall_ns(), level, event);
  for (const LogField& field : fields) line.add(field);
  if (suppressed > 0) line.add(LogField("suppressed", suppressed));
  const std::string text = std::move(line).finish();
  // The text itself, not a format: nothing in it is interpreted.
  state_->logged_lines.fetch_add(1, std::memory_order_relaxed);
  state_->logger->log(spdlog::level::info, spdlog::string_view_t(text.data(), text.size()));
}

void Logger::flush() {
  if (state_->pool == nullptr) return;
  // spdlog's own flush only queues a request and does not wait for it.
  const std::uint64_t wanted = state_->logged_lines.load(std::memory_order_relaxed);
  while (state_->target->written_lines() + state_->pool->overrun_counter() < wanted)
    std::this_thread::yield();
}

std::uint64_t Logger::suppressed_lines() const noexcept {
  return state_->suppressed_lines.load(std::memory_order_relaxed);
}

}  // namespace koine::base
