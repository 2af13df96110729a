// Reading and writing sockets.
#include "net/socket_channel.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace koine::net {
namespace {

constexpr std::size_t pieces_max = 64;  // of one writev

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

IoResult failed(int error) {
  return {IoKind::error, 0, base::Status(base::Reason::net_io, errno_text(error))};
}

}  // namespace

void SocketChannel::watch(ChannelEvents& events, bool readable, bool writable) {
  if (!fd_) return;
  if (readiness_ == nullptr) readiness_ = std::make_unique<Readiness>(loop_, fd_.get(), events);
  readiness_->watch(readable, writable);
}

IoResult SocketChannel::read(std::span<std::uint8_t> out) {
  for (;;) {
    const ssize_t count = ::recv(fd_.get(), out.data(), out.size(), 0);
    if (count > 0) return {IoKind::bytes, static_cast<std::size_t>(count), {}};
    if (count == 0) return {IoKind::eof, 0, {}};
    if (would_block(errno)) return {IoKind::again, 0, {}};
    if (errno != EINTR) return failed(errno);
  }
}

IoResult SocketChannel::write(std::span<const base::Slice> slices) {
  std::array<iovec, pieces_max> pieces;
  const std::size_t count = std::min(slices.size(), pieces_max);
  for (std::size_t i = 0; i < count; ++i) {
    // sendmsg only reads, but its type is shared with recvmsg.
    pieces[i] = {const_cast<std::uint8_t*>(slices[i].data()), slices[i].size()};
  }
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = count;
  for (;;) {
    // sendmsg is writev that can be told not to raise SIGPIPE; one piece is spared the kernel's reading of a
    // list.
    const ssize_t sent = count == 1 ? ::send(fd_.get(), slices[0].data(), slices[0].size(), MSG_NOSIGNAL)
                                    : ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
    if (sent > 0) return {IoKind::bytes, static_cast<std::size_t>(sent), {}};
    if (sent == 0 || would_block(errno)) return {IoKind::again, 0, {}};
    if (errno != EINTR) return failed(errno);
  }
}

base::Status SocketChannel::connect_result() {
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error == 0) return {};
  return base::Status(base::Reason::net_io, errno_text(error));
}

void SocketChannel::shutdown_write() {
  // It fails only on a connection that is gone, which reading or writing reports.
  ::shutdown(fd_.get(), SHUT_WR);
}

void SocketChannel::close() {
  // The readiness stays, stopped, as this may be inside its callback; it goes with the channel.
  if (readiness_ != nullptr) readiness_->stop();
  fd_.reset();
}

}  // namespace koine::net
