// UpstreamPool: one worker's connections to one service's endpoints, and the calls that wait for one.
//
// Endpoints take turns. A call gets a connection with room at once where there is one; otherwise it waits, in
// order, while a connection is opened, as far as permits (connections_max, process-wide) allow. While another
// worker waits for a permit, a connection here serves a few calls more and is then given up. When connecting
// to an endpoint fails the waiting calls go to the others; when every endpoint is down they are told, and new
// calls too until the back-off is over; but as long as another worker has a connection that stands the
// endpoint is there, and the calls wait for the next try. Lives as long as a Snapshot in use names it; the
// worker's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/attempt.h"
#include "gateway/codecs.h"
#include "gateway/connection_row.h"
#include "gateway/ids.h"
#include "gateway/permits.h"
#include "gateway/pulse.h"
#include "gateway/turn.h"
#include "gateway/upstream_connection.h"
#include "gateway/waiting_line.h"
#include "governance/metrics/cells.h"
#include "net/network.h"
#include "router/cluster.h"

namespace koine::gateway {

// What pools use of their worker.
struct UpstreamContext {
  net::Network& network;
  Turn& turn;
  Turn::Task& worker;  // queued when a connection has been destroyed
  AttemptEvents& events;
  Permits& permits;
  std::shared_ptr<const Codecs> codecs;
  governance::metrics::Shard& metrics;
  Pulse& pulse;
};

class UpstreamPool final : public Turn::Task, public std::enable_shared_from_this<UpstreamPool> {
 public:
  class Wakers {
   public:
    // Posts to the worker, which finds the pool by its id and calls the on_ function of the same name.
    virtual std::shared_ptr<Permits::Waker> make(std::uint64_t pool, std::size_t endpoint) = 0;

   protected:
    ~Wakers() = default;
  };
  // `cluster` is copied; `id` names the pool on its worker. Only ever in a shared_ptr.
  UpstreamPool(UpstreamContext& context, const router::Cluster& cluster, const base::Limits& limits,
               std::uint64_t id, Wakers& wakers);
  ~UpstreamPool();

  // Two clusters with the same key can share a pool: everything that decides where and how to connect.
  static std::string key_of(const router::Cluster& cluster, const base::Limits& limits);

  struct Acquired {
    UpstreamConnection* connection = nullptr;  // with room now
    base::Status failure;                      // none to be had
    // neither: the attempt waits, and on_ready or on_unavailable tells the rest
  };
  Acquired acquire(AttemptRef attempt);
  // The attempt waits no longer.
  void give_up(AttemptRef attempt);
  UpstreamConnection* find(Handle connection) { return connections_.find(connection); }
  const std::string& endpoint_text(std::size_t endpoint) const { return endpoints_[endpoint].text; }

  // No Snapshot for new calls names it any more: idle connections are closed, the others as they become idle.
  void retire();
  void on_permit_granted(std::size_t endpoint);
  void on_idle_wanted(std::size_t endpoint);
  void on_nobody_connected(std::size_t endpoint);

  std::uint64_t id() const { return id_; }
  std::size_t connections() const { return connections_.size(); }
  std::size_t waiting() const { return waiting_.size(); }

 private:
  friend class UpstreamConnection;
  struct EndpointState {
    std::string text;
    net::Address address;
    std::unique_ptr<Permits::Member> permits;
    std::vector<net::Address> resolved;  // the last good answer, when it is a name
    base::Nanoseconds resolved_at_ns = 0;
    net::ResolveId refreshing = 0;
    std::size_t next_resolved = 0;
    ConnectionRow connections;  // connecting, ready or leaving
    base::Status unusable;      // not OK: its address cannot be read, it is never tried
    bool waits_for_permit = false;
    std::uint32_t served_while_wanted = 0;
  };

  base::Nanoseconds now_ns() const { return loop_.now_ns(); }
  base::Nanoseconds down_until_ns(const EndpointState& endpoint) const {
    return endpoint.unusable.ok() ? endpoint.permits->down_until_ns() : base::never_ns;
  }
  bool down(const EndpointState& endpoint) const { return down_until_ns(endpoint) > now_ns(); }
  UpstreamConnection* with_room(EndpointState& endpoint);
  UpstreamConnection* next_with_room();
  void handed_out(const UpstreamConnection& connection);
  // Takes a permit; without one, false, and with `wait` one is waited for.
  bool open(std::size_t index, bool wait);
  void connect(std::size_t index);
  void refresh(std::size_t index);
  void open_for_waiting();
  std::size_t expected_room();
  bool hopeless();
  base::Status unavailable() const;
  void fail_waiting(const base::Status& why);
  void serve_waiting();
  void waiting_changed();
  // While calls wait for an endpoint that is left alone: tries again when that is over.
  void watch_down();

  // Told by connections.
  void connection_ready(UpstreamConnection& connection);
  // A call on it is over, or its provider takes more of them.
  void connection_has_room(const UpstreamConnection& connection) {
    endpoints_[connection.endpoint()].connections.may_have_room(connection.place());
  }
  void connect_failed(UpstreamConnection& connection, const base::Status& why);
  // At the end of a turn in which something happened on it: does it go on, or is it to be given up?
  void connection_rests(UpstreamConnection& connection);
  void connection_gone(UpstreamConnection& connection, bool was_connecting);
  // On any connection to the endpoint.
  bool spoke_since(std::size_t endpoint, base::Nanoseconds since_ns);
  void resolved(std::size_t index, std::vector<net::Address> addresses);
  // Turn::Task: gives rooms to who waits.
  void end_of_turn() override;

  UpstreamContext& context_;
  net::Loop& loop_;
  const router::Cluster cluster_;
  const base::Limits limits_;
  const std::uint64_t id_;
  const codecs::CallCodec* codec_;
  governance::metrics::ServiceCell& metrics_;
  std::vector<EndpointState> endpoints_;
  std::size_t next_endpoint_ = 0;
  SlotMap<UpstreamConnection> connections_;
  WaitingLine waiting_;
  bool retired_ = false;
  net::Timer retry_timer_;
};

}  // namespace koine::gateway
