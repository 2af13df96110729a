// SliceList: the slices of a Buffer, the first few inside the object itself.
//
// Most messages are one or two slices, and a buffer is made and moved several times on a call's way: with a
// vector each of these would ask the heap. A value type of one thread, like the slices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "base/slice.h"

namespace koine::base {

class SliceList {
 public:
  SliceList() noexcept = default;
  SliceList(const SliceList& other) {
    reserve(other.size());
    for (const Slice& slice : other) push_back(Slice(slice));
  }
  SliceList& operator=(const SliceList&) = delete;
  SliceList(SliceList&& other) noexcept { take(other); }
  SliceList& operator=(SliceList&& other) noexcept {
    if (this == &other) return *this;
    drop();
    take(other);
    return *this;
  }
  ~SliceList() { drop(); }

  std::size_t size() const noexcept { return end_ - begin_; }
  bool empty() const noexcept { return begin_ == end_; }
  const Slice* begin() const noexcept { return at(begin_); }
  const Slice* end() const noexcept { return at(end_); }
  Slice* begin() noexcept { return at(begin_); }
  Slice* end() noexcept { return at(end_); }
  Slice& front() noexcept { return *at(begin_); }
  const Slice& front() const noexcept { return *at(begin_); }
  Slice& back() noexcept { return *at(end_ - 1); }

  void push_back(Slice&& slice) {
    if (end_ == capacity_) make_room();
    new (at(end_)) Slice(std::move(slice));
    ++end_;
  }
  void pop_front() noexcept {
    std::destroy_at(at(begin_));
    if (++begin_ == end_) begin_ = end_ = 0;
  }
  // Destroys the slices and keeps the room for others.
  void clear() noexcept {
    std::destroy(begin(), end());
    begin_ = end_ = 0;
  }

 private:
  static constexpr std::uint32_t inline_slices = 2;

  Slice* at(std::size_t index) noexcept { return heap_ != nullptr ? heap_ + index : in_place() + index; }
  const Slice* at(std::size_t index) const noexcept { return const_cast<SliceList*>(this)->at(index); }
  Slice* in_place() noexcept { return std::launder(reinterpret_cast<Slice*>(place_)); }

  // A slice holds no address of its own, so moving its bytes moves it.
  void take(SliceList& other) noexcept {
    std::memcpy(place_, other.place_, sizeof(place_));
    heap_ = std::exchange(other.heap_, nullptr);
    capacity_ = std::exchange(other.capacity_, inline_slices);
    begin_ = std::exchange(other.begin_, 0);
    end_ = std::exchange(other.end_, 0);
  }
  void drop() noexcept {
    if (begin_ != end_) clear();
    if (heap_ != nullptr) free_heap();
  }
  void reserve(std::size_t slices) {
    if (slices > capacity_) grow(static_cast<std::uint32_t>(slices));
  }
  // What has been taken off the front is room too, once it is as much as what is left.
  void make_room();
  void grow(std::uint32_t capacity);
  void free_heap() noexcept;

  Slice* heap_ = nullptr;  // null: the slices are in place_
  std::uint32_t capacity_ = inline_slices;
  std::uint32_t begin_ = 0;  // slices are [begin_, end_)
  std::uint32_t end_ = 0;
  alignas(Slice) unsigned char place_[inline_slices * sizeof(Slice)] = {};
};

}  // namespace koine::base
