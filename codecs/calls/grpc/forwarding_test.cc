// A stream forwarded gRPC → gRPC through the stream methods of both contracts alone: backpressure and
// cancellation in both directions. The forwarder here is the smallest gateway there can be.
#include <map>

#include <gtest/gtest.h>

#include "codecs/calls/grpc/session_test_support.h"

namespace koine::codecs::calls::grpc {
namespace {

using testing::call_head;
using testing::ClientRecorder;
using testing::payload;
using testing::ServerRecorder;
using testing::settle_between;

class Forwarder {
 public:
  explicit Forwarder(const base::Limits& limits) {
    ServerOptions server_options;
    server_options.limits = limits;
    server_options.streams = [](std::string_view) { return true; };
    downstream = std::make_unique<GrpcServerSession>(std::move(server_options), down_);
    ClientOptions client_options;
    client_options.limits = limits;
    upstream = std::make_unique<GrpcClientSession>(std::move(client_options), up_);
  }

  std::unique_ptr<GrpcServerSession> downstream;
  std::unique_ptr<GrpcClientSession> upstream;
  int pauses_down = 0;
  int pauses_up = 0;
  int cancels = 0;

 private:
  struct Down final : ServerEvents {
    explicit Down(Forwarder& owner) : o(owner) {}
    void on_call(CallId id, model::CallHead&& head, bool has_message, model::Payload&& message,
                 bool end_of_stream) override {
      const CallId up = ++o.next_;
      o.to_up_[id] = up;
      o.to_down_[up] = id;
      const base::Status started =
          o.upstream->start(up, head, has_message, std::move(message), end_of_stream, true);
      EXPECT_TRUE(started.ok()) << started.to_string();
    }
    void on_message(CallId id, bool has_message, model::Payload&& message, bool end_of_stream) override {
      if (!o.upstream->send_message(o.to_up_[id], has_message, std::move(message), end_of_stream)) {
        o.downstream->pause(id);
        ++o.pauses_down;
      }
    }
    void on_cancel(CallId id, base::Reason) override {
      ++o.cancels;
      EXPECT_TRUE(o.upstream->cancel(o.to_up_[id]));
    }
    void on_writable(CallId id) override { o.upstream->resume(o.to_up_[id]); }
    Forwarder& o;
  };
  struct Up final : ClientEvents {
    explicit Up(Forwarder& owner) : o(owner) {}
    void on_reply(CallId, model::Reply&&) override { ADD_FAILURE() << "a stream has no reply"; }
    void on_head(CallId id, model::ReplyHead&& head) override {
      o.downstream->send_head(o.to_down_[id], std::move(head));
    }
    void on_message(CallId id, model::Payload&& message) override {
      if (!o.downstream->send_message(o.to_down_[id], std::move(message))) {
        o.upstream->pause(id);
        ++o.pauses_up;
      }
    }
    void on_finish(CallId id, model::Outcome&& outcome) override {
      o.downstream->finish(o.to_down_[id], std::move(outcome));
    }
    void on_writable(CallId id) override { o.downstream->resume(o.to_down_[id]); }
    void on_capacity() override {}
    Forwarder& o;
  };

  Down down_{*this};
  Up up_{*this};
  CallId next_ = 1000;
  std::map<CallId, CallId> to_up_;
  std::map<CallId, CallId> to_down_;
};

struct Chain {
  explicit Chain(const base::Limits& limits = {}) : caller(limits), forwarder(limits), provider(limits) {}

  bool step_down() {
    return testing::carry(*caller.session, *forwarder.downstream, 0) +
               testing::carry(*forwarder.downstream, *caller.session, 0) >
           0;
  }
  bool step_up() {
    return testing::carry(*forwarder.upstream, *provider.session, 0) +
               testing::carry(*provider.session, *forwarder.upstream, 0) >
           0;
  }
  void settle() {
    for (int i = 0; i < 100000; ++i) {
      const bool down = step_down();
      if (!step_up() && !down && !forwarder.downstream->wants_write() && !forwarder.upstream->wants_write())
        return;
    }
    FAIL() << "never quiet";
  }
  // Settles without the provider's side taking part: its socket is full.
  void settle_down_only() {
    for (int i = 0; i < 100000; ++i) {
      if (!step_down()) return;
    }
    FAIL() << "never quiet";
  }

  ClientRecorder caller;
  Forwarder forwarder;
  ServerRecorder provider;
};

base::Status start_chat(Chain& chain, CallId id) {
  model::CallHead head = call_head("shop.Talk", "Chat");
  head.kind = model::MethodKind::bidi;
  head.metadata.add("x-who", "caller");
  return chain.caller.session->start(id, head, true, payload("hello"), false, true);
}

TEST(GrpcForwarding, MessagesHeadAndStatusPassUnchanged) {
  Chain chain;
  chain.provider.on_call_do = [&](CallId id) {
    model::ReplyHead head;
    head.metadata.add("x-early", "1");
    chain.provider.session->send_head(id, std::move(head));
  };
  chain.provider.on_message_do = [&](CallId id) {
    const auto& seen = chain.provider.seen[id];
    if (!seen.end) {
      chain.provider.session->send_message(id, payload("re:" + seen.messages.back()));
      return;
    }
    model::Outcome outcome;
    outcome.code = model::Code::out_of_range;
    outcome.message = "ende";
    outcome.trailers.add("x-tail", "t");
    chain.provider.session->finish(id, std::move(outcome));
  };
  ASSERT_TRUE(start_chat(chain, 1).ok());
  chain.settle();
  EXPECT_EQ(chain.provider.last().head.metadata.get("x-who"), "caller");
  EXPECT_EQ(chain.caller.seen[1].stream_head.metadata.get("x-early"), "1");
  EXPECT_EQ(chain.caller.seen[1].messages, std::vector<std::string>{"re:hello"});
  chain.caller.session->send_message(1, true, payload("more"), true);
  chain.settle();
  EXPECT_EQ(chain.provider.last().messages, (std::vector<std::string>{"hello", "more"}));
  EXPECT_EQ(chain.caller.seen[1].finishes, 1);
  EXPECT_EQ(chain.caller.seen[1].outcome.code, model::Code::out_of_range);
  EXPECT_EQ(chain.caller.seen[1].outcome.message, "ende");
  EXPECT_EQ(chain.caller.seen[1].outcome.trailers.get("x-tail"), "t");
  EXPECT_EQ(chain.forwarder.downstream->calls_in_flight(), 0u);
  EXPECT_EQ(chain.forwarder.upstream->calls_in_flight(), 0u);
}

TEST(GrpcForwarding, SlowProviderStopsTheCallerAndLosesNothing) {
  base::Limits limits;
  limits.write_high_bytes = 64u << 10;
  limits.write_low_bytes = 16u << 10;
  Chain chain(limits);
  ASSERT_TRUE(start_chat(chain, 1).ok());
  chain.settle();
  // 400 messages of 10 KB while the provider's connection takes nothing.
  std::vector<std::string> sent = {"hello"};
  for (int i = 0; i < 400; ++i) {
    sent.push_back(std::to_string(i) + std::string(10000, 'x'));
    chain.caller.session->send_message(1, true, payload(sent.back()), false);
  }
  chain.settle_down_only();
  EXPECT_GT(chain.forwarder.pauses_down, 0);
  // What the forwarder took: its queue to the watermark, a window, and one message in between.
  base::Buffer held;
  chain.caller.session->drain(held);
  EXPECT_EQ(held.size(), 0u) << "the caller must be stopped by flow control, not by this test";
  EXPECT_EQ(chain.provider.last().messages.size(), 1u);
  chain.settle();
  EXPECT_EQ(chain.provider.last().messages, sent);
  EXPECT_EQ(chain.caller.seen[1].writable, 1);
}

TEST(GrpcForwarding, SlowCallerStopsTheProviderAndLosesNothing) {
  base::Limits limits;
  limits.write_high_bytes = 64u << 10;
  limits.write_low_bytes = 16u << 10;
  Chain chain(limits);
  ASSERT_TRUE(start_chat(chain, 1).ok());
  chain.settle();
  const CallId id = chain.provider.order.back();
  std::vector<std::string> sent;
  bool room = true;
  for (int i = 0; i < 400; ++i) {
    sent.push_back(std::to_string(i) + std::string(10000, 'y'));
    room = chain.provider.session->send_message(id, payload(sent.back()));
  }
  EXPECT_FALSE(room);
  chain.provider.session->finish(id, model::Outcome());
  chain.caller.session->pause(1);
  chain.settle();
  EXPECT_GT(chain.forwarder.pauses_up, 0);
  EXPECT_EQ(chain.caller.seen[1].messages.size(), 0u);
  EXPECT_EQ(chain.caller.seen[1].finishes, 0);
  chain.caller.session->resume(1);
  EXPECT_EQ(chain.caller.seen[1].messages.size(), 0u) << "resume() itself reports nothing";
  chain.settle();
  EXPECT_EQ(chain.caller.seen[1].messages, sent);
  EXPECT_EQ(chain.caller.seen[1].finishes, 1);
}

TEST(GrpcForwarding, CallersCancelReachesTheProvider) {
  Chain chain;
  ASSERT_TRUE(start_chat(chain, 1).ok());
  chain.settle();
  EXPECT_TRUE(chain.caller.session->cancel(1));
  chain.settle();
  EXPECT_EQ(chain.forwarder.cancels, 1);
  EXPECT_TRUE(chain.provider.last().cancelled);
  EXPECT_EQ(chain.provider.last().reason, base::Reason::call_cancelled);
  EXPECT_EQ(chain.caller.seen[1].finishes, 0);
  EXPECT_EQ(chain.forwarder.upstream->calls_in_flight(), 0u);
  EXPECT_EQ(chain.forwarder.downstream->calls_in_flight(), 0u);
}

TEST(GrpcForwarding, CancelWhilePausedFreesBothSides) {
  base::Limits limits;
  limits.write_high_bytes = 64u << 10;
  limits.write_low_bytes = 16u << 10;
  Chain chain(limits);
  ASSERT_TRUE(start_chat(chain, 1).ok());
  chain.settle();
  for (int i = 0; i < 100; ++i) {
    chain.caller.session->send_message(1, true, payload(std::string(10000, 'x')), false);
  }
  chain.settle_down_only();
  ASSERT_GT(chain.forwarder.pauses_down, 0);
  EXPECT_TRUE(chain.caller.session->cancel(1));
  chain.settle();
  EXPECT_TRUE(chain.provider.last().cancelled);
  EXPECT_EQ(chain.forwarder.upstream->calls_in_flight(), 0u);
  EXPECT_EQ(chain.forwarder.downstream->calls_in_flight(), 0u);
}

TEST(GrpcForwarding, ProvidersEarlyEndReachesTheCallerInTheMiddleOfItsStream) {
  Chain chain;
  chain.provider.on_message_do = [&](CallId id) {
    model::Outcome outcome;
    outcome.code = model::Code::resource_exhausted;
    outcome.message = "enough";
    chain.provider.session->finish(id, std::move(outcome));
  };
  ASSERT_TRUE(start_chat(chain, 1).ok());
  chain.settle();
  EXPECT_EQ(chain.caller.seen[1].finishes, 1);
  EXPECT_EQ(chain.caller.seen[1].outcome.code, model::Code::resource_exhausted);
  EXPECT_EQ(chain.caller.seen[1].outcome.message, "enough");
  EXPECT_TRUE(chain.caller.session->send_message(1, true, payload("too late"), true));
  chain.settle();
  EXPECT_EQ(chain.forwarder.cancels, 0);
  EXPECT_EQ(chain.caller.session->capacity(), 100u);
}

TEST(GrpcForwarding, MessageLargerThanTheWindowPassesAStream) {
  Chain chain;
  ASSERT_TRUE(start_chat(chain, 1).ok());
  chain.settle();
  const std::string big(3u << 20, 'b');
  chain.caller.session->send_message(1, true, payload(big), false);
  chain.settle();
  ASSERT_EQ(chain.provider.last().messages.size(), 2u);
  EXPECT_EQ(chain.provider.last().messages[1], big);
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
