// What the strict reader takes, what it refuses, and that it does not matter how the bytes are cut.
#include "codecs/transports/http1/message_parser.h"

#include <vector>

#include <gtest/gtest.h>

namespace koine::codecs::transports::http1 {
namespace {

using Event = MessageParser::Event;

struct Read {
  std::vector<std::string> heads;
  std::string body;
  model::Metadata trailers;
  int ended = 0;
  int failed = 0;  // failure_status(), 0 = none
  std::string why;
  std::string left;
};

Read read(std::string_view bytes, std::size_t step = 0, MessageKind kind = MessageKind::request,
          const base::Limits& limits = {}, bool eof = false) {
  MessageParser parser(kind, limits);
  Read out;
  base::Buffer in;
  const auto pull = [&] {
    for (;;) {
      switch (parser.next(in)) {
        case Event::need_more: return;
        case Event::head: {
          const MessageHead& head = parser.head();
          std::string text = kind == MessageKind::request ? head.method + " " + head.target
                                                          : std::to_string(head.status) + " " + head.reason;
          text += head.keep_alive ? " keep" : " close";
          for (std::size_t i = 0; i < head.fields.size(); ++i) {
            text.append(" [")
                .append(head.fields[i].name)
                .append("=")
                .append(head.fields[i].value)
                .append("]");
          }
          out.heads.push_back(text);
          break;
        }
        case Event::body: out.body += base::as_text(parser.take_body().bytes()); break;
        case Event::end:
          ++out.ended;
          out.trailers = parser.trailers();
          break;
        case Event::error:
          out.failed = parser.failure_status();
          out.why = parser.failure().message();
          return;
      }
    }
  };
  if (step == 0) step = bytes.size() == 0 ? 1 : bytes.size();
  for (std::size_t at = 0; at < bytes.size() && out.failed == 0; at += step) {
    in.append(bytes.substr(at, step));
    pull();
  }
  if (eof && out.failed == 0) {
    const Event event = parser.eof();
    if (event == Event::end) ++out.ended;
    if (event == Event::error) out.failed = parser.failure_status();
  }
  out.left = in.to_string();
  return out;
}

TEST(Http1Parser, ReadsWhatCurlSends) {
  // curl 7.88.1: curl -H 'X-Thing: a b' -d hello 'http://127.0.0.1:8080/path?q=1'
  const std::string_view bytes =
      "POST /path?q=1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n"
      "X-Thing: a b\r\nContent-Length: 5\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nhello";
  for (const std::size_t step : {0u, 1u, 2u, 3u, 7u, 64u}) {
    const Read got = read(bytes, step);
    ASSERT_EQ(got.heads.size(), 1u);
    EXPECT_EQ(got.heads[0],
              "POST /path?q=1 keep [host=127.0.0.1:8080] [user-agent=curl/7.88.1] [accept=*/*] [x-thing=a b] "
              "[content-length=5] [content-type=application/x-www-form-urlencoded]");
    EXPECT_EQ(got.body, "hello");
    EXPECT_EQ(got.ended, 1);
    EXPECT_EQ(got.failed, 0);
  }
}

TEST(Http1Parser, ReadsChunksAndTrailersHoweverTheyAreCut) {
  // The shape of curl 7.88.1's -H 'Transfer-Encoding: chunked' -d hello, with a second chunk, an extension
  // and a trailer, and a request behind it.
  const std::string_view bytes =
      "PUT /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "5\r\nhello\r\n0A;name=\"v\"\r\n, world!!!\r\n0\r\nX-Sum: 1\r\n\r\nGET /next HTTP/1.1\r\nHost: "
      "a\r\n\r\n";
  for (std::size_t step = 0; step < 30; ++step) {
    const Read got = read(bytes, step);
    ASSERT_EQ(got.heads.size(), 2u) << step;
    EXPECT_EQ(got.heads[1], "GET /next keep [host=a]");
    EXPECT_EQ(got.body, "hello, world!!!");
    EXPECT_EQ(got.ended, 2);
    EXPECT_EQ(got.failed, 0) << got.why;
  }
}

TEST(Http1Parser, KeepAliveFollowsVersionAndConnection) {
  const auto head = [](std::string_view text) { return read(text).heads.at(0); };
  EXPECT_EQ(head("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "GET / keep [host=a]");
  EXPECT_EQ(head("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n"),
            "GET / close [host=a] [connection=x, Close]");
  EXPECT_EQ(head("GET / HTTP/1.0\r\n\r\n"), "GET / close");
  EXPECT_EQ(head("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"), "GET / keep [connection=Keep-Alive]");
}

struct Bad {
  const char* name;
  std::string bytes;
  int status;
};

std::vector<Bad> refused() {
  const auto post = [](const std::string& fields, const std::string& body = "") {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
  };
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  return {
      {"bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"bare LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
      {"CR in a value", post("X: a\rb\r\n"), 400},
      {"CR before CRLF", post("X: a\r\r\n"), 400},
      {"LF alone ends the head", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
      {"blank line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"space at the end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
      {"tab for space", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"HTTP/0.9", "GET /\r\n\r\n", 400},
      {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
      {"http/1.1", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"method no token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"long method", std::string(33, 'A') + " / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"control in target", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"byte above 0x7F in target", "GET /\xc3\xbc HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"target no path", "GET path HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"asterisk without OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      {"Host with a slash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"Host with an at", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
      {"space before colon", post("X : a\r\n"), 400},
      {"space in name", post("X Y: a\r\n"), 400},
      {"no name", post(": a\r\n"), 400},
      {"no colon", post("nonsense\r\n"), 400},
      {"folded", post("X: a\r\n b\r\n"), 400},
      {"folded by tab", post("X: a\r\n\tb\r\n"), 400},
      {"first field begins with space", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"NUL in value", post(std::string("X: a\0b\r\n", 8)), 400},
      {"control in value", post("X: a\x02\r\n"), 400},
      {"DEL in value", post("X: a\x7f\r\n"), 400},
      {"two lengths, equal", post("Content-Length: 1\r\nContent-Length: 1\r\n", "x"), 400},
      {"two lengths, different", post("Content-Length: 1\r\nContent-Length: 2\r\n", "xx"), 400},
      {"length list", post("Content-Length: 1, 1\r\n", "x"), 400},
      {"length +1", post("Content-Length: +1\r\n", "x"), 400},
      {"length -1", post("Content-Length: -1\r\n", "x"), 400},
      {"length 0x1", post("Content-Length: 0x1\r\n", "x"), 400},
      {"length 1 1", post("Content-Length: 1 1\r\n", "x"), 400},
      {"length empty", post("Content-Length:\r\n", "x"), 400},
      {"length of 19 digits", post("Content-Length: 9999999999999999999\r\n"), 400},
      {"length above the limit", post("Content-Length: 999999999999999999\r\n"), 413},
      {"length and chunked", post("Content-Length: 5\r\n" + chunked, "0\r\n\r\n"), 400},
      {"chunked and length", post(chunked + "Content-Length: 5\r\n", "0\r\n\r\n"), 400},
      {"chunked twice", post(chunked + chunked, "0\r\n\r\n"), 400},
      {"chunked, chunked", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 501},
      {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
      {"chunked, identity", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 501},
      {"xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501},
      {"chunked with vertical tab",
       post("Transfer-Encoding: \x0b"
            "chunked\r\n",
            "0\r\n\r\n"),
       400},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunk line ends in LF", post(chunked, "1\nx\r\n0\r\n\r\n"), 400},
      {"chunk size empty", post(chunked, "\r\nx\r\n0\r\n\r\n"), 400},
      {"chunk size 0x1", post(chunked, "0x1\r\nx\r\n0\r\n\r\n"), 400},
      {"chunk size -1", post(chunked, "-1\r\nx\r\n0\r\n\r\n"), 400},
      {"chunk size and space", post(chunked, "1 \r\nx\r\n0\r\n\r\n"), 400},
      {"space and chunk size", post(chunked, " 1\r\nx\r\n0\r\n\r\n"), 400},
      {"chunk size of 9 digits", post(chunked, "000000001\r\nx\r\n0\r\n\r\n"), 413},
      {"chunk size of 4 GiB - 1", post(chunked, "ffffffff\r\n"), 413},
      {"chunk extension with LF", post(chunked, "1;a\nb\r\nx\r\n0\r\n\r\n"), 400},
      {"chunk extension too long", post(chunked, "1;" + std::string(300, 'a') + "\r\nx\r\n0\r\n\r\n"), 400},
      {"chunk longer than its size", post(chunked, "1\r\nxZZ0\r\n\r\n"), 400},
      {"chunk without CRLF", post(chunked, "1\r\nx0\r\n\r\n"), 400},
      {"folded trailer", post(chunked, "0\r\nX: a\r\n b\r\n\r\n"), 400},
      {"other expectation", post("Expect: the-unexpected\r\n"), 417},
  };
}

TEST(Http1Parser, RefusesEveryRoomForInterpretation) {
  for (const Bad& bad : refused()) {
    for (const std::size_t step : {0u, 1u, 3u}) {
      const Read got = read(bad.bytes, step);
      EXPECT_EQ(got.failed, bad.status) << bad.name << ": " << got.why;
      EXPECT_EQ(got.ended, 0) << bad.name;
      EXPECT_FALSE(got.why.empty()) << bad.name;
    }
  }
}

TEST(Http1Parser, LimitsHoldForHeadAndBody) {
  base::Limits limits;
  limits.headers_bytes_max = 200;
  limits.headers_count_max = 3;
  limits.message_bytes_max = 10;
  const auto status = [&](const std::string& bytes) {
    return read(bytes, 1, MessageKind::request, limits).failed;
  };
  EXPECT_EQ(status("GET /" + std::string(300, 'a')), 414);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(300, 'a')), 431);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n\r\n"), 0);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n"), 431);
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(status(post + "Content-Length: 10\r\n\r\n0123456789"), 0);
  EXPECT_EQ(status(post + "Content-Length: 11\r\n\r\n"), 413);
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(status(chunked + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n"), 0);
  EXPECT_EQ(status(chunked + "5\r\n01234\r\n6\r\n"), 413);
  EXPECT_EQ(status(chunked + "0\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n"), 431);
}

TEST(Http1Parser, LongKeepAliveConnectionsDoNotAddUpAgainstTheLimits) {
  base::Limits limits;
  limits.headers_bytes_max = 100;
  limits.message_bytes_max = 10;
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes += "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789";
  const Read got = read(bytes, 0, MessageKind::request, limits);
  EXPECT_EQ(got.ended, 100);
  EXPECT_EQ(got.failed, 0);
}

TEST(Http1Parser, ReadsResponsesOfEveryFraming) {
  const auto response = [](std::string_view bytes, bool eof = false) {
    return read(bytes, 1, MessageKind::response, {}, eof);
  };
  const Read plain = response("HTTP/1.1 404 Not Found\r\nServer: some/1.0\r\nContent-Length: 3\r\n\r\nno\n");
  EXPECT_EQ(plain.heads.at(0), "404 Not Found keep [server=some/1.0] [content-length=3]");
  EXPECT_EQ(plain.body, "no\n");
  const Read until_close = response("HTTP/1.1 200 OK\r\n\r\nall of it", true);
  EXPECT_EQ(until_close.body, "all of it");
  EXPECT_EQ(until_close.ended, 1);
  EXPECT_EQ(until_close.heads.at(0), "200 OK close");
  const Read chunked = response("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.body, "abc");
  const Read none =
      response("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n");
  EXPECT_EQ(none.ended, 2);
  EXPECT_EQ(none.body, "");
  const Read informed =
      response("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(informed.heads.size(), 2u);
  EXPECT_EQ(response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", true).failed, 400);
  for (const std::string_view bad :
       {"HTTP/1.1 200\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 X\r\n\r\n",
        "HTTP/1.1 600 X\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 200 O\x01K\r\n\r\n", "HTTP/1.1 20x OK\r\n\r\n"}) {
    EXPECT_EQ(response(bad).failed, 400) << bad;
  }
}

TEST(Http1Parser, NoMutationBreaksItAndCuttingNeverChangesTheResult) {
  const std::string bytes =
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcPUT /b HTTP/1.1\r\nHost: b\r\n"
      "Transfer-Encoding: chunked\r\n\r\n4\r\nwxyz\r\n0\r\nT: 1\r\n\r\n";
  std::uint32_t state = 7;
  for (int round = 0; round < 20000; ++round) {
    std::string mutated = bytes;
    for (int i = 0; i <= round % 3; ++i) {
      state = state * 1664525u + 1013904223u;
      const std::size_t at = (state >> 8) % mutated.size();
      constexpr std::string_view spice = "\r\n \t:;,0\0a\x80";
      switch (state % 3) {
        case 0: mutated[at] = spice[(state >> 20) % spice.size()]; break;
        case 1: mutated.insert(at, 1, spice[(state >> 20) % spice.size()]); break;
        default: mutated.erase(at, 1); break;
      }
    }
    const Read whole = read(mutated);
    const Read cut = read(mutated, 1);
    ASSERT_EQ(whole.heads, cut.heads) << mutated;
    ASSERT_EQ(whole.body, cut.body) << mutated;
    ASSERT_EQ(whole.ended, cut.ended) << mutated;
    ASSERT_EQ(whole.failed, cut.failed) << mutated;
  }
}

}  // namespace
}  // namespace koine::codecs::transports::http1
