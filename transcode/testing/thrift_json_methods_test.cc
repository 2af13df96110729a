// Methods whose one end speaks Thrift's JSON: arguments, results, declared exceptions, void, forwarding.
// Bodies are written out, as libthrift writes them.
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "transcode/method_plan.h"
#include "transcode/plan.h"

namespace koine::transcode {
namespace {

namespace derive = idl::derive::testing;
using model::BodyFormat;
using ::testing::HasSubstr;

constexpr const char* thrift_text = R"(
namespace * shop
struct Order { 1: i64 id, 2: binary raw, 3: optional uuid key }
exception NotFound { 1: string message, 2: i64 id } (koine.code = "NOT_FOUND")
service Shop {
  Order get(1: uuid key, 2: list<i64> also) throws (4: NotFound missing),
  void reset(),
}
)";

class ThriftJsonMethods : public ::testing::Test {
 protected:
  // From a caller in one format to a provider in another.
  std::unique_ptr<const MethodPlan> plan(const char* name, BodyFormat caller, BodyFormat provider) {
    const auto side = [&](BodyFormat format) {
      const bool grpc = format == BodyFormat::protobuf || format == BodyFormat::json;
      const idl::Service* service = (grpc ? *proto_ : *thrift_).find_service("shop.Shop");
      std::string method = name;
      if (grpc) method[0] = static_cast<char>(method[0] - 'a' + 'A');
      return MethodSide{service->find_method(method), format, grpc ? "grpc" : "thrift"};
    };
    auto made = MethodPlan::compile(side(caller), side(provider), PlanOptions());
    EXPECT_TRUE(made) << made.status().to_string();
    return made ? std::move(*made) : nullptr;
  }
  static model::Payload payload(BodyFormat format, std::string_view bytes) {
    model::Payload out;
    out.format = format;
    out.bytes.append(bytes);
    return out;
  }
  std::string request(const MethodPlan& plan, BodyFormat format, std::string_view bytes) {
    auto out = plan.request(payload(format, bytes), context_);
    return out ? out->bytes.to_string() : out.error().to_string();
  }
  model::Reply reply(const MethodPlan& plan, BodyFormat format, std::string_view bytes,
                     std::int32_t declared = 0) {
    model::Reply out;
    out.has_message = true;
    out.message = payload(format, bytes);
    if (declared != 0) {
      out.outcome.code = model::Code::unknown;
      out.outcome.declared_field = declared;
    }
    return plan.reply(std::move(out), context_);
  }

  std::unique_ptr<idl::Schema> thrift_ = derive::read_thrift({{"shop.thrift", thrift_text}});
  std::unique_ptr<idl::Schema> proto_ = derive::derived(*thrift_, idl::Language::proto);
  Context context_;
};

const std::string arguments =
    R"({"1":{"uid":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},"2":{"lst":["i64",2,1,-2]}})";
const std::string arguments_json = R"({"key":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6","also":["1","-2"]})";
const std::string order = R"({"0":{"rec":{"1":{"i64":7},"2":{"str":"AQ"}}}})";
const std::string order_json = R"({"id":"7","raw":"AQ=="})";
const std::string exception = R"({"4":{"rec":{"1":{"str":"gone"},"2":{"i64":9}}}})";

TEST_F(ThriftJsonMethods, CallGrpcProviders) {
  const auto get = plan("get", BodyFormat::thrift_json, BodyFormat::json);
  EXPECT_EQ(get->crossing(), Crossing::transcode);
  EXPECT_EQ(request(*get, BodyFormat::thrift_json, arguments), arguments_json);
  EXPECT_EQ(reply(*get, BodyFormat::json, order_json).message.bytes.to_string(), order);
  const auto reset = plan("reset", BodyFormat::thrift_json, BodyFormat::protobuf);
  EXPECT_EQ(request(*reset, BodyFormat::thrift_json, "{}"), "");
  const model::Reply nothing = reply(*reset, BodyFormat::protobuf, "");
  EXPECT_TRUE(nothing.outcome.ok()) << nothing.outcome.message;
  EXPECT_EQ(nothing.message.bytes.to_string(), "{}");
}

TEST_F(ThriftJsonMethods, AreCalledByGrpc) {
  const auto get = plan("get", BodyFormat::json, BodyFormat::thrift_json);
  EXPECT_EQ(request(*get, BodyFormat::json, arguments_json), arguments);
  EXPECT_EQ(reply(*get, BodyFormat::thrift_json, order).message.bytes.to_string(), order_json);
  const auto reset = plan("reset", BodyFormat::json, BodyFormat::thrift_json);
  EXPECT_EQ(request(*reset, BodyFormat::json, "{}"), "{}");
  EXPECT_EQ(reply(*reset, BodyFormat::thrift_json, "{}").message.bytes.to_string(), "{}");
}

TEST_F(ThriftJsonMethods, DeclareTheirExceptions) {
  const auto called = plan("get", BodyFormat::protobuf, BodyFormat::thrift_json);
  const model::Reply status = reply(*called, BodyFormat::thrift_json, exception, 4);
  EXPECT_EQ(status.outcome.code, model::Code::not_found);
  EXPECT_EQ(status.outcome.message, "gone");
  ASSERT_FALSE(status.outcome.details.empty());
  // The same status, for a caller in Thrift's JSON.
  const auto calling = plan("get", BodyFormat::thrift_json, BodyFormat::protobuf);
  model::Reply failed;
  failed.outcome = status.outcome;
  const model::Reply back = calling->reply(std::move(failed), context_);
  EXPECT_EQ(back.outcome.declared_field, 4);
  EXPECT_EQ(back.message.format, BodyFormat::thrift_json);
  EXPECT_EQ(back.message.bytes.to_string(), exception);
}

TEST_F(ThriftJsonMethods, MissAResultThatIsNotThere) {
  const auto get = plan("get", BodyFormat::protobuf, BodyFormat::thrift_json);
  for (const char* empty : {"{}", " { } "}) {
    const model::Reply out = reply(*get, BodyFormat::thrift_json, empty);
    EXPECT_EQ(out.outcome.reason, base::Reason::map_required) << empty;
    EXPECT_THAT(out.outcome.message, HasSubstr("without a result")) << empty;
  }
}

TEST_F(ThriftJsonMethods, SpeakToTheOtherDialectsOfThrift) {
  const auto there = plan("get", BodyFormat::thrift_json, BodyFormat::thrift_binary);
  const auto back = plan("get", BodyFormat::thrift_compact, BodyFormat::thrift_json);
  EXPECT_EQ(there->crossing(), Crossing::transcode);
  const std::string binary = request(*there, BodyFormat::thrift_json, arguments);
  const auto again = plan("get", BodyFormat::thrift_binary, BodyFormat::thrift_json);
  EXPECT_EQ(request(*again, BodyFormat::thrift_binary, binary), arguments);
  // A declared exception is a field of the result like its value.
  const model::Reply compact = reply(*back, BodyFormat::thrift_json, exception, 4);
  EXPECT_EQ(compact.message.format, BodyFormat::thrift_compact);
  EXPECT_EQ(compact.outcome.declared_field, 4);
  const auto forth = plan("get", BodyFormat::thrift_json, BodyFormat::thrift_compact);
  EXPECT_EQ(reply(*forth, BodyFormat::thrift_compact, compact.message.bytes.to_string(), 4)
                .message.bytes.to_string(),
            exception);
}

TEST_F(ThriftJsonMethods, AreForwardedAfterALookAtThem) {
  const auto get = plan("get", BodyFormat::thrift_json, BodyFormat::thrift_json);
  EXPECT_EQ(get->crossing(), Crossing::forward);
  const std::string spaced = " " + arguments + "\n";
  EXPECT_EQ(request(*get, BodyFormat::thrift_json, spaced), spaced);
  EXPECT_THAT(request(*get, BodyFormat::thrift_json, R"({"2":{"lst":["i64",3,1]}})"),
              HasSubstr("WIRE_MALFORMED"));
  EXPECT_THAT(request(*get, BodyFormat::thrift_json, R"({"2":)"), HasSubstr("WIRE_TRUNCATED"));
}

}  // namespace
}  // namespace koine::transcode
