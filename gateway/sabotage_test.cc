// Each kind spoils each format in a way that a reader sees.
#include "gateway/sabotage.h"

#include <string>

#include <gtest/gtest.h>

namespace koine::gateway {
namespace {

using model::BodyFormat;

std::string spoiled(Sabotage::Kind kind, BodyFormat format, const std::string& body) {
  model::Reply reply;
  reply.has_message = true;
  reply.message.format = format;
  reply.message.bytes.append(body);
  Sabotage(kind).apply(reply);
  return reply.message.bytes.to_string();
}

// {1: i32 5, 2: i32 7, 3: string "a"} in each format, by the specifications.
const std::string binary(
    "\x08\0\x01\0\0\0\x05\x08\0\x02\0\0\0\x07\x0b\0\x03\0\0\0\x01"
    "a\0",
    23);
const std::string compact(
    "\x15\x0a\x15\x0e\x18\x01"
    "a\0",
    8);
const std::string proto(
    "\x08\x05\x10\x07\x1a\x01"
    "a",
    7);

TEST(Sabotage, SwapsTheFirstTwoFieldsOfOneKind) {
  EXPECT_EQ(spoiled(Sabotage::Kind::swap_fields, BodyFormat::thrift_binary, binary),
            std::string("\x08\0\x01\0\0\0\x07\x08\0\x02\0\0\0\x05\x0b\0\x03\0\0\0\x01"
                        "a\0",
                        23));
  EXPECT_EQ(spoiled(Sabotage::Kind::swap_fields, BodyFormat::thrift_compact, compact),
            std::string("\x15\x0e\x15\x0a\x18\x01"
                        "a\0",
                        8));
  EXPECT_EQ(spoiled(Sabotage::Kind::swap_fields, BodyFormat::protobuf, proto),
            std::string("\x08\x07\x10\x05\x1a\x01"
                        "a",
                        7));
}

TEST(Sabotage, WrapsTheSignOfTheFirstInteger) {
  EXPECT_EQ(spoiled(Sabotage::Kind::wrap_sign, BodyFormat::thrift_binary, binary).substr(3, 4),
            "\xff\xff\xff\xfa");
  EXPECT_EQ(spoiled(Sabotage::Kind::wrap_sign, BodyFormat::thrift_compact, compact).substr(0, 2), "\x15\x0b");
  EXPECT_EQ(spoiled(Sabotage::Kind::wrap_sign, BodyFormat::protobuf, proto).substr(0, 11),
            "\x08\xfa\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

TEST(Sabotage, DropsTheLastField) {
  EXPECT_EQ(spoiled(Sabotage::Kind::drop_presence, BodyFormat::thrift_binary, binary),
            binary.substr(0, 14) + '\0');
  EXPECT_EQ(spoiled(Sabotage::Kind::drop_presence, BodyFormat::thrift_compact, compact),
            compact.substr(0, 4) + '\0');
  EXPECT_EQ(spoiled(Sabotage::Kind::drop_presence, BodyFormat::protobuf, proto), proto.substr(0, 4));
}

TEST(Sabotage, LooksIntoTheStructThatAThriftResultHolds) {
  const std::string result = std::string("\x0c\0\0", 3) + binary + '\0';
  EXPECT_EQ(spoiled(Sabotage::Kind::drop_presence, BodyFormat::thrift_binary, result),
            std::string("\x0c\0\0", 3) + binary.substr(0, 14) + std::string("\0\0", 2));
}

TEST(Sabotage, GivesEachCallerTheAnswerBefore) {
  Sabotage sabotage(Sabotage::Kind::exchange_answers);
  std::string got;
  for (const char* text : {"a", "b", "c"}) {
    model::Reply reply;
    reply.outcome.message = text;
    sabotage.apply(reply);
    got += reply.outcome.message;
  }
  EXPECT_EQ(got, "aab");
}

TEST(Sabotage, KnowsItsKindsByName) {
  EXPECT_EQ(Sabotage::parse("wrap_sign"), Sabotage::Kind::wrap_sign);
  EXPECT_FALSE(Sabotage::parse("anything").has_value());
}

}  // namespace
}  // namespace koine::gateway
