// The kit finds what it is there to find: a codec that is right passes, and each flaw fails its own check.
#include "codecs/conformance/call_kit.h"

#include <gtest/gtest.h>

#include "codecs/conformance/heap_meter.h"
#include "codecs/conformance/mutations.h"
#include "codecs/conformance/toy_codec_test_support.h"

namespace koine::codecs::conformance::testing {
namespace {

ExpectedCall toy_call(std::string method, std::string body) {
  ExpectedCall call;
  call.method = std::move(method);
  call.format = model::BodyFormat::opaque;
  call.messages = {std::move(body)};
  return call;
}

// What whoever writes a codec gives the kit.
CodecUnderTest toy(const CallCodec& codec) {
  CodecUnderTest out;
  out.codec = &codec;
  CallerVector caller;
  caller.name = "two calls";
  caller.bytes = "K" + u32(8) + "\3getbody" + "K" + u32(4) + "\3put";
  caller.calls = {toy_call("get", "body"), toy_call("put", "")};
  caller.detect_bytes = 1;
  out.callers.push_back(caller);

  ClientOptions options;
  options.body_format = model::BodyFormat::opaque;
  ProviderVector provider;
  provider.name = "one answer";
  provider.options = options;
  provider.calls = {{"", "get", false, "body"}};
  provider.bytes = "R" + u32(4) + "body";
  ExpectedReply reply;
  reply.messages = {"body"};
  provider.replies = {reply};
  out.providers.push_back(provider);

  Speaker speaker;
  speaker.name = "toy";
  speaker.options = options;
  out.speakers.push_back(speaker);
  return out;
}

TEST(CallKit, ACodecThatIsRightPasses) {
  const ToyCodec codec;
  const Report report = check_codec(toy(codec));
  EXPECT_TRUE(report.ok()) << report.to_string();
  for (const char* check : {"vectors", "split", "prefix", "truncated", "flip", "length", "polite",
                            "round_trip", "order", "drain", "limit", "cancel"}) {
    EXPECT_GT(report.cases(check), 0u) << check;
  }
}

struct Wrong {
  Flaw flaw;
  const char* check;
};
class CallKitFinds : public ::testing::TestWithParam<Wrong> {};

TEST_P(CallKitFinds, TheFlaw) {
  const ToyCodec codec(GetParam().flaw);
  const Report report = check_codec(toy(codec));
  EXPECT_TRUE(report.found(GetParam().check)) << report.to_string();
}

INSTANTIATE_TEST_SUITE_P(
    All, CallKitFinds,
    ::testing::Values(Wrong{Flaw::finishes_early, "prefix"}, Wrong{Flaw::trusts_length, "length"},
                      Wrong{Flaw::needs_whole_units, "split"}, Wrong{Flaw::speaks_after_end, "polite"},
                      Wrong{Flaw::answers_as_they_come, "order"}, Wrong{Flaw::drains_without_bound, "drain"},
                      Wrong{Flaw::forgets_calls, "truncated"}, Wrong{Flaw::ignores_cancel, "cancel"},
                      Wrong{Flaw::has_no_limit, "limit"}, Wrong{Flaw::loses_bytes, "round_trip"}),
    [](const auto& one) {
      return std::string(one.param.check) + "_" + std::to_string(static_cast<int>(one.param.flaw));
    });

TEST(CallKit, FindsWhoClaimsTheConnectionsOfOthers) {
  // The same codec twice cannot tell itself apart: two owners of one port must differ.
  const ToyCodec right;
  const ToyCodec greedy(Flaw::claims_everything);
  const CodecUnderTest one = toy(right);
  const CodecUnderTest other = toy(greedy);
  Report report;
  const CodecUnderTest* const alone[] = {&one};
  check_detection(alone, report);
  EXPECT_TRUE(report.ok()) << report.to_string();
  const CodecUnderTest* const both[] = {&one, &other};
  check_detection(both, report);
  EXPECT_TRUE(report.found("detect"));
}

TEST(CallKit, ReportsKeepTheFirstFindingsAndCountTheRest) {
  Report report;
  for (int i = 0; i < 20; ++i) report.add("flip", "one");
  EXPECT_EQ(report.findings().size(), Report::kept_per_check_max);
  EXPECT_NE(report.to_string().find("flip: 0 cases, 20 failed"), std::string::npos);
}

TEST(HeapMeter, CountsWhatIsHeldAtOnce) {
  HeapMeter meter;
  for (int i = 0; i < 10; ++i) {
    void* volatile block = std::malloc(100000);
    std::free(block);
  }
  EXPECT_GE(meter.peak_bytes(), 100000u);
  EXPECT_LT(meter.peak_bytes(), 200000u);
  meter.restart();
  EXPECT_EQ(meter.peak_bytes(), 0u);
  delete[] new char[50000];
  EXPECT_GE(meter.peak_bytes(), 50000u);
}

TEST(Mutations, PutHostileNumbersWhereNumbersStand) {
  bool varint = false;
  bool decimal = false;
  bool beyond = false;
  each_length("a12\x80\x01z", 1000, 100000, [&](const std::string& bytes, const std::string&) {
    varint = varint || bytes == std::string("a12\xff\xff\xff\xff\x07z");
    decimal = decimal || bytes == "a2147483647\x80\x01z";
    beyond = beyond || bytes == std::string("a12\x02z");  // one more than the one byte behind it
  });
  EXPECT_TRUE(varint && decimal && beyond);
  EXPECT_EQ(flipped("ab", 9), std::string("a\x60"));
}

}  // namespace
}  // namespace koine::codecs::conformance::testing
