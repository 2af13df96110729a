// Streams over two sessions wired back to back: shapes, flow control, watermarks, resets.
#include "codecs/transports/http2/session.h"

#include <gtest/gtest.h>

#include "codecs/transports/http2/session_test_support.h"

namespace koine::codecs::transports::http2 {
namespace {

using testing::Pair;
using testing::request_fields;
using testing::response_fields;

std::string pattern(std::size_t bytes) {
  std::string text(bytes, '\0');
  std::uint32_t state = 12345;
  for (char& c : text) {
    state = state * 1664525u + 1013904223u;
    c = static_cast<char>(state >> 24);
  }
  return text;
}

base::Buffer buffer_of(std::string_view text) {
  base::Buffer out;
  out.append(text);
  return out;
}

// Answers every finished request with its own body and trailers.
void echo(Pair& pair) {
  pair.server.on_request_end = [&pair](Stream& stream) {
    pair.server.session->respond(stream, response_fields(), false);
    pair.server.session->send(stream, buffer_of(pair.server.seen[stream.id()].data));
    HeaderList trailers;
    trailers.add("grpc-status", "0");
    pair.server.session->end(stream, &trailers);
  };
}

TEST(Http2Detect, SaysYesAfterFourBytesOfThePreface) {
  EXPECT_EQ(detect(base::as_bytes("P")), Detected::need_more);
  EXPECT_EQ(detect(base::as_bytes("PRI")), Detected::need_more);
  EXPECT_EQ(detect(base::as_bytes("PRI ")), Detected::yes);
  EXPECT_EQ(detect(base::as_bytes(client_preface)), Detected::yes);
  EXPECT_EQ(detect(base::as_bytes("PRI * HTTP/2.1")), Detected::yes) << "to be refused by its name";
  EXPECT_EQ(detect(base::as_bytes("POST")), Detected::no);
  EXPECT_EQ(detect(base::as_bytes("PO")), Detected::no);
  EXPECT_EQ(detect(base::as_bytes(std::string_view("\0\0\0\x20", 4))), Detected::no);
}

class Http2Steps : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(WholeAndByByte, Http2Steps, ::testing::Values(0u, 1u, 7u, 1000u));

TEST_P(Http2Steps, RequestAndAnswerArriveWhole) {
  Pair pair(GetParam());
  echo(pair);
  const auto opened = pair.client.session->open(request_fields("/a/b"), false, nullptr);
  ASSERT_TRUE(opened);
  const StreamId id = (*opened)->id();
  pair.client.session->send(**opened, buffer_of("hello"));
  pair.client.session->end(**opened, nullptr);
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.server.seen[id].headers.get(":path"), "/a/b");
  EXPECT_EQ(pair.server.seen[id].data, "hello");
  const auto& seen = pair.client.seen[id];
  EXPECT_EQ(seen.headers.get(":status"), "200");
  EXPECT_EQ(seen.data, "hello");
  EXPECT_EQ(seen.trailers.get("grpc-status"), "0");
  EXPECT_TRUE(seen.end);
  EXPECT_TRUE(seen.end_sent);
  EXPECT_TRUE(seen.closed);
  EXPECT_EQ(seen.how.code, ErrorCode::no_error);
  EXPECT_FALSE(seen.how.not_processed);
  EXPECT_EQ(pair.server.session->streams_open(), 0u);
  EXPECT_EQ(pair.client.session->streams_open(), 0u);
}

TEST_P(Http2Steps, OneMebibyteEachWayDoesNotDeadlock) {
  Pair pair(GetParam() == 1 ? 997 : GetParam() == 7 ? 8191 : GetParam());
  echo(pair);
  const std::string body = pattern(1u << 20);
  std::vector<StreamId> ids;
  for (int i = 0; i < 5; ++i) {
    const auto opened = pair.client.session->open(request_fields("/a/b"), false, nullptr);
    ASSERT_TRUE(opened);
    ids.push_back((*opened)->id());
    pair.client.session->send(**opened, buffer_of(body));
    pair.client.session->end(**opened, nullptr);
  }
  ASSERT_TRUE(pair.settle(20000));
  for (const StreamId id : ids) {
    EXPECT_EQ(pair.server.seen[id].data, body);
    EXPECT_EQ(pair.client.seen[id].data, body);
    EXPECT_TRUE(pair.client.seen[id].closed);
  }
}

TEST(Http2Session, UnaryAnswerIsThreeFramesWithoutAnEmptyDataFrame) {
  Pair pair;
  ASSERT_TRUE(pair.settle());
  echo(pair);
  const auto opened = pair.client.session->open(request_fields("/a/b"), false, nullptr);
  pair.client.session->send(**opened, buffer_of("hello"));
  pair.client.session->end(**opened, nullptr);
  testing::carry(*pair.client.session, *pair.server.session, 0);
  std::string wire;
  testing::carry(*pair.server.session, *pair.client.session, 0, &wire);
  std::string types;
  for (std::size_t at = 0; at + 9 <= wire.size();) {
    const auto byte = [&](std::size_t i) {
      return static_cast<std::size_t>(static_cast<unsigned char>(wire[at + i]));
    };
    types += static_cast<char>('0' + byte(3));
    types += static_cast<char>('0' + byte(4));
    types += ' ';
    at += 9 + (byte(0) << 16 | byte(1) << 8 | byte(2));
  }
  // HEADERS(END_HEADERS) DATA HEADERS(END_HEADERS | END_STREAM)
  EXPECT_EQ(types, "14 00 15 ");
}

TEST(Http2Session, UnreadStreamStopsAtItsWindowWhileNeighboursGoOn) {
  Pair pair;
  pair.server.consume_at_once = false;
  echo(pair);
  const auto slow = pair.client.session->open(request_fields("/slow/x"), false, nullptr);
  const StreamId slow_id = (*slow)->id();
  pair.client.session->send(**slow, buffer_of(pattern(1u << 20)));
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.server.seen[slow_id].data.size(), 65536u);

  // 40 times the connection's window passes by.
  pair.server.consume_at_once = true;
  for (int i = 0; i < 40; ++i) {
    const auto quick = pair.client.session->open(request_fields("/quick/x"), false, nullptr);
    ASSERT_TRUE(quick);
    const StreamId id = (*quick)->id();
    pair.client.session->send(**quick, buffer_of(pattern(1u << 20)));
    pair.client.session->end(**quick, nullptr);
    ASSERT_TRUE(pair.settle(20000));
    ASSERT_TRUE(pair.client.seen[id].closed) << i;
  }
  EXPECT_EQ(pair.server.seen[slow_id].data.size(), 65536u);
  pair.server.session->consume(*pair.server.live[slow_id], 65536);
  pair.client.session->end(*pair.client.session->find(slow_id), nullptr);
  ASSERT_TRUE(pair.settle(20000));
  EXPECT_EQ(pair.client.seen[slow_id].data.size(), 1u << 20);
}

TEST(Http2Session, SizeWindowLetsALongMessageComeWithoutFurtherCredit) {
  Pair pair;
  ASSERT_TRUE(pair.settle());  // the window is 65535 until our SETTINGS are acknowledged
  pair.server.consume_at_once = false;
  pair.server.on_request = [&](Stream& stream) { pair.server.session->size_window(stream, 300000); };
  const auto opened = pair.client.session->open(request_fields("/a/b"), false, nullptr);
  const StreamId id = (*opened)->id();
  pair.client.session->send(**opened, buffer_of(pattern(1u << 20)));
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.server.seen[id].data.size(), 300000u);
}

TEST(Http2Session, QueueAboveHighWatermarkIsReportedWritableAgain) {
  base::Limits limits;
  limits.write_high_bytes = 100000;
  limits.write_low_bytes = 20000;
  Pair pair(0, limits);
  const auto opened = pair.client.session->open(request_fields("/a/b"), false, nullptr);
  const StreamId id = (*opened)->id();
  EXPECT_TRUE(pair.client.session->send(**opened, buffer_of(pattern(99999))));
  EXPECT_FALSE(pair.client.session->send(**opened, buffer_of("x")));
  EXPECT_EQ(pair.client.seen[id].writable, 0);
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.seen[id].writable, 1);
}

TEST(Http2Session, DrainStopsAtTheHighWatermark) {
  Pair pair;
  ASSERT_TRUE(pair.settle());
  pair.server.on_request = [&](Stream& stream) { pair.server.session->size_window(stream, 1u << 20); };
  const auto opened = pair.client.session->open(request_fields("/a/b"), false, nullptr);
  ASSERT_TRUE(pair.settle());
  pair.client.session->send(**opened, buffer_of(pattern(1u << 20)));
  base::Buffer out;
  pair.client.session->drain(out);
  EXPECT_GE(out.size(), base::Limits().write_high_bytes);
  EXPECT_LT(out.size(), base::Limits().write_high_bytes + 17000);
  EXPECT_TRUE(pair.client.session->wants_write());
}

TEST(Http2Session, ResetReachesThePeerAndEndsTheHandle) {
  Pair pair;
  const auto opened = pair.client.session->open(request_fields("/a/b"), false, nullptr);
  const StreamId id = (*opened)->id();
  ASSERT_TRUE(pair.settle());
  pair.client.session->reset(**opened, ErrorCode::cancel);
  EXPECT_EQ(pair.client.session->find(id), nullptr);
  ASSERT_TRUE(pair.settle());
  EXPECT_TRUE(pair.server.seen[id].closed);
  EXPECT_TRUE(pair.server.seen[id].how.by_peer);
  EXPECT_EQ(pair.server.seen[id].how.code, ErrorCode::cancel);
  EXPECT_FALSE(pair.client.seen[id].closed);
  EXPECT_EQ(pair.client.session->streams_open(), 0u);
  EXPECT_EQ(pair.server.session->counters().resets_received, 1u);
}

TEST(Http2Session, ResetBeforeTheRequestWasWrittenSendsNothingOfIt) {
  Pair pair;
  ASSERT_TRUE(pair.settle());
  const auto opened = pair.client.session->open(request_fields("/a/b"), true, nullptr);
  pair.client.session->reset(**opened, ErrorCode::cancel);
  EXPECT_TRUE(pair.client.session->wants_write()) << "only writing tells that there is nothing to write";
  base::Buffer out;
  pair.client.session->drain(out);
  EXPECT_EQ(out.size(), 0u);
  EXPECT_FALSE(pair.client.session->wants_write());
  ASSERT_TRUE(pair.settle());
  EXPECT_TRUE(pair.server.seen.empty());
  EXPECT_EQ(pair.client.session->streams_open(), 0u);
}

TEST(Http2Session, ServerThatEndsEarlySendsItsTrailersBeforeTheReset) {
  Pair pair;
  pair.server.on_request = [&](Stream& stream) {
    pair.server.session->respond(stream, response_fields(), false);
    pair.server.session->send(stream, buffer_of("enough"));
    HeaderList trailers;
    trailers.add("grpc-status", "9");
    pair.server.session->end(stream, &trailers);
  };
  const auto opened = pair.client.session->open(request_fields("/a/b"), false, nullptr);
  const StreamId id = (*opened)->id();
  pair.client.session->send(**opened, buffer_of("first part"));
  ASSERT_TRUE(pair.settle());
  const auto& seen = pair.client.seen[id];
  EXPECT_EQ(seen.data, "enough");
  EXPECT_EQ(seen.trailers.get("grpc-status"), "9");
  EXPECT_TRUE(seen.closed);
  EXPECT_EQ(seen.how.code, ErrorCode::no_error);
  EXPECT_EQ(pair.server.session->streams_open(), 0u);
  EXPECT_EQ(pair.server.session->counters().resets_caused, 0u);
}

TEST(Http2Session, CapacityFollowsThePeersSettings) {
  base::Limits limits;
  limits.streams_per_connection_max = 3;
  Pair pair(0, limits);
  EXPECT_EQ(pair.client.session->capacity(), 3u);
  ASSERT_TRUE(pair.settle());
  std::vector<Stream*> streams;
  for (int i = 0; i < 3; ++i)
    streams.push_back(*pair.client.session->open(request_fields("/a/b"), false, nullptr));
  EXPECT_EQ(pair.client.session->capacity(), 0u);
  const auto refused = pair.client.session->open(request_fields("/a/b"), false, nullptr);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), base::Reason::upstream_refused);
  ASSERT_TRUE(pair.settle());
  const int before = pair.client.capacity_events;
  pair.server.session->reset(*pair.server.live[streams[0]->id()], ErrorCode::internal_error);
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.session->capacity(), 1u);
  EXPECT_GT(pair.client.capacity_events, before);
}

TEST(Http2Session, PingIsAnswered) {
  Pair pair;
  ASSERT_TRUE(pair.settle());
  EXPECT_FALSE(pair.client.session->ping_answered());
  EXPECT_TRUE(pair.client.session->ping());
  EXPECT_FALSE(pair.client.session->ping());
  ASSERT_TRUE(pair.settle());
  EXPECT_TRUE(pair.client.session->ping_answered());
  EXPECT_TRUE(pair.client.session->ping());
  EXPECT_FALSE(pair.client.session->ping_answered());
}

TEST(Http2Session, GivesIdleMemoryBackAndGoesOn) {
  Pair pair;
  echo(pair);
  for (int i = 0; i < 2; ++i) {
    const auto opened = pair.client.session->open(request_fields("/a/b"), false, nullptr);
    const StreamId id = (*opened)->id();
    pair.client.session->send(**opened, buffer_of("again"));
    pair.client.session->end(**opened, nullptr);
    ASSERT_TRUE(pair.settle());
    EXPECT_EQ(pair.client.seen[id].data, "again");
    pair.client.session->release_idle_memory();
    pair.server.session->release_idle_memory();
  }
}

}  // namespace
}  // namespace koine::codecs::transports::http2
