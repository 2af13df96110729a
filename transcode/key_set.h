// KeySet: has this key of a map been there already? One table of a hash and a place for each key, probed one
// slot after the other, at most half full; up to 32 keys without an allocation. Keyed hashing: the keys are a
// peer's. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/arena.h"
#include "base/hash.h"

namespace koine::transcode {

class KeySet {
 public:
  // Larger tables are the arena's, and live as long as what was allocated there before the KeySet.
  KeySet(base::Arena& arena, std::uint64_t seed) noexcept : arena_(arena), seed_(seed) {
#if defined(__SSE2__)
    // (Written out: the compiler's own way to clear so much starts slowly.)
    for (Slot* slot = first_.data(); slot != first_.data() + first_.size(); slot += 2) {
      _mm_store_si128(reinterpret_cast<__m128i*>(slot), _mm_setzero_si128());
    }
#else
    first_.fill({});
#endif
  }
  KeySet(const KeySet&) = delete;
  KeySet& operator=(const KeySet&) = delete;

  // The key is `size` bytes, `at` behind `base`, which may move from call to call with all that lies behind
  // it. Keys are written so that none begins with another one. False when it is there already.
  bool add(const std::uint8_t* base, std::size_t at, std::size_t size) {
    if (count_ * 2 == capacity_) [[unlikely]]
      grow();
    const auto hash = static_cast<std::uint32_t>(base::hash_short(base + at, size, seed_));
    Slot* const slot = find(hash, [&](const Slot& other) {
      return other.hash == hash && std::memcmp(base + (other.place - 1), base + at, size) == 0;
    });
    if (slot->place != 0) return false;
    *slot = {hash, static_cast<std::uint32_t>(at + 1)};
    ++count_;
    return true;
  }

 private:
  struct Slot {
    std::uint32_t hash;
    std::uint32_t place;  // behind the base, + 1; 0: free
  };

  // The slot of a key with that hash that is the `same`, else the free one where it belongs.
  template <class Same>
  Slot* find(std::uint32_t hash, const Same& same) const noexcept {
    std::size_t at = hash & (capacity_ - 1);
    while (slots_[at].place != 0 && !same(slots_[at])) at = (at + 1) & (capacity_ - 1);
    return slots_ + at;
  }

  [[gnu::noinline]] void grow() {
    Slot* const old = slots_;
    const std::size_t old_capacity = capacity_;
    capacity_ *= 4;
    slots_ = arena_.make_array<Slot>(capacity_);
    for (std::size_t i = 0; i < old_capacity; ++i) {
      if (old[i].place != 0) *find(old[i].hash, [](const Slot& /*other*/) { return false; }) = old[i];
    }
  }

  base::Arena& arena_;
  std::uint64_t seed_;
  alignas(16) std::array<Slot, 64> first_;
  Slot* slots_ = first_.data();
  std::size_t capacity_ = first_.size();  // a power of two
  std::size_t count_ = 0;
};

}  // namespace koine::transcode
