// Bytes that real gRPC and HTTP/2 programs sent, replayed into the sessions whole and cut.
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "codecs/calls/grpc/session_test_support.h"

namespace koine::codecs::calls::grpc {
namespace {

using testing::call_head;
using testing::ClientRecorder;
using testing::ServerRecorder;

std::string bytes_of(std::string_view hexadecimal) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2) {
    out += static_cast<char>(digit(hexadecimal[i]) * 16 + digit(hexadecimal[i + 1]));
  }
  return out;
}

// curl 7.88.1 (libcurl 7.88.1, nghttp2 1.52.0): curl --http2-prior-knowledge -H "te: trailers" -H
// "content-type: application/grpc" --data-binary @body, as far as it goes before the server speaks.
constexpr std::string_view curl_request =
    "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
    "000012040000000000000300000064000402000000000200"
    "00000000000408000000000001ff00010000490104000000"
    "0183048c61139eb5f559216c43188a9f86418b089d5c0b81"
    "70dc684cbedf7a8825b650c3abbcf2e153032a2f2a400274"
    "65864d833505b11f5f8b1d75d0620d263d4c4d65640f0d02"
    "313000000a000100000001000000000568656c6c6f";

// nghttp 1.52.0, the same headers and body: with PRIORITY frames and a priority in HEADERS.
constexpr std::string_view nghttp_request =
    "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
    "00000c04000000000000030000006400040000ffff000005"
    "02000000000300000000c800000502000000000500000000"
    "640000050200000000070000000000000005020000000009"
    "000000070000000502000000000b00000003000000510124"
    "0000000d0000000b0f83048c61139eb5f559216c43188a9f"
    "86418b089d5c0b8170dc65d7c0ef53032a2f2a907a8aaa69"
    "d29ac4c0576c4b830f0d02313040027465864d833505b11f"
    "5f8b1d75d0620d263d4c4d656400000a00010000000d0000"
    "00000568656c6c6f";

// h2load 1.52.0, the same headers and body: windows of 1 GiB.
constexpr std::string_view h2load_request =
    "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
    "00000c04000000000000020000000000043fffffff000004"
    "0800000000003fff000000004b010400000001048c61139e"
    "b5f559216c43188a9f86418b089d5c0b8170dc6de1099f83"
    "7a8f9c541c722954d3a5358980aed8970740027465864d83"
    "3505b11f5f8b1d75d0620d263d4c4d65640f0d0231300000"
    "0a000100000001000000000568656c6c6f";

// grpc-go 1.85.0: unary /s.S/Get with metadata x-a: 1 and x-bin: 00 01 ff and a deadline of 1 s, until it
// gives up.
constexpr std::string_view grpc_go_request =
    "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
    "000000040000000000000000040100000000000078010400"
    "00000183864586610bee631153418b089d5c0b8170dc69a1"
    "01ff5f901d75d0620d263d4c4d6564ff75d8749f7a8a9aca"
    "c8b4c7602bbcdae040027465864d833505b11f408e9acac8"
    "b0c842d6958b510f21aa9b839bd9ab40899acac8b24d494f"
    "6a7f867de7db7036ff4003782d6101314084f2b466ab0441"
    "41482f00000a000100000001000000000568656c6c6f0000"
    "0403000000000100000008";

// grpc-go 1.85.0 as a server: the answer to a unary call of 10 bytes on stream 1 with metadata x-a-bin: 00
// ff, echoed as x-head-bin; trailers x-tail: t and x-tail-bin: 00 ff.
constexpr std::string_view grpc_go_answer =
    "000006040000000000000500004000000000040100000000"
    "0000040800000000000000000f0000080600000000000204"
    "1010090e070700001c010400000001885f8b1d75d0620d26"
    "3d4c4d65644088f2b4e51c8b466abf0341503800000f0000"
    "00000001000000000a7878787878787878787800002f0105"
    "0000000140889acac8b21234da8f013040899acac8b52542"
    "07317f004085f2b2466a3f01744088f2b2466a168cd57f03"
    "415038";

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
