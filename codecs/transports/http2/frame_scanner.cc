// Walking over frames.
#include "codecs/transports/http2/frame_scanner.h"

#include <algorithm>
#include <cstring>

namespace koine::codecs::transports::http2 {
namespace {

// RFC 9113 §6.
constexpr std::uint8_t headers_kind = 0x1;
constexpr std::uint8_t push_promise_kind = 0x5;
constexpr std::uint8_t goaway_kind = 0x7;
constexpr std::uint8_t continuation_kind = 0x9;
constexpr std::uint8_t end_headers_flag = 0x4;
constexpr std::size_t goaway_bytes_min = 8;
constexpr std::array<std::uint8_t, 4> no_stream{};
// This much of a header block costs as much as a frame.
constexpr std::size_t block_bytes_per_share = 256;

}  // namespace

FrameScanner::Piece FrameScanner::next(base::Bytes bytes, std::int64_t& share) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t there = bytes.size() - at;
    if (id_left_ > 0) {
      if (at > 0) break;
      const std::size_t size = std::min(id_left_, there);
      id_left_ -= size;
      take_rest(size);
      return {size, base::Bytes(no_stream).first(size)};
    }
    if (left_ > 0) {
      const std::size_t size = std::min(left_, there);
      take_rest(size);
      at += size;
      continue;
    }
    if (head_size_ == 0 && share <= 0) break;
    if (in_block_ && (head_size_ > 0 || there < head_.size())) {
      if (at > 0) break;
      const std::size_t size = take_head(bytes, share);
      return {size, head_size_ > 0 ? base::Bytes() : base::Bytes(head_)};
    }
    at += take_head(bytes.subspan(at), share);
  }
  return {at, bytes.first(at)};
}

void FrameScanner::take_rest(std::size_t size) {
  left_ -= size;
  if (left_ == 0 && opening_ > 0) --opening_;
}

std::size_t FrameScanner::take_head(base::Bytes bytes, std::int64_t& share) {
  if (head_size_ == 0 && !in_block_ && opening_ == 0) ++unit_;
  const std::size_t size = std::min(head_.size() - head_size_, bytes.size());
  std::memcpy(head_.data() + head_size_, bytes.data(), size);
  head_size_ += size;
  if (head_size_ == head_.size()) begin_frame(share);
  return size;
}

void FrameScanner::begin_frame(std::int64_t& share) {
  head_size_ = 0;
  left_ = static_cast<std::size_t>(head_[0]) << 16 | static_cast<std::size_t>(head_[1]) << 8 | head_[2];
  const std::uint8_t kind = head_[3];
  share -= 1;
  if (kind == headers_kind || kind == continuation_kind || kind == push_promise_kind) {
    share -= static_cast<std::int64_t>(left_ / block_bytes_per_share);
    in_block_ = (head_[4] & end_headers_flag) == 0;
  }
  take_rest(0);
  if (server_ && kind == goaway_kind && left_ >= goaway_bytes_min) id_left_ = no_stream.size();
}

}  // namespace koine::codecs::transports::http2
