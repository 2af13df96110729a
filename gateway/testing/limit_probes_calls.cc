// Limits of calls, tried on a whole gateway and, where nothing else is needed, on the function that keeps
// them.
#include <string>

#include <gtest/gtest.h>

#include "codecs/calls/grpc/compression.h"
#include "gateway/testing/limit_probes.h"
#include "gateway/testing/world.h"
#include "governance/access_log/access_log.h"

namespace koine::gateway::testing {
namespace {

using base::Limit;
using base::Limits;
using model::Code;

Seen send_message(const Limits& limits, std::uint64_t amount) {
  World world(1);
  world.provider(Protocol::grpc);
  world.start({.services = {{.protocol = Protocol::grpc}}, .limits = limits});
  const std::size_t around = arguments_of("").size();
  const auto call =
      world.caller(Protocol::grpc).call({.service = "test.orders"}, std::string(amount - around, 'x'));
  world.settle();
  return {call->done && call->outcome.ok(), limit_counted(world.metrics(), Limit::message_bytes_max)};
}

Seen call_name(const Limits& limits, std::uint64_t amount) {
  World world(1);
  world.start({.limits = limits});
  const auto call =
      world.caller(Protocol::grpc).call({.service = "t", .method = std::string(amount, 'm')}, "x");
  world.settle();
  const bool hit = limit_counted(world.metrics(), Limit::method_name_bytes_max);
  return {call->done && call->outcome.message.find("longer than") == std::string::npos, hit};
}

Seen calls_at_once(const Limits&, std::uint64_t amount) {
  World world(1);
  world.provider(Protocol::thrift).echo = false;
  world.start({.services = {{.concurrency_max = 5}}});
  Caller& caller = world.caller(Protocol::grpc);
  std::shared_ptr<CallRecord> last;
  for (std::uint64_t i = 0; i < amount; ++i) last = caller.call({.service = "test.orders"}, "x");
  world.settle();
  return {!last->done, limit_counted(world.metrics(), Limit::concurrency_max)};
}

Seen pipelined(const Limits& limits, std::uint64_t amount) {
  World world(1);
  Provider& provider = world.provider(Protocol::thrift);
  provider.echo = false;
  world.start({.default_service = "orders", .limits = limits});
  Caller& caller = world.caller(Protocol::thrift);
  for (std::uint64_t i = 0; i < amount; ++i) caller.call({}, "x");
  world.settle();
  return {provider.calls.size() == amount, limit_counted(world.metrics(), Limit::pipelined_calls_max)};
}

// An unframed call, since its reader has to look for its end; its arguments are the first level.
Seen nest(const Limits& limits, std::uint64_t levels) {
  World world(1);
  Provider& provider = world.provider(Protocol::thrift);
  world.start({.default_service = "orders", .limits = limits});
  const auto peer = world.network().dial("127.0.0.1:7000");
  std::string call("\x80\1\0\1\0\0\0\4Echo\0\0\0\1", 16);
  for (std::uint64_t i = 1; i < levels; ++i) call += std::string("\x0c\0\1", 3);
  peer->send(call + std::string(levels, '\0'));
  world.settle();
  return {provider.calls.size() == 1, limit_counted(world.metrics(), Limit::nesting_max)};
}

base::Buffer packed_zeros(std::size_t size) {
  base::Buffer plain, packed;
  plain.append(std::string(size, '\0'));
  EXPECT_TRUE(codecs::calls::grpc::compress(model::Compression::gzip, plain, packed).ok());
  return packed;
}

Seen inflate(const Limits& limits, const base::Buffer& packed, Limit limit) {
  base::LimitHits hits;
  base::Buffer out;
  const bool ok = codecs::calls::grpc::decompress(model::Compression::gzip, packed, limits, &hits, out).ok();
  return {ok, hits.value(limit) > 0};
}

// A call whose line of the access log has this many bytes: the queue has room for that many.
Seen log_line(const Limits& limits, std::uint64_t amount) {
  namespace access_log = governance::access_log;
  std::string written, line;
  access_log::Writer writer(std::make_unique<TextSink>(&written));
  base::LimitHits hits;
  access_log::Ring& ring = writer.add_ring(limits.access_log_queue_bytes);
  access_log::AccessLog policy(writer, ring, &hits);
  model::CallHead head;
  governance::Call call;
  call.head = &head;
  model::Outcome outcome;
  outcome.message = "x";
  access_log::format_line(call, outcome, line);
  outcome.message.resize(1 + amount - line.size(), 'x');
  policy.on_finish(call, outcome);
  writer.flush();
  EXPECT_TRUE(written.empty() || written.size() == amount);
  return {!written.empty(), hits.value(Limit::access_log_queue_bytes) > 0};
}

}  // namespace

void add_call_probes(Probes& probes) {
  probes[Limit::message_bytes_max] = {1000, send_message};
  probes[Limit::method_name_bytes_max] = {10, call_name};
  probes[Limit::concurrency_max] = {5, calls_at_once};
  probes[Limit::pipelined_calls_max] = {7, pipelined};
  probes[Limit::nesting_max] = {9, nest};
  // Bytes whose ratio is known; it is the limit that moves around it.
  probes[Limit::inflate_ratio_max] = {50, [](const Limits& given, std::uint64_t amount) {
                                        constexpr std::size_t plain = 1u << 20;
                                        const base::Buffer packed = packed_zeros(plain);
                                        const std::size_t ratio = (plain + packed.size() - 1) / packed.size();
                                        Limits limits = given;
                                        limits.inflate_ratio_max = ratio + 50 - amount;
                                        return inflate(limits, packed, Limit::inflate_ratio_max);
                                      }};
  probes[Limit::inflate_floor_bytes] = {30000, [](const Limits& given, std::uint64_t amount) {
                                          Limits limits = given;
                                          limits.inflate_ratio_max = 1;
                                          return inflate(limits, packed_zeros(amount),
                                                         Limit::inflate_floor_bytes);
                                        }};
  probes[Limit::access_log_queue_bytes] = {1024, log_line};
}

}  // namespace koine::gateway::testing
