// Dubbo2 for the kit: frames of Dubbo 3.3.6 (Java), consumer and provider.
#include "codecs/bodies/hessian2/text.h"
#include "codecs/calls/dubbo/dubbo_codec.h"
#include "codecs/conformance/in_tree/vectors.h"

namespace koine::codecs::conformance::in_tree {
namespace {

using model::BodyFormat;

constexpr std::string_view service = "koine.interop.shop.InteropService";

std::string golden(std::string_view name) {
  return recording("dubbo/testdata/java-3.3.6/" + std::string(name) + ".hex");
}

// The arguments stand between the descriptor and the attachments, which begin with the path.
std::string arguments(const std::string& request, std::string_view descriptor) {
  const std::size_t begin = request.find(descriptor) + descriptor.size();
  return request.substr(begin, request.find("H\x04path") - begin);
}

ExpectedCall call(std::string_view method, std::string body,
                  model::MethodKind kind = model::MethodKind::unary) {
  ExpectedCall out;
  out.service = service;
  out.method = method;
  out.kind = kind;
  out.format = BodyFormat::hessian2;
  out.messages = {std::move(body)};
  out.metadata = {{"remote.application", "golden-client"}};
  return out;
}

// An answer to the call that was started as the `number`th.
std::string answer(std::string_view name, std::uint64_t number) {
  std::string frame = golden(name);
  const std::uint64_t id = number << 16 | (number - 1);
  for (std::size_t i = 0; i < 8; ++i) frame[4 + i] = static_cast<char>(id >> (56 - 8 * i));
  return frame;
}

ExpectedReply value(std::string body) {
  ExpectedReply out;
  out.messages = {std::move(body)};
  return out;
}

void add_callers(CodecUnderTest& to) {
  CallerVector java;
  java.name = "Java";
  java.detect_bytes = 2;
  const std::string several = golden("several_request");
  const std::string post = golden("post_oneway_request");
  java.bytes = golden("greet_request") + golden("event_heartbeat_request_by_consumer") + post + several;
  java.calls = {call("greet", ""),
                call("post", arguments(post, "JLjava/lang/String;"), model::MethodKind::oneway),
                call("several", arguments(several, "Lkoine/interop/shop/Item;"))};
  to.callers.push_back(java);
}

void add_providers(CodecUnderTest& to) {
  ProviderVector java;
  java.name = "Java";
  java.options.body_format = BodyFormat::hessian2;
  for (const char* method : {"greet", "reset", "findItem"}) {
    java.calls.push_back({std::string(service), method, false, ""});
  }
  // In another order than they were asked for.
  java.bytes = answer("reset_void_response", 2) + answer("greet_response", 1) +
               answer("findItem_null_result_response", 3);
  std::string greeting;
  bodies::hessian2::append_text(greeting, "hello from the provider");
  java.replies = {value(greeting), value("N"), value("N")};
  to.providers.push_back(java);

  ProviderVector errors;
  errors.name = "errors";
  errors.options.body_format = BodyFormat::hessian2;
  errors.calls = {{std::string(service), "noSuchMethod", false, ""}};
  errors.bytes = answer("unknown_method_typed_response", 1);
  ExpectedReply refused;
  refused.code = model::Code::unimplemented;
  errors.replies = {refused};
  to.providers.push_back(errors);
}

}  // namespace

Subject dubbo() {
  Subject out;
  out.codec = std::make_unique<calls::dubbo::DubboCodec>();
  out.test.codec = out.codec.get();
  add_callers(out.test);
  add_providers(out.test);
  Speaker speaker;
  speaker.name = "Dubbo2";
  speaker.service = "kit.Service";
  speaker.signature = "Ljava/lang/String;";
  speaker.metadata = {{"x-nonce", "4711"}, {"x-bytes-bin", std::string("\0\xff\x80", 3)}};
  speaker.options.body_format = BodyFormat::hessian2;
  speaker.body = [](std::string_view filler) {
    std::string text;
    bodies::hessian2::append_text(text, filler);
    return text;
  };
  out.test.speakers.push_back(speaker);
  return out;
}

}  // namespace koine::codecs::conformance::in_tree
