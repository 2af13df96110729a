// Calls through a whole gateway: every pair of protocols, routing, metadata, oneway, errors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using ::testing::HasSubstr;

struct Pair {
  Protocol caller;
  Protocol provider;
};

class PairTest : public ::testing::TestWithParam<Pair> {
 protected:
  ServiceSpec service() const {
    ServiceSpec spec;
    spec.protocol = GetParam().provider;
    return spec;
  }
  CallSpec echo() const {
    CallSpec spec;
    if (GetParam().caller == Protocol::grpc) spec.service = "test.orders";
    return spec;
  }
};

INSTANTIATE_TEST_SUITE_P(Every, PairTest,
                         ::testing::Values(Pair{Protocol::thrift, Protocol::thrift},
                                           Pair{Protocol::thrift, Protocol::grpc},
                                           Pair{Protocol::grpc, Protocol::thrift},
                                           Pair{Protocol::grpc, Protocol::grpc}),
                         [](const auto& one) {
                           return std::string(router::to_string(one.param.caller)) + "_to_" +
                                  std::string(router::to_string(one.param.provider));
                         });

TEST_P(PairTest, ACallIsAnsweredWithItsOwnAnswer) {
  World world;
  Provider& provider = world.provider(GetParam().provider);
  world.start({.services = {service()}});
  const auto call = world.caller(GetParam().caller).call(echo(), "hello");
  world.settle();
  ASSERT_TRUE(call->done);
  EXPECT_TRUE(call->outcome.ok()) << call->outcome.message;
  EXPECT_EQ(call->text(), "hello");
  ASSERT_EQ(provider.calls.size(), 1u);
  EXPECT_EQ(provider.calls[0]->head.method, "Echo");
  EXPECT_EQ(world.counts().exchanges, 0u);
}

TEST_P(PairTest, ManyCallersGetTheirOwnAnswersThoughProvidersAnswerOutOfOrder) {
  World world(2, 42);
  Provider& provider = world.provider(GetParam().provider);
  provider.echo = false;
  world.start({.services = {service()}});
  std::vector<std::shared_ptr<CallRecord>> calls;
  for (int c = 0; c < 8; ++c) {
    Caller& caller = world.caller(GetParam().caller);
    for (int i = 0; i < 10; ++i)
      calls.push_back(caller.call(echo(), std::to_string(c) + "/" + std::to_string(i)));
  }
  std::size_t answered = 0;
  while (answered < calls.size()) {
    world.settle();
    ASSERT_GT(provider.calls.size(), answered) << "nothing more arrives";
    // Of those that wait, the last first.
    for (std::size_t i = provider.calls.size(); i-- > 0;) {
      if (provider.calls[i]->answered) continue;
      provider.answer(*provider.calls[i], provider.calls[i]->text());
      ++answered;
    }
  }
  world.settle();
  for (const auto& call : calls) {
    EXPECT_EQ(call->ends, 1);
    EXPECT_EQ(call->text(), call->sent);
  }
}

TEST_P(PairTest, TheProvidersErrorReachesTheCaller) {
  World world;
  Provider& provider = world.provider(GetParam().provider);
  provider.echo = false;
  world.start({.services = {service()}});
  const auto call = world.caller(GetParam().caller).call(echo(), "x");
  world.settle();
  ASSERT_EQ(provider.calls.size(), 1u);
  provider.fail(*provider.calls[0], model::Code::internal, "out of paper");
  world.settle();
  ASSERT_TRUE(call->done);
  EXPECT_FALSE(call->outcome.ok());
  EXPECT_THAT(call->outcome.message, HasSubstr("out of paper"));
}

TEST_P(PairTest, AValueWithoutAFormIsRefusedBeforeAnythingIsSent) {
  World world;
  Provider& provider = world.provider(GetParam().provider);
  world.start({.services = {service()}});
  const auto call = world.caller(GetParam().caller).call(echo(), "unmappable");
  world.settle();
  ASSERT_TRUE(call->done);
  EXPECT_FALSE(call->outcome.ok());
  EXPECT_THAT(call->outcome.message, HasSubstr("MAP_RANGE at order.id"));
  EXPECT_TRUE(provider.calls.empty());
  EXPECT_EQ(provider.connections_ever(), 0u);
  EXPECT_THAT(world.metrics(), HasSubstr("koine_transcode_refusals_total{reason=\"MAP_RANGE\"} 1"));
}

TEST_P(PairTest, AnUnknownMethodIsAnErrorThatNamesWhatThereIs) {
  World world;
  world.start({.services = {service()}});
  CallSpec spec = echo();
  spec.method = "Nothing";
  const auto call = world.caller(GetParam().caller).call(spec, "x");
  world.settle();
  ASSERT_TRUE(call->done);
  EXPECT_EQ(call->outcome.code, model::Code::unimplemented);
  EXPECT_THAT(call->outcome.message, HasSubstr("Nothing"));
}

TEST_P(PairTest, AConnectionServesManyCallsOneAfterTheOther) {
  World world;
  Provider& provider = world.provider(GetParam().provider);
  world.start({.services = {service()}});
  Caller& caller = world.caller(GetParam().caller);
  for (int i = 0; i < 50; ++i) {
    const auto call = caller.call(echo(), std::to_string(i));
    world.settle();
    ASSERT_EQ(call->text(), std::to_string(i));
  }
  EXPECT_EQ(provider.connections_ever(), 1u);
  EXPECT_EQ(provider.calls.size(), 50u);
}

TEST(Calls, MetadataGoesToProvidersThatCanCarryItAndIsCountedWhereItCannot) {
  World world;
  Provider& grpc = world.provider(Protocol::grpc, "10.0.0.1:1");
  world.provider(Protocol::thrift, "10.0.0.1:2");
  ServiceSpec carries{.name = "carries", .protocol = Protocol::grpc, .endpoints = {"10.0.0.1:1"}};
  ServiceSpec drops{.name = "drops", .protocol = Protocol::thrift, .endpoints = {"10.0.0.1:2"}};
  world.start({.services = {carries, drops}});
  CallSpec spec;
  spec.metadata.add("x-tenant", "blue");
  Caller& caller = world.caller(Protocol::grpc);
  spec.service = "test.carries";
  const auto first = caller.call(spec, "a");
  spec.service = "test.drops";
  const auto second = caller.call(spec, "b");
  world.settle();
  EXPECT_EQ(first->text(), "a");
  EXPECT_EQ(second->text(), "b");
  ASSERT_EQ(grpc.calls.size(), 1u);
  EXPECT_EQ(grpc.calls[0]->head.metadata.get("x-tenant"), "blue");
  EXPECT_EQ(grpc.calls[0]->head.service, "test.carries");
  EXPECT_THAT(world.metrics(), HasSubstr("koine_gateway_dropped_metadata_total{service=\"drops\""));
}

TEST(Calls, WhatATranslationLosesIsCountedAndTheLogNamesEachDroppedFieldOnce) {
  World world;
  world.provider(Protocol::thrift);
  world.start({});
  Caller& caller = world.caller(Protocol::grpc);
  for (int i = 0; i < 3; ++i) {
    const auto call = caller.call({.service = "test.orders"}, "newer");
    world.settle();
    EXPECT_EQ(call->text(), "newer");
  }
  caller.call({.service = "test.orders"}, "lossy");
  world.settle();
  const std::string labels = R"({service="orders",method="Echo",caller="grpc",provider="thrift",)";
  // The request's and the answer's.
  EXPECT_THAT(world.metrics(),
              HasSubstr("koine_transcode_dropped_fields_total" + labels + R"(reason="unknown"} 6)"));
  EXPECT_THAT(world.metrics(),
              HasSubstr("koine_transcode_lost_values_total" + labels + R"(allowance="F64_TO_F32"} 2)"));
  const auto told = [&](const std::string& side) {
    const std::string line =
        "field_dropped service=orders method=Echo side=" + side + " field=7 reason=unknown";
    std::size_t count = 0;
    for (std::size_t at = world.log().find(line); at != std::string::npos;
         at = world.log().find(line, at + 1)) {
      ++count;
    }
    return count;
  };
  EXPECT_EQ(told("request"), 1u) << world.log();
  EXPECT_EQ(told("answer"), 1u) << world.log();
}

TEST(Calls, WhatMessagesOfAStreamLoseIsCountedToo) {
  World world;
  world.provider(Protocol::grpc);
  world.start({.services = {{.protocol = Protocol::grpc}}});
  Caller& caller = world.caller(Protocol::grpc);
  const auto chat =
      caller.open({.service = "test.orders", .method = "Chat", .kind = model::MethodKind::bidi});
  world.settle();
  caller.send(chat, "newer");
  world.settle();
  EXPECT_THAT(world.log(), HasSubstr("field_dropped service=orders method=Chat side=request field=7"));
}

TEST(Calls, OnewayOfAThriftCallerKeepsNobodyWaiting) {
  for (const Protocol protocol : {Protocol::thrift, Protocol::grpc}) {
    World world;
    Provider& provider = world.provider(protocol);
    world.start({.services = {{.protocol = protocol}}});
    Caller& caller = world.caller(Protocol::thrift);
    provider.echo = false;
    const auto post = caller.call({.method = "Post", .kind = model::MethodKind::oneway}, "note");
    world.settle();
    ASSERT_EQ(provider.calls.size(), 1u);
    EXPECT_EQ(provider.calls[0]->text(), "note");
    // The gRPC provider has not answered; calls behind the oneway are answered all the same.
    provider.echo = true;
    const auto echo = caller.call({}, "next");
    world.settle();
    EXPECT_EQ(echo->text(), "next");
  }
}

TEST(Calls, AGrpcCallOfAOnewayMethodIsAnsweredOnceItIsSent) {
  World world;
  Provider& provider = world.provider(Protocol::thrift);
  world.start({});
  const auto call = world.caller(Protocol::grpc).call({.service = "test.orders", .method = "Post"}, "note");
  world.settle();
  ASSERT_EQ(provider.calls.size(), 1u);
  EXPECT_EQ(provider.calls[0]->head.kind, model::MethodKind::oneway);
  EXPECT_TRUE(call->done);
}

TEST(Calls, TheListenersDefaultServiceDecidesWhatPlainThriftMeans) {
  World world;
  Provider& a = world.provider(Protocol::thrift, "10.0.0.1:1");
  Provider& b = world.provider(Protocol::thrift, "10.0.0.1:2");
  SnapshotSpec spec;
  spec.services = {{.name = "a", .endpoints = {"10.0.0.1:1"}}, {.name = "b", .endpoints = {"10.0.0.1:2"}}};
  spec.default_service = "b";
  world.start(spec);
  world.caller(Protocol::thrift).call({}, "x");
  world.settle();
  EXPECT_EQ(a.calls.size(), 0u);
  EXPECT_EQ(b.calls.size(), 1u);
}

TEST(Calls, SeveralOwnersWithoutADefaultAreAnErrorThatNamesThem) {
  World world;
  SnapshotSpec spec;
  spec.services = {{.name = "a"}, {.name = "b"}};
  world.start(spec);
  const auto call = world.caller(Protocol::thrift).call({}, "x");
  world.settle();
  ASSERT_TRUE(call->done);
  EXPECT_THAT(call->outcome.message, HasSubstr("a, b"));
}

TEST(Calls, TheAccessLogHasOneLineForEveryCallAndNothingIsLost) {
  World world;
  world.provider(Protocol::thrift);
  std::string lines;
  world.options.access_log_sink = std::make_unique<TextSink>(&lines);
  world.start({.access_log = true});
  Caller& caller = world.caller(Protocol::grpc);
  for (int i = 0; i < 20; ++i) caller.call({.service = "test.orders"}, "x");
  caller.call({.service = "test.nobody"}, "x");
  world.settle();
  world.stop();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 21);
  EXPECT_THAT(
      lines,
      HasSubstr(
          R"("service":"orders","method":"Echo","caller":"grpc","provider":"thrift","path":"transcode","code":"OK")"));
  EXPECT_THAT(lines, HasSubstr(R"("reason":"CALL_UNKNOWN_SERVICE")"));
  EXPECT_THAT(lines, HasSubstr(R"("endpoint":"10.0.0.1:9090")"));
}

}  // namespace
}  // namespace koine::gateway::testing
