// What callers do that a gRPC library would not: requests refused early, broken framing, bombs.
#include <gtest/gtest.h>

#include "codecs/calls/grpc/compression.h"
#include "codecs/calls/grpc/session_test_support.h"

namespace koine::codecs::calls::grpc {
namespace {

using testing::BarePeer;
using testing::framed;
using testing::grpc_request;
using testing::ok_reply;
using testing::ServerRecorder;
using testing::settle_between;
using transports::http2::ErrorCode;
using transports::http2::HeaderList;
using transports::http2::Role;
using transports::http2::Stream;

struct Caller {
  explicit Caller(const base::Limits& limits = {}) : peer(Role::client), server(limits) {
    server.on_call_do = [this](CallId id) {
      if (server.seen[id].head.method != "Chat") server.session->reply(id, ok_reply("ok"));
    };
  }
  // The answer to one request, settled.
  void ask(const HeaderList& fields, std::string_view body, bool end = true) {
    peer.request(fields, body, end);
    ASSERT_TRUE(settle_between(*peer.session, *server.session));
  }
  std::string_view status() const {
    return peer.ended_with_headers ? peer.headers_seen.get("grpc-status") : peer.trailers.get("grpc-status");
  }
  BarePeer peer;
  ServerRecorder server;
};

HeaderList replaced(std::string_view name, std::string_view value) {
  const HeaderList base = grpc_request();
  HeaderList out;
  bool done = false;
  for (std::size_t i = 0; i < base.size(); ++i) {
    const bool hit = base[i].name == name;
    if (!hit || !value.empty()) out.add(base[i].name, hit ? value : base[i].value);
    done = done || hit;
  }
  if (!done) out.add(name, value);
  return out;
}

struct Refusal {
  const char* name;
  const char* value;
  const char* http_status;
  const char* grpc_status;
};

class GrpcRefusals : public ::testing::TestWithParam<Refusal> {};
INSTANTIATE_TEST_SUITE_P(Headers, GrpcRefusals,
                         ::testing::Values(Refusal{":method", "PUT", "405", "13"},
                                           Refusal{"content-type", "application/json", "415", "3"},
                                           Refusal{"content-type", "application/grpc-web", "415", "3"},
                                           Refusal{":path", "/no-slash", "200", "12"},
                                           Refusal{":path", "/a/b%20c", "200", "12"},
                                           Refusal{"grpc-timeout", "5s", "400", "13"},
                                           Refusal{"grpc-timeout", "123456789n", "400", "13"},
                                           Refusal{"grpc-encoding", "zstd", "200", "12"},
                                           Refusal{"x-bin", "!!", "400", "13"}));

TEST_P(GrpcRefusals, AreOneHeadersFrameAndLeaveTheConnectionUsable) {
  const Refusal& refusal = GetParam();
  Caller caller;
  caller.ask(replaced(refusal.name, refusal.value), framed("body"));
  EXPECT_TRUE(caller.peer.ended_with_headers);
  EXPECT_EQ(caller.peer.headers_seen.get(":status"), refusal.http_status);
  EXPECT_EQ(caller.peer.headers_seen.get("grpc-status"), refusal.grpc_status);
  EXPECT_FALSE(caller.peer.headers_seen.get("grpc-message").empty());
  EXPECT_EQ(caller.peer.headers_seen.get("grpc-accept-encoding"), "identity,deflate,gzip");
  EXPECT_TRUE(caller.server.order.empty());
  EXPECT_EQ(caller.server.session->calls_in_flight(), 0u);
  caller.ask(grpc_request(), framed("body"));
  EXPECT_EQ(caller.status(), "0");
}

TEST(GrpcCallers, FieldsThatHttpForbidsResetTheStreamOnly) {
  for (const auto& [name, value] : {std::pair{":path", "/a/b c"}, std::pair{"connection", "close"},
                                    std::pair{"te", "gzip"}, std::pair{"x-ctl", "a\x01z"}}) {
    Caller caller;
    caller.ask(replaced(name, value), framed("x"));
    EXPECT_TRUE(caller.peer.closed) << name;
    EXPECT_NE(caller.peer.closed_how.code, ErrorCode::no_error) << name;
    EXPECT_TRUE(caller.server.order.empty()) << name;
    EXPECT_EQ(caller.server.session->calls_in_flight(), 0u) << name;
    caller.ask(grpc_request(), framed("x"));
    EXPECT_EQ(caller.status(), "0") << name;
  }
}

TEST(GrpcCallers, LongPathNamesAreRefused) {
  Caller caller;
  caller.ask(grpc_request("/a.B/" + std::string(257, 'm')), framed("x"));
  EXPECT_EQ(caller.status(), "12");
  caller.ask(grpc_request("/a.B/" + std::string(256, 'm')), framed("x"));
  EXPECT_EQ(caller.status(), "0");
}

TEST(GrpcCallers, MissingTeIsForgiven) {
  Caller caller;
  caller.ask(replaced("te", ""), framed("x"));
  EXPECT_EQ(caller.status(), "0");
}

TEST(GrpcCallers, TooManyHeadersAreRefusedAndCompressionStateStaysRight) {
  Caller caller;
  HeaderList fields = grpc_request();
  for (int i = 0; i < 120; ++i) fields.add("x-" + std::to_string(i), "value");
  caller.ask(fields, framed("x"));
  EXPECT_EQ(caller.status(), "8");
  EXPECT_TRUE(caller.server.order.empty());
  HeaderList next = grpc_request();
  next.add("x-5", "value");
  caller.ask(next, framed("x"));
  EXPECT_EQ(caller.status(), "0");
  EXPECT_EQ(caller.server.last().head.metadata.get("x-5"), "value");
}

TEST(GrpcCallers, TooManyHeaderBytesAreRefused) {
  base::Limits limits;
  limits.headers_bytes_max = 2000;
  Caller caller(limits);
  HeaderList fields = grpc_request();
  fields.add("x-long", std::string(2000, 'v'));
  caller.ask(fields, framed("x"));
  EXPECT_EQ(caller.status(), "8");
}

TEST(GrpcCallers, CardinalityOfAUnaryCallIsChecked) {
  Caller none;
  none.ask(grpc_request(), "");
  EXPECT_EQ(none.status(), "12");
  Caller two;
  two.ask(grpc_request(), framed("one") + framed("two"));
  EXPECT_EQ(two.status(), "12");
  Caller early;  // refused before the end of the request
  early.ask(grpc_request(), framed("one") + framed("two"), false);
  EXPECT_EQ(early.status(), "12");
  EXPECT_TRUE(early.peer.closed);
  EXPECT_EQ(early.peer.closed_how.code, ErrorCode::no_error);
  for (const auto* caller : {&none, &two, &early}) EXPECT_TRUE(caller->server.order.empty());
}

TEST(GrpcCallers, BrokenFramingIsInternal) {
  Caller cut;
  cut.ask(grpc_request(), framed("whole").substr(0, 7));
  EXPECT_EQ(cut.status(), "13");
  Caller prefix;
  prefix.ask(grpc_request(), std::string_view("\0\0", 2));
  EXPECT_EQ(prefix.status(), "13");
  Caller flag;
  flag.ask(grpc_request(), framed("x", 2));
  EXPECT_EQ(flag.status(), "13");
  Caller compressed;
  compressed.ask(grpc_request(), framed("x", 1));
  EXPECT_EQ(compressed.status(), "13");
}

TEST(GrpcCallers, DeclaredLengthIsRefusedFromItsPrefixAlone) {
  Caller caller;
  caller.ask(grpc_request(), std::string_view("\0\xff\xff\xff\xff", 5), false);
  EXPECT_EQ(caller.status(), "8");
}

TEST(GrpcCallers, CompressedRequestsArriveDecompressed) {
  for (const auto compression : {model::Compression::gzip, model::Compression::deflate}) {
    const std::string text(5000, 'z');
    base::Buffer plain;
    plain.append(text);
    base::Buffer packed;
    ASSERT_TRUE(compress(compression, plain, packed).ok());
    Caller caller;
    caller.ask(replaced("grpc-encoding", model::to_string(compression)), framed(packed.to_string(), 1));
    EXPECT_EQ(caller.status(), "0");
    EXPECT_EQ(caller.server.last().messages, std::vector<std::string>{text});
    caller.ask(replaced("grpc-encoding", model::to_string(compression)), framed("plain after all", 0));
    EXPECT_EQ(caller.server.last().messages, std::vector<std::string>{"plain after all"});
  }
}

TEST(GrpcCallers, CorruptCompressionIsInternalAndABombIsStopped) {
  Caller corrupt;
  corrupt.ask(replaced("grpc-encoding", "gzip"), framed("not gzip at all", 1));
  EXPECT_EQ(corrupt.status(), "13");
  base::Buffer zeros;
  zeros.append(std::string(3u << 20, '\0'));
  base::Buffer packed;
  ASSERT_TRUE(compress(model::Compression::gzip, zeros, packed).ok());
  Caller bomb;
  bomb.ask(replaced("grpc-encoding", "gzip"), framed(packed.to_string(), 1));
  // It has its share of a turn, and of others.
  base::Buffer nothing;
  while (bomb.server.session->holds_input()) ASSERT_TRUE(bomb.server.session->feed(nothing).ok());
  ASSERT_TRUE(settle_between(*bomb.peer.session, *bomb.server.session));
  EXPECT_EQ(bomb.status(), "13");
  EXPECT_TRUE(bomb.server.order.empty());
}

TEST(GrpcCallers, EmptyDataFrameWithEndStreamEndsAUnaryCall) {
  Caller caller;
  Stream* stream = caller.peer.request(grpc_request(), framed("body"), false);
  ASSERT_TRUE(settle_between(*caller.peer.session, *caller.server.session));
  EXPECT_TRUE(caller.server.order.empty());
  caller.peer.session->end(*stream, nullptr);
  ASSERT_TRUE(settle_between(*caller.peer.session, *caller.server.session));
  EXPECT_EQ(caller.status(), "0");
}

TEST(GrpcCallers, BrokenMessageInAStreamCancelsItAndTellsTheCaller) {
  Caller caller;
  caller.ask(grpc_request("/shop.Talk/Chat"), framed("fine") + framed("bad", 7), false);
  ASSERT_EQ(caller.server.order.size(), 1u);
  EXPECT_EQ(caller.server.last().messages, std::vector<std::string>{"fine"});
  EXPECT_TRUE(caller.server.last().cancelled);
  EXPECT_EQ(caller.server.last().reason, base::Reason::wire_malformed);
  EXPECT_EQ(caller.status(), "13");
  EXPECT_EQ(caller.server.session->calls_in_flight(), 0u);
}

TEST(GrpcCallers, StreamThatEndsInsideAMessageIsCancelled) {
  Caller caller;
  caller.ask(grpc_request("/shop.Talk/Chat"), framed("fine") + framed("cut").substr(0, 6), true);
  EXPECT_TRUE(caller.server.last().cancelled);
  EXPECT_EQ(caller.server.last().reason, base::Reason::wire_truncated);
  EXPECT_FALSE(caller.server.last().end);
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
