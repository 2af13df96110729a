// Warm plans with JSON at an end ask the heap for nothing: operator new and malloc's family are counted.
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "transcode/plan.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {
bool counting = false;
long asked = 0;
}  // namespace

// The allocator's own entry points, taken over for the whole test program (operator new comes through them
// too); glibc keeps the real ones under these names.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);

void* malloc(std::size_t size) noexcept {
  asked += counting ? 1 : 0;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  asked += counting ? 1 : 0;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  asked += counting ? 1 : 0;
  return __libc_realloc(old, size);
}
}

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
  for (const BodyFormat format : {BodyFormat::protobuf, BodyFormat::thrift_binary, BodyFormat::thrift_compact,
                                  BodyFormat::thrift_json}) {
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
    asked = 0;
    counting = true;
    for (int i = 0; i < 100; ++i) round();
    counting = false;
    EXPECT_EQ(asked, 0);
    counting = true;
    void* (*volatile ask)(std::size_t) = std::malloc;
    std::free(ask(100));
    counting = false;
    EXPECT_EQ(asked, 1) << "what is counted is counted";
    const std::string text(base::as_text(context.output.bytes()));
    EXPECT_NE(text.find(R"("id":"9007199254740993")"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("key49":"value")"), std::string::npos);
    EXPECT_NE(text.find(R"("note":"")"), std::string::npos);
  }
}

TEST(JsonPlan, EmptyObjectsOfAWideTypeCostNoMoreMemoryForBeingMany) {
  std::string proto = "syntax = \"proto3\"; package t; message All { repeated Wide all = 1; } message Wide {";
  for (int i = 1; i <= 500; ++i) proto += " int32 f" + std::to_string(i) + " = " + std::to_string(i) + ";";
  const auto schema = idl::derive::testing::read_proto({{"t.proto", proto + "}"}});
  const idl::StructType* all = schema->find_struct("t.All");
  const auto plan = Plan::compile({BodyFormat::json, all, {}}, {BodyFormat::protobuf, all, {}},
                                  OriginPairing(), PlanOptions());
  ASSERT_TRUE(plan) << plan.status().to_string();
  std::string json = R"({"all":[{})";
  for (int i = 1; i < 20'000; ++i) json += ",{}";
  base::SlabPool pool;
  Context context(&pool);
  Output body(&pool);
  EXPECT_TRUE((*plan)->run(base::as_bytes(json + "]}"), context, body).ok());
  EXPECT_LT(context.arena.reserved_bytes(), 64u << 10);
}

}  // namespace
}  // namespace koine::transcode

#endif
