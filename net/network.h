// Network: listening, connecting and resolving, as seen from one loop; the interface a worker is written
// against. net/socket_network.h is the machine's own, net/memory/ one for tests with virtual time.
//
// One object per loop; everything belongs to the loop's thread, except that an AcceptedSocket may be moved
// to another thread and adopted by the Network there: `loop.post([&network, socket = std::move(socket)]…)`.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/function.h"
#include "base/limits.h"
#include "base/result.h"
#include "net/address.h"
#include "net/loop.h"
#include "net/stream.h"

namespace koine::net {

// An accepted connection that no loop has taken yet; nothing has been read from it. Destroying it closes the
// connection. Movable across threads.
class AcceptedSocket {
 public:
  // For implementations: `id` (a file descriptor, say) is given back with `close_id(context, id)`.
  using CloseId = void (*)(void* context, int id) noexcept;
  AcceptedSocket() noexcept = default;
  AcceptedSocket(int id, CloseId close_id, void* context, std::string peer, std::string local)
      : id_(id), close_id_(close_id), context_(context), peer_(std::move(peer)), local_(std::move(local)) {}
  AcceptedSocket(AcceptedSocket&& other) noexcept
      : id_(std::exchange(other.id_, -1)),
        close_id_(other.close_id_),
        context_(other.context_),
        peer_(std::move(other.peer_)),
        local_(std::move(other.local_)) {}
  AcceptedSocket& operator=(AcceptedSocket&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_id_, other.close_id_);
    std::swap(context_, other.context_);
    std::swap(peer_, other.peer_);
    std::swap(local_, other.local_);
    return *this;
  }
  ~AcceptedSocket() {
    if (id_ >= 0) close_id_(context_, id_);
  }

  explicit operator bool() const noexcept { return id_ >= 0; }
  const std::string& peer_text() const noexcept { return peer_; }
  const std::string& local_text() const noexcept { return local_; }
  // For implementations: the id, which is the taker's from now on.
  int take_id() noexcept { return std::exchange(id_, -1); }

 private:
  int id_ = -1;
  CloseId close_id_ = nullptr;
  void* context_ = nullptr;
  std::string peer_;
  std::string local_;
};

class ListenerHandler {
 public:
  // A connection came. Keep it here with Network::adopt(), move it to another worker, or let it go (= close).
  virtual void on_accepted(AcceptedSocket socket) = 0;
  // Accepting failed for want of descriptors or memory; the listener pauses itself and tries again every
  // 100 ms. Called once per such period, for the log.
  virtual void on_accept_failed(const base::Status& status) = 0;

 protected:
  ~ListenerHandler() = default;
};

struct ListenOptions {
  int backlog = 1024;
  bool reuse_port = false;         // SO_REUSEPORT
  std::uint32_t unix_mode = 0600;  // of a Unix socket's file
};

class Listener {
 public:
  Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Where it listens, with the port that was really taken.
  virtual const Address& address() const = 0;
  // Leaves connections in the kernel's queue until resume().
  virtual void pause() = 0;
  virtual void resume() = 0;
  // Takes everything that waits in the queue now (on_accepted for each, from the loop), then stops listening.
  virtual void close_after_accepting() = 0;

 protected:
  virtual ~Listener() = default;

 private:
  friend struct ListenerReleaser;
  virtual void release() noexcept = 0;
};

struct ListenerReleaser {
  void operator()(Listener* listener) const noexcept { listener->release(); }
};
// Destroying it stops listening at once; safe inside its own callbacks.
using ListenerPtr = std::unique_ptr<Listener, ListenerReleaser>;

struct ConnectOptions {
  base::Nanoseconds timeout_ns = base::connect_timeout_ns;  // then on_closed(NET_TIMEOUT)
  StreamOptions stream = {};
};

// Names a running look-up; 0 is none.
using ResolveId = std::uint64_t;

class Network {
 public:
  // At least one address when it has a value; IP addresses only, with the port asked for, without doubles.
  using ResolveCallback = base::Function<void(base::Result<std::vector<Address>>)>;

  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  virtual ~Network() = default;

  virtual Loop& loop() = 0;

  // Listens at an IP address or Unix path (not a name; "[::]" takes IPv6 only, "0.0.0.0" IPv4). A Unix path
  // that nobody listens on any more is replaced; one that somebody serves is an error. `handler` outlives the
  // listener. Errors: NET_ADDRESS, NET_IO (in use, no permission, …).
  virtual base::Result<ListenerPtr> listen(const Address& address, ListenerHandler& handler,
                                           const ListenOptions& options) = 0;
  // Never null: failures arrive as on_closed(), in a later callback. A name is refused that way
  // (NET_ADDRESS): resolve it first, or use net/dialer.h. What is written before on_connected() waits.
  // `handler` outlives the stream.
  virtual StreamPtr connect(const Address& address, StreamHandler& handler,
                            const ConnectOptions& options) = 0;
  // Makes a stream on this loop of a connection accepted on any loop. on_data comes from the loop, later.
  virtual StreamPtr adopt(AcceptedSocket socket, StreamHandler& handler, const StreamOptions& options) = 0;

  // Looks a name up without blocking the loop; the callback comes from the loop, never at once, exactly once
  // unless cancelled. An IP or Unix address answers itself. Errors: NET_ADDRESS (no such name), NET_IO (the
  // look-up failed). No cache: keeping the last good answer is the caller's concern.
  virtual ResolveId resolve(const Address& name, ResolveCallback callback) = 0;
  virtual void cancel_resolve(ResolveId id) = 0;

  // Streams, connecting and closing ones too, that have not ended yet.
  virtual std::size_t open_streams() const = 0;
};

}  // namespace koine::net
