// A bidirectional stream through the gateway: messages, ends, cancel, backpressure both ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::second_ns;
using ::testing::ElementsAre;

class StreamTest : public ::testing::Test {
 protected:
  void start() {
    provider_ = &world_.provider(Protocol::grpc);
    world_.start({.services = {{.protocol = Protocol::grpc}}});
    caller_ = &world_.caller(Protocol::grpc);
  }
  std::shared_ptr<CallRecord> chat() {
    CallSpec spec;
    spec.service = "test.orders";
    spec.method = "Chat";
    spec.kind = model::MethodKind::bidi;
    const auto call = caller_->open(spec);
    world_.settle();
    return call;
  }

  World world_;
  Provider* provider_ = nullptr;
  Caller* caller_ = nullptr;
};

TEST_F(StreamTest, MessagesGoBothWaysOneByOneUntilBothSidesEnd) {
  start();
  const auto call = chat();
  ASSERT_EQ(provider_->calls.size(), 1u) << "the stream begins before its first message";
  for (const char* text : {"one", "two", "three"}) {
    caller_->send(call, text);
    world_.settle();
    EXPECT_EQ(call->texts.back(), text);
  }
  EXPECT_FALSE(call->done);
  caller_->end(call);
  world_.settle();
  EXPECT_TRUE(call->done);
  EXPECT_TRUE(call->outcome.ok());
  EXPECT_THAT(call->texts, ElementsAre("one", "two", "three"));
  EXPECT_THAT(provider_->calls[0]->texts, ElementsAre("one", "two", "three"));
  EXPECT_EQ(world_.counts().exchanges, 0u);
}

TEST_F(StreamTest, AnErrorOfTheProviderEndsTheStream) {
  start();
  provider_->echo = false;
  const auto call = chat();
  caller_->send(call, "one");
  world_.settle();
  provider_->send(*provider_->calls[0], "half");
  provider_->finish(*provider_->calls[0], model::Code::aborted);
  world_.settle();
  ASSERT_TRUE(call->done);
  EXPECT_EQ(call->outcome.code, model::Code::aborted);
  EXPECT_THAT(call->texts, ElementsAre("half"));
}

TEST_F(StreamTest, ACancelReachesTheProvider) {
  start();
  const auto call = chat();
  caller_->send(call, "one");
  world_.settle();
  caller_->cancel(call);
  world_.settle();
  EXPECT_TRUE(provider_->calls[0]->cancelled);
  EXPECT_EQ(world_.counts().exchanges, 0u);
}

TEST_F(StreamTest, TheDeadlineEndsBothSides) {
  start();
  const auto call = chat();
  world_.advance(16 * second_ns);
  EXPECT_EQ(call->outcome.code, model::Code::deadline_exceeded) << call->outcome.message;
  EXPECT_TRUE(provider_->calls[0]->cancelled);
}

TEST_F(StreamTest, AProviderThatDoesNotReadStopsTheCaller) {
  start();
  provider_->echo = false;
  const auto call = chat();
  provider_->pause(*provider_->calls[0]);
  const std::string big(64 << 10, 'x');
  std::size_t sent = 0;
  while (call->writable && sent < 1000) {
    caller_->send(call, big);
    ++sent;
    world_.settle();
  }
  EXPECT_LT(sent, 100u) << "64 MiB were taken in for a provider that reads nothing";
  EXPECT_FALSE(call->writable);
  provider_->resume(*provider_->calls[0]);
  world_.settle();
  EXPECT_TRUE(call->writable);
  EXPECT_EQ(provider_->calls[0]->texts.size(), sent);
  for (const std::string& text : provider_->calls[0]->texts) ASSERT_EQ(text, big);
}

TEST_F(StreamTest, ACallerThatDoesNotReadStopsTheProviderAndLosesNothing) {
  start();
  provider_->echo = false;
  const auto call = chat();
  caller_->pause(call);
  const std::string big(64 << 10, 'y');
  for (int i = 0; i < 200; ++i) provider_->send(*provider_->calls[0], big);
  provider_->finish(*provider_->calls[0]);
  world_.settle();
  EXPECT_LT(call->texts.size(), 200u);
  EXPECT_FALSE(call->done);
  // Another call of the same connection goes on meanwhile.
  CallSpec echo;
  echo.service = "test.orders";
  provider_->echo = true;
  const auto other = caller_->call(echo, "other");
  world_.settle();
  EXPECT_EQ(other->text(), "other");
  caller_->resume(call);
  world_.settle();
  ASSERT_TRUE(call->done);
  EXPECT_TRUE(call->outcome.ok()) << call->outcome.message;
  EXPECT_EQ(call->texts.size(), 200u);
}

TEST_F(StreamTest, AProviderThatDiesEndsTheStream) {
  start();
  const auto call = chat();
  caller_->send(call, "one");
  world_.settle();
  provider_->close_connections();
  world_.settle();
  ASSERT_TRUE(call->done);
  EXPECT_EQ(call->outcome.code, model::Code::unavailable);
  EXPECT_EQ(call->ends, 1);
}

TEST_F(StreamTest, ACallerThatDisconnectsEndsTheStreamAtTheProvider) {
  start();
  chat();
  caller_->close();
  world_.settle();
  EXPECT_TRUE(provider_->calls[0]->cancelled);
  EXPECT_EQ(world_.counts().exchanges, 0u);
}

TEST_F(StreamTest, AnUnknownStreamMethodIsAnError) {
  start();
  CallSpec spec;
  spec.service = "test.orders";
  spec.method = "Nothing";
  const auto call = caller_->open(spec);
  caller_->send(call, "x", true);
  world_.settle();
  ASSERT_TRUE(call->done);
  EXPECT_EQ(call->outcome.code, model::Code::unimplemented);
}

}  // namespace
}  // namespace koine::gateway::testing
