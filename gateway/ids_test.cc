// Handles of the dead find nobody; id tables agree with std::map under random use.
#include "gateway/ids.h"

#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace koine::gateway {
namespace {

struct Named {
  Named(std::string text, Handle own) : name(std::move(text)), handle(own) {}
  std::string name;
  Handle handle;
};

TEST(SlotMap, AHandleFindsItsObjectAndNoLaterTenant) {
  SlotMap<Named> map;
  const Handle first = map.emplace("first").handle;
  EXPECT_EQ(map.find(first)->name, "first");
  map.erase(first);
  EXPECT_EQ(map.find(first), nullptr);
  const Handle second = map.emplace("second").handle;
  EXPECT_EQ(second.index, first.index);
  EXPECT_EQ(map.find(first), nullptr);
  EXPECT_EQ(map.find(second)->name, "second");
  EXPECT_EQ(Handle::unpack(second.packed()), second);
}

TEST(SlotMap, EmptyAndForeignHandlesFindNothing) {
  SlotMap<Named> map;
  EXPECT_EQ(map.find({}), nullptr);
  EXPECT_EQ(map.find({7, 1}), nullptr);
  map.erase({7, 1});
  EXPECT_EQ(map.size(), 0u);
}

TEST(SlotMap, TrimmedSlotsComeBackWithHandlesOfTheirOwn) {
  SlotMap<Named> map;
  const Handle stays = map.emplace("stays").handle;
  std::vector<Handle> gone;
  for (int i = 0; i < 1000; ++i) gone.push_back(map.emplace("goes").handle);
  for (const Handle handle : gone) map.erase(handle);
  map.trim();
  EXPECT_EQ(map.find(stays)->name, "stays");
  for (int i = 0; i < 1000; ++i) {
    const Handle again = map.emplace("again").handle;
    EXPECT_EQ(map.find(again)->name, "again");
  }
  for (const Handle handle : gone) EXPECT_EQ(map.find(handle), nullptr);
  EXPECT_EQ(map.size(), 1001u);
  for (const Handle handle : map.handles()) map.erase(handle);
  map.trim();
  map.trim();
  EXPECT_EQ(map.find(stays), nullptr);
  const Handle first = map.emplace("first").handle;
  EXPECT_EQ(first.index, 0u);
  EXPECT_EQ(map.find(stays), nullptr);
}

TEST(IdMap, AgreesWithAnOrderedMapUnderRandomUse) {
  std::mt19937_64 random(7);
  for (const std::uint64_t stride : {1u, 2u, 64u, 4096u}) {
    IdMap<int> map;
    std::map<std::uint64_t, int> model;
    std::uint64_t next = 1;
    for (int step = 0; step < 20000; ++step) {
      if (random() % 2 == 0 || model.empty()) {
        next += stride;
        map.insert(next, step);
        model.emplace(next, step);
      } else {
        auto victim = model.begin();
        std::advance(victim, static_cast<std::ptrdiff_t>(random() % std::min<std::size_t>(model.size(), 20)));
        EXPECT_TRUE(map.erase(victim->first));
        EXPECT_FALSE(map.erase(victim->first));
        model.erase(victim);
      }
      ASSERT_EQ(map.size(), model.size());
    }
    for (const auto& [id, value] : model) {
      ASSERT_NE(map.find(id), nullptr);
      EXPECT_EQ(*map.find(id), value);
    }
    EXPECT_EQ(map.entries().size(), model.size());
  }
}

TEST(IdMap, GivesItsMemoryBackWhenEmpty) {
  IdMap<int> map;
  map.insert(1, 2);
  map.erase(1);
  map.trim();
  EXPECT_EQ(map.find(1), nullptr);
  map.insert(5, 6);
  EXPECT_EQ(*map.find(5), 6);
}

}  // namespace
}  // namespace koine::gateway
