// The simulator's providers: they count what they execute, answer by the plan of each call, and break their
// protocol where the plan says so. Owned by the Simulation; its loop.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "codecs/call_codec.h"
#include "gateway/testing/simulator/configurations.h"
#include "gateway/testing/simulator/line.h"

namespace koine::gateway::testing::simulator {

// One accepted connection.
class ProviderLine : public Line {
 public:
  ProviderLine(Stage& stage, const EndpointPlan& plan, std::uint32_t number);

  virtual void say_goodbye() = 0;
  // What it says next is said twice.
  void repeat() {
    repeats_ = true;
    repeat_next();
  }
  void on_closed(const base::Status& status) override;

 protected:
  // Writes an execution into the ledger; null when the request is nobody's. `message`: of a stream.
  CallRecord* execute(std::string_view method, std::string_view expected_method, const Ping* ping);
  const CallPlan& plan_of(const CallRecord& call) const;
  // Writes an honest answer into the ledger.
  void answers(CallRecord& call);
  // The ledger's word for what this connection does to others.
  void lie(CallRecord& call);
  const EndpointPlan& endpoint() const { return endpoint_; }
  std::uint32_t number() const { return number_; }
  bool repeats() const { return repeats_; }

 private:
  const EndpointPlan& endpoint_;
  const std::uint32_t number_;
  bool repeats_ = false;
};

class Provider final : private net::ListenerHandler {
 public:
  Provider(Stage& stage, EndpointPlan plan);
  ~Provider();

  const EndpointPlan& plan() const { return plan_; }
  void stop();  // listens no more, and its connections end
  void listen();
  bool listening() const { return listener_ != nullptr; }
  void close_connections();
  void say_goodbye();
  void repeat_next();
  void freeze(base::Nanoseconds time_ns);
  void drip(std::size_t bytes, base::Nanoseconds every_ns);
  // Ends every slowness.
  void heal();
  std::size_t connections() const;

 private:
  void on_accepted(net::AcceptedSocket socket) override;
  void on_accept_failed(const base::Status&) override {}

  Stage& stage_;
  const EndpointPlan plan_;
  net::ListenerPtr listener_;
  std::uint32_t accepted_ = 0;
  std::vector<std::shared_ptr<ProviderLine>> lines_;
};

std::shared_ptr<ProviderLine> make_thrift_line(Stage& stage, const EndpointPlan& plan, std::uint32_t number,
                                               net::AcceptedSocket socket);
std::shared_ptr<ProviderLine> make_grpc_line(Stage& stage, const EndpointPlan& plan, std::uint32_t number,
                                             net::AcceptedSocket socket);

}  // namespace koine::gateway::testing::simulator
