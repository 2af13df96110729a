// `koine call -p triple` against a provider made of Triple's server half.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/command_line_test_support.h"
#include "cli/one_answer_test_support.h"
#include "codecs/calls/triple/triple_test_support.h"

namespace koine::cli {
namespace {

namespace triple = codecs::calls::triple;
using model::BodyFormat;

constexpr const char* service = "koine.interop.shop.InteropService";

// Answers a call with that body, of the request's format.
class Provider {
 public:
  explicit Provider(std::string answer)
      : answers_([this, answer = std::move(answer)](std::string_view request, std::string& out) {
          triple::KeptServer server([](std::string_view name) {
            return name == service ? codecs::ServiceOwner::codec : codecs::ServiceOwner::wire;
          });
          base::Buffer in;
          in.append(request);
          EXPECT_TRUE(server.session->feed(in).ok());
          if (server.calls.empty()) return false;
          call_ = server.calls[0];
          model::Reply reply;
          reply.has_message = true;
          reply.message = triple::payload(answer, call_.format);
          server.session->reply(call_.id, std::move(reply));
          base::Buffer drained;
          server.session->drain(drained);
          out = drained.to_string();
          return true;
        }) {}

  std::string address() const { return answers_.address(); }
  const triple::KeptCall& call() {
    answers_.request();
    return call_;
  }

 private:
  triple::KeptCall call_;
  Answers answers_;
};

class CallTriple : public CommandLine {
 protected:
  static Said call(const std::string& address, const std::string& method, std::vector<std::string> more) {
    more.insert(more.begin(), {"call", address, method, "-p", "triple", "-t", "20s"});
    return run_with(std::move(more));
  }
};

TEST_F(CallTriple, SaysWhatAConsumerOfJavaSays) {
  Provider provider(triple::field(1, "hessian4") + triple::field(2, "\x0blabel int 7") +
                    triple::field(3, "java.lang.String"));
  const Said said =
      call(provider.address(), "blue/" + std::string(service) + ":2.0.0/label(int)",
           {"-s", std::string(KOINE_SOURCE_DIR) + "/interop-tests/contract/java/koine/interop/shop/*.java",
            "-d", R"({"number": 7})", "-H", "userId: 12"});
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_EQ(said.out, "{\"value\":\"label int 7\"}\n");
  EXPECT_EQ(provider.call().body, triple::wrapped_seven());
  EXPECT_EQ(provider.call().head.service, "blue/" + std::string(service) + ":2.0.0");
  EXPECT_EQ(provider.call().head.method, "label");
  EXPECT_EQ(provider.call().head.metadata.get("userid"), "12");
}

TEST_F(CallTriple, ASchemaInProtobufHasProtobufsBodies) {
  const std::string proto = file("shop.proto",
                                 "syntax = \"proto3\"; package shop; message Item { string sku = 1; }\n"
                                 "service Shop { rpc Find(Item) returns (Item); }\n");
  Provider provider(
      "\n\x01"
      "b");
  const Said said = call(provider.address(), "shop.Shop/Find", {"-s", proto, "-d", R"({"sku": "a"})"});
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_EQ(said.out, "{\"sku\":\"b\"}\n");
  EXPECT_EQ(provider.call().format, BodyFormat::protobuf);
  EXPECT_EQ(provider.call().body,
            "\n\x01"
            "a");
  EXPECT_EQ(provider.call().head.metadata.get("tri-consumer-appname"), "koine");
}

TEST_F(CallTriple, WithoutASchemaMakesAGenericCall) {
  Provider provider(triple::field(1, "hessian4") +
                    triple::field(2,
                                  "H\x05"
                                  "class\x06shop.A\x02id\xe7Z") +
                    triple::field(3, "java.lang.Object"));
  const Said said = call(provider.address(), std::string(service) + "/label(int)", {"-d", "[7]"});
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_EQ(said.out, "{\"class\":\"shop.A\",\"id\":7}\n");
  const triple::KeptCall& sent = provider.call();
  EXPECT_EQ(sent.head.method, "$invoke");
  EXPECT_EQ(sent.head.metadata.get("generic"), "true");
  EXPECT_EQ(sent.body, triple::field(1, "hessian4") + triple::field(2, "\x05label") +
                           triple::field(2, "q\x07[string\x03int") + triple::field(2, "q\x07[object\x97") +
                           triple::field(3, "java.lang.String") + triple::field(3, "[Ljava.lang.String;") +
                           triple::field(3, "[Ljava.lang.Object;"));
}

}  // namespace
}  // namespace koine::cli
