// The lock file's text: what is read, what is written, what is refused.
#include "idl/derive/lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koine::idl::derive {
namespace {

using ::testing::HasSubstr;

constexpr const char* whole = R"(# heading, which Koine writes itself
version: 1

# what the shop team owns
file idl/shop.thrift to proto:
  value shop.Color.red: name COLOR_RED_2
  # kept for the old app
  field shop.Order.legacy (-1): number 65537
  field shop.Order.userId (2): name userId_2
  field shop.Order.gone (19000): number 119000, name gone_, deleted
  wrapper map<double,list<i32>>: name shop.MapOfDoubleToListOfInt32
  request shop.Orders.get: name shop.GetRequest

file idl/stock.proto to thrift:
  throws stock.Stock.Reserve.status: number 2
# the end
)";

std::string problems(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  const std::optional<Lock> lock = Lock::parse(text, "idl/koine.lock", diagnostics);
  EXPECT_EQ(lock.has_value(), diagnostics.empty());
  return render(diagnostics);
}

std::string with_lines(const std::string& lines) { return "version: 1\nfile a.thrift to proto:\n" + lines; }

std::string body_of(const std::string& text) { return text.substr(text.find("version: 1")); }

TEST(LockFile, IsWrittenAsItWasRead) {
  std::vector<Diagnostic> diagnostics;
  std::optional<Lock> lock = Lock::parse(whole, "koine.lock", diagnostics);
  ASSERT_TRUE(lock) << render(diagnostics);
  EXPECT_EQ(body_of(lock->text()), body_of(whole));
  std::optional<Lock> again = Lock::parse(lock->text(), "koine.lock", diagnostics);
  ASSERT_TRUE(again) << render(diagnostics);
  EXPECT_EQ(again->text(), lock->text());
  EXPECT_FALSE(again->changed());
}

TEST(LockFile, StandsSortedWhateverOrderAMergeLeft) {
  std::vector<Diagnostic> diagnostics;
  std::optional<Lock> lock = Lock::parse(with_lines("  struct a.T: name a.T_\n"
                                                    "  field a.S.y (-2): number 65538\n"
                                                    "  field a.S.x (-3): number 65539\n"
                                                    "  field a.S.y (-2): number 65538\n"),
                                         "koine.lock", diagnostics);
  ASSERT_TRUE(lock) << render(diagnostics);
  EXPECT_EQ(body_of(lock->text()), "version: 1\n\n" + with_lines("  struct a.T: name a.T_\n"
                                                                 "  field a.S.x (-3): number 65539\n"
                                                                 "  field a.S.y (-2): number 65538\n")
                                                          .substr(11));
}

TEST(LockFile, FindsItsFilesFromWhereverItIsCalled) {
  std::vector<Diagnostic> diagnostics;
  std::optional<Lock> lock = Lock::parse(whole, "schemas/koine.lock", diagnostics);
  ASSERT_TRUE(lock);
  for (const char* path : {"schemas/idl/shop.thrift", "./schemas/x/../idl/shop.thrift"}) {
    EXPECT_NE(lock->section(path, Language::proto).find({LockKind::field, "shop.Order", "legacy", -1}),
              nullptr)
        << path;
  }
  EXPECT_EQ(lock->section("idl/shop.thrift", Language::proto).find({LockKind::field, "shop.Order", "", -1}),
            nullptr);
  EXPECT_EQ(lock->types_in("shop", Language::proto).size(), 2u);
  EXPECT_EQ(lock->types_in("shop", Language::thrift).size(), 0u);
}

TEST(LockFile, TakesNoteOfWhatIsGoneAndOfWhatCameBack) {
  std::vector<Diagnostic> diagnostics;
  std::optional<Lock> lock = Lock::parse(with_lines("  field a.S.x (-1): number 65537\n"
                                                    "  field a.S.y (-2): number 65538, deleted\n"),
                                         "koine.lock", diagnostics);
  ASSERT_TRUE(lock);
  Lock::Section& section = lock->section("a.thrift", Language::proto);
  section.find({LockKind::field, "a.S", "y", -2})->seen = true;
  LockEntry entry;
  entry.subject = {LockKind::field, "a.S", "z", -3};
  entry.number = 65539;
  ASSERT_NE(lock->add(section, entry), nullptr);
  lock->close(section);
  EXPECT_THAT(lock->added(), ::testing::ElementsAre("field a.S.z (-3): number 65539"));
  EXPECT_THAT(lock->deleted(), ::testing::ElementsAre("field a.S.x (-1)"));
  EXPECT_THAT(lock->restored(), ::testing::ElementsAre("field a.S.y (-2)"));
  EXPECT_THAT(lock->text(), HasSubstr("  field a.S.z (-3): number 65539\n"
                                      "  field a.S.y (-2): number 65538\n"
                                      "  field a.S.x (-1): number 65537, deleted\n"));
}

TEST(LockFile, SaysWhatIsWrongWithALine) {
  const std::pair<const char*, const char*> wrong[] = {
      {"field a.S.x: number 5", "expected a line like"},
      {"field a.S.x (one): number 5", "expected a line like"},
      {"field S (1): number 5", "expected a line like"},
      {"thing a.S.x (1): number 5", "expected a line like"},
      {"field a.S.x (1): number five", "expected a line like"},
      {"field a.S.x (1): number 5, number 6", "expected a line like"},
      {"field a.S.x (1): name 5x", "expected a line like"},
      {"field a.S.x (1): deleted", "expected a line like"},
      {"field a.S.x (1)", "expected a line like"},
      {"field a.S.x (1): number 0", "0 is no number of a field in proto"},
      {"field a.S.x (1): number 19500", "19500 is no number of a field in proto"},
      {"field a.S.x (1): number 536870912", "536870912 is no number of a field in proto"},
      {"field a.S.x (1): name b.c", "has no dots in its name"},
      {"file b.thrift to go:", "expected 'file NAME to LANGUAGE:'"},
      {"<<<<<<< HEAD", "a merge left this mark"},
  };
  for (const auto& [line, message] : wrong) {
    const std::string said = problems(with_lines("  " + std::string(line) + "\n"));
    EXPECT_THAT(said, HasSubstr("idl/koine.lock:3:1: error: ")) << line;
    EXPECT_THAT(said, HasSubstr(message)) << line;
    EXPECT_THAT(said, HasSubstr("[LOCK_SYNTAX]")) << line;
  }
  EXPECT_THAT(problems(""), HasSubstr("a lock file begins with 'version: 1'"));
  EXPECT_THAT(problems("version: 2\n"), HasSubstr("expected 'version: 1' here"));
  EXPECT_THAT(problems("version: 1\nfield a.S.x (1): number 5\n"), HasSubstr("'file NAME to proto:' above"));
}

TEST(LockFile, FindsWhatTwoBranchesGaveTwice) {
  EXPECT_THAT(problems("version: 1\nfile a.proto to thrift:\n  field a.S.x (40000): number 32767\n"
                       "  field a.S.y (50000): number 32767\n"),
              HasSubstr("koine.lock:4:1: error: number 32767 is given twice, here and in line 3 to 'field "
                        "a.S.x (40000)': take out the line that nobody uses yet, and convert again"));
  EXPECT_THAT(problems(with_lines("  wrapper list<i32>: name a.T\n  struct a.t: name a.T\n")),
              HasSubstr("name a.T is given twice"));
  EXPECT_THAT(problems(with_lines("  struct a.t: name a.T\n  struct a.t: name a.T_\n")),
              HasSubstr("'struct a.t' is here twice, see line 3"));
  // Each struct has numbers of its own, and each language.
  EXPECT_EQ(problems(with_lines("  field a.S.x (-1): number 65537\n  field a.T.x (-1): number 65537\n"
                                "file a.proto to thrift:\n  field a.S.y (65537): number 7\n")),
            "");
}

}  // namespace
}  // namespace koine::idl::derive
