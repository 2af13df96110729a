// Inside of an HTTP/2 session: what session.cc (what the layer above asks for) and session_callbacks.cc
// (what nghttp2 reports) share. Private to this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "codecs/transports/http2/budget.h"
#include "codecs/transports/http2/frame_scanner.h"
#include "codecs/transports/http2/session.h"

struct nghttp2_session;  // kept opaque: only the .cc files include nghttp2

namespace koine::codecs::transports::http2 {

struct SessionImpl {
  SessionImpl(SessionOptions given, SessionEvents& listener)
      : options(given),
        events(listener),
        scanner(given.role == Role::server),
        resets_received(given.limits.resets_received_burst, given.limits.resets_received_per_second),
        resets_caused(given.limits.resets_caused_burst, given.limits.resets_caused_per_second),
        glitches(given.limits.glitches_burst, given.limits.glitches_per_second) {}
  SessionImpl(const SessionImpl&) = delete;
  SessionImpl& operator=(const SessionImpl&) = delete;
  ~SessionImpl();

  // ---- session_callbacks.cc
  // Creates `session`; false when memory is out.
  bool create();
  // ---- session.cc
  void submit_own_settings();
  Stream* make_stream(StreamId id);
  void free_stream(Stream* stream);
  // Calls mem_send until `out` is full enough or nothing is left.
  void pump(base::Buffer& out);
  void fail(base::Reason reason, std::string why);
  void terminate(ErrorCode code, base::Reason reason, std::string why);
  void goodbye_final();
  base::Slice copy_small(base::Bytes bytes);
  // Appends by copy or by reference, whichever is cheaper.
  static void append_piece(base::Buffer& out, base::Slice&& piece);
  // Hands the stored trailers to nghttp2.
  void submit_trailers(Stream& stream);
  // ---- session_input.cc
  // Gives bytes to the library; its error, or 0.
  int receive(base::Bytes bytes);
  void input_failed(int error);
  bool gave_up() const;
  // One stream ended well; a peer reset one; a peer made us reset one.
  void good_stream();
  void received_reset();
  void caused_reset();
  // The peer sent what brings no call forward.
  void glitch(std::int64_t count = 1);
  void hit(base::Limit limit) const { base::count_hit(options.hits, limit); }
  void terminate(base::Limit limit, std::string why);
  void shutdown();
  base::Nanoseconds now_ns() const { return options.clock != nullptr ? options.clock->monotonic_ns() : 0; }
  std::size_t open_limit() const;

  SessionOptions options;
  SessionEvents& events;
  nghttp2_session* session = nullptr;
  std::vector<std::unique_ptr<Stream>> streams;  // all that exist, free ones included
  std::vector<Stream*> free_streams;
  std::size_t open = 0;

  FrameScanner scanner;
  base::Slice feeding;           // the slice that mem_recv looks at: received bytes are parts of it
  base::SlabRef small;           // the slab that small pieces share
  base::Buffer* sink = nullptr;  // where pump() writes
  base::Buffer staged;           // written early, to learn whether the library gave up

  HeaderList block;  // the header block being received
  std::size_t block_bytes = 0;
  std::size_t block_count = 0;
  bool block_refused = false;
  bool in_block = false;  // its end has not come yet

  base::Status failure;
  bool failure_told = false;  // by feed()
  bool share_used = false;    // the last feed() stopped for that
  std::string error_text;     // the library's last words
  std::string goaway_text;
  bool output_broken = false;  // mem_send failed for good
  bool suspect = false;        // the library reported an invalid frame during this feed()
  bool settings_received = false;
  bool goaway_received = false;
  bool ids_exhausted = false;
  bool goodbye_sent = false;
  bool goodbye_final_sent = false;
  bool ping_out = false;
  bool ping_ok = false;
  std::size_t peer_streams_max = streams_before_settings_max;
  std::size_t empty_data = 0;  // consecutive
  std::size_t queued = 0;      // in the streams' queues
  Budget resets_received;
  Budget resets_caused;
  Budget glitches;
  SessionCounters counters;
};

}  // namespace koine::codecs::transports::http2
