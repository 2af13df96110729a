// Output: slabs underneath.
#include "transcode/output.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace koine::transcode {
namespace {

// One slab takes this much, so that dozens of small messages share it.
constexpr std::size_t slab_bytes = 16384;

}  // namespace

void Output::use(base::SlabRef slab) noexcept {
  slab_ = std::move(slab);
  begin_ = slab_->data() + slab_->used;
  limit_ = slab_->data() + slab_->capacity;
}

base::Slice Output::take() {
  if (size_ == 0) return {};
  slab_->used += size_;
  base::Slice slice(slab_, begin_, size_);
  begin_ += size_;
  size_ = 0;
  return slice;
}

void Output::take(const base::Slice& input, base::Buffer& out) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < gap_count_; ++i) {
    const Gap& gap = gaps_[i];
    out.append(base::Slice(slab_, begin_ + at, gap.at - at));
    out.append(input.part(static_cast<std::size_t>(gap.from - input.data()), gap.size));
    at = gap.end();
  }
  gap_count_ = 0;
  const base::Slice whole = take();
  out.append(whole.part(at, whole.size() - at));
}

bool Output::leave_gap(std::size_t at, const std::uint8_t* from, std::size_t size) noexcept {
  if (gap_count_ == gaps_max) return false;
  gaps_[gap_count_++] = {at, size, from};
  return true;
}

void Output::move(std::size_t from, std::size_t to, std::size_t size) noexcept {
  // Piece by piece, those first whose place nobody needs any more.
  std::size_t end = from + size;
  if (to > from) {
    for (std::size_t i = gap_count_; i > 0 && gaps_[i - 1].at >= from; --i) {
      Gap& gap = gaps_[i - 1];
      std::memmove(begin_ + gap.end() + (to - from), begin_ + gap.end(), end - gap.end());
      end = gap.at;
      gap.at += to - from;
    }
    std::memmove(begin_ + to, begin_ + from, end - from);
    return;
  }
  std::size_t at = from;
  for (std::size_t i = 0; i < gap_count_; ++i) {
    Gap& gap = gaps_[i];
    if (gap.at < from) continue;
    std::memmove(begin_ + at - (from - to), begin_ + at, gap.at - at);
    at = gap.end();
    gap.at -= from - to;
  }
  std::memmove(begin_ + at - (from - to), begin_ + at, end - at);
}

void Output::release() noexcept {
  slab_.reset();
  begin_ = limit_ = nullptr;
  clear();
}

void Output::start(std::size_t room) {
  clear();
  if (slab_ && slab_->references == 1) {  // everything that was taken is gone again
    slab_->used = 0;
    begin_ = slab_->data();
  }
  if (slab_ && static_cast<std::size_t>(limit_ - begin_) >= room) return;
  const std::size_t wanted = std::max(room, slab_bytes);
  slab_.reset();
  use(pool_ != nullptr ? pool_->take(wanted) : base::make_slab(wanted));
}

void Output::grow(std::size_t used, std::size_t room) {
  const std::size_t capacity = static_cast<std::size_t>(limit_ - begin_);
  const std::size_t wanted = std::max({used + room, capacity * 2, slab_bytes});
  base::SlabRef next = pool_ != nullptr ? pool_->take(wanted) : base::make_slab(wanted);
  std::size_t at = 0;
  for (std::size_t i = 0; i < gap_count_; ++i) {
    std::memcpy(next->data() + at, begin_ + at, gaps_[i].at - at);
    at = gaps_[i].end();
  }
  std::memcpy(next->data() + at, begin_ + at, used - at);
  use(std::move(next));
}

}  // namespace koine::transcode
