// One HTTP/2 connection without its socket: a server half and a client half over nghttp2.
//
// Sans-I/O: bytes in by feed(), events out during feed() and drain(), bytes out by drain(). One thread. No
// nghttp2 type is seen outside this folder's .cc files.
//
// Flow control: the connection's window is given back as bytes arrive (a stream that nobody reads must not
// stop its neighbours), a stream's window only by consume(), so at most stream_window_bytes of a stream wait
// unread. Sending: each stream has a queue; queue_high()/on_writable() are its watermarks.
//
// Handles: a Stream* is valid from on_headers() (server) or open() (client) until on_closed() has returned
// or reset() was called; nothing is reported of a stream after either.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/reason.h"
#include "base/result.h"
#include "base/status.h"
#include "codecs/transports/http2/types.h"
#include "model/metadata.h"

namespace koine::codecs::transports::http2 {

enum class Role : std::uint8_t { server, client };

// Names are lower case, pseudo-headers (":path") come first and keep their colon, order is kept.
using HeaderList = model::Metadata;

// A stream. `context` belongs to the layer above; everything else to the session.
class Stream {
 public:
  void* context = nullptr;

  StreamId id() const noexcept { return id_; }
  // Bytes that wait to be sent.
  std::size_t queued_bytes() const noexcept { return queue_.size(); }
  // The request's (client) or response's (server) first HEADERS left through drain().
  bool headers_sent() const noexcept { return headers_sent_; }
  bool end_received() const noexcept { return end_received_; }
  bool end_sent() const noexcept { return end_sent_; }

 private:
  friend class Session;
  friend struct SessionImpl;
  friend struct SessionHooks;
  StreamId id_ = 0;
  base::Buffer queue_;
  HeaderList trailers_;
  std::size_t unread_ = 0;       // received and not consumed
  std::size_t window_most_ = 0;  // the largest window ever announced
  std::size_t window_ = 0;       // our receive window, as last announced
  bool submitted_ = false;       // HEADERS were handed to nghttp2
  bool has_body_ = false;        // … with a data provider
  bool deferred_ = false;        // the provider said "nothing now"
  bool end_requested_ = false;   // no more bytes will be queued
  bool has_trailers_ = false;
  bool headers_sent_ = false;
  bool end_sent_ = false;
  bool end_received_ = false;
  bool head_received_ = false;  // client: the final response's HEADERS
  bool above_high_ = false;     // owes an on_writable()
  bool detached_ = false;       // no more events
  bool reset_by_us_ = false;
  bool reset_by_peer_ = false;
  bool refused_ = false;  // certainly not processed by the peer
};

struct Headers {
  const HeaderList& fields;  // valid during the event
  bool trailers = false;     // no pseudo-headers: the block after the body
  bool end_stream = false;   // on_end() follows at once
  // limit_headers: more bytes or fields than allowed; `fields` has what came before that. The block was
  // still decoded to its end, so the connection goes on.
  base::Reason refused = base::Reason::none;
};

struct Closed {
  ErrorCode code = ErrorCode::no_error;
  bool by_peer = false;  // RST_STREAM was received
  // The peer said, or it is certain, that nothing of it was processed: REFUSED_STREAM, beyond GOAWAY's last
  // id, or never sent.
  bool not_processed = false;
};

class SessionEvents {
 public:
  virtual ~SessionEvents() = default;
  // A request (server; the stream is new), a final response (client; 1xx are swallowed), or trailers.
  virtual void on_headers(Stream& stream, const Headers& headers) = 0;
  // The bytes of one DATA frame or a part of it; never empty. Call consume() when they need no more room.
  virtual void on_data(Stream& stream, base::Slice&& bytes) = 0;
  virtual void on_end(Stream& stream) = 0;
  // END_STREAM left through drain().
  virtual void on_end_sent(Stream& stream) = 0;
  // The queue fell below write_low_bytes after having been above write_high_bytes.
  virtual void on_writable(Stream& stream) = 0;
  // The stream is over; the handle dies with this call.
  virtual void on_closed(Stream& stream, const Closed& closed) = 0;
  // capacity() or accepting() may have changed (client).
  virtual void on_capacity() = 0;
};

struct SessionOptions {
  Role role = Role::server;
  base::Limits limits;
  base::SlabPool* pool = nullptr;      // these three outlive the session
  base::LimitHits* hits = nullptr;     // may be null
  const base::Clock* clock = nullptr;  // may be null: budgets then do not refill with time
  // Frames that feed() takes at a time (FrameScanner::next() knows which cost more); 0: all.
  std::size_t work_share = 0;
};

struct SessionCounters {
  std::uint64_t streams_opened = 0;
  std::uint64_t resets_received = 0;
  std::uint64_t resets_caused = 0;  // by us, for a reason the peer gave
  std::uint64_t headers_refused = 0;
};

struct SessionImpl;

class Session {
 public:
  Session(SessionOptions options, SessionEvents& events);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Takes everything, or options.work_share of it (share_used()).
  // An error: close the connection once drain()'s bytes (a GOAWAY) are written. Where the library finds the
  // error only while writing, failure_untold() is true after drain(), and the next feed() tells it.
  [[nodiscard]] base::Status feed(base::Buffer& in);
  // The last feed() left bytes for a later turn.
  bool share_used() const;
  // Appends frames while `out` is smaller than write_high_bytes; may overshoot by a frame.
  void drain(base::Buffer& out);
  // As in codecs/call_codec.h: a frame can wait whose stream is gone, or that a connection at its end needs
  // not.
  bool wants_write() const;
  // False while so many frames wait to be written that reading on would only add to them.
  bool wants_read() const;
  // Nothing more to read or write: after both GOAWAYs and the last stream, or after an error.
  bool wants_close() const;
  // Why the connection broke; OK while it did not.
  const base::Status& failure() const;
  bool failure_untold() const;
  // The number of the frame or header block of which a part has come and the rest is waited for; 0: none.
  std::uint64_t unfinished_unit() const;

  // Client: a new stream. Without `end_stream` a body follows by send(). Fails with upstream_refused when
  // capacity() is 0 or accepting() is false.
  base::Result<Stream*> open(const HeaderList& fields, bool end_stream, void* context);
  // Server: the response's HEADERS; once a stream.
  void respond(Stream& stream, const HeaderList& fields, bool end_stream);
  // Queues bytes; after open()/respond() without end_stream. False when the queue is now at or above
  // write_high_bytes: stop until on_writable(). What comes after end() or reset() is dropped (true: there is
  // nothing to wait for).
  bool send(Stream& stream, base::Buffer&& bytes);
  // A small piece, copied into a slab that the session's streams share.
  bool send(Stream& stream, base::Bytes bytes);
  // END_STREAM after what is queued; with `trailers` (may be null) as a HEADERS frame of their own. A server
  // that ends before the client's END_STREAM sends RST_STREAM(NO_ERROR) after it.
  void end(Stream& stream, const HeaderList* trailers);
  // RST_STREAM. The handle is dead afterwards.
  void reset(Stream& stream, ErrorCode code);
  // Gives `bytes` of the stream's receive window back.
  void consume(Stream& stream, std::size_t bytes);
  // Makes the stream's receive window at least `bytes`, so that a message known to be that long arrives
  // without a round trip for every half window; smaller values bring it back to stream_window_bytes.
  void size_window(Stream& stream, std::size_t bytes);

  // Server: the stream of that id, or null.
  Stream* find(StreamId id) const;
  // Client: how many more streams may be opened now (the peer's SETTINGS, our own limit).
  std::size_t capacity() const;
  bool accepting() const;
  std::size_t streams_open() const;
  // Bytes that wait in the streams' queues.
  std::size_t queued_bytes() const;
  // The peer's SETTINGS have come.
  bool settings_received() const;
  // What a peer's GOAWAY said, for messages: "ENHANCE_YOUR_CALM: too_many_pings"; empty when none came.
  const std::string& goaway_text() const;
  // The peer's limit for a header list, 2^32-1 when it named none.
  std::size_t peer_header_list_max() const;

  // PING; false while one is out.
  bool ping();
  bool ping_answered() const;
  // First phase: server GOAWAY(2^31-1) and a PING whose answer starts the second; client GOAWAY at once.
  void shutdown();
  // Second phase: GOAWAY(last id); later streams are ignored, those open go on.
  void shutdown_now();
  // GOAWAY with an error, and no more frames of any stream.
  void terminate(ErrorCode code, base::Reason reason, std::string why);

  const SessionCounters& counters() const;
  // A slice of a copy of `bytes`, out of the slab that small pieces share.
  base::Slice copy_small(base::Bytes bytes);
  void release_idle_memory();
  // The stream's reset by the peer is no offence: it is taken back from the budget. During on_closed().
  void excuse_reset();
  // The peer made work for nothing, as much as so many glitches. Not during events.
  void charge(std::size_t glitches);

 private:
  std::unique_ptr<SessionImpl> impl_;
};

}  // namespace koine::codecs::transports::http2
