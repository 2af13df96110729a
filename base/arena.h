// Arena: bump allocation for what lives as long as one call. reset() keeps the memory, so a warm arena asks
// the heap for nothing. Destructors are not run: trivially destructible things only. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <type_traits>
#include <vector>

namespace koine::base {

class Arena {
 public:
  explicit Arena(std::size_t block_bytes = 4096) noexcept : block_bytes_(block_bytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  void* allocate(std::size_t bytes, std::size_t align = alignof(std::max_align_t)) {
    const std::uintptr_t at = (cursor_ + (align - 1)) & ~(static_cast<std::uintptr_t>(align) - 1);
    if (at >= cursor_ && at <= end_ && bytes <= end_ - at) {
      cursor_ = at + bytes;
      return reinterpret_cast<void*>(at);
    }
    return allocate_slow(bytes, align);
  }
  // `count` value-initialised objects.
  template <class T>
  T* make_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count > SIZE_MAX / sizeof(T)) std::abort();  // limits are enforced long before this
    T* first = static_cast<T*>(allocate(sizeof(T) * count, alignof(T)));
    for (std::size_t i = 0; i < count; ++i) new (first + i) T();
    return first;
  }
  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* data = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(data, text.data(), text.size());
    return {data, text.size()};
  }

  // A place to go back to: rewind() forgets what was allocated since mark() and keeps the blocks. In the
  // order of a stack, and not beyond a reset().
  struct Mark {
    std::uintptr_t cursor;
    std::uintptr_t end;
    std::size_t current;
  };
  Mark mark() const noexcept { return {cursor_, end_, current_}; }
  void rewind(const Mark& mark) noexcept {
    if (mark.cursor == 0) return reset();  // there was no block yet
    cursor_ = mark.cursor;
    end_ = mark.end;
    current_ = mark.current;
  }

  // Forgets everything allocated and keeps the blocks for the next use (release() gives them back).
  void reset() noexcept;
  // Gives all memory back.
  void release() noexcept;
  std::size_t reserved_bytes() const noexcept { return reserved_bytes_; }

 private:
  struct Block {
    std::uint8_t* data;
    std::size_t bytes;
  };
  void* allocate_slow(std::size_t bytes, std::size_t align);
  void use(const Block& block) noexcept;

  std::size_t block_bytes_;
  std::uintptr_t cursor_ = 0;
  std::uintptr_t end_ = 0;
  std::vector<Block> blocks_;
  std::size_t current_ = 0;  // blocks_[current_] is being filled
  std::size_t reserved_bytes_ = 0;
};

// Gives back at its end what was allocated while it lived.
class ArenaScope {
 public:
  explicit ArenaScope(Arena& arena) noexcept : arena_(arena), mark_(arena.mark()) {}
  ArenaScope(const ArenaScope&) = delete;
  ArenaScope& operator=(const ArenaScope&) = delete;
  ~ArenaScope() { arena_.rewind(mark_); }

 private:
  Arena& arena_;
  const Arena::Mark mark_;
};

}  // namespace koine::base
