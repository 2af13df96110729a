// Values of Hessian2 that nothing lies in, read where they stand into binary bytes: the forms that nearly all
// of them have. Every other form, and whatever is refused, is for HessianReader, which has the words for it.
// Internal to hessian_reader*.cc.
#pragma once

#include <bit>
#include <cstdint>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/wire.h"
#include "transcode/hessian_schema.h"

namespace koine::transcode {

// How much room there has to be at `out`.
inline constexpr std::size_t leaf_bytes_max = 4 + codecs::bodies::hessian2::short_text_max + 1;

// The value at `p`, which moves behind it as `out` does behind what was written; false: nothing was done.
[[gnu::always_inline]] inline bool take_leaf(HessianLeaf leaf, const std::uint8_t*& p,
                                             const std::uint8_t* end, std::uint8_t*& out) noexcept {
  namespace hessian2 = codecs::bodies::hessian2;
  if (p == end) [[unlikely]]
    return false;
  switch (leaf) {
    case HessianLeaf::none: return false;
    case HessianLeaf::text: {
      const std::size_t size = *p;
      if (size > hessian2::short_text_max || static_cast<std::size_t>(end - p) <= size) return false;
      if (!hessian2::copy_short_ascii(p + 1, size, end, out + 4)) return false;
      codecs::store_be32(out, static_cast<std::uint32_t>(size));
      p += 1 + size;
      out += 4 + size;
      return true;
    }
    case HessianLeaf::i32: {
      const hessian2::Number number = hessian2::read_integer(p, end);
      if (number.next == nullptr || number.value != static_cast<std::int32_t>(number.value)) return false;
      p = number.next;
      codecs::store_be32(out, static_cast<std::uint32_t>(number.value));
      out += 4;
      return true;
    }
    case HessianLeaf::i64: {
      const hessian2::Number number = hessian2::read_integer(p, end);
      if (number.next == nullptr) return false;
      p = number.next;
      codecs::store_be64(out, static_cast<std::uint64_t>(number.value));
      out += 8;
      return true;
    }
    case HessianLeaf::boolean:
      if (*p != hessian2::lead_true && *p != hessian2::lead_false) return false;
      *out++ = *p++ == hessian2::lead_true ? 1 : 0;
      return true;
    case HessianLeaf::f64: {
      const hessian2::Real real = hessian2::read_double(p, end);
      if (real.next == nullptr) return false;
      p = real.next;
      codecs::store_be64(out, std::bit_cast<std::uint64_t>(real.value));
      out += 8;
      return true;
    }
  }
  return false;
}

// The same the other way: the binary value at `p`, of which nothing has been looked at.
[[gnu::always_inline]] inline bool put_leaf(HessianLeaf leaf, const std::uint8_t*& p, const std::uint8_t* end,
                                            std::uint8_t*& out) noexcept {
  namespace hessian2 = codecs::bodies::hessian2;
  const auto left = static_cast<std::size_t>(end - p);
  switch (leaf) {
    case HessianLeaf::none: return false;
    case HessianLeaf::text: {
      if (left < 4) return false;
      const std::size_t size = codecs::load_be32(p);
      if (size > hessian2::short_text_max || left - 4 < size) return false;
      if (!hessian2::copy_short_ascii(p + 4, size, end, out + 1)) return false;
      *out = static_cast<std::uint8_t>(size);
      p += 4 + size;
      out += 1 + size;
      return true;
    }
    case HessianLeaf::i32:
      if (left < 4) return false;
      out = hessian2::write_int(out, static_cast<std::int32_t>(codecs::load_be32(p)));
      p += 4;
      return true;
    case HessianLeaf::i64:
      if (left < 8) return false;
      out = hessian2::write_long(out, static_cast<std::int64_t>(codecs::load_be64(p)));
      p += 8;
      return true;
    case HessianLeaf::boolean:
      if (left < 1) return false;
      out = hessian2::write_boolean(out, *p++ != 0);
      return true;
    case HessianLeaf::f64:
      if (left < 8) return false;
      out = hessian2::write_double(out, std::bit_cast<double>(codecs::load_be64(p)));
      p += 8;
      return true;
  }
  return false;
}

}  // namespace koine::transcode
