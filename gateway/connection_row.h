// ConnectionRow: an endpoint's connections in the order of their places, and which of them may have room.
//
// A place is kept until its connection is gone and then given to the next one. The first with room is found
// from a bit a place, so that a call does not ask every connection before it: where each carries one call at
// a time, all but a few are busy. A bit may be set in vain, never missing: whoever sees a connection get room
// sets it, and a search that finds it full clears it. One thread.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "gateway/ids.h"

namespace koine::gateway {

class ConnectionRow {
 public:
  // The place it has until it is removed.
  std::size_t add(Handle connection) {
    std::size_t place = 0;
    while (place < handles_.size() && handles_[place]) ++place;
    if (place == handles_.size()) handles_.emplace_back();
    handles_[place] = connection;
    if (rooms_.size() * word_bits < handles_.size()) rooms_.push_back(0);
    ++size_;
    return place;
  }
  void remove(std::size_t place) {
    handles_[place] = Handle();
    rooms_[place / word_bits] &= ~bit_of(place);
    --size_;
    while (!handles_.empty() && !handles_.back()) handles_.pop_back();
    rooms_.resize((handles_.size() + word_bits - 1) / word_bits);
  }
  bool empty() const noexcept { return size_ == 0; }
  void may_have_room(std::size_t place) { rooms_[place / word_bits] |= bit_of(place); }
  // The first, by place, that `has_room` (given a handle) says yes to; nobody's handle when none does.
  template <class HasRoom>
  Handle first(HasRoom&& has_room) {
    for (std::size_t i = 0; i < rooms_.size(); ++i) {
      while (rooms_[i] != 0) {
        const std::size_t place = i * word_bits + static_cast<std::size_t>(std::countr_zero(rooms_[i]));
        if (has_room(handles_[place])) return handles_[place];
        rooms_[i] &= ~bit_of(place);
      }
    }
    return {};
  }
  // By place; nobody's handle where a place is free.
  const std::vector<Handle>& handles() const noexcept { return handles_; }

 private:
  static constexpr std::size_t word_bits = 64;
  static std::uint64_t bit_of(std::size_t place) noexcept { return std::uint64_t{1} << (place % word_bits); }

  std::vector<Handle> handles_;
  std::vector<std::uint64_t> rooms_;
  std::size_t size_ = 0;
};

}  // namespace koine::gateway
