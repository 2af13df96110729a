// Putting the parts together, reloading and draining.
#include "gateway/gateway.h"

#include <algorithm>
#include <utility>

namespace koine::gateway {
namespace {

// Listeners hand over what waits in their queues within a turn or two; workers drain after that.
constexpr base::Nanoseconds accept_queue_ns = 20 * base::millisecond_ns;
// Callers that cannot be told goodbye are served on while the drain lasts, but for its last part: what is in
// flight then still has this long, and no more than this part of the whole.
constexpr base::Nanoseconds last_calls_ns = 5 * base::second_ns;
constexpr base::Nanoseconds last_calls_part = 3;

ListenerRef listener_of(const control::SnapshotRef& snapshot, std::size_t index) {
  // A copy: a connection keeps what it was accepted with, and must not keep a whole Snapshot for it.
  return std::make_shared<const control::Listener>(snapshot->listeners[index]);
}

}  // namespace

Gateway::Gateway(GatewayOptions options, net::Network& main, std::vector<net::Network*> workers)
    : options_(std::move(options)),
      main_(main),
      snapshot_(options_.snapshot),
      workers_(make_workers(std::move(workers)), 0, &metrics_.process_hits()),
      timer_(main.loop()),
      last_calls_timer_(main.loop()),
      drain_timer_(main.loop()) {
  apply_limits();
}

Gateway::~Gateway() {
  acceptors_.clear();
  admin_.reset();
  if (access_log_) access_log_->stop();
}

std::vector<std::unique_ptr<Worker>> Gateway::make_workers(std::vector<net::Network*> networks) {
  if (!options_.codecs) options_.codecs = make_codecs();
  const control::AccessLog& log = snapshot_->access_log;
  if (log.enabled) {
    std::unique_ptr<governance::access_log::Sink> sink = std::move(options_.access_log_sink);
    if (!sink) sink = governance::access_log::make_file_sink(log.path);
    access_log_ = std::make_unique<governance::access_log::Writer>(std::move(sink));
  }
  std::vector<std::unique_ptr<Worker>> all;
  for (net::Network* network : networks) {
    WorkerParts parts;
    parts.network = network;
    parts.permits = &permits_;
    parts.memory = &memory_;
    parts.log = options_.log;
    parts.shard = &metrics_.add_shard();
    parts.governance.metrics = parts.shard;
    parts.governance.concurrency = &concurrency_;
    if (access_log_) {
      parts.governance.access_log = access_log_.get();
      parts.governance.access_log_ring = &access_log_->add_ring(log.ring_bytes);
    }
    parts.extra_steps = options_.extra_steps;
    parts.codecs = options_.codecs;
    parts.sabotage = options_.sabotage;
    parts.on_drained = [this] { main_.loop().post([this] { worker_drained(); }); };
    all.push_back(std::make_unique<Worker>(std::move(parts), for_workers(snapshot_)));
  }
  return all;
}

// Whoever lets a Snapshot go last destroys it, and for thousands of routes that takes milliseconds, which are
// not a worker's to lose: the workers' references end on the main loop.
control::SnapshotRef Gateway::for_workers(control::SnapshotRef snapshot) {
  const control::Snapshot* bare = snapshot.get();
  return control::SnapshotRef(
      bare, [&loop = main_.loop(), keep = std::move(snapshot)](const control::Snapshot*) mutable {
        loop.post([last = std::move(keep)] {});
      });
}

void Gateway::apply_limits() {
  workers_.set_connections_max(snapshot_->limits.connections_max, options_.connections_max);
  workers_.set_listener_connections_max(snapshot_->limits.listener_connections_max);
}

base::Status Gateway::start() {
  KOINE_RETURN_IF_ERROR(open_listeners(snapshot_));
  if (access_log_) {
    base::Status opened = access_log_->start();
    if (!opened.ok()) {
      acceptors_.clear();
      admin_.reset();
      return opened;
    }
  }
  if (options_.watchdog) start_watchdog(*options_.watchdog);
  started_ = true;
  return {};
}

void Gateway::start_watchdog(const WatchdogOptions& watchdog) {
  Watchdog::Events events;
  events.busy_since_ns = [this](std::size_t worker) { return workers_.all()[worker]->busy_since_ns(); };
  events.stuck = [this](std::size_t worker, base::Nanoseconds stuck_ns) {
    options_.log->error(
        "worker_stuck",
        {{"worker", worker}, {"for_ms", stuck_ns / base::millisecond_ns}, {"last", beat_text(worker)}});
  };
  events.recovered = [this](std::size_t worker, base::Nanoseconds stuck_ns) {
    options_.log->warn("worker_recovered", {{"worker", worker}, {"for_ms", stuck_ns / base::millisecond_ns}});
  };
  events.hopeless = [this](std::size_t worker, base::Nanoseconds stuck_ns) {
    options_.log->error(
        "worker_past_help",
        {{"worker", worker}, {"for_ms", stuck_ns / base::millisecond_ns}, {"last", beat_text(worker)}});
    options_.log->flush();
    if (options_.past_help) options_.past_help();
  };
  watchdog_.emplace(main_.loop(), workers_.all().size(), watchdog, std::move(events));
  watchdog_->start();
}

// What a worker turned to last, with the method's name when it is one of the running configuration.
std::string Gateway::beat_text(std::size_t worker) const {
  const Pulse::Beat beat = workers_.all()[worker]->last_beat();
  std::string text(to_string(beat.activity));
  if (beat.activity != Activity::request && beat.activity != Activity::reply) return text;
  const auto& routes = snapshot_->routes.routes();
  if (beat.version != (snapshot_->version & Pulse::version_mask) || beat.route >= routes.size()) {
    return text + " of an earlier configuration";
  }
  const router::MethodRoute& route = *routes[beat.route];
  return text + " of " + route.service + "/" + route.method;
}

// Makes acceptors_ and admin_ what the snapshot says; on failure they are what they were.
base::Status Gateway::open_listeners(const control::SnapshotRef& next) {
  const control::Snapshot& snapshot = *next;
  std::vector<std::unique_ptr<Acceptor>> fresh(snapshot.listeners.size());
  for (std::size_t i = 0; i < snapshot.listeners.size(); ++i) {
    const auto same = [&](const std::unique_ptr<Acceptor>& one) {
      return one != nullptr && one->listener().bind == snapshot.listeners[i].bind;
    };
    // Port 0 twice means two ports, so such a listener stays the one at its place.
    if (std::find_if(acceptors_.begin(), acceptors_.end(), same) != acceptors_.end()) continue;
    fresh[i] = std::make_unique<Acceptor>(workers_, *options_.log, listener_of(next, i));
    KOINE_RETURN_IF_ERROR(fresh[i]->listen(main_));
  }
  std::unique_ptr<Admin> admin;
  const bool same_admin = admin_ && snapshot.admin && admin_->bind() == *snapshot.admin;
  if (snapshot.admin && !same_admin) {
    admin = std::make_unique<Admin>(main_, *options_.log, static_cast<AdminSource&>(*this), *snapshot.admin);
    KOINE_RETURN_IF_ERROR(admin->listen());
  }
  // Nothing fails any more.
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    if (fresh[i]) continue;
    for (std::unique_ptr<Acceptor>& old : acceptors_) {
      if (old == nullptr || !(old->listener().bind == snapshot.listeners[i].bind)) continue;
      fresh[i] = std::move(old);
      fresh[i]->set_listener(listener_of(next, i));
      break;
    }
  }
  acceptors_ = std::move(fresh);
  if (!same_admin) admin_ = std::move(admin);
  return {};
}

std::vector<std::string> Gateway::addresses() const {
  std::vector<std::string> all;
  for (const auto& acceptor : acceptors_) all.push_back(acceptor->address().to_string());
  return all;
}

std::string Gateway::admin_address() const { return admin_ ? admin_->address().to_string() : std::string(); }

bool Gateway::reload() {
  reopen_logs();
  if (draining_ || !options_.reload) return false;
  return apply(options_.reload(next_version()));
}

bool Gateway::apply(control::SnapshotRef next) {
  if (draining_) return false;
  base::Status listening;
  if (next) listening = open_listeners(next);
  if (!next || !listening.ok()) {
    ++reloads_refused_;
    if (!listening.ok()) options_.log->error("reload_refused", {{"error", listening.to_string()}});
    options_.log->warn("configuration_kept", {{"version", snapshot_->version}});
    return false;
  }
  ++reloads_applied_;
  name_restarts(*next);
  snapshot_ = std::move(next);
  apply_limits();
  for (const auto& worker : workers_.all()) worker->set_snapshot(for_workers(snapshot_));
  options_.log->info("reloaded", {{"version", snapshot_->version}, {"source", snapshot_->source}});
  return true;
}

// Threads and the log's file are made once.
void Gateway::name_restarts(const control::Snapshot& next) {
  if (next.workers != snapshot_->workers) {
    options_.log->warn("restart_needed", {{"key", "workers"}, {"running", workers_.all().size()}});
  }
  if (!(next.access_log == snapshot_->access_log)) {
    options_.log->warn("restart_needed", {{"key", "access_log"}});
  }
}

std::string Gateway::status_text() const {
  if (draining_) return "Draining, " + std::to_string(workers_.connections()) + " connections";
  std::string text = "Serving";
  for (const std::string& address : addresses()) text += " " + address;
  return text + ", configuration " + std::to_string(snapshot_->version);
}

void Gateway::reopen_logs() {
  if (access_log_) access_log_->reopen();
}

void Gateway::drain(std::function<void()> done) {
  if (draining_) {
    for (const auto& worker : workers_.all()) worker->close_all();
    return;
  }
  draining_ = true;
  drained_ = std::move(done);
  options_.log->info("draining", {{"connections", workers_.connections()}});
  for (const auto& acceptor : acceptors_) acceptor->close_after_accepting();
  timer_.start(accept_queue_ns, [this] {
    for (const auto& worker : workers_.all()) worker->drain();
  });
  const base::Nanoseconds timeout = std::max(snapshot_->drain_timeout_ns, 3 * accept_queue_ns);
  last_calls_timer_.start(timeout - std::min(last_calls_ns, timeout / last_calls_part), [this] {
    for (const auto& worker : workers_.all()) worker->finish_drain();
  });
  drain_timer_.start(timeout, [this] {
    options_.log->warn("drain_timeout", {{"connections", workers_.connections()}});
    for (const auto& worker : workers_.all()) worker->close_all();
  });
}

void Gateway::worker_drained() {
  if (++workers_drained_ < workers_.all().size()) return;
  last_calls_timer_.cancel();
  drain_timer_.cancel();
  options_.log->info("drained");
  if (drained_) drained_();
}

std::string Gateway::metrics_text() const {
  std::vector<governance::metrics::Extra> extras;
  extras.push_back({"koine_control_snapshot_version",
                    "Version of the running configuration.",
                    "gauge",
                    {},
                    static_cast<double>(snapshot_->version)});
  extras.push_back({"koine_control_reloads_total", "Reloads, by what became of them.", "counter",
                    "result=\"applied\"", static_cast<double>(reloads_applied_)});
  extras.push_back({"koine_control_reloads_total", "Reloads, by what became of them.", "counter",
                    "result=\"refused\"", static_cast<double>(reloads_refused_)});
  extras.push_back({"koine_gateway_connections_refused_total",
                    "Connections closed at once because connections_max was reached.",
                    "counter",
                    {},
                    static_cast<double>(workers_.refused())});
  for (std::size_t i = 0; i < workers_.all().size(); ++i) {
    extras.push_back({"koine_gateway_worker_connections", "Callers' connections of each worker.", "gauge",
                      "worker=\"" + std::to_string(i) + "\"",
                      static_cast<double>(workers_.all()[i]->load())});
  }
  for (std::size_t i = 0; watchdog_ && i < workers_.all().size(); ++i) {
    extras.push_back({"koine_gateway_worker_stuck_seconds",
                      "How long each worker has been in one turn of its loop, once that is too long; else 0.",
                      "gauge", "worker=\"" + std::to_string(i) + "\"",
                      static_cast<double>(watchdog_->stuck_ns(i)) / static_cast<double>(base::second_ns)});
  }
  for (std::size_t i = 0; watchdog_ && i < workers_.all().size(); ++i) {
    extras.push_back({"koine_gateway_worker_stuck_total", "How often each worker was found stuck.", "counter",
                      "worker=\"" + std::to_string(i) + "\"",
                      static_cast<double>(watchdog_->stuck_total(i))});
  }
  if (access_log_) {
    extras.push_back({"koine_access_log_lines_total", "Lines of the access log, by what became of them.",
                      "counter", "result=\"written\"", static_cast<double>(access_log_->written())});
    extras.push_back({"koine_access_log_lines_total", "Lines of the access log, by what became of them.",
                      "counter", "result=\"dropped\"", static_cast<double>(access_log_->dropped())});
  }
  return metrics_.render(extras);
}

std::string Gateway::config_text() const { return describe(*snapshot_, addresses(), workers_.all().size()); }

}  // namespace koine::gateway
