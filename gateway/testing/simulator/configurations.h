// The configurations that scenarios run: a few families of numbers, three variants of each, loaded from YAML
// and IDL by control as the product does it. Loaded once and shared by all runs: a Snapshot is immutable.
// One thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "control/snapshot.h"
#include "gateway/testing/simulator/scenario.h"

namespace koine::gateway::testing::simulator {

// In what Thrift callers speak.
inline constexpr std::array caller_wires = {
    Wire::framed_binary,    Wire::framed_compact, Wire::framed_json,   Wire::unframed_binary,
    Wire::unframed_compact, Wire::unframed_json,  Wire::header_binary, Wire::header_compact};

struct Family {
  std::uint32_t connections_max;
  std::uint32_t pipelined;    // of beta
  std::uint32_t concurrency;  // of each service; 0: no limit
  std::size_t endpoints;      // of each service
  bool names;                 // the first endpoint of each service is a name
};
inline constexpr std::array<Family, 5> families = {{
    {64, 4, 0, 2, false},
    {1, 1, 0, 1, false},
    {2, 8, 5, 2, true},
    {3, 2, 0, 2, true},
    {64, 4, 0, 1, true},
}};
inline constexpr std::size_t family_count = families.size();
inline constexpr std::size_t variant_count = 3;
// The longest that a call may take, by variant.
inline constexpr std::array<base::Nanoseconds, variant_count> timeouts_ns = {
    2 * base::second_ns, 3 * base::second_ns, 1500 * base::millisecond_ns};
inline constexpr base::Nanoseconds idle_close_ns = base::second_ns;
inline constexpr base::Nanoseconds drain_timeout_ns = 5 * base::second_ns;
inline constexpr std::size_t message_bytes_max = 256u << 10;
// The longest wait behind a failure of an endpoint before it is tried again (UpstreamPool::backoff_ns).
inline constexpr base::Nanoseconds backoff_max_ns = 1500 * base::millisecond_ns;

class Configurations {
 public:
  // 0-based variant; its Snapshot's version is variant + 1. Ends the process when it does not load.
  control::SnapshotRef snapshot(std::size_t family, std::size_t variant);

 private:
  std::array<std::array<control::SnapshotRef, variant_count>, family_count> loaded_;
};

// Where a caller finds the listener whose plain Thrift calls mean `service`.
std::string listener_address(Service service);

// One provider of a service in a variant.
struct EndpointPlan {
  Service service = Service::alpha;
  std::size_t group = 0;  // the variant that it was made for: the same for variants that share endpoints
  Wire wire = Wire::grpc;
  std::string multiplexed;  // the name it is registered under, or empty
  std::string address;      // IP address and port
  std::string host;         // the name in the configuration, or empty
  std::string text;         // as the access log says it
};
// Every provider of a family, in a fixed order.
std::vector<EndpointPlan> endpoints_of(std::size_t family);
// Which group of endpoints a variant uses for a service.
std::size_t group_of(Service service, std::size_t variant);

}  // namespace koine::gateway::testing::simulator
