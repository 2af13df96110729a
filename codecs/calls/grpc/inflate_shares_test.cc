// Compressed messages of callers, a share of them in each turn; and what bombs cost their connection.
#include <gtest/gtest.h>

#include "codecs/calls/grpc/compression.h"
#include "codecs/calls/grpc/session_test_support.h"

namespace koine::codecs::calls::grpc {
namespace {

namespace http2 = transports::http2;
using testing::BarePeer;
using testing::framed;
using testing::ServerRecorder;

std::string packed(std::size_t size) {
  base::Buffer plain;
  base::Buffer out;
  plain.append(std::string(size, '\0'));
  EXPECT_TRUE(compress(model::Compression::gzip, plain, out).ok());
  return framed(out.to_string(), 1);
}

struct InflateShares : ::testing::Test {
  BarePeer peer{http2::Role::client};
  base::Limits limits;
  std::unique_ptr<ServerRecorder> server;
  GrpcServerSession& session() { return *server->session; }

  void start() {
    server = std::make_unique<ServerRecorder>(limits);
    ASSERT_TRUE(testing::settle_between(*peer.session, session()));
  }
  void request(std::string_view path, const std::string& bytes) {
    http2::HeaderList fields = testing::grpc_request(path);
    fields.add("grpc-encoding", "gzip");
    const auto opened = peer.session->open(fields, false, nullptr);
    ASSERT_TRUE(opened);
    peer.session->send(**opened, base::as_bytes(bytes));
    peer.session->end(**opened, nullptr);
  }
  // All that the peer has to say, in one feed().
  base::Status feed() {
    base::Buffer in;
    peer.session->drain(in);
    return session().feed(in);
  }
  base::Status go_on() {
    base::Buffer nothing;
    return session().feed(nothing);
  }
};

constexpr const char* get = "/shop.Orders/Get";
constexpr const char* chat = "/shop.Orders/Chat";

TEST_F(InflateShares, ALargeMessageTakesTurnsAndPlainOnesDoNotWaitForIt) {
  limits.inflate_ratio_max = 1000;
  limits.inflate_floor_bytes = 8u << 20;
  start();
  request(get, packed(1u << 20));
  request(get, framed("hello"));
  ASSERT_TRUE(feed().ok());
  EXPECT_EQ(server->order, std::vector<CallId>{3});
  int turns = 1;
  while (session().share_used()) {
    EXPECT_TRUE(session().holds_input());
    ASSERT_TRUE(go_on().ok());
    ASSERT_LT(++turns, 100);
  }
  EXPECT_GE(turns, 8);
  ASSERT_EQ(server->order, (std::vector<CallId>{3, 1}));
  ASSERT_EQ(server->last().messages.size(), 1u);
  EXPECT_TRUE(server->last().messages[0] == std::string(1u << 20, '\0'));
  EXPECT_FALSE(session().holds_input());
  EXPECT_EQ(session().unread_bytes(), 0u);
}

TEST_F(InflateShares, SmallMessagesAreReportedAtOnce) {
  start();
  for (int i = 0; i < 10; ++i) request(get, packed(5000));
  ASSERT_TRUE(feed().ok());
  EXPECT_EQ(server->order.size(), 10u);
  EXPECT_FALSE(session().share_used());
}

TEST_F(InflateShares, MessagesOfAStreamKeepTheirOrderAndItsEnd) {
  limits.inflate_ratio_max = 1000;
  limits.inflate_floor_bytes = 8u << 20;
  start();
  request(chat, packed(300'000) + framed("hello") + packed(200'000));
  ASSERT_TRUE(feed().ok());
  ASSERT_EQ(server->order, std::vector<CallId>{1});
  EXPECT_TRUE(server->seen[1].messages.empty());
  // A pause in the middle of the first.
  session().pause(1);
  ASSERT_TRUE(go_on().ok());
  EXPECT_FALSE(session().share_used());
  session().resume(1);
  base::Buffer out;
  session().drain(out);
  for (int turns = 0; session().share_used(); ++turns) {
    ASSERT_TRUE(go_on().ok());
    ASSERT_LT(turns, 100);
  }
  const std::vector<std::string>& got = server->seen[1].messages;
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(got[0].size(), 300'000u);
  EXPECT_EQ(got[1], "hello");
  EXPECT_EQ(got[2].size(), 200'000u);
  EXPECT_TRUE(server->seen[1].end);
}

TEST_F(InflateShares, WhoResetsMeanwhileIsForgotten) {
  limits.inflate_ratio_max = 1000;
  limits.inflate_floor_bytes = 8u << 20;
  start();
  request(get, packed(1u << 20));
  request(get, packed(5000));
  ASSERT_TRUE(feed().ok());
  ASSERT_TRUE(session().share_used());
  base::Buffer bytes;
  bytes.append(std::string_view("\0\0\4\3\0\0\0\0\1\0\0\0\x8", 13));  // RST_STREAM of stream 1, CANCEL
  ASSERT_TRUE(session().feed(bytes).ok());
  EXPECT_EQ(server->order, std::vector<CallId>{3});
  EXPECT_FALSE(session().share_used());
  EXPECT_EQ(session().unread_bytes(), 0u);
}

TEST_F(InflateShares, BombsEndTheConnectionAfterAFew) {
  start();
  const std::string bomb = packed(10u << 20);
  base::Status fed;
  int sent = 0;
  for (; sent < 20 && fed.ok() && peer.session->accepting(); ++sent) {
    request(get, bomb);
    for (int i = 0; i < 100 && fed.ok(); ++i) {
      fed = feed();
      base::Buffer out;
      session().drain(out);
      ASSERT_TRUE(peer.session->feed(out).ok());
    }
  }
  EXPECT_GE(server->refused.size(), 2u) << "one alone is a mistake";
  EXPECT_LE(server->refused.size(), 4u);
  for (const model::Outcome& outcome : server->refused) {
    EXPECT_EQ(outcome.reason, base::Reason::wire_compression);
  }
  EXPECT_TRUE(server->order.empty());
  EXPECT_TRUE(!fed.ok() || !peer.session->accepting());
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
