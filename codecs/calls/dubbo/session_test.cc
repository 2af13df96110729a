// Both halves: ids, order, events, limits, and what a consumer is told when a call does not end well.
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "codecs/calls/dubbo/dubbo_test_support.h"
#include "codecs/calls/dubbo/result.h"
#include "codecs/calls/dubbo/status.h"
#include "codecs/calls/dubbo/thrown.h"

namespace koine::codecs::calls::dubbo {
namespace {

using base::Reason;
using model::Code;

// A request of `method(String)` with one text, as Dubbo 3 writes it.
std::string request(std::uint64_t id, std::string_view method, std::string_view argument,
                    std::string_view version = "2.0.2") {
  std::string body = text(version) + text("shop.Orders") + text("0.0.0") + text(method) +
                     text("Ljava/lang/String;") + text(argument) + "HZ";
  FrameHead head;
  head.is_request = head.is_two_way = true;
  head.id = id;
  head.length = body.size();
  base::Buffer out;
  append_header(out, head);
  out.append(body);
  return out.to_string();
}

std::string answer(std::uint64_t id, std::string_view body, std::uint8_t status = status_ok,
                   std::uint8_t serialization = serialization_hessian2) {
  FrameHead head;
  head.serialization = serialization;
  head.status = status;
  head.id = id;
  head.length = body.size();
  base::Buffer out;
  append_header(out, head);
  out.append(body);
  return out.to_string();
}

model::Reply failure(Code code, model::Origin origin, model::Phase phase, Reason reason = Reason::none) {
  model::Reply reply;
  reply.outcome.code = code;
  reply.outcome.origin = origin;
  reply.outcome.phase = phase;
  reply.outcome.reason = reason;
  reply.outcome.message = "words";
  return reply;
}

TEST(DubboServer, AnswersGoBackInAnyOrderUnderTheCallersIds) {
  const std::uint64_t ids[] = {0, ~std::uint64_t{0}, std::uint64_t{1} << 63, 0x7fffffffffffffff, 7, 7};
  KeptServer server;
  std::string bytes;
  for (const std::uint64_t id : ids) bytes += request(id, "m", "a");
  ASSERT_TRUE(server.feed(bytes).ok());
  ASSERT_EQ(server.calls.size(), 6u);
  for (std::size_t i = 6; i-- > 0;) server.reply(server.calls[i].id, text("answer " + std::to_string(i)));
  const std::vector<Frame> frames = frames_of(server.drained());
  ASSERT_EQ(frames.size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(frames[i].head.id, ids[5 - i]);
    EXPECT_NE(frames[i].body.find("answer " + std::to_string(5 - i)), std::string::npos);
  }
  EXPECT_EQ(server.session.calls_in_flight(), 0u);
}

TEST(DubboServer, OnlyVersionsThatReadAttachmentsGetThem) {
  // 2.0.2 is what 2.6, 2.7, 3.x and Go say; dubbox says 2.8.4, old libraries 2.5.3.
  for (const auto& [version, type] : {std::pair{"2.0.2", '\x94'},
                                      {"2.0.99", '\x94'},
                                      {"2.8.4", '\x91'},
                                      {"2.5.3", '\x91'},
                                      {"", '\x91'},
                                      {"two", '\x91'},
                                      {"2.0.1", '\x91'}}) {
    KeptServer server;
    ASSERT_TRUE(server.feed(request(1, "m", "a", version)).ok());
    server.reply(server.calls.at(0).id, text("v"));
    EXPECT_EQ(frames_of(server.drained()).at(0).body[0], type) << version;
  }
}

TEST(DubboServer, WhatCannotHaveRunIsAStatusAndWhatMayHaveIsAnException) {
  struct Row {
    model::Reply reply;
    std::uint8_t status;
    std::string_view says;
  };
  using model::Origin;
  using model::Phase;
  Row rows[] = {
      {failure(Code::unimplemented, Origin::gateway, Phase::not_sent, Reason::call_unknown_service), 40,
       "[UNIMPLEMENTED] CALL_UNKNOWN_SERVICE: words"},
      {failure(Code::unimplemented, Origin::gateway, Phase::not_sent, Reason::call_unknown_method), 70,
       "[UNIMPLEMENTED] CALL_UNKNOWN_METHOD: words"},
      {failure(Code::invalid_argument, Origin::gateway, Phase::not_sent, Reason::map_range), 40,
       "[INVALID_ARGUMENT] MAP_RANGE: words"},
      {failure(Code::resource_exhausted, Origin::gateway, Phase::not_sent, Reason::limit_concurrency), 100,
       "[RESOURCE_EXHAUSTED] LIMIT_CONCURRENCY: words"},
      {failure(Code::deadline_exceeded, Origin::gateway, Phase::not_sent, Reason::call_deadline), 31,
       "words"},
      {failure(Code::unavailable, Origin::transport, Phase::not_sent, Reason::upstream_connect), 80, "words"},
      {failure(Code::deadline_exceeded, Origin::gateway, Phase::maybe_executed, Reason::call_deadline), 20,
       "org.apache.dubbo.rpc.RpcException"},
      {failure(Code::unavailable, Origin::transport, Phase::maybe_executed, Reason::upstream_closed), 20,
       "org.apache.dubbo.rpc.RpcException"},
      {failure(Code::internal, Origin::gateway, Phase::executed, Reason::map_required), 20,
       "org.apache.dubbo.rpc.RpcException"},
      {failure(Code::not_found, Origin::application, Phase::executed), 20, "java.lang.RuntimeException"},
  };
  for (Row& row : rows) {
    KeptServer server;
    ASSERT_TRUE(server.feed(request(3, "m", "a")).ok());
    const std::string what(model::to_string(row.reply.outcome.code));
    server.session.reply(server.calls.at(0).id, std::move(row.reply));
    const Frame frame = frames_of(server.drained()).at(0);
    EXPECT_EQ(frame.head.status, row.status) << what;
    EXPECT_NE(frame.body.find(row.says), std::string::npos) << what << ": " << frame.body;
    EXPECT_NE(frame.body.find("[" + what + "] "), std::string::npos) << frame.body;
  }
}

TEST(DubboServer, AProvidersStatusGoesThroughAsItIs) {
  KeptServer server;
  ASSERT_TRUE(server.feed(request(3, "m", "a")).ok());
  model::Reply reply;
  reply.outcome = outcome_from_status(70, "[NOT_FOUND] as it was");
  EXPECT_EQ(reply.outcome.code, Code::not_found);
  server.session.reply(server.calls.at(0).id, std::move(reply));
  const Frame frame = frames_of(server.drained()).at(0);
  EXPECT_EQ(frame.head.status, 70);
  EXPECT_EQ(frame.body, text("[NOT_FOUND] as it was"));
}

TEST(DubboServer, ARequestThatCannotBeReadIsAnsweredAndTheConnectionGoesOn) {
  const std::string good = request(9, "m", "a");
  std::string broken[] = {good, good, good, good, good};
  broken[0][16] = '\x5a';                                   // no text where Dubbo's version stands
  broken[1].replace(broken[1].find("HZ"), 2, "H\x90");      // attachments without an end
  broken[2].replace(broken[2].find("Ljava"), 5, "Qjava");   // no descriptor
  broken[3].replace(broken[3].find("\x01m"), 2, "N\x5a");   // no method
  broken[4].replace(broken[4].find("Orders") - 1, 1, ":");  // the key of another service, with a version
  for (const std::string& bytes : broken) {
    KeptServer server;
    ASSERT_TRUE(server.feed(bytes + good).ok());
    ASSERT_EQ(server.refused.size(), 1u);
    EXPECT_EQ(server.refused[0].outcome.reason, Reason::wire_malformed);
    const Frame frame = frames_of(server.drained()).at(0);
    EXPECT_EQ(frame.head.id, 9u);
    EXPECT_EQ(frame.head.status, 40);
    EXPECT_EQ(server.calls.size(), 1u);
  }
}

TEST(DubboServer, ARequestThatIsTooLongIsAnsweredWithoutBeingHeld) {
  ServerOptions options;
  options.limits.message_bytes_max = 200;
  KeptServer server(options);
  const std::string large = request(5, "m", std::string(300, 'x'));
  ASSERT_TRUE(server.feed(large.substr(0, 100)).ok());
  EXPECT_EQ(server.in.size(), 0u);
  const Frame frame = frames_of(server.drained()).at(0);
  EXPECT_EQ(frame.head.id, 5u);
  EXPECT_EQ(frame.head.status, 100);
  EXPECT_NE(server.session.unfinished_unit(), 0u);
  ASSERT_TRUE(server.feed(large.substr(100) + request(6, "m", "a")).ok());
  ASSERT_EQ(server.calls.size(), 1u);
  EXPECT_EQ(server.refused.at(0).outcome.reason, Reason::limit_message);
}

TEST(DubboServer, AFrameThatIsNoneEndsTheConnection) {
  for (const std::string& bytes : {from_hex("dabc"), from_hex("00"), answer(1, "\x94"),
                                   from_hex("dabbc200 0000000000000001 ffffffff")}) {
    KeptServer server;
    EXPECT_FALSE(server.feed(request(1, "m", "a") + bytes).ok());
    ASSERT_EQ(server.calls.size(), 1u);
    EXPECT_FALSE(server.session.wants_close());
    server.reply(server.calls[0].id, "N");
    EXPECT_NE(server.drained(), "");
    EXPECT_TRUE(server.session.wants_close());
  }
}

TEST(DubboServer, AnotherSerializationIsRefusedByName) {
  KeptServer server;
  std::string bytes = request(4, "m", "a");
  bytes[2] = static_cast<char>(0xc0 | 8);  // kryo
  ASSERT_TRUE(server.feed(bytes).ok());
  EXPECT_EQ(server.refused.at(0).outcome.reason, Reason::wire_unsupported);
  EXPECT_NE(server.refused[0].outcome.message.find("serialization 8"), std::string::npos);
  const Frame frame = frames_of(server.drained()).at(0);
  EXPECT_EQ(frame.head.serialization, 8);
  EXPECT_NE(frame.head.status, status_ok);
}

TEST(DubboServer, SoManyCallsAreReadAheadAndNoMore) {
  ServerOptions options;
  options.limits.pipelined_calls_max = 2;
  KeptServer server(options);
  ASSERT_TRUE(server.feed(request(1, "m", "a") + request(2, "m", "b") + request(3, "m", "c")).ok());
  EXPECT_EQ(server.calls.size(), 2u);
  EXPECT_FALSE(server.session.wants_read());
  server.reply(server.calls[1].id, "N");
  EXPECT_TRUE(server.session.wants_read());
  ASSERT_TRUE(server.feed("").ok());
  EXPECT_EQ(server.calls.size(), 3u);
}

TEST(DubboServer, SaysGoodbyeWithAnEventAndTakesWhatStillComes) {
  KeptServer server;
  server.session.shutdown();
  const Frame goodbye = frames_of(server.drained()).at(0);
  EXPECT_TRUE(goodbye.head.is_event && goodbye.head.is_request && !goodbye.head.is_two_way);
  EXPECT_EQ(goodbye.body, "\x01R");
  ASSERT_TRUE(server.feed(request(1, "m", "a")).ok());
  ASSERT_EQ(server.calls.size(), 1u);
  server.session.shutdown_now();
  EXPECT_FALSE(server.session.wants_close());
  server.reply(server.calls[0].id, "N");
  EXPECT_FALSE(server.session.wants_close());
  EXPECT_NE(server.drained(), "");
  EXPECT_TRUE(server.session.wants_close());
}

TEST(DubboClient, AnswersFindTheirCallsInAnyOrder) {
  KeptClient client;
  for (CallId id = 1; id <= 3; ++id) ASSERT_TRUE(client.start(id, head_of("s.S", "m"), "").ok());
  const std::vector<Frame> frames = frames_of(client.drained());
  ASSERT_EQ(frames.size(), 3u);
  for (const std::size_t i : {2u, 0u, 1u}) {
    ASSERT_TRUE(client.feed(answer(frames[i].head.id, "\x91" + text("v" + std::to_string(i)) + "N")).ok());
    EXPECT_EQ(client.replies.back().first, i + 1);
    EXPECT_EQ(client.replies.back().second.message.bytes.to_string(), text("v" + std::to_string(i)));
  }
}

TEST(DubboClient, WritesAServicesKeyAsItsParts) {
  KeptClient client;
  model::CallHead head = head_of("green/shop.Orders:1.2.0", "m");
  head.timeout_ns = 1'500'000;
  ASSERT_TRUE(client.start(1, head, "").ok());
  KeptServer server;
  ASSERT_TRUE(server.feed(client.drained()).ok());
  EXPECT_EQ(server.calls.at(0).head.service, "green/shop.Orders:1.2.0");
  EXPECT_EQ(server.calls[0].head.timeout_ns, 2 * base::millisecond_ns);
}

TEST(DubboClient, AnAnswerNobodyWaitsForIsDroppedAndOneNobodyAskedForEndsTheConnection) {
  KeptClient client;
  ASSERT_TRUE(client.start(1, head_of("s.S", "m"), "").ok());
  const std::uint64_t id = frames_of(client.drained()).at(0).head.id;
  EXPECT_TRUE(client.session.cancel(1));
  ASSERT_TRUE(client.start(2, head_of("s.S", "m"), "").ok());
  const std::uint64_t second = frames_of(client.drained()).at(0).head.id;
  EXPECT_NE(id, second);
  EXPECT_TRUE(client.feed(answer(id, "\x92")).ok());
  EXPECT_EQ(client.replies.size(), 0u);
  for (const std::uint64_t forged :
       {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{1} << 63, second + (std::uint64_t{1} << 16)}) {
    KeptClient other;
    ASSERT_TRUE(other.start(1, head_of("s.S", "m"), "").ok());
    (void)other.drained();
    EXPECT_EQ(other.feed(answer(forged, "\x92")).reason(), Reason::upstream_protocol) << forged;
    EXPECT_EQ(other.replies.size(), 0u);
  }
  EXPECT_TRUE(client.feed(answer(second, "\x92")).ok());
  EXPECT_EQ(client.replies.at(0).first, 2u);
  EXPECT_EQ(client.replies[0].second.message.bytes.to_string(), "N");
  EXPECT_TRUE(client.feed(answer(second, "\x92")).ok());  // a second time
  EXPECT_EQ(client.replies.size(), 1u);
}

TEST(DubboClient, AnAnswerBeforeItsRequestHasLeftEndsTheConnection) {
  KeptClient client;
  ASSERT_TRUE(client.start(1, head_of("s.S", "m"), "").ok());
  EXPECT_FALSE(client.feed(answer(1 << 16, "\x92")).ok());
}

TEST(DubboClient, OnewayCallsEndWhenTheyHaveLeft) {
  KeptClient client;
  model::CallHead head = head_of("s.S", "m");
  head.kind = model::MethodKind::oneway;
  ASSERT_TRUE(client.start(1, head, "").ok());
  EXPECT_EQ(client.replies.size(), 0u);
  const Frame frame = frames_of(client.drained()).at(0);
  EXPECT_FALSE(frame.head.is_two_way);
  ASSERT_EQ(client.replies.size(), 1u);
  EXPECT_TRUE(client.replies[0].second.outcome.ok());
  EXPECT_EQ(client.session.calls_in_flight(), 0u);
}

TEST(DubboClient, ABrokenAnswerIsThatCallsMatterAlone) {
  const std::pair<std::string, Reason> bodies[] = {
      {"", Reason::upstream_protocol},
      {"N", Reason::upstream_protocol},
      {"\x96", Reason::upstream_protocol},
      {"\x91", Reason::upstream_protocol},
      {"\x94\x90", Reason::none},  // attachments may be missing
      {"\x94\x90\x90", Reason::upstream_protocol},
      {"\x93\x90HZ", Reason::upstream_protocol},
      {"\x91" + std::string(65, '\x79') + "\x90", Reason::limit_depth}};
  for (const auto& [body, reason] : bodies) {
    KeptClient client;
    ASSERT_TRUE(client.start(1, head_of("s.S", "m"), "").ok());
    const std::uint64_t id = frames_of(client.drained()).at(0).head.id;
    EXPECT_TRUE(client.feed(answer(id, body)).ok());
    ASSERT_EQ(client.replies.size(), 1u);
    const model::Outcome& outcome = client.replies[0].second.outcome;
    EXPECT_EQ(outcome.reason, reason) << body << ": " << outcome.message;
    EXPECT_EQ(outcome.phase, model::Phase::executed);
  }
}

TEST(DubboClient, AnAnswerInAnotherSerializationIsNone) {
  KeptClient client;
  ASSERT_TRUE(client.start(1, head_of("s.S", "m"), "").ok());
  const std::uint64_t id = frames_of(client.drained()).at(0).head.id;
  ASSERT_TRUE(client.feed(answer(id, "\x92", status_ok, 23)).ok());
  EXPECT_EQ(client.replies.at(0).second.outcome.reason, Reason::upstream_protocol);
}

TEST(DubboClient, AnAnswerThatIsTooLongEndsItsCallWithoutBeingHeld) {
  ClientOptions options;
  options.limits.message_bytes_max = 200;
  KeptClient client(options);
  ASSERT_TRUE(client.start(1, head_of("s.S", "m"), "").ok());
  ASSERT_TRUE(client.start(2, head_of("s.S", "m"), "").ok());
  const std::vector<Frame> frames = frames_of(client.drained());
  const std::string large = answer(frames[0].head.id, "\x91" + text(std::string(300, 'x')));
  ASSERT_TRUE(client.feed(large.substr(0, 50)).ok());
  EXPECT_EQ(client.replies.at(0).second.outcome.reason, Reason::limit_message);
  ASSERT_TRUE(client.feed(large.substr(50) + answer(frames[1].head.id, "\x92")).ok());
  EXPECT_TRUE(client.replies.at(1).second.outcome.ok());
}

TEST(DubboClient, EveryStatusHasACode) {
  for (int status = 0; status < 256; ++status) {
    if (status == status_ok) continue;
    KeptClient client;
    ASSERT_TRUE(client.start(1, head_of("s.S", "m"), "").ok());
    const std::uint64_t id = frames_of(client.drained()).at(0).head.id;
    ASSERT_TRUE(client.feed(answer(id, text("why"), static_cast<std::uint8_t>(status))).ok());
    const model::Outcome& outcome = client.replies.at(0).second.outcome;
    EXPECT_NE(outcome.code, Code::ok) << status;
    EXPECT_EQ(outcome.native_code, status);
    EXPECT_EQ(outcome.message, "why");
  }
}

TEST(DubboClient, AHeartbeatOfItsOwnIsTheSignOfLife) {
  KeptClient client;
  EXPECT_TRUE(client.session.ping());
  EXPECT_FALSE(client.session.ping());
  const Frame ping = frames_of(client.drained()).at(0);
  EXPECT_TRUE(ping.head.is_event && ping.head.is_request && ping.head.is_two_way);
  EXPECT_EQ(ping.body, "N");
  EXPECT_FALSE(client.session.ping_answered());
  FrameHead head;
  head.is_event = true;
  head.status = status_ok;
  head.id = ping.head.id;
  head.length = 1;
  base::Buffer out;
  append_header(out, head);
  out.append(std::string_view("N"));
  ASSERT_TRUE(client.feed(out.to_string()).ok());
  EXPECT_TRUE(client.session.ping_answered());
  EXPECT_TRUE(client.session.ping());
}

TEST(DubboClient, AProviderThatAsksAndNeverReadsIsLeft) {
  ClientOptions options;
  options.limits.write_high_bytes = 1000;
  options.limits.message_bytes_max = 1000;
  KeptClient client(options);
  FrameHead head;
  head.is_event = head.is_request = head.is_two_way = true;
  head.length = 1;
  base::Buffer heartbeat;
  append_header(heartbeat, head);
  heartbeat.append(std::string_view("N"));
  const std::string bytes = heartbeat.to_string();
  base::Status status;
  int count = 0;
  for (; status.ok() && count < 1000; ++count) status = client.feed(bytes);
  EXPECT_EQ(status.reason(), Reason::limit_flood);
  EXPECT_EQ(count, 2000 / 17 + 1);
}

TEST(DubboClient, AStackTraceIsNoPartOfTheMessage) {
  KeptClient client;
  ASSERT_TRUE(client.start(1, head_of("s.S", "m"), "").ok());
  const std::uint64_t id = frames_of(client.drained()).at(0).head.id;
  const std::string words = "no such method\nin shop\n\tat a.B.c(B.java:7)\n\tat a.B.d(B.java:8)";
  ASSERT_TRUE(client.feed(answer(id, text(words), 70)).ok());
  const model::Outcome& outcome = client.replies.at(0).second.outcome;
  EXPECT_EQ(outcome.message, "no such method\nin shop");
  EXPECT_EQ(status_text(outcome), words);  // to a consumer of Dubbo, as it was
  EXPECT_EQ(outcome_from_thrown({"a.B", words, std::nullopt}).message, "a.B: no such method\nin shop");
}

TEST(DubboClient, CallsOfTheProviderAreRefused) {
  KeptClient client;
  ASSERT_TRUE(client.feed(request(77, "m", "a")).ok());
  const Frame frame = frames_of(client.drained()).at(0);
  EXPECT_EQ(frame.head.id, 77u);
  EXPECT_FALSE(frame.head.is_request);
  EXPECT_EQ(frame.head.status, 70);
}

TEST(DubboClient, WhatHadNotLeftWhenTheConnectionBrokeMayBeSentAgain) {
  KeptClient client;
  ASSERT_TRUE(client.start(1, head_of("s.S", "m"), "").ok());
  (void)client.drained();
  ASSERT_TRUE(client.start(2, head_of("s.S", "m"), "").ok());
  client.session.on_closed({});
  ASSERT_EQ(client.replies.size(), 2u);
  EXPECT_EQ(client.replies[0].second.outcome.phase, model::Phase::maybe_executed);
  EXPECT_EQ(client.replies[1].second.outcome.phase, model::Phase::not_sent);
  EXPECT_EQ(client.session.capacity(), 0u);
}

TEST(DubboThrown, WhatIsWrittenIsReadAsTheSameCode) {
  for (int code = 1; code <= model::code_max; ++code) {
    for (const model::Origin origin : {model::Origin::application, model::Origin::gateway}) {
      model::Outcome outcome;
      outcome.code = static_cast<Code>(code);
      outcome.origin = origin;
      outcome.message = "näher 😀";
      std::string object;
      append_thrown(object, outcome);
      const std::optional<Thrown> thrown = read_thrown(base::as_bytes(object), 64);
      ASSERT_TRUE(thrown.has_value());
      const model::Outcome back = outcome_from_thrown(*thrown);
      EXPECT_EQ(back.code, outcome.code);
      EXPECT_EQ(back.message, outcome.message);
      EXPECT_EQ(thrown->code.has_value(), origin == model::Origin::gateway);
    }
  }
}

}  // namespace
}  // namespace koine::codecs::calls::dubbo
