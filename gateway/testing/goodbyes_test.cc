// How callers and providers end: the goodbyes of real clients, and frames that the library refuses in
// silence.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/frames.h"
#include "gateway/testing/world.h"

namespace koine::gateway::testing {
namespace {

using base::second_ns;
using ::testing::HasSubstr;
using ::testing::Not;

// What a client of grpc-go 1.85.0 sends when it is closed without having made a call, and after one that it
// gave up: its last word is GOAWAY, NO_ERROR, "client transport shutdown".
const std::string grpc_go_close[] = {
    frames::opening() + std::string("\0\0\x21\7\0\0\0\0\0\x7f\xff\xff\xff\0\0\0\0", 17) +
        "client transport shutdown",
    frames::opening() + frames::request(1, "/test.orders/Echo", frames::message("x")) + frames::reset(1) +
        std::string("\0\0\x21\7\0\0\0\0\0\0\0\0\1\0\0\0\0", 17) + "client transport shutdown"};

TEST(Goodbyes, OfGrpcGoAreOrdinary) {
  for (const std::string& bytes : grpc_go_close) {
    World world(1);
    world.provider(Protocol::thrift);
    world.start({});
    const auto peer = world.network().dial("127.0.0.1:7000");
    peer->send(bytes);
    peer->end();
    world.settle();
    EXPECT_EQ(world.counts().connections, 0u);
    EXPECT_THAT(world.log(), Not(HasSubstr("connection_broken")));
    EXPECT_THAT(world.metrics(), Not(HasSubstr("koine_gateway_connection_failures_total{")));
  }
}

TEST(BrokenFrames, ThatTheLibraryKeepsToItselfAreLoggedAndCounted) {
  World world(1);
  world.start({});
  const auto peer = world.network().dial("127.0.0.1:7000");
  peer->send(frames::opening() + frames::frame(0, 0, 0, "hello"));
  world.settle();
  EXPECT_THAT(world.log(), HasSubstr("DATA: stream_id == 0"));
  EXPECT_THAT(world.metrics(),
              HasSubstr(R"(koine_gateway_connection_failures_total{reason="WIRE_MALFORMED"} 1)"));
  peer->close();
  world.advance(3 * second_ns);
  EXPECT_EQ(world.counts().connections, 0u);
}

TEST(BrokenFrames, OfAProviderAreItsBreachOfProtocol) {
  World world(1);
  const auto listener = world.network().serve("10.0.0.1:9090");
  world.start({.services = {{.protocol = Protocol::grpc}}});
  const auto call = world.caller(Protocol::grpc).call({.service = "test.orders"}, "x");
  world.settle();
  const auto peer = listener->accept();
  ASSERT_NE(peer, nullptr);
  peer->send(frames::frame(4, 0, 0) + frames::frame(0, 0, 0, "hello"));
  world.settle();
  ASSERT_TRUE(call->done);
  EXPECT_THAT(call->outcome.message, HasSubstr("DATA: stream_id == 0"));
  EXPECT_THAT(world.metrics(),
              HasSubstr(R"(koine_gateway_call_failures_total{reason="UPSTREAM_PROTOCOL"} 1)"));
}

}  // namespace
}  // namespace koine::gateway::testing
