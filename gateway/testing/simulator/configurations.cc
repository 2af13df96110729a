// YAML and IDL of the simulator's world.
#include "gateway/testing/simulator/configurations.h"

#include <cstdio>
#include <cstdlib>

#include "control/load.h"

namespace koine::gateway::testing::simulator {
namespace {

constexpr const char* sim_thrift =
    "namespace * sim\n"
    "struct Ping { 1: i64 nonce, 2: i64 check, 3: string pad }\n"
    "exception Refused { 1: i64 nonce, 2: string message } (koine.code = \"NOT_FOUND\")\n"
    "service Alpha {\n"
    "  Ping echo(1: Ping ping) throws (1: Refused refused)\n"
    "  oneway void post(1: Ping ping)\n"
    "}\n"
    "service Beta {\n"
    "  Ping echo(1: Ping ping) throws (1: Refused refused)\n"
    "  oneway void post(1: Ping ping)\n"
    "}\n"
    "service Gamma {\n"
    "  Ping echo(1: Ping ping) throws (1: Refused refused)\n"
    "  oneway void post(1: Ping ping)\n"
    "}\n";

constexpr const char* simp_proto =
    "syntax = \"proto3\";\n"
    "package simp;\n"
    "message Ping { int64 nonce = 1; int64 check = 2; string pad = 3; }\n"
    "service Delta {\n"
    "  rpc Echo(Ping) returns (Ping);\n"
    "  rpc Talk(stream Ping) returns (stream Ping);\n"
    "  rpc Push(stream Ping) returns (Ping);\n"
    "  rpc List(Ping) returns (stream Ping);\n"
    "}\n";

constexpr Wire wires[service_count][variant_count] = {
    {Wire::framed_binary, Wire::framed_compact, Wire::grpc},
    {Wire::framed_compact, Wire::unframed_binary, Wire::framed_compact},
    {Wire::header_compact, Wire::unframed_json, Wire::header_compact},
    {Wire::grpc, Wire::grpc, Wire::grpc},
};

constexpr std::string_view interfaces[service_count] = {"sim.Alpha", "sim.Beta", "sim.Gamma", "simp.Delta"};

std::string yaml_of(std::size_t family, std::size_t variant) {
  const Family& numbers = families[family];
  std::string text = "schemas: { files: [sim.thrift, simp.proto] }\nlisteners:\n";
  for (std::size_t i = 0; i < service_count; ++i) {
    const auto service = static_cast<Service>(i);
    text += "  - { bind: \"" + listener_address(service) +
            "\", thrift: { default_service: " + std::string(to_string(service)) + " } }\n";
  }
  text += "services:\n";
  for (std::size_t i = 0; i < service_count; ++i) {
    const auto service = static_cast<Service>(i);
    text += "  - name: " + std::string(to_string(service)) +
            "\n    interface: " + std::string(interfaces[i]) + "\n";
    std::string endpoints;
    Wire wire = Wire::grpc;
    std::string multiplexed;
    for (const EndpointPlan& endpoint : endpoints_of(family)) {
      if (endpoint.service != service || endpoint.group != group_of(service, variant)) continue;
      endpoints += (endpoints.empty() ? "\"" : ", \"") + endpoint.text + "\"";
      wire = endpoint.wire;
      multiplexed = endpoint.multiplexed;
    }
    text += "    protocol: " + std::string(is_thrift(wire) ? "thrift" : "grpc") + "\n";
    if (is_thrift(wire)) {
      text += "    thrift: { transport: " + std::string(transport_of(wire)) +
              ", encoding: " + std::string(encoding_of(wire));
      if (!multiplexed.empty()) text += ", multiplexed: " + multiplexed;
      if (service == Service::beta) text += ", pipelined: " + std::to_string(numbers.pipelined);
      text += " }\n";
    }
    text += "    endpoints: [" + endpoints + "]\n";
    text += "    connections_max: " + std::to_string(numbers.connections_max) +
            "\n    idle_close: " + std::to_string(idle_close_ns / base::millisecond_ns) + "ms\n";
  }
  text += "policies: { timeout: " + std::to_string(timeouts_ns[variant] / base::millisecond_ns) +
          "ms, limits: { concurrency: " + std::to_string(numbers.concurrency) + " } }\n";
  text += "limits: { message_bytes_max: " + std::to_string(message_bytes_max >> 10) + "KiB }\n";
  text += "drain_timeout: " + std::to_string(drain_timeout_ns / base::second_ns) + "s\n";
  text += "access_log: { path: calls.log }\n";  // the simulator puts a sink of its own in its place
  return text;
}

control::SnapshotRef load(std::size_t family, std::size_t variant) {
  const auto sources = idl::memory_sources(
      {{"k.yaml", yaml_of(family, variant)}, {"sim.thrift", sim_thrift}, {"simp.proto", simp_proto}});
  control::LoadOptions options;
  options.path = "k.yaml";
  options.sources = sources.get();
  options.version = variant + 1;
  control::LoadResult result = control::load(options);
  if (result.snapshot) return result.snapshot;
  for (const idl::Diagnostic& one : result.diagnostics)
    std::fprintf(stderr, "%s\n", idl::render(one).c_str());
  std::abort();
}

}  // namespace

control::SnapshotRef Configurations::snapshot(std::size_t family, std::size_t variant) {
  control::SnapshotRef& one = loaded_[family][variant];
  if (!one) one = load(family, variant);
  return one;
}

std::string listener_address(Service service) {
  return "127.0.0.1:" + std::to_string(7000 + static_cast<int>(service));
}

std::size_t group_of(Service service, std::size_t variant) {
  return variant == 2 && service != Service::alpha ? 0 : variant;
}

std::vector<EndpointPlan> endpoints_of(std::size_t family) {
  const Family& numbers = families[family];
  std::vector<EndpointPlan> all;
  for (std::size_t service = 0; service < service_count; ++service) {
    for (std::size_t group = 0; group < variant_count; ++group) {
      if (group == 2 && static_cast<Service>(service) != Service::alpha) continue;
      for (std::size_t i = 0; i < numbers.endpoints; ++i) {
        EndpointPlan plan;
        plan.service = static_cast<Service>(service);
        plan.group = group;
        plan.wire = wires[service][group];
        if (plan.service == Service::gamma && group == 0) plan.multiplexed = "Gamma";
        plan.address = "10." + std::to_string(group) + "." + std::to_string(service) + "." +
                       std::to_string(i + 1) + ":1000";
        plan.text = plan.address;
        if (numbers.names && i == 0) {
          plan.host = std::string(to_string(plan.service)) + std::to_string(group) + ".sim";
          plan.text = plan.host + ":1000";
        }
        all.push_back(std::move(plan));
      }
    }
  }
  return all;
}

}  // namespace koine::gateway::testing::simulator
