// The cells, and libevent's way to them.
#include "net/event_memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <event2/event.h>
#include <sys/mman.h>

namespace koine::net {
namespace {

// Of address space: two million descriptor numbers, each counted once for every loop that watched it.
constexpr std::size_t process_cells = 2u << 20;

// Never destroyed: loops of other threads may outlive the end of main.
EventCells& process_event_cells() {
  static auto* const cells = new EventCells(process_cells);
  return *cells;
}

extern "C" {

static void* take_event_memory(std::size_t bytes) {
  void* cell = bytes <= EventCells::cell_bytes ? process_event_cells().take() : nullptr;
  return cell != nullptr ? cell : std::malloc(bytes);
}

static void give_back_event_memory(void* memory) {
  if (memory == nullptr || !process_event_cells().owns(memory)) return std::free(memory);
  process_event_cells().give_back(memory);
}

static void* resize_event_memory(void* memory, std::size_t bytes) {
  if (memory == nullptr || !process_event_cells().owns(memory)) return std::realloc(memory, bytes);
  if (bytes <= EventCells::cell_bytes) return memory;
  void* larger = std::malloc(bytes);
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, memory, EventCells::cell_bytes);
  process_event_cells().give_back(memory);
  return larger;
}

}  // extern "C"

}  // namespace

EventCells::EventCells(std::size_t cells) {
  void* room = ::mmap(nullptr, cells * cell_bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) return;  // the heap serves as well
  first_ = static_cast<std::uint8_t*>(room);
  cells_ = cells;
}

EventCells::~EventCells() {
  if (first_ != nullptr) ::munmap(first_, cells_ * cell_bytes);
}

void* EventCells::take() {
  const std::lock_guard lock(mutex_);
  void* cell = free_;
  if (cell != nullptr) {
    std::memcpy(&free_, cell, sizeof(free_));
  } else if (touched_ < cells_) {
    cell = first_ + cell_bytes * touched_++;
  } else {
    return nullptr;
  }
  ++in_use_;
  return cell;
}

void EventCells::give_back(void* cell) {
  const std::lock_guard lock(mutex_);
  std::memcpy(cell, &free_, sizeof(free_));
  free_ = cell;
  --in_use_;
}

std::size_t EventCells::in_use() const {
  const std::lock_guard lock(mutex_);
  return in_use_;
}

EventCells& keep_event_memory_apart() {
  static std::once_flag once;
  std::call_once(once, [] {
    event_set_mem_functions(&take_event_memory, &resize_event_memory, &give_back_event_memory);
  });
  return process_event_cells();
}

}  // namespace koine::net
