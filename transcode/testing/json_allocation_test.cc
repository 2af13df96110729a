// Warm plans with JSON at an end ask the heap for nothing.
#include <cstdlib>
#include <new>
#include <string>

#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "transcode/plan.h"

namespace {

std::size_t allocations = 0;

void* counted(std::size_t bytes) {
  ++allocations;
  void* memory = std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

// The whole test program's; only differences are looked at.
void* operator new(std::size_t bytes) { return counted(bytes); }
void* operator new[](std::size_t bytes) { return counted(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace koine::transcode {
namespace {

using model::BodyFormat;

constexpr const char* proto_text = R"(
syntax = "proto3";
package t;
message Item { string sku = 1; int32 quantity = 2; int64 price_cents = 3; }
message Order {
  int64 id = 1; string customer = 2; bool express = 3; double total = 4; repeated Item items = 5;
  map<string, string> tags = 6; bytes blob = 7; optional string note = 8;
}
)";

TEST(JsonPlan, AsksTheHeapForNothingOnceWarm) {
  const auto schema = idl::derive::testing::read_proto({{"t.proto", proto_text}});
  const idl::StructType* order = schema->find_struct("t.Order");
  const auto derived = idl::derive::testing::derived(*schema, idl::Language::thrift);
  const idl::StructType* thrift = nullptr;
  for (const idl::StructType& type : derived->structs()) {
    if (type.origin == order) thrift = &type;
  }
  ASSERT_NE(thrift, nullptr);
  const OriginPairing pairing;
  std::string json =
      R"({"id":"9007199254740993","customer":"\u00e9 \"x\"","express":true,"total":0.1,"items":[)";
  for (int i = 0; i < 50; ++i) json += R"({"sku":"s","quantity":5,"priceCents":"7"},)";
  json.back() = ']';
  json += R"(,"tags":{)";
  for (int i = 0; i < 50; ++i) json += "\"key" + std::to_string(i) + "\":\"value\",";
  json.back() = '}';
  json += R"(,"blob":"AAEC","note":""})";

  base::SlabPool pool;
  Context context(&pool);
  for (const BodyFormat format :
       {BodyFormat::protobuf, BodyFormat::thrift_binary, BodyFormat::thrift_compact}) {
    const idl::StructType* other = format == BodyFormat::protobuf ? order : thrift;
    const auto there =
        Plan::compile({BodyFormat::json, order, {}}, {format, other, {}}, pairing, PlanOptions());
    const auto back =
        Plan::compile({format, other, {}}, {BodyFormat::json, order, {}}, pairing, PlanOptions());
    ASSERT_TRUE(there) << there.status().to_string();
    ASSERT_TRUE(back) << back.status().to_string();
    Output body(&pool);
    const auto round = [&] {
      const bool good = (*there)->run(base::as_bytes(json), context, body).ok() &&
                        (*back)->run(body.bytes(), context, context.output).ok();
      EXPECT_TRUE(good);
    };
    round();
    round();
    const std::size_t before = allocations;
    const std::size_t arena_before = context.arena.reserved_bytes();
    for (int i = 0; i < 100; ++i) round();
    EXPECT_EQ(allocations, before);
    EXPECT_EQ(context.arena.reserved_bytes(), arena_before);
    const std::string text(base::as_text(context.output.bytes()));
    EXPECT_NE(text.find(R"("id":"9007199254740993")"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("key49":"value")"), std::string::npos);
    EXPECT_NE(text.find(R"("note":"")"), std::string::npos);
  }
}

}  // namespace
}  // namespace koine::transcode
