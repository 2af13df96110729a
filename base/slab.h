// Slabs: reference-counted blocks of raw bytes, and the pool that a worker takes them from.
//
// A slab is filled from front to back: [0, used) has been handed out and never changes again, so any number
// of slices may share it; [used, capacity) belongs to whoever appends last. Counts are not atomic: a slab,
// its slices and its pool stay on one thread (or are handed over whole, with nobody left behind).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace koine::base {

class SlabPool;

struct Slab {
  SlabPool* pool;  // null: freed to the heap
  std::uint32_t references;
  std::uint32_t size_class;
  std::size_t capacity;
  std::size_t used;

  std::uint8_t* data() noexcept { return reinterpret_cast<std::uint8_t*>(this + 1); }
  const std::uint8_t* data() const noexcept { return reinterpret_cast<const std::uint8_t*>(this + 1); }
};

// A counted reference to a slab.
class SlabRef {
 public:
  SlabRef() noexcept = default;
  explicit SlabRef(Slab* adopted) noexcept : slab_(adopted) {}  // takes over one reference
  SlabRef(const SlabRef& other) noexcept : slab_(other.slab_) {
    if (slab_ != nullptr) ++slab_->references;
  }
  SlabRef(SlabRef&& other) noexcept : slab_(other.slab_) { other.slab_ = nullptr; }
  SlabRef& operator=(SlabRef other) noexcept {
    Slab* mine = slab_;
    slab_ = other.slab_;
    other.slab_ = mine;
    return *this;
  }
  ~SlabRef() { reset(); }

  void reset() noexcept {
    Slab* slab = slab_;
    slab_ = nullptr;
    if (slab != nullptr && --slab->references == 0) release(slab);
  }
  Slab* get() const noexcept { return slab_; }
  Slab* operator->() const noexcept { return slab_; }
  explicit operator bool() const noexcept { return slab_ != nullptr; }

 private:
  // The last reference is gone.
  static void release(Slab* slab) noexcept;

  Slab* slab_ = nullptr;
};

// Keeps released slabs for reuse, in power-of-two classes, so that a warm worker asks the heap for nothing.
// Outlives every slab it gave out. One thread.
class SlabPool {
 public:
  static constexpr std::size_t smallest_bytes = 4096;
  static constexpr std::size_t classes = 12;  // 4 KiB … 8 MiB; larger ones come from and go to the heap
  // `kept_bytes_max`: what may lie idle in the pool.
  explicit SlabPool(std::size_t kept_bytes_max = 8u << 20) noexcept : kept_bytes_max_(kept_bytes_max) {}
  SlabPool(const SlabPool&) = delete;
  SlabPool& operator=(const SlabPool&) = delete;
  ~SlabPool() { trim(); }

  // A slab with at least `bytes` of room and one reference. Never null (the process ends when memory does).
  SlabRef take(std::size_t bytes);
  // Gives every idle slab back to the heap.
  void trim() noexcept;
  // Bytes in slabs now in use, and bytes lying idle.
  std::size_t used_bytes() const noexcept { return used_bytes_; }
  std::size_t kept_bytes() const noexcept { return kept_bytes_; }

 private:
  friend class SlabRef;
  void give_back(Slab* slab) noexcept;

  std::array<Slab*, classes> idle_{};  // single-linked through `pool`
  std::size_t kept_bytes_max_;
  std::size_t kept_bytes_ = 0;
  std::size_t used_bytes_ = 0;
};

// A slab straight from the heap, for code without a worker (tests, tools).
SlabRef make_slab(std::size_t bytes);

// A slab with at least `bytes` of room, and some more for what is appended behind it: 16 KiB from a pool,
// which may be null, 1 KiB from the heap. There nothing is used again: tests and fuzzing fill thousands with
// a few bytes each, and in small slabs more of what they look for lies on the border of two, or beyond the
// end.
SlabRef roomy_slab(SlabPool* pool, std::size_t bytes);

}  // namespace koine::base
