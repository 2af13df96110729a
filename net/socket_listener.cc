// Listening sockets: binding, accepting, and what to do when descriptors are used up.
#include "net/socket_listener.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace koine::net {
namespace {

using base::Reason;
using base::Status;

// Connections taken in one turn, so that a flood of them does not starve those that are open.
constexpr std::size_t accepts_per_turn = 64;
constexpr std::size_t accepts_at_close_max = 65536;
constexpr base::Nanoseconds retry_ns = 100 * base::millisecond_ns;
// Descriptors that are missing this long are not coming back soon: callers who wait are refused.
constexpr base::Nanoseconds shed_after_ns = base::second_ns;

void close_descriptor(void*, int id) noexcept { ::close(id); }

FileDescriptor open_reserve() { return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

bool names_file(const Address& address) {
  return address.kind() == AddressKind::unix_path && address.host().front() != '@';
}

// Removes the socket file that a dead process left behind; an error when somebody serves it.
Status clear_path(const Address& address, const SocketAddress& where) {
  struct stat found {};
  if (::lstat(address.host().c_str(), &found) != 0) return {};  // bind says what is wrong, if anything
  if (!S_ISSOCK(found.st_mode)) {
    return Status(Reason::net_address, address.to_string() + ": a file that is no socket is in the way");
  }
  base::Result<FileDescriptor> probe = open_stream_socket(where);
  if (!probe) return probe.error();
  const int result = ::connect(probe->get(), where.get(), where.size);
  if (result == 0 || errno == EAGAIN || errno == EINPROGRESS) {
    return Status(Reason::net_io, "listening at " + address.to_string() + ": another process serves it");
  }
  if (errno == ECONNREFUSED && ::unlink(address.host().c_str()) != 0) {
    return errno_status(errno, "removing the stale socket " + address.to_string());
  }
  return {};
}

Status bind_socket(int fd, const Address& address, const SocketAddress& where, const ListenOptions& options) {
  const int on = 1;
  const std::string doing = "listening at " + address.to_string();
  if (address.kind() == AddressKind::unix_path) {
    if (names_file(address)) {
      const Status cleared = clear_path(address, where);
      if (!cleared.ok()) return cleared;
      // The file is made with the socket's own mode: at no moment may anybody else connect.
      if (::fchmod(fd, options.unix_mode) != 0) return errno_status(errno, doing);
    }
  } else {
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (options.reuse_port && ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0) {
      return errno_status(errno, doing);
    }
    if (address.kind() == AddressKind::ipv6) { ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)); }
  }
  if (::bind(fd, where.get(), where.size) != 0) return errno_status(errno, doing);
  // The umask may have taken bits away.
  if (names_file(address) && ::chmod(address.host().c_str(), options.unix_mode) != 0) {
    return errno_status(errno, doing);
  }
  if (::listen(fd, options.backlog) != 0) return errno_status(errno, doing);
  return {};
}

}  // namespace

base::Result<ListenerPtr> SocketListener::listen(EventLoop& loop, std::size_t& count, const Address& address,
                                                 ListenerHandler& handler, const ListenOptions& options) {
  base::Result<SocketAddress> where = to_socket_address(address);
  if (!where) return where.error().with_context("listening");
  base::Result<FileDescriptor> fd = open_stream_socket(*where);
  if (!fd) return fd.error().with_context("listening at " + address.to_string());
  const Status bound = bind_socket(fd->get(), address, *where, options);
  if (!bound.ok()) return bound;
  SocketAddress taken;
  taken.size = sizeof(taken.storage);
  if (::getsockname(fd->get(), taken.get(), &taken.size) != 0) {
    return errno_status(errno, "listening at " + address.to_string());
  }
  Address real = address.is_ip() ? from_socket_address(taken) : address;
  auto* listener = new SocketListener(loop, count, std::move(*fd), std::move(real), handler);
  listener->update_watch();
  return ListenerPtr(listener);
}

SocketListener::SocketListener(EventLoop& loop, std::size_t& count, FileDescriptor fd, Address address,
                               ListenerHandler& handler)
    : loop_(loop),
      count_(count),
      fd_(std::move(fd)),
      reserve_(open_reserve()),
      address_(std::move(address)),
      handler_(&handler),
      readiness_(loop, fd_.get(), *this),
      retry_(loop) {
  ++count_;
  const bool everywhere = address_.host() == "0.0.0.0" || address_.host() == "::";
  if (!everywhere) local_text_ = address_.to_string();
  struct stat found {};
  if (names_file(address_) && ::lstat(address_.host().c_str(), &found) == 0) inode_ = found.st_ino;
}

SocketListener::~SocketListener() { stop_listening(); }

void SocketListener::stop_listening() {
  if (!fd_) return;
  --count_;
  retry_.cancel();
  readiness_.stop();
  // The file first: a path without a listener looks stale to the next process, which would remove it itself.
  struct stat found {};
  if (names_file(address_) && ::lstat(address_.host().c_str(), &found) == 0 && found.st_ino == inode_) {
    ::unlink(address_.host().c_str());
  }
  fd_.reset();
  reserve_.reset();
}

void SocketListener::release() noexcept {
  handler_ = nullptr;
  stop_listening();
  loop_.bury(this);
}

void SocketListener::update_watch() {
  if (fd_) readiness_.watch(!paused_ && !closing_ && !retry_.active(), false);
}

void SocketListener::pause() {
  paused_ = true;
  update_watch();
}

void SocketListener::resume() {
  paused_ = false;
  update_watch();
}

void SocketListener::close_after_accepting() {
  closing_ = true;
  update_watch();
  loop_.enlist(*this);
}

void SocketListener::flush() {
  if (!fd_) return;
  accept_some(accepts_at_close_max);
  stop_listening();
}

void SocketListener::on_ready(bool, bool) { accept_some(accepts_per_turn); }

void SocketListener::accept_some(std::size_t count_max) {
  for (std::size_t i = 0; i < count_max && fd_ && (closing_ || !paused_); ++i) {
    if (accept_one() != Accepted::one) return;
  }
}

SocketListener::Accepted SocketListener::accept_one() {
  SocketAddress peer;
  peer.size = sizeof(peer.storage);
  const int fd = ::accept4(fd_.get(), peer.get(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) {
    exhausted_since_ns_ = base::never_ns;
    AcceptedSocket socket(fd, &close_descriptor, nullptr, socket_address_text(peer),
                          local_text_.empty() ? local_socket_text(fd) : local_text_);
    handler_->on_accepted(std::move(socket));
    return Accepted::one;
  }
  switch (errno) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM: exhausted(errno); return Accepted::exhausted;
    case EAGAIN: return Accepted::none;
    default: return Accepted::one;  // that connection failed before it was taken: accept(2), "Error handling"
  }
}

void SocketListener::exhausted(int error) {
  // The waiting connection keeps the socket readable: watching it on would be a busy loop.
  retry_.start(retry_ns, [this] {
    accept_some(accepts_per_turn);
    update_watch();
  });
  update_watch();
  if (exhausted_since_ns_ == base::never_ns) exhausted_since_ns_ = loop_.now_ns();
  if (loop_.now_ns() - exhausted_since_ns_ >= shed_after_ns) shed();
  handler_->on_accept_failed(errno_status(error, "accepting at " + address_.to_string()));
}

// Accepts on the reserved descriptor and closes, so that those who wait learn that they are not served.
void SocketListener::shed() {
  for (std::size_t i = 0; i < accepts_per_turn; ++i) {
    reserve_.reset();
    const FileDescriptor refused(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!refused) break;
  }
  if (!reserve_) reserve_ = open_reserve();
}

}  // namespace koine::net
