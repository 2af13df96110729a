// See vectors.h.
#include "codecs/conformance/in_tree/vectors.h"

#include <filesystem>
#include <fstream>

#include "codecs/calls/grpc/captures_test_support.h"
#include "codecs/calls/grpc/grpc_codec.h"
#include "codecs/conformance/in_tree/http1_codec.h"

namespace koine::codecs::conformance::in_tree {
namespace {

using model::BodyFormat;

ExpectedCall call(std::string service, std::string method, BodyFormat format, std::string body,
                  model::MethodKind kind = model::MethodKind::unary) {
  ExpectedCall out;
  out.service = std::move(service);
  out.method = std::move(method);
  out.kind = kind;
  out.format = format;
  out.messages = {std::move(body)};
  return out;
}

std::string captured(std::string_view hex) { return calls::grpc::testing::bytes_of(hex); }

void add_grpc_caller(CodecUnderTest& to, std::string name, std::string_view hex, Pairs metadata) {
  CallerVector vector;
  vector.name = std::move(name);
  vector.bytes = captured(hex);
  vector.calls = {call("shop.Orders", "Get", BodyFormat::protobuf, "hello")};
  vector.calls[0].metadata = std::move(metadata);
  vector.detect_bytes = 4;
  to.callers.push_back(std::move(vector));
}

}  // namespace

std::string recording(std::string_view path) {
  std::ifstream file(std::filesystem::path(KOINE_SOURCE_DIR) / "codecs/calls" / path);
  std::string line;
  std::string bytes;
  while (std::getline(file, line)) {
    if (!line.starts_with("#")) bytes += captured(line);
  }
  return bytes;
}

Subject grpc() {
  Subject out;
  out.codec = std::make_unique<calls::grpc::GrpcCodec>();
  out.test.codec = out.codec.get();
  // nghttp2 makes room for one header string at a time by its length, 64 KiB at most, twice that when it is
  // Huffman-coded (NGHTTP2_HD_MAX_NV in nghttp2_hd.h).
  out.test.heap_bytes = 128u << 10;
  out.test.writes_while_reading = true;
  using namespace calls::grpc::testing;
  add_grpc_caller(out.test, "curl", curl_request, {{"user-agent", "curl/7.88.1"}, {"accept", "*/*"}});
  add_grpc_caller(out.test, "nghttp", nghttp_request, {{"accept", "*/*"}, {"user-agent", "nghttp2/1.52.0"}});
  add_grpc_caller(out.test, "h2load", h2load_request, {{"user-agent", "h2load nghttp2/1.52.0"}});
  CallerVector go;
  go.name = "grpc-go";
  go.bytes = captured(grpc_go_request);
  go.calls = {call("s.S", "Get", BodyFormat::protobuf, "hello")};
  go.calls[0].metadata = {
      {"user-agent", "grpc-go/1.85.0"}, {"x-a", "1"}, {"x-bin", std::string("\0\1\xff", 3)}};
  go.bytes.resize(go.bytes.size() - 13);  // it gave up in the end: RST_STREAM
  go.detect_bytes = 4;
  out.test.callers.push_back(go);

  ProviderVector answer;
  answer.name = "grpc-go";
  answer.options.body_format = BodyFormat::protobuf;
  answer.options.authority = "shop";
  answer.calls = {{"s.S", "Get", false, "xxxxxxxxxx"}};
  answer.bytes = captured(grpc_go_answer);
  ExpectedReply reply;
  reply.messages = {"xxxxxxxxxx"};
  answer.replies = {reply};
  out.test.providers.push_back(answer);

  Speaker speaker;
  speaker.name = "gRPC";
  speaker.service = "kit.Service";
  speaker.metadata = {{"x-nonce", "4711"}, {"x-bytes-bin", std::string("\0\xff\x80", 3)}};
  speaker.options.body_format = BodyFormat::protobuf;
  speaker.options.authority = "shop";
  out.test.speakers.push_back(speaker);
  return out;
}

Subject http1() {
  Subject out;
  out.codec = std::make_unique<Http1Codec>();
  out.test.codec = out.codec.get();
  CallerVector curl;
  // curl 7.88.1: curl --data-binary hello http://…/get, twice on one connection, the second chunked.
  curl.name = "curl";
  curl.bytes =
      "POST /get HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n"
      "Content-Length: 5\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nhello"
      "POST /put HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n"
      "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\na;x=y\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\n";
  curl.calls = {call("", "get", BodyFormat::opaque, "hello"),
                call("", "put", BodyFormat::opaque, "hello0123456789")};
  curl.detect_bytes = 5;
  out.test.callers.push_back(curl);

  ProviderVector go;
  // Go's net/http: a body of known length, then one of unknown length, behind a 100 Continue.
  go.name = "net/http";
  go.options.body_format = BodyFormat::opaque;
  go.options.pipelined_max = 2;
  go.calls = {{"", "get", false, "hello"}, {"", "put", false, ""}};
  go.bytes =
      "HTTP/1.1 200 OK\r\nDate: Mon, 02 Jan 2023 15:04:05 GMT\r\nContent-Length: 5\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n\r\nhello"
      "HTTP/1.1 100 Continue\r\n\r\n"
      "HTTP/1.1 200 OK\r\nDate: Mon, 02 Jan 2023 15:04:05 GMT\r\nTransfer-Encoding: chunked\r\n\r\n"
      "6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n";
  ExpectedReply first;
  first.messages = {"hello"};
  ExpectedReply second;
  second.messages = {"hello world"};
  go.replies = {first, second};
  out.test.providers.push_back(go);

  Speaker speaker;
  speaker.name = "HTTP/1.1";
  speaker.options.body_format = BodyFormat::opaque;
  out.test.speakers.push_back(speaker);
  return out;
}

}  // namespace koine::codecs::conformance::in_tree
