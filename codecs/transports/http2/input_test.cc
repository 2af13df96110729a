// What comes in: where frames end, how much is taken in a turn, goodbyes of real clients, and errors that the
// library keeps to itself.
#include <limits>
#include <utility>

#include <gtest/gtest.h>

#include "codecs/transports/http2/frame_scanner.h"
#include "codecs/transports/http2/frames_test_support.h"

namespace koine::codecs::transports::http2 {
namespace {

using testing::frame;
using testing::literal;
using testing::opening;
using testing::Recorder;
using testing::request_block;
using testing::request_fields;
using testing::response_fields;
using testing::Server;
using testing::u32;
using enum testing::FrameKind;
using enum testing::FrameFlag;

constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();

TEST(FrameScanner, FindsTheSameFramesHoweverTheBytesAreCut) {
  const std::string bytes = opening() + frame(HEADERS, 0, 1, "abc") +
                            frame(CONTINUATION, END_HEADERS, 1, "d") + frame(DATA, END_STREAM, 1) +
                            frame(GOAWAY, 0, 0, u32(7) + u32(0) + "bye");
  std::string handed_on = bytes;
  handed_on.replace(bytes.size() - 11, 4, 4, '\0');  // the GOAWAY's id
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    FrameScanner scanner(true);
    std::string got;
    for (std::size_t at = 0; at < bytes.size();) {
      std::int64_t share = unlimited;
      const auto rest = base::as_bytes(std::string_view(bytes).substr(at, step));
      const FrameScanner::Piece piece = scanner.next(rest, share);
      ASSERT_GT(piece.size, 0u);
      got.append(base::as_text(piece.bytes));
      at += piece.size;
    }
    EXPECT_EQ(got, handed_on) << step;
    EXPECT_EQ(scanner.unfinished(), 0u) << step;
  }
}

TEST(FrameScanner, NumbersWhatIsUnfinishedAndTakesAHeaderBlockForOne) {
  FrameScanner scanner(true);
  const auto scan = [&](const std::string& bytes) {
    std::int64_t share = unlimited;
    EXPECT_EQ(scanner.next(base::as_bytes(bytes), share).size, bytes.size());
    return scanner.unfinished();
  };
  const std::uint64_t preface = scan("PRI");
  EXPECT_GT(preface, 0u);
  EXPECT_EQ(scan(opening().substr(3, client_preface.size() - 3)), preface) << "SETTINGS belong to it";
  EXPECT_EQ(scan(opening().substr(client_preface.size(), 8)), preface);
  EXPECT_EQ(scan(opening().substr(client_preface.size() + 8)), 0u);
  const std::string ping = frame(PING, 0, 0, "12345678");
  const std::uint64_t head = scan(ping.substr(0, 4));
  EXPECT_GT(head, preface);
  EXPECT_EQ(scan(ping.substr(4, 8)), head);
  EXPECT_EQ(scan(ping.substr(12)), 0u);
  const std::uint64_t block = scan(frame(HEADERS, 0, 1, "abc"));
  EXPECT_GT(block, head);
  EXPECT_EQ(scan(frame(CONTINUATION, 0, 1, "abc")), block);
  EXPECT_EQ(scan(frame(CONTINUATION, END_HEADERS, 1, "abc")), 0u);
  const std::uint64_t next = scan(ping.substr(0, 1));
  EXPECT_GT(next, block);
}

TEST(FrameScanner, StopsBetweenFramesWhenTheShareIsUsedUp) {
  FrameScanner scanner(false);
  const std::string ping = frame(PING, 0, 0, "12345678");
  const std::string bytes = ping + ping + ping;
  std::int64_t share = 2;
  EXPECT_EQ(scanner.next(base::as_bytes(bytes), share).size, 2 * ping.size());
  EXPECT_EQ(scanner.next(base::as_bytes(ping), share).size, 0u);
  // A header block costs more with its size.
  share = 10;
  const std::string headers = frame(HEADERS, END_HEADERS, 1, std::string(256 * 20, 'x'));
  EXPECT_EQ(scanner.next(base::as_bytes(headers + ping), share).size, headers.size());
}

TEST(Http2Share, SoManyFramesAreTakenATurnAndAllWhereNobodyShares) {
  Server server({}, 64);
  ASSERT_TRUE(server.feed(opening()).ok());
  std::string pings;
  for (int i = 0; i < 200; ++i) pings += frame(PING, 0, 0, "12345678");
  base::Buffer in;
  in.append(pings);
  int turns = 0;
  while (!in.empty()) {
    const std::size_t before = in.size();
    ASSERT_TRUE(server.recorder.session->feed(in).ok());
    EXPECT_EQ(server.recorder.session->share_used(), !in.empty());
    EXPECT_EQ((before - in.size()) % 17, 0u);
    EXPECT_LE(before - in.size(), 64u * 17);
    ++turns;
  }
  EXPECT_EQ(turns, 4);
  Recorder client(Role::client, base::Limits{});
  in.append(frame(SETTINGS, 0, 0) + pings);
  ASSERT_TRUE(client.session->feed(in).ok());
  EXPECT_TRUE(in.empty());
  EXPECT_FALSE(client.session->share_used());
}

// What a client of grpc-go 1.85.0 sends when it is closed: GOAWAY, NO_ERROR, "client transport shutdown",
// with 2^31-1 as the last stream when it made no call, else its own last one.
std::string grpc_go_goaway(std::uint32_t last_stream) {
  return std::string("\0\0\x21\7\0\0\0\0\0", 9) + u32(last_stream) + u32(0) + "client transport shutdown";
}

TEST(Http2Goaway, OfAClientIsAnOrdinaryCloseWhateverItsId) {
  for (const std::uint32_t id : {0x7fffffffu, 1u, 0u, 2u}) {
    for (const std::size_t step : {1u, 5u, 1000u}) {
      Server server;
      ASSERT_TRUE(server.feed(opening() + frame(SETTINGS, ACK, 0)).ok());
      const std::string bytes = grpc_go_goaway(id);
      for (std::size_t at = 0; at < bytes.size(); at += step) {
        ASSERT_TRUE(server.feed(bytes.substr(at, step)).ok()) << id << " " << step;
      }
      EXPECT_TRUE(server.recorder.session->failure().ok()) << server.recorder.session->failure().to_string();
      EXPECT_EQ(server.goaway(), -1);
      EXPECT_TRUE(server.recorder.session->wants_close());
    }
  }
}

// The acknowledgement of its SETTINGS waits, and closes nothing: a drain that yields nothing is the last.
TEST(Http2Goaway, OfAClientThatHadNoCallLeavesNothingToWrite) {
  Recorder server(Role::server, base::Limits{});
  base::Buffer out;
  server.session->drain(out);
  base::Buffer in;
  in.append(opening() + grpc_go_goaway(0x7fffffff));
  ASSERT_TRUE(server.session->feed(in).ok());
  out.clear();
  server.session->drain(out);
  EXPECT_EQ(out.size(), 0u);
  EXPECT_FALSE(server.session->wants_write());
  EXPECT_TRUE(server.session->wants_close());
}

TEST(Http2Goaway, LetsTheClientsStreamsEnd) {
  Server server;
  ASSERT_TRUE(server.feed(opening() + frame(HEADERS, END_HEADERS, 1, request_block())).ok());
  ASSERT_TRUE(server.feed(grpc_go_goaway(0x7fffffff)).ok());
  EXPECT_FALSE(server.recorder.session->wants_close());
  ASSERT_TRUE(server.feed(frame(DATA, END_STREAM, 1, "hello")).ok());
  EXPECT_EQ(server.recorder.seen[1].data, "hello");
  server.recorder.session->respond(*server.recorder.live[1], response_fields(), true);
  ASSERT_TRUE(server.feed("").ok());
  EXPECT_TRUE(server.recorder.session->wants_close());
  EXPECT_TRUE(server.recorder.session->failure().ok());
}

// For each of these the library closes its side and tells nobody.
const std::pair<const char*, std::string> silent_errors[] = {
    {"DATA: stream_id == 0", frame(DATA, 0, 0, "hello")},
    {"too large frame size", std::string("\0\x60\0\0\0\0\0\0\1", 9)},
    {"CONTINUATION: unexpected", frame(CONTINUATION, END_HEADERS, 1, "x")},
};

TEST(Http2Errors, ThatTheLibraryKeepsToItselfAreToldToAClientAtOnce) {
  for (const auto& [text, bytes] : silent_errors) {
    Recorder client(Role::client, base::Limits{});
    ASSERT_TRUE(client.session->open(request_fields("/a/b"), true, nullptr));
    base::Buffer out;
    client.session->drain(out);
    base::Buffer in;
    in.append(frame(SETTINGS, 0, 0) + bytes);
    const base::Status fed = client.session->feed(in);
    EXPECT_EQ(fed.reason(), base::Reason::wire_malformed) << text;
    EXPECT_NE(fed.message().find(text), std::string_view::npos) << fed.message();
  }
}

TEST(Http2Errors, ThatTheLibraryKeepsToItselfAreToldToAServerAfterItsGoaway) {
  for (const auto& [text, bytes] : silent_errors) {
    Server server;
    (void)server.feed(opening() + bytes);
    EXPECT_GT(server.goaway(), 0) << text;
    EXPECT_TRUE(server.recorder.session->failure_untold()) << text;
    const base::Status fed = server.feed("");
    EXPECT_EQ(fed.reason(), base::Reason::wire_malformed) << text;
    EXPECT_NE(fed.message().find(text), std::string_view::npos) << fed.message();
    EXPECT_FALSE(server.recorder.session->failure_untold()) << text;
  }
}

TEST(Http2Bombs, ThatAreManyTimesTheLimitEndTheConnectionBeforeTheyAreDecoded) {
  // 3,000 bytes into the table, and then by name, one byte each: what comes out is 3,037 times what goes in.
  const std::string long_field = std::string("\x40\3x-a\x7f\xb9\x16", 8) + std::string(3000, 'v');
  Server server;
  ASSERT_TRUE(
      server.feed(opening() + frame(HEADERS, END_HEADERS | END_STREAM, 1, request_block() + long_field))
          .ok());
  EXPECT_EQ(server.recorder.seen[1].refused, base::Reason::none);
  // Up to 16 times the 60 KiB only the request is refused …
  ASSERT_TRUE(
      server.feed(frame(HEADERS, END_HEADERS | END_STREAM, 3, request_block() + std::string(300, '\xbe')))
          .ok());
  EXPECT_EQ(server.recorder.seen[3].refused, base::Reason::limit_headers);
  // … and beyond there is no second request.
  const base::Status fed =
      server.feed(frame(HEADERS, END_HEADERS | END_STREAM, 5, request_block() + std::string(15000, '\xbe')));
  EXPECT_EQ(fed.reason(), base::Reason::limit_flood) << fed.to_string();
  EXPECT_EQ(server.goaway(), static_cast<int>(ErrorCode::enhance_your_calm));
  EXPECT_EQ(server.recorder.seen.count(5), 0u);
}

}  // namespace
}  // namespace koine::codecs::transports::http2
