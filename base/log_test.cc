// Log lines: form, escaping of every byte, levels, rate limiting, the background writer.
#include "base/log.h"

#include <atomic>
#include <cmath>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace koine::base {
namespace {

class FixedClock final : public Clock {
 public:
  Nanoseconds monotonic_ns() const override { return now; }
  Nanoseconds wall_ns() const override { return 1'769'860'800 * second_ns + 123 * millisecond_ns; }
  Nanoseconds now = 5 * second_ns;
};

struct Lines {
  std::mutex mutex;
  std::vector<std::string> lines;
  Logger::Sink sink() {
    return [this](std::string_view line) {
      const std::lock_guard lock(mutex);
      lines.emplace_back(line);
    };
  }
};

TEST(Log, WritesTimeLevelEventAndFields) {
  FixedClock clock;
  Lines out;
  Logger log({}, clock, out.sink());
  log.warn("accept_failed", {{"listener", "edge"},
                             {"error", "too many open files"},
                             {"count", 3},
                             {"size", 7u},
                             {"ratio", 0.5},
                             {"open", true},
                             {"empty", ""}});
  ASSERT_EQ(out.lines.size(), 1u);
  EXPECT_EQ(out.lines[0],
            "2026-01-31T12:00:00.123Z warn accept_failed listener=edge error=\"too many open files\" count=3 "
            "size=7 "
            "ratio=0.5 open=true empty=\"\"");
}

TEST(Log, WritesJsonLines) {
  FixedClock clock;
  Lines out;
  Logger log({.json = true}, clock, out.sink());
  log.error("reload_failed", {{"file", "a \"b\".yaml"}, {"line", -1}, {"nan", std::nan("")}});
  ASSERT_EQ(out.lines.size(), 1u);
  EXPECT_EQ(out.lines[0], R"({"time":"2026-01-31T12:00:00.123Z","level":"error","event":"reload_failed",)"
                          R"("file":"a \"b\".yaml","line":-1,"nan":"NaN"})");
}

TEST(Log, LevelsBelowTheChosenOneAreLeftOut) {
  FixedClock clock;
  Lines out;
  Logger log({.level = LogLevel::warn}, clock, out.sink());
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.set_level(LogLevel::debug);
  log.debug("d");
  log.set_level(LogLevel::off);
  log.error("e");
  EXPECT_FALSE(log.enabled(LogLevel::error));
  ASSERT_EQ(out.lines.size(), 2u);
  EXPECT_TRUE(out.lines[0].ends_with(" warn c"));
  EXPECT_TRUE(out.lines[1].ends_with(" debug d"));
}

TEST(Log, LevelNamesReadBack) {
  for (const LogLevel level :
       {LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error, LogLevel::off}) {
    LogLevel read = LogLevel::debug;
    EXPECT_TRUE(log_level_from_string(to_string(level), read));
    EXPECT_EQ(read, level);
  }
  LogLevel untouched = LogLevel::error;
  EXPECT_FALSE(log_level_from_string("WARN", untouched));
  EXPECT_EQ(untouched, LogLevel::error);
}

TEST(Log, EachEventHasItsBudgetASecondAndTheRestIsCounted) {
  FixedClock clock;
  Lines out;
  Logger log({.lines_per_second_max = 3}, clock, out.sink());
  for (int i = 0; i < 10; ++i) log.info("noisy", {{"i", i}});
  log.info("quiet");
  EXPECT_EQ(out.lines.size(), 4u);
  EXPECT_EQ(log.suppressed_lines(), 7u);
  clock.now += second_ns;
  log.info("noisy");
  log.info("noisy");
  ASSERT_EQ(out.lines.size(), 6u);
  EXPECT_TRUE(out.lines[4].ends_with("noisy suppressed=7")) << out.lines[4];
  EXPECT_TRUE(out.lines[5].ends_with("noisy")) << out.lines[5];
}

// A reader for exactly the JSON that a line may hold; false when it is not that.
bool json_object(std::string_view text) {
  std::size_t at = 0;
  const auto take = [&](char c) { return at < text.size() && text[at] == c ? ++at, true : false; };
  const auto string = [&] {
    if (!take('"')) return false;
    while (at < text.size() && text[at] != '"') {
      const auto byte = static_cast<unsigned char>(text[at]);
      if (byte < 0x20 || byte == 0x7F) return false;
      if (text[at] != '\\') {
        ++at;
        continue;
      }
      ++at;
      if (at >= text.size()) return false;
      if (text[at] == 'u') {
        for (int i = 1; i <= 4; ++i) {
          if (at + 4 >= text.size() ||
              std::string_view("0123456789abcdef").find(text[at + static_cast<std::size_t>(i)]) ==
                  std::string_view::npos) {
            return false;
          }
        }
        at += 4;
      } else if (std::string_view("\"\\nrt").find(text[at]) == std::string_view::npos) {
        return false;
      }
      ++at;
    }
    return take('"');
  };
  if (!take('{')) return false;
  do {
    if (!string() || !take(':') || !string()) return false;
  } while (take(','));
  return take('}') && at == text.size();
}

// Strict UTF-8, by decoding.
bool utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    std::uint32_t point = size == 1 ? first : first & (0xFFu >> (size + 1));
    if ((first >= 0x80 && first < 0xC2) || at + size > text.size()) return false;
    for (std::size_t i = 1; i < size; ++i) {
      const auto byte = static_cast<unsigned char>(text[at + i]);
      if ((byte & 0xC0) != 0x80) return false;
      point = point << 6 | (byte & 0x3F);
    }
    const std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[size] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    at += size;
  }
  return true;
}

TEST(Log, EveryByteInEveryPlaceGivesOneSafeLine) {
  FixedClock clock;
  for (const bool json : {false, true}) {
    Lines out;
    Logger log({.json = json, .lines_per_second_max = 0}, clock, out.sink());
    for (int byte = 0; byte < 256; ++byte) {
      for (const char* around : {"", "x", "\xE2\x82"}) {
        const std::string value = around + std::string(1, static_cast<char>(byte)) + around;
        const std::string name = "n" + std::string(1, static_cast<char>(byte));
        log.info("event", {{"value", value}, {name, "v"}});
      }
    }
    ASSERT_EQ(out.lines.size(), 256u * 3);
    for (const std::string& line : out.lines) {
      EXPECT_TRUE(utf8(line)) << line;
      for (const char c : line) EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7F) << line;
      if (json) { EXPECT_TRUE(json_object(line)) << line; }
    }
  }
}

TEST(Log, EscapesAreReadable) {
  EXPECT_EQ(quote_text("plain-1.2_x:/y"), "plain-1.2_x:/y");
  EXPECT_EQ(quote_text("a b"), "\"a b\"");
  EXPECT_EQ(quote_text("k=v"), "\"k=v\"");
  EXPECT_EQ(quote_text("a\"\\\n\r\t\x01\x7f\xff"), R"("a\"\\\n\r\t\x01\x7f\xff")");
  EXPECT_EQ(quote_text("\xE2\x82\xAC"), "\"\xE2\x82\xAC\"");
  EXPECT_EQ(quote_json("\x1b[31m\xC2\x9B"
                       "1"),
            R"("\u001b[31m\u009b1")");
  EXPECT_EQ(quote_json("\xED\xA0\x80"), R"("\\xed\\xa0\\x80")") << "a surrogate is not UTF-8";
  EXPECT_EQ(quote_json("\xC0\xAF"), R"("\\xc0\\xaf")") << "an overlong form is not UTF-8";
  EXPECT_EQ(quote_json("\xF4\x90\x80\x80"), R"("\\xf4\\x90\\x80\\x80")") << "beyond U+10FFFF";
}

TEST(Log, UtcTextKnowsItsDates) {
  EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(utc_text(1'709'164'800 * second_ns + 999'999'999), "2024-02-29T00:00:00.999Z");
  EXPECT_EQ(utc_text(-1), "1969-12-31T23:59:59.999Z");
}

TEST(Log, BackgroundWriterWritesEverythingFromManyThreads) {
  FixedClock clock;
  Lines out;
  {
    Logger log({.lines_per_second_max = 0, .background = true}, clock, out.sink());
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&log, t] {
        for (int i = 0; i < 100; ++i) log.info("line", {{"thread", t}, {"i", i}});
      });
    }
    for (std::thread& thread : threads) thread.join();
    log.flush();
    {
      const std::lock_guard lock(out.mutex);
      EXPECT_EQ(out.lines.size(), 400u);  // as many as wait without loss (log.h)
    }
    log.info("last");
  }
  EXPECT_EQ(out.lines.size(), 401u) << "the end of a logger lost a line";
}

// Says which thread destroyed it.
struct Destroyed {
  std::thread::id* by;
  explicit Destroyed(std::thread::id* where) : by(where) {}
  Destroyed(const Destroyed&) = delete;
  Destroyed& operator=(const Destroyed&) = delete;
  ~Destroyed() { *by = std::this_thread::get_id(); }
};

TEST(Log, ASinkIsDestroyedByTheLoggersOwnerAlsoWhileTheBackgroundWrites) {
  FixedClock clock;
  for (int round = 0; round < 20; ++round) {
    std::thread::id by;
    std::atomic<bool> writing = false;
    std::atomic<bool> ending = false;
    {
      Logger log({.background = true}, clock, [&, held = std::make_shared<Destroyed>(&by)](std::string_view) {
        writing = true;
        while (!ending) std::this_thread::yield();
      });
      log.info("line");
      while (!writing) std::this_thread::yield();
      ending = true;
    }
    ASSERT_EQ(by, std::this_thread::get_id()) << "in round " << round;
  }
}

TEST(Log, FormatsAreNotInterpreted) {
  FixedClock clock;
  Lines out;
  Logger log({}, clock, out.sink());
  log.info("braces", {{"value", "{}{0}%s%n"}});
  ASSERT_EQ(out.lines.size(), 1u);
  EXPECT_TRUE(out.lines[0].ends_with("value=\"{}{0}%s%n\"")) << out.lines[0];
}

}  // namespace
}  // namespace koine::base
