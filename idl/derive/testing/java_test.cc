// Java derived into protobuf and Thrift: compilers take it, and what was derived knows what it was derived
// from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/derive/circles.h"
#include "idl/derive/derive.h"
#include "idl/derive/testing/support.h"
#include "idl/java/read.h"

namespace koine::idl::derive::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::unique_ptr<Schema> read_java(const Files& files) {
  const auto sources = memory_sources(files);
  std::vector<std::string> paths;
  for (const auto& [path, text] : files) paths.push_back(path);
  java::ReadResult result = java::read(paths, {{}, sources.get()});
  EXPECT_NE(result.schema, nullptr) << render(result.diagnostics);
  return std::move(result.schema);
}

std::unique_ptr<Schema> contract() {
  const std::string folder =
      std::string(KOINE_SOURCE_DIR) + "/interop-tests/contract/java/koine/interop/shop/";
  java::ReadResult result = java::read({folder + "InteropService.java"}, {});
  EXPECT_NE(result.schema, nullptr) << render(result.diagnostics);
  return std::move(result.schema);
}

constexpr const char* shop =
    "package shop; import java.util.*;\n"
    "public interface Orders { Order find(long id) throws Gone; int count(List<? extends Order.Line> "
    "lines);\n"
    "  int count(Map<String, byte[]> blobs, Date from); void end(); class Inner { int n; } Inner inner(); }\n"
    "class Order { int from; List<Line> lines; Line[] more; Integer n; java.time.Instant at; State état; "
    "String $id;\n"
    "  static class Line { int next; Order order; } enum State { NEW, Done } }\n"
    "class Gone extends Exception { Page<String> page; } class Page<T> { List<T> items; }\n";

TEST(FromJava, BecomesProtobufThatProtocTakes) {
  const auto source = read_java({{"shop/Orders.java", shop}});
  const auto proto = derived(*source, Language::proto);
  ASSERT_NE(proto, nullptr);
  EXPECT_EQ(inconsistencies(*source, *proto), "");
  const Files files = printed_proto(*proto);
  EXPECT_EQ(protoc_complaints(files, {"cpp", "java"}), "");
  const std::string& text = files.at("shop.proto");
  EXPECT_THAT(text, HasSubstr("option java_package = \"shop.proto\";"));
  EXPECT_THAT(text, HasSubstr("option (koine.file).source = \"shop.java\";"));
  EXPECT_THAT(text, HasSubstr("message Order_Line {"));
  EXPECT_THAT(text, HasSubstr("  google.protobuf.Timestamp at = 5;"));
  // One message for lists of one kind, whatever the classes are.
  EXPECT_THAT(text, HasSubstr("  repeated Order_Line lines = 2;\n  repeated Order_Line more = 3;"));
  EXPECT_THAT(text, HasSubstr("optional int32 n = 4;"));
  EXPECT_THAT(text, HasSubstr("koine.java_method"));
  // Read again, it is what was derived.
  const auto again = read_proto(files);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(difference(shape_of(*proto), shape_of(*again)), "");
}

TEST(FromJava, BecomesThriftThatTheCompilerTakes) {
  const auto source = read_java({{"shop/Orders.java", shop}});
  const auto thrift = derived(*source, Language::thrift);
  ASSERT_NE(thrift, nullptr);
  const Files files = printed_thrift(*thrift);
  EXPECT_EQ(thrift_complaints(files, {"cpp", "java", "go", "py"}), "");
  const std::string& text = files.at("shop.thrift");
  EXPECT_THAT(text, HasSubstr("namespace java shop.thrift"));
  EXPECT_THAT(
      text,
      HasSubstr("exception Gone {\n  1: optional string message (koine.java_field = \"detailMessage\"),\n"
                "  2: optional PageOfString page,"));
  EXPECT_THAT(text, HasSubstr("i32 count(1: list<Order_Line> lines)"));
  EXPECT_THAT(text, HasSubstr("void end_()"));
  EXPECT_THAT(text, HasSubstr("i32 countByMapDate(\n    1: map<string, binary> blobs,"));
  EXPECT_THAT(text, Not(HasSubstr("RpcStatus")));
}

TEST(FromJava, KnowsWhatItWasDerivedFrom) {
  for (const auto& source : {contract(), read_java({{"shop/Orders.java", shop}})}) {
    const auto thrift = derived(*source, Language::thrift);
    ASSERT_NE(thrift, nullptr);
    const auto is_of_source = [&](const StructType* type) {
      return type != nullptr && source->find_struct(type->full_name) == type;
    };
    for (const StructType& type : thrift->structs()) {
      ASSERT_TRUE(is_of_source(type.origin)) << type.full_name;
      ASSERT_EQ(type.fields.size(), type.origin->fields.size());
      for (std::size_t i = 0; i < type.fields.size(); ++i) {
        EXPECT_EQ(type.fields[i].origin_id, type.origin->fields[i].id) << type.full_name;
        EXPECT_EQ(type.fields[i].id, type.origin->fields[i].id);
      }
    }
    for (const EnumType& type : thrift->enums())
      EXPECT_EQ(source->find_enum(type.origin->full_name), type.origin);
    for (const Service& service : thrift->services()) {
      ASSERT_EQ(source->find_service(service.origin->full_name), service.origin);
      ASSERT_EQ(service.methods.size(), service.origin->methods.size());
      for (const Method& method : service.methods) {
        EXPECT_EQ(method.request->origin, method.origin->request);
        EXPECT_EQ(method.response->origin, method.origin->response);
      }
    }
    for (const File& file : thrift->files()) EXPECT_EQ(file.origin->language, Language::java);
  }
}

TEST(FromJava, NamesANestedInterfaceWithoutItsDot) {
  const auto source =
      read_java({{"shop/Order.java", "package shop; class Order { interface Sub { int f(); } }"}});
  EXPECT_THAT(printed_proto(*derived(*source, Language::proto)).at("shop.proto"),
              HasSubstr("service Order_Sub {"));
  EXPECT_THAT(printed_thrift(*derived(*source, Language::thrift)).at("shop.thrift"),
              HasSubstr("service Order_Sub {"));
}

TEST(FromJava, SaysWhichPackagesNameOneAnother) {
  const auto circles = [](const std::string& type_in_c) {
    const auto source = read_java({{"x/a/A.java", "package x.a; public class A { x.b.B b; x.d.D d; }"},
                                   {"x/b/B.java", "package x.b; public class B { y.c.C c; }"},
                                   {"y/c/C.java", "package y.c; public class C { " + type_in_c + " x; }"},
                                   {"x/d/D.java", "package x.d; public class D { y.c.C c; }"},
                                   {"x/e/E.java", "package x.e; public class E { x.a.A a; }"}});
    std::vector<std::string> both = files_in_circles(*derived(*source, Language::proto));
    for (const std::string& path : files_in_circles(*derived(*source, Language::thrift)))
      both.push_back(path);
    return both;
  };
  EXPECT_THAT(circles("int"), ElementsAre());
  EXPECT_THAT(circles("x.b.B"), ElementsAre("x/b.proto", "y/c.proto", "x/b.thrift", "y/c.thrift"));
  EXPECT_THAT(circles("x.a.A"), ElementsAre("x/a.proto", "x/b.proto", "x/d.proto", "y/c.proto", "x/a.thrift",
                                            "x/b.thrift", "x/d.thrift", "y/c.thrift"));
}

TEST(FromJava, MakesTheContractForBoth) {
  const auto source = contract();
  EXPECT_EQ(inconsistencies(*source, *derived(*source, Language::proto)), "");
  EXPECT_EQ(protoc_complaints(printed_proto(*derived(*source, Language::proto)), {"cpp"}), "");
  // The compiler of 0.17 knows all but one of its types.
  EXPECT_THAT(thrift_complaints(printed_thrift(*derived(*source, Language::thrift)), {"cpp"}),
              EndsWith("\nType \"uuid\" not defined\n"));
}

}  // namespace
}  // namespace koine::idl::derive::testing
