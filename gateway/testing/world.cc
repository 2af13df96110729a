// Making worlds.
#include "gateway/testing/world.h"

#include <utility>

#include <gtest/gtest.h>

#include "control/route_builder.h"
#include "idl/schema.h"
#include "transcode/method_plan.h"

namespace koine::gateway::testing {
namespace {

using model::BodyFormat;
using model::MethodKind;

// Bytes go through as they are; only their name changes. "newer" is counted as a message with a field 7 that
// the schema does not know, "lossy" as one with a value that an allowance changed.
class PassingPlan final : public transcode::MethodPlan {
 public:
  PassingPlan(BodyFormat caller, BodyFormat provider) : caller_(caller), provider_(provider) {}
  transcode::Crossing crossing() const override {
    return caller_ == provider_ ? transcode::Crossing::forward : transcode::Crossing::transcode;
  }
  base::Status to_provider(model::Payload& message, std::string_view,
                           transcode::Context& context) const override {
    if (text_of(message.bytes) == "unmappable") {
      return base::Status(base::Reason::map_range, "the value has no form", "order.id");
    }
    count(message, context);
    message.format = provider_;
    return {};
  }
  void to_caller(model::Reply& reply, transcode::Context& context) const override {
    count(reply.message, context);
    reply.message.format = caller_;
  }
  base::Result<model::Payload> stream_message(model::Payload&& message, bool,
                                              transcode::Context& context) const override {
    count(message, context);
    return std::move(message);
  }

 private:
  static void count(const model::Payload& message, transcode::Context& context) {
    const std::string text = text_of(message.bytes);
    context.last_dropped_id = 0;
    if (text == "newer") {
      ++context.counters.dropped_fields[static_cast<std::size_t>(model::Drop::unknown)];
      context.last_dropped_id = 7;
    }
    if (text == "lossy") {
      ++context.counters.lost_values[static_cast<std::size_t>(model::Allowance::f64_to_f32)];
    }
  }

  BodyFormat caller_;
  BodyFormat provider_;
};

struct MethodSpec {
  const char* name;
  MethodKind kind;
};

void add_service(control::Snapshot& snapshot, const ServiceSpec& spec) {
  auto cluster = std::make_unique<router::Cluster>();
  cluster->id = static_cast<std::uint32_t>(snapshot.clusters.size());
  cluster->name = spec.name;
  cluster->interface = "test." + spec.name;
  cluster->protocol = spec.protocol;
  for (const std::string& endpoint : spec.endpoints) {
    cluster->endpoints.push_back({*router::parse_address(endpoint)});
  }
  cluster->connections_max = spec.connections_max;
  cluster->pipelined_max = spec.pipelined_max;
  cluster->concurrency_max = spec.concurrency_max;
  cluster->idle_close_ns = spec.idle_close_ns;
  cluster->thrift = spec.thrift;
  cluster->untyped = spec.untyped;
  if (spec.untyped) {
    control::ServiceRoutes service;
    service.cluster = cluster.get();
    service.policy.timeout_ns = spec.timeout_ns;
    const base::Status added = control::add_untyped_routes(service, {}, snapshot);
    EXPECT_TRUE(added.ok()) << added.to_string();
    snapshot.clusters.push_back(std::move(cluster));
    return;
  }
  for (const Protocol caller : {Protocol::thrift, Protocol::grpc}) {
    for (const MethodSpec& method :
         {MethodSpec{"Echo", MethodKind::unary}, {"Post", MethodKind::oneway}, {"Chat", MethodKind::bidi}}) {
      if (method.kind == MethodKind::bidi && (caller != Protocol::grpc || spec.protocol != Protocol::grpc))
        continue;
      router::MethodRoute route;
      route.cluster = cluster.get();
      route.caller = caller;
      route.service = cluster->interface;
      route.method = method.name;
      if (spec.protocol == Protocol::grpc) route.provider_service = cluster->interface;
      route.provider_method = method.name;
      route.kind = method.kind;
      auto idl = std::make_shared<idl::Method>();
      idl->name = method.name;
      idl->oneway = method.kind == MethodKind::oneway && spec.protocol == Protocol::thrift;
      route.provider_method_idl = idl.get();
      snapshot.owned.push_back(idl);
      for (const BodyFormat format : {BodyFormat::protobuf, BodyFormat::thrift_binary,
                                      BodyFormat::thrift_compact, BodyFormat::thrift_json}) {
        if ((format == BodyFormat::protobuf) != (caller == Protocol::grpc)) continue;
        auto plan = std::make_shared<const PassingPlan>(format, cluster->body_format());
        route.plans[static_cast<std::size_t>(format)] = plan.get();
        snapshot.owned.push_back(plan);
      }
      route.policy.timeout_ns = spec.timeout_ns;
      const base::Status added = snapshot.routes.add(std::move(route), {cluster->interface});
      EXPECT_TRUE(added.ok()) << added.to_string();
    }
  }
  snapshot.clusters.push_back(std::move(cluster));
}

}  // namespace

control::SnapshotRef make_snapshot(const SnapshotSpec& spec) {
  auto snapshot = std::make_shared<control::Snapshot>();
  snapshot->version = spec.version;
  snapshot->source = "test";
  for (const std::string& bind : spec.listeners) {
    snapshot->listeners.push_back(
        {*router::parse_address(bind), spec.default_service, spec.protocols, spec.thrift_lax});
  }
  for (const ServiceSpec& service : spec.services) add_service(*snapshot, service);
  if (!spec.admin.empty()) snapshot->admin = *router::parse_address(spec.admin);
  snapshot->access_log.enabled = spec.access_log;
  snapshot->limits = spec.limits;
  snapshot->drain_timeout_ns = spec.drain_timeout_ns;
  return snapshot;
}

namespace {

BodyFormat usual_format(Protocol protocol) {
  const model::ProtocolInfo& known = model::info(protocol);
  return known.untyped_format != BodyFormat::none ? known.untyped_format : known.formats[0];
}

}  // namespace

World::World(std::size_t workers, std::uint64_t seed) : network_(seed) {
  main_ = &network_.add_worker();
  test_ = &network_.add_worker();
  for (std::size_t i = 0; i < workers; ++i) worker_networks_.push_back(&network_.add_worker());
  logger_ =
      std::make_unique<base::Logger>(base::LogOptions(), network_.clock(), [this](std::string_view line) {
        log_text_.append(line);
        log_text_ += '\n';
      });
  codecs_ = make_codecs();
  turn_ = std::make_unique<Turn>(test_->loop());
}

World::~World() {
  gateway_.reset();
  callers_.clear();
  providers_.clear();
  turn_.reset();
}

void World::start_with(control::SnapshotRef snapshot) {
  options.snapshot = std::move(snapshot);
  options.log = logger_.get();
  gateway_ = std::make_unique<Gateway>(std::move(options), *main_, worker_networks_);
  const base::Status started = gateway_->start();
  ASSERT_TRUE(started.ok()) << started.to_string();
}

Caller& World::caller(Protocol protocol, std::string_view address) {
  const BodyFormat format = usual_format(protocol);
  return *callers_.emplace_back(
      std::make_unique<Caller>(*test_, *turn_, *codecs_->find(protocol), format, address));
}

Provider& World::provider(Protocol protocol, std::string_view address) {
  const BodyFormat format = usual_format(protocol);
  Provider& made = *providers_.emplace_back(
      std::make_unique<Provider>(*test_, *turn_, *codecs_->find(protocol), format, address));
  made.stream_methods = {"Chat"};
  return made;
}

void World::remove_provider(Provider& provider) {
  std::erase_if(providers_, [&](const auto& one) { return one.get() == &provider; });
}

void World::settle() { ASSERT_TRUE(network_.run_until_idle()); }
void World::advance(base::Nanoseconds by_ns) { ASSERT_TRUE(network_.advance(by_ns)); }
bool World::until(const std::function<bool()>& done, base::Nanoseconds limit_ns) {
  return network_.run_until(done, limit_ns);
}

Worker::Counts World::counts() const {
  Worker::Counts sum;
  for (const auto& worker : gateway_->workers()) {
    const Worker::Counts one = worker->counts();
    sum.connections += one.connections;
    sum.exchanges += one.exchanges;
    sum.upstream_connections += one.upstream_connections;
    sum.snapshots += one.snapshots;
    sum.pools += one.pools;
  }
  return sum;
}

}  // namespace koine::gateway::testing
