// One fault at each step.
#include "gateway/testing/simulator/enumeration.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace koine::gateway::testing::simulator {
namespace {

using base::millisecond_ns;
using base::second_ns;
using net::memory::Cut;

struct FlowCase {
  const char* name;
  Wire caller;
  Service service;
  Flow flow;
  std::size_t variant;  // which says the provider's dialect (scenario.h)
};

constexpr FlowCase flow_cases[] = {
    {"thrift_to_thrift", Wire::framed_binary, Service::alpha, Flow::unary, 0},
    {"thrift_to_compact", Wire::framed_compact, Service::beta, Flow::unary, 0},
    {"unframed_to_header", Wire::unframed_binary, Service::gamma, Flow::unary, 0},
    {"header_to_thrift", Wire::header_compact, Service::alpha, Flow::unary, 0},
    {"json_to_json", Wire::framed_json, Service::gamma, Flow::unary, 1},
    {"thrift_to_grpc", Wire::framed_compact, Service::delta, Flow::unary, 0},
    {"json_to_grpc", Wire::unframed_json, Service::delta, Flow::unary, 0},
    {"thrift_oneway", Wire::framed_binary, Service::alpha, Flow::oneway, 0},
    {"thrift_oneway_to_grpc", Wire::framed_binary, Service::alpha, Flow::oneway, 2},
    {"grpc_to_thrift", Wire::grpc, Service::gamma, Flow::unary, 0},
    {"grpc_to_thrift_oneway", Wire::grpc, Service::beta, Flow::oneway, 0},
    {"grpc_to_grpc", Wire::grpc, Service::delta, Flow::unary, 0},
    {"grpc_bidi", Wire::grpc, Service::delta, Flow::talk, 0},
    {"grpc_client_stream", Wire::grpc, Service::delta, Flow::push, 0},
    {"grpc_server_stream", Wire::grpc, Service::delta, Flow::list, 0},
};

const FlowCase& case_of(const std::string& name) {
  for (const FlowCase& one : flow_cases) {
    if (name == one.name) return one;
  }
  std::fprintf(stderr, "no flow '%s'\n", name.c_str());
  std::abort();
}

Scenario scenario_of(const FlowCase& flow) {
  Scenario made;
  made.seed = 1;
  made.variant = flow.variant;
  CallerPlan caller;
  caller.wire = flow.caller;
  caller.listener = flow.service;
  made.callers.push_back(caller);
  CallPlan call;
  call.service = flow.service;
  call.flow = flow.flow;
  call.pad_bytes = 10;
  call.answer_pad_bytes = 10;
  call.messages = flow.flow == Flow::talk ? 2 : 1;
  made.calls.push_back(call);
  return made;
}

// The number of the first provider that serves the flow.
std::size_t provider_of(const Scenario& scenario) {
  const std::vector<EndpointPlan> endpoints = endpoints_of(scenario.family);
  const Service service = scenario.calls.front().service;
  const auto found = std::find_if(endpoints.begin(), endpoints.end(), [&](const EndpointPlan& one) {
    return one.service == service && one.group == group_of(service, scenario.variant);
  });
  return static_cast<std::size_t>(found - endpoints.begin());
}

class Enumerator {
 public:
  Enumerator(const Scenario& scenario, Configurations& configurations, const RunOptions& options)
      : configurations_(configurations), options_(options) {
    change(scenario);
  }

  const Report& clean() const { return clean_; }
  const Scenario& scenario() const { return scenario_; }
  // From here on, of another scenario.
  void change(const Scenario& scenario) {
    scenario_ = scenario;
    clean_ = run(scenario_, configurations_, options_);
    if (!clean_.problems.empty()) found_.problems.push_back("without any fault: " + clean_.problems.front());
  }
  // What is attempted from here on.
  void begin(std::string name) { found_.faults.push_back({std::move(name), 0, 0, 0}); }
  // `met`: says whether the run's calls met it.
  template <typename Met>
  void attempt(const Scenario& with, const std::string& where, Met met) {
    const Report report = run(with, configurations_, options_);
    EnumeratedFault& fault = found_.faults.back();
    ++fault.runs;
    fault.answered += report.answered;
    fault.met += met(report) ? 1u : 0u;
    for (const std::string& problem : report.problems) {
      if (found_.problems.size() < 10) found_.problems.push_back(fault.name + where + ": " + problem);
    }
  }
  Enumerated take() { return std::move(found_); }

 private:
  Configurations& configurations_;
  const RunOptions& options_;
  Scenario scenario_;
  Report clean_;
  Enumerated found_;
};

// Something may still happen when the call has ended: answers flushed, connections put away.
constexpr std::uint64_t steps_behind_end = 5;
// A family with one endpoint of each service, which is a name.
constexpr std::size_t named_family = 4;

struct StepFault {
  FaultKind kind;
  Cut cut;
  bool to_server;
  base::Nanoseconds for_ns;
  std::uint64_t detail;
  const char* name;
  std::size_t family = 0;
};

constexpr StepFault step_faults[] = {
    {FaultKind::break_caller, Cut::reset, true, 0, 0, "the caller's connection is reset"},
    {FaultKind::break_caller, Cut::eof, true, 0, 0, "the caller's connection ends"},
    {FaultKind::caller_closes, Cut::none, true, 0, 0, "the caller closes"},
    {FaultKind::caller_ends, Cut::none, true, 0, 0, "the caller ends its side"},
    {FaultKind::caller_cancels, Cut::none, true, 0, 0, "the caller cancels"},
    {FaultKind::caller_frozen, Cut::none, true, 50 * millisecond_ns, 0, "the caller reads nothing for 50 ms"},
    {FaultKind::caller_drips, Cut::none, true, 50 * millisecond_ns, 0, "the caller writes byte by byte"},
    {FaultKind::caller_garbage, Cut::none, true, 0, 1, "the caller sends garbage"},
    {FaultKind::caller_mutated, Cut::none, true, 0, 1, "the caller's bytes change"},
    {FaultKind::caller_repeats, Cut::none, true, 0, 0, "the caller's bytes are sent twice"},
    {FaultKind::break_provider, Cut::reset, false, 0, 0, "the provider's connection is reset"},
    {FaultKind::break_provider, Cut::eof, false, 0, 0, "the provider's connection ends"},
    {FaultKind::break_provider, Cut::silence, false, 0, 0, "the provider falls silent"},
    {FaultKind::provider_down, Cut::none, false, 50 * millisecond_ns, 1, "the provider is down for 50 ms"},
    {FaultKind::provider_closes, Cut::none, false, 0, 1, "the provider closes"},
    {FaultKind::provider_goodbye, Cut::none, false, 0, 1, "the provider says goodbye"},
    {FaultKind::provider_frozen, Cut::none, false, 50 * millisecond_ns, 1,
     "the provider reads nothing for 50 ms"},
    {FaultKind::provider_drips, Cut::none, false, 50 * millisecond_ns, 200 * 3 + 1,
     "the provider writes two bytes at a time"},
    {FaultKind::provider_repeats, Cut::none, false, 0, 1, "the provider's bytes are sent twice"},
    {FaultKind::dns_fails, Cut::none, false, 50 * millisecond_ns, 1, "names are not found for 50 ms",
     named_family},
    {FaultKind::connect_refused, Cut::none, false, 50 * millisecond_ns, 1,
     "connections are refused for 50 ms", named_family},
    {FaultKind::connect_silent, Cut::none, false, 50 * millisecond_ns, 1,
     "connections are not answered for 50 ms", named_family},
    {FaultKind::no_descriptors_accept, Cut::none, false, 0, 1, "no descriptor is left to accept with"},
    {FaultKind::no_descriptors_connect, Cut::none, false, 0, 1, "no descriptor is left to connect with",
     named_family},
    {FaultKind::stall, Cut::none, false, 20 * millisecond_ns, 0, "the machine stands still for 20 ms"},
    {FaultKind::stall, Cut::none, false, 4 * second_ns, 0, "the deadline passes"},
    {FaultKind::clock_jump, Cut::none, false, 0, 0, "the wall clock jumps"},
    {FaultKind::reload, Cut::none, false, 0, 1, "the configuration changes"},
    {FaultKind::reload_refused, Cut::none, false, 0, 0, "a configuration is refused"},
    {FaultKind::drain, Cut::none, false, 0, 0, "the gateway drains"},
    {FaultKind::drain_now, Cut::none, false, 0, 0, "the gateway drains and ends at once"},
};

void enumerate_fault(const StepFault& one, Enumerator& enumerator) {
  Scenario base = enumerator.scenario();
  if (one.family != base.family) {
    base.family = one.family;
    enumerator.change(base);
  }
  enumerator.begin(one.name);
  for (std::uint64_t step = 1; step <= enumerator.clean().busy_steps + steps_behind_end; ++step) {
    Fault fault;
    fault.kind = one.kind;
    fault.at_step = step;
    fault.cut = one.cut;
    fault.to_server = one.to_server;
    fault.for_ns = one.for_ns;
    fault.jump_ns = -3600 * second_ns;
    fault.detail = one.detail;
    if (one.kind == FaultKind::reload) fault.detail = (base.variant + 1) % variant_count;
    // Providers that are in use are counted by themselves; until then the one that will be.
    if (one.kind >= FaultKind::dns_fails && one.kind <= FaultKind::no_descriptors_connect)
      fault.target = provider_of(base);
    Scenario with = base;
    with.faults.push_back(std::move(fault));
    enumerator.attempt(with, " behind turn " + std::to_string(step),
                       [&](const Report& report) { return report.tally.count(one.kind) > 0; });
  }
}

// The same lie with its cut, its reset or its change at every place, or of every kind.
constexpr std::uint64_t lie_details = 8;

}  // namespace

std::size_t Enumerated::runs() const {
  std::size_t sum = 0;
  for (const EnumeratedFault& fault : faults) sum += fault.runs;
  return sum;
}

std::vector<std::string> flow_names() {
  std::vector<std::string> names;
  for (const FlowCase& one : flow_cases) names.emplace_back(one.name);
  return names;
}

Enumerated enumerate_steps(const std::string& flow, Configurations& configurations,
                           const RunOptions& options) {
  Enumerator enumerator(scenario_of(case_of(flow)), configurations, options);
  for (const StepFault& one : step_faults) enumerate_fault(one, enumerator);
  for (std::size_t i = 1; i < lie_count; ++i) {
    const auto lie = static_cast<Lie>(i);
    enumerator.begin("the provider " + std::string(to_string(lie)));
    for (std::uint64_t detail = 0; detail < lie_details; ++detail) {
      Scenario with = scenario_of(case_of(flow));
      with.calls.front().lie = lie;
      with.calls.front().lie_detail = detail * 5;
      enumerator.attempt(with, ", detail " + std::to_string(detail * 5),
                         [&](const Report& report) { return report.tally.count(lie) > 0; });
    }
  }
  return enumerator.take();
}

Enumerated enumerate_bytes(const std::string& flow, Configurations& configurations, bool in_turn,
                           const RunOptions& options) {
  Enumerator enumerator(scenario_of(case_of(flow)), configurations, options);
  const Report clean = enumerator.clean();
  for (const bool provider : {false, true}) {
    for (const bool to_server : {true, false}) {
      const std::uint64_t bytes = provider ? to_server ? clean.to_provider_bytes : clean.from_provider_bytes
                                  : to_server ? clean.from_caller_bytes
                                              : clean.to_caller_bytes;
      for (const Cut cut : {Cut::eof, Cut::reset, Cut::silence}) {
        // What a caller sends and nobody hears is no call; that nobody hears what it is told is its own
        // affair.
        if (cut == Cut::silence && !provider) continue;
        // A call that nobody answers sends nothing back.
        if (bytes == 0) continue;
        static constexpr const char* cuts[] = {"", "ends", "is reset", "falls silent"};
        enumerator.begin(std::string(provider ? "the provider's" : "the caller's") + " connection " +
                         cuts[static_cast<std::size_t>(cut)] + (to_server ? " there" : " back"));
        const std::uint64_t kinds = provider ? 3 : 2;
        const std::uint64_t first = in_turn ? static_cast<std::uint64_t>(cut) % kinds : 0;
        for (std::uint64_t at = first; at <= bytes; at += in_turn ? kinds : 1) {
          Fault fault;
          fault.kind = FaultKind::link;
          fault.provider_side = provider;
          net::memory::LinkOptions& way = to_server ? fault.link.to_server : fault.link.to_client;
          way.cut_at_bytes = at;
          way.cut = cut;
          Scenario with = enumerator.scenario();
          with.faults.push_back(std::move(fault));
          // What it did is seen by nobody but the gateway when the call was oneway.
          enumerator.attempt(with, " behind byte " + std::to_string(at),
                             [&](const Report& report) { return report.hash != clean.hash; });
        }
      }
    }
  }
  return enumerator.take();
}

Enumerated enumerate_orders(const std::string& flow, Configurations& configurations,
                            const RunOptions& options) {
  constexpr std::size_t calls = 3;
  constexpr std::uint64_t seeds = 4;  // orders in which loops take turns
  Scenario scenario = scenario_of(case_of(flow));
  for (std::size_t i = 1; i < calls; ++i) {
    scenario.calls.push_back(scenario.calls.front());
    // Streams of one kind on one connection cannot be told apart in the access log.
    if (is_stream(scenario.calls[i].flow)) scenario.calls[i].flow = Flow::unary;
    scenario.calls[i].pad_bytes += i;
  }
  // A oneway call among others, which it may overtake: alone they would go one behind the other.
  if (scenario.calls.front().flow == Flow::oneway) {
    scenario.calls.front().flow = Flow::unary;
    scenario.calls.back().flow = Flow::unary;
  }
  Enumerator enumerator(scenario, configurations, options);
  std::array<std::size_t, calls> order = {0, 1, 2};
  do {
    std::string name = "answered in the order";
    for (std::size_t i = 0; i < calls; ++i) {
      name += ' ' + std::to_string(order[i]);
      scenario.calls[order[i]].answer_after_ns = static_cast<base::Nanoseconds>(1 + i) * millisecond_ns;
    }
    enumerator.begin(name);
    for (std::uint64_t seed = 1; seed < 2 * seeds; seed += 2) {
      scenario.seed = seed;
      enumerator.attempt(scenario, ", seed " + std::to_string(seed),
                         [](const Report& report) { return report.tally.count(Trouble::shuffle) > 0; });
    }
  } while (std::next_permutation(order.begin(), order.end()));
  return enumerator.take();
}

}  // namespace koine::gateway::testing::simulator
