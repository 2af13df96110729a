// THeader from callers: metadata, deadlines, trace context, order, errors, bombs.
#include <memory>

#include <gtest/gtest.h>

#include "codecs/calls/thrift/golden_dialects.h"
#include "codecs/calls/thrift/header_test_support.h"
#include "codecs/calls/thrift/thrift_codec.h"
#include "codecs/calls/thrift/thrift_test_support.h"
#include "codecs/transports/theader/theader.h"
#include "codecs/transports/zlib/stream.h"

namespace koine::codecs::calls::thrift {
namespace {

namespace theader = transports::theader;
using model::BodyFormat;

struct Server {
  explicit Server(base::Limits limits = {}) {
    ServerOptions options;
    options.limits = limits;
    options.hits = &hits;
    session = ThriftCodec().make_server(options, events);
  }
  base::Status feed(std::string_view bytes) {
    in.append(bytes);
    return session->feed(in);
  }
  void answer(std::size_t call, std::string_view text, model::Reply reply = model::Reply()) {
    reply.has_message = true;
    reply.message.format = BodyFormat::thrift_binary;
    reply.message.bytes = buffer_of(unhex("0b0000000000") + std::string(1, static_cast<char>(text.size())) +
                                    std::string(text) + std::string(1, '\0'));
    session->reply(events.calls[call].id, std::move(reply));
  }
  base::LimitHits hits;
  ServerRecorder events;
  base::Buffer in;
  std::unique_ptr<ServerSession> session;
};

// A binary call in a THeader of our making.
struct Call {
  std::uint16_t flags = 0;
  std::int32_t seqid = 1;
  std::uint32_t outer_seqid = 1;
  std::vector<theader::Info> infos = {};
  MessageType type = MessageType::call;
  std::string_view name = "echo";
};
std::string bytes_of(const Call& call) {
  base::Buffer message;
  append_message_begin(message, Dialect::binary, call.type, call.name, call.seqid);
  message.append(std::string_view("\0", 1));
  base::Buffer out;
  theader::append_frame(out, {call.flags, call.outer_seqid, theader::protocol_binary, false, call.infos},
                        std::move(message));
  return out.to_string();
}

TEST(ThriftHeader, ReadsRealHeadersAsMetadataAndDeadline) {
  for (const std::string_view hex :
       {golden::header_binary_info_call, golden::header_compact_info_call,
        golden::header_binary_zlib_info_call, golden::header_compact_zlib_info_call}) {
    Server server;
    ASSERT_TRUE(server.feed(unhex(hex)).ok());
    ASSERT_EQ(server.events.calls.size(), 1u);
    const model::CallHead& head = server.events.calls[0].head;
    EXPECT_EQ(entries(head.metadata), std::vector<std::string>{"trace-id=abc"});
    EXPECT_EQ(head.metadata.wire_name(0), "Trace-ID");
    EXPECT_EQ(head.timeout_ns, 250 * base::millisecond_ns);
  }
  Server go;
  ASSERT_TRUE(go.feed(unhex(golden::go_header_compact_zlib_call)).ok());
  EXPECT_EQ(entries(go.events.calls.at(0).head.metadata), std::vector<std::string>{"trace-id=abc"});
  EXPECT_EQ(go.events.calls[0].head.timeout_ns, base::never_ns);
}

TEST(ThriftHeader, TakesOnlyNamesAndValuesThatTheModelHas) {
  Call call;
  call.infos = {{"Good.Name_1-x", "v"},
                {"bad name", "v"},
                {"", "v"},
                {"crlf", "a\r\nb"},
                {"nul", std::string_view("\0", 1)},
                {"any-bin", std::string_view("\0\r\xff", 3)},
                {"client_timeout", "soon"},
                {"traceparent", "00-1-2-01"},
                {"TraceState", "a=b"},
                {"utf8", "h\xc3\xa9"}};
  Server server;
  ASSERT_TRUE(server.feed(bytes_of(call)).ok());
  const model::CallHead& head = server.events.calls.at(0).head;
  EXPECT_EQ(
      entries(head.metadata),
      (std::vector<std::string>{"good.name_1-x=v", std::string("any-bin=\0\r\xff", 11), "utf8=h\xc3\xa9"}));
  EXPECT_EQ(head.trace.parent, "00-1-2-01");
  EXPECT_EQ(head.trace.state, "a=b");
  EXPECT_EQ(head.timeout_ns, base::never_ns);
}

TEST(ThriftHeader, AnswersCarryMetadataAndBothSequenceIds) {
  Server server;
  Call call;
  call.seqid = -5;
  call.outer_seqid = 77;  // a caller that counts them apart gets both back
  ASSERT_TRUE(server.feed(bytes_of(call)).ok());
  EXPECT_TRUE(server.session->carries_metadata(server.events.calls.at(0).id));
  model::Reply reply;
  reply.head.metadata.add("served-by", "x", "Served-By");
  reply.outcome.trailers.add("late", "y");
  server.answer(0, "ok", std::move(reply));
  const std::vector<Answer> sent = answers(drain_all(*server.session));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].outer, 77u);
  EXPECT_EQ(sent[0].inner, -5);
  EXPECT_EQ(sent[0].name, "echo");
  EXPECT_EQ(sent[0].infos, (std::vector<std::string>{"Served-By=x", "late=y"}));
  EXPECT_EQ(sent[0].flags, 0u);
}

TEST(ThriftHeader, PersistentInfosHoldForAllLaterCallsOfTheConnection) {
  // Block 2 with {"who": "me"} in front of a call; a header of its own wins over it.
  base::Buffer message;
  append_message_begin(message, Dialect::binary, MessageType::call, "echo", 1);
  message.append(std::string_view("\0", 1));
  const std::string header = unhex(
                                 "0fff000000000001"
                                 "0003"
                                 "0000"
                                 "0201"
                                 "03") +
                             "who" + unhex("02") + "me" + std::string(1, 0);
  const std::string payload = message.to_string();
  std::string first =
      unhex("000000") + std::string(1, static_cast<char>(header.size() + payload.size())) + header + payload;
  Server server;
  ASSERT_TRUE(server.feed(first).ok());
  ASSERT_TRUE(server.feed(bytes_of({})).ok());
  Call own;
  own.infos = {{"Who", "you"}};
  ASSERT_TRUE(server.feed(bytes_of(own)).ok());
  ASSERT_EQ(server.events.calls.size(), 3u);
  EXPECT_EQ(entries(server.events.calls[0].head.metadata), std::vector<std::string>{"who=me"});
  EXPECT_EQ(entries(server.events.calls[1].head.metadata), std::vector<std::string>{"who=me"});
  EXPECT_EQ(entries(server.events.calls[2].head.metadata), std::vector<std::string>{"who=you"});
  Server other;
  ASSERT_TRUE(other.feed(bytes_of({})).ok());
  EXPECT_TRUE(other.events.calls.at(0).head.metadata.empty());
}

TEST(ThriftHeader, AnswersLeaveInAnyOrderOnlyWhereTheCallerAllowsIt) {
  const auto call = [](std::uint16_t flags, std::int32_t seqid) {
    Call one;
    one.flags = flags;
    one.seqid = seqid;
    one.outer_seqid = static_cast<std::uint32_t>(seqid);
    return bytes_of(one);
  };
  const auto order = [](Server& server) {
    std::vector<std::int32_t> out;
    for (const Answer& answer : answers(drain_all(*server.session))) out.push_back(answer.inner);
    return out;
  };
  Server free;
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(free.feed(call(1, i)).ok());
  free.answer(2, "c");
  EXPECT_EQ(order(free), std::vector<std::int32_t>{3});
  free.answer(3, "d");
  free.answer(1, "b");
  EXPECT_EQ(order(free), (std::vector<std::int32_t>{4, 2}));
  free.answer(2, "again");  // an id that is over
  EXPECT_EQ(order(free), std::vector<std::int32_t>{});
  free.answer(0, "a");
  EXPECT_EQ(order(free), std::vector<std::int32_t>{1});
  EXPECT_EQ(free.session->calls_in_flight(), 0u);

  Server ordered;
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(ordered.feed(call(0, i)).ok());
  ordered.answer(2, "c");
  ordered.answer(1, "b");
  EXPECT_EQ(order(ordered), std::vector<std::int32_t>{});
  ordered.answer(0, "a");
  EXPECT_EQ(order(ordered), (std::vector<std::int32_t>{1, 2, 3}));

  // One that did not allow it holds up all behind it, and is held up by all before it.
  Server mixed;
  ASSERT_TRUE(mixed.feed(call(1, 1) + call(0, 2) + call(1, 3)).ok());
  mixed.answer(2, "c");
  mixed.answer(1, "b");
  EXPECT_EQ(order(mixed), std::vector<std::int32_t>{});
  mixed.answer(0, "a");
  EXPECT_EQ(order(mixed), (std::vector<std::int32_t>{1, 2, 3}));
}

TEST(ThriftHeader, AStuckCallDoesNotStopThoseThatMayPassIt) {
  base::Limits limits;
  limits.pipelined_calls_max = 4;
  Server server(limits);
  Call call;
  call.flags = 1;
  ASSERT_TRUE(server.feed(bytes_of(call)).ok());
  for (std::size_t i = 1; i < 40; ++i) {
    ASSERT_TRUE(server.feed(bytes_of(call)).ok());
    ASSERT_EQ(server.events.calls.size(), i + 1);
    server.answer(i, "x");
    EXPECT_EQ(answers(drain_all(*server.session)).size(), 1u);
  }
  for (std::size_t i = 40; i < 43; ++i) ASSERT_TRUE(server.feed(bytes_of(call)).ok());
  EXPECT_FALSE(server.session->wants_read()) << "four are running";
}

TEST(ThriftHeader, OnewayIsNotAnswered) {
  Server server;
  ASSERT_TRUE(
      server.feed(unhex(golden::header_binary_oneway) + unhex(golden::header_compact_info_oneway)).ok());
  ASSERT_EQ(server.events.calls.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(server.events.calls[i].head.kind, model::MethodKind::oneway);
    server.session->no_reply(server.events.calls[i].id);
  }
  EXPECT_FALSE(server.session->wants_write());
}

// What a caller is told of one frame that cannot be served, and whether the connection goes on.
void expect_refusal(const std::string& bytes, std::int32_t type, std::string_view text, bool goes_on,
                    base::Limits limits = {}) {
  for (std::size_t cut = 0; cut <= std::min<std::size_t>(bytes.size(), 80); ++cut) {
    Server server(limits);
    base::Status status = server.feed(std::string_view(bytes).substr(0, cut));
    if (status.ok()) status = server.feed(std::string_view(bytes).substr(cut));
    EXPECT_EQ(status.ok(), goes_on) << text;
    EXPECT_TRUE(server.events.calls.empty());
    const std::vector<Answer> sent = answers(drain_all(*server.session));
    ASSERT_EQ(sent.size(), 1u) << text;
    EXPECT_EQ(sent[0].type, 3u);
    EXPECT_EQ(sent[0].outer, 9u);
    EXPECT_EQ(sent[0].inner, 9);
    EXPECT_NE(sent[0].body.find(text), std::string::npos) << base::as_text(base::as_bytes(sent[0].body));
    EXPECT_EQ(sent[0].body.substr(sent[0].body.size() - 5),
              std::string("\0\0\0", 3) + static_cast<char>(type) + '\0')
        << text;
    EXPECT_EQ(server.session->wants_close(), !goes_on);
  }
}

std::string frame_of(std::string_view header_hex, std::string_view payload) {
  const std::string header = unhex(header_hex);
  const std::size_t size = header.size() + payload.size();
  std::string out(4, '\0');
  for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<char>(size >> (24 - 8 * i) & 0xFF);
  return out + header + std::string(payload);
}

TEST(ThriftHeader, RefusesInWordsWhatItCannotUndo) {
  Call nine;
  nine.seqid = 9;
  nine.outer_seqid = 9;
  const std::string payload = bytes_of(nine).substr(18);
  expect_refusal(frame_of("0fff0000000000090001"
                          "00010300",
                          payload),
                 8, "transform 3", false);
  expect_refusal(frame_of("0fff0000000000090001"
                          "00010500",
                          payload),
                 8, "WIRE_UNSUPPORTED", false);
  expect_refusal(frame_of("0fff0000000000090001"
                          "01000000",
                          payload),
                 9, "protocol id 1", false);
  expect_refusal(frame_of("0fff0000000000090001"
                          "05000000",
                          payload),
                 9, "protocol id 5", false);
  expect_refusal(frame_of("0fff0000000000090001"
                          "00010100",
                          payload),
                 7, "WIRE_COMPRESSION", false);
  expect_refusal(frame_of("0fff0000000000090001"
                          "000001ff",
                          payload),
                 7, "WIRE_MALFORMED", false);
  expect_refusal(frame_of("0fff000000000009ffff"
                          "00000000",
                          payload),
                 7, "longer than its frame", false);
  // Too many headers: the message is readable, so the connection goes on.
  Call many = nine;
  many.infos = {{"a", "1"}, {"b", "2"}};
  base::Limits limits;
  limits.headers_count_max = 1;
  expect_refusal(bytes_of(many), 6, "LIMIT_HEADERS", true, limits);
  // A message type that callers do not send.
  Call reply = nine;
  reply.type = MessageType::reply;
  expect_refusal(bytes_of(reply), 2, "message type 2", true);
}

TEST(ThriftHeader, HoldsTheMessageLimitWithoutAndWithCompression) {
  const auto call = [](std::size_t bytes, bool zlib) {
    base::Buffer message;
    append_message_begin(message, Dialect::binary, MessageType::call, "echo", 9);
    std::string text(bytes - message.size() - 8, 'x');
    std::uint32_t noise = 1;
    for (char& c : text) {
      noise = noise * 1664525 + 1013904223;
      c = static_cast<char>('a' + (noise >> 24) % 16);
    }
    message.append(unhex("0b0001"));
    const std::size_t size = text.size();
    for (int shift = 24; shift >= 0; shift -= 8)
      message.append(std::string(1, static_cast<char>(size >> shift & 0xFF)));
    message.append(text);
    message.append(std::string_view("\0", 1));
    EXPECT_EQ(message.size(), bytes);
    base::Buffer packed;
    if (zlib) {
      EXPECT_TRUE(transports::zlib::deflate_whole(std::move(message), packed).ok());
    } else {
      packed = std::move(message);
    }
    base::Buffer out;
    theader::append_frame(out, {0, 9, theader::protocol_binary, zlib, {}}, std::move(packed));
    return out.to_string();
  };
  base::Limits limits;
  limits.message_bytes_max = 5000;
  for (const bool zlib : {false, true}) {
    for (const std::size_t bytes : {4999u, 5000u}) {
      Server server(limits);
      EXPECT_TRUE(server.feed(call(bytes, zlib)).ok());
      EXPECT_EQ(server.events.calls.size(), 1u) << bytes << zlib;
    }
    expect_refusal(call(5001, zlib), 6, "LIMIT_MESSAGE", false, limits);
  }
  // Said by the length alone, though nothing of the message came.
  std::string huge = frame_of("0fff000000000009000100000000", "");
  huge[0] = 0x0f;
  expect_refusal(huge, 6, "LIMIT_MESSAGE", false, limits);
}

TEST(ThriftHeader, ABombIsRefusedWhileItGrows) {
  base::Buffer bomb;
  base::Buffer zeros = buffer_of(std::string(8u << 20, '\0'));
  ASSERT_TRUE(transports::zlib::deflate_whole(std::move(zeros), bomb).ok());
  base::Buffer out;
  theader::append_frame(out, {0, 9, theader::protocol_binary, true, {}}, std::move(bomb));
  const std::string bytes = out.to_string();
  Server server;
  EXPECT_EQ(server.feed(bytes).reason(), base::Reason::wire_compression);
  EXPECT_EQ(server.hits.value(base::Limit::inflate_ratio_max), 1u);
  EXPECT_EQ(answers(drain_all(*server.session)).size(), 1u);
}

TEST(ThriftHeader, FramesWithAndWithoutItMayTakeTurnsOnOneConnection) {
  Server server;
  ASSERT_TRUE(server.feed(unhex(golden::call.binary) + unhex(golden::header_binary_zlib_call)).ok());
  ASSERT_TRUE(server.feed(unhex(golden::call.compact) + unhex(golden::header_compact_info_call)).ok());
  ASSERT_EQ(server.events.calls.size(), 4u);
  EXPECT_FALSE(server.session->carries_metadata(server.events.calls[0].id));
  EXPECT_TRUE(server.session->carries_metadata(server.events.calls[1].id));
  EXPECT_FALSE(server.session->carries_metadata(server.events.calls[2].id));
}

}  // namespace
}  // namespace koine::codecs::calls::thrift
