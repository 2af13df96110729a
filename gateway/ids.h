// Handles and id tables: how the gateway's parts refer to one another without pointers that could dangle.
//
// A Handle names an object by index and generation: once the object is gone, the handle finds nothing, even
// when the slot has a new tenant. Answers find their callers through handles only. One thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace koine::gateway {

struct Handle {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;  // 0: nobody
  explicit operator bool() const noexcept { return generation != 0; }
  bool operator==(const Handle&) const = default;
  std::uint64_t packed() const noexcept { return static_cast<std::uint64_t>(generation) << 32 | index; }
  static Handle unpack(std::uint64_t packed) noexcept {
    return {static_cast<std::uint32_t>(packed), static_cast<std::uint32_t>(packed >> 32)};
  }
};

// Owns its objects; addresses are stable while an object lives.
template <class T>
class SlotMap {
 public:
  SlotMap() = default;
  SlotMap(const SlotMap&) = delete;
  SlotMap& operator=(const SlotMap&) = delete;

  // Builds a T from (arguments…, its own handle).
  template <class... A>
  T& emplace(A&&... arguments) {
    std::uint32_t index = 0;
    if (free_.empty()) {
      index = static_cast<std::uint32_t>(slots_.size());
      slots_.push_back(std::make_unique<Slot>());
      slots_.back()->generation = next_generation_;
    } else {
      index = free_.back();
      free_.pop_back();
    }
    Slot& slot = *slots_[index];
    ++size_;
    return slot.object.emplace(std::forward<A>(arguments)..., Handle{index, slot.generation});
  }
  // Null when it is gone.
  T* find(Handle handle) noexcept {
    if (handle.index >= slots_.size()) return nullptr;
    Slot& slot = *slots_[handle.index];
    return slot.generation == handle.generation && slot.object.has_value() ? &*slot.object : nullptr;
  }
  void erase(Handle handle) {
    if (find(handle) == nullptr) return;
    Slot& slot = *slots_[handle.index];
    // From here on the handle finds nothing, also while the destructor runs.
    slot.generation = slot.generation == UINT32_MAX ? 1 : slot.generation + 1;
    slot.object.reset();
    free_.push_back(handle.index);
    --size_;
  }
  std::size_t size() const noexcept { return size_; }
  // Gives back the memory behind the last object. Handles of what was there go on finding nothing.
  void trim() {
    while (!slots_.empty() && !slots_.back()->object.has_value()) {
      next_generation_ = std::max(next_generation_, slots_.back()->generation);
      slots_.pop_back();
    }
    std::erase_if(free_, [this](std::uint32_t index) { return index >= slots_.size(); });
    free_.shrink_to_fit();
    slots_.shrink_to_fit();
  }
  // Handles of all that live now.
  std::vector<Handle> handles() const {
    std::vector<Handle> all;
    all.reserve(size_);
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i]->object.has_value()) all.push_back({i, slots_[i]->generation});
    }
    return all;
  }

 private:
  struct Slot {
    std::uint32_t generation = 1;
    std::optional<T> object;
  };
  std::vector<std::unique_ptr<Slot>> slots_;
  std::uint32_t next_generation_ = 1;  // of slots made from now on
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

// From a session's call ids (never 0, mostly rising) to what we keep for each. Open addressing; a look-up
// costs one or two probes, and nothing is allocated while the number of calls in flight stays the same.
template <class V>
class IdMap {
 public:
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  V* find(std::uint64_t id) noexcept {
    if (size_ == 0) return nullptr;
    for (std::size_t at = home(id); cells_[at].id != 0; at = next(at)) {
      if (cells_[at].id == id) return &cells_[at].value;
    }
    return nullptr;
  }
  // `id` is not 0 and not there yet.
  void insert(std::uint64_t id, V value) {
    if ((size_ + 1) * 2 > cells_.size()) grow(cells_.empty() ? 8 : cells_.size() * 2);
    place(id, std::move(value));
  }
  bool erase(std::uint64_t id) {
    if (size_ == 0) return false;
    std::size_t at = home(id);
    while (cells_[at].id != id) {
      if (cells_[at].id == 0) return false;
      at = next(at);
    }
    // Close the gap, so that no look-up stops early and no markers of removed ids pile up.
    for (std::size_t from = next(at); cells_[from].id != 0; from = next(from)) {
      const std::size_t wanted = home(cells_[from].id);
      const bool reachable = at <= from ? (wanted <= at || wanted > from) : (wanted <= at && wanted > from);
      if (!reachable) continue;
      cells_[at] = std::move(cells_[from]);
      at = from;
    }
    cells_[at] = Cell();
    --size_;
    return true;
  }
  // Ids and values of all entries, in no particular order.
  std::vector<std::pair<std::uint64_t, V>> entries() const {
    std::vector<std::pair<std::uint64_t, V>> all;
    for (const Cell& cell : cells_) {
      if (cell.id != 0) all.emplace_back(cell.id, cell.value);
    }
    return all;
  }
  // Gives memory back when nothing is in it.
  void trim() {
    if (size_ == 0) std::vector<Cell>().swap(cells_);
  }

 private:
  struct Cell {
    std::uint64_t id = 0;
    V value{};
  };
  std::size_t home(std::uint64_t id) const noexcept {
    return static_cast<std::size_t>(id * 0x9e3779b97f4a7c15u >> 32) & (cells_.size() - 1);
  }
  std::size_t next(std::size_t at) const noexcept { return (at + 1) & (cells_.size() - 1); }
  void place(std::uint64_t id, V value) {
    std::size_t at = home(id);
    while (cells_[at].id != 0) at = next(at);
    cells_[at].id = id;
    cells_[at].value = std::move(value);
    ++size_;
  }
  void grow(std::size_t cells) {
    std::vector<Cell> old(cells);
    old.swap(cells_);
    size_ = 0;
    for (Cell& cell : old) {
      if (cell.id != 0) place(cell.id, std::move(cell.value));
    }
  }

  std::vector<Cell> cells_;
  std::size_t size_ = 0;
};

}  // namespace koine::gateway
