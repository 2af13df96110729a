// Streams of long messages whose reader pauses: every byte that the window allowed is there when it goes on.
#include <gtest/gtest.h>

#include "codecs/calls/grpc/session_test_support.h"

namespace koine::codecs::calls::grpc {
namespace {

using testing::call_head;
using testing::Pair;
using testing::payload;

// A little more than the 64 KiB of a window, so that it is widened for one message and overrun by the next.
class LongMessages : public ::testing::TestWithParam<std::size_t> {
 protected:
  std::string text(int message) const { return std::string(GetParam(), static_cast<char>('a' + message)); }
};
INSTANTIATE_TEST_SUITE_P(Bytes, LongMessages,
                         ::testing::Values(30'000, 65'530, 65'536, 70'000, 75'985, 200'000));

TEST_P(LongMessages, ArriveWholeAtAServerThatPauses) {
  Pair pair;
  bool paused = false;
  pair.server.on_message_do = [&](CallId id) {
    if (!std::exchange(paused, true)) pair.server.session->pause(id);
  };
  // All at once: the stream is open before the peer has acknowledged any SETTINGS.
  ASSERT_TRUE(
      pair.client.session->start(1, call_head("shop.Orders", "Chat"), false, model::Payload(), false, true)
          .ok());
  for (int i = 0; i < 3; ++i) pair.client.session->send_message(1, true, payload(text(i)), i == 2);
  ASSERT_TRUE(pair.settle());
  const CallId id = pair.server.order.at(0);
  EXPECT_EQ(pair.server.seen[id].messages.size(), 1u);
  pair.server.session->resume(id);
  ASSERT_TRUE(pair.settle());
  const std::vector<std::string>& got = pair.server.seen[id].messages;
  ASSERT_EQ(got.size(), 3u);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(got[static_cast<std::size_t>(i)] == text(i)) << "message " << i;
}

TEST_P(LongMessages, ArriveWholeAtAClientThatPauses) {
  Pair pair;
  bool paused = false;
  pair.client.on_message_do = [&](CallId id) {
    if (!std::exchange(paused, true)) pair.client.session->pause(id);
  };
  pair.server.on_call_do = [&](CallId id) {
    pair.server.session->send_head(id, {});
    for (int i = 0; i < 3; ++i) pair.server.session->send_message(id, payload(text(i)));
    pair.server.session->finish(id, {});
  };
  ASSERT_TRUE(
      pair.client.session->start(1, call_head("shop.Orders", "Chat"), true, payload("go"), true, true).ok());
  ASSERT_TRUE(pair.settle());
  EXPECT_EQ(pair.client.seen[1].messages.size(), 1u);
  pair.client.session->resume(1);
  ASSERT_TRUE(pair.settle());
  const std::vector<std::string>& got = pair.client.seen[1].messages;
  ASSERT_EQ(got.size(), 3u);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(got[static_cast<std::size_t>(i)] == text(i)) << "message " << i;
  EXPECT_EQ(pair.client.seen[1].finishes, 1);
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
