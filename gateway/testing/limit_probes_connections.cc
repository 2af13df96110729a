// Limits of connections and of memory.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gateway/acceptor.h"
#include "gateway/memory.h"
#include "gateway/testing/limit_probes.h"
#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::Limit;
using base::Limits;

Seen connect(const Limits& limits, std::uint64_t amount, Limit limit,
             std::size_t descriptors_for = SIZE_MAX) {
  World world(2);
  world.options.connections_max = descriptors_for;
  world.start({.limits = limits});
  std::vector<std::unique_ptr<net::memory::Peer>> peers;
  bool passed = true;
  for (std::uint64_t i = 0; i < amount; ++i) {
    peers.push_back(world.network().dial("127.0.0.1:7000"));
    world.settle();
    passed = passed && !peers.back()->ended() && !peers.back()->was_reset();
  }
  if (!passed) {
    // A place that is given back is taken again.
    peers.front()->close();
    world.settle();
    const auto next = world.network().dial("127.0.0.1:7000");
    world.settle();
    EXPECT_FALSE(next->ended() || next->was_reset()) << base::to_string(limit);
  }
  return {passed, limit_counted(world.metrics(), limit)};
}

Seen connect_admin(const Limits& limits, std::uint64_t amount) {
  World world(1);
  world.start({.admin = "127.0.0.1:7070", .limits = limits});
  std::vector<std::unique_ptr<net::memory::Peer>> peers;
  for (std::uint64_t i = 0; i < amount; ++i) {
    peers.push_back(world.network().dial("127.0.0.1:7070"));
    peers.back()->send("GET /health/live HTTP/1.1\r\nhost: half");
    world.settle();
    world.advance(base::millisecond_ns);
  }
  // The newest is served whatever happens to the oldest.
  peers.back()->send("\r\n\r\n");
  world.settle();
  EXPECT_NE(peers.back()->received().find("live\n"), std::string::npos);
  return {!peers.front()->ended() && !peers.front()->was_reset(),
          limit_counted(world.metrics(), Limit::admin_connections_max)};
}

// Calls that are held until they are answered; the last is refused when those before it fill the connection.
Seen hold_requests(const Limits& given, std::uint64_t amount) {
  Limits limits = given;
  limits.message_bytes_max = 4096;
  World world(1);
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  world.start({.limits = limits});
  Caller& caller = world.caller(Protocol::grpc);
  const std::size_t around = arguments_of("").size();
  for (std::size_t left = amount; left > 0;) {
    const std::size_t now = std::min<std::size_t>(left, 4000);
    caller.call({.service = "test.orders"}, std::string(now - around, 'x'));
    world.settle();
    left -= now;
  }
  const auto last = caller.call({.service = "test.orders"}, "x");
  world.settle();
  return {!last->done, limit_counted(world.metrics(), Limit::connection_memory_bytes_max)};
}

}  // namespace

void add_connection_probes(Probes& probes) {
  for (const Limit limit : {Limit::connections_max, Limit::listener_connections_max}) {
    probes[limit] = {
        3, [limit](const Limits& limits, std::uint64_t amount) { return connect(limits, amount, limit); }};
  }
  probes[Limit::admin_connections_max] = {3, connect_admin};
  // Of 24 descriptors four fifths and more are for callers, unless more than the rest is to stay free: with
  // 20 reserved the fifth caller would be at one of these.
  probes[Limit::descriptors_reserved] = {20, [](const Limits& limits, std::uint64_t amount) {
                                           return connect(limits, amount - 16, Limit::descriptors_reserved,
                                                          connections_for(24, limits.descriptors_reserved));
                                         }};
  probes[Limit::connection_memory_bytes_max] = {19000, hold_requests, true};
  // What a slab takes of the process is not known to the byte; that it is counted is memory_test's.
  probes[Limit::memory_bytes_max] = {1u << 20,
                                     [](const Limits& limits, std::uint64_t amount) {
                                       Memory memory;
                                       MemoryShare one(&memory), other(&memory);
                                       one.update(1u << 19);
                                       other.update(amount - (1u << 19));
                                       const bool passed = !one.over(limits.memory_bytes_max);
                                       one.update(0);
                                       EXPECT_FALSE(other.over(limits.memory_bytes_max));
                                       return Seen{passed, false};
                                     },
                                     true, false};
}

}  // namespace koine::gateway::testing
