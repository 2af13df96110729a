// What libevent allocates: its small entries apart from the heap.
//
// For every descriptor number that a loop has ever watched libevent keeps some twenty bytes, as long as the
// loop lives (libevent 2.1, evmap.c: struct evmap_io). They are made in the middle of a rush of connections;
// on the heap each of them would keep a page of what that rush needed from ever going back to the system.
// libevent takes one set of functions for the whole process, so this is the process's. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>

namespace koine::net {

// Cells of one size, side by side in a piece of address space of their own; a page of it is memory when the
// first cell in it is used, and stays so.
class EventCells {
 public:
  static constexpr std::size_t cell_bytes = 32;

  // Room for `cells`, of which none costs anything yet.
  explicit EventCells(std::size_t cells);
  EventCells(const EventCells&) = delete;
  EventCells& operator=(const EventCells&) = delete;
  ~EventCells();

  // Null when there is no room left. Contents are what was there.
  void* take();
  bool owns(const void* cell) const {
    const auto* at = static_cast<const std::uint8_t*>(cell);
    return first_ != nullptr && at >= first_ && at < first_ + cells_ * cell_bytes;
  }
  void give_back(void* cell);
  std::size_t in_use() const;

 private:
  std::uint8_t* first_ = nullptr;
  std::size_t cells_ = 0;
  mutable std::mutex mutex_;
  std::size_t touched_ = 0;  // cells from the first on that were ever used
  std::size_t in_use_ = 0;
  void* free_ = nullptr;  // linked through their first bytes
};

// Called before a loop is made; does its work once. Returns the process's cells.
EventCells& keep_event_memory_apart();

}  // namespace koine::net
