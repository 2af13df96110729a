// Methods of two services, and the shapes of their messages.
#include <gtest/gtest.h>

#include "idl/match/testing/support.h"

namespace koine::idl::match::testing {
namespace {

TEST(MatchMethods, CaseAndUnderscoresMakeNoDifference) {
  const Paired both =
      expose_proto("service T { void place_order(), void cancel() }",
                   "message E {} service T { rpc PlaceOrder(E) returns (E); rpc Stop(E) returns (E); }");
  EXPECT_EQ(both.match->provider_method(both.proto_method("PlaceOrder")), &both.thrift_method("place_order"));
  EXPECT_EQ(both.match->provider_method(both.proto_method("Stop")), nullptr);
  EXPECT_EQ(both.findings(), "UNMAPPED_METHOD Stop\nMETHOD_NOT_EXPOSED cancel\n");
  EXPECT_EQ(both.match->blocking(both.proto_method("Stop")).size(), 1u);
  EXPECT_TRUE(both.match->blocking(both.proto_method("PlaceOrder")).empty());
}

TEST(MatchMethods, ARenameSaysWhichOrThatThereIsNone) {
  const Paired both = expose_proto("service T { void a(), void b() }",
                                   "message E {} service T { rpc X(E) returns (E); rpc Y(E) returns (E); }",
                                   {{{"X", "b"}, {"Y", ""}}, {"METHOD_NOT_EXPOSED:a"}});
  EXPECT_EQ(both.match->provider_method(both.proto_method("X")), &both.thrift_method("b"));
  EXPECT_EQ(both.match->provider_method(both.proto_method("Y")), nullptr);
  EXPECT_EQ(both.findings(), "METHOD_NOT_EXPOSED a allowed\n");
  EXPECT_TRUE(both.match->complete());
}

TEST(MatchMethods, TwoThatHaveOneNameArePairedWithNobody) {
  const Paired both = expose_proto("service T { void getIt(), void get_it() }",
                                   "message E {} service T { rpc GetIt(E) returns (E); }");
  EXPECT_TRUE(both.found("NAME_COLLISION GetIt"));
  EXPECT_EQ(both.match->provider_method(both.proto_method("GetIt")), nullptr);
}

TEST(MatchMethods, ASingleStructArgumentIsTheRequest) {
  const Paired both =
      expose_proto("struct Q { 1: i32 id } struct R { 1: string text } service T { R m(1: Q q) }",
                   "message Q { int32 id = 7; } message R { string text = 3; }"
                   "service T { rpc M(Q) returns (R); }");
  const Method& method = both.proto_method("M");
  EXPECT_FALSE(both.match->request_spread(method));
  EXPECT_FALSE(both.match->response_spread(method));
  EXPECT_EQ(both.field("Q", "id", "Q"), "id");
  EXPECT_EQ(both.field("R", "text", "R"), "text");
  EXPECT_EQ(both.findings(), "");
}

TEST(MatchMethods, AMessageMayHoldTheSingleStruct) {
  const Paired both = expose_thrift(
      "struct Order { 1: i32 id 2: string note } service T { Order place(1: Order order) }",
      "message Order { int32 id = 1; string note = 2; } message PlaceRequest { Order order = 1; }"
      "message PlaceReply { Order placed = 1; } service T { rpc Place(PlaceRequest) returns (PlaceReply); }");
  const Method& method = both.thrift_method("place");
  EXPECT_TRUE(both.match->request_spread(method));
  EXPECT_TRUE(both.match->response_spread(method));
  EXPECT_TRUE(both.match->structs(*method.request, both.proto_struct("PlaceRequest")));
  EXPECT_TRUE(both.match->structs(both.proto_struct("PlaceReply"), *method.response));
  EXPECT_EQ(
      both.match->field(*method.response, *method.response->find_field(0), both.proto_struct("PlaceReply"))
          ->name,
      "placed");
  EXPECT_EQ(both.field("Order", "note", "Order"), "note");
  EXPECT_EQ(both.findings(), "");
}

TEST(MatchMethods, SeveralArgumentsAreFieldsOfTheRequest) {
  const Paired both = expose_thrift(
      "service T { i64 add(1: i64 left, 2: i64 rightSide) }",
      "message AddRequest { int64 right_side = 1; int64 first = 2; } message AddReply { int64 sum = 1; }"
      "service T { rpc Add(AddRequest) returns (AddReply); }",
      {{{"add.left", "first"}}, {}});
  const Method& method = both.thrift_method("add");
  EXPECT_TRUE(both.match->request_spread(method));
  const StructType& request = both.proto_struct("AddRequest");
  EXPECT_EQ(both.match->field(*method.request, method.request->fields[0], request), &request.fields[1]);
  EXPECT_EQ(both.match->field(*method.request, method.request->fields[1], request), &request.fields[0]);
  EXPECT_EQ(both.findings(), "NUMBER_REUSED_OTHER_NAME add\n");
}

TEST(MatchMethods, ABareResultIsTheResponsesOnlyField) {
  const std::string thrift = "service T { list<string> names() }";
  const Paired both = expose_proto(
      thrift,
      "message Q {} message R { repeated string found = 4; } service T { rpc Names(Q) returns (R); }");
  const StructType& result = *both.thrift_method("names").response;
  EXPECT_EQ(both.match->field(both.proto_struct("R"), both.proto_struct("R").fields[0], result),
            &result.fields[0]);
  EXPECT_EQ(both.findings(), "");

  const Paired wrong = expose_proto(thrift,
                                    "message Q {} message R { repeated string a = 1; int32 b = 2; } service "
                                    "T { rpc Names(Q) returns (R); }");
  EXPECT_TRUE(wrong.found("ARGS_SHAPE Names"));
}

TEST(MatchMethods, AResultThatClashesIsTheMethodsError) {
  const Paired both =
      expose_proto("service T { string name() }",
                   "message Q {} message R { int32 n = 1; } service T { rpc Name(Q) returns (R); }");
  EXPECT_EQ(both.findings(), "TYPE_CLASH Name\n");
  EXPECT_EQ(both.match->blocking(both.proto_method("Name")).size(), 1u);
}

TEST(MatchMethods, VoidIsAMessageWithoutFields) {
  const std::string thrift = "service T { void reset(1: i64 nonce) }";
  const Paired both = expose_proto(
      thrift, "message Q { int64 nonce = 1; } message E {} service T { rpc Reset(Q) returns (E); }");
  EXPECT_EQ(both.findings(), "");
  EXPECT_TRUE(both.match->structs(both.proto_struct("E"), *both.thrift_method("reset").response));
  const Paired more = expose_proto(thrift,
                                   "message Q { int64 nonce = 1; } message E { int32 count = 1; } service T "
                                   "{ rpc Reset(Q) returns (E); }");
  EXPECT_EQ(more.findings(), "UNMAPPED_OPTIONAL E.count\n");
  const Paired dropped = expose_proto(
      thrift,
      "message Q { int64 nonce = 1; } message E { int32 count = 1; } service T { rpc Reset(Q) returns (E); }",
      {{{"E.count", ""}}, {}});
  EXPECT_TRUE(dropped.match->complete()) << dropped.findings();
}

TEST(MatchMethods, StreamsHaveNoFormInThrift) {
  const Paired both = expose_proto("service T { void watch() }",
                                   "message E {} service T { rpc Watch(E) returns (stream E); }");
  EXPECT_EQ(both.findings(), "STREAM_TO_UNARY Watch\n");
  EXPECT_EQ(both.match->blocking(both.proto_method("Watch")).size(), 1u);
  EXPECT_EQ(both.match->coverage().exposed.methods[Verdict::refused], 1u);
}

TEST(MatchMethods, OnewayNeedsAResponseWithoutFields) {
  const std::string thrift = "service T { oneway void post(1: i64 nonce) }";
  const std::string request = "message Q { int64 nonce = 1; } message E { ";
  EXPECT_EQ(expose_proto(thrift, request + "} service T { rpc Post(Q) returns (E); }").findings(),
            "ONEWAY_ACK Post\n");
  EXPECT_EQ(
      expose_proto(thrift, request + "int32 n = 1; } service T { rpc Post(Q) returns (E); }").findings(),
      "ARGS_SHAPE Post\nUNMAPPED_OPTIONAL E.n\n");
  EXPECT_EQ(
      expose_thrift(thrift, request + "int32 n = 1; } service T { rpc Post(Q) returns (E); }").findings(),
      "");
}

}  // namespace
}  // namespace koine::idl::match::testing
