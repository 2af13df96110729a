// The world of a MemoryNetwork: who runs next, who listens where, and the passing of time.
#include "net/memory/memory_network.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "net/memory/worker_network.h"

namespace koine::net::memory {
namespace {

Address parse_or_die(std::string_view text) {
  base::Result<Address> address = Address::parse(text);
  if (address) return *address;
  std::fprintf(stderr, "%s\n", address.error().to_string().c_str());
  std::abort();
}

std::string client_host(const Address& to) {
  if (to.is_loopback()) return to.host();
  return to.kind() == AddressKind::ipv6 ? "fd00::1" : "10.255.0.1";
}

}  // namespace

MemoryNetwork::MemoryNetwork(std::uint64_t seed) : random_(seed), shuffled_(seed != 0) {
  set_links(ConnectionOptions());
  set_host("localhost", {parse_or_die("127.0.0.1:0")});
}

MemoryNetwork::~MemoryNetwork() {
  // What callbacks on one loop hold may belong to another.
  for (const auto& worker : workers_) worker->shut();
}

Network& MemoryNetwork::add_worker() {
  workers_.push_back(std::make_unique<WorkerNetwork>(*this));
  return *workers_.back();
}

std::unique_ptr<Peer> MemoryNetwork::dial(std::string_view address) {
  return std::unique_ptr<Peer>(new Peer(*this, connect(parse_or_die(address)), 0));
}

std::unique_ptr<PeerListener> MemoryNetwork::serve(std::string_view address) {
  base::Result<std::shared_ptr<Port>> port = open_port(parse_or_die(address), 1024);
  if (!port) {
    std::fprintf(stderr, "%s\n", port.error().to_string().c_str());
    std::abort();
  }
  return std::unique_ptr<PeerListener>(new PeerListener(*this, std::move(*port)));
}

void MemoryNetwork::set_links(const ConnectionOptions& options) {
  choose_links_ = [options](const Address&, std::uint64_t) { return options; };
}

void MemoryNetwork::set_links(std::function<ConnectionOptions(const Address&, std::uint64_t)> choose) {
  choose_links_ = std::move(choose);
}

void MemoryNetwork::set_host(std::string name, std::vector<Address> addresses, base::Nanoseconds delay_ns) {
  hosts_[std::move(name)] = {std::move(addresses), {}, delay_ns};
}

void MemoryNetwork::set_host_error(std::string name, base::Status error, base::Nanoseconds delay_ns) {
  hosts_[std::move(name)] = {{}, std::move(error), delay_ns};
}

void MemoryNetwork::fail_accepts(const Address& address, std::size_t count) {
  const auto found = ports_.find(address.to_string());
  if (found != ports_.end()) found->second->failures = count;
}

void MemoryNetwork::fail_connects(const Address& address, std::size_t count) {
  connect_failures_[address.to_string()] = count;
}

bool MemoryNetwork::refuses_connect(const Address& to) {
  if (connect_failures_.empty()) return false;
  const auto found = connect_failures_.find(to.to_string());
  if (found == connect_failures_.end() || found->second == 0) return false;
  --found->second;
  return true;
}

std::shared_ptr<Connection> MemoryNetwork::connect(const Address& to) {
  const ConnectionOptions options = choose_links_(to, connects_++);
  std::string from = "unix:";
  if (to.is_ip()) {
    base::Result<Address> client = Address::from_host(client_host(to), ++last_client_port_);
    if (client) from = client->to_string();
  }
  auto connection = std::make_shared<Connection>(clock_, random_, options, std::move(from), to.to_string());
  const base::Nanoseconds round_trip = options.to_server.latency_ns + options.to_client.latency_ns;
  dialling_.push_back({connection, to, clock_.monotonic_ns() + round_trip});
  std::erase_if(connections_, [](const std::weak_ptr<Connection>& one) { return one.expired(); });
  connections_.push_back(connection);
  return connection;
}

base::Result<std::shared_ptr<Port>> MemoryNetwork::open_port(const Address& address, std::size_t backlog) {
  if (address.kind() == AddressKind::name) {
    return base::Status(
        base::Reason::net_address,
        "listening: '" + address.to_string() + "' is a name where an IP address or Unix path is needed");
  }
  Address real = address;
  if (address.is_ip() && address.port() == 0) {
    do { real = address.with_port(++last_port_); } while (ports_.contains(real.to_string()));
  }
  const std::string key = real.to_string();
  if (ports_.contains(key)) {
    return base::Status(base::Reason::net_io, "listening at " + key + ": Address already in use");
  }
  auto port = std::make_shared<Port>(Port{std::move(real), std::max<std::size_t>(backlog, 1), {}});
  ports_.emplace(key, port);
  return port;
}

void MemoryNetwork::close_port(const std::shared_ptr<Port>& port) {
  ports_.erase(port->address.to_string());
  for (const std::shared_ptr<Connection>& connection : port->queue) connection->reset(1);
  port->queue.clear();
}

Port* MemoryNetwork::find_port(const Address& to) {
  auto found = ports_.find(to.to_string());
  if (found == ports_.end() && to.is_ip()) {
    const char* everywhere = to.kind() == AddressKind::ipv4 ? "0.0.0.0:" : "[::]:";
    found = ports_.find(everywhere + std::to_string(to.port()));
  }
  return found == ports_.end() ? nullptr : found->second.get();
}

AcceptedSocket MemoryNetwork::to_accepted(std::shared_ptr<Connection> connection) {
  const int id = ++last_accepted_;
  AcceptedSocket socket(id, &MemoryNetwork::close_accepted, this, connection->text(0), connection->text(1));
  accepted_.emplace(id, std::move(connection));
  return socket;
}

std::shared_ptr<Connection> MemoryNetwork::from_accepted(AcceptedSocket& socket) {
  const auto found = accepted_.find(socket.take_id());
  if (found == accepted_.end()) return nullptr;
  std::shared_ptr<Connection> connection = std::move(found->second);
  accepted_.erase(found);
  return connection;
}

void MemoryNetwork::close_accepted(void* self, int id) noexcept {
  auto& network = *static_cast<MemoryNetwork*>(self);
  const auto found = network.accepted_.find(id);
  if (found == network.accepted_.end()) return;
  found->second->close(1);
  network.accepted_.erase(found);
}

// Ends connects whose time has come; true when one did.
bool MemoryNetwork::settle_dialling() {
  bool moved = false;
  const base::Nanoseconds now = clock_.monotonic_ns();
  std::erase_if(dialling_, [&](const Dialling& one) {
    if (one.connection->closed(0)) return true;
    if (one.at_ns > now || one.connection->options().answer == ConnectAnswer::silence) return false;
    Port* port = find_port(one.to);
    if (port == nullptr || one.connection->options().answer == ConnectAnswer::refuse) {
      one.connection->state = Connection::State::refused;
    } else if (port->queue.size() >= port->backlog) {
      return false;  // the kernel drops the SYN, which is sent again
    } else {
      one.connection->state = Connection::State::connected;
      port->queue.push_back(one.connection);
    }
    moved = true;
    return true;
  });
  return moved;
}

bool MemoryNetwork::step() {
  bool moved = settle_dialling();
  for (Peer* peer : std::vector<Peer*>(peers_)) moved = peer->step() || moved;
  std::vector<ManualLoop*> busy;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    ManualLoop& loop = workers_[(next_worker_ + i) % workers_.size()]->manual_loop();
    if (loop.busy()) busy.push_back(&loop);
  }
  if (busy.empty()) return moved;
  next_worker_ = (next_worker_ + 1) % workers_.size();
  ManualLoop* chosen = shuffled_ ? busy[random_() % busy.size()] : busy.front();
  chosen->turn(shuffled_ ? &random_ : nullptr, std::exchange(held_up_, {}));
  ++turns_;
  return true;
}

bool MemoryNetwork::run_until_idle(std::size_t turns_max) {
  for (std::size_t i = 0; i < turns_max; ++i) {
    if (!step()) return true;
  }
  return false;
}

base::Nanoseconds MemoryNetwork::next_ns() {
  base::Nanoseconds next = base::never_ns;
  for (const auto& worker : workers_) next = std::min(next, worker->manual_loop().next_timer_ns());
  for (const std::weak_ptr<Connection>& one : connections_) {
    if (const std::shared_ptr<Connection> connection = one.lock())
      next = std::min(next, connection->next_ns());
  }
  for (const Dialling& one : dialling_) {
    if (one.at_ns > clock_.monotonic_ns()) next = std::min(next, one.at_ns);
  }
  return next;
}

bool MemoryNetwork::advance(base::Nanoseconds by_ns) {
  const base::Nanoseconds end = clock_.monotonic_ns() + by_ns;
  for (;;) {
    if (!run_until_idle()) return false;
    const base::Nanoseconds now = clock_.monotonic_ns();
    const base::Nanoseconds next = next_ns();
    if (next > end) {
      clock_.advance(end - now);
      return true;
    }
    clock_.advance(next - now);
  }
}

bool MemoryNetwork::run_until(const std::function<bool()>& done, base::Nanoseconds limit_ns) {
  const base::Nanoseconds now = clock_.monotonic_ns();
  const base::Nanoseconds end = limit_ns > base::never_ns - now ? base::never_ns : now + limit_ns;
  while (!done()) {
    if (step()) continue;
    const base::Nanoseconds next = next_ns();
    if (next > end || next == base::never_ns) return done();
    clock_.advance(next - clock_.monotonic_ns());
  }
  return true;
}

std::size_t MemoryNetwork::timers_waiting(const Network& worker) const {
  std::size_t waiting = 0;
  for (const auto& one : workers_) {
    if (one.get() == &worker) waiting += one->manual_loop().timers_waiting();
  }
  return waiting;
}

std::vector<std::shared_ptr<Connection>> MemoryNetwork::standing_connections() const {
  std::vector<std::shared_ptr<Connection>> standing;
  for (const std::weak_ptr<Connection>& one : connections_) {
    std::shared_ptr<Connection> connection = one.lock();
    if (connection != nullptr && connection->state == Connection::State::connected &&
        !(connection->closed(0) && connection->closed(1))) {
      standing.push_back(std::move(connection));
    }
  }
  return standing;
}

std::size_t MemoryNetwork::open_connections() const { return standing_connections().size(); }

}  // namespace koine::net::memory
