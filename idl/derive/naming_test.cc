// Names, constants as text, and SHA-256.
#include "idl/derive/naming.h"

#include <gtest/gtest.h>

#include "idl/derive/constant_text.h"
#include "idl/derive/sha256.h"
#include "idl/dump.h"
#include "idl/folded.h"

namespace koine::idl::derive {
namespace {

TEST(Naming, SplitsWordsWhereAPersonWould) {
  EXPECT_EQ(upper_snake("OrderStatus"), "ORDER_STATUS");
  EXPECT_EQ(upper_snake("order_status"), "ORDER_STATUS");
  EXPECT_EQ(upper_snake("HTTPCode"), "HTTP_CODE");
  EXPECT_EQ(upper_snake("Type2Name"), "TYPE2_NAME");
  EXPECT_EQ(upper_snake("URL"), "URL");
  EXPECT_EQ(lower_snake("PaymentChoice"), "payment_choice");
  EXPECT_EQ(lower_first("GetOrder"), "getOrder");
  EXPECT_EQ(lower_first("SSN"), "SSN");
  EXPECT_EQ(lower_first("X"), "x");
  EXPECT_EQ(upper_first("getOrder"), "GetOrder");
  EXPECT_EQ(folded("a_bC"), "abc");
  EXPECT_EQ(map_entry_name("by_name2x"), "ByName2xEntry");
}

TEST(Naming, MakesPackagesOfAnyText) {
  EXPECT_EQ(identifier_path("my-shop.v1"), "my_shop.v1");
  EXPECT_EQ(identifier_path(".a..b."), "a.b");
  EXPECT_EQ(identifier_path("a.2b"), "a._2b");
  EXPECT_EQ(identifier_path(""), "");
}

TEST(Naming, KnowsThriftsWords) {
  EXPECT_TRUE(is_thrift_word("end"));
  EXPECT_TRUE(is_thrift_word("BEGIN"));
  EXPECT_TRUE(is_thrift_word("i32"));
  EXPECT_FALSE(is_thrift_word("End"));
  EXPECT_FALSE(is_thrift_word("order"));
}

TEST(NameScope, GivesTheNextFreeName) {
  NameScope names(folded);
  EXPECT_EQ(names.claim("orderId"), "orderId");
  EXPECT_EQ(names.claim("order_id"), "order_id_2");  // "order_id_" folds like "orderId"
  EXPECT_EQ(names.claim("ORDERID"), "ORDERID_3");
  NameScope exact(nullptr, is_thrift_word);
  EXPECT_EQ(exact.claim("end"), "end_");
  EXPECT_EQ(exact.claim("end"), "end_2");
  EXPECT_EQ(exact.claim("x", [](const std::string& name) { return name == "x"; }), "x_");
}

TEST(Constants, KeepOctetsThatNoTextFileShouldHold) {
  const std::string octets("a\x01\xff\0x\\x41\n", 10);
  EXPECT_EQ(constant_text({octets}), R"("a\x01\xff\x00x\\x41\n")");
  Type bytes;
  bytes.kind = Kind::bytes;
  EXPECT_EQ(std::get<std::string>(parse_constant(constant_text({octets}), bytes)->data), octets);
  EXPECT_EQ(constant_text({std::string("Grüße")}), "\"Grüße\"");
  for (const char* wrong : {R"("\x1")", R"("\x")", R"("\xg0")", R"("\x0)"}) {
    EXPECT_FALSE(parse_constant(wrong, bytes)) << wrong;
  }
}

// FIPS 180-4's examples, and lengths around the padding's border (sha256sum).
TEST(Sha256, GivesTheStandardsExamples) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

class ConstantText : public ::testing::Test {
 protected:
  ConstantText() {
    colour_.full_name = "shop.Colour";
    colour_.values = {{"RED", 1, {}, ""}, {"BLUE", 5, {}, ""}};
    enumeration_.kind = Kind::enumeration;
    enumeration_.enumeration = &colour_;
    list_.kind = Kind::list;
    list_.element = &enumeration_;
    map_.kind = Kind::map;
    map_.key = schema_.scalar(Kind::string);
    map_.element = &list_;
    item_.fields.resize(1);
    item_.fields[0].name = "by_name";
    item_.fields[0].type = &map_;
    structure_.kind = Kind::structure;
    structure_.structure = &item_;
  }

  std::string round(const Type& type, const std::string& text) {
    const std::optional<Value> value = parse_constant(text, type);
    return value ? value_text(*value) : "none";
  }

  Schema schema_;
  EnumType colour_;
  StructType item_;
  Type enumeration_, list_, map_, structure_;
};

TEST_F(ConstantText, ReadsBackWhatWasPrinted) {
  for (const char* text : {"true", "false"}) EXPECT_EQ(round(*schema_.scalar(Kind::boolean), text), text);
  EXPECT_EQ(round(*schema_.scalar(Kind::i64), "-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(round(*schema_.scalar(Kind::u64), "18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(round(*schema_.scalar(Kind::f64), "-2.5"), "-2.5");
  EXPECT_EQ(round(*schema_.scalar(Kind::f64), "inf"), "inf");
  EXPECT_EQ(round(*schema_.scalar(Kind::string), R"("a \"b\" \\ \n")"), R"("a \"b\" \\ \n")");
  EXPECT_EQ(round(structure_, R"({"by_name": {"x": [shop.Colour.RED, shop.Colour.BLUE], "y": []}})"),
            R"({"by_name": {"x": [shop.Colour.RED, shop.Colour.BLUE], "y": []}})");
}

TEST_F(ConstantText, RefusesWhatIsNoConstantOfTheType) {
  EXPECT_EQ(round(*schema_.scalar(Kind::i8), "128"), "none");
  EXPECT_EQ(round(*schema_.scalar(Kind::u32), "-1"), "none");
  EXPECT_EQ(round(*schema_.scalar(Kind::i32), "1 2"), "none");
  EXPECT_EQ(round(*schema_.scalar(Kind::string), "\"open"), "none");
  EXPECT_EQ(round(*schema_.scalar(Kind::boolean), "1"), "none");
  EXPECT_EQ(round(enumeration_, "shop.Colour.GREEN"), "none");
  EXPECT_EQ(round(list_, "[shop.Colour.RED"), "none");
  EXPECT_EQ(round(list_, ""), "none");
  EXPECT_EQ(round(structure_, R"({"nothing": 1})"), "none");
  EXPECT_EQ(round(structure_, std::string(100000, '{')), "none");
}

}  // namespace
}  // namespace koine::idl::derive
