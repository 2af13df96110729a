// Methods of Java interfaces opposite those of Thrift and protobuf: arguments, results, null, exceptions that
// are objects on one side and fields or statuses on the other. Hessian2 as dubbo-hessian-lite writes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "idl/java/read.h"
#include "idl/match/match.h"
#include "transcode/context.h"
#include "transcode/method_plan.h"
#include "transcode/name_pairing.h"
#include "transcode/plan.h"

namespace koine::transcode {
namespace {

using model::BodyFormat;
using ::testing::HasSubstr;

constexpr const char* java_text = R"(
package shop;
public interface Shop {
  Order get(String key, int limit) throws NotFound;
  void reset();
}
class Order implements java.io.Serializable { long id; String note; }
class NotFound extends Exception { long id; }
)";
constexpr const char* thrift_text = R"(
namespace * shop
struct Order { 1: i64 id, 2: optional string note }
exception NotFound { 1: string message, 2: i64 id } (koine.code = "NOT_FOUND")
service Shop {
  Order get(1: string key, 2: i32 limit) throws (4: NotFound missing),
  void reset(),
}
)";
constexpr const char* proto_text = R"(syntax = "proto3";
package shop;
message GetRequest { string key = 1; int32 limit = 2; }
message Order { int64 id = 1; optional string note = 2; }
message NotFound { string message = 1; int64 id = 2; }
message Nothing {}
service Shop { rpc Get(GetRequest) returns (Order); rpc Reset(Nothing) returns (Nothing); }
)";

std::unique_ptr<idl::Schema> read_java(const std::string& text) {
  const auto sources = idl::memory_sources({{"shop/Shop.java", text}});
  idl::java::ReadOptions options;
  options.sources = sources.get();
  idl::java::ReadResult result = idl::java::read({"shop/Shop.java"}, options);
  EXPECT_NE(result.schema, nullptr) << idl::render(result.diagnostics);
  return std::move(result.schema);
}

struct JavaMethods : ::testing::Test {
  // A method between a caller and a provider.
  std::unique_ptr<const MethodPlan> plan(std::string name, BodyFormat caller, BodyFormat provider) {
    const idl::match::Side sides[] = {side(caller), side(provider)};
    match = idl::match::Match::make(sides[0], sides[1], {});
    const auto end = [&](BodyFormat format, const idl::match::Side& of) {
      std::string method = name;
      if (&of.schema->files() == &proto->files()) method[0] = static_cast<char>(method[0] - 'a' + 'A');
      return MethodSide{of.service->find_method(method), format, ""};
    };
    auto made = MethodPlan::compile(end(caller, sides[0]), end(provider, sides[1]), NamePairing(*match),
                                    PlanOptions());
    EXPECT_TRUE(made) << made.status().to_string();
    return made ? std::move(*made) : nullptr;
  }
  idl::match::Side side(BodyFormat format) {
    const idl::Schema* schema = format == BodyFormat::hessian2 ? java.get()
                                : format == BodyFormat::json   ? proto.get()
                                                               : thrift.get();
    return {schema, schema->find_service("shop.Shop")};
  }
  static model::Payload payload(BodyFormat format, std::string_view bytes) {
    model::Payload out;
    out.format = format;
    out.bytes.append(bytes);
    return out;
  }
  std::string request(const MethodPlan& plan, BodyFormat format, std::string_view bytes) {
    auto out = plan.request(payload(format, bytes), context);
    return out ? out->bytes.to_string() : out.error().to_string();
  }
  model::Reply reply(const MethodPlan& plan, BodyFormat format, std::string_view bytes) {
    model::Reply out;
    out.has_message = true;
    out.message = payload(format, bytes);
    return plan.reply(std::move(out), context);
  }
  // What a Dubbo provider threw.
  model::Reply thrown(const MethodPlan& plan, std::string_view object) {
    model::Reply out;
    out.has_message = true;
    out.message = payload(BodyFormat::hessian2, object);
    out.outcome.code = model::Code::unknown;
    out.outcome.message = "shop.NotFound: gone";
    out.outcome.origin = model::Origin::application;
    out.outcome.thrown = true;
    return plan.reply(std::move(out), context);
  }

  std::unique_ptr<idl::Schema> java = read_java(java_text);
  std::unique_ptr<idl::Schema> thrift = idl::derive::testing::read_thrift({{"shop.thrift", thrift_text}});
  std::unique_ptr<idl::Schema> proto = idl::derive::testing::read_proto({{"shop.proto", proto_text}});
  std::unique_ptr<const idl::match::Match> match;
  Context context;
};

const std::string call_thrift = R"({"1":{"str":"k"},"2":{"i32":3}})";
const std::string call_java = "\x01k\x93";
const std::string call_json = R"({"key":"k","limit":3})";
// An object of shop.Order as a definition of its fields, in Java's order or the schema's, and their values.
const std::string order_java = "C\x0ashop.Order\x92\x04note\x02id`N\xe7";
const std::string order_written = "C\x0ashop.Order\x92\x02id\x04note`\xe7N";
const std::string order_thrift = R"({"0":{"rec":{"1":{"i64":7}}}})";
const std::string order_json = R"({"id":"7"})";
// Its stack trace is a list without a type here, and its cause itself.
const std::string missing_java =
    "C\x0dshop.NotFound\x94\x0astackTrace\x05"
    "cause\x0d"
    "detailMessage\x02id`xQ\x90\x04gone\xe9";
const std::string missing_written =
    "C\x0dshop.NotFound\x92\x0d"
    "detailMessage\x02id`\x04gone\xe9";
const std::string missing_thrift = R"({"4":{"rec":{"1":{"str":"gone"},"2":{"i64":9}}}})";

TEST_F(JavaMethods, AreCalledFromThrift) {
  const auto get = plan("get", BodyFormat::thrift_json, BodyFormat::hessian2);
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(request(*get, BodyFormat::thrift_json, call_thrift), call_java);
  EXPECT_EQ(reply(*get, BodyFormat::hessian2, order_java).message.bytes.to_string(), order_thrift);
  const auto reset = plan("reset", BodyFormat::thrift_json, BodyFormat::hessian2);
  ASSERT_NE(reset, nullptr);
  EXPECT_EQ(request(*reset, BodyFormat::thrift_json, "{}"), "");
  EXPECT_EQ(reply(*reset, BodyFormat::hessian2, "N").message.bytes.to_string(), "{}");
}

TEST_F(JavaMethods, CallThrift) {
  const auto get = plan("get", BodyFormat::hessian2, BodyFormat::thrift_json);
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(request(*get, BodyFormat::hessian2, call_java), call_thrift);
  EXPECT_EQ(reply(*get, BodyFormat::thrift_json, order_thrift).message.bytes.to_string(), order_written);
  const auto reset = plan("reset", BodyFormat::hessian2, BodyFormat::thrift_json);
  ASSERT_NE(reset, nullptr);
  EXPECT_EQ(reply(*reset, BodyFormat::thrift_json, "{}").message.bytes.to_string(), "N");
}

TEST_F(JavaMethods, AreCalledWithMessages) {
  const auto get = plan("get", BodyFormat::json, BodyFormat::hessian2);
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(request(*get, BodyFormat::json, call_json), call_java);
  EXPECT_EQ(reply(*get, BodyFormat::hessian2, order_java).message.bytes.to_string(), order_json);
}

TEST_F(JavaMethods, CallWithMessages) {
  const auto get = plan("get", BodyFormat::hessian2, BodyFormat::json);
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(request(*get, BodyFormat::hessian2, call_java), call_json);
  EXPECT_EQ(reply(*get, BodyFormat::json, order_json).message.bytes.to_string(), order_written);
}

TEST_F(JavaMethods, NullIsNoResultOfThrift) {
  const auto get = plan("get", BodyFormat::thrift_json, BodyFormat::hessian2);
  ASSERT_NE(get, nullptr);
  const model::Reply answer = reply(*get, BodyFormat::hessian2, "N");
  EXPECT_EQ(answer.outcome.code, model::Code::internal);
  EXPECT_THAT(answer.outcome.message, HasSubstr("answered null"));
}

TEST_F(JavaMethods, ThrowWhatThriftDeclares) {
  const auto get = plan("get", BodyFormat::thrift_json, BodyFormat::hessian2);
  ASSERT_NE(get, nullptr);
  const model::Reply answer = thrown(*get, missing_java);
  EXPECT_EQ(answer.outcome.declared_field, 4);
  EXPECT_FALSE(answer.outcome.thrown);
  EXPECT_EQ(answer.message.bytes.to_string(), missing_thrift);
}

TEST_F(JavaMethods, ThrowWhatIsAStatusElsewhere) {
  const auto get = plan("get", BodyFormat::json, BodyFormat::hessian2);
  ASSERT_NE(get, nullptr);
  const model::Reply answer = thrown(*get, missing_java);
  EXPECT_FALSE(answer.has_message);
  EXPECT_FALSE(answer.outcome.thrown);
  EXPECT_EQ(answer.outcome.message, "gone");
  EXPECT_THAT(answer.outcome.details, HasSubstr("shop.NotFound"));
}

TEST_F(JavaMethods, CatchWhatThriftDeclares) {
  const auto get = plan("get", BodyFormat::hessian2, BodyFormat::thrift_json);
  ASSERT_NE(get, nullptr);
  model::Reply raised;
  raised.has_message = true;
  raised.message = payload(BodyFormat::thrift_json, missing_thrift);
  raised.outcome.code = model::Code::unknown;
  raised.outcome.declared_field = 4;
  const model::Reply answer = get->reply(std::move(raised), context);
  EXPECT_TRUE(answer.outcome.thrown);
  EXPECT_EQ(answer.outcome.declared_field, 0);
  EXPECT_EQ(answer.message.bytes.to_string(), missing_written);
}

TEST_F(JavaMethods, WhatAnUndeclaredExceptionSaysIsKept) {
  const auto get = plan("get", BodyFormat::thrift_json, BodyFormat::hessian2);
  ASSERT_NE(get, nullptr);
  const model::Reply answer = thrown(*get,
                                     "C\x1ajava.lang.RuntimeException\x91\x0d"
                                     "detailMessage`\x04gone");
  EXPECT_EQ(answer.outcome.code, model::Code::unknown);
  EXPECT_FALSE(answer.has_message);
  EXPECT_FALSE(answer.outcome.thrown);
}

TEST_F(JavaMethods, PassAsTheyAreBetweenTwoDubboPeers) {
  const auto get = plan("get", BodyFormat::hessian2, BodyFormat::hessian2);
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(get->crossing(), Crossing::forward);
  EXPECT_EQ(request(*get, BodyFormat::hessian2, call_java), call_java);
  const model::Reply answer = thrown(*get, missing_java);
  EXPECT_TRUE(answer.outcome.thrown);
  EXPECT_EQ(answer.message.bytes.to_string(), missing_java);
}

}  // namespace
}  // namespace koine::transcode
