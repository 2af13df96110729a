// Bytes that real gRPC and HTTP/2 programs sent, replayed into the sessions whole and cut.
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "codecs/calls/grpc/captures_test_support.h"
#include "codecs/calls/grpc/session_test_support.h"

namespace koine::codecs::calls::grpc {
namespace {

using testing::call_head;
using testing::ClientRecorder;
using testing::ServerRecorder;

using testing::bytes_of;
using testing::curl_request;
using testing::grpc_go_answer;
using testing::grpc_go_request;
using testing::h2load_request;
using testing::nghttp_request;

template <class Session>
base::Status feed(Session& session, std::string_view bytes, std::size_t step) {
  base::Status status;
  for (std::size_t at = 0; at < bytes.size() && status.ok(); at += step) {
    base::Buffer in;
    in.append(bytes.substr(at, step));
    status = session.feed(in);
    base::Buffer out;
    session.drain(out);
  }
  return status;
}

TEST(GrpcRealPeers, ToolsRequestsAreReadHoweverTheyAreCut) {
  for (const std::string_view capture : {curl_request, nghttp_request, h2load_request}) {
    const std::string bytes = bytes_of(capture);
    for (const std::size_t step : {bytes.size(), std::size_t{1}, std::size_t{5}, std::size_t{16}}) {
      ServerRecorder server{base::Limits{}};
      ASSERT_TRUE(feed(*server.session, bytes, step).ok());
      ASSERT_EQ(server.order.size(), 1u);
      EXPECT_EQ(server.last().head.service, "shop.Orders");
      EXPECT_EQ(server.last().head.method, "Get");
      EXPECT_EQ(server.last().messages, std::vector<std::string>{"hello"});
      EXPECT_TRUE(server.last().end);
      EXPECT_FALSE(server.last().head.metadata.has("te"));
      EXPECT_TRUE(server.last().head.metadata.has("user-agent"));
    }
  }
}

TEST(GrpcRealPeers, GrpcGosCallIsReadAndItsGivingUpIsACancel) {
  const std::string bytes = bytes_of(grpc_go_request);
  for (const std::size_t step : {bytes.size(), std::size_t{1}, std::size_t{7}}) {
    ServerRecorder server{base::Limits{}};
    ASSERT_TRUE(feed(*server.session, bytes, step).ok());
    ASSERT_EQ(server.order.size(), 1u);
    const auto& head = server.last().head;
    EXPECT_EQ(head.service, "s.S");
    EXPECT_EQ(head.metadata.get("x-a"), "1");
    EXPECT_EQ(head.metadata.get("x-bin"), std::string_view("\0\1\xff", 3));
    EXPECT_EQ(head.metadata.get("user-agent"), "grpc-go/1.85.0");
    EXPECT_EQ(head.metadata.size(), 3u);
    EXPECT_GT(head.timeout_ns, 900 * base::millisecond_ns);
    EXPECT_LE(head.timeout_ns, base::second_ns);
    EXPECT_EQ(server.last().messages, std::vector<std::string>{"hello"});
    EXPECT_TRUE(server.last().cancelled);
  }
}

TEST(GrpcRealPeers, GrpcGosAnswerIsReadHoweverItIsCut) {
  const std::string bytes = bytes_of(grpc_go_answer);
  for (const std::size_t step : {bytes.size(), std::size_t{1}, std::size_t{9}}) {
    ClientRecorder client{base::Limits{}};
    ASSERT_TRUE(client.start_unary(1, call_head("s.S", "Get"), "xxxxxxxxxx").ok());
    base::Buffer out;
    client.session->drain(out);
    ASSERT_TRUE(feed(*client.session, bytes, step).ok());
    const auto& seen = client.seen[1];
    ASSERT_EQ(seen.replies, 1);
    EXPECT_TRUE(seen.outcome.ok());
    EXPECT_EQ(seen.message, "xxxxxxxxxx");
    EXPECT_EQ(seen.reply.head.metadata.get("x-head-bin"), std::string_view("\0\xff", 2));
    EXPECT_EQ(seen.outcome.trailers.get("x-tail"), "t");
    EXPECT_EQ(seen.outcome.trailers.get("x-tail-bin"), std::string_view("\0\xff", 2));
  }
}

TEST(GrpcRealPeers, NoPrefixOfACallBecomesAFinishedOne) {
  for (const std::string_view capture : {curl_request, h2load_request}) {
    const std::string bytes = bytes_of(capture);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ServerRecorder server{base::Limits{}};
      ASSERT_TRUE(feed(*server.session, bytes.substr(0, size), size == 0 ? 1 : size).ok()) << size;
      EXPECT_TRUE(server.order.empty()) << size;
    }
  }
  const std::string answer = bytes_of(grpc_go_answer);
  for (std::size_t size = 0; size < answer.size(); ++size) {
    ClientRecorder client{base::Limits{}};
    ASSERT_TRUE(client.start_unary(1, call_head(), "xxxxxxxxxx").ok());
    base::Buffer out;
    client.session->drain(out);
    ASSERT_TRUE(feed(*client.session, answer.substr(0, size), size == 0 ? 1 : size).ok()) << size;
    EXPECT_EQ(client.seen[1].replies, 0) << size;
    client.session->on_closed(base::Status(base::Reason::net_eof, "cut"));
    EXPECT_EQ(client.seen[1].replies, 1) << size;
    EXPECT_FALSE(client.seen[1].outcome.ok()) << size;
  }
}

// Flips, inserts and removes bytes; the sessions must survive, report each call once, and stay failed when
// they failed.
template <class Run>
void mutate(const std::string& bytes, int rounds, Run run) {
  std::uint32_t state = 99;
  for (int round = 0; round < rounds; ++round) {
    std::string mutated = bytes;
    for (int i = 0; i <= round % 4; ++i) {
      state = state * 1664525u + 1013904223u;
      const std::size_t at = (state >> 8) % mutated.size();
      switch (state % 4) {
        case 0: mutated[at] = static_cast<char>(state >> 16); break;
        case 1: mutated[at] = static_cast<char>(mutated[at] ^ (1 << ((state >> 4) % 8))); break;
        case 2: mutated.insert(at, 1, static_cast<char>(state >> 20)); break;
        default: mutated.erase(at, 1 + (state >> 16) % 5); break;
      }
    }
    run(mutated);
  }
}

TEST(GrpcRealPeers, MutatedRequestsNeverBreakTheServer) {
  mutate(bytes_of(grpc_go_request), 10000, [](const std::string& bytes) {
    ServerRecorder server{base::Limits{}};
    server.on_call_do = [&](CallId id) { server.session->reply(id, testing::ok_reply("answer")); };
    if (!feed(*server.session, bytes, bytes.size()).ok()) {
      EXPECT_FALSE(feed(*server.session, "more", 4).ok());
    }
    server.session->on_eof();
    EXPECT_EQ(server.session->calls_in_flight(), 0u);
  });
}

TEST(GrpcRealPeers, MutatedAnswersEndEveryCallExactlyOnce) {
  mutate(bytes_of(grpc_go_answer), 10000, [](const std::string& bytes) {
    ClientRecorder client{base::Limits{}};
    ASSERT_TRUE(client.start_unary(1, call_head(), "xxxxxxxxxx").ok());
    ASSERT_TRUE(
        client.session->start(2, call_head("s.S", "Chat"), true, testing::payload("x"), false, true).ok());
    base::Buffer out;
    client.session->drain(out);
    (void)feed(*client.session, bytes, bytes.size());
    client.session->on_closed(base::Status(base::Reason::net_eof, "end"));
    EXPECT_EQ(client.seen[1].replies, 1);
    EXPECT_EQ(client.seen[2].finishes, 1);
    EXPECT_EQ(client.session->calls_in_flight(), 0u);
  });
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
