// What the resolver refuses or warns of, and with which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/thrift/corpus_test_support.h"

namespace koine::idl::thrift {
namespace {

using ::testing::HasSubstr;

TEST(ThriftSemantics, ShowsEveryMistakeOfAFileInOrder) {
  EXPECT_EQ(
      messages_of("struct Order {\n"
                  "  1: i32 id\n"
                  "  2: Ordr next\n"
                  "  1: int32 count\n"
                  "}\n"
                  "service S {\n"
                  "  oneway void f() throws (1: Order x)\n"
                  "}\n"),
      "test.thrift:3:6: error: unknown type 'Ordr'; did you mean 'Order'? [UNKNOWN_TYPE]\n"
      "    3 |   2: Ordr next\n"
      "      |      ^\n"
      "test.thrift:4:3: error: the id 1 of 'count' is already that of 'id' in 'Order'; choose another "
      "[DUPLICATE_ID]\n"
      "    4 |   1: int32 count\n"
      "      |   ^\n"
      "test.thrift:4:6: error: unknown type 'int32'; in Thrift write i32 [UNKNOWN_TYPE]\n"
      "    4 |   1: int32 count\n"
      "      |      ^\n"
      "test.thrift:7:19: error: 'f' is oneway, so its caller never hears of an exception; remove 'throws' or "
      "'oneway' [ONEWAY_THROWS]\n"
      "    7 |   oneway void f() throws (1: Order x)\n"
      "      |                   ^\n"
      "test.thrift:7:30: error: 'x' of 'throws' is no exception; define its type with 'exception' "
      "[NOT_AN_EXCEPTION]\n"
      "    7 |   oneway void f() throws (1: Order x)\n"
      "      |                              ^\n");
}

TEST(ThriftSemantics, ShowsTheChainOfACircularInclude) {
  EXPECT_EQ(
      messages_of("include 'a/one.thrift'", {{"a/one.thrift", "\ninclude '../test.thrift'"}}),
      "a/one.thrift:2:9: error: circular include: test.thrift -> a/one.thrift -> test.thrift; move what both "
      "need into a file of its own [CIRCULAR_INCLUDE]\n"
      "    2 | include '../test.thrift'\n"
      "      |         ^\n");
  EXPECT_THAT(messages_of("include 'test.thrift'"),
              HasSubstr("circular include: test.thrift -> test.thrift"));
}

TEST(ThriftSemantics, SeesDirectIncludesOnly) {
  EXPECT_THAT(messages_of("include 'b.thrift' struct S { 1: c.C c }",
                          {{"b.thrift", "include 'c.thrift'"}, {"c.thrift", "struct C {}"}}),
              HasSubstr("unknown type 'c.C'; only direct includes are visible, add include \"c.thrift\""));
  EXPECT_THAT(messages_of("include 'b.thrift' struct S { 1: C c }", {{"b.thrift", "struct C {}"}}),
              HasSubstr("unknown type 'C'; it is in b.thrift, write 'b.C'"));
}

TEST(ThriftSemantics, NamesTheFilesOfAMissingIncludeAndOfAMissingRoot) {
  EXPECT_THAT(
      messages_of("include 'no.thrift'"),
      HasSubstr("test.thrift:1:9: error: cannot include 'no.thrift': no such file; looked for no.thrift"));
  ReadResult result = read({"/nowhere/x.thrift"}, {});
  EXPECT_EQ(result.schema, nullptr);
  EXPECT_EQ(to_status(result.diagnostics).reason(), base::Reason::idl_io);
  EXPECT_THAT(render(result.diagnostics), HasSubstr("/nowhere/x.thrift: error: no such file"));
}

TEST(ThriftSemantics, StopsALongRowOfIncludes) {
  std::map<std::string, std::string> files;
  for (int i = 0; i < 200; ++i) {
    files["f" + std::to_string(i) + ".thrift"] = "include 'f" + std::to_string(i + 1) + ".thrift'";
  }
  files["f200.thrift"] = "";
  EXPECT_THAT(messages_of("include 'f0.thrift'", files), HasSubstr("more than 64 files include one another"));
}

TEST(ThriftSemantics, BoundsTypesAndValuesThatGrowExponentially) {
  std::string types = "typedef map<i32, i32> T0\n";
  std::string values = "const list<i32> V0 = [1, 2, 3, 4, 5, 6, 7, 8]\n";
  std::string lists = "list<i32>";
  for (int i = 1; i < 60; ++i) {
    const std::string before = std::to_string(i - 1);
    types += "typedef map<T" + before + ", T" + before + "> T" + std::to_string(i) + "\n";
    if (i > 40) continue;
    lists = "list<" + lists + ">";
    values += "const " + lists + " V" + std::to_string(i) + " = [V" + before + ", V" + before + "]\n";
  }
  EXPECT_THAT(messages_of(types), HasSubstr("[TYPE_DEPTH]"));
  EXPECT_THAT(messages_of(values), HasSubstr("[VALUE_SIZE]"));
  std::string chain;
  for (int i = 0; i < 100000; ++i) {
    chain += "typedef T" + std::to_string(i + 1) + " T" + std::to_string(i) + "\n";
  }
  EXPECT_THAT(messages_of(chain + "typedef i32 T100000"), HasSubstr("[CIRCULAR_TYPEDEF]"));
}

struct Case {
  const char* text;
  Severity severity;
  const char* message;  // a part of what is rendered
};
void PrintTo(const Case& tested, std::ostream* out) { *out << tested.text; }
class Semantics : public ::testing::TestWithParam<Case> {};

TEST_P(Semantics, IsReported) {
  ReadResult result = read_text(GetParam().text);
  EXPECT_EQ(result.schema == nullptr, GetParam().severity == Severity::error) << render(result.diagnostics);
  EXPECT_THAT(render(result.diagnostics), HasSubstr(GetParam().message));
}

constexpr Severity error = Severity::error;
constexpr Severity warning = Severity::warning;

INSTANTIATE_TEST_SUITE_P(
    Names, Semantics,
    ::testing::Values(
        Case{"struct A {} enum A {}", error, "1:8: error: the type 'A' is already defined at line 1"},
        Case{"struct A {} typedef i32 A", error, "the type 'A' is already defined at line 1"},
        Case{"struct A { 1: i32 a 2: i32 a }", error, "the name 'a' is already used at line 1 in 'A'"},
        Case{"enum E { A B A }", error, "enum 'E' has two values 'A'"},
        Case{"const i32 A = 1 const i32 A = 2", error, "the constant 'A' is already defined"},
        Case{"service S {} service S {}", error, "'test.S' is already defined in test.thrift at line 1"},
        Case{"service S { void f() i32 f() }", error, "'S' has two methods 'f'"},
        Case{"service A { void f() } service B extends A { void f() }", error,
             "'f' is already a method of 'A', which 'B' extends"},
        Case{"service S { void f(1: i32 a, 1: i32 b) }", error,
             "already that of 'a' in the arguments of 'f'"},
        Case{"exception X {} service S { void f() throws (1: X a, 1: X b) }", error,
             "already that of 'a' in the exceptions of 'f'"},
        Case{"exception X {} service S { i32 f() throws (1: X success) }", error, "'success' is the name of"},
        Case{"struct A { 3000000000: i32 a }", error, "ids go from 1 to 32767"},
        Case{"struct A { 40000: i32 a }", warning, "the id 40000 of 'a' does not fit the 16 bits"},
        Case{"struct A { i32 a }", warning, "'a' in 'A' has no id"},
        Case{"struct A { 0: i32 a }", warning, "the id of 'a' is not positive; it travels as -1"},
        Case{"union U { 1: required i32 a }", warning, "'a' is a union's member, so it cannot be required"},
        Case{"union U { 1: i32 a = 1 2: i32 b = 2 }", error, "'a' is the default of the union 'U' already"},
        Case{"service S { void f(1: optional i32 a) }", warning, "'optional' means nothing for an argument"},
        Case{"service S { oneway i32 f() }", warning, "'f' is oneway, so its result is never sent"},
        Case{"service S { async void f() }", warning, "write 'oneway'"},
        Case{"enum E { A = 2147483647, B }", error, "'B' would get 2147483648"},
        Case{"enum E { A = -1 }", warning, "'A' is negative"}));

INSTANTIATE_TEST_SUITE_P(
    References, Semantics,
    ::testing::Values(
        Case{"typedef A B typedef B A", error, "leads back to itself"},
        Case{"typedef list<A> A", error, "the typedef 'A' leads back to itself"},
        Case{"struct A { 1: x.B b }", error, "nothing called so is included, add include \"x.thrift\""},
        Case{"struct A { 1: uint32 b }", error, "write i64 (koine.range = \"u32\")"},
        Case{"struct A { 1: UUID b }", error, "unknown type 'UUID'; in Thrift write uuid"},
        Case{"const uuid A = 'f81d4fae'", error, "text is no value of type uuid; write \"00000000-"},
        Case{"const uuid A = 5", error, "an integer is no value of type uuid"},
        Case{"struct A { 1: string (koine.as = \"uuid\") a }", error, "in Thrift write the type uuid"},
        Case{"struct A { 1: binary a (koine.as = \"uuid\") }", error, "in Thrift write the type uuid"},
        Case{"struct A { 1: uuid (koine.number = \"zigzag\") a }", error, "\"fixed\" on a uuid"},
        Case{"service S extends Shp {} service Shop {}", error,
             "unknown service 'Shp'; did you mean 'Shop'?"},
        Case{"service A extends B {} service B extends A {}", error, "extends 'A', which leads back to 'B'"},
        Case{"service A extends A {}", error, "leads back to 'A'"},
        Case{"const i32 A = B const i32 B = A", error, "leads back to itself"},
        Case{"const i32 A = Limit const i32 LIMIT = 1", error, "is called 'Limit'; did you mean 'LIMIT'?"},
        Case{"enum E { RED } const E A = RED", error, "write 'E.RED'"},
        Case{"enum E { RED } const E A = E.RAD", error, "did you mean 'E.RED'?"},
        Case{"enum E { RED } enum F { BLUE } const E A = F.BLUE", error, "'F.BLUE' is no value of enum 'E'"},
        Case{"exception X {} struct A {} service S { void f() throws (1: A a) }", error, "is no exception"}));

INSTANTIATE_TEST_SUITE_P(
    Values, Semantics,
    ::testing::Values(
        Case{"const i8 A = 128", warning, "1:14: warning: 128 is more than i8 holds; it counts as -128"},
        Case{"const i8 A = 256", error, "1:14: error: the number does not fit i8"},
        Case{"struct A { 1: i32 a = 0xFFFFFFFF }", warning,
             "4294967295 is more than i32 holds; it counts as -1,"},
        Case{"const i32 A = 0x100000000", error, "the number does not fit i32"},
        Case{"const i32 A = -2147483649", error, "the number does not fit i32"},
        Case{"const i64 A = 9223372036854775808", error, "the number does not fit i64"},
        Case{"const i64 (koine.range = 'u32') A = -1", error, "the number does not fit u32"},
        Case{"const i64 (koine.range = 'u64') A = -1", error, "a negative number is no u64"},
        Case{"const bool A = 'true'", error, "text is no value of type bool; write true or false"},
        Case{"const i32 A = 1.5", error, "a double is no value of type i32; write an integer"},
        Case{"const i32 A = 'x'", error, "text is no value of type i32"},
        Case{"const string A = 3", error, "an integer is no value of type string; write text in quotes"},
        Case{"const double A = true", error, "a name is no value of type f64; write a number"},
        Case{"const list<i32> A = {1: 2}", error, "a {map} is no value of type list<i32>"},
        Case{"const map<i32, i32> A = [1]", error, "a [list] is no value of type map<i32, i32>"},
        Case{"enum E { A } enum F { A } const E X = F.A", warning, "'F.A' is taken for 'E.A'"},
        Case{"enum E { A = 1 } const E X = 2", error, "no value of enum 'E' has this number"},
        Case{"struct S { 1: i32 count } const S A = {'cuont': 1}", error, "did you mean 'count'?"},
        Case{"struct S { 1: i32 a } const S A = {1: 1}", error, "has its fields' names as keys"},
        Case{"struct S { 1: i32 a } const S A = {'a': 1, 'a': 2}", error, "the field 'a' is written twice"},
        Case{"union U { 1: i32 a 2: i32 b } const U A = {'a': 1, 'b': 2}", error, "sets one member, not 2"},
        Case{"const map<string, i32> A = {'a': 1, 'a': 2}", warning, "the key \"a\" is written twice"}));

INSTANTIATE_TEST_SUITE_P(
    Annotations, Semantics,
    ::testing::Values(
        Case{"struct A { 1: i32 a (koine.range = 'u8') }", error,
             "its values travel in i16, so the type here must"},
        Case{"struct A { 1: i16 a (koine.range = 'u9') }", error, "koine.range = \"u9\" is unknown; use u8"},
        Case{"struct A { 1: list<i16> a (koine.range = 'u8') }", error, "list<i16 (koine.range = \"u8\")>"},
        Case{"struct A { 1: string a (koine.number = 'fixed') }", error, "and on an integer"},
        Case{"struct A { 1: i32 a (koine.default = 'inf') }", error, "koine.default is \"inf\""},
        Case{"struct A { 1: i32 a (koine.json_name = '') }", error,
             "the name of 'a' in its annotation is empty"},
        Case{"struct A { 1: i32 a (koine.oneof = 'x') }", error, "groups optional fields of a struct"},
        Case{"struct A { 1: i32 a (koine.jsonname = 'x') }", warning, "did you mean 'koine.json_name'?"},
        Case{"namespace java a (koine.derived_form = 'x')", warning, "did you mean 'koine.derived_from'?"},
        Case{"struct A {} (koine.code = 'NOT_FOUND')", error, "'A' is none"},
        Case{"exception A {} (koine.code = 'NOTFOUND')", error, "did you mean 'NOT_FOUND'?"},
        Case{"exception A {} (koine.code = 'OK')", error, "is no gRPC status that an error can have"},
        Case{"service S { void f() (koine.idempotent = 'maybe') }", error, "write \"true\" or \"false\""}));

}  // namespace
}  // namespace koine::idl::thrift
