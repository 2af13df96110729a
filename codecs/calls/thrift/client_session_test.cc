// The half that faces providers: requests as real libraries write them, answers matched, phases, cancels.
#include "codecs/calls/thrift/client_session.h"

#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "codecs/calls/thrift/application_exception.h"
#include "codecs/calls/thrift/thrift_codec.h"
#include "codecs/calls/thrift/thrift_test_support.h"

namespace koine::codecs::calls::thrift {
namespace {

using model::BodyFormat;
using model::Phase;

struct Fixture {
  explicit Fixture(BodyFormat body = BodyFormat::thrift_binary, std::size_t pipelined_max = 1,
                   std::string multiplexed = {}, base::Limits limits = {})
      : format(body) {
    ClientOptions options;
    options.limits = limits;
    options.pool = &pool;
    options.body_format = body;
    options.pipelined_max = pipelined_max;
    options.multiplexed_name = std::move(multiplexed);
    session = ThriftCodec().make_client(options, events);
  }
  base::Status start(CallId id, std::string_view method = "getOrder",
                     model::MethodKind kind = model::MethodKind::unary) {
    model::CallHead head;
    head.method = method;
    head.kind = kind;
    model::Payload payload;
    payload.format = format;
    payload.bytes =
        buffer_of(unhex(format == BodyFormat::thrift_binary ? golden::args_binary : golden::args_compact));
    return session->start(id, head, true, std::move(payload), true, false);
  }
  // Starts and sends calls until the last one has sequence id 7, the golden answers' one.
  void start_seventh(CallId id) {
    for (int i = 1; i < 7; ++i) {
      ASSERT_TRUE(start(1000, "post", model::MethodKind::oneway).ok());
      drain_all(*session);
    }
    ASSERT_TRUE(start(id).ok());
    drain_all(*session);
    events.ended.clear();
  }
  base::Status feed(std::string_view bytes) {
    in.append(bytes);
    return session->feed(in);
  }

  BodyFormat format;
  base::SlabPool pool;
  ClientRecorder events;
  base::Buffer in{&pool};
  std::unique_ptr<ClientSession> session;
};

TEST(ThriftClient, WritesCallsAsLibrariesDo) {
  Fixture binary;
  Fixture compact(BodyFormat::thrift_compact);
  Fixture multiplexed(BodyFormat::thrift_compact, 1, "Shop");
  for (Fixture* f : {&binary, &compact, &multiplexed}) {
    for (int i = 1; i < 7; ++i) {
      ASSERT_TRUE(f->start(1, "post", model::MethodKind::oneway).ok());
      drain_all(*f->session);
    }
    ASSERT_TRUE(f->start(2).ok());
  }
  EXPECT_EQ(drain_all(*binary.session), unhex(golden::call.binary));
  EXPECT_EQ(drain_all(*compact.session), unhex(golden::call.compact));
  EXPECT_EQ(drain_all(*multiplexed.session), unhex(golden::multiplexed.compact));
}

TEST(ThriftClient, ReadsWhatEndsACall) {
  struct Case {
    Golden golden;
    model::Code code;
    std::int32_t declared;
    bool has_message;
    std::int32_t native;
  };
  const Case cases[] = {
      {golden::reply, model::Code::ok, 0, true, -1},
      {golden::reply_void, model::Code::ok, 0, true, -1},
      {golden::declared, model::Code::unknown, 2, true, -1},
      {golden::declared_20, model::Code::unknown, 20, true, -1},
      {golden::exception, model::Code::unknown, 0, false, 6},
      {golden::unknown_method, model::Code::unimplemented, 0, false, 1},
  };
  for (const Case& want : cases) {
    for (const BodyFormat format : {BodyFormat::thrift_binary, BodyFormat::thrift_compact}) {
      const bool is_compact = format == BodyFormat::thrift_compact;
      Fixture f(format);
      f.start_seventh(42);
      ASSERT_TRUE(f.feed(unhex(is_compact ? want.golden.compact : want.golden.binary)).ok());
      ASSERT_EQ(f.events.ended.size(), 1u);
      EXPECT_EQ(f.events.ended[0].id, 42u);
      const model::Reply& reply = f.events.ended[0].reply;
      EXPECT_EQ(reply.outcome.code, want.code);
      EXPECT_EQ(reply.outcome.origin, model::Origin::application);
      EXPECT_EQ(reply.outcome.phase, Phase::executed);
      EXPECT_EQ(reply.outcome.declared_field, want.declared);
      EXPECT_EQ(reply.outcome.native_code, want.native);
      EXPECT_EQ(reply.has_message, want.has_message);
      if (want.has_message) {
        EXPECT_EQ(reply.message.format, format);
        EXPECT_TRUE(unhex(is_compact ? want.golden.compact : want.golden.binary)
                        .ends_with(reply.message.bytes.to_string()));
      }
      EXPECT_EQ(f.session->capacity(), 1u);
    }
  }
}

TEST(ThriftClient, GivesTheSameReplyByteByByte) {
  Fixture f;
  f.start_seventh(42);
  const std::string answer = unhex(golden::reply.binary);
  for (std::size_t i = 0; i < answer.size(); ++i) {
    EXPECT_TRUE(f.events.ended.empty());
    base::SlabRef slab = base::make_slab(1);
    slab->data()[0] = static_cast<std::uint8_t>(answer[i]);
    slab->used = 1;
    const std::uint8_t* data = slab->data();
    f.in.append(base::Slice(std::move(slab), data, 1));
    ASSERT_TRUE(f.session->feed(f.in).ok());
  }
  ASSERT_EQ(f.events.ended.size(), 1u);
  EXPECT_TRUE(f.events.ended[0].reply.outcome.ok());
  EXPECT_EQ(f.events.ended[0].reply.message.bytes.to_string(), unhex("0b0000000000026f6b00"));
}

TEST(ThriftClient, MatchesPipelinedAnswersBySequenceIdInAnyOrder) {
  Fixture f(BodyFormat::thrift_binary, 3);
  for (CallId id = 10; id < 13; ++id) {
    ASSERT_TRUE(f.start(id).ok());
    EXPECT_EQ(f.session->capacity(), 12 - id);
  }
  EXPECT_EQ(f.start(13).reason(), base::Reason::limit_concurrency);
  drain_all(*f.session);
  const auto answer = [](int seqid) {
    return unhex("0000001e80010002000000086765744f726465720000000" + std::to_string(seqid) +
                 "0b0000000000026f6b00");
  };
  ASSERT_TRUE(f.feed(answer(3) + answer(1)).ok());
  EXPECT_EQ(f.session->capacity(), 2u);
  ASSERT_TRUE(f.feed(answer(2)).ok());
  ASSERT_EQ(f.events.ended.size(), 3u);
  EXPECT_EQ(f.events.ended[0].id, 12u);
  EXPECT_EQ(f.events.ended[1].id, 10u);
  EXPECT_EQ(f.events.ended[2].id, 11u);
  EXPECT_EQ(f.events.capacity_events, 3);
}

TEST(ThriftClient, TakesNoAnswerThatNobodyWaitsFor) {
  struct Case {
    std::string_view why;
    std::string bytes;
  };
  const Case cases[] = {
      {"another sequence id", unhex("0000001580010002000000086765744f726465720000000800")},
      {"another method", unhex("0000001080010002000000036765740000000700")},
      {"another protocol", unhex(golden::reply.compact)},
      {"a call", unhex(golden::call.binary)},
      {"a oneway", unhex("0000001580010004000000086765744f726465720000000700")},
      {"an empty frame", unhex("00000000")},
      {"a negative length", unhex("80000000")},
      {"no message", unhex("00000004deadbeef")},
      {"a header cut off", unhex("0000000880010002000000086765744f7264")},
  };
  for (const Case& bad : cases) {
    Fixture f;
    f.start_seventh(42);
    const base::Status status = f.feed(bad.bytes);
    EXPECT_EQ(status.reason(), base::Reason::upstream_protocol) << bad.why;
    EXPECT_TRUE(f.events.ended.empty()) << bad.why;
    f.session->on_closed(status);
    ASSERT_EQ(f.events.ended.size(), 1u);
    EXPECT_EQ(f.events.ended[0].reply.outcome.code, model::Code::internal);
    EXPECT_EQ(f.events.ended[0].reply.outcome.origin, model::Origin::transport);
    EXPECT_EQ(f.events.ended[0].reply.outcome.phase, Phase::maybe_executed);
  }
  // A second answer to one call.
  Fixture twice;
  twice.start_seventh(42);
  EXPECT_FALSE(twice.feed(unhex(golden::reply.binary) + unhex(golden::reply.binary)).ok());
  EXPECT_EQ(twice.events.ended.size(), 1u);
  // An answer to what has not been sent.
  Fixture early;
  ASSERT_TRUE(early.start(1).ok());
  EXPECT_FALSE(early.feed(unhex("0000001580010002000000086765744f726465720000000100")).ok());
}

TEST(ThriftClient, ToleratesTheMultiplexedNameInAnswers) {
  Fixture f(BodyFormat::thrift_compact, 1, "Shop");
  f.start_seventh(42);
  ASSERT_TRUE(f.feed(unhex("000000128241070d53686f703a6765744f7264657200")).ok());
  EXPECT_EQ(f.events.ended.size(), 1u);
  Fixture exception(BodyFormat::thrift_compact, 1, "Shop");
  exception.start_seventh(42);
  ASSERT_TRUE(exception
                  .feed(unhex("0000000d82610700"
                              "1804626f6f6d150c00"))
                  .ok())
      << "no name at all";
  ASSERT_EQ(exception.events.ended.size(), 1u);
  EXPECT_EQ(exception.events.ended[0].reply.outcome.message, "boom");
}

TEST(ThriftClient, EndsACallWhoseAnswerCannotBeReadAndKeepsTheConnection) {
  const std::string_view answers[] = {
      "0000001480010002000000086765744f7264657200000007",            // REPLY without a struct
      "0000001580010002000000086765744f726465720000000701",          // a field of no type
      "0000001680010002000000086765744f72646572000000070b00",        // a field head cut off
      "0000001980010003000000086765744f72646572000000070b000100ff",  // EXCEPTION cut off
  };
  for (const std::string_view hex : answers) {
    Fixture f;
    f.start_seventh(42);
    ASSERT_TRUE(f.feed(unhex(hex)).ok()) << hex;
    ASSERT_EQ(f.events.ended.size(), 1u);
    EXPECT_EQ(f.events.ended[0].reply.outcome.code, model::Code::internal);
    EXPECT_EQ(f.events.ended[0].reply.outcome.reason, base::Reason::upstream_protocol);
    EXPECT_EQ(f.events.ended[0].reply.outcome.phase, Phase::executed);
    EXPECT_FALSE(f.events.ended[0].reply.has_message);
    EXPECT_EQ(f.session->capacity(), 1u);
  }
}

TEST(ThriftClient, EndsOnewaysWhenTheLastByteIsTaken) {
  base::Limits limits;
  limits.write_high_bytes = 30;
  Fixture f(BodyFormat::thrift_binary, 1, {}, limits);
  ASSERT_TRUE(f.start(1, "post", model::MethodKind::oneway).ok());
  EXPECT_EQ(f.session->capacity(), 0u);
  base::Buffer out;
  f.session->drain(out);
  EXPECT_TRUE(f.events.ended.empty());
  EXPECT_EQ(out.size(), 30u);
  out.clear();
  f.session->drain(out);
  ASSERT_EQ(f.events.ended.size(), 1u);
  EXPECT_TRUE(f.events.ended[0].reply.outcome.ok());
  EXPECT_FALSE(f.events.ended[0].reply.has_message);
  EXPECT_EQ(f.session->capacity(), 1u);
  // Servers answer an unknown oneway method with an exception; it reaches nobody.
  ASSERT_TRUE(
      f.feed(unhex("000000218001000300000004706f7374000000010b0001000000026e6f0800020000000100")).ok());
  EXPECT_EQ(f.events.ended.size(), 1u);
}

TEST(ThriftClient, MarksOnewaysOnTheWire) {
  Fixture f(BodyFormat::thrift_compact);
  ASSERT_TRUE(f.start(1, "post", model::MethodKind::oneway).ok());
  EXPECT_EQ(drain_all(*f.session), unhex("00000010828101"
                                         "04706f7374"
                                         "1653180368c3a900"));
}

TEST(ThriftClient, SaysHowFarEveryCallGotWhenTheConnectionBreaks) {
  base::Limits limits;
  limits.write_high_bytes = 50;
  Fixture f(BodyFormat::thrift_binary, 3, {}, limits);
  for (CallId id = 1; id <= 3; ++id) ASSERT_TRUE(f.start(id).ok());
  base::Buffer out;
  f.session->drain(out);  // 46 bytes of the first call, 4 of the second
  f.session->on_closed(base::Status(base::Reason::net_eof, "end of file"));
  ASSERT_EQ(f.events.ended.size(), 3u);
  EXPECT_EQ(f.events.ended[0].reply.outcome.phase, Phase::maybe_executed);
  EXPECT_EQ(f.events.ended[1].reply.outcome.phase, Phase::maybe_executed);
  EXPECT_EQ(f.events.ended[2].reply.outcome.phase, Phase::not_sent);
  for (const auto& ended : f.events.ended) {
    EXPECT_EQ(ended.reply.outcome.code, model::Code::unavailable);
    EXPECT_EQ(ended.reply.outcome.origin, model::Origin::transport);
    EXPECT_EQ(ended.reply.outcome.reason, base::Reason::net_eof);
  }
  EXPECT_EQ(f.session->capacity(), 0u);
  EXPECT_FALSE(f.session->accepting());
  EXPECT_FALSE(f.start(4).ok());

  Fixture unsent;
  ASSERT_TRUE(unsent.start(1).ok());
  unsent.session->on_closed(base::Status());
  ASSERT_EQ(unsent.events.ended.size(), 1u);
  EXPECT_EQ(unsent.events.ended[0].reply.outcome.phase, Phase::not_sent);
  EXPECT_EQ(unsent.events.ended[0].reply.outcome.reason, base::Reason::upstream_closed);
}

TEST(ThriftClient, CannotBeReusedWhileACancelledCallsAnswerIsDue) {
  Fixture f;
  f.start_seventh(42);
  EXPECT_FALSE(f.session->cancel(42));
  EXPECT_EQ(f.session->capacity(), 0u);
  EXPECT_FALSE(f.session->accepting());
  EXPECT_TRUE(f.session->wants_close());
  EXPECT_EQ(f.session->calls_in_flight(), 0u);
  ASSERT_TRUE(f.feed(unhex(golden::reply.binary)).ok());
  f.session->on_closed(base::Status());
  EXPECT_TRUE(f.events.ended.empty()) << "nothing follows a cancel";
}

TEST(ThriftClient, TakesACallThatWasNotSentOutOfTheQueue) {
  Fixture f(BodyFormat::thrift_binary, 3);
  for (CallId id = 1; id <= 3; ++id) ASSERT_TRUE(f.start(id).ok());
  EXPECT_TRUE(f.session->cancel(2));
  EXPECT_EQ(f.session->capacity(), 1u);
  const std::string sent = drain_all(*f.session);
  EXPECT_EQ(sent.size(), 92u);
  EXPECT_EQ(sent[23], 1);
  EXPECT_EQ(sent[46 + 23], 3);
  ASSERT_TRUE(f.feed(unhex("0000001580010002000000086765744f726465720000000300")).ok());
  ASSERT_EQ(f.events.ended.size(), 1u);
  EXPECT_EQ(f.events.ended[0].id, 3u);
  EXPECT_TRUE(f.session->cancel(99)) << "unknown: nothing is due";
}

TEST(ThriftClient, RefusesWhatThriftCannotCarry) {
  base::Limits limits;
  limits.message_bytes_max = 42;
  Fixture exact(BodyFormat::thrift_binary, 1, {}, limits);
  EXPECT_TRUE(exact.start(1).ok());
  limits.message_bytes_max = 41;
  Fixture small(BodyFormat::thrift_binary, 1, {}, limits);
  EXPECT_EQ(small.start(1).reason(), base::Reason::limit_message);
  EXPECT_FALSE(small.session->wants_write());
  EXPECT_EQ(small.session->capacity(), 1u);
  Fixture f;
  EXPECT_EQ(f.start(1, "").reason(), base::Reason::limit_headers);
  EXPECT_EQ(f.start(1, std::string(600, 'n')).reason(), base::Reason::limit_headers);
  const model::CallHead head;
  model::Payload compact;
  compact.format = BodyFormat::thrift_compact;
  EXPECT_EQ(f.session->start(1, head, true, std::move(compact), true, false).reason(),
            base::Reason::wire_unsupported);
  EXPECT_EQ(f.session->start(1, head, false, model::Payload(), false, false).reason(),
            base::Reason::wire_unsupported);
  EXPECT_EQ(f.session->start(1, head, true, model::Payload(), true, true).reason(),
            base::Reason::wire_unsupported);
}

TEST(ThriftClient, RefusesAnswersOverTheLimitFromTheirLength) {
  base::Limits limits;
  limits.message_bytes_max = 42;
  Fixture f(BodyFormat::thrift_binary, 1, {}, limits);
  f.start_seventh(42);
  EXPECT_EQ(f.feed(unhex("0000002b")).reason(), base::Reason::limit_message);
}

// A THeader's mark behind the length raises no limit where none is expected, and is looked for in its own
// frame.
TEST(ThriftClient, HoldsAFrameToTheTransportThatIsExpectedHoweverItIsCut) {
  base::Limits limits;
  limits.message_bytes_max = 42;
  for (const std::size_t cut : {4u, 5u, 6u, 12u}) {
    Fixture f(BodyFormat::thrift_binary, 1, {}, limits);
    const std::string large = unhex("0000002b0fff800100007575");
    base::Status status = f.feed(large.substr(0, cut));
    if (status.ok()) status = f.feed(large.substr(cut));
    EXPECT_EQ(status.reason(), base::Reason::limit_message) << cut;

    Fixture g;
    const std::string small = unhex("000000010fff000000");
    status = g.feed(small.substr(0, cut));
    if (status.ok()) status = g.feed(small.substr(std::min(cut, small.size())));
    EXPECT_FALSE(status.ok()) << cut;
    EXPECT_EQ(status.message().find("THeader"), std::string::npos) << status.message();
  }
}

TEST(ThriftClient, SurvivesEveryMutationOfEveryByteOfAnAnswer) {
  int ended = 0;
  int errors = 0;
  for (const Golden& golden : {golden::reply, golden::declared_20, golden::unknown_method}) {
    for (const bool is_compact : {false, true}) {
      const std::string answer = unhex(is_compact ? golden.compact : golden.binary);
      for (std::size_t at = 0; at < answer.size(); ++at) {
        for (int value = 0; value < 256; value += 3) {
          Fixture f(is_compact ? BodyFormat::thrift_compact : BodyFormat::thrift_binary);
          f.start_seventh(42);
          std::string mutant = answer;
          mutant[at] = static_cast<char>(value);
          const base::Status status = f.feed(mutant);
          if (!status.ok()) ++errors;
          f.session->on_closed(status);
          EXPECT_EQ(f.events.ended.size(), 1u);
          ++ended;
        }
      }
    }
  }
  EXPECT_GT(errors, 1000);
  EXPECT_GT(ended - errors, 1000);
}

TEST(ThriftClient, ShutsDownWhenTheLastCallHasEnded) {
  Fixture f;
  f.start_seventh(42);
  f.session->shutdown();
  EXPECT_FALSE(f.session->wants_close());
  EXPECT_EQ(f.session->capacity(), 0u);
  ASSERT_TRUE(f.feed(unhex(golden::reply.binary)).ok());
  EXPECT_TRUE(f.session->wants_close());
  f.session->release_idle_memory();
  EXPECT_FALSE(f.session->ping());
}

}  // namespace
}  // namespace koine::codecs::calls::thrift
