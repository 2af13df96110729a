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

// sendmsg is writev that can be told not to raise SIGPIPE.
ssize_t send_pieces(int fd, std::span<const base::Slice> slices) {
  std::array<iovec, pieces_max> pieces;
  msghdr message{};
  message.msg_iov = pieces.data();
  for (const base::Slice& slice : slices.first(std::min(slices.size(), pieces_max))) {
    // sendmsg only reads, but its type is shared with recvmsg.
    pieces[message.msg_iovlen++] = {const_cast<std::uint8_t*>(slice.data()), slice.size()};
  }
  return ::sendmsg(fd, &message, MSG_NOSIGNAL);
}

IoResult failed(int error) {
  return {IoKind::error, 0, base::Status(base::Reason::net_io, errno_text(error))};
}

}  // namespace

void SocketChannel::watch(ChannelEvents& events, bool readable, bool writable) {
  if (!fd_) return;
  if (!readiness_) readiness_.emplace(loop_, fd_.get(), events);
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
  for (;;) {
    // One piece is spared the kernel's reading of a list.
    const ssize_t sent = slices.size() == 1
                             ? ::send(fd_.get(), slices[0].data(), slices[0].size(), MSG_NOSIGNAL)
                             : send_pieces(fd_.get(), slices);
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
  if (readiness_) readiness_->stop();
  fd_.reset();
}

}  // namespace koine::net
