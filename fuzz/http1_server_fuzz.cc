// An HTTP/1.1 client's connection, answered in every way there is.
//
//   u8 how answers are given (below) · u8 what: 1 small limits, 2 answers wait until all bytes are in
//   u8 how it is cut · the bytes
#include <string>
#include <vector>

#include "codecs/transports/http1/server_session.h"
#include "fuzz/target.h"

namespace koine::fuzz {
namespace {

namespace http1 = codecs::transports::http1;

// Answers a request as soon as it is whole, or later.
class Owner final : public http1::ServerEvents {
 public:
  Owner(const base::Limits& limits, std::uint8_t how, bool later)
      : session_(http1::ServerOptions{limits, nullptr}, *this), how_(how), later_(later) {}

  void on_request(const http1::MessageHead& head) override {
    // Of a request that was answered early the end may not be told.
    check(!open_ || answered_, "one exchange at a time");
    answered_ = false;
    check(failure_.ok(), "nothing is reported after feed() failed");
    open_ = true;
    text += head.method + " " + head.target + " " + std::to_string(head.minor);
    for (std::size_t i = 0; i < head.fields.size(); ++i) {
      text.append("\n").append(head.fields[i].name).append(": ").append(head.fields[i].value);
      check(model::Metadata::legal_text(head.fields[i].value), "a field's value is legal text");
    }
    text += "\n\n";
    if (how_ % 8 == 7) answer();  // before its body
  }
  void on_body(base::Slice&& bytes) override {
    check(open_ && !bytes.empty(), "a body belongs to a request, and has bytes");
    if (!answered_) text += base::as_text(bytes.bytes());
  }
  void on_request_end() override {
    check(open_, "the end belongs to a request");
    text += "\n.\n";
    if (!later_ && !answered_) answer();
    if (answered_) open_ = answered_ = false;
  }
  void feed(std::string_view bytes) {
    in_.append(bytes);
    for (int round = 0; round < 1000; ++round) {
      const std::size_t before = in_.size();
      if (failure_.ok() && session_.wants_read()) failure_ = session_.feed(in_);
      base::Buffer out;
      session_.drain(out);
      written += out.to_string();
      if (in_.size() == before && out.empty()) return;
    }
    check(false, "every round makes progress");
  }
  void finish() {
    if (later_ && open_ && !answered_) answer();
    if (answered_) open_ = answered_ = false;
    feed("");
    session_.on_eof();
    feed("");
    check(!session_.wants_write(), "what was queued is drained");
  }
  const base::Status& failure() const { return failure_; }

  std::string text;     // what was understood
  std::string written;  // what was answered

 private:
  void answer() {
    answered_ = true;
    model::Metadata fields;
    fields.add("x-kit", "1");
    fields.add("content-length", "99");  // is not ours to say
    base::Buffer body;
    body.append("0123456789");
    const std::uint8_t how = how_++;
    switch (how % 4) {
      case 0: return session_.respond(200, fields, std::move(body));
      case 1: return session_.respond(how % 3 == 0 ? 204 : 304, fields, std::move(body));
      case 2:
      case 3:
        session_.begin(200, fields, how % 4 == 2 ? std::optional<std::uint64_t>(10) : std::nullopt);
        session_.send(std::move(body));
        return session_.end();
    }
  }

  http1::ServerSession session_;
  std::uint8_t how_;
  bool later_;
  base::Buffer in_;
  base::Status failure_;
  bool open_ = false;
  bool answered_ = false;
};

void run(base::Bytes bytes) {
  Input input(bytes);
  const std::uint8_t how = input.byte();
  const std::uint8_t what = input.byte();
  const std::size_t step = 1 + input.choose(32);
  base::Limits limits;
  if ((what & 1) != 0) {
    limits.message_bytes_max = 20;
    limits.headers_bytes_max = 300;
    limits.headers_count_max = 4;
  }
  const std::string_view stream = base::as_text(input.rest());
  Owner whole(limits, how, (what & 2) != 0);
  whole.feed(stream);
  whole.finish();
  Owner pieces(limits, how, (what & 2) != 0);
  for (std::size_t at = 0; at < stream.size(); at += step) pieces.feed(stream.substr(at, step));
  pieces.finish();
  check(whole.failure().reason() == pieces.failure().reason(), "bytes mean the same however they are cut");
  // An answer before the body's end drops how much of the body had come.
  if (how % 8 == 7) return;
  check(whole.text == pieces.text && whole.written == pieces.written,
        "bytes mean the same however they are cut",
        [&] { return whole.text + "\n--- pieces\n" + pieces.text; });
}

void seeds(const AddSeed& add) {
  const std::string get = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string post = "POST /y HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  const std::string chunked =
      "PUT /z HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\nX-T: "
      "t\r\n\r\n";
  for (char how = 0; how < 8; ++how) {
    const std::string prefix = {how, 0, 3};
    add("pipelined-" + std::to_string(how), prefix + get + post + chunked + get);
  }
  const std::string first(3, '\0');
  const std::string later("\0\2\5", 3);
  const std::string small("\0\1\5", 3);
  add("later", later + post + get);
  add("small", small + "GET /x HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n");
  add("small-body", small + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\n\r\n");
  add("small-chunk", small + "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n");
  add("small-line", small + "GET /" + std::string(320, 'x') + " HTTP/1.1\r\n");
  add("head", first + "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get);
  add("http10", first + "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n");
  add("http10-stream", std::string("\3\0\3", 3) + "GET / HTTP/1.0\r\n\r\n");
  add("expect", first + "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
  add("close", first + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, x\r\n\r\n" + get);
  for (const char* bad :
       {"GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n b: c\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET  / HTTP/1.1\r\n",
        "GET /\x7f HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\nx: \x01\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"}) {
    std::string name = "bad-";
    for (const char* c = bad; *c != '\0'; ++c) {
      if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9')) name += *c;
    }
    add(name.substr(0, 60), first + bad);
  }
}

}  // namespace

extern const Target http1_server;
const Target http1_server = {.name = "http1_server", .run = &run, .seeds = &seeds};

}  // namespace koine::fuzz
