// What the passes written by hand share: text with its check, and keys that must not repeat.
#pragma once

#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "codecs/utf8.h"
#include "codecs/wire.h"

namespace koine::bench {

// Copies text of `size` bytes, which are there; false when it is not UTF-8. `input_end`: up to where bytes
// may be read, whatever they mean.
inline bool put_content(std::uint8_t* out, const std::uint8_t* text, std::size_t size,
                        const std::uint8_t* input_end) {
#if defined(__SSE2__)
  if (size <= 16 && input_end - text >= 16) {
    const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), chunk);
    const auto high = static_cast<std::uint32_t>(_mm_movemask_epi8(chunk));
    if ((high & ((1u << size) - 1)) == 0) return true;
  }
#endif
  std::memcpy(out, text, size);
  return codecs::is_utf8(text, size);
}

// The same with its length in front on both sides, as varints; null when it is cut off or no text.
inline std::uint8_t* put_text(std::uint8_t* out, const std::uint8_t*& in, const std::uint8_t* end,
                              const std::uint8_t* input_end) {
  const codecs::Varint size = codecs::read_varint(in, end);
  if (size.next == nullptr || size.value > static_cast<std::size_t>(end - size.next)) return nullptr;
  out = codecs::write_varint(out, size.value);
  if (!put_content(out, size.next, size.value, input_end)) return nullptr;
  in = size.next + size.value;
  return out + size.value;
}

// The keys of the map at hand; a map of more than these is not in the corpus.
class Keys {
 public:
  // False when the key was there before.
  bool add(const std::uint8_t* key, std::size_t size) {
    if (count_ == max) return false;
    const std::string_view added(reinterpret_cast<const char*>(key), size);
    for (std::size_t i = 0; i < count_; ++i) {
      if (keys_[i] == added) return false;
    }
    keys_[count_++] = added;
    return true;
  }

 private:
  static constexpr std::size_t max = 8;
  std::string_view keys_[max];
  std::size_t count_ = 0;
};

// Of protobuf's repeated field behind whose first tag `p` is: how many there are in a row; 0 when one is cut
// off.
inline std::size_t count_run(const std::uint8_t* p, const std::uint8_t* end, std::uint8_t tag) {
  for (std::size_t count = 1;; ++count) {
    const codecs::Varint size = codecs::read_varint(p, end);
    if (size.next == nullptr || size.value > static_cast<std::size_t>(end - size.next)) return 0;
    p = size.next + size.value;
    if (p == end || *p != tag) return count;
    ++p;
  }
}

}  // namespace koine::bench
