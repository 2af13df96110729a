// What the lexer and the parser take from Java text, what they pass over, and what they refuse.
#include "idl/java/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koine::idl::java {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Parsed {
  FileNode node;
  std::string messages;
};

Parsed parsed(std::string text, std::size_t parts_max = 10'000) {
  SourceFile file{"A.java", "A.java", std::move(text)};
  Report report;
  std::size_t parts = 0;
  Parsed result;
  result.node = Parser(file, report, parts, parts_max).parse();
  result.messages = render(report.take());
  return result;
}

FileNode node_of(const std::string& text) {
  Parsed result = parsed(text);
  EXPECT_EQ(result.messages, "");
  return std::move(result.node);
}

std::string text_of(const TypeNode& type) {
  std::string text = type.name.empty() ? "?" : type.name;
  for (std::size_t i = 0; i < type.arguments.size(); ++i) {
    text += (i == 0 ? "<" : ", ") + text_of(type.arguments[i]);
  }
  if (!type.arguments.empty()) text += ">";
  for (std::size_t i = 0; i < type.dimensions; ++i) text += "[]";
  return text;
}

std::vector<std::string> fields_of(const ClassNode& node) {
  std::vector<std::string> list;
  for (const FieldNode& field : node.fields) list.push_back(text_of(field.type) + " " + field.name);
  return list;
}

std::string text_of(const MethodNode& method) {
  std::string text = text_of(method.result) + " " + method.name + "(";
  for (const FieldNode& one : method.parameters) {
    text += (text.back() == '(' ? "" : ", ") + text_of(one.type) + " " + one.name;
  }
  text += ")";
  for (const TypeNode& one : method.throws) text += " throws " + text_of(one);
  return text;
}

std::vector<std::string> methods_of(const ClassNode& node) {
  std::vector<std::string> list;
  for (const MethodNode& method : node.methods) list.push_back(text_of(method));
  return list;
}

TEST(JavaParser, TakesPackageImportsAndKindsOfClasses) {
  const FileNode file = node_of(
      "@Deprecated package a.b; import java.util.List; import java.util.*; import static a.C.D; ;\n"
      "public final class K<T extends Number & Comparable<T>, U> extends Base<T> implements I, J {}\n"
      "sealed interface I permits K, L {} non-sealed interface L extends I, J {}\n"
      "enum E implements I { A, B(1) { void f() {} }, @Old C; int x; E() {} }\n"
      "record R<T>(@NotNull String name, List<T>... rest) implements I { R { check(name); } static int n; }\n"
      "@interface Mark { int value() default 1; String[] names() default {\"}\"}; }\n");
  EXPECT_EQ(file.package, "a.b");
  ASSERT_EQ(file.imports.size(), 3U);
  EXPECT_EQ(file.imports[0].name, "java.util.List");
  EXPECT_TRUE(file.imports[1].on_demand);
  EXPECT_TRUE(file.imports[2].is_static);
  ASSERT_EQ(file.classes.size(), 6U);
  const ClassNode& k = file.classes[0];
  EXPECT_EQ(k.form, ClassForm::class_);
  ASSERT_EQ(k.type_parameters.size(), 2U);
  EXPECT_EQ(text_of(k.type_parameters[0].bounds.at(1)), "Comparable<T>");
  EXPECT_EQ(text_of(k.bases.at(0)), "Base<T>");
  EXPECT_EQ(k.interfaces.size(), 2U);
  EXPECT_EQ(file.classes[1].form, ClassForm::interface);
  EXPECT_EQ(file.classes[2].bases.size(), 2U);
  const ClassNode& e = file.classes[3];
  EXPECT_EQ(e.form, ClassForm::enumeration);
  ASSERT_EQ(e.constants.size(), 3U);
  EXPECT_EQ(e.constants[2].name, "C");
  EXPECT_THAT(fields_of(file.classes[4]), ElementsAre("String name", "List<T>[] rest"));
  EXPECT_EQ(file.classes[5].form, ClassForm::annotation);
}

TEST(JavaParser, TakesFieldsThatTravelAndPassesOverAllOthers) {
  const FileNode file = node_of(
      "class A {\n"
      "  private static final long serialVersionUID = 1L; transient int skipped; static { run(\"}\"); } { "
      "x(); }\n"
      "  public int a, b[] = {1, 2}, c; final byte @Fixed [] data = new byte[] {'}', '\\''};\n"
      "  java.util.Map<String, List<List<? extends Item>>> groups = new HashMap<String, List<Item>, More>(), "
      "none;\n"
      "  boolean less = a < b, more = a > c; Outer<X>.Inner<Y> inner; Supplier<A> made = () -> { return f(1, "
      "2); };\n"
      "  String text = \"\"\"\n  a \\\"\"\" } ; \"quoted\"\n  \"\"\", quoted = \"\\\"}\"; int shifted = a >> "
      "2 >>> 1;\n"
      "  A(int x) throws Bad { this.x = x; } <T> A(T t) {} int get() { if (a < 1) { return 0; } return 1; }\n"
      "  abstract <T> T cast(Object o); native void run(); class Inner { int z; } enum E { X }\n"
      "}\n");
  ASSERT_EQ(file.classes.size(), 1U);
  EXPECT_THAT(
      fields_of(file.classes[0]),
      ElementsAre("int a", "int[] b", "int c", "byte[] data",
                  "java.util.Map<String, List<List<Item>>> groups",
                  "java.util.Map<String, List<List<Item>>> none", "boolean less", "boolean more",
                  "Outer.Inner<Y> inner", "Supplier<A> made", "String text", "String quoted", "int shifted"));
  EXPECT_THAT(methods_of(file.classes[0]), IsEmpty());
  EXPECT_EQ(file.classes[0].nested.size(), 2U);
}

TEST(JavaParser, TakesMethodsOfInterfacesThatAProviderHas) {
  const FileNode file = node_of(
      "interface A {\n"
      "  int LIMIT = f(1, 2); static A of() { return null; } private int own() { return 1; }\n"
      "  Order place(@Valid final Order order, int... rest) throws BadOrder, shop.Closed;\n"
      "  default int twice(int n) { return n * 2; } <T extends Item> List<? super T> all(Class<T> type);\n"
      "  void none(A this); int old(int a[])[]; interface Deep { void f(); }\n"
      "}\n");
  EXPECT_THAT(
      methods_of(file.classes.at(0)),
      ElementsAre("Order place(Order order, int[] rest) throws BadOrder throws shop.Closed",
                  "int twice(int n)", "List<T> all(Class<T> type)", "void none()", "int[] old(int[] a)"));
  EXPECT_THAT(fields_of(file.classes[0]), IsEmpty());
  EXPECT_EQ(methods_of(file.classes[0].nested.at(0)).size(), 1U);
}

TEST(JavaParser, KeepsDocComments) {
  const FileNode file = node_of(
      "package a; /** Ignored. */ import b.C;\n/**\n * A class.\n * @author x\n */\n@Data public class A {\n"
      "  /** How many. */ @Min(1) int n; /* not this */ int m; // nor this\n  int o; }\n");
  EXPECT_EQ(file.classes.at(0).doc, "A class.\n@author x");
  EXPECT_EQ(file.classes[0].fields.at(0).doc, "How many.");
  EXPECT_EQ(file.classes[0].fields.at(1).doc, "");
  EXPECT_EQ(file.classes[0].fields.at(2).doc, "");
}

TEST(JavaParser, ReadsUnicodeEscapesBeforeAnythingElse) {
  EXPECT_EQ(without_unicode_escapes("a\\u0041\\uuu00e9\\u20AC\\uD83D\\uDE00\\uD800 \\\\u0041 \\u00"),
            "aA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBD \\\\u0041 \\u00");
  const FileNode file = node_of("class \\u0041 \\u007b int \xC3\xA9t\xC3\xA9 = '\\u0027 ; }");
  EXPECT_EQ(file.classes.at(0).name, "A");
  EXPECT_THAT(fields_of(file.classes[0]), ElementsAre("int \xC3\xA9t\xC3\xA9"));
}

TEST(JavaParser, TakesContextualWordsForNames) {
  const FileNode file =
      node_of("class record { record module; int sealed, permits, var, open; record record; }");
  EXPECT_EQ(fields_of(file.classes.at(0)).size(), 6U);
  EXPECT_THAT(node_of("open module a.b { requires java.base; exports a.b; }").classes, IsEmpty());
  EXPECT_EQ(node_of("import module java.base; class A {}").classes.size(), 1U);
}

TEST(JavaParser, PointsAtWhatIsNoDeclaration) {
  EXPECT_EQ(parsed("class A {\n  int a b;\n}").messages,
            "A.java:2:9: error: expected ';' after a field but found 'b' [SYNTAX]\n"
            "    2 |   int a b;\n"
            "      |         ^\n");
  EXPECT_THAT(parsed("class A {").messages, HasSubstr("'A', which begins at line 1, is not closed; add '}'"));
  EXPECT_THAT(parsed("class A { int f() { if (x) { } }").messages,
              HasSubstr("1:33: error: 'A', which begins"));
  EXPECT_THAT(parsed("class A { int a = (1; }").messages, HasSubstr("the '(' of line 1 is not closed"));
  EXPECT_THAT(parsed("interface A { void f(int n, String n); }").messages,
              HasSubstr("1:37: error: two parameters are called 'n'"));
  EXPECT_THAT(parsed("class class {}").messages, HasSubstr("expected a name but found 'class'"));
  EXPECT_THAT(parsed("int a;").messages,
              HasSubstr("expected a class, interface, enum or record but found 'int'"));
  EXPECT_THAT(parsed("class A { } }").messages, HasSubstr("but found '}'"));
  EXPECT_THAT(parsed("class A { String s = \"a\n\"; }").messages,
              HasSubstr("1:22: error: the text that begins"));
  EXPECT_THAT(parsed("class A { String s = \"\"\"\n a; }").messages,
              HasSubstr("1:22: error: the text block"));
  EXPECT_THAT(parsed("/* class A {}").messages, HasSubstr("the comment that begins here has no end"));
  EXPECT_THAT(parsed("class A { int #x; }").messages, HasSubstr("no Java token begins with '#'"));
  EXPECT_THAT(parsed(std::string("\0\0", 2)).messages, HasSubstr("no Java token begins with byte 0x00"));
  EXPECT_THAT(parsed("struct Order { 1: i32 id }").messages, HasSubstr("found 'struct'"));
}

TEST(JavaParser, EndsAtNestingThatNobodyWrites) {
  const auto repeated = [](const std::string& text, std::size_t times) {
    std::string out;
    while (times-- > 0) out += text;
    return out;
  };
  EXPECT_THAT(parsed("class A { " + repeated("List<", 70) + "A" + repeated(">", 70) + " a; }").messages,
              HasSubstr("nested more than 64 deep (nesting_max)"));
  EXPECT_THAT(parsed("class A { int" + repeated("[]", 70) + " a; }").messages, HasSubstr("nested more than"));
  EXPECT_THAT(parsed(repeated("class A { ", 100'000)).messages, HasSubstr("nested more than"));
  EXPECT_THAT(parsed("class A { int a" + repeated(", a", 20'000) + "; }").messages, HasSubstr("[TOO_LARGE]"));
  // Neither takes more than one look at a token.
  EXPECT_EQ(parsed("class A { boolean a = b" + repeated(" < b", 200'000) + "; }").messages, "");
  EXPECT_EQ(parsed("class A { int a = " + repeated("(", 200'000) + repeated(")", 200'000) + "; }").messages,
            "");
}

}  // namespace
}  // namespace koine::idl::java
