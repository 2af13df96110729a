// Look-ups of the schema graph, diagnostics as text, sources and "did you mean".
#include <filesystem>
#include <fstream>
#include <limits>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "idl/diagnostics.h"
#include "idl/dump.h"
#include "idl/schema.h"
#include "idl/source.h"

namespace koine::idl {
namespace {

TEST(Schema, FindsNodesByFullNameThatWereNamedAfterALookup) {
  Schema schema;
  StructType& first = schema.add_struct();
  EXPECT_EQ(schema.find_struct("shop.Order"), nullptr);
  first.full_name = "shop.Order";
  schema.add_struct().full_name = "shop.Item";
  EXPECT_EQ(schema.find_struct("shop.Order"), &first);
  EXPECT_EQ(schema.find_struct("shop.Item"), &schema.structs().back());
  EXPECT_EQ(schema.find_struct("Order"), nullptr);
  EXPECT_EQ(schema.find_enum("shop.Order"), nullptr);
}

TEST(Schema, KeepsTheFirstOfTwoNodesOfOneName) {
  Schema schema;
  EnumType& first = schema.add_enum();
  first.full_name = "a.E";
  schema.add_enum().full_name = "a.E";
  EXPECT_EQ(schema.find_enum("a.E"), &first);
}

TEST(Schema, SharesScalarNodes) {
  Schema schema;
  EXPECT_EQ(schema.scalar(Kind::i32), schema.scalar(Kind::i32));
  EXPECT_NE(schema.scalar(Kind::i32), schema.scalar(Kind::u32));
  EXPECT_EQ(schema.scalar(Kind::bytes)->kind, Kind::bytes);
}

TEST(Schema, FindsFieldsValuesMethodsAndAnnotations) {
  StructType type;
  type.fields.resize(2);
  type.fields[1].name = "sku";
  type.fields[1].id = -3;
  EXPECT_EQ(type.find_field(-3), &type.fields[1]);
  EXPECT_EQ(type.find_field("sku"), &type.fields[1]);
  EXPECT_EQ(type.find_field("skU"), nullptr);
  EnumType colour;
  colour.values = {{"RED", 1, {}, ""}, {"ROT", 1, {}, ""}};
  EXPECT_EQ(colour.find_value(1)->name, "RED");
  EXPECT_EQ(colour.find_value("ROT")->number, 1);
  EXPECT_EQ(colour.find_value(2), nullptr);
  Annotations annotations = {{"a", "1"}, {"a", "2"}};
  EXPECT_EQ(*find_annotation(annotations, "a"), "1");
  EXPECT_EQ(find_annotation(annotations, "b"), nullptr);
}

TEST(JsonName, FollowsProtobuf) {
  EXPECT_EQ(to_json_name("order_id"), "orderId");
  EXPECT_EQ(to_json_name("orderId"), "orderId");
  EXPECT_EQ(to_json_name("URL_path__x_"), "URLPathX");
  EXPECT_EQ(to_json_name("_a1_2b"), "A12b");
}

TEST(Diagnostics, RendersLineAndCaret) {
  Diagnostic d{Severity::error, "UNKNOWN_TYPE", "unknown type 'Ordr'", {"shop.thrift", 3, 6}, "  1: Ordr o"};
  EXPECT_EQ(render(d),
            "shop.thrift:3:6: error: unknown type 'Ordr' [UNKNOWN_TYPE]\n"
            "    3 |   1: Ordr o\n"
            "      |      ^");
}

TEST(Diagnostics, AlignsTheCaretAfterTabsAndMultibyteCharacters) {
  Diagnostic d{Severity::warning,
               "X",
               "m",
               {"f", 12, 6},
               "\t\xC3\xA9\x1B"
               "b!"};
  EXPECT_EQ(render(d),
            "f:12:6: warning: m [X]\n"
            "   12 | \t\xC3\xA9?b!\n"
            "      | \t   ^");
}

TEST(Diagnostics, CutsALongLineAroundTheCaret) {
  Diagnostic d{
      Severity::error, "X", "m", {"f", 1, 5001}, std::string(5000, 'a') + "!" + std::string(5000, 'b')};
  std::string text = render(d);
  EXPECT_LT(text.size(), 500u);
  std::size_t line = text.find("...");
  std::size_t mark = text.find('!');
  std::size_t below = text.rfind('\n');
  EXPECT_EQ(mark - text.rfind('\n', mark), text.find('^') - below);
  EXPECT_NE(line, std::string::npos);
}

TEST(Diagnostics, BecomesAStatusOfTheFirstError) {
  std::vector<Diagnostic> all;
  EXPECT_TRUE(to_status(all).ok());
  all.push_back({Severity::warning, "W", "careful", {"f", 1, 1}, ""});
  EXPECT_TRUE(to_status(all).ok());
  EXPECT_FALSE(has_errors(all));
  all.push_back({Severity::error, std::string(rule_syntax), "bad", {"f", 2, 3}, ""});
  all.push_back({Severity::error, "UNKNOWN_TYPE", "worse", {"f", 4, 1}, ""});
  EXPECT_TRUE(has_errors(all));
  base::Status status = to_status(all);
  EXPECT_EQ(status.reason(), base::Reason::idl_syntax);
  EXPECT_EQ(status.path(), "f:2:3");
  EXPECT_EQ(status.message(), "bad (and 1 more error)");
}

TEST(Sources, LooksThroughDirectoriesInOrder) {
  auto files = memory_sources({{"a/x.thrift", "in a"}, {"b/x.thrift", "in b"}, {"b/y.thrift", "why"}});
  std::vector<std::string> places = {"a", "./b/../b"};
  EXPECT_EQ(find_source(*files, "x.thrift", places)->text, "in a");
  auto y = find_source(*files, "y.thrift", places);
  EXPECT_EQ(y->path, "b/y.thrift");
  auto none = find_source(*files, "z.thrift", places);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().reason(), base::Reason::idl_io);
  EXPECT_EQ(none.error().message(), "no such file; looked for a/z.thrift, b/z.thrift");
}

TEST(Sources, ReadsFromDiskWithinTheLimitAndKnowsOneFileByTwoPaths) {
  std::string directory = ::testing::TempDir() + "koine_idl_sources_XXXXXX";
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  std::ofstream(directory + "/a.thrift") << "0123456789";
  auto files = disk_sources(10);
  EXPECT_EQ(**files->read(directory + "/a.thrift"), "0123456789");
  EXPECT_FALSE(files->read(directory + "/missing.thrift")->has_value());
  EXPECT_FALSE(files->read(directory));
  EXPECT_EQ(files->identity(directory + "/../" + std::filesystem::path(directory).filename().string() +
                            "/a.thrift"),
            files->identity(directory + "/a.thrift"));
  auto refused = disk_sources(9)->read(directory + "/a.thrift");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("larger than 9 bytes"), std::string::npos);
  std::filesystem::remove_all(directory);
}

TEST(Sources, CutsOutLines) {
  EXPECT_EQ(source_line("a\r\nb\n\nd", 1), "a");
  EXPECT_EQ(source_line("a\r\nb\n\nd", 2), "b");
  EXPECT_EQ(source_line("a\r\nb\n\nd", 3), "");
  EXPECT_EQ(source_line("a\r\nb\n\nd", 4), "d");
  EXPECT_EQ(source_line("a\r\nb\n\nd", 5), "");
  EXPECT_EQ(stem_of("x/y/shop.v1.thrift"), "shop.v1");
  EXPECT_EQ(directory_of("x/y/shop.thrift"), "x/y");
}

TEST(Dump, PrintsValuesAsThriftConstants) {
  EnumType colour;
  colour.full_name = "shop.Colour";
  colour.values = {{"RED", 1, {}, ""}};
  ValueMap map;
  map.emplace_back(Value{std::string("a\"\n\\")}, Value{ValueList{Value{true}, Value{std::int64_t{-3}}}});
  map.emplace_back(Value{std::uint64_t{18446744073709551615u}}, Value{EnumReference{&colour, 1}});
  map.emplace_back(Value{2.0}, Value{EnumReference{&colour, 7}});
  map.emplace_back(Value{0.1}, Value{-std::numeric_limits<double>::infinity()});
  EXPECT_EQ(value_text(Value{std::move(map)}),
            "{\"a\\\"\\n\\\\\": [true, -3], 18446744073709551615: shop.Colour.RED, 2.0: 7, 0.1: -inf}");
}

TEST(Dump, DoesNotDependOnTheOrderOfDefinition) {
  auto make = [](bool swapped, Schema& schema) {
    for (const char* name : {swapped ? "b.B" : "a.A", swapped ? "a.A" : "b.B"}) {
      StructType& type = schema.add_struct();
      type.full_name = name;
      type.fields.emplace_back().type = schema.scalar(Kind::i32);
    }
  };
  Schema one;
  Schema two;
  make(false, one);
  make(true, two);
  EXPECT_EQ(dump(one), dump(two));
  two.add_enum().full_name = "a.E";
  EXPECT_NE(dump(one), dump(two));
}

TEST(NearestName, FindsTyposAndLeavesStrangersAlone) {
  std::vector<std::string> names = {"Order", "Item", "order_id", "i32", "UserProfile"};
  EXPECT_EQ(nearest_name("Ordr", names), "Order");
  EXPECT_EQ(nearest_name("Odrer", names), "Order");
  EXPECT_EQ(nearest_name("userprofile", names), "UserProfile");
  EXPECT_EQ(nearest_name("USERPROFILE", names), "UserProfile");
  EXPECT_EQ(nearest_name("int32", names), "");
  EXPECT_EQ(nearest_name("i23", names), "i32");
  EXPECT_EQ(nearest_name("Customer", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  const std::vector<std::string> letters = {"x", "A"};
  EXPECT_EQ(nearest_name("y", letters), "");
  EXPECT_EQ(nearest_name("a", letters), "A");
  EXPECT_EQ(did_you_mean("Itme", names), "; did you mean 'Item'?");
  EXPECT_EQ(did_you_mean("Zebra", names), "");
}

TEST(NearestName, KnowsABareNameAndOneOfAnotherPackage) {
  const std::vector<std::string> names = {"stock.StockService", "shop.OrderService", "shop.Order/get"};
  EXPECT_EQ(nearest_name("OrderService", names), "shop.OrderService");
  EXPECT_EQ(nearest_name("orderservice", names), "shop.OrderService");
  EXPECT_EQ(nearest_name("OrderServce", names), "shop.OrderService");
  EXPECT_EQ(nearest_name("koine.example.OrderService", names), "shop.OrderService");
  EXPECT_EQ(nearest_name("Get", names), "shop.Order/get");
  EXPECT_EQ(nearest_name("Catalog", names), "");
  EXPECT_EQ(nearest_name("shop.", names), "");
}

TEST(ListNames, CutsLongLists) {
  std::vector<std::string> names;
  EXPECT_EQ(list_names(names), "none");
  for (char c = 'a'; c < 'a' + 12; ++c) names.emplace_back(1, c);
  EXPECT_EQ(list_names(names), "a, b, c, d, e, f, g, h, i, j, k, l");
  names.emplace_back("m");
  EXPECT_EQ(list_names(names), "a, b, c, d, e, f, g, h, i, j, k, l and 1 more");
}

}  // namespace
}  // namespace koine::idl
