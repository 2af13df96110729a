// What the lexer and the parser refuse, word for word with caret, and how they go on behind a mistake.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/report.h"
#include "idl/thrift/corpus_test_support.h"

namespace koine::idl::thrift {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ThriftParser, PointsAtTheTokenThatDoesNotFit) {
  EXPECT_EQ(messages_of("struct Order {\n\t1 i64 id,\n}\n"),
            "test.thrift:2:4: error: expected ':' after the field's id but found 'i64' [SYNTAX]\n"
            "    2 | \t1 i64 id,\n"
            "      | \t  ^\n");
  EXPECT_EQ(messages_of("enum E { A = \"x\" }"),
            "test.thrift:1:14: error: expected the number of 'A' after '=' but found \"x\" [SYNTAX]\n"
            "    1 | enum E { A = \"x\" }\n"
            "      |              ^\n");
  EXPECT_EQ(
      messages_of("service S {\n  void f(1: i32 a"),
      "test.thrift:2:18: error: expected ')' at the end of the arguments of 'f' but found the end of the "
      "file [SYNTAX]\n"
      "    2 |   void f(1: i32 a\n"
      "      |                  ^\n");
}

TEST(ThriftParser, ShowsTheMistakesOfSeveralDefinitions) {
  EXPECT_EQ(
      messages_of("struct A { 1 i32 a }\n"
                  "enum E { X = }\n"
                  "struct Fine { 1: i32 struct, 2: i32 service }\n"
                  "typdef i32 T\n"
                  "service S { void f( }\n"
                  "const i32 = 3\n"),
      "test.thrift:1:14: error: expected ':' after the field's id but found 'i32' [SYNTAX]\n"
      "    1 | struct A { 1 i32 a }\n"
      "      |              ^\n"
      "test.thrift:2:14: error: expected the number of 'X' after '=' but found '}' [SYNTAX]\n"
      "    2 | enum E { X = }\n"
      "      |              ^\n"
      "test.thrift:4:1: error: unknown definition 'typdef'; did you mean 'typedef'? [SYNTAX]\n"
      "    4 | typdef i32 T\n"
      "      | ^\n"
      "test.thrift:5:21: error: expected ')' at the end of the arguments of 'f' but found '}' [SYNTAX]\n"
      "    5 | service S { void f( }\n"
      "      |                     ^\n"
      "test.thrift:6:11: error: expected the name of the const but found '=' [SYNTAX]\n"
      "    6 | const i32 = 3\n"
      "      |           ^\n");
}

TEST(ThriftParser, NoticesAMissingBraceAtTheNextDefinition) {
  EXPECT_EQ(messages_of("struct A {\n  1: i32 a\nstruct B { 1: i32 x }\n"),
            "test.thrift:3:1: error: expected '}' at the end of struct 'A' but found 'struct' [SYNTAX]\n"
            "    3 | struct B { 1: i32 x }\n"
            "      | ^\n");
  EXPECT_THAT(messages_of("enum A {\n  X\nstruct B { 1: i32 x }\n"),
              HasSubstr("3:1: error: expected '}' at the end of enum 'A' but found 'struct'"));
  EXPECT_THAT(messages_of("service A {\n  void f()\nenum B { X }\n"),
              HasSubstr("3:1: error: expected '}' at the end of service 'A' but found 'enum'"));
  EXPECT_THAT(messages_of("struct A { 1: i32 a }}"), HasSubstr("'}' closes nothing here"));
}

struct Refused {
  const char* text;
  const char* message;  // part of the only error
};
void PrintTo(const Refused& refused, std::ostream* out) { *out << refused.text; }
class Syntax : public ::testing::TestWithParam<Refused> {};

TEST_P(Syntax, IsRefusedWithWhatToDo) {
  ReadResult result = read_text(GetParam().text);
  EXPECT_EQ(result.schema, nullptr);
  ASSERT_GE(result.diagnostics.size(), 1u);
  EXPECT_THAT(render(result.diagnostics[0]), HasSubstr(GetParam().message));
  EXPECT_EQ(to_status(result.diagnostics).reason(), base::Reason::idl_syntax);
}

INSTANTIATE_TEST_SUITE_P(
    ThriftParser, Syntax,
    ::testing::Values(
        Refused{"/* open", "1:1: error: the comment that begins here has no end; close it with '*/'"},
        Refused{"const string A = 'x\n", "1:18: error: the text that begins here is not closed on its line"},
        Refused{"const string A = \"\\q\"", "1:19: error: unknown escape; Thrift knows"},
        Refused{"const i64 A = 18446744073709551616",
                "the integer 18446744073709551616 does not fit 64 bits"},
        Refused{"const i64 A = -9223372036854775809",
                "the integer -9223372036854775809 does not fit 64 bits"},
        Refused{"const double A = 1e999", "1:18: error: the number 1e999 does not fit a double"},
        Refused{"const double A = 1.", "1:19: error: no Thrift token begins with '.'; remove it"},
        Refused{"const i32 A = 3x", "1:16: error: a letter directly after a number"},
        Refused{"struct a-b {}", "1:9: error: a name cannot hold '-'; use '_'"},
        Refused{"struct a.b {}", "1:8: error: the name 'a.b' cannot hold a dot"},
        Refused{"interaction A {}", "unknown definition 'interaction'; it is fbthrift's"},
        Refused{"struct A { 1: void x }", "'void' is the result of a method only"},
        Refused{"typedef i32 string", "'string' is a type of Thrift itself; choose another name"},
        Refused{"enum E { A = 2147483648 }", "the enum value 2147483648 does not fit an i32"},
        Refused{"enum E { A = -2147483649 }", "the enum value -2147483649 does not fit an i32"},
        Refused{"struct A {} namespace java x", "'namespace' must stand before the first definition"},
        Refused{"struct A {} include 'x.thrift'", "'include' must stand before the first definition"},
        Refused{"struct A { 1: i32 a (x = 3) }", "expected the annotation's value in quotes but found '3'"},
        Refused{"struct A { 1: map<i32> a }", "expected ',' between the key and the value type of a map"},
        Refused{"struct A { 1: list<i32 a }", "expected '>' at the end of the list's type but found 'a'"},
        Refused{"const map<i32,i32> A = {1, 2}", "expected ':' between a key and its value but found ','"},
        Refused{"include <x>", "expected the included file's name in quotes but found '<'"},
        Refused{"namespace 3 x", "expected a language or '*' after 'namespace'"},
        Refused{"service S extends { }",
                "expected the extended service's name after 'extends' but found '{'"},
        Refused{"@annotation struct A {}", "1:1: error: no Thrift token begins with '@'; remove it"},
        Refused{"message A {}", "unknown definition 'message'"},
        Refused{"struct \xC3\xA4 {}", "no Thrift token begins with byte 0xc3"}));

TEST(ThriftParser, LimitsNestingOfTypesAndValues) {
  auto nested = [](int depth) {
    std::string type;
    for (int i = 0; i < depth; ++i) type += "list<";
    type += "i32";
    return type + std::string(static_cast<std::size_t>(depth), '>');
  };
  EXPECT_NE(read_text("struct A { 1: " + nested(60) + " a }").schema, nullptr);
  EXPECT_THAT(messages_of("struct A { 1: " + nested(100000) + " a }"), HasSubstr("nested more than 64 deep"));
  EXPECT_THAT(messages_of("const list<i32> A = " + std::string(100000, '[')),
              HasSubstr("nested more than 64"));
  std::string attributes = "struct A { 1: i32 a ";
  for (int i = 0; i < 100000; ++i) attributes += "xsd_attrs { 1: i32 a ";
  EXPECT_THAT(messages_of(attributes), HasSubstr("nested more than 64 deep"));
}

TEST(ThriftParser, NamesABinaryFileOnce) {
  EXPECT_EQ(messages_of(std::string("\x7F"
                                    "ELF\0\0\0\1\2\3",
                                    10)),
            "test.thrift: error: this is no text but a binary file; name a .thrift file [SYNTAX]\n");
}

TEST(ThriftParser, StopsAfterManyErrorsAndSaysHowManyWereLeftOut) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "struct A { 1: nope" + std::to_string(i) + "x y }\n";
  ReadResult result = read_text(text);
  EXPECT_EQ(result.diagnostics.size(), Report::errors_max + 1);
  EXPECT_THAT(result.diagnostics.back().message, HasSubstr("more errors are not shown"));
}

// A reader must survive every half-typed file; run under the sanitizers this is the test for memory errors.
TEST(ThriftParser, SurvivesEveryTruncationAndEveryLostCharacterOfTheCorpus) {
  auto disk = disk_sources();
  const std::string shared = **disk->read(corpus_directory() + "shared.thrift");
  for (const char* name : {"kitchen_sink.thrift", "names.thrift", "koine.thrift", "forward.thrift"}) {
    auto text = disk->read(corpus_directory() + name);
    ASSERT_TRUE(text && text->has_value()) << name;
    const std::string whole = **text;
    std::size_t refused = 0;
    for (std::size_t at = 0; at < whole.size(); at += 11) {
      for (const std::string& broken : {whole.substr(0, at), whole.substr(0, at) + whole.substr(at + 1),
                                        whole.substr(0, at) + "}" + whole.substr(at)}) {
        ReadResult result = read_text(broken, {{"shared.thrift", shared}});
        EXPECT_EQ(result.schema == nullptr, has_errors(result.diagnostics));
        refused += result.schema == nullptr;
      }
    }
    EXPECT_GT(refused, whole.size() / 11) << name;
  }
}

}  // namespace
}  // namespace koine::idl::thrift
