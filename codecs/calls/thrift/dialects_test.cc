// Every transport with every encoding, through both halves: bytes of real libraries in, and what goes out.
#include <memory>

#include <gtest/gtest.h>

#include "codecs/calls/thrift/golden_dialects.h"
#include "codecs/calls/thrift/thrift_codec.h"
#include "codecs/calls/thrift/thrift_test_support.h"

namespace koine::codecs::calls::thrift {
namespace {

using model::BodyFormat;

// {0: "ok"}, and the arguments of every golden call, in each encoding.
std::string ok_of(BodyFormat format) {
  if (format == BodyFormat::thrift_json) return "{\"0\":{\"str\":\"ok\"}}";
  return unhex(format == BodyFormat::thrift_compact ? "0800026f6b00" : "0b0000000000026f6b00");
}
std::string args_of(BodyFormat format) {
  if (format == BodyFormat::thrift_json) return "{\"1\":{\"i64\":-42},\"2\":{\"str\":\"h\xc3\xa9\"}}";
  return unhex(format == BodyFormat::thrift_compact ? golden::args_compact : golden::args_binary);
}

struct Server {
  explicit Server(base::Limits limits = {}, bool lax = false) {
    ServerOptions options;
    options.limits = limits;
    options.pool = &pool;
    options.thrift_lax = lax;
    session = ThriftCodec().make_server(options, events);
  }
  base::Status feed(std::string_view bytes) {
    in.append(bytes);
    return session->feed(in);
  }
  void answer(std::size_t call, model::Metadata metadata = {}) {
    model::Reply reply;
    reply.has_message = true;
    reply.message.format = events.calls[call].format;
    reply.message.bytes = buffer_of(ok_of(reply.message.format));
    reply.head.metadata = std::move(metadata);
    session->reply(events.calls[call].id, std::move(reply));
  }
  std::string sent() { return drain_all(*session); }

  base::SlabPool pool;
  ServerRecorder events;
  base::Buffer in{&pool};
  std::unique_ptr<ServerSession> session;
};

struct Client {
  Client(ThriftTransport transport, BodyFormat format, bool zlib, std::size_t pipelined = 4) {
    ClientOptions options;
    options.pool = &pool;
    options.body_format = format;
    options.thrift_transport = transport;
    options.thrift_zlib = zlib;
    options.pipelined_max = pipelined;
    session = ThriftCodec().make_client(options, events);
  }
  base::Status call(CallId id, std::string_view method, std::string_view body, BodyFormat format,
                    model::MethodKind kind = model::MethodKind::unary, model::CallHead head = {}) {
    head.method = method;
    head.kind = kind;
    model::Payload message;
    message.format = format;
    message.bytes = buffer_of(body);
    return session->start(id, head, true, std::move(message), true, false);
  }
  base::Status feed(std::string_view bytes) {
    in.append(bytes);
    return session->feed(in);
  }

  base::SlabPool pool;
  ClientRecorder events;
  base::Buffer in{&pool};
  std::unique_ptr<ClientSession> session;
};

struct Form {
  const char* name;
  ThriftTransport transport;
  BodyFormat format;
  bool zlib;
  std::string call;   // of a real library
  std::string reply;  // the same library's; ours need not be byte for byte the same where zlib is
};

std::string frame(std::string_view message) {
  std::string out(4, '\0');
  for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<char>(message.size() >> (24 - 8 * i) & 0xFF);
  return out.append(message);
}

std::vector<Form> forms() {
  using enum ThriftTransport;
  constexpr BodyFormat b = BodyFormat::thrift_binary;
  constexpr BodyFormat c = BodyFormat::thrift_compact;
  constexpr BodyFormat j = BodyFormat::thrift_json;
  return {
      {"framed binary", framed, b, false, unhex(golden::call.binary), unhex(golden::reply.binary)},
      {"framed compact", framed, c, false, unhex(golden::call.compact), unhex(golden::reply.compact)},
      {"framed json", framed, j, false, frame(unhex(golden::json_call)), frame(unhex(golden::json_reply))},
      {"unframed binary", unframed, b, false, unhex(golden::call.binary).substr(4),
       unhex(golden::reply.binary).substr(4)},
      {"unframed compact", unframed, c, false, unhex(golden::call.compact).substr(4),
       unhex(golden::reply.compact).substr(4)},
      {"unframed json", unframed, j, false, unhex(golden::json_call), unhex(golden::json_reply)},
      {"unframed json of Go", unframed, j, false, unhex(golden::go_json_call), unhex(golden::json_reply)},
      {"header binary", header, b, false, unhex(golden::header_binary_call),
       unhex(golden::header_binary_reply)},
      {"header compact", header, c, false, unhex(golden::header_compact_call),
       unhex(golden::header_compact_reply)},
      {"header binary of Go", header, b, false, unhex(golden::go_header_binary_call),
       unhex(golden::header_binary_reply)},
      {"header compact of Go", header, c, false, unhex(golden::go_header_compact_call),
       unhex(golden::header_compact_reply)},
      {"header binary zlib", header, b, true, unhex(golden::header_binary_zlib_call),
       unhex(golden::header_binary_zlib_reply)},
      {"header compact zlib", header, c, true, unhex(golden::header_compact_zlib_call),
       unhex(golden::header_compact_zlib_reply)},
      {"header binary zlib of Go", header, b, true, unhex(golden::go_header_binary_zlib_call),
       unhex(golden::header_binary_zlib_reply)},
      {"header compact zlib of Go", header, c, true, unhex(golden::go_header_compact_zlib_call),
       unhex(golden::header_compact_zlib_reply)},
      {"zlib binary", unframed, b, true, unhex(golden::zlib_binary_call), unhex(golden::zlib_binary_reply)},
      {"zlib compact", unframed, c, true, unhex(golden::zlib_compact_call),
       unhex(golden::zlib_compact_reply)},
      {"zlib json", unframed, j, true, unhex(golden::zlib_json_call), unhex(golden::zlib_json_reply)},
      {"zlib framed binary", framed, b, true, unhex(golden::framedzlib_binary_call),
       unhex(golden::framedzlib_binary_reply)},
      {"zlib framed compact", framed, c, true, unhex(golden::framedzlib_compact_call),
       unhex(golden::framedzlib_compact_reply)},
      {"zlib framed json", framed, j, true, unhex(golden::framedzlib_json_call),
       unhex(golden::framedzlib_json_reply)},
  };
}

// What the session made of one golden call.
void expect_call(const Server& server, const Form& form, std::size_t index = 0) {
  ASSERT_GT(server.events.calls.size(), index) << form.name;
  const ServerRecorder::Call& call = server.events.calls[index];
  EXPECT_EQ(call.head.method, "getOrder") << form.name;
  EXPECT_EQ(call.head.service, "") << form.name;
  EXPECT_EQ(call.head.kind, model::MethodKind::unary) << form.name;
  EXPECT_EQ(call.format, form.format) << form.name;
  EXPECT_EQ(call.body, args_of(form.format)) << form.name;
}

TEST(ThriftDialects, TurnRealCallsIntoCallsHoweverTheyAreCut) {
  for (const Form& form : forms()) {
    Server whole;
    ASSERT_TRUE(whole.feed(form.call).ok()) << form.name;
    expect_call(whole, form);
    EXPECT_EQ(whole.session->unfinished_unit(), 0u) << form.name;

    Server single;
    for (const char byte : form.call) ASSERT_TRUE(single.feed(std::string_view(&byte, 1)).ok()) << form.name;
    expect_call(single, form);
    EXPECT_EQ(single.events.calls.size(), 1u);

    for (std::size_t cut = 0; cut <= form.call.size(); ++cut) {
      Server split;
      ASSERT_TRUE(split.feed(form.call.substr(0, cut)).ok()) << form.name;
      ASSERT_TRUE(split.feed(form.call.substr(cut)).ok()) << form.name;
      expect_call(split, form);
    }
  }
}

TEST(ThriftDialects, AreAnsweredInTheDialectThatTheyCameIn) {
  for (const Form& form : forms()) {
    Server server;
    ASSERT_TRUE(server.feed(form.call).ok()) << form.name;
    server.answer(0);
    const std::string sent = server.sent();
    if (!form.zlib) { EXPECT_EQ(sent, form.reply) << form.name; }
    // The other half reads it, and what the real library writes, however it is cut.
    for (const std::string& bytes : {sent, form.reply}) {
      for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        Client client(form.transport, form.format, form.zlib);
        for (CallId id = 1; id <= 7; ++id) {  // the golden answers have sequence id 7
          ASSERT_TRUE(client.session->cancel(id - 1));
          ASSERT_TRUE(client.call(id, "getOrder", args_of(form.format), form.format).ok()) << form.name;
        }
        drain_all(*client.session);
        ASSERT_TRUE(client.feed(bytes.substr(0, cut)).ok()) << form.name << " cut at " << cut;
        const base::Status fed = client.feed(bytes.substr(cut));
        ASSERT_TRUE(fed.ok()) << form.name << " cut at " << cut << ": " << fed.to_string();
        ASSERT_EQ(client.events.ended.size(), 1u) << form.name;
        EXPECT_TRUE(client.events.ended[0].reply.outcome.ok()) << form.name;
        EXPECT_EQ(client.events.ended[0].id, 7u);
        EXPECT_EQ(client.events.ended[0].reply.message.format, form.format);
        EXPECT_EQ(client.events.ended[0].reply.message.bytes.to_string(), ok_of(form.format)) << form.name;
      }
    }
  }
}

TEST(ThriftDialects, TheClientHalfIsUnderstoodByTheServerHalf) {
  for (const Form& form : forms()) {
    Client client(form.transport, form.format, form.zlib);
    Server server;
    for (CallId id = 1; id <= 3; ++id) {
      ASSERT_TRUE(client.call(id, "getOrder", args_of(form.format), form.format).ok()) << form.name;
      ASSERT_TRUE(server.feed(drain_all(*client.session)).ok()) << form.name;
      expect_call(server, form, static_cast<std::size_t>(id - 1));
    }
    for (std::size_t i = 0; i < 3; ++i) server.answer(i);
    ASSERT_TRUE(client.feed(server.sent()).ok()) << form.name;
    ASSERT_EQ(client.events.ended.size(), 3u) << form.name;
    for (CallId id = 1; id <= 3; ++id) EXPECT_EQ(client.events.ended[id - 1].id, id);
  }
}

}  // namespace
}  // namespace koine::codecs::calls::thrift
