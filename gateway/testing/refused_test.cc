// Calls that a session refuses before the gateway sees them: each has its line of the access log, its metrics
// and its limit counted, once; written + dropped = calls.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codecs/transports/http2/types.h"
#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Refused : ::testing::Test {
  World world{1};
  std::string lines;
  void start(const base::Limits& limits = {}) {
    world.provider(Protocol::thrift);
    world.options.access_log_sink = std::make_unique<TextSink>(&lines);
    world.start({.default_service = "orders", .access_log = true, .limits = limits});
  }
  // What the log has, once everything is written.
  std::ptrdiff_t log_lines() {
    metrics = world.metrics();
    world.stop();
    return std::count(lines.begin(), lines.end(), '\n');
  }
  std::string metrics;
};

// One request by hand: header fields as literals of HPACK (RFC 7541 §6.2.2).
std::string http2_request(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string block;
  for (const auto& [name, value] : fields) {
    block += '\0';
    block += static_cast<char>(name.size());
    block += name;
    block += static_cast<char>(value.size());
    block += value;
  }
  std::string frame("\0\0\0\1\5\0\0\0\1", 9);
  frame[2] = static_cast<char>(block.size());
  return std::string(codecs::transports::http2::client_preface) + std::string("\0\0\0\4\0\0\0\0\0", 9) +
         frame + block;
}

TEST_F(Refused, AWrongMethodOrContentTypeIsOneLine) {
  start();
  using Fields = std::vector<std::pair<std::string, std::string>>;
  const Fields fields = {{":method", "POST"},
                         {":scheme", "http"},
                         {":path", "/test.orders/Echo"},
                         {":authority", "a"},
                         {"content-type", "application/grpc"}};
  Fields get = fields;
  get[0].second = "GET";
  Fields text = fields;
  text[4].second = "text/plain";
  Fields path = fields;
  path[2].second = "/nothing";
  for (const Fields& wrong : {get, text, path}) {
    const auto peer = world.network().dial("127.0.0.1:7000");
    peer->send(http2_request(wrong));
    world.settle();
  }
  EXPECT_EQ(log_lines(), 3);
  EXPECT_THAT(lines, HasSubstr("gRPC requests use the method POST"));
  EXPECT_THAT(lines, HasSubstr("content-type is not application/grpc"));
  EXPECT_THAT(lines, HasSubstr(R"("reason":"CALL_UNKNOWN_METHOD")"));
  EXPECT_THAT(metrics, HasSubstr(R"(koine_gateway_call_failures_total{reason="WIRE_UNSUPPORTED"} 2)"));
  EXPECT_THAT(metrics, HasSubstr(R"(koine_gateway_calls_in_flight{caller="grpc"} 0)"));
}

TEST_F(Refused, HeadersAndMessagesBeyondTheirLimitsAreLinesOfTheirMethod) {
  base::Limits limits;
  limits.message_bytes_max = 1000;
  limits.headers_bytes_max = 4000;
  start(limits);
  Caller& caller = world.caller(Protocol::grpc);
  CallSpec spec{.service = "test.orders"};
  const auto large = caller.call(spec, std::string(2000, 'x'));
  spec.metadata.add("x", std::string(5000, 'v'));
  world.settle();
  EXPECT_EQ(large->outcome.code, model::Code::resource_exhausted);
  EXPECT_EQ(log_lines(), 1);
  EXPECT_THAT(lines, HasSubstr(R"("service":"orders","method":"Echo","caller":"grpc")"));
  EXPECT_THAT(lines, HasSubstr(R"("reason":"LIMIT_MESSAGE")"));
  EXPECT_THAT(metrics,
              HasSubstr(R"(koine_limit_hits_total{limit="message_bytes_max",reason="LIMIT_MESSAGE"} 1)"));
  EXPECT_THAT(metrics, HasSubstr(R"(koine_gateway_call_failures_total{reason="LIMIT_MESSAGE"} 1)"));
}

TEST_F(Refused, ABadThriftHeaderIsOneLineAndTheConnectionGoesOn) {
  start();
  const auto peer = world.network().dial("127.0.0.1:7000");
  // Framed, strict binary: a REPLY (2) named "Echo", sequence id 7, an empty struct.
  peer->send(std::string("\0\0\0\x11\x80\1\0\2\0\0\0\4Echo\0\0\0\7\0", 21));
  world.settle();
  EXPECT_THAT(peer->received(), HasSubstr("message type 2"));
  EXPECT_EQ(log_lines(), 1);
  EXPECT_THAT(lines, HasSubstr(R"("method":"Echo","caller":"thrift")"));
  EXPECT_THAT(lines, HasSubstr(R"("reason":"WIRE_MALFORMED")"));
}

TEST_F(Refused, CallsThatAreAnsweredAreNotCountedTwice) {
  start();
  for (const Protocol protocol : {Protocol::grpc, Protocol::thrift}) {
    CallSpec spec;
    if (protocol == Protocol::grpc) spec.service = "test.orders";
    const auto call = world.caller(protocol).call(spec, "x");
    world.settle();
    EXPECT_EQ(call->text(), "x");
  }
  EXPECT_EQ(log_lines(), 2);
}

}  // namespace
}  // namespace koine::gateway::testing
