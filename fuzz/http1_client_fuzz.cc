// What an HTTP/1.1 server answers, to requests written whole and in pieces.
//
//   u8 what: 1 small limits, 2 the first request is HEAD, 4 the connection ends properly, 8 a request in
//            pieces, 16 chunked
//   u8 how it is cut · the bytes
#include <map>
#include <string>

#include "codecs/transports/http1/client_session.h"
#include "fuzz/target.h"

namespace koine::fuzz {
namespace {

namespace http1 = codecs::transports::http1;

class Owner final : public http1::ClientEvents {
 public:
  Owner(const base::Limits& limits, std::uint8_t what)
      : session_(http1::ClientOptions{limits, nullptr, "kit", 3}, *this) {
    model::Metadata fields;
    fields.add("x-kit", "1");
    fields.add("host", "is not ours to say");
    base::Buffer body;
    body.append("hello");
    start(session_.start(1, (what & 2) != 0 ? "HEAD" : "GET", "/1", fields, base::Buffer()));
    start(session_.start(2, "POST", "/2", fields, base::Buffer(body)));
    if ((what & 8) != 0) {
      start(session_.begin(3, "PUT", "/3", fields,
                           (what & 16) != 0 ? std::nullopt : std::optional<std::uint64_t>(5)));
      session_.send(std::move(body));
      session_.end();
    } else {
      start(session_.start(3, "GET", "/3", {}, base::Buffer()));
    }
    check(!session_.start(4, "GET", "/4", {}, base::Buffer()).ok(), "no request beyond capacity()");
    feed("");
  }

  void on_response(http1::ExchangeId id, const http1::MessageHead& head) override {
    expect(id);
    text += std::to_string(id) + ": " + std::to_string(head.status) + " " + head.reason;
    for (std::size_t i = 0; i < head.fields.size(); ++i) {
      text.append("\n").append(head.fields[i].name).append(": ").append(head.fields[i].value);
    }
    text += "\n\n";
  }
  void on_body(http1::ExchangeId id, base::Slice&& bytes) override {
    expect(id);
    text += base::as_text(bytes.bytes());
  }
  void on_response_end(http1::ExchangeId id) override {
    expect(id);
    text += "\n.\n";
    ++next_;
  }
  void on_failure(http1::ExchangeId id, const base::Status& why, bool written) override {
    expect(id);
    check(!why.ok(), "a failure says why");
    text +=
        std::string("failed: ") + std::string(base::to_string(why.reason())) + (written ? " written" : "");
    ++next_;
  }
  void feed(std::string_view bytes) {
    in_.append(bytes);
    for (int round = 0; round < 1000; ++round) {
      const std::size_t before = in_.size();
      if (failure_.ok() && !in_.empty()) failure_ = session_.feed(in_);
      base::Buffer out;
      session_.drain(out);
      if (in_.size() == before && out.empty()) return;
    }
    check(false, "every round makes progress");
  }
  void finish(bool properly) {
    if (properly) session_.on_eof();
    session_.on_closed(base::Status(base::Reason::upstream_closed, "the end"));
    check(next_ == 4, "every request ends once", [&] { return text; });
  }
  const base::Status& failure() const { return failure_; }

  std::string text;

 private:
  void start(const base::Status& status) {
    check(status.ok(), "a request within capacity() is taken", [&] { return status.to_string(); });
  }
  void expect(http1::ExchangeId id) { check(id == next_, "answers come in the order of the requests"); }

  http1::ClientSession session_;
  base::Buffer in_;
  base::Status failure_;
  http1::ExchangeId next_ = 1;
};

void run(base::Bytes bytes) {
  Input input(bytes);
  const std::uint8_t what = input.byte();
  const std::size_t step = 1 + input.choose(32);
  base::Limits limits;
  if ((what & 1) != 0) {
    limits.message_bytes_max = 20;
    limits.headers_bytes_max = 300;
    limits.headers_count_max = 4;
  }
  const std::string_view stream = base::as_text(input.rest());
  Owner whole(limits, what);
  whole.feed(stream);
  whole.finish((what & 4) != 0);
  Owner pieces(limits, what);
  for (std::size_t at = 0; at < stream.size(); at += step) pieces.feed(stream.substr(at, step));
  pieces.finish((what & 4) != 0);
  // Of a body that ends in a failure only what came before may have been told.
  const bool failed =
      whole.text.find("failed: ") != std::string::npos && pieces.text.find("failed: ") != std::string::npos;
  const std::size_t end = whole.text.find("failed: ");
  check((failed ? pieces.text.compare(0, end, whole.text, 0, end) == 0 : whole.text == pieces.text) &&
            whole.failure().reason() == pieces.failure().reason(),
        "bytes mean the same however they are cut",
        [&] { return whole.text + "\n--- pieces\n" + pieces.text; });
}

void seeds(const AddSeed& add) {
  const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  const std::string none("\0\3", 2);
  add("three", none + ok + chunked + "HTTP/1.1 204 No Content\r\n\r\n");
  add("continue", none + "HTTP/1.1 100 Continue\r\n\r\n" + ok);
  add("many-continues",
      none + std::string("HTTP/1.1 102 P\r\n\r\n") + "HTTP/1.1 103 E\r\n\r\nHTTP/1.1 101 S\r\n\r\n");
  add("head", std::string("\2\3", 2) + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + ok);
  add("until-close", std::string("\4\3", 2) + "HTTP/1.1 200 OK\r\n\r\nall that follows");
  add("http10", std::string("\4\3", 2) + "HTTP/1.0 200 OK\r\n\r\nx");
  add("pieces", std::string("\10\3", 2) + ok + ok + chunked);
  add("pieces-chunked", std::string("\30\3", 2) + ok + ok + ok);
  add("close", none + "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  add("small", std::string("\1\3", 2) + ok + "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n");
  add("304", none + "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n" + ok);
  add("unasked", none + ok + ok + ok + ok);
  for (const char* bad : {"HTTP/1.1 99 X\r\n\r\n", "HTTP/1.1 200\r\n\r\n", "HTTP/2 200 OK\r\n\r\n",
                          "ICY 200 OK\r\n\r\n", "HTTP/1.1 600 OK\r\n\r\n", "HTTP/1.1 20x OK\r\n\r\n"}) {
    add("bad-" + std::to_string(std::char_traits<char>::length(bad)) + bad[0] + bad[9], none + bad);
  }
}

}  // namespace

extern const Target http1_client;
const Target http1_client = {.name = "http1_client", .run = &run, .seeds = &seeds};

}  // namespace koine::fuzz
