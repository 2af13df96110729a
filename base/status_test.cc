// Status, Result, reasons, limits, hashing, callbacks.
#include "base/status.h"

#include <memory>
#include <set>
#include <string>
#include <unordered_map>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/function.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/result.h"

namespace koine::base {
namespace {

TEST(Status, OkIsFreeAndSaysSo) {
  const Status ok;
  EXPECT_TRUE(ok.ok());
  EXPECT_EQ(ok.reason(), Reason::none);
  EXPECT_EQ(ok.to_string(), "OK");
  EXPECT_TRUE(ok.with_context("anything").ok());
}

TEST(Status, CarriesReasonPathAndContext) {
  const Status status(Reason::map_range, "300 does not fit i8", "order.items[2].quantity");
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.to_string(), "MAP_RANGE at order.items[2].quantity: 300 does not fit i8");
  const Status outer = status.with_context("request");
  EXPECT_EQ(outer.reason(), Reason::map_range);
  EXPECT_EQ(outer.path(), "order.items[2].quantity");
  EXPECT_EQ(outer.message(), "request: 300 does not fit i8");
  EXPECT_EQ(Status(Reason::net_io, "x").to_string(), "NET_IO: x");
}

TEST(Result, HoldsAValueOrAStatus) {
  Result<std::unique_ptr<int>> good = std::make_unique<int>(5);
  ASSERT_TRUE(good);
  EXPECT_EQ(**good, 5);
  const std::unique_ptr<int> taken = std::move(good).value();
  EXPECT_EQ(*taken, 5);
  const Result<int> bad = Status(Reason::usage, "no");
  EXPECT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().reason(), Reason::usage);
}

TEST(Reason, EveryTextIsStableAndReadsBack) {
  std::set<std::string_view> seen;
#define KOINE_REASON_CHECK(name, text)               \
  EXPECT_EQ(to_string(Reason::name), text);          \
  EXPECT_EQ(reason_from_string(text), Reason::name); \
  EXPECT_TRUE(seen.insert(text).second) << text;
  KOINE_REASONS(KOINE_REASON_CHECK)
#undef KOINE_REASON_CHECK
  EXPECT_EQ(reason_from_string("NO_SUCH_REASON"), Reason::internal);
}

TEST(Limits, DefaultsAreWithinTheirCeilingsAndMatchTheStruct) {
  const Limits limits;
  std::set<std::string_view> names;
  for (const LimitInfo& info : limit_table()) {
    EXPECT_LE(info.value, info.ceiling) << info.name;
    EXPECT_GT(info.value, 0u) << info.name;
    EXPECT_FALSE(info.meaning.empty()) << info.name;
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
  }
  EXPECT_EQ(limits.message_bytes_max, 4u << 20);
  EXPECT_LT(limits.write_low_bytes, limits.write_high_bytes);
}

TEST(SystemClock, MonotonicTimeNeverGoesBackAndWallTimeIsOfThisCentury) {
  const SystemClock clock;
  Nanoseconds last = clock.monotonic_ns();
  for (int i = 0; i < 1000; ++i) {
    const Nanoseconds now = clock.monotonic_ns();
    ASSERT_GE(now, last);
    last = now;
  }
  EXPECT_GT(clock.wall_ns(), 1'600'000'000 * second_ns);
}

TEST(KeyedHash, DependsOnSeedAndOnEveryByte) {
  EXPECT_EQ(hash_bytes("koine", 1), hash_bytes("koine", 1));
  EXPECT_NE(hash_bytes("koine", 1), hash_bytes("koine", 2));
  EXPECT_NE(hash_bytes("koine", 1), hash_bytes("koinf", 1));
  // XXH3_64bits_withSeed("", 0): the value of xxHash's own specification.
  EXPECT_EQ(hash_bytes("", 0), 0x2D06800538D394C2u);
  EXPECT_NE(random_seed(), random_seed());
}

TEST(KeyedHash, WorksAsAMapsHashWithTextKeys) {
  std::unordered_map<std::string, int, KeyedHash, std::equal_to<>> map(8, KeyedHash(random_seed()));
  map.emplace("a", 1);
  EXPECT_EQ(map.find(std::string_view("a"))->second, 1);
  EXPECT_TRUE(map.find(std::string_view("b")) == map.end());
}

TEST(Function, CallsSmallAndLargeCallables) {
  int calls = 0;
  Function<int(int)> small = [&calls](int x) {
    ++calls;
    return x + 1;
  };
  EXPECT_EQ(small(1), 2);
  std::array<char, 200> ballast{};
  ballast[199] = 7;
  Function<int(int)> large = [&calls, ballast](int x) {
    ++calls;
    return x + ballast[199];
  };
  EXPECT_EQ(large(1), 8);
  small = std::move(large);
  EXPECT_FALSE(large);
  EXPECT_EQ(small(2), 9);
  EXPECT_EQ(calls, 3);
}

TEST(Function, OwnsWhatItCaptured) {
  auto token = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = token;
  {
    Function<void()> holder = [token = std::move(token), unique = std::make_unique<int>(3)] {
      EXPECT_EQ(*unique, 3);
    };
    Function<void()> moved = std::move(holder);
    moved();
    EXPECT_FALSE(watch.expired());
    moved = nullptr;
    EXPECT_TRUE(watch.expired());
  }
  EXPECT_FALSE(Function<void()>());
  EXPECT_TRUE(Function<void()>([] {}));
}

TEST(FunctionDeathTest, CallingAnEmptyOneEndsTheProcess) {
  Function<void()> empty;
  EXPECT_DEATH(empty(), "");
}

}  // namespace
}  // namespace koine::base
