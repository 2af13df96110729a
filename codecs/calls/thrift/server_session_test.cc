// The half that faces callers: calls from real bytes, answers in order, limits, hostile input.
#include "codecs/calls/thrift/server_session.h"

#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "codecs/calls/thrift/thrift_test_support.h"

namespace koine::codecs::calls::thrift {
namespace {

struct Fixture {
  explicit Fixture(base::Limits limits = {}, bool lax = true) {
    ServerOptions options;
    options.limits = limits;
    options.pool = &pool;
    session = ThriftCodec({.lax_binary = lax}).make_server(options, events);
  }
  base::Status feed(std::string_view bytes) {
    in.append(bytes);
    return session->feed(in);
  }
  void answer(std::size_t call, std::string_view body_hex) {
    model::Reply reply;
    reply.has_message = true;
    reply.message.format = events.calls[call].format;
    reply.message.bytes = buffer_of(unhex(body_hex));
    session->reply(events.calls[call].id, std::move(reply));
  }
  void end(std::size_t call, model::Outcome outcome) {
    model::Reply reply;
    reply.outcome = std::move(outcome);
    session->reply(events.calls[call].id, std::move(reply));
  }

  base::SlabPool pool;
  ServerRecorder events;
  base::Buffer in{&pool};
  std::unique_ptr<ServerSession> session;
};

// "ok" as a result struct.
constexpr std::string_view ok_binary = "0b0000000000026f6b00";
constexpr std::string_view ok_compact = "0800026f6b00";

// A framed call, as libthrift writes it.
std::string call_bytes(Dialect dialect, std::int32_t seqid, std::string_view name, std::string_view body,
                       MessageType type = MessageType::call) {
  base::Buffer message;
  append_message_begin(message, dialect, type, name, seqid);
  message.append(body);
  std::string out(4, '\0');
  for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<char>(message.size() >> (24 - 8 * i) & 0xFF);
  return out + message.to_string();
}

TEST(ThriftServer, TurnsRealBytesIntoCallsAndBackInEachDialect) {
  Fixture f;
  ASSERT_TRUE(f.feed(unhex(golden::call.binary)).ok());
  ASSERT_TRUE(f.feed(unhex(golden::call.compact)).ok());
  ASSERT_TRUE(f.feed(unhex(golden::call.lax)).ok());
  ASSERT_EQ(f.events.calls.size(), 3u);
  for (const auto& call : f.events.calls) {
    EXPECT_EQ(call.head.protocol, "thrift");
    EXPECT_EQ(call.head.service, "");
    EXPECT_EQ(call.head.method, "getOrder");
    EXPECT_EQ(call.head.kind, model::MethodKind::unary);
    EXPECT_EQ(call.head.timeout_ns, base::never_ns);
    EXPECT_EQ(call.head.body_format, call.format);
  }
  EXPECT_EQ(f.events.calls[0].format, model::BodyFormat::thrift_binary);
  EXPECT_EQ(f.events.calls[0].body, unhex(golden::args_binary));
  EXPECT_EQ(f.events.calls[1].format, model::BodyFormat::thrift_compact);
  EXPECT_EQ(f.events.calls[1].body, unhex(golden::args_compact));
  EXPECT_EQ(f.events.calls[2].format, model::BodyFormat::thrift_binary);
  f.answer(0, ok_binary);
  EXPECT_EQ(drain_all(*f.session), unhex(golden::reply.binary));
  f.answer(1, ok_compact);
  f.answer(2, ok_binary);
  EXPECT_EQ(drain_all(*f.session), unhex(golden::reply.compact) + unhex(golden::reply.lax));
  EXPECT_EQ(f.session->calls_in_flight(), 0u);
}

TEST(ThriftServer, SplitsMultiplexedNamesAndAnswersWithTheBareOne) {
  Fixture f;
  ASSERT_TRUE(f.feed(unhex(golden::multiplexed.binary) + unhex(golden::multiplexed.compact)).ok());
  ASSERT_TRUE(f.feed(call_bytes(Dialect::binary, 7, "a:b:c", std::string(1, '\0'))).ok());
  ASSERT_EQ(f.events.calls.size(), 3u);
  EXPECT_EQ(f.events.calls[0].head.service, "Shop");
  EXPECT_EQ(f.events.calls[0].head.method, "getOrder");
  EXPECT_EQ(f.events.calls[2].head.service, "a");
  EXPECT_EQ(f.events.calls[2].head.method, "b:c");
  f.answer(0, ok_binary);
  f.answer(1, ok_compact);
  EXPECT_EQ(drain_all(*f.session), unhex(golden::reply.binary) + unhex(golden::reply.compact));
}

TEST(ThriftServer, EchoesEverySequenceIdBitExact) {
  for (const std::int32_t seqid : {0, 1, -1, -2, 300, 0x7ffffff6, 0x7FFFFFFF, -0x7FFFFFFF - 1}) {
    for (const Dialect dialect : {Dialect::binary, Dialect::binary_lax, Dialect::compact}) {
      Fixture f;
      ASSERT_TRUE(f.feed(call_bytes(dialect, seqid, "m", std::string(1, '\0'))).ok());
      ASSERT_EQ(f.events.calls.size(), 1u);
      model::Reply nothing;
      f.session->reply(f.events.calls[0].id, std::move(nothing));
      EXPECT_EQ(drain_all(*f.session),
                call_bytes(dialect, seqid, "m", std::string(1, '\0'), MessageType::reply));
    }
  }
}

TEST(ThriftServer, AnswersDeclaredAndVoidAsReplies) {
  Fixture f;
  ASSERT_TRUE(f.feed(unhex(golden::call.binary) + unhex(golden::call.compact)).ok());
  model::Reply declared;
  declared.outcome.code = model::Code::unknown;
  declared.outcome.declared_field = 2;
  declared.has_message = true;
  declared.message.format = model::BodyFormat::thrift_binary;
  declared.message.bytes = buffer_of(unhex("0c00020000"));
  f.session->reply(f.events.calls[0].id, std::move(declared));
  f.session->reply(f.events.calls[1].id, model::Reply());
  EXPECT_EQ(drain_all(*f.session), unhex(golden::declared.binary) + unhex(golden::reply_void.compact));
}

TEST(ThriftServer, AnswersFailuresAsApplicationExceptions) {
  for (const auto& [call, want] : {std::pair(golden::call.binary, golden::exception.binary),
                                   std::pair(golden::call.lax, golden::exception.lax),
                                   std::pair(golden::call.compact, golden::exception.compact)}) {
    Fixture f;
    ASSERT_TRUE(f.feed(unhex(call)).ok());
    f.end(0, outcome_from_exception({"boom", 6}));
    EXPECT_EQ(drain_all(*f.session), unhex(want));
  }
}

TEST(ThriftServer, RefusesToWriteABodyInAnotherFormatThanTheCallers) {
  Fixture f;
  ASSERT_TRUE(f.feed(unhex(golden::call.compact)).ok());
  model::Reply wrong;
  wrong.has_message = true;
  wrong.message.format = model::BodyFormat::thrift_binary;
  wrong.message.bytes = buffer_of(unhex(ok_binary));
  f.session->reply(f.events.calls[0].id, std::move(wrong));
  const std::string out = drain_all(*f.session);
  EXPECT_EQ(out.substr(4, 3), unhex("826107"));
  EXPECT_NE(out.find("[INTERNAL] INTERNAL: "), std::string::npos);
}

TEST(ThriftServer, KeepsOnewaysSilent) {
  Fixture f;
  ASSERT_TRUE(
      f.feed(unhex(golden::oneway.binary) + unhex(golden::call.binary) + unhex(golden::oneway.compact)).ok());
  ASSERT_EQ(f.events.calls.size(), 3u);
  EXPECT_EQ(f.events.calls[0].head.kind, model::MethodKind::oneway);
  EXPECT_EQ(f.events.calls[0].head.method, "post");
  f.answer(1, ok_binary);
  EXPECT_FALSE(f.session->wants_write()) << "its turn comes after the oneway";
  f.session->no_reply(f.events.calls[0].id);
  EXPECT_EQ(drain_all(*f.session), unhex(golden::reply.binary));
  f.end(2, outcome_from_exception({"boom", 6}));
  EXPECT_FALSE(f.session->wants_write()) << "a failed oneway has no answer either";
  EXPECT_EQ(f.session->calls_in_flight(), 0u);
}

// Go marks oneway calls CALL: whoever knows the IDL ends them without an answer.
TEST(ThriftServer, LeavesUnmarkedOnewaysWithoutAnAnswerWhenToldTo) {
  Fixture f;
  ASSERT_TRUE(f.feed(unhex(golden::go_oneway_binary) + unhex(golden::go_oneway_compact)).ok());
  ASSERT_EQ(f.events.calls.size(), 2u);
  EXPECT_EQ(f.events.calls[0].head.kind, model::MethodKind::unary);
  f.session->no_reply(f.events.calls[0].id);
  f.session->no_reply(f.events.calls[1].id);
  EXPECT_FALSE(f.session->wants_write());
  EXPECT_EQ(f.session->calls_in_flight(), 0u);
}

TEST(ThriftServer, SendsAnswersInTheOrderOfTheRequestsWhateverOrderTheyComeIn) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    Fixture f;
    std::string want;
    std::vector<std::size_t> order;
    for (int i = 0; i < 100; ++i) {
      const Dialect dialect = static_cast<Dialect>(random() % 3);
      ASSERT_TRUE(f.feed(call_bytes(dialect, i - 50, "m" + std::to_string(i), std::string(1, '\0'))).ok());
      want += call_bytes(dialect, i - 50, "m" + std::to_string(i), std::string(1, '\0'), MessageType::reply);
      order.push_back(static_cast<std::size_t>(i));
    }
    std::shuffle(order.begin(), order.end(), random);
    std::string got;
    for (const std::size_t i : order) {
      f.session->reply(f.events.calls[i].id, model::Reply());
      if (random() % 2 == 0) got += drain_all(*f.session);
    }
    EXPECT_EQ(got + drain_all(*f.session), want);
  }
}

TEST(ThriftServer, GivesTheSameCallsByteByByte) {
  const std::string all = unhex(golden::call.binary) + unhex(golden::oneway.compact) +
                          unhex(golden::multiplexed.lax) + unhex(golden::php_compact) +
                          unhex(golden::call_negative.compact);
  Fixture whole;
  ASSERT_TRUE(whole.feed(all).ok());
  Fixture bytes;
  for (const char c : all) {
    base::SlabRef slab = base::make_slab(1);
    slab->data()[0] = static_cast<std::uint8_t>(c);
    slab->used = 1;
    const std::uint8_t* data = slab->data();
    bytes.in.append(base::Slice(std::move(slab), data, 1));
    ASSERT_TRUE(bytes.session->feed(bytes.in).ok());
  }
  ASSERT_EQ(whole.events.calls.size(), 5u);
  ASSERT_EQ(bytes.events.calls.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(bytes.events.calls[i].head.method, whole.events.calls[i].head.method);
    EXPECT_EQ(bytes.events.calls[i].head.service, whole.events.calls[i].head.service);
    EXPECT_EQ(bytes.events.calls[i].head.kind, whole.events.calls[i].head.kind);
    EXPECT_EQ(bytes.events.calls[i].body, whole.events.calls[i].body);
    whole.session->reply(whole.events.calls[i].id, model::Reply());
    bytes.session->reply(bytes.events.calls[i].id, model::Reply());
  }
  EXPECT_EQ(drain_all(*bytes.session), drain_all(*whole.session));
}

TEST(ThriftServer, StopsReadingAtThePipelineLimitAndGoesOnWhenThereIsRoom) {
  base::Limits limits;
  limits.pipelined_calls_max = 2;
  Fixture f(limits);
  std::string three;
  for (int i = 0; i < 3; ++i) three += call_bytes(Dialect::compact, i, "m", std::string(1, '\0'));
  ASSERT_TRUE(f.feed(three).ok());
  EXPECT_EQ(f.events.calls.size(), 2u);
  EXPECT_FALSE(f.session->wants_read());
  EXPECT_FALSE(f.in.empty());
  f.session->on_eof();
  f.session->reply(f.events.calls[1].id, model::Reply());
  EXPECT_FALSE(f.session->wants_read()) << "the second's answer waits for the first's";
  f.session->reply(f.events.calls[0].id, model::Reply());
  EXPECT_TRUE(f.session->wants_read());
  drain_all(*f.session);
  EXPECT_FALSE(f.session->wants_close()) << "a call is still in the buffer";
  ASSERT_TRUE(f.session->feed(f.in).ok());
  ASSERT_EQ(f.events.calls.size(), 3u);
  EXPECT_FALSE(f.session->wants_close());
  f.session->reply(f.events.calls[2].id, model::Reply());
  drain_all(*f.session);
  EXPECT_TRUE(f.session->wants_close());
}

TEST(ThriftServer, StopsReadingWhileAnswersAreNotTaken) {
  base::Limits limits;
  limits.write_high_bytes = 1000;
  limits.write_low_bytes = 100;
  Fixture f(limits);
  ASSERT_TRUE(f.feed(unhex(golden::call.binary) + unhex(golden::call.binary)).ok());
  const std::string large(1500, 'x');
  model::Reply reply;
  reply.has_message = true;
  reply.message.format = model::BodyFormat::thrift_binary;
  reply.message.bytes = buffer_of(large);
  f.session->reply(f.events.calls[1].id, model::Reply(reply));
  EXPECT_FALSE(f.session->wants_read()) << "held behind the first";
  f.session->reply(f.events.calls[0].id, std::move(reply));
  base::Buffer out;
  std::size_t total = 0;
  int drains = 0;
  while (f.session->wants_write()) {
    EXPECT_EQ(f.session->wants_read(), drains == 3) << "48 bytes are below the low watermark";
    f.session->drain(out);
    EXPECT_LE(out.size(), 1000u);
    total += out.size();
    out.clear();
    ++drains;
  }
  EXPECT_EQ(drains, 4);
  EXPECT_EQ(total, 2 * (1500 + 24));
  EXPECT_TRUE(f.session->wants_read());
}

TEST(ThriftServer, RefusesFramesOverTheLimitBeforeTheyArrive) {
  base::Limits limits;
  limits.message_bytes_max = 42;
  Fixture exact(limits);
  EXPECT_TRUE(exact.feed(unhex(golden::call.binary)).ok());
  EXPECT_EQ(exact.events.calls.size(), 1u);

  limits.message_bytes_max = 41;
  const std::string message = unhex(golden::call.binary);
  std::string answers[2];
  for (const bool byte_wise : {false, true}) {
    Fixture f(limits);
    base::Status status;
    std::size_t used = 0;
    for (; status.ok() && used < message.size(); used += byte_wise ? 1 : message.size()) {
      status = f.feed(std::string_view(message).substr(used, byte_wise ? 1 : message.size()));
    }
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.reason(), base::Reason::limit_message);
    EXPECT_EQ(used, byte_wise ? 24u : message.size()) << "refused as soon as the header is there";
    EXPECT_TRUE(f.events.calls.empty());
    EXPECT_FALSE(f.session->wants_read());
    EXPECT_FALSE(f.session->wants_close());
    answers[byte_wise ? 1 : 0] = drain_all(*f.session);
    EXPECT_TRUE(f.session->wants_close());
  }
  EXPECT_EQ(answers[0], answers[1]);
  EXPECT_EQ(answers[0].substr(4, 24), unhex("80010003000000086765744f72646572000000070b000100"));
  EXPECT_NE(answers[0].find("[RESOURCE_EXHAUSTED] LIMIT_MESSAGE: frame of 42 bytes"), std::string::npos);
}

TEST(ThriftServer, AnswersEarlierCallsBeforeItClosesForABadOne) {
  Fixture f;
  const base::Status status =
      f.feed(unhex(golden::call.binary) + unhex("00000000") + unhex(golden::call.binary));
  EXPECT_EQ(status.reason(), base::Reason::wire_malformed);
  ASSERT_EQ(f.events.calls.size(), 1u);
  EXPECT_FALSE(f.session->wants_close());
  EXPECT_TRUE(f.feed(unhex(golden::call.binary)).ok());
  EXPECT_EQ(f.events.calls.size(), 1u) << "nothing behind the end is read";
  f.answer(0, ok_binary);
  EXPECT_EQ(drain_all(*f.session), unhex(golden::reply.binary));
  EXPECT_TRUE(f.session->wants_close());
}

TEST(ThriftServer, AnswersWhatIsBrokenInsideAFrameAndGoesOn) {
  struct Case {
    std::string bytes;
    std::int32_t type;
    std::string_view text;
  };
  const std::string stop(1, '\0');
  const Case cases[] = {
      {call_bytes(Dialect::compact, 5, "m", stop, MessageType::reply), 2, "message type 2 from a caller"},
      {call_bytes(Dialect::binary, 5, "m", stop, MessageType::exception), 2, "message type 3 from a caller"},
      {call_bytes(Dialect::binary, 5, "m", stop, static_cast<MessageType>(9)), 2, "message type 9"},
      {call_bytes(Dialect::compact, 5, "m", ""), 7, "without an arguments struct"},
      {call_bytes(Dialect::compact, 5, "", stop), 7, "without a method name"},
      {call_bytes(Dialect::compact, 5, "Shop:", stop), 7, "without a method name"},
      {call_bytes(Dialect::compact, 5, ":m", stop), 7, "empty service name"},
      {call_bytes(Dialect::binary, 5, std::string(257, 'n'), stop), 7, "LIMIT_HEADERS"},
      {call_bytes(Dialect::binary, 5, std::string(600, 'n'), stop), 7, "method name is longer"},
      {call_bytes(Dialect::compact, 5, std::string(600, 'n'), stop), 7, "method name is longer"},
      {unhex("00000005822105ff00"), 7, "exceeds the message"},
  };
  for (const Case& bad : cases) {
    Fixture f;
    ASSERT_TRUE(f.feed(bad.bytes + unhex(golden::call.binary)).ok()) << bad.text;
    ASSERT_EQ(f.events.calls.size(), 1u) << bad.text;
    f.answer(0, ok_binary);
    const std::string out = drain_all(*f.session);
    ASSERT_TRUE(out.ends_with(unhex(golden::reply.binary)));
    const std::string message = out.substr(4, out.size() - 4 - unhex(golden::reply.binary).size());
    const MessageBegin begin = parse_message_begin(base::as_bytes(message), message.size(), false, 1000);
    ASSERT_EQ(begin.fault, "");
    EXPECT_EQ(begin.type, 3);
    EXPECT_EQ(begin.seqid, 5);
    const auto exception = decode_application_exception(
        body_format(begin.dialect), base::as_bytes(std::string_view(message).substr(begin.length)), 64);
    ASSERT_TRUE(exception);
    EXPECT_EQ(exception->type, bad.type) << bad.text;
    EXPECT_NE(exception->message.find(bad.text), std::string::npos) << exception->message;
  }
}

TEST(ThriftServer, ClosesWhereNoHeaderCanBeRead) {
  for (const std::string_view hex : {"00000004ffffffff", "0000000480020001", "0000000100", "ffffffff",
                                     "00000000", "00000010800100017fffffff0000000000000000"}) {
    Fixture f({}, false);
    EXPECT_EQ(f.feed(unhex(hex)).reason(), base::Reason::wire_malformed) << hex;
    EXPECT_FALSE(f.session->wants_write());
    EXPECT_TRUE(f.session->wants_close());
  }
}

TEST(ThriftServer, GivesNoCallForAnyPrefix) {
  for (const std::string_view hex :
       {golden::multiplexed.binary, golden::multiplexed.lax, golden::multiplexed.compact}) {
    const std::string message = unhex(hex);
    for (std::size_t cut = 0; cut < message.size(); ++cut) {
      Fixture f;
      EXPECT_TRUE(f.feed(message.substr(0, cut)).ok());
      EXPECT_TRUE(f.events.calls.empty());
      f.session->on_eof();
      EXPECT_TRUE(f.session->wants_close());
    }
  }
}

TEST(ThriftServer, SurvivesEveryMutationOfEveryByte) {
  std::size_t calls = 0;
  std::size_t errors = 0;
  for (const Golden& golden : {golden::multiplexed, golden::oneway}) {
    for (const std::string_view hex : {golden.binary, golden.lax, golden.compact}) {
      const std::string message = unhex(hex);
      for (std::size_t at = 0; at < message.size(); ++at) {
        for (int value = 0; value < 256; ++value) {
          Fixture f;
          std::string mutant = message;
          mutant[at] = static_cast<char>(value);
          if (!f.feed(mutant).ok()) ++errors;
          calls += f.events.calls.size();
          for (const auto& call : f.events.calls) f.session->reply(call.id, model::Reply());
          drain_all(*f.session);
          EXPECT_EQ(f.session->calls_in_flight(), 0u);
        }
      }
    }
  }
  EXPECT_GT(calls, 1000u);
  EXPECT_GT(errors, 1000u);
}

TEST(ThriftServer, IgnoresIdsItDoesNotHave) {
  Fixture f;
  ASSERT_TRUE(f.feed(unhex(golden::call.binary)).ok());
  f.session->reply(0, model::Reply());
  f.session->reply(99, model::Reply());
  f.session->no_reply(99);
  EXPECT_EQ(f.session->calls_in_flight(), 1u);
  f.answer(0, ok_binary);
  f.answer(0, ok_binary);
  EXPECT_EQ(drain_all(*f.session), unhex(golden::reply.binary));
}

TEST(ThriftServer, ComposesAReplyFromAStreamOfOne) {
  Fixture f;
  ASSERT_TRUE(f.feed(unhex(golden::call.binary)).ok());
  const CallId id = f.events.calls[0].id;
  f.session->send_head(id, model::ReplyHead());
  model::Payload message;
  message.format = model::BodyFormat::thrift_binary;
  message.bytes = buffer_of(unhex(ok_binary));
  EXPECT_TRUE(f.session->send_message(id, std::move(message)));
  EXPECT_FALSE(f.session->wants_write());
  f.session->finish(id, model::Outcome());
  EXPECT_EQ(drain_all(*f.session), unhex(golden::reply.binary));
}

TEST(ThriftServer, TakesNoMoreCallsAfterShutdownAndAnswersTheRest) {
  Fixture f;
  ASSERT_TRUE(f.feed(unhex(golden::call.binary)).ok());
  f.session->shutdown();
  EXPECT_FALSE(f.session->wants_close());
  ASSERT_TRUE(f.feed(unhex(golden::call.binary)).ok());
  EXPECT_EQ(f.events.calls.size(), 1u);
  f.answer(0, ok_binary);
  EXPECT_FALSE(f.session->wants_close());
  EXPECT_EQ(drain_all(*f.session), unhex(golden::reply.binary));
  EXPECT_TRUE(f.session->wants_close());
  f.session->release_idle_memory();
}

// Handlers may answer while feed() runs.
TEST(ThriftServer, TakesAnswersFromInsideTheEvent) {
  struct Echo : ServerRecorder {
    ServerSession* session = nullptr;
    void on_call(CallId id, model::CallHead&&, bool, model::Payload&&, bool) override {
      session->reply(id, model::Reply());
    }
  } echo;
  base::Limits limits;
  limits.pipelined_calls_max = 1;
  ServerOptions options;
  options.limits = limits;
  const auto session = ThriftCodec().make_server(options, echo);
  echo.session = session.get();
  std::string in_bytes;
  std::string want;
  for (int i = 0; i < 10; ++i) {
    in_bytes += call_bytes(Dialect::binary, i, "m", std::string(1, '\0'));
    want += call_bytes(Dialect::binary, i, "m", std::string(1, '\0'), MessageType::reply);
  }
  base::Buffer in = buffer_of(in_bytes);
  ASSERT_TRUE(session->feed(in).ok());
  EXPECT_EQ(drain_all(*session), want);
}

}  // namespace
}  // namespace koine::codecs::calls::thrift
