// libevent's small entries.
#include "net/event_memory.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include <event2/event.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net/socket.h"

namespace koine::net {
namespace {

TEST(EventCells, AreSideBySideAndUsedAgain) {
  EventCells cells(3);
  std::vector<void*> taken;
  for (int i = 0; i < 3; ++i) taken.push_back(cells.take());
  EXPECT_EQ(static_cast<std::uint8_t*>(taken[2]) - static_cast<std::uint8_t*>(taken[0]),
            static_cast<std::ptrdiff_t>(2 * EventCells::cell_bytes));
  EXPECT_EQ(cells.take(), nullptr) << "there is room for three";
  EXPECT_EQ(cells.in_use(), 3u);
  for (void* cell : taken) {
    EXPECT_TRUE(cells.owns(cell));
    std::memset(cell, 0xa5, EventCells::cell_bytes);
    cells.give_back(cell);
  }
  EXPECT_EQ(cells.in_use(), 0u);
  EXPECT_EQ(cells.take(), taken[2]);
  EXPECT_EQ(cells.take(), taken[1]);
  int elsewhere = 0;
  EXPECT_FALSE(cells.owns(&elsewhere));
  EXPECT_FALSE(cells.owns(nullptr));
}

TEST(EventCells, HoldWhatLibeventKeepsOfEachDescriptor) {
  EventCells& cells = keep_event_memory_apart();
  event_base* base = event_base_new();
  ASSERT_NE(base, nullptr);
  const std::size_t before = cells.in_use();
  std::vector<FileDescriptor> descriptors;
  std::vector<event*> events;
  for (int i = 0; i < 40; ++i) {
    descriptors.emplace_back(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    ASSERT_TRUE(descriptors.back());
    events.push_back(event_new(
        base, descriptors.back().get(), EV_READ | EV_PERSIST, [](evutil_socket_t, short, void*) {}, nullptr));
    ASSERT_EQ(event_add(events.back(), nullptr), 0);
  }
  EXPECT_GE(cells.in_use(), before + 40);
  for (event* one : events) event_free(one);
  EXPECT_GE(cells.in_use(), before + 40) << "libevent gives them back with its loop";
  event_base_free(base);
  EXPECT_LE(cells.in_use(), before);
}

}  // namespace
}  // namespace koine::net
