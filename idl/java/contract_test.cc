// The interop contract's API jar: all of it is read, as its team wrote it.
#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/dump.h"
#include "idl/java/read.h"

namespace koine::idl::java {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* contract_package = "koine.interop.shop.";

std::string contract_folder() {
  return std::string(KOINE_SOURCE_DIR) + "/interop-tests/contract/java/koine/interop/shop/";
}

std::vector<std::string> contract_files() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(contract_folder()))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> fields_of(const Schema& schema, const std::string& name) {
  std::vector<std::string> list;
  const StructType* type = schema.find_struct(contract_package + name);
  if (type == nullptr) return {"no " + name};
  for (const Field& field : type->fields) {
    std::string text = type_text(*field.type);
    for (std::size_t at = 0; (at = text.find(contract_package)) != std::string::npos;) {
      text.erase(at, std::string_view(contract_package).size());
    }
    list.push_back(std::to_string(field.id) + " " + field.name + ": " + text +
                   (field.presence == Presence::implicit ? "!" : ""));
  }
  return list;
}

TEST(JavaContract, IsReadWholeButForMethodsOfAnyValue) {
  const ReadResult result = read(contract_files(), {});
  ASSERT_NE(result.schema, nullptr) << render(result.diagnostics);
  ASSERT_EQ(result.diagnostics.size(), 2U) << render(result.diagnostics);
  EXPECT_EQ(result.diagnostics[0].message,
            "'document' is left out of 'InteropService': 'Document.value' is a 'java.lang.Object': what "
            "comes, only "
            "its sender knows");
  EXPECT_EQ(result.diagnostics[1].rule, "JAVA_DYNAMIC");
  EXPECT_THAT(result.diagnostics[1].message, HasSubstr("'anything' is left out"));

  const Service* service = result.schema->find_service("koine.interop.shop.InteropService");
  ASSERT_NE(service, nullptr);
  EXPECT_EQ(service->base, "koine.interop.shop.Greeter");
  std::vector<std::string> methods;
  for (const Method& method : service->methods) methods.push_back(method.name);
  EXPECT_THAT(methods,
              ElementsAre("scalars", "payload", "lists", "sets", "maps", "placeOrder", "grow", "optionals",
                          "paint", "pick", "times", "days", "odds", "browse", "leaf", "pack", "wrap",
                          "several", "add", "listNames", "findItem", "label", "labelByLong", "labelByInteger",
                          "labelByString", "labelByItem", "labelByItemInt", "reset", "post", "seen", "fail",
                          "linger", "exchangeAttachments", "stamp", "greet"));
  EXPECT_EQ(service->own_methods, methods.size() - 1);
  ASSERT_EQ(result.schema->files().size(), 3U);  // and two of protobuf's times
  // All classes but Document and the bare Page.
  const auto& files = result.schema->files();
  const auto own =
      std::find_if(files.begin(), files.end(), [](const File& f) { return f.language == Language::java; });
  EXPECT_EQ(own->package, "koine.interop.shop");
  EXPECT_EQ(own->path, "koine/interop/shop.java");
  EXPECT_EQ(own->structs.size(), contract_files().size() - 3U /* Colour, Greeter, InteropService */);
  EXPECT_EQ(result.schema->find_struct("koine.interop.shop.Document"), nullptr);
}

TEST(JavaContract, HasTheKindsOfItsFields) {
  const ReadResult result = read(contract_files(), {});
  ASSERT_NE(result.schema, nullptr);
  const Schema& schema = *result.schema;
  EXPECT_THAT(
      fields_of(schema, "Scalars"),
      ElementsAre("1 caseId: string", "2 open: bool!", "3 shut: bool!", "4 tiny: i8!", "5 small: i16!",
                  "6 medium: i32!", "7 large: i64!", "8 ratio: f64!", "9 letter: string as char!"));
  EXPECT_THAT(fields_of(schema, "Odds"),
              ElementsAre("1 caseId: string", "2 id: uuid as java.util.UUID",
                          "3 huge: string as java.math.BigInteger", "4 tiny: i8 as java.lang.Byte",
                          "5 small: i16 as java.lang.Short", "6 share: f32 as java.lang.Float",
                          "7 letter: string as java.lang.Character", "8 counts: list<i32> as int[]",
                          "9 names: list<string> as java.lang.String[]", "10 items: list<Item> as Item[]"));
  EXPECT_THAT(fields_of(schema, "Times"),
              ElementsAre("1 caseId: string", "2 createdAt: i64 as java.util.Date",
                          "3 lasted: google.protobuf.Duration as java.time.Duration",
                          "4 price: string as java.math.BigDecimal"));
  EXPECT_THAT(fields_of(schema, "Days"),
              ElementsAre("1 caseId: string", "2 at: google.protobuf.Timestamp as java.time.Instant",
                          "3 day: string as java.time.LocalDate", "4 clock: string as java.time.LocalTime",
                          "5 local: string as java.time.LocalDateTime"));
  EXPECT_THAT(fields_of(schema, "GiftItem"),
              ElementsAre("1 sku: string", "2 quantity: i32!", "3 priceCents: i64!", "4 colour: Colour",
                          "5 wrapping: string", "6 ribbon: bool as java.lang.Boolean"));
  EXPECT_THAT(fields_of(schema, "PageOfItem"),
              ElementsAre("1 caseId: string", "2 number: i32!", "3 last: bool!", "4 items: list<Item>",
                          "5 best: Item"));
  EXPECT_THAT(fields_of(schema, "OverQuotaException"),
              ElementsAre("1 message: string", "2 limit: i32!", "3 item: Item"));
  EXPECT_EQ(schema.find_struct("koine.interop.shop.OverQuotaException")->form, StructForm::exception);
  EXPECT_THAT(fields_of(schema, "InteropService.fail_result"),
              ElementsAre("0 success: Ticket", "1 notFoundException: NotFoundException",
                          "2 overQuotaException: OverQuotaException"));
  EXPECT_THAT(fields_of(schema, "InteropService.several_args"),
              ElementsAre("1 first: i32!", "2 second: string", "3 third: list<i64 as java.lang.Long>",
                          "4 fourth: Colour", "5 fifth: Item"));
  EXPECT_THAT(fields_of(schema, "InteropService.reset_result"), ElementsAre());
}

TEST(JavaContract, IsFoundFromItsInterfaceAlone) {
  const ReadResult whole = read(contract_files(), {});
  const ReadResult alone = read({contract_folder() + "InteropService.java"}, {});
  ASSERT_NE(alone.schema, nullptr) << render(alone.diagnostics);
  ASSERT_NE(whole.schema, nullptr);
  EXPECT_EQ(alone.schema->services().size(), 1U);
  for (const Method& method : alone.schema->services().front().methods) {
    const Method* same = whole.schema->services().back().find_method(method.name);
    ASSERT_NE(same, nullptr) << method.name;
    for (const auto& [a, b] :
         {std::pair(method.request, same->request), std::pair(method.response, same->response)}) {
      ASSERT_EQ(a->fields.size(), b->fields.size());
      for (std::size_t i = 0; i < a->fields.size(); ++i) {
        EXPECT_EQ(type_text(*a->fields[i].type), type_text(*b->fields[i].type));
      }
    }
  }
}

}  // namespace
}  // namespace koine::idl::java
