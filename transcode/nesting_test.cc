// Structs inside structs to any depth: several levels share a loop, and nobody may notice where one loop ends
// and the next begins.
#include <string>

#include <gtest/gtest.h>

#include "transcode/shapes_test_support.h"

namespace koine::transcode::testing {
namespace {

// struct Level { 1: i32 before; 2: optional Level inside; 3: i8 behind; 4: optional i32 sparse }
class NestedStructs : public ::testing::Test {
 protected:
  NestedStructs() {
    for (const bool derived : {false, true}) {
      idl::StructType& level = schema_.structure(derived ? "p.Level" : "t.Level");
      add(level, 1, "before", schema_.scalar(Kind::i32));
      add(level, 2, "inside", schema_.of(level), Presence::optional);
      add(level, 3, "behind", schema_.scalar(derived ? Kind::i32 : Kind::i8));
      add(level, 4, "sparse", schema_.scalar(Kind::i32), Presence::optional);
      (derived ? proto_ : thrift_) = &level;
      if (derived) level.origin = thrift_;
    }
  }
  Side side(model::BodyFormat format) const { return {format, format == protobuf ? proto_ : thrift_, {}}; }

  // Fields of every third level do not come in order, and of every other there is one that ends it.
  static std::string in_compact(int depth, int at = 0) {
    CompactText text;
    const auto inside = [&] {
      if (at < depth) text.field(2, 12).append(in_compact(depth, at + 1));
    };
    if (at % 3 == 2) inside();
    text.field(1, 5).number(1000 + at);
    if (at % 3 != 2) inside();
    text.field(3, 3).byte(1 + at);
    if (at % 2 == 0) text.field(4, 5).number(-1 - at);
    return text.end();
  }
  // Protobuf, with a value that is no i8 in the innermost one.
  static std::string with_wrong_value(int depth) {
    std::string text("\x18\xac\x02", 3);  // field 3: 300
    for (int at = 0; at < depth; ++at) {
      std::string around("\x08\x05", 2);
      CompactText length;
      length.varint(text.size());
      std::string size = length.end();
      size.pop_back();
      around += '\x12' + size + text;
      text = around;
    }
    return text;
  }

  SchemaBuilder schema_;
  const idl::StructType* thrift_ = nullptr;
  const idl::StructType* proto_ = nullptr;
};

TEST_F(NestedStructs, ComeBackFromEveryDepthInEveryPair) {
  for (int depth = 0; depth < 40; ++depth) {
    const std::string message = in_compact(depth);
    std::string expected;  // in order
    ASSERT_TRUE(Runner(side(compact), side(binary)).run(message, expected).ok()) << depth;
    for (const model::BodyFormat from : {compact, binary, protobuf}) {
      for (const model::BodyFormat to : {compact, binary, protobuf}) {
        std::string first;
        std::string second;
        std::string back;
        ASSERT_TRUE(Runner(side(compact), side(from)).run(message, first).ok());
        ASSERT_TRUE(Runner(side(from), side(to)).run(first, second).ok());
        ASSERT_TRUE(Runner(side(to), side(binary)).run(second, back).ok());
        EXPECT_TRUE(back == expected)
            << depth << " levels, " << model::to_string(from) << " to " << model::to_string(to);
      }
    }
  }
}

TEST_F(NestedStructs, NameEveryLevelOfAFailure) {
  for (const model::BodyFormat to : {compact, binary}) {
    Runner runner(side(protobuf), side(to));
    std::string path = "behind";
    for (int depth = 0; depth < 40; ++depth) {
      std::string out;
      const base::Status status = runner.run(with_wrong_value(depth), out);
      EXPECT_EQ(status.reason(), base::Reason::map_range);
      EXPECT_EQ(status.path(), path);
      path = "inside." + path;
    }
  }
}

TEST_F(NestedStructs, EndWhereTheLimitSays) {
  for (const std::size_t limit : {1u, 2u, 7u, 8u, 9u, 16u, 17u, 33u}) {
    PlanOptions options;
    options.limits.nesting_max = limit;
    for (const model::BodyFormat from : {compact, binary, protobuf}) {
      Runner runner(side(from), side(from == protobuf ? binary : protobuf), options);
      for (const std::size_t depth : {limit - 1, limit}) {
        std::string message;
        ASSERT_TRUE(Runner(side(compact), side(from)).run(in_compact(static_cast<int>(depth)), message).ok());
        std::string out;
        EXPECT_EQ(runner.run(message, out).reason(),
                  depth < limit ? base::Reason::none : base::Reason::limit_depth)
            << limit << ' ' << depth << ' ' << model::to_string(from);
      }
    }
  }
}

}  // namespace
}  // namespace koine::transcode::testing
