// A provider that has begun to answer has run the call, whatever it says afterwards: it must not be sent
// again.
#include <gtest/gtest.h>

#include "codecs/calls/grpc/session_test_support.h"

namespace koine::codecs::calls::grpc {
namespace {

using testing::BarePeer;
using testing::call_head;
using testing::ClientRecorder;
using testing::settle_between;
using transports::http2::ErrorCode;
using transports::http2::HeaderList;
using transports::http2::Role;
using transports::http2::Stream;

struct Refusing {
  ClientRecorder client{base::Limits()};
  BarePeer peer{Role::server};
  // `begins`: with the head of an answer in front of the refusal.
  const testing::ClientSeen& call(CallId id, bool begins) {
    Stream* stream = nullptr;
    peer.on_request_end = [&](Stream& one) {
      stream = &one;
      if (!begins) return;
      HeaderList head;
      head.add(":status", "200");
      head.add("content-type", "application/grpc");
      peer.session->respond(one, head, false);
    };
    EXPECT_TRUE(client.start_unary(id, call_head(), "q").ok());
    EXPECT_TRUE(settle_between(*client.session, *peer.session));
    if (stream != nullptr) peer.session->reset(*stream, ErrorCode::refused_stream);
    EXPECT_TRUE(settle_between(*client.session, *peer.session));
    EXPECT_EQ(client.seen[id].replies, 1);
    return client.seen[id];
  }
};

TEST(GrpcBegunAnswer, RefusedAfterwardsMayHaveRun) {
  Refusing provider;
  const testing::ClientSeen& seen = provider.call(1, true);
  EXPECT_EQ(seen.outcome.phase, model::Phase::maybe_executed);
  EXPECT_EQ(seen.outcome.reason, base::Reason::upstream_reset);
  EXPECT_EQ(seen.outcome.code, model::Code::unavailable);
}

TEST(GrpcBegunAnswer, RefusedBeforeAnyAnswerHasNotRun) {
  Refusing provider;
  const testing::ClientSeen& seen = provider.call(1, false);
  EXPECT_EQ(seen.outcome.phase, model::Phase::not_sent);
  EXPECT_EQ(seen.outcome.reason, base::Reason::upstream_refused);
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
