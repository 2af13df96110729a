// SocketNetwork: the machine's own sockets, on libevent's readiness events (nothing else of libevent is used:
// reads, writes and timers are ours). One object per worker: a loop and its sockets.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "net/network.h"

namespace koine::net {

// Threads that look names up with getaddrinfo, shared by all workers. Any thread. Destroying it does not wait
// for look-ups that hang.
class Resolver {
 public:
  explicit Resolver(std::size_t threads_max = 2);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  ~Resolver();

 private:
  friend class ResolveQueue;
  struct State;
  std::shared_ptr<State> state_;
};

// A loop with its network. `clock` and `resolver` outlive it; the thread that calls loop().run() is its
// thread (before that: the thread that made it). Destroy it on that thread, or after that thread ended;
// streams and listeners are gone by then. Errors: NET_IO when the machine gives no epoll or event descriptor.
base::Result<std::unique_ptr<Network>> make_socket_network(const base::Clock& clock, Resolver& resolver);

// SIGTERM, SIGHUP, … as callbacks of a loop. The signals stay blocked for the calling thread and for threads
// it starts later, so this is made first thing in main().
class SignalWatcher {
 public:
  using Callback = base::Function<void(int signal)>;
  virtual ~SignalWatcher() = default;
};
// `network` was made by make_socket_network() and outlives the watcher. Errors: NET_IO.
base::Result<std::unique_ptr<SignalWatcher>> watch_signals(Network& network,
                                                           std::initializer_list<int> signals,
                                                           SignalWatcher::Callback callback);

}  // namespace koine::net
