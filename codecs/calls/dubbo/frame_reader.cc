// Whole frames off the front of a buffer.
#include "codecs/calls/dubbo/frame_reader.h"

#include <algorithm>

namespace koine::codecs::calls::dubbo {

FrameReader::State FrameReader::next(base::Buffer& in, FrameHead& head, base::Buffer& body) {
  const std::size_t skipped = std::min(to_skip_, in.size());
  in.consume(skipped);
  to_skip_ -= skipped;
  if (to_skip_ != 0 || in.empty()) return State::need_more;
  switch (peek(in, head)) {
    case FrameState::need_more: return State::need_more;
    case FrameState::malformed: return State::malformed;
    case FrameState::head: break;
  }
  if (head.length > body_bytes_max_) {
    in.consume(header_bytes);
    to_skip_ = head.length;
    ++frames_;
    return State::too_large;
  }
  if (in.size() - header_bytes < head.length) return State::need_more;
  in.consume(header_bytes);
  body = in.take_front(head.length);
  ++frames_;
  return State::frame;
}

}  // namespace koine::codecs::calls::dubbo
