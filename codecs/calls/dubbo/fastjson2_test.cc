// Calls in fastjson2, as real consumers and providers sent them (testdata/): read as far as is needed, the
// rest passed on as it came.
#include "codecs/calls/dubbo/fastjson2.h"

#include <gtest/gtest.h>

#include "codecs/calls/dubbo/dubbo_test_support.h"
#include "codecs/calls/dubbo/jsonb.h"
#include "codecs/calls/dubbo/status.h"

namespace koine::codecs::calls::dubbo {
namespace {

std::string peers(std::string_view name, std::string_view ending = ".hex") {
  return golden(testdata() / "fastjson2-java-3.3.6" / std::string(name).append(ending));
}

constexpr std::string_view requests[] = {"text_attachments",   "other_attachments", "maps",         "void",
                                         "declared_exception", "rpc_exception",     "group_version"};

// What the gateway does with a call, in between.
base::Status send(KeptClient& client, const KeptCall& call) {
  model::Payload message;
  message.format = call.head.body_format;
  message.native_format = serialization_fastjson2;
  message.bytes.append(call.body);
  return client.session.start(1, call.head, true, std::move(message), true, false);
}

// The request of a golden file with other attachments.
std::string with_attachments(std::string_view jsonb) {
  std::string body;
  for (const std::string_view word : {"2.0.2", "p.Api", "0.0.0", "nothing", ""}) {
    fastjson2::append_words(body, word);
  }
  FrameHead head;
  head.is_request = head.is_two_way = true;
  head.serialization = serialization_fastjson2;
  head.id = 5;
  head.length = body.size() + 4 + jsonb.size();
  base::Buffer out;
  append_header(out, head);
  out.append(body);
  out.append(std::string{0, 0, static_cast<char>(jsonb.size() >> 8), static_cast<char>(jsonb.size())});
  out.append(jsonb);
  return out.to_string();
}
std::string spelled(std::string_view value) {
  std::string out;
  jsonb::append_text(out, value);
  return out;
}

TEST(Fastjson2, EveryRequestIsACallWithOpaqueArguments) {
  for (const std::string_view name : requests) {
    const std::string bytes = peers(std::string(name) + "-request");
    KeptServer server;
    ASSERT_TRUE(server.feed(bytes).ok()) << name;
    ASSERT_EQ(server.calls.size(), 1u) << name << ": " << server.refused.at(0).outcome.message;
    const KeptCall& call = server.calls[0];
    EXPECT_EQ(call.head.body_format, model::BodyFormat::opaque) << name;
    EXPECT_EQ(call.head.service, name == "group_version" ? "blue/p.Api:1.2.0" : "p.Api");
    EXPECT_EQ(call.head.timeout_ns, 5 * base::second_ns) << name;
    EXPECT_EQ(call.head.metadata.get("remote.application"), "p") << name;
    EXPECT_FALSE(call.head.metadata.has("path")) << name;
    EXPECT_NE(bytes.find(call.body), std::string::npos) << name;
  }
}

TEST(Fastjson2, TextsAreMetadataAndOtherValuesStayAsTheyAre) {
  KeptServer server;
  ASSERT_TRUE(server.feed(peers("text_attachments-request")).ok());
  const model::CallHead& head = server.calls.at(0).head;
  EXPECT_EQ(head.method, "hello");
  EXPECT_EQ(head.signature, "Ljava/lang/String;I");
  EXPECT_EQ(head.metadata.get("camelkey"), "v\xc3\xa4");
  EXPECT_EQ(head.metadata.native("dubbo"),
            spelled("lng") + from_hex("be000000121beab471") + spelled("num") + "\x07");

  KeptServer other;
  ASSERT_TRUE(other.feed(peers("other_attachments-request")).ok());
  const std::string_view native = other.calls.at(0).head.metadata.native("dubbo");
  EXPECT_NE(native.find(spelled("lst") + from_hex("964a6101")), std::string_view::npos);
  EXPECT_NE(native.find(spelled("by") + from_hex("924b5b420091020102")), std::string_view::npos);
}

TEST(Fastjson2, EveryRequestWrittenAgainMeansTheSame) {
  for (const std::string_view name : requests) {
    KeptServer server;
    ASSERT_TRUE(server.feed(peers(std::string(name) + "-request")).ok()) << name;
    const KeptCall& call = server.calls.at(0);
    KeptClient client;
    ASSERT_TRUE(send(client, call).ok()) << name;
    const std::string bytes = client.drained();
    EXPECT_EQ(frames_of(bytes).at(0).head.serialization, serialization_fastjson2);
    KeptServer again;
    ASSERT_TRUE(again.feed(bytes).ok()) << name;
    const KeptCall& copy = again.calls.at(0);
    EXPECT_EQ(copy.body, call.body) << name;
    EXPECT_EQ(copy.head.service, call.head.service) << name;
    EXPECT_EQ(copy.head.method, call.head.method) << name;
    EXPECT_EQ(copy.head.signature, call.head.signature) << name;
    EXPECT_EQ(copy.head.timeout_ns, call.head.timeout_ns) << name;
    EXPECT_EQ(copy.head.metadata.native("dubbo"), call.head.metadata.native("dubbo")) << name;
    ASSERT_EQ(copy.head.metadata.size(), call.head.metadata.size()) << name;
    for (std::size_t i = 0; i < copy.head.metadata.size(); ++i) {
      EXPECT_EQ(copy.head.metadata.wire_name(i), call.head.metadata.wire_name(i)) << name;
      EXPECT_EQ(copy.head.metadata[i].value, call.head.metadata[i].value) << name;
    }
  }
}

TEST(Fastjson2, EveryAnswerGoesBackAsItCame) {
  for (const std::string_view name : requests) {
    if (name == "group_version") continue;
    KeptServer server;
    ASSERT_TRUE(server.feed(peers(std::string(name) + "-request")).ok()) << name;
    KeptClient client;
    ASSERT_TRUE(send(client, server.calls.at(0)).ok()) << name;
    const std::uint64_t id = frames_of(client.drained()).at(0).head.id;
    const std::string answer = peers(std::string(name) + "-answer");
    ASSERT_TRUE(client.feed(with_id(answer, id)).ok()) << name;
    model::Reply& reply = client.replies.at(0).second;
    const bool throws = name.ends_with("exception");
    EXPECT_EQ(reply.outcome.thrown, throws) << name;
    EXPECT_EQ(reply.outcome.ok(), !throws) << name;
    EXPECT_EQ(reply.outcome.code == model::Code::deadline_exceeded, name == "rpc_exception");
    EXPECT_EQ(reply.outcome.message == "p.Api$Oops: oops \xc3\xa9", name == "declared_exception");
    server.session.reply(server.calls[0].id, std::move(reply));
    EXPECT_EQ(server.drained(), answer) << name;
  }
}

TEST(Fastjson2, AStatusIsReadAndWrittenWithItsText) {
  KeptServer server;
  ASSERT_TRUE(server.feed(peers("void-request")).ok());
  KeptClient client;
  ASSERT_TRUE(send(client, server.calls.at(0)).ok());
  FrameHead head = frames_of(client.drained()).at(0).head;
  std::string words;
  fastjson2::append_words(words, "[NOT_FOUND] as it was");
  head.is_request = false;
  head.status = status_service_error;
  head.length = words.size();
  base::Buffer answer;
  append_header(answer, head);
  answer.append(words);
  ASSERT_TRUE(client.feed(answer.to_string()).ok());
  EXPECT_EQ(client.replies.at(0).second.outcome.message, "as it was");
  server.session.reply(server.calls[0].id, std::move(client.replies[0].second));
  const Frame copy = frames_of(server.drained()).at(0);
  EXPECT_EQ(copy.head.status, status_service_error);
  EXPECT_EQ(copy.body, words);
}

TEST(Fastjson2, WhatMayHaveRunIsAnExceptionInTheCallersSerialization) {
  KeptServer server;
  ASSERT_TRUE(server.feed(peers("void-request")).ok());
  model::Reply reply;
  reply.outcome = model::outcome_from(base::Status(base::Reason::call_deadline, "too late"),
                                      model::Phase::maybe_executed);
  server.session.reply(server.calls.at(0).id, std::move(reply));
  const Frame frame = frames_of(server.drained()).at(0);
  EXPECT_EQ(frame.head.serialization, serialization_fastjson2);
  EXPECT_EQ(frame.head.status, status_ok);
  model::Outcome outcome;
  const base::Bytes body(reinterpret_cast<const std::uint8_t*>(frame.body.data()), frame.body.size());
  ASSERT_TRUE(fastjson2::read_result(body, base::Limits(), outcome).ok());
  EXPECT_EQ(outcome.code, model::Code::deadline_exceeded);
  EXPECT_TRUE(outcome.message.starts_with("CALL_DEADLINE")) << outcome.message;
  EXPECT_NE(frame.body.find(spelled("org.apache.dubbo.rpc.RpcException")), std::string::npos);
}

TEST(Fastjson2, AnAnswerInAnotherSerializationIsNone) {
  KeptServer server;
  ASSERT_TRUE(server.feed(peers("void-request")).ok());
  KeptClient client;
  ASSERT_TRUE(send(client, server.calls.at(0)).ok());
  FrameHead head = frames_of(client.drained()).at(0).head;
  head.is_request = false;
  head.serialization = serialization_hessian2;
  head.status = status_ok;
  head.length = 1;
  base::Buffer answer;
  append_header(answer, head);
  answer.append("\x92");
  ASSERT_TRUE(client.feed(answer.to_string()).ok());
  EXPECT_EQ(client.replies.at(0).second.outcome.reason, base::Reason::upstream_protocol);
}

TEST(Fastjson2, EventsAreThoseOfEverySerialization) {
  KeptServer server;
  const std::string beat = peers("heartbeat-request");
  ASSERT_TRUE(server.feed(beat).ok());
  EXPECT_EQ(server.drained(), peers("heartbeat-answer"));
  KeptClient client;
  ASSERT_TRUE(client.feed(beat).ok());
  EXPECT_TRUE(client.session.accepting());
  ASSERT_TRUE(client.feed(peers("readonly-request")).ok());
  EXPECT_FALSE(client.session.accepting());
}

// A provider goes by its attachments.
TEST(Fastjson2, AttachmentsNeverNameAnotherServiceThanTheCallsOwn) {
  KeptServer server;
  ASSERT_TRUE(server.feed(with_attachments("\xa6" + spelled("path") + spelled("p.Secret") + "\xa5")).ok());
  KeptClient client;
  ASSERT_TRUE(send(client, server.calls.at(0)).ok());
  const std::string bytes = client.drained();
  EXPECT_EQ(bytes.find("p.Secret"), std::string::npos);
  EXPECT_NE(bytes.find(spelled("path") + spelled("p.Api")), std::string::npos);

  for (const std::string& name : {spelled("path"), spelled("PATH"), "\x7f" + spelled("path") + "\x01"}) {
    KeptServer refusing;
    ASSERT_TRUE(refusing.feed(with_attachments("\xa6" + name + "\x94\xa5")).ok());
    ASSERT_EQ(refusing.refused.size(), 1u);
    EXPECT_EQ(refusing.refused[0].outcome.reason, base::Reason::wire_malformed);
    EXPECT_EQ(frames_of(refusing.drained()).at(0).head.serialization, serialization_fastjson2);
  }
}

TEST(Fastjson2, AttachmentsThatCannotBeReadAreRefused) {
  std::string deep(1000, '\x95');
  deep = "\xa6" + spelled("deep") + deep + "\xaf\xa5";
  std::string many = "\xa6";
  for (int i = 0; i < 10'000; ++i) many += spelled("k" + std::to_string(i)) + "\x01";
  many += "\xa5";
  for (const std::string& bad :
       {std::string("\x01"), "\xa6" + spelled("a"), "\xa6" + spelled("a") + spelled("b"),
        "\xa6" + spelled("a") + "\xff\xa6", std::string("\xa6\x01\x01\xa5"), deep, many}) {
    KeptServer server;
    ASSERT_TRUE(server.feed(with_attachments(bad)).ok());
    EXPECT_EQ(server.calls.size(), 0u);
    EXPECT_EQ(frames_of(server.drained()).at(0).head.status, bad == many ? 100 : 40);
  }
}

TEST(Fastjson2, ARequestThatIsCutOffAnywhereIsRefused) {
  const std::string whole = peers("text_attachments-request");
  const std::string body = frames_of(whole).at(0).body;
  for (std::size_t size = 0; size < body.size(); ++size) {
    // (On the heap, so that what is read beyond its end shows.)
    const std::vector<std::uint8_t> cut(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(size));
    Invocation call;
    EXPECT_FALSE(fastjson2::read_invocation(base::Bytes(cut.data(), cut.size()), base::Limits(), call).ok())
        << size;
  }
}

TEST(Jsonb, EveryKindOfValueIsSteppedOver) {
  const std::string bytes = peers("every_kind_of_value", ".txt");
  const std::vector<std::uint8_t> value(bytes.begin(), bytes.end());
  const std::uint8_t* const end = value.data() + value.size();
  EXPECT_EQ(jsonb::skip(value.data(), end, 32), end);
  EXPECT_EQ(jsonb::skip(value.data(), end, 3), nullptr);
  for (std::size_t size = 0; size < value.size(); ++size) {
    const std::vector<std::uint8_t> cut(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(jsonb::skip(cut.data(), cut.data() + cut.size(), 32), nullptr) << size;
  }
}

TEST(Jsonb, NumbersAndTextsComeBack) {
  for (const std::int32_t number : {0, -16, -17, 47, 48, 300, -70000, 1 << 30, INT32_MIN}) {
    std::string out;
    jsonb::append_int(out, number);
    const auto* p = reinterpret_cast<const std::uint8_t*>(out.data());
    std::int32_t read = 1;
    EXPECT_EQ(jsonb::read_int(p, p + out.size(), read), p + out.size());
    EXPECT_EQ(read, number);
  }
  for (const std::string& one : {std::string(), std::string(47, 'x'), std::string(48, 'x'),
                                 std::string("W\xc3\xb6rld \xf0\x9f\x98\x80"), std::string(70'000, 'y')}) {
    const std::string out = spelled(one);
    const auto* p = reinterpret_cast<const std::uint8_t*>(out.data());
    std::string read;
    EXPECT_EQ(jsonb::read_text(p, p + out.size(), read), p + out.size());
    EXPECT_EQ(read, one);
  }
}

}  // namespace
}  // namespace koine::codecs::calls::dubbo
