// `koine call` against servers that answer one connection with given bytes: declared exceptions, and ports
// that speak something else.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/command_line_test_support.h"
#include "cli/error_details.h"
#include "cli/one_answer_test_support.h"
#include "cli/other_peer.h"
#include "cli/schemas.h"
#include "codecs/bodies/protobuf/rpc_status.h"

namespace koine::cli {
namespace {

namespace protobuf = codecs::bodies::protobuf;

constexpr const char* shop_with_gone =
    "namespace * shop\n"
    "struct Item { 1: string sku }\n"
    "exception Gone { 1: i64 id, 2: string message } (koine.code = \"NOT_FOUND\")\n"
    "service Shop { Item find(1: string sku) throws (1: Gone gone) }\n";

class Call : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    file("shop.thrift", shop_with_gone);
  }

  Said call(const std::string& address, std::vector<std::string> more) const {
    more.insert(more.begin(), {"call", address, "shop.Shop/Find", "-s", path("shop.thrift"), "-t", "20s"});
    return run_with(std::move(more));
  }
};

// Written by Debian's python3-thrift 0.17.0 (TBinaryProtocol in TFramedTransport): a REPLY of `find` whose
// field 1 is Gone{404, "no item 404"}.
constexpr std::string_view gone_reply =
    "00000032800100020000000466696e64000000010c00010a000100000000000001940b00020000000b6e6f206974656d20343034"
    "0000";

TEST_F(Call, ShowsTheDeclaredExceptionWithItsFields) {
  const Answers server(unhex(gone_reply));
  const Said said = call(server.address(), {"-p", "thrift"});
  EXPECT_EQ(said.code, exit_call_error);
  EXPECT_EQ(said.out, "");
  EXPECT_EQ(said.err,
            "koine: NOT_FOUND: no item 404\n"
            "koine: shop.Gone {\"id\":\"404\",\"message\":\"no item 404\"}\n");
}

TEST_F(Call, ShowsTheDeclaredExceptionVerboselyAndAsJson) {
  const Answers talkative(unhex(gone_reply));
  const Said verbose = call(talkative.address(), {"-p", "thrift", "-v"});
  EXPECT_EQ(verbose.code, exit_call_error);
  EXPECT_TRUE(has(verbose.err, "* connected in ")) << verbose.err;
  EXPECT_TRUE(has(verbose.err, "shop.Gone {\"id\":\"404\",\"message\":\"no item 404\"}")) << verbose.err;

  const Answers server(unhex(gone_reply));
  const Said json = call(server.address(), {"-p", "thrift", "--json"});
  EXPECT_EQ(json.code, exit_call_error);
  EXPECT_TRUE(has(json.out,
                  "{\"code\":\"NOT_FOUND\",\"message\":\"no item 404\",\"details\":[{\"type\":\"shop.Gone\","
                  "\"value\":{\"id\":\"404\",\"message\":\"no item 404\"}}],\"origin\":\"application\","
                  "\"reply\":null,"))
      << json.out;
}

TEST_F(Call, NamesThePortThatSpeaksHttp1) {
  // Go 1.26's net/http to HTTP/2's preface; Python 3.11's http.server to the same.
  for (const char* answer :
       {"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nDate: Mon, 23 Nov 2026 00:15:27 GMT\r\n"
        "Content-Length: 0\r\n\r\n",
        "<!DOCTYPE HTML>\n<html lang=\"en\">\n    <head>\n        <meta charset=\"utf-8\">\n"}) {
    for (const std::vector<std::string>& protocol :
         {std::vector<std::string>{}, {"-p", "thrift"}, {"-p", "thrift", "--transport", "unframed"}}) {
      const Answers server(answer);
      const Said said = call(server.address(), protocol);
      EXPECT_EQ(said.code, exit_failed);
      EXPECT_TRUE(has(said.err, std::string("an HTTP/1 server answered (") +
                                    std::string(answer).substr(0, std::string(answer).find_first_of("\r\n")) +
                                    "), which speaks none of koine call's protocols"))
          << said.err;
    }
  }
}

TEST_F(Call, NamesWhatMayExpectAnotherProtocolWhenThePortClosesWithoutAWord) {
  {
    const Answers server("");  // as Thrift servers and TLS ports answer HTTP/2's preface
    const Said said = call(server.address(), {});
    EXPECT_EQ(said.code, exit_failed);
    EXPECT_TRUE(has(said.err, "; a port that speaks another protocol (-p) or TLS does that\n")) << said.err;
  }
  const Answers server("");
  const Said said = call(server.address(), {"-p", "thrift"});
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_TRUE(has(said.err,
                  "; a port that speaks another dialect (--transport, --encoding, --zlib), another protocol "
                  "(-p) or TLS does that\n"))
      << said.err;
}

TEST_F(Call, AsksWhetherAServerRunsWhereNobodyListens) {
  std::string address;
  {
    const Answers server("");
    address = server.address();
  }
  const Said said = call(address, {});
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_EQ(said.err, "koine: NET_IO: connecting to " + address +
                          ": Connection refused: does the server run, and is this its address?\n");
}

TEST(OtherPeer, TellsProtocolsApart) {
  const std::string tls_alert = unhex("15030100020246");  // RFC 8446 §6
  const std::string settings =
      unhex("000006040000000000000300000064") + std::string(20, '\0');  // RFC 9113 §6.5
  const std::string framed = unhex(gone_reply);
  EXPECT_TRUE(has(other_peer("grpc", tls_alert), "the port expects TLS"));
  EXPECT_TRUE(has(other_peer("thrift", tls_alert), "the port expects TLS"));
  // Go's net/http on an HTTPS port.
  EXPECT_TRUE(
      has(other_peer("thrift",
                     "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"),
          "the port expects TLS"));
  EXPECT_TRUE(has(other_peer("thrift", settings), "an HTTP/2 server answered: for gRPC it is -p grpc"));
  EXPECT_TRUE(has(other_peer("grpc", framed), "a Thrift server answered: use -p thrift"));
  EXPECT_TRUE(has(other_peer("grpc", framed.substr(4)), "a Thrift server answered: use -p thrift"));
  EXPECT_TRUE(has(other_peer("grpc", unhex("8221010466696e64")), "a Thrift server answered: use -p thrift"));
  // The front of a heartbeat that Dubbo 3.3.6 sends.
  const std::string dubbo = unhex("dabbe200");
  EXPECT_TRUE(has(other_peer("grpc", dubbo), "a Dubbo server answered: use -p dubbo"));
  EXPECT_TRUE(has(other_peer("thrift", dubbo), "a Dubbo server answered: use -p dubbo"));
  EXPECT_TRUE(has(other_peer("dubbo", framed), "a Thrift server answered: use -p thrift"));
  EXPECT_TRUE(has(other_peer("dubbo", settings), "an HTTP/2 server answered: for gRPC it is -p grpc"));
  // Their own, and what nobody knows.
  EXPECT_EQ(other_peer("dubbo", dubbo), "");
  EXPECT_EQ(other_peer("triple", settings), "");
  EXPECT_EQ(other_peer("grpc", settings), "");
  EXPECT_EQ(other_peer("thrift", framed), "");
  EXPECT_EQ(other_peer("grpc", "hello"), "");
  for (std::size_t size = 1; size < 8; ++size) EXPECT_EQ(other_peer("thrift", settings.substr(0, size)), "");
}

TEST_F(Call, ShowsDetailsThatTheSchemasDoNotHave) {
  base::Result<control::SchemaSet> schemas = load_schemas({path("shop.thrift")}, {});
  ASSERT_TRUE(schemas);
  protobuf::RpcStatus status;
  status.code = 5;
  status.details.push_back({"type.googleapis.com/other.Thing", std::string("\x0a\x01\x41", 3)});
  status.details.push_back(
      {std::string(protobuf::error_info_type_url),
       protobuf::encode(protobuf::RpcErrorInfo{"UPSTREAM_CONNECT", "koine", {{"a", "b"}}})});
  status.details.push_back({"type.googleapis.com/shop.Gone", "\x08"});  // ends inside its first field
  const std::string text = details_json(error_details(*schemas, protobuf::encode(status)));
  EXPECT_EQ(
      text,
      "[{\"type\":\"other.Thing\",\"value\":\"CgFB\"},"
      "{\"type\":\"google.rpc.ErrorInfo\",\"value\":{\"reason\":\"UPSTREAM_CONNECT\",\"domain\":\"koine\","
      "\"metadata\":{\"a\":\"b\"}}},"
      "{\"type\":\"shop.Gone\",\"value\":\"CA==\"}]");
  EXPECT_TRUE(error_details(*schemas, "").empty());
  EXPECT_TRUE(error_details(*schemas, "\xff\xff").empty());
}

}  // namespace
}  // namespace koine::cli
