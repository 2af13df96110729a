// What the reader makes of Java: names, types, presence, generics, inheritance, services.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/dump.h"
#include "idl/java/reader_test_support.h"

namespace koine::idl::java {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> fields_of(const StructType* type) {
  std::vector<std::string> list;
  if (type == nullptr) return {"no such struct"};
  for (const Field& field : type->fields) list.push_back(field.name + ": " + type_text(*field.type));
  return list;
}

std::vector<std::string> methods_of(const Schema& schema, const std::string& service) {
  std::vector<std::string> list;
  const Service* found = schema.find_service(service);
  if (found == nullptr) return {"no such service"};
  for (const Method& method : found->methods) {
    const std::string* signature = find_annotation(method.annotations, java_signature_annotation);
    const std::string* name = find_annotation(method.annotations, java_method_annotation);
    list.push_back(method.name + " " + *signature + (name == nullptr ? "" : " = " + *name));
  }
  return list;
}

// The type of a field that is written so.
std::string type_of(const std::string& written) {
  const auto schema = schema_of("class E {} enum Colour { RED } class A { " + written + " f; }");
  const StructType* type = schema->find_struct("shop.A");
  return type == nullptr || type->fields.size() != 1 ? "left out" : type_text(*type->fields[0].type);
}

const std::string* class_of(const Schema& schema, const std::string& name) {
  return find_annotation(schema.find_struct(name)->annotations, java_class_annotation);
}

TEST(JavaReader, KnowsTheJdksTypesByWhatTheyAreElsewhere) {
  EXPECT_EQ(type_of("boolean"), "bool");
  EXPECT_EQ(type_of("float"), "f32");
  EXPECT_EQ(type_of("char[]"), "string");
  EXPECT_EQ(type_of("byte[]"), "bytes");
  EXPECT_EQ(type_of("byte[][]"), "list<bytes> as byte[][]");
  EXPECT_EQ(type_of("Byte[]"), "list<i8 as java.lang.Byte> as java.lang.Byte[]");
  EXPECT_EQ(type_of("E[][]"), "list<list<shop.E> as shop.E[]> as shop.E[][]");
  EXPECT_EQ(type_of("List<Colour>"), "list<shop.Colour>");
  EXPECT_EQ(type_of("Iterable<? extends E>"), "list<shop.E>");
  EXPECT_EQ(type_of("LinkedList<? super Long>"), "list<i64 as java.lang.Long> as java.util.LinkedList");
  EXPECT_EQ(type_of("TreeSet<String>"), "set<string> as java.util.TreeSet");
  EXPECT_EQ(type_of("HashMap<UUID, Set<Date>>"), "map<uuid as java.util.UUID, set<i64 as java.util.Date>>");
  EXPECT_EQ(type_of("java.util.concurrent.ConcurrentMap<Character, E>"),
            "map<string as java.lang.Character, shop.E> as java.util.concurrent.ConcurrentMap");
  EXPECT_EQ(type_of("Optional<Integer>"), "i32 as java.lang.Integer");
  EXPECT_EQ(type_of("java.time.ZonedDateTime"), "string as java.time.ZonedDateTime");
  EXPECT_EQ(type_of("Locale"), "string as java.util.Locale");
  EXPECT_EQ(type_of("java.time.Instant[]"),
            "list<google.protobuf.Timestamp as java.time.Instant> as java.time.Instant[]");
  // Nobody uses the class, so nobody has to hear of it.
  EXPECT_EQ(type_of("Object"), "left out");
  EXPECT_EQ(type_of("List"), "left out");
  EXPECT_EQ(type_of("Map<String, ?>"), "left out");
  EXPECT_EQ(type_of("java.io.InputStream"), "left out");
  EXPECT_EQ(type_of("Missing"), "left out");
}

TEST(JavaReader, TellsWhatMayBeAbsent) {
  const auto schema = schema_of("class A { int a; Integer b; byte[] c; List<String> d; Optional<Long> e; }");
  std::vector<Presence> list;
  for (const Field& field : schema->find_struct("shop.A")->fields) list.push_back(field.presence);
  EXPECT_THAT(list, ElementsAre(Presence::implicit, Presence::optional, Presence::optional,
                                Presence::optional, Presence::optional));
}

TEST(JavaReader, SaysTheUnitOfDates) {
  const auto schema = schema_of(
      "class A { Date a; List<java.sql.Timestamp> b; long c; } interface S { Date when(Date at); }");
  const StructType* type = schema->find_struct("shop.A");
  for (const Field* field :
       {&type->fields[0], &type->fields[1], &schema->services()[0].methods[0].request->fields[0],
        &schema->services()[0].methods[0].response->fields[0]}) {
    EXPECT_EQ(*find_annotation(field->annotations, "koine.unit"), "ms");
    EXPECT_EQ(*find_annotation(field->annotations, "koine.as"), "instant");
  }
  EXPECT_THAT(type->fields[2].annotations, IsEmpty());
}

TEST(JavaReader, FindsNamesAsJavacDoes) {
  const ReadResult result = read_files({
      {"a/A.java",
       "package a; import b.B; import b.Outer.*; import static c.Other.Deep; import d.*;\n"
       "class A extends Base { B imported; Inner onDemand; Deep byStatic; D fromD; Same samePackage; Nested "
       "inherited;\n"
       "  b.Outer.Inner qualified; Own own; String text; class Own { Own again; Nested outer; } }"},
      {"a/Base.java",
       "package a; class Base { public static class Nested { int n; } } class Same { int s; }"},
      {"b/B.java", "package b; public class B { int x; }"},
      {"b/Outer.java", "package b; public class Outer { public static class Inner { int y; } }"},
      {"c/Other.java", "package c; public class Other { public static class Deep { int z; } }"},
      {"d/D.java", "package d; public class D { int d; } class String {}"},
  });
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_THAT(fields_of(result.schema->find_struct("a.A")),
              ElementsAre("imported: b.B", "onDemand: b.Outer.Inner", "byStatic: c.Other.Deep", "fromD: d.D",
                          "samePackage: a.Same", "inherited: a.Base.Nested", "qualified: b.Outer.Inner",
                          "own: a.A.Own", "text: d.String"));
  EXPECT_THAT(fields_of(result.schema->find_struct("a.A.Own")),
              ElementsAre("again: a.A.Own", "outer: a.Base.Nested"));
  EXPECT_EQ(*class_of(*result.schema, "b.Outer.Inner"), "b.Outer$Inner");
  EXPECT_EQ(class_of(*result.schema, "b.B"), nullptr);
}

TEST(JavaReader, LooksForOtherClassesWhereTheirPackageLies) {
  const std::map<std::string, std::string> files = {
      {"src/shop/api/S.java",
       "package shop.api; import shop.data.*; public interface S { Order get(Key key); }"},
      {"src/shop/api/Key.java", "package shop.api; public class Key { int n; }"},
      {"src/shop/api/Unused.java", "package shop.api; public class"},
      {"src/shop/data/Order.java", "package shop.data; public class Order { State state; } "},
      {"src/shop/data/State.java", "package shop.data; public enum State { OPEN }"},
      {"src/shop/data/Other.java", "package shop.data; public interface Other { void f(); }"},
  };
  const ReadResult result = read_files(files, {"src/shop/api/S.java"});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(result.schema->services().size(), 1U);
  EXPECT_THAT(fields_of(result.schema->find_struct("shop.data.Order")),
              ElementsAre("state: shop.data.State"));
}

TEST(JavaReader, PutsSuperclassesFieldsFirst) {
  const auto schema = schema_of(
      "abstract class Base<T> { T id; transient int skipped; static int none; } class Mid extends Base<Long> "
      "{ int a; }\n"
      "final class Leaf extends Mid implements java.io.Serializable { int b; }");
  EXPECT_THAT(fields_of(schema->find_struct("shop.Leaf")),
              ElementsAre("id: i64 as java.lang.Long", "a: i32", "b: i32"));
  EXPECT_EQ(schema->find_struct("shop.Base"), nullptr);
}

TEST(JavaReader, ReadsTheSubclassesFieldOfTwoOfOneName) {
  const std::string text = "class Base { String id; int a; } class Leaf extends Base { long id; }";
  const auto schema = schema_of(text);
  EXPECT_THAT(fields_of(schema->find_struct("shop.Leaf")), ElementsAre("a: i32", "id: i64"));
  EXPECT_EQ(schema->find_struct("shop.Leaf")->fields[1].id, 2);
  EXPECT_THAT(messages_of(text),
              HasSubstr("shop/A.java:2:65: warning: 'id' is a field of a superclass as well, at "
                        "shop/A.java:2; of the two this one is read and written."));
}

TEST(JavaReader, MakesARecordAStructOfItsComponents) {
  EXPECT_THAT(
      fields_of(schema_of("record R(String name, int... rest) { static int none; }")->find_struct("shop.R")),
      ElementsAre("name: string", "rest: list<i32> as int[]"));
}

TEST(JavaReader, NumbersEnumsByPosition) {
  const auto schema =
      schema_of("class O { enum E { /** One. */ A(7), B { int f() { return 1; } }; E() {} } }");
  const EnumType* type = schema->find_enum("shop.O.E");
  ASSERT_NE(type, nullptr);
  EXPECT_EQ(type->name, "O.E");
  EXPECT_EQ(type->values[0].doc, "One.");
  EXPECT_EQ(type->find_value(1)->name, "B");
  EXPECT_EQ(*find_annotation(type->annotations, java_class_annotation), "shop.O$E");
}

TEST(JavaReader, BeginsExceptionsWithTheirMessage) {
  const auto schema = schema_of(
      "class Base extends RuntimeException { int code; } class Leaf extends Base { String message; }\n"
      "class Other extends java.io.IOException {} class Fault extends Error { int code; }");
  EXPECT_THAT(fields_of(schema->find_struct("shop.Base")), ElementsAre("message: string", "code: i32"));
  EXPECT_THAT(fields_of(schema->find_struct("shop.Leaf")), ElementsAre("code: i32", "message: string"));
  EXPECT_THAT(fields_of(schema->find_struct("shop.Other")), ElementsAre("message: string"));
  EXPECT_EQ(schema->find_struct("shop.Fault")->form, StructForm::exception);
}

TEST(JavaReader, MakesAStructOfEachUseOfAGenericClass) {
  const auto schema = schema_of(
      "class Result<T> { T data; List<T> all; Result<T> next; Result<String> text; } class Item { int n; }\n"
      "class Two<A, B extends Number> { A a; Map<String, A> b; }\n"
      "class Use { Result<Item> one; Result<List<Item[]>> many; Two<Item, Long> two; Raw<?> raw; Bound<?> "
      "bound; }\n"
      "class Raw<T> { int n; } class Bound<T extends Item> { T t; }");
  EXPECT_THAT(fields_of(schema->find_struct("shop.Use")),
              ElementsAre("one: shop.ResultOfItem", "many: shop.ResultOfListOfItemArray",
                          "two: shop.TwoOfItemAndLong", "raw: shop.RawOfObject", "bound: shop.BoundOfItem"));
  EXPECT_THAT(fields_of(schema->find_struct("shop.ResultOfItem")),
              ElementsAre("data: shop.Item", "all: list<shop.Item>", "next: shop.ResultOfItem",
                          "text: shop.ResultOfString"));
  EXPECT_EQ(*class_of(*schema, "shop.ResultOfListOfItemArray"), "shop.Result");
  EXPECT_EQ(schema->find_struct("shop.Result"), nullptr);
}

TEST(JavaReader, TellsUsesOfOneNameApart) {
  const ReadResult result = read_files({{"a/A.java",
                                         "package a; public class A { R<Item> own; R<b.Item> other; } class "
                                         "R<T> { T t; } class Item { int n; }"},
                                        {"b/Item.java", "package b; public class Item { int m; }"}});
  ASSERT_NE(result.schema, nullptr);
  EXPECT_THAT(fields_of(result.schema->find_struct("a.A")),
              ElementsAre("own: a.ROfItem", "other: a.ROfItem2"));
  EXPECT_THAT(fields_of(result.schema->find_struct("a.ROfItem2")), ElementsAre("t: b.Item"));
}

TEST(JavaReader, TakesAClassThatExtendsACollectionForThatCollection) {
  EXPECT_THAT(
      fields_of(
          schema_of("class Tags extends ArrayList<String> {} class Index<V> extends HashMap<String, V> {}\n"
                    "class A { Tags tags; Index<Tags> index; }")
              ->find_struct("shop.A")),
      ElementsAre("tags: list<string> as shop.Tags",
                  "index: map<string, list<string> as shop.Tags> as shop.Index"));
}

TEST(JavaReader, MakesAServiceOfAnInterfaceThatIsNoValue) {
  const auto schema = schema_of(
      "/** Orders. */ interface Orders { /** Finds. */ Item find(long id) throws Gone, java.io.IOException; "
      "void drop();\n"
      "  java.util.concurrent.CompletableFuture<Item> later(); java.util.concurrent.CompletableFuture<Void> "
      "none();\n"
      "  default int twice(int n) { return 2 * n; } static int no() { return 1; } }\n"
      "interface Empty {} interface Shape { int area(); } class Holder { Shape shape; int n; }\n"
      "interface Draws { int draw(Shape shape); int hold(int n); } interface Generic<T> { void f(T t); }\n"
      "class Item { int n; } class Gone extends Exception {}");
  EXPECT_THAT(methods_of(*schema, "shop.Orders"),
              ElementsAre("find J", "drop ", "later ", "none ", "twice I"));
  EXPECT_THAT(methods_of(*schema, "shop.Draws"), ElementsAre("hold I"));
  EXPECT_EQ(schema->services().size(), 2U);
  const Service& orders = *schema->find_service("shop.Orders");
  EXPECT_EQ(orders.doc, "Orders.");
  EXPECT_EQ(orders.methods[0].doc, "Finds.");
  EXPECT_EQ(orders.methods[0].request->full_name, "shop.Orders.find_args");
  EXPECT_EQ(orders.methods[0].request->role, StructRole::arguments);
  EXPECT_THAT(fields_of(orders.methods[0].response), ElementsAre("success: shop.Item", "gone: shop.Gone"));
  EXPECT_THAT(fields_of(orders.methods[1].response), IsEmpty());
  EXPECT_THAT(fields_of(orders.methods[2].response), ElementsAre("success: shop.Item"));
  EXPECT_THAT(fields_of(orders.methods[3].response), IsEmpty());
}

TEST(JavaReader, GivesEachOverloadANameOfItsOwn) {
  const auto schema = schema_of(
      "interface S { int f(String s); int f(int[] a, List<E> b); int f(); int f(E e); int f(O.E e); int "
      "fByString();\n"
      "  int f(int n); } class E { int n; } class O { static class E { int n; } }");
  EXPECT_THAT(methods_of(*schema, "shop.S"),
              ElementsAre("fByString2 Ljava/lang/String; = f", "fByIntArrayList [ILjava/util/List; = f", "f ",
                          "fByE Lshop/E; = f", "fByE2 Lshop/O$E; = f", "fByString ", "fByInt I = f"));
}

TEST(JavaReader, FlattensWhatAnInterfaceExtends) {
  const auto schema = schema_of(
      "interface Base { int a(); int b(int n); } interface Other { int c(); }\n"
      "interface Crud<T, K extends Comparable<K>> { T get(K key); void put(T value); }\n"
      "interface Plain extends Base, Other { int d(); int c(); }\n"
      "interface Anew extends Base { int a(); } interface More extends Base { int b(); }\n"
      "interface Users extends Crud<User, Long>, java.io.Serializable { User get(Long key); } class User { "
      "int n; }");
  const Service& plain = *schema->find_service("shop.Plain");
  EXPECT_THAT(methods_of(*schema, "shop.Plain"), ElementsAre("d ", "c ", "a ", "b I"));
  EXPECT_EQ(plain.base, "shop.Base");
  EXPECT_EQ(plain.own_methods, 2U);
  EXPECT_EQ(plain.methods[2].request, schema->find_service("shop.Base")->methods[0].request);
  // What is declared anew or overloaded is the interface's own.
  EXPECT_EQ(schema->find_service("shop.Anew")->base, "");
  EXPECT_THAT(methods_of(*schema, "shop.Anew"), ElementsAre("a ", "b I"));
  EXPECT_THAT(methods_of(*schema, "shop.More"), ElementsAre("b ", "a ", "bByInt I = b"));
  EXPECT_EQ(schema->find_service("shop.More")->own_methods, 3U);
  // A JVM knows the inherited one by its variables' bounds.
  EXPECT_THAT(methods_of(*schema, "shop.Users"),
              ElementsAre("get Ljava/lang/Long;", "put Ljava/lang/Object;"));
  EXPECT_THAT(fields_of(schema->find_struct("shop.Users.put_args")), ElementsAre("value: shop.User"));
}

TEST(JavaReader, ErasesTypesToTheirBounds) {
  EXPECT_THAT(
      methods_of(
          *schema_of("interface S { <T extends E & Comparable<T>> void f(T t, List<? extends T>[] l, O.I i, "
                     "boolean... b); <K extends Enum<K>> int g(int k); }\n"
                     "class E { int n; } class O { class I { int n; } }"),
          "shop.S"),
      ElementsAre("f Lshop/E;[Ljava/util/List;Lshop/O$I;[Z", "g I"));
}

TEST(JavaReader, LeavesOutMethodsWhoseValuesHaveNoForm) {
  const std::string text =
      "interface S {\n  int fine();\n  Holder held();\n  void raw(List list);\n  void in(java.io.InputStream "
      "in);\n"
      "  <T> void any(T t);\n  void flow(java.util.stream.Stream<String> s);\n}\n"
      "class Holder { Inner inner; } class Inner { Map<String, Object> extra; }";
  EXPECT_THAT(methods_of(*schema_of(text), "shop.S"), ElementsAre("fine "));
  const std::string told = messages_of(text);
  EXPECT_THAT(told, HasSubstr("shop/A.java:4:10: warning: 'held' is left out of 'S': 'Inner.extra' is a "
                              "'java.lang.Object': what comes, only its sender knows [JAVA_DYNAMIC]"));
  EXPECT_THAT(told, HasSubstr("'raw' is left out of 'S': 'list' of 'raw' is a 'java.util.List' of anything"));
  EXPECT_THAT(told,
              HasSubstr("'in' of 'in' is a 'java.io.InputStream', which has no form in other languages"));
  EXPECT_THAT(told, HasSubstr("'any' is left out"));
  EXPECT_THAT(told, HasSubstr("streams have no form here [JAVA_NO_FORM]"));
}

TEST(JavaReader, SaysWhatIsInNoFile) {
  EXPECT_EQ(messages_of("interface S { Holder f(); } class Holder { other.Missing m; }"),
            "shop/A.java:2:44: error: 'Holder.m' is a 'other.Missing', which is in no file; read its source "
            "as well "
            "[UNKNOWN_TYPE]\n"
            "    2 | interface S { Holder f(); } class Holder { other.Missing m; }\n"
            "      |                                            ^\n");
  EXPECT_THAT(messages_of("interface S { A f(); } class A extends Missing {}"),
              HasSubstr("'A' extends 'Missing', which is in no file"));
  EXPECT_THAT(messages_of("interface S extends Missing { int f(); }"), HasSubstr("'S' extends 'Missing'"));
  EXPECT_THAT(
      messages_of("interface S { int f() throws Missing; }"),
      HasSubstr("warning: 'Missing' is declared in no file that is read; it arrives as an error of no type"));
  EXPECT_THAT(messages_of("interface S { int f() throws A; } class A {}"),
              HasSubstr("'shop.A' of 'throws' is no exception"));
  EXPECT_THAT(messages_of("class A {} class A {}"),
              HasSubstr("'shop.A' is already defined in shop/A.java:2"));
  EXPECT_THAT(messages_of("interface S { int f() }"), HasSubstr("[SYNTAX]"));
  const ReadResult none = read_files({{"shop/A.java", ""}}, {"shop/B.java"});
  EXPECT_THAT(render(none.diagnostics), HasSubstr("[FILE]"));
}

TEST(JavaReader, FindsClassesThatLeadBackToThemselves) {
  EXPECT_THAT(messages_of("interface S { A f(); } class A extends B {} class B extends A {}"),
              HasSubstr("extends itself, by way of others [CIRCULAR_EXTENDS]"));
  EXPECT_THAT(messages_of("interface S extends T { int f(); } interface T extends S {}"),
              HasSubstr("[CIRCULAR_EXTENDS]"));
  EXPECT_EQ(messages_of("class A { A a; B b; } class B { List<A> a; } class C<T extends Comparable<T>> {}"),
            "");
}

}  // namespace
}  // namespace koine::idl::java
