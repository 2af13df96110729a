// The operator's port, as an HTTP client sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"
#include "net/memory/peer.h"

namespace koine::gateway::testing {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class AdminTest : public ::testing::Test {
 protected:
  void start() {
    SnapshotSpec spec;
    spec.admin = "127.0.0.1:7070";
    world_.start(spec);
  }
  std::string get(const std::string& path, const std::string& method = "GET") {
    const auto peer = world_.network().dial("127.0.0.1:7070");
    peer->send(method + " " + path + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    world_.settle();
    EXPECT_TRUE(peer->ended());
    return peer->received();
  }
  World world_;
};

TEST_F(AdminTest, ServesMetricsOfAllWorkers) {
  world_.provider(Protocol::thrift);
  start();
  for (int i = 0; i < 4; ++i) {
    CallSpec spec;
    spec.service = "test.orders";
    world_.caller(Protocol::grpc).call(spec, "x");
  }
  world_.settle();
  const std::string page = get("/metrics");
  EXPECT_THAT(page, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(page, HasSubstr("content-type: text/plain; version=0.0.4"));
  EXPECT_THAT(
      page,
      HasSubstr(R"(koine_gateway_calls_total{service="orders",method="Echo",caller="grpc",provider="thrift",)"
                R"(path="transcode",code="OK"} 4)"));
  EXPECT_THAT(page, HasSubstr("koine_control_snapshot_version 1\n"));
  EXPECT_THAT(page, HasSubstr("koine_gateway_connections{caller=\"grpc\"} 4\n"));
}

TEST_F(AdminTest, IsReadyUntilTheDrainBeginsAndAliveThroughout) {
  start();
  EXPECT_THAT(get("/health/ready"), AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("ready\n")));
  world_.caller(Protocol::grpc);
  world_.settle();
  world_.gateway().drain([] {});
  EXPECT_THAT(get("/health/ready"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(get("/health/live"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(AdminTest, ShowsTheRunningConfiguration) {
  start();
  const std::string page = get("/config");
  EXPECT_THAT(page, HasSubstr("content-type: application/json"));
  EXPECT_THAT(page, HasSubstr(R"("address": "127.0.0.1:7000")"));
  EXPECT_THAT(page, HasSubstr(R"("name": "orders")"));
  EXPECT_THAT(page, HasSubstr(R"("message_bytes_max": 4194304)"));
}

TEST_F(AdminTest, RefusesWhatItDoesNotHaveAndWhatWouldWrite) {
  start();
  EXPECT_THAT(get("/nothing"), AllOf(StartsWith("HTTP/1.1 404 "), HasSubstr("/metrics")));
  EXPECT_THAT(get("/metrics", "POST"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(get("/metrics", "HEAD"), AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("\r\n\r\n")));
}

TEST_F(AdminTest, AnswersBrokenRequestsAndGoesOn) {
  start();
  const auto broken = world_.network().dial("127.0.0.1:7070");
  broken->send("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n");
  world_.settle();
  EXPECT_THAT(broken->received(), StartsWith("HTTP/1.1 400 "));
  EXPECT_TRUE(broken->ended());
  EXPECT_THAT(get("/health/live"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(AdminTest, KeepsConnectionsForPipelinedRequestsAndClosesIdleOnes) {
  start();
  const auto peer = world_.network().dial("127.0.0.1:7070");
  const std::string request = "GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";
  peer->send(request + request + request);
  world_.settle();
  std::size_t answers = 0;
  for (std::size_t at = 0; (at = peer->received().find("live\n", at)) != std::string::npos; ++at) ++answers;
  EXPECT_EQ(answers, 3u);
  EXPECT_FALSE(peer->ended());
  world_.advance(61 * base::second_ns);
  EXPECT_TRUE(peer->ended() || peer->was_reset());
}

TEST_F(AdminTest, ARequestHasTenSecondsFromItsFirstByte) {
  start();
  const auto slow = world_.network().dial("127.0.0.1:7070");
  slow->send("GET /health");
  world_.advance(5 * base::second_ns);
  slow->send("/live HTTP/1.1\r\n");  // wins no time
  world_.advance(5 * base::second_ns - base::millisecond_ns);
  EXPECT_FALSE(slow->ended() || slow->was_reset());
  world_.advance(2 * base::millisecond_ns);
  EXPECT_TRUE(slow->ended() || slow->was_reset());
  EXPECT_THAT(get("/metrics"), HasSubstr("admin_request_timeout"));
}

TEST_F(AdminTest, HalfRequestsShutNobodyOut) {
  start();
  std::vector<std::unique_ptr<net::memory::Peer>> half;
  for (int i = 0; i < 200; ++i) {
    half.push_back(world_.network().dial("127.0.0.1:7070"));
    half.back()->send("GET /health/live HTTP/1.1\r\n");
    world_.advance(base::millisecond_ns);
  }
  EXPECT_THAT(get("/health/live"), AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("live\n")));
  EXPECT_THAT(get("/metrics"), HasSubstr(R"(koine_limit_hits_total{limit="admin_connections_max",)"));
}

}  // namespace
}  // namespace koine::gateway::testing
