// The .proto writer: what it prints reads back as the same graph, and looks as a person would write it.
#include "idl/proto/write.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/dump.h"
#include "idl/proto/options.h"
#include "idl/proto/reader.h"

namespace koine::idl::proto {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Files = std::map<std::string, std::string>;

std::unique_ptr<Schema> schema_of(const Files& files) {
  std::vector<std::string> names;
  for (const auto& [path, text] : files) names.push_back(path);
  auto sources = memory_sources(files);
  const std::vector<std::string> here = {""};
  ReadResult result = read(*sources, names, here);
  EXPECT_EQ(render(result.diagnostics), "");
  return result.schema ? std::move(result.schema) : std::make_unique<Schema>();
}

// Printed and read again: the printed text of `name`, after checking that nothing of the graph is lost.
std::string printed(const Files& files, const std::string& name) {
  auto schema = schema_of(files);
  Files again;
  for (const File& file : schema->files()) {
    if (files.contains(file.path)) again[file.path] = write(*schema, file);
  }
  auto read_back = schema_of(again);
  EXPECT_EQ(dump(*schema), dump(*read_back)) << again[name];
  return again[name];
}

TEST(ProtoWriter, PrintsWhatAPersonWouldWrite) {
  const std::string text = R"(// The shop.
//
// Its second paragraph.
syntax = "proto3";

package shop.v1;

import "google/protobuf/timestamp.proto";
import "koine/options.proto";

option go_package = "example.com/shop;shop";
option java_multiple_files = true;

// How far it got.
enum State {
  option allow_alias = true;
  STATE_UNSPECIFIED = 0;
  // Paid for.
  STATE_PAID = 1;
  STATE_DONE = 1 [deprecated = true];
  STATE_LOST = -7;
}

message Order {
  reserved 20, 30 to 40, 500 to max;

  enum Kind {
    KIND_NONE = 0;
  }

  message Line {
    string sku = 1;
    repeated fixed32 codes = 2 [packed = false];
  }

  // The number that the customer sees.
  string id = 1;
  optional sint64 total = 2 [json_name = "sum"];
  repeated Line lines = 3;
  map<sfixed64, State> states = 4;
  oneof pay_by {
    string card = 5;
    // In a hurry.
    Line swap = 6;
  }
  google.protobuf.Timestamp at = 7;
  Kind kind = 8;
  repeated int32 small = 9 [(koine.field).range = "i8", (koine.field).set = true];
  bytes raw = 10 [
    deprecated = true,
    (koine.field).as = "uuid",
    (koine.field).annotations = { name: "go.tag" value: "json:\"raw,omitempty\"" }
  ];
}

service Orders {
  // Finds one.
  rpc Get(Order) returns (Order) {
    option idempotency_level = IDEMPOTENT;
  }
  rpc Watch(Order) returns (stream Order);

  // Takes many.
  rpc Push(stream Order) returns (Order);
}
)";
  EXPECT_EQ(printed({{"shop.proto", text}}, "shop.proto"), text);
}

TEST(ProtoWriter, PrintsProto2WithGroupsAndDefaults) {
  const std::string text = R"(syntax = "proto2";

package old;

enum E {
  B = 5;
  A = 0;
}

message M {
  required int32 id = 1;
  optional string name = 2 [default = "a\"b\n", json_name = "Name"];
  optional E e = 3 [default = A];
  optional double d = 4 [default = -inf];
  optional float f = 5 [default = 0.5];
  optional bool g = 6 [default = true];
  optional uint64 h = 7 [default = 18446744073709551615];
  repeated int32 n = 8 [packed = true];
  repeated group Item = 9 {
    optional group Deep = 1 {
      optional M up = 1;
    }
  }
  oneof pick {
    string p = 10;
  }
}
)";
  EXPECT_EQ(printed({{"old.proto", text}}, "old.proto"), text);
}

TEST(ProtoWriter, CallsTypesByTheShortestNameThatMeansThem) {
  const std::string text = printed({{"a.proto", R"(syntax = "proto3";
package acme.shop;
import "b.proto";
message Order {
  message Order { int32 x = 1; }
  .acme.shop.Order outer = 1;
  .acme.shop.Order.Order inner = 2;
  acme.base.Id id = 3;
  .shop.Far far = 4;
  map<string, .acme.shop.Item> item = 5;
  .acme.shop.ItemEntry entry = 6;
}
message Item {}
message ItemEntry {}
message string_ {}
message stream {}
service Item2 {
  rpc Item(.acme.shop.Item) returns (.acme.shop.stream);
  rpc Get(Item2Reply) returns (Item2Reply);
}
message Item2Reply {}
)"},
                                    {"b.proto",
                                     "syntax = \"proto3\"; package acme.base; import public \"c.proto\";"
                                     "message Id {}"},
                                    {"c.proto", "syntax = \"proto3\"; package shop; message Far {}"}},
                                   "a.proto");
  EXPECT_THAT(text, HasSubstr("  acme.shop.Order outer = 1;\n  Order inner = 2;\n"));
  EXPECT_THAT(text, HasSubstr("  acme.base.Id id = 3;\n"));
  EXPECT_THAT(text, HasSubstr("  .shop.Far far = 4;\n"));              // "shop" is acme.shop here
  EXPECT_THAT(text, HasSubstr("  acme.shop.ItemEntry entry = 6;\n"));  // "ItemEntry" is the map's
  EXPECT_THAT(text, HasSubstr("  rpc Item(acme.shop.Item) returns (acme.shop.stream);\n"));
  EXPECT_THAT(text, HasSubstr("  rpc Get(Item2Reply) returns (Item2Reply);\n"));
}

TEST(ProtoWriter, PrintsKoinesOptionsAndCanLeaveThemOut) {
  auto schema = schema_of({{"s.proto", R"(syntax = "proto3";
package s;
import "koine/options.proto";
option (koine.file).derived_from = "ab";
message U { option (koine.message).form = FORM_UNION; oneof u { int32 a = 1; } }
message R { option (koine.message).role = ROLE_ARGUMENTS; map<int32, int32> m = 1 [(koine.field).key_range = "i16"]; }
service S { rpc A(R) returns (U) { option (koine.method).oneway = true; option deprecated = true; } }
)"}});
  const File& file = schema->files().front();
  const std::string with = write(*schema, file);
  EXPECT_THAT(with, HasSubstr("import \"koine/options.proto\";\n"));
  EXPECT_THAT(with, HasSubstr("option (koine.file).derived_from = \"ab\";\n"));
  EXPECT_THAT(with, HasSubstr("  map<int32, int32> m = 1 [(koine.field).key_range = \"i16\"];\n"));
  EXPECT_THAT(with, HasSubstr("  rpc A(R) returns (U) {\n    option deprecated = true;\n"
                              "    option (koine.method).oneway = true;\n  }\n"));
  const std::string without = write(*schema, file, {false});
  EXPECT_THAT(without, Not(HasSubstr("koine")));
  EXPECT_THAT(without, HasSubstr("  map<int32, int32> m = 1;\n"));
  EXPECT_THAT(without, HasSubstr("    option deprecated = true;\n"));
}

TEST(ProtoWriter, QuotesAnyText) {
  EXPECT_EQ(in_quotes("a\"b\\c\n\t\x01"), R"("a\"b\\c\n\t\001")");
  EXPECT_EQ(in_quotes("zw\xC3\xB6lf"), "\"zw\xC3\xB6lf\"");
  EXPECT_EQ(in_quotes("\xC3("), R"("\303(")");
}

TEST(ProtoWriter, KeepsAnnotationsThatFitNoOption) {
  const Annotations annotations = {
      {"koine.id", "x"}, {"koine.range", "i8"}, {"koine.range", "i16"}, {"k", ""}};
  const std::vector<PrintedOption> options = print_options(Element::field, annotations);
  std::string text;
  for (const PrintedOption& option : options) text += option.name + " = " + option.value + "\n";
  EXPECT_EQ(text,
            "(koine.field).range = \"i8\"\n"
            "(koine.field).annotations = { name: \"koine.id\" value: \"x\" }\n"
            "(koine.field).annotations = { name: \"k\" value: \"\" }\n");
}

TEST(ProtoWriter, OffersTheOptionsFileForThoseWhoCompile) {
  EXPECT_THAT(options_file(), HasSubstr("package koine;"));
  EXPECT_THAT(options_file(), HasSubstr("extend .google.protobuf.FieldOptions"));
}

}  // namespace
}  // namespace koine::idl::proto
