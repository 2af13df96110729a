// What the reader makes of correct files: names, ids, presence, types, values, services.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/dump.h"
#include "idl/thrift/corpus_test_support.h"
#include "idl/thrift/read.h"

namespace koine::idl::thrift {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> ids_and_names(const StructType& type) {
  std::vector<std::string> list;
  for (const Field& field : type.fields) list.push_back(std::to_string(field.id) + " " + field.name);
  return list;
}

TEST(ThriftReader, TakesTheFullNamesPackageFromStarThenJavaThenTheFilesName) {
  auto full_name = [](const std::string& headers) {
    return schema_of(headers + "struct S {}")->structs().front().full_name;
  };
  EXPECT_EQ(full_name("namespace java j.k\nnamespace * a.b\nnamespace cpp c\n"), "a.b.S");
  EXPECT_EQ(full_name("namespace cpp c\nnamespace java j.k\n"), "j.k.S");
  EXPECT_EQ(full_name("namespace cpp c\n"), "test.S");
}

TEST(ThriftReader, TakesUuidForATypeUnlessTheFileDeclaresOne) {
  const auto kind_of = [](const std::string& text, std::map<std::string, std::string> others = {}) {
    const auto schema = schema_of(text, std::move(others));
    return type_text(*schema->find_struct("test.S")->find_field("f")->type);
  };
  EXPECT_EQ(kind_of("struct S { 1: uuid f }"), "uuid");
  EXPECT_EQ(kind_of("struct S { 1: map<uuid, list<uuid>> f }"), "map<uuid, list<uuid>>");
  EXPECT_EQ(kind_of("struct S { 1: uuid (koine.number = \"fixed\") f }"), "fixed uuid");
  EXPECT_EQ(kind_of("typedef binary uuid struct S { 1: uuid f }"), "(uuid) bytes");
  EXPECT_EQ(kind_of("struct S { 1: uuid f } struct uuid { 1: i64 high }"), "test.uuid");
  EXPECT_EQ(kind_of("enum uuid { A } struct S { 1: uuid f }"), "test.uuid");
  // Another file's name is written with that file's prefix.
  EXPECT_EQ(
      kind_of("include 'b.thrift' struct S { 1: uuid f, 2: b.uuid g }", {{"b.thrift", "struct uuid {}"}}),
      "uuid");
  // A name of anything else, as before.
  EXPECT_EQ(kind_of("struct S { 1: i32 uuid, 2: i32 f } service uuid { void uuid(1: i32 uuid) }"), "i32");
}

TEST(ThriftReader, HoldsTheValueOfAUuidInItsOneForm) {
  const auto schema = schema_of(
      "const uuid a = 'F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6'\n"
      "struct S { 1: uuid b = '{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}' }");
  const std::string canonical = "\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"";
  EXPECT_EQ(value_text(schema->files().front().constants.front()->value), canonical);
  EXPECT_EQ(value_text(*schema->find_struct("test.S")->fields[0].default_value), canonical);
}

TEST(ThriftReader, NumbersFieldsWithoutPositiveIdsAsTheCompilerDoes) {
  auto schema = schema_of("struct A { i32 a; 0: i32 b; -5: i32 c; 7: i32 d; i32 e; 0x10: i32 f }");
  EXPECT_THAT(ids_and_names(*schema->find_struct("test.A")),
              ElementsAre("-1 a", "-2 b", "-3 c", "7 d", "-4 e", "16 f"));
}

TEST(ThriftReader, GivesFieldsThePresenceOfTheirRequirednessAndOwner) {
  auto schema = schema_of(
      "struct S { 1: required i32 a; 2: optional i32 b; 3: i32 c }\n"
      "union U { 1: i32 a; 2: optional i32 b; 3: required i32 c }\n"
      "exception X {}\n"
      "service V { i32 f(1: required i32 a; 2: optional i32 b; 3: i32 c) throws (1: X x) }");
  auto presences = [&](const char* name) {
    std::vector<Presence> list;
    for (const Field& field : schema->find_struct(name)->fields) list.push_back(field.presence);
    return list;
  };
  using P = Presence;
  EXPECT_THAT(presences("test.S"), ElementsAre(P::required, P::optional, P::implicit));
  EXPECT_THAT(presences("test.U"), ElementsAre(P::optional, P::optional, P::optional));
  EXPECT_THAT(presences("test.V.f_args"), ElementsAre(P::required, P::implicit, P::implicit));
  EXPECT_THAT(presences("test.V.f_result"), ElementsAre(P::optional, P::optional));
}

TEST(ThriftReader, MakesStructsOfArgumentsAndResults) {
  auto schema = schema_of(
      "service V { i32 f(1: i32 a, 3: string b) throws (1: X x, 2: Y y), void g(), oneway void h(i32 a) }\n"
      "exception X {} exception Y {}");
  const Service* service = schema->find_service("test.V");
  ASSERT_EQ(service->methods.size(), 3u);
  const Method& f = service->methods[0];
  EXPECT_EQ(f.request, schema->find_struct("test.V.f_args"));
  EXPECT_EQ(f.request->role, StructRole::arguments);
  EXPECT_THAT(ids_and_names(*f.request), ElementsAre("1 a", "3 b"));
  EXPECT_EQ(f.response->name, "V.f_result");
  EXPECT_EQ(f.response->role, StructRole::result);
  EXPECT_THAT(ids_and_names(*f.response), ElementsAre("0 success", "1 x", "2 y"));
  const Method& g = service->methods[1];
  EXPECT_THAT(g.response->fields, IsEmpty());
  EXPECT_FALSE(g.oneway);
  EXPECT_TRUE(service->methods[2].oneway);
  EXPECT_THAT(ids_and_names(*service->methods[2].request), ElementsAre("-1 a"));
}

TEST(ThriftReader, FlattensInheritedMethodsAcrossFilesWhateverTheOrder) {
  auto schema = schema_of(
      "include 'base.thrift' service C extends B { void c() } service B extends base.A { void b() }",
      {{"base.thrift", "service A { void a() }"}});
  const Service* service = schema->find_service("test.C");
  EXPECT_EQ(service->base, "test.B");
  EXPECT_EQ(service->own_methods, 1u);
  ASSERT_EQ(service->methods.size(), 3u);
  EXPECT_EQ(service->methods[1].name, "b");
  EXPECT_EQ(service->methods[2].name, "a");
  EXPECT_EQ(service->methods[2].request, schema->find_struct("base.A.a_args"));
}

TEST(ThriftReader, ResolvesTypedefsAwayAndKeepsTheirNames) {
  auto schema = schema_of(
      "include 'x/common.thrift'\n"
      "struct S { 1: B b; 2: list<A> c; 3: common.Id d; 4: E e }\n"
      "typedef A B typedef i32 A typedef F E enum F { X }",
      {{"x/common.thrift", "typedef i64 Id"}});
  const StructType* s = schema->find_struct("test.S");
  EXPECT_EQ(type_text(*s->fields[0].type), "(B) i32");
  EXPECT_EQ(type_text(*s->fields[1].type), "list<(A) i32>");
  EXPECT_EQ(type_text(*s->fields[2].type), "(common.Id) i64");
  EXPECT_EQ(type_text(*s->fields[3].type), "(E) test.F");
  const File& file = schema->files().back();
  EXPECT_EQ(type_text(*file.typedefs[0]->type), "(A) i32");
}

TEST(ThriftReader, FindsTypesByTheFilesOwnPrefix) {
  auto schema = schema_of("struct S { 1: test.T t } struct T {}");
  EXPECT_EQ(schema->find_struct("test.S")->fields[0].type->structure, schema->find_struct("test.T"));
}

TEST(ThriftReader, NumbersEnumsFromZeroOnward) {
  auto schema = schema_of("enum E { A, B = 5, C; D = 0x0F E = -2 F }");
  std::vector<std::int32_t> numbers;
  for (const EnumValue& value : schema->find_enum("test.E")->values) numbers.push_back(value.number);
  EXPECT_THAT(numbers, ElementsAre(0, 5, 6, 15, -2, -1));
  EXPECT_FALSE(schema->find_enum("test.E")->closed);
}

TEST(ThriftReader, ConvertsValuesToTheTypeTheyAreFor) {
  auto schema = schema_of(
      "include 'c.thrift'\n"
      "const double D = LATER const i32 LATER = 3 const i64 N = c.Kind.TWO const c.Kind K = c.TWO\n"
      "const c.Point P = c.ZERO const list<double> L = [1, 2.5, LATER] const bool B = 1\n"
      "typedef c.Kind Alias const Alias A = Alias.TWO const list<i32> E = {} const map<i32, i32> M = []\n"
      "struct S { 1: map<c.Kind, set<i64>> m = {c.Kind.ONE: [N, true]} 2: binary b = 'x' }",
      {{"c.thrift",
        "enum Kind { ONE = 1, TWO } struct Point { 1: i32 x } const Point ZERO = {'x': 0} const Kind TWO = "
        "2"}});
  std::map<std::string, std::string> values;
  for (const Constant* constant : schema->files().back().constants) {
    values[constant->name] = value_text(constant->value);
  }
  EXPECT_EQ(values["D"], "3.0");
  EXPECT_EQ(values["N"], "2");
  EXPECT_EQ(values["K"], "c.Kind.TWO");
  EXPECT_EQ(values["A"], "c.Kind.TWO");
  EXPECT_EQ(values["P"], "{\"x\": 0}");
  EXPECT_EQ(values["L"], "[1.0, 2.5, 3.0]");
  EXPECT_EQ(values["B"], "true");
  EXPECT_EQ(values["E"], "[]");
  EXPECT_EQ(values["M"], "{}");
  const StructType* s = schema->find_struct("test.S");
  EXPECT_EQ(value_text(*s->fields[0].default_value), "{c.Kind.ONE: [2, 1]}");
  EXPECT_EQ(value_text(*s->fields[1].default_value), "\"x\"");
}

TEST(ThriftReader, ActsOnTheAnnotationsItKnowsAndKeepsTheOthers) {
  ReadResult result = read({corpus_directory() + "koine.thrift"}, {});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  const Schema& schema = *result.schema;
  const StructType* ranges = schema.find_struct("acme.koine.Ranges");
  std::vector<std::string> types;
  for (const Field& field : ranges->fields) types.push_back(type_text(*field.type));
  EXPECT_THAT(types,
              ElementsAre("u8", "u16", "u32", "u64", "f32", "list<fixed u32>", "zigzag i32", "(Percent) u8",
                          "map<u64, (Counter) u64>", "(Plain) u32", "i8", "f64", "f64"));
  EXPECT_EQ(value_text(*ranges->fields[3].default_value), "18446744073709551615");
  EXPECT_EQ(value_text(*ranges->fields[11].default_value), "-inf");
  ASSERT_EQ(ranges->fields[2].annotations.size(), 1u);
  EXPECT_EQ(*find_annotation(ranges->fields[2].annotations, "note"), "kept");
  const StructType* names = schema.find_struct("acme.koine.Names");
  EXPECT_EQ(names->fields[0].json_name, "orderId");
  EXPECT_EQ(names->fields[1].json_name, "number");
  EXPECT_EQ(names->fields[2].json_name, "classOfIt");
  EXPECT_EQ(*find_annotation(names->fields[2].annotations, "koine.name"), "class_of_it");
  EXPECT_THAT(names->oneofs, ElementsAre("side"));
  EXPECT_EQ(names->fields[4].oneof_index, 0);
  EXPECT_EQ(names->fields[0].oneof_index, -1);
  const Service* service = schema.find_service("acme.koine.Koine");
  EXPECT_TRUE(service->methods[0].idempotent);
  EXPECT_EQ(type_text(*service->methods[0].response->fields[0].type), "u64");
  EXPECT_EQ(type_text(*service->methods[1].response->fields[0].type), "(Plain) u32");
  EXPECT_FALSE(service->methods[2].idempotent);
  EXPECT_EQ(*find_annotation(schema.find_struct("acme.koine.Gone")->annotations, "koine.code"), "NOT_FOUND");
}

TEST(ThriftReader, AttachesDocCommentsToWhatFollowsThem) {
  ReadResult result = read({corpus_directory() + "forward.thrift"}, {});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(result.schema->files().front().doc, "Only the second comment is the struct's.");
  EXPECT_EQ(result.schema->find_struct("forward.Tree")->doc, "A tree.");
  EXPECT_EQ(result.schema->find_struct("forward.NoDoc")->doc, "");
  EXPECT_EQ(result.schema->find_struct("forward.NoDoc")->fields[0].doc, "a");
}

TEST(ThriftReader, CountsLinesAndColumnsBehindAByteOrderMarkAndCarriageReturns) {
  ReadResult result = read({corpus_directory() + "bom_crlf.thrift"}, {});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  const StructType* b = result.schema->find_struct("bom_crlf.B");
  EXPECT_EQ(b->doc, "doc\ntwo");
  EXPECT_EQ(b->location.line, 7);
  EXPECT_EQ(b->location.column, 8);
  EXPECT_EQ(b->fields[0].location.column, 7);
}

TEST(ThriftReader, LooksForIncludesBesideTheFileThenInTheIncludePaths) {
  auto sources = memory_sources(
      {{"a/main.thrift", "include 'x.thrift' include 'y.thrift' struct S { 1: x.X x 2: y.Y y }"},
       {"a/x.thrift", "struct X { 1: i32 beside }"},
       {"lib/x.thrift", "struct X {}"},
       {"lib/y.thrift", "include 'sub/z.thrift' typedef z.Z Y"},
       {"lib/sub/z.thrift", "struct Z {}"}});
  ReadOptions options;
  options.sources = sources.get();
  EXPECT_EQ(read({"a/main.thrift"}, options).schema, nullptr);
  options.include_paths = {"nowhere", "lib"};
  ReadResult result = read({"a/main.thrift"}, options);
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(result.schema->find_struct("x.X")->fields.size(), 1u);
  EXPECT_EQ(result.schema->files().back().path, "a/main.thrift");
  EXPECT_THAT(result.schema->files().back().imports, ElementsAre("x.thrift", "y.thrift"));
}

TEST(ThriftReader, ReadsAFileOnceHoweverOftenItIsNamed) {
  auto sources =
      memory_sources({{"a.thrift", "include 'c.thrift' struct A { 1: c.C c }"},
                      {"b.thrift", "include './c.thrift' include 'c.thrift' struct B { 1: c.C c }"},
                      {"c.thrift", "struct C {}"}});
  ReadOptions options;
  options.sources = sources.get();
  ReadResult result = read({"a.thrift", "b.thrift", "./a.thrift", "c.thrift"}, options);
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(result.schema->files().size(), 3u);
  EXPECT_EQ(result.schema->find_struct("a.A")->fields[0].type->structure,
            result.schema->find_struct("b.B")->fields[0].type->structure);
}

TEST(ThriftReader, AddsToASchemaThatHoldsFilesAlready) {
  auto schema = schema_of("struct First {}");
  auto sources = memory_sources(
      {{"more.thrift", "struct Second {}"}, {"clash.thrift", "namespace * test struct First {}"}});
  ReadOptions options;
  options.sources = sources.get();
  std::vector<Diagnostic> diagnostics;
  EXPECT_TRUE(read_into(*schema, {"more.thrift"}, options, diagnostics));
  EXPECT_NE(schema->find_struct("test.First"), nullptr);
  EXPECT_NE(schema->find_struct("more.Second"), nullptr);
  EXPECT_FALSE(read_into(*schema, {"clash.thrift"}, options, diagnostics));
  EXPECT_THAT(render(diagnostics), HasSubstr("'test.First' is already defined in test.thrift at line 1"));
}

TEST(ThriftReader, AcceptsWordsThatGeneratorsRefuse) {
  ReadResult result = read({corpus_directory() + "names.thrift"}, {});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_THAT(
      ids_and_names(*result.schema->find_struct("names.Keywords")),
      ElementsAre("1 namespace", "2 include", "3 service", "4 required", "5 list", "6 string", "7 exception",
                  "8 true_", "9 extends", "10 throws", "11 oneway", "12 typedef", "13 uuid", "14 cpp_type"));
  EXPECT_EQ(value_text(*result.schema->find_struct("names.Keywords")->fields[6].default_value),
            "names.default.module");
}

}  // namespace
}  // namespace koine::idl::thrift
