// Triple for the kit: connections of Dubbo 3.3.6 (Java), consumer and provider.
#include "codecs/bodies/hessian2/text.h"
#include "codecs/calls/triple/triple_codec.h"
#include "codecs/conformance/in_tree/vectors.h"

namespace koine::codecs::conformance::in_tree {
namespace {

using model::BodyFormat;

constexpr std::string_view shop = "koine.interop.shop.InteropService";

std::string field(int number, std::string_view content) {
  std::string out{static_cast<char>(number << 3 | 2)};
  std::size_t length = content.size();
  for (; length >= 0x80; length >>= 7) out.push_back(static_cast<char>(length | 0x80));
  out.push_back(static_cast<char>(length));
  return out.append(content);
}

}  // namespace

Subject triple() {
  Subject out;
  out.codec = std::make_unique<calls::triple::TripleCodec>();
  out.test.codec = out.codec.get();
  // As gRPC's.
  out.test.heap_bytes = 128u << 10;
  out.test.writes_while_reading = true;

  CallerVector consumer;
  consumer.name = "Java";
  consumer.detect_bytes = 4;
  consumer.bytes = recording("triple/testdata/java-3.3.6/consumer_names.hex");
  ExpectedCall greet;
  greet.service = shop;
  greet.method = "greet";
  greet.format = BodyFormat::triple_wrapper;
  greet.messages = {field(1, "hessian4")};
  greet.metadata = {{"tri-consumer-appname", "golden-client"},
                    {"somename", "a value"},
                    {"plain", "\xe4"},
                    {"rawbytes-bin", std::string("\0\xff", 2)}};
  consumer.calls = {greet};
  consumer.behind = 17;  // a GOAWAY
  out.test.callers.push_back(consumer);

  ProviderVector provider;
  provider.name = "Java";
  provider.options.body_format = BodyFormat::triple_wrapper;
  provider.options.authority = "shop";
  for (const char* method : {"label", "notThere", "exchangeAttachments"}) {
    provider.calls.push_back({std::string(shop), method, false, field(1, "hessian4")});
  }
  provider.bytes = recording("triple/testdata/java-3.3.6/provider_of_go.hex");
  ExpectedReply label;
  label.messages = {field(1, "hessian2") + field(2, "\ttwo items") + field(3, "java.lang.String")};
  ExpectedReply refused;
  refused.code = model::Code::unimplemented;
  ExpectedReply exchanged;
  exchanged.messages = {field(1, "hessian2") + field(2, "L\xb4\xb0\xe3\x1e\xcb\x9e\x90\x08") +
                        field(3, "long")};
  provider.replies = {label, refused, exchanged};
  out.test.providers.push_back(provider);

  Speaker speaker;
  speaker.name = "Triple";
  speaker.service = "kit.Service";
  speaker.signature = "Ljava/lang/String;";
  speaker.metadata = {{"x-nonce", "4711"}, {"x-bytes-bin", std::string("\0\xff\x80", 3)}};
  speaker.options.body_format = BodyFormat::triple_wrapper;
  speaker.options.authority = "shop";
  speaker.body = [](std::string_view filler) {
    std::string text;
    bodies::hessian2::append_text(text, filler);
    return field(1, "hessian4") + field(2, text) + field(3, "java.lang.String");
  };
  out.test.speakers.push_back(speaker);
  return out;
}

}  // namespace koine::codecs::conformance::in_tree
