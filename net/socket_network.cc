// The machine's network on one loop, and signals.
#include "net/socket_network.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <limits>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "net/channel_stream.h"
#include "net/event_loop.h"
#include "net/resolver.h"
#include "net/socket.h"
#include "net/socket_channel.h"
#include "net/socket_listener.h"

namespace koine::net {
namespace {

void apply(const StreamOptions& options, int fd) {
  // Without this the kernel takes up to 4 MiB (net.ipv4.tcp_wmem) for a peer that reads nothing, which no
  // watermark of ours sees. What is on its way is not counted (tcp(7)). Not for Unix sockets, which take
  // little.
  const int unsent = static_cast<int>(std::min<std::size_t>(options.write_high_bytes / 2, 1u << 30));
  ::setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof(unsent));
  if (options.unacknowledged_timeout_ns <= 0) return;
  const auto milliseconds = static_cast<unsigned>(std::clamp<base::Nanoseconds>(
      options.unacknowledged_timeout_ns / base::millisecond_ns, 1, std::numeric_limits<int>::max()));
  // Not for Unix sockets, whose peers cannot vanish silently.
  ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof(milliseconds));
  if (!options.keep_alive) return;
  // With TCP_USER_TIMEOUT the kernel gives up at the first probe that is due after that time without a sign
  // of life and finds an earlier one unanswered (tcp(7); net/ipv4/tcp_timer.c), so four probes a timeout are
  // enough.
  const int on = 1;
  const int seconds = static_cast<int>(std::max(milliseconds / 4000u, 1u));
  const int probes = 4;
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &seconds, sizeof(seconds));
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &seconds, sizeof(seconds));
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

class SocketNetwork final : public Network {
 public:
  SocketNetwork(std::unique_ptr<EventLoop> loop, Resolver& resolver)
      : loop_(std::move(loop)), resolves_(*loop_, resolver) {}
  ~SocketNetwork() override {
    resolves_.clear();
    loop_->clear();
  }

  Loop& loop() override { return *loop_; }
  EventLoop& event_loop() noexcept { return *loop_; }

  base::Result<ListenerPtr> listen(const Address& address, ListenerHandler& handler,
                                   const ListenOptions& options) override {
    return SocketListener::listen(*loop_, listeners_, address, handler, options);
  }

  StreamPtr connect(const Address& address, StreamHandler& handler, const ConnectOptions& options) override {
    ChannelStream::Setup setup{*loop_, streams_, handler, options.stream, address.to_string(), {}};
    const base::Result<SocketAddress> where = to_socket_address(address);
    if (!where) return ChannelStream::failed(std::move(setup), where.error().with_context("connecting"));
    base::Result<FileDescriptor> fd = open_stream_socket(*where);
    if (!fd) {
      return ChannelStream::failed(std::move(setup),
                                   fd.error().with_context("connecting to " + address.to_string()));
    }
    apply(options.stream, fd->get());
    // A Unix socket whose queue is full says EAGAIN and would never tell more: an error like a refusal.
    if (::connect(fd->get(), where->get(), where->size) != 0 && errno != EINPROGRESS) {
      return ChannelStream::failed(std::move(setup),
                                   errno_status(errno, "connecting to " + address.to_string()));
    }
    return ChannelStream::connecting(
        std::move(setup), std::make_unique<SocketChannel>(*loop_, std::move(*fd)), options.timeout_ns);
  }

  StreamPtr adopt(AcceptedSocket socket, StreamHandler& handler, const StreamOptions& options) override {
    ChannelStream::Setup setup{*loop_, streams_, handler, options, socket.peer_text(), socket.local_text()};
    FileDescriptor fd(socket.take_id());
    if (!fd) {
      return ChannelStream::failed(
          std::move(setup), base::Status(base::Reason::net_io, "adopting a socket that was taken before"));
    }
    apply(options, fd.get());
    return ChannelStream::adopt(std::move(setup), std::make_unique<SocketChannel>(*loop_, std::move(fd)));
  }

  ResolveId resolve(const Address& name, ResolveCallback callback) override {
    return resolves_.resolve(name, std::move(callback));
  }
  void cancel_resolve(ResolveId id) override { resolves_.cancel(id); }
  std::size_t open_streams() const override { return streams_.open(); }

 private:
  std::unique_ptr<EventLoop> loop_;
  StreamList streams_;
  std::size_t listeners_ = 0;
  ResolveQueue resolves_;
};

class SignalFdWatcher final : public SignalWatcher, private ChannelEvents {
 public:
  SignalFdWatcher(EventLoop& loop, FileDescriptor fd, Callback callback)
      : fd_(std::move(fd)),
        callback_(std::make_shared<Callback>(std::move(callback))),
        readiness_(loop, fd_.get(), *this) {
    readiness_.watch(true, false);
  }

 private:
  void on_ready(bool, bool) override {
    signalfd_siginfo info{};
    // One a turn: the callback may end this watcher, and what else waits keeps the descriptor readable.
    if (::read(fd_.get(), &info, sizeof(info)) != static_cast<ssize_t>(sizeof(info))) return;
    readiness_.loop().defer(
        [signal = static_cast<int>(info.ssi_signo), weak = std::weak_ptr<Callback>(callback_)] {
          if (const std::shared_ptr<Callback> callback = weak.lock()) (*callback)(signal);
        });
  }

  FileDescriptor fd_;
  std::shared_ptr<Callback> callback_;  // shared with the call under way, which may destroy this
  Readiness readiness_;
};

}  // namespace

base::Result<std::unique_ptr<Network>> make_socket_network(const base::Clock& clock, Resolver& resolver) {
  base::Result<std::unique_ptr<EventLoop>> loop = EventLoop::make(clock);
  if (!loop) return loop.error();
  return std::unique_ptr<Network>(new SocketNetwork(std::move(*loop), resolver));
}

base::Result<std::unique_ptr<SignalWatcher>> watch_signals(Network& network,
                                                           std::initializer_list<int> signals,
                                                           SignalWatcher::Callback callback) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  if (const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0) {
    return errno_status(error, "blocking signals");
  }
  FileDescriptor fd(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!fd) return errno_status(errno, "watching signals");
  auto& loop = static_cast<SocketNetwork&>(network).event_loop();
  return std::unique_ptr<SignalWatcher>(new SignalFdWatcher(loop, std::move(fd), std::move(callback)));
}

}  // namespace koine::net
