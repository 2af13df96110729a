// One fault at each step.
#include "gateway/testing/simulator/enumeration.h"

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
};

constexpr FlowCase flow_cases[] = {
    {"thrift_to_thrift", Wire::framed_binary, Service::alpha, Flow::unary},
    {"thrift_to_compact", Wire::framed_compact, Service::beta, Flow::unary},
    {"thrift_oneway", Wire::framed_binary, Service::alpha, Flow::oneway},
    {"thrift_to_grpc", Wire::framed_compact, Service::delta, Flow::unary},
    {"grpc_to_thrift", Wire::grpc, Service::gamma, Flow::unary},
    {"grpc_to_grpc", Wire::grpc, Service::delta, Flow::unary},
    {"grpc_bidi", Wire::grpc, Service::delta, Flow::talk},
};

Scenario scenario_of(const std::string& name) {
  for (const FlowCase& one : flow_cases) {
    if (name != one.name) continue;
    Scenario made;
    made.seed = 1;
    CallerPlan caller;
    caller.wire = one.caller;
    caller.listener = one.service;
    made.callers.push_back(caller);
    CallPlan call;
    call.service = one.service;
    call.flow = one.flow;
    call.pad_bytes = 10;
    call.answer_pad_bytes = 10;
    call.messages = one.flow == Flow::talk ? 2 : 1;
    made.calls.push_back(call);
    return made;
  }
  std::fprintf(stderr, "no flow '%s'\n", name.c_str());
  std::abort();
}

class Enumerator {
 public:
  Enumerator(const std::string& flow, Configurations& configurations, const RunOptions& options)
      : scenario_(scenario_of(flow)),
        configurations_(configurations),
        options_(options),
        clean_(run(scenario_, configurations, options)) {
    if (!clean_.problems.empty()) found_.problems.push_back("without any fault: " + clean_.problems.front());
  }

  const Report& clean() const { return clean_; }
  void attempt(Fault fault, const std::string& what) {
    Scenario with = scenario_;
    with.faults.push_back(std::move(fault));
    const Report report = run(with, configurations_, options_);
    ++found_.runs;
    found_.answered += report.answered;
    for (const std::string& problem : report.problems) {
      if (found_.problems.size() < 10) found_.problems.push_back(what + ": " + problem);
    }
  }
  Enumerated take() { return std::move(found_); }

 private:
  const Scenario scenario_;
  Configurations& configurations_;
  const RunOptions& options_;
  const Report clean_;
  Enumerated found_;
};

// Something may still happen when the call has ended: answers flushed, connections put away.
constexpr std::uint64_t steps_behind_end = 5;

struct StepFault {
  FaultKind kind;
  Cut cut;
  bool to_server;
  base::Nanoseconds for_ns;
  std::uint64_t detail;
  const char* name;
};

constexpr StepFault step_faults[] = {
    {FaultKind::break_caller, Cut::reset, true, 0, 0, "the caller's connection is reset"},
    {FaultKind::break_caller, Cut::eof, true, 0, 0, "the caller's connection ends"},
    {FaultKind::caller_closes, Cut::none, true, 0, 0, "the caller closes"},
    {FaultKind::caller_ends, Cut::none, true, 0, 0, "the caller ends its side"},
    {FaultKind::caller_cancels, Cut::none, true, 0, 0, "the caller cancels"},
    {FaultKind::break_provider, Cut::reset, false, 0, 0, "the provider's connection is reset"},
    {FaultKind::break_provider, Cut::eof, false, 0, 0, "the provider's connection ends"},
    {FaultKind::provider_closes, Cut::none, false, 0, 1, "the provider closes"},
    {FaultKind::provider_goodbye, Cut::none, false, 0, 1, "the provider says goodbye"},
    {FaultKind::stall, Cut::none, false, 4 * second_ns, 0, "the deadline passes"},
    {FaultKind::reload, Cut::none, false, 0, 1, "the configuration changes"},
    {FaultKind::drain, Cut::none, false, 0, 0, "the gateway drains"},
    {FaultKind::drain_now, Cut::none, false, 0, 0, "the gateway drains and ends at once"},
};

}  // namespace

std::vector<std::string> flow_names() {
  std::vector<std::string> names;
  for (const FlowCase& one : flow_cases) names.emplace_back(one.name);
  return names;
}

Enumerated enumerate_steps(const std::string& flow, Configurations& configurations,
                           const RunOptions& options) {
  Enumerator enumerator(flow, configurations, options);
  for (const StepFault& one : step_faults) {
    for (std::uint64_t step = 1; step <= enumerator.clean().busy_steps + steps_behind_end; ++step) {
      Fault fault;
      fault.kind = one.kind;
      fault.at_step = step;
      fault.cut = one.cut;
      fault.to_server = one.to_server;
      fault.for_ns = one.for_ns;
      fault.detail = one.detail;
      enumerator.attempt(std::move(fault), std::string(one.name) + " behind turn " + std::to_string(step));
    }
  }
  return enumerator.take();
}

Enumerated enumerate_bytes(const std::string& flow, Configurations& configurations,
                           const RunOptions& options) {
  Enumerator enumerator(flow, configurations, options);
  const Report& clean = enumerator.clean();
  for (const bool provider : {false, true}) {
    for (const bool to_server : {true, false}) {
      const std::uint64_t bytes = provider ? to_server ? clean.to_provider_bytes : clean.from_provider_bytes
                                  : to_server ? clean.from_caller_bytes
                                              : clean.to_caller_bytes;
      for (const Cut cut : {Cut::eof, Cut::reset, Cut::silence}) {
        // What a caller sends and nobody hears is no call; that nobody hears what it is told is its own
        // affair.
        if (cut == Cut::silence && !provider) continue;
        for (std::uint64_t at = 0; at <= bytes; ++at) {
          Fault fault;
          fault.kind = FaultKind::link;
          fault.provider_side = provider;
          net::memory::LinkOptions& way = to_server ? fault.link.to_server : fault.link.to_client;
          way.cut_at_bytes = at;
          way.cut = cut;
          static constexpr const char* cuts[] = {"", "ends", "is reset", "falls silent"};
          enumerator.attempt(std::move(fault), std::string(provider ? "the provider's" : "the caller's") +
                                                   " connection " + cuts[static_cast<std::size_t>(cut)] +
                                                   (to_server ? " there" : " back") + " behind byte " +
                                                   std::to_string(at));
        }
      }
    }
  }
  return enumerator.take();
}

}  // namespace koine::gateway::testing::simulator
