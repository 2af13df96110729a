// Method plans between schemas that were derived from one another: shapes of methods, declared exceptions,
// RpcStatus, forwarding. Bodies are written and read as JSON of the protobuf view.
#include "transcode/method_plan.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "codecs/bodies/protobuf/rpc_status.h"
#include "idl/derive/testing/support.h"
#include "transcode/plan.h"

namespace koine::transcode {
namespace {

namespace derive = idl::derive::testing;
namespace protobuf = codecs::bodies::protobuf;
using model::BodyFormat;
using model::Code;
using namespace std::string_literals;

constexpr const char* thrift_text = R"(
namespace * shop
enum Status { NEW = 1, PAID = 2 }
struct Order { 1: i64 id, 2: optional string note, 3: list<string> tags, 4: Status status = Status.PAID }
union Choice { 1: Status status, 2: string text }
exception NotFound { 1: string resource, 2: i64 id } (koine.code = "NOT_FOUND")
exception OverQuota { 1: string message, 2: i32 limit, 3: Order order }
service Shop {
  Order get(1: Order order),
  i32 pick(1: Choice choice),
  i32 add(1: i32 left, 2: i32 right),
  string echo(1: string text),
  list<string> list_all(),
  void reset(1: i64 nonce),
  oneway void post(1: string note),
  Order find(3: Order probe) throws (1: NotFound missing, 4: OverQuota quota),
  i64 count(1: i64 from) throws (2: NotFound missing)
}
)";

constexpr const char* proto_text = R"(
syntax = "proto3";
package lib;
import "google/protobuf/empty.proto";
message Book { int64 id = 1; string title = 2; optional int32 pages = 3; }
message Lost { string shelf = 1; }
service Library {
  rpc Get(Book) returns (Book);
  rpc Reset(google.protobuf.Empty) returns (google.protobuf.Empty);
}
)";

// Two schemas, one derived from the other, and a method of both.
struct World {
  std::unique_ptr<idl::Schema> source;
  std::unique_ptr<idl::Schema> derived;

  static World from_thrift() {
    World w;
    w.source = derive::read_thrift({{"shop.thrift", thrift_text}});
    w.derived = derive::derived(*w.source, idl::Language::proto);
    return w;
  }
  static World from_proto() {
    World w;
    w.source = derive::read_proto({{"lib.proto", proto_text}});
    w.derived = derive::derived(*w.source, idl::Language::thrift);
    return w;
  }
  const idl::Method* in(const idl::Schema& schema, std::string_view service, std::string_view method) const {
    const idl::Service* found = schema.find_service(service);
    EXPECT_NE(found, nullptr) << service;
    const idl::Method* made = found == nullptr ? nullptr : found->find_method(method);
    EXPECT_NE(made, nullptr) << method;
    return made;
  }
};

std::unique_ptr<const MethodPlan> compile(const MethodSide& caller, const MethodSide& provider) {
  auto plan = MethodPlan::compile(caller, provider, PlanOptions());
  EXPECT_TRUE(plan) << plan.status().to_string();
  return plan ? std::move(*plan) : nullptr;
}

model::Payload payload(BodyFormat format, std::string_view bytes) {
  model::Payload out;
  out.format = format;
  out.bytes.append(bytes);
  return out;
}

model::Reply ok_reply(model::Payload message) {
  model::Reply reply;
  reply.has_message = true;
  reply.message = std::move(message);
  return reply;
}

// A method seen by a Thrift peer, a gRPC peer and a person who writes JSON.
class Views {
 public:
  Views(const idl::Method* thrift, const idl::Method* proto,
        BodyFormat thrift_format = BodyFormat::thrift_compact)
      : thrift_{thrift, thrift_format, "thrift"},
        grpc_{proto, BodyFormat::protobuf, "grpc"},
        json_{proto, BodyFormat::json, "grpc"},
        to_grpc(compile(thrift_, grpc_)),
        to_thrift(compile(grpc_, thrift_)),
        json_to_thrift(compile(json_, thrift_)),
        thrift_to_json(compile(thrift_, json_)),
        json_to_grpc(compile(json_, grpc_)),
        grpc_to_json(compile(grpc_, json_)) {}

  // Bodies from JSON.
  model::Payload thrift_request(std::string_view json) { return request(*json_to_thrift, json); }
  model::Payload grpc_request(std::string_view json) { return request(*json_to_grpc, json); }
  model::Payload thrift_answer(std::string_view json) { return answer(*thrift_to_json, json); }
  model::Payload grpc_answer(std::string_view json) { return answer(*grpc_to_json, json); }
  // … and as JSON.
  std::string request_json(model::Payload message) {
    const MethodPlan& plan = message.format == BodyFormat::protobuf ? *grpc_to_json : *thrift_to_json;
    auto out = plan.request(std::move(message), context);
    return out ? out->bytes.to_string() : out.error().to_string();
  }
  std::string answer_json(model::Payload message) {
    const MethodPlan& plan = message.format == BodyFormat::protobuf ? *json_to_grpc : *json_to_thrift;
    const model::Reply out = plan.reply(ok_reply(std::move(message)), context);
    return out.outcome.ok() ? out.message.bytes.to_string() : out.outcome.message;
  }
  // What a request (an answer) becomes on its way from one to the other.
  std::string request_both_ways(std::string_view json) {
    auto there = to_grpc->request(thrift_request(json), context);
    if (!there) return there.error().to_string();
    const std::string in_grpc = request_json(std::move(*there));
    auto back = to_thrift->request(grpc_request(json), context);
    if (!back) return back.error().to_string();
    const std::string in_thrift = request_json(std::move(*back));
    return in_grpc == in_thrift ? in_grpc : in_grpc + " / " + in_thrift;
  }
  std::string answer_both_ways(std::string_view json) {
    model::Reply to_thrift_caller = to_grpc->reply(ok_reply(grpc_answer(json)), context);
    if (!to_thrift_caller.outcome.ok()) return to_thrift_caller.outcome.message;
    const std::string in_thrift = answer_json(std::move(to_thrift_caller.message));
    model::Reply to_grpc_caller = to_thrift->reply(ok_reply(thrift_answer(json)), context);
    if (!to_grpc_caller.outcome.ok()) return to_grpc_caller.outcome.message;
    const std::string in_grpc = answer_json(std::move(to_grpc_caller.message));
    return in_grpc == in_thrift ? in_grpc : in_grpc + " / " + in_thrift;
  }

 private:
  model::Payload request(const MethodPlan& plan, std::string_view json) {
    auto out = plan.request(payload(BodyFormat::json, json), context);
    EXPECT_TRUE(out) << out.status().to_string();
    return out ? std::move(*out) : model::Payload();
  }
  model::Payload answer(const MethodPlan& plan, std::string_view json) {
    model::Reply out = plan.reply(ok_reply(payload(BodyFormat::json, json)), context);
    EXPECT_TRUE(out.outcome.ok()) << out.outcome.message;
    return std::move(out.message);
  }

  MethodSide thrift_;
  MethodSide grpc_;
  MethodSide json_;

 public:
  Context context;
  std::unique_ptr<const MethodPlan> to_grpc;    // Thrift caller, gRPC provider
  std::unique_ptr<const MethodPlan> to_thrift;  // gRPC caller, Thrift provider
  std::unique_ptr<const MethodPlan> json_to_thrift;
  std::unique_ptr<const MethodPlan> thrift_to_json;
  std::unique_ptr<const MethodPlan> json_to_grpc;
  std::unique_ptr<const MethodPlan> grpc_to_json;
};

Views shop(const World& w, std::string_view thrift, std::string_view proto,
           BodyFormat format = BodyFormat::thrift_compact) {
  return Views(w.in(*w.source, "shop.Shop", thrift), w.in(*w.derived, "shop.Shop", proto), format);
}
Views library(const World& w, std::string_view thrift, std::string_view proto) {
  return Views(w.in(*w.derived, "lib.Library", thrift), w.in(*w.source, "lib.Library", proto));
}

TEST(MethodPlan, CarriesEveryShapeOfMethodBothWays) {
  const World w = World::from_thrift();
  for (const BodyFormat format :
       {BodyFormat::thrift_compact, BodyFormat::thrift_binary, BodyFormat::thrift_json}) {
    Views get = shop(w, "get", "Get", format);
    const std::string order = R"({"id":"5","note":"x","tags":["a","b"],"status":"STATUS_NEW"})";
    EXPECT_EQ(get.request_both_ways(order), order);
    EXPECT_EQ(get.answer_both_ways(order), order);
    Views add = shop(w, "add", "Add", format);
    EXPECT_EQ(add.request_both_ways(R"({"left":-1,"right":2147483647})"),
              R"({"left":-1,"right":2147483647})");
    EXPECT_EQ(add.answer_both_ways(R"({"value":7})"), R"({"value":7})");
    Views echo = shop(w, "echo", "Echo", format);
    EXPECT_EQ(echo.answer_both_ways(R"({"value":"é"})"), R"({"value":"é"})");
    Views list = shop(w, "list_all", "List_all", format);
    EXPECT_EQ(list.request_both_ways("{}"), "{}");
    EXPECT_EQ(list.answer_both_ways(R"({"value":["a",""]})"), R"({"value":["a",""]})");
    Views reset = shop(w, "reset", "Reset", format);
    EXPECT_EQ(reset.request_both_ways(R"({"nonce":"9"})"), R"({"nonce":"9"})");
    EXPECT_EQ(reset.answer_both_ways("{}"), "{}");
    EXPECT_EQ(reset.to_thrift->crossing(), Crossing::transcode);
  }
}

// Thrift clients take an empty result of a method that is not void for an error.
TEST(MethodPlan, AlwaysWritesTheResultOfAThriftMethod) {
  const World w = World::from_thrift();
  Views add = shop(w, "add", "Add", BodyFormat::thrift_binary);
  EXPECT_EQ(add.thrift_answer(R"({"value":0})").bytes.to_string(), "\x08\0\0\0\0\0\0\0"s);
  EXPECT_EQ(add.answer_both_ways("{}"), "{}");
  Views echo = shop(w, "echo", "Echo", BodyFormat::thrift_binary);
  EXPECT_EQ(echo.thrift_answer("{}").bytes.to_string(), "\x0b\0\0\0\0\0\0\0"s);
  Views list = shop(w, "list_all", "List_all", BodyFormat::thrift_binary);
  EXPECT_EQ(list.thrift_answer("{}").bytes.to_string(), "\x0f\0\0\x0b\0\0\0\0\0"s);
  const World l = World::from_proto();
  Views get = library(l, "get", "Get");
  EXPECT_EQ(get.answer_both_ways("{}"), "{}");
}

TEST(MethodPlan, GivesVoidAndOnewayCallersWhatTheyWaitFor) {
  const World w = World::from_thrift();
  Views post = shop(w, "post", "Post");
  EXPECT_EQ(post.request_both_ways(R"({"note":"n"})"), R"({"note":"n"})");
  // A gRPC caller of a oneway method gets an empty message once the request is sent.
  const model::Reply sent = post.to_thrift->reply(model::Reply(), post.context);
  EXPECT_TRUE(sent.outcome.ok());
  EXPECT_TRUE(sent.has_message);
  EXPECT_EQ(sent.message.format, BodyFormat::protobuf);
  EXPECT_TRUE(sent.message.bytes.empty());
  EXPECT_EQ(post.json_to_thrift->reply(model::Reply(), post.context).message.bytes.to_string(), "{}");
  const model::Reply dropped = post.to_grpc->reply(ok_reply(payload(BodyFormat::protobuf, "")), post.context);
  EXPECT_TRUE(dropped.outcome.ok());
  EXPECT_FALSE(dropped.has_message);
}

TEST(MethodPlan, TurnsDeclaredExceptionsIntoStatusDetails) {
  const World w = World::from_thrift();
  Views find = shop(w, "find", "Find", BodyFormat::thrift_binary);
  model::Reply reply =
      ok_reply(payload(BodyFormat::thrift_binary,
                       "\x0c\0\x01\x0b\0\x01\0\0\0\x05shelf\x0a\0\x02\xff\xff\xff\xff\xff\xff\xff\xf4\0\0"s));
  reply.outcome.code = Code::unknown;
  reply.outcome.declared_field = 1;
  const model::Reply out = find.to_thrift->reply(std::move(reply), find.context);
  EXPECT_FALSE(out.has_message);
  EXPECT_EQ(out.outcome.code, Code::not_found);
  EXPECT_EQ(out.outcome.message, "NotFound");
  EXPECT_EQ(out.outcome.declared_field, 0);
  EXPECT_EQ(out.outcome.origin, model::Origin::application);
  const auto status = protobuf::decode_rpc_status(out.outcome.details);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 5);
  ASSERT_EQ(status->details.size(), 1u);
  EXPECT_EQ(status->details[0].type_url, "type.googleapis.com/shop.NotFound");
  EXPECT_EQ(status->details[0].value, "\x0a\x05shelf\x10\xf4\xff\xff\xff\xff\xff\xff\xff\xff\x01");

  // The one without a code is UNKNOWN; its own message is the status's.
  model::Reply quota = ok_reply(
      payload(BodyFormat::thrift_binary, "\x0c\0\x04\x0b\0\x01\0\0\0\x04over\x08\0\x02\0\0\0\x64\0\0"s));
  quota.outcome.code = Code::unknown;
  quota.outcome.declared_field = 4;
  const model::Reply second = find.to_thrift->reply(std::move(quota), find.context);
  EXPECT_EQ(second.outcome.code, Code::unknown);
  EXPECT_EQ(second.outcome.message, "over");
  EXPECT_FALSE(second.outcome.details.empty());
}

TEST(MethodPlan, TurnsStatusDetailsIntoDeclaredExceptions) {
  const World w = World::from_thrift();
  Views find = shop(w, "find", "Find", BodyFormat::thrift_binary);
  protobuf::RpcStatus status;
  status.code = 5;
  status.message = "gone";
  status.details.push_back({"type.googleapis.com/other.Thing", "?"});
  status.details.push_back({"type.googleapis.com/shop.NotFound", "\x0a\x05shelf\x10\x07"});
  model::Reply reply;
  reply.outcome.code = Code::not_found;
  reply.outcome.message = "gone";
  reply.outcome.details = protobuf::encode(status);
  const model::Reply out = find.to_grpc->reply(std::move(reply), find.context);
  EXPECT_EQ(out.outcome.declared_field, 1);
  ASSERT_TRUE(out.has_message);
  EXPECT_EQ(out.message.format, BodyFormat::thrift_binary);
  EXPECT_EQ(out.message.bytes.to_string(),
            "\x0c\0\x01\x0b\0\x01\0\0\0\x05shelf\x0a\0\x02\0\0\0\0\0\0\0\x07\0\0"s);

  // Without a detail that the method declares the status stays what it is.
  for (const std::string& details :
       {""s, "\xff\xff"s, protobuf::encode(protobuf::RpcStatus{5, "gone", {}})}) {
    model::Reply plain;
    plain.outcome.code = Code::not_found;
    plain.outcome.message = "gone";
    plain.outcome.details = details;
    const model::Reply kept = find.to_grpc->reply(std::move(plain), find.context);
    EXPECT_EQ(kept.outcome.code, Code::not_found);
    EXPECT_EQ(kept.outcome.declared_field, 0);
    EXPECT_FALSE(kept.has_message);
  }
  // One whose bytes are no such message cannot be given on, and the call did run.
  status.details[1].value = "\x0a\x7f";
  model::Reply broken;
  broken.outcome.code = Code::not_found;
  broken.outcome.details = protobuf::encode(status);
  const model::Reply refused = find.to_grpc->reply(std::move(broken), find.context);
  EXPECT_EQ(refused.outcome.code, Code::internal);
  EXPECT_EQ(refused.outcome.phase, model::Phase::executed);
}

TEST(MethodPlan, CarriesAnyStatusInRpcStatusAndBack) {
  const World w = World::from_proto();
  Views get = library(w, "get", "Get");
  protobuf::RpcStatus status;
  status.code = 8;
  status.message = "quota \xc3\xa9";
  status.details.push_back({"type.googleapis.com/lib.Lost", "\x0a\x01x"});
  status.details.push_back({"type.googleapis.com/any.Thing", std::string("\0\xff", 2)});
  model::Reply reply;
  reply.outcome.code = Code::resource_exhausted;
  reply.outcome.message = status.message;
  reply.outcome.details = protobuf::encode(status);
  reply.outcome.trailers.add("x-kept", "1");
  model::Reply thrown = get.to_grpc->reply(std::move(reply), get.context);
  ASSERT_NE(thrown.outcome.declared_field, 0);
  ASSERT_TRUE(thrown.has_message);
  EXPECT_EQ(thrown.outcome.code, Code::resource_exhausted);
  // What a Thrift provider of the derived method throws comes to a gRPC caller as the status it says.
  thrown.outcome.code = Code::unknown;
  const model::Reply back = get.to_thrift->reply(std::move(thrown), get.context);
  EXPECT_EQ(back.outcome.code, Code::resource_exhausted);
  EXPECT_EQ(back.outcome.message, status.message);
  EXPECT_EQ(back.outcome.details, protobuf::encode(status));
  EXPECT_EQ(back.outcome.trailers.get("x-kept"), "1");
  EXPECT_FALSE(back.has_message);
  // Also without details, and also of a void method.
  Views reset = library(w, "reset", "Reset");
  for (int number = 1; number <= model::code_max; ++number) {
    model::Reply plain;
    plain.outcome.code = static_cast<Code>(number);
    plain.outcome.message = "why";
    model::Reply there = reset.to_grpc->reply(std::move(plain), reset.context);
    ASSERT_NE(there.outcome.declared_field, 0);
    const model::Reply again = reset.to_thrift->reply(std::move(there), reset.context);
    EXPECT_EQ(again.outcome.code, static_cast<Code>(number));
    EXPECT_EQ(again.outcome.message, "why");
    EXPECT_EQ(again.outcome.details, "");
  }
}

TEST(MethodPlan, LeavesErrorsOfGatewayAndTransportAlone) {
  const World w = World::from_proto();
  Views get = library(w, "get", "Get");
  for (const model::Origin origin : {model::Origin::gateway, model::Origin::transport}) {
    model::Reply reply;
    reply.outcome.code = Code::unavailable;
    reply.outcome.origin = origin;
    reply.outcome.reason = base::Reason::upstream_connect;
    reply.outcome.message = "refused";
    const model::Reply out = get.to_grpc->reply(std::move(reply), get.context);
    EXPECT_EQ(out.outcome.declared_field, 0);
    EXPECT_FALSE(out.has_message);
    EXPECT_EQ(out.outcome.reason, base::Reason::upstream_connect);
    EXPECT_EQ(out.outcome.message, "refused");
  }
  model::Reply late = ok_reply(payload(BodyFormat::protobuf, "\x08\x01"));  // a message, then an error
  late.outcome.code = Code::internal;
  EXPECT_FALSE(get.json_to_grpc->reply(std::move(late), get.context).has_message);
}

TEST(MethodPlan, MakesAnAnswerThatCannotBeMappedAnInternalErrorThatRan) {
  const World w = World::from_thrift();
  Views echo = shop(w, "echo", "Echo", BodyFormat::thrift_binary);
  const std::pair<std::string, base::Reason> answers[] = {
      {"\x0b\0\0\0\0\0\x01\xff\0"s, base::Reason::map_utf8},
      {"\x0b\0\0\0\0\0\x05"s, base::Reason::wire_truncated},
      {"\0"s, base::Reason::map_required},  // MISSING_RESULT
      {"\x0b\0\0\0\0\0\x01x\0junk"s, base::Reason::wire_malformed},
  };
  for (const auto& [bytes, reason] : answers) {
    model::Reply reply = ok_reply(payload(BodyFormat::thrift_binary, bytes));
    reply.head.metadata.add("x-kept", "1");
    const model::Reply out = echo.to_thrift->reply(std::move(reply), echo.context);
    EXPECT_EQ(out.outcome.code, Code::internal);
    EXPECT_EQ(out.outcome.origin, model::Origin::gateway);
    EXPECT_EQ(out.outcome.phase, model::Phase::executed);
    EXPECT_EQ(out.outcome.reason, reason) << out.outcome.message;
    EXPECT_FALSE(out.has_message);
    EXPECT_EQ(out.head.metadata.get("x-kept"), "1");
  }
  // OK without a message is a provider's fault as well.
  EXPECT_EQ(echo.to_grpc->reply(model::Reply(), echo.context).outcome.code, Code::internal);
}

TEST(MethodPlan, RefusesRequestsWithThePathOfTheValue) {
  const World w = World::from_thrift();
  Views get = shop(w, "get", "Get", BodyFormat::thrift_binary);
  auto bad = get.to_grpc->request(
      payload(BodyFormat::thrift_binary, "\x0c\0\x01\x0f\0\x03\x0b\0\0\0\x02\0\0\0\x01x\0\0\0\x01\xff\0\0"s),
      get.context);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().reason(), base::Reason::map_utf8);
  EXPECT_TRUE(bad.error().path().ends_with("tags[1]")) << bad.error().path();
  auto empty = get.to_grpc->request(payload(BodyFormat::thrift_binary, "\0"s), get.context);
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().reason(), base::Reason::map_required);
  auto wrong = get.to_grpc->request(payload(BodyFormat::protobuf, ""), get.context);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().reason(), base::Reason::wire_unsupported);
  model::Payload packed = payload(BodyFormat::thrift_binary, "\0"s);
  packed.compression = model::Compression::gzip;
  EXPECT_EQ(get.to_grpc->request(std::move(packed), get.context).status().reason(),
            base::Reason::wire_unsupported);
}

// The added zero stands for "unset", which a union's member cannot be.
TEST(MethodPlan, RefusesTheUnsetNumberAsAMemberOfAUnion) {
  const World w = World::from_thrift();
  Views pick = shop(w, "pick", "Pick");
  EXPECT_EQ(pick.request_both_ways(R"({"status":"STATUS_PAID"})"), R"({"status":"STATUS_PAID"})");
  auto zero = pick.json_to_thrift->request(payload(BodyFormat::json, R"({"status":0})"), pick.context);
  ASSERT_FALSE(zero);
  EXPECT_EQ(zero.error().reason(), base::Reason::map_enum_unknown) << zero.error().to_string();
}

TEST(MethodPlan, PassesTheSameBodyUntouchedAfterAWalk) {
  const World w = World::from_thrift();
  const idl::Method* get = w.in(*w.source, "shop.Shop", "get");
  const idl::Method* proto_get = w.in(*w.derived, "shop.Shop", "Get");
  Context context;
  // Field 99 is in no schema: a forwarded body keeps it.
  struct Case {
    MethodSide side;
    std::string good;
    std::string bad;
  };
  const Case cases[] = {
      {{get, BodyFormat::thrift_binary, "thrift"},
       "\x0b\0\x63\0\0\0\x01\xff\0"s,
       "\x0b\0\x63\0\0\0\x02\xff\0"s},
      {{get, BodyFormat::thrift_compact, "thrift"}, "\x08\xc6\x01\x01\xff\0"s, "\x08\xc6\x01\x03\xff\0"s},
      {{proto_get, BodyFormat::protobuf, "grpc"}, "\x9a\x06\x01\xff"s, "\x9a\x06\x02\xff"s},
      {{proto_get, BodyFormat::json, "grpc"}, R"({"x":[1,{}]})"s, R"({"x":[1,{}])"s},
  };
  for (const Case& c : cases) {
    const auto plan = compile(c.side, c.side);
    EXPECT_EQ(plan->crossing(), Crossing::forward);
    auto passed = plan->request(payload(c.side.format, c.good), context);
    ASSERT_TRUE(passed) << passed.status().to_string();
    EXPECT_EQ(passed->bytes.to_string(), c.good);
    EXPECT_FALSE(plan->request(payload(c.side.format, c.bad), context));
    EXPECT_FALSE(plan->request(payload(c.side.format, c.good + "junk"), context));
    EXPECT_TRUE(plan->stream_message(payload(c.side.format, c.good), true, context));
    EXPECT_TRUE(plan->stream_message(payload(c.side.format, c.good), false, context));
  }
  // The same body on another transport; another dialect is another body.
  MethodSide elsewhere = cases[0].side;
  elsewhere.protocol = "thrift_http";
  const auto reframed = compile(cases[0].side, elsewhere);
  EXPECT_EQ(reframed->crossing(), Crossing::reframe);
  EXPECT_TRUE(reframed->request(payload(BodyFormat::thrift_binary, cases[0].good), context));
  EXPECT_EQ(compile(cases[0].side, cases[1].side)->crossing(), Crossing::transcode);
  EXPECT_EQ(to_string(Crossing::reframe), "reframe");
}

TEST(MethodPlan, ChangesTheDialectOfThriftWithItsExceptions) {
  const World w = World::from_thrift();
  const idl::Method* find = w.in(*w.source, "shop.Shop", "find");
  const auto plan =
      compile({find, BodyFormat::thrift_compact, "thrift"}, {find, BodyFormat::thrift_binary, "thrift"});
  Context context;
  model::Reply reply = ok_reply(payload(BodyFormat::thrift_binary, "\x0c\0\x01\x0b\0\x01\0\0\0\x01s\0\0"s));
  reply.outcome.code = Code::unknown;
  reply.outcome.declared_field = 1;
  const model::Reply out = plan->reply(std::move(reply), context);
  EXPECT_EQ(out.outcome.declared_field, 1);
  ASSERT_TRUE(out.has_message);
  EXPECT_EQ(out.message.format, BodyFormat::thrift_compact);
  EXPECT_EQ(out.message.bytes.to_string(), "\x1c\x18\x01s\0\0"s);
}

}  // namespace
}  // namespace koine::transcode
