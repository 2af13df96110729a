// Slice chains.
#include "base/buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace koine::base {
namespace {

constexpr std::size_t default_slab_bytes = 16384;

}  // namespace

Slice Slice::part(std::size_t from, std::size_t count) const {
  from = std::min(from, size_);
  return Slice(slab_, data_ + from, std::min(count, size_ - from));
}

Buffer& Buffer::operator=(const Buffer& other) {
  if (this != &other) *this = Buffer(other);
  return *this;
}

Buffer::Buffer(Buffer&& other) noexcept
    : pool_(other.pool_),
      slices_(std::move(other.slices_)),
      head_(std::exchange(other.head_, 0)),
      size_(std::exchange(other.size_, 0)),
      tail_(std::move(other.tail_)) {
  other.slices_.clear();
}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  if (this == &other) return *this;
  pool_ = other.pool_;
  slices_ = std::move(other.slices_);
  other.slices_.clear();
  head_ = std::exchange(other.head_, 0);
  size_ = std::exchange(other.size_, 0);
  tail_ = std::move(other.tail_);
  return *this;
}

void Buffer::clear() noexcept {
  slices_.clear();
  head_ = 0;
  size_ = 0;
  tail_.reset();
}

std::span<std::uint8_t> Buffer::prepare(std::size_t bytes) {
  if (!tail_ || tail_->capacity - tail_->used < bytes) {
    const std::size_t wanted = std::max(bytes, default_slab_bytes);
    tail_ = pool_ != nullptr ? pool_->take(wanted) : make_slab(wanted);
  }
  return {tail_->data() + tail_->used, tail_->capacity - tail_->used};
}

void Buffer::commit(std::size_t bytes) noexcept {
  if (bytes == 0) return;
  const std::uint8_t* start = tail_->data() + tail_->used;
  tail_->used += bytes;
  size_ += bytes;
  if (slices_.size() > head_) {
    Slice& last = slices_.back();
    if (last.slab_.get() == tail_.get() && last.data_ + last.size_ == start) {
      last.size_ += bytes;
      return;
    }
  }
  slices_.emplace_back(tail_, start, bytes);
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
  size_ += slice.size();
  if (slices_.size() > head_) {
    // What follows on in the same slab becomes one piece: bytes that arrive one by one cost no slice each.
    Slice& last = slices_.back();
    if (last.slab_.get() == slice.slab_.get() && last.data_ + last.size_ == slice.data_) {
      last.size_ += slice.size_;
      return;
    }
  }
  slices_.push_back(std::move(slice));
}

void Buffer::append(Buffer&& other) {
  if (empty() && pool_ == other.pool_) {
    *this = std::move(other);
    return;
  }
  for (std::size_t i = other.head_; i < other.slices_.size(); ++i) append(std::move(other.slices_[i]));
  other.clear();
}

void Buffer::consume(std::size_t bytes) noexcept {
  bytes = std::min(bytes, size_);
  size_ -= bytes;
  while (bytes > 0) {
    Slice& first = slices_[head_];
    if (bytes < first.size_) {
      first.data_ += bytes;
      first.size_ -= bytes;
      return;
    }
    bytes -= first.size_;
    first = Slice();
    ++head_;
  }
  if (size_ == 0) {
    slices_.clear();
    head_ = 0;
  } else if (head_ > 32 && head_ * 2 > slices_.size()) {
    slices_.erase(slices_.begin(), slices_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

Buffer Buffer::take_front(std::size_t bytes) {
  bytes = std::min(bytes, size_);
  Buffer out(pool_);
  std::size_t left = bytes;
  for (std::size_t i = head_; left > 0; ++i) {
    Slice piece = slices_[i].part(0, left);
    left -= piece.size();
    out.append(std::move(piece));
  }
  consume(bytes);
  return out;
}

Bytes Buffer::front() const noexcept { return size_ == 0 ? Bytes() : slices_[head_].bytes(); }

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
  if (slices_.size() - head_ == 1) return slices_[head_];
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
