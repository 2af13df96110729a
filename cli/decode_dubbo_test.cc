// `koine decode -p dubbo`: frames that Dubbo 3.3.6 and 2.7.23 sent (codecs/calls/dubbo/testdata).
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/command_line_test_support.h"
#include "codecs/calls/dubbo/dubbo_test_support.h"

namespace koine::cli {
namespace {

namespace dubbo = codecs::calls::dubbo;

const std::string sources =
    std::string(KOINE_SOURCE_DIR) + "/interop-tests/contract/java/koine/interop/shop/*.java";

std::string captured(const std::string& name) {
  return dubbo::golden(dubbo::testdata() / "java-3.3.6" / (name + ".hex"));
}

class DecodeDubbo : public CommandLine {
 protected:
  Said decode(const std::string& bytes, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"decode", "-p", "dubbo"};
    words.insert(words.end(), more.begin(), more.end());
    return run_reading(bytes, words);
  }
};

TEST_F(DecodeDubbo, ShowsACallAndItsAnswerWithoutASchema) {
  const Said said = decode(captured("add_request") + captured("add_response"));
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_EQ(said.out,
            "{\"protocol\":\"dubbo\",\"type\":\"call\",\"id\":\"4289506631534694514\","
            "\"service\":\"koine.interop.shop.InteropService\",\"method\":\"add\",\"parameters\":\"JJ\","
            "\"attachments\":{\"path\":\"koine.interop.shop.InteropService\","
            "\"remote.application\":\"golden-client\",\"interface\":\"koine.interop.shop.InteropService\","
            "\"version\":\"0.0.0\",\"timeout\":\"1000\"},\"arguments\":[4000000000,-7000000000]}\n"
            "{\"protocol\":\"dubbo\",\"type\":\"reply\",\"id\":\"4289506631534694514\",\"status\":20,"
            "\"attachments\":{\"dubbo\":\"2.0.2\"},\"value\":-3000000000}\n");
}

TEST_F(DecodeDubbo, ShowsThemByTheirMethodsSchema) {
  const Said said =
      decode(captured("add_request") + captured("add_response") + captured("declared_exception_a_request") +
                 captured("declared_exception_a_response") + captured("label_int_request"),
             {"-s", sources});
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_TRUE(has(said.out, "\"body\":{\"left\":\"4000000000\",\"right\":\"-7000000000\"}}\n"));
  EXPECT_TRUE(has(said.out, "\"body\":{\"value\":\"-3000000000\"}}\n"));
  EXPECT_TRUE(has(said.out,
                  "\"details\":[{\"type\":\"koine.interop.shop.NotFoundException\",\"value\":{\"message\":"));
  EXPECT_TRUE(has(said.out, "\"parameters\":\"I\",")) << said.out;
  EXPECT_TRUE(has(said.out, "\"body\":{\"number\":7}}\n")) << said.out;
}

TEST_F(DecodeDubbo, IsToldWhoseAnAnswerWithoutItsRequestIs) {
  const Said bare = decode(captured("add_response"), {"-s", sources});
  EXPECT_TRUE(has(bare.out, "\"value\":-3000000000}")) << bare.out << bare.err;
  const Said said =
      decode(captured("add_response"), {"-s", sources, "-m", "koine.interop.shop.InteropService/add"});
  EXPECT_TRUE(has(said.out, "\"body\":{\"value\":\"-3000000000\"}}")) << said.out << said.err;
  const Said wrong =
      decode(captured("add_response"), {"-s", sources, "-m", "koine.interop.shop.InteropService/placeOrdr"});
  EXPECT_EQ(wrong.code, exit_failed);
  EXPECT_TRUE(has(wrong.err, "did you mean 'PlaceOrder'?")) << wrong.err;
}

TEST_F(DecodeDubbo, ShowsWhatDoesNotFitTheSchemaAsItIs) {
  const Said said = decode(captured("node_cycle_request"), {"-s", sources});
  EXPECT_EQ(said.code, exit_ok);
  EXPECT_TRUE(
      has(said.out,
          "\"arguments\":[{\"class\":\"koine.interop.shop.Node\",\"next\":{\"cycle\":1},\"children\":[],"
          "\"weight\":0,\"name\":\"root\"}],\"mismatch\":\"MAP_CYCLE at "))
      << said.out;
}

TEST_F(DecodeDubbo, ShowsStatusesEventsAndOtherSerializations) {
  EXPECT_TRUE(has(decode(captured("generic_unknown_method_response")).out,
                  "\"status\":70,\"message\":\"org.apache.dubbo.rpc.RpcException: No such method"));
  EXPECT_EQ(decode(captured("event_heartbeat_request_by_consumer")).out,
            "{\"protocol\":\"dubbo\",\"type\":\"heartbeat\",\"id\":\"4289506631534694555\"}\n");
  EXPECT_TRUE(has(decode(captured("event_readonly_request_by_provider")).out, "\"type\":\"read-only\""));
  EXPECT_TRUE(has(decode(captured("post_oneway_request")).out, "\"type\":\"oneway\""));
  std::string fastjson = captured("add_request");
  fastjson[2] = static_cast<char>(0xc0 | dubbo::serialization_fastjson2);
  EXPECT_TRUE(has(decode(fastjson).out, ",\"serialization\":23,\"bytes\":219}\n")) << decode(fastjson).out;
}

TEST_F(DecodeDubbo, ShowsEveryFrameOfRealPeers) {
  std::string all;
  const auto files = dubbo::golden_files(".hex");
  for (const auto& path : files) all += dubbo::golden(path);
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"-s", sources}}) {
    const Said said = decode(all, more);
    EXPECT_EQ(said.code, exit_ok) << said.err;
    EXPECT_EQ(static_cast<std::size_t>(std::count(said.out.begin(), said.out.end(), '\n')), files.size());
  }
}

TEST_F(DecodeDubbo, SaysWhereBytesEndOrAreNoFrame) {
  const std::string frame = captured("add_request");
  const Said cut = decode(frame + frame.substr(0, 40));
  EXPECT_EQ(cut.code, exit_failed);
  EXPECT_TRUE(has(cut.err, "the bytes end inside frame 2")) << cut.err;
  EXPECT_TRUE(has(decode("GET / HTTP/1.1\r\n\r\n").err, "no Dubbo frame"));
  EXPECT_EQ(decode("").code, exit_ok);
  for (std::size_t at = 16; at < frame.size(); ++at) {  // whatever the bodies are, there is an end
    std::string mutated = frame;
    mutated[at] = '\x7f';
    const Said said = decode(mutated);
    EXPECT_TRUE(said.code == exit_ok || has(said.err, "frame 1")) << said.err;
  }
}

TEST_F(DecodeDubbo, NeedsNoSchemaAsTheOthersDo) {
  const Said said = run_reading("", {"decode", "-p", "thrift"});
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_TRUE(has(said.err, "give a schema, -s")) << said.err;
}

}  // namespace
}  // namespace koine::cli
