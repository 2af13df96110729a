// Thrift's JSON protocol, both ways, against what libthrift 0.17 wrote.
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/bodies/thrift_json/reader.h"
#include "codecs/bodies/thrift_json/types.h"
#include "codecs/bodies/thrift_json/writer.h"

namespace koine::codecs::bodies::thrift_json {
namespace {

namespace binary = codecs::bodies::thrift_binary;
using base::Reason;
using ::testing::HasSubstr;

// One struct with a field of every type, written by libthrift 0.17's TJSONProtocol and TBinaryProtocol.
constexpr std::string_view golden_text =
    "{\"1\":{\"tf\":1},\"2\":{\"i8\":-128},\"3\":{\"i16\":-32768},\"4\":{\"i32\":2147483647},"
    "\"5\":{\"i64\":-9223372036854775808},\"6\":{\"dbl\":0.25},"
    "\"7\":{\"str\":\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xc3\xa9\"},\"8\":{\"str\":\"AP/++w\"},"
    "\"9\":{\"rec\":{\"1\":{\"i32\":7}}},\"10\":{\"lst\":[\"i32\",3,1,-2,3]},\"11\":{\"set\":[\"str\",1,"
    "\"x\"]},"
    "\"12\":{\"map\":[\"i64\",\"tf\",2,{\"9007199254740993\":0,\"-1\":1}]},"
    "\"13\":{\"map\":[\"dbl\",\"str\",3,{\"1.5\":\"a\",\"Infinity\":\"b\",\"NaN\":\"\"}]},"
    "\"14\":{\"map\":[\"tf\",\"rec\",1,{\"1\":{}}]},\"15\":{\"lst\":[\"dbl\",2,\"-Infinity\",-0]},"
    "\"-3\":{\"map\":[\"str\",\"lst\",0,{}]}}";
constexpr std::string_view golden_binary =
    "020001010300028006000380000800047fffffff0a000580000000000000000400063fd00000000000000b00070000000e61225c"
    "2f"
    "080c0a0d09011f7fc3a90b00080000000400fffefb0c000908000100000007000f000a080000000300000001fffffffe0000000"
    "30e000b0b0000000100000001780d000c0a0200000002002000000000000100ffffffffffffffff010d000d040b000000033ff8"
    "00000000000000000001617ff000000000000000000001627ff8000000000000000000000d000e020c0000000101000f000f040"
    "0000002fff000000000000080000000000000000dfffd0b0f0000000000";

std::string unhex(std::string_view digits) {
  std::string bytes;
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(static_cast<char>(value(digits[i]) << 4 | value(digits[i + 1])));
  }
  return bytes;
}

// The shape of the struct above: field 8 is octets, field 9 a struct, 20 a map of octets to octets.
struct GoldenShape {
  Shapes shapes;
  StructShape root;

  GoldenShape() {
    const ValueShape& number = value(binary::type_i32);
    StructShape& inner = shapes.structs.emplace_back();
    inner.fields = {{1, &number, "amount"}};
    ValueShape& octets = value(binary::type_string);
    octets.octets = true;
    ValueShape& item = value(binary::type_struct);
    item.structure = &inner;
    ValueShape& items = value(binary::type_list);
    items.element = &item;
    ValueShape& keyed = value(binary::type_map);
    keyed.key = keyed.element = &octets;
    root.fields = {{7, &value(binary::type_string), "name"},
                   {8, &octets, "raw"},
                   {9, &item, "item"},
                   {16, &items, "items"},
                   {20, &keyed, "keyed"}};
  }
  ValueShape& value(std::uint8_t type) {
    ValueShape& made = shapes.values.emplace_back();
    made.type = type;
    return made;
  }
};

// The other form, or the failure's text.
std::string binary_of(std::string_view text, const StructShape* shape = nullptr,
                      std::size_t nesting_max = 64) {
  VectorSink sink(1 << 20);
  const std::vector<std::uint8_t> exact(text.begin(), text.end());  // of this size, for sanitizers
  const base::Status status = to_binary(exact, shape, nesting_max, sink);
  return status.ok() ? std::string(sink.text()) : status.to_string();
}
std::string text_of(std::string_view bytes, const StructShape* shape = nullptr,
                    std::size_t nesting_max = 64) {
  VectorSink sink(1 << 20);
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  const base::Status status = from_binary(exact, shape, nesting_max, sink);
  return status.ok() ? std::string(sink.text()) : status.to_string();
}
base::Status read(std::string_view text, const StructShape* shape = nullptr) {
  VectorSink sink(1 << 20);
  return to_binary(base::as_bytes(text), shape, 64, sink);
}

TEST(ThriftJson, ReadsWhatLibthriftWrote) {
  const GoldenShape shape;
  EXPECT_EQ(binary_of(golden_text, &shape.root), unhex(golden_binary));
  EXPECT_TRUE(walk(base::as_bytes(golden_text), 64).ok());
}

TEST(ThriftJson, WritesWhatLibthriftWrites) {
  const GoldenShape shape;
  std::string wanted(golden_text);
  wanted.replace(wanted.find("-0]"), 3,
                 "-0.0]");  // libthrift writes an integer, which reads as one elsewhere
  EXPECT_EQ(text_of(unhex(golden_binary), &shape.root), wanted);
}

TEST(ThriftJson, CarriesUuidsAsTheirText) {
  const std::string text =
      R"({"1":{"uid":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},"2":{"map":["uid","uid",1,)"
      R"({"00000000-0000-0000-0000-000000000000":"ffffffff-ffff-ffff-ffff-ffffffffffff"}]}})";
  const std::string bytes = unhex(
      "100001f81d4fae7dec11d0a76500a0c91e6bf60d000210100000000100000000000000000000000000000000ffffffffffffff"
      "ffff"
      "ffffffffffffff00");
  EXPECT_EQ(binary_of(text), bytes);
  EXPECT_EQ(text_of(bytes), text);
  EXPECT_EQ(read(R"({"1":{"uid":"F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"}})").ok(), true);
  for (const char* wrong :
       {"f81d4fae7dec11d0a76500a0c91e6bf6", "", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}"}) {
    EXPECT_EQ(read(R"({"1":{"uid":")" + std::string(wrong) + "\"}}").reason(), Reason::map_type) << wrong;
  }
}

TEST(ThriftJson, LetsWhiteSpaceBe) {
  EXPECT_EQ(binary_of(" {\n\t\"1\" : { \"lst\" : [ \"i32\" , 1 , 5 ] } }\r\n "),
            unhex("0f0001080000000100000005"
                  "00"));
}

TEST(ThriftJson, TakesBase64WithAndWithoutPadding) {
  const GoldenShape shape;
  const auto raw = [&](std::string_view text) {
    return binary_of("{\"8\":{\"str\":\"" + std::string(text) + "\"}}", &shape.root);
  };
  const auto bytes = [](std::string_view length_and_digits) {
    return unhex("0b0008" + std::string(length_and_digits) + "00");
  };
  EXPECT_EQ(raw(""), bytes("00000000"));
  EXPECT_EQ(raw("AQ"), bytes("0000000101"));
  EXPECT_EQ(raw("AQ=="), bytes("0000000101"));
  EXPECT_EQ(raw("AQI"), bytes("000000020102"));
  EXPECT_EQ(raw("AQI="), bytes("000000020102"));
  EXPECT_EQ(raw("AQID"), bytes("00000003010203"));
  EXPECT_EQ(raw("\\/\\/8"), bytes("00000002ffff"));
  for (const char* wrong : {"A", "AQ=", "AQ===", "A-_A", "AQ I", "=", "AR"}) {
    EXPECT_THAT(raw(wrong), HasSubstr("MAP_TYPE at raw: this is not base64")) << wrong;
  }
  EXPECT_EQ(text_of(bytes("0000000101"), &shape.root), "{\"8\":{\"str\":\"AQ\"}}");
}

TEST(ThriftJson, ReadsKeysThatAreOctets) {
  const GoldenShape shape;
  const std::string_view text = R"({"20":{"map":["str","str",1,{"AQ":"Ag"}]}})";
  const std::string bytes = unhex(
      "0d00140b0b0000000100000001010000000102"
      "00");
  EXPECT_EQ(binary_of(text, &shape.root), bytes);
  EXPECT_EQ(text_of(bytes, &shape.root), text);
}

TEST(ThriftJson, RefusesWhatIsNoValueOfItsType) {
  struct Case {
    const char* text;
    Reason reason;
  };
  const Case cases[] = {
      {"{\"1\":{\"tf\":2}}", Reason::map_range},
      {"{\"1\":{\"tf\":true}}", Reason::wire_malformed},
      {"{\"1\":{\"tf\":\"1\"}}", Reason::wire_malformed},
      {"{\"1\":{\"i8\":128}}", Reason::map_range},
      {"{\"1\":{\"i8\":-129}}", Reason::map_range},
      {"{\"1\":{\"i16\":32768}}", Reason::map_range},
      {"{\"1\":{\"i32\":2147483648}}", Reason::map_range},
      {"{\"1\":{\"i64\":9223372036854775808}}", Reason::map_range},
      {"{\"1\":{\"i64\":99999999999999999999999}}", Reason::map_range},
      {"{\"1\":{\"i32\":1.0}}", Reason::wire_malformed},
      {"{\"1\":{\"i32\":1e3}}", Reason::wire_malformed},
      {"{\"1\":{\"i32\":\"1\"}}", Reason::wire_malformed},
      {"{\"1\":{\"i32\":null}}", Reason::wire_malformed},
      {"{\"1\":{\"dbl\":\"1.5\"}}", Reason::wire_malformed},
      {"{\"1\":{\"dbl\":\"nan\"}}", Reason::wire_malformed},
      {"{\"1\":{\"dbl\":1e999}}", Reason::map_range},
      {"{\"1\":{\"str\":5}}", Reason::wire_malformed},
      {"{\"1\":{\"str\":\"\\ud800\"}}", Reason::map_utf8},
      {"{\"1\":{\"str\":\"\xff\"}}", Reason::map_utf8},
      {"{\"1\":{\"u32\":5}}", Reason::wire_malformed},
      {"{\"1\":{\"i32\":5,\"i64\":5}}", Reason::wire_malformed},
      {"{\"1\":{}}", Reason::wire_malformed},
      {"{\"1\":5}", Reason::wire_malformed},
      {"{\"x\":{\"i32\":5}}", Reason::wire_malformed},
      {"{\"01\":{\"i32\":5}}", Reason::wire_malformed},
      {"{\"1.0\":{\"i32\":5}}", Reason::wire_malformed},
      {"{\"\\u0031\":{\"i32\":5}}", Reason::wire_malformed},
      {"{\"32768\":{\"i32\":5}}", Reason::map_range},
      {"{\"1\":{\"lst\":[\"i32\"]}}", Reason::wire_malformed},
      {"{\"1\":{\"lst\":[]}}", Reason::wire_malformed},
      {"{\"1\":{\"lst\":{}}}", Reason::wire_malformed},
      {"{\"1\":{\"map\":[\"rec\",\"i32\",0,{}]}}", Reason::wire_malformed},
      {"{\"1\":{\"map\":[\"str\",\"i32\",0]}}", Reason::wire_malformed},
      {"{\"1\":{\"map\":[\"str\",\"i32\",0,{},1]}}", Reason::wire_malformed},
      {"{\"1\":{\"map\":[\"i32\",\"i32\",1,{\"x\":1}]}}", Reason::wire_malformed},
      {"[1,\"m\",1,0,{}]", Reason::wire_malformed},
      {"{}{}", Reason::wire_malformed},
      {"{\"1\":{\"i32\":5}", Reason::wire_truncated},
      {"", Reason::wire_truncated},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(read(one.text).reason(), one.reason) << one.text << ": " << read(one.text).to_string();
    EXPECT_EQ(walk(base::as_bytes(one.text), 64).reason(), one.reason) << one.text;
  }
}

TEST(ThriftJson, ChecksCountsAgainstTheElements) {
  for (const char* text :
       {"{\"1\":{\"lst\":[\"i32\",2,1]}}", "{\"1\":{\"lst\":[\"i32\",0,1]}}",
        "{\"1\":{\"set\":[\"i32\",2147483647]}}", "{\"1\":{\"map\":[\"str\",\"i32\",1,{}]}}",
        "{\"1\":{\"map\":[\"str\",\"i32\",1,{\"a\":1,\"b\":2}]}}"}) {
    EXPECT_THAT(read(text).to_string(), HasSubstr("WIRE_MALFORMED at 1: a container does not have as many"))
        << text;
  }
  EXPECT_EQ(read("{\"1\":{\"lst\":[\"i32\",-1]}}").reason(), Reason::map_range);
  EXPECT_EQ(read("{\"1\":{\"lst\":[\"i32\",2147483648]}}").reason(), Reason::map_range);
}

TEST(ThriftJson, NamesThePathByTheShapeElseById) {
  const GoldenShape shape;
  EXPECT_THAT(read(R"({"16":{"lst":["rec",2,{},{"1":{"i32":99999999999}}]}})", &shape.root).to_string(),
              HasSubstr("MAP_RANGE at items[1].amount:"));
  EXPECT_THAT(read(R"({"5":{"lst":["rec",2,{},{"3":{"i32":99999999999}}]}})", &shape.root).to_string(),
              HasSubstr("MAP_RANGE at 5[1].3:"));
}

TEST(ThriftJson, RewritesWhatTheShapeDoesNotKnowAsItIs) {
  const GoldenShape shape;
  // Field 8 as a number, field 99 as text that could be base64.
  EXPECT_EQ(binary_of(R"({"8":{"i32":5},"99":{"str":"AQ=="}})", &shape.root), unhex("08000800000005"
                                                                                    "0b00630000000441513d3d"
                                                                                    "00"));
}

TEST(ThriftJson, NestsNoDeeperThanAllowed) {
  const auto nested = [](int depth) {
    std::string text = "{}";
    for (int i = 1; i < depth; ++i) text = "{\"1\":{\"rec\":" + text + "}}";
    return text;
  };
  const auto lists = [](int depth) {  // the struct around them is one level too
    std::string text = "[\"i32\",0]";
    for (int i = 2; i < depth; ++i) text = "[\"lst\",1," + text + "]";
    return "{\"1\":{\"lst\":" + text + "}}";
  };
  const auto maps = [](int depth) {
    std::string text = "[\"str\",\"i32\",0,{}]";
    for (int i = 2; i < depth; ++i) text = "[\"str\",\"map\",1,{\"k\":" + text + "}]";
    return "{\"1\":{\"map\":" + text + "}}";
  };
  for (const int depth : {1, 2, 3, 64, 65, 66, 200}) {
    for (const std::string& text :
         {nested(depth), depth > 1 ? lists(depth) : "{}", depth > 1 ? maps(depth) : "{}"}) {
      const Reason wanted = depth <= 64 || text == "{}" ? Reason::none : Reason::limit_depth;
      EXPECT_EQ(read(text).reason(), wanted) << depth << read(text).to_string();
      EXPECT_EQ(walk(base::as_bytes(text), 64).reason(), wanted) << depth;
      if (wanted == Reason::none) { EXPECT_EQ(text_of(binary_of(text)), text); }
      VectorSink sink(1 << 20);
      VectorSink again(1 << 20);
      ASSERT_TRUE(to_binary(base::as_bytes(text), nullptr, 256, sink).ok());
      EXPECT_EQ(from_binary(base::as_bytes(sink.text()), nullptr, 64, again).reason(), wanted) << depth;
    }
  }
}

TEST(ThriftJson, EndsInAnErrorWhereverItIsCut) {
  const GoldenShape shape;
  for (std::size_t size = 0; size < golden_text.size(); ++size) {
    const base::Status status = read(golden_text.substr(0, size), &shape.root);
    EXPECT_TRUE(status.reason() == Reason::wire_truncated || status.reason() == Reason::map_utf8)
        << size << " " << status.to_string();
  }
  const std::string bytes = unhex(golden_binary);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(text_of(bytes.substr(0, size), &shape.root), HasSubstr("WIRE_TRUNCATED")) << size;
  }
}

TEST(ThriftJson, MakesAWholeStructOfWhateverItTakes) {
  const GoldenShape shape;
  for (std::size_t i = 0; i < golden_text.size(); ++i) {
    for (const char c : {'"', '{', '}', '[', ']', ',', ':', '0', '9', '-', '\\', 'e', ' ', '\0', '\xff'}) {
      std::string text(golden_text);
      text[i] = c;
      VectorSink sink(1 << 20);
      if (!to_binary(base::as_bytes(text), &shape.root, 64, sink).ok()) continue;
      EXPECT_TRUE(walk(base::as_bytes(text), 64).ok()) << text;
      const std::string bytes(sink.text());
      const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
      Fault fault = Fault::none;
      EXPECT_EQ(binary::skip_value(begin, begin + bytes.size(), binary::type_struct, 64, fault),
                begin + bytes.size())
          << text;
      EXPECT_EQ(binary_of(text_of(bytes, &shape.root), &shape.root), bytes) << text;
    }
  }
}

TEST(ThriftJson, WritesOrRefusesAnyBinaryBytes) {
  const GoldenShape shape;
  const std::string bytes = unhex(golden_binary);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int flip : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      std::string mutant = bytes;
      mutant[i] = static_cast<char>(mutant[i] ^ flip);
      VectorSink sink(1 << 20);
      const std::vector<std::uint8_t> exact(mutant.begin(), mutant.end());
      if (!from_binary(exact, &shape.root, 64, sink).ok()) continue;
      EXPECT_TRUE(walk(base::as_bytes(sink.text()), 64).ok()) << sink.text();
    }
  }
}

TEST(ThriftJson, RefusesToWriteWhatJsonCannotSay) {
  const GoldenShape shape;
  EXPECT_THAT(text_of(unhex("0b00070000000261ff00"), &shape.root), HasSubstr("MAP_UTF8 at name:"));
  EXPECT_THAT(text_of(unhex("0d00010c0800000001000000000500")), HasSubstr("MAP_TYPE at 1:"));
  EXPECT_THAT(text_of(unhex("0f0001080fffffff00000001")), HasSubstr("WIRE_TRUNCATED at 1:"));
  EXPECT_THAT(text_of(unhex("0b0001ffffffff")), HasSubstr("WIRE_MALFORMED at 1:"));
  EXPECT_THAT(text_of(unhex("110001")), HasSubstr("WIRE_MALFORMED at 1:"));
  EXPECT_THAT(text_of(unhex("0000")), HasSubstr("WIRE_MALFORMED"));
}

TEST(ThriftJson, StopsWhereTheSinkIsFull) {
  for (const std::size_t room : {0u, 1u, 10u, 100u}) {
    VectorSink sink(room);
    EXPECT_EQ(to_binary(base::as_bytes(golden_text), nullptr, 64, sink).reason(), Reason::limit_message)
        << room;
    const std::string bytes = unhex(golden_binary);
    VectorSink text(room);
    EXPECT_EQ(from_binary(base::as_bytes(bytes), nullptr, 64, text).reason(), Reason::limit_message) << room;
  }
}

TEST(ThriftJson, FindsTheFirstFieldOfAResult) {
  const auto first = [](std::string_view text) { return first_field(base::as_bytes(text)); };
  ASSERT_TRUE(first("{\"0\":{\"i32\":5}}"));
  EXPECT_EQ(*first("{\"0\":{\"i32\":5}}"), 0);
  EXPECT_EQ(*first(" { \"-7\" : {\"rec\":{}}}"), -7);
  EXPECT_EQ(*first(" { } "), std::nullopt);
  EXPECT_FALSE(first("{\"a\":{}}"));
  EXPECT_FALSE(first("[]"));
  EXPECT_FALSE(first("{"));
}

TEST(ThriftJson, NamesEveryTypeOnce) {
  for (int type = 0; type < 256; ++type) {
    const std::string_view name = name_of(static_cast<std::uint8_t>(type));
    EXPECT_EQ(name.empty(), binary::element_bytes_min(static_cast<std::uint8_t>(type)) == 0) << type;
    if (!name.empty()) { EXPECT_EQ(type_of(name), type); }
  }
  EXPECT_EQ(type_of(""), binary::type_stop);
  EXPECT_EQ(type_of("stop"), binary::type_stop);
}

}  // namespace
}  // namespace koine::codecs::bodies::thrift_json
