// services[].mapping: what a service's plans do in each mode.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/load.h"
#include "model/call.h"
#include "transcode/context.h"
#include "transcode/method_plan.h"

namespace koine::control {
namespace {

using ::testing::HasSubstr;

LoadResult load_with(const std::string& mapping) {
  const auto sources =
      idl::memory_sources({{"k.yaml",
                            "schemas: { files: [shop.thrift] }\nlisteners: [127.0.0.1:0]\nservices:\n"
                            "  - { name: orders, interface: shop.Orders, protocol: thrift, " +
                                mapping + " endpoints: [127.0.0.1:9090] }\n"},
                           {"shop.thrift",
                            "namespace * shop\n"
                            "struct Order { 1: i64 id, 2: set<i32> tags }\n"
                            "service Orders { void put(1: Order order) }\n"}});
  LoadOptions options;
  options.path = "k.yaml";
  options.sources = sources.get();
  return load(options);
}

std::string problems(const LoadResult& result) { return idl::render(result.diagnostics); }

// What becomes of a gRPC caller's Order.
base::Status put(const LoadResult& loaded, std::string_view order) {
  const auto route = loaded.snapshot->routes.find({router::Protocol::grpc, "shop.Orders", "Put", ""});
  if (!route) return route.error();
  model::Payload message;
  message.format = model::BodyFormat::protobuf;
  message.bytes.append(order);
  transcode::Context context;
  return (*route)->plan(model::BodyFormat::protobuf)->to_provider(message, context);
}

constexpr std::string_view whole = "\x08\x07\x10\x05";
constexpr std::string_view with_unknown = "\x08\x07\x18\x05";
constexpr std::string_view with_id_twice = "\x08\x07\x08\x07";
constexpr std::string_view with_tag_twice = "\x08\x07\x10\x05\x10\x05";

TEST(Modes, CheckedIsTheDefaultAndDropsWhatTheSchemaDoesNotKnow) {
  for (const char* mapping : {"", "mapping: checked,", "mapping: { mode: checked },", "mapping: {},"}) {
    const LoadResult loaded = load_with(mapping);
    ASSERT_NE(loaded.snapshot, nullptr) << problems(loaded);
    for (const std::string_view order : {whole, with_unknown, with_id_twice, with_tag_twice}) {
      EXPECT_TRUE(put(loaded, order).ok()) << mapping;
    }
  }
}

TEST(Modes, StrictRefusesUnknownFieldsAndWhateverComesTwice) {
  for (const char* mapping : {"mapping: strict,", "mapping: { mode: strict },"}) {
    const LoadResult loaded = load_with(mapping);
    ASSERT_NE(loaded.snapshot, nullptr) << problems(loaded);
    EXPECT_TRUE(put(loaded, whole).ok());
    EXPECT_EQ(put(loaded, with_unknown).reason(), base::Reason::map_unknown_field);
    EXPECT_EQ(put(loaded, with_id_twice).reason(), base::Reason::map_dupkey);
    EXPECT_EQ(put(loaded, with_tag_twice).reason(), base::Reason::map_dupkey);
  }
}

TEST(Modes, AnUnknownModeIsToldTheNearest) {
  const LoadResult loaded = load_with("mapping: stric,");
  EXPECT_EQ(loaded.snapshot, nullptr);
  EXPECT_THAT(problems(loaded), HasSubstr("services[0].mapping.mode: 'stric' is none of: "));
  EXPECT_THAT(problems(loaded), HasSubstr("did you mean 'strict'?"));
}

}  // namespace
}  // namespace koine::control
