// See http2_seeds.h.
#include "fuzz/http2_seeds.h"

#include <initializer_list>
#include <utility>

#include "codecs/calls/grpc/compression.h"

namespace koine::fuzz {
namespace {

enum FrameType : char { data, headers, priority, reset, settings, push, ping, goaway, window, continuation };
constexpr char end_stream = 1;
constexpr char end_headers = 4;
constexpr char ack = 1;

std::string frame(FrameType type, int flags, int stream, const std::string& payload) {
  return std::string(
             {type, static_cast<char>(flags), static_cast<char>(stream), static_cast<char>(payload.size())}) +
         payload;
}

// Literal fields without indexing (RFC 7541 §6.2.2).
using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;
std::string block(Fields fields) {
  std::string out;
  for (const auto& field : fields) {
    out += '\0';
    for (const std::string_view text : {field.first, field.second}) {
      out += static_cast<char>(text.size());
      out += text;
    }
  }
  return out;
}

std::string message(std::string_view body, char flag = 0) {
  return std::string({flag, 0, 0, 0, static_cast<char>(body.size())}).append(body);
}

std::string packed(model::Compression format) {
  base::Buffer in;
  in.append(std::string_view("hello hello"));
  base::Buffer out;
  return codecs::calls::grpc::compress(format, in, out).ok() ? out.to_string() : std::string();
}

std::string request(std::string_view path, Fields more = {}, std::string_view type = "application/grpc") {
  return block({{":method", "POST"}, {":scheme", "http"}, {":path", path}, {"content-type", type}}) +
         block(more);
}
std::string begin(const std::string& fields) { return frame(headers, end_headers, 1, fields); }
std::string end(const std::string& payload) { return frame(data, end_stream, 1, payload); }

}  // namespace

void few_floods(base::Limits& limits) {
  limits.resets_received_burst = 2;
  limits.resets_caused_burst = 2;
  limits.glitches_burst = 4;
  limits.acks_queued_max = 2;
  limits.frames_queued_max = 6;
  limits.frames_unread_max = 3;
  limits.continuations_max = 1;
  limits.settings_entries_max = 2;
}

void add_server_frames(const std::string& prefix, const std::string& name, const AddSeed& add) {
  const auto one = [&](const std::string& what, const std::string& frames) {
    add(name + what, prefix + frames);
  };
  const std::string get = begin(request("/s.S/Get"));
  const std::string whole = end(message("hello"));
  one("get", get + whole);
  one("two", get + end(message("a") + message("b")));
  one("nothing", get + end(""));
  one("cut-off", get + end(message("hello").substr(0, 7)));
  one("long", get + frame(data, 0, 1, std::string("\0\0\0\x20\0", 5) + "part") + end("more"));
  one("too-long", get + end(std::string("\0\x7f\0\0\0", 5)));
  one("flag", get + end(message("x", 2)));
  one("compressed-unsaid", get + end(message("x", 1)));
  one("trailers", get + frame(data, 0, 1, message("x")) +
                      frame(headers, end_headers | end_stream, 1, block({{"x-t", "1"}})));
  one("only-headers", frame(headers, end_headers | end_stream, 1, request("/s.S/Get")));
  for (const char* type :
       {"text/plain", "application/grpc+json", "application/grpc+x", "application/grpc-web"})
    one(std::string("type-") + (type + 5), begin(request("/s.S/Get", {}, type)) + whole);
  for (const char* path : {"/x", "/s.S/Name", "/a.VeryLongService/Get", "/s.S/AVeryLongMethod", "//x", "*"})
    one("path-" + std::to_string(std::char_traits<char>::length(path)), begin(request(path)) + whole);
  for (const char* timeout : {"1n", "5S", "bad"})
    one(std::string("timeout-") + timeout, begin(request("/s.S/Get", {{"grpc-timeout", timeout}})) + whole +
                                               frame(reset, 0, 1, {"\0\0\0\x08", 4}));
  for (const char* encoding : {"identity", "gzip", "deflate", "br"}) {
    const auto format = encoding[0] == 'g' ? model::Compression::gzip : model::Compression::deflate;
    const std::string fields = request("/s.S/Get", {{"grpc-encoding", encoding}});
    one(std::string("encoding-") + encoding, begin(fields) + end(message(packed(format), 1)));
    one(std::string("encoding-bad-") + encoding, begin(fields) + end(message("not this", 1)));
  }
  one("binary",
      begin(request("/s.S/Get", {{"x-bin", "AAH/"}, {"traceparent", "00-1"}, {"tracestate", "a"}})) + whole);
  one("bad-binary", begin(request("/s.S/Get", {{"x-bin", "?"}})) + whole);
  one("many-fields",
      begin(request("/s.S/Get", {{"a", "1"}, {"b", "1"}, {"c", "1"}, {"d", "1"}, {"e", "1"}})) + whole);
  one("get-method", begin(block({{":method", "GET"}, {":scheme", "http"}, {":path", "/s.S/Get"}})) + whole);
  one("no-path", begin(block({{":method", "POST"}, {":scheme", "http"}})) + whole);
  const std::string fields = request("/s.S/Get");
  one("continued", frame(headers, 0, 1, fields.substr(0, 9)) +
                       frame(continuation, 0, 1, fields.substr(9, 9)) +
                       frame(continuation, end_headers, 1, fields.substr(18)) + whole);
  std::string streams;
  std::string resets;
  for (int stream = 1; stream < 11; stream += 2) {
    streams += frame(headers, end_headers, stream, fields);
    resets += frame(headers, end_headers, stream, fields) + frame(reset, 0, stream, {"\0\0\0\x08", 4});
  }
  one("streams",
      streams + frame(data, end_stream, 3, message("x")) + frame(data, end_stream, 9, message("x")));
  one("resets", resets);
  std::string pings;
  std::string empties = get;
  std::string tables;
  for (int i = 0; i < 8; ++i) {
    pings += frame(ping, 0, 0, "12345678");
    empties += frame(data, 0, 1, "");
    tables += frame(settings, 0, 0, {"\0\1\0\0\x10\0", 6});
  }
  one("pings", pings);
  one("empties", empties);
  one("settings", tables + frame(settings, ack, 0, "") +
                      frame(settings, 0, 0, {"\0\3\0\0\0\0\0\4\0\0\0\1\0\6\0\0\0\x20", 18}));
  one("windows", get + whole + frame(settings, 0, 0, {"\0\4\0\0\0\0", 6}) +
                     frame(window, 0, 1, {"\0\0\0\1", 4}) + frame(window, 0, 0, {"\0\0\0\1", 4}) +
                     frame(window, 0, 1, std::string(4, '\0')));
  one("priority", frame(priority, 0, 3, {"\0\0\0\0\x10", 5}) + get + whole);
  one("goaway", get + frame(goaway, 0, 0, {"\0\0\0\0\0\0\0\0bye", 11}) + whole);
  one("unknown", frame(static_cast<FrameType>(0x10), 0, 0, "??") + get + whole);
  one("pushed", get + frame(push, end_headers, 1, {"\0\0\0\2", 4}));
}

void add_client_frames(const std::string& prefix, const std::string& name, const AddSeed& add) {
  const auto one = [&](const std::string& what, const std::string& frames) {
    add(name + what, prefix + frames);
  };
  const std::string ok = begin(block({{":status", "200"}, {"content-type", "application/grpc"}}));
  const auto trailers = [](Fields fields, int stream = 1) {
    return frame(headers, end_headers | end_stream, stream, block(fields));
  };
  const std::string done = trailers({{"grpc-status", "0"}});
  const std::string body = frame(data, 0, 1, message("hello"));
  one("ok", ok + body + done);
  one("two", ok + body + body + done);
  one("no-message", ok + done);
  one("no-status", ok + body + trailers({{"x-t", "1"}}));
  one("no-trailers", ok + end(message("hello")));
  one("cut-off", ok + frame(data, 0, 1, message("hello").substr(0, 7)) + done);
  one("too-long", ok + frame(data, 0, 1, {"\0\x7f\0\0\0", 5}) + done);
  one("flag", ok + frame(data, 0, 1, message("x", 3)) + done);
  one("failed", ok + trailers({{"grpc-status", "5"},
                               {"grpc-message", "not%20there"},
                               {"x-t", "1"},
                               {"grpc-status-details-bin", "CAMSBWhlbGxv"}}));
  one("failed-with-message", ok + body + trailers({{"grpc-status", "99"}, {"grpc-message", "\xff"}}));
  one("at-once", trailers({{":status", "200"}, {"content-type", "application/grpc"}, {"grpc-status", "12"}}));
  one("at-once-bad",
      trailers(
          {{":status", "200"}, {"content-type", "application/grpc"}, {"x-bin", "?"}, {"grpc-status", "0"}}));
  for (const char* status : {"400", "404", "429", "503", "20x"}) {
    one(std::string("http-") + status, trailers({{":status", status}, {"content-type", "text/html"}}));
    one(std::string("http-bare-") + status, begin(block({{":status", status}})) + end("<html>"));
  }
  one("informed", begin(block({{":status", "103"}, {"link", "x"}})) + ok + body + done);
  for (const char* encoding : {"gzip", "deflate", "br"}) {
    const auto format = encoding[0] == 'g' ? model::Compression::gzip : model::Compression::deflate;
    const std::string head =
        begin(block({{":status", "200"}, {"content-type", "application/grpc"}, {"grpc-encoding", encoding}}));
    one(std::string("encoding-") + encoding, head + frame(data, 0, 1, message(packed(format), 1)) + done);
    one(std::string("encoding-bad-") + encoding, head + frame(data, 0, 1, message("not this", 1)) + done);
  }
  for (const char* type : {"application/grpc+json", "application/grpc+x", "text/plain"})
    one(std::string("type-") + (type + 5),
        begin(block({{":status", "200"}, {"content-type", type}})) + body + done);
  one("many-fields", begin(block({{":status", "200"},
                                  {"content-type", "application/grpc"},
                                  {"a", "1"},
                                  {"b", "1"},
                                  {"c", "1"},
                                  {"d", "1"},
                                  {"e", "1"},
                                  {"f", "1"},
                                  {"g", "1"}})) +
                         body + done);
  for (const char code : {'\0', '\1', '\7', '\x08', '\x0b', '\x0c', '\x0d', '\x20'}) {
    one("reset-" + std::to_string(code),
        ok + frame(reset, 0, 1, {"\0\0\0", 3}) + frame(reset, 0, 1, std::string("\0\0\0", 3) + code));
    one("refused-" + std::to_string(code), frame(reset, 0, 3, std::string("\0\0\0", 3) + code));
  }
  one("goaway", frame(goaway, 0, 0, {"\0\0\0\1\0\0\0\0max\x01_age", 15}) + ok + body + done);
  one("goaway-all", frame(goaway, 0, 0, {"\0\0\0\0\0\0\0\x0b", 8}));
  one("ping", frame(ping, 0, 0, "12345678") + frame(ping, ack, 0, "12345678") + ok + body + done);
  one("windows", frame(settings, 0, 0, {"\0\3\0\0\0\1\0\4\0\0\0\4", 12}) +
                     frame(window, 0, 1, {"\0\0\0\x40", 4}) + frame(window, 0, 0, {"\0\1\0\0", 4}) + ok +
                     body + done);
  one("behind-the-end", ok + body + done + body + done);
  one("both",
      ok + frame(headers, end_headers, 3, block({{":status", "200"}, {"content-type", "application/grpc"}})) +
          frame(data, 0, 3, message("3")) + body + trailers({{"grpc-status", "0"}}, 3) + done);
  one("list-limit", frame(settings, 0, 0, {"\0\6\0\0\0\x20", 6}) + ok + body + done);
  one("pushed", frame(push, end_headers, 1, std::string("\0\0\0\2", 4) + block({{":method", "GET"}})));
}

}  // namespace koine::fuzz
