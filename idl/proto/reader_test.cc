// The .proto reader: what the graph of each construct looks like, and what is said of bad files.
#include "idl/proto/reader.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "idl/dump.h"

namespace koine::idl::proto {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ReadResult read_files(std::map<std::string, std::string> files, std::vector<std::string> names,
                      std::vector<std::string> directories = {}) {
  auto sources = memory_sources(std::move(files));
  return read(*sources, names, directories);
}

std::unique_ptr<Schema> good(const std::string& text) {
  ReadResult result = read_files({{"t.proto", text}}, {"t.proto"});
  EXPECT_EQ(render(result.diagnostics), "");
  return std::move(result.schema);
}

std::string errors(const std::string& text) {
  ReadResult result = read_files({{"t.proto", text}}, {"t.proto"});
  EXPECT_EQ(result.schema, nullptr);
  return render(result.diagnostics);
}

const Field& field(const Schema& schema, const std::string& type, const std::string& name) {
  const StructType* found = schema.find_struct(type);
  if (found == nullptr || found->find_field(name) == nullptr) {
    ADD_FAILURE() << type << "." << name;
    std::abort();
  }
  return *found->find_field(name);
}

TEST(ProtoReader, ReadsEveryScalarWithItsNumberForm) {
  auto schema = good(R"(syntax = "proto3";
package p;
message M {
  double a = 1; float b = 2; int32 c = 3; int64 d = 4; uint32 e = 5; uint64 f = 6; sint32 g = 7;
  sint64 h = 8; fixed32 i = 9; fixed64 j = 10; sfixed32 k = 11; sfixed64 l = 12; bool m = 13;
  string n = 14; bytes o_o = 15;
})");
  const std::vector<std::pair<Kind, NumberForm>> expected = {
      {Kind::f64, NumberForm::plain},     {Kind::f32, NumberForm::plain},
      {Kind::i32, NumberForm::plain},     {Kind::i64, NumberForm::plain},
      {Kind::u32, NumberForm::plain},     {Kind::u64, NumberForm::plain},
      {Kind::i32, NumberForm::zigzag},    {Kind::i64, NumberForm::zigzag},
      {Kind::u32, NumberForm::fixed},     {Kind::u64, NumberForm::fixed},
      {Kind::i32, NumberForm::fixed},     {Kind::i64, NumberForm::fixed},
      {Kind::boolean, NumberForm::plain}, {Kind::string, NumberForm::plain},
      {Kind::bytes, NumberForm::plain}};
  const StructType& type = *schema->find_struct("p.M");
  ASSERT_EQ(type.fields.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(type.fields[i].type->kind, expected[i].first) << i;
    EXPECT_EQ(type.fields[i].type->number_form, expected[i].second) << i;
    EXPECT_EQ(type.fields[i].id, static_cast<int>(i) + 1);
    EXPECT_EQ(type.fields[i].presence, Presence::implicit);
  }
  EXPECT_EQ(type.fields[14].json_name, "oO");
  EXPECT_TRUE(type.implicit_utf8);
  const File& file = schema->files().front();
  EXPECT_EQ(file.path, "t.proto");
  EXPECT_EQ(file.syntax, "proto3");
  EXPECT_EQ(file.package, "p");
  EXPECT_EQ(file.language, Language::proto);
}

TEST(ProtoReader, TellsPresenceAndOneofsApart) {
  auto schema = good(R"(syntax = "proto3";
package p;
message M {
  int32 plain = 1;
  optional int32 maybe = 2;
  M child = 3;
  oneof choice { string text = 4; M other = 5; }
  repeated int32 many = 6;
  repeated int32 loose = 7 [packed = false];
  optional string later = 8;
})");
  const StructType& type = *schema->find_struct("p.M");
  EXPECT_THAT(type.oneofs, ElementsAre("choice"));
  EXPECT_EQ(type.find_field("plain")->presence, Presence::implicit);
  EXPECT_EQ(type.find_field("maybe")->presence, Presence::optional);
  EXPECT_EQ(type.find_field("maybe")->oneof_index, -1);
  EXPECT_EQ(type.find_field("later")->oneof_index, -1);
  EXPECT_EQ(type.find_field("child")->presence, Presence::optional);
  EXPECT_EQ(type.find_field("child")->type->structure, &type);
  EXPECT_EQ(type.find_field("text")->presence, Presence::optional);
  EXPECT_EQ(type.find_field("text")->oneof_index, 0);
  EXPECT_EQ(type.find_field("other")->oneof_index, 0);
  EXPECT_EQ(type.find_field("many")->type->kind, Kind::list);
  EXPECT_TRUE(type.find_field("many")->packed);
  EXPECT_FALSE(type.find_field("loose")->packed);
}

TEST(ProtoReader, ReadsProto2RequiredDefaultsGroupsAndClosedEnums) {
  auto schema = good(R"(syntax = "proto2";
package p;
enum E { A = 1; B = -2; }
message M {
  required int32 id = 1;
  optional string name = 2 [default = "x\ty"];
  optional E e = 3 [default = B];
  optional double d = 4 [default = inf];
  optional uint64 u = 5 [default = 18446744073709551615];
  repeated group Item = 6 { optional bool on = 1 [default = true]; }
  repeated int32 n = 7;
  extensions 100 to 199;
  reserved 20, 30 to 40;
})");
  const StructType& type = *schema->find_struct("p.M");
  EXPECT_FALSE(type.implicit_utf8);
  EXPECT_EQ(type.find_field("id")->presence, Presence::required);
  EXPECT_EQ(std::get<std::string>(type.find_field("name")->default_value->data), "x\ty");
  EXPECT_EQ(std::get<EnumReference>(type.find_field("e")->default_value->data).number, -2);
  EXPECT_EQ(std::get<std::uint64_t>(type.find_field("u")->default_value->data), 18446744073709551615u);
  EXPECT_FALSE(type.find_field("id")->default_value.has_value());
  const Field& group = *type.find_field("item");
  EXPECT_EQ(group.type->kind, Kind::list);
  EXPECT_TRUE(group.type->element->delimited);
  EXPECT_EQ(group.type->element->structure, schema->find_struct("p.M.Item"));
  EXPECT_EQ(schema->find_struct("p.M.Item")->name, "M.Item");
  EXPECT_FALSE(type.find_field("n")->packed);
  EXPECT_TRUE(schema->find_enum("p.E")->closed);
  EXPECT_THAT(type.reserved, ElementsAre(std::pair(20, 20), std::pair(30, 40)));
  EXPECT_EQ(type.find_field(100), nullptr);
}

TEST(ProtoReader, ReadsMapsAsMapsAndHidesTheirEntries) {
  auto schema = good(R"(syntax = "proto3";
message M { map<string, M> by_name = 1; map<sint32, E> e = 2;
  enum E { option allow_alias = true; Z = 0; ZERO = 0; ONE = 1; } })");
  const Field& map = field(*schema, "M", "by_name");
  EXPECT_EQ(map.type->kind, Kind::map);
  EXPECT_EQ(map.type->key->kind, Kind::string);
  EXPECT_EQ(map.type->element->structure, schema->find_struct("M"));
  EXPECT_EQ(map.presence, Presence::implicit);
  EXPECT_EQ(schema->structs().size(), 1u);
  EXPECT_EQ(field(*schema, "M", "e").type->key->number_form, NumberForm::zigzag);
  const EnumType& type = *schema->find_enum("M.E");
  EXPECT_EQ(type.values.size(), 3u);
  EXPECT_EQ(type.find_value(0)->name, "Z");
  EXPECT_FALSE(type.closed);
}

TEST(ProtoReader, ReadsServicesCommentsAndPlaces) {
  auto schema = good(R"(// The shop.

// Its second paragraph.
syntax = "proto3";
package shop;
option go_package = "example.com/shop";
option java_multiple_files = true;
option deprecated = true;
// An order.
//   Indented.
message Order {
	string id = 1;  // Its number.
}
service Orders {
  // Finds one.
  rpc Get(Order) returns (Order) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Watch(Order) returns (stream Order);
  rpc Push(stream Order) returns (Order) { option deprecated = true; }
})");
  const File& file = schema->files().front();
  EXPECT_EQ(file.doc, "The shop.\n\nIts second paragraph.");
  EXPECT_EQ(file.namespaces.at("go_package"), "example.com/shop");
  EXPECT_EQ(file.namespaces.at("java_multiple_files"), "true");
  EXPECT_NE(find_annotation(file.annotations, "deprecated"), nullptr);
  const StructType& order = *schema->find_struct("shop.Order");
  EXPECT_EQ(order.doc, "An order.\n  Indented.");
  EXPECT_EQ(order.location.line, 11);
  EXPECT_EQ(order.fields[0].doc, "Its number.");
  EXPECT_EQ(order.fields[0].location.line, 12);
  EXPECT_EQ(order.fields[0].location.column, 2);  // in bytes: after one tab
  const Service& service = *schema->find_service("shop.Orders");
  EXPECT_EQ(service.own_methods, 3u);
  EXPECT_TRUE(service.methods[0].idempotent);
  EXPECT_EQ(service.methods[0].doc, "Finds one.");
  EXPECT_EQ(service.methods[0].request, &order);
  EXPECT_FALSE(service.methods[0].request_spread);
  EXPECT_TRUE(service.methods[1].server_streaming);
  EXPECT_FALSE(service.methods[1].client_streaming);
  EXPECT_TRUE(service.methods[2].client_streaming);
  EXPECT_NE(find_annotation(service.methods[2].annotations, "deprecated"), nullptr);
}

TEST(ProtoReader, RefinesTheGraphByKoinesOptions) {
  auto schema = good(R"(syntax = "proto3";
package p;
import "koine/options.proto";
option (koine.file).derived_from = "abc";
option (koine.file).namespaces = "java a.b";
option (koine.file).namespaces = "php A.B";
enum Color { COLOR_UNSPECIFIED = 0 [(koine.enum_value).added = true]; RED = 3; }
message M {
  int32 tiny = 1 [(koine.field).range = "i8"];
  repeated uint32 small = 2 [(koine.field) = { range: "u16" set: true }];
  map<int32, int32> by_color = 3 [(koine.field).key_enum = "p.Color", (koine.field).range = "i16"];
  M child = 4 [(koine.field).requiredness = REQUIREDNESS_REQUIRED, (koine.field).id = -1];
  int64 at = 5 [(koine.field).annotations = { name: "go.tag" value: "x" }, (koine.field).id = 0];
}
message Choice {
  option (koine.message).form = FORM_UNION;
  oneof choice { string a = 1; M b = 2; }
}
message ListOfM { option (koine.message).role = ROLE_WRAPPER; repeated M value = 1; }
message Missing { option (koine.message) = { form: FORM_EXCEPTION code: "NOT_FOUND" }; }
message GetRequest { option (koine.message).role = ROLE_ARGUMENTS; }
message GetResponse { option (koine.message).role = ROLE_RESULT; M value = 1; }
service S {
  option (koine.service).extends = "p.Base";
  rpc Get(GetRequest) returns (GetResponse) {
    option (koine.method).throws = { type: "p.Missing" name: "missing" id: 1 };
    option (koine.method).oneway = true;
  }
  rpc Pass(M) returns (M);
})");
  const StructType& m = *schema->find_struct("p.M");
  EXPECT_EQ(m.find_field("tiny")->type->kind, Kind::i8);
  EXPECT_TRUE(m.find_field("tiny")->annotations.empty());
  EXPECT_EQ(m.find_field("small")->type->kind, Kind::set);
  EXPECT_EQ(m.find_field("small")->type->element->kind, Kind::u16);
  EXPECT_EQ(m.find_field("by_color")->type->key->enumeration, schema->find_enum("p.Color"));
  EXPECT_EQ(m.find_field("by_color")->type->element->kind, Kind::i16);
  EXPECT_EQ(*find_annotation(m.find_field("child")->annotations, "koine.requiredness"), "required");
  EXPECT_EQ(*find_annotation(m.find_field("child")->annotations, "koine.id"), "-1");
  EXPECT_EQ(*find_annotation(m.find_field("at")->annotations, "go.tag"), "x");
  EXPECT_EQ(*find_annotation(m.find_field("at")->annotations, "koine.id"), "0");
  EXPECT_EQ(schema->find_struct("p.Choice")->form, StructForm::union_);
  EXPECT_EQ(schema->find_struct("p.ListOfM")->role, StructRole::wrapper);
  const StructType& missing = *schema->find_struct("p.Missing");
  EXPECT_EQ(missing.form, StructForm::exception);
  EXPECT_EQ(*find_annotation(missing.annotations, "koine.code"), "NOT_FOUND");
  EXPECT_EQ(*find_annotation(schema->find_enum("p.Color")->values[0].annotations, "koine.added"), "true");
  const Service& service = *schema->find_service("p.S");
  EXPECT_EQ(*find_annotation(service.annotations, "koine.extends"), "p.Base");
  EXPECT_TRUE(service.methods[0].request_spread);
  EXPECT_TRUE(service.methods[0].response_spread);
  EXPECT_TRUE(service.methods[0].oneway);
  EXPECT_THAT(service.methods[0].declared_errors, ElementsAre(&missing));
  EXPECT_FALSE(service.methods[1].request_spread);
  EXPECT_EQ(schema->files().size(), 1u);  // koine/options.proto is no part of the graph
  const Annotations& file = schema->files().front().annotations;
  EXPECT_EQ(*find_annotation(file, "koine.derived_from"), "abc");
  EXPECT_EQ(file.size(), 3u);
}

TEST(ProtoReader, FindsImportsInDirectoriesAndKnowsWellKnownTypes) {
  ReadResult result = read_files(
      {{"idl/shop/v1/order.proto",
        "syntax = \"proto3\"; package shop.v1; import \"shop/v1/item.proto\";"
        "import \"google/protobuf/timestamp.proto\";"
        "message Order { repeated Item items = 1; google.protobuf.Timestamp at = 2; }"},
       {"idl/shop/v1/item.proto", "syntax = \"proto3\"; package shop.v1; message Item { string sku = 1; }"}},
      {"./idl/shop/v1/order.proto"}, {"other", "idl"});
  EXPECT_EQ(render(result.diagnostics), "");
  ASSERT_NE(result.schema, nullptr);
  std::vector<std::string> paths;
  for (const File& file : result.schema->files()) paths.push_back(file.path);
  EXPECT_THAT(paths, ElementsAre("idl/shop/v1/item.proto", "google/protobuf/timestamp.proto",
                                 "./idl/shop/v1/order.proto"));
  EXPECT_THAT(result.schema->files().back().imports,
              ElementsAre("shop/v1/item.proto", "google/protobuf/timestamp.proto"));
  EXPECT_EQ(field(*result.schema, "shop.v1.Order", "at").type->structure,
            result.schema->find_struct("google.protobuf.Timestamp"));
}

TEST(ProtoReader, PointsAtSyntaxErrors) {
  EXPECT_EQ(errors("syntax = \"proto3\";\nmessage M {\n\tstring a = ;\n}\n"),
            "t.proto:3:13: error: Expected field number. [SYNTAX]\n"
            "    3 | \tstring a = ;\n"
            "      | \t           ^\n");
}

TEST(ProtoReader, SuggestsTheTypeThatWasMeant) {
  EXPECT_THAT(
      errors("syntax = \"proto3\";\npackage shop;\nmessage Order {}\nmessage M { Ordr order = 1; }\n"),
      HasSubstr("t.proto:4:13: error: unknown type 'Ordr'; did you mean 'Order'? [UNKNOWN_TYPE]\n"));
}

TEST(ProtoReader, ReportsDuplicatesOfNumbersAndNames) {
  EXPECT_THAT(errors("syntax = \"proto3\";\nmessage M {\n  int32 a = 1;\n  int32 b = 1;\n}\n"),
              HasSubstr("t.proto:4:13: error: Field number 1 has already been used in \"M\" by field \"a\""));
  EXPECT_THAT(errors("syntax = \"proto3\";\nmessage M {}\nmessage M {}\n"), HasSubstr("[DUPLICATE_NAME]"));
}

TEST(ProtoReader, NamesThePlacesWhereAnImportWasSought) {
  ReadResult result = read_files({{"idl/a.proto", "syntax = \"proto3\";\nimport \"b/c.proto\";\n"}},
                                 {"idl/a.proto"}, {"inc"});
  EXPECT_EQ(render(result.diagnostics),
            "idl/a.proto:2:1: error: cannot import \"b/c.proto\": no such file; looked for inc/b/c.proto, "
            "idl/b/c.proto [FILE]\n    2 | import \"b/c.proto\";\n      | ^\n");
  EXPECT_EQ(result.schema, nullptr);
  EXPECT_EQ(to_status(result.diagnostics).reason(), base::Reason::idl_io);
}

TEST(ProtoReader, ReportsAnErrorInAnImportOnceAndThere) {
  ReadResult result =
      read_files({{"a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\nmessage A { B b = 1; }"},
                  {"b.proto", "syntax = \"proto3\";\nmessage B { int32 x = 0; }\n"}},
                 {"a.proto"});
  EXPECT_THAT(render(result.diagnostics), HasSubstr("b.proto:2:"));
  EXPECT_THAT(render(result.diagnostics), ::testing::Not(HasSubstr("had errors")));
  EXPECT_EQ(result.schema, nullptr);
}

TEST(ProtoReader, RefusesImportsThatLeaveTheDirectoriesAndImportCycles) {
  EXPECT_THAT(errors("syntax = \"proto3\";\nimport \"../x.proto\";\n"),
              HasSubstr("t.proto:2:1: error: cannot import"));
  EXPECT_THAT(errors("syntax = \"proto3\";\nimport \"t.proto\";\n"),
              HasSubstr("t.proto:2:1: error: File recursively imports"));
}

TEST(ProtoReader, SaysOnceThatAFileIsNoText) {
  using namespace std::string_literals;
  EXPECT_EQ(
      errors("\xff\xfe message\0\x80\x81\n\x82 {"s),
      "t.proto: error: this is no text but a binary file; name a .proto file, or a descriptor set whose "
      "name ends in .binpb [SYNTAX]\n");
}

TEST(ProtoReader, SaysOnceOfARunOfCharactersThatTheyBeginNothing) {
  const std::string text = "syntax = \"proto3\";\n\xc3\xa9\xc3\xa9\xc3\xa9 x; message M {} \xc4;\n";
  const std::string said = errors(text);
  EXPECT_THAT(said, HasSubstr("t.proto:2:1: error: Interpreting non ascii codepoint 195."));
  EXPECT_THAT(said, ::testing::Not(HasSubstr("t.proto:2:2: error: Interpreting")));
  EXPECT_THAT(said, HasSubstr("t.proto:2:24: error: Interpreting non ascii codepoint 196."));
}

TEST(ProtoReader, ReportsAMissingFileAndAnOversizedOne) {
  ReadResult missing = read_files({}, {"x/y.proto"});
  EXPECT_EQ(render(missing.diagnostics), "x/y.proto: error: no such file; looked for x/y.proto [FILE]\n");
  auto sources = memory_sources({{"t.proto", "syntax = \"proto3\";"}}, 10);
  const std::vector<std::string> names = {"t.proto"};
  EXPECT_THAT(render(read(*sources, names).diagnostics), HasSubstr("larger than 10 bytes"));
}

TEST(ProtoReader, ReadsUuidsFromTextAndFromOctets) {
  auto schema = good(R"(syntax = "proto3";
package p;
import "koine/options.proto";
message M {
  string a = 1 [(koine.field).as = "uuid"];
  bytes b = 2 [(koine.field).as = "uuid"];
  repeated string c = 3 [(koine.field).as = "uuid"];
  map<string, bytes> d = 4 [(koine.field).as = "uuid", (koine.field).key_as = "uuid"];
  map<string, string> e = 5 [(koine.field).key_as = "uuid"];
  string f = 6 [(koine.field).as = "decimal"];
})");
  const StructType& m = *schema->find_struct("p.M");
  const auto type = [&](const char* name) { return type_text(*m.find_field(name)->type); };
  EXPECT_EQ(type("a"), "uuid");
  EXPECT_EQ(type("b"), "fixed uuid");
  EXPECT_EQ(type("c"), "list<uuid>");
  EXPECT_FALSE(m.find_field("c")->packed);
  EXPECT_EQ(type("d"), "map<uuid, fixed uuid>");
  EXPECT_EQ(type("e"), "map<uuid, string>");
  EXPECT_EQ(type("f"), "string");
  EXPECT_TRUE(m.find_field("d")->annotations.empty());
  EXPECT_EQ(*find_annotation(m.find_field("f")->annotations, "koine.as"), "decimal");
}

TEST(ProtoReader, WarnsOfExtensionsButNotOfOptions) {
  const auto result =
      read_files({{"t.proto",
                   "syntax = \"proto2\"; package p; import \"google/protobuf/descriptor.proto\";\n"
                   "message M { extensions 100 to 199; }\n"
                   "extend M { optional int32 more = 100; }\n"
                   "message Scope { extend M { optional M inner = 101; } }\n"
                   "extend google.protobuf.FieldOptions { optional int32 own = 50001; }\n"}},
                 {"t.proto"});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_TRUE(result.schema->find_struct("p.M")->fields.empty());
  EXPECT_EQ(result.diagnostics.size(), 2u) << render(result.diagnostics);
  EXPECT_THAT(render(result.diagnostics),
              HasSubstr("t.proto:3:12: warning: 'p.more' extends 'p.M': extensions pass"));
  EXPECT_THAT(render(result.diagnostics), HasSubstr("t.proto:4:28: warning: 'p.Scope.inner' extends 'p.M'"));
}

TEST(ProtoReader, RefusesKoineOptionsThatMakeNoSense) {
  const std::string head = "syntax = \"proto3\";\nimport \"koine/options.proto\";\n";
  EXPECT_THAT(errors(head + "message M { int32 a = 1 [(koine.field).as = \"uuid\"]; }"),
              HasSubstr("koine.as 'uuid' does not fit the field's type; it goes with string and bytes"));
  EXPECT_THAT(errors(head + "message M { string a = 1 [(koine.field).key_as = \"uuid\"]; }"),
              HasSubstr("koine.key_as is for maps"));
  EXPECT_THAT(errors(head + "message M { map<int32, string> a = 1 [(koine.field).key_as = \"uuid\"]; }"),
              HasSubstr("koine.as 'uuid' does not fit"));
  EXPECT_THAT(errors(head + "message M { string a = 1 [(koine.field).range = \"i8\"]; }"),
              HasSubstr("t.proto:3:13: error: koine.range 'i8' does not fit"));
  EXPECT_THAT(errors(head + "message M { option (koine.message).role = ROLE_WRAPPER; }"),
              HasSubstr("exactly one"));
  EXPECT_THAT(errors(head + "message M { map<int32, string> m = 1 [(koine.field).key_enum = \"No\"]; }"),
              HasSubstr("names no enum"));
  EXPECT_THAT(errors(head + "message M { option (koine.message).form = FORM_UNION; int32 a = 1; }"),
              HasSubstr("in one oneof"));
  EXPECT_THAT(
      errors(head + "message W { option (koine.message).role = ROLE_WRAPPER; repeated V value = 1; }\n"
                    "message V { option (koine.message).role = ROLE_WRAPPER; W value = 1; }"),
      HasSubstr("cannot contain itself"));
  EXPECT_THAT(errors(head + "message M {} service S { rpc A(M) returns (M) { option (koine.method).throws = "
                            "{ type: \"No\" name: \"e\" id: 1 }; } }"),
              HasSubstr("koine.throws names no message"));
  EXPECT_THAT(errors(head + "message M { int32 a = 1 [(koine.field).rnge = \"i8\"]; }"), HasSubstr("rnge"));
}

TEST(ProtoReader, NamesAMissingImportWhateverItIsCalledAndHoweverWeak) {
  EXPECT_THAT(errors(R"(syntax = "proto3"; import "x is not defined.proto";)"),
              HasSubstr("cannot import \"x is not defined.proto\""));
  EXPECT_THAT(errors(R"(syntax = "proto3"; import weak "none.proto";)"),
              HasSubstr("cannot import \"none.proto\""));
}

TEST(ProtoReader, RefusesDeepNestingInsteadOfOverflowing) {
  std::string text = "syntax = \"proto3\";\n";
  for (int i = 0; i < 5000; ++i) text += "message M" + std::to_string(i) + " {";
  for (int i = 0; i < 5000; ++i) text += "}";
  EXPECT_THAT(errors(text), HasSubstr("error"));
}

class ProtoSetReader : public ::testing::Test {
 protected:
  ProtoSetReader() {
    std::string pattern = ::testing::TempDir() + "koine_proto_sets_XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern + "/";
  }
  ~ProtoSetReader() override { std::filesystem::remove_all(directory_); }

  std::string compile(const std::string& text) {
    std::ofstream(directory_ + "in.proto") << text;
    const std::string command = "protoc -I" + directory_ + " --include_imports --include_source_info -o" +
                                directory_ + "out.binpb in.proto";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return directory_ + "out.binpb";
  }

  std::string directory_;
};

TEST_F(ProtoSetReader, ReadsWhatProtocWrote) {
  const std::string path = compile(R"(syntax = "proto3";
package p;
import "google/protobuf/duration.proto";
message M { google.protobuf.Duration took = 1; map<string, int64> n = 2; optional bool b = 3; }
service S { rpc Do(M) returns (M); })");
  auto sources = disk_sources();
  const std::vector<std::string> names = {path};
  ReadResult result = read(*sources, names);
  EXPECT_EQ(render(result.diagnostics), "");
  ASSERT_NE(result.schema, nullptr);
  EXPECT_EQ(field(*result.schema, "p.M", "b").presence, Presence::optional);
  EXPECT_EQ(field(*result.schema, "p.M", "n").type->kind, Kind::map);
  EXPECT_EQ(field(*result.schema, "p.M", "b").json_name, "b");
  EXPECT_NE(result.schema->find_service("p.S"), nullptr);
  EXPECT_NE(result.schema->find_struct("google.protobuf.Duration"), nullptr);
}

TEST_F(ProtoSetReader, RefusesGarbageAndUnlinkableSets) {
  auto read_bytes = [](const std::string& bytes) {
    auto sources = memory_sources({{"s.binpb", bytes}});
    const std::vector<std::string> names = {"s.binpb"};
    ReadResult result = read(*sources, names);
    EXPECT_EQ(result.schema, nullptr);
    return render(result.diagnostics);
  };
  EXPECT_THAT(read_bytes("garbage"), HasSubstr("s.binpb: error: not a FileDescriptorSet"));
  EXPECT_THAT(read_bytes(""), HasSubstr("not a FileDescriptorSet"));
  // FileDescriptorSet{file{name:"a", dependency:"b"}}
  EXPECT_THAT(read_bytes(std::string("\x0A\x06\x0A\x01"
                                     "a\x1A\x01"
                                     "b",
                                     8)),
              HasSubstr("s.binpb:a: error"));
}

}  // namespace
}  // namespace koine::idl::proto
