// The yardstick: one pass over the order message written by hand, as one would for this message alone, with
// the same checks that a plan makes: bounds, wire types, UTF-8, fields and keys that come twice, fields that
// are missing. What needs more than one pass it gives up on.
//
// The two directions are hand_to_protobuf.h and hand_from_protobuf.h; how Thrift's two protocols write a
// number or a header, hand.cc and hand_binary.cc (in namespaces without a name, so that a compiler makes one
// function of each pass). Here is what they share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "codecs/utf8.h"
#include "codecs/wire.h"

namespace koine::bench {

// Room for whatever a message of this size can become.
inline std::uint8_t* make_room(std::string& out, const std::string& in) {
  if (out.size() < in.size() * 16 + 64) out.resize(in.size() * 16 + 64);
  return reinterpret_cast<std::uint8_t*>(out.data());
}

// Is it the first field with this id?
inline bool is_new(unsigned& seen, unsigned id) {
  const unsigned bit = 1u << (id & 31);
  const bool fresh = (seen & bit) == 0;
  seen |= bit;
  return fresh;
}

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
