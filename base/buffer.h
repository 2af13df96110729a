// Slice and Buffer: bytes as a chain of views into shared slabs.
//
// Moving bytes between a socket, a codec and another socket moves slices, not bytes; small appends are copied
// into the tail of the last slab. Value types of one thread (base/slab.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/slab.h"

namespace koine::base {

using Bytes = std::span<const std::uint8_t>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A view of bytes that keeps their slab alive.
class Slice {
 public:
  Slice() noexcept = default;
  Slice(SlabRef slab, const std::uint8_t* data, std::size_t size) noexcept
      : slab_(std::move(slab)), data_(data), size_(size) {}

  Bytes bytes() const noexcept { return {data_, size_}; }
  const std::uint8_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  // The part [from, from + count); both are cut to what is there.
  Slice part(std::size_t from, std::size_t count) const;

 private:
  friend class Buffer;
  SlabRef slab_;
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

class Buffer {
 public:
  // `pool` may be null (slabs come from the heap); it outlives the buffer.
  explicit Buffer(SlabPool* pool = nullptr) noexcept : pool_(pool) {}
  // Shares slabs, copies no bytes. The room behind the last byte stays the original's: two that appended
  // there would write over one another.
  Buffer(const Buffer& other)
      : pool_(other.pool_), slices_(other.slices_), head_(other.head_), size_(other.size_) {}
  Buffer& operator=(const Buffer& other);
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;
  ~Buffer() = default;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  void clear() noexcept;

  // Copies `bytes` to the end.
  void append(Bytes bytes);
  void append(std::string_view text) { append(as_bytes(text)); }
  // Puts a slice at the end without copying.
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
  Bytes front() const noexcept;
  // Copies up to out.size() bytes from offset `from`; returns how many.
  std::size_t copy_to(std::span<std::uint8_t> out, std::size_t from = 0) const noexcept;
  // All bytes as one contiguous slice: a reference when they already are, else one copy.
  Slice linearize() const;
  std::string to_string() const;

  // The pieces in order, for writev.
  std::span<const Slice> slices() const noexcept { return {slices_.data() + head_, slices_.size() - head_}; }
  SlabPool* pool() const noexcept { return pool_; }

 private:
  SlabPool* pool_;
  std::vector<Slice> slices_;
  std::size_t head_ = 0;  // slices_[0, head_) are spent
  std::size_t size_ = 0;
  SlabRef tail_;  // the slab that prepare() hands out room of
};

}  // namespace koine::base
