// Generic calls ($invoke) of a Java interface whose provider speaks Thrift: requests as Dubbo 3.3.6's
// consumers write them, answers as its providers give them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transcode/generic_call.h"
#include "transcode/pairs/java_methods_test_support.h"

namespace koine::transcode {
namespace {

using ::testing::HasSubstr;

constexpr const char* java_shop = R"(
package shop;
import java.util.*;
import java.math.BigDecimal;
import java.time.LocalDate;
public interface Shop {
  Order place(Order order, int times, boolean fast) throws NotFound;
  void reset();
}
enum Colour { RED, GREEN }
class Item implements java.io.Serializable { String sku; int quantity; }
class Order implements java.io.Serializable {
  long id; Colour colour; BigDecimal price; LocalDate day; List<Item> lines; Colour[] colours; Item[] items;
}
class NotFound extends Exception { long id; }
)";
constexpr const char* thrift_shop = R"(
namespace * shop
enum Colour { RED = 1, GREEN = 2 }
struct Item { 1: string sku, 2: i32 quantity }
struct Order {
  1: i64 id, 2: optional Colour colour, 3: optional string price, 4: optional string day, 5: list<Item> lines,
  6: list<Colour> colours, 7: list<Item> items
}
exception NotFound { 1: string message, 2: i64 id }
service Shop {
  Order place(1: Order order, 2: i32 times, 3: bool fast) throws (1: NotFound missing),
  void reset(),
}
)";

std::string text(std::string_view value) {
  return std::string{static_cast<char>(value.size())}.append(value);
}
const std::string item = "H" + text("sku") + text("A-1") + text("quantity") + "\x93Z";
// Arrays are lists with a type, named or by its number among those before.
std::string order_with(std::string_view strings, std::string_view objects) {
  return ("H" + text("id") + "\xe7" + text("colour") + text("RED") + text("price") + text("1.50") +
          text("day") + text("2020-01-02") + text("lines") + "y" + item + text("colours") + "q")
      .append(strings)
      .append(text("GREEN") + text("items") + "q")
      .append(objects)
      .append(item + "Z");
}
const std::string order = order_with("\x90", "\x91");
std::string call(std::string_view types, std::string_view arguments) {
  return text("place").append(types).append(arguments);
}
const std::string types = "s" + text("[string") + text("shop.Order") + text("int") + text("boolean");
const std::string list_of_three = "s" + text("[object");
const std::string thrift_order =
    R"({"1":{"i64":7},"2":{"i32":1},"3":{"str":"1.50"},"4":{"str":"2020-01-02"},)"
    R"("5":{"lst":["rec",1,{"1":{"str":"A-1"},"2":{"i32":3}}]},"6":{"lst":["i32",1,2]},)"
    R"("7":{"lst":["rec",1,{"1":{"str":"A-1"},"2":{"i32":3}}]}})";

struct GenericCalls : JavaMethods {
  GenericCalls() {
    java = read_java(java_shop);
    thrift = idl::derive::testing::read_thrift({{"shop.thrift", thrift_shop}});
  }
  std::unique_ptr<const MethodPlan> generic(std::string_view name, BodyFormat caller) {
    const idl::match::Side sides[] = {side(BodyFormat::hessian2), side(BodyFormat::thrift_json)};
    match = idl::match::Match::make(sides[0], sides[1], {});
    auto made = MethodPlan::generic(
        {sides[0].service->find_method(std::string(name)), caller, "dubbo"},
        {sides[1].service->find_method(std::string(name)), BodyFormat::thrift_json, "thrift"},
        NamePairing(*match), PlanOptions());
    EXPECT_TRUE(made) << made.status().to_string();
    return made ? std::move(*made) : nullptr;
  }
  static base::Result<GenericCall> head_of(std::string_view body, BodyFormat format = BodyFormat::hessian2) {
    return read_generic_call(payload(format, body), base::Limits());
  }
};

TEST_F(GenericCalls, NameTheirMethodAndItsTypes) {
  const auto typed = head_of(call(types, list_of_three + "NNN"));
  ASSERT_TRUE(typed) << typed.error().to_string();
  EXPECT_EQ(typed->method, "place");
  EXPECT_EQ(typed->signature, "Lshop/Order;IZ");
  const auto untyped = head_of(call("N", list_of_three + "NNN"));
  ASSERT_TRUE(untyped);
  EXPECT_EQ(untyped->signature, "");
  const auto others =
      head_of(text("m") + "V" + text("[string") + "\x95" + text("int[][]") + text("java.lang.String[]") +
              text("[Lshop.Item;") + text("[I") + text("a.B$C") + "N");
  ASSERT_TRUE(others);
  EXPECT_EQ(others->signature, "[[I[Ljava/lang/String;[Lshop/Item;[ILa/B$C;");
}

TEST_F(GenericCalls, WithoutAMethodOrWithTypesThatAreNoneAreRefused) {
  for (const std::string& bad :
       {std::string(), std::string("\x90"), text("m"), text("m") + "\x90", text("m") + "q" + text("[string"),
        text("m") + "V" + text("[string") + "I\x7f\xff\xff\xff", text("m") + "y\x90"}) {
    EXPECT_FALSE(head_of(bad)) << bad;
    EXPECT_FALSE(head_of(bad, BodyFormat::triple_wrapper)) << bad;
  }
}

TEST_F(GenericCalls, MapsNamesAndTextsBecomeWhatTheParametersSay) {
  const auto place = generic("place", BodyFormat::hessian2);
  ASSERT_NE(place, nullptr);
  const std::string wanted = R"({"1":{"rec":)" + thrift_order + R"(},"2":{"i32":4},"3":{"tf":1}})";
  EXPECT_EQ(request(*place, BodyFormat::hessian2, call(types, list_of_three + order + "\x94T")), wanted);
  EXPECT_EQ(
      request(*place, BodyFormat::hessian2,
              call("N", "W" + order_with(text("[string"), text("[object")) + text("4") + text("true") + "Z")),
      wanted);
  // Its own class may be said, and null is as much as nothing.
  const std::string said =
      "H" + text("class") + text("shop.Order") + text("note") + "N" + text("id") + "N" + order.substr(1);
  EXPECT_EQ(request(*place, BodyFormat::hessian2, call(types, list_of_three + said + "\x94T")), wanted);
}

TEST_F(GenericCalls, WhatIsReferredToIsFoundInTheListOfArguments) {
  const auto place = generic("place", BodyFormat::hessian2);
  ASSERT_NE(place, nullptr);
  // References count the lists of types and arguments: the order is 2, its list of lines 3, the line 4.
  const std::string twice = "H" + text("id") + "\xe7" + text("lines") + "y" + item + text("items") + "q" +
                            text("[x") + "Q\x94" + "Z";
  const std::string got = request(*place, BodyFormat::hessian2, call(types, list_of_three + twice + "\x94T"));
  EXPECT_THAT(got, HasSubstr(R"("7":{"lst":["rec",1,{"1":{"str":"A-1"},"2":{"i32":3}}]})"));
}

TEST_F(GenericCalls, ValuesThatAreNoneOfTheirTypesAreRefused) {
  const auto place = generic("place", BodyFormat::hessian2);
  ASSERT_NE(place, nullptr);
  const auto refused = [&](const std::string& arguments) {
    return request(*place, BodyFormat::hessian2, call(types, arguments));
  };
  EXPECT_THAT(refused(list_of_three + "H" + text("colour") + text("PINK") + "Z\x94T"),
              HasSubstr("MAP_ENUM_UNKNOWN"));
  EXPECT_THAT(refused(list_of_three + "H" + text("price") + text("much") + "Z\x94T"), HasSubstr("MAP_TYPE"));
  EXPECT_THAT(refused(list_of_three + "H" + text("day") + text("today") + "Z\x94T"), HasSubstr("MAP_TYPE"));
  EXPECT_THAT(refused(list_of_three + "H" + text("class") + text("shop.Evil") + "Z\x94T"),
              HasSubstr("MAP_TYPE"));
  EXPECT_THAT(refused(list_of_three + order + text("many") + "T"), HasSubstr("MAP_TYPE"));
  EXPECT_THAT(refused(list_of_three + order + text("4000000000") + "T"), HasSubstr("MAP_RANGE"));
  EXPECT_THAT(refused("r" + text("[object") + order + "\x94"), HasSubstr("fewer arguments"));
  EXPECT_THAT(refused("t" + text("[object") + order + "\x94TT"), HasSubstr("behind the end"));
  EXPECT_THAT(refused(list_of_three + order), HasSubstr("WIRE_MALFORMED"));
  EXPECT_THAT(refused(""), HasSubstr("WIRE_MALFORMED"));
}

TEST_F(GenericCalls, AnswersAreMapsNamesAndTexts) {
  const auto place = generic("place", BodyFormat::hessian2);
  ASSERT_NE(place, nullptr);
  const std::string line =
      "H" + text("class") + text("shop.Item") + text("sku") + text("A-1") + text("quantity") + "\x93Z";
  const std::string wanted = "H" + text("class") + text("shop.Order") + text("id") + "\xe7" + text("colour") +
                             text("RED") + text("price") + "C" + text("java.math.BigDecimal") + "\x91" +
                             text("value") + "`" + text("1.50") + text("day") + text("2020-01-02") +
                             text("lines") + "y" + line + text("colours") + "q" + text("[string") +
                             text("GREEN") + text("items") + "q" + text("[object") + line + "Z";
  EXPECT_EQ(reply(*place, BodyFormat::thrift_json, R"({"0":{"rec":)" + thrift_order + "}}")
                .message.bytes.to_string(),
            wanted);
  const auto reset = generic("reset", BodyFormat::hessian2);
  ASSERT_NE(reset, nullptr);
  EXPECT_EQ(request(*reset, BodyFormat::hessian2, text("reset") + "NN"), "{}");
  EXPECT_EQ(reply(*reset, BodyFormat::thrift_json, "{}").message.bytes.to_string(), "N");
}

TEST_F(GenericCalls, ExceptionsAreThoseOfGenericCallers) {
  const auto place = generic("place", BodyFormat::hessian2);
  ASSERT_NE(place, nullptr);
  model::Reply raised;
  raised.has_message = true;
  raised.message = payload(BodyFormat::thrift_json, R"({"1":{"rec":{"1":{"str":"gone"},"2":{"i64":9}}}})");
  raised.outcome.code = model::Code::unknown;
  raised.outcome.declared_field = 1;
  const model::Reply told = place->reply(std::move(raised), context);
  EXPECT_TRUE(told.outcome.thrown);
  const std::string object = told.message.bytes.to_string();
  EXPECT_THAT(object, HasSubstr("com.alibaba.dubbo.rpc.service.GenericException"));
  EXPECT_THAT(object, HasSubstr(text("gone") + text("shop.NotFound")));

  model::Reply failed;
  failed.outcome =
      model::outcome_from(base::Status(base::Reason::call_deadline, "late"), model::Phase::maybe_executed);
  EXPECT_FALSE(place->reply(std::move(failed), context).outcome.thrown);
}

TEST_F(GenericCalls, OfTripleAreTheSameInWrappers) {
  const auto place = generic("place", BodyFormat::triple_wrapper);
  ASSERT_NE(place, nullptr);
  const auto field = [](int number, std::string_view content) {
    std::string out{static_cast<char>(number << 3 | 2)};
    if (content.size() > 127) out += static_cast<char>(content.size() | 0x80);
    out += static_cast<char>(content.size() > 127 ? content.size() >> 7 : content.size());
    return out.append(content);
  };
  const std::string body = field(1, "hessian4") + field(2, text("place")) + field(2, types) +
                           field(2, list_of_three + order_with(text("[string"), "\x90") + "\x94T") +
                           field(3, "java.lang.String") + field(3, "[Ljava.lang.String;") +
                           field(3, "[Ljava.lang.Object;");
  const auto head = head_of(body, BodyFormat::triple_wrapper);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->method, "place");
  EXPECT_EQ(head->signature, "Lshop/Order;IZ");
  EXPECT_EQ(request(*place, BodyFormat::triple_wrapper, body),
            R"({"1":{"rec":)" + thrift_order + R"(},"2":{"i32":4},"3":{"tf":1}})");
  const auto reset = generic("reset", BodyFormat::triple_wrapper);
  ASSERT_NE(reset, nullptr);
  const model::Reply nothing = reply(*reset, BodyFormat::thrift_json, "{}");
  EXPECT_EQ(nothing.message.format, BodyFormat::triple_wrapper);
  EXPECT_EQ(nothing.message.bytes.to_string(),
            field(1, "hessian4") + field(2, "N") + field(3, "java.lang.Object"));
}

}  // namespace
}  // namespace koine::transcode
