// Slices beyond those that a list has inside itself.
#include "base/slice_list.h"

#include <algorithm>
#include <memory>

namespace koine::base {

void SliceList::make_room() {
  const std::uint32_t count = end_ - begin_;
  if (begin_ < count || begin_ == 0) return grow(std::max<std::uint32_t>(count * 2, 8));
  Slice* const first = at(0);
  for (std::uint32_t i = 0; i < count; ++i) {
    new (first + i) Slice(std::move(first[begin_ + i]));
    std::destroy_at(first + begin_ + i);
  }
  begin_ = 0;
  end_ = count;
}

void SliceList::grow(std::uint32_t capacity) {
  Slice* const more = std::allocator<Slice>().allocate(capacity);
  std::uninitialized_move(begin(), end(), more);
  const std::uint32_t count = end_ - begin_;
  drop();
  heap_ = more;
  capacity_ = capacity;
  begin_ = 0;
  end_ = count;
}

void SliceList::free_heap() noexcept {
  std::allocator<Slice>().deallocate(heap_, capacity_);
  heap_ = nullptr;
  capacity_ = inline_slices;
}

}  // namespace koine::base
