// FrameScanner: where the frames of a connection begin and end, kept beside the library, which does not say.
//
// Needed for four things: to stop between two frames when a turn's share of work is used up, to know that a
// part of a frame or of a header block has come and the rest has not, to keep a client's GOAWAY from being
// refused (RFC 9113 §6.8: its id names streams that the server opened, of which there are none; the library
// takes no other id than such a stream's or 0, while clients say 2^31-1, or their own last stream), and to
// hand on a CONTINUATION's head in one piece (the library's limit of CONTINUATIONs counts the pieces).
// One connection's input, in order; looks at heads only (§4.1: length 24, type 8, flags 8, stream 32).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/buffer.h"
#include "codecs/transports/http2/types.h"

namespace koine::codecs::transports::http2 {

class FrameScanner {
 public:
  struct Piece {
    std::size_t size = 0;  // of the input
    base::Bytes bytes;     // what is to be handed on for it; other bytes live until the next call
  };

  // `server`: the input begins with the client's preface.
  explicit FrameScanner(bool server)
      : server_(server), opening_(server ? 2 : 0), left_(server ? client_preface.size() : 0) {}

  // The front of `bytes`: up to their end, to what is handed on in other bytes, or to the frame that `share`
  // has no more room for. A frame costs 1, a part of a header block more with its size; the last one that
  // fits may overdraw.
  Piece next(base::Bytes bytes, std::int64_t& share);

  // The number of the frame, or of the first frame of a header block, of which a part has come and the rest
  // has not; 0 between them. A client's preface and the SETTINGS behind it are one (§3.4).
  std::uint64_t unfinished() const {
    return opening_ > 0 || head_size_ > 0 || left_ > 0 || in_block_ ? unit_ : 0;
  }

 private:
  void begin_frame(std::int64_t& share);
  // The head's bytes in `bytes`, all of them or the first.
  std::size_t take_head(base::Bytes bytes, std::int64_t& share);
  // Takes `size` bytes of the payload, or of the preface, off.
  void take_rest(std::size_t size);

  bool server_;
  int opening_;            // what of preface and SETTINGS has not come whole
  bool in_block_ = false;  // HEADERS or CONTINUATION without END_HEADERS
  std::array<std::uint8_t, 9> head_{};
  std::size_t head_size_ = 0;
  std::size_t left_;         // of the payload, or of the preface
  std::size_t id_left_ = 0;  // of a GOAWAY's id
  std::uint64_t unit_ = 1;   // what is counted as one: a header block is
};

}  // namespace koine::codecs::transports::http2
