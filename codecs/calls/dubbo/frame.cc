// Frame headers, read and written.
#include "codecs/calls/dubbo/frame.h"

#include <array>

#include "codecs/wire.h"

namespace koine::codecs::calls::dubbo {
namespace {

constexpr std::uint8_t request_flag = 0x80;
constexpr std::uint8_t two_way_flag = 0x40;
constexpr std::uint8_t event_flag = 0x20;
constexpr std::uint8_t serialization_mask = 0x1f;

}  // namespace

FrameState peek(const base::Buffer& in, FrameHead& head) {
  std::array<std::uint8_t, header_bytes> copied;
  const std::uint8_t* raw = in.front().data();
  if (in.front().size() < header_bytes) {
    const std::size_t there = in.copy_to(copied);
    if (there > 0 && copied[0] != magic_first) return FrameState::malformed;
    if (there > 1 && copied[1] != magic_second) return FrameState::malformed;
    if (there < header_bytes) return FrameState::need_more;
    raw = copied.data();
  }
  if (raw[0] != magic_first || raw[1] != magic_second) return FrameState::malformed;
  const std::uint32_t length = load_be32(raw + 12);
  if (length > 0x7fffffff) return FrameState::malformed;
  head.is_request = (raw[2] & request_flag) != 0;
  head.is_two_way = (raw[2] & two_way_flag) != 0;
  head.is_event = (raw[2] & event_flag) != 0;
  head.serialization = raw[2] & serialization_mask;
  head.status = raw[3];
  head.id = load_be64(raw + 4);
  head.length = length;
  return FrameState::head;
}

void append_header(base::Buffer& out, const FrameHead& head) {
  std::array<std::uint8_t, header_bytes> raw;
  raw[0] = magic_first;
  raw[1] = magic_second;
  raw[2] = static_cast<std::uint8_t>(head.serialization & serialization_mask);
  if (head.is_request) raw[2] |= request_flag;
  if (head.is_two_way) raw[2] |= two_way_flag;
  if (head.is_event) raw[2] |= event_flag;
  raw[3] = head.status;
  store_be64(raw.data() + 4, head.id);
  store_be32(raw.data() + 12, static_cast<std::uint32_t>(head.length));
  out.append(raw);
}

}  // namespace koine::codecs::calls::dubbo
