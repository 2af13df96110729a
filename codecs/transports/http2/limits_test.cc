// Hostile and unlucky HTTP/2 peers, written frame by frame: floods, resets, header bombs, broken frames,
// goodbyes; and input that real programs sent.
#include <array>
#include <utility>

#include <gtest/gtest.h>

#include "codecs/transports/http2/frames_test_support.h"

namespace koine::codecs::transports::http2 {
namespace {

using testing::carry;
using testing::Recorder;
using testing::request_fields;
using testing::response_fields;

using testing::frame;
using testing::literal;
using testing::opening;
using testing::request_block;
using testing::Server;
using testing::u32;
using enum testing::FrameKind;
using enum testing::FrameFlag;

TEST(Http2Limits, AnnouncesItsLimitsFirst) {
  Server server;
  ASSERT_TRUE(server.feed("").ok());
  // SETTINGS: HEADER_TABLE_SIZE 4096, MAX_CONCURRENT_STREAMS 100, INITIAL_WINDOW_SIZE 65536,
  // MAX_HEADER_LIST_SIZE 61440, NO_RFC7540_PRIORITIES 1; then WINDOW_UPDATE of the connection to 1 MiB.
  const std::string settings =
      frame(SETTINGS, 0, 0,
            std::string("\0\1", 2) + u32(4096) + std::string("\0\3", 2) + u32(100) + std::string("\0\4", 2) +
                u32(65536) + std::string("\0\6", 2) + u32(61440) + std::string("\0\x09", 2) + u32(1));
  EXPECT_EQ(server.written, settings + frame(WINDOW_UPDATE, 0, 0, u32((1u << 20) - 65535)));
}

TEST(Http2Limits, WrongPrefaceIsAnErrorAtOnce) {
  Server server;
  const base::Status status = server.feed("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
  EXPECT_EQ(status.reason(), base::Reason::wire_malformed);
  EXPECT_TRUE(server.recorder.session->wants_close());
}

TEST(Http2Limits, BrokenFramesCloseTheConnectionWithTheRightCode) {
  struct Case {
    const char* name;
    std::string bytes;
    ErrorCode code;
  };
  const std::string open = frame(HEADERS, END_HEADERS, 1, request_block());
  const Case cases[] = {
      {"SETTINGS on a stream", frame(SETTINGS, 0, 1), ErrorCode::protocol_error},
      {"SETTINGS of 5 bytes", frame(SETTINGS, 0, 0, "12345"), ErrorCode::frame_size_error},
      {"PING of 7 bytes", frame(PING, 0, 0, "1234567"), ErrorCode::frame_size_error},
      {"DATA on stream 0", frame(DATA, 0, 0, "x"), ErrorCode::protocol_error},
      {"DATA on an idle stream", frame(DATA, 0, 1, "x"), ErrorCode::protocol_error},
      {"HEADERS on an even stream", frame(HEADERS, END_HEADERS, 2, request_block()),
       ErrorCode::protocol_error},
      {"CONTINUATION without HEADERS", frame(CONTINUATION, END_HEADERS, 1), ErrorCode::protocol_error},
      {"PING inside a header block", frame(HEADERS, 0, 1, request_block()) + frame(PING, 0, 0, "12345678"),
       ErrorCode::protocol_error},
      {"a header block that is no HPACK", frame(HEADERS, END_HEADERS, 1, "\xff\xff\xff\xff\xff"),
       ErrorCode::compression_error},
      {"WINDOW_UPDATE of 0 on the connection", frame(WINDOW_UPDATE, 0, 0, u32(0)), ErrorCode::protocol_error},
      {"WINDOW_UPDATE past 2^31-1", frame(WINDOW_UPDATE, 0, 0, u32(0x7fffffff)),
       ErrorCode::flow_control_error},
      {"PUSH_PROMISE from a client", frame(PUSH, END_HEADERS, 1, u32(2)), ErrorCode::protocol_error},
      {"a frame of 16 MiB", std::string("\xff\xff\xff\0\0\0\0\0\1", 9), ErrorCode::frame_size_error},
  };
  for (const Case& broken : cases) {
    Server server;
    ASSERT_TRUE(server.feed(opening()).ok());
    (void)server.feed(broken.bytes);
    EXPECT_EQ(server.goaway(), static_cast<int>(broken.code)) << broken.name;
    EXPECT_TRUE(server.recorder.session->wants_close()) << broken.name;
    EXPECT_FALSE(server.recorder.session->failure().ok()) << broken.name;
    EXPECT_FALSE(server.feed(frame(PING, 0, 0, "12345678")).ok()) << broken.name;
  }
}

// What comes behind the frame that was one too many is not read: nghttp2 1.52 ends the process at the
// SETTINGS.
TEST(Http2Limits, NothingIsReadBehindAFlood) {
  const std::string open = frame(HEADERS, END_HEADERS, 1, request_block());
  const std::string floods[] = {frame(DATA, 0, 1),
                                frame(DATA, 0, 1, "x"),
                                frame(PING, 0, 0, "12345678"),
                                frame(11, 0, 0, "what nobody knows"),
                                open + frame(RST_STREAM, 0, 1, u32(8)),
                                frame(PRIORITY, 0, 1, u32(0) + "x"),
                                frame(WINDOW_UPDATE, 0, 1, u32(1)),
                                frame(SETTINGS, 0, 0)};
  for (const std::string& flood : floods) {
    base::Limits limits;
    limits.empty_data_frames_max = limits.glitches_burst = limits.resets_received_burst = 8;
    limits.glitches_per_second = limits.resets_received_per_second = 0;
    Server server(limits);
    std::string bytes = opening() + open;
    std::uint32_t stream = 3;
    for (int i = 0; i < 40; ++i) {
      std::string next = flood;
      if (next.starts_with(open)) {
        next = frame(HEADERS, END_HEADERS, stream, request_block()) + frame(RST_STREAM, 0, stream, u32(8));
        stream += 2;
      }
      bytes += next;
    }
    bytes += frame(SETTINGS, 0, 0, "x");
    EXPECT_EQ(server.feed(bytes).reason(), base::Reason::limit_flood) << int{flood[3]};
    EXPECT_EQ(server.goaway(), static_cast<int>(ErrorCode::enhance_your_calm)) << int{flood[3]};
    EXPECT_TRUE(server.recorder.session->wants_close()) << int{flood[3]};
  }
}

TEST(Http2Limits, DataBeyondTheWindowIsAFlowControlError) {
  Server server;
  server.recorder.consume_at_once = false;
  ASSERT_TRUE(server.feed(opening() + frame(SETTINGS, ACK, 0)).ok());
  std::string bytes = frame(HEADERS, END_HEADERS, 1, request_block());
  for (int i = 0; i < 5; ++i) bytes += frame(DATA, 0, 1, std::string(16384, 'x'));
  (void)server.feed(bytes);
  EXPECT_EQ(server.recorder.seen[1].data.size(), 65536u);
  EXPECT_TRUE(server.reset_code() == static_cast<int>(ErrorCode::flow_control_error) ||
              server.goaway() == static_cast<int>(ErrorCode::flow_control_error));
}

TEST(Http2Limits, EndlessContinuationIsStoppedSoon) {
  Server server;
  ASSERT_TRUE(server.feed(opening()).ok());
  (void)server.feed(frame(HEADERS, 0, 1, request_block()));
  int sent = 0;
  while (sent < 1000 && server.recorder.session->failure().ok() && !server.recorder.session->wants_close()) {
    (void)server.feed(frame(CONTINUATION, 0, 1, literal("x-a", "b")));
    ++sent;
  }
  EXPECT_LE(sent, 16);
  EXPECT_TRUE(server.recorder.seen.empty());
}

TEST(Http2Limits, ContinuationsAreCountedByFramesAndNotByReads) {
  Server server;
  ASSERT_TRUE(server.feed(opening()).ok());
  std::string bytes = frame(HEADERS, END_STREAM, 1, request_block());
  for (int i = 0; i < 7; ++i) bytes += frame(CONTINUATION, 0, 1, literal("x-a", "b"));
  bytes += frame(CONTINUATION, END_HEADERS, 1, literal("x-a", "c"));
  for (const char byte : bytes) ASSERT_TRUE(server.feed(std::string(1, byte)).ok());
  EXPECT_EQ(server.recorder.seen[1].refused, base::Reason::none);
  EXPECT_EQ(server.recorder.seen[1].headers.get("x-a"), "b");
}

TEST(Http2Limits, IndexedHeaderBombIsCountedDecoded) {
  base::Limits limits;
  limits.headers_count_max = 1000;
  Server server(limits);
  ASSERT_TRUE(server.feed(opening()).ok());
  // One field of 3000 bytes enters the table (RFC 7541 §6.2.1), then one byte each repeats it 100 times.
  std::string block = request_block();
  block += std::string("\x40\x03", 2) + "x-a" + std::string("\x7f\xb9\x16", 3) + std::string(3000, 'v');
  block += std::string(100, '\xbe');
  ASSERT_TRUE(server.feed(frame(HEADERS, END_HEADERS | END_STREAM, 1, block)).ok());
  EXPECT_EQ(server.recorder.seen[1].refused, base::Reason::limit_headers);
  EXPECT_LE(server.recorder.seen[1].headers.list_bytes(), limits.headers_bytes_max);
  EXPECT_EQ(server.recorder.session->counters().headers_refused, 1u);
  // The table survived: the next request names the same entry and gets the same bytes.
  ASSERT_TRUE(server.feed(frame(HEADERS, END_HEADERS | END_STREAM, 3, request_block() + '\xbe')).ok());
  EXPECT_EQ(server.recorder.seen[3].refused, base::Reason::none);
  EXPECT_EQ(server.recorder.seen[3].headers.get("x-a"), std::string(3000, 'v'));
}

TEST(Http2Limits, StreamsAboveTheLimitAreRefusedBeforeAndFatalAfterTheAcknowledgement) {
  base::Limits limits;
  limits.streams_per_connection_max = 2;
  const auto open = [](std::uint32_t id) { return frame(HEADERS, END_HEADERS, id, request_block()); };
  Server early(limits);
  ASSERT_TRUE(early.feed(opening() + open(1) + open(3) + open(5)).ok());
  EXPECT_EQ(early.reset_code(), static_cast<int>(ErrorCode::refused_stream));
  EXPECT_EQ(early.recorder.seen.count(5), 0u);
  Server late(limits);
  ASSERT_TRUE(late.feed(opening() + frame(SETTINGS, ACK, 0) + open(1) + open(3)).ok());
  (void)late.feed(open(5));
  EXPECT_EQ(late.recorder.seen.count(5), 0u);
  EXPECT_TRUE(late.recorder.session->wants_close() ||
              late.reset_code() == static_cast<int>(ErrorCode::refused_stream));
}

TEST(Http2Limits, RapidResetEndsTheConnection) {
  Server server;
  ASSERT_TRUE(server.feed(opening() + frame(SETTINGS, ACK, 0)).ok());
  std::uint32_t id = 1;
  while (id < 20001 && !server.recorder.session->wants_close()) {
    (void)server.feed(frame(HEADERS, END_HEADERS, id, request_block()) +
                      frame(RST_STREAM, 0, id, u32(static_cast<std::uint32_t>(ErrorCode::cancel))));
    id += 2;
  }
  // 1000 at once, 33 a second more.
  EXPECT_LE(server.recorder.session->counters().resets_received, 1100u);
  EXPECT_TRUE(server.recorder.session->wants_close());
  EXPECT_GT(server.goaway(), 0);
  EXPECT_EQ(server.recorder.session->streams_open(), 0u);
}

TEST(Http2Limits, ResetsThatThePeerCausesEndTheConnection) {
  Server server;
  ASSERT_TRUE(server.feed(opening() + frame(SETTINGS, ACK, 0)).ok());
  std::uint32_t id = 1;
  while (id < 20001 && !server.recorder.session->wants_close()) {
    // A window past 2^31-1 makes the server reset the stream (MadeYouReset).
    (void)server.feed(frame(HEADERS, END_HEADERS, id, request_block()) +
                      frame(WINDOW_UPDATE, 0, id, u32(0x7fffffff)));
    id += 2;
  }
  EXPECT_TRUE(server.recorder.session->wants_close());
  EXPECT_EQ(server.goaway(), static_cast<int>(ErrorCode::enhance_your_calm));
  EXPECT_LE(server.recorder.session->counters().resets_caused, 1001u);
}

TEST(Http2Limits, GoodStreamsPayForCausedResets) {
  Server server;
  server.recorder.on_request_end = [&](Stream& stream) {
    server.recorder.session->respond(stream, response_fields(), true);
  };
  ASSERT_TRUE(server.feed(opening() + frame(SETTINGS, ACK, 0)).ok());
  std::uint32_t id = 1;
  for (int i = 0; i < 3000; ++i) {
    ASSERT_TRUE(server
                    .feed(frame(HEADERS, END_HEADERS | END_STREAM, id, request_block()) +
                          frame(HEADERS, END_HEADERS, id + 2, request_block()) +
                          frame(WINDOW_UPDATE, 0, id + 2, u32(0x7fffffff)))
                    .ok())
        << i;
    id += 4;
  }
  EXPECT_FALSE(server.recorder.session->wants_close());
  EXPECT_EQ(server.recorder.session->counters().resets_caused, 3000u);
}

TEST(Http2Limits, ControlFloodsFromAPeerThatReadsNothingAreStopped) {
  struct Flood {
    const char* name;
    std::string bytes;
  };
  const Flood floods[] = {{"PING", frame(PING, 0, 0, "12345678")}, {"SETTINGS", frame(SETTINGS, 0, 0)}};
  for (const Flood& flood : floods) {
    Recorder recorder(Role::server, base::Limits{});
    base::Buffer in;
    in.append(opening());
    ASSERT_TRUE(recorder.session->feed(in).ok());
    EXPECT_TRUE(recorder.session->wants_read());
    int sent = 0;
    bool stopped_reading = false;
    base::Status status;
    while (sent < 100000 && status.ok()) {
      in.append(flood.bytes);
      status = recorder.session->feed(in);
      stopped_reading = stopped_reading || !recorder.session->wants_read();
      ++sent;
    }
    EXPECT_FALSE(status.ok()) << flood.name;
    EXPECT_EQ(status.reason(), base::Reason::limit_flood) << flood.name;
    EXPECT_TRUE(stopped_reading) << flood.name;
    EXPECT_LE(sent, 1100) << flood.name;
  }
}

TEST(Http2Limits, EmptyDataFramesAreCapped) {
  Server server;
  ASSERT_TRUE(server.feed(opening() + frame(HEADERS, END_HEADERS, 1, request_block())).ok());
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(server.feed(frame(DATA, 0, 1) + frame(DATA, 0, 1, "x")).ok()) << i;
  }
  int sent = 0;
  while (sent < 100 && server.feed(frame(DATA, 0, 1)).ok()) ++sent;
  EXPECT_EQ(sent, 1);
  EXPECT_EQ(server.goaway(), static_cast<int>(ErrorCode::enhance_your_calm));
}

TEST(Http2Limits, FloodsThatNeedNoAnswerEndTheConnectionAndCostNothing) {
  const std::pair<const char*, std::string> floods[] = {
      {"PRIORITY", frame(PRIORITY, 0, 5, u32(0) + "\x01")},
      {"WINDOW_UPDATE", frame(WINDOW_UPDATE, 0, 1, u32(1))},
      {"an unknown kind", frame(static_cast<char>(0x42), 0, 0, "?")},
      {"DATA of one byte", frame(DATA, 0, 1, "x")},
  };
  for (const auto& [name, bytes] : floods) {
    Server server;
    ASSERT_TRUE(server.feed(opening() + frame(HEADERS, END_HEADERS, 1, request_block())).ok());
    const std::size_t before = server.written.size();
    int sent = 0;
    while (sent < 5000 && server.feed(bytes).ok()) ++sent;
    EXPECT_LE(sent, 1001) << name;
    EXPECT_GE(sent, 900) << name;
    EXPECT_EQ(server.recorder.session->failure().reason(), base::Reason::limit_flood) << name;
    EXPECT_EQ(server.goaway(), static_cast<int>(ErrorCode::enhance_your_calm)) << name;
    // A goodbye at three quarters, its PING, and the end; windows that the tiny DATA used.
    EXPECT_LE(server.written.size() - before, 512u) << name;
    EXPECT_GE(server.count(GOAWAY), 2) << name;
  }
}

TEST(Http2Limits, PushFromAServerIsAnError) {
  Recorder client(Role::client, base::Limits{});
  const auto opened = client.session->open(request_fields("/a/b"), true, nullptr);
  ASSERT_TRUE(opened);
  base::Buffer out;
  client.session->drain(out);
  base::Buffer in;
  in.append(frame(SETTINGS, 0, 0) + frame(SETTINGS, ACK, 0) +
            frame(PUSH, END_HEADERS, 1, u32(2) + request_block()));
  (void)client.session->feed(in);
  client.session->drain(out);
  EXPECT_TRUE(client.session->wants_close());
  EXPECT_FALSE(client.session->failure().ok());
}

TEST(Http2Goodbye, TwoPhasesServeTheRaceAndThenClose) {
  testing::Pair pair;
  ASSERT_TRUE(pair.settle());
  pair.server.on_request_end = [&](Stream& stream) {
    pair.server.session->respond(stream, response_fields(), true);
  };
  pair.server.session->shutdown();
  const auto racing = pair.client.session->open(request_fields("/a/b"), true, nullptr);
  ASSERT_TRUE(racing);
  const StreamId id = (*racing)->id();
  // First the client's request, then the server's GOAWAY: the order of the race.
  carry(*pair.client.session, *pair.server.session, 0);
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.seen[id].headers.get(":status"), "200");
  EXPECT_FALSE(pair.client.session->accepting());
  EXPECT_TRUE(pair.server.session->wants_close());
  EXPECT_TRUE(pair.client.session->wants_close());
}

TEST(Http2Goodbye, SecondPhaseComesOnDemandWithoutThePingsAnswer) {
  Server server;
  ASSERT_TRUE(
      server.feed(opening() + frame(SETTINGS, ACK, 0) + frame(HEADERS, END_HEADERS, 1, request_block()))
          .ok());
  server.recorder.session->shutdown();
  ASSERT_TRUE(server.feed("").ok());
  EXPECT_EQ(server.count(GOAWAY), 1);
  server.recorder.session->shutdown_now();
  server.recorder.session->shutdown_now();
  ASSERT_TRUE(server.feed("").ok());
  EXPECT_EQ(server.count(GOAWAY), 2);
  // A stream beyond the last id is ignored, the open one goes on.
  ASSERT_TRUE(server.feed(frame(HEADERS, END_HEADERS | END_STREAM, 3, request_block())).ok());
  EXPECT_EQ(server.recorder.seen.count(3), 0u);
  EXPECT_FALSE(server.recorder.session->wants_close());
  server.recorder.session->respond(*server.recorder.live[1], response_fields(), true);
  ASSERT_TRUE(server.feed(frame(DATA, END_STREAM, 1, "x")).ok());
  EXPECT_TRUE(server.recorder.session->wants_close());
}

TEST(Http2Goodbye, GoawayTextIsMadeSafeToPrint) {
  Recorder client(Role::client, base::Limits{});
  base::Buffer in;
  in.append(frame(SETTINGS, 0, 0) + frame(GOAWAY, 0, 0, u32(0) + u32(0xb) + "too_many_pings\n\x1b[31m"));
  ASSERT_TRUE(client.session->feed(in).ok());
  EXPECT_EQ(client.session->goaway_text(), "ENHANCE_YOUR_CALM: too_many_pings??[31m");
  EXPECT_FALSE(client.session->accepting());
}

TEST(Http2Mutations, NoPrefixOfAConversationBreaksTheServer) {
  std::string bytes = opening() + frame(SETTINGS, ACK, 0) + frame(HEADERS, END_HEADERS, 1, request_block()) +
                      frame(DATA, 0, 1, "hello") + frame(DATA, END_STREAM, 1, "!") +
                      frame(PING, 0, 0, "12345678") + frame(HEADERS, 0, 3, request_block()) +
                      frame(CONTINUATION, END_HEADERS, 3, literal("a", "b")) +
                      frame(RST_STREAM, 0, 3, u32(8)) + frame(GOAWAY, 0, 0, u32(0) + u32(0));
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    Server server;
    EXPECT_TRUE(server.feed(bytes.substr(0, size)).ok()) << size;
    EXPECT_LE(server.recorder.seen.size(), 2u);
  }
  // Every byte flipped in several ways; then bytes inserted and removed. Only survival is asked for, and that
  // a failed session stays failed.
  std::uint32_t state = 1;
  for (int round = 0; round < 20000; ++round) {
    std::string mutated = bytes;
    const int changes = 1 + round % 3;
    for (int i = 0; i < changes; ++i) {
      state = state * 1664525u + 1013904223u;
      const std::size_t at = (state >> 8) % mutated.size();
      switch (state % 4) {
        case 0: mutated[at] = static_cast<char>(state >> 16); break;
        case 1: mutated[at] = static_cast<char>(mutated[at] ^ (1 << ((state >> 4) % 8))); break;
        case 2: mutated.insert(at, 1, static_cast<char>(state >> 20)); break;
        default: mutated.erase(at, 1 + (state >> 16) % 5); break;
      }
    }
    Server server;
    server.recorder.on_request_end = [&](Stream& stream) {
      server.recorder.session->respond(stream, response_fields(), false);
      server.recorder.session->send(stream, base::as_bytes("answer"));
      server.recorder.session->end(stream, nullptr);
    };
    const bool ok = server.feed(mutated).ok();
    if (!ok) { EXPECT_FALSE(server.feed("more").ok()); }
  }
}

}  // namespace
}  // namespace koine::codecs::transports::http2
