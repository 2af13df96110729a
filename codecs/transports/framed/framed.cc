// Frames: a length and what it counts.
#include "codecs/transports/framed/framed.h"

#include <array>

namespace koine::codecs::transports::framed {

FrameHead peek(const base::Buffer& in, std::size_t frame_bytes_max) {
  std::array<std::uint8_t, header_bytes> copied;
  const std::uint8_t* raw = in.front().data();
  if (in.front().size() < header_bytes) {
    if (in.copy_to(copied) < header_bytes) return {};
    raw = copied.data();
  }
  const std::uint32_t length = std::uint32_t{raw[0]} << 24 | std::uint32_t{raw[1]} << 16 |
                               std::uint32_t{raw[2]} << 8 | std::uint32_t{raw[3]};
  if (length == 0 || length > 0x7FFFFFFFu) return {FrameState::malformed, 0};
  if (length > frame_bytes_max) return {FrameState::too_large, length};
  return {in.size() - header_bytes < length ? FrameState::need_more : FrameState::complete, length};
}

base::Buffer take(base::Buffer& in, const FrameHead& head) {
  in.consume(header_bytes);
  return in.take_front(head.length);
}

std::uint8_t* write_header(std::uint8_t* at, std::size_t length) {
  for (int shift = 24; shift >= 0; shift -= 8) *at++ = static_cast<std::uint8_t>(length >> shift);
  return at;
}

}  // namespace koine::codecs::transports::framed
