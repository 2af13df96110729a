// Lines are valid whatever the wire said, and every one is written or counted as dropped.
#include "governance/access_log/access_log.h"

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace koine::governance::access_log {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

struct Text final : Sink {
  std::string* out;
  std::size_t room;
  Text(std::string* target, std::size_t room_bytes) : out(target), room(room_bytes) {}
  base::Status open() override { return {}; }
  std::size_t write(std::string_view bytes) override {
    const std::size_t count = std::min(room, bytes.size());
    out->append(bytes.substr(0, count));
    room -= count;
    return count;
  }
};

// Reads one JSON string from `at` (its opening quote) as RFC 8259 §7 has it; false when it breaks a rule.
bool read_string(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != '"') return false;
  for (++at; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"') return ++at, true;
    if (byte < 0x20) return false;
    if (byte != '\\') continue;
    if (++at >= text.size()) return false;
    if (text[at] == 'u') {
      for (int i = 0; i < 4; ++i) {
        if (++at >= text.size() || std::isxdigit(static_cast<unsigned char>(text[at])) == 0) return false;
      }
    } else if (std::string_view("\"\\/bfnrt").find(text[at]) == std::string_view::npos) {
      return false;
    }
  }
  return false;
}

// True for one flat object of strings and whole numbers, followed by one newline.
bool valid_line(std::string_view text) {
  std::size_t at = 0;
  if (text.empty() || text[at++] != '{') return false;
  while (true) {
    if (!read_string(text, at) || at >= text.size() || text[at++] != ':') return false;
    if (text[at] == '"') {
      if (!read_string(text, at)) return false;
    } else {
      const std::size_t from = at;
      while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0) ++at;
      if (at == from) return false;
    }
    if (at >= text.size()) return false;
    if (text[at] == ',') {
      ++at;
      continue;
    }
    return text.substr(at) == "}\n";
  }
}

struct Logged {
  model::CallHead head;
  router::Cluster cluster;
  router::MethodRoute route;
  Call call;
  model::Outcome outcome;
  Logged() {
    cluster.name = "orders";
    route.cluster = &cluster;
    route.method = "GetOrder";
    call.head = &head;
    call.route = &route;
    call.caller = router::Protocol::grpc;
    call.path = Path::transcode;
    call.started_ns = 1'000'000;
    call.now_ns = 1'512'999;
    call.now_wall_ns = 1'767'225'600'123'456'789;  // 2026-01-01T00:00:00.123456Z
    call.peer = "127.0.0.1:4711";
  }
  std::string line() {
    std::string text;
    format_line(call, outcome, text);
    return text;
  }
};

TEST(AccessLog, HasEveryFieldOfACall) {
  Logged one;
  const std::string line = one.line();
  EXPECT_TRUE(valid_line(line)) << line;
  EXPECT_THAT(line, StartsWith("{\"time\":\"2026-01-01T00:00:00.123456Z\",\"event\":\"call\","
                               "\"service\":\"orders\",\"method\":\"GetOrder\",\"caller\":\"grpc\","
                               "\"provider\":\"thrift\",\"path\":\"transcode\",\"code\":\"OK\""));
  EXPECT_THAT(line, HasSubstr("\"duration_us\":512,"));
}

TEST(AccessLog, SaysWhatWasLostWhereSomethingWas) {
  Logged one;
  EXPECT_EQ(one.line().find("dropped"), std::string::npos);
  EXPECT_EQ(one.line().find("lost"), std::string::npos);
  one.call.dropped_fields = {2, 3, 4};
  one.call.lost_values = {1, 0, 1};
  EXPECT_TRUE(valid_line(one.line())) << one.line();
  EXPECT_THAT(one.line(), HasSubstr("\"dropped_fields\":9,\"lost_values\":2,"));
}

TEST(AccessLog, EveryByteInEveryFieldIsOneValidLine) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string bad = "a" + std::string(1, static_cast<char>(byte)) + "z";
    Logged one;
    one.call.route = nullptr;
    one.head.service = one.head.method = one.outcome.message = bad;
    one.call.peer = one.call.endpoint = bad;
    const std::string line = one.line();
    EXPECT_TRUE(valid_line(line)) << byte << ": " << line;
  }
}

TEST(AccessLog, LongTextIsCutAtACharacter) {
  Logged one;
  one.outcome.message = std::string(1023, 'x') + "é" + std::string(100000, 'y');
  const std::string line = one.line();
  EXPECT_LT(line.size(), 2000u);
  EXPECT_THAT(line, HasSubstr("x\",\"duration_us\""));
}

TEST(AccessLog, WrittenAndDroppedAddUpToCallsWhenTheRingIsFull) {
  std::string out;
  Writer writer(std::make_unique<Text>(&out, 1u << 20));
  Ring& ring = writer.add_ring(1024);
  AccessLog policy(writer, ring);
  Logged one;
  for (int i = 0; i < 100; ++i) policy.on_finish(one.call, one.outcome);
  EXPECT_GT(ring.dropped(), 0u);
  while (writer.flush() > 0) {}
  EXPECT_GT(writer.written(), 0u);
  EXPECT_EQ(writer.written() + writer.dropped(), 100u);
  EXPECT_EQ(static_cast<std::uint64_t>(std::count(out.begin(), out.end(), '\n')), writer.written());
}

TEST(AccessLog, LinesThatTheDiskDidNotTakeCountAsDropped) {
  std::string out;
  Writer writer(std::make_unique<Text>(&out, 10));
  Ring& ring = writer.add_ring(1024);
  ring.push("12345\n");
  ring.push("12345\n");
  ring.push("12345\n");
  EXPECT_EQ(writer.flush(), 3u);
  EXPECT_EQ(writer.written(), 1u);
  EXPECT_EQ(writer.dropped(), 2u);
}

TEST(AccessLog, TheRingWrapsWithoutMixingLines) {
  Ring ring(64);
  std::string expected, got;
  for (int i = 0; i < 1000; ++i) {
    const std::string line = std::string(static_cast<std::size_t>(i % 50), 'a') + std::to_string(i) + "\n";
    if (!ring.push(line)) {
      ring.pop(got, 1000);
      ASSERT_TRUE(ring.push(line));
    }
    expected += line;
  }
  ring.pop(got, 1000);
  EXPECT_EQ(got, expected);
}

TEST(AccessLog, PopGivesWholeLinesOnly) {
  Ring ring(64);
  ring.push("first\n");
  ring.push("second\n");
  std::string out;
  EXPECT_EQ(ring.pop(out, 9), 1u);
  EXPECT_EQ(out, "first\n");
  EXPECT_EQ(ring.pop(out, 9), 1u);
  EXPECT_EQ(out, "first\nsecond\n");
}

TEST(AccessLog, TheThreadWritesEverythingBeforeItStopsAndFollowsARotation) {
  char directory[] = "/tmp/koine-access-log-XXXXXX";
  ASSERT_NE(mkdtemp(directory), nullptr);
  const std::string path = std::string(directory) + "/access.log";
  const std::string rotated = path + ".1";
  const auto read = [](const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(name).rdbuf();
    return text.str();
  };
  Writer writer(make_file_sink(path));
  ASSERT_TRUE(writer.start().ok());
  Ring& ring = writer.add_ring(1 << 16);
  ring.push("one\n");
  writer.notify();
  while (writer.written() < 1) std::this_thread::yield();
  ASSERT_EQ(rename(path.c_str(), rotated.c_str()), 0);
  writer.reopen();
  while (access(path.c_str(), F_OK) != 0) std::this_thread::yield();
  ring.push("two\n");
  writer.stop();
  EXPECT_EQ(read(rotated), "one\n");
  EXPECT_EQ(read(path), "two\n");
  EXPECT_EQ(writer.written(), 2u);
  EXPECT_EQ(writer.reopen_failures(), 0u);
  unlink(path.c_str());
  unlink(rotated.c_str());
  rmdir(directory);
}

TEST(AccessLog, APathThatCannotBeOpenedIsAnErrorWithThePath) {
  Writer writer(make_file_sink("/nonexistent-koine/access.log"));
  const base::Status status = writer.start();
  EXPECT_EQ(status.reason(), base::Reason::config_io);
  EXPECT_THAT(status.to_string(), HasSubstr("/nonexistent-koine/access.log"));
}

}  // namespace
}  // namespace koine::governance::access_log
