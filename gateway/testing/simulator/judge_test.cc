// Every rule of the judge can be broken, and is then named.
#include "gateway/testing/simulator/judge.h"

#include <functional>
#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koine::gateway::testing::simulator {
namespace {

using base::millisecond_ns;
using base::second_ns;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// One unary call of a gRPC caller to delta that went well, as everybody tells it.
struct Case {
  Scenario scenario = one_call();
  Ledger ledger{scenario};
  std::string code = "OK";
  std::string origin = "application";
  std::string reason;
  std::string endpoint = "10.0.3.1:1000";
  std::uint64_t snapshot = 1;
  base::Nanoseconds took_ns = 3 * millisecond_ns;
  std::string metrics;
  std::uint64_t lines_dropped = 0;
  int lines = 1;
  std::size_t first_healthy = 1;

  Case() {
    ledger.connections.emplace_back().peer = "127.0.0.1:40001";
    CallRecord& call = ledger.calls[0];
    call.started = true;
    call.started_ns = 10 * second_ns;
    call.method = "Echo";
    call.request_bytes = 40;
    call.executions = 1;
    call.endpoint = endpoint;
    call.answers = 1;
    ledger.end(call, call.started_ns + took_ns, model::Code::ok, {});
  }
  static Scenario one_call() {
    Scenario scenario;
    scenario.callers.resize(1);
    scenario.calls.resize(1);
    scenario.calls[0].service = Service::delta;
    return scenario;
  }
  CallRecord& call() { return ledger.calls[0]; }
  // The call failed, and everybody says so.
  void fail(std::string how, model::Code status, std::string why, std::string whose = "transport") {
    code = std::move(how);
    reason = std::move(why);
    origin = std::move(whose);
    call().ends = 0;
    call().answers = 0;
    ledger.end(call(), call().started_ns + took_ns, status, {});
  }
  std::string line() const {
    return R"({"time":"t","event":"call","service":"delta","method":"Echo","caller":"grpc","code":")" + code +
           R"(","origin":")" + origin + '"' + (reason.empty() ? "" : R"(,"reason":")" + reason + '"') +
           R"(,"duration_us":)" + std::to_string(took_ns / base::microsecond_ns) +
           R"(,"request_bytes":40,"reply_bytes":1,"attempts":1,"peer":"127.0.0.1:40001","endpoint":")" +
           endpoint + R"(","snapshot":)" + std::to_string(snapshot) + "}\n";
  }
  std::vector<std::string> problems() const {
    Evidence evidence{scenario, ledger, {}, lines_dropped, metrics, first_healthy};
    for (int i = 0; i < lines; ++i) evidence.access_log += line();
    if (metrics.empty()) {
      evidence.metrics = "koine_gateway_calls_total{service=\"delta\",code=\"" + code + "\"} 1\n";
      if (origin != "application")
        evidence.metrics += "koine_gateway_call_failures_total{reason=\"" + reason + "\"} 1\n";
    }
    return judge(evidence);
  }
};

TEST(Judge, FindsNothingWhereAllIsWell) { EXPECT_THAT(Case().problems(), IsEmpty()); }

struct Breach {
  const char* name;
  void (*make)(Case&);
  const char* found;
};
void PrintTo(const Breach& breach, std::ostream* out) { *out << breach.name; }
class Rule : public ::testing::TestWithParam<Breach> {};

constexpr Breach breaches[] = {
    {"another_calls_answer", [](Case& c) { c.call().others = 1; }, "another call's answer"},
    {"nobodys_answer", [](Case& c) { c.call().spoiled = 1; }, "that nobody gave"},
    {"no_answer", [](Case& c) { c.call().answers = 0; }, "ended well with 0 messages"},
    {"executed_twice", [](Case& c) { c.call().executions = 2; }, "was executed 2 times"},
    {"other_body", [](Case& c) { c.call().spoiled_executions = 1; }, "with another body"},
    {"two_results", [](Case& c) { c.call().ends = 2; }, "ended 2 times"},
    {"no_result", [](Case& c) { c.call().ends = 0; }, "never ended"},
    {"connection_lost", [](Case& c) { c.call().lost = true; }, "lost its connection"},
    {"late_for_the_caller", [](Case& c) { c.call().ended_ns += 4 * second_ns; }, "took its caller 4003 ms"},
    {"late_for_the_log", [](Case& c) { c.took_ns = 2100 * millisecond_ns; }, "100 ms behind its deadline"},
    {"not_in_the_log", [](Case& c) { c.lines = 0; }, "is not in the access log"},
    {"twice_in_the_log", [](Case& c) { c.lines = 2; }, "is in the access log twice"},
    {"nobodys_line", [](Case& c) { c.ledger.connections[0].peer = "127.0.0.1:1"; }, "that nobody made"},
    {"other_code_in_the_log", [](Case& c) { c.code = "INTERNAL"; }, "was told OK"},
    {"other_configuration", [](Case& c) { c.snapshot = 2; }, "which its configuration does not name"},
    {"executed_elsewhere", [](Case& c) { c.call().group = 1; }, "provider of another configuration"},
    {"failed_for_nothing",
     [](Case& c) { c.fail("UNAVAILABLE", model::Code::unavailable, "UPSTREAM_CLOSED"); },
     "failed without a cause: UNAVAILABLE, origin transport, UPSTREAM_CLOSED"},
    {"deadline_too_early",
     [](Case& c) { c.fail("DEADLINE_EXCEEDED", model::Code::deadline_exceeded, "CALL_DEADLINE", "gateway"); },
     "failed without a cause"},
    {"wrong_reason",
     [](Case& c) {
       c.ledger.disturb("10.0.3.1:1000", effect_close, c.call().started_ns);
       c.fail("UNAVAILABLE", model::Code::unavailable, "UPSTREAM_CONNECT_TYPO");
     },
     "failed without a cause"},
    {"other_endpoints_fault",
     [](Case& c) {
       c.ledger.disturb("10.0.3.2:1000", effect_close, c.call().started_ns);
       c.fail("UNAVAILABLE", model::Code::unavailable, "UPSTREAM_CLOSED");
     },
     "failed without a cause"},
    {"gauge", [](Case& c) { c.metrics = "koine_gateway_calls_in_flight{caller=\"grpc\"} 1\n"; },
     "not back at 0"},
    {"metric_missing", [](Case& c) { c.metrics = "koine_gateway_calls_total{code=\"OK\"} 2\n"; },
     "of 2 calls 1 were written"},
    {"metric_code", [](Case& c) { c.metrics = "koine_gateway_calls_total{code=\"UNKNOWN\"} 1\n"; },
     "other codes"},
    {"metric_reason",
     [](Case& c) {
       c.metrics =
           "koine_gateway_calls_total{code=\"OK\"} 1\nkoine_gateway_call_failures_total{reason=\"INTERNAL\"} "
           "1\n";
     },
     "other reasons"},
    {"nobodys_call", [](Case& c) { c.ledger.unknown_executions = 1; }, "with nobody's call"},
    {"not_healed",
     [](Case& c) {
       c.first_healthy = 0;
       c.ledger.disturb("10.0.3.1:1000", effect_close, c.call().started_ns);
       c.fail("UNAVAILABLE", model::Code::unavailable, "UPSTREAM_CLOSED");
     },
     "failed though all faults were over"},
};
INSTANTIATE_TEST_SUITE_P(Broken, Rule, ::testing::ValuesIn(breaches),
                         [](const auto& one) { return std::string(one.param.name); });

TEST_P(Rule, IsNamed) {
  Case broken;
  GetParam().make(broken);
  EXPECT_THAT(broken.problems(), Contains(HasSubstr(GetParam().found)));
}

struct Excuse {
  const char* name;
  void (*make)(Case&);
};
void PrintTo(const Excuse& excuse, std::ostream* out) { *out << excuse.name; }
class Cause : public ::testing::TestWithParam<Excuse> {};

constexpr Excuse excuses[] = {
    {"provider_closed",
     [](Case& c) {
       c.ledger.disturb("10.0.3.1:1000", effect_close, c.call().started_ns);
       c.fail("UNAVAILABLE", model::Code::unavailable, "UPSTREAM_CLOSED");
     }},
    {"provider_not_reached",
     [](Case& c) {
       c.ledger.disturb("10.0.3.1:1000", effect_connect, c.call().started_ns);
       c.call().executions = 0;
       c.call().endpoint.clear();
       c.endpoint.clear();
       c.fail("UNAVAILABLE", model::Code::unavailable, "UPSTREAM_CONNECT", "gateway");
     }},
    {"provider_lied",
     [](Case& c) {
       c.ledger.disturb("10.0.3.1:1000", effect_lie, c.call().started_ns);
       c.fail("INTERNAL", model::Code::internal, "UPSTREAM_PROTOCOL");
     }},
    {"provider_refused",
     [](Case& c) {
       c.scenario.calls[0].answer = Answer::refused;
       c.fail("NOT_FOUND", model::Code::not_found, "", "application");
     }},
    {"deadline",
     [](Case& c) {
       c.scenario.calls[0].timeout_ns = 3 * millisecond_ns;
       c.fail("DEADLINE_EXCEEDED", model::Code::deadline_exceeded, "CALL_DEADLINE", "gateway");
     }},
};
INSTANTIATE_TEST_SUITE_P(Known, Cause, ::testing::ValuesIn(excuses),
                         [](const auto& one) { return std::string(one.param.name); });

TEST_P(Cause, ExplainsTheFailure) {
  Case explained;
  GetParam().make(explained);
  EXPECT_THAT(explained.problems(), IsEmpty());
}

}  // namespace
}  // namespace koine::gateway::testing::simulator
