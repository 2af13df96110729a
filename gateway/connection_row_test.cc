// The row of an endpoint's connections: places, and who may have room.
#include "gateway/connection_row.h"

#include <set>

#include <gtest/gtest.h>

namespace koine::gateway {
namespace {

Handle numbered(std::uint32_t number) { return {number, 1}; }

TEST(ConnectionRow, FindsTheFirstPlaceWithRoomOverManyWords) {
  ConnectionRow row;
  for (std::uint32_t i = 0; i < 200; ++i) ASSERT_EQ(row.add(numbered(i)), i);
  const auto any = [](Handle) { return true; };
  EXPECT_FALSE(row.first(any)) << "nobody said that there is room";
  row.may_have_room(199);
  row.may_have_room(64);
  EXPECT_EQ(row.first(any), numbered(64));
  EXPECT_EQ(row.first(any), numbered(64)) << "room is not used up by being found";
}

TEST(ConnectionRow, AsksAFullConnectionOnceUntilItMayHaveRoomAgain) {
  ConnectionRow row;
  for (std::uint32_t i = 0; i < 70; ++i) row.may_have_room(row.add(numbered(i)));
  int asked = 0;
  const auto last_only = [&](Handle handle) {
    ++asked;
    return handle == numbered(69);
  };
  EXPECT_EQ(row.first(last_only), numbered(69));
  EXPECT_EQ(asked, 70);
  EXPECT_EQ(row.first(last_only), numbered(69));
  EXPECT_EQ(asked, 71);
  row.may_have_room(3);
  EXPECT_EQ(row.first([](Handle) { return true; }), numbered(3));
}

TEST(ConnectionRow, GivesAFreedPlaceToTheNextWithoutItsRoom) {
  ConnectionRow row;
  for (std::uint32_t i = 0; i < 3; ++i) row.may_have_room(row.add(numbered(i)));
  row.remove(1);
  std::set<std::uint32_t> seen;
  row.first([&](Handle handle) { return !seen.insert(handle.index).second; });
  EXPECT_EQ(seen, (std::set<std::uint32_t>{0, 2}));
  EXPECT_EQ(row.add(numbered(9)), 1u);
  EXPECT_FALSE(row.first([](Handle handle) { return handle == numbered(9); }));
  row.remove(2), row.remove(1), row.remove(0);
  EXPECT_TRUE(row.empty());
  EXPECT_TRUE(row.handles().empty());
}

}  // namespace
}  // namespace koine::gateway
