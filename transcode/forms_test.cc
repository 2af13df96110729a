// Every kind of value in every format: golden bytes, all nine pairs of formats.
//
// The bytes are written from the specifications named in codecs/bodies/*/primitives.h.
#include <gtest/gtest.h>

#include "transcode/schema_test_support.h"

namespace koine::transcode::testing {
namespace {

struct Bytes3 {
  const char* binary;
  const char* compact;
  const char* protobuf;
};

// A Thrift struct S {1: optional T value} and the message that was derived from it.
struct Pair {
  SchemaBuilder schema;
  idl::StructType* thrift = nullptr;
  idl::StructType* proto = nullptr;

  Pair() {
    thrift = &schema.structure("t.S");
    proto = &schema.structure("p.S");
    proto->origin = thrift;
  }
  void types(const idl::Type* in_thrift, const idl::Type* in_proto, Presence presence = Presence::optional) {
    add(*thrift, 1, "value", in_thrift, presence);
    add(*proto, 1, "value", in_proto, presence);
  }
  const idl::StructType& root(model::BodyFormat format) const {
    return format == protobuf ? *proto : *thrift;
  }
};

// The value looks the same whichever format it comes from.
void expect_same(const Pair& pair, const Bytes3& bytes) {
  const std::pair<model::BodyFormat, std::string> all[] = {
      {binary, hex(bytes.binary)}, {compact, hex(bytes.compact)}, {protobuf, hex(bytes.protobuf)}};
  for (const auto& [from, in] : all) {
    for (const auto& [to, out] : all) {
      Runner runner(from, pair.root(from), to, pair.root(to));
      ASSERT_TRUE(runner.compile_error().ok()) << runner.compile_error().to_string();
      EXPECT_EQ(runner.hex_of(in), to_hex(out))
          << model::to_string(from) << " to " << model::to_string(to) << " of " << to_hex(in);
      EXPECT_EQ(runner.context().counters.indexed_runs, 0u);
    }
  }
}

void expect_scalar(Kind kind, const Bytes3& bytes) {
  Pair pair;
  pair.types(pair.schema.scalar(kind), pair.schema.scalar(kind));
  expect_same(pair, bytes);
}

TEST(Forms, Bool) {
  expect_scalar(Kind::boolean, {"02 0001 01 00", "11 00", "08 01"});
  expect_scalar(Kind::boolean, {"02 0001 00 00", "12 00", "08 00"});
}

TEST(Forms, SignedIntegers) {
  expect_scalar(Kind::i8, {"03 0001 fe 00", "13 fe 00", "08 fe ff ff ff ff ff ff ff ff 01"});
  expect_scalar(Kind::i16, {"06 0001 012c 00", "14 d804 00", "08 ac02"});
  expect_scalar(Kind::i32, {"08 0001 ffffffff 00", "15 01 00", "08 ffffffffffffffffff01"});
  expect_scalar(Kind::i32, {"08 0001 7fffffff 00", "15 feffffff0f 00", "08 ffffffff07"});
  expect_scalar(Kind::i64, {"0a 0001 0000010000000000 00", "16 808080808040 00", "08 808080808020"});
  expect_scalar(Kind::i64,
                {"0a 0001 8000000000000000 00", "16 ffffffffffffffffff01 00", "08 80808080808080808001"});
}

TEST(Forms, UnsignedIntegersAreTheNextWiderSignedOnesInThrift) {
  expect_scalar(Kind::u8, {"06 0001 00c8 00", "14 9003 00", "08 c801"});
  expect_scalar(Kind::u16, {"08 0001 0000ffff 00", "15 feff07 00", "08 ffff03"});
  expect_scalar(Kind::u32, {"0a 0001 00000000ffffffff 00", "16 feffffff1f 00", "08 ffffffff0f"});
  expect_scalar(Kind::u64,
                {"0a 0001 7fffffffffffffff 00", "16 feffffffffffffffff01 00", "08 ffffffffffffffff7f"});
}

TEST(Forms, ProtobufNumberForms) {
  const auto expect_form = [](Kind kind, idl::NumberForm form, const Bytes3& bytes) {
    Pair pair;
    pair.types(pair.schema.scalar(kind), pair.schema.number(kind, form));
    expect_same(pair, bytes);
  };
  expect_form(Kind::i32, idl::NumberForm::zigzag, {"08 0001 fffffffe 00", "15 03 00", "08 03"});
  expect_form(Kind::i64, idl::NumberForm::zigzag, {"0a 0001 0000000000000040 00", "16 8001 00", "08 8001"});
  expect_form(Kind::i32, idl::NumberForm::fixed, {"08 0001 fffffffe 00", "15 03 00", "0d feffffff"});
  expect_form(Kind::u32, idl::NumberForm::fixed,
              {"0a 0001 00000000fffffffe 00", "16 fcffffff1f 00", "0d feffffff"});
  expect_form(Kind::i64, idl::NumberForm::fixed,
              {"0a 0001 fffffffffffffffe 00", "16 03 00", "09 feffffffffffffff"});
  expect_form(Kind::u64, idl::NumberForm::fixed,
              {"0a 0001 0000000000000001 00", "16 02 00", "09 0100000000000000"});
}

TEST(Forms, FloatsAndDoubles) {
  expect_scalar(Kind::f64, {"04 0001 3ff8000000000000 00", "17 000000000000f83f 00", "09 000000000000f83f"});
  expect_scalar(Kind::f64, {"04 0001 7ff8000000000000 00", "17 000000000000f87f 00", "09 000000000000f87f"});
  expect_scalar(Kind::f64, {"04 0001 8000000000000000 00", "17 0000000000000080 00", "09 0000000000000080"});
  expect_scalar(Kind::f32, {"04 0001 3ff8000000000000 00", "17 000000000000f83f 00", "0d 0000c03f"});
  expect_scalar(Kind::f32, {"04 0001 fff0000000000000 00", "17 000000000000f0ff 00", "0d 000080ff"});
}

TEST(Forms, TextAndBytes) {
  expect_scalar(Kind::string, {"0b 0001 00000003 68c3a9 00", "18 03 68c3a9 00", "0a 03 68c3a9"});
  expect_scalar(Kind::string, {"0b 0001 00000000 00", "18 00 00", "0a 00"});
  expect_scalar(Kind::bytes, {"0b 0001 00000002 ff00 00", "18 02 ff00 00", "0a 02 ff00"});
}

TEST(Forms, TextOfEveryLength) {
  for (const std::size_t size : {1u, 7u, 15u, 16u, 17u, 31u, 32u, 33u, 127u, 128u, 1000u, 20000u}) {
    Pair pair;
    pair.types(pair.schema.scalar(Kind::string), pair.schema.scalar(Kind::string));
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text.push_back(static_cast<char>('a' + i % 26));
    std::string in = hex("18");
    for (std::size_t left = size;; left >>= 7) {
      in.push_back(static_cast<char>(left >= 128 ? left | 128 : left));
      if (left < 128) break;
    }
    const std::string length = in.substr(1);
    in += text + '\0';
    Runner runner(compact, *pair.thrift, protobuf, *pair.proto);
    std::string out;
    ASSERT_TRUE(runner.run(in, out).ok());
    EXPECT_EQ(out, "\x0a" + length + text);
    Runner back(protobuf, *pair.proto, compact, *pair.thrift);
    ASSERT_TRUE(back.run("\x0a" + length + text, out).ok());
    EXPECT_EQ(out, in);
  }
}

TEST(Forms, Enums) {
  Pair pair;
  idl::EnumType& thrift = pair.schema.enumeration("t.E", {0, 5, 7});
  idl::EnumType& proto = pair.schema.enumeration("p.E", {0, 5, 7});
  proto.origin = &thrift;
  pair.types(pair.schema.of(thrift), pair.schema.of(proto));
  expect_same(pair, {"08 0001 00000005 00", "15 0a 00", "08 05"});
  // A number that neither declares (a newer peer's) goes on.
  expect_same(pair, {"08 0001 0000004d 00", "15 9a01 00", "08 4d"});
}

TEST(Forms, Structs) {
  Pair pair;
  idl::StructType& thrift = pair.schema.structure("t.In");
  idl::StructType& proto = pair.schema.structure("p.In");
  proto.origin = &thrift;
  add(thrift, 1, "n", pair.schema.scalar(Kind::i32), Presence::optional);
  add(proto, 1, "n", pair.schema.scalar(Kind::i32), Presence::optional);
  pair.types(pair.schema.of(thrift), pair.schema.of(proto));
  expect_same(pair, {"0c 0001 08 0001 00000007 00 00", "1c 15 0e 00 00", "0a 02 08 07"});
  expect_same(pair, {"0c 0001 00 00", "1c 00 00", "0a 00"});
}

TEST(Forms, Groups) {
  Pair pair;
  idl::StructType& thrift = pair.schema.structure("t.In");
  idl::StructType& proto = pair.schema.structure("p.In");
  proto.origin = &thrift;
  add(thrift, 1, "n", pair.schema.scalar(Kind::i32), Presence::optional);
  add(proto, 1, "n", pair.schema.scalar(Kind::i32), Presence::optional);
  pair.types(pair.schema.of(thrift), pair.schema.of(proto, true));
  expect_same(pair, {"0c 0001 08 0001 00000007 00 00", "1c 15 0e 00 00", "0b 08 07 0c"});
}

TEST(Forms, RepeatedGroups) {
  Pair pair;
  idl::StructType& thrift = pair.schema.structure("t.In");
  idl::StructType& proto = pair.schema.structure("p.In");
  proto.origin = &thrift;
  add(thrift, 1, "n", pair.schema.scalar(Kind::i32), Presence::optional);
  add(proto, 1, "n", pair.schema.scalar(Kind::i32), Presence::optional);
  pair.types(pair.schema.list(pair.schema.of(thrift)), pair.schema.list(pair.schema.of(proto, true)),
             Presence::implicit);
  expect_same(pair,
              {"0f 0001 0c 00000002 08 0001 00000007 00 00 00", "19 2c 15 0e 00 00 00", "0b 08 07 0c 0b 0c"});
}

TEST(Forms, ListsPackedAndNot) {
  for (const bool packed : {true, false}) {
    Pair pair;
    pair.types(pair.schema.list(pair.schema.scalar(Kind::i32)),
               pair.schema.list(pair.schema.scalar(Kind::i32)), Presence::implicit);
    pair.proto->fields[0].packed = packed;
    expect_same(pair, {"0f 0001 08 00000002 00000001 0000012c 00", "19 25 02 d804 00",
                       packed ? "0a 03 01 ac02" : "08 01 08 ac02"});
  }
}

TEST(Forms, ListsOfBools) {
  Pair pair;
  pair.types(pair.schema.list(pair.schema.scalar(Kind::boolean)),
             pair.schema.list(pair.schema.scalar(Kind::boolean)), Presence::implicit);
  pair.proto->fields[0].packed = true;
  expect_same(pair, {"0f 0001 02 00000002 01 00 00", "19 21 01 00 00", "0a 02 01 00"});
}

TEST(Forms, ReadsBothWaysOfWritingBoolsInCompactContainers) {
  Pair pair;
  pair.types(pair.schema.list(pair.schema.scalar(Kind::boolean)),
             pair.schema.list(pair.schema.scalar(Kind::boolean)), Presence::implicit);
  pair.proto->fields[0].packed = true;
  Runner runner(compact, *pair.thrift, protobuf, *pair.proto);
  EXPECT_EQ(runner.hex_of(hex("19 22 01 02 00")),
            "0a 02 01 00");  // the old specification's type, 2 for false
  EXPECT_EQ(runner.hex_of(hex("19 21 01 00 00")), "0a 02 01 00");  // PHP
}

TEST(Forms, WritesFalseInCompactContainersAsAsked) {
  Pair pair;
  pair.types(pair.schema.list(pair.schema.scalar(Kind::boolean)),
             pair.schema.list(pair.schema.scalar(Kind::boolean)), Presence::implicit);
  PlanOptions options;
  options.compact_false_element = 2;
  Runner runner(protobuf, *pair.proto, compact, *pair.thrift, options);
  EXPECT_EQ(runner.hex_of(hex("08 00 08 01")), "19 21 02 01 00");
}

TEST(Forms, ListsOfMoreThanFourteen) {
  for (const std::size_t count : {14u, 15u, 127u, 128u, 20000u}) {
    Pair pair;
    pair.types(pair.schema.list(pair.schema.scalar(Kind::i32)),
               pair.schema.list(pair.schema.scalar(Kind::i32)), Presence::implicit);
    std::string in;
    for (std::size_t i = 0; i < count; ++i) in += hex("08 03");
    Runner there(protobuf, *pair.proto, compact, *pair.thrift);
    std::string middle;
    for (int round = 0; round < 2; ++round) {  // the second time the width is known
      ASSERT_TRUE(there.run(in, middle).ok());
      EXPECT_EQ(middle.size(), count + 2 + (count < 15 ? 1u : count < 128 ? 2u : count < 16384 ? 3u : 4u));
    }
    Runner back(compact, *pair.thrift, protobuf, *pair.proto);
    std::string out;
    ASSERT_TRUE(back.run(middle, out).ok());
    EXPECT_EQ(out, in);
  }
}

TEST(Forms, Sets) {
  Pair pair;
  pair.types(pair.schema.set(pair.schema.scalar(Kind::string)),
             pair.schema.set(pair.schema.scalar(Kind::string)), Presence::implicit);
  expect_same(
      pair, {"0e 0001 0b 00000002 00000001 61 00000001 62 00", "1a 28 01 61 01 62 00", "0a 01 61 0a 01 62"});
}

TEST(Forms, Maps) {
  Pair pair;
  pair.types(pair.schema.map(pair.schema.scalar(Kind::i32), pair.schema.scalar(Kind::string)),
             pair.schema.map(pair.schema.scalar(Kind::i32), pair.schema.scalar(Kind::string)),
             Presence::implicit);
  expect_same(pair, {"0d 0001 08 0b 00000002 00000001 00000001 61 00000002 00000000 00",
                     "1b 02 58 02 01 61 04 00 00", "0a 05 08 01 12 01 61 0a 04 08 02 12 00"});
}

TEST(Forms, MapsWithKeysThatProtobufDoesNotHave) {
  Pair pair;
  idl::StructType& entry = pair.schema.structure("p.Entry");
  entry.role = idl::StructRole::map_entry;
  add(entry, 1, "key", pair.schema.scalar(Kind::f64), Presence::implicit);
  add(entry, 2, "value", pair.schema.scalar(Kind::i32), Presence::implicit);
  pair.types(pair.schema.map(pair.schema.scalar(Kind::f64), pair.schema.scalar(Kind::i32)),
             pair.schema.list(pair.schema.of(entry)), Presence::implicit);
  expect_same(pair, {"0d 0001 04 08 00000001 3ff8000000000000 00000007 00", "1b 01 75 000000000000f83f 0e 00",
                     "0a 0b 09 000000000000f83f 10 07"});
}

TEST(Forms, ListsInsideLists) {
  Pair pair;
  idl::StructType& wrapper = pair.schema.structure("p.Row");
  wrapper.role = idl::StructRole::wrapper;
  add(wrapper, 1, "value", pair.schema.list(pair.schema.scalar(Kind::i32)), Presence::implicit).packed = true;
  pair.types(pair.schema.list(pair.schema.list(pair.schema.scalar(Kind::i32))),
             pair.schema.list(pair.schema.of(wrapper)), Presence::implicit);
  // [[1, 2], [], [3]]
  expect_same(pair, {"0f 0001 0f 00000003 08 00000002 00000001 00000002 08 00000000 08 00000001 00000003 00",
                     "19 39 25 02 04 05 15 06 00", "0a 04 0a 02 01 02 0a 00 0a 03 0a 01 03"});
}

TEST(Forms, OptionalListsInsideTheirWrapper) {
  Pair pair;
  idl::StructType& wrapper = pair.schema.structure("p.Row");
  wrapper.role = idl::StructRole::wrapper;
  add(wrapper, 1, "value", pair.schema.list(pair.schema.scalar(Kind::i32)), Presence::implicit);
  pair.types(pair.schema.list(pair.schema.scalar(Kind::i32)), pair.schema.of(wrapper));
  expect_same(pair, {"00", "00", ""});
  expect_same(pair, {"0f 0001 08 00000000 00", "19 05 00", "0a 00"});
  expect_same(pair, {"0f 0001 08 00000001 00000001 00", "19 15 02 00", "0a 02 08 01"});
}

TEST(Forms, MapsOfMaps) {
  Pair pair;
  idl::StructType& wrapper = pair.schema.structure("p.Inner");
  wrapper.role = idl::StructRole::wrapper;
  const idl::Type* inner = pair.schema.map(pair.schema.scalar(Kind::i32), pair.schema.scalar(Kind::boolean));
  add(wrapper, 1, "value", inner, Presence::implicit);
  pair.types(pair.schema.map(pair.schema.scalar(Kind::string), inner),
             pair.schema.map(pair.schema.scalar(Kind::string), pair.schema.of(wrapper)), Presence::implicit);
  expect_same(pair, {"0d 0001 0b 0d 00000001 00000001 61 08 02 00000001 00000005 01 00",
                     "1b 01 8b 01 61 01 51 0a 01 00", "0a 0b 0a 01 61 12 06 0a 04 08 05 10 01"});
}

TEST(Forms, FieldIdsFarApartNegativeAndZero) {
  Pair pair;
  const std::pair<int, int> ids[] = {{-5, 20001}, {0, 20002}, {15, 15}, {31, 31}, {300, 300}, {32767, 40000}};
  for (const auto& [thrift, proto] : ids) {
    add(*pair.thrift, thrift, "f" + std::to_string(proto), pair.schema.scalar(Kind::i8), Presence::optional);
    add(*pair.proto, proto, "f" + std::to_string(proto), pair.schema.scalar(Kind::i8), Presence::optional,
        thrift);
  }
  // From -5 to 0 and from 0 to 15 are short, 31 is 16 further and long: a zigzag id behind the type byte.
  const std::string in_compact = hex("03 09 01  53 02  f3 03  03 3e 04  03 d804 05  03 feff03 06 00");
  const std::string in_binary = hex("03 fffb 01 03 0000 02 03 000f 03 03 001f 04 03 012c 05 03 7fff 06 00");
  const std::string in_proto = hex("88e209 01 90e209 02 78 03 f801 04 e012 05 80c413 06");
  Runner a(compact, *pair.thrift, protobuf, *pair.proto);
  EXPECT_EQ(a.hex_of(in_compact), to_hex(in_proto));
  Runner b(protobuf, *pair.proto, compact, *pair.thrift);
  EXPECT_EQ(b.hex_of(in_proto), to_hex(in_compact));
  Runner c(compact, *pair.thrift, binary, *pair.thrift);
  EXPECT_EQ(c.hex_of(in_compact), to_hex(in_binary));
  Runner d(binary, *pair.thrift, compact, *pair.thrift);
  EXPECT_EQ(d.hex_of(in_binary), to_hex(in_compact));
}

TEST(Forms, StructsWithMoreFieldsThanOneWordOfBits) {
  for (const int count : {64, 65, 200, 300}) {
    Pair pair;
    for (int id = 1; id <= count; ++id) {
      add(*pair.thrift, id, "f" + std::to_string(id), pair.schema.scalar(Kind::i32), Presence::implicit);
      add(*pair.proto, id, "f" + std::to_string(id), pair.schema.scalar(Kind::i32), Presence::implicit);
    }
    // Only the last one is set: the others are zero, and Thrift wants them written.
    Runner back(protobuf, *pair.proto, compact, *pair.thrift);
    Runner there(compact, *pair.thrift, protobuf, *pair.proto);
    std::string in;
    const auto tag = static_cast<unsigned>(count) << 3;
    in.push_back(static_cast<char>(tag | 0x80));
    in.push_back(static_cast<char>(tag >> 7));
    in.push_back(7);
    std::string middle;
    std::string out;
    ASSERT_TRUE(back.run(in, middle).ok());
    EXPECT_GT(middle.size(), static_cast<std::size_t>(2 * count));
    ASSERT_TRUE(there.run(middle, out).ok());
    EXPECT_EQ(to_hex(out), to_hex(in));
    EXPECT_EQ(there.context().counters.indexed_runs, 0u);
  }
}

}  // namespace
}  // namespace koine::transcode::testing
