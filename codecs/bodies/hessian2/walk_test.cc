// Whole values of dubbo-hessian-lite 4.0.4 (of Dubbo 3.3.6, on Java 17), and values that are none.
#include "codecs/bodies/hessian2/walk.h"

#include <string>

#include <gtest/gtest.h>

#include "codecs/bodies/hessian2/golden_test_support.h"

namespace koine::codecs::bodies::hessian2 {
namespace {

struct Golden {
  const char* name;
  std::size_t references;
  std::size_t definitions;
  const char* hex;
};

// Hessian2Output.writeObject. `Item` is {String sku; int quantity; long cents; Colour colour}, `Oops` an
// exception {int code} with one stack trace element; int[0] and so on are empty arrays.
const Golden golden[] = {
    {"date", 0, 0, "4B00000001"},
    {"date ms", 0, 0, "4A0000011F71FB04CB"},
    {"list", 1, 0, "7B919293"},
    {"list8", 1, 0, "58989192939495969798"},
    {"linked", 1, 0, "71146A6176612E7574696C2E4C696E6B65644C69737491"},
    {"set", 1, 0, "71116A6176612E7574696C2E486173685365740161"},
    {"Arrays.asList", 1, 0, "721A6A6176612E7574696C2E4172726179732441727261794C69737401610162"},
    {"List.of", 1, 0, "790161"},
    {"int[]", 1, 0, "72045B696E749192"},
    {"String[]", 1, 0, "71075B737472696E670161"},
    {"Item[]", 3, 2,
     "710A5B476F6C64244974656D4309476F6C64244974656D9406636F6C6F75720563656E7473087175616E74"
     "69747903736B7560430B476F6C6424436F6C6F757291046E616D656103524544E291016B"},
    {"int[0]", 1, 0, "70045B696E74"},
    {"long[]", 1, 0, "71055B6C6F6E67E1"},
    {"double[]", 1, 0, "71075B646F75626C655F000005DC"},
    {"boolean[]", 1, 0, "71085B626F6F6C65616E54"},
    {"char[]", 0, 0, "026162"},
    {"hashmap", 1, 0, "480161915A"},
    {"treemap", 1, 0, "4D116A6176612E7574696C2E547265654D61700161915A"},
    {"linkedmap", 1, 0, "4D176A6176612E7574696C2E4C696E6B6564486173684D6170E101615A"},
    {"item", 2, 2,
     "4309476F6C64244974656D9406636F6C6F75720563656E7473087175616E7469747903736B7560430B476F"
     "6C6424436F6C6F757291046E616D656103524544E291016B"},
    {"derived", 2, 1,
     "430C476F6C64244465726976656494056974656D7309696E6865726974656405626F786564036F776E6078"
     "914E0178"},
    {"zero", 1, 1, "4309476F6C64245A65726F9060"},
    {"cycle", 1, 1, "4309476F6C64244E6F646592046E657874046E616D65605190016E"},
    {"bigdecimal", 1, 1, "43146A6176612E6D6174682E426967446563696D616C910576616C7565600631322E333430"},
    {"biginteger", 2, 1,
     "43146A6176612E6D6174682E426967496E746567657296036D61671966697273744E6F6E7A65726F496E74"
     "4E756D506C757354776F136C6F77657374536574426974506C757354776F106269744C656E677468506C75"
     "734F6E650F626974436F756E74506C75734F6E65067369676E756D6074045B696E7491498EE90FF649C373"
     "E0EE494E3F0AD29090909091"},
    {"uuid", 1, 1,
     "430E6A6176612E7574696C2E55554944910576616C756560302430303131323233332D343435352D363637"
     "372D383839392D616162626363646465656666"},
    {"localdate", 1, 1,
     "433037636F6D2E616C69626162612E636F6D2E63617563686F2E6865737369616E2E696F2E6A617661382E"
     "4C6F63616C4461746548616E646C659303646179056D6F6E7468047965617260AD92CFE8"},
    {"localtime", 1, 1,
     "433037636F6D2E616C69626162612E636F6D2E63617563686F2E6865737369616E2E696F2E6A617661382E"
     "4C6F63616C54696D6548616E646C6594046E616E6F067365636F6E64066D696E75746504686F75726095C8"
     "3AC83BA7"},
    {"localdatetime", 3, 3,
     "43303B636F6D2E616C69626162612E636F6D2E63617563686F2E6865737369616E2E696F2E6A617661382E"
     "4C6F63616C4461746554696D6548616E646C65920474696D65046461746560433037636F6D2E616C696261"
     "62612E636F6D2E63617563686F2E6865737369616E2E696F2E6A617661382E4C6F63616C54696D6548616E"
     "646C6594046E616E6F067365636F6E64066D696E75746504686F75726195C83AC83BA7433037636F6D2E61"
     "6C69626162612E636F6D2E63617563686F2E6865737369616E2E696F2E6A617661382E4C6F63616C446174"
     "6548616E646C659303646179056D6F6E7468047965617262AD92CFE8"},
    {"instant", 1, 1,
     "433035636F6D2E616C69626162612E636F6D2E63617563686F2E6865737369616E2E696F2E6A617661382E"
     "496E7374616E7448616E646C6592056E616E6F73077365636F6E64736097E5"},
    {"duration", 1, 1,
     "433036636F6D2E616C69626162612E636F6D2E63617563686F2E6865737369616E2E696F2E6A617661382E"
     "4475726174696F6E48616E646C6592056E616E6F73077365636F6E64736097E5"},
    {"offset", 5, 5,
     "43303C636F6D2E616C69626162612E636F6D2E63617563686F2E6865737369616E2E696F2E6A617661382E"
     "4F66667365744461746554696D6548616E646C6592066F6666736574086461746554696D6560433038636F"
     "6D2E616C69626162612E636F6D2E63617563686F2E6865737369616E2E696F2E6A617661382E5A6F6E654F"
     "666673657448616E646C6591077365636F6E647361D41C2043303B636F6D2E616C69626162612E636F6D2E"
     "63617563686F2E6865737369616E2E696F2E6A617661382E4C6F63616C4461746554696D6548616E646C65"
     "920474696D65046461746562433037636F6D2E616C69626162612E636F6D2E63617563686F2E6865737369"
     "616E2E696F2E6A617661382E4C6F63616C54696D6548616E646C6594046E616E6F067365636F6E64066D69"
     "6E75746504686F75726394939291433037636F6D2E616C69626162612E636F6D2E63617563686F2E686573"
     "7369616E2E696F2E6A617661382E4C6F63616C4461746548616E646C659303646179056D6F6E7468047965"
     "617264AD92CFE8"},
    {"locale", 1, 1,
     "43302E636F6D2E616C69626162612E636F6D2E63617563686F2E6865737369616E2E696F2E4C6F63616C65"
     "48616E646C65910576616C7565600564655F4445"},
    {"class", 1, 1, "430F6A6176612E6C616E672E436C61737391046E616D6560106A6176612E6C616E672E537472696E67"},
    {"sqlts", 1, 1, "43126A6176612E73716C2E54696D657374616D70910576616C7565604A0000000000000005"},
    {"exception", 4, 2,
     "4309476F6C64244F6F7073951473757070726573736564457863657074696F6E730A737461636B54726163"
     "650563617573650D64657461696C4D65737361676504636F646560701F6A6176612E7574696C2E436F6C6C"
     "656374696F6E7324456D7074794C697374711C5B6A6176612E6C616E672E537461636B5472616365456C65"
     "6D656E74431B6A6176612E6C616E672E537461636B5472616365456C656D656E749806666F726D61740A6C"
     "696E654E756D6265720866696C654E616D650A6D6574686F644E616D650E6465636C6172696E67436C6173"
     "730D6D6F64756C6556657273696F6E0A6D6F64756C654E616D650F636C6173734C6F616465724E616D6561"
     "909306412E6A617661016201414E4E4E519004626F6F6D97"},
    {"emptylist", 1, 0, "78"},
    {"emptymap", 1, 0, "485A"},
    {"nested", 3, 0, "7A799178"},
    {"Object[]", 1, 0, "73075B6F626A6563749101614E"},
    {"Integer[]", 1, 0, "72125B6A6176612E6C616E672E496E7465676572914E"},
    {"Long[]", 1, 0, "710F5B6A6176612E6C616E672E4C6F6E67E1"},
};

Fault walk(const std::string& bytes, std::size_t nesting_max = 64) {
  Walker walker(nesting_max);
  walker.start(begin_of(bytes));
  const std::uint8_t* next = walker.skip(begin_of(bytes), end_of(bytes));
  if (next == nullptr) return walker.fault();
  return next == end_of(bytes) ? Fault::none : Fault::malformed;
}

TEST(Hessian2Walker, StepsOverWhatHessianLiteWrites) {
  for (const Golden& value : golden) {
    const std::string bytes = from_hex(value.hex);
    Walker walker(64);
    walker.start(begin_of(bytes));
    EXPECT_EQ(walker.skip(begin_of(bytes), end_of(bytes)), end_of(bytes)) << value.name;
    EXPECT_EQ(walker.references(), value.references) << value.name;
    EXPECT_EQ(walker.definitions(), value.definitions) << value.name;
  }
}

TEST(Hessian2Walker, TakesNoPrefixOfAValue) {
  for (const Golden& value : golden) {
    const std::string bytes = from_hex(value.hex);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      Walker walker(64);
      const std::string cut = bytes.substr(0, size);
      walker.start(begin_of(cut));
      EXPECT_EQ(walker.skip(begin_of(cut), end_of(cut)), nullptr) << value.name << " cut at " << size;
    }
  }
}

TEST(Hessian2Walker, LaterValuesOfAStreamUseTheDefinitionsTypesAndReferencesOfEarlierOnes) {
  // The same Item twice: the second time only 51 90. Then another one, without a definition: 60.
  // And two LinkedLists, the second of which has its type by number.
  for (const char* hex :
       {"43 09 47 6F 6C 64 24 49 74 65 6D 94 06 63 6F 6C 6F 75 72 05 63 65 6E 74 73 08 71 75 61 6E"
        "74 69 74 79 03 73 6B 75 60 43 0B 47 6F 6C 64 24 43 6F 6C 6F 75 72 91 04 6E 61 6D 65 61 03"
        "52 45 44 E2 91 01 6B 51 90 60 61 05 47 52 45 45 4E E4 93 01 6C",
        "71 14 6A 61 76 61 2E 75 74 69 6C 2E 4C 69 6E 6B 65 64 4C 69 73 74 91 71 90 92"}) {
    const std::string bytes = from_hex(hex);
    Walker walker(64);
    walker.start(begin_of(bytes));
    const std::uint8_t* p = begin_of(bytes);
    while (p != end_of(bytes)) {
      p = walker.skip(p, end_of(bytes));
      ASSERT_NE(p, nullptr) << hex;
    }
    walker.start(begin_of(bytes));
    EXPECT_EQ(walker.references(), 0u);
    EXPECT_EQ(walker.definitions(), 0u);
  }
}

TEST(Hessian2Walker, OpensAnObjectWhoseFieldsAreThenReadOneByOne) {
  const std::string bytes =
      from_hex("43 09 47 6F 6C 64 24 4E 6F 64 65 92 04 6E 65 78 74 04 6E 61 6D 65 60 51 90 01 6E 60 4E 4E");
  Walker walker(64);
  walker.start(begin_of(bytes));
  const ObjectHead head = walker.open_object(begin_of(bytes), end_of(bytes));
  ASSERT_NE(head.values, nullptr);
  EXPECT_EQ(head.fields, 2u);
  EXPECT_EQ(to_hex({reinterpret_cast<const char*>(head.class_name), 10}), "09476F6C64244E6F6465");
  EXPECT_EQ(to_hex({reinterpret_cast<const char*>(head.field_names), 10}), "046E657874046E616D65");
  const std::uint8_t* p = walker.skip(head.values, end_of(bytes));
  p = walker.skip(p, end_of(bytes));
  ASSERT_NE(p, nullptr);
  const ObjectHead second = walker.open_object(p, end_of(bytes));
  EXPECT_EQ(second.class_name, head.class_name);
  EXPECT_EQ(second.values, p + 1);
  EXPECT_EQ(walker.open_object(end_of(bytes) - 1, end_of(bytes)).values, nullptr);
}

TEST(Hessian2Walker, KnowsTheOneValueThatNoFieldNames) {
  // hessian-lite 4.0.4 with -Dcom.caucho.hessian.io.java.time.serializer.compactMode=true,
  // LocalDate.of(2024,2,29).
  const std::string definition = from_hex("43 13") + "java.time.LocalDate" + from_hex("90");
  EXPECT_EQ(walk(definition + from_hex("60 59 00 07 E8 02")), Fault::none);
  EXPECT_EQ(walk(definition + from_hex("60")), Fault::truncated);
  EXPECT_EQ(walk(from_hex("43 13") + "java.time.LocalDatf" + from_hex("90 60")), Fault::none);
}

TEST(Hessian2Walker, RefusesWhatPointsNowhere) {
  EXPECT_EQ(walk(from_hex("51 90")), Fault::malformed);     // a reference to nothing
  EXPECT_EQ(walk(from_hex("79 51 91")), Fault::malformed);  // to the second thing of one
  EXPECT_EQ(walk(from_hex("79 51 90")), Fault::none);       // to the list that it is in
  EXPECT_EQ(walk(from_hex("79 51 8F")), Fault::malformed);  // to what is in front of the first
  EXPECT_EQ(walk(from_hex("60")), Fault::malformed);        // an object without a definition
  EXPECT_EQ(walk(from_hex("43 01 41 90 61")), Fault::malformed);
  EXPECT_EQ(walk(from_hex("4F 8F")), Fault::malformed);
  EXPECT_EQ(walk(from_hex("71 90 91")), Fault::malformed);  // a type without a name
  EXPECT_EQ(walk(from_hex("4D 90 5A")), Fault::malformed);
}

TEST(Hessian2Walker, RefusesWhatIsNoValue) {
  for (const char* hex :
       {"40", "45", "47", "50", "5A", "48 90 5A", "4D 4E 5A", "58 8F", "58 4E", "57", "43 90 90 60"}) {
    EXPECT_NE(walk(from_hex(hex)), Fault::none) << hex;
  }
}

TEST(Hessian2Walker, BelievesNoLengthThatTheBytesDoNotBearOut) {
  EXPECT_EQ(walk(from_hex("58 49 7F FF FF FF 90")), Fault::truncated);
  EXPECT_EQ(walk(from_hex("56 01 61 49 7F FF FF FF 90")), Fault::truncated);
  EXPECT_EQ(walk(from_hex("43 01 41 49 7F FF FF FF")), Fault::truncated);
  EXPECT_NE(walk(from_hex("53 FF FF 61")), Fault::none);
  EXPECT_NE(walk(from_hex("42 FF FF 61")), Fault::none);
}

TEST(Hessian2Walker, CountsListsMapsAndObjectsAsLevels) {
  const auto nested = [](std::string_view open, std::string_view close, std::size_t levels) {
    std::string bytes;
    for (std::size_t i = 0; i < levels; ++i) bytes += open;
    bytes += from_hex("90");
    for (std::size_t i = 0; i < levels; ++i) bytes += close;
    return bytes;
  };
  const std::string definition = from_hex("43 01 41 91 01 61");  // class A {a}
  EXPECT_EQ(walk(nested("\x79", "", 64)), Fault::none);
  EXPECT_EQ(walk(nested("\x79", "", 65)), Fault::too_deep);
  EXPECT_EQ(walk(nested("\x57", "Z", 64)), Fault::none);
  EXPECT_EQ(walk(nested("\x57", "Z", 65)), Fault::too_deep);
  EXPECT_EQ(walk(nested("H\x90", "Z", 64)), Fault::none);
  EXPECT_EQ(walk(nested("H\x90", "Z", 65)), Fault::too_deep);
  EXPECT_EQ(walk(definition + nested("\x60", "", 64)), Fault::none);
  EXPECT_EQ(walk(definition + nested("\x60", "", 65)), Fault::too_deep);
  EXPECT_EQ(walk(nested("\x79", "", 1'000'000)), Fault::too_deep);
}

}  // namespace
}  // namespace koine::codecs::bodies::hessian2
