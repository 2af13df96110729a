// The admin's listener and its connections.
#include "gateway/admin.h"

#include <utility>

namespace koine::gateway {

class AdminConnection {
 public:
  explicit AdminConnection(Handle) {}
};

Admin::Admin(net::Network& network, base::Logger& log, AdminSource& source, router::Address bind)
    : network_(network), log_(log), source_(source), bind_(std::move(bind)), turn_(network.loop()) {}

Admin::~Admin() = default;

base::Status Admin::listen() {
  const std::string text = bind_.to_string();
  auto address = net::Address::parse(text);
  if (!address.has_value()) return address.error().with_context("admin " + text);
  auto socket = network_.listen(*address, *this, net::ListenOptions());
  if (!socket.has_value()) return socket.error().with_context("admin " + text);
  socket_ = std::move(*socket);
  return {};
}

void Admin::on_accepted(net::AcceptedSocket) {}

void Admin::on_accept_failed(const base::Status& status) {
  log_.error("accept_failed", {{"listener", "admin"}, {"error", status.to_string()}});
}

}  // namespace koine::gateway
