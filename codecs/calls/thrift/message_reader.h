// MessageReader: one connection's bytes into whole Thrift messages, whichever way they are transported.
//
// Composed, not multiplied: a zlib stream around all or not; inside it frames (each of them a THeader or not)
// or bare messages that a walker finds the end of. What a message looks like inside (binary, compact, JSON)
// is message_begin.h's matter. A caller's connection says by its first bytes what it is, then the reader
// expects that; a provider's is told.
//
// Owned by a session, its thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/status.h"
#include "codecs/call_codec.h"
#include "codecs/calls/thrift/message_begin.h"
#include "codecs/transports/theader/theader.h"
#include "codecs/transports/unframed/walker.h"
#include "codecs/transports/zlib/stream.h"

namespace koine::codecs::calls::thrift {

// How a message is wrapped: what its answer's wrapping goes by.
struct Envelope {
  ThriftTransport transport = ThriftTransport::framed;
  bool zlib = false;          // header: transformed
  bool out_of_order = false;  // header: answers may come in any order
  std::uint32_t seqid = 0;    // header: the one outside
};

// A whole message, unwrapped.
struct Incoming {
  Envelope envelope;
  base::Buffer message;  // its header, its body, what ends it; empty with a refusal
  base::Slice header;    // what `infos` and `persistent` point into
  std::vector<transports::theader::Info> infos;
  std::vector<transports::theader::Info> persistent;
  std::uint32_t protocol_id = 0;  // header: what it says of the message inside
  // A THeader that cannot be served, though its frame is whole: what to tell its sender, and whether what
  // follows can be trusted still.
  enum class Refusal : std::uint8_t { none, malformed, transform, protocol, compressed, too_large, infos };
  Refusal refusal = Refusal::none;
  std::string why;

  // As it was made; what has room keeps it.
  void reset();
};

class MessageReader {
 public:
  enum class State : std::uint8_t {
    need_more,
    message,
    too_large,  // said by a length or a count, at every call; the message's front is what peek_front() gives
    failed,     // frames, or the stream around them, cannot be trusted any more
  };

  // A caller's connection; `lax` as in classify(). `limits` outlive the reader.
  MessageReader(const base::Limits& limits, base::SlabPool* pool, base::LimitHits* hits, bool lax);
  // A provider's: answers in this transport and encoding, and no other.
  MessageReader(const base::Limits& limits, base::SlabPool* pool, base::LimitHits* hits,
                ThriftTransport transport, Dialect dialect, bool zlib_stream);
  ~MessageReader();

  // Takes the next message from the front of `in`. Out of a zlib stream whatever was inflated before it
  // broke.
  State next(base::Buffer& in, Incoming& out);
  // State::failed and State::too_large: why.
  const base::Status& error() const { return error_; }
  // State::too_large: at most `bytes` from the message's beginning, and the length it claims (0 = unknown).
  base::Slice peek_front(const base::Buffer& in, std::size_t bytes, std::size_t& claimed) const;

  // State::too_large: no more of that message's front will come.
  bool front_ends() const { return !stream_error_.ok(); }

  // Whether a part of a message has come.
  bool unfinished(const base::Buffer& in) const;
  // Messages taken so far: tells one unfinished message from another.
  std::uint64_t messages() const { return messages_; }
  // Whether next() may find something without new bytes.
  bool holds_bytes() const {
    return !plain_.empty() || !stream_error_.ok() || (inflater_ != nullptr && inflater_->pending());
  }
  // Inflated bytes that no message has taken.
  std::size_t held_bytes() const { return plain_.size(); }
  // A zlib stream is around the connection (known after the first bytes): answers go through one too.
  bool zlib_stream() const { return inflater_ != nullptr; }
  // Gives back what an idle connection needs not.
  void release_memory();

 private:
  enum class Mode : std::uint8_t { unknown, framed, unframed };

  State next_plain(base::Buffer& in, Incoming& out);
  State open(base::Buffer& in);
  State next_frame(base::Buffer& in, Incoming& out);
  State next_unframed(base::Buffer& in, Incoming& out);
  State take_header_frame(base::Buffer frame, Incoming& out);
  void undo_transforms(const transports::theader::Header& header, base::Buffer payload, Incoming& out);
  State fail(base::Status why);
  State too_large(std::size_t length);

  const base::Limits& limits_;
  base::SlabPool* const pool_;
  base::LimitHits* const hits_;  // may be null
  const bool lax_ = false;
  const bool provider_ = false;
  const ThriftTransport expected_ = ThriftTransport::framed;  // a provider's
  const std::size_t front_bytes_ = 0;  // of a zlib stream: what is inflated of a message that is too large

  std::unique_ptr<transports::zlib::Inflater> inflater_;
  base::Buffer plain_;         // inflated, not yet taken
  base::Status stream_error_;  // what ends the stream behind them
  Mode mode_ = Mode::unknown;
  Dialect dialect_ = Dialect::binary;  // unframed
  transports::unframed::Walker walker_;
  std::uint64_t messages_ = 0;
  base::Status error_;
};

}  // namespace koine::codecs::calls::thrift
