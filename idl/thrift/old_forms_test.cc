// Forms of older compilers, and the corners of the grammar that nobody writes: what they are read as, and
// that each is warned of once a file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/dump.h"
#include "idl/thrift/corpus_test_support.h"

namespace koine::idl::thrift {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(ThriftOldForms, NamesTheLanguageOfEveryOldNamespace) {
  ReadResult result = read_text(
      "cpp_namespace a.cpp\n"
      "java_package a.java;\n"
      "cocoa_prefix AC\n"
      "csharp_namespace A.Cs\n"
      "delphi_namespace A.Delphi\n"
      "php_namespace a_php\n"
      "py_module a.py\n"
      "perl_package A.Perl\n"
      "ruby_namespace A.Rb\n"
      "smalltalk_category A-Category\n"
      "smalltalk_prefix Ap\n"
      "xsd_namespace 'http://a/xsd'\n"
      "struct S {}\n");
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_THAT(result.schema->files().front().namespaces,
              ElementsAre(Pair("cocoa", "AC"), Pair("cpp", "a.cpp"), Pair("csharp", "A.Cs"),
                          Pair("delphi", "A.Delphi"), Pair("java", "a.java"), Pair("perl", "A.Perl"),
                          Pair("php", "a_php"), Pair("py", "a.py"), Pair("rb", "A.Rb"),
                          Pair("smalltalk.category", "A-Category"), Pair("smalltalk.prefix", "Ap"),
                          Pair("xsd", "http://a/xsd")));
  EXPECT_NE(result.schema->find_struct("a.java.S"), nullptr);
  EXPECT_EQ(result.diagnostics.size(), 12u);
  EXPECT_THAT(
      render(result.diagnostics[5]),
      HasSubstr("test.thrift:6:1: warning: 'php_namespace' is an old spelling of 'namespace php', and later "
                "compilers refuse it [DEPRECATED]"));
}

TEST(ThriftOldForms, RefusesAnOldNamespaceThatIsNoneOrStandsTooLate) {
  EXPECT_THAT(messages_of("php_namespace { }"),
              HasSubstr("1:15: error: expected the namespace's name after 'php_namespace' but found '{'"));
  EXPECT_THAT(messages_of("struct S {}\npy_module x"),
              HasSubstr("2:1: error: 'py_module' must stand before the first definition"));
}

TEST(ThriftOldForms, TakesDashesInSmalltalksNamespacesAlone) {
  EXPECT_EQ(schema_of("namespace smalltalk.category A-b.c-d\nnamespace st X-y")
                ->files()
                .front()
                .namespaces.at("smalltalk.category"),
            "A-b.c-d");
  EXPECT_THAT(messages_of("namespace py a-b"), HasSubstr("1:15: error: a name cannot hold '-'; use '_'"));
  EXPECT_THAT(messages_of("namespace smalltalk.category a struct b-c {}"),
              HasSubstr("1:40: error: a name cannot hold '-'; use '_'"));
}

TEST(ThriftOldForms, ReadsSlistAndSenumAsText) {
  ReadResult result = read_text(
      "senum Colour { 'red', \"green\"; 'blue' } (a = 'b')\n"
      "struct S { 1: Colour colour = 'red', 2: list<slist> more, 3: slist one }\n");
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  const StructType& type = *result.schema->find_struct("test.S");
  EXPECT_EQ(type_text(*type.fields[0].type), "(Colour) string");
  EXPECT_EQ(type_text(*type.fields[1].type), "list<string>");
  EXPECT_EQ(type_text(*type.fields[2].type), "string");
  ASSERT_EQ(result.diagnostics.size(), 2u) << render(result.diagnostics);
  EXPECT_THAT(render(result.diagnostics[0]), HasSubstr("1:1: warning: 'senum' is no longer part of Thrift"));
  EXPECT_THAT(render(result.diagnostics[1]), HasSubstr("2:46: warning: 'slist' is no longer part of Thrift"));
  EXPECT_THAT(messages_of("senum E { a }"), HasSubstr("expected a value of the senum, or '}', in quotes"));
}

TEST(ThriftOldForms, WarnsOfEachOnceAFile) {
  ReadResult result = read({corpus_directory() + "old_forms.thrift"}, {});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  std::vector<std::string> deprecated;
  for (const Diagnostic& one : result.diagnostics) {
    if (one.rule == "DEPRECATED") deprecated.push_back(one.message.substr(0, one.message.find(' ')));
  }
  EXPECT_THAT(deprecated, ElementsAre("'xsd_all'", "'byte'", "'cpp_type'", "'xsd_optional'", "'xsd_nillable'",
                                      "'xsd_attrs'", "'async'"));
}

TEST(ThriftOldForms, TakesTrueAndFalseForIntegersWhereTheCompilerDoes) {
  auto schema = schema_of("enum E { A = true, B, C = false } struct S { true: E a }");
  EXPECT_EQ(schema->find_enum("test.E")->values[0].number, 1);
  EXPECT_EQ(schema->find_enum("test.E")->values[1].number, 2);
  EXPECT_EQ(schema->find_enum("test.E")->values[2].number, 0);
  EXPECT_EQ(schema->find_struct("test.S")->fields[0].id, 1);
}

TEST(ThriftOldForms, CountsEveryPositiveNumberAsTrueAndSaysSo) {
  ReadResult result = read_text("const bool A = 2 const bool B = -1 const bool C = 1");
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  std::vector<std::string> values;
  for (const Constant* constant : result.schema->files().front().constants) {
    values.push_back(value_text(constant->value));
  }
  EXPECT_THAT(values, ElementsAre("true", "false", "true"));
  EXPECT_EQ(result.diagnostics.size(), 2u);
  EXPECT_THAT(render(result.diagnostics),
              HasSubstr("a bool of -1 counts as false; write that [BOOL_NUMBER]"));
}

TEST(ThriftOldForms, ReadsTextsOfSeveralLinesWithAWarning) {
  ReadResult result = read_text("const string A = 'one\n  two'\nstruct S {} (a = \"x\n\ny\")\n");
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(std::get<std::string>(result.schema->files().front().constants.front()->value.data),
            "one\n  two");
  EXPECT_EQ(*find_annotation(result.schema->find_struct("test.S")->annotations, "a"), "x\n\ny");
  ASSERT_EQ(result.diagnostics.size(), 2u);
  EXPECT_THAT(render(result.diagnostics[1]),
              HasSubstr("3:18: warning: the text that begins here goes over several"));
}

TEST(ThriftOldForms, LeavesWordsOfOtherDialectsToBeNames) {
  auto schema = schema_of(
      "struct interaction { 1: i32 senum } typedef interaction senum typedef i32 package\n"
      "struct S { 1: interaction a, senum b, 3: package php_namespace }\n"
      "service V { interaction f(senum a) package g() }");
  EXPECT_EQ(schema->find_struct("test.S")->fields.size(), 3u);
  EXPECT_EQ(schema->find_service("test.V")->methods.size(), 2u);
}

}  // namespace
}  // namespace koine::idl::thrift
