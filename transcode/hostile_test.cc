// Bytes that are cut off or damaged: an error or a message, never anything else. What reads too far is for
// the sanitizers to say.
#include <random>

#include <gtest/gtest.h>

#include "transcode/shapes_test_support.h"
#include "transcode/walk.h"

namespace koine::transcode::testing {
namespace {

const idl::StructType& root_of(const Shape& shape, model::BodyFormat format) {
  return format == protobuf ? *shape.proto : *shape.thrift;
}

// The shape's message in another format.
std::string message_in(const Shape& shape, model::BodyFormat format) {
  if (format == compact) return shape.compact;
  Runner runner(compact, *shape.thrift, format, root_of(shape, format));
  std::string out;
  const base::Status status = runner.run(shape.compact, out);
  EXPECT_TRUE(status.ok()) << shape.name << ": " << status.to_string();
  return out;
}

constexpr model::BodyFormat formats[] = {binary, compact, protobuf};

TEST(Shapes, GoThereAndBack) {
  const Shapes shapes;
  for (const Shape& shape : shapes.all()) {
    for (const model::BodyFormat format : {binary, protobuf}) {
      const std::string other = message_in(shape, format);
      Runner back(format, root_of(shape, format), compact, *shape.thrift);
      std::string again;
      const base::Status status = back.run(other, again);
      ASSERT_TRUE(status.ok()) << shape.name << ": " << status.to_string();
      EXPECT_TRUE(again == shape.compact) << shape.name << " by " << model::to_string(format);
      EXPECT_EQ(back.context().counters.indexed_runs, 0u) << shape.name;
    }
  }
}

TEST(Shapes, PassTheStructuralWalk) {
  const Shapes shapes;
  for (const Shape& shape : shapes.all()) {
    for (const model::BodyFormat format : formats) {
      const std::string message = message_in(shape, format);
      EXPECT_TRUE(walk_body(format, base::as_bytes(message), 64).ok()) << shape.name;
    }
  }
}

TEST(Hostile, MessagesCutOffAnywhere) {
  const Shapes shapes;
  for (const Shape& shape : shapes.all()) {
    if (shape.compact.size() > 20000) continue;
    for (const model::BodyFormat from : formats) {
      const std::string message = message_in(shape, from);
      const std::size_t step = message.size() > 2000 ? 7 : 1;
      for (const model::BodyFormat to : formats) {
        Runner runner(from, root_of(shape, from), to, root_of(shape, to));
        std::string out;
        for (std::size_t size = 0; size < message.size(); size += step) {
          const base::Status status = runner.run(message.substr(0, size), out);
          // A protobuf message may end behind any field; a Thrift struct has an end.
          if (from == protobuf) continue;
          ASSERT_FALSE(status.ok()) << shape.name << " cut at " << size;
          ASSERT_TRUE(status.reason() == base::Reason::wire_truncated ||
                      status.reason() == base::Reason::wire_malformed)
              << status.to_string();
        }
      }
    }
  }
}

// The stop's other half says a difference of ids, which no library's reader looks at: never an unknown field.
TEST(Hostile, ACompactStopWithADifferenceEndsItsStruct) {
  Both both;
  both.scalar(1, "number", Kind::i32, Presence::optional, Presence::optional);
  PlanOptions strict;
  strict.not_in_schema = NotInSchema::reject;
  for (const PlanOptions& options : {PlanOptions(), strict}) {
    Runner runner(compact, *both.thrift, binary, *both.thrift, options);
    EXPECT_EQ(runner.hex_of(hex("10")), "00");
    EXPECT_EQ(runner.hex_of(hex("15 02 f0")), "08 00 01 00 00 00 01 00");
    EXPECT_EQ(runner.context().counters.straight_runs, 2u);
    EXPECT_EQ(model::sum(runner.context().counters.dropped_fields), 0u);
    EXPECT_NE(runner.hex_of(hex("10 00")).find("WIRE_MALFORMED"), std::string::npos);
  }
}

TEST(Hostile, DamagedMessages) {
  const Shapes shapes;
  std::mt19937 random(7);
  for (const Shape& shape : shapes.all()) {
    if (shape.compact.size() > 20000) continue;
    for (const model::BodyFormat from : formats) {
      const std::string message = message_in(shape, from);
      for (const model::BodyFormat to : formats) {
        Runner runner(from, root_of(shape, from), to, root_of(shape, to));
        Runner back(to, root_of(shape, to), from, root_of(shape, from));
        for (int round = 0; round < 150; ++round) {
          std::string damaged = message;
          for (std::uint32_t i = random() % 4; i < 4; ++i) {
            damaged[random() % damaged.size()] = static_cast<char>(random());
          }
          std::string out;
          std::string again;
          if (!runner.run(damaged, out).ok()) continue;
          // What was accepted is a message of the target, so it can be read.
          const base::Status status = back.run(out, again);
          ASSERT_TRUE(status.ok()) << shape.name << ": " << status.to_string();
          ASSERT_TRUE(walk_body(to, base::as_bytes(out), 64).ok());
        }
      }
    }
  }
}

TEST(Hostile, Noise) {
  const Shapes shapes;
  std::mt19937 random(11);
  for (const Shape& shape : shapes.all()) {
    for (const model::BodyFormat from : formats) {
      for (const model::BodyFormat to : formats) {
        Runner runner(from, root_of(shape, from), to, root_of(shape, to));
        for (int round = 0; round < 200; ++round) {
          std::string noise(random() % 64, '\0');
          for (char& c : noise) c = static_cast<char>(random() % 3 == 0 ? random() : random() % 32);
          std::string out;
          const bool accepted = runner.run(noise, out).ok();
          EXPECT_TRUE(!accepted || walk_body(to, base::as_bytes(out), 64).ok());
        }
      }
    }
  }
}

// The worst that a few bytes can ask for stays proportional to them.
TEST(Hostile, IrregularMessagesInsideIrregularMessages) {
  const Shapes shapes;
  const Shape* deep = nullptr;
  for (const Shape& shape : shapes.all()) {
    if (shape.name == "deep") deep = &shape;
  }
  ASSERT_NE(deep, nullptr);
  std::string message;
  for (int depth = 0; depth < 64; ++depth) {
    // A text, then the rest, then another text: out of order at every level.
    std::string next = hex("0a 01 61");
    if (!message.empty()) {
      next.push_back('\x12');
      for (std::size_t left = message.size();; left >>= 7) {
        next.push_back(static_cast<char>(left >= 128 ? left | 128 : left));
        if (left < 128) break;
      }
      next += message;
    }
    message = next + hex("0a 01 62");
  }
  Runner runner(protobuf, *deep->proto, compact, *deep->thrift);
  std::string out;
  ASSERT_TRUE(runner.run(message, out).ok());
  EXPECT_EQ(runner.context().counters.indexed_runs, 1u);
  EXPECT_LT(runner.context().arena.reserved_bytes(), 1u << 20);
  std::string expected;
  for (int depth = 0; depth < 64; ++depth) {
    CompactText text;
    text.field(1, 8).text("b");
    if (!expected.empty()) text.field(2, 12).append(expected);
    expected = text.end();
  }
  EXPECT_EQ(to_hex(out), to_hex(expected));
}

TEST(Hostile, EmptyStructsOfAWideTypeCostNoMoreMemoryForBeingMany) {
  SchemaBuilder schema;
  idl::StructType& thrift_wide = schema.structure("t.Wide");
  idl::StructType& proto_wide = schema.structure("p.Wide");
  idl::StructType& thrift = schema.structure("t.All");
  idl::StructType& proto = schema.structure("p.All");
  proto_wide.origin = &thrift_wide;
  proto.origin = &thrift;
  for (idl::StructType* wide : {&thrift_wide, &proto_wide}) {
    for (int id = 1; id <= 500; ++id) {
      add(*wide, id, "f" + std::to_string(id), schema.scalar(Kind::i32), Presence::optional);
    }
  }
  add(thrift, 1, "number", schema.scalar(Kind::i32), Presence::optional);
  add(proto, 1, "number", schema.scalar(Kind::i32), Presence::optional);
  add(thrift, 2, "all", schema.list(schema.of(thrift_wide)), Presence::optional);
  add(proto, 2, "all", schema.list(schema.of(proto_wide)), Presence::implicit);
  constexpr std::size_t count = 20'000;
  std::string many_proto = hex("08 01");
  for (std::size_t i = 0; i < count; ++i) many_proto += hex("12 00");
  const std::string many_thrift = hex("15 02 19 fc a0 9c 01") + std::string(count, '\0');
  // The field that comes again makes the message one for the indexed executor.
  for (const bool again : {false, true}) {
    Runner from_proto(protobuf, proto, compact, thrift);
    Runner from_thrift(compact, thrift, binary, thrift);
    std::string out;
    EXPECT_TRUE(from_proto.run(many_proto + (again ? hex("08 02") : ""), out).ok());
    EXPECT_TRUE(from_thrift.run(many_thrift + hex(again ? "05 02 04 00" : "00"), out).ok());
    EXPECT_EQ(from_proto.context().counters.indexed_runs, again ? 1u : 0u);
    EXPECT_EQ(from_thrift.context().counters.indexed_runs, again ? 1u : 0u);
    // A span of 32 bytes an element, and what one frame needs.
    EXPECT_LT(from_proto.context().arena.reserved_bytes(), 2u << 20);
    EXPECT_LT(from_thrift.context().arena.reserved_bytes(), 64u << 10);
  }
}

}  // namespace
}  // namespace koine::transcode::testing
