// Timers, tried on a whole gateway in virtual time: an amount is how long something is left alone.
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "codecs/transports/http2/types.h"
#include "gateway/testing/limit_probes.h"
#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::Limit;
using base::Limits;

constexpr std::uint64_t some_time_ns = 20'000'000'000;

bool over(const net::memory::Peer& peer) { return peer.ended() || peer.was_reset(); }

// A caller that says this much and no more.
Seen say(const Limits& limits, std::uint64_t time_ns, std::string_view bytes, Limit limit) {
  World world(1);
  world.start({.limits = limits});
  const auto peer = world.network().dial("127.0.0.1:7000");
  peer->send(bytes);
  world.settle();
  world.advance(static_cast<base::Nanoseconds>(time_ns));
  return {!over(*peer), limit_counted(world.metrics(), limit)};
}

Seen ask_admin(const Limits& limits, std::uint64_t time_ns, std::string_view bytes, Limit limit) {
  World world(1);
  world.start({.admin = "127.0.0.1:7070", .limits = limits});
  const auto peer = world.network().dial("127.0.0.1:7070");
  peer->send(bytes);
  world.settle();
  world.advance(static_cast<base::Nanoseconds>(time_ns));
  return {!over(*peer), limit_counted(world.metrics(), limit)};
}

Seen be_idle(const Limits& limits, std::uint64_t time_ns) {
  World world(1);
  world.provider(Protocol::thrift);
  world.start({.limits = limits});
  Caller& caller = world.caller(Protocol::grpc);
  const auto call = caller.call({.service = "test.orders"}, "x");
  world.settle();
  EXPECT_TRUE(call->done);
  world.advance(static_cast<base::Nanoseconds>(time_ns));
  return {caller.accepting(), limit_counted(world.metrics(), Limit::idle_connection_timeout)};
}

Seen take_nothing(const Limits& given, std::uint64_t time_ns) {
  World world(1);
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  Limits limits = given;
  limits.idle_connection_timeout_ns = 1000 * base::second_ns;
  world.start({.limits = limits});
  Caller& caller = world.caller(Protocol::grpc);
  caller.call({.service = "test.orders"}, "x");
  world.settle();
  caller.stream().pause_reading();
  EXPECT_EQ(provider.calls.size(), 1u);
  if (!provider.calls.empty()) provider.answer(*provider.calls.front(), std::string(1u << 20, 'x'));
  world.settle();
  // The first of the four looks sees what the network between had room for; the time begins there.
  world.advance(limits.blocked_output_timeout_ns / 4);
  world.advance(static_cast<base::Nanoseconds>(time_ns));
  return {world.counts().connections == 1, limit_counted(world.metrics(), Limit::blocked_output_timeout)};
}

// A gRPC provider of which a test plays the bytes; it has one call and what it said is `bytes`.
struct Provided {
  World world{1};
  std::unique_ptr<net::memory::PeerListener> listener;
  std::unique_ptr<net::memory::Peer> peer;
  std::shared_ptr<CallRecord> call;
  Provided(const Limits& limits, std::string_view bytes) {
    listener = world.network().serve("10.0.0.1:9090");
    world.start(
        {.services = {{.protocol = Protocol::grpc, .timeout_ns = 1000 * base::second_ns}}, .limits = limits});
    call = world.caller(Protocol::grpc).call({.service = "test.orders"}, "x");
    world.settle();
    peer = listener->accept();
    EXPECT_NE(peer, nullptr);
    if (!bytes.empty()) peer->send(bytes);
    world.settle();
  }
  // PINGs that are no answers: nine bytes of head, of kind 6, and eight of text.
  bool asked() const {
    return peer->received().find(std::string("\0\0\x08\6\0\0\0\0\0", 9)) != std::string::npos;
  }
};
constexpr std::string_view provider_settings("\0\0\0\4\0\0\0\0\0", 9);

Seen say_no_settings(const Limits& limits, std::uint64_t time_ns) {
  Provided one(limits, {});
  one.world.advance(static_cast<base::Nanoseconds>(time_ns));
  return {!one.call->done, limit_counted(one.world.metrics(), Limit::upstream_settings_timeout)};
}

Seen fall_silent(const Limits& limits, std::uint64_t time_ns) {
  Provided one(limits, provider_settings);
  one.world.advance(static_cast<base::Nanoseconds>(time_ns));
  return {!one.asked(), false};
}

Seen answer_no_ping(const Limits& limits, std::uint64_t time_ns) {
  Provided one(limits, provider_settings);
  one.world.advance(limits.upstream_ping_interval_ns);
  EXPECT_TRUE(one.asked());
  one.world.advance(static_cast<base::Nanoseconds>(time_ns));
  return {!one.call->done, limit_counted(one.world.metrics(), Limit::upstream_ping_timeout)};
}

}  // namespace

void add_timer_probes(Probes& probes) {
  const auto timer = [&](Limit limit, std::function<Seen(const Limits&, std::uint64_t)> run) {
    probes[limit] = {some_time_ns, std::move(run), true};
  };
  timer(Limit::first_bytes_timeout, [](const Limits& limits, std::uint64_t time_ns) {
    return say(limits, time_ns, "PR", Limit::first_bytes_timeout);
  });
  // A frame of 42 bytes, of which 7 come.
  timer(Limit::frame_timeout, [](const Limits& limits, std::uint64_t time_ns) {
    return say(limits, time_ns, std::string_view("\0\0\0\x2a\x80\1\0\1\0\0\0", 11), Limit::frame_timeout);
  });
  timer(Limit::idle_connection_timeout, be_idle);
  timer(Limit::blocked_output_timeout, take_nothing);
  timer(Limit::upstream_settings_timeout, say_no_settings);
  timer(Limit::upstream_ping_interval, fall_silent);
  probes[Limit::upstream_ping_interval].counted = false;  // a question, and no harm done
  timer(Limit::upstream_ping_timeout, answer_no_ping);
  timer(Limit::admin_request_timeout, [](const Limits& limits, std::uint64_t time_ns) {
    return ask_admin(limits, time_ns, "GET /health/live HTTP/1.1\r\n", Limit::admin_request_timeout);
  });
  timer(Limit::admin_idle_timeout, [](const Limits& limits, std::uint64_t time_ns) {
    return ask_admin(limits, time_ns, {}, Limit::admin_idle_timeout);
  });
}

}  // namespace koine::gateway::testing
