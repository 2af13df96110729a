// Idle memory goes back at any moment, also while a slow peer is in the middle of something.
#include <gtest/gtest.h>

#include "codecs/calls/grpc/session_test_support.h"

namespace koine::codecs::calls::grpc {
namespace {

using testing::call_head;
using testing::ok_reply;
using testing::Pair;
using testing::payload;
using testing::settle_between;

// The request's bytes one by one, and idle memory given back behind each of them.
TEST(GrpcIdleMemory, GivenBackBehindAnyByteLosesNothing) {
  Pair pair;
  pair.server.on_call_do = [&](CallId id) { pair.server.session->reply(id, ok_reply("answer")); };
  ASSERT_TRUE(pair.settle());
  ASSERT_TRUE(pair.client.start_unary(1, call_head(), "question").ok());
  base::Buffer request;
  pair.client.session->drain(request);
  for (const char c : request.to_string()) {
    base::Buffer in;
    in.append(std::string_view(&c, 1));
    ASSERT_TRUE(pair.server.session->feed(in).ok());
    pair.server.session->release_idle_memory();
  }
  base::Buffer answer;
  pair.server.session->drain(answer);
  for (const char c : answer.to_string()) {
    base::Buffer in;
    in.append(std::string_view(&c, 1));
    ASSERT_TRUE(pair.client.session->feed(in).ok());
    pair.client.session->release_idle_memory();
  }
  EXPECT_EQ(pair.client.seen[1].message, "answer") << pair.client.seen[1].outcome.message;
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
