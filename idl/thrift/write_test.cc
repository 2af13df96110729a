// The writer: what it prints, and that reading it back gives the same schema.
#include "idl/thrift/write.h"

#include <gtest/gtest.h>

#include "idl/dump.h"
#include "idl/thrift/corpus_test_support.h"

namespace koine::idl::thrift {
namespace {

// Writes every file of a schema and reads the texts again, under the same paths.
std::unique_ptr<Schema> written_and_read(const Schema& schema, const std::string& main_path,
                                         std::map<std::string, std::string>* texts = nullptr) {
  std::map<std::string, std::string> files;
  for (const File& file : schema.files()) files[file.path] = write(schema, file);
  if (texts != nullptr) *texts = files;
  auto sources = memory_sources(files);
  ReadOptions options;
  options.sources = sources.get();
  ReadResult result = read({main_path}, options);
  EXPECT_NE(result.schema, nullptr) << render(result.diagnostics) << files[main_path];
  return std::move(result.schema);
}

class Corpus : public ::testing::TestWithParam<const char*> {};

TEST_P(Corpus, ReadsBackWhatWasWritten) {
  const std::string path = corpus_directory() + GetParam();
  ReadResult original = read({path}, {});
  ASSERT_NE(original.schema, nullptr) << render(original.diagnostics);
  std::map<std::string, std::string> texts;
  auto again = written_and_read(*original.schema, original.schema->files().back().path, &texts);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(dump(*again), dump(*original.schema)) << texts.rbegin()->second;
  // A second writing changes nothing any more.
  for (const File& file : again->files()) EXPECT_EQ(write(*again, file), texts[file.path]);
}

INSTANTIATE_TEST_SUITE_P(Files, Corpus,
                         ::testing::Values("kitchen_sink.thrift", "shared.thrift", "names.thrift",
                                           "bom_crlf.thrift", "forward.thrift", "koine.thrift"),
                         [](const auto& file) {
                           std::string name = file.param;
                           return name.substr(0, name.find('.'));
                         });

TEST(ThriftWriter, PrintsWhatAPersonWouldWrite) {
  auto schema = schema_of(R"(/** Orders. */
include 'common.thrift'
namespace java acme.shop
/** How it was paid. */ enum Payment { CASH = 1; /** any card */ CARD (weight="2") }
typedef i64 OrderId
typedef string Sku (koine.note = "x")
/** One order.
  * In detail. */
struct Order { 1: required OrderId id; 2: optional string note = "no\n\"note\""; 3: list<common.Item> items
 4: Payment payment = Payment.CARD (a = "b", c); 5: i64 (koine.range="u32") count; 6: double rate = 1 } (x = "y")
union Either { 1: i32 left; 2: string right }
exception Missing { 1: string message } (koine.code = "NOT_FOUND")
const map<string, Payment> PAYMENTS = {"cash": Payment.CASH}
const i32 LIMIT = 10
service Shop extends common.Root {
  /** Finds one. */
  Order find(1: OrderId id) throws (1: Missing missing) (koine.idempotent = "true")
  void put(1: Order order, /** twice? */ 2: bool again)
  oneway void forget(1: OrderId id)
  list<Order> search(1: string first_word, 2: string second_word, 3: string third_word, 4: string fourth_word)
}
)",
                          {{"common.thrift", "struct Item { 1: i32 a } service Root {}"}});
  const File* file = &schema->files().back();
  EXPECT_EQ(write(*schema, *file), R"(/** Orders. */
include "common.thrift"

namespace java acme.shop

/** How it was paid. */
enum Payment {
  CASH = 1,
  /** any card */
  CARD = 2 (weight = "2"),
}

typedef i64 OrderId
typedef string Sku (koine.note = "x")

/**
 * One order.
 * In detail.
 */
struct Order {
  1: required OrderId id,
  2: optional string note = "no\n\"note\"",
  3: list<common.Item> items,
  4: Payment payment = Payment.CARD (a = "b", c = "1"),
  5: i64 (koine.range = "u32") count,
  6: double rate = 1.0,
} (x = "y")

union Either {
  1: i32 left,
  2: string right,
}

exception Missing {
  1: string message,
} (koine.code = "NOT_FOUND")

const map<string, Payment> PAYMENTS = {"cash": Payment.CASH}
const i32 LIMIT = 10

service Shop extends common.Root {
  /** Finds one. */
  Order find(1: OrderId id) throws (1: Missing missing) (koine.idempotent = "true"),
  void put(
    1: Order order,
    /** twice? */
    2: bool again,
  ),
  oneway void forget(1: OrderId id),
  list<Order> search(
    1: string first_word,
    2: string second_word,
    3: string third_word,
    4: string fourth_word,
  ),
}
)");
}

TEST(ThriftWriter, PrintsRangesOfOtherFilesTypedefsWhereTheyReadBack) {
  auto schema = schema_of(
      "include 'c.thrift' struct S { 1: c.Id a (koine.range='u32'); 2: list<c.Id> b; 3: c.Small c }\n"
      "service V { c.Id f() (koine.range='u64') }",
      {{"c.thrift", "typedef i64 Id typedef i16 Small (koine.range='u8')"}});
  auto again = written_and_read(*schema, "test.thrift");
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(dump(*again), dump(*schema));
}

TEST(ThriftWriter, NamesThePackageThatNoNamespaceGives) {
  Schema schema;
  File& file = schema.add_file();
  file.path = "shop.thrift";
  file.package = "acme.shop";
  StructType& type = schema.add_struct();
  type.name = "A";
  type.full_name = "acme.shop.A";
  type.implicit_utf8 = false;
  file.structs.push_back(&type);
  EXPECT_EQ(write(schema, file), "namespace * acme.shop\n\nstruct A {\n}\n");
}

TEST(ThriftWriter, PutsTheFilesAnnotationsBehindANamespace) {
  for (const char* text : {"namespace * a.b\nnamespace java a.b (koine.derived_from = \"00ff\")\n",
                           "namespace * a.b\nnamespace koine test (koine.derived_from = \"00ff\")\n"}) {
    auto schema = schema_of(text);
    const File& file = schema->files().front();
    EXPECT_EQ(*find_annotation(file.annotations, "koine.derived_from"), "00ff");
    EXPECT_EQ(file.namespaces.count("koine"), 0u);
    EXPECT_EQ(write(*schema, file), text);
  }
}

TEST(ThriftWriter, PutsWhatAStructHoldsBeforeIt) {
  auto schema = schema_of(R"(struct Order { 1: Customer customer, 2: list<Line> lines }
struct Line { 1: i32 count }
struct Customer { 1: Address home }
struct Address { 1: string street }
)");
  const std::string text = write(*schema, schema->files().front());
  EXPECT_LT(text.find("struct Address"), text.find("struct Customer"));
  EXPECT_LT(text.find("struct Customer"), text.find("struct Order"));
  EXPECT_LT(text.find("struct Order"), text.find("struct Line")) << "a list holds its elements elsewhere";
  EXPECT_EQ(text.find('&'), std::string::npos) << text;
}

TEST(ThriftWriter, PutsWhatIsInAMapBeforeIt) {
  auto schema = schema_of(R"(struct A { 1: map<i32, B> b, 2: list<map<C, i32>> c, 3: list<D> d }
struct B { 1: list<E> e }
struct C { 1: i32 n }
struct D { 1: i32 n }
struct E { 1: map<string, list<D>> d }
)");
  const std::string text = write(*schema, schema->files().front());
  std::string order;
  for (std::size_t at = text.find("struct "); at != std::string::npos; at = text.find("struct ", at + 1)) {
    order += text[at + 7];
  }
  EXPECT_EQ(order, "BCADE");
  schema =
      schema_of("struct A { 1: map<string, A> a, 2: map<string, B> b }\nstruct B { 1: map<string, A> a }\n");
  EXPECT_EQ(write(*schema, schema->files().front()).find('&'), std::string::npos);
}

TEST(ThriftWriter, HoldsByReferenceWhatHoldsItself) {
  const char* text = R"(
struct Node {
  1: optional Node & next,
  2: list<Node> children,
}

struct Man {
  1: optional Dog & dog,
}

struct Dog {
  1: optional Man & master,
  2: optional Node home,
}
)";
  auto schema = schema_of(text);
  EXPECT_EQ(write(*schema, schema->files().front()), text);
}

TEST(ThriftWriter, OrdersAChainThatIsLongerThanAnyStack) {
  std::string text;
  for (int i = 0; i < 20000; ++i) {
    text += "struct S" + std::to_string(i) + " { 1: S" + std::to_string(i + 1) + " held }\n";
  }
  auto schema = schema_of(text + "struct S20000 { 1: i32 end }\n");
  EXPECT_EQ(write(*schema, schema->files().front()).find("\nstruct S20000 {\n  1: i32 end,\n}\n"), 0u);
}

TEST(ThriftWriter, PutsNamespacesThatAreNoNamesIntoQuotes) {
  auto schema =
      schema_of("xsd_namespace 'http://a/xsd'\nsmalltalk_category A-b\nnamespace py.twisted a.b_1\n");
  std::map<std::string, std::string> texts;
  auto again = written_and_read(*schema, "test.thrift", &texts);
  EXPECT_EQ(texts["test.thrift"],
            "namespace py.twisted a.b_1\nnamespace smalltalk.category \"A-b\"\nnamespace xsd "
            "\"http://a/xsd\"\n");
  EXPECT_EQ(again->files().front().namespaces, schema->files().front().namespaces);
}

TEST(ThriftWriter, ClosesNoDocCommentEarly) {
  Schema copy;
  File& file = copy.add_file();
  file.path = "test.thrift";
  file.doc = "ends */ struct Evil {} /* here";
  EXPECT_EQ(write(copy, file), "/** ends * / struct Evil {} /* here */\n/** */\n")
      << "the file's comment stays one comment";
}

}  // namespace
}  // namespace koine::idl::thrift
