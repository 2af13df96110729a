// Choosing, opening and sharing connections.
#include "gateway/upstream_pool.h"

#include <algorithm>
#include <utility>

namespace koine::gateway {
namespace {

using base::Reason;
using base::Status;

// While another worker waits for a permit, a connection serves this many more calls of ours before it goes.
constexpr std::uint32_t served_while_wanted_max = 16;
// The last good answer of a look-up is used at once, and asked for again when it is older than this.
constexpr base::Nanoseconds refresh_after_ns = 30 * base::second_ns;
// Multiplexed connections: calls that one being opened is expected to take.
constexpr std::size_t expected_streams = 100;

}  // namespace

UpstreamPool::UpstreamPool(UpstreamContext& context, const router::Cluster& cluster,
                           const base::Limits& limits, std::uint64_t id, Wakers& wakers)
    : context_(context),
      loop_(context.network.loop()),
      cluster_(cluster),
      limits_(limits),
      id_(id),
      codec_(context.codecs->find(cluster.protocol)),
      metrics_(context.metrics.service(cluster.name)),
      retry_timer_(context.network.loop()) {
  for (const router::Endpoint& configured : cluster.endpoints) {
    EndpointState endpoint;
    endpoint.text = configured.address.to_string();
    auto address = net::Address::parse(endpoint.text);
    if (!address.has_value()) {
      endpoint.unusable = address.error();
    } else {
      endpoint.address = std::move(*address);
    }
    endpoint.permits = std::make_unique<Permits::Member>(context.permits, cluster.name + "|" + endpoint.text,
                                                         wakers.make(id, endpoints_.size()));
    endpoints_.push_back(std::move(endpoint));
  }
}

UpstreamPool::~UpstreamPool() {
  for (EndpointState& endpoint : endpoints_) {
    if (endpoint.refreshing != 0) context_.network.cancel_resolve(endpoint.refreshing);
    for (const Handle handle : endpoint.connections.handles()) {
      const UpstreamConnection* connection = connections_.find(handle);
      if (connection == nullptr) continue;
      metrics_.connections_closed.add();
      if (!connection->connecting()) endpoint.permits->disconnected();
      endpoint.permits->give_back();
    }
  }
}

std::string UpstreamPool::key_of(const router::Cluster& cluster, const base::Limits& limits) {
  std::string key = cluster.name;
  const auto add = [&](const auto& value) {
    key += '|';
    if constexpr (std::is_integral_v<std::decay_t<decltype(value)>>) {
      key += std::to_string(value);
    } else {
      key += value;
    }
  };
  add(static_cast<int>(cluster.protocol));
  add(static_cast<int>(cluster.thrift.encoding));
  add(cluster.thrift.multiplexed_name);
  add(cluster.authority);
  add(cluster.connections_max);
  add(cluster.pipelined_max);
  add(cluster.idle_close_ns);
  add(cluster.connect_timeout_ns);
  for (const router::Endpoint& endpoint : cluster.endpoints) add(endpoint.address.to_string());
#define KOINE_GATEWAY_LIMIT(name, ...) add(limits.name);
  KOINE_LIMITS(KOINE_GATEWAY_LIMIT)
#undef KOINE_GATEWAY_LIMIT
#define KOINE_GATEWAY_TIMER(name, ...) add(limits.name##_ns);
  KOINE_TIMERS(KOINE_GATEWAY_TIMER)
#undef KOINE_GATEWAY_TIMER
  return key;
}

UpstreamConnection* UpstreamPool::with_room(EndpointState& endpoint) {
  // The first with room, not the least busy: few busy connections cost fewer wake-ups than many idle ones,
  // and those beyond need become idle and close.
  return connections_.find(endpoint.connections.first([this](Handle handle) {
    const UpstreamConnection* connection = connections_.find(handle);
    return connection != nullptr && connection->capacity() > 0;
  }));
}

UpstreamConnection* UpstreamPool::next_with_room() {
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    const std::size_t index = (next_endpoint_ + i) % endpoints_.size();
    if (UpstreamConnection* connection = with_room(endpoints_[index])) { return connection; }
  }
  return nullptr;
}

UpstreamPool::Acquired UpstreamPool::acquire(AttemptRef attempt) {
  Acquired acquired;
  if (codec_ == nullptr) {
    acquired.failure = Status(Reason::wire_unsupported, "this build does not speak the provider's protocol");
    return acquired;
  }
  if (waiting_.empty()) {
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
      const std::size_t index = next_endpoint_ % endpoints_.size();
      if (!down(endpoints_[index])) {
        acquired.connection = with_room(endpoints_[index]);
        // An endpoint whose turn it is gets a connection, but this call does not wait for it while another
        // endpoint has room.
        if (acquired.connection == nullptr && endpoints_[index].connections.empty()) open(index, false);
        if (acquired.connection == nullptr) acquired.connection = next_with_room();
        if (acquired.connection == nullptr) break;
      }
      ++next_endpoint_;
      if (acquired.connection != nullptr) break;
    }
    // Every endpoint is down, but connections from before may still stand.
    if (acquired.connection == nullptr) acquired.connection = next_with_room();
    if (acquired.connection != nullptr) {
      handed_out(*acquired.connection);
      return acquired;
    }
  }
  waiting_.push(attempt);
  open_for_waiting();
  if (hopeless()) {
    waiting_.remove(attempt);
    acquired.failure = unavailable();
  } else {
    watch_down();
  }
  return acquired;
}

void UpstreamPool::handed_out(const UpstreamConnection& connection) {
  EndpointState& endpoint = endpoints_[connection.endpoint()];
  if (endpoint.permits->wanted_by_others()) ++endpoint.served_while_wanted;
}

void UpstreamPool::give_up(AttemptRef attempt) {
  if (waiting_.remove(attempt)) waiting_changed();
}

// Nobody waits here any more: then no other worker should give up a connection for us.
void UpstreamPool::waiting_changed() {
  if (!waiting_.empty()) return;
  for (EndpointState& endpoint : endpoints_) {
    if (!endpoint.waits_for_permit) continue;
    endpoint.waits_for_permit = false;
    endpoint.permits->stop_waiting();
  }
}

std::size_t UpstreamPool::expected_room() {
  std::size_t room = 0;
  for (const EndpointState& endpoint : endpoints_) {
    for (const Handle handle : endpoint.connections.handles()) {
      const UpstreamConnection* connection = connections_.find(handle);
      if (connection == nullptr || !connection->connecting()) continue;
      room +=
          codec_->traits().multiplexed ? expected_streams : std::max<std::size_t>(cluster_.pipelined_max, 1);
    }
  }
  return room;
}

// Opens connections until those being opened are enough for who waits; what permits forbid is waited for.
void UpstreamPool::open_for_waiting() {
  std::size_t expected = expected_room();
  std::size_t passed_over = 0;
  while (expected < waiting_.size() && passed_over < endpoints_.size()) {
    const std::size_t index = next_endpoint_++ % endpoints_.size();
    passed_over = !down(endpoints_[index]) && open(index, true) ? 0 : passed_over + 1;
    expected = expected_room();
  }
}

bool UpstreamPool::open(std::size_t index, bool wait) {
  EndpointState& endpoint = endpoints_[index];
  if (!wait) {
    if (!endpoint.permits->try_take(cluster_.connections_max)) return false;
  } else if (!endpoint.permits->take_or_wait(cluster_.connections_max)) {
    if (!endpoint.waits_for_permit) metrics_.permit_waits.add();
    endpoint.waits_for_permit = true;
    return false;
  }
  connect(index);
  return true;
}

void UpstreamPool::connect(std::size_t index) {
  EndpointState& endpoint = endpoints_[index];
  UpstreamConnection& connection = connections_.emplace(*this, index);
  connection.set_place(endpoint.connections.add(connection.handle()));
  metrics_.connections_opened.add();
  if (endpoint.address.kind() != net::AddressKind::name) {
    connection.connect({endpoint.address});
  } else if (endpoint.resolved.empty()) {
    connection.resolve();
  } else {
    // Addresses of one name take turns too; the others follow as second choices.
    std::vector<net::Address> candidates = endpoint.resolved;
    const auto first = static_cast<std::ptrdiff_t>(endpoint.next_resolved++ % candidates.size());
    std::rotate(candidates.begin(), candidates.begin() + first, candidates.end());
    connection.connect(std::move(candidates));
    if (now_ns() - endpoint.resolved_at_ns > refresh_after_ns) refresh(index);
  }
}

void UpstreamPool::refresh(std::size_t index) {
  EndpointState& endpoint = endpoints_[index];
  if (endpoint.refreshing != 0) return;
  endpoint.refreshing = context_.network.resolve(
      endpoint.address, [this, index](base::Result<std::vector<net::Address>> found) {
        endpoints_[index].refreshing = 0;
        // A failed look-up changes nothing: the last good answer is kept, and asked for again later.
        if (found.has_value()) {
          resolved(index, std::move(*found));
        } else {
          endpoints_[index].resolved_at_ns = now_ns();
        }
      });
}

void UpstreamPool::resolved(std::size_t index, std::vector<net::Address> addresses) {
  if (addresses.empty()) return;
  endpoints_[index].resolved = std::move(addresses);
  endpoints_[index].resolved_at_ns = now_ns();
}

// Nothing that happens by itself could ever serve who waits.
bool UpstreamPool::hopeless() {
  for (const EndpointState& endpoint : endpoints_) {
    if (!down(endpoint)) return false;  // being connected to, or a permit of another worker's is waited for
    if (endpoint.unusable.ok() && endpoint.permits->others_connected()) return false;  // it is there
    for (const Handle handle : endpoint.connections.handles()) {
      const UpstreamConnection* connection = connections_.find(handle);
      if (connection != nullptr && connection->state() != UpstreamConnection::State::leaving) return false;
    }
  }
  return true;
}

Status UpstreamPool::unavailable() const {
  if (endpoints_.empty()) {
    return {Reason::upstream_no_endpoint, "service " + cluster_.name + " has no endpoints"};
  }
  std::string text = "service " + cluster_.name + ": no endpoint can be reached";
  for (const EndpointState& endpoint : endpoints_) {
    const Status why = endpoint.unusable.ok() ? endpoint.permits->last_error() : endpoint.unusable;
    text += "; ";
    // Most errors name the address themselves.
    if (why.message().find(endpoint.text) == std::string_view::npos) text += endpoint.text + ": ";
    text += why.message();
  }
  return {Reason::upstream_connect, text};
}

void UpstreamPool::fail_waiting(const Status& why) {
  const std::vector<AttemptRef> all = waiting_.take_all();
  waiting_changed();
  for (const AttemptRef& attempt : all) context_.events.on_unavailable(attempt, why);
}

void UpstreamPool::serve_waiting() {
  while (!waiting_.empty()) {
    UpstreamConnection* connection = next_with_room();
    if (connection == nullptr) break;
    ++next_endpoint_;
    const AttemptRef attempt = waiting_.pop();
    handed_out(*connection);
    context_.events.on_ready(attempt, *connection);
  }
  waiting_changed();
}

void UpstreamPool::watch_down() {
  if (waiting_.empty() || retry_timer_.active()) return;
  base::Nanoseconds next = base::never_ns;
  for (const EndpointState& endpoint : endpoints_) {
    if (down(endpoint)) next = std::min(next, down_until_ns(endpoint));
  }
  if (next == base::never_ns) return;
  retry_timer_.start(next - now_ns(), [this] {
    if (waiting_.empty()) return;
    open_for_waiting();
    if (hopeless()) return fail_waiting(unavailable());
    watch_down();
  });
}

void UpstreamPool::end_of_turn() {
  serve_waiting();
  if (!waiting_.empty()) open_for_waiting();
}

void UpstreamPool::connection_ready(UpstreamConnection& connection) {
  endpoints_[connection.endpoint()].permits->connected();
  connection_has_room(connection);
  context_.turn.queue(*this);
}

void UpstreamPool::connect_failed(UpstreamConnection& connection, const Status& why) {
  EndpointState& endpoint = endpoints_[connection.endpoint()];
  if (retired_ && waiting_.empty()) return;
  metrics_.connect_failures.add();
  endpoint.permits->connect_failed(now_ns(), why);
  // The provider may have moved: the name is asked for again at once.
  if (!endpoint.resolved.empty()) refresh(connection.endpoint());
  open_for_waiting();
  if (!waiting_.empty() && hopeless()) fail_waiting(unavailable());
  watch_down();
}

void UpstreamPool::connection_rests(UpstreamConnection& connection) {
  EndpointState& endpoint = endpoints_[connection.endpoint()];
  const bool wanted = endpoint.permits->wanted_by_others();
  if (!wanted) endpoint.served_while_wanted = 0;
  const bool unused = connection.calls_in_flight() == 0 && waiting_.empty();
  // One that pipelines is never idle under load: it has to stop taking calls to become so.
  const bool had_its_share = endpoint.served_while_wanted >= served_while_wanted_max;
  if (wanted ? !unused && !had_its_share : !unused || !retired_) return;
  endpoint.served_while_wanted = 0;
  connection.leave();
}

void UpstreamPool::connection_gone(UpstreamConnection& connection, bool was_connecting) {
  EndpointState& endpoint = endpoints_[connection.endpoint()];
  endpoint.connections.remove(connection.place());
  metrics_.connections_closed.add();
  if (!was_connecting) endpoint.permits->disconnected();
  endpoint.permits->give_back();
  if (!waiting_.empty()) context_.turn.queue(*this);
}

bool UpstreamPool::spoke_since(std::size_t endpoint, base::Nanoseconds since_ns) {
  return std::ranges::any_of(endpoints_[endpoint].connections.handles(), [&](Handle handle) {
    const UpstreamConnection* connection = connections_.find(handle);
    return connection != nullptr && connection->spoke_at_ns() > since_ns;
  });
}

void UpstreamPool::retire() {
  if (retired_) return;
  retired_ = true;
  for (const Handle handle : connections_.handles()) {
    UpstreamConnection* connection = connections_.find(handle);
    if (connection != nullptr && connection->calls_in_flight() == 0 && waiting_.empty()) connection->leave();
  }
}

void UpstreamPool::on_permit_granted(std::size_t index) {
  EndpointState& endpoint = endpoints_[index];
  endpoint.waits_for_permit = false;
  if (expected_room() < waiting_.size() && !down(endpoint)) open(index, false);
  if (!waiting_.empty()) open_for_waiting();
  // Not needed any more, or given to us again meanwhile: whoever waits next has it.
  if (!endpoint.waits_for_permit) endpoint.permits->pass_on();
}

void UpstreamPool::on_idle_wanted(std::size_t index) {
  for (const Handle handle : std::vector<Handle>(endpoints_[index].connections.handles())) {
    UpstreamConnection* connection = connections_.find(handle);
    if (connection == nullptr || connection->state() != UpstreamConnection::State::ready) continue;
    if (connection->calls_in_flight() > 0) continue;
    return connection_rests(*connection);
  }
}

// Our calls waited because others had connections: it is tried at once whether the endpoint is there.
void UpstreamPool::on_nobody_connected(std::size_t index) {
  if (waiting_.empty() || !endpoints_[index].unusable.ok() || !endpoints_[index].connections.empty()) return;
  if (down(endpoints_[index])) open(index, true);
  if (!waiting_.empty() && hopeless()) fail_waiting(unavailable());
}

}  // namespace koine::gateway
