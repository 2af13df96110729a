// RingQueue: a queue whose elements lie in one block, which is kept while the queue grows and shrinks.
//
// For short queues that are filled and emptied with every call, where std::deque would ask the heap each
// time: its blocks hold a single element once that is large. A block that has grown beyond kept_max elements
// goes when the queue is empty. Elements have to be default-constructible; one that has been taken off is
// made anew, so that it holds nothing. One thread.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace koine::base {

template <class T>
class RingQueue {
 public:
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  // The element behind `index` others; index < size().
  T& operator[](std::size_t index) noexcept { return ring_[(first_ + index) & (ring_.size() - 1)]; }
  const T& operator[](std::size_t index) const noexcept {
    return ring_[(first_ + index) & (ring_.size() - 1)];
  }
  T& front() noexcept { return ring_[first_]; }
  const T& front() const noexcept { return ring_[first_]; }

  // A T() at the end.
  T& emplace_back() {
    if (size_ == ring_.size()) grow();
    return (*this)[size_++];
  }
  void pop_front() {
    make_anew(ring_[first_]);
    first_ = (first_ + 1) & (ring_.size() - 1);
    // What one burst needed is not kept by everybody who ever had one.
    if (--size_ == 0 && ring_.size() > kept_max) release();
  }
  void pop_back() { make_anew((*this)[--size_]); }
  // Takes the element behind `index` others out: those before it move up, so that the first one costs least.
  void erase(std::size_t index) {
    for (; index > 0; --index) (*this)[index] = std::move((*this)[index - 1]);
    pop_front();
  }
  void clear() {
    while (!empty()) pop_front();
  }
  // Gives the block back; the queue is empty then.
  void release() {
    std::vector<T>().swap(ring_);
    first_ = size_ = 0;
  }

  // Elements that there is room for now.
  std::size_t capacity() const noexcept { return ring_.size(); }
  static constexpr std::size_t kept_max = 32;

 private:
  // What assigning T() does, without a T to assign.
  static void make_anew(T& element) noexcept {
    std::destroy_at(&element);
    std::construct_at(&element);
  }
  void grow() {
    std::vector<T> larger(ring_.empty() ? 2 : ring_.size() * 2);
    for (std::size_t i = 0; i < size_; ++i) larger[i] = std::move((*this)[i]);
    ring_.swap(larger);
    first_ = 0;
  }

  std::vector<T> ring_;  // its size is a power of two, or nothing
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace koine::base
