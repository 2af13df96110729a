// World: a whole gateway with its callers and providers in one thread and in virtual time.
//
// The snapshot is made by hand: services with the methods Echo (unary), Post (oneway) and Chat (a stream of
// gRPC), called by every protocol; plans pass bytes on.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "control/snapshot.h"
#include "gateway/gateway.h"
#include "gateway/testing/peers.h"
#include "net/memory/memory_network.h"

namespace koine::gateway::testing {

using router::Protocol;

struct ServiceSpec {
  std::string name = "orders";
  Protocol protocol = Protocol::thrift;
  std::vector<std::string> endpoints = {"10.0.0.1:9090"};
  std::uint32_t connections_max = 64;
  std::uint32_t pipelined_max = 1;
  std::uint32_t concurrency_max = 1024;
  base::Nanoseconds timeout_ns = 15 * base::second_ns;
  base::Nanoseconds idle_close_ns = 30 * base::second_ns;
  router::ThriftDialect thrift = {};
  bool untyped = false;  // one route for every method, and callers of the same protocol alone
};

struct SnapshotSpec {
  std::vector<ServiceSpec> services = {ServiceSpec()};
  std::vector<std::string> listeners = {"127.0.0.1:7000"};
  std::string default_service = {};
  std::vector<Protocol> protocols = {};
  bool thrift_lax = false;
  std::uint64_t version = 1;
  std::string admin = {};
  bool access_log = false;
  base::Limits limits = {};
  base::Nanoseconds drain_timeout_ns = 30 * base::second_ns;
};
// Full name of a service's interface: "test.<name>".
control::SnapshotRef make_snapshot(const SnapshotSpec& spec);

// An access log in memory.
struct TextSink final : governance::access_log::Sink {
  std::string* text;
  explicit TextSink(std::string* to) : text(to) {}
  base::Status open() override { return {}; }
  std::size_t write(std::string_view bytes) override {
    text->append(bytes);
    return bytes.size();
  }
};

class World {
 public:
  explicit World(std::size_t workers = 2, std::uint64_t seed = 0);
  ~World();

  // Sets what start() goes by; options may be changed before it.
  GatewayOptions options;
  void start(const SnapshotSpec& spec) { start_with(make_snapshot(spec)); }
  void start_with(control::SnapshotRef snapshot);
  void stop() { gateway_.reset(); }
  Gateway& gateway() { return *gateway_; }

  Caller& caller(Protocol protocol, std::string_view address = "127.0.0.1:7000");
  Provider& provider(Protocol protocol, std::string_view address = "10.0.0.1:9090");
  void remove_provider(Provider& provider);

  net::memory::MemoryNetwork& network() { return network_; }
  net::Network& test_network() { return *test_; }
  // Until nothing happens any more at this moment; time stands still.
  void settle();
  void advance(base::Nanoseconds by_ns);
  bool until(const std::function<bool()>& done, base::Nanoseconds limit_ns = 60 * base::second_ns);

  // Over all workers.
  Worker::Counts counts() const;
  std::string metrics() const { return gateway_->metrics().render({}); }
  const std::string& log() const { return log_text_; }

 private:
  net::memory::MemoryNetwork network_;
  net::Network* main_ = nullptr;
  net::Network* test_ = nullptr;
  std::vector<net::Network*> worker_networks_;
  std::string log_text_;
  std::unique_ptr<base::Logger> logger_;
  std::shared_ptr<const Codecs> codecs_;
  std::unique_ptr<Turn> turn_;
  std::vector<std::unique_ptr<Caller>> callers_;
  std::vector<std::unique_ptr<Provider>> providers_;
  std::unique_ptr<Gateway> gateway_;
};

}  // namespace koine::gateway::testing
