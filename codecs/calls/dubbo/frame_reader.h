// FrameReader: one connection's bytes into whole frames; the body of one that is too long is passed over
// without being held.
//
// Owned by a session, its thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.h"
#include "codecs/calls/dubbo/frame.h"

namespace koine::codecs::calls::dubbo {

class FrameReader {
 public:
  enum class State : std::uint8_t {
    need_more,
    frame,
    too_large,  // the header alone; once for each, what follows is passed over
    malformed,  // nothing that comes can be trusted any more
  };

  explicit FrameReader(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  // Takes the next frame off the front of `in`; `body` is replaced.
  State next(base::Buffer& in, FrameHead& head, base::Buffer& body);
  // How many frames were begun; of the last of them a part is waited for if unfinished().
  std::uint64_t frames() const { return frames_; }
  bool unfinished(const base::Buffer& in) const { return to_skip_ != 0 || !in.empty(); }

 private:
  const std::size_t body_bytes_max_;
  std::size_t to_skip_ = 0;
  std::uint64_t frames_ = 0;
};

}  // namespace koine::codecs::calls::dubbo
