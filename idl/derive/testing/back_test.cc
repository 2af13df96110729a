// There and back on texts as a person writes them: what comes back is the text that went.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/derive/derive.h"
#include "idl/derive/testing/support.h"

namespace koine::idl::derive::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string back_from_thrift(const std::string& proto, std::string* thrift = nullptr) {
  const auto source = read_proto({{"shop.proto", proto}});
  const Files there = printed_thrift(*derived(*source, Language::thrift));
  EXPECT_EQ(thrift_complaints(there, {"java", "py"}), "");
  if (thrift != nullptr) *thrift = there.at("shop.thrift");
  const auto schema = derived(*read_thrift(there), Language::proto);
  const Files back = printed_proto(*schema);
  EXPECT_EQ(protoc_complaints(back, {"cpp"}), "");
  return back.at("shop.proto");
}

std::string back_from_proto(const std::string& thrift) {
  const auto source = read_thrift({{"shop.thrift", thrift}});
  const Files there = printed_proto(*derived(*source, Language::proto));
  EXPECT_EQ(protoc_complaints(there, {"cpp"}), "");
  return printed_thrift(*derived(*read_proto(there), Language::thrift)).at("shop.thrift");
}

TEST(ThereAndBack, GivesAProto3FileAsItWas) {
  const std::string text = R"(// What is on the shelves.
//
// The Go team's.
syntax = "proto3";

package shop;

import "google/protobuf/empty.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";

option go_package = "acme.dev/shop/shoppb;shoppb";
option java_multiple_files = true;
option java_package = "dev.acme.shop";

// How it is kept.
enum Storage {
  STORAGE_UNSPECIFIED = 0;
  // Below 8 degrees.
  STORAGE_COLD = 1;
}

message Shelf {
  reserved 4, 9 to 11;

  message Place {
    uint32 row = 1;
    optional sint64 column = 2;
  }

  Place place = 1;
  repeated fixed64 end = 2 [packed = false];
  map<string, Storage> kept = 3;
  // Since when.
  google.protobuf.Timestamp since = 40000;
  google.protobuf.Struct notes = 5 [deprecated = true];
  oneof owner {
    string team = 6 [json_name = "teamName"];
    Place nearby = 7;
  }
}

// The service.
service Shelves {
  rpc Find(Shelf.Place) returns (Shelf);

  // Empties it.
  rpc Clear(Shelf) returns (google.protobuf.Empty);
  rpc SSN(google.protobuf.Empty) returns (Shelf) {
    option idempotency_level = IDEMPOTENT;
  }
}
)";
  std::string thrift;
  EXPECT_EQ(back_from_thrift(text, &thrift), text);
  EXPECT_THAT(thrift, HasSubstr("/**\n * What is on the shelves.\n *\n * The Go team's.\n */\n"));
  EXPECT_THAT(thrift, HasSubstr("throws (1: RpcStatus status)"));
}

TEST(ThereAndBack, GivesAProto2FileAsItWas) {
  const std::string text = R"(syntax = "proto2";

package shop;

enum Level {
  LOW = 3;
  HIGH = 7;
}

message Order {
  required int64 id = 1;
  optional string note = 2 [default = "none \"yet\""];
  optional double factor = 3 [default = -inf];
  optional bytes mark = 4 [default = "\377\000"];
  optional Level level = 5 [default = HIGH];
  repeated int32 parts = 6 [packed = true];
  repeated group Line = 7 {
    optional uint32 count = 1;
  }
}
)";
  EXPECT_EQ(back_from_thrift(text), text);
}

TEST(ThereAndBack, GivesThriftAsItWas) {
  const std::string text = R"(/**
 * Orders of a small shop.
 * Serves plain Thrift.
 */
namespace * shop
namespace java dev.acme.shop
namespace py acme.shop

enum Level {
  HIGH = 7,
  /** Nothing. */
  NONE = 0,
  low = 3,
}

/** Where it goes. */
struct Place {
  1: required i16 (koine.range = "u8") row,
  -1: optional list<i32> columns,
  19001: map<double, Level> marks,
}

union Payment {
  1: string card,
  2: list<string> coins,
}

/** Nobody has it. */
exception Missing {
  1: string message = "gone" (go.tag = "json:\"text\""),
} (koine.code = "NOT_FOUND")

service Base {
  void ping(),
}

/** The service. */
service Orders extends Base {
  Place find(1: Place near) throws (2: Missing missing),

  /** Adds up. */
  i64 add(3: i64 left, 1: i64 right) (koine.idempotent = "true"),
  oneway void note(1: string text = "-") (koine.name = "Remark"),
  Payment pay(1: Payment by) (koine.args = "spread"),
}
)";
  EXPECT_EQ(back_from_proto(text), text);
}

TEST(ThereAndBack, DerivesWhatWasAddedOnTheWay) {
  const auto source = read_proto({{"shop.proto",
                                   "syntax = \"proto3\"; package shop; message M { int32 a = 1; }\n"
                                   "service S { rpc Get(M) returns (M); }"}});
  Files there = printed_thrift(*derived(*source, Language::thrift));
  std::string& text = there.at("shop.thrift");
  const std::string field = "  1: i32 a,\n";
  text.insert(text.find(field) + field.size(),
              "  2: optional list<i32> more,\n  19000: i32 odd,\n  3: RpcStatus how,\n");
  const std::string service = "service S {\n";
  text.insert(text.find(service) + service.size(),
              "  i32 count(1: i32 from) throws (1: RpcStatus status),\n");
  const auto back = derived(*read_thrift(there), Language::proto);
  const Files printed = printed_proto(*back);
  EXPECT_EQ(protoc_complaints(printed, {}), "");
  const std::string& proto = printed.at("shop.proto");
  EXPECT_THAT(proto, HasSubstr("  ListOfInt32 more = 2;\n"));
  EXPECT_THAT(proto, HasSubstr("  int32 odd = 119000 [(koine.field).id = 19000];\n"));
  EXPECT_THAT(proto, HasSubstr("  RpcStatus how = 3"));
  EXPECT_THAT(proto, HasSubstr("message RpcStatus {"));
  EXPECT_THAT(proto, HasSubstr("  rpc Count(CountRequest) returns (CountResponse);\n"));
  EXPECT_THAT(proto, HasSubstr("  rpc Get(M) returns (M);\n"));
}

TEST(ThereAndBack, LeavesNoStatusThatNobodyAskedFor) {
  std::string thrift;
  const std::string back = back_from_thrift(
      "syntax = \"proto3\"; package shop; import \"koine/options.proto\"; message M {} message E {}\n"
      "service S { rpc Get(M) returns (M) {\n"
      "option (koine.method).throws = { type: \"shop.E\" name: \"e\" id: 2 }; }\n"
      "rpc Tell(M) returns (M); }",
      &thrift);
  EXPECT_THAT(thrift, HasSubstr("throws (2: E e, 3: RpcStatus status)"));
  EXPECT_THAT(thrift, HasSubstr("throws (1: RpcStatus status)"));
  EXPECT_THAT(back, Not(HasSubstr("RpcStatus")));
  EXPECT_THAT(back, HasSubstr("throws = { type: \"shop.E\" name: \"e\" id: 2 };"));
}

// The source's names come first; the status is known by its annotation, whatever it is called.
TEST(ThereAndBack, AMessageCalledRpcStatusKeepsItsName) {
  std::string thrift;
  const std::string back = back_from_thrift(
      "syntax = \"proto3\"; package shop; message RpcStatus { int32 x = 1; }\n"
      "service S { rpc Get(RpcStatus) returns (RpcStatus); }",
      &thrift);
  EXPECT_THAT(thrift, HasSubstr("struct RpcStatus {\n  1: i32 x,\n}\n"));
  EXPECT_THAT(thrift, HasSubstr("exception RpcStatus_ {\n  1: i32 code,"));
  EXPECT_THAT(thrift, HasSubstr("} (koine.rpc_status = \"true\")"));
  EXPECT_THAT(thrift, HasSubstr("RpcStatus get(1: RpcStatus request) throws (1: RpcStatus_ status)"));
  EXPECT_THAT(back, HasSubstr("message RpcStatus {\n  int32 x = 1;\n}"));
  EXPECT_THAT(back, HasSubstr("rpc Get(RpcStatus) returns (RpcStatus);"));
  EXPECT_THAT(back, Not(HasSubstr("RpcStatus_")));

  back_from_thrift(
      "syntax = \"proto3\"; package shop; message RpcStatus {} message RpcStatus_ {} enum RpcStatus_2 { A = "
      "0; }\n"
      "service S { rpc Get(RpcStatus) returns (RpcStatus_); }",
      &thrift);
  EXPECT_THAT(thrift, HasSubstr("RpcStatus_ get(1: RpcStatus request) throws (1: RpcStatus_3 status)"));
}

TEST(ThereAndBack, KeepsADeclaredStatusOfThrift) {
  const std::string text = R"(namespace * shop

exception RpcStatus {
  1: i32 code,
  2: string message,
  3: list<binary> details,
} (koine.rpc_status = "true")

service S {
  i32 get(1: i32 a) throws (4: RpcStatus failed),
  void put(),
}
)";
  EXPECT_EQ(back_from_proto(text), text);
}

}  // namespace
}  // namespace koine::idl::derive::testing
