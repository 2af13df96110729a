// Slice chains.
#include "base/buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace koine::base {
namespace {

constexpr std::size_t copied_bytes_max = 512;

}  // namespace

Buffer& Buffer::operator=(const Buffer& other) {
  if (this != &other) *this = Buffer(other);
  return *this;
}

std::span<std::uint8_t> Buffer::prepare(std::size_t bytes) {
  if (!tail_ || tail_->capacity - tail_->used < bytes) tail_ = roomy_slab(pool_, bytes);
  return {tail_->data() + tail_->used, tail_->capacity - tail_->used};
}

void Buffer::commit(std::size_t bytes) noexcept {
  if (bytes == 0) return;
  const std::uint8_t* start = tail_->data() + tail_->used;
  tail_->used += bytes;
  size_ += bytes;
  if (!slices_.empty()) {
    Slice& last = slices_.back();
    if (last.slab_.get() == tail_.get() && last.data_ + last.size_ == start) {
      last.size_ += bytes;
      return;
    }
  }
  slices_.push_back(Slice(tail_, start, bytes));
}

void Buffer::append(Bytes bytes) {
  if (bytes.empty()) return;
  // Fill what is left of the tail first, so that many small appends share one slab.
  if (tail_ && tail_->used < tail_->capacity) {
    const std::size_t count = std::min(bytes.size(), tail_->capacity - tail_->used);
    std::memcpy(tail_->data() + tail_->used, bytes.data(), count);
    commit(count);
    bytes = bytes.subspan(count);
    if (bytes.empty()) return;
  }
  std::memcpy(prepare(bytes.size()).data(), bytes.data(), bytes.size());
  commit(bytes.size());
}

void Buffer::append(Slice slice) {
  if (slice.empty()) return;
  if (!slices_.empty()) {
    // What follows on in the same slab becomes one piece: bytes that arrive one by one cost no slice each.
    Slice& last = slices_.back();
    if (last.slab_.get() == slice.slab_.get() && last.data_ + last.size_ == slice.data_) {
      last.size_ += slice.size_;
      size_ += slice.size_;
      return;
    }
  }
  // A reference, a piece more for the kernel, and a slab that is kept alive cost more than these bytes do.
  if (slice.size() <= copied_bytes_max && tail_) return append(slice.bytes());
  size_ += slice.size();
  slices_.push_back(std::move(slice));
}

void Buffer::append(Buffer&& other) {
  if (empty() && pool_ == other.pool_) {
    *this = std::move(other);
    return;
  }
  for (Slice& slice : other.slices_) append(std::move(slice));
  other.clear();
}

void Buffer::consume(std::size_t bytes) noexcept {
  bytes = std::min(bytes, size_);
  size_ -= bytes;
  while (bytes > 0) {
    Slice& first = slices_.front();
    if (bytes < first.size_) {
      first.data_ += bytes;
      first.size_ -= bytes;
      return;
    }
    bytes -= first.size_;
    slices_.pop_front();
  }
}

Buffer Buffer::take_front(std::size_t bytes) {
  bytes = std::min(bytes, size_);
  Buffer out(pool_);
  out.size_ = bytes;
  size_ -= bytes;
  while (bytes > 0) {
    Slice& first = slices_.front();
    if (bytes < first.size_) {
      out.slices_.push_back(first.part(0, bytes));
      first.data_ += bytes;
      first.size_ -= bytes;
      break;
    }
    bytes -= first.size_;
    out.slices_.push_back(std::move(first));
    slices_.pop_front();
  }
  return out;
}

std::size_t Buffer::copy_to(std::span<std::uint8_t> out, std::size_t from) const noexcept {
  std::size_t done = 0;
  for (const Slice& slice : slices()) {
    if (from >= slice.size()) {
      from -= slice.size();
      continue;
    }
    const std::size_t count = std::min(slice.size() - from, out.size() - done);
    if (count == 0) break;
    std::memcpy(out.data() + done, slice.data() + from, count);
    done += count;
    from = 0;
  }
  return done;
}

Slice Buffer::linearize() const {
  if (size_ == 0) return {};
  if (slices_.size() == 1) return slices_.front();
  SlabRef slab = pool_ != nullptr ? pool_->take(size_) : make_slab(size_);
  copy_to({slab->data(), size_});
  slab->used = size_;
  const std::uint8_t* data = slab->data();
  return Slice(std::move(slab), data, size_);
}

std::string Buffer::to_string() const {
  std::string out;
  out.reserve(size_);
  for (const Slice& slice : slices()) out.append(as_text(slice.bytes()));
  return out;
}

}  // namespace koine::base
