// Admin: the operator's port: metrics, health and what is configured, over HTTP/1.1.
//
//   GET /metrics       Prometheus text
//   GET /health/live   200 as long as the main loop turns and no worker is stuck, else 503
//   GET /health/ready  200 while new calls are welcome, 503 before the start and from the drain on
//   GET /config        the running configuration in short, as JSON; no secrets are in it
//
// Reads only; listens on loopback or a Unix socket (control refuses anything else). Connections that are left
// open cannot shut anybody out: when there are admin_connections_max, the one that has been silent for
// longest goes. The main loop's thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "control/snapshot.h"
#include "gateway/ids.h"
#include "gateway/turn.h"
#include "net/network.h"

namespace koine::gateway {

// Where the pages get their text; the gateway.
class AdminSource {
 public:
  virtual bool ready() const = 0;
  virtual bool live() const = 0;
  virtual std::string metrics_text() const = 0;
  virtual std::string config_text() const = 0;
  // Of the running configuration, and where what was met is counted.
  virtual const base::Limits& limits() const = 0;
  virtual base::LimitHits& limit_hits() = 0;

 protected:
  ~AdminSource() = default;
};

struct AdminPage {
  int status = 200;
  std::string_view content_type;
  std::string body;
};
// The page of a path without its query; 404 with the list of pages for any other.
AdminPage admin_page(const AdminSource& source, std::string_view path);

// The snapshot in short: listeners as bound, services, limits.
std::string describe(const control::Snapshot& snapshot, const std::vector<std::string>& addresses,
                     std::size_t workers);

class AdminConnection;

class Admin final : public net::ListenerHandler {
 public:
  Admin(net::Network& network, base::Logger& log, AdminSource& source, router::Address bind);
  ~Admin();

  // Errors: NET_ADDRESS, NET_IO.
  [[nodiscard]] base::Status listen();
  const router::Address& bind() const { return bind_; }
  const net::Address& address() const { return socket_->address(); }

  void on_accepted(net::AcceptedSocket socket) override;
  void on_accept_failed(const base::Status& status) override;

 private:
  friend class AdminConnection;

  net::Network& network_;
  base::Logger& log_;
  AdminSource& source_;
  const router::Address bind_;
  Turn turn_;
  AdminConnection* most_silent();

  SlotMap<AdminConnection> connections_;
  net::ListenerPtr socket_;
};

}  // namespace koine::gateway
