// Methods of Java interfaces opposite those of Thrift and protobuf: arguments, results, null, exceptions that
// are objects on one side and fields or statuses on the other. Hessian2 as dubbo-hessian-lite writes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transcode/pairs/java_methods_test_support.h"

namespace koine::transcode {
namespace {

using ::testing::HasSubstr;

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
