// Blocks in a chain.
#include "transcode/storage.h"

namespace koine::transcode {

Storage::~Storage() {
  while (blocks_ != nullptr) {
    Block* const next = blocks_->next;
    std::free(blocks_);
    blocks_ = next;
  }
}

std::uint8_t* Storage::new_block(std::size_t bytes) {
  void* const memory = std::malloc(sizeof(Block) + bytes);
  if (memory == nullptr) std::abort();  // out of memory: limits are enforced long before this
  blocks_ = new (memory) Block{blocks_};
  return static_cast<std::uint8_t*>(memory) + sizeof(Block);
}

void* Storage::allocate(std::size_t bytes) {
  const std::size_t rounded = (bytes + alignof(Block) - 1) & ~(alignof(Block) - 1);
  if (rounded > small_bytes_max) return new_block(rounded);
  if (rounded > left_) {
    at_ = new_block(shared_bytes);
    left_ = shared_bytes;
  }
  std::uint8_t* const place = at_;
  at_ += rounded;
  left_ -= rounded;
  return place;
}

}  // namespace koine::transcode
