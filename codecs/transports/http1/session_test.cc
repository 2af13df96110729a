// HTTP/1.1 connections: exchanges in order, keep-alive, errors, both halves against each other.
#include <functional>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/transports/http1/client_session.h"
#include "codecs/transports/http1/server_session.h"

namespace koine::codecs::transports::http1 {
namespace {

base::Buffer buffer_of(std::string_view text) {
  base::Buffer out;
  out.append(text);
  return out;
}

class Server : public ServerEvents {
 public:
  explicit Server(const base::Limits& limits = {}) : session(ServerOptions{limits, nullptr}, *this) {}
  void on_request(const MessageHead& head) override {
    heads.push_back(head.method + " " + head.target);
    body.clear();
    if (on_head) on_head();
  }
  void on_body(base::Slice&& bytes) override { body += base::as_text(bytes.bytes()); }
  void on_request_end() override {
    if (on_end) on_end();
  }
  // Feeds and drains until nothing moves; what was written.
  std::string talk(std::string_view bytes) {
    in.append(bytes);
    std::string written;
    for (std::size_t before = in.size() + 1; before != in.size();) {
      before = in.size();
      (void)session.feed(in);
      written += drain();
    }
    return written;
  }
  std::string drain() {
    std::string written;
    while (session.wants_write()) {
      base::Buffer out;
      session.drain(out);
      written += out.to_string();
    }
    return written;
  }

  ServerSession session;
  base::Buffer in;
  std::vector<std::string> heads;
  std::string body;
  std::function<void()> on_head;
  std::function<void()> on_end;
};

std::string get(std::string_view target, std::string_view more = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + std::string(more) + "\r\n";
}

TEST(Http1Server, AnswersAndKeepsTheConnection) {
  Server server;
  server.on_end = [&] {
    model::Metadata fields;
    fields.add("content-type", "text/plain");
    server.session.respond(200, fields, buffer_of("you asked " + server.heads.back()));
  };
  EXPECT_EQ(server.talk(get("/x")),
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 16\r\n\r\nyou asked GET /x");
  EXPECT_FALSE(server.session.wants_close());
  EXPECT_TRUE(server.session.idle());
  const std::string last = server.talk(get("/y", "Connection: close\r\n"));
  EXPECT_NE(last.find("connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(server.session.wants_close());
}

TEST(Http1Server, PipelinedRequestsAreAnsweredInOrderOneAtATime) {
  Server server;
  const std::string none = server.talk(get("/1") + get("/2") + get("/3"));
  EXPECT_EQ(none, "");
  EXPECT_EQ(server.heads, std::vector<std::string>{"GET /1"});
  EXPECT_FALSE(server.session.wants_read());
  EXPECT_FALSE(server.in.empty());
  for (int i = 1; i <= 3; ++i) {
    ASSERT_EQ(server.heads.size(), static_cast<std::size_t>(i));
    server.session.respond(200, {}, buffer_of(std::to_string(i)));
    EXPECT_EQ(server.talk(""), "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n" + std::to_string(i));
  }
  EXPECT_TRUE(server.in.empty());
}

TEST(Http1Server, AnswerGivenWhileTheBodyStillComesKeepsTheFraming) {
  Server server;
  server.on_head = [&] { server.session.respond(200, {}, buffer_of("early")); };
  std::string out = server.talk("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\nGET /evil HTTP/1.1");
  EXPECT_NE(out.find("early"), std::string::npos);
  out = server.talk("\r\nHost: a\r\n\r" + get("/real"));
  EXPECT_EQ(server.heads, (std::vector<std::string>{"POST /", "GET /real"}));
}

TEST(Http1Server, HeadNoContentAndNotModifiedHaveNoBody) {
  Server server;
  int status = 200;
  server.on_end = [&] { server.session.respond(status, {}, buffer_of("body")); };
  EXPECT_EQ(server.talk("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"),
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n");
  status = 204;
  EXPECT_EQ(server.talk(get("/")), "HTTP/1.1 204 No Content\r\n\r\n");
  status = 304;
  EXPECT_EQ(server.talk(get("/")), "HTTP/1.1 304 Not Modified\r\n\r\n");
  EXPECT_FALSE(server.session.wants_close());
}

TEST(Http1Server, UnknownLengthIsChunkedOrEndsWithTheConnection) {
  Server server;
  server.on_end = [&] {
    server.session.begin(200, {}, std::nullopt);
    server.session.send(buffer_of("0123456789abcdefXY"));
    server.session.send(buffer_of(""));
    server.session.send(buffer_of("z"));
    server.session.end();
  };
  EXPECT_EQ(
      server.talk(get("/")),
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n12\r\n0123456789abcdefXY\r\n1\r\nz\r\n0\r\n\r\n");
  EXPECT_EQ(server.talk("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n0123456789abcdefXYz");
  EXPECT_TRUE(server.session.wants_close());
}

TEST(Http1Server, KeepAliveOfHttp10IsConfirmed) {
  Server server;
  server.on_end = [&] { server.session.respond(200, {}, buffer_of("x")); };
  EXPECT_EQ(server.talk("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: keep-alive\r\n\r\nx");
  EXPECT_FALSE(server.session.wants_close());
  server.talk("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(server.session.wants_close());
}

TEST(Http1Server, MalformedInputIsAnsweredAndTheConnectionCloses) {
  Server server;
  const std::string out = server.talk("GET / HTTP/1.1\nHost: a\n\n");
  EXPECT_TRUE(out.starts_with("HTTP/1.1 400 Bad Request\r\n")) << out;
  EXPECT_NE(out.find("connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(out.ends_with("\r\n\r\na line ends in LF without CR\n")) << out;
  EXPECT_TRUE(server.session.wants_close());
  EXPECT_TRUE(server.heads.empty());
  EXPECT_EQ(server.talk(get("/")), "");
}

TEST(Http1Server, BrokenBodyIsAnsweredOnceAndALateAnswerIsIgnored) {
  Server server;
  std::string out =
      server.talk("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
  EXPECT_TRUE(out.starts_with("HTTP/1.1 400 ")) << out;
  server.session.respond(200, {}, buffer_of("late"));
  EXPECT_EQ(server.drain(), "");
  EXPECT_TRUE(server.session.wants_close());
}

TEST(Http1Server, SecondAnswerAndSurplusBytesNeverReachTheWire) {
  Server server;
  server.on_end = [&] {
    server.session.begin(200, {}, 3);
    server.session.send(buffer_of("abcdef"));
    server.session.end();
    server.session.respond(500, {}, buffer_of("again"));
  };
  EXPECT_EQ(server.talk(get("/")), "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc");
}

TEST(Http1Server, ContinueIsSentWhenAskedForAndNotAnswered) {
  Server server;
  server.on_end = [&] { server.session.respond(200, {}, buffer_of(server.body)); };
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  EXPECT_EQ(server.talk(post), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(server.talk("hi"), "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
}

TEST(Http1Server, FieldsThatWouldBreakTheFrameAreLeftOut) {
  Server server;
  server.on_end = [&] {
    model::Metadata fields;
    fields.add("content-length", "999");
    fields.add("transfer-encoding", "chunked");
    fields.add("x-evil", "a\r\nset-cookie: b");
    fields.add("x evil", "c");
    fields.add("x-fine", "d");
    server.session.respond(200, fields, buffer_of(""));
  };
  EXPECT_EQ(server.talk(get("/")), "HTTP/1.1 200 OK\r\nx-fine: d\r\ncontent-length: 0\r\n\r\n");
}

TEST(Http1Server, EndOfInputLetsTheRunningExchangeFinish) {
  Server server;
  server.talk(get("/"));
  server.session.on_eof();
  EXPECT_FALSE(server.session.wants_close());
  server.session.respond(200, {}, buffer_of("x"));
  EXPECT_FALSE(server.session.wants_close());
  EXPECT_NE(server.drain(), "");
  EXPECT_TRUE(server.session.wants_close());
}

TEST(Http1Server, ShutdownClosesAfterTheRunningExchange) {
  Server server;
  server.talk(get("/1") + get("/2"));
  server.session.shutdown();
  server.session.respond(200, {}, buffer_of("x"));
  EXPECT_NE(server.talk("").find("connection: close"), std::string::npos);
  EXPECT_EQ(server.heads.size(), 1u);
  EXPECT_TRUE(server.session.wants_close());
}

// ---- the client's side

struct Got {
  int status = 0;
  std::string body;
  int ended = 0;
  int failed = 0;
  bool written = false;
  base::Reason reason = base::Reason::none;
};

class Client : public ClientEvents {
 public:
  explicit Client(std::size_t pipelined_max = 1, const base::Limits& limits = {})
      : session(ClientOptions{limits, nullptr, "shop:80", pipelined_max}, *this) {}
  void on_response(ExchangeId id, const MessageHead& head) override { got[id].status = head.status; }
  void on_body(ExchangeId id, base::Slice&& bytes) override { got[id].body += base::as_text(bytes.bytes()); }
  void on_response_end(ExchangeId id) override {
    ++got[id].ended;
    order.push_back(id);
  }
  void on_failure(ExchangeId id, const base::Status& why, bool written) override {
    ++got[id].failed;
    got[id].written = written;
    got[id].reason = why.reason();
  }
  std::string drain() {
    base::Buffer out;
    session.drain(out);
    return out.to_string();
  }
  base::Status feed(std::string_view bytes, std::size_t step = 0) {
    base::Status status;
    if (step == 0) step = bytes.size();
    for (std::size_t at = 0; at < bytes.size() && status.ok(); at += step) {
      base::Buffer in = buffer_of(bytes.substr(at, step));
      status = session.feed(in);
    }
    return status;
  }
  base::Status get(ExchangeId id, std::string_view target, std::string_view method = "GET") {
    return session.start(id, method, target, {}, base::Buffer());
  }

  ClientSession session;
  std::map<ExchangeId, Got> got;
  std::vector<ExchangeId> order;
};

TEST(Http1Client, PipelinedAnswersGoToTheirRequestsInOrder) {
  Client client(3);
  ASSERT_TRUE(client.get(10, "/a").ok());
  ASSERT_TRUE(client.get(11, "/b", "HEAD").ok());
  ASSERT_TRUE(client.session.start(12, "POST", "/c", {}, buffer_of("body")).ok());
  EXPECT_EQ(client.session.capacity(), 0u);
  EXPECT_EQ(client.get(13, "/d").reason(), base::Reason::upstream_refused);
  EXPECT_EQ(client.drain(),
            "GET /a HTTP/1.1\r\nhost: shop:80\r\n\r\nHEAD /b HTTP/1.1\r\nhost: shop:80\r\n\r\n"
            "POST /c HTTP/1.1\r\nhost: shop:80\r\ncontent-length: 4\r\n\r\nbody");
  ASSERT_TRUE(
      client
          .feed("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nAHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
                "1\r\nC\r\n0\r\n\r\n",
                1)
          .ok());
  EXPECT_EQ(client.order, (std::vector<ExchangeId>{10, 11, 12}));
  EXPECT_EQ(client.got[10].body, "A");
  EXPECT_EQ(client.got[11].body, "");
  EXPECT_EQ(client.got[12].status, 201);
  EXPECT_EQ(client.got[12].body, "C");
  EXPECT_EQ(client.session.capacity(), 3u);
}

TEST(Http1Client, AnswerNobodyAskedForEndsTheConnection) {
  Client client;
  EXPECT_EQ(client.feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").reason(),
            base::Reason::upstream_protocol);
  EXPECT_TRUE(client.session.wants_close());
  EXPECT_EQ(client.session.capacity(), 0u);
}

TEST(Http1Client, CloseAfterAnAnswerFailsTheRequestsBehindIt) {
  Client client(2);
  ASSERT_TRUE(client.get(1, "/a").ok());
  ASSERT_TRUE(client.get(2, "/b").ok());
  client.drain();
  (void)client.feed("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nA");
  EXPECT_EQ(client.got[1].ended, 1);
  EXPECT_EQ(client.got[2].failed, 1);
  EXPECT_TRUE(client.got[2].written);
  EXPECT_TRUE(client.session.wants_close());
}

TEST(Http1Client, AnswersBehindAClosingOneAreNoneHoweverTheyAreCut) {
  const std::string two =
      "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nho";
  for (const std::size_t step : {std::size_t{0}, std::size_t{1}, std::size_t{43}}) {
    Client client(2);
    ASSERT_TRUE(client.get(1, "/a").ok());
    ASSERT_TRUE(client.get(2, "/b").ok());
    client.drain();
    EXPECT_EQ(client.feed(two, step).reason(), base::Reason::upstream_closed) << step;
    EXPECT_EQ(client.got[1].body, "hi") << step;
    EXPECT_EQ(client.got[2].ended, 0) << step;
    EXPECT_EQ(client.got[2].failed, 1) << step;
  }
}

TEST(Http1Client, BodyUntilCloseEndsWithTheConnectionAndACutOneFails) {
  Client whole;
  ASSERT_TRUE(whole.get(1, "/a").ok());
  whole.drain();
  ASSERT_TRUE(whole.feed("HTTP/1.1 200 OK\r\n\r\nabc").ok());
  whole.session.on_eof();
  EXPECT_EQ(whole.got[1].ended, 1);
  EXPECT_EQ(whole.got[1].body, "abc");
  EXPECT_EQ(whole.got[1].failed, 0);
  Client cut;
  ASSERT_TRUE(cut.get(1, "/a").ok());
  cut.drain();
  ASSERT_TRUE(cut.feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").ok());
  cut.session.on_eof();
  EXPECT_EQ(cut.got[1].ended, 0);
  EXPECT_EQ(cut.got[1].failed, 1);
  EXPECT_EQ(cut.got[1].reason, base::Reason::upstream_closed);
}

TEST(Http1Client, RequestNeverDrainedWasNotWritten) {
  Client client(2);
  ASSERT_TRUE(client.get(1, "/a").ok());
  client.drain();
  ASSERT_TRUE(client.get(2, "/b").ok());
  client.session.on_closed(base::Status(base::Reason::net_io, "reset"));
  EXPECT_TRUE(client.got[1].written);
  EXPECT_FALSE(client.got[2].written);
  EXPECT_EQ(client.got[2].reason, base::Reason::net_io);
}

TEST(Http1Client, TargetsThatWouldBreakTheRequestLineAreRefused) {
  Client client;
  EXPECT_FALSE(client.get(1, "/a b").ok());
  EXPECT_FALSE(client.get(1, "/a\r\nx: y").ok());
  EXPECT_FALSE(client.get(1, "").ok());
  EXPECT_FALSE(client.get(1, "/a", "get").ok());
  EXPECT_EQ(client.drain(), "");
}

TEST(Http1Client, TalksToTheServerHalfChunkedBothWays) {
  for (const std::size_t step : {0u, 1u, 5u}) {
    Client client;
    Server server;
    server.on_end = [&] {
      server.session.begin(200, {}, std::nullopt);
      server.session.send(buffer_of("echo "));
      server.session.send(buffer_of(server.body));
      server.session.end();
    };
    for (ExchangeId id = 1; id <= 3; ++id) {
      ASSERT_TRUE(client.session.begin(id, "POST", "/echo", {}, std::nullopt).ok());
      client.session.send(buffer_of("part one, "));
      client.session.send(buffer_of("part two"));
      client.session.end();
      std::string answer;
      const std::string wire = client.drain();
      for (std::size_t at = 0; at < wire.size(); at += step == 0 ? wire.size() : step) {
        answer += server.talk(std::string_view(wire).substr(at, step == 0 ? wire.size() : step));
      }
      ASSERT_TRUE(client.feed(answer, step).ok());
      EXPECT_EQ(client.got[id].body, "echo part one, part two");
      EXPECT_EQ(client.got[id].ended, 1);
    }
  }
}

}  // namespace
}  // namespace koine::codecs::transports::http1
