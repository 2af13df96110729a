// Slices and buffers.
#include "base/buffer.h"

#include <array>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace koine::base {
namespace {

Slice slice_of(std::string_view text) {
  SlabRef slab = make_slab(text.size());
  std::copy(text.begin(), text.end(), slab->data());
  slab->used = text.size();
  const std::uint8_t* data = slab->data();
  return Slice(std::move(slab), data, text.size());
}

TEST(Buffer, AppendsConsumesAndTakes) {
  Buffer buffer;
  buffer.append(slice_of("hello "));
  buffer.append(slice_of("wide "));
  buffer.append(slice_of("world"));
  EXPECT_EQ(buffer.size(), 16u);
  EXPECT_EQ(buffer.to_string(), "hello wide world");
  buffer.consume(2);
  Buffer front = buffer.take_front(6);
  EXPECT_EQ(front.to_string(), "llo wi");
  EXPECT_EQ(buffer.to_string(), "de world");
  EXPECT_EQ(as_text(buffer.front()), "de ");
  buffer.consume(1000);
  EXPECT_TRUE(buffer.empty());
  EXPECT_TRUE(buffer.front().empty());
}

TEST(Buffer, SmallAppendsShareOneSlabAndOnePiece) {
  SlabPool pool;
  {
    Buffer buffer(&pool);
    for (int i = 0; i < 1000; ++i) buffer.append("0123456789");
    EXPECT_EQ(buffer.slices().size(), 1u);
    EXPECT_EQ(pool.used_bytes(), 16384u);
  }
  EXPECT_EQ(pool.used_bytes(), 0u);
}

TEST(Buffer, SlicesThatFollowOnBecomeOnePiece) {
  Slice whole = slice_of("abcdef");
  Buffer buffer;
  for (std::size_t i = 0; i < 6; ++i) buffer.append(whole.part(i, 1));
  EXPECT_EQ(buffer.slices().size(), 1u);
  EXPECT_EQ(buffer.to_string(), "abcdef");
  buffer.append(whole.part(2, 1));
  EXPECT_EQ(buffer.slices().size(), 2u);
  EXPECT_EQ(buffer.to_string(), "abcdefc");
}

TEST(Buffer, PrepareAndCommitWriteInPlace) {
  Buffer buffer;
  std::span<std::uint8_t> room = buffer.prepare(4);
  ASSERT_GE(room.size(), 4u);
  std::copy_n("data", 4, room.data());
  buffer.commit(4);
  buffer.commit(0);
  EXPECT_EQ(buffer.to_string(), "data");
  buffer.prepare(100'000);
  buffer.commit(1);
  EXPECT_EQ(buffer.size(), 5u);
}

TEST(Buffer, CopySharesBytesButNotTheRoomBehindThem) {
  Buffer original;
  original.append("shared");
  Buffer copy = original;
  EXPECT_EQ(copy.slices()[0].data(), original.slices()[0].data());
  const std::span<std::uint8_t> room = original.prepare(3);
  copy.append("xxx");
  std::copy_n("yyy", 3, room.data());
  original.commit(3);
  EXPECT_EQ(original.to_string(), "sharedyyy");
  EXPECT_EQ(copy.to_string(), "sharedxxx");
  copy = original;
  original.clear();
  EXPECT_EQ(copy.to_string(), "sharedyyy");
}

TEST(Buffer, MovingLeavesAnEmptyBufferThatWorks) {
  Buffer a;
  a.append("one");
  Buffer b = std::move(a);
  a.append("two");
  EXPECT_EQ(a.to_string(), "two");
  EXPECT_EQ(b.to_string(), "one");
  b.append(std::move(a));
  EXPECT_EQ(b.to_string(), "onetwo");
  EXPECT_TRUE(a.empty());
  Buffer& same = b;
  b = std::move(same);
  EXPECT_EQ(b.to_string(), "onetwo");
}

TEST(Buffer, AppendingOfAnotherPoolsBufferKeepsItsSlabs) {
  SlabPool pool;
  SlabPool other;
  Buffer target(&pool);
  {
    Buffer source(&other);
    source.append("from elsewhere");
    target.append(std::move(source));
  }
  EXPECT_GT(other.used_bytes(), 0u);
  EXPECT_EQ(target.to_string(), "from elsewhere");
  target.clear();
  EXPECT_EQ(other.used_bytes(), 0u);
}

TEST(Buffer, CopiesOutFromAnyOffset) {
  Buffer buffer;
  buffer.append(slice_of("abc"));
  buffer.append(slice_of("def"));
  std::array<std::uint8_t, 4> out{};
  EXPECT_EQ(buffer.copy_to(out, 1), 4u);
  EXPECT_EQ(as_text(out), "bcde");
  EXPECT_EQ(buffer.copy_to(out, 5), 1u);
  EXPECT_EQ(buffer.copy_to(out, 6), 0u);
  EXPECT_EQ(buffer.copy_to(out, 99), 0u);
}

TEST(Buffer, LinearizeRefersWhenItCanAndCopiesWhenItMust) {
  Buffer buffer;
  EXPECT_TRUE(buffer.linearize().empty());
  buffer.append(slice_of("abc"));
  EXPECT_EQ(buffer.linearize().data(), buffer.slices()[0].data());
  buffer.append(slice_of("def"));
  const Slice whole = buffer.linearize();
  EXPECT_EQ(as_text(whole.bytes()), "abcdef");
  buffer.clear();
  EXPECT_EQ(as_text(whole.bytes()), "abcdef");
}

TEST(Buffer, CopiesASmallSliceBehindWhatWasAppendedAndRefersToALargeOne) {
  const Slice small = slice_of(std::string(512, 's'));
  const Slice large = slice_of(std::string(513, 'l'));
  Buffer appended;
  appended.append("header");
  appended.append(small);
  EXPECT_EQ(appended.slices().size(), 1u) << "one piece, which keeps no second slab alive";
  appended.append(large);
  ASSERT_EQ(appended.slices().size(), 2u);
  EXPECT_EQ(appended.slices()[1].data(), large.data());
  EXPECT_EQ(appended.to_string(), "header" + std::string(512, 's') + std::string(513, 'l'));
  Buffer gathered;
  gathered.append(small);
  EXPECT_EQ(gathered.slices()[0].data(), small.data()) << "nothing was appended: there is no slab to copy to";
}

TEST(Slice, PartIsCutToWhatIsThere) {
  const Slice whole = slice_of("abcdef");
  EXPECT_EQ(as_text(whole.part(2, 3).bytes()), "cde");
  EXPECT_EQ(as_text(whole.part(4, 99).bytes()), "ef");
  EXPECT_TRUE(whole.part(9, 1).empty());
  EXPECT_TRUE(Slice().part(0, 1).empty());
}

TEST(Buffer, ConsumingPieceByPieceStaysLinear) {
  // 100,000 pieces: a front erase for each would take minutes.
  Slice piece = slice_of("ab");
  Buffer buffer;
  for (int i = 0; i < 100'000; ++i) buffer.append(piece.part(i % 2 == 0 ? 0 : 1, 1));
  for (int i = 0; i < 100'000; ++i) buffer.consume(1);
  EXPECT_TRUE(buffer.empty());
}

// Every operation against a std::string that does the same.
TEST(Buffer, AgreesWithAStringUnderRandomUse) {
  SlabPool pool;
  std::mt19937 random(7);
  {
    Buffer buffer(&pool);
    std::string model;
    for (int i = 0; i < 20'000; ++i) {
      const std::size_t amount = random() % 300;
      switch (random() % 7) {
        case 0: {
          const std::string text(amount, static_cast<char>('a' + i % 26));
          buffer.append(text);
          model += text;
          break;
        }
        case 1: {
          const std::string text(amount * 100, static_cast<char>('A' + i % 26));
          buffer.append(slice_of(text));
          model += text;
          break;
        }
        case 2: {
          buffer.consume(amount * 50);
          model.erase(0, std::min(model.size(), amount * 50));
          break;
        }
        case 3: {
          Buffer front = buffer.take_front(amount * 20);
          ASSERT_EQ(front.to_string(), model.substr(0, amount * 20));
          model.erase(0, std::min(model.size(), amount * 20));
          front.append("!");
          if (random() % 2 == 0) {
            model += front.to_string();
            buffer.append(std::move(front));
          }
          break;
        }
        case 4: {
          std::span<std::uint8_t> room = buffer.prepare(amount);
          std::fill_n(room.begin(), amount, std::uint8_t{'.'});
          buffer.commit(amount);
          model.append(amount, '.');
          break;
        }
        case 5: {
          Buffer copy = buffer;
          copy.append("copy only");
          copy.consume(3);
          break;
        }
        default:
          if (model.size() > 200'000) {
            buffer.clear();
            model.clear();
          }
          break;
      }
      ASSERT_EQ(buffer.size(), model.size());
    }
    EXPECT_EQ(buffer.to_string(), model);
  }
  EXPECT_EQ(pool.used_bytes(), 0u);
}

}  // namespace
}  // namespace koine::base
