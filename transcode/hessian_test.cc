// Hessian2 at an end of a plan. The bytes of objects and of Java's own values were written by
// dubbo-hessian-lite 4.0.4 (Dubbo 3.3.6) on Java 17.
#include <gtest/gtest.h>

#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

constexpr model::BodyFormat hessian = model::BodyFormat::hessian2;

// class Gold$Item { String sku; int quantity; long cents; Colour colour; } and what else tests need.
struct Java : ::testing::Test {
  SchemaBuilder schema;
  idl::EnumType* colour = nullptr;
  idl::StructType* item = nullptr;

  Java() {
    colour = &schema.enumeration("Gold.Colour", {});
    colour->values.resize(2);
    colour->values[0].name = "RED";
    colour->values[1].name = "GREEN";
    colour->values[1].number = 1;
    item = &schema.structure("Gold.Item");
    add(*item, 1, "sku", schema.scalar(Kind::string), Presence::optional);
    add(*item, 2, "quantity", schema.scalar(Kind::i32));
    add(*item, 3, "cents", schema.scalar(Kind::i64));
    add(*item, 4, "colour", schema.of(*colour), Presence::optional);
  }
  const idl::Type* native(Kind kind, std::string name) {
    auto& type = const_cast<idl::Type&>(*schema.number(kind, idl::NumberForm::plain));
    type.native = std::move(name);
    return &type;
  }
  const idl::Type* array(const idl::Type* element, std::string name) {
    auto& type = const_cast<idl::Type&>(*schema.list(element));
    type.native = std::move(name);
    return &type;
  }
  // A method's arguments, of one type.
  idl::StructType& arguments(const idl::Type* type, int count = 1, Presence presence = Presence::optional) {
    idl::StructType& made = schema.structure("arguments");
    made.role = idl::StructRole::arguments;
    for (int i = 1; i <= count; ++i) add(made, i, "arg" + std::to_string(i), type, presence);
    return made;
  }
  std::string to_binary(const idl::StructType& root, std::string_view values,
                        const PlanOptions& options = {}) {
    return Runner(hessian, root, binary, root, options).hex_of(hex(values));
  }
  std::string to_hessian(const idl::StructType& root, std::string_view bytes) {
    return Runner(binary, root, hessian, root).hex_of(hex(bytes));
  }
  // What one argument of the type, read and written again, becomes.
  std::string again(const idl::Type* type, std::string_view value) {
    const idl::StructType& root = arguments(type);
    std::string read;
    const base::Status status = Runner(hessian, root, binary, root).run(hex(value), read);
    return status.ok() ? Runner(binary, root, hessian, root).hex_of(read) : status.to_string();
  }
};

constexpr std::string_view item_definition =
    "43 09 47 6f 6c 64 24 49 74 65 6d 94 06 63 6f 6c 6f 75 72 05 63 65 6e 74 73 08 71 75 61 6e 74 69 74 79 "
    "03 73 6b 75";
constexpr std::string_view colour_definition = "43 0b 47 6f 6c 64 24 43 6f 6c 6f 75 72 91 04 6e 61 6d 65";
// new Item("k", 1, 2, RED), as Java writes it: the last field first.
std::string gold_item() {
  return std::string(item_definition) + " 60 " + std::string(colour_definition) +
         " 61 03 52 45 44 e2 91 01 6b";
}
// The same as a binary argument: field 1 is a struct.
constexpr std::string_view binary_item =
    "0c 00 01 08 00 04 00 00 00 00 0a 00 03 00 00 00 00 00 00 00 02 08 00 02 00 00 00 01 0b 00 01 00 00 00 "
    "01 "
    "6b 00 00";

TEST_F(Java, AnObjectIsReadByTheNamesOfItsFieldsInWhateverOrder) {
  EXPECT_EQ(to_binary(arguments(schema.of(*item)), gold_item()), to_hex(hex(binary_item)));
}

TEST_F(Java, AnObjectIsWrittenInTheOrderOfTheSchemaWhateverOrderItsFieldsComeIn) {
  const std::string definition =
      "43 09 47 6f 6c 64 24 49 74 65 6d 94 03 73 6b 75 08 71 75 61 6e 74 69 74 79 05 63 65 6e 74 73 06 63 6f "
      "6c 6f "
      "75 72 60 01 6b 91 e2 43 0b 47 6f 6c 64 24 43 6f 6c 6f 75 72 91 04 6e 61 6d 65 61 03 52 45 44";
  const idl::StructType& root = arguments(schema.of(*item));
  EXPECT_EQ(to_hessian(root, binary_item), definition);
  EXPECT_EQ(
      to_hessian(
          root,
          "0c 00 01 0b 00 01 00 00 00 01 6b 08 00 02 00 00 00 01 0a 00 03 00 00 00 00 00 00 00 02 08 00 "
          "04 00 00 00 00 00 00"),
      definition);
}

TEST_F(Java, WhatIsNotThereIsNullOrZeroInAnObjectAndNullIsNotThere) {
  const idl::StructType& root = arguments(schema.of(*item));
  const std::string written = to_hessian(root, "0c 00 01 00 00");
  EXPECT_TRUE(written.ends_with("60 4e 90 e0 4e")) << written;
  EXPECT_EQ(to_binary(root, std::string(item_definition) + " 60 4e e0 90 4e"),
            "0c 00 01 0a 00 03 00 00 00 00 00 00 00 00 08 00 02 00 00 00 00 00 00");
  EXPECT_EQ(to_binary(root, std::string(item_definition) + " 60 4e 4e 90 4e"),
            "MAP_NULL at arg1.cents: null where a primitive value must be");
  EXPECT_EQ(to_binary(root, "4e"), "00");
}

TEST_F(Java, WhatAProtobufMessageDoesNotHaveIsZeroOrEmptyInAnObject) {
  idl::StructType& java = schema.structure("P");
  idl::StructType& proto = schema.structure("p.P");
  proto.origin = &java;
  for (idl::StructType* each : {&java, &proto}) {
    add(*each, 1, "count", schema.scalar(Kind::i32));
    add(*each, 2, "good", schema.scalar(Kind::boolean));
    add(*each, 3, "list", schema.list(schema.scalar(Kind::i32)));
    add(*each, 4, "map", schema.map(schema.scalar(Kind::string), schema.scalar(Kind::string)));
    add(*each, 5, "ratio", schema.scalar(Kind::f64));
    add(*each, 6, "text", schema.scalar(Kind::string));
    add(*each, 7, "last", schema.scalar(Kind::i64));
  }
  Runner runner(protobuf, proto, hessian, java);
  const std::string none = runner.hex_of("");
  EXPECT_TRUE(none.ends_with("60 90 46 78 48 5a 5b 00 e0")) << none;
  const std::string last = runner.hex_of(hex("38 07"));
  EXPECT_TRUE(last.ends_with("60 90 46 78 48 5a 5b 00 e7")) << last;
}

TEST_F(Java, ClassesAreDefinedOnceAndTheirObjectsReferToTheDefinition) {
  const idl::StructType& root = arguments(schema.of(*item), 2);
  const std::string two = gold_item() + " 60 61 05 47 52 45 45 4e e4 93 01 6c";
  std::string read;
  ASSERT_TRUE(Runner(hessian, root, binary, root).run(hex(two), read).ok());
  EXPECT_TRUE(to_hessian(root, to_hex(read)).ends_with("60 01 6c 93 e4 61 05 47 52 45 45 4e"));
}

TEST_F(Java, WhatIsReferredToIsReadAgainWhereItBegan) {
  const idl::StructType& items = arguments(schema.of(*item), 2);
  const std::string once = to_hex(hex(binary_item)).substr(0, to_hex(hex(binary_item)).size() - 3);
  EXPECT_EQ(to_binary(items, gold_item() + " 51 90"), once + " 0c 00 02" + once.substr(8) + " 00");
  // Enum constants are objects that Java refers to; the third is the first one.
  const idl::StructType& colours = arguments(schema.of(*colour), 3);
  EXPECT_EQ(to_binary(colours, std::string(colour_definition) + " 60 03 52 45 44 60 05 47 52 45 45 4e 51 90"),
            "08 00 01 00 00 00 00 08 00 02 00 00 00 01 08 00 03 00 00 00 00 00");
  EXPECT_EQ(to_binary(colours, std::string(colour_definition) + " 60 03 52 45 44 51 91 4e"),
            "WIRE_MALFORMED at arg2: these bytes are no values of Hessian2");
}

TEST_F(Java, AValueThatRefersToOneThatItLiesInIsRefused) {
  idl::StructType& node = schema.structure("Gold.Node");
  add(node, 1, "name", schema.scalar(Kind::string), Presence::optional);
  add(node, 2, "next", schema.of(node), Presence::optional);
  EXPECT_EQ(to_binary(arguments(schema.of(node)),
                      "43 09 47 6f 6c 64 24 4e 6f 64 65 92 04 6e 65 78 74 04 6e 61 6d 65 60 51 90 01 6e"),
            "MAP_CYCLE at arg1.next: a value refers to one that it lies in");
  // Also when it was skipped first: the second argument's unknown field holds an object that refers to
  // itself.
  idl::StructType& blind = schema.structure("Gold.Blind");
  idl::StructType& root = schema.structure("arguments");
  root.role = idl::StructRole::arguments;
  add(root, 1, "blind", schema.of(blind), Presence::optional);
  add(root, 2, "node", schema.of(node), Presence::optional);
  EXPECT_EQ(
      to_binary(root,
                "43 0a 47 6f 6c 64 24 42 6c 69 6e 64 91 01 78 60 "
                "43 09 47 6f 6c 64 24 4e 6f 64 65 92 04 6e 65 78 74 04 6e 61 6d 65 61 51 91 01 6e 51 91"),
      "MAP_CYCLE at node.next: a value refers to one that it lies in");
}

TEST_F(Java, ReferencesInReferencesEndWhereTheMessageWouldBeTooLong) {
  // [x, x], [that, that], …: 2^30 items in 100 bytes.
  const idl::Type* type = schema.scalar(Kind::i32);
  for (int i = 0; i < 30; ++i) type = schema.list(type);
  std::string bytes;
  for (int i = 0; i < 29; ++i) bytes += "7a ";
  bytes += "7a 91 91 ";
  for (int i = 29; i > 0; --i) {
    char reference[16];
    std::snprintf(reference, sizeof reference, "51 %02x ", 0x90 + i);
    bytes += reference;
  }
  const std::string got = to_binary(arguments(type), bytes);
  EXPECT_TRUE(got.starts_with("LIMIT_MESSAGE")) << got.substr(0, 200);
}

TEST_F(Java, AnObjectOfAnotherClassIsRefusedByName) {
  EXPECT_EQ(to_binary(arguments(schema.of(*item)), std::string(colour_definition) + " 60 03 52 45 44"),
            "MAP_TYPE at arg1: an object of Gold$Colour where one of Gold$Item belongs");
}

TEST_F(Java, AMapStandsForAnObject) {
  EXPECT_EQ(to_binary(arguments(schema.of(*item)), "48 03 73 6b 75 01 6b 08 71 75 61 6e 74 69 74 79 97 5a"),
            "0c 00 01 0b 00 01 00 00 00 01 6b 08 00 02 00 00 00 07 00 00");
}

TEST_F(Java, FieldsThatTheSchemaDoesNotHaveAreDroppedAndCountedOrRefused) {
  idl::StructType& narrow = schema.structure("Gold.Item");
  add(narrow, 1, "sku", schema.scalar(Kind::string), Presence::optional);
  const idl::StructType& root = arguments(schema.of(narrow));
  Runner runner(hessian, root, binary, root);
  EXPECT_EQ(runner.hex_of(hex(gold_item())), "0c 00 01 0b 00 01 00 00 00 01 6b 00 00");
  EXPECT_EQ(runner.context().counters.dropped_fields[0], 3u);
  PlanOptions strict;
  strict.not_in_schema = NotInSchema::reject;
  EXPECT_EQ(to_binary(root, gold_item(), strict),
            "MAP_UNKNOWN_FIELD at arg1.colour: the message has a field that the schema does not know");
}

TEST_F(Java, EnumValuesGoByName) {
  EXPECT_EQ(to_binary(arguments(schema.of(*colour)), std::string(colour_definition) + " 60 04 42 4c 55 45"),
            "MAP_ENUM_UNKNOWN at arg1: the enum has no value of this name");
  EXPECT_EQ(to_hessian(arguments(schema.of(*colour)), "08 00 01 00 00 00 07 00"),
            "MAP_ENUM_UNKNOWN at arg1: the enum has no value of this number");
}

TEST_F(Java, ValuesOfJavasOwnClassesAreWrittenAsJavaWroteThem) {
  const char* const decimal =
      "43 14 6a 61 76 61 2e 6d 61 74 68 2e 42 69 67 44 65 63 69 6d 61 6c 91 05 76 61 6c 75 65 60 06 31 32 2e "
      "33 34 30";
  EXPECT_EQ(again(native(Kind::string, "java.math.BigDecimal"), decimal), decimal);
  const char* const id =
      "43 0e 6a 61 76 61 2e 75 74 69 6c 2e 55 55 49 44 91 05 76 61 6c 75 65 60 30 24 30 30 31 31 32 32 33 33 "
      "2d 34 34 "
      "35 35 2d 36 36 37 37 2d 38 38 39 39 2d 61 61 62 62 63 63 64 64 65 65 66 66";
  EXPECT_EQ(again(native(Kind::uuid, "java.util.UUID"), id), id);
  EXPECT_EQ(again(native(Kind::i64, "java.util.Date"), "4b 00 00 00 01"), "4b 00 00 00 01");
  EXPECT_EQ(again(native(Kind::string, "char"), "01 63"), "01 63");
  EXPECT_EQ(again(schema.scalar(Kind::f32), "5f 00 00 00 64"), "5f 00 00 00 64");
  // 1.4E-45, as Java prints what others call 1e-45; and 123456789, which is no float.
  EXPECT_EQ(again(schema.scalar(Kind::f32), "44 36 9f f8 68 bf 4d 95 6a"), "44 36 96 d6 01 ad 37 6a b9");
  EXPECT_EQ(again(schema.scalar(Kind::f32), "44 41 9d 6f 34 54 00 00 00"),
            "MAP_PRECISION at arg1: the number has more digits than a float can hold");
}

TEST_F(Java, DatesAndTimesWithoutAZoneAreTexts) {
  const std::string handle =
      "63 6f 6d 2e 61 6c 69 62 61 62 61 2e 63 6f 6d 2e 63 61 75 63 68 6f 2e 68 65 73 73 69 61 "
      "6e 2e 69 6f 2e 6a 61 76 61 38 2e 4c 6f 63 61 6c ";
  const std::string time =
      "43 30 37 " + handle +
      "54 69 6d 65 48 61 6e 64 6c 65 94 04 6e 61 6e 6f 06 73 65 63 6f 6e 64 06 6d 69 6e 75 74 65 "
      "04 68 6f 75 72 ";
  const std::string date =
      "43 30 37 " + handle + "44 61 74 65 48 61 6e 64 6c 65 93 03 64 61 79 05 6d 6f 6e 74 68 04 79 65 61 72 ";
  const idl::StructType& root = arguments(native(Kind::string, "java.time.LocalDate"));
  std::string read;
  ASSERT_TRUE(Runner(hessian, root, binary, root).run(hex(date + "60 ad 92 cf e8"), read).ok());
  EXPECT_EQ(read.substr(7, 10), "2024-02-29");
  const idl::StructType& both = arguments(native(Kind::string, "java.time.LocalDateTime"));
  const std::string date_time =
      "43 30 3b " + handle +
      "44 61 74 65 54 69 6d 65 48 61 6e 64 6c 65 92 04 74 69 6d 65 04 64 61 74 65 60 " + time +
      "61 95 c8 3a c8 3b a7 " + date + "62 ad 92 cf e8";
  ASSERT_TRUE(Runner(hessian, both, binary, both).run(hex(date_time), read).ok());
  EXPECT_EQ(read.substr(7, 29), "2024-02-29T23:59:58.000000005");
  std::string back;
  ASSERT_TRUE(Runner(binary, both, hessian, both).run(read, back).ok());
  std::string once_more;
  ASSERT_TRUE(Runner(hessian, both, binary, both).run(back, once_more).ok());
  EXPECT_EQ(once_more, read);
  EXPECT_EQ(to_binary(root, date + "60 ae 92 cf e8"), "MAP_RANGE at arg1: there is no such date");
  EXPECT_EQ(to_hessian(root, "0b 00 01 00 00 00 01 78 00"), "MAP_TYPE at arg1: the text is no date");
}

TEST_F(Java, ADurationHasOneSignInProtobufAndNanosecondsAboveZeroInJava) {
  idl::StructType& duration = schema.structure("google.protobuf.Duration");
  add(duration, 1, "seconds", schema.scalar(Kind::i64));
  add(duration, 2, "nanos", schema.scalar(Kind::i32));
  const std::string definition =
      "43 30 36 63 6f 6d 2e 61 6c 69 62 61 62 61 2e 63 6f 6d 2e 63 61 75 63 68 6f 2e 68 65 73 73 69 61 6e 2e "
      "69 6f 2e "
      "6a 61 76 61 38 2e 44 75 72 61 74 69 6f 6e 48 61 6e 64 6c 65 92 05 6e 61 6e 6f 73 07 73 65 63 6f 6e 64 "
      "73 60 ";
  const idl::StructType& root = arguments(schema.of(duration));
  // -1.5 s
  const char* const fields = "0c 00 01 0a 00 01 ff ff ff ff ff ff ff ff 08 00 02 e2 32 9b 00 00 00";
  EXPECT_EQ(to_binary(root, definition + "49 1d cd 65 00 de"), fields);
  const std::string back = to_hessian(root, fields);
  EXPECT_TRUE(back.ends_with("60 de 49 1d cd 65 00")) << back;
  EXPECT_EQ(to_binary(root, definition + "97 e5"),
            "0c 00 01 0a 00 01 00 00 00 00 00 00 00 05 08 00 02 00 00 00 07 00 00");
}

TEST_F(Java, TheEmptyTextIsNoDecimalButNull) {
  EXPECT_EQ(to_hessian(arguments(native(Kind::string, "java.math.BigDecimal")), "0b 00 01 00 00 00 00 00"),
            "4e");
  EXPECT_EQ(to_hessian(arguments(schema.scalar(Kind::string)), "0b 00 01 00 00 00 00 00"), "00");
}

TEST_F(Java, WhatRepeatsNothingIsAnEmptyCollectionAndWhatIsUnsetIsNull) {
  const idl::Type* numbers = schema.list(schema.scalar(Kind::i32));
  const idl::StructType& java = arguments(numbers);
  idl::StructType& message = schema.structure("p.Numbers");
  message.origin = &java;
  add(message, 1, "arg1", numbers);
  EXPECT_EQ(Runner(protobuf, message, hessian, java).hex_of(""), "78");
  EXPECT_EQ(to_hessian(java, "00"), "4e");
}

TEST_F(Java, ABigIntegerIsItsSignAndItsDigits) {
  const idl::StructType& root = arguments(native(Kind::string, "java.math.BigInteger"));
  std::string read;
  ASSERT_TRUE(
      Runner(hessian, root, binary, root)
          .run(
              hex("43 14 6a 61 76 61 2e 6d 61 74 68 2e 42 69 67 49 6e 74 65 67 65 72 96 03 6d 61 67 19 66 69 "
                  "72 73 74 4e 6f 6e 7a 65 72 6f 49 6e 74 4e 75 6d 50 6c 75 73 54 77 6f 13 6c 6f 77 65 73 74 "
                  "53 65 74 42 69 74 50 6c 75 73 54 77 6f 10 62 69 74 4c 65 6e 67 74 68 50 6c 75 73 4f 6e 65 "
                  "0f 62 69 74 43 6f 75 6e 74 50 6c 75 73 4f 6e 65 06 73 69 67 6e 75 6d 60 74 04 5b 69 6e 74 "
                  "91 49 8e e9 0f f6 49 c3 73 e0 ee 49 4e 3f 0a d2 90 90 90 90 91"),
              read)
          .ok());
  EXPECT_EQ(read.substr(7, 30), "123456789012345678901234567890");
  std::string back;
  ASSERT_TRUE(Runner(binary, root, hessian, root).run(read, back).ok());
  std::string once_more;
  ASSERT_TRUE(Runner(hessian, root, binary, root).run(back, once_more).ok());
  EXPECT_EQ(once_more, read);
}

TEST_F(Java, ListsAndMapsAreReadInEveryFormAndWrittenWithTheTypeThatJavaNeeds) {
  const idl::Type* ints = schema.list(schema.scalar(Kind::i32));
  EXPECT_EQ(again(ints, "57 91 92 5a"), "7a 91 92");
  EXPECT_EQ(again(ints, "58 98 91 92 93 94 95 96 97 98"), "58 98 91 92 93 94 95 96 97 98");
  EXPECT_EQ(again(ints, "71 14 6a 61 76 61 2e 75 74 69 6c 2e 4c 69 6e 6b 65 64 4c 69 73 74 91"), "79 91");
  EXPECT_EQ(again(array(schema.scalar(Kind::i32), "int[]"), "72 04 5b 69 6e 74 91 92"),
            "72 04 5b 69 6e 74 91 92");
  EXPECT_EQ(
      again(array(schema.scalar(Kind::string), "java.lang.String[]"), "71 07 5b 73 74 72 69 6e 67 01 61"),
      "71 07 5b 73 74 72 69 6e 67 01 61");
  EXPECT_EQ(again(schema.set(schema.scalar(Kind::string)), "79 01 61"),
            "71 11 6a 61 76 61 2e 75 74 69 6c 2e 48 61 73 68 53 65 74 01 61");
  const idl::Type* map = schema.map(schema.scalar(Kind::string), schema.scalar(Kind::i32));
  EXPECT_EQ(again(map, "4d 11 6a 61 76 61 2e 75 74 69 6c 2e 54 72 65 65 4d 61 70 01 61 91 5a"),
            "48 01 61 91 5a");
  EXPECT_EQ(again(ints, "7a 91 4e"), "MAP_NULL at arg1[1]: null is no element of a list");
  EXPECT_EQ(again(map, "48 4e 91 5a"), "MAP_NULL at arg1[0]: null is no key of a map");
  EXPECT_EQ(again(map, "01 61"), "MAP_TYPE at arg1: a text where a map belongs");
}

TEST_F(Java, ATypesNameIsWrittenOnceAndThenItsNumber) {
  const idl::StructType& root = arguments(array(schema.scalar(Kind::i32), "int[]"), 2);
  std::string read;
  ASSERT_TRUE(Runner(hessian, root, binary, root).run(hex("71 04 5b 69 6e 74 91 71 90 92"), read).ok());
  EXPECT_EQ(to_hessian(root, to_hex(read)), "71 04 5b 69 6e 74 91 71 90 92");
}

TEST_F(Java, NumbersOutOfRangeAreRefused) {
  EXPECT_EQ(again(schema.scalar(Kind::i8), "c8 80"), "MAP_RANGE at arg1: the number is out of range");
  EXPECT_EQ(again(schema.scalar(Kind::i32), "4c 00 00 00 00 80 00 00 00"),
            "MAP_RANGE at arg1: the number is out of range");
  EXPECT_EQ(again(schema.scalar(Kind::i32), "59 00 04 00 00"), "49 00 04 00 00");
}

TEST_F(Java, TextsAreUtf8OnOneSideAndUnitsOnTheOther) {
  EXPECT_EQ(again(schema.scalar(Kind::string), "02 ed a0 bd ed b8 80"), "02 ed a0 bd ed b8 80");
  EXPECT_EQ(again(schema.scalar(Kind::string), "01 ed a0 bd"),
            "MAP_UTF8 at arg1: the text has half of a surrogate pair");
  EXPECT_EQ(to_hessian(arguments(schema.scalar(Kind::string)), "0b 00 01 00 00 00 01 ff 00"),
            "MAP_UTF8 at arg1: the text is not valid UTF-8");
}

TEST_F(Java, AResultIsItsValueOrNull) {
  idl::StructType& result = schema.structure("result");
  result.role = idl::StructRole::result;
  add(result, 0, "success", schema.scalar(Kind::i32), Presence::optional);
  EXPECT_EQ(to_binary(result, "97"), "08 00 00 00 00 00 07 00");
  EXPECT_EQ(to_binary(result, "4e"), "00");
  EXPECT_EQ(to_hessian(result, "08 00 00 00 00 00 07 00"), "97");
  EXPECT_EQ(to_hessian(result, "00"), "4e");
  idl::StructType& nothing = schema.structure("nothing");
  nothing.role = idl::StructRole::result;
  EXPECT_EQ(to_binary(nothing, "4e"), "00");
  EXPECT_EQ(to_hessian(nothing, "00"), "4e");
}

TEST_F(Java, EveryPrefixOfAMessageIsRefusedOrAMessage) {
  const idl::StructType& root = arguments(schema.of(*item), 2);
  const std::string whole = hex(gold_item() + " 51 90");
  Runner runner(hessian, root, binary, root);
  std::string out;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(runner.run(whole.substr(0, size), out).ok()) << size;
  }
  EXPECT_TRUE(runner.run(whole, out).ok());
  EXPECT_FALSE(runner.run(whole + "N", out).ok());
}

TEST_F(Java, AClassOfVeryManyFieldsThatNobodyKnowsIsReadInOnePass) {
  // 300,000 names and as many values: looking each name up from the first on would take minutes.
  constexpr int count = 300000;
  std::string bytes =
      hex("43 09") + "Gold$Item" + hex("49 00 04 93 e0") + std::string(count, '\0') + hex("60");
  bytes.append(count, '\x90');
  const idl::StructType& root = arguments(schema.of(*item));
  Runner runner(hessian, root, binary, root);
  EXPECT_EQ(runner.hex_of(bytes), "0c 00 01 00 00");
  EXPECT_EQ(runner.context().counters.dropped_fields[0], static_cast<std::uint64_t>(count));
}

TEST_F(Java, NestingEndsAtItsLimit) {
  PlanOptions options;
  const idl::Type* type = schema.scalar(Kind::i32);
  std::string bytes;
  for (std::uint32_t i = 0; i < options.limits.nesting_max + 1; ++i) {
    type = schema.list(type);
    bytes += "79 ";
  }
  const std::string got = to_binary(arguments(type), bytes + "91");
  EXPECT_TRUE(got.starts_with("LIMIT_DEPTH")) << got;
}

TEST_F(Java, ATypeWithoutAFormIsRefusedWhereItIsDeclared) {
  const idl::StructType& root = arguments(native(Kind::string, "java.time.ZonedDateTime"));
  EXPECT_EQ(Runner(hessian, root, binary, root).compile_error().to_string(),
            "MAP_TYPE: Hessian2 has no form for:\n  arg1: java.time.ZonedDateTime is not known here");
}

}  // namespace
}  // namespace koine::transcode::testing
