// What callers and providers can make the gateway hold: callers that never read, that upload without end,
// that take nothing for long; and that all of it is given when they behave again.
#include <charconv>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::millisecond_ns;
using base::second_ns;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t message_bytes = 512u << 10;

// 4 MiB a connection, half for requests and half for answers; messages of up to 512 KiB.
base::Limits small_limits() {
  base::Limits limits;
  limits.message_bytes_max = message_bytes + 1024;
  limits.connection_memory_bytes_max = 4 * limits.message_bytes_max * 2;
  return limits;
}

CallSpec echo(Protocol caller) {
  CallSpec spec;
  if (caller == Protocol::grpc) spec.service = "test.orders";
  return spec;
}

double gauge(const World& world, const std::string& name) {
  const std::string page = world.metrics();
  const std::size_t at = page.find("\n" + name + " ");
  double value = -1;
  if (at != std::string::npos) {
    std::from_chars(page.data() + at + name.size() + 2, page.data() + page.size(), value);
  }
  return value;
}

struct Ends {
  Protocol caller;
  Protocol provider;
};
struct MemoryTest : ::testing::TestWithParam<Ends> {
  World world{1};
  void start(std::uint32_t pipelined_max = 1) {
    world.start({.services = {{.protocol = GetParam().provider, .pipelined_max = pipelined_max}},
                 .default_service = "orders",
                 .limits = small_limits()});
  }
};
INSTANTIATE_TEST_SUITE_P(Pairs, MemoryTest,
                         ::testing::Values(Ends{Protocol::grpc, Protocol::grpc},
                                           Ends{Protocol::grpc, Protocol::thrift},
                                           Ends{Protocol::thrift, Protocol::grpc},
                                           Ends{Protocol::thrift, Protocol::thrift}));

TEST_P(MemoryTest, ACallerThatReadsNothingHoldsNoMoreThanItsPartAndGetsEverythingLater) {
  Provider& provider = world.provider(GetParam().provider);
  provider.echo = false;
  start();
  Caller& caller = world.caller(GetParam().caller);
  world.settle();
  caller.stream().pause_reading();
  std::vector<std::shared_ptr<CallRecord>> calls;
  for (int i = 0; i < 60; ++i) calls.push_back(caller.call(echo(GetParam().caller), std::to_string(i)));
  world.settle();
  const auto answer_all = [&] {
    for (const auto& call : provider.calls) {
      if (!call->answered) provider.answer(*call, call->text() + std::string(message_bytes, '.'));
    }
    world.settle();
  };
  answer_all();
  answer_all();
  const double most = static_cast<double>(small_limits().connection_memory_bytes_max);
  EXPECT_LE(gauge(world, "koine_gateway_held_bytes"), most);
  // A window of each of 60 streams, and what the slabs round up.
  EXPECT_LE(gauge(world, "koine_gateway_buffer_bytes"), 1.5 * most + 60 * 2 * (64 << 10));
  EXPECT_GE(gauge(world, "koine_gateway_held_bytes"), most / 4) << "nothing was held at all";
  caller.stream().resume_reading();
  for (int round = 0; round < 70; ++round) {
    world.settle();
    answer_all();
  }
  for (const auto& call : calls) {
    ASSERT_TRUE(call->done) << call->sent;
    EXPECT_EQ(call->text(), call->sent + std::string(message_bytes, '.')) << call->outcome.message;
  }
  EXPECT_EQ(gauge(world, "koine_gateway_held_bytes"), 0);
  EXPECT_EQ(gauge(world, "koine_gateway_connections_held_back"), 0);
}

TEST_P(MemoryTest, UploadsBeyondItsPartWaitAndAreAllServed) {
  Provider& provider = world.provider(GetParam().provider);
  provider.echo = false;
  start();
  Caller& caller = world.caller(GetParam().caller);
  std::vector<std::shared_ptr<CallRecord>> calls;
  for (int i = 0; i < 40; ++i) {
    calls.push_back(
        caller.call(echo(GetParam().caller), std::to_string(i) + std::string(message_bytes, 'u')));
  }
  world.settle();
  const double most = static_cast<double>(small_limits().connection_memory_bytes_max);
  EXPECT_LE(gauge(world, "koine_gateway_held_bytes"), most / 2 + 40 * (64 << 10) + message_bytes);
  EXPECT_LE(provider.calls.size(), 6u);
  EXPECT_THAT(world.metrics(), Not(HasSubstr("LIMIT_MEMORY\",")));
  std::size_t answered = 0;
  while (answered < calls.size()) {
    ASSERT_LT(answered, provider.calls.size()) << "stuck";
    for (; answered < provider.calls.size(); ++answered) provider.answer(*provider.calls[answered], "ok");
    world.settle();
  }
  for (const auto& call : calls) EXPECT_EQ(call->text(), "ok") << call->outcome.message;
  EXPECT_EQ(gauge(world, "koine_gateway_held_bytes"), 0);
}

TEST_P(MemoryTest, ACallerThatTakesNothingOfItsAnswerIsClosedAtTheTimer) {
  Provider& provider = world.provider(GetParam().provider);
  provider.echo = false;
  start();
  Caller& caller = world.caller(GetParam().caller);
  world.settle();
  caller.stream().pause_reading();
  const auto call = caller.call(echo(GetParam().caller), "x");
  world.settle();
  ASSERT_EQ(provider.calls.size(), 1u);
  provider.answer(*provider.calls[0], std::string(message_bytes, 'x'));
  world.settle();
  world.advance(299 * second_ns);
  EXPECT_EQ(world.counts().connections, 1u);
  world.advance(80 * second_ns);
  EXPECT_EQ(world.counts().connections, 0u);
  EXPECT_THAT(world.metrics(),
              HasSubstr(R"(koine_limit_hits_total{limit="blocked_output_timeout",reason="LIMIT_IDLE"} 1)"));
  EXPECT_THAT(world.log(), HasSubstr("connection_closed"));
  EXPECT_EQ(gauge(world, "koine_gateway_held_bytes"), 0);
}

TEST_P(MemoryTest, TooMuchInAllClosesWhoHoldsMostAndServesTheOthers) {
  Provider& provider = world.provider(GetParam().provider);
  provider.echo = false;
  base::Limits limits = small_limits();
  limits.memory_bytes_max = 2u << 20;
  world.start(
      {.services = {{.protocol = GetParam().provider}}, .default_service = "orders", .limits = limits});
  Caller& greedy = world.caller(GetParam().caller);
  Caller& modest = world.caller(GetParam().caller);
  const auto first = modest.call(echo(GetParam().caller), "small");
  world.settle();
  std::vector<std::shared_ptr<CallRecord>> calls;
  for (int i = 0; i < 8; ++i) {
    calls.push_back(greedy.call(echo(GetParam().caller), std::string(message_bytes, 'g')));
  }
  world.settle();
  EXPECT_TRUE(greedy.closed());
  ASSERT_FALSE(modest.closed());
  provider.answer(*provider.calls.front(), "answer");
  world.settle();
  EXPECT_EQ(first->text(), "answer") << first->outcome.message;
  provider.echo = true;
  world.advance(second_ns);
  const auto next = modest.call(echo(GetParam().caller), "next");
  world.settle();
  EXPECT_EQ(next->text(), "next") << next->outcome.message;
  EXPECT_THAT(world.metrics(),
              HasSubstr(R"(koine_limit_hits_total{limit="memory_bytes_max",reason="LIMIT_MEMORY"})"));
  EXPECT_THAT(world.log(), HasSubstr("this connection holds most"));
}

// Callers that were answered and read nothing of it: about a MiB each is left lying.
struct TightTest : MemoryTest {
  static constexpr std::size_t memory_bytes = 8u << 20;
  std::vector<Caller*> silent;
  std::vector<std::shared_ptr<CallRecord>> left_lying;

  void start_tight(std::size_t callers, std::uint32_t connections_max = 64) {
    provider().echo = false;
    base::Limits limits = small_limits();
    limits.memory_bytes_max = memory_bytes;
    world.start({.services = {{.protocol = GetParam().provider, .connections_max = connections_max}},
                 .default_service = "orders",
                 .limits = limits});
    for (std::size_t i = 0; i < callers; ++i) add_silent();
  }
  Provider& provider() {
    if (provider_ == nullptr) provider_ = &world.provider(GetParam().provider);
    return *provider_;
  }
  Caller& add_silent() {
    Caller& caller = world.caller(GetParam().caller);
    world.settle();
    caller.stream().pause_reading();
    silent.push_back(&caller);
    for (int i = 0; i < 2; ++i) left_lying.push_back(caller.call(echo(GetParam().caller), "silent"));
    for (int i = 0; i < 2; ++i) {
      world.settle();
      answer_all(std::string(message_bytes, 's'));
    }
    return caller;
  }
  void answer_all(const std::string& text) {
    for (std::size_t i = 0; i < provider().calls.size(); ++i) {
      if (!provider().calls[i]->answered) provider().answer(*provider().calls[i], text);
    }
    world.settle();
  }

 private:
  Provider* provider_ = nullptr;
};
INSTANTIATE_TEST_SUITE_P(Pairs, TightTest,
                         ::testing::Values(Ends{Protocol::grpc, Protocol::grpc},
                                           Ends{Protocol::grpc, Protocol::thrift},
                                           Ends{Protocol::thrift, Protocol::grpc},
                                           Ends{Protocol::thrift, Protocol::thrift}));

TEST_P(TightTest, WhoReadsNothingIsRefusedAndNobodyElse) {
  start_tight(6);
  Caller& reader = world.caller(GetParam().caller);
  ASSERT_GE(gauge(world, "koine_gateway_buffer_bytes"), memory_bytes / 2);
  ASSERT_LT(gauge(world, "koine_gateway_buffer_bytes"), memory_bytes / 8 * 7);
  world.advance(150 * millisecond_ns);
  const std::size_t before = provider().calls.size();
  const auto refused = silent.front()->call(echo(GetParam().caller), "more");
  world.settle();
  EXPECT_EQ(provider().calls.size(), before) << "the provider works for a caller that does not read";
  const auto served = reader.call(echo(GetParam().caller), "read");
  world.settle();
  ASSERT_EQ(provider().calls.size(), before + 1);
  answer_all("answer");
  EXPECT_EQ(served->text(), "answer") << served->outcome.message;
  for (Caller* one : silent) EXPECT_FALSE(one->closed());
  // All of it is there when they read after all, and then they are served again.
  for (Caller* one : silent) one->stream().resume_reading();
  world.settle();
  for (const auto& call : left_lying) EXPECT_EQ(call->text(), std::string(message_bytes, 's'));
  if (GetParam().caller == Protocol::grpc) {
    ASSERT_TRUE(refused->done);
    EXPECT_EQ(refused->outcome.code, model::Code::resource_exhausted);
    EXPECT_THAT(refused->outcome.message, HasSubstr("unread"));
    EXPECT_THAT(world.metrics(),
                HasSubstr(R"(koine_limit_hits_total{limit="memory_bytes_max",reason="LIMIT_MEMORY"} 1)"));
  } else {
    // With that much unread a Thrift connection was not even read.
    answer_all("late");
    EXPECT_EQ(refused->text(), "late") << refused->outcome.message;
  }
  const auto again = silent.front()->call(echo(GetParam().caller), "again");
  world.settle();
  answer_all("answer");
  EXPECT_EQ(again->text(), "answer") << again->outcome.message;
}

TEST_P(TightTest, ASlowReaderIsServed) {
  start_tight(6);
  world.advance(150 * millisecond_ns);
  Caller& slow = *silent.front();
  const auto served = slow.call(echo(GetParam().caller), "slow");
  for (int i = 0; i < 60; ++i) {  // a little between any two looks
    slow.stream().resume_reading();
    world.advance(millisecond_ns);
    slow.stream().pause_reading();
    world.advance(20 * millisecond_ns);
    if (served->done) break;
    answer_all("answer");
  }
  EXPECT_TRUE(served->done);
  const auto next = slow.call(echo(GetParam().caller), "next");
  world.settle();
  answer_all("answer");
  slow.stream().resume_reading();
  world.settle();
  EXPECT_EQ(next->text(), "answer") << next->outcome.message;
}

TEST_P(TightTest, WhoTakesNothingIsClosedBeforeWhoHoldsMore) {
  start_tight(5);
  Caller& busy = world.caller(GetParam().caller);
  std::vector<std::shared_ptr<CallRecord>> uploads;
  for (int i = 0; i < 3; ++i) {
    uploads.push_back(busy.call(echo(GetParam().caller), std::string(message_bytes, 'u')));
  }
  world.settle();
  world.advance(150 * millisecond_ns);
  ASSERT_GE(gauge(world, "koine_gateway_buffer_bytes"), memory_bytes / 2);
  // Callers that read nothing do not see their end either: the log does.
  const auto closed = [this] {
    std::size_t count = 0;
    const std::string_view told = "this connection holds most of those that take nothing";
    for (std::size_t at = 0; (at = world.log().find(told, at)) != std::string::npos; ++at) ++count;
    return count;
  };
  for (int i = 0; i < 12 && closed() == 0; ++i) {
    world.caller(GetParam().caller).call(echo(GetParam().caller), std::string(message_bytes, 'm'));
    world.settle();
    world.advance(20 * millisecond_ns);
  }
  world.advance(100 * millisecond_ns);
  EXPECT_GE(closed(), 1u);
  EXPECT_LE(closed(), 3u) << "more than was needed";
  EXPECT_LT(gauge(world, "koine_gateway_buffer_bytes"), memory_bytes / 8 * 7);
  ASSERT_FALSE(busy.closed());
  answer_all("answer");
  answer_all("answer");
  for (const auto& call : uploads) EXPECT_EQ(call->text(), "answer") << call->outcome.message;
}

TEST(Memory, CallsThatWaitForAProviderAreRefusedWhenTheirCallerReadsNothing) {
  World world(1);
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  base::Limits limits = small_limits();
  limits.memory_bytes_max = 3u << 20;
  world.start({.services = {{.protocol = Protocol::thrift, .connections_max = 1}},
               .default_service = "orders",
               .limits = limits});
  Caller& silent = world.caller(Protocol::grpc);
  Caller& reader = world.caller(Protocol::grpc);
  world.settle();
  silent.stream().pause_reading();
  for (int i = 0; i < 20; ++i) silent.call(echo(Protocol::grpc), "silent");
  world.settle();
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(provider.calls.size(), static_cast<std::size_t>(i) + 1);
    if (gauge(world, "koine_gateway_buffer_bytes") >= (3u << 20) / 2) break;
    provider.answer(*provider.calls.back(), std::string(message_bytes / 2, 's'));
    world.settle();
  }
  ASSERT_GE(gauge(world, "koine_gateway_buffer_bytes"), (3u << 20) / 2);
  world.advance(150 * millisecond_ns);
  const auto served = reader.call(echo(Protocol::grpc), "read");
  world.settle();
  const std::size_t before = provider.calls.size();
  provider.answer(*provider.calls.back(), "small");
  world.settle();
  ASSERT_EQ(provider.calls.size(), before + 1) << "ten others were before it";
  EXPECT_EQ(provider.calls.back()->text(), "read");
  provider.answer(*provider.calls.back(), "answer");
  world.settle();
  EXPECT_EQ(served->text(), "answer") << served->outcome.message;
}

TEST(Memory, AFullConnectionHasItsCallsRefusedInItsProtocol) {
  for (const Protocol protocol : {Protocol::grpc, Protocol::thrift}) {
    World world(1);
    Provider& provider = world.provider(Protocol::thrift);
    provider.echo = false;
    base::Limits limits;
    // Full with one call: what is below a stream's window comes without asking.
    limits.message_bytes_max = 4096;
    limits.connection_memory_bytes_max = 4 * 4096;
    world.start({.default_service = "orders", .limits = limits});
    Caller& caller = world.caller(protocol);
    std::vector<std::shared_ptr<CallRecord>> calls;
    for (int i = 0; i < 12; ++i) calls.push_back(caller.call(echo(protocol), std::string(4000, 'x')));
    world.settle();
    std::size_t refused = 0;
    for (const auto& call : calls) {
      if (!call->done) continue;
      ++refused;
      EXPECT_EQ(call->outcome.code, model::Code::resource_exhausted) << call->outcome.message;
      EXPECT_THAT(call->outcome.message, HasSubstr("connection_memory_bytes_max"));
    }
    if (protocol == Protocol::grpc) { EXPECT_GE(refused, 7u); }
    for (std::size_t i = 0; i < provider.calls.size(); ++i) {
      provider.answer(*provider.calls[i], "ok");
      world.settle();
    }
    for (const auto& call : calls) EXPECT_TRUE(call->done);
    const auto after = caller.call(echo(protocol), "after");
    world.settle();
    EXPECT_FALSE(after->done);
    provider.answer(*provider.calls.back(), "ok");
    world.settle();
    EXPECT_EQ(after->text(), "ok");
  }
}

}  // namespace
}  // namespace koine::gateway::testing
