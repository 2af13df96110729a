// Frames that real consumers and providers sent one another (testdata/ says who wrote each).
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "codecs/calls/dubbo/dubbo_test_support.h"
#include "codecs/calls/dubbo/invocation.h"

namespace koine::codecs::calls::dubbo {
namespace {

constexpr std::string_view service = "koine.interop.shop.InteropService";

std::string name_of(const std::filesystem::path& path) {
  return path.parent_path().filename().string() + "/" + path.stem().string();
}

TEST(DubboGolden, EveryRequestIsACallWithItsArgumentsAndAttachments) {
  const auto files = golden_files("_request.hex");
  ASSERT_GT(files.size(), 50u);
  for (const auto& path : files) {
    const std::string bytes = golden(path);
    KeptServer server;
    ASSERT_TRUE(server.feed(bytes).ok()) << name_of(path);
    ASSERT_EQ(server.refused.size(), 0u) << name_of(path) << ": " << server.refused[0].outcome.message;
    ASSERT_EQ(server.calls.size(), 1u) << name_of(path);
    const model::CallHead& head = server.calls[0].head;
    EXPECT_FALSE(head.method.empty()) << name_of(path);
    EXPECT_NE(bytes.find(server.calls[0].body), std::string::npos) << name_of(path);
    EXPECT_EQ(head.metadata.get("remote.application"), "golden-client") << name_of(path);
    EXPECT_FALSE(head.metadata.has("path")) << name_of(path);
  }
}

// The same call, from our own client half: what reads it reads the same of both.
TEST(DubboGolden, EveryRequestWrittenAgainMeansTheSame) {
  for (const auto& path : golden_files("_request.hex")) {
    KeptServer server;
    ASSERT_TRUE(server.feed(golden(path)).ok()) << name_of(path);
    const KeptCall& call = server.calls.at(0);
    KeptClient client;
    ASSERT_TRUE(client.start(1, call.head, call.body).ok()) << name_of(path);
    KeptServer again;
    ASSERT_TRUE(again.feed(client.drained()).ok()) << name_of(path);
    ASSERT_EQ(again.calls.size(), 1u) << name_of(path);
    const KeptCall& copy = again.calls[0];
    EXPECT_EQ(copy.body, call.body) << name_of(path);
    EXPECT_EQ(copy.head.service, call.head.service) << name_of(path);
    EXPECT_EQ(copy.head.method, call.head.method) << name_of(path);
    EXPECT_EQ(copy.head.signature, call.head.signature) << name_of(path);
    EXPECT_EQ(copy.head.kind, call.head.kind) << name_of(path);
    EXPECT_EQ(copy.head.timeout_ns, call.head.timeout_ns) << name_of(path);
    EXPECT_EQ(copy.head.metadata.native("dubbo"), call.head.metadata.native("dubbo")) << name_of(path);
    ASSERT_EQ(copy.head.metadata.size(), call.head.metadata.size()) << name_of(path);
    for (std::size_t i = 0; i < copy.head.metadata.size(); ++i) {
      EXPECT_EQ(copy.head.metadata.wire_name(i), call.head.metadata.wire_name(i)) << name_of(path);
      EXPECT_EQ(copy.head.metadata[i].value, call.head.metadata[i].value) << name_of(path);
    }
  }
}

TEST(DubboGolden, EveryResponseIsAReplyThatIsWrittenAgainAsItCame) {
  const auto files = golden_files("_response.hex");
  ASSERT_GT(files.size(), 40u);
  for (const auto& path : files) {
    KeptClient client;
    model::CallHead head;
    head.service = service;
    head.method = "m";
    ASSERT_TRUE(client.start(7, head, "").ok());
    const Frame request = frames_of(client.drained()).at(0);
    const std::string answer = with_id(golden(path), request.head.id);
    ASSERT_TRUE(client.feed(answer).ok()) << name_of(path);
    ASSERT_EQ(client.replies.size(), 1u) << name_of(path);

    // From the other half, to a consumer of that id.
    KeptServer server;
    FrameHead asked = request.head;
    ASSERT_TRUE(server.feed(golden(testdata() / "java-3.3.6/greet_request.hex")).ok());
    server.session.reply(server.calls.at(0).id, std::move(client.replies[0].second));
    const Frame copy = frames_of(server.drained()).at(0);
    const Frame original = frames_of(answer).at(0);
    EXPECT_EQ(copy.head.status, original.head.status) << name_of(path);
    EXPECT_EQ(copy.head.serialization, asked.serialization);
    EXPECT_EQ(copy.body, original.body) << name_of(path);
  }
}

TEST(DubboGolden, GroupAndVersionAreInTheKeyOfTheService) {
  KeptServer server;
  ASSERT_TRUE(server.feed(golden(testdata() / "java-3.3.6/group_version_request.hex")).ok());
  const std::string key = server.calls.at(0).head.service;
  const ServiceKey parts = split_service_key(key);
  EXPECT_FALSE(parts.group.empty()) << key;
  EXPECT_EQ(parts.service, service) << key;
  EXPECT_FALSE(parts.version.empty()) << key;
}

TEST(DubboGolden, TheTimeoutIsTheDeadline) {
  KeptServer server;
  ASSERT_TRUE(server.feed(golden(testdata() / "java-3.3.6/greet_request.hex")).ok());
  EXPECT_EQ(server.calls.at(0).head.timeout_ns, base::second_ns);
  EXPECT_EQ(server.calls.at(0).head.signature, "");
}

TEST(DubboGolden, AttachmentsThatAreNoTextStayAsTheyAre) {
  KeptServer server;
  ASSERT_TRUE(server.feed(golden(testdata() / "java-3.3.6/attachments_objects_request.hex")).ok());
  const model::Metadata& metadata = server.calls.at(0).head.metadata;
  const std::string_view native = metadata.native("dubbo");
  EXPECT_NE(native.find("x-koine-list"), std::string_view::npos);
  EXPECT_NE(native.find("x-koine-count"), std::string_view::npos);
  EXPECT_NE(native.find("koine.interop.shop.Item"), std::string_view::npos);
  EXPECT_EQ(metadata.get("x-koine-blob-bin"), "\x01\x02\xff");
  EXPECT_EQ(metadata.native("thrift"), "");
}

TEST(DubboGolden, AOnewayRequestIsOne) {
  KeptServer server;
  ASSERT_TRUE(server.feed(golden(testdata() / "java-3.3.6/post_oneway_request.hex")).ok());
  EXPECT_EQ(server.calls.at(0).head.kind, model::MethodKind::oneway);
  server.reply(server.calls[0].id, "N");
  EXPECT_EQ(server.drained(), "");
  EXPECT_EQ(server.session.calls_in_flight(), 0u);
}

TEST(DubboGolden, ExceptionsSayWhatTheyAre) {
  const std::map<std::string, std::string> texts = {
      {"declared_exception_a", "koine.interop.shop.NotFoundException: no such shelf: "},
      {"undeclared_jdk", "java.lang."},
  };
  for (const auto& [file, text] : texts) {
    KeptClient client;
    model::CallHead head;
    head.service = service;
    head.method = "m";
    ASSERT_TRUE(client.start(7, head, "").ok());
    const Frame request = frames_of(client.drained()).at(0);
    const std::string answer = golden(testdata() / "java-3.3.6" / (file + "_response.hex"));
    ASSERT_TRUE(client.feed(with_id(answer, request.head.id)).ok());
    const model::Outcome& outcome = client.replies.at(0).second.outcome;
    EXPECT_EQ(outcome.code, model::Code::unknown) << file;
    EXPECT_TRUE(outcome.thrown) << file;
    EXPECT_TRUE(outcome.message.starts_with(text)) << outcome.message.substr(0, 200);
  }
}

TEST(DubboGolden, AHeartbeatIsAnsweredAsAProviderOfDubbosOwnDoes) {
  KeptServer server;
  ASSERT_TRUE(server.feed(golden(testdata() / "java-3.3.6/event_heartbeat_request_by_consumer.hex")).ok());
  const std::string wanted = golden(testdata() / "java-3.3.6/event_heartbeat_answer_by_provider.hex");
  const Frame answer = frames_of(server.drained()).at(0);
  const Frame golden_answer = frames_of(wanted).at(0);
  EXPECT_EQ(answer.body, golden_answer.body);
  EXPECT_EQ(answer.head.status, golden_answer.head.status);
  EXPECT_TRUE(answer.head.is_event && !answer.head.is_request);
}

TEST(DubboGolden, AProvidersGoodbyeEndsTheTakingOfCalls) {
  KeptClient client;
  EXPECT_TRUE(client.session.accepting());
  ASSERT_TRUE(client.feed(golden(testdata() / "java-3.3.6/event_readonly_request_by_provider.hex")).ok());
  EXPECT_FALSE(client.session.accepting());
  EXPECT_EQ(client.session.capacity(), 0u);
  EXPECT_EQ(client.capacities, 1);
}

}  // namespace
}  // namespace koine::codecs::calls::dubbo
