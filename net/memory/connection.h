// Connection: two pipes in memory with a network's habits: latency, segments, windows, cuts, resets. Side 0
// is the client, side 1 the server. One thread.
//
// Closing behaves like Linux TCP: unread input turns the close into a reset; writing to a side that is closed
// succeeds once and answers with a reset; what was received before a reset is still read before the error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <random>
#include <span>
#include <string>

#include "base/buffer.h"
#include "base/clock.h"
#include "net/channel.h"
#include "net/memory/virtual_clock.h"

namespace koine::net::memory {

// What happens to a direction once `cut_at_bytes` have been carried: the rest is never delivered.
enum class Cut : std::uint8_t {
  none,
  eof,      // the reader sees the end
  reset,    // both sides see a reset
  silence,  // nothing comes any more
};

struct LinkOptions {
  std::size_t read_bytes_max = 0;         // of one read: 1 gives 1-byte segments; 0 gives all that is there
  bool random_reads = false;              // a random number from 1 to read_bytes_max each time
  std::size_t write_bytes_max = 0;        // what one write takes at most; 0: as much as the window has room
  std::size_t window_bytes = 256u << 10;  // sent and not read yet; the writer waits beyond
  base::Nanoseconds latency_ns = 0;
  base::Nanoseconds jitter_ns = 0;  // up to this much more, at random; the order of bytes is kept
  std::uint64_t cut_at_bytes = std::numeric_limits<std::uint64_t>::max();
  Cut cut = Cut::none;
};

enum class ConnectAnswer : std::uint8_t { accept, refuse, silence };

struct ConnectionOptions {
  LinkOptions to_server;
  LinkOptions to_client;
  ConnectAnswer answer = ConnectAnswer::accept;
};

class Connection {
 public:
  Connection(const VirtualClock& clock, std::mt19937_64& random, const ConnectionOptions& options,
             std::string client_text, std::string server_text);

  enum class State : std::uint8_t { connecting, connected, refused };
  State state = State::connecting;

  bool readable(int side) const;
  bool writable(int side) const;
  IoResult read(int side, std::span<std::uint8_t> out);
  // `take_max` bytes at most.
  IoResult write(int side, std::span<const base::Slice> slices);
  void shutdown_write(int side);
  // Ends this side: with a reset when input is unread.
  void close(int side);
  // Ends this side with a reset.
  void reset(int side);
  // The network breaks the direction that `writer` writes to, now, as if LinkOptions had cut it here: what
  // was written before still arrives. Cut::none does nothing.
  void break_off(int writer, Cut how);
  bool closed(int side) const { return closed_[side]; }

  // When the next bytes arrive that are on their way now; never_ns when none are.
  base::Nanoseconds next_ns() const;
  const ConnectionOptions& options() const noexcept { return options_; }
  // The address of that side.
  const std::string& text(int side) const noexcept { return texts_[side]; }
  // Bytes written by that side so far, cut ones included.
  std::uint64_t written_bytes(int side) const noexcept { return pipes_[side].written; }

 private:
  enum class End : std::uint8_t { none, eof, reset };
  struct Segment {
    base::Nanoseconds at_ns;
    std::string bytes;
    std::size_t read = 0;
    End end = End::none;  // instead of bytes
  };
  // From side `index` to the other.
  struct Pipe {
    LinkOptions options;
    std::deque<Segment> segments;
    std::size_t waiting_bytes = 0;
    std::uint64_t written = 0;
    base::Nanoseconds last_ns = 0;
    bool shut = false;  // by its writer
    bool cut = false;
    bool ended = false;  // an end was read: it is read again and again
    End end = End::none;
  };

  Pipe& input(int side) { return pipes_[1 - side]; }
  const Pipe& input(int side) const { return pipes_[1 - side]; }
  void push(Pipe& pipe, std::string bytes, End end);
  void cut(Pipe& pipe, int writer);
  std::uint64_t random_up_to(std::uint64_t max) { return (*random_)() % (max + 1); }

  const VirtualClock& clock_;
  std::mt19937_64* random_;
  ConnectionOptions options_;
  Pipe pipes_[2];
  std::string texts_[2];
  bool closed_[2] = {false, false};
  bool broken_[2] = {false, false};  // that side's writes fail
};

}  // namespace koine::net::memory
