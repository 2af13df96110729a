// Slabs and their pool.
#include "base/slab.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace koine::base {
namespace {

Slab* allocate(std::size_t capacity, SlabPool* pool, std::uint32_t size_class) {
  void* memory = std::malloc(sizeof(Slab) + capacity);
  if (memory == nullptr) std::abort();  // out of memory: limits are enforced long before this
  return new (memory) Slab{pool, 1, size_class, capacity, 0};
}

}  // namespace

void SlabRef::release(Slab* slab) noexcept {
  if (slab->pool != nullptr) {
    slab->pool->give_back(slab);
  } else {
    std::free(slab);
  }
}

SlabRef SlabPool::take(std::size_t bytes) {
  std::uint32_t size_class = 0;
  std::size_t capacity = smallest_bytes;
  while (capacity < bytes && size_class + 1 < classes) {
    capacity <<= 1;
    ++size_class;
  }
  if (capacity < bytes) {  // beyond the largest class
    size_class = classes;
    capacity = bytes;
  }
  used_bytes_ += capacity;
  if (size_class < classes && idle_[size_class] != nullptr) {
    Slab* slab = idle_[size_class];
    idle_[size_class] = reinterpret_cast<Slab*>(slab->pool);
    kept_bytes_ -= capacity;
    *slab = Slab{this, 1, size_class, capacity, 0};
    return SlabRef(slab);
  }
  return SlabRef(allocate(capacity, this, size_class));
}

void SlabPool::give_back(Slab* slab) noexcept {
  used_bytes_ -= slab->capacity;
  if (slab->size_class >= classes || kept_bytes_ + slab->capacity > kept_bytes_max_) {
    std::free(slab);
    return;
  }
  kept_bytes_ += slab->capacity;
  slab->pool = reinterpret_cast<SlabPool*>(idle_[slab->size_class]);
  idle_[slab->size_class] = slab;
}

void SlabPool::trim() noexcept {
  for (Slab*& head : idle_) {
    while (head != nullptr) {
      Slab* next = reinterpret_cast<Slab*>(head->pool);
      std::free(head);
      head = next;
    }
  }
  kept_bytes_ = 0;
}

SlabRef make_slab(std::size_t bytes) { return SlabRef(allocate(bytes, nullptr, 0)); }

SlabRef roomy_slab(SlabPool* pool, std::size_t bytes) {
  constexpr std::size_t pooled_bytes = 16384;
  constexpr std::size_t heap_bytes = 1024;
  return pool != nullptr ? pool->take(std::max(bytes, pooled_bytes)) : make_slab(std::max(bytes, heap_bytes));
}

}  // namespace koine::base
