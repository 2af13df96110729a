// Faults: makes what a scenario's faults say happen to a run's network, callers and providers, and writes it
// into the ledger. What happens to the gateway itself (reloads, drains, clocks) the Simulation does. Owned by
// the Simulation; the actors' loop.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/testing/simulator/callers.h"
#include "gateway/testing/simulator/providers.h"
#include "net/memory/memory_network.h"

namespace koine::gateway::testing::simulator {

class Faults {
 public:
  // All outlive this. `callers`: the current connection of each caller, or null; faults are of the first
  // `first_callers` only.
  Faults(Stage& stage, net::memory::MemoryNetwork& network, std::vector<std::unique_ptr<Provider>>& providers,
         std::vector<std::unique_ptr<Caller>>& callers, std::size_t first_callers)
      : stage_(stage),
        network_(network),
        providers_(providers),
        callers_(callers),
        first_callers_(first_callers) {}

  // How the next connection to `to` is. Of a caller's: which caller dials, SIZE_MAX when it is not its first
  // connection, and the connection's number in the ledger.
  net::memory::ConnectionOptions link(const net::Address& to, std::size_t caller, std::size_t connection);
  // Of any kind below FaultKind::reload.
  void begin(const Fault& fault);
  // Ends them all.
  void heal();
  void restore_names();

 private:
  void begin_at_caller(const Fault& fault);
  void begin_at_provider(const Fault& fault);
  void break_connection(const Fault& fault);
  void fail_names(base::Nanoseconds until_ns, base::Nanoseconds for_ns);
  void harm(const Fault& fault, std::size_t connection, std::string address);
  Provider& pick_provider(const Fault& fault);
  base::Nanoseconds now() const { return network_.clock().monotonic_ns(); }

  Stage& stage_;
  net::memory::MemoryNetwork& network_;
  std::vector<std::unique_ptr<Provider>>& providers_;
  std::vector<std::unique_ptr<Caller>>& callers_;
  const std::size_t first_callers_;
  std::map<std::string, net::memory::ConnectAnswer> connect_answers_;
  std::size_t provider_links_ = 0;
  bool accepts_fail_ = false;
  bool healed_ = false;
};

}  // namespace koine::gateway::testing::simulator
