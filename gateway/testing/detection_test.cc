// Every protocol and dialect on one port: known by its first bytes, one at a time, without a timer; strangers
// by name; and what becomes of connections that say nothing, or stop in the middle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"
#include "net/memory/peer.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string unhex(std::string_view hex) {
  std::string out;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  }
  return out;
}

// The smallest legal message: CALL "a", sequence id 0, no arguments; and how the answer to it, that there is
// no such method, begins and what it holds. Written by libthrift 0.17 (C++); lax as its TBinaryProtocol
// writes without strict writing.
struct Smallest {
  const char* name;
  std::string request;
  std::string answer_begins;
  std::size_t length_bytes;  // a frame's length, in front of that
  bool lax = false;
};

std::vector<Smallest> smallest() {
  const std::string binary = unhex("8001000100000001610000000000");
  const std::string compact = unhex("822100016100");
  const std::string json = "[1,\"a\",1,0,{}]";
  const std::string lax = unhex("0000000161010000000000");
  const auto frame = [](const std::string& message) {
    return std::string(3, '\0') + static_cast<char>(message.size()) + message;
  };
  return {
      {"unframed binary", binary, unhex("80010003000000016100000000"), 0},
      {"unframed compact", compact, unhex("8261000161"), 0},
      {"unframed json", json, "[1,\"a\",3,0,{\"1\":{\"str\":\"[UNIMPLEMENTED] CALL_UNKNOWN_METHOD", 0},
      {"framed binary", frame(binary), unhex("80010003000000016100000000"), 4},
      {"framed compact", frame(compact), unhex("8261000161"), 4},
      {"framed json", frame(json), "[1,\"a\",3,0,{\"1\":{\"str\":\"[UNIMPLEMENTED] CALL_UNKNOWN_METHOD", 4},
      {"header binary", frame(unhex("0fff000000000000000100000000") + binary),
       unhex("0fff000000000000000100000000"
             "80010003000000016100000000"),
       4},
      {"header compact", frame(unhex("0fff000000000000000102000000") + compact),
       unhex("0fff000000000000000102000000"
             "8261000161"),
       4},
      {"unframed lax", lax,
       unhex("000000016103"
             "00000000"),
       0, true},
      {"framed lax", frame(lax),
       unhex("000000016103"
             "00000000"),
       4, true},
  };
}

TEST(Detection, TheSmallestMessageOfEachDialectIsAnsweredByteByByteWithoutATimer) {
  for (const Smallest& one : smallest()) {
    for (const bool whole : {true, false}) {
      World world;
      SnapshotSpec spec;
      spec.thrift_lax = one.lax;
      world.start(spec);
      const auto peer = world.network().dial("127.0.0.1:7000");
      for (std::size_t at = 0; at < one.request.size(); at += whole ? one.request.size() : 1) {
        ASSERT_THAT(peer->received(), IsEmpty()) << one.name << " answered before its end, at " << at;
        peer->send(std::string_view(one.request).substr(at, whole ? one.request.size() : 1));
        world.settle();  // time stands still
      }
      const std::string answer = peer->take_received();
      ASSERT_GT(answer.size(), one.length_bytes) << one.name;
      if (one.length_bytes == 4) {
        EXPECT_EQ(static_cast<unsigned char>(answer[3]) + 256u * static_cast<unsigned char>(answer[2]),
                  answer.size() - 4);
      }
      EXPECT_THAT(answer.substr(one.length_bytes), StartsWith(one.answer_begins)) << one.name;
      EXPECT_THAT(answer, HasSubstr("CALL_UNKNOWN_METHOD")) << one.name;
      EXPECT_FALSE(peer->ended()) << one.name;
      // And once more on the same connection.
      peer->send(one.request);
      world.settle();
      EXPECT_EQ(peer->received(), answer) << one.name;
    }
  }
}

// TZlibTransport of libthrift 0.17 (C++): CALL "getOrder", sequence id 7, bare and framed, in each encoding.
TEST(Detection, ZlibStreamsAreAnsweredByteByByte) {
  const std::string_view requests[] = {
      "789c6a606460646060e0484f2df12f4a492d02b2d9b91818ff43c0356e0626a00873c6e1950c00000000ffff",
      "789c6a5264e7484f2df12f4a492d120b9660ce38bc9201000000ffff",
      "789c8a36d4514a4f2df12f4a492d52d231d431d7a9563254b2aa56ca343351b2d23531aad5513202f18b4b8a94ac94320eaf54"
      "aaad8d05000000ffff",
      "789c626060d06a606460646060e0484f2df12f4a492d02b2d9b91818ff43c0356e0626a00873c6e1950c00000000ffff",
      "789c62606010695264e7484f2df12f4a492d120b9660ce38bc9201000000ffff",
      "789c626060308b36d4514a4f2df12f4a492d52d231d431d7a9563254b2aa56ca343351b2d23531aad5513202f18b4b8a94ac94"
      "320eaf54aaad8d05000000ffff",
  };
  for (const std::string_view hex : requests) {
    World world;
    world.start({});
    const auto peer = world.network().dial("127.0.0.1:7000");
    for (const char c : unhex(hex)) {
      peer->send(std::string_view(&c, 1));
      world.settle();
    }
    EXPECT_THAT(peer->received(), StartsWith("\x78")) << hex;
    EXPECT_FALSE(peer->ended());
    EXPECT_EQ(world.counts().connections, 1u);
  }
}

TEST(Detection, AFramedCallReachesItsProviderByteByByte) {
  World world;
  world.provider(Protocol::thrift);
  world.start({});
  const auto peer = world.network().dial("127.0.0.1:7000");
  // A framed strict binary CALL of Echo with {1: "a"}, seqid 7.
  const std::string request =
      unhex("000000198001000100000004") + "Echo" + unhex("00000007") + arguments_of("a").to_string();
  ASSERT_EQ(request.size(), 29u);
  for (const char c : request) {
    peer->send(std::string_view(&c, 1));
    world.settle();
  }
  EXPECT_EQ(peer->received(),
            unhex("000000198001000200000004") + "Echo" + unhex("00000007") + result_of("a").to_string());
}

TEST(Detection, WithoutLaxAnOldMessageIsRefused) {
  World world;
  world.start({});
  const auto peer = world.network().dial("127.0.0.1:7000");
  peer->send(unhex("0000000161010000000000"));
  world.settle();
  EXPECT_TRUE(peer->ended() || peer->was_reset());
  EXPECT_THAT(world.metrics(), HasSubstr("koine_gateway_strangers_total{protocol=\"unknown\"} 1"));
}

TEST(Detection, Http1IsToldWhatIsServedHere) {
  World world;
  world.start({});
  const auto peer = world.network().dial("127.0.0.1:7000");
  peer->send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  world.settle();
  EXPECT_THAT(peer->received(), StartsWith("HTTP/1.1 505 "));
  EXPECT_TRUE(peer->ended());
  EXPECT_THAT(world.metrics(),
              HasSubstr("koine_gateway_connection_failures_total{reason=\"WIRE_UNSUPPORTED\"} 1"));
  EXPECT_THAT(world.metrics(), HasSubstr("koine_gateway_strangers_total{protocol=\"http1\"} 1"));
}

TEST(Detection, WhatIsNotServedIsRefusedByItsNameAfterTheFewestBytes) {
  struct Stranger {
    std::string first;
    std::string name;
    std::string_view why;
  };
  const Stranger strangers[] = {
      {unhex("1603"), "tls", "TLS"},
      {unhex("000000501000"), "tt_header", "TTHeader"},
      {unhex("000000002a"), "unknown", "first bytes"},
  };
  for (const Stranger& stranger : strangers) {
    World world;
    world.start({});
    const auto peer = world.network().dial("127.0.0.1:7000");
    for (std::size_t i = 0; i < stranger.first.size(); ++i) {
      EXPECT_FALSE(i + 1 < stranger.first.size() && peer->ended()) << stranger.name << " at " << i;
      peer->send(std::string_view(stranger.first).substr(i, 1));
      world.settle();
    }
    EXPECT_TRUE(peer->ended() || peer->was_reset()) << stranger.name;
    EXPECT_THAT(peer->received(), IsEmpty());
    EXPECT_THAT(world.metrics(),
                HasSubstr("koine_gateway_strangers_total{protocol=\"" + stranger.name + "\"} 1"));
    EXPECT_THAT(world.log(), HasSubstr("connection_refused"));
    EXPECT_THAT(world.log(), HasSubstr(stranger.name));
    EXPECT_THAT(world.log(), HasSubstr(std::string(stranger.why)));
  }
}

TEST(Detection, AListenerAcceptsTheProtocolsThatItNames) {
  World world;
  world.provider(Protocol::thrift);
  SnapshotSpec spec;
  spec.protocols = {Protocol::thrift};
  world.start(spec);
  CallSpec echo;
  echo.service = "test.orders";
  const auto thrift = world.caller(Protocol::thrift).call({}, "x");
  const auto grpc = world.caller(Protocol::grpc).call(echo, "x");
  world.settle();
  EXPECT_EQ(thrift->text(), "x");
  ASSERT_TRUE(grpc->done);
  EXPECT_FALSE(grpc->outcome.ok());
  EXPECT_THAT(world.metrics(), HasSubstr("koine_gateway_strangers_total{protocol=\"not_accepted\"} 1"));
  EXPECT_THAT(world.log(), HasSubstr("grpc is not among this listener's protocols"));
}

// ---- timers

TEST(Detection, ItsTenSecondsBeginWithTheFirstByte) {
  World world;
  world.start({});
  const auto slow = world.network().dial("127.0.0.1:7000");
  world.settle();
  world.advance(60 * second_ns);
  EXPECT_EQ(world.counts().connections, 1u) << "silent: idle, not late";
  slow->send("P");
  world.advance(5 * second_ns);
  slow->send("R");  // further bytes win no time
  world.advance(4900 * millisecond_ns);
  EXPECT_EQ(world.counts().connections, 1u);
  world.advance(200 * millisecond_ns);
  EXPECT_EQ(world.counts().connections, 0u);
  EXPECT_TRUE(slow->ended() || slow->was_reset());
}

TEST(Detection, AConnectionThatStaysSilentIsIdle) {
  World world;
  world.start({});
  const auto silent = world.network().dial("127.0.0.1:7000");
  world.settle();
  world.advance(899 * second_ns);
  EXPECT_EQ(world.counts().connections, 1u);
  world.advance(2 * second_ns);
  EXPECT_EQ(world.counts().connections, 0u);
  EXPECT_TRUE(silent->ended() || silent->was_reset());
}

TEST(Detection, AnEarlyOpenedConnectionIsServedMinutesLater) {
  World world;
  world.provider(Protocol::thrift);
  world.start({});
  Caller& caller = world.caller(Protocol::thrift);
  world.settle();
  world.advance(300 * second_ns);
  const auto call = caller.call({}, "late");
  world.settle();
  EXPECT_EQ(call->text(), "late");
}

struct StalledTest : ::testing::TestWithParam<std::string> {};
// The beginnings of messages: a frame's, an unframed message's, a THeader's, a zlib stream's.
INSTANTIATE_TEST_SUITE_P(Every, StalledTest,
                         ::testing::Values(unhex("0000002a80010001000000"), unhex("8001000100000008"),
                                           unhex("8221"), std::string("[1,\"get"), unhex("000000380fff0000"),
                                           unhex("789c6a6064606460")));

TEST_P(StalledTest, AMessageThatStopsInTheMiddleEndsItsConnectionAfterThirtySeconds) {
  World world;
  world.start({});
  const auto peer = world.network().dial("127.0.0.1:7000");
  peer->send(GetParam());
  world.advance(29900 * millisecond_ns);
  EXPECT_EQ(world.counts().connections, 1u);
  world.advance(200 * millisecond_ns);
  EXPECT_EQ(world.counts().connections, 0u);
  EXPECT_TRUE(peer->ended() || peer->was_reset());
  EXPECT_THAT(world.log(), HasSubstr("connection_stalled"));
  EXPECT_THAT(world.metrics(), HasSubstr("koine_gateway_connection_failures_total{reason=\"LIMIT_IDLE\"} 1"));
}

TEST(Stalled, BytesInDribsAndDrabsWinNoTime) {
  World world;
  world.start({});
  const auto peer = world.network().dial("127.0.0.1:7000");
  const std::string frame = unhex("0000100080010001") + std::string(4096, 'x');
  for (std::size_t i = 0; i < 29; ++i) {
    peer->send(std::string_view(frame).substr(i * 8, 8));
    world.advance(second_ns);
  }
  EXPECT_EQ(world.counts().connections, 1u);
  peer->send(std::string_view(frame).substr(29 * 8, 8));
  world.advance(1100 * millisecond_ns);
  EXPECT_EQ(world.counts().connections, 0u);
}

TEST(Stalled, EachMessageHasItsOwnTimeAndAnIdleConnectionHasNone) {
  World world;
  world.provider(Protocol::thrift);
  world.start({});
  const auto peer = world.network().dial("127.0.0.1:7000");
  const std::string request =
      unhex("000000198001000100000004") + "Echo" + unhex("00000007") + arguments_of("a").to_string();
  for (int i = 0; i < 5; ++i) {
    peer->send(std::string_view(request).substr(0, 10));
    world.advance(20 * second_ns);
    // Its end, and the beginning of the next.
    peer->send(request.substr(10) + request.substr(0, 10));
    world.advance(20 * second_ns);
    peer->send(std::string_view(request).substr(10));
    world.advance(20 * second_ns);
  }
  EXPECT_EQ(peer->received().size(), 10 * 29u);
  world.advance(120 * second_ns);
  EXPECT_EQ(world.counts().connections, 1u);
}

// ---- towards providers

struct TowardsTest : ::testing::TestWithParam<router::ThriftDialect> {};
router::ThriftDialect dialect(router::ThriftDialect::Transport transport, bool zlib) {
  return {transport, model::BodyFormat::thrift_binary, zlib, {}};
}
INSTANTIATE_TEST_SUITE_P(Every, TowardsTest,
                         ::testing::Values(dialect(router::ThriftDialect::Transport::framed, false),
                                           dialect(router::ThriftDialect::Transport::framed, true),
                                           dialect(router::ThriftDialect::Transport::unframed, false),
                                           dialect(router::ThriftDialect::Transport::unframed, true),
                                           dialect(router::ThriftDialect::Transport::header, false),
                                           dialect(router::ThriftDialect::Transport::header, true)));

TEST_P(TowardsTest, ProvidersAreCalledInTheDialectThatIsConfigured) {
  World world;
  Provider& provider = world.provider(Protocol::thrift);
  SnapshotSpec spec;
  spec.services[0].thrift = GetParam();
  world.start(spec);
  CallSpec grpc;
  grpc.service = "test.orders";
  grpc.metadata.add("trace-id", "abc");
  grpc.timeout_ns = 2 * second_ns;
  const auto first = world.caller(Protocol::thrift).call({}, "of thrift");
  world.settle();
  const auto second = world.caller(Protocol::grpc).call(grpc, "of grpc");
  world.settle();
  EXPECT_EQ(first->text(), "of thrift");
  EXPECT_EQ(second->text(), "of grpc");
  ASSERT_EQ(provider.calls.size(), 2u);
  const bool header = GetParam().transport == router::ThriftDialect::Transport::header;
  EXPECT_EQ(provider.calls[1]->head.metadata.get("trace-id"), header ? "abc" : "");
  EXPECT_EQ(provider.calls[1]->head.timeout_ns, header ? 2 * second_ns : base::never_ns);
  EXPECT_EQ(
      world.metrics().find("dropped_metadata_total{service=\"orders\",method=\"Echo\",caller=\"grpc\"") ==
          std::string::npos,
      header);
}

TEST(Zlib, RequestsThatAStreamHoldsBackAreServedOnceThereIsRoom) {
  // Many small calls, inflated from few bytes, against one call at a time: they wait inside the session, and
  // no new bytes come that would wake it.
  World world;
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  SnapshotSpec spec;
  spec.limits.pipelined_calls_max = 2;
  world.start(spec);
  const auto peer = world.network().dial("127.0.0.1:7000");
  // 20 calls of Echo with {1: "a"}, sequence ids 0 to 19, unframed binary, as one stored block each (RFC 1951
  // §3.2.4).
  std::string stream = unhex("7801");
  for (int i = 0; i < 20; ++i) {
    const std::string call = unhex("8001000100000004") + "Echo" + std::string(3, '\0') +
                             static_cast<char>(i) + arguments_of("a").to_string();
    stream += '\0';
    stream += static_cast<char>(call.size());
    stream += '\0';
    stream += static_cast<char>(~call.size());
    stream += '\xff';
    stream += call;
  }
  peer->send(stream);
  world.settle();
  for (std::size_t i = 0; i < 20; ++i) {
    ASSERT_GT(provider.calls.size(), i);
    EXPECT_LE(provider.calls.size(), i + 2);
    provider.answer(*provider.calls[i], "a");
    world.settle();
  }
  EXPECT_EQ(provider.calls.size(), 20u);
  EXPECT_EQ(world.counts().exchanges, 0u);
  peer->end();
  world.settle();
  EXPECT_EQ(world.counts().connections, 0u);
}

}  // namespace
}  // namespace koine::gateway::testing
