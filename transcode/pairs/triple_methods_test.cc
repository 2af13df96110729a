// The same methods where values are in Triple's wrappers, as Dubbo 3.3.6 writes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/triple_wrapper/wrapper.h"
#include "transcode/pairs/java_methods_test_support.h"

namespace koine::transcode {
namespace {

using ::testing::HasSubstr;

constexpr BodyFormat wrapper = BodyFormat::triple_wrapper;

std::string field(int number, std::string_view content) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(content.size())}.append(content);
}
const std::string call = field(1, "hessian4") + field(2, "\x01k") + field(2, "\x93") +
                         field(3, "java.lang.String") + field(3, "int");
std::string answer(std::string_view value, std::string_view type) {
  return field(1, "hessian4") + field(2, value) + field(3, type);
}

struct TripleMethods : JavaMethods {};

TEST_F(TripleMethods, AreCalledFromThrift) {
  const auto get = plan("get", BodyFormat::thrift_json, wrapper);
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(request(*get, BodyFormat::thrift_json, call_thrift), call);
  EXPECT_EQ(reply(*get, wrapper, answer(order_java, "shop.Order")).message.bytes.to_string(), order_thrift);
  const auto reset = plan("reset", BodyFormat::thrift_json, wrapper);
  ASSERT_NE(reset, nullptr);
  EXPECT_EQ(request(*reset, BodyFormat::thrift_json, "{}"), field(1, "hessian4"));
  EXPECT_EQ(reply(*reset, wrapper, answer("N", "void")).message.bytes.to_string(), "{}");
}

TEST_F(TripleMethods, CallThrift) {
  const auto get = plan("get", wrapper, BodyFormat::thrift_json);
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(request(*get, wrapper, call), call_thrift);
  EXPECT_EQ(reply(*get, BodyFormat::thrift_json, order_thrift).message.bytes.to_string(),
            answer(order_written, "shop.Order"));
  const auto reset = plan("reset", wrapper, BodyFormat::thrift_json);
  ASSERT_NE(reset, nullptr);
  EXPECT_EQ(reply(*reset, BodyFormat::thrift_json, "{}").message.bytes.to_string(), answer("N", "void"));
}

TEST_F(TripleMethods, CallAndAreCalledFromMessages) {
  const auto get = plan("get", BodyFormat::json, wrapper);
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(request(*get, BodyFormat::json, call_json), call);
  EXPECT_EQ(reply(*get, wrapper, answer(order_java, "shop.Order")).message.bytes.to_string(), order_json);
  const auto back = plan("get", wrapper, BodyFormat::json);
  ASSERT_NE(back, nullptr);
  EXPECT_EQ(request(*back, wrapper, call), call_json);
}

TEST_F(TripleMethods, AreDubbos) {
  const auto get = plan("get", wrapper, BodyFormat::hessian2);
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(request(*get, wrapper, call), call_java);
  EXPECT_EQ(get->crossing(), Crossing::reframe);
  EXPECT_EQ(reply(*get, BodyFormat::hessian2, order_java).message.bytes.to_string(),
            answer(order_java, "shop.Order"));
}

TEST_F(TripleMethods, AnswerNullInEitherForm) {
  const auto get = plan("get", BodyFormat::hessian2, wrapper);
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(reply(*get, wrapper, answer("N", "shop.Order")).message.bytes.to_string(), "N");
  EXPECT_EQ(reply(*get, wrapper, field(1, "hessian2")).message.bytes.to_string(), "N");
  const auto from_thrift = plan("get", BodyFormat::thrift_json, wrapper);
  for (const std::string& null : {answer("N", "shop.Order"), field(1, "hessian2")}) {
    const model::Reply refused = reply(*from_thrift, wrapper, null);
    EXPECT_EQ(refused.outcome.reason, base::Reason::map_null);
  }
}

TEST_F(TripleMethods, ThrowWhatIsAFieldElsewhere) {
  const auto get = plan("get", BodyFormat::thrift_json, wrapper);
  ASSERT_NE(get, nullptr);
  const model::Reply missing = thrown(*get, answer(missing_java, "shop.NotFound"), wrapper);
  EXPECT_EQ(missing.message.bytes.to_string(), missing_thrift);
  EXPECT_EQ(missing.outcome.declared_field, 4);
  EXPECT_FALSE(missing.outcome.thrown);

  const auto back = plan("get", wrapper, BodyFormat::thrift_json);
  model::Reply declared;
  declared.has_message = true;
  declared.message = payload(BodyFormat::thrift_json, missing_thrift);
  declared.outcome.code = model::Code::unknown;
  declared.outcome.origin = model::Origin::application;
  declared.outcome.declared_field = 4;
  const model::Reply object = back->reply(std::move(declared), context);
  EXPECT_TRUE(object.outcome.thrown);
  EXPECT_EQ(object.message.format, wrapper);
  EXPECT_EQ(object.message.bytes.to_string(), answer(missing_written, "shop.NotFound"));
}

TEST_F(TripleMethods, RefuseMessagesThatAreNoCall) {
  const auto get = plan("get", wrapper, BodyFormat::thrift_json);
  ASSERT_NE(get, nullptr);
  const std::string types = field(3, "java.lang.String") + field(3, "int");
  EXPECT_THAT(request(*get, wrapper, field(1, "hessian4") + field(2, "\x01k") + types), HasSubstr("fewer"));
  EXPECT_THAT(request(*get, wrapper, call + field(2, "\x93")), HasSubstr("more arguments"));
  EXPECT_THAT(request(*get, wrapper, field(2, "\x01kN") + field(2, "\x93")), HasSubstr("behind the end"));
  EXPECT_THAT(request(*get, wrapper, call.substr(0, call.size() - 2)), HasSubstr("WIRE_MALFORMED"));
}

// (Whoever goes on reading what it was put together in is told so by the sanitizer.)
TEST_F(TripleMethods, AreAnsweredInPieces) {
  std::string order = "C\x0ashop.Order\x92\x04note\x02id`";
  codecs::bodies::hessian2::append_text(order, std::string(3000, 'x'));
  base::Buffer wrapped;
  codecs::bodies::triple_wrapper::append_answer_wrapper(wrapped, "hessian4", order + "\xe7", "shop.Order");
  const std::string whole = wrapped.to_string();
  for (const BodyFormat caller : {BodyFormat::thrift_json, BodyFormat::json, BodyFormat::hessian2}) {
    model::Reply in_pieces;
    in_pieces.has_message = true;
    in_pieces.message.format = wrapper;
    for (const std::string& part : {whole.substr(0, 2000), whole.substr(2000)}) {
      base::Buffer piece;
      piece.append(part);
      in_pieces.message.bytes.append(piece.linearize());
    }
    ASSERT_EQ(in_pieces.message.bytes.slices().size(), 2u);
    const auto get = plan("get", caller, wrapper);
    const model::Reply got = get->reply(std::move(in_pieces), context);
    EXPECT_TRUE(got.outcome.ok()) << got.outcome.message;
    EXPECT_EQ(got.message.bytes.to_string(), reply(*get, wrapper, whole).message.bytes.to_string());
  }
}

// What was defined in one argument is not in the next.
TEST_F(TripleMethods, HaveAStreamForEachArgument) {
  java = read_java(R"(
package shop;
public interface Shop { void put(Order first, Order second); }
class Order implements java.io.Serializable { long id; }
)");
  thrift = idl::derive::testing::read_thrift({{"shop.thrift", R"(
namespace * shop
struct Order { 1: i64 id }
service Shop { void put(1: Order first, 2: Order second) }
)"}});
  const std::string orders = R"({"1":{"rec":{"1":{"i64":1}}},"2":{"rec":{"1":{"i64":2}}}})";
  const std::string front = "C\x0ashop.Order\x91\x02id`";
  const std::string types = field(3, "shop.Order") + field(3, "shop.Order");
  const std::string streams =
      field(1, "hessian4") + field(2, front + "\xe1") + field(2, front + "\xe2") + types;
  EXPECT_EQ(request(*plan("put", BodyFormat::thrift_json, wrapper), BodyFormat::thrift_json, orders),
            streams);
  EXPECT_EQ(request(*plan("put", wrapper, BodyFormat::thrift_json), wrapper, streams), orders);
  const std::string stream = field(1, "hessian4") + field(2, front + "\xe1") + field(2, "`\xe2") + types;
  EXPECT_THAT(request(*plan("put", wrapper, BodyFormat::thrift_json), wrapper, stream),
              HasSubstr("WIRE_MALFORMED"));
}

}  // namespace
}  // namespace koine::transcode
