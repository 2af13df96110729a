// Running a scenario.
#include "gateway/testing/simulator/simulation.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "gateway/gateway.h"
#include "gateway/testing/simulator/faults.h"
#include "gateway/testing/simulator/judge.h"
#include "net/memory/memory_network.h"

namespace koine::gateway::testing::simulator {
namespace {

using base::millisecond_ns;
using base::second_ns;

// When faults end: behind every deadline and every fault's own time.
constexpr base::Nanoseconds faults_until_ns = 7 * second_ns;
// What connecting again may take: an attempt that is under way, and the longest back-off.
constexpr base::Nanoseconds healing_ns = base::connect_timeout_ns + backoff_max_ns + 200 * millisecond_ns;
constexpr base::Nanoseconds healthy_call_ns = 100 * millisecond_ns;
// Idle connections close, closing ones time out, and idle memory goes back.
constexpr base::Nanoseconds winding_down_ns = idle_close_ns + net::Stream::close_timeout_ns + 5 * second_ns;

struct MemorySink final : governance::access_log::Sink {
  std::string* text;
  explicit MemorySink(std::string* to) : text(to) {}
  base::Status open() override { return {}; }
  std::size_t write(std::string_view bytes) override {
    text->append(bytes);
    return bytes.size();
  }
};

// The scenario with the calls that are made when all is over: one from each family of callers to each service
// that it uses.
Scenario with_healthy_calls(Scenario scenario) {
  std::set<Service> services;
  for (const CallPlan& call : scenario.calls) services.insert(call.service);
  for (const Service service : services) {
    for (const Wire wire : {Wire::framed_binary, Wire::grpc}) {
      CallerPlan caller;
      caller.wire = wire;
      caller.listener = service;
      CallPlan call;
      call.caller = scenario.callers.size();
      call.service = service;
      call.pad_bytes = 20;
      call.answer_pad_bytes = 20;
      scenario.callers.push_back(caller);
      scenario.calls.push_back(call);
    }
  }
  return scenario;
}

class Simulation {
 public:
  Simulation(const Scenario& scenario, Configurations& configurations, const RunOptions& options)
      : first_healthy_(scenario.calls.size()),
        scenario_(with_healthy_calls(scenario)),
        configurations_(configurations),
        options_(options),
        network_(scenario.seed | 1),
        main_(network_.add_worker()),
        actors_(network_.add_worker()),
        workers_{&network_.add_worker(), &network_.add_worker()},
        codecs_(make_codecs()),
        turn_(std::make_unique<Turn>(actors_.loop())),
        trace_(options.print),
        ledger_(scenario_),
        stage_{actors_, *turn_, *codecs_, scenario_, ledger_, trace_, network_.clock().monotonic_ns()},
        logger_(base::LogOptions(), network_.clock(), [this](std::string_view line) { logged(line); }),
        callers_(scenario_.callers.size()),
        faults_(stage_, network_, providers_, callers_, scenario.callers.size()) {}

  ~Simulation() {
    gateway_.reset();
    callers_.clear();
    old_callers_.clear();
    providers_.clear();
    turn_.reset();
  }

  Report run() {
    set_up();
    let_pass(faults_until_ns);
    if (drain_wanted_) {
      // Nothing is called any more; the drain must come to its end by itself.
      heal();
      let_pass(drain_timeout_ns + 4 * second_ns);
      if (!drained_) problem("the drain did not end");
      first_healthy_ = scenario_.calls.size();
    } else {
      heal();
      let_pass(healing_ns);
      call_healthy();
      let_pass(healthy_call_ns);
    }
    wind_down();
    finish();
    return std::move(report_);
  }

 private:
  base::Nanoseconds now() { return network_.clock().monotonic_ns(); }
  void problem(std::string text) { report_.problems.push_back(std::move(text)); }
  void note(Event event, std::uint64_t a, std::uint64_t b = 0, std::string_view detail = {}) {
    trace_.note(now() - stage_.begun_ns, event, a, b, detail, true);
  }
  void logged(std::string_view line) { note(Event::log, 0, 0, line); }

  // ---- the world

  void set_up() {
    note(Event::phase, 0, 0, "begin");
    network_.set_links([this](const net::Address& to, std::uint64_t) {
      return faults_.link(to, dialling_, dialling_connection_);
    });
    for (EndpointPlan& plan : endpoints_of(scenario_.family)) {
      if (!plan.host.empty()) {
        network_.set_host(plan.host, {*net::Address::parse(plan.address)}, 2 * millisecond_ns);
      }
      providers_.push_back(std::make_unique<Provider>(stage_, std::move(plan)));
    }
    GatewayOptions options;
    options.snapshot = configurations_.snapshot(scenario_.family, scenario_.variant);
    ledger_.variant = scenario_.variant;
    options.log = &logger_;
    options.sabotage = options_.sabotage;
    options.codecs = codecs_;
    options.access_log_sink = std::make_unique<MemorySink>(&access_log_);
    options.reload = [this](std::uint64_t) { return next_snapshot_; };
    gateway_ = std::make_unique<Gateway>(std::move(options), main_, workers_);
    if (const base::Status started = gateway_->start(); !started.ok()) std::abort();
    schedule_all();
  }

  void schedule_all() {
    net::Loop& loop = actors_.loop();
    for (std::size_t i = 0; i < first_healthy_; ++i) {
      const CallPlan& call = scenario_.calls[i];
      if (call.dropped) continue;
      const base::Nanoseconds at = std::max(call.at_ns, scenario_.callers[call.caller].at_ns);
      loop.schedule(at, [this, i] { start_call(i); });
      if (call.cancel_after_ns != base::never_ns)
        loop.schedule(at + call.cancel_after_ns, [this, i] { cancel_call(i); });
    }
    for (std::size_t i = 0; i < scenario_.faults.size(); ++i) {
      const Fault& fault = scenario_.faults[i];
      if (fault.dropped || fault.kind == FaultKind::link) continue;
      if (fault.at_step > 0) {
        by_step_.emplace(fault.at_step, i);
      } else {
        loop.schedule(fault.at_ns, [this, i] { begin_fault(i); });
      }
    }
  }

  // ---- time

  // One turn; false when nothing is ready now.
  bool step() {
    if (!network_.step()) return false;
    ++report_.steps;
    for (auto due = by_step_.begin(); due != by_step_.end() && due->first <= report_.steps;) {
      const std::size_t fault = due->second;
      due = by_step_.erase(due);
      actors_.loop().post([this, fault] { begin_fault(fault); });
    }
    if (report_.busy_steps == 0 && all_ended()) {
      report_.busy_steps = report_.steps;
      report_.from_caller_bytes = ledger_.caller_sent;
      report_.to_caller_bytes = ledger_.caller_received;
      report_.from_provider_bytes = ledger_.provider_sent;
      report_.to_provider_bytes = ledger_.provider_received;
    }
    return true;
  }

  void let_pass(base::Nanoseconds by_ns) {
    const base::Nanoseconds end = now() + by_ns;
    while (report_.steps < options_.steps_max) {
      if (step()) continue;
      const base::Nanoseconds next = std::min(network_.next_ns(), end);
      network_.clock().advance(next - now());
      if (next == end) return;
    }
    if (std::exchange(busy_, true)) return;
    problem("something is in a busy loop");
  }

  bool all_ended() const {
    for (std::size_t i = 0; i < first_healthy_; ++i) {
      const CallRecord& call = ledger_.calls[i];
      const bool sent = scenario_.calls[i].flow == Flow::oneway && call.executions > 0;
      if (call.ends == 0 && !sent && !call.lost && !call.cancelled && !scenario_.calls[i].dropped)
        return false;
    }
    return true;
  }

  // ---- callers

  Caller& caller_of(std::size_t index) {
    std::unique_ptr<Caller>& caller = callers_[index];
    if (caller != nullptr && caller->open()) return *caller;
    if (caller != nullptr) old_callers_.push_back(std::move(caller));
    // A link's habits are those of the caller's first connection.
    dialling_ = dialled_.insert(index).second ? index : SIZE_MAX;
    dialling_connection_ = connections_++;
    caller = make_caller(stage_, scenario_.callers[index], dialling_connection_);
    return *caller;
  }

  void start_call(std::size_t index) {
    if (index < first_healthy_ && healed_) return;
    caller_of(scenario_.calls[index].caller).start(index);
    ++report_.calls;
  }

  void cancel_call(std::size_t index) {
    const CallRecord& call = ledger_.calls[index];
    if (!call.started || call.ends > 0 || call.lost) return;
    Caller* caller = callers_[scenario_.calls[index].caller].get();
    if (caller != nullptr && caller->number() == call.connection) caller->cancel(index);
  }

  // ---- faults

  void begin_fault(std::size_t index) {
    const Fault& fault = scenario_.faults[index];
    if (healed_) return;
    note(Event::fault, index, 0, to_string(fault.kind));
    if (fault.kind >= FaultKind::reload) return begin_gateway_fault(fault);
    faults_.begin(fault);
  }

  void begin_gateway_fault(const Fault& fault) {
    main_.loop().post([this, fault] {
      ledger_.harms.push_back({fault.kind, fault.cut, now(), now(), SIZE_MAX, {}});
      switch (fault.kind) {
        case FaultKind::reload: {
          const std::size_t variant = fault.detail % variant_count;
          next_snapshot_ = configurations_.snapshot(scenario_.family, variant);
          const bool loaded = gateway_->reload();
          if (loaded) ledger_.variant = variant;
          note(Event::reload, variant, loaded ? 1 : 0);
          break;
        }
        case FaultKind::reload_refused:
          next_snapshot_ = nullptr;
          note(Event::reload, 0, gateway_->reload() ? 1 : 0);
          break;
        case FaultKind::stall:
          ledger_.stalled_ns += fault.for_ns;
          network_.clock().advance(fault.for_ns);
          break;
        case FaultKind::clock_jump: network_.clock().jump_wall(fault.jump_ns); break;
        default: drain(fault); break;
      }
    });
  }

  void drain(const Fault& fault) {
    if (std::exchange(drain_wanted_, true)) return;
    ledger_.drained_from_ns = now();
    gateway_->drain([this] {
      drained_ = true;
      note(Event::drained, 0);
    });
    if (fault.kind == FaultKind::drain_now) {
      main_.loop().schedule(fault.for_ns, [this] { gateway_->drain({}); });
    }
  }

  // ---- the end

  void heal() {
    note(Event::phase, 1, 0, "heal");
    healed_ = true;
    by_step_.clear();
    faults_.heal();
  }

  void call_healthy() {
    note(Event::phase, 2, 0, "call again");
    for (std::size_t i = first_healthy_; i < scenario_.calls.size(); ++i) {
      actors_.loop().post([this, i] { start_call(i); });
    }
  }

  void wind_down() {
    note(Event::phase, 3, 0, "wind down");
    actors_.loop().post([this] {
      for (const std::unique_ptr<Caller>& caller : callers_) {
        if (caller != nullptr && caller->open()) caller->close();
      }
    });
    let_pass(winding_down_ns);
    Worker::Counts left;
    for (const auto& worker : gateway_->workers()) {
      const Worker::Counts one = worker->counts();
      left.connections += one.connections;
      left.exchanges += one.exchanges;
      left.upstream_connections += one.upstream_connections;
      left.snapshots += one.snapshots;
    }
    const auto expect = [this](std::string_view what, std::size_t is, std::size_t should) {
      if (is != should)
        problem(std::to_string(is) + " " + std::string(what) + " are left, not " + std::to_string(should));
    };
    expect("callers' connections", left.connections, 0);
    expect("calls", left.exchanges, 0);
    expect("connections to providers", left.upstream_connections, 0);
    expect("configurations", left.snapshots, gateway_->workers().size());
    for (std::size_t i = 0; i < service_count; ++i) {
      const std::string_view name = to_string(static_cast<Service>(i));
      expect("places of " + std::string(name), gateway_->calls_in_flight(name), 0);
    }
    for (net::Network* worker : workers_) {
      expect("timers", network_.timers_waiting(*worker), 0);
      expect("streams", worker->open_streams(), 0);
    }
  }

  void finish() {
    note(Event::phase, 4, 0, "end");
    Evidence evidence{scenario_, ledger_, {}, 0, gateway_->metrics().render({}), first_healthy_};
    // Lines are dropped by workers, which do nothing any more; the writer's thread has written the others
    // when the gateway is gone.
    evidence.lines_dropped = gateway_->access_log()->dropped();
    gateway_.reset();
    evidence.access_log = access_log_;
    for (std::string& one : judge(evidence)) problem(std::move(one));
    for (std::size_t i = 0; i < first_healthy_; ++i) {
      report_.answered += ledger_.calls[i].ends > 0 && ledger_.calls[i].ok ? 1u : 0u;
      report_.failed += ledger_.calls[i].ends > 0 && !ledger_.calls[i].ok ? 1u : 0u;
    }
    report_.tally.add(scenario_, ledger_, first_healthy_);
    report_.hash = trace_.hash();
    report_.events = trace_.events();
  }

  std::size_t first_healthy_;  // calls from here on are made when all is over
  const Scenario scenario_;
  Configurations& configurations_;
  const RunOptions& options_;
  net::memory::MemoryNetwork network_;
  net::Network& main_;
  net::Network& actors_;
  std::vector<net::Network*> workers_;
  std::shared_ptr<const Codecs> codecs_;
  std::unique_ptr<Turn> turn_;
  Trace trace_;
  Ledger ledger_;
  Stage stage_;
  base::Logger logger_;
  std::string access_log_;
  std::unique_ptr<Gateway> gateway_;
  std::vector<std::unique_ptr<Provider>> providers_;
  std::vector<std::unique_ptr<Caller>> callers_;
  std::vector<std::unique_ptr<Caller>> old_callers_;
  Faults faults_;
  std::multimap<std::uint64_t, std::size_t> by_step_;  // faults to come
  control::SnapshotRef next_snapshot_;
  std::set<std::size_t> dialled_;
  std::size_t dialling_ = SIZE_MAX;
  std::size_t dialling_connection_ = 0;
  std::size_t connections_ = 0;
  bool healed_ = false;
  bool busy_ = false;
  bool drain_wanted_ = false;
  bool drained_ = false;
  Report report_;
};

}  // namespace

Report run(const Scenario& scenario, Configurations& configurations, const RunOptions& options) {
  return Simulation(scenario, configurations, options).run();
}

}  // namespace koine::gateway::testing::simulator
