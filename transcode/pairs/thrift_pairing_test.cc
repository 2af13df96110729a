// Plans between two Thrift IDLs that were written independently.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/derive/testing/random_schema.h"
#include "idl/derive/testing/support.h"
#include "idl/match/match.h"
#include "idl/match/propose.h"
#include "transcode/context.h"
#include "transcode/method_plan.h"
#include "transcode/name_pairing.h"
#include "transcode/plan.h"

namespace koine::transcode {
namespace {

using model::BodyFormat;
using testing::HasSubstr;

// The first methods of two services, paired; bodies in Thrift's JSON.
struct Two {
  Two(const std::string& callers_idl, const std::string& providers_idl,
      const idl::match::Overrides& overrides = {})
      : callers(idl::derive::testing::read_thrift({{"a.thrift", callers_idl}})),
        providers(idl::derive::testing::read_thrift({{"b.thrift", providers_idl}})),
        match(idl::match::Match::make({callers.get(), &callers->services().front()},
                                      {providers.get(), &providers->services().front()}, overrides)),
        plan(MethodPlan::compile(
            {&callers->services().front().methods.front(), BodyFormat::thrift_json, "thrift"},
            {&providers->services().front().methods.front(), BodyFormat::thrift_json, "thrift"},
            NamePairing(*match), {})) {}

  std::string request(const std::string& body) {
    model::Payload message;
    message.format = BodyFormat::thrift_json;
    message.bytes.append(std::string_view(body));
    const base::Status status = (*plan)->to_provider(message, {}, context);
    return status.ok() ? message.bytes.to_string() : status.to_string();
  }
  model::Reply exception(std::int32_t field, const std::string& body) {
    model::Reply reply;
    reply.has_message = true;
    reply.message.format = BodyFormat::thrift_json;
    reply.message.bytes.append(std::string_view(body));
    reply.outcome.code = model::Code::unknown;
    reply.outcome.declared_field = field;
    (*plan)->to_caller(reply, context);
    return reply;
  }

  std::unique_ptr<idl::Schema> callers;
  std::unique_ptr<idl::Schema> providers;
  std::unique_ptr<const idl::match::Match> match;
  base::Result<std::unique_ptr<const MethodPlan>> plan;
  Context context;
};

const char* const one_struct = "struct Q { 1: string text 2: i64 limit } service T { void m(3: Q query) }";
const char* const arguments = "service T { void m(8: i32 limit, 9: string text) }";

TEST(ThriftPairing, AStructBecomesArguments) {
  Two both(one_struct, arguments);
  ASSERT_TRUE(both.plan) << both.plan.status().to_string();
  EXPECT_EQ(both.request(R"({"3":{"rec":{"1":{"str":"x"},"2":{"i64":7}}}})"),
            R"({"9":{"str":"x"},"8":{"i32":7}})");
  EXPECT_THAT(both.request(R"({"3":{"rec":{"2":{"i64":4294967296}}}})"), HasSubstr("MAP_RANGE"));
  EXPECT_THAT(both.request("{}"), HasSubstr("MAP_REQUIRED"));
}

TEST(ThriftPairing, ArgumentsBecomeAStruct) {
  Two both(arguments, one_struct);
  ASSERT_TRUE(both.plan) << both.plan.status().to_string();
  EXPECT_EQ(both.request(R"({"8":{"i32":7},"9":{"str":"x"}})"),
            R"({"3":{"rec":{"2":{"i64":7},"1":{"str":"x"}}}})");
  EXPECT_EQ(both.request("{}"), R"({"3":{"rec":{}}})");
}

const char* const raises =
    "exception Gone { 1: string message 2: i32 id } (koine.code = \"NOT_FOUND\") exception Busy { 1: i32 "
    "wait }"
    "service T { void m() throws (5: Gone gone, 6: Busy busy) }";
const char* const declares = "exception Full { 4: i32 wait } service T { void m() throws (1: Full full) }";

TEST(ThriftPairing, RaisesTheExceptionThatARenameNames) {
  Two both(declares, raises, {{{"Full", "Busy"}}, {}});
  ASSERT_TRUE(both.plan) << both.plan.status().to_string();
  const model::Reply reply = both.exception(6, R"({"6":{"rec":{"1":{"i32":9}}}})");
  EXPECT_EQ(reply.outcome.declared_field, 1);
  EXPECT_EQ(reply.message.bytes.to_string(), R"({"1":{"rec":{"4":{"i32":9}}}})");
}

TEST(ThriftPairing, OfAnExceptionThatCallersDoNotDeclareTheyGetCodeAndText) {
  Two both(declares, raises, {{{"Full", "Busy"}}, {}});
  ASSERT_TRUE(both.plan) << both.plan.status().to_string();
  const model::Reply reply =
      both.exception(5, R"({"5":{"rec":{"1":{"str":"no such shelf"},"2":{"i32":9}}}})");
  EXPECT_EQ(reply.outcome.declared_field, 0);
  EXPECT_EQ(reply.outcome.code, model::Code::not_found);
  EXPECT_EQ(reply.outcome.message, "no such shelf");
  EXPECT_FALSE(reply.has_message);
}

// With what is proposed for two schemas, strangers or one read twice, each method that nothing stands in the
// way of has plans.
TEST(ThriftPairing, WhatIsProposedForRandomSchemasHasPlans) {
  using idl::derive::testing::random_thrift;
  using idl::derive::testing::read_thrift;
  std::size_t plans = 0;
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    const auto one = read_thrift(random_thrift(seed / 2));
    const auto other = read_thrift(random_thrift(seed / 2 + seed % 2));
    if (one->services().empty() || other->services().empty()) continue;
    const idl::match::Side exposed{one.get(), &one->services().back()};
    const idl::match::Side provider{other.get(), &other->services().back()};
    const auto match =
        idl::match::Match::make(exposed, provider, idl::match::propose(exposed, provider, {}).overrides);
    for (const idl::Method& method : exposed.service->methods) {
      const idl::Method* target = match->provider_method(method);
      if (target == nullptr || !match->blocking(method).empty()) continue;
      const auto plan =
          MethodPlan::compile({&method, BodyFormat::thrift_compact, "thrift"},
                              {target, BodyFormat::thrift_binary, "thrift"}, NamePairing(*match), {});
      EXPECT_TRUE(plan) << seed << " " << method.name << ": " << plan.status().to_string();
      ++plans;
    }
  }
  EXPECT_GT(plans, 50u);
}

}  // namespace
}  // namespace koine::transcode
