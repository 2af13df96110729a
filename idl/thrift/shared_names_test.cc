// One name in two files: of one namespace, or of one base name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/thrift/corpus_test_support.h"

namespace koine::idl::thrift {
namespace {

using ::testing::HasSubstr;

ReadResult read_all(std::map<std::string, std::string> files, const std::vector<std::string>& paths) {
  auto sources = memory_sources(std::move(files));
  ReadOptions options;
  options.sources = sources.get();
  return read(paths, options);
}

TEST(ThriftSharedNames, AreToldApartByTheFilesWhateverTheirOrder) {
  const std::map<std::string, std::string> files = {
      {"a.thrift",
       "namespace java p\nenum E { X }\nstruct S { 1: i32 a, 2: E e }\nstruct Own {}\nservice V {}"},
      {"b.thrift", "namespace java p\nstruct E {}\nstruct S { 1: string b }\nservice V { S f() }"},
      {"c.thrift",
       "namespace java p\ninclude 'a.thrift' include 'b.thrift'\n"
       "struct T { 1: a.S a, 2: b.S b }\nservice W extends b.V {}"}};
  for (const std::vector<std::string>& paths :
       {std::vector<std::string>{"c.thrift"}, std::vector<std::string>{"b.thrift", "a.thrift", "c.thrift"}}) {
    ReadResult result = read_all(files, paths);
    ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
    const Schema& schema = *result.schema;
    const StructType* t = schema.find_struct("p.T");
    ASSERT_NE(t, nullptr);
    EXPECT_EQ(t->fields[0].type->structure, schema.find_struct("p.a.S"));
    EXPECT_EQ(t->fields[1].type->structure, schema.find_struct("p.b.S"));
    EXPECT_EQ(schema.find_struct("p.a.S")->fields[0].name, "a");
    EXPECT_EQ(schema.find_struct("p.b.S")->name, "S");
    EXPECT_NE(schema.find_enum("p.a.E"), nullptr);
    EXPECT_NE(schema.find_struct("p.b.E"), nullptr);
    // The name that both have means neither.
    EXPECT_EQ(schema.find_struct("p.S"), nullptr);
    EXPECT_EQ(schema.find_service("p.V"), nullptr);
    EXPECT_NE(schema.find_struct("p.Own"), nullptr);
    EXPECT_EQ(schema.find_service("p.W")->base, "p.b.V");
    EXPECT_NE(schema.find_struct("p.b.V.f_args"), nullptr);
    EXPECT_EQ(result.diagnostics.size(), 3u) << render(result.diagnostics);
  }
  EXPECT_THAT(
      render(read_all(files, {"c.thrift"}).diagnostics),
      HasSubstr("b.thrift:3:8: warning: 'p.S' is defined in a.thrift as well; outside of these files this "
                "one is called 'p.b.S', and that one 'p.a.S'"));
}

TEST(ThriftSharedNames, TakeAsManyFoldersAsTellTheFilesApart) {
  ReadResult result =
      read_all({{"x/common.thrift", "struct S {}"},
                {"y-1/common.thrift", "struct S {}"},
                {"common.thrift", "include 'x/common.thrift' include 'y-1/common.thrift' struct S {}"}},
               {"common.thrift"});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_NE(result.schema->find_struct("common.x.common.S"), nullptr);
  EXPECT_NE(result.schema->find_struct("common.y_1.common.S"), nullptr);
  EXPECT_NE(result.schema->find_struct("common.common.S"), nullptr);
}

TEST(ThriftSharedNames, AreStillRefusedInOneFileAndWhereTheLongNamesMeetToo) {
  EXPECT_THAT(messages_of("struct S {} struct S {}"), HasSubstr("the type 'S' is already defined at line 1"));
  EXPECT_THAT(
      render(
          read_all({{"a-b.thrift", "namespace * p struct S {}"}, {"a_b.thrift", "namespace * p struct S {}"}},
                   {"a-b.thrift", "a_b.thrift"})
              .diagnostics),
      HasSubstr("a_b.thrift:1:22: error: 'p.S' is already defined in a-b.thrift at line 1; give the files "
                "different namespaces"));
}

TEST(ThriftSharedNames, OfAnIncludeWinOverTheFilesOwn) {
  ReadResult result =
      read_all({{"common.thrift",
                 "include 'x/common.thrift'\n"
                 "namespace * own\n"
                 "typedef common.Hey Hey\n"
                 "struct Both { 1: i32 own }\n"
                 "struct Mine { 1: Hey a, 2: common.Hey b, 3: common.Both c, 4: common.Last d,\n"
                 "              5: i32 e = common.FIVE }\n"
                 "struct Last {}\n"
                 "const i32 FIVE = 6\n"
                 "service S extends common.S {}\n"},
                {"x/common.thrift",
                 "namespace * x\nstruct Hey {} struct Both { 1: i32 theirs } const i32 FIVE = 5\n"
                 "service S { void f() }"}},
               {"common.thrift"});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  const StructType& mine = *result.schema->find_struct("own.Mine");
  EXPECT_EQ(mine.fields[0].type->structure->full_name, "x.Hey");
  EXPECT_EQ(mine.fields[1].type->structure->full_name, "x.Hey");
  EXPECT_EQ(mine.fields[2].type->structure->full_name, "x.Both");
  EXPECT_EQ(mine.fields[3].type->structure->full_name, "own.Last");
  EXPECT_EQ(std::get<std::int64_t>(mine.fields[4].default_value->data), 5);
  EXPECT_EQ(result.schema->find_service("own.S")->base, "x.S");
  EXPECT_TRUE(result.diagnostics.empty()) << render(result.diagnostics);
}

TEST(ThriftSharedNames, OfTwoIncludesMeanTheLastAsForTheCompilerWithAWarning) {
  ReadResult result = read_all({{"a/common.thrift", "namespace * a\nstruct S {} struct OnlyHere {}"},
                                {"b/common.thrift", "namespace * b\nstruct S {}"},
                                {"m.thrift",
                                 "include 'a/common.thrift'\ninclude 'b/common.thrift'\n"
                                 "struct M { 1: common.S s, 2: common.OnlyHere o }"}},
                               {"m.thrift"});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  EXPECT_EQ(result.schema->find_struct("m.M")->fields[0].type->structure->full_name, "b.S");
  EXPECT_EQ(result.schema->find_struct("m.M")->fields[1].type->structure->full_name, "a.OnlyHere");
  ASSERT_EQ(result.diagnostics.size(), 1u);
  EXPECT_THAT(render(result.diagnostics),
              HasSubstr("m.thrift:3:15: warning: 'common.S' is in a/common.thrift and in b/common.thrift"));
}

}  // namespace
}  // namespace koine::idl::thrift
