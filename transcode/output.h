// Output: a contiguous, growing piece of bytes in a slab, handed on as a slice without copying.
//
// Messages are laid one after another into the same slab until it is full. One thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.h"
#include "base/slab.h"

namespace koine::transcode {

class Output {
 public:
  // `pool` may be null (slabs come from the heap); it outlives the Output.
  explicit Output(base::SlabPool* pool) noexcept : pool_(pool) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  base::Bytes bytes() const noexcept { return {begin_, size_}; }
  // What was written, as a slice that keeps its slab alive. The Output is empty afterwards and goes on in the
  // same slab when there is room.
  base::Slice take();
  // Drops what was written and was not taken.
  void clear() noexcept { size_ = 0; }
  // Gives the slab back to the pool; what was not taken is lost.
  void release() noexcept;

  // ---- for executors: writing through a raw pointer

  // Starts a message: drops what was not taken, and makes room for `room` bytes at begin().
  void start(std::size_t room);
  std::uint8_t* begin() const noexcept { return begin_; }
  std::uint8_t* limit() const noexcept { return limit_; }
  // Moves the message so that `room` more bytes fit behind its first `used` ones; begin() and limit() change.
  void grow(std::size_t used, std::size_t room);
  void finish(std::size_t size) noexcept { size_ = size; }

 private:
  void use(base::SlabRef slab) noexcept;

  base::SlabPool* pool_;
  base::SlabRef slab_;
  std::uint8_t* begin_ = nullptr;
  std::uint8_t* limit_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace koine::transcode
