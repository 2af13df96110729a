// Buffer: bytes as a chain of views (slices) into shared slabs.
//
// Moving bytes between a socket, a codec and another socket moves slices, not bytes; small appends are copied
// into the tail of the last slab. Value types of one thread (base/slab.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/slab.h"
#include "base/slice.h"
#include "base/slice_list.h"

namespace koine::base {

class Buffer {
 public:
  // `pool` may be null (slabs come from the heap); it outlives the buffer.
  explicit Buffer(SlabPool* pool = nullptr) noexcept : pool_(pool) {}
  // Shares slabs, copies no bytes. The room behind the last byte stays the original's: two that appended
  // there would write over one another.
  Buffer(const Buffer& other) : pool_(other.pool_), slices_(other.slices_), size_(other.size_) {}
  Buffer& operator=(const Buffer& other);
  Buffer(Buffer&& other) noexcept
      : pool_(other.pool_),
        slices_(std::move(other.slices_)),
        size_(std::exchange(other.size_, 0)),
        tail_(std::move(other.tail_)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    if (this == &other) return *this;
    pool_ = other.pool_;
    slices_ = std::move(other.slices_);
    size_ = std::exchange(other.size_, 0);
    tail_ = std::move(other.tail_);
    return *this;
  }
  ~Buffer() = default;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  void clear() noexcept {
    if (size_ != 0) slices_.clear();
    size_ = 0;
    tail_.reset();
  }

  // Copies `bytes` to the end.
  void append(Bytes bytes);
  void append(std::string_view text) { append(as_bytes(text)); }
  // Puts a slice at the end; a small one is copied when something was appended here before.
  void append(Slice slice);
  // Moves all of `other` to the end; `other` is empty afterwards.
  void append(Buffer&& other);

  // Room for at least `bytes` at the end, to be filled and then committed. Valid until the next non-const
  // call.
  std::span<std::uint8_t> prepare(std::size_t bytes);
  void commit(std::size_t bytes) noexcept;

  // Drops `bytes` from the front (at most size()).
  void consume(std::size_t bytes) noexcept;
  // Takes `bytes` (at most size()) off the front as a buffer of its own.
  Buffer take_front(std::size_t bytes);
  // The first contiguous piece; empty when the buffer is.
  Bytes front() const noexcept { return size_ == 0 ? Bytes() : slices_.front().bytes(); }
  // Copies up to out.size() bytes from offset `from`; returns how many.
  std::size_t copy_to(std::span<std::uint8_t> out, std::size_t from = 0) const noexcept;
  // All bytes as one contiguous slice: a reference when they already are, else one copy.
  Slice linearize() const;
  std::string to_string() const;

  // The pieces in order, for writev.
  std::span<const Slice> slices() const noexcept { return {slices_.begin(), slices_.size()}; }
  SlabPool* pool() const noexcept { return pool_; }

 private:
  SlabPool* pool_;
  SliceList slices_;
  std::size_t size_ = 0;
  SlabRef tail_;  // the slab that prepare() hands out room of
};

}  // namespace koine::base
