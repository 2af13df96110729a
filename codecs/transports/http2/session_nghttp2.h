// nghttp2's own types as session.cc and session_callbacks.cc use them. Included by those two files only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <nghttp2/nghttp2.h>

#include "codecs/transports/http2/session.h"

namespace koine::codecs::transports::http2 {

// Opaque data of our PINGs: a sign of life, and the round trip between the two GOAWAYs.
inline constexpr std::array<std::uint8_t, 8> ping_life = {'k', 'o', 'i', 'n', 'e', 'p', 'n', 'g'};
inline constexpr std::array<std::uint8_t, 8> ping_goodbye = {'k', 'o', 'i', 'n', 'e', 'b', 'y', 'e'};

// A header list as nghttp2 wants it, for the length of one submit call (which copies the texts).
class NvList {
 public:
  explicit NvList(const HeaderList& fields);
  const nghttp2_nv* data() const { return many_.empty() ? few_.data() : many_.data(); }
  std::size_t size() const { return size_; }

 private:
  std::array<nghttp2_nv, 32> few_;
  std::vector<nghttp2_nv> many_;
  std::size_t size_;
};

// The provider that takes a stream's queue.
nghttp2_data_provider make_provider(Stream* stream);

}  // namespace koine::codecs::transports::http2
