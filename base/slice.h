// Slice: a view of bytes that keeps their slab alive. A value type of one thread (base/slab.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "base/slab.h"

namespace koine::base {

using Bytes = std::span<const std::uint8_t>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class Slice {
 public:
  Slice() noexcept = default;
  Slice(SlabRef slab, const std::uint8_t* data, std::size_t size) noexcept
      : slab_(std::move(slab)), data_(data), size_(size) {}

  Bytes bytes() const noexcept { return {data_, size_}; }
  const std::uint8_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  // The part [from, from + count); both are cut to what is there.
  Slice part(std::size_t from, std::size_t count) const {
    from = std::min(from, size_);
    return Slice(slab_, data_ + from, std::min(count, size_ - from));
  }

 private:
  friend class Buffer;
  SlabRef slab_;
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace koine::base
