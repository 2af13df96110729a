// Long texts and binaries stay in the input: whatever is around them, the message is the one that copying
// makes.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "transcode/shapes_test_support.h"

namespace koine::transcode::testing {
namespace {

base::Slice in_a_slab(std::string_view text) {
  base::SlabRef slab = base::make_slab(text.size() + 1);
  std::copy(text.begin(), text.end(), slab->data());
  slab->used = text.size();
  const std::uint8_t* data = slab->data();
  return {std::move(slab), data, text.size()};
}

// struct Inner { 1: binary data; 2: i32 number }
// struct Outer { 1: Inner first; 2: list<Inner> inners; 3: string text; 4: set<binary> blobs;
//                5: map<string, binary> named; 6: list<i64> numbers }
class Gaps : public ::testing::Test {
 protected:
  Gaps() {
    for (const bool derived : {false, true}) {
      idl::StructType& inner = schema_.structure(derived ? "p.Inner" : "t.Inner");
      add(inner, 1, "data", schema_.scalar(Kind::bytes));
      add(inner, 2, "number", schema_.scalar(Kind::i32));
      idl::StructType& outer = schema_.structure(derived ? "p.Outer" : "t.Outer");
      add(outer, 1, "first", schema_.of(inner), Presence::optional);
      add(outer, 2, "inners", schema_.list(schema_.of(inner)));
      add(outer, 3, "text", schema_.scalar(Kind::string));
      add(outer, 4, "blobs", schema_.set(schema_.scalar(Kind::bytes)));
      add(outer, 5, "named", schema_.map(schema_.scalar(Kind::string), schema_.scalar(Kind::bytes)));
      add(outer, 6, "numbers", schema_.list(schema_.scalar(Kind::i64))).packed = true;
      (derived ? proto_ : thrift_) = &outer;
      if (!derived) inner_ = &inner;
      if (derived) inner.origin = inner_;
      if (derived) outer.origin = thrift_;
    }
  }

  Side side(model::BodyFormat format) const {
    return {format, format == protobuf || format == json ? proto_ : thrift_, {}};
  }
  static std::string inner(std::string_view data, int number) {
    return CompactText().field(1, 8).text(std::string(data)).field(2, 5).number(number).end();
  }
  // The message in a format, from the compact one.
  std::string as(model::BodyFormat format, const std::string& message) const {
    std::string out;
    const base::Status status = Runner(side(compact), side(format)).run(message, out);
    EXPECT_TRUE(status.ok()) << status.to_string();
    return out;
  }
  // In every pair: by reference and by copying, twice (the second time lengths are as wide as expected).
  // Returns how many pieces lay in the input at most.
  std::size_t same_in_every_pair(const std::string& message) {
    std::size_t most = 0;
    for (const model::BodyFormat from : {compact, binary, protobuf, thrift_json, json}) {
      const base::Slice in = in_a_slab(as(from, message));
      for (const model::BodyFormat to : {compact, binary, protobuf, thrift_json, json}) {
        Runner runner(side(from), side(to));
        std::string copied;
        EXPECT_TRUE(runner.run(base::as_text(in.bytes()), copied).ok());
        Context fresh;
        for (int i = 0; i < 2; ++i) {
          base::Buffer out;
          const base::Status status = runner.plan().run(in, fresh, out);
          EXPECT_TRUE(status.ok()) << status.to_string();
          EXPECT_TRUE(out.to_string() == copied) << model::to_string(from) << " to " << model::to_string(to);
          std::size_t pieces = 0;
          for (const base::Slice& slice : out.slices()) {
            if (slice.data() >= in.data() && slice.data() < in.data() + in.size()) ++pieces;
          }
          most = std::max(most, pieces);
        }
      }
    }
    return most;
  }

  SchemaBuilder schema_;
  const idl::StructType* inner_ = nullptr;
  const idl::StructType* thrift_ = nullptr;
  const idl::StructType* proto_ = nullptr;
};

const std::string big(40000, 'b');
const std::string bigger(50000, 'c');

TEST_F(Gaps, AreLeftInsideStructsAndListsWhateverTheWidthOfTheLengthsAround) {
  CompactText text;
  text.field(1, 12).append(inner(big, 7));
  text.field(2, 9).list(2, 12).append(inner("short", 1)).append(inner(bigger, 2));
  text.field(3, 8).text("behind");
  EXPECT_EQ(same_in_every_pair(text.end()), 2u);
}

TEST_F(Gaps, MoveWithWhatIsMovedWhenALengthIsNarrowerThanTheLastOne) {
  Context context;
  for (const model::BodyFormat from : {compact, binary, protobuf}) {
    const Runner runner(side(from), side(protobuf));
    // What the first message leaves as the width of its lengths is too much for the second, and back.
    for (const std::size_t size : {3000000u, 20000u, 70u, 20000u, 3000000u}) {
      CompactText text;
      text.field(1, 12).append(inner(std::string(size, 'x'), 7));
      const std::string message = text.end();
      base::Buffer out;
      ASSERT_TRUE(runner.plan().run(in_a_slab(as(from, message)), context, out).ok());
      EXPECT_TRUE(out.to_string() == as(protobuf, message)) << size;
    }
  }
}

TEST_F(Gaps, AreNotLeftInSetsAndMapsThatAreLookedAtAgain) {
  CompactText text;
  text.field(4, 10).list(3, 8).text(big).text("x").text(bigger);
  text.field(5, 11).varint(2).byte(0x88).text("a").text(bigger).text("b").text("y");
  const std::string message = text.end();
  same_in_every_pair(message);
  // In protobuf they may repeat: the set's second element is the first one again, the map's last value stays.
  const std::string twice = as(protobuf, message) + as(protobuf, message);
  Runner runner(side(protobuf), side(compact));
  std::string copied;
  ASSERT_TRUE(runner.run(twice, copied).ok());
  base::Buffer out;
  ASSERT_TRUE(runner.plan().run(in_a_slab(twice), runner.context(), out).ok());
  EXPECT_TRUE(out.to_string() == copied);
  EXPECT_EQ(out.slices().size(), 1u);
}

TEST_F(Gaps, GoWhereTheOutputGoesThatHasToGrow) {
  CompactText text;
  text.field(1, 12).append(inner(big, 7));
  text.field(6, 9).byte(0xf6).varint(20000);
  for (int i = 0; i < 20000; ++i) text.number(i % 50);  // a byte each; eight in Thrift's binary protocol
  EXPECT_EQ(same_in_every_pair(text.end()), 1u);
}

TEST_F(Gaps, HoldTextThatIsChecked) {
  std::string text(40000, 'x');
  Runner runner(side(compact), side(protobuf));
  for (const std::size_t at : {std::size_t{0}, std::size_t{20000}, text.size() - 1}) {
    text[at] = '\xff';
    base::Buffer out;
    const base::Status status =
        runner.plan().run(in_a_slab(CompactText().field(3, 8).text(text).end()), runner.context(), out);
    EXPECT_EQ(status.reason(), base::Reason::map_utf8);
    EXPECT_EQ(status.path(), "text");
    EXPECT_TRUE(out.empty());
    text[at] = 'x';
  }
}

TEST_F(Gaps, AreForgottenWhenTheMessageIsReadAgain) {
  // The indexed executor: a singular field that comes twice.
  const std::string once = as(protobuf, CompactText().field(3, 8).text(big).end());
  const std::string twice = once + as(protobuf, CompactText().field(3, 8).text(bigger).end());
  Runner runner(side(protobuf), side(binary));
  const auto copied = [&](const std::string& message) {
    std::string out;
    EXPECT_TRUE(Runner(side(protobuf), side(binary)).run(message, out).ok());
    return out;
  };
  base::Buffer out;
  ASSERT_TRUE(runner.plan().run(in_a_slab(twice), runner.context(), out).ok());
  EXPECT_EQ(runner.context().counters.indexed_runs, 1u);
  EXPECT_TRUE(out.to_string() == copied(twice));
  // Nothing of it is in the next message of the same context.
  base::Buffer next;
  ASSERT_TRUE(runner.plan().run(in_a_slab(once), runner.context(), next).ok());
  EXPECT_TRUE(next.to_string() == copied(once));
}

TEST_F(Gaps, AreWorthAQuarterOfTheMessage) {
  CompactText text;
  text.field(2, 9).list(12, 12);
  for (int i = 0; i < 12; ++i) text.append(inner(std::string(30000, static_cast<char>('a' + i)), i));
  EXPECT_EQ(same_in_every_pair(text.end()), 0u);
  CompactText four;
  four.field(2, 9).list(4, 12);
  for (int i = 0; i < 4; ++i) four.append(inner(std::string(30000, static_cast<char>('a' + i)), i));
  EXPECT_LE(same_in_every_pair(four.end()), 4u);
  EXPECT_EQ(same_in_every_pair(CompactText().field(3, 8).text("short").end()), 0u);
}

}  // namespace
}  // namespace koine::transcode::testing
