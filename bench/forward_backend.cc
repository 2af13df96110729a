// forward_backend CPU PROTOCOL: answers echo calls in their order, all that one read brings with one write.
#include <vector>

#include "forward_protocols.h"

namespace {

constexpr std::size_t buffer_bytes = 256u << 10;

struct Caller {
  int fd;
  std::string rest;    // of an unfinished frame
  std::string unsent;  // answers that the socket did not take
  bool watches_output = false;
};

// False when the caller is gone.
bool flush(Caller& caller) {
  while (!caller.unsent.empty()) {
    const ssize_t sent = send(caller.fd, caller.unsent.data(), caller.unsent.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    caller.unsent.erase(0, static_cast<std::size_t>(sent));
  }
  return true;
}

// Appends the answers of the whole frames in `in`; returns how much of it they took. SIZE_MAX: not our calls.
std::size_t answer(const forward::Protocol& protocol, std::string_view in, std::string& out) {
  std::size_t at = 0;
  while (true) {
    const std::string_view rest = in.substr(at);
    const std::size_t size = protocol.frame_bytes(rest);
    if (size == SIZE_MAX) return SIZE_MAX;
    if (size == 0 || size > rest.size()) return at;
    if (!protocol.append_answer(rest.substr(0, size), out)) return SIZE_MAX;
    at += size;
  }
}

bool serve(const forward::Protocol& protocol, Caller& caller, std::vector<char>& buffer) {
  const ssize_t got = recv(caller.fd, buffer.data(), buffer.size(), 0);
  if (got < 0) return errno == EAGAIN;
  if (got == 0) return false;
  std::string_view in(buffer.data(), static_cast<std::size_t>(got));
  if (!caller.rest.empty()) {
    caller.rest += in;
    in = caller.rest;
  }
  static std::string out;
  out.clear();
  const std::size_t used = answer(protocol, in, out);
  if (used == SIZE_MAX) return false;
  std::string rest(in.substr(used));
  caller.rest.swap(rest);
  if (!caller.unsent.empty()) {
    caller.unsent += out;
    return flush(caller);
  }
  const ssize_t sent = send(caller.fd, out.data(), out.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return false;
  const std::size_t done = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  if (done < out.size()) caller.unsent.assign(out, done);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  forward::pin(argv[1]);
  const forward::Protocol protocol = forward::protocol(argv[2]);
  const int listener = forward::listen_anywhere();
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  forward::watch(epoll, listener, EPOLLIN, nullptr);
  std::vector<char> buffer(buffer_bytes);
  epoll_event events[256];
  while (true) {
    const int count = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < count; ++i) {
      auto* caller = static_cast<Caller*>(events[i].data.ptr);
      if (caller == nullptr) {
        const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) continue;
        forward::no_delay(fd);
        forward::watch(epoll, fd, EPOLLIN, new Caller{fd, {}, {}});
        continue;
      }
      bool alive = caller->unsent.empty() || flush(*caller);
      if (alive && (events[i].events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0)
        alive = serve(protocol, *caller, buffer);
      if (alive && caller->unsent.empty() == caller->watches_output) {
        caller->watches_output = !caller->watches_output;
        forward::rewatch(epoll, caller->fd, EPOLLIN | (caller->watches_output ? EPOLLOUT : 0u), caller);
      }
      if (!alive) {
        close(caller->fd);
        delete caller;
      }
    }
  }
}
