// A worker's side of the network in memory.
#include "net/memory/worker_network.h"

#include <utility>

namespace koine::net::memory {
namespace {

using base::Reason;
using base::Status;

constexpr base::Nanoseconds accept_retry_ns = 100 * base::millisecond_ns;

}  // namespace

WorkerNetwork::WorkerNetwork(MemoryNetwork& world)
    : world_(world), loop_(world.clock(), [&world](const std::function<bool()>& done) {
        [[maybe_unused]] const bool stopped = world.run_until(done, base::never_ns);
      }) {}

void WorkerNetwork::shut() {
  resolves_.clear();
  loop_.clear();
}

base::Result<ListenerPtr> WorkerNetwork::listen(const Address& address, ListenerHandler& handler,
                                                const ListenOptions& options) {
  base::Result<std::shared_ptr<Port>> port =
      world_.open_port(address, static_cast<std::size_t>(options.backlog));
  if (!port) return port.error();
  return ListenerPtr(new MemoryListener(world_, loop_, std::move(*port), handler));
}

StreamPtr WorkerNetwork::connect(const Address& address, StreamHandler& handler,
                                 const ConnectOptions& options) {
  ChannelStream::Setup setup{loop_, streams_, handler, options.stream, address.to_string(), {}};
  if (address.kind() == AddressKind::name) {
    return ChannelStream::failed(
        std::move(setup), Status(Reason::net_address, "connecting: '" + address.to_string() +
                                                          "' is a name where an IP address or Unix path "
                                                          "is needed"));
  }
  if (world_.refuses_connect(address)) {
    return ChannelStream::failed(
        std::move(setup),
        Status(Reason::net_io, "connecting to " + address.to_string() + ": Too many open files"));
  }
  return ChannelStream::connecting(std::move(setup),
                                   std::make_unique<MemoryChannel>(loop_, world_.connect(address), 0),
                                   options.timeout_ns);
}

StreamPtr WorkerNetwork::adopt(AcceptedSocket socket, StreamHandler& handler, const StreamOptions& options) {
  ChannelStream::Setup setup{loop_, streams_, handler, options, socket.peer_text(), socket.local_text()};
  std::shared_ptr<Connection> connection = world_.from_accepted(socket);
  if (connection == nullptr) {
    return ChannelStream::failed(std::move(setup),
                                 Status(Reason::net_io, "adopting a socket that was taken before"));
  }
  return ChannelStream::adopt(std::move(setup),
                              std::make_unique<MemoryChannel>(loop_, std::move(connection), 1));
}

ResolveId WorkerNetwork::resolve(const Address& name, ResolveCallback callback) {
  const ResolveId id = ++last_resolve_;
  resolves_.emplace(id, std::move(callback));
  base::Nanoseconds delay = 0;
  base::Result<std::vector<Address>> answer = std::vector<Address>{name};
  if (name.kind() == AddressKind::name) {
    const auto host = world_.hosts_.find(name.host());
    if (host == world_.hosts_.end()) {
      answer = Status(Reason::net_address, "looking up " + name.host() + ": Name or service not known");
    } else if (!host->second.error.ok()) {
      answer = host->second.error;
    } else {
      answer->clear();
      for (const Address& address : host->second.addresses) answer->push_back(address.with_port(name.port()));
    }
    if (host != world_.hosts_.end()) delay = host->second.delay_ns;
  }
  loop_.schedule(delay, [this, id, answer = std::move(answer)]() mutable {
    const auto found = resolves_.find(id);
    if (found == resolves_.end()) return;  // cancelled
    ResolveCallback run = std::move(found->second);
    resolves_.erase(found);
    run(std::move(answer));
  });
  return id;
}

MemoryChannel::MemoryChannel(ManualLoop& loop, std::shared_ptr<Connection> connection, int side)
    : loop_(loop), connection_(std::move(connection)), side_(side) {
  loop_.add(*this);
}

void MemoryChannel::watch(ChannelEvents& events, bool readable, bool writable) {
  events_ = &events;
  want_read_ = readable;
  want_write_ = writable;
}

Pollable::Ready MemoryChannel::poll() {
  if (connection_->state != Connection::State::connected) {
    return {false, want_write_ && connection_->state == Connection::State::refused};
  }
  return {want_read_ && connection_->readable(side_), want_write_ && connection_->writable(side_)};
}

base::Status MemoryChannel::connect_result() {
  if (connection_->state == Connection::State::connected) return {};
  return Status(Reason::net_io, "Connection refused");
}

void MemoryChannel::close() {
  if (closed_) return;
  closed_ = true;
  loop_.remove(*this);
  connection_->close(side_);
}

MemoryListener::MemoryListener(MemoryNetwork& world, ManualLoop& loop, std::shared_ptr<Port> port,
                               ListenerHandler& handler)
    : world_(world), loop_(loop), port_(std::move(port)), handler_(&handler), retry_(loop) {
  loop_.add(*this);
}

Pollable::Ready MemoryListener::poll() {
  return {!paused_ && !closing_ && !retry_.active() && !port_->queue.empty(), false};
}

void MemoryListener::accept_all() {
  while (listening_ && (closing_ || !paused_) && !port_->queue.empty()) {
    if (port_->failures > 0) {
      --port_->failures;
      retry_.start(accept_retry_ns, [this] { accept_all(); });
      handler_->on_accept_failed(
          Status(Reason::net_io, "accepting at " + port_->address.to_string() + ": Too many open files"));
      return;
    }
    std::shared_ptr<Connection> connection = std::move(port_->queue.front());
    port_->queue.pop_front();
    handler_->on_accepted(world_.to_accepted(std::move(connection)));
  }
}

void MemoryListener::close_after_accepting() {
  closing_ = true;
  loop_.enlist(*this);
}

void MemoryListener::flush() {
  if (!listening_) return;
  accept_all();
  stop_listening();
}

void MemoryListener::stop_listening() {
  if (!listening_) return;
  listening_ = false;
  retry_.cancel();
  loop_.remove(*this);
  world_.close_port(port_);
}

void MemoryListener::release() noexcept {
  stop_listening();
  loop_.bury(this);
}

}  // namespace koine::net::memory
