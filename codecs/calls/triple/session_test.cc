// Whose call it is, who may speak for it, and what a consumer is told when it does not end well.
#include <string>

#include "codecs/calls/grpc/grpc_codec.h"
#include "codecs/calls/triple/triple_test_support.h"

namespace koine::codecs::calls::triple {
namespace {

using base::Reason;
using model::BodyFormat;
using model::Code;
using model::Origin;
using model::Phase;

model::Reply failure(Code code, Origin origin, Phase phase, Reason reason) {
  model::Reply reply;
  reply.outcome.code = code;
  reply.outcome.origin = origin;
  reply.outcome.phase = phase;
  reply.outcome.reason = reason;
  reply.outcome.message = "words";
  return reply;
}

// How a consumer sees its call end that the server half answers so.
model::Reply answered(model::Reply&& with, std::string_view body = wrapped_seven(),
                      const CallCodec& consumers = TripleCodec()) {
  KeptServer server;
  KeptClient consumer(consumers);
  model::CallHead head = call_head("shop.Orders", "label");
  if (consumers.traits().name == "grpc") head.body_format = BodyFormat::protobuf;
  EXPECT_TRUE(consumer.start(1, head, body).ok());
  run(consumer, server);
  EXPECT_EQ(server.calls.size(), 1u);
  if (server.calls.empty()) return model::Reply();
  server.session->reply(server.calls[0].id, std::move(with));
  run(consumer, server);
  return std::move(consumer.reply(1));
}

TEST(TripleServer, TheServiceSaysWhoseCallItIs) {
  KeptServer server([](std::string_view service) {
    return service == "g/shop.Orders:1.0.0" ? ServiceOwner::codec : ServiceOwner::wire;
  });
  KeptClient client;
  ASSERT_TRUE(client.start(1, call_head("g/shop.Orders:1.0.0", "m"), wrapped_seven()).ok());
  model::CallHead idl = call_head("h/shop.Orders:1.0.0", "m");
  idl.body_format = BodyFormat::protobuf;
  ASSERT_TRUE(client.start(2, idl, "\x08\x01").ok());
  run(client, server);
  ASSERT_EQ(server.calls.size(), 2u);
  EXPECT_EQ(server.calls[0].head.protocol, "triple");
  EXPECT_EQ(server.calls[0].format, BodyFormat::triple_wrapper);
  EXPECT_EQ(server.calls[1].head.protocol, "grpc");
  EXPECT_EQ(server.calls[1].head.service, "h/shop.Orders:1.0.0");
  EXPECT_EQ(server.calls[1].format, BodyFormat::protobuf);
}

// Java's interface, and the .proto that is derived from it, have one name.
TEST(TripleServer, OfAServiceThatBothHaveDubbosConsumersSayWhoTheyAre) {
  KeptServer server([](std::string_view) { return ServiceOwner::both; });
  KeptClient consumer;
  ASSERT_TRUE(consumer.start(1, call_head("shop.Orders", "m"), wrapped_seven()).ok());
  run(consumer, server);
  KeptServer other([](std::string_view) { return ServiceOwner::both; });
  KeptClient caller{grpc::GrpcCodec()};
  model::CallHead head = call_head("shop.Orders", "m");
  head.body_format = BodyFormat::protobuf;
  ASSERT_TRUE(caller.start(1, head, "\x08\x01").ok());
  run(caller, other);
  ASSERT_EQ(server.calls.size(), 1u);
  ASSERT_EQ(other.calls.size(), 1u);
  EXPECT_EQ(server.calls[0].head.protocol, "triple");
  EXPECT_EQ(other.calls[0].head.protocol, "grpc");
}

TEST(TripleServer, GrpcsCallsOnTheSameConnectionKeepTheirMetadata) {
  KeptServer server([](std::string_view) { return ServiceOwner::wire; });
  KeptClient caller{grpc::GrpcCodec()};
  model::CallHead head = call_head("shop.Orders", "Get");
  head.body_format = BodyFormat::protobuf;
  head.metadata.add("version", "3");
  head.metadata.add("timeout", "soon");
  ASSERT_TRUE(caller.start(1, head, "x").ok());
  run(caller, server);
  ASSERT_EQ(server.calls.size(), 1u);
  EXPECT_EQ(server.calls[0].head.metadata.get("version"), "3");
  EXPECT_EQ(server.calls[0].head.metadata.get("timeout"), "soon");
}

TEST(TripleServer, NamesKeepTheirCaseWhereBothSidesHaveAProtoToo) {
  KeptServer server([](std::string_view) { return ServiceOwner::wire; });
  KeptClient consumer;
  model::CallHead head = call_head("shop.Orders", "Get");
  head.body_format = BodyFormat::protobuf;
  head.metadata.add("somename", "1", "someName");
  ASSERT_TRUE(consumer.start(1, head, "x").ok());
  run(consumer, server);
  ASSERT_EQ(server.calls.size(), 1u);
  EXPECT_EQ(server.calls[0].head.protocol, "grpc");
  const model::Metadata& seen = server.calls[0].head.metadata;
  bool cased = false;
  for (std::size_t i = 0; i < seen.size(); ++i) cased = cased || seen.wire_name(i) == "someName";
  EXPECT_TRUE(cased);
  model::Reply reply;
  reply.has_message = true;
  reply.message = payload("y", BodyFormat::protobuf);
  reply.outcome.trailers.add("answername", "2", "answerName");
  server.session->reply(server.calls[0].id, std::move(reply));
  run(consumer, server);
  EXPECT_EQ(consumer.reply(1).outcome.trailers.wire_name(0), "answerName");
}

TEST(TripleServer, AGroupOrVersionThatWouldSpellAnotherServiceIsRefused) {
  KeptServer server;
  KeptClient caller{grpc::GrpcCodec()};
  CallId id = 0;
  for (const auto& [name, value] : {std::pair("tri-service-group", "a/b"),
                                    {"tri-service-version", "1:2"},
                                    {"tri-service-version", "1/2"},
                                    {"tri-service-group", "a:b"}}) {
    model::CallHead head = call_head("shop.Orders", "m");
    head.metadata.add(name, value);
    head.body_format = BodyFormat::protobuf;
    ASSERT_TRUE(caller.start(++id, head, wrapped_seven()).ok());
  }
  run(caller, server);
  ASSERT_EQ(server.refused.size(), 3u);
  EXPECT_EQ(server.refused[0].reason, Reason::call_unknown_service);
  for (CallId i = 1; i <= 3; ++i) EXPECT_EQ(caller.reply(i).outcome.code, Code::unimplemented) << i;
  ASSERT_EQ(server.calls.size(), 1u);
  EXPECT_EQ(server.calls[0].head.service, "a:b/shop.Orders");
}

TEST(TripleServer, ABodyThatIsNoWrapperIsRefused) {
  KeptServer server;
  KeptClient client;
  CallId id = 0;
  for (const std::string& body :
       {std::string("\x08\x01"), std::string(), field(1, "fastjson2") + field(2, "7") + field(3, "int"),
        field(1, "hessian4") + field(2, "\x97"), field(1, "hessian4") + field(2, "\x97") + field(3, "a;b"),
        field(1, "hessian4") + field(2, "\x97\x97") + field(3, "int"),
        field(1, "hessian4") + field(2, "Q\x97") + field(3, "int")}) {
    ASSERT_TRUE(client.start(++id, call_head("shop.Orders", "m"), body).ok());
  }
  run(client, server);
  EXPECT_TRUE(server.calls.empty());
  ASSERT_EQ(server.refused.size(), 7u);
  for (CallId i = 1; i <= id; ++i) {
    EXPECT_EQ(client.reply(i).outcome.code, i == 3 ? Code::unimplemented : Code::internal) << i;
    EXPECT_FALSE(client.reply(i).outcome.thrown) << i;
  }
  EXPECT_EQ(server.refused[2].message, "serialization 'fastjson2' is not understood");
}

TEST(TripleServer, DeepValuesAreALimit) {
  base::Limits limits;
  limits.nesting_max = 5;
  KeptServer server({}, limits);
  KeptClient client;
  const std::string deep = std::string(9, 'y') + "N";
  ASSERT_TRUE(
      client.start(1, call_head("s.S", "m"), field(1, "hessian4") + field(2, deep) + field(3, "int")).ok());
  run(client, server);
  ASSERT_EQ(server.refused.size(), 1u);
  EXPECT_EQ(server.refused[0].reason, Reason::limit_depth);
}

TEST(TripleServer, WhatMayHaveRunIsThrownAtJavaWhichRepeatsStatuses) {
  const model::Reply late = answered(
      failure(Code::deadline_exceeded, Origin::gateway, Phase::maybe_executed, Reason::call_deadline));
  EXPECT_TRUE(late.outcome.thrown);
  EXPECT_EQ(late.outcome.code, Code::deadline_exceeded);
  EXPECT_EQ(late.outcome.message, "CALL_DEADLINE: words");
  const model::Reply unsent =
      answered(failure(Code::unavailable, Origin::transport, Phase::not_sent, Reason::upstream_refused));
  EXPECT_FALSE(unsent.outcome.thrown);
  EXPECT_EQ(unsent.outcome.code, Code::unavailable);
  // Go's consumers panic where something is thrown.
  const std::string go = field(1, "hessian2") + field(2, "\x97") + field(3, "int");
  const model::Reply status = answered(
      failure(Code::deadline_exceeded, Origin::gateway, Phase::maybe_executed, Reason::call_deadline), go);
  EXPECT_FALSE(status.outcome.thrown);
  EXPECT_EQ(status.outcome.code, Code::deadline_exceeded);
}

TEST(TripleServer, AStatusOfATripleProviderGoesBackAsItCameAndOthersAreThrownAtJava) {
  model::Reply status = failure(Code::permission_denied, Origin::application, Phase::executed, Reason::none);
  status.outcome.native_protocol = "triple";
  status.outcome.native_code = 7;
  model::Reply seen = answered(std::move(status));
  EXPECT_FALSE(seen.outcome.thrown);
  EXPECT_EQ(seen.outcome.code, Code::permission_denied);
  EXPECT_EQ(seen.outcome.message, "words");

  status = failure(Code::permission_denied, Origin::application, Phase::executed, Reason::none);
  status.outcome.native_protocol = "grpc";
  status.outcome.native_code = 7;
  seen = answered(std::move(status));
  EXPECT_TRUE(seen.outcome.thrown);
  EXPECT_EQ(seen.outcome.message, "words");
}

TEST(TripleServer, WhatIsThrownByAnotherThanATripleProviderIsAStatusToGo) {
  model::Reply thrown = failure(Code::not_found, Origin::application, Phase::executed, Reason::none);
  thrown.outcome.native_protocol = "grpc";
  thrown.outcome.thrown = true;
  thrown.has_message = true;
  thrown.message = payload(field(1, "hessian4") + field(2, "N"));
  const std::string go = field(1, "hessian2") + field(2, "\x97") + field(3, "int");
  const model::Reply seen = answered(std::move(thrown), go);
  EXPECT_FALSE(seen.outcome.thrown);
  EXPECT_FALSE(seen.has_message);
  EXPECT_EQ(seen.outcome.code, Code::not_found);
}

TEST(TripleClient, JavasTextsAreLatin1) {
  // Stream 1: HEADERS with :status 200, content-type, grpc-status 7 and grpc-message "for ä".
  const auto literal = [](std::string_view name, std::string_view value) {
    std::string out(2, '\0');
    out[1] = static_cast<char>(name.size());
    return out.append(name) + static_cast<char>(value.size()) + std::string(value);
  };
  const std::string fields = "\x88" + literal("content-type", "application/grpc") +
                             literal("grpc-status", "7") + literal("grpc-message", "for \xe4");
  std::string bytes("\0\0\0\4\0\0\0\0\0", 9);
  bytes +=
      std::string("\0\0", 2) + static_cast<char>(fields.size()) + std::string("\1\5\0\0\0\1", 6) + fields;
  KeptClient client;
  ASSERT_TRUE(client.start(1, call_head("s.S", "m"), wrapped_seven()).ok());
  base::Buffer out;
  client.session->drain(out);
  ASSERT_TRUE(feed_in_steps(*client.session, bytes, bytes.size(), nullptr).ok());
  EXPECT_EQ(client.reply(1).outcome.code, Code::permission_denied);
  EXPECT_EQ(client.reply(1).outcome.message, "for ä");
  EXPECT_EQ(client.reply(1).outcome.native_text, "");
}

// What the wire holds, in the eyes of one who knows gRPC alone.
TEST(TripleServer, WhatIsThrownEndsWithOk) {
  model::Reply thrown = failure(Code::unknown, Origin::application, Phase::executed, Reason::none);
  thrown.outcome.thrown = true;
  thrown.outcome.trailers.add("x-trail", "t");
  thrown.has_message = true;
  thrown.message = payload("an object");
  const model::Reply seen = answered(std::move(thrown), wrapped_seven(), grpc::GrpcCodec());
  EXPECT_EQ(seen.outcome.code, Code::ok);
  EXPECT_EQ(seen.head.metadata.get("tri-exception-code"), "3");
  EXPECT_EQ(seen.outcome.trailers.get("x-trail"), "t");
  EXPECT_EQ(seen.message.bytes.to_string(), "an object");
}

TEST(TripleClient, NobodyElseSpeaksForTheCall) {
  KeptServer server;
  KeptClient client;
  model::CallHead head = call_head("shop.Orders:2.0.0", "m");
  for (const char* name : {"tri-service-group", "tri-service-version", "tri-service-timeout",
                           "tri-header-convert", "timeout", "group", "version", "path", "interface"}) {
    head.metadata.add(name, "1");
  }
  head.metadata.add("x-other", "2");
  ASSERT_TRUE(client.start(1, head, wrapped_seven()).ok());
  run(client, server);
  ASSERT_EQ(server.calls.size(), 1u);
  EXPECT_EQ(server.calls[0].head.service, "shop.Orders:2.0.0");
  EXPECT_EQ(server.calls[0].head.timeout_ns, base::never_ns);
  EXPECT_EQ(server.calls[0].head.metadata.get("x-other"), "2");
  EXPECT_FALSE(server.calls[0].head.metadata.has("interface"));
}

TEST(TripleClient, AnAnswerThatIsNoWrapperIsTheProvidersFault) {
  for (const std::string& body :
       {std::string("\x08\x01"), field(1, "hessian4") + field(2, "Q"), field(1, "msgpack") + field(2, "N")}) {
    model::Reply reply;
    reply.has_message = true;
    reply.message = payload(body);
    const model::Reply seen = answered(std::move(reply));
    EXPECT_EQ(seen.outcome.code, Code::internal);
    EXPECT_EQ(seen.outcome.reason, Reason::upstream_protocol);
    EXPECT_EQ(seen.outcome.phase, Phase::executed);
    EXPECT_FALSE(seen.has_message);
  }
}

}  // namespace
}  // namespace koine::codecs::calls::triple
