// relay CPU PORT: the floor of every proxy: bytes from each accepted connection to one of its own to PORT,
// and back. One thread; a read and a write for each piece, edge-triggered, nothing looked at.
#include <memory>
#include <vector>

#include "forward.h"

namespace {

constexpr std::size_t piece_bytes = 64u << 10;

struct Pair;
struct Side {
  int fd = -1;
  Side* other = nullptr;
  Pair* pair = nullptr;
  std::string unsent;  // to this side
  bool ended = false;  // it sends no more
};
struct Pair {
  Side caller;
  Side provider;
  bool doomed = false;
};

bool flush(Side& to) {
  while (!to.unsent.empty()) {
    const ssize_t sent = send(to.fd, to.unsent.data(), to.unsent.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    to.unsent.erase(0, static_cast<std::size_t>(sent));
  }
  return true;
}

// Moves what `from` has; false when the pair is over.
bool move(Side& from, std::vector<char>& piece) {
  Side& to = *from.other;
  // Behind unsent bytes nothing is read: the sender has to wait.
  while (to.unsent.empty() && !from.ended) {
    const ssize_t got = recv(from.fd, piece.data(), piece.size(), 0);
    if (got < 0) return errno == EAGAIN;
    if (got == 0) {
      from.ended = true;
      shutdown(to.fd, SHUT_WR);
      break;
    }
    const ssize_t sent = send(to.fd, piece.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != ENOTCONN) return false;
    if (sent < got) {
      const std::size_t done = sent < 0 ? 0 : static_cast<std::size_t>(sent);
      to.unsent.assign(piece.data() + done, static_cast<std::size_t>(got) - done);
    }
    // Less than asked for: the socket is empty, and its next byte is a new edge.
    if (static_cast<std::size_t>(got) < piece.size()) break;
  }
  return !(from.ended && to.ended);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  forward::pin(argv[1]);
  const int listener = forward::listen_anywhere();
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  forward::watch(epoll, listener, EPOLLIN, nullptr);
  std::vector<char> piece(piece_bytes);
  std::vector<Pair*> doomed;
  epoll_event events[256];
  while (true) {
    const int count = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < count; ++i) {
      auto* side = static_cast<Side*>(events[i].data.ptr);
      if (side == nullptr) {
        const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) continue;
        forward::no_delay(fd);
        auto* pair = new Pair;
        pair->caller = {fd, &pair->provider, pair, {}, false};
        pair->provider = {forward::connect_to(argv[2], SOCK_NONBLOCK), &pair->caller, pair, {}, false};
        const std::uint32_t all = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
        forward::watch(epoll, pair->caller.fd, all, &pair->caller);
        forward::watch(epoll, pair->provider.fd, all, &pair->provider);
        continue;
      }
      if (side->pair->doomed) continue;
      bool alive = true;
      if ((events[i].events & EPOLLOUT) != 0 && !side->unsent.empty()) {
        // Room again: then the other side, whose edge may be gone, is read on.
        alive = flush(*side) && move(*side->other, piece);
      }
      if (alive && (events[i].events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0)
        alive = move(*side, piece);
      if (!alive) {
        side->pair->doomed = true;
        doomed.push_back(side->pair);
      }
    }
    for (Pair* pair : doomed) {
      close(pair->caller.fd);
      close(pair->provider.fd);
      delete pair;
    }
    doomed.clear();
  }
}
