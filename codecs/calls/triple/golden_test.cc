// What real consumers and providers sent one another (testdata/ says who).
#include <string>

#include "codecs/bodies/triple_wrapper/wrapper.h"
#include "codecs/calls/triple/triple_test_support.h"

namespace koine::codecs::calls::triple {
namespace {

using model::BodyFormat;
using model::Code;

TEST(TripleGolden, JavasCallsAreReadHoweverTheyAreCut) {
  const std::string bytes = golden("java-3.3.6/consumer.hex");
  for (const std::size_t step : {bytes.size(), std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
    KeptServer server;
    ASSERT_TRUE(server.feed(bytes, step).ok());
    ASSERT_TRUE(server.refused.empty()) << server.refused[0].message;
    ASSERT_EQ(server.calls.size(), 12u);
    const model::CallHead& label = server.calls[0].head;
    EXPECT_EQ(label.protocol, "triple");
    EXPECT_EQ(label.service, shop);
    EXPECT_EQ(label.method, "label");
    EXPECT_EQ(label.signature, "Lkoine/interop/shop/Item;I");
    EXPECT_EQ(label.timeout_ns, 60 * base::second_ns);
    EXPECT_FALSE(label.metadata.has("timeout"));
    EXPECT_EQ(label.metadata.get("tri-consumer-appname"), "koine-interop-consumer");
    EXPECT_EQ(server.calls[1].head.service, "blue/koine.interop.shop.InteropService:2.0.0");
    EXPECT_EQ(server.calls[1].head.signature, "");
    EXPECT_FALSE(server.calls[1].head.metadata.has("tri-service-group"));
    EXPECT_EQ(server.calls[2].head.metadata.get("x-koine-greeting"), "hello");
    EXPECT_EQ(server.calls[3].head.metadata.get("x-koine-blob-bin"), std::string_view("\0\xff\x80\x0a", 4));
    EXPECT_EQ(server.calls[9].head.timeout_ns, 600 * base::millisecond_ns);
    for (const KeptCall& call : server.calls) {
      EXPECT_EQ(call.format, BodyFormat::triple_wrapper);
      EXPECT_EQ(call.head.body_format, BodyFormat::triple_wrapper);
      EXPECT_TRUE(call.body.starts_with("\n\x08hessian4"));
    }
  }
}

TEST(TripleGolden, NamesThatHadACaseHaveItAgain) {
  KeptServer server;
  ASSERT_TRUE(server.feed(golden("java-3.3.6/consumer_names.hex")).ok());
  ASSERT_EQ(server.calls.size(), 1u);
  const model::Metadata& metadata = server.calls[0].head.metadata;
  EXPECT_EQ(metadata.get("somename"), "a value");
  EXPECT_EQ(metadata.get("plain"), "\xe4");
  std::string names;
  for (std::size_t i = 0; i < metadata.size(); ++i) names.append(metadata.wire_name(i)).append(" ");
  EXPECT_EQ(names, "tri-consumer-appname someName plain rawBytes-bin ");
}

TEST(TripleGolden, GosCallsAreReadAndItsLookAfterTheProvidersHealthIsNoCallOfTriples) {
  KeptServer server(
      [](std::string_view service) { return service == shop ? ServiceOwner::both : ServiceOwner::wire; });
  ASSERT_TRUE(server.feed(golden("go-3.3.2/consumer.hex"), 5).ok());
  ASSERT_EQ(server.calls.size(), 3u);
  EXPECT_EQ(server.calls[0].head.signature, "Lkoine/interop/shop/Item;I");
  // Its `timeout` of 3 s is not what it waits for.
  EXPECT_GT(server.calls[0].head.timeout_ns, 59 * base::second_ns);
  EXPECT_FALSE(server.calls[0].head.metadata.has("interface"));
  EXPECT_EQ(server.calls[1].head.protocol, "grpc");
  EXPECT_EQ(server.calls[1].head.service, "grpc.health.v1.Health");
  EXPECT_EQ(server.calls[1].format, BodyFormat::protobuf);
  EXPECT_EQ(server.calls[2].head.protocol, "triple");
  EXPECT_EQ(server.calls[2].head.metadata.get("x-koine-tag"), "caller");
}

// The same calls, from our own client half.
TEST(TripleGolden, EveryCallWrittenAgainMeansTheSame) {
  for (const char* name :
       {"java-3.3.6/consumer.hex", "java-3.3.6/consumer_names.hex", "go-3.3.2/consumer.hex"}) {
    KeptServer server([](std::string_view service) {
      return service.find("Health") == service.npos ? ServiceOwner::codec : ServiceOwner::wire;
    });
    ASSERT_TRUE(server.feed(golden(name)).ok());
    KeptClient client;
    KeptServer again;
    for (const KeptCall& call : server.calls) {
      if (call.head.protocol != "triple") continue;
      const std::size_t before = again.calls.size();
      ASSERT_TRUE(client.start(before + 1, call.head, call.body).ok());
      run(client, again);
      ASSERT_EQ(again.calls.size(), before + 1);
      const KeptCall& copy = again.calls.back();
      EXPECT_EQ(copy.body, call.body);
      EXPECT_EQ(copy.head.service, call.head.service);
      EXPECT_EQ(copy.head.method, call.head.method);
      EXPECT_EQ(copy.head.signature, call.head.signature);
      EXPECT_EQ(copy.head.timeout_ns, call.head.timeout_ns);
      for (std::size_t i = 0; i < call.head.metadata.size(); ++i) {
        const auto [key, value] = call.head.metadata[i];
        EXPECT_EQ(copy.head.metadata.get(key), value) << key;
        bool cased = false;
        for (std::size_t j = 0; j < copy.head.metadata.size(); ++j) {
          cased = cased || copy.head.metadata.wire_name(j) == call.head.metadata.wire_name(i);
        }
        EXPECT_TRUE(cased) << call.head.metadata.wire_name(i);
      }
    }
  }
}

// Calls whose answers are in a recording, which begins with stream 3.
void ask(KeptClient& client, std::initializer_list<std::string_view> methods) {
  CallId id = 1;
  ASSERT_TRUE(client.start(id, call_head(shop, "nobodyAnswers"), wrapped_seven()).ok());
  for (const std::string_view method : methods) {
    ASSERT_TRUE(client.start(id += 2, call_head(shop, method), wrapped_seven()).ok());
  }
  base::Buffer out;
  client.session->drain(out);
}

TEST(TripleGolden, JavasAnswersAreValuesExceptionsAndStatuses) {
  const std::string bytes = golden("java-3.3.6/provider.hex");
  for (const std::size_t step : {bytes.size(), std::size_t{1}, std::size_t{11}}) {
    KeptClient client;
    ask(client, {"label", "greet", "exchange", "exchange", "findItem", "fail", "noSuchMethod", "greet",
                 "greet", "linger", "seen", "stamp"});
    ASSERT_TRUE(feed_in_steps(*client.session, bytes, step, nullptr).ok());
    ASSERT_EQ(client.replies.size(), 11u);

    const model::Reply& label = client.reply(3);
    EXPECT_TRUE(label.outcome.ok());
    EXPECT_EQ(label.message.format, BodyFormat::triple_wrapper);
    EXPECT_EQ(label.message.bytes.to_string(),
              field(1, "hessian4") + field(2, "\ttwo items") + field(3, "java.lang.String"));
    EXPECT_EQ(client.reply(7).outcome.trailers.get("x-koine-reply"), "world");
    EXPECT_EQ(client.reply(11).message.bytes.to_string(),
              field(1, "hessian4") + field(2, "N") + field(3, "koine.interop.shop.Item"));

    const model::Reply& thrown = client.reply(13);
    EXPECT_TRUE(thrown.outcome.thrown);
    EXPECT_EQ(thrown.outcome.code, Code::unknown);
    EXPECT_EQ(thrown.outcome.origin, model::Origin::application);
    EXPECT_EQ(thrown.outcome.message, "koine.interop.shop.NotFoundException: no such shelf: ä");
    EXPECT_TRUE(thrown.has_message);

    const model::Outcome& no_method = client.reply(15).outcome;  // :status 500
    EXPECT_FALSE(no_method.thrown);
    EXPECT_EQ(no_method.code, Code::unknown);
    EXPECT_EQ(no_method.native_code, 2);
    const model::Outcome& no_service = client.reply(17).outcome;  // :status 404
    EXPECT_EQ(no_service.code, Code::unimplemented);
    EXPECT_EQ(no_service.message, "Invoker for gRPC not found");
  }
}

TEST(TripleGolden, GosAnswersAreUnpackedAndWhatTheyEchoIsNotPassedOn) {
  KeptClient client;
  ask(client, {"greet", "exchange", "placeOrder", "findItem", "fail", "noSuchMethod", "greet", "greet",
               "linger", "seen", "stamp"});
  ASSERT_TRUE(feed_in_steps(*client.session, golden("go-3.3.2/provider.hex"), 13, nullptr).ok());
  const model::Reply& greet = client.reply(3);
  EXPECT_TRUE(greet.outcome.ok());
  bodies::triple_wrapper::AnswerWrapper wrapper;
  const std::string message = greet.message.bytes.to_string();
  ASSERT_TRUE(
      bodies::triple_wrapper::read_answer_wrapper(base::as_bytes(message), base::Limits(), wrapper).ok());
  EXPECT_EQ(wrapper.serialization, "hessian2");
  EXPECT_EQ(std::string(wrapper.value.begin(), wrapper.value.end()), "\x15hello from blue 2.0.0");
  for (const char* name : {"timeout", "grpc-timeout", "tri-service-group", "tri-service-version"}) {
    EXPECT_FALSE(greet.outcome.trailers.has(name)) << name;
  }
  EXPECT_EQ(client.reply(5).outcome.trailers.get("x-koine-tag"), "provider");
  EXPECT_EQ(client.reply(11).outcome.code, Code::unknown);
  EXPECT_EQ(client.reply(11).outcome.message, "no such shelf: ä");
  EXPECT_EQ(client.reply(13).outcome.code, Code::unimplemented);  // text/plain
  EXPECT_EQ(client.reply(15).outcome.code, Code::unimplemented);
}

// To a consumer of either kind.
TEST(TripleGolden, JavasAnswersAreWrittenAgainAsTheyCame) {
  KeptClient client;
  ask(client, {"label", "greet", "exchange", "exchange", "findItem", "fail", "noSuchMethod", "greet", "greet",
               "linger", "seen", "stamp"});
  ASSERT_TRUE(feed_in_steps(*client.session, golden("java-3.3.6/provider.hex"), 999, nullptr).ok());
  for (auto& [id, reply] : client.replies) {
    KeptServer server;
    KeptClient consumer;
    ASSERT_TRUE(consumer.start(id, call_head(shop, "m"), wrapped_seven()).ok());
    run(consumer, server);
    const model::Outcome outcome = reply.outcome;
    const std::string body = reply.message.bytes.to_string();
    server.session->reply(server.calls.at(0).id, std::move(reply));
    run(consumer, server);
    const model::Reply& copy = consumer.reply(id);
    EXPECT_EQ(copy.outcome.thrown, outcome.thrown);
    EXPECT_EQ(copy.outcome.code, outcome.code);
    EXPECT_EQ(copy.outcome.native_code, outcome.native_code);
    EXPECT_EQ(copy.outcome.message, outcome.message);
    EXPECT_EQ(copy.outcome.trailers.get("x-koine-reply"), outcome.trailers.get("x-koine-reply"));
    EXPECT_EQ(copy.message.bytes.to_string(), body);
  }
}

}  // namespace
}  // namespace koine::codecs::calls::triple
