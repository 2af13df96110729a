// What a lock does for the one who derives: numbers and names that stay, whatever becomes of the source.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/derive/derive.h"
#include "idl/derive/testing/random_schema.h"
#include "idl/derive/testing/support.h"

namespace koine::idl::derive::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// One team's folder: a source that changes, and the lock that stays.
class Folder {
 public:
  std::string convert(const std::string& source, Language target, bool frozen = false) {
    const bool to_proto = target == Language::proto;
    const std::string name = to_proto ? "shop.thrift" : "shop.proto";
    auto schema = to_proto ? read_thrift({{name, source}}) : read_proto({{name, source}});
    std::vector<Diagnostic> diagnostics;
    std::optional<Lock> lock = Lock::parse(text_, "koine.lock", diagnostics);
    EXPECT_TRUE(lock) << render(diagnostics);
    if (!lock) return {};
    if (frozen) lock->freeze();
    auto made = derive(*schema, target, &diagnostics, &*lock);
    said_ = render(diagnostics);
    if (!made) return {};
    text_ = lock->text();
    deleted_ = lock->deleted();
    EXPECT_EQ(inconsistencies(*schema, **made), "");
    const Files files = to_proto ? printed_proto(**made) : printed_thrift(**made);
    if (to_proto) { EXPECT_EQ(protoc_complaints(files, {}), ""); }
    return files.at(to_proto ? "shop.proto" : "shop.thrift");
  }
  std::string proto(const std::string& source) { return convert(source, Language::proto); }
  std::string thrift(const std::string& source) { return convert(head + source, Language::thrift); }

  const std::string& lock() const { return text_; }
  const std::string& said() const { return said_; }
  const std::vector<std::string>& deleted() const { return deleted_; }

 private:
  static constexpr const char* head = "syntax = \"proto3\";\npackage shop;\n";
  std::string text_ = "version: 1\n";
  std::string said_;
  std::vector<std::string> deleted_;
};

TEST(LockRules, HoldWhatTheSourceDoesNotSayAndNothingElse) {
  Folder folder;
  folder.proto(R"(enum Color { RED = 1, Red = 2 }
struct Order { 1: i64 id, i32 legacy, 19000: i32 odd, 2: i32 user_id, 3: i32 userId, 4: optional list<i32> some,
               5: map<double, Order> by, 20000: i32 big, 6: Color color }
service Orders { Order get(1: Order order), i32 add(1: i32 a, i32 b) })");
  const std::string lock = folder.lock();
  EXPECT_THAT(lock, HasSubstr(R"(
file shop.thrift to proto:
  value shop.Color.Red: name COLOR_RED_2
  zero shop.Color: name COLOR_UNSPECIFIED
  field shop.Order.legacy (-1): number 65537
  field shop.Order.userId (3): name userId_2
  field shop.Order.odd (19000): number 119000
  wrapper list<i32>: name shop.ListOfInt32
  entry map<f64,shop.Order>: name shop.DoubleToOrderEntry
  request shop.Orders.add: name shop.AddRequest
  response shop.Orders.add: name shop.AddResponse
  argument shop.Orders.add.b (-1): number 65537
)"));
  Folder plain;
  plain.proto("struct Order { 1: i64 id, 2: list<string> names } service S { Order get(1: Order order) }");
  EXPECT_THAT(plain.lock(), Not(HasSubstr("\nfile ")));
}

TEST(LockRules, NeverGiveANumberOrNameAgain) {
  Folder folder;
  folder.proto("struct S { 1: i32 user_id, 2: i32 userId, 19000: i32 odd }");
  const std::string without = folder.proto("struct S { 1: i32 user_id }");
  EXPECT_THAT(without, HasSubstr("  reserved 2, 119000;\n"));
  EXPECT_THAT(folder.deleted(), ElementsAre("field shop.S.userId (2)", "field shop.S.odd (19000)"));
  EXPECT_THAT(folder.lock(), HasSubstr("  field shop.S.odd (19000): number 119000, deleted\n"));
  const std::string lock = folder.lock();
  folder.proto("struct S { 1: i32 user_id }");
  EXPECT_EQ(folder.lock(), lock);
  EXPECT_THAT(folder.deleted(), IsEmpty());

  // Their names too are nobody else's.
  const std::string later = folder.proto("struct S { 1: i32 user_id, 3: i32 userId_2, 4: i32 odd }");
  EXPECT_THAT(later, HasSubstr("  int32 userId_2_2 = 3 ["));
  EXPECT_THAT(later, HasSubstr("  int32 odd_2 = 4 ["));
}

TEST(LockRules, GiveBackWhatAFieldHadWhenItComesBack) {
  Folder folder;
  folder.proto("struct S { 1: i32 a, 19000: i32 odd }");
  folder.proto("struct S { 1: i32 a }");
  EXPECT_THAT(folder.proto("struct S { 1: i32 a, 19000: i32 odd }"), HasSubstr("int32 odd = 119000"));
  EXPECT_THAT(folder.lock(), Not(HasSubstr(", deleted")));
}

TEST(LockRules, KeepMadeUpNamesWhenTheSourceWantsThem) {
  Folder folder;
  folder.proto("struct S { 1: optional list<i32> a } service T { i32 get(1: i32 a) }");
  const std::string text = folder.proto(
      "struct ListOfInt32 { 1: i32 x } struct GetRequest { 1: i32 y }\n"
      "struct S { 1: optional list<i32> a } service T { i32 get(1: i32 a) }");
  EXPECT_THAT(text, HasSubstr("  ListOfInt32 a = 1;\n"));
  EXPECT_THAT(text, HasSubstr("message ListOfInt32_ {\n  option (koine.message).name = \"ListOfInt32\";\n"));
  EXPECT_THAT(text, HasSubstr("message GetRequest_ {\n"));
  EXPECT_THAT(text, HasSubstr("rpc Get(GetRequest) returns (GetResponse);"));
}

TEST(LockRules, KeepTheIdsOfLargeNumbersWhateverComesBetween) {
  Folder folder;
  const std::string first = folder.thrift("message M { int32 a = 40000; int32 b = 50000; }");
  EXPECT_THAT(first, HasSubstr("  32767: i32 a (koine.id = \"40000\"),\n  32766: i32 b"));
  const std::string second =
      folder.thrift("message M { int32 a = 40000; int32 n = 35000; int32 b = 50000; int32 k = 32767; }");
  EXPECT_THAT(second, HasSubstr("  32767: i32 a (koine.id = \"40000\"),\n"
                                "  32764: i32 n (koine.id = \"35000\"),\n"
                                "  32766: i32 b (koine.id = \"50000\"),\n"
                                "  32765: i32 k (koine.id = \"32767\"),\n"));
  EXPECT_THAT(folder.lock(), HasSubstr("  field shop.M.k (32767): number 32765\n"));
  const std::string third = folder.thrift("message M { int32 b = 50000; int32 z = 60000; }");
  EXPECT_THAT(third, HasSubstr("  32766: i32 b (koine.id = \"50000\"),\n  32763: i32 z"));
}

TEST(LockRules, KeepTheStatusWhereItIsInAThrowsClause) {
  Folder folder;
  const std::string head = "import \"koine/options.proto\"; message M {} message E {}\n";
  EXPECT_THAT(folder.thrift(head + "service S { rpc Get(M) returns (M); }"),
              HasSubstr("throws (1: RpcStatus status)"));
  EXPECT_THAT(
      folder.thrift(head + "service S { rpc Get(M) returns (M) {\n"
                           "option (koine.method).throws = { type: \"shop.E\" name: \"e\" id: 2 }; } }"),
      HasSubstr("throws (2: E e, 1: RpcStatus status)"));
  EXPECT_EQ(
      folder.thrift(head + "service S { rpc Get(M) returns (M) {\n"
                           "option (koine.method).throws = { type: \"shop.E\" name: \"e\" id: 1 }; } }"),
      "");
  EXPECT_THAT(folder.said(), HasSubstr("the source gives that number to 'e' now"));
}

TEST(LockRules, RefuseWhatWouldChangeALine) {
  Folder folder;
  folder.proto("struct S { i32 first, i32 second, 1: optional list<i32> a }");
  const std::string lock = folder.lock();
  // One in front of the others: all that follow change their numbers, in Thrift too.
  EXPECT_EQ(folder.proto("struct S { i32 zeroth, i32 first, i32 second }"), "");
  EXPECT_THAT(folder.said(),
              HasSubstr("koine.lock:7:1: error: 'field shop.S.second (-2): number 65538' cannot "
                        "stay: the source calls it 'first' now. If it was renamed, write the new "
                        "name into this line; if it is another one, give it a number of its own "
                        "in the source [LOCK_CHANGED]"));
  EXPECT_EQ(folder.proto("struct S { 1: i32 a } service ListOfInt32 { void get() }"), "");
  EXPECT_THAT(folder.said(), HasSubstr("'wrapper list<i32>: name shop.ListOfInt32' cannot stay: the source "
                                       "calls something else 'shop.ListOfInt32' now"));
  EXPECT_EQ(folder.lock(), lock);
}

TEST(LockRules, RefuseToGrowWhereTheyAreOnlyRead) {
  Folder folder;
  const std::string source = "struct S { i32 a }";
  EXPECT_EQ(folder.convert(source, Language::proto, true), "");
  EXPECT_THAT(folder.said(),
              HasSubstr("the lock has no line for 'field shop.S.a (-1)': run koine idl convert "
                        "shop.thrift --to proto --lock koine.lock, and commit what it writes "
                        "[LOCK_STALE]"));
  folder.proto(source);
  EXPECT_NE(folder.convert(source, Language::proto, true), "");
}

TEST(LockRules, ChangeNothingForTheFirstTimeAndNothingTheSecond) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    for (const Language target : {Language::proto, Language::thrift}) {
      const bool to_proto = target == Language::proto;
      auto schema = to_proto ? read_thrift(random_thrift(seed)) : read_proto(random_proto(seed));
      auto print = [&](const Schema& made) { return to_proto ? printed_proto(made) : printed_thrift(made); };
      const Files plain = print(*derived(*schema, target));
      std::vector<Diagnostic> diagnostics;
      Lock lock("koine.lock");
      auto first = derive(*schema, target, &diagnostics, &lock);
      ASSERT_TRUE(first) << seed << render(diagnostics);
      ASSERT_EQ(print(**first), plain) << seed;
      std::optional<Lock> again = Lock::parse(lock.text(), "koine.lock", diagnostics);
      ASSERT_TRUE(again) << seed << render(diagnostics) << lock.text();
      again->freeze();
      auto second = derive(*schema, target, &diagnostics, &*again);
      ASSERT_TRUE(second) << seed << render(diagnostics) << lock.text();
      ASSERT_EQ(print(**second), plain) << seed << lock.text();
      ASSERT_EQ(again->text(), lock.text()) << seed;
    }
  }
}

}  // namespace
}  // namespace koine::idl::derive::testing
