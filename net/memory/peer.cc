// Scripted ends.
#include "net/memory/peer.h"

#include <algorithm>
#include <array>

#include "net/memory/memory_network.h"

namespace koine::net::memory {

Peer::Peer(MemoryNetwork& network, std::shared_ptr<Connection> connection, int side)
    : network_(network), connection_(std::move(connection)), side_(side) {
  network_.peers_.push_back(this);
}

Peer::~Peer() {
  connection_->close(side_);
  std::erase(network_.peers_, this);
}

void Peer::send(std::string_view bytes) { unsent_.append(bytes); }

void Peer::end() { end_wanted_ = true; }

void Peer::close() {
  unsent_.clear();
  unsent_from_ = 0;
  connection_->close(side_);
}

void Peer::reset() {
  unsent_.clear();
  unsent_from_ = 0;
  connection_->reset(side_);
}

bool Peer::connected() const {
  return connection_->state == Connection::State::connected && !connection_->closed(side_);
}

bool Peer::refused() const { return connection_->state == Connection::State::refused; }

const std::string& Peer::local_text() const { return connection_->text(side_); }

bool Peer::step() {
  if (!connected()) return false;
  bool moved = false;
  while (unsent_from_ < unsent_.size()) {
    base::Buffer piece;
    piece.append(std::string_view(unsent_).substr(unsent_from_, 65536));
    const IoResult result = connection_->write(side_, piece.slices());
    if (result.kind == IoKind::error) unsent_from_ = unsent_.size();  // nobody will take it
    if (result.kind != IoKind::bytes) break;
    unsent_from_ += result.count;
    moved = true;
  }
  if (unsent_from_ == unsent_.size()) {
    unsent_.clear();
    unsent_from_ = 0;
    if (end_wanted_ && !end_sent_) {
      end_sent_ = true;
      connection_->shutdown_write(side_);
      moved = true;
    }
  }
  while (!paused_ && !ended_ && !was_reset_) {
    std::array<std::uint8_t, 65536> room;
    const IoResult result = connection_->read(side_, room);
    if (result.kind == IoKind::again) break;
    moved = true;
    if (result.kind == IoKind::eof) ended_ = true;
    if (result.kind == IoKind::error) was_reset_ = true;
    if (result.kind == IoKind::bytes) received_.append(base::as_text({room.data(), result.count}));
  }
  return moved;
}

PeerListener::PeerListener(MemoryNetwork& network, std::shared_ptr<Port> port)
    : network_(network), port_(std::move(port)) {}

PeerListener::~PeerListener() { network_.close_port(port_); }

const Address& PeerListener::address() const { return port_->address; }

std::size_t PeerListener::waiting() const { return port_->queue.size(); }

std::unique_ptr<Peer> PeerListener::accept() {
  if (port_->queue.empty()) return nullptr;
  std::shared_ptr<Connection> connection = std::move(port_->queue.front());
  port_->queue.pop_front();
  return std::unique_ptr<Peer>(new Peer(network_, std::move(connection), 1));
}

}  // namespace koine::net::memory
