// Peer: one end of a connection in memory that a test plays itself: send bytes, look at what came, end or
// break it. No loop and no callbacks; bytes move when the MemoryNetwork runs. One thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "net/address.h"

namespace koine::net::memory {

class Connection;
class MemoryNetwork;
struct Port;

class Peer {
 public:
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();  // closes

  // Queued; goes out as the window has room.
  void send(std::string_view bytes);
  // Ends this direction after what was sent; receiving goes on.
  void end();
  // Closes both directions, what waits to be sent is dropped.
  void close();
  void reset();
  // A paused peer takes nothing in: its window fills and the other side has to wait.
  void pause() { paused_ = true; }
  void resume() { paused_ = false; }

  bool connected() const;
  bool refused() const;
  // Everything received and not taken yet.
  const std::string& received() const noexcept { return received_; }
  std::string take_received() { return std::exchange(received_, {}); }
  // How the other side ended, once everything before has been received.
  bool ended() const noexcept { return ended_; }
  bool was_reset() const noexcept { return was_reset_; }
  // Bytes not sent yet for want of room.
  std::size_t unsent_bytes() const noexcept { return unsent_.size() - unsent_from_; }
  const std::string& local_text() const;

 private:
  friend class MemoryNetwork;
  friend class PeerListener;
  Peer(MemoryNetwork& network, std::shared_ptr<Connection> connection, int side);
  // Moves what can be moved; true when something did.
  bool step();

  MemoryNetwork& network_;
  std::shared_ptr<Connection> connection_;
  int side_;
  std::string received_;
  std::string unsent_;
  std::size_t unsent_from_ = 0;
  bool paused_ = false;
  bool end_wanted_ = false;
  bool end_sent_ = false;
  bool ended_ = false;
  bool was_reset_ = false;
};

// A test's own server.
class PeerListener {
 public:
  ~PeerListener();  // stops listening
  PeerListener(const PeerListener&) = delete;
  PeerListener& operator=(const PeerListener&) = delete;

  const Address& address() const;
  // The connection that waits longest; null when none does.
  std::unique_ptr<Peer> accept();
  std::size_t waiting() const;

 private:
  friend class MemoryNetwork;
  PeerListener(MemoryNetwork& network, std::shared_ptr<Port> port);

  MemoryNetwork& network_;
  std::shared_ptr<Port> port_;
};

}  // namespace koine::net::memory
