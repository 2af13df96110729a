// Unary calls and streams over a client and a server session wired back to back.
#include <gtest/gtest.h>

#include "codecs/calls/grpc/grpc_codec.h"
#include "codecs/calls/grpc/rpc_status.h"
#include "codecs/calls/grpc/session_test_support.h"

namespace koine::codecs::calls::grpc {
namespace {

using model::Code;
using model::Origin;
using model::Phase;
using testing::call_head;
using testing::ok_reply;
using testing::Pair;
using testing::payload;

std::string pattern(std::size_t bytes) {
  std::string text(bytes, '\0');
  std::uint32_t state = 4711;
  for (char& c : text) {
    state = state * 1664525u + 1013904223u;
    c = static_cast<char>(state >> 24);
  }
  return text;
}

TEST(GrpcCodec, DetectsHttp2AndNothingElse) {
  const GrpcCodec codec;
  EXPECT_EQ(codec.traits().name, "grpc");
  EXPECT_EQ(codec.detect(base::as_bytes("PRI * HT"), {}), Detected::yes);
  EXPECT_EQ(codec.detect(base::as_bytes("PR"), {}), Detected::need_more);
  EXPECT_EQ(codec.detect(base::as_bytes("GET /"), {}), Detected::no);
}

class GrpcSteps : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(WholeAndByByte, GrpcSteps, ::testing::Values(0u, 1u, 13u));

TEST_P(GrpcSteps, UnaryCallCarriesEverythingBothWays) {
  Pair pair(GetParam());
  const std::string binary("\0\xff\x80 x", 5);
  pair.server.on_call_do = [&](CallId id) {
    model::Reply reply = ok_reply("answer");
    reply.head.metadata.add("x-head", "h");
    reply.head.metadata.add("x-head-bin", binary);
    reply.outcome.trailers.add("x-tail", "t");
    pair.server.session->reply(id, std::move(reply));
  };
  model::CallHead head = call_head();
  head.metadata.add("x-one", "first");
  head.metadata.add("x-one", "second");
  head.metadata.add("x-bin", binary);
  head.metadata.add("connection", "close");
  head.metadata.add("grpc-status", "3");
  head.timeout_ns = 1500 * base::millisecond_ns;
  head.trace.parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  head.trace.state = "a=1,b=2";
  ASSERT_TRUE(pair.client.start_unary(7, head, "question").ok());
  ASSERT_TRUE(pair.settle());

  ASSERT_EQ(pair.server.order.size(), 1u);
  const auto& seen = pair.server.last();
  EXPECT_EQ(seen.head.protocol, "grpc");
  EXPECT_EQ(seen.head.service, "shop.Orders");
  EXPECT_EQ(seen.head.method, "Get");
  EXPECT_EQ(seen.head.kind, model::MethodKind::unary);
  EXPECT_EQ(seen.head.body_format, model::BodyFormat::protobuf);
  EXPECT_EQ(seen.head.timeout_ns, 1500 * base::millisecond_ns);
  EXPECT_EQ(seen.head.trace.parent, head.trace.parent);
  EXPECT_EQ(seen.head.trace.state, "a=1,b=2");
  EXPECT_EQ(seen.head.metadata.get("x-bin"), binary);
  EXPECT_EQ(seen.head.metadata.get("user-agent"), "grpc-koine");
  ASSERT_EQ(seen.head.metadata.size(), 4u);  // user-agent, twice x-one, x-bin: nothing of the hop's
  EXPECT_EQ(seen.head.metadata[1].value, "first");
  EXPECT_EQ(seen.head.metadata[2].value, "second");
  ASSERT_EQ(seen.messages, std::vector<std::string>{"question"});
  EXPECT_TRUE(seen.end);
  EXPECT_FALSE(seen.cancelled);

  const auto& got = pair.client.seen[7];
  EXPECT_EQ(got.replies, 1);
  EXPECT_EQ(got.message, "answer");
  EXPECT_EQ(got.reply.message.format, model::BodyFormat::protobuf);
  EXPECT_TRUE(got.outcome.ok());
  EXPECT_EQ(got.outcome.origin, Origin::application);
  EXPECT_EQ(got.outcome.phase, Phase::executed);
  EXPECT_EQ(got.outcome.native_protocol, "grpc");
  EXPECT_EQ(got.outcome.native_code, 0);
  EXPECT_EQ(got.reply.head.metadata.get("x-head"), "h");
  EXPECT_EQ(got.reply.head.metadata.get("x-head-bin"), binary);
  EXPECT_EQ(got.outcome.trailers.get("x-tail"), "t");
  EXPECT_EQ(got.outcome.trailers.size(), 1u);
  EXPECT_EQ(pair.client.session->calls_in_flight(), 0u);
  EXPECT_EQ(pair.server.session->calls_in_flight(), 0u);
}

TEST_P(GrpcSteps, ApplicationErrorKeepsNumberTextAndDetails) {
  Pair pair(GetParam());
  RpcStatus details;
  details.code = 77;
  details.message = "zu teuer: 100 €";
  details.details.push_back({"type.googleapis.com/shop.TooExpensive", "\x08\x01"});
  pair.server.on_call_do = [&](CallId id) {
    model::Reply reply;
    reply.outcome.code = Code::unknown;
    reply.outcome.native_protocol = "grpc";
    reply.outcome.native_code = 77;
    reply.outcome.message = "zu teuer: 100 €\n%41";
    reply.outcome.details = encode(details);
    reply.outcome.trailers.add("x-tail", "t");
    pair.server.session->reply(id, std::move(reply));
  };
  ASSERT_TRUE(pair.client.start_unary(1, call_head(), "q").ok());
  ASSERT_TRUE(pair.settle());
  const auto& got = pair.client.seen[1];
  EXPECT_EQ(got.replies, 1);
  EXPECT_EQ(got.outcome.code, Code::unknown);
  EXPECT_EQ(got.outcome.native_code, 77);
  EXPECT_EQ(got.outcome.origin, Origin::application);
  EXPECT_EQ(got.outcome.message, "zu teuer: 100 €\n%41");
  EXPECT_EQ(got.outcome.details, encode(details));
  EXPECT_EQ(got.outcome.trailers.get("x-tail"), "t");
  EXPECT_FALSE(got.reply.has_message);
}

TEST(GrpcSession, GatewayErrorTravelsAsErrorInfo) {
  Pair pair;
  pair.server.on_call_do = [&](CallId id) {
    model::Reply reply;
    reply.outcome = model::outcome_from(
        base::Status(base::Reason::map_range, "300 does not fit i8", "order.items[2].quantity"),
        Phase::not_sent);
    pair.server.session->reply(id, std::move(reply));
  };
  ASSERT_TRUE(pair.client.start_unary(1, call_head(), "q").ok());
  ASSERT_TRUE(pair.settle());
  const auto& outcome = pair.client.seen[1].outcome;
  EXPECT_EQ(outcome.code, Code::invalid_argument);
  EXPECT_EQ(outcome.message, "MAP_RANGE at order.items[2].quantity: 300 does not fit i8");
  const auto status = decode_rpc_status(outcome.details);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 3);
  EXPECT_EQ(status->message, outcome.message);
  ASSERT_EQ(status->details.size(), 1u);
  EXPECT_EQ(status->details[0].type_url, "type.googleapis.com/google.rpc.ErrorInfo");
  const auto info = decode_error_info(status->details[0].value);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->reason, "MAP_RANGE");
  EXPECT_EQ(info->domain, "koine");
}

TEST_P(GrpcSteps, OneMebibyteBothWaysForManyCallsAtOnce) {
  Pair pair(GetParam() == 1 ? 4093 : GetParam() == 13 ? 65537 : 0);
  const std::string body = pattern(1u << 20);
  pair.server.on_call_do = [&](CallId id) {
    pair.server.session->reply(id, ok_reply(pair.server.seen[id].messages[0]));
  };
  for (CallId id = 1; id <= 8; ++id) ASSERT_TRUE(pair.client.start_unary(id, call_head(), body).ok());
  ASSERT_TRUE(pair.settle());
  for (CallId id = 1; id <= 8; ++id) {
    EXPECT_EQ(pair.client.seen[id].replies, 1);
    EXPECT_EQ(pair.client.seen[id].message, body);
  }
}

TEST(GrpcSession, MessageOfExactlyTheLimitPassesAndOneMoreByteIsRefused) {
  base::Limits limits;
  limits.message_bytes_max = 100000;
  Pair pair(0, limits);
  pair.server.on_call_do = [&](CallId id) { pair.server.session->reply(id, ok_reply("ok")); };
  ASSERT_TRUE(pair.client.start_unary(1, call_head(), pattern(100000)).ok());
  ASSERT_TRUE(pair.client.start_unary(2, call_head(), pattern(100001)).ok());
  ASSERT_TRUE(pair.settle());
  EXPECT_TRUE(pair.client.seen[1].outcome.ok());
  EXPECT_EQ(pair.client.seen[2].outcome.code, Code::resource_exhausted);
  EXPECT_EQ(pair.server.order.size(), 1u);
  EXPECT_EQ(pair.server.session->calls_in_flight(), 0u);
}

TEST(GrpcSession, AnswerAboveTheLimitIsRefusedByTheClient) {
  base::Limits small;
  small.message_bytes_max = 1000;
  testing::ClientRecorder client(small);
  testing::ServerRecorder server(base::Limits{});
  server.on_call_do = [&](CallId id) { server.session->reply(id, ok_reply(pattern(1001))); };
  ASSERT_TRUE(client.start_unary(1, call_head(), "q").ok());
  ASSERT_TRUE(testing::settle_between(*client.session, *server.session));
  EXPECT_EQ(client.seen[1].outcome.code, Code::resource_exhausted);
  EXPECT_EQ(client.seen[1].outcome.origin, Origin::transport);
  EXPECT_EQ(client.seen[1].outcome.reason, base::Reason::limit_message);
  EXPECT_EQ(client.session->calls_in_flight(), 0u);
  EXPECT_TRUE(client.session->feed(*std::make_unique<base::Buffer>()).ok());
}

TEST(GrpcSession, JsonAndOpaqueFormatsReachTheProvider) {
  Pair pair;
  pair.server.on_call_do = [&](CallId id) { pair.server.session->reply(id, ok_reply("{}")); };
  model::CallHead json = call_head();
  json.body_format = model::BodyFormat::json;
  ASSERT_TRUE(pair.client.start_unary(1, json, "{}").ok());
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.server.last().head.body_format, model::BodyFormat::json);
  EXPECT_EQ(pair.client.seen[1].reply.message.format, model::BodyFormat::json);
  model::CallHead opaque = call_head();
  opaque.body_format = model::BodyFormat::opaque;
  opaque.metadata.add("content-type", "application/grpc+thrift");
  ASSERT_TRUE(pair.client.start_unary(2, opaque, "??").ok());
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.server.last().head.body_format, model::BodyFormat::opaque);
  EXPECT_EQ(pair.server.last().head.metadata.get("content-type"), "application/grpc+thrift");
  EXPECT_EQ(pair.client.seen[2].reply.message.format, model::BodyFormat::opaque);
}

TEST(GrpcSession, CancelReachesTheServerOnceAndNothingFollows) {
  Pair pair;
  ASSERT_TRUE(pair.client.start_unary(1, call_head(), "q").ok());
  ASSERT_TRUE(pair.settle());
  EXPECT_TRUE(pair.client.session->cancel(1));
  ASSERT_TRUE(pair.settle());
  const CallId id = pair.server.order.back();
  EXPECT_TRUE(pair.server.seen[id].cancelled);
  EXPECT_EQ(pair.server.seen[id].reason, base::Reason::call_cancelled);
  pair.server.session->reply(id, ok_reply("late"));  // the gateway may not know yet
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.seen[1].replies, 0);
  EXPECT_EQ(pair.client.session->calls_in_flight(), 0u);
}

TEST(GrpcSession, OnewayEndsWhenItsLastByteWasDrained) {
  Pair pair;
  ASSERT_TRUE(pair.settle());
  model::CallHead head = call_head();
  head.kind = model::MethodKind::oneway;
  ASSERT_TRUE(pair.client.start_unary(1, head, "fire").ok());
  EXPECT_EQ(pair.client.seen[1].replies, 0);
  base::Buffer out;
  pair.client.session->drain(out);
  EXPECT_EQ(pair.client.seen[1].replies, 1);
  EXPECT_TRUE(pair.client.seen[1].outcome.ok());
  pair.server.on_call_do = [&](CallId id) { pair.server.session->reply(id, ok_reply(pattern(300000))); };
  ASSERT_TRUE(pair.server.session->feed(out).ok());
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.seen[1].replies, 1);
  EXPECT_EQ(pair.server.session->calls_in_flight(), 0u);
  EXPECT_EQ(pair.client.session->capacity(), 100u);
}

TEST_P(GrpcSteps, BidirectionalStreamCarriesMessagesAndBothEnds) {
  Pair pair(GetParam());
  pair.server.on_message_do = [&](CallId id) {
    const auto& seen = pair.server.seen[id];
    if (!seen.messages.empty() && !seen.end) {
      pair.server.session->send_message(id, payload("re:" + seen.messages.back()));
    }
    if (seen.end) {
      model::Outcome outcome;
      outcome.trailers.add("x-count", std::to_string(seen.messages.size()));
      pair.server.session->finish(id, std::move(outcome));
    }
  };
  pair.server.on_call_do = [&](CallId id) {
    model::ReplyHead head;
    head.metadata.add("x-early", "1");
    pair.server.session->send_head(id, std::move(head));
  };
  model::CallHead head = call_head("shop.Talk", "Chat");
  head.kind = model::MethodKind::bidi;
  ASSERT_TRUE(pair.client.session->start(5, head, true, payload("one"), false, true).ok());
  ASSERT_TRUE(pair.settle());
  EXPECT_TRUE(pair.client.seen[5].head);
  EXPECT_EQ(pair.client.seen[5].stream_head.metadata.get("x-early"), "1");
  EXPECT_EQ(pair.client.seen[5].messages, (std::vector<std::string>{"re:one"}));
  pair.client.session->send_message(5, true, payload(""), false);
  pair.client.session->send_message(5, true, payload("three"), false);
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.seen[5].messages, (std::vector<std::string>{"re:one", "re:", "re:three"}));
  EXPECT_EQ(pair.client.seen[5].finishes, 0);
  pair.client.session->send_message(5, false, model::Payload(), true);
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.seen[5].finishes, 1);
  EXPECT_TRUE(pair.client.seen[5].outcome.ok());
  EXPECT_EQ(pair.client.seen[5].outcome.trailers.get("x-count"), "3");
  EXPECT_TRUE(pair.server.last().end);
}

TEST(GrpcSession, StreamRefusedWithoutHeadEndsInFinishOnly) {
  Pair pair;
  pair.server.on_call_do = [&](CallId id) {
    model::Outcome outcome;
    outcome.code = Code::permission_denied;
    outcome.message = "no";
    pair.server.session->finish(id, std::move(outcome));
  };
  ASSERT_TRUE(
      pair.client.session->start(5, call_head("shop.Talk", "Chat"), true, payload("one"), false, true).ok());
  ASSERT_TRUE(pair.settle());
  EXPECT_FALSE(pair.client.seen[5].head);
  EXPECT_EQ(pair.client.seen[5].finishes, 1);
  EXPECT_EQ(pair.client.seen[5].outcome.code, Code::permission_denied);
  EXPECT_EQ(pair.server.session->calls_in_flight(), 0u);
}

TEST(GrpcSession, ConnectionLossTellsHowFarEachCallGot) {
  Pair pair;
  ASSERT_TRUE(pair.settle());
  ASSERT_TRUE(pair.client.start_unary(1, call_head(), "sent").ok());
  ASSERT_TRUE(pair.settle());
  ASSERT_TRUE(pair.client.start_unary(2, call_head(), "unsent").ok());
  ASSERT_TRUE(
      pair.client.session->start(3, call_head("shop.Talk", "Chat"), true, payload("x"), false, true).ok());
  pair.client.session->on_closed(base::Status(base::Reason::net_eof, "the peer closed the connection"));
  EXPECT_EQ(pair.client.seen[1].outcome.phase, Phase::maybe_executed);
  EXPECT_EQ(pair.client.seen[1].outcome.code, Code::unavailable);
  EXPECT_EQ(pair.client.seen[1].outcome.origin, Origin::transport);
  EXPECT_EQ(pair.client.seen[1].outcome.reason, base::Reason::net_eof);
  EXPECT_EQ(pair.client.seen[2].outcome.phase, Phase::not_sent);
  EXPECT_EQ(pair.client.seen[3].finishes, 1);
  EXPECT_EQ(pair.client.seen[3].outcome.phase, Phase::not_sent);
  EXPECT_EQ(pair.client.session->calls_in_flight(), 0u);
}

TEST(GrpcSession, EndOfInputCancelsHalfRequestsAndLetsWholeOnesFinish) {
  Pair pair;
  ASSERT_TRUE(pair.client.start_unary(1, call_head(), "whole").ok());
  ASSERT_TRUE(
      pair.client.session->start(2, call_head("shop.Talk", "Chat"), true, payload("x"), false, true).ok());
  ASSERT_TRUE(pair.settle());
  ASSERT_EQ(pair.server.order.size(), 2u);
  pair.server.session->on_eof();
  const bool first_is_unary = pair.server.seen[pair.server.order[0]].head.method == "Get";
  const CallId unary = pair.server.order[first_is_unary ? 0 : 1];
  const CallId stream = pair.server.order[first_is_unary ? 1 : 0];
  EXPECT_FALSE(pair.server.seen[unary].cancelled);
  EXPECT_TRUE(pair.server.seen[stream].cancelled);
  pair.server.session->reply(unary, ok_reply("fine"));
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.seen[1].message, "fine");
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
