// Handing connections to workers.
#include "gateway/acceptor.h"

#include <utility>

namespace koine::gateway {

std::size_t Workers::connections() const {
  std::size_t sum = 0;
  for (const auto& worker : all_) sum += worker->load();
  return sum;
}

bool Workers::hand_over(net::AcceptedSocket socket, const ListenerRef& listener) {
  if (connections() >= connections_max_) {
    count_refused(which_max_);
    return false;  // destroying the socket closes it
  }
  std::size_t best = first_ % all_.size();
  for (std::size_t i = 1; i < all_.size(); ++i) {
    const std::size_t index = (first_ + i) % all_.size();
    if (all_[index]->load() < all_[best]->load()) best = index;
  }
  first_ = best + 1;
  all_[best]->accept(std::move(socket), listener);
  return true;
}

base::Status Acceptor::listen(net::Network& network) {
  auto address = net::Address::parse(listener_->bind.to_string());
  if (!address.has_value()) return address.error().with_context("listener");
  auto socket = network.listen(*address, *this, net::ListenOptions());
  if (!socket.has_value()) return socket.error().with_context("listener");
  socket_ = std::move(*socket);
  return {};
}

void Acceptor::on_accepted(net::AcceptedSocket socket) {
  const char* why = workers_.which_max() == base::Limit::connections_max
                        ? "connections_max is reached"
                        : "the process has descriptors for no more (LimitNOFILE=, ulimit -n)";
  if (open_->load(std::memory_order_relaxed) >= workers_.listener_connections_max()) {
    workers_.count_refused(base::Limit::listener_connections_max);
    why = "listener_connections_max is reached";
  } else {
    auto place = std::make_shared<const Place>(listener_, open_);
    const control::Listener* listener = place->listener.get();
    if (workers_.hand_over(std::move(socket), ListenerRef(std::move(place), listener))) return;
  }
  log_.warn("connection_refused",
            {{"listener", listener_->bind.to_string()}, {"reason", "LIMIT_CONNECTIONS"}, {"why", why}});
}

void Acceptor::on_accept_failed(const base::Status& status) {
  log_.error("accept_failed", {{"listener", listener_->bind.to_string()}, {"error", status.to_string()}});
}

}  // namespace koine::gateway
