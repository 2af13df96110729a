// Dubbo's own descriptions of services: one that a real provider published, and what each part of one means.
#include "idl/java/definitions.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/dump.h"
#include "idl/java/reader_test_support.h"

namespace koine::idl::java {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// As Apache Dubbo 3.3.6 published it for the interop contract.
std::string published() {
  return std::string(KOINE_SOURCE_DIR) + "/idl/java/testdata/InteropService.dubbo.json";
}

ReadResult read_definition(const std::string& text) { return read_files({{"Orders.dubbo.json", text}}); }

std::string with(const std::string& methods, const std::string& types) {
  return R"({"canonicalName": "shop.Orders", "methods": [)" + methods + R"(], "types": [)" + types + "]}";
}

std::vector<std::string> fields_of(const Schema& schema, const std::string& name) {
  std::vector<std::string> list;
  const StructType* type = schema.find_struct(name);
  if (type == nullptr) return {"no such struct"};
  for (const Field& field : type->fields) list.push_back(field.name + ": " + type_text(*field.type));
  return list;
}

TEST(JavaDefinitions, AreReadAsAProviderPublishesThem) {
  const ReadResult result = read({published()}, {});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  // What holds anything at all: two of Object, and two of a generic class.
  EXPECT_EQ(result.diagnostics.size(), 4U) << render(result.diagnostics);
  EXPECT_THAT(render(result.diagnostics),
              HasSubstr("'browse' is left out of 'InteropService': 'Page.best' is a 'java.lang.Object'"));
  const Service* service = result.schema->find_service("koine.interop.shop.InteropService");
  ASSERT_NE(service, nullptr);
  EXPECT_EQ(service->methods.size(), 33U);

  // What the sources say, but for what a provider does not tell.
  std::vector<std::string> paths;
  const std::string folder =
      std::string(KOINE_SOURCE_DIR) + "/interop-tests/contract/java/koine/interop/shop";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  const ReadResult sources = read(paths, {});
  ASSERT_NE(sources.schema, nullptr);
  for (const Method& method : service->methods) {
    const Method* same =
        sources.schema->find_service("koine.interop.shop.InteropService")->find_method(method.name);
    ASSERT_NE(same, nullptr) << method.name;
    const auto signature = [](const Method& one) {
      return *find_annotation(one.annotations, java_signature_annotation);
    };
    EXPECT_EQ(signature(method), signature(*same));
    ASSERT_EQ(method.request->fields.size(), same->request->fields.size());
    for (std::size_t i = 0; i < method.request->fields.size(); ++i) {
      EXPECT_EQ(type_text(*method.request->fields[i].type), type_text(*same->request->fields[i].type));
      EXPECT_EQ(method.request->fields[i].name, "arg" + std::to_string(i + 1));
    }
  }
  for (const StructType& type : result.schema->structs()) {
    if (type.role != StructRole::plain || type.full_name.starts_with("google")) continue;
    const StructType* same = sources.schema->find_struct(type.full_name);
    ASSERT_NE(same, nullptr) << type.full_name;
    std::set<std::string> here;
    std::set<std::string> there;
    for (const Field& field : type.fields) here.insert(field.name + ": " + type_text(*field.type));
    for (const Field& field : same->fields) there.insert(field.name + ": " + type_text(*field.type));
    EXPECT_EQ(here, there) << type.full_name;
  }
}

TEST(JavaDefinitions, SayWhatTheyCanOfMethodsAndTypes) {
  const ReadResult result = read_definition(with(
      R"({"name": "find", "parameterTypes": ["long", "java.util.List<shop.Order.Line>"], "returnType": "shop.Order"},
         {"name": "find", "parameterTypes": ["shop.Order$State[]"], "returnType": "void"})",
      R"({"type": "shop.Order", "properties": {"z": "int", "a": "java.util.Map<java.lang.String,shop.Order$Line>",
                                               "at": "java.time.LocalTime"}},
         {"type": "shop.Order.Line", "properties": {"n": "byte[]"}},
         {"type": "shop.Order.State", "enums": ["NEW", "DONE"]},
         {"type": "shop.Bare.Inner", "properties": {"n": "int"}},
         {"type": "java.time.LocalTime", "properties": {"hour": "byte"}}, {"type": "int"}, {"type": "int[]"},
         {"type": "java.util.List<T>", "items": []})"));
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  const Schema& schema = *result.schema;
  EXPECT_THAT(fields_of(schema, "shop.Order"),
              ElementsAre("a: map<string, shop.Order.Line>", "at: string as java.time.LocalTime", "z: i32"));
  EXPECT_EQ(*find_annotation(schema.find_struct("shop.Order.Line")->annotations, java_class_annotation),
            "shop.Order$Line");
  EXPECT_EQ(*find_annotation(schema.find_struct("shop.Bare.Inner")->annotations, java_class_annotation),
            "shop.Bare$Inner");
  EXPECT_EQ(schema.find_struct("shop.Bare"), nullptr);
  EXPECT_EQ(schema.find_enum("shop.Order.State")->find_value("DONE")->number, 1);
  const Service& service = *schema.find_service("shop.Orders");
  EXPECT_EQ(service.methods[0].name, "findByLongList");
  EXPECT_EQ(*find_annotation(service.methods[0].annotations, java_signature_annotation), "JLjava/util/List;");
  EXPECT_EQ(service.methods[1].name, "find");
  EXPECT_EQ(*find_annotation(service.methods[1].annotations, java_signature_annotation),
            "[Lshop/Order$State;");
}

TEST(JavaDefinitions, ShareTypesWithOneAnotherAndWithSources) {
  const std::string item = R"({"type": "shop.Item", "properties": {"b": "int", "a": "long"}})";
  const auto service = [](const std::string& name, const std::string& type) {
    return R"({"canonicalName": "shop.)" + name +
           R"(", "methods": [{"name": "f", "parameterTypes": ["shop.Item"], "returnType": "int"}], "types": [)" +
           type + "]}";
  };
  ReadResult result =
      read_files({{"A.dubbo.json", service("A", item)}, {"B.dubbo.json", service("B", item)}});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(result.schema->services().size(), 2U);
  EXPECT_THAT(fields_of(*result.schema, "shop.Item"), ElementsAre("a: i64", "b: i32"));
  // A source has the order, the names and the rest.
  result = read_files({{"A.dubbo.json", service("A", item)},
                       {"shop/Item.java", "package shop; public class Item { int b; long a; }"}});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_THAT(fields_of(*result.schema, "shop.Item"), ElementsAre("b: i32", "a: i64"));
  result =
      read_files({{"A.dubbo.json", service("A", item)},
                  {"B.dubbo.json", service("B", R"({"type": "shop.Item", "properties": {"c": "int"}})")}});
  EXPECT_THAT(render(result.diagnostics),
              HasSubstr("B.dubbo.json: error: 'shop.Item' has other fields here than in another definition"));
}

TEST(JavaDefinitions, LeaveOutMethodsOfUnresolvedVariables) {
  const ReadResult result =
      read_definition(with(R"({"name": "page", "parameterTypes": [], "returnType": "shop.Page"},
              {"name": "fine", "parameterTypes": [], "returnType": "int"})",
                           R"({"type": "shop.Page", "properties": {"items": "java.util.List<T>"}})"));
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(result.schema->services().front().methods.size(), 1U);
  EXPECT_THAT(render(result.diagnostics),
              HasSubstr("Orders.dubbo.json: warning: 'page' is left out of 'Orders': 'Page.items' is a "
                        "'java.lang.Object'"));
}

TEST(JavaDefinitions, SayWhatIsWrongWithThem) {
  const auto told = [](const std::string& text) { return render(read_definition(text).diagnostics); };
  EXPECT_THAT(told("{"), HasSubstr("not JSON as a Dubbo provider publishes it"));
  EXPECT_THAT(told("[]"), HasSubstr("[SYNTAX]"));
  EXPECT_THAT(told("{}"), HasSubstr("no \"canonicalName\""));
  EXPECT_THAT(told(with(R"({"name": "a b", "returnType": "int"})", "")), HasSubstr("'a b' is no Java name"));
  EXPECT_THAT(told(with(R"({"name": "a", "returnType": "List<"})", "")),
              HasSubstr("'List<' is no Java type"));
  EXPECT_THAT(told(with(R"({"name": "a"})", "")), HasSubstr("'' is no Java type"));
  EXPECT_THAT(told(with(R"({"name": "a", "returnType": "shop.Missing"})", "")),
              HasSubstr("the result of 'a' is a 'shop.Missing', which is in no file"));
  EXPECT_THAT(told(R"({"canonicalName": 1})"), HasSubstr("no \"canonicalName\""));
}

TEST(JavaDefinitions, AreBounded) {
  std::string types;
  for (int i = 0; i < 20'000; ++i) types += R"({"type": "shop.A)" + std::to_string(i) + R"("},)";
  types.pop_back();
  const auto told = [](const std::string& text, std::size_t parts_max) {
    Bounds bounds;
    bounds.parts_max = parts_max;
    return render(read_files({{"Orders.dubbo.json", text}}, {}, bounds).diagnostics);
  };
  EXPECT_EQ(told(with("", types), 100'000), "");
  EXPECT_THAT(told(with("", types), 10'000), HasSubstr("[TOO_LARGE]"));
  EXPECT_THAT(told(with("", std::string(5U << 20, ' ')), 100'000), HasSubstr("has at most 4194304 bytes"));
  EXPECT_THAT(told(std::string(200'000, '['), 100'000), HasSubstr("[SYNTAX]"));
  std::string deep = "int";
  for (int i = 0; i < 100; ++i) deep = "java.util.List<" + deep + ">";
  EXPECT_THAT(told(with(R"({"name": "a", "returnType": ")" + deep + R"("})", ""), 100'000),
              HasSubstr("is no Java type"));
}

}  // namespace
}  // namespace koine::idl::java
