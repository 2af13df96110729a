// The rules of derivation, one by one, on the text that a person would write and read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/derive/derive.h"
#include "idl/derive/testing/support.h"

namespace koine::idl::derive::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string proto_of(const std::string& thrift) {
  auto source = read_thrift({{"shop.thrift", thrift}});
  auto proto = derived(*source, Language::proto);
  EXPECT_EQ(inconsistencies(*source, *proto), "");
  const Files files = printed_proto(*proto);
  EXPECT_EQ(protoc_complaints(files, {}), "");
  return files.at("shop.proto");
}

std::string thrift_of(const std::string& proto, std::vector<Diagnostic>* warnings = nullptr) {
  auto source = read_proto({{"shop.proto", proto}});
  auto thrift = derive(*source, Language::thrift, warnings);
  EXPECT_TRUE(thrift) << thrift.error().to_string();
  EXPECT_EQ(inconsistencies(*source, **thrift), "");
  const Files files = printed_thrift(**thrift);
  EXPECT_EQ(thrift_complaints(files, {"java", "go", "php"}), "");
  return files.at("shop.thrift");
}

// ---- Thrift -> proto3

TEST(ThriftToProto, KeepsIdsThatProtobufHasAndMovesTheOthersBeyondAllIds) {
  const std::string text = proto_of(R"(struct S {
  1: i32 a, 18999: i32 b, 19000: i32 c, 19999: i32 d, 20000: i32 e, 32767: i32 f, i32 g, i32 h })");
  EXPECT_THAT(text, HasSubstr("int32 a = 1;\n"));
  EXPECT_THAT(text, HasSubstr("int32 b = 18999;\n"));
  EXPECT_THAT(text, HasSubstr("int32 c = 119000 [(koine.field).id = 19000];\n"));
  EXPECT_THAT(text, HasSubstr("int32 d = 119999 [(koine.field).id = 19999];\n"));
  EXPECT_THAT(text, HasSubstr("int32 e = 20000;\n"));
  EXPECT_THAT(text, HasSubstr("int32 f = 32767;\n"));
  EXPECT_THAT(text, HasSubstr("int32 g = 65537 [(koine.field).id = -1];\n"));
  EXPECT_THAT(text, HasSubstr("int32 h = 65538 [(koine.field).id = -2];\n"));
}

TEST(ThriftToProto, TellsUnsetFromEmptyWhereThriftDoes) {
  const std::string text = proto_of(R"(struct T {}
struct S { 1: i32 plain = 5, 2: optional i32 maybe, 3: required i32 must, 4: list<i32> all,
           5: optional list<i32> some, 6: T t, 7: optional T u, 8: required T v, 9: optional map<i32, T> m })");
  EXPECT_THAT(text, HasSubstr("  int32 plain = 1 [(koine.field).default = \"5\"];\n"));
  EXPECT_THAT(text, HasSubstr("  optional int32 maybe = 2;\n"));
  EXPECT_THAT(text, HasSubstr("  int32 must = 3 [(koine.field).requiredness = REQUIREDNESS_REQUIRED];\n"));
  EXPECT_THAT(text, HasSubstr("  repeated int32 all = 4;\n"));
  EXPECT_THAT(text, HasSubstr("  ListOfInt32 some = 5;\n"));
  EXPECT_THAT(text, HasSubstr("  T t = 6 [(koine.field).requiredness = REQUIREDNESS_DEFAULT];\n"));
  EXPECT_THAT(text, HasSubstr("  T u = 7;\n"));
  EXPECT_THAT(text, HasSubstr("  T v = 8 [(koine.field).requiredness = REQUIREDNESS_REQUIRED];\n"));
  EXPECT_THAT(text, HasSubstr("  MapOfInt32ToT m = 9;\n"));
}

TEST(ThriftToProto, WrapsWhatProtobufCannotNestOncePerShape) {
  const std::string text = proto_of(R"(enum E { A = 0 }
struct K { 1: i32 x }
struct S { 1: list<list<i32>> a, 2: map<string, list<i32>> b, 3: set<set<string>> c, 4: map<double, K> d,
           5: map<K, list<i32>> e, 6: map<E, i8> f, 7: map<bool, map<i16, E>> g, 8: list<map<binary, i32>> h })");
  EXPECT_THAT(text, HasSubstr("  repeated ListOfInt32 a = 1;\n  map<string, ListOfInt32> b = 2;\n"
                              "  repeated SetOfString c = 3 [(koine.field).set = true];\n"
                              "  repeated DoubleToKEntry d = 4;\n  repeated KToListOfInt32Entry e = 5;\n"));
  EXPECT_THAT(text,
              HasSubstr("  map<int32, int32> f = 6 [(koine.field).range = \"i8\", (koine.field).key_enum = "
                        "\"shop.E\"];\n"));
  EXPECT_THAT(text, HasSubstr("map<bool, MapOfInt16ToE> g = 7;\n"));
  EXPECT_THAT(text, HasSubstr("message MapOfInt16ToE {\n  option (koine.message).role = ROLE_WRAPPER;\n\n"
                              "  map<int32, E> value = 1 [(koine.field).key_range = \"i16\"];\n}\n"));
  EXPECT_THAT(text,
              HasSubstr("message KToListOfInt32Entry {\n  option (koine.message).role = ROLE_MAP_ENTRY;\n\n"
                        "  K key = 1;\n  ListOfInt32 value = 2;\n}\n"));
  EXPECT_EQ(text.find("message ListOfInt32 {"), text.rfind("message ListOfInt32 {"));
}

TEST(ThriftToProto, MakesUnionsOneofs) {
  EXPECT_THAT(proto_of("union PayBy { 1: string card, 2: list<i32> coins }"),
              HasSubstr("message PayBy {\n  option (koine.message).form = FORM_UNION;\n\n"
                        "  oneof pay_by {\n    string card = 1;\n    ListOfInt32 coins = 2;\n  }\n}\n"));
  EXPECT_THAT(proto_of("union Card { 1: string card }"), HasSubstr("oneof card_2 {\n    string card = 1;\n"));
  EXPECT_THAT(proto_of("union None {}"), Not(HasSubstr("oneof")));
}

TEST(ThriftToProto, PrefixesEnumValuesAndGivesEveryEnumAZero) {
  const std::string text =
      proto_of(R"(enum OrderState { OPEN = 1, ORDER_STATE_PAID = 2, shipped = 3, Open = 4 }
enum Zero { B = 2, A = 0, C = 2 })");
  EXPECT_THAT(text,
              HasSubstr("enum OrderState {\n  option (koine.enum_type).value_prefix = \"ORDER_STATE_\";\n"
                        "  ORDER_STATE_UNSPECIFIED = 0 [(koine.enum_value).added = true];\n"
                        "  ORDER_STATE_OPEN = 1;\n"
                        "  ORDER_STATE_PAID = 2 [(koine.enum_value).name = \"ORDER_STATE_PAID\"];\n"
                        "  ORDER_STATE_SHIPPED = 3 [(koine.enum_value).name = \"shipped\"];\n"
                        "  ORDER_STATE_OPEN_2 = 4 [(koine.enum_value).name = \"Open\"];\n}\n"));
  EXPECT_THAT(text, HasSubstr("  option allow_alias = true;\n"));
  EXPECT_THAT(text,
              HasSubstr("  ZERO_A = 0 [(koine.enum_value).position = 2];\n  ZERO_B = 2;\n  ZERO_C = 2;\n"));
}

TEST(ThriftToProto, ShapesMethodsByArgumentsAndResult) {
  const std::string text = proto_of(R"(struct Order { 1: string id }
exception Missing { 1: string message } (koine.code = "NOT_FOUND")
service Orders {
  Order getOrder(1: Order order) throws (3: Missing missing) (koine.idempotent = "true"),
  i64 add(-1: i64 left, 2: i64 right),
  void ping(),
  oneway void note(1: string text),
  list<Order> all(1: list<Order> wanted),
})");
  EXPECT_THAT(
      text,
      HasSubstr("service Orders {\n"
                "  rpc GetOrder(Order) returns (Order) {\n"
                "    option idempotency_level = IDEMPOTENT;\n"
                "    option (koine.method).throws = { type: \"shop.Missing\" name: \"missing\" id: 3 };\n"
                "    option (koine.method).argument = \"1 order\";\n  }\n"
                "  rpc Add(AddRequest) returns (AddResponse);\n"
                "  rpc Ping(PingRequest) returns (PingResponse);\n"
                "  rpc Note(NoteRequest) returns (NoteResponse) {\n"
                "    option (koine.method).oneway = true;\n  }\n"
                "  rpc All(AllRequest) returns (AllResponse);\n}\n"));
  EXPECT_THAT(text, HasSubstr("message AddRequest {\n  option (koine.message).role = ROLE_ARGUMENTS;\n\n"
                              "  int64 left = 65537 [(koine.field).id = -1];\n  int64 right = 2;\n}\n"));
  EXPECT_THAT(text, HasSubstr("message PingRequest {\n  option (koine.message).role = ROLE_ARGUMENTS;\n}\n"));
  EXPECT_THAT(text, HasSubstr("  repeated Order value = 1;\n"));
  EXPECT_THAT(text, HasSubstr("message Missing {\n  option (koine.message).form = FORM_EXCEPTION;\n"
                              "  option (koine.message).code = \"NOT_FOUND\";\n"));
}

TEST(ThriftToProto, LinksMethodsTheWayPlansReadThem) {
  auto source = read_thrift({{"s.thrift",
                              "struct O {} exception X {} service S { O get(5: O o) throws (2: X x), "
                              "string name(1: i32 a, 0: i32 b) }"}});
  auto proto = derived(*source, Language::proto);
  const Service& service = *proto->find_service("s.S");
  const Method& get = service.methods[0];
  EXPECT_EQ(get.origin, &source->find_service("s.S")->methods[0]);
  EXPECT_FALSE(get.request_spread);
  EXPECT_EQ(get.request->origin, source->find_struct("s.O"));
  EXPECT_FALSE(get.response_spread);
  EXPECT_THAT(get.declared_errors, ::testing::ElementsAre(proto->find_struct("s.X")));
  const Method& name = service.methods[1];
  EXPECT_TRUE(name.request_spread);
  EXPECT_EQ(name.request->origin, source->find_service("s.S")->methods[1].request);
  EXPECT_EQ(name.request->role, StructRole::arguments);
  EXPECT_EQ(name.request->find_field("b")->origin_id, -1);
  EXPECT_TRUE(name.response_spread);
  EXPECT_EQ(name.response->find_field(1)->origin_id, 0);
  EXPECT_EQ(name.response->origin, source->find_service("s.S")->methods[1].response);
  EXPECT_EQ(proto->files().front().origin, &source->files().front());
}

TEST(ThriftToProto, KeepsNamesApartThatProtobufWouldMix) {
  const std::string text =
      proto_of(R"(struct GetRequest { 1: i32 user_id, 2: i32 userId, 3: map<i32, i32> by_name,
                                                           4: i32 ByNameEntry }
struct Holder { 1: GetRequest option }
service S { void get(1: i32 a), void Get(1: i32 b) })");
  EXPECT_THAT(text,
              HasSubstr("int32 user_id = 1;\n  int32 userId_2 = 2 [(koine.field).name = \"userId\"];\n"));
  EXPECT_THAT(text, HasSubstr("int32 ByNameEntry_ = 4 [(koine.field).name = \"ByNameEntry\"];\n"));
  EXPECT_THAT(text, HasSubstr("  rpc get(SGetRequest) returns (GetResponse);\n"));
  EXPECT_THAT(text, HasSubstr("  rpc Get(SGetRequest_) returns (SGetResponse) {\n"));
}

TEST(ThriftToProto, FlattensInheritanceAcrossFilesAndSharesMessages) {
  auto source = read_thrift({{"idl/base/base.thrift",
                              "namespace * base.v1\nstruct Id { 1: i64 n }\n"
                              "service Base { Id ping(1: i32 a) }"},
                             {"idl/shop.thrift",
                              "include \"base/base.thrift\"\nnamespace * shop\n"
                              "service Shop extends base.Base { base.Id mine(1: base.Id id) }"}});
  auto proto = derived(*source, Language::proto);
  EXPECT_EQ(inconsistencies(*source, *proto), "");
  const Files files = printed_proto(*proto);
  EXPECT_EQ(protoc_complaints(files, {"cpp"}), "");
  EXPECT_THAT(files.at("shop.proto"), HasSubstr("import \"base/base.proto\";\n"));
  EXPECT_THAT(files.at("shop.proto"), HasSubstr("  rpc Mine(base.v1.Id) returns (base.v1.Id) {\n"));
  EXPECT_THAT(files.at("shop.proto"), HasSubstr("  rpc Ping(base.v1.PingRequest) returns (base.v1.Id);\n"));
  EXPECT_THAT(files.at("shop.proto"), HasSubstr("option (koine.service).extends = \"base.v1.Base\";\n"));
  EXPECT_EQ(proto->find_service("shop.Shop")->methods[1].request,
            proto->find_service("base.v1.Base")->methods[0].request);
}

TEST(ThriftToProto, PutsGeneratedCodeBesideThrifts) {
  const std::string text =
      proto_of("namespace go acme.shop\nnamespace java com.acme.shop\nnamespace php Acme.Shop\n");
  EXPECT_THAT(text, HasSubstr("package com.acme.shop;\n"));
  EXPECT_THAT(text, HasSubstr("option go_package = \"acme/shop/shoppb\";\n"));
  EXPECT_THAT(
      text,
      HasSubstr("option java_multiple_files = true;\noption java_package = \"com.acme.shop.proto\";\n"));
  EXPECT_THAT(text, HasSubstr("option php_namespace = \"Acme\\\\Shop\\\\Proto\";\n"));
}

TEST(ThriftToProto, WithoutOptionsNeedsNothingOfKoine) {
  auto source =
      read_thrift({{"shop.thrift", "struct S { 1: set<i8> a, 2: required i32 b (deprecated = \"use a\") }"}});
  const Files files = printed_proto(*derived(*source, Language::proto), false);
  EXPECT_EQ(files.size(), 1u);
  EXPECT_THAT(files.at("shop.proto"), Not(HasSubstr("koine")));
  EXPECT_THAT(files.at("shop.proto"), HasSubstr("int32 b = 2 [deprecated = true];\n"));
  EXPECT_EQ(protoc_complaints(files, {"php", "java"}), "");
}

// ---- proto -> Thrift

const std::string head = "syntax = \"proto3\";\npackage shop;\n";

TEST(ProtoToThrift, KeepsTypesPresenceAndOneofs) {
  const std::string text = thrift_of(head + R"(
enum Color { NONE = 0; RED = 1; }
message M {
  message Inner { M up = 1; }
  uint32 a = 1; optional uint64 b = 2; float c = 3; sint32 d = 4; bytes e = 5; Color f = 6; M g = 7;
  repeated Inner h = 8; map<uint32, Inner> i = 9;
  oneof pick { string j = 10; Inner k = 11; }
})");
  EXPECT_THAT(text, HasSubstr("struct M {\n"
                              "  1: i64 (koine.range = \"u32\") a,\n"
                              "  2: optional i64 (koine.range = \"u64\") b,\n"
                              "  3: double (koine.range = \"f32\") c,\n"
                              "  4: i32 (koine.number = \"zigzag\") d,\n"
                              "  5: binary e,\n  6: Color f,\n  7: optional M & g,\n  8: list<M_Inner> h,\n"
                              "  9: map<i64 (koine.range = \"u32\"), M_Inner> i,\n"
                              "  10: optional string j (koine.oneof = \"pick\"),\n"
                              "  11: optional M_Inner & k (koine.oneof = \"pick\"),\n}\n"));
  EXPECT_THAT(text, HasSubstr("namespace * shop\nnamespace java shop.thrift"));
}

TEST(ProtoToThrift, ReadsProto2) {
  const std::string text = thrift_of(R"(syntax = "proto2"; package shop;
message M { required int32 a = 1; optional int32 b = 2 [default = -3];
  repeated group Item = 3 { optional bool on = 1; } })");
  EXPECT_THAT(text, HasSubstr("  1: required i32 a,\n  2: optional i32 b (koine.proto_default = \"-3\"),\n"
                              "  3: list<M_Item> item (koine.group = \"true\"),\n"));
}

TEST(ProtoToThrift, GivesLargeNumbersTheLargestFreeIds) {
  const std::string text = thrift_of(head +
                                     "message M { int32 a = 536870911; int32 b = 40000; int32 c = 32767; "
                                     "int32 d = 32768; reserved 32766; }");
  EXPECT_THAT(text,
              HasSubstr("32763: i32 a (koine.id = \"536870911\"),\n  32764: i32 b (koine.id = \"40000\"),\n"
                        "  32767: i32 c,\n  32765: i32 d (koine.id = \"32768\"),\n"));
}

TEST(ProtoToThrift, ShapesMethodsAndDeclaresTheStatus) {
  std::vector<Diagnostic> warnings;
  const std::string text = thrift_of(head + R"(
import "google/protobuf/empty.proto";
message A {}
message B { int32 x = 1; }
service S {
  rpc GetIt(A) returns (B) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc SSN(google.protobuf.Empty) returns (B);
  rpc Drop(B) returns (google.protobuf.Empty);
  rpc Watch(A) returns (stream B);
  rpc Notify(google.protobuf.Empty) returns (google.protobuf.Empty);
  rpc End(A) returns (A);
})",
                                     &warnings);
  EXPECT_THAT(
      text, HasSubstr("service S {\n"
                      "  B getIt(1: A request) throws (1: RpcStatus status) (koine.idempotent = \"true\"),\n"
                      "  B SSN() throws (1: RpcStatus status),\n"
                      "  void drop(1: B request) throws (1: RpcStatus status),\n"
                      "  void notify_() throws (1: RpcStatus status) (koine.name = \"Notify\"),\n"
                      "  A end_(1: A request) throws (1: RpcStatus status) (koine.name = \"End\"),\n}\n"));
  EXPECT_THAT(text,
              HasSubstr("exception RpcStatus {\n  1: i32 code,\n  2: string message,\n  3: list<binary> "
                        "details,\n} (koine.rpc_status = \"true\")\n"));
  EXPECT_THAT(render(warnings),
              HasSubstr("shop.proto:11:3: warning: 'shop.S.Watch' streams, which Thrift cannot"));
  EXPECT_THAT(text, Not(HasSubstr("struct Empty")));
}

TEST(ProtoToThrift, LinksMethodsTheWayPlansReadThem) {
  auto source = read_proto({{"s.proto",
                             "syntax = \"proto3\"; package s; import \"google/protobuf/empty.proto\";"
                             "message M {} service S { rpc A(M) returns (M);"
                             "rpc B(google.protobuf.Empty) returns (google.protobuf.Empty); }"}});
  auto thrift = derived(*source, Language::thrift);
  const Service& service = *thrift->find_service("s.S");
  EXPECT_FALSE(service.methods[0].request_spread);
  EXPECT_EQ(service.methods[0].request->origin, nullptr);
  EXPECT_EQ(service.methods[0].request->fields[0].type->structure->origin, source->find_struct("s.M"));
  EXPECT_EQ(service.methods[0].response->find_field(0)->type->structure->origin, source->find_struct("s.M"));
  EXPECT_TRUE(service.methods[1].request_spread);
  EXPECT_EQ(service.methods[1].request->origin, source->find_struct("google.protobuf.Empty"));
  EXPECT_TRUE(service.methods[1].response_spread);
  EXPECT_EQ(service.methods[1].response->find_field(0), nullptr);
  EXPECT_TRUE(is_rpc_status(*service.methods[1].response->find_field(1)->type->structure));
}

TEST(ProtoToThrift, MakesAFileCompleteWithWhatProtobufDefines) {
  const std::string text = thrift_of(head + R"(
import "google/protobuf/timestamp.proto";
import "google/protobuf/struct.proto";
message Timestamp { google.protobuf.Timestamp at = 1; google.protobuf.Struct any = 2; })");
  EXPECT_THAT(text,
              HasSubstr("struct Timestamp {\n  1: optional Timestamp_ at,\n  2: optional Struct any,\n}\n"));
  EXPECT_THAT(text, HasSubstr("struct Timestamp_ {\n  1: i64 seconds,\n  2: i32 nanos,\n} (koine.name = "
                              "\"google.protobuf.Timestamp\")\n"));
  EXPECT_THAT(text, HasSubstr("enum NullValue {"));
  EXPECT_THAT(text, Not(HasSubstr("include")));
}

TEST(ProtoToThrift, SharesFilesThroughIncludes) {
  auto source =
      read_proto({{"a/types.proto",
                   "syntax = \"proto3\"; package acme; import \"google/protobuf/any.proto\";"
                   "message T { google.protobuf.Any any = 1; } service X { rpc A(T) returns (T); }"},
                  {"b/types.proto",
                   "syntax = \"proto3\"; package acme; import \"a/types.proto\"; import "
                   "\"google/protobuf/any.proto\"; message U { T t = 1; google.protobuf.Any any = 2; }"
                   "service Y { rpc A(U) returns (T); }"}});
  auto thrift = derived(*source, Language::thrift);
  EXPECT_EQ(inconsistencies(*source, *thrift), "");
  const Files files = printed_thrift(*thrift);
  EXPECT_EQ(thrift_complaints(files, {"java", "php"}), "");
  EXPECT_EQ(files.size(), 2u);
  const std::string& second = files.at("b/types_.thrift");  // an include is known by its base name alone
  EXPECT_THAT(second, HasSubstr("include \"../a/types.thrift\"\n"));
  EXPECT_THAT(second, HasSubstr("  2: optional types.Any any,\n"));
  EXPECT_THAT(second, HasSubstr("throws (1: types.RpcStatus status)"));
}

TEST(ProtoToThrift, RenamesEveryWordThatThriftRefuses) {
  // Debian's compiler is the judge of the list (thrift_of runs it); these are of different kinds.
  std::string fields;
  std::string values;
  int number = 0;
  for (const char* word :
       {"end", "catch", "i32", "BEGIN", "self", "async", "service", "union", "list", "string", "default",
        "__CLASS__", "virtual", "xsd_all", "include", "throws", "when", "byte"}) {
    ++number;
    fields += "  int32 " + std::string(word) + " = " + std::to_string(number) + ";\n";
    values += "  " + std::string(word) + " = " + std::to_string(number - 1) + ";\n";
  }
  const std::string text =
      thrift_of(head + "message module {\n" + fields + "}\nmessage Scope { enum E {\n" + values +
                "} }\nservice interface { rpc print(module) returns (module); }");
  EXPECT_THAT(text, HasSubstr("struct module_ {\n  1: i32 end_ (koine.name = \"end\"),\n"));
  EXPECT_THAT(text, HasSubstr("  5: i32 self_ (koine.name = \"self\"),\n"));
  EXPECT_THAT(text, HasSubstr("service interface_ {\n  module_ print_("));
}

}  // namespace
}  // namespace koine::idl::derive::testing
