// Files that were made to take all memory or all time. Nothing is measured here: sizes are such that anything
// that grows faster than they do would not come to an end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/java/reader_test_support.h"

namespace koine::idl::java {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

std::string number(std::size_t i) { return std::to_string(i); }

std::string told(const std::string& text, const Bounds& bounds = {}) {
  return render(
      read_files({{"shop/A.java", "package shop; import java.util.*;\n" + text}}, {}, bounds).diagnostics);
}

TEST(HostileJava, EndsAtGenericClassesThatUseThemselvesWithMore) {
  EXPECT_THAT(told("interface S { A<String> f(); } class A<T> { A<A<T>> a; }"), HasSubstr("[TYPE_DEPTH]"));
  EXPECT_THAT(told("interface S { A<String> f(); } class A<T> { A<List<T>[]> a; }"),
              HasSubstr("[TYPE_DEPTH]"));
  EXPECT_THAT(told("interface S { P<String, Long> f(); }\n"
                   "class P<X, Y> { P<P<X, Y>, P<Y, X>> a; P<P<Y, X>, Y> b; P<X, P<X, X>> c; P<Y, X> d; }"),
              AnyOf(HasSubstr("[TOO_LARGE]"), HasSubstr("[TYPE_DEPTH]")));
  EXPECT_THAT(told("interface S { B f(); } class A<T> { T t; } class B extends A<B> { A<A<B>> a; }"),
              testing::Not(HasSubstr("error")));
  EXPECT_THAT(
      told("interface S extends I<String> { void f(); } interface I<T> extends I<List<T>> { T g(); }"),
      AnyOf(HasSubstr("[EXTENDS_DEPTH]"), HasSubstr("[CIRCULAR_EXTENDS]")));
}

TEST(HostileJava, EndsAtRowsOfSuperclassesAndInterfaces) {
  std::string classes = "interface S { A0 f(); } class A0 {}\n";
  std::string interfaces = "interface I0 { int f(); }\n";
  for (std::size_t i = 1; i <= 1000; ++i) {
    classes += "class A" + number(i) + " extends A" + number(i - 1) + " { int f" + number(i) + "; }\n";
    interfaces += "interface I" + number(i) + " extends I" + number(i - 1) + " {}\n";
  }
  EXPECT_EQ(told(classes), "");  // those that nobody uses
  EXPECT_THAT(told("interface T { A1000 f(); } " + classes), HasSubstr("[EXTENDS_DEPTH]"));
  EXPECT_THAT(told(interfaces), HasSubstr("[EXTENDS_DEPTH]"));
}

TEST(HostileJava, GoesOnceThroughInterfacesThatMeetAgain) {
  std::string text = "interface L0 { int f(); class Deep { int n; } } interface R0 { int g(); }\n";
  for (std::size_t i = 1; i <= 60; ++i) {
    const std::string both = " extends L" + number(i - 1) + ", R" + number(i - 1) + " {}\n";
    text += "interface L" + number(i) + both + "interface R" + number(i) + both;
  }
  const ReadResult result =
      read_text(text + "interface Top extends L60, R60 { Deep deep(); Missing none(); }");
  EXPECT_THAT(render(result.diagnostics), HasSubstr("'Missing'"));
  EXPECT_NE(read_text(text + "interface Top extends L60, R60 { Deep deep(); }").schema, nullptr);
}

TEST(HostileJava, BoundsWhatSubclassesAndServicesCopy) {
  std::string text = "class Wide { int a";
  for (std::size_t i = 0; i < 1000; ++i) text += ", f" + number(i);
  text += "; }\n";
  for (std::size_t i = 0; i < 2000; ++i) text += "class C" + number(i) + " extends Wide {}\n";
  EXPECT_THAT(told(text), HasSubstr("[TOO_LARGE]"));

  std::string services = "interface Base { int a(); ";
  for (std::size_t i = 0; i < 500; ++i) services += "int f" + number(i) + "(); ";
  services += "}\n";
  for (std::size_t i = 0; i < 500; ++i) services += "interface S" + number(i) + " extends Base {}\n";
  EXPECT_THAT(told(services), HasSubstr("[TOO_LARGE]"));
}

TEST(HostileJava, FollowsNamesInAnyDepth) {
  // Bounds of variables that name one another.
  std::string variables = "interface S { <T0 extends T1";
  for (std::size_t i = 1; i < 5000; ++i)
    variables += ", T" + number(i) + " extends List<T" + number(i + 1) + ">";
  EXPECT_NE(read_text(variables + "> void f(T0 t); int g(); }").schema, nullptr);

  // Classes that hold one another.
  std::string held = "interface S { C0 f(); }\n";
  for (std::size_t i = 0; i < 20'000; ++i) held += "class C" + number(i) + " { C" + number(i + 1) + " c; }\n";
  EXPECT_NE(read_text(held + "class C20000 { int n; }").schema, nullptr);

  // Files that lead to one another by what they import.
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < 2000; ++i) {
    files["p" + number(i) + "/A.java"] = "package p" + number(i) + "; import static p" + number(i + 1) +
                                         ".A.*; public class A extends B { Nowhere n; }";
  }
  files["p0/S.java"] = "package p0; public interface S { A a(); }";
  EXPECT_THAT(render(read_files(files).diagnostics), HasSubstr("is in no file"));
}

TEST(HostileJava, BoundsFilesThatAreFoundByTheirNames) {
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < 200; ++i) {
    files["shop/C" + number(i) + ".java"] =
        "package shop; public class C" + number(i) + " { C" + number(i + 1) + " c; }";
  }
  files["shop/C200.java"] = "package shop; public class C200 { int n; }";
  files["shop/S.java"] = "package shop; public interface S { C0 c(); }";
  EXPECT_NE(read_files(files, {"shop/S.java"}).schema, nullptr);
  Bounds few;
  few.files_max = 100;
  EXPECT_THAT(render(read_files(files, {"shop/S.java"}, few).diagnostics), HasSubstr("[TOO_LARGE]"));
  Bounds small;
  small.bytes_max = 2000;
  EXPECT_THAT(render(read_files(files, {"shop/S.java"}, small).diagnostics), HasSubstr("[TOO_LARGE]"));
}

TEST(HostileJava, KeepsNamesShort) {
  const std::string name(1100, 'a');
  EXPECT_THAT(told("class " + name + " {}"), HasSubstr("longer than 1024 bytes"));
  EXPECT_THAT(told("class A { a." + std::string(1000, 'b') + "." + std::string(1000, 'c') + " f; }"),
              HasSubstr("the name is too long"));
  const std::string half(600, 'a');
  EXPECT_THAT(told("class " + half + " { class b" + half + " {} }"),
              HasSubstr("the full name is longer than"));
}

}  // namespace
}  // namespace koine::idl::java
