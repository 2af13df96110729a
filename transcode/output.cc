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

void Output::release() noexcept {
  slab_.reset();
  begin_ = limit_ = nullptr;
  size_ = 0;
}

void Output::start(std::size_t room) {
  size_ = 0;
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
  std::memcpy(next->data(), begin_, used);
  use(std::move(next));
}

}  // namespace koine::transcode
