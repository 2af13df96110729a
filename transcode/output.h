// Output: a growing piece of bytes in a slab, handed on as a slice without copying.
//
// Messages are laid one after another into the same slab until it is full. A message may have *gaps*: bytes
// that were not copied because they lie in the input as they are. A gap takes its room here like everything
// else, so that positions and lengths are what they would be, but nobody writes there, and memory that nobody
// writes to costs nothing. One thread.
#pragma once

#include <array>
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

  // Of a message without gaps.
  base::Bytes bytes() const noexcept { return {begin_, size_}; }
  // What was written, as a slice that keeps its slab alive. The Output is empty afterwards and goes on in the
  // same slab when there is room.
  base::Slice take();
  // The same for a message with gaps, put behind `out`: they become references to `input`.
  void take(const base::Slice& input, base::Buffer& out);
  // Drops what was written and was not taken.
  void clear() noexcept { size_ = gap_count_ = 0; }
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
  // The bytes [at, at + size) of the message are those at `from`, and stay there; false when there are
  // gaps_max gaps already.
  bool leave_gap(std::size_t at, const std::uint8_t* from, std::size_t size) noexcept;
  // Moves `size` bytes of the message, and the gaps in them, to another place.
  void move(std::size_t from, std::size_t to, std::size_t size) noexcept;

 private:
  struct Gap {
    std::size_t at;
    std::size_t size;
    const std::uint8_t* from;
    std::size_t end() const noexcept { return at + size; }
  };
  static constexpr std::size_t gaps_max = 4;

  void use(base::SlabRef slab) noexcept;

  base::SlabPool* pool_;
  base::SlabRef slab_;
  std::uint8_t* begin_ = nullptr;
  std::uint8_t* limit_ = nullptr;
  std::size_t size_ = 0;
  std::array<Gap, gaps_max> gaps_;  // in order
  std::size_t gap_count_ = 0;
};

}  // namespace koine::transcode
