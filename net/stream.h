// Stream: a connected (or connecting) byte stream, TCP or Unix, on one loop's thread.
//
// The owner holds a StreamPtr and is the handler's owner too. Handlers are called from the loop only, never
// from inside a Stream method. Inside any callback the owner may do anything, destroying the stream included:
// memory is freed at the end of the turn, and after close() or destruction no callback comes any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"

namespace koine::net {

class StreamHandler {
 public:
  // Only after Network::connect: the connection stands.
  virtual void on_connected() {}
  // Bytes came. `in` holds all that is not consumed yet, older bytes first; consume what can be used, the
  // rest is given again with what follows. A handler that cannot bound what it leaves must pause or close.
  virtual void on_data(base::Buffer& in) = 0;
  // The peer will send no more (once, after the last on_data; held back while paused). Writing still works.
  // Bytes left unconsumed in on_data are dropped afterwards.
  virtual void on_eof() = 0;
  // Queued output had reached the high watermark and is now at or below the low one.
  virtual void on_writable() {}
  // The end, the last callback. OK: both directions ended in order, or close_after_flush() is done. Otherwise
  // NET_IO (refused, reset, unreachable), NET_TIMEOUT (connecting took too long) or NET_ADDRESS.
  virtual void on_closed(const base::Status& status) = 0;

 protected:
  ~StreamHandler() = default;
};

struct StreamOptions {
  std::size_t write_high_bytes = base::Limits().write_high_bytes;
  std::size_t write_low_bytes = base::Limits().write_low_bytes;
  // TCP_USER_TIMEOUT: unacknowledged output older than this ends the connection; 0 leaves it to the kernel.
  base::Nanoseconds unacknowledged_timeout_ns = 0;
  // TCP keep-alive: a peer that has vanished ends the connection within unacknowledged_timeout_ns (whole
  // seconds, a second more at most) while nothing is being sent, too. Nothing without that timeout.
  bool keep_alive = false;
};

class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Hands the stream to another handler from the next callback on (after the protocol has been detected, for
  // instance). Input that was left unconsumed is given to it in on_data, without waiting for more.
  virtual void set_handler(StreamHandler& handler) = 0;

  // Queues `bytes`; they go out at the end of this turn, as far as the peer takes them. Never fails: what is
  // written after the stream ended, or after shutdown_write(), is dropped. There is no upper limit but the
  // caller's: who produces without end asks congested() and waits for on_writable().
  virtual void write(base::Buffer&& bytes) = 0;
  virtual void write(base::Bytes bytes) = 0;  // copies
  virtual std::size_t queued_bytes() const = 0;
  // True from the high watermark on, until on_writable().
  virtual bool congested() const = 0;

  // While paused neither on_data nor on_eof comes, and the kernel's window closes on the peer. Resuming gives
  // what was left unconsumed again even when nothing new came.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
  virtual bool reading_paused() const = 0;

  // Ends our direction after what is queued.
  virtual void shutdown_write() = 0;
  // Ends it now, dropping what is queued; no callback follows.
  virtual void close() = 0;
  // Sends what is queued, ends our direction, and waits a moment for the peer to close (bytes it still sends
  // are dropped, so that they do not reset the connection before it has read ours); then on_closed(OK).
  // Bounded by `close_timeout_ns`. Destroying the StreamPtr meanwhile lets this go on by itself, without
  // callbacks.
  virtual void close_after_flush() = 0;
  // True until close(), close_after_flush() or on_closed().
  virtual bool open() const = 0;
  // True once connected (always, for an accepted one) while open().
  virtual bool connected() const = 0;

  // "127.0.0.1:4711", "[::1]:4711"; "unix:" for a Unix socket's nameless end. Valid as long as the stream.
  virtual std::string_view peer_text() const = 0;
  virtual std::string_view local_text() const = 0;

  // How long close_after_flush() may take.
  static constexpr base::Nanoseconds close_timeout_ns = 2 * base::second_ns;

 protected:
  virtual ~Stream() = default;

 private:
  friend struct StreamReleaser;
  virtual void release() noexcept = 0;
};

struct StreamReleaser {
  void operator()(Stream* stream) const noexcept { stream->release(); }
};
// Destroying it closes the stream (after close_after_flush(): lets that finish).
using StreamPtr = std::unique_ptr<Stream, StreamReleaser>;

}  // namespace koine::net
