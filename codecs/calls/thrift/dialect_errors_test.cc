// What callers of each dialect are told, Multiplexed names and oneways in all of them, and limits of bare
// messages.
#include <memory>

#include <gtest/gtest.h>

#include "codecs/calls/thrift/application_exception.h"
#include "codecs/calls/thrift/message_writer.h"
#include "codecs/calls/thrift/thrift_codec.h"
#include "codecs/calls/thrift/thrift_test_support.h"
#include "codecs/transports/zlib/stream.h"

namespace koine::codecs::calls::thrift {
namespace {

using model::BodyFormat;

struct Server {
  explicit Server(base::Limits limits = {}, bool lax = false) {
    ServerOptions options;
    options.limits = limits;
    options.thrift_lax = lax;
    options.hits = &hits;
    session = ThriftCodec().make_server(options, events);
  }
  base::Status feed(std::string_view bytes) {
    in.append(bytes);
    return session->feed(in);
  }
  void answer(std::size_t call) {
    model::Reply reply;
    reply.has_message = false;  // void
    session->reply(events.calls[call].id, std::move(reply));
  }
  base::LimitHits hits;
  ServerRecorder events;
  base::Buffer in;
  std::unique_ptr<ServerSession> session;
};

struct Form {
  ThriftTransport transport;
  Dialect dialect;
  bool lax = false;
};
const Form forms[] = {
    {ThriftTransport::framed, Dialect::binary},   {ThriftTransport::framed, Dialect::compact},
    {ThriftTransport::framed, Dialect::json},     {ThriftTransport::framed, Dialect::binary_lax, true},
    {ThriftTransport::unframed, Dialect::binary}, {ThriftTransport::unframed, Dialect::compact},
    {ThriftTransport::unframed, Dialect::json},   {ThriftTransport::unframed, Dialect::binary_lax, true},
    {ThriftTransport::header, Dialect::binary},   {ThriftTransport::header, Dialect::compact},
};

std::string bytes_of(const Form& form, MessageType type, std::string_view name, std::int32_t seqid,
                     std::string_view body = {}) {
  Outgoing what;
  what.envelope.transport = form.transport;
  what.envelope.seqid = static_cast<std::uint32_t>(seqid);
  what.dialect = form.dialect;
  what.type = type;
  what.name = name;
  what.seqid = seqid;
  base::Buffer out;
  EXPECT_TRUE(append_message(out, what, buffer_of(body.empty() ? empty_struct(form.dialect) : body)).ok());
  return out.to_string();
}

struct Answer {
  MessageBegin begin;
  std::string name;
  ApplicationException exception;
};
// Every answer in these bytes; of a form that begins like it.
std::vector<Answer> answers(const Form& form, std::string_view bytes) {
  std::vector<Answer> out;
  const base::Limits limits;
  MessageReader reader(limits, nullptr, nullptr, form.lax);
  base::Buffer in = buffer_of(bytes);
  Incoming incoming;
  while (reader.next(in, incoming) == MessageReader::State::message) {
    EXPECT_EQ(incoming.envelope.transport, form.transport);
    const base::Slice message = incoming.message.linearize();
    Answer& answer = out.emplace_back();
    answer.begin = parse_message_begin(message.bytes(), message.size(), form.lax, 1000);
    EXPECT_EQ(answer.begin.fault, "");
    EXPECT_EQ(answer.begin.dialect, form.dialect);
    answer.name = answer.begin.name;
    if (answer.begin.type != static_cast<std::uint8_t>(MessageType::exception)) continue;
    const std::size_t end = message.size() - message_end(form.dialect).size();
    const auto exception = decode_application_exception(
        body_format(form.dialect), message.bytes().subspan(answer.begin.length, end - answer.begin.length),
        64);
    EXPECT_TRUE(exception.has_value());
    if (exception) answer.exception = *exception;
  }
  EXPECT_TRUE(in.empty());
  return out;
}

TEST(ThriftDialectErrors, AnOutcomeIsAnExceptionInTheCallersDialect) {
  for (const Form& form : forms) {
    Server server({}, form.lax);
    ASSERT_TRUE(server.feed(bytes_of(form, MessageType::call, "echo", -7)).ok());
    ASSERT_EQ(server.events.calls.size(), 1u);
    model::Reply reply;
    reply.outcome.code = model::Code::not_found;
    reply.outcome.message = "no \"such\" order: h\xc3\xa9\n";
    server.session->reply(server.events.calls[0].id, std::move(reply));
    const std::vector<Answer> sent = answers(form, drain_all(*server.session));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].begin.seqid, -7);
    EXPECT_EQ(sent[0].name, "echo");
    EXPECT_EQ(sent[0].exception.message, "[NOT_FOUND] no \"such\" order: h\xc3\xa9\n");
    EXPECT_EQ(sent[0].exception.type, 6);
  }
}

TEST(ThriftDialectErrors, RequestsThatAreBrokenInsideAreAnsweredAndTheConnectionGoesOn) {
  for (const Form& form : forms) {
    Server server({}, form.lax);
    const std::string long_name(300, 'n');
    ASSERT_TRUE(server.feed(bytes_of(form, MessageType::reply, "echo", 1)).ok());
    ASSERT_TRUE(server.feed(bytes_of(form, MessageType::call, "S:", 2)).ok());
    ASSERT_TRUE(server.feed(bytes_of(form, MessageType::call, long_name, 3)).ok());
    ASSERT_TRUE(server.feed(bytes_of(form, MessageType::call, ":echo", 4)).ok());
    ASSERT_TRUE(server.feed(bytes_of(form, MessageType::oneway, ":echo", 5)).ok());
    ASSERT_TRUE(server.feed(bytes_of(form, MessageType::call, "echo", 6)).ok());
    ASSERT_EQ(server.events.calls.size(), 1u);
    server.answer(0);
    const std::vector<Answer> sent = answers(form, drain_all(*server.session));
    ASSERT_EQ(sent.size(), 5u);
    EXPECT_EQ(sent[0].exception.type, 2);
    for (std::size_t i = 1; i < 4; ++i) {
      EXPECT_EQ(sent[i].exception.type, 7);
      EXPECT_EQ(sent[i].begin.seqid, static_cast<std::int32_t>(i + 1));
    }
    EXPECT_EQ(sent[4].begin.type, 2u);
    EXPECT_EQ(sent[4].begin.seqid, 6);
    EXPECT_EQ(server.hits.value(base::Limit::method_name_bytes_max), 1u);
    EXPECT_FALSE(server.session->wants_close());
  }
}

TEST(ThriftDialectErrors, MultiplexedNamesAndOnewaysInEveryDialect) {
  for (const Form& form : forms) {
    Server server({}, form.lax);
    ASSERT_TRUE(server
                    .feed(bytes_of(form, MessageType::call, "Shop:getOrder", 7) +
                          bytes_of(form, MessageType::oneway, "Shop:post", 300) +
                          bytes_of(form, MessageType::call, "a:b:c", 8))
                    .ok());
    ASSERT_EQ(server.events.calls.size(), 3u);
    EXPECT_EQ(server.events.calls[0].head.service, "Shop");
    EXPECT_EQ(server.events.calls[0].head.method, "getOrder");
    EXPECT_EQ(server.events.calls[1].head.kind, model::MethodKind::oneway);
    EXPECT_EQ(server.events.calls[2].head.service, "a");
    EXPECT_EQ(server.events.calls[2].head.method, "b:c");
    server.session->no_reply(server.events.calls[1].id);
    server.answer(2);
    server.answer(0);
    const std::vector<Answer> sent = answers(form, drain_all(*server.session));
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_EQ(sent[0].name, "getOrder");
    EXPECT_EQ(sent[0].begin.seqid, 7);
    EXPECT_EQ(sent[1].begin.seqid, 8);

    ClientOptions options;
    options.body_format = body_format(form.dialect);
    options.thrift_transport = form.transport;
    options.multiplexed_name = "Shop";
    if (form.lax) continue;  // providers are spoken to in strict form
    ClientRecorder events;
    const auto client = ThriftCodec().make_client(options, events);
    model::CallHead head;
    head.method = "getOrder";
    model::Payload message;
    message.format = body_format(form.dialect);
    message.bytes = buffer_of(empty_struct(form.dialect));
    ASSERT_TRUE(client->start(1, head, true, std::move(message), true, false).ok());
    const std::vector<Answer> called = answers(form, drain_all(*client));
    ASSERT_EQ(called.size(), 1u);
    EXPECT_EQ(called[0].name, "Shop:getOrder");
  }
}

// {1: "xxx…"} so that the whole message has `bytes`.
std::string filled(const Form& form, std::size_t bytes) {
  const bool json = form.dialect == Dialect::json;
  const std::string base = json                               ? std::string("{\"1\":{\"str\":\"\"}}")
                           : form.dialect == Dialect::compact ? unhex("1880808000") + unhex("00")
                                                              : unhex("0b00010000000000");
  Outgoing what;
  what.dialect = form.dialect;
  what.name = "echo";
  what.seqid = 9;
  const std::size_t text = bytes - message_bytes(what, base.size());
  const std::string x(text, 'x');
  std::string body;
  if (json) {
    body = "{\"1\":{\"str\":\"" + x + "\"}}";
  } else if (form.dialect == Dialect::compact) {
    // A length of four bytes, as long as it need not be.
    body = unhex("18");
    for (int shift : {0, 7, 14, 21})
      body += static_cast<char>((text >> shift & 0x7F) | (shift < 21 ? 0x80 : 0));
    body += x + '\0';
  } else {
    body = unhex("0b0001");
    for (int shift = 24; shift >= 0; shift -= 8) body += static_cast<char>(text >> shift & 0xFF);
    body += x + '\0';
  }
  EXPECT_EQ(message_bytes(what, body.size()), bytes);
  return body;
}

TEST(ThriftDialectErrors, TheMessageLimitHoldsOneBelowAtAndOneAboveInEveryDialect) {
  base::Limits limits;
  limits.message_bytes_max = 3000;
  for (const Form& form : forms) {
    for (const std::size_t bytes : {2999u, 3000u}) {
      Server server(limits, form.lax);
      ASSERT_TRUE(server.feed(bytes_of(form, MessageType::call, "echo", 9, filled(form, bytes))).ok())
          << bytes;
      EXPECT_EQ(server.events.calls.size(), 1u) << bytes;
      EXPECT_EQ(server.hits.value(base::Limit::message_bytes_max), 0u);
    }
    Server server(limits, form.lax);
    const std::string request = bytes_of(form, MessageType::call, "echo", 9, filled(form, 3001));
    base::Status status;
    std::size_t fed = 0;
    while (status.ok() && fed < request.size()) status = server.feed(request.substr(fed++, 1));
    EXPECT_EQ(status.reason(), base::Reason::limit_message);
    if (form.transport == ThriftTransport::framed) { EXPECT_LE(fed, 100u) << "its length said so"; }
    EXPECT_TRUE(server.events.calls.empty());
    const std::vector<Answer> sent = answers(form, drain_all(*server.session));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].begin.seqid, 9);
    EXPECT_NE(sent[0].exception.message.find("LIMIT_MESSAGE"), std::string::npos);
    EXPECT_TRUE(server.session->wants_close());
    EXPECT_EQ(server.hits.value(base::Limit::message_bytes_max), 1u);
  }
}

TEST(ThriftDialectErrors, AnUnframedMessageThatCannotBeWalkedEndsItsConnectionAfterEarlierAnswers) {
  for (const Form& form : forms) {
    if (form.transport != ThriftTransport::unframed) continue;
    Server server({}, form.lax);
    ASSERT_TRUE(server.feed(bytes_of(form, MessageType::call, "echo", 1)).ok());
    const std::string broken =
        bytes_of(form, MessageType::call, "echo", 2, form.dialect == Dialect::json ? "{]" : "\xff");
    EXPECT_EQ(server.feed(broken).reason(), base::Reason::wire_malformed);
    EXPECT_FALSE(server.session->wants_close());
    server.answer(0);
    EXPECT_EQ(answers(form, drain_all(*server.session)).size(), 1u);
    EXPECT_TRUE(server.session->wants_close());
  }
}

TEST(ThriftDialectErrors, UnframedMessagesThatAreTooDeepAreRefusedAndCounted) {
  const Form form = {ThriftTransport::unframed, Dialect::compact};
  Server server;
  std::string body(64, '\x1c');
  body += std::string(65, '\0');
  EXPECT_EQ(server.feed(bytes_of(form, MessageType::call, "echo", 1, body)).reason(),
            base::Reason::limit_depth);
  EXPECT_EQ(server.hits.value(base::Limit::nesting_max), 1u);
}

TEST(ThriftDialectErrors, JsonMessagesMayHaveWhiteSpaceWhereJsonHasIt) {
  Server server;
  ASSERT_TRUE(
      server.feed("[ 1 , \"echo\" , 1 , -3 , { } ]\r\n\n[1,\"echo\",1,4,{\"1\":{\"tf\":1}}\t]  ").ok());
  ASSERT_EQ(server.events.calls.size(), 2u);
  EXPECT_EQ(server.events.calls[0].body, "{ }");
  EXPECT_EQ(server.events.calls[1].body, "{\"1\":{\"tf\":1}}");
  EXPECT_EQ(server.session->unfinished_unit(), 0u) << "white space behind a message is not the next one";
}

TEST(ThriftDialectErrors, JsonHeadersAreReadStrictly) {
  for (const std::string_view bad :
       {"[2,\"echo\",1,1,{}]", "[1,\"e\\u0063ho\",1,1,{}]", "[1,\"echo\",1,3000000000,{}]",
        "[1,\"echo\",1.5,1,{}]", "[1,\"echo\",1]", "[1,\"echo\",1,1]", "[1,echo,1,1,{}]",
        "[1,\"echo\",1,--1,{}]", "[1]"}) {
    Server server;
    EXPECT_FALSE(server.feed(bad).ok()) << bad;
    EXPECT_TRUE(server.events.calls.empty()) << bad;
  }
}

// The frame and the method's name are both too long: who waits for the rest of the header waits for it in any
// case.
TEST(ThriftDialectErrors, AJsonNameThatIsTooLongIsRefusedHoweverItIsCut) {
  base::Limits limits;
  limits.message_bytes_max = 64;
  limits.method_name_bytes_max = 8;
  const std::string name(30, 'n');
  for (const std::string& message : {"[1,\"" + name + "\"", "[1,\"" + name + "\",1,5,{",
                                     "[1,\"" + name + "\\", "[1,\"" + name + name + name + name}) {
    const std::string frame = std::string("\0\0\1\0", 4) + message;
    Server whole(limits);
    const base::Status status = whole.feed(frame);
    Server pieces(limits);
    base::Status last;
    for (std::size_t at = 0; at < frame.size() && last.ok(); ++at) last = pieces.feed(frame.substr(at, 1));
    EXPECT_EQ(last.reason(), status.reason()) << message;
    EXPECT_EQ(pieces.session->wants_write(), whole.session->wants_write()) << message;
  }
}

TEST(ThriftDialectErrors, AZlibStreamThatBreaksEndsItsConnection) {
  Server server;
  ASSERT_TRUE(server.feed(unhex("789c")).ok());
  EXPECT_EQ(server.feed("\xff").reason(), base::Reason::wire_compression);  // a block of no type
  Server other;  // a second stream inside the first: a stored block of a zlib header
  EXPECT_EQ(other.feed(unhex("7801000200fdff789c")).reason(), base::Reason::wire_malformed);
}

TEST(ThriftDialectErrors, WhatComesBeforeTheDamageOfAZlibStreamIsReadHoweverItIsCut) {
  transports::zlib::Deflater deflater;
  base::Buffer plain;
  plain.append(bytes_of(forms[0], MessageType::call, "echo", 1));
  base::Buffer packed;
  ASSERT_TRUE(deflater.deflate(std::move(plain), packed).ok());
  const std::string stream = packed.to_string() + '\xff';  // a block of no type
  Server whole;
  EXPECT_EQ(whole.feed(stream).reason(), base::Reason::wire_compression);
  EXPECT_EQ(whole.events.calls.size(), 1u);
  Server pieces;
  base::Status last;
  for (const char byte : stream) last = pieces.feed(std::string(1, byte));
  EXPECT_EQ(last.reason(), base::Reason::wire_compression);
  EXPECT_EQ(pieces.events.calls.size(), 1u);
}

TEST(ThriftDialectErrors, AMessageTooLargeInsideAZlibStreamIsRefusedHoweverItIsCut) {
  base::Limits limits;
  limits.message_bytes_max = 1000;
  transports::zlib::Deflater deflater;
  base::Buffer plain;
  plain.append(bytes_of(forms[0], MessageType::call, "echo", 9, std::string(2000, 'x')));
  base::Buffer packed;
  ASSERT_TRUE(deflater.deflate(std::move(plain), packed).ok());
  const std::string stream = packed.to_string();
  for (const bool whole : {true, false}) {
    Server server(limits);
    base::Status last = server.feed(whole ? stream : "");
    for (std::size_t at = 0; at < stream.size() && last.ok() && !whole; ++at)
      last = server.feed(stream.substr(at, 1));
    EXPECT_EQ(last.reason(), base::Reason::limit_message);
    EXPECT_TRUE(server.session->wants_write());
  }
  // Its front never comes: still refused, and nobody is told.
  for (const bool whole : {true, false}) {
    Server server(limits);
    const std::string broken = stream.substr(0, 8) + std::string(4, '\xff');
    base::Status last = server.feed(whole ? broken : "");
    for (std::size_t at = 0; at < broken.size() && last.ok() && !whole; ++at)
      last = server.feed(broken.substr(at, 1));
    EXPECT_FALSE(last.ok());
    EXPECT_TRUE(server.session->wants_close());
  }
}

TEST(ThriftDialectErrors, AnswersThatWaitHoldNoSlabEach) {
  base::SlabPool pool;
  ServerOptions options;
  options.pool = &pool;
  ServerRecorder events;
  const auto session = ThriftCodec().make_server(options, events);
  base::Buffer in(&pool);
  for (int i = 0; i < 100; ++i) in.append(bytes_of(forms[0], MessageType::call, "echo", i));
  ASSERT_TRUE(session->feed(in).ok());
  ASSERT_EQ(events.calls.size(), 100u);
  for (const auto& call : events.calls) {
    model::Reply reply;
    reply.has_message = true;
    reply.message.format = BodyFormat::thrift_binary;
    reply.message.bytes = base::Buffer(&pool);
    reply.message.bytes.append(std::string_view("\0", 1));
    session->reply(call.id, std::move(reply));
  }

  EXPECT_LT(pool.used_bytes(), 100u << 10);
}

TEST(ThriftDialectErrors, TheRatioIsThatOfOneMessage) {
  base::Limits limits;
  limits.inflate_floor_bytes = 300u << 10;
  Server server(limits);
  transports::zlib::Deflater deflater;
  const auto call_of = [&](std::size_t zeros, const char* length) {
    const std::string body = unhex("0b0001") + unhex(length) + std::string(zeros, '\0') + '\0';
    base::Buffer plain;
    plain.append(unhex("80010001000000046563686f00000001") + body);
    base::Buffer packed;
    EXPECT_TRUE(deflater.deflate(std::move(plain), packed).ok());
    return packed.to_string();
  };
  // Each of them is allowed, however many come over the connection.
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(server.feed(call_of(200u << 10, "00032000")).ok()) << i;
  EXPECT_EQ(server.events.calls.size(), 20u);
  EXPECT_EQ(server.feed(call_of(2u << 20, "00200000")).reason(), base::Reason::wire_compression);
}

TEST(ThriftDialectErrors, AnUnfinishedMessageHasANumberOfItsOwn) {
  for (const Form& form : forms) {
    Server server({}, form.lax);
    const std::string message = bytes_of(form, MessageType::call, "echo", 1);
    EXPECT_EQ(server.session->unfinished_unit(), 0u);
    ASSERT_TRUE(server.feed(message.substr(0, 7)).ok());
    const std::uint64_t first = server.session->unfinished_unit();
    EXPECT_NE(first, 0u);
    ASSERT_TRUE(server.feed(message.substr(7, 1)).ok());
    EXPECT_EQ(server.session->unfinished_unit(), first);
    ASSERT_TRUE(server.feed(message.substr(8) + message.substr(0, 5)).ok());
    EXPECT_NE(server.session->unfinished_unit(), 0u);
    EXPECT_NE(server.session->unfinished_unit(), first);
    ASSERT_TRUE(server.feed(message.substr(5)).ok());
    EXPECT_EQ(server.session->unfinished_unit(), 0u);
    EXPECT_EQ(server.events.calls.size(), 2u);
  }
}

}  // namespace
}  // namespace koine::codecs::calls::thrift
