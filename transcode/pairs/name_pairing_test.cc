// Calls between two IDLs that were written by hand: every rule of pairing by name, both directions, every
// format.
#include "transcode/name_pairing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codecs/bodies/protobuf/rpc_status.h"
#include "idl/derive/testing/support.h"
#include "idl/match/testing/support.h"
#include "model/losses.h"
#include "transcode/context.h"
#include "transcode/method_plan.h"
#include "transcode/plan.h"

namespace koine::transcode {
namespace {

using idl::match::Overrides;
using model::BodyFormat;
using ::testing::HasSubstr;

// One method of each side, and everything that may be said between them. Thrift is written and shown as its
// JSON, messages as theirs; on the way every format has its turn.
class Both {
 public:
  Both(const std::string& thrift, const std::string& proto, const Overrides& overrides = {},
       bool thrift_exposed = false)
      : pair_(thrift_exposed ? idl::match::testing::expose_thrift(thrift, proto, overrides)
                             : idl::match::testing::expose_proto(thrift, proto, overrides)),
        pairing_(*pair_.match),
        thrift_(&pair_.thrift->services().back().methods.front()),
        proto_(&pair_.proto->services().back().methods.front()) {}

  std::string findings() const { return pair_.findings(); }
  std::string request_to_proto(const std::string& text) { return send(thrift_, text, proto_, true); }
  std::string request_to_thrift(const std::string& text) { return send(proto_, text, thrift_, true); }
  std::string answer_to_proto(const std::string& text) { return send(thrift_, text, proto_, false); }
  std::string answer_to_thrift(const std::string& text) { return send(proto_, text, thrift_, false); }
  // A request that is the same both ways.
  void expect_request(const std::string& in_thrift, const std::string& in_proto) {
    EXPECT_EQ(request_to_proto(in_thrift), in_proto);
    EXPECT_EQ(request_to_thrift(in_proto), in_thrift);
  }
  void expect_answer(const std::string& in_thrift, const std::string& in_proto) {
    EXPECT_EQ(answer_to_proto(in_thrift), in_proto);
    EXPECT_EQ(answer_to_thrift(in_proto), in_thrift);
  }
  std::uint64_t dropped() const { return model::sum(context_.counters.dropped_fields); }

  // An exception in the result's field, as the gRPC caller sees it.
  model::Outcome exception_to_status(std::int32_t field, const std::string& text) {
    const auto plan = compile(proto_, BodyFormat::protobuf, thrift_, BodyFormat::thrift_json);
    model::Reply reply = reply_of(BodyFormat::thrift_json, text);
    reply.outcome.code = model::Code::unknown;
    reply.outcome.declared_field = field;
    return plan->reply(std::move(reply), context_).outcome;
  }
  model::Reply status_to_thrift(model::Code code, const std::string& message, const std::string& type,
                                const std::string& detail) {
    const auto plan = compile(thrift_, BodyFormat::thrift_json, proto_, BodyFormat::protobuf);
    model::Reply reply;
    reply.outcome.code = code;
    reply.outcome.origin = model::Origin::application;
    reply.outcome.message = message;
    codecs::bodies::protobuf::RpcStatus status;
    status.code = static_cast<std::int32_t>(code);
    status.message = message;
    if (!type.empty()) status.details.push_back({"type.googleapis.com/" + type, detail});
    reply.outcome.details = codecs::bodies::protobuf::encode(status);
    return plan->reply(std::move(reply), context_);
  }

 private:
  static std::string_view protocol(BodyFormat format) {
    return format == BodyFormat::protobuf || format == BodyFormat::json ? "grpc" : "thrift";
  }
  std::unique_ptr<const MethodPlan> compile(const idl::Method* caller, BodyFormat caller_format,
                                            const idl::Method* provider, BodyFormat provider_format) {
    const MethodSide from{caller, caller_format, protocol(caller_format)};
    const MethodSide to{provider, provider_format, protocol(provider_format)};
    auto plan =
        caller == provider ? MethodPlan::compile(from, to, {}) : MethodPlan::compile(from, to, pairing_, {});
    EXPECT_TRUE(plan) << plan.status().to_string();
    return plan ? std::move(*plan) : nullptr;
  }
  static model::Reply reply_of(BodyFormat format, const std::string& bytes) {
    model::Reply reply;
    reply.has_message = true;
    reply.message.format = format;
    reply.message.bytes.append(bytes);
    return reply;
  }
  std::string step(const idl::Method* from, BodyFormat from_format, const std::string& bytes,
                   const idl::Method* to, BodyFormat to_format, bool request, bool& ok) {
    if (!ok || (from == to && from_format == to_format)) return bytes;
    const auto plan =
        request ? compile(from, from_format, to, to_format) : compile(to, to_format, from, from_format);
    ok = plan != nullptr;
    if (!ok) return "no plan";
    if (request) {
      auto out = plan->request(reply_of(from_format, bytes).message, context_);
      ok = static_cast<bool>(out);
      return out ? out->bytes.to_string() : out.error().to_string();
    }
    const model::Reply out = plan->reply(reply_of(from_format, bytes), context_);
    ok = out.outcome.ok();
    return ok ? out.message.bytes.to_string() : out.outcome.message;
  }
  std::string send(const idl::Method* from, const std::string& text, const idl::Method* to, bool request) {
    const bool from_thrift = from == thrift_;
    const std::vector<BodyFormat> thrift = {BodyFormat::thrift_json, BodyFormat::thrift_binary,
                                            BodyFormat::thrift_compact};
    const std::vector<BodyFormat> proto = {BodyFormat::json, BodyFormat::protobuf};
    std::optional<std::string> first;
    for (const BodyFormat source : from_thrift ? thrift : proto) {
      for (const BodyFormat target : from_thrift ? proto : thrift) {
        bool ok = true;
        std::string at = step(from, (from_thrift ? thrift : proto)[0], text, from, source, request, ok);
        at = step(from, source, at, to, target, request, ok);
        at = step(to, target, at, to, (from_thrift ? proto : thrift)[0], request, ok);
        if (!first) first = at;
        EXPECT_EQ(at, *first) << to_string(source) << " to " << to_string(target);
      }
    }
    return *first;
  }

  idl::match::testing::Paired pair_;
  NamePairing pairing_;
  const idl::Method* thrift_;
  const idl::Method* proto_;
  base::SlabPool pool_;
  Context context_{&pool_};
};

// `struct S` and `message S` with these fields, request and answer of one method.
Both structs(const std::string& thrift_fields, const std::string& proto_fields,
             const Overrides& overrides = {}, const std::string& thrift_before = "",
             const std::string& proto_before = "") {
  return {thrift_before + "struct S {" + thrift_fields + "}\nservice A { S m(1: S s) }",
          "import \"google/protobuf/timestamp.proto\";\nimport \"google/protobuf/duration.proto\";\n" +
              proto_before + "message S {" + proto_fields + "}\nservice A { rpc M(S) returns (S); }",
          overrides};
}
std::string argument(const std::string& text) { return "{\"1\":{\"rec\":" + text + "}}"; }
std::string result(const std::string& text) { return "{\"0\":{\"rec\":" + text + "}}"; }
void expect_same(Both& both, const std::string& in_thrift, const std::string& in_proto) {
  both.expect_request(argument(in_thrift), in_proto);
  both.expect_answer(result(in_thrift), in_proto);
}

TEST(NamePairing, GoesByNamesAndNeverByNumbers) {
  Both both = structs("1: string caseId, 2: i32 zip, 3: string street",
                      "int32 zip = 1; string street = 2; string case_id = 3;");
  expect_same(both, "{\"2\":{\"i32\":7},\"3\":{\"str\":\"Elm\"},\"1\":{\"str\":\"c\"}}",
              "{\"zip\":7,\"street\":\"Elm\",\"caseId\":\"c\"}");
}

TEST(NamePairing, TakesRenamesFromTheOverrides) {
  Overrides overrides;
  overrides.rename = {{"S.content", "data"}};
  Both both = structs("1: binary data", "bytes content = 4;", overrides);
  expect_same(both, "{\"1\":{\"str\":\"AAE\"}}", "{\"content\":\"AAE=\"}");
}

TEST(NamePairing, RefusesAKnownFieldWithoutCounterpart) {
  Both both = structs("1: i32 a, 2: i32 price", "int32 a = 1; int32 weight = 2;");
  const std::string in_thrift = argument("{\"1\":{\"i32\":1},\"2\":{\"i32\":2}}");
  EXPECT_THAT(both.request_to_proto(in_thrift), HasSubstr("MAP_UNKNOWN_FIELD at s.price"));
  EXPECT_THAT(both.request_to_thrift("{\"weight\":2}"), HasSubstr("MAP_UNKNOWN_FIELD at weight"));
  EXPECT_THAT(both.answer_to_thrift("{\"weight\":2}"), HasSubstr("weight"));
}

TEST(NamePairing, DropsAndCountsAFieldThatIsAllowedToBeLost) {
  Overrides overrides;
  overrides.rename = {{"S.weight", ""}};
  overrides.allow = {"UNMAPPED_OPTIONAL:S.price"};
  Both both = structs("1: i32 a, 2: i32 price", "int32 a = 1; int32 weight = 2;", overrides);
  EXPECT_EQ(both.request_to_proto(argument("{\"1\":{\"i32\":1},\"2\":{\"i32\":2}}")), "{\"a\":1}");
  EXPECT_EQ(both.request_to_thrift("{\"a\":1,\"weight\":2}"), argument("{\"1\":{\"i32\":1}}"));
  EXPECT_GT(both.dropped(), 0u);
}

constexpr const char* colours = "enum Colour { RED = 1, GREEN = 2 }\n";
constexpr const char* colors = "enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 10; COLOR_GREEN = 1; }\n";

TEST(NamePairing, GivesEnumValuesTheNumberOfTheOtherSide) {
  Both both = structs("1: Colour c, 2: list<Colour> all", "Color c = 1; repeated Color all = 2;", {}, colours,
                      colors);
  expect_same(both, "{\"1\":{\"i32\":1},\"2\":{\"lst\":[\"i32\",2,2,1]}}",
              "{\"c\":\"COLOR_RED\",\"all\":[\"COLOR_GREEN\",\"COLOR_RED\"]}");
  // A number of neither enum, and the zero that says nothing where something must stand.
  EXPECT_THAT(both.request_to_proto(argument("{\"1\":{\"i32\":10}}")), HasSubstr("MAP_ENUM_UNKNOWN at s.c"));
  EXPECT_THAT(both.request_to_thrift("{\"c\":7}"), HasSubstr("MAP_ENUM_UNKNOWN at c"));
  EXPECT_THAT(both.request_to_thrift("{\"all\":[\"COLOR_UNSPECIFIED\"]}"),
              HasSubstr("MAP_ENUM_UNKNOWN at all[0]"));
  EXPECT_EQ(both.request_to_thrift("{\"c\":\"COLOR_UNSPECIFIED\"}"),
            argument("{\"2\":{\"lst\":[\"i32\",0]}}"));
}

TEST(NamePairing, MovesAZeroThatIsAValue) {
  // RED is 0 in protobuf, so its absence means RED; in Thrift 0 is another.
  Both both = structs("1: Colour c", "Color c = 1;", {}, "enum Colour { GREEN = 0, RED = 1 }\n",
                      "enum Color { RED = 0; GREEN = 1; }\n");
  EXPECT_EQ(both.request_to_thrift("{}"), argument("{\"1\":{\"i32\":1}}"));
  EXPECT_EQ(both.request_to_proto(argument("{\"1\":{\"i32\":1}}")), "{}");
  EXPECT_EQ(both.request_to_proto(argument("{\"1\":{\"i32\":0}}")), "{\"c\":\"GREEN\"}");
}

TEST(NamePairing, TakesContainersOutOfMessages) {
  Both both =
      structs("1: list<list<i32>> grid, 2: map<string, list<string>> groups",
              "repeated Row grid = 1; map<string, Words> groups = 2;", {}, "",
              "message Row { repeated int32 values = 1; }\nmessage Words { repeated string w = 3; }\n");
  expect_same(both,
              "{\"1\":{\"lst\":[\"lst\",2,[\"i32\",2,1,2],[\"i32\",0]]},"
              "\"2\":{\"map\":[\"str\",\"lst\",1,{\"a\":[\"str\",1,\"x\"]}]}}",
              "{\"grid\":[{\"values\":[1,2]},{}],\"groups\":{\"a\":{\"w\":[\"x\"]}}}");
}

TEST(NamePairing, PutsAUnionsMembersIntoAOneof) {
  Both both = structs(
      "1: string caseId, 2: Choice choice",
      "string case_id = 1; oneof choice { int32 number = 4; Words words = 5; Color color = 6; }", {},
      std::string(colours) + "union Choice { 1: i32 number, 2: list<string> words, 3: Colour color }\n",
      std::string(colors) + "message Words { repeated string words = 1; }\n");
  for (const auto& [in_thrift, in_proto] :
       {std::pair("{\"1\":{\"i32\":0}}", "\"number\":0"),
        {"{\"3\":{\"i32\":2}}", "\"color\":\"COLOR_GREEN\""},
        {"{\"2\":{\"lst\":[\"str\",1,\"w\"]}}", "\"words\":{\"words\":[\"w\"]}"}}) {
    expect_same(both, std::string("{\"1\":{\"str\":\"c\"},\"2\":{\"rec\":") + in_thrift + "}}",
                std::string("{\"caseId\":\"c\",") + in_proto + "}");
  }
  EXPECT_THAT(both.request_to_thrift("{\"color\":\"COLOR_UNSPECIFIED\"}"),
              HasSubstr("MAP_ENUM_UNKNOWN at color"));
}

TEST(NamePairing, CountsTimesInTheirUnit) {
  Both both = structs("1: i64 createdAt (koine.unit = \"ms\"), 2: i32 lasted (koine.unit = \"s\")",
                      "google.protobuf.Timestamp created_at = 2; google.protobuf.Duration lasted = 3;");
  expect_same(both, "{\"1\":{\"i64\":1709208000500},\"2\":{\"i32\":-90}}",
              "{\"createdAt\":\"2024-02-29T12:00:00.500Z\",\"lasted\":\"-90s\"}");
  EXPECT_THAT(both.request_to_thrift("{\"lasted\":\"0.5s\"}"), HasSubstr("MAP_PRECISION at lasted"));
}

TEST(NamePairing, SpreadsArgumentsAndResults) {
  Both several(
      "struct Item { 1: string sku }\nservice A { string m(1: i32 first, 2: Item fifth, 3: list<i64> third) "
      "}",
      "message Item { string sku = 9; }\nmessage Q { repeated int64 third = 1; Item fifth = 2; int32 first = "
      "3; }\n"
      "message R { string value = 5; }\nservice A { rpc M(Q) returns (R); }");
  several.expect_request(
      "{\"3\":{\"lst\":[\"i64\",1,3]},\"2\":{\"rec\":{\"1\":{\"str\":\"s\"}}},\"1\":{\"i32\":1}}",
      "{\"third\":[\"3\"],\"fifth\":{\"sku\":\"s\"},\"first\":1}");
  several.expect_answer("{\"0\":{\"str\":\"yes\"}}", "{\"value\":\"yes\"}");
  several.expect_answer("{\"0\":{\"str\":\"\"}}", "{}");

  Both list("service A { list<string> m() }",
            "import \"google/protobuf/empty.proto\";\nmessage R { repeated string names = 1; }\n"
            "service A { rpc M(google.protobuf.Empty) returns (R); }");
  list.expect_request("{}", "{}");
  list.expect_answer("{\"0\":{\"lst\":[\"str\",1,\"a\"]}}", "{\"names\":[\"a\"]}");
  list.expect_answer("{\"0\":{\"lst\":[\"str\",0]}}", "{}");

  Both nothing("service A { void m(1: i64 nonce) }",
               "import \"google/protobuf/empty.proto\";\nmessage Q { int64 nonce = 1; }\n"
               "service A { rpc M(Q) returns (google.protobuf.Empty); }");
  nothing.expect_request("{\"1\":{\"i64\":5}}", "{\"nonce\":\"5\"}");
  nothing.expect_answer("{}", "{}");
}

constexpr const char* raising =
    "exception NotFound { 1: string resource, 2: i64 id } (koine.code = \"NOT_FOUND\")\n"
    "exception OverQuota { 1: string message, 2: i32 limit } (koine.code = \"RESOURCE_EXHAUSTED\")\n"
    "struct T { 1: i32 count }\n"
    "service A { T m(1: string id) throws (1: NotFound a, 2: OverQuota b) }";
constexpr const char* details =
    "message MissingResource { int64 id = 1; string resource = 2; }\nmessage QuotaExceeded { int32 limit = "
    "1; }\n"
    "message Q { string id = 1; }\nmessage T { int32 count = 4; }\nservice A { rpc M(Q) returns (T); }";
const Overrides carried_from_proto{{{"MissingResource", "NotFound"}, {"QuotaExceeded", "OverQuota"}}, {}};
const Overrides carried_from_thrift{{{"NotFound", "MissingResource"}, {"OverQuota", "QuotaExceeded"}}, {}};

TEST(NamePairing, CarriesExceptionsInTheMessagesThatStandForThem) {
  Both both(raising, details, carried_from_proto);
  both.expect_answer("{\"0\":{\"rec\":{\"1\":{\"i32\":3}}}}", "{\"count\":3}");
  const model::Outcome missing =
      both.exception_to_status(1, "{\"1\":{\"rec\":{\"1\":{\"str\":\"order\"},\"2\":{\"i64\":7}}}}");
  EXPECT_EQ(missing.code, model::Code::not_found);
  auto status = codecs::bodies::protobuf::decode_rpc_status(missing.details);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->details.at(0).type_url, "type.googleapis.com/b.MissingResource");
  EXPECT_EQ(status->details.at(0).value, std::string("\x12\x05order\x08\x07"));
  // The text, for which the message has no field, is the status's.
  const model::Outcome over =
      both.exception_to_status(2, "{\"2\":{\"rec\":{\"1\":{\"str\":\"slow down\"},\"2\":{\"i32\":9}}}}");
  EXPECT_EQ(over.code, model::Code::resource_exhausted);
  EXPECT_EQ(over.message, "slow down");
  status = codecs::bodies::protobuf::decode_rpc_status(over.details);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->details.at(0).value, std::string("\x08\x09"));
}

TEST(NamePairing, RaisesExceptionsFromTheMessagesThatStandForThem) {
  Both both(raising, details, carried_from_thrift, true);
  model::Reply reply = both.status_to_thrift(model::Code::not_found, "gone", "b.MissingResource", "\x08\x07");
  EXPECT_EQ(reply.outcome.declared_field, 1);
  EXPECT_EQ(reply.message.bytes.to_string(), "{\"1\":{\"rec\":{\"2\":{\"i64\":7},\"1\":{\"str\":\"\"}}}}");
  reply = both.status_to_thrift(model::Code::resource_exhausted, "slow down", "b.QuotaExceeded", "\x08\x09");
  EXPECT_EQ(reply.outcome.declared_field, 2);
  EXPECT_EQ(reply.message.bytes.to_string(),
            "{\"2\":{\"rec\":{\"2\":{\"i32\":9},\"1\":{\"str\":\"slow down\"}}}}");
  // What nothing stands for is the status that it was.
  reply = both.status_to_thrift(model::Code::aborted, "no", "b.Other", "");
  EXPECT_EQ(reply.outcome.declared_field, 0);
  EXPECT_EQ(reply.outcome.code, model::Code::aborted);
}

TEST(NamePairing, GivesCodeAndTextOfAnExceptionThatNoMessageCarries) {
  Both both(raising, details);
  const model::Outcome over =
      both.exception_to_status(2, "{\"2\":{\"rec\":{\"1\":{\"str\":\"slow down\"},\"2\":{\"i32\":9}}}}");
  EXPECT_EQ(over.code, model::Code::resource_exhausted);
  EXPECT_EQ(over.message, "slow down");
  EXPECT_EQ(over.details, "");
  EXPECT_EQ(both.dropped(), 1u);
  const model::Outcome missing = both.exception_to_status(1, "{\"1\":{\"rec\":{\"2\":{\"i64\":7}}}}");
  EXPECT_EQ(missing.code, model::Code::not_found);
  EXPECT_EQ(missing.message, "NotFound");
}

TEST(NamePairing, RaisesTheExceptionOfTheCallersBetweenTwoThriftMethods) {
  const auto callers = idl::derive::testing::read_thrift(
      {{"a.thrift",
        "exception Gone { 1: string why }\nexception Busy { 1: i32 wait }\n"
        "service A { i32 m(1: i32 n) throws (1: Gone gone, 2: Busy busy) }"}});
  const auto providers = idl::derive::testing::read_thrift(
      {{"b.thrift",
        "exception Busy { 7: i32 wait }\nexception Gone { 8: string why }\n"
        "service B { i32 m(4: i32 n) throws (5: Busy busy, 6: Gone gone) }"}});
  const auto match = idl::match::Match::make({callers.get(), &callers->services().back()},
                                             {providers.get(), &providers->services().back()}, {});
  const auto plan =
      MethodPlan::compile({&callers->services().back().methods.front(), BodyFormat::thrift_json, "thrift"},
                          {&providers->services().back().methods.front(), BodyFormat::thrift_json, "thrift"},
                          NamePairing(*match), {});
  ASSERT_TRUE(plan) << plan.status().to_string();
  Context context;
  model::Payload request;
  request.format = BodyFormat::thrift_json;
  request.bytes.append(std::string_view("{\"1\":{\"i32\":5}}"));
  ASSERT_TRUE((*plan)->to_provider(request, {}, context).ok());
  EXPECT_EQ(request.bytes.to_string(), "{\"4\":{\"i32\":5}}");
  model::Reply reply;
  reply.has_message = true;
  reply.message.format = BodyFormat::thrift_json;
  reply.message.bytes.append(std::string_view("{\"5\":{\"rec\":{\"7\":{\"i32\":9}}}}"));
  reply.outcome.code = model::Code::unknown;
  reply.outcome.declared_field = 5;
  (*plan)->to_caller(reply, context);
  EXPECT_EQ(reply.outcome.declared_field, 2);
  EXPECT_EQ(reply.message.bytes.to_string(), "{\"2\":{\"rec\":{\"1\":{\"i32\":9}}}}");
}

TEST(NamePairing, RequiresWhatIsRequired) {
  Both both = structs("1: required S2 inner, 2: required i32 n", "S2 inner = 1; int32 n = 2;", {},
                      "struct S2 { 1: i32 a }\n", "message S2 { int32 a = 1; }\n");
  EXPECT_THAT(both.request_to_thrift("{\"n\":1}"), HasSubstr("MAP_REQUIRED at inner"));
  EXPECT_EQ(both.request_to_thrift("{\"inner\":{}}"),
            argument("{\"1\":{\"rec\":{\"1\":{\"i32\":0}}},\"2\":{\"i32\":0}}"));
}

TEST(NamePairing, WritesADefaultThatTheOtherSideDoesNotHave) {
  // The numbers of the two defaults are the same, the values are not.
  Both both = structs("1: Colour c = Colour.GREEN, 2: i32 n = 5", "Color c = 1; int32 n = 2;", {},
                      "enum Colour { GREEN = 10, RED = 1 }\n", colors);
  EXPECT_EQ(both.request_to_proto(argument("{}")), "{\"c\":\"COLOR_GREEN\",\"n\":5}");
}

}  // namespace
}  // namespace koine::transcode
