// Storage: what a program is made of, in as few bytes as there are: small pieces share blocks, large ones
// have one to themselves. Everything goes at once, with the program. Filled by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <type_traits>

namespace koine::transcode {

class Storage {
 public:
  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage();

  // `count` value-initialised objects; their addresses stay valid.
  template <class T>
  T* make_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= alignof(Block));
    if (count > SIZE_MAX / 2 / sizeof(T)) std::abort();  // limits are enforced long before this
    T* first = static_cast<T*>(allocate(sizeof(T) * count));
    for (std::size_t i = 0; i < count; ++i) new (first + i) T();
    return first;
  }

 private:
  struct Block {
    Block* next;
  };
  static constexpr std::size_t shared_bytes = 480;
  static constexpr std::size_t small_bytes_max = 96;

  void* allocate(std::size_t bytes);
  std::uint8_t* new_block(std::size_t bytes);

  Block* blocks_ = nullptr;
  std::uint8_t* at_ = nullptr;
  std::size_t left_ = 0;  // behind at_
};

}  // namespace koine::transcode
