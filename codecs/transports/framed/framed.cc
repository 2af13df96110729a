// Frames: a length and what it counts.
#include "codecs/transports/framed/framed.h"

#include <array>

namespace koine::codecs::transports::framed {

FrameHead peek(const base::Buffer& in, std::size_t frame_bytes_max) {
  std::array<std::uint8_t, header_bytes> raw;
  if (in.copy_to(raw) < header_bytes) return {};
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

void append_header(base::Buffer& out, std::size_t length) {
  const std::array<std::uint8_t, header_bytes> raw = {
      static_cast<std::uint8_t>(length >> 24), static_cast<std::uint8_t>(length >> 16),
      static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
  out.append(base::Bytes(raw));
}

}  // namespace koine::codecs::transports::framed
