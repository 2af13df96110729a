// `koine call -p dubbo` against a server that answers as Dubbo 3.3.6 answered the same call
// (codecs/calls/dubbo/testdata).
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/command_line_test_support.h"
#include "cli/one_answer_test_support.h"
#include "codecs/calls/dubbo/dubbo_test_support.h"

namespace koine::cli {
namespace {

namespace dubbo = codecs::calls::dubbo;

constexpr const char* service = "koine.interop.shop.InteropService";

std::string captured(const std::string& name) {
  return dubbo::golden(dubbo::testdata() / "java-3.3.6" / (name + ".hex"));
}
dubbo::KeptCall call_in(std::string_view request) {
  dubbo::KeptServer server;
  EXPECT_TRUE(server.feed(request).ok());
  EXPECT_EQ(server.calls.size(), 1u);
  return std::move(server.calls.at(0));
}

// A provider that says what the captured one said, to a frame of any id.
class Provider {
 public:
  explicit Provider(const std::string& answer)
      : answers_([answer = captured(answer)](std::string_view request, std::string& out) {
          base::Buffer in = dubbo::buffer_of(request);
          dubbo::FrameHead head;
          const bool begun = dubbo::peek(in, head) == dubbo::FrameState::head;
          if (!begun || in.size() < dubbo::header_bytes + head.length) return false;
          out = dubbo::with_id(answer, head.id);
          return true;
        }) {}

  std::string address() const { return answers_.address(); }
  dubbo::KeptCall call() { return call_in(answers_.request()); }

 private:
  Answers answers_;
};

class CallDubbo : public CommandLine {
 protected:
  static Said call(const std::string& address, const std::string& method, const std::string& data,
                   std::vector<std::string> more = {}) {
    const std::string sources =
        std::string(KOINE_SOURCE_DIR) + "/interop-tests/contract/java/koine/interop/shop/*.java";
    more.insert(more.begin(),
                {"call", address, method, "-p", "dubbo", "-s", sources, "-d", data, "-t", "20s"});
    return run_with(std::move(more));
  }
  // Without a schema.
  static Said generic(const std::string& address, const std::string& method, std::vector<std::string> more) {
    more.insert(more.begin(),
                {"call", address, std::string(service) + "/" + method, "-p", "dubbo", "-t", "20s"});
    return run_with(std::move(more));
  }
};

TEST_F(CallDubbo, SaysWhatAConsumerOfJavaSays) {
  Provider provider("add_response");
  const Said said = call(provider.address(), std::string(service) + "/add",
                         R"({"left": "4000000000", "right": "-7000000000"})");
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_EQ(said.out, "{\"value\":\"-3000000000\"}\n");
  const dubbo::KeptCall ours = provider.call();
  const dubbo::KeptCall javas = call_in(captured("add_request"));
  EXPECT_EQ(ours.body, javas.body);
  EXPECT_EQ(ours.head.service, javas.head.service);
  EXPECT_EQ(ours.head.method, javas.head.method);
  EXPECT_EQ(ours.head.signature, javas.head.signature);
  EXPECT_GT(ours.head.timeout_ns, 0);
  EXPECT_LE(ours.head.timeout_ns, 20 * base::second_ns);
}

TEST_F(CallDubbo, TellsOverloadsApartByTheirParameters) {
  const std::string label = std::string(service) + "/label";
  for (const char* parameters : {"(int)", "(I)", "( int )"}) {
    Provider provider("label_int_response");
    const Said said = call(provider.address(), label + parameters, R"({"number": 7})");
    EXPECT_EQ(said.code, exit_ok) << said.err;
    EXPECT_EQ(said.out, "{\"value\":\"label int 7\"}\n");
    EXPECT_EQ(provider.call().head.signature, "I") << parameters;
  }
  for (const auto& [name, signature] : std::vector<std::pair<std::string, std::string>>{
           {"label(Item, int)", "Lkoine/interop/shop/Item;I"},
           {"label(koine.interop.shop.Item,int)", "Lkoine/interop/shop/Item;I"},
           {"LabelByItemInt", "Lkoine/interop/shop/Item;I"},
           {"label(java.lang.Integer)", "Ljava/lang/Integer;"},
           {"Label", "I"}}) {
    Provider provider("label_int_response");
    EXPECT_EQ(call(provider.address(), std::string(service) + "/" + name, "{}").code, exit_ok) << name;
    const dubbo::KeptCall sent = provider.call();
    EXPECT_EQ(sent.head.method, "label");
    EXPECT_EQ(sent.head.signature, signature);
  }
}

TEST_F(CallDubbo, NamesTheOverloadsThatThereAre) {
  const Said several = call("nowhere", std::string(service) + "/label", "{}");
  EXPECT_EQ(several.code, exit_usage);
  EXPECT_TRUE(has(several.err, "'label' is several methods of " + std::string(service) +
                                   ": write one of label(int), label(long), label(java.lang.Integer), "))
      << several.err;
  const Said none = call("nowhere", std::string(service) + "/label(boolean)", "{}");
  EXPECT_TRUE(has(none.err, "no method 'label(boolean)' in " + std::string(service) +
                                ", which has: label(int), label(long)"))
      << none.err;
  EXPECT_TRUE(has(call("nowhere", std::string(service) + "/lable(int)", "{}").err, "did you mean 'Label'?"));
  EXPECT_EQ(call("nowhere", std::string(service) + "/label(int", "{}").code, exit_usage);
  const Said grpc = run_with({"call", "nowhere", "shop.Shop/Find(String)", "-s", path("shop.thrift")});
  EXPECT_EQ(grpc.code, exit_usage);
  EXPECT_TRUE(has(grpc.err, "parameters tell methods of Java apart")) << grpc.err;
}

TEST_F(CallDubbo, NamesGroupAndVersionAsAConsumerOfJavaDoes) {
  Provider provider("group_version_response");
  const dubbo::KeptCall javas = call_in(captured("group_version_request"));
  const Said said = call(provider.address(), javas.head.service + "/" + javas.head.method, "{}");
  EXPECT_EQ(said.out, "{\"value\":\"hello from blue 2.0.0\"}\n") << said.err;
  EXPECT_EQ(javas.head.service, "blue/" + std::string(service) + ":2.0.0");
  EXPECT_EQ(provider.call().head.service, javas.head.service);
}

TEST_F(CallDubbo, ShowsWhatIsThrown) {
  Provider declared("declared_exception_a_response");
  const Said said = call(declared.address(), std::string(service) + "/fail", "{}");
  EXPECT_EQ(said.code, exit_call_error);
  EXPECT_EQ(said.out, "");
  EXPECT_TRUE(has(said.err, "koine: koine.interop.shop.NotFoundException {\"message\":\"no such shelf: "))
      << said.err;
  Provider undeclared("undeclared_jdk_response");
  const Said other = call(undeclared.address(), std::string(service) + "/fail", "{}", {"--json"});
  EXPECT_EQ(other.code, exit_call_error);
  EXPECT_TRUE(has(other.out, "{\"code\":\"UNKNOWN\",\"message\":\"java.lang.")) << other.out;
  EXPECT_TRUE(has(other.out, "\"origin\":\"application\",\"reply\":null,")) << other.out;
}

TEST_F(CallDubbo, SaysWithoutASchemaWhatAGenericConsumerOfJavaSays) {
  const std::vector<std::string> names = {"generic_label", "generic_placeOrder", "generic_times"};
  const std::vector<std::vector<std::string>> said = {
      {"label(int)", "-d", "[7]"},
      {"placeOrder(koine.interop.shop.Order)", "-d",
       R"([{"totalCents": 5, "caseId": "generic",
            "lines": [{"colour": "RED", "quantity": 3, "priceCents": 2147483648, "sku": "A-1"}]}])"},
      {"times(koine.interop.shop.Times)", "-d", R"([{"createdAt": null, "price": "1.50"}])"},
  };
  const std::vector<std::string> shown = {
      "\"label int 7\"", "\"class\":\"koine.interop.shop.Order\"",
      "\"price\":{\"class\":\"java.math.BigDecimal\",\"value\":\"1.50\"}"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    Provider provider(names[i] + "_response");
    const Said answer = generic(provider.address(), said[i][0], {said[i].begin() + 1, said[i].end()});
    EXPECT_EQ(answer.code, exit_ok) << answer.err;
    EXPECT_TRUE(has(answer.out, shown[i])) << answer.out;
    const dubbo::KeptCall ours = provider.call();
    const dubbo::KeptCall javas = call_in(captured(names[i] + "_request"));
    EXPECT_EQ(ours.head.service, javas.head.service);
    EXPECT_EQ(ours.head.method, javas.head.method);
    EXPECT_EQ(ours.head.signature, javas.head.signature);
    EXPECT_EQ(ours.head.metadata.get("generic"), "true");
    // (Java's maps have an order of their own.)
    EXPECT_EQ(ours.body == javas.body, i == 0);
  }
}

TEST_F(CallDubbo, ShowsWhatAGenericCallThrew) {
  Provider provider("generic_exception_response");
  const Said said = generic(provider.address(), "fail(String)", {"-d", R"(["declared_exception_a"])"});
  EXPECT_EQ(said.code, exit_call_error);
  EXPECT_TRUE(has(said.err, "GenericException: koine.interop.shop.NotFoundException: no such shelf"))
      << said.err;
  EXPECT_EQ(provider.call().body, call_in(captured("generic_exception_request")).body);
}

TEST_F(CallDubbo, ArgumentsWithoutASchemaAreAnArrayOfThem) {
  for (const char* bad : {"{}", "7", "[1", "[1] 2", "[1e999]", "[1,2]"}) {
    const Said said = generic("nowhere", "label(int)", {"-d", bad});
    EXPECT_EQ(said.code, exit_usage) << bad;
    EXPECT_TRUE(has(said.err, "the arguments of a call without a schema are a JSON array")) << said.err;
  }
  EXPECT_TRUE(has(run_with({"call", "nowhere", "a.B/c"}).err, "give a schema, -s"));
  EXPECT_TRUE(has(run_with({"call", "nowhere", "label", "-p", "dubbo"}).err, "does not say which service"));
}

TEST_F(CallDubbo, SendsAttachmentsWhoseNamesKeepTheirCase) {
  Provider provider("add_response");
  const Said said =
      call(provider.address(), std::string(service) + "/add", "{}", {"-H", "userId: 7", "-H", "trace=x"});
  EXPECT_EQ(said.code, exit_ok) << said.err;
  const model::Metadata& metadata = provider.call().head.metadata;
  ASSERT_EQ(metadata.size(), 2u);
  EXPECT_EQ(metadata.wire_name(0), "userId");
  EXPECT_EQ(metadata[0].value, "7");
  EXPECT_EQ(metadata.wire_name(1), "trace");
}

}  // namespace
}  // namespace koine::cli
