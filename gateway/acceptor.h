// Acceptor: one listener, and the choice of the worker that each of its connections goes to.
//
// Lives on the main loop. SO_REUSEPORT alone may put a sidecar's few long connections all on one worker, so a
// connection is handed to the worker with the fewest, before its first byte, and then never moves.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "base/result.h"
#include "gateway/connection.h"
#include "gateway/worker.h"
#include "net/network.h"

namespace koine::gateway {

// How many of a process's descriptors callers' connections may use: four fifths, and `reserved` stay free.
inline std::size_t connections_for(std::size_t descriptors, std::size_t reserved) {
  return std::min(descriptors / 5 * 4, descriptors - std::min(descriptors, reserved));
}

// The workers as acceptors see them. One thread, the main one.
class Workers {
 public:
  // `connections_max`: over all workers; beyond it new connections are closed at once. `hits` outlives it,
  // may be null.
  Workers(std::vector<std::unique_ptr<Worker>> all, std::size_t connections_max,
          base::LimitHits* hits = nullptr)
      : all_(std::move(all)), connections_max_(connections_max), hits_(hits) {}

  const std::vector<std::unique_ptr<Worker>>& all() const { return all_; }
  // As configured, and how many the process has descriptors for (connections_for).
  void set_connections_max(std::size_t connections_max, std::size_t descriptors_max) {
    connections_max_ = std::min(connections_max, descriptors_max);
    which_max_ =
        connections_max <= descriptors_max ? base::Limit::connections_max : base::Limit::descriptors_reserved;
  }
  // The one that is met first.
  base::Limit which_max() const { return which_max_; }
  // Of each listener.
  void set_listener_connections_max(std::size_t connections_max) {
    listener_connections_max_ = connections_max;
  }
  std::size_t listener_connections_max() const { return listener_connections_max_; }
  // A connection that no worker gets because of this limit.
  void count_refused(base::Limit limit) {
    ++refused_;
    base::count_hit(hits_, limit);
  }
  std::size_t connections() const;
  // False when there is no room for it.
  bool hand_over(net::AcceptedSocket socket, const ListenerRef& listener);
  std::uint64_t refused() const { return refused_; }

 private:
  std::vector<std::unique_ptr<Worker>> all_;
  std::size_t connections_max_;
  base::Limit which_max_ = base::Limit::connections_max;
  std::size_t listener_connections_max_ = base::Limits().listener_connections_max;
  base::LimitHits* hits_;
  std::size_t first_ = 0;  // ties go round
  std::uint64_t refused_ = 0;
};

class Acceptor final : public net::ListenerHandler {
 public:
  Acceptor(Workers& workers, base::Logger& log, ListenerRef listener)
      : workers_(workers), log_(log), listener_(std::move(listener)) {}

  // Errors: NET_ADDRESS, NET_IO, naming the address.
  [[nodiscard]] base::Status listen(net::Network& network);
  // What connections accepted from now on go by; the bind address is the same.
  void set_listener(ListenerRef listener) { listener_ = std::move(listener); }
  const control::Listener& listener() const { return *listener_; }
  // Where it listens, with the port that the system chose.
  const net::Address& address() const { return socket_->address(); }
  void close_after_accepting() { socket_->close_after_accepting(); }

  void on_accepted(net::AcceptedSocket socket) override;
  void on_accept_failed(const base::Status& status) override;

 private:
  // A connection keeps its listener's configuration; with it goes its place among the listener's connections.
  struct Place {
    Place(ListenerRef of, std::shared_ptr<std::atomic<std::size_t>> in)
        : listener(std::move(of)), open(std::move(in)) {
      open->fetch_add(1, std::memory_order_relaxed);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { open->fetch_sub(1, std::memory_order_relaxed); }
    const ListenerRef listener;
    const std::shared_ptr<std::atomic<std::size_t>> open;
  };

  Workers& workers_;
  base::Logger& log_;
  ListenerRef listener_;
  std::shared_ptr<std::atomic<std::size_t>> open_ = std::make_shared<std::atomic<std::size_t>>(0);
  net::ListenerPtr socket_;
};

}  // namespace koine::gateway
