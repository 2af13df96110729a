// A service in Java, Thrift and protobuf, and its calls: for the tests of methods whose values are objects.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "idl/java/read.h"
#include "idl/match/match.h"
#include "transcode/context.h"
#include "transcode/formats.h"
#include "transcode/method_plan.h"
#include "transcode/name_pairing.h"
#include "transcode/plan.h"

namespace koine::transcode {

using model::BodyFormat;

inline constexpr const char* java_text = R"(
package shop;
public interface Shop {
  Order get(String key, int limit) throws NotFound;
  void reset();
}
class Order implements java.io.Serializable { long id; String note; }
class NotFound extends Exception { long id; }
)";
inline constexpr const char* thrift_text = R"(
namespace * shop
struct Order { 1: i64 id, 2: optional string note }
exception NotFound { 1: string message, 2: i64 id } (koine.code = "NOT_FOUND")
service Shop {
  Order get(1: string key, 2: i32 limit) throws (4: NotFound missing),
  void reset(),
}
)";
inline constexpr const char* proto_text = R"(syntax = "proto3";
package shop;
message GetRequest { string key = 1; int32 limit = 2; }
message Order { int64 id = 1; optional string note = 2; }
message NotFound { string message = 1; int64 id = 2; }
message Nothing {}
service Shop { rpc Get(GetRequest) returns (Order); rpc Reset(Nothing) returns (Nothing); }
)";

inline std::unique_ptr<idl::Schema> read_java(const std::string& text) {
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
    const idl::Schema* schema = holds_objects(format)        ? java.get()
                                : format == BodyFormat::json ? proto.get()
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
  model::Reply thrown(const MethodPlan& plan, std::string_view object,
                      BodyFormat format = BodyFormat::hessian2) {
    model::Reply out;
    out.has_message = true;
    out.message = payload(format, object);
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

inline const std::string call_thrift = R"({"1":{"str":"k"},"2":{"i32":3}})";
inline const std::string call_java = "\x01k\x93";
inline const std::string call_json = R"({"key":"k","limit":3})";
// An object of shop.Order as a definition of its fields, in Java's order or the schema's, and their values.
inline const std::string order_java = "C\x0ashop.Order\x92\x04note\x02id`N\xe7";
inline const std::string order_written = "C\x0ashop.Order\x92\x02id\x04note`\xe7N";
inline const std::string order_thrift = R"({"0":{"rec":{"1":{"i64":7}}}})";
inline const std::string order_json = R"({"id":"7"})";
// Its stack trace is a list without a type here, and its cause itself.
inline const std::string missing_java =
    "C\x0dshop.NotFound\x94\x0astackTrace\x05"
    "cause\x0d"
    "detailMessage\x02id`xQ\x90\x04gone\xe9";
inline const std::string missing_written =
    "C\x0dshop.NotFound\x92\x0d"
    "detailMessage\x02id`\x04gone\xe9";
inline const std::string missing_thrift = R"({"4":{"rec":{"1":{"str":"gone"},"2":{"i64":9}}}})";

}  // namespace koine::transcode
