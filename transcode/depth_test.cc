// Depth on a small stack: bodies nested from 1 to 10⁶ deep, in every format and along every way into a nested
// value, are walked and skipped by a thread with 256 KiB of stack. What is too deep is LIMIT_DEPTH and
// nothing else.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <pthread.h>

#include "base/limits.h"
#include "transcode/schema_test_support.h"
#include "transcode/walk.h"

namespace koine::transcode::testing {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t stack_bytes = 1u << 20;  // frames are larger: zones around every variable
#else
constexpr std::size_t stack_bytes = 256u << 10;
#endif

void* run_it(void* work) {
  (*static_cast<std::function<void()>*>(work))();
  return nullptr;
}

void on_small_stack(std::function<void()> work) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, stack_bytes), 0);
  pthread_t thread{};
  ASSERT_EQ(pthread_create(&thread, &attributes, run_it, &work), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
}

std::string repeated(const std::string& text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

struct Way {
  const char* name;
  model::BodyFormat format;
  std::string open;    // before the first level
  std::string level;   // what goes one level deeper …
  std::string middle;  // … the innermost value …
  std::string close;   // … and what ends a level
  std::string end;
};

std::string nested(const Way& way, std::size_t depth) {
  return way.open + repeated(way.level, depth) + way.middle + repeated(way.close, depth) + way.end;
}

// One field 1 in each struct; values inside containers of one element.
const std::vector<Way>& ways() {
  using model::BodyFormat;
  const auto bytes = [](std::initializer_list<int> values) {
    std::string out;
    for (const int value : values) out += static_cast<char>(value);
    return out;
  };
  static const std::vector<Way> all = {
      {"binary structs", BodyFormat::thrift_binary, "", bytes({12, 0, 1}), bytes({0}), bytes({0}), ""},
      {"binary lists", BodyFormat::thrift_binary, bytes({15, 0, 1}), bytes({15, 0, 0, 0, 1}),
       bytes({3, 0, 0, 0, 0}), "", bytes({0})},
      {"binary sets", BodyFormat::thrift_binary, bytes({14, 0, 1}), bytes({14, 0, 0, 0, 1}),
       bytes({3, 0, 0, 0, 0}), "", bytes({0})},
      {"binary maps", BodyFormat::thrift_binary, bytes({13, 0, 1}), bytes({3, 13, 0, 0, 0, 1, 7}),
       bytes({3, 3, 0, 0, 0, 0}), "", bytes({0})},
      {"compact structs", BodyFormat::thrift_compact, "", bytes({0x1c}), bytes({0}), bytes({0}), ""},
      {"compact lists", BodyFormat::thrift_compact, bytes({0x19}), bytes({0x19}), bytes({0x03}), "",
       bytes({0})},
      {"compact maps", BodyFormat::thrift_compact, bytes({0x1b}), bytes({1, 0x3b, 7}), bytes({0}), "",
       bytes({0})},
      {"protobuf groups", BodyFormat::protobuf, "", bytes({0x0b}), "", bytes({0x0c}), ""},
      {"JSON arrays", BodyFormat::json, "", "[", "1", "]", ""},
      {"JSON objects", BodyFormat::json, "", "{\"a\":", "1", "}", ""},
      {"Thrift JSON structs", BodyFormat::thrift_json, "", "{\"1\":{\"rec\":", "{}", "}}", ""},
      {"Thrift JSON lists", BodyFormat::thrift_json, "{\"1\":{\"lst\":", "[\"lst\",1,", "[\"i32\",0]", "]",
       "}}"},
  };
  return all;
}

TEST(Depth, AMillionLevelsAreAnErrorAndNoCrash) {
  for (const Way& way : ways()) {
    std::vector<std::pair<std::size_t, base::Status>> found;
    std::vector<std::pair<std::size_t, std::string>> bodies;
    for (std::size_t depth = 1; depth <= 1'000'000;
         depth = depth < 1000 ? depth + 1 + depth / 8 : depth * 10) {
      bodies.emplace_back(depth, nested(way, depth));
    }
    bodies.emplace_back(1'000'000, nested(way, 1'000'000));
    const std::size_t most = base::Limits().nesting_max;
    on_small_stack([&] {
      for (const auto& [depth, body] : bodies) {
        found.emplace_back(depth, walk_body(way.format, base::as_bytes(body), most));
      }
    });
    for (const auto& [depth, status] : found) {
      // The outermost struct or list is a level of its own in some.
      if (depth + 2 <= most) {
        EXPECT_TRUE(status.ok()) << way.name << " " << depth << ": " << status.to_string();
      }
      if (depth > most) {
        EXPECT_EQ(status.reason(), base::Reason::limit_depth)
            << way.name << " " << depth << ": " << status.to_string();
      }
    }
  }
}

TEST(Depth, TheCeilingOfTheLimitFitsOnTheSmallStackToo) {
  std::size_t most = 0;
  for (const base::LimitInfo& info : base::limit_table()) {
    if (info.name == "nesting_max") most = info.ceiling;
  }
  ASSERT_EQ(most, 256u);
  for (const Way& way : ways()) {
    const std::string fits = nested(way, most - 2);
    const std::string large = nested(way, 100'000);
    base::Status shallow, deep;
    on_small_stack([&] {
      shallow = walk_body(way.format, base::as_bytes(fits), most);
      deep = walk_body(way.format, base::as_bytes(large), most);
    });
    EXPECT_TRUE(shallow.ok()) << way.name << shallow.to_string();
    EXPECT_EQ(deep.reason(), base::Reason::limit_depth) << way.name;
  }
}

TEST(Depth, UnknownFieldsAreSkippedOnTheSmallStack) {
  const std::pair<const char*, model::BodyFormat> sources[] = {{"compact", model::BodyFormat::thrift_compact},
                                                               {"protobuf", model::BodyFormat::protobuf}};
  for (const auto& [name, format] : sources) {
    Both both;
    both.scalar(9, "n", Kind::i32, Presence::optional, Presence::optional);
    PlanOptions options;
    options.limits.nesting_max = 256;
    Runner runner = format == model::BodyFormat::protobuf ? both.to_thrift(options) : both.to_proto(options);
    for (const Way& way : ways()) {
      if (way.format != format) continue;
      for (const std::size_t depth : {200u, 1000u, 100'000u}) {
        const std::string body = nested(way, depth);
        std::string result;
        on_small_stack([&] { result = runner.hex_of(body); });
        EXPECT_EQ(result.find("LIMIT_DEPTH") != std::string::npos, depth > 256)
            << way.name << " " << depth << result;
      }
    }
  }
}

}  // namespace
}  // namespace koine::transcode::testing
