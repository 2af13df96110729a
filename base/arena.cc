// Arena blocks.
#include "base/arena.h"

#include <algorithm>
#include <cstdlib>

namespace koine::base {

Arena::~Arena() { release(); }

void Arena::use(const Block& block) noexcept {
  cursor_ = reinterpret_cast<std::uintptr_t>(block.data);
  end_ = cursor_ + block.bytes;
}

void* Arena::allocate_slow(std::size_t bytes, std::size_t align) {
  if (bytes > SIZE_MAX - align) std::abort();  // limits are enforced long before this
  const std::size_t needed = bytes + align;
  // Blocks kept by reset() come first, in order; one that is too small is passed over until the next reset.
  while (current_ + 1 < blocks_.size()) {
    ++current_;
    if (blocks_[current_].bytes < needed) continue;
    use(blocks_[current_]);
    return allocate(bytes, align);
  }
  const std::size_t doubled =
      blocks_.empty() ? block_bytes_ : std::min<std::size_t>(reserved_bytes_, 1u << 20);
  const std::size_t size = std::max({needed, block_bytes_, doubled});
  auto* data = static_cast<std::uint8_t*>(std::malloc(size));
  if (data == nullptr) std::abort();  // out of memory: limits are enforced long before this
  blocks_.push_back({data, size});
  reserved_bytes_ += size;
  current_ = blocks_.size() - 1;
  use(blocks_.back());
  return allocate(bytes, align);
}

void Arena::reset() noexcept {
  current_ = 0;
  if (!blocks_.empty()) use(blocks_.front());
}

void Arena::release() noexcept {
  for (const Block& block : blocks_) std::free(block.data);
  blocks_.clear();
  current_ = 0;
  cursor_ = end_ = 0;
  reserved_bytes_ = 0;
}

}  // namespace koine::base
