// Channel: what is below a Stream: something that can be read, written and watched without blocking. A socket
// (net/socket_channel.h), or one end of a connection in memory (net/memory/). The loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/buffer.h"
#include "base/status.h"

namespace koine::net {

enum class IoKind : std::uint8_t { bytes, again, eof, error };

struct IoResult {
  IoKind kind = IoKind::again;
  std::size_t count = 0;  // of bytes, at least 1 when kind is bytes
  base::Status status;    // why, when kind is error
};

class ChannelEvents {
 public:
  // Level-triggered: comes again in the next turn while it stays ready and watched. A connecting channel gets
  // writable when the outcome is known.
  virtual void on_ready(bool readable, bool writable) = 0;

 protected:
  ~ChannelEvents() = default;
};

class Channel {
 public:
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  virtual ~Channel() = default;  // closes

  virtual void watch(ChannelEvents& events, bool readable, bool writable) = 0;
  // Reading less than asked says that nothing more is there now.
  virtual IoResult read(std::span<std::uint8_t> out) = 0;
  // Writes from the front of `slices`, as much as is taken at once; `again` when nothing is.
  virtual IoResult write(std::span<const base::Slice> slices) = 0;
  // After a connecting channel became writable: did it work?
  virtual base::Status connect_result() = 0;
  // Our end's address, once connected.
  virtual std::string local_text() = 0;
  virtual void shutdown_write() = 0;
  virtual void close() = 0;
};

}  // namespace koine::net
