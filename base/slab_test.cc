// Slabs, arenas.
#include "base/slab.h"

#include <cstdint>

#include <gtest/gtest.h>

#include "base/arena.h"

namespace koine::base {
namespace {

TEST(SlabPool, GivesTheSameSlabAgain) {
  SlabPool pool;
  const void* first = nullptr;
  {
    SlabRef slab = pool.take(100);
    first = slab.get();
    slab->used = 77;
    EXPECT_EQ(slab->capacity, SlabPool::smallest_bytes);
    EXPECT_EQ(pool.used_bytes(), SlabPool::smallest_bytes);
  }
  EXPECT_EQ(pool.used_bytes(), 0u);
  EXPECT_EQ(pool.kept_bytes(), SlabPool::smallest_bytes);
  SlabRef again = pool.take(SlabPool::smallest_bytes);
  EXPECT_EQ(again.get(), first);
  EXPECT_EQ(again->used, 0u);
  EXPECT_EQ(pool.kept_bytes(), 0u);
}

TEST(SlabPool, RoundsUpToPowersOfTwo) {
  SlabPool pool;
  EXPECT_EQ(pool.take(4097)->capacity, 8192u);
  EXPECT_EQ(pool.take(8u << 20)->capacity, 8u << 20);
}

TEST(SlabPool, DoesNotKeepMoreThanAllowedNorTheHuge) {
  SlabPool pool(8192);
  {
    const SlabRef huge = pool.take((8u << 20) + 1);
    EXPECT_EQ(huge->capacity, (8u << 20) + 1);
    const SlabRef a = pool.take(4096);
    const SlabRef b = pool.take(4096);
    const SlabRef c = pool.take(4096);
  }
  EXPECT_EQ(pool.kept_bytes(), 8192u);
  EXPECT_EQ(pool.used_bytes(), 0u);
  pool.trim();
  EXPECT_EQ(pool.kept_bytes(), 0u);
}

TEST(RoomySlab, IsLargeFromAPoolAndSmallFromTheHeap) {
  SlabPool pool;
  EXPECT_EQ(roomy_slab(&pool, 5)->capacity, 16384u);
  EXPECT_GE(roomy_slab(&pool, 20'000)->capacity, 20'000u);
  EXPECT_EQ(roomy_slab(nullptr, 5)->capacity, 1024u);
  EXPECT_EQ(roomy_slab(nullptr, 20'000)->capacity, 20'000u);
}

TEST(SlabRef, CountsReferences) {
  SlabPool pool;
  SlabRef a = pool.take(1);
  SlabRef b = a;
  SlabRef c = std::move(a);
  EXPECT_FALSE(a);
  EXPECT_EQ(b->references, 2u);
  b = b;
  EXPECT_EQ(c->references, 2u);
  b.reset();
  EXPECT_EQ(c->references, 1u);
  EXPECT_GT(pool.used_bytes(), 0u);
  c = SlabRef();
  EXPECT_EQ(pool.used_bytes(), 0u);
}

TEST(Arena, AlignsAndValueInitialises) {
  Arena arena(64);
  arena.allocate(1, 1);
  const std::uint64_t* numbers = arena.make_array<std::uint64_t>(5);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(numbers) % alignof(std::uint64_t), 0u);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(numbers[i], 0u);
}

TEST(Arena, CopiesOutliveTheirSource) {
  Arena arena;
  std::string_view copy;
  {
    std::string text = "short lived";
    copy = arena.copy(text);
    text.assign(text.size(), '!');
  }
  EXPECT_EQ(copy, "short lived");
  EXPECT_EQ(arena.copy(""), "");
}

TEST(Arena, GrowsAndKeepsItsBlocksOverReset) {
  Arena arena(128);
  const auto fill = [&arena] {
    for (int i = 0; i < 100; ++i) {
      auto* bytes = static_cast<unsigned char*>(arena.allocate(100, 8));
      for (int j = 0; j < 100; ++j) bytes[j] = static_cast<unsigned char>(i);
    }
    arena.allocate(5000);
  };
  fill();
  const std::size_t reserved = arena.reserved_bytes();
  EXPECT_GE(reserved, 15000u);
  for (int round = 0; round < 10; ++round) {
    arena.reset();
    fill();
  }
  EXPECT_EQ(arena.reserved_bytes(), reserved) << "a warm arena asked the heap again";
  arena.release();
  EXPECT_EQ(arena.reserved_bytes(), 0u);
  EXPECT_NE(arena.allocate(1), nullptr);
}

TEST(Arena, LargeRequestsGetWhatTheyAskFor) {
  Arena arena(64);
  auto* bytes = static_cast<unsigned char*>(arena.allocate(1u << 20, 64));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes) % 64, 0u);
  bytes[0] = bytes[(1u << 20) - 1] = 1;
}

TEST(ArenaDeathTest, SizesThatOverflowEndTheProcessInsteadOfWrapping) {
  Arena arena(64);
  arena.allocate(8);
  EXPECT_DEATH(arena.allocate(SIZE_MAX - 4, 8), "");
  EXPECT_DEATH(arena.make_array<std::uint64_t>(SIZE_MAX / 4), "");
}

}  // namespace
}  // namespace koine::base
