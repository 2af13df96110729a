// Requests, and messages of streams, of which a part has come: what is waited for, since when, and what is
// refused of it.
#include <gtest/gtest.h>

#include "codecs/calls/grpc/session_test_support.h"

namespace koine::codecs::calls::grpc {
namespace {

namespace http2 = transports::http2;
using testing::BarePeer;
using testing::ServerRecorder;

struct TestClock final : base::Clock {
  base::Nanoseconds now = 1000;
  base::Nanoseconds monotonic_ns() const override { return now; }
  base::Nanoseconds wall_ns() const override { return now; }
};

struct StalledRequests : ::testing::Test {
  TestClock clock;
  BarePeer peer{http2::Role::client};
  ServerRecorder server{base::Limits(), &clock};
  GrpcServerSession& session() { return *server.session; }

  http2::Stream* open(std::string_view path) {
    const auto opened = peer.session->open(testing::grpc_request(path), false, nullptr);
    EXPECT_TRUE(opened);
    return opened ? *opened : nullptr;
  }
  void send(http2::Stream* stream, std::string_view bytes, bool last = false) {
    ASSERT_NE(stream, nullptr);
    peer.session->send(*stream, base::as_bytes(bytes));
    if (last) peer.session->end(*stream, nullptr);
    settle();
  }
  void settle() { ASSERT_TRUE(testing::settle_between(*peer.session, session())); }
  void SetUp() override { settle(); }
};

constexpr std::string_view hello("\0\0\0\0\5hello", 10);
constexpr const char* get = "/shop.Orders/Get";
constexpr const char* chat = "/shop.Orders/Chat";

TEST_F(StalledRequests, AUnaryRequestIsWaitedForFromItsHeadersToItsEnd) {
  EXPECT_FALSE(session().awaits_requests());
  http2::Stream* stream = open(get);
  settle();
  EXPECT_TRUE(session().awaits_requests());
  clock.now = 2000;
  send(stream, hello.substr(0, 7));
  EXPECT_EQ(session().refuse_stalled(999).oldest_ns, 1000) << "bytes in between win no time";
  send(stream, hello.substr(7));
  EXPECT_TRUE(session().awaits_requests()) << "no END_STREAM";
  peer.session->end(*stream, nullptr);
  settle();
  EXPECT_FALSE(session().awaits_requests());
  EXPECT_EQ(session().refuse_stalled(clock.now).refused, 0u);
  EXPECT_EQ(server.last().messages, std::vector<std::string>{"hello"});
}

TEST_F(StalledRequests, TheOldAreRefusedAndTheYoungerGoOn) {
  http2::Stream* old = open(get);
  send(old, hello.substr(0, 7));
  clock.now = 2000;
  http2::Stream* young = open(get);
  send(young, hello.substr(0, 7));
  const auto stalled = session().refuse_stalled(1000);
  EXPECT_EQ(stalled.refused, 1u);
  EXPECT_EQ(stalled.oldest_ns, 2000);
  ASSERT_EQ(server.refused.size(), 1u);
  EXPECT_EQ(server.refused[0].reason, base::Reason::limit_idle);
  EXPECT_EQ(server.refused[0].code, model::Code::resource_exhausted);
  EXPECT_EQ(session().calls_in_flight(), 1u);
  send(young, hello.substr(7), true);
  EXPECT_EQ(server.last().messages, std::vector<std::string>{"hello"});
  EXPECT_FALSE(session().awaits_requests());
}

TEST_F(StalledRequests, WhatIsResetIsWaitedForNoLonger) {
  http2::Stream* stream = open(get);
  send(stream, hello.substr(0, 7));
  ASSERT_TRUE(session().awaits_requests());
  peer.session->reset(*stream, http2::ErrorCode::cancel);
  settle();
  EXPECT_FALSE(session().awaits_requests());
  EXPECT_EQ(session().refuse_stalled(clock.now).refused, 0u);
}

TEST_F(StalledRequests, AStreamIsWaitedForWithinAMessageOnly) {
  http2::Stream* stream = open(chat);
  settle();
  EXPECT_FALSE(session().awaits_requests());
  send(stream, hello);
  EXPECT_FALSE(session().awaits_requests());
  clock.now = 2000;
  send(stream, hello.substr(0, 1));
  clock.now = 3000;
  send(stream, hello.substr(1, 7));
  EXPECT_EQ(session().refuse_stalled(1999).oldest_ns, 2000);
  // Its end, and the beginning of another.
  send(stream, std::string(hello.substr(8)) + std::string(hello.substr(0, 1)));
  EXPECT_EQ(session().refuse_stalled(2999).oldest_ns, 3000);
  EXPECT_EQ(session().refuse_stalled(3000).refused, 1u);
  EXPECT_TRUE(server.last().cancelled);
  EXPECT_EQ(server.last().reason, base::Reason::limit_idle);
}

TEST_F(StalledRequests, AStreamThatWeDoNotReadIsNotLate) {
  server.on_call_do = [&](CallId id) { session().pause(id); };
  http2::Stream* stream = open(chat);
  send(stream, hello.substr(0, 7));
  EXPECT_FALSE(session().awaits_requests());
  clock.now = 2000;
  session().resume(server.order.back());
  settle();
  ASSERT_TRUE(session().awaits_requests());
  EXPECT_EQ(session().refuse_stalled(1999).oldest_ns, 2000);
  session().pause(server.order.back());
  EXPECT_FALSE(session().awaits_requests());
  session().resume(server.order.back());
  send(stream, hello.substr(7), true);
  EXPECT_FALSE(session().awaits_requests());
  EXPECT_EQ(server.last().messages, std::vector<std::string>{"hello"});
}

TEST_F(StalledRequests, AFrameThatStopsInTheMiddleIsTheConnections) {
  http2::Stream* stream = open(get);
  peer.session->send(*stream, base::as_bytes(hello));
  base::Buffer bytes;
  peer.session->drain(bytes);
  base::Buffer half;
  half.append(bytes.take_front(bytes.size() - 3).to_string());
  ASSERT_TRUE(session().feed(half).ok());
  EXPECT_GT(session().unfinished_unit(), 0u);
  ASSERT_TRUE(session().feed(bytes).ok());
  EXPECT_EQ(session().unfinished_unit(), 0u);
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
