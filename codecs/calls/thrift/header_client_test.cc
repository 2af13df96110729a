// THeader towards providers: metadata and deadlines, and whose an answer is.
#include <memory>

#include <gtest/gtest.h>

#include "codecs/calls/thrift/golden_dialects.h"
#include "codecs/calls/thrift/header_test_support.h"
#include "codecs/calls/thrift/thrift_codec.h"
#include "codecs/calls/thrift/thrift_test_support.h"
#include "codecs/transports/theader/theader.h"

namespace koine::codecs::calls::thrift {
namespace {

namespace theader = transports::theader;
using model::BodyFormat;

struct Client {
  explicit Client(bool zlib = false) {
    ClientOptions options;
    options.body_format = BodyFormat::thrift_binary;
    options.thrift_transport = ThriftTransport::header;
    options.thrift_zlib = zlib;
    options.pipelined_max = 4;
    session = ThriftCodec().make_client(options, events);
  }
  void call(CallId id, model::CallHead head = {}) {
    head.method = "getOrder";
    model::Payload message;
    message.format = BodyFormat::thrift_binary;
    message.bytes = buffer_of(std::string_view("\0", 1));
    started = session->start(id, head, true, std::move(message), true, false);
  }
  base::Status feed(std::string_view bytes) {
    in.append(bytes);
    return session->feed(in);
  }
  ClientRecorder events;
  base::Status started;
  base::Buffer in;
  std::unique_ptr<ClientSession> session;
};

TEST(ThriftHeaderClient, TellsProvidersMetadataDeadlineAndTrace) {
  Client client;
  model::CallHead head;
  head.metadata.add("trace-id", "abc", "Trace-ID");
  head.metadata.add("x-bin", std::string_view("\0\1", 2));
  head.timeout_ns = 1'500'001;
  head.trace.parent = "00-1-2-01";
  head.trace.state = "a=b";
  client.call(1, std::move(head));
  ASSERT_TRUE(client.started.ok());
  const std::vector<Answer> sent = answers(drain_all(*client.session));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].infos,
            (std::vector<std::string>{"Trace-ID=abc", std::string("x-bin=\0\1", 8), "client_timeout=2",
                                      "traceparent=00-1-2-01", "tracestate=a=b"}));
  EXPECT_EQ(sent[0].outer, 1u);
  EXPECT_EQ(sent[0].inner, 1);
}

TEST(ThriftHeaderClient, GivesAnswersTheirMetadataAndExceptionsTheirMeaning) {
  Client client;
  for (CallId id = 1; id <= 7; ++id) {
    client.call(id);
    if (id < 7) { ASSERT_TRUE(client.session->cancel(id)); }
  }
  drain_all(*client.session);
  ASSERT_TRUE(client.feed(unhex(golden::header_binary_info_reply)).ok());
  ASSERT_EQ(client.events.ended.size(), 1u);
  EXPECT_EQ(entries(client.events.ended[0].reply.head.metadata), std::vector<std::string>{"trace-id=abc"});

  Client other(true);
  for (CallId id = 1; id <= 7; ++id) {
    other.call(id);
    if (id < 7) { ASSERT_TRUE(other.session->cancel(id)); }
  }
  drain_all(*other.session);
  ASSERT_TRUE(other.feed(unhex(golden::header_binary_zlib_exception)).ok());
  ASSERT_EQ(other.events.ended.size(), 1u);
  EXPECT_EQ(other.events.ended[0].reply.outcome.message, "boom");
  EXPECT_EQ(other.events.ended[0].reply.outcome.native_code, 6);
}

TEST(ThriftHeaderClient, NeverTakesAnAnswerOfDoubtfulOwnership) {
  const auto answer = [](std::uint32_t outer, std::int32_t inner, std::string_view name = "getOrder") {
    base::Buffer message;
    append_message_begin(message, Dialect::binary, MessageType::reply, name, inner);
    message.append(std::string_view("\0", 1));
    base::Buffer out;
    theader::append_frame(out, {0, outer, theader::protocol_binary, false, {}}, std::move(message));
    return out.to_string();
  };
  struct Case {
    std::string bytes;
    bool good;
  };
  const Case cases[] = {
      {answer(2, 2), true},
      {answer(0, 2), true},   // a library that leaves the outer one out
      {answer(1, 2), false},  // both are in flight, and not the same
      {answer(2, 1), false},
      {answer(3, 3), false},
      {answer(2, 2, "other"), false},
      {unhex(golden::reply_void.binary), false},            // no THeader
      {unhex(golden::reply_void.binary).substr(4), false},  // no frame
      {unhex(golden::header_compact_reply), false},         // another protocol
  };
  for (const Case& one : cases) {
    Client client;
    client.call(1);
    client.call(2);
    drain_all(*client.session);
    const base::Status fed = client.feed(one.bytes);
    EXPECT_EQ(fed.ok(), one.good) << &one - cases;
    EXPECT_EQ(client.events.ended.size(), one.good ? 1u : 0u) << &one - cases;
    if (one.good) { EXPECT_EQ(client.events.ended[0].id, 2u); }
  }
}

TEST(ThriftHeaderClient, SendsNothingWhenTheMetadataHasNoRoom) {
  Client client;
  model::CallHead head;
  head.metadata.add("large", std::string(70000, 'x'));
  client.call(1, std::move(head));
  EXPECT_EQ(client.started.reason(), base::Reason::limit_headers);
  EXPECT_FALSE(client.session->wants_write());
  EXPECT_EQ(client.session->calls_in_flight(), 0u);
  client.call(2);
  EXPECT_TRUE(client.started.ok());
}

}  // namespace
}  // namespace koine::codecs::calls::thrift
