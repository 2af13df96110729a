// The rules.
#include "gateway/testing/simulator/judge.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "gateway/testing/simulator/configurations.h"

namespace koine::gateway::testing::simulator {
namespace {

using base::millisecond_ns;

// How much later than its deadline a call may end, and how much earlier: a provider told what is left of the
// time may be the first to say that it is over.
constexpr base::Nanoseconds late_ns = 50 * millisecond_ns;
constexpr base::Nanoseconds early_ns = 25 * millisecond_ns;
// How long a fault's consequence may take to be seen: links have latencies of up to 200 ms and more jitter.
constexpr base::Nanoseconds consequence_ns = base::second_ns;

bool one_of(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

class Judge {
 public:
  explicit Judge(const Evidence& evidence)
      : evidence_(evidence),
        scenario_(evidence.scenario),
        ledger_(evidence.ledger),
        lines_(parse_log(evidence.access_log)),
        endpoints_(endpoints_of(evidence.scenario.family)) {}

  std::vector<std::string> run() {
    match_lines();
    for (std::size_t i = 0; i < ledger_.calls.size(); ++i) {
      if (ledger_.calls[i].started) judge_call(i);
    }
    judge_totals();
    return std::move(problems_);
  }

 private:
  void problem(std::string text) { problems_.push_back(std::move(text)); }
  void problem(std::size_t call, const std::string& text) {
    problem("call " + std::to_string(call) + ": " + text);
  }
  const Ledger::Connection& connection(const CallRecord& call) const {
    return ledger_.connections[call.connection];
  }

  // ---- whose line is whose

  void match_lines() {
    std::map<std::tuple<std::string, std::string, std::uint64_t>, std::size_t> unary;
    std::map<std::pair<std::string, std::string>, std::size_t> streams;
    bool somebody_lied = false;
    for (const Ledger::Connection& one : ledger_.connections) somebody_lied = somebody_lied || one.lied;
    for (std::size_t i = 0; i < ledger_.calls.size(); ++i) {
      const CallRecord& call = ledger_.calls[i];
      if (!call.started) continue;
      if (is_stream(scenario_.calls[i].flow)) {
        streams[{connection(call).peer, call.method}] = i;
      } else {
        unary[{connection(call).peer, call.method, call.request_bytes}] = i;
      }
    }
    line_of_.resize(ledger_.calls.size());
    for (const LogLine& line : lines_) {
      if (!line.whole) problem("a line of the access log is not what every line is");
      std::optional<std::size_t> call;
      if (const auto found = unary.find({line.peer, line.method, line.request_bytes}); found != unary.end()) {
        call = found->second;
      } else if (const auto stream = streams.find({line.peer, line.method}); stream != streams.end()) {
        call = stream->second;
      }
      if (!call) {
        if (!somebody_lied) problem("the access log has a call of " + line.peer + " that nobody made");
      } else if (line_of_[*call] != nullptr) {
        if (!connection(ledger_.calls[*call]).repeated) problem(*call, "is in the access log twice");
      } else {
        line_of_[*call] = &line;
      }
    }
  }

  // ---- one call

  void judge_call(std::size_t index) {
    const CallRecord& call = ledger_.calls[index];
    const CallPlan& plan = scenario_.calls[index];
    const Ledger::Connection& caller = connection(call);
    if (call.others > 0 && !caller.repeated) problem(index, "got another call's answer");
    if (call.executions > 1 && !caller.repeated)
      problem(index, "was executed " + std::to_string(call.executions) + " times");
    if (call.spoiled_executions > 0 && !caller.lied) problem(index, "reached its provider with another body");
    if (call.spoiled > 0 && !caller.lied && !endpoint_lied(call))
      problem(index, "got an answer that nobody gave");
    if (call.ends > 1) problem(index, "ended " + std::to_string(call.ends) + " times for its caller");
    const bool waits = !(plan.flow == Flow::oneway && is_thrift(scenario_.callers[plan.caller].wire));
    const bool undisturbed = !caller.touched && !caller.lied;
    if (call.lost && undisturbed && ledger_.drained_from_ns == base::never_ns) {
      problem(index, "lost its connection to the gateway, which nobody had touched");
    }
    if (waits && call.ends == 0 && !call.lost && !call.cancelled && undisturbed) {
      problem(index, "never ended for its caller");
    }
    judge_result(index);
    const LogLine* line = line_of_[index];
    if (line != nullptr) {
      judge_line(index, *line);
    } else if (evidence_.lines_dropped == 0 && undisturbed && !unprocessed(call) &&
               (call.ends > 0 || call.executions > 0)) {
      problem(index, "is not in the access log");
    }
    if (index >= evidence_.first_healthy && !(waits ? call.ends == 1 && call.ok : call.executions == 1)) {
      problem(index, "failed though all faults were over: " + (call.ends == 0 ? "no answer" : call.text));
    }
  }

  // Said by the caller's own end: the gateway's goodbye left it out.
  bool unprocessed(const CallRecord& call) const {
    return ledger_.drained_from_ns != base::never_ns && call.code == model::Code::unavailable &&
           call.executions == 0;
  }

  void judge_result(std::size_t index) {
    const CallRecord& call = ledger_.calls[index];
    const CallPlan& plan = scenario_.calls[index];
    if (call.ends != 1) return;
    if (call.ok && !connection(call).lied && !endpoint_lied(call)) {
      std::uint32_t expected = plan.flow == Flow::oneway ? 0 : 1;
      if (plan.flow == Flow::talk || plan.flow == Flow::list) expected = plan.messages;
      if (call.answers != expected) {
        problem(index, "ended well with " + std::to_string(call.answers) + " messages, not " +
                           std::to_string(expected));
      }
      if (plan.flow != Flow::oneway && call.executions != 1)
        problem(index, "ended well without being executed");
      if (plan.answer != Answer::ok && plan.flow != Flow::oneway) {
        problem(index, "ended well though its provider gave an error");
      }
    }
    const base::Nanoseconds took = call.ended_ns - call.started_ns;
    const base::Nanoseconds limit =
        std::min(plan.timeout_ns, *std::max_element(timeouts_ns.begin(), timeouts_ns.end()));
    if (!connection(call).slow && !connection(call).touched && took > limit + late_ns + ledger_.stalled_ns) {
      problem(index, "took its caller " + std::to_string(took / millisecond_ns) + " ms");
    }
  }

  bool endpoint_lied(const CallRecord& call) const {
    return !call.endpoint.empty() && disturbed(call.endpoint, effect_lie, call.started_ns, base::never_ns);
  }

  bool disturbed(const std::string& address, std::uint32_t effects, base::Nanoseconds from_ns,
                 base::Nanoseconds to_ns) const {
    const auto found = ledger_.endpoints.find(address);
    if (found == ledger_.endpoints.end()) return false;
    return std::any_of(found->second.begin(), found->second.end(), [&](const Disturbance& one) {
      return (one.effects & effects) != 0 && one.from_ns <= to_ns && from_ns <= one.to_ns;
    });
  }

  // ---- what the gateway says of it

  const EndpointPlan* endpoint_of(const LogLine& line) const {
    for (const EndpointPlan& one : endpoints_) {
      if (one.text == line.endpoint) return &one;
    }
    return nullptr;
  }

  void judge_line(std::size_t index, const LogLine& line) {
    const CallRecord& call = ledger_.calls[index];
    const CallPlan& plan = scenario_.calls[index];
    if (line.snapshot < 1 || line.snapshot > variant_count)
      return problem(index, "saw an unknown configuration");
    const std::size_t variant = static_cast<std::size_t>(line.snapshot) - 1;
    const EndpointPlan* endpoint = endpoint_of(line);
    const std::size_t group = group_of(plan.service, variant);
    if (endpoint != nullptr && (endpoint->service != plan.service || endpoint->group != group)) {
      if (!connection(call).lied)
        problem(index, "went to " + line.endpoint + ", which its configuration does not name");
    }
    if (call.executions > 0 && call.group != group && !connection(call).lied) {
      problem(index, "was executed by a provider of another configuration");
    }
    const base::Nanoseconds limit = std::min(plan.timeout_ns, timeouts_ns[variant]);
    const auto took = static_cast<base::Nanoseconds>(line.duration_us) * base::microsecond_ns;
    const base::Nanoseconds late = late_ns + ledger_.stalled_ns;
    if (took > timeouts_ns[variant] + late || (took > limit + late && !connection(call).lied)) {
      problem(index, "ended " + std::to_string((took - limit) / millisecond_ns) + " ms behind its deadline");
    }
    if (!connection(call).touched && !connection(call).lied && call.ends == 1 &&
        (line.code == "OK") != call.ok && evidence_.lines_dropped == 0) {
      problem(index, "is " + line.code + " in the access log, and was told " +
                         std::string(model::to_string(call.code)));
    }
    if (line.code != "OK" && !explained(index, line, took, limit)) {
      problem(index, "failed without a cause: " + line.code + ", origin " + line.origin + ", " + line.reason +
                         ", " + line.message);
    }
  }

  // Is there something among what was done that may end this call so?
  bool explained(std::size_t index, const LogLine& line, base::Nanoseconds took, base::Nanoseconds limit) {
    const CallRecord& call = ledger_.calls[index];
    const CallPlan& plan = scenario_.calls[index];
    const Ledger::Connection& caller = connection(call);
    if (caller.lied) return true;
    const bool gone =
        call.cancelled || call.lost || caller.touched || ledger_.drained_from_ns != base::never_ns;
    if (line.reason == "CALL_DEADLINE") return line.code == "DEADLINE_EXCEEDED" && took + early_ns >= limit;
    if (line.code == "CANCELLED" && one_of(line.reason, {"CALL_CANCELLED", "NET_EOF"})) return gone;
    if (line.reason == "CALL_DRAINING") return ledger_.drained_from_ns != base::never_ns;
    if (line.reason == "LIMIT_CONCURRENCY") return families[scenario_.family].concurrency > 0;
    const base::Nanoseconds from = call.started_ns - consequence_ns;
    const base::Nanoseconds to = call.started_ns + consequence_ns + took;
    if (line.reason == "UPSTREAM_CONNECT") {
      const std::size_t group = group_of(plan.service, static_cast<std::size_t>(line.snapshot) - 1);
      return std::any_of(endpoints_.begin(), endpoints_.end(), [&](const EndpointPlan& one) {
        return one.service == plan.service && one.group == group &&
               disturbed(one.address, effect_connect | effect_close, from - backoff_max_ns, to);
      });
    }
    const EndpointPlan* endpoint = endpoint_of(line);
    if (endpoint == nullptr) return false;
    if (disturbed(endpoint->address, effect_lie, ledger_.calls.front().started_ns, base::never_ns))
      return true;
    if (line.origin == "application") {
      if (plan.answer == Answer::refused) return line.code == "NOT_FOUND" || is_thrift(endpoint->wire);
      return plan.answer == Answer::error;
    }
    if (one_of(line.reason, {"UPSTREAM_CLOSED", "UPSTREAM_RESET", "UPSTREAM_REFUSED"})) {
      return disturbed(endpoint->address, effect_close, from, to) || neighbour_gave_up(index, *endpoint);
    }
    return false;
  }

  // Thrift: a call that is given up takes its connection, and those pipelined on it, along.
  bool neighbour_gave_up(std::size_t index, const EndpointPlan& endpoint) const {
    if (!is_thrift(endpoint.wire) || families[scenario_.family].pipelined < 2) return false;
    for (std::size_t i = 0; i < line_of_.size(); ++i) {
      if (i == index || line_of_[i] == nullptr || line_of_[i]->endpoint != endpoint.text) continue;
      if (one_of(line_of_[i]->code, {"DEADLINE_EXCEEDED", "CANCELLED"})) return true;
    }
    return false;
  }

  // ---- all calls

  void judge_totals() {
    bool somebody_lied = false;
    for (const Ledger::Connection& one : ledger_.connections) somebody_lied = somebody_lied || one.lied;
    if (ledger_.unknown_executions > 0 && !somebody_lied) {
      problem("providers were called " + std::to_string(ledger_.unknown_executions) +
              " times with nobody's call");
    }
    const auto total = [&](std::string_view name) {
      std::uint64_t sum = 0;
      for (const auto& [label, count] : metric_by(evidence_.metrics, name, "")) sum += count;
      return sum;
    };
    if (total("koine_gateway_calls_in_flight") != 0) problem("the gauge of calls in flight is not back at 0");
    const std::uint64_t calls = total("koine_gateway_calls_total");
    if (lines_.size() + evidence_.lines_dropped != calls) {
      problem("of " + std::to_string(calls) + " calls " + std::to_string(lines_.size()) +
              " were written to the access log and " + std::to_string(evidence_.lines_dropped) + " dropped");
    }
    if (evidence_.lines_dropped > 0) return;
    std::map<std::string, std::uint64_t> codes;
    std::map<std::string, std::uint64_t> reasons;
    for (const LogLine& line : lines_) {
      ++codes[line.code];
      if (line.origin != "application") ++reasons[line.reason.empty() ? "NONE" : line.reason];
    }
    if (codes != metric_by(evidence_.metrics, "koine_gateway_calls_total", "code")) {
      problem("the metrics count other codes than the access log");
    }
    if (reasons != metric_by(evidence_.metrics, "koine_gateway_call_failures_total", "reason")) {
      problem("the metrics count other reasons than the access log");
    }
  }

  const Evidence& evidence_;
  const Scenario& scenario_;
  const Ledger& ledger_;
  const std::vector<LogLine> lines_;
  const std::vector<EndpointPlan> endpoints_;
  std::vector<const LogLine*> line_of_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> judge(const Evidence& evidence) { return Judge(evidence).run(); }

}  // namespace koine::gateway::testing::simulator
