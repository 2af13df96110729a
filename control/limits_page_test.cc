// docs/limits.md says what the code does; every key of the configuration is a row of the table, and every row
// can be set to its ceiling and not beyond.
#include "control/limits_page.h"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "control/load.h"
#include "koine/config/v1/config.pb.h"

namespace koine::control {
namespace {

TEST(LimitsPage, IsWhatTheCodeSays) {
  const std::string path = std::string(KOINE_SOURCE_DIR) + "/docs/limits.md";
  if (std::getenv("KOINE_WRITE_DOCS") != nullptr) std::ofstream(path) << limits_page();
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_TRUE(text.str() == limits_page()) << "write it anew: KOINE_WRITE_DOCS=1 control_test --gtest_filter="
                                              "LimitsPage.*";
}

// Rows without a key of that name, and why.
const std::set<std::string_view> without_key = {
    "concurrency_max",   // policies.limits.concurrency
    "config_bytes_max",  // it is needed before the configuration is read
    "plan_fields_max",
};

TEST(LimitsPage, EveryKeyIsARowAndEveryRowIsAKey) {
  const auto* type = koine::config::v1::Limits::descriptor();
  std::set<std::string> keys;
  for (int i = 0; i < type->field_count(); ++i) keys.insert(std::string(type->field(i)->name()));
  for (const base::LimitInfo& info : base::limit_table()) {
    EXPECT_EQ(keys.erase(std::string(info.name)), without_key.contains(info.name) ? 0u : 1u) << info.name;
  }
  EXPECT_TRUE(keys.empty()) << *keys.begin();
}

LoadResult load_with(const std::string& limits) {
  const auto sources = idl::memory_sources(
      {{"k.yaml",
        "schemas: { files: [a.thrift] }\nlisteners: [127.0.0.1:0]\nservices:\n  - { name: a, interface: a.A, "
        "protocol: thrift, endpoints: [127.0.0.1:1] }\nlimits: { " +
            limits + " }\n"},
       {"a.thrift", "namespace * a\nservice A { void f() }\n"}});
  LoadOptions options;
  options.path = "k.yaml";
  options.sources = sources.get();
  return load(options);
}

std::string written(const base::LimitInfo& info, std::uint64_t value) {
  switch (info.unit) {
    case base::LimitUnit::bytes: return std::to_string(value) + "B";
    case base::LimitUnit::nanoseconds: return std::to_string(value) + "ns";
    default: return std::to_string(value);
  }
}

// Limits that others must not fall below.
std::string others(std::string_view name) {
  std::string text;
  if (name == "message_bytes_max") text = ", connection_memory_bytes_max: 1GiB, memory_bytes_max: 1GiB";
  if (name == "connection_memory_bytes_max") text = ", memory_bytes_max: 64GiB";
  if (name == "write_low_bytes") text = ", write_high_bytes: 64MiB";
  return text;
}

TEST(LimitsPage, EveryRowMayBeSetBelowAndAtItsCeilingAndNotAbove) {
  for (const base::LimitInfo& info : base::limit_table()) {
    if (without_key.contains(info.name)) continue;
    const auto at = [&](std::uint64_t value) {
      return load_with(std::string(info.name) + ": " + written(info, value) + others(info.name));
    };
    for (const std::uint64_t value : {info.ceiling - 1, info.ceiling}) {
      const LoadResult result = at(value);
      ASSERT_NE(result.snapshot, nullptr)
          << info.name << ": " << value << ": "
          << (result.diagnostics.empty() ? "" : idl::render(result.diagnostics.front()));
    }
    const LoadResult above = at(info.ceiling + 1);
    EXPECT_EQ(above.snapshot, nullptr) << info.name;
    ASSERT_FALSE(above.diagnostics.empty());
    EXPECT_NE(idl::render(above.diagnostics.front()).find("limits." + std::string(info.name)),
              std::string::npos)
        << idl::render(above.diagnostics.front());
    EXPECT_EQ(at(0).snapshot, nullptr) << info.name;
  }
}

TEST(LimitsPage, WhatIsSetIsWhatTheSnapshotHas) {
  const LoadResult result = load_with(
      "glitches_burst: 7, frame_timeout: 1500ms, memory_bytes_max: 2GiB, access_log_queue_bytes: 1MiB");
  ASSERT_NE(result.snapshot, nullptr);
  EXPECT_EQ(result.snapshot->limits.glitches_burst, 7u);
  EXPECT_EQ(result.snapshot->limits.frame_timeout_ns, 1'500'000'000);
  EXPECT_EQ(result.snapshot->limits.memory_bytes_max, std::size_t{2} << 30);
  EXPECT_EQ(result.snapshot->access_log.ring_bytes, 1u << 20);
}

TEST(LimitsPage, MemoryLimitsFollowAMessageThatIsRaisedAlone) {
  const LoadResult result = load_with("message_bytes_max: 256MiB");
  ASSERT_NE(result.snapshot, nullptr);
  EXPECT_EQ(result.snapshot->limits.connection_memory_bytes_max, std::size_t{1} << 30);
  EXPECT_GE(result.snapshot->limits.memory_bytes_max, std::size_t{1} << 30);
  EXPECT_EQ(load_with("message_bytes_max: 256MiB, connection_memory_bytes_max: 512MiB").snapshot, nullptr);
  EXPECT_EQ(load_with("memory_bytes_max: 16MiB").snapshot, nullptr);
  EXPECT_EQ(load_with("write_low_bytes: 256KiB").snapshot, nullptr);
}

}  // namespace
}  // namespace koine::control
