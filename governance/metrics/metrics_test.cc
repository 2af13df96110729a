// What is counted for which call, and that the page is merged, ordered and escaped.
#include "governance/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koine::governance::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Counted {
  model::CallHead head;
  router::Cluster cluster;
  router::MethodRoute route;
  Call call;
  Counted() {
    cluster.name = "orders";
    route.cluster = &cluster;
    route.method = "GetOrder";
    route.caller = router::Protocol::grpc;
    call.head = &head;
    call.route = &route;
    call.caller = router::Protocol::grpc;
    call.path = Path::transcode;
    call.started_ns = base::second_ns;
    call.now_ns = base::second_ns + 3 * base::millisecond_ns;
  }
};

constexpr const char* labels = R"(service="orders",method="GetOrder",caller="grpc",provider="thrift")";

TEST(Metrics, WorkersAreMergedIntoOneSample) {
  Registry registry;
  Metrics first(registry.add_shard()), second(registry.add_shard());
  Counted one;
  model::Outcome stop;
  for (Metrics* policy : {&first, &second, &second}) {
    policy->on_call(one.call, stop);
    policy->on_finish(one.call, {});
  }
  const std::string page = registry.render({});
  EXPECT_THAT(page, HasSubstr("koine_gateway_calls_total{" + std::string(labels) +
                              R"(,path="transcode",code="OK"} 3)"));
  EXPECT_THAT(page, HasSubstr(R"(koine_gateway_calls_in_flight{caller="grpc"} 0)"));
  EXPECT_THAT(page, HasSubstr("koine_gateway_call_duration_seconds_count{" + std::string(labels) + "} 3"));
  EXPECT_THAT(page, HasSubstr("koine_gateway_call_duration_seconds_sum{" + std::string(labels) + "} 0.009"));
}

TEST(Metrics, BucketsAreCumulativeAndInTheOrderOfTheirBounds) {
  Registry registry;
  Metrics policy(registry.add_shard());
  Counted one;
  policy.on_finish(one.call, {});
  one.call.now_ns = one.call.started_ns + 3600 * base::second_ns;
  policy.on_finish(one.call, {});
  const std::string page = registry.render({});
  const auto at = [&](const std::string& rest) {
    const std::size_t found = page.find("_bucket{" + std::string(labels) + ",le=" + rest);
    EXPECT_NE(found, std::string::npos) << rest;
    return found;
  };
  EXPECT_LT(at("\"0.0001\"} 0"), at("\"0.0025\"} 0"));
  EXPECT_LT(at("\"0.0025\"} 0"), at("\"0.005\"} 1"));
  EXPECT_LT(at("\"0.005\"} 1"), at("\"15\"} 1"));
  EXPECT_LT(at("\"15\"} 1"), at("\"+Inf\"} 2"));
}

TEST(Metrics, FailuresAreCountedByReasonAndApplicationErrorsAreNot) {
  Registry registry;
  Metrics policy(registry.add_shard());
  Counted one;
  model::Outcome refused;
  refused.code = model::Code::invalid_argument;
  refused.origin = model::Origin::gateway;
  refused.reason = base::Reason::map_range;
  policy.on_finish(one.call, refused);
  model::Outcome limited;
  limited.code = model::Code::resource_exhausted;
  limited.origin = model::Origin::gateway;
  limited.reason = base::Reason::limit_message;
  policy.on_finish(one.call, limited);
  model::Outcome declared;
  declared.code = model::Code::not_found;
  policy.on_finish(one.call, declared);
  const std::string page = registry.render({});
  EXPECT_THAT(page, HasSubstr(R"(koine_gateway_call_failures_total{reason="MAP_RANGE"} 1)"));
  EXPECT_THAT(page, HasSubstr(R"(koine_transcode_refusals_total{reason="MAP_RANGE"} 1)"));
  // Limits are counted where they are met, each once, and not again when the call ends.
  EXPECT_THAT(page, Not(HasSubstr("koine_limit_hits_total")));
  EXPECT_THAT(page, HasSubstr(R"(code="NOT_FOUND"} 1)"));
  EXPECT_THAT(page, Not(HasSubstr(R"(reason="NONE")")));
}

TEST(Metrics, LossesAreCountedByWhatTheyAre) {
  Registry registry;
  Metrics first(registry.add_shard()), second(registry.add_shard());
  Counted one;
  one.call.dropped_fields = {2, 0, 1};
  one.call.lost_values = {0, 0, 5};
  for (Metrics* policy : {&first, &second}) policy->on_finish(one.call, {});
  const std::string page = registry.render({});
  const std::string dropped = "koine_transcode_dropped_fields_total{" + std::string(labels) + ",reason=";
  EXPECT_THAT(page, HasSubstr(dropped + "\"unknown\"} 4\n"));
  EXPECT_THAT(page, HasSubstr(dropped + "\"allowed\"} 2\n"));
  EXPECT_THAT(page, Not(HasSubstr("wire_type")));
  const std::string lost = "koine_transcode_lost_values_total{" + std::string(labels) + ",allowance=";
  EXPECT_THAT(page, HasSubstr(lost + "\"ENUM_VALUE_UNMATCHED\"} 10\n"));
  EXPECT_THAT(page, Not(HasSubstr("F64_TO_F32")));
}

TEST(Metrics, LimitsAreCountedByNameOverAllWorkersAndTheMainLoop) {
  Registry registry;
  registry.add_shard().limit_hits.add(base::Limit::headers_count_max);
  registry.add_shard().limit_hits.add(base::Limit::headers_count_max);
  registry.process_hits().add(base::Limit::connections_max);
  registry.process_hits().add(base::Limit::admin_idle_timeout);
  const std::string page = registry.render({});
  EXPECT_THAT(page,
              HasSubstr(R"(koine_limit_hits_total{limit="headers_count_max",reason="LIMIT_HEADERS"} 2)"));
  EXPECT_THAT(page,
              HasSubstr(R"(koine_limit_hits_total{limit="connections_max",reason="LIMIT_CONNECTIONS"} 1)"));
  EXPECT_THAT(page, HasSubstr(R"(koine_limit_hits_total{limit="admin_idle_timeout",reason="LIMIT_IDLE"} 1)"));
  EXPECT_THAT(page, Not(HasSubstr("message_bytes_max")));
}

TEST(Metrics, MemoryHeldIsSummedOverWorkers) {
  Registry registry;
  Shard& first = registry.add_shard();
  Shard& second = registry.add_shard();
  first.held_bytes.add(1000);
  first.held_bytes.subtract(400);
  second.held_bytes.add(24);
  first.connections_held_back.add();
  second.buffer_bytes.set(4096);
  const std::string page = registry.render({});
  EXPECT_THAT(page, HasSubstr("koine_gateway_held_bytes 624\n"));
  EXPECT_THAT(page, HasSubstr("koine_gateway_connections_held_back 1\n"));
  EXPECT_THAT(page, HasSubstr("koine_gateway_buffer_bytes 4096\n"));
}

TEST(Metrics, CallsWithoutARouteNeverMakeLabelsOfWhatTheWireSaid) {
  Registry registry;
  Metrics policy(registry.add_shard());
  Counted one;
  one.head.service = one.head.method = "made.up";
  one.call.route = nullptr;
  policy.on_finish(one.call, {});
  const std::string page = registry.render({});
  EXPECT_THAT(page, Not(HasSubstr("made.up")));
  EXPECT_THAT(page, HasSubstr(R"(service="",method="",caller="grpc")"));
}

TEST(Metrics, CountsGoOnOverSnapshots) {
  Registry registry;
  Metrics policy(registry.add_shard());
  Counted before, after;
  policy.on_finish(before.call, {});
  policy.on_snapshot();
  policy.on_finish(after.call, {});
  EXPECT_THAT(registry.render({}), HasSubstr(R"(path="transcode",code="OK"} 2)"));
}

TEST(Metrics, CallsInFlightAreAGauge) {
  Registry registry;
  Metrics policy(registry.add_shard());
  Counted one;
  model::Outcome stop;
  policy.on_call(one.call, stop);
  policy.on_call(one.call, stop);
  EXPECT_THAT(registry.render({}), HasSubstr(R"(koine_gateway_calls_in_flight{caller="grpc"} 2)"));
}

TEST(Metrics, ExtrasAreDeclaredOnceAndLabelsAreEscaped) {
  Registry registry;
  const std::string page =
      registry.render({{"koine_x", "About x.", "gauge", "a=\"" + escape_label("q\"\\\n") + "\"", 1},
                       {"koine_x", "About x.", "gauge", "a=\"b\"", 0.25}});
  EXPECT_THAT(page, HasSubstr("# HELP koine_x About x.\n# TYPE koine_x gauge\n"));
  EXPECT_THAT(page, HasSubstr(R"(koine_x{a="q\"\\\n"} 1)"));
  EXPECT_THAT(page, HasSubstr("koine_x{a=\"b\"} 0.25\n"));
  EXPECT_EQ(page.find("# HELP koine_x"), page.rfind("# HELP koine_x"));
}

}  // namespace
}  // namespace koine::governance::metrics
