// Enumeration: one call of each flow, with one fault at every single step of it: behind every turn that any
// loop takes while the call lives, and at every byte of every connection. One thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gateway/testing/simulator/simulation.h"

namespace koine::gateway::testing::simulator {

// Every flow by its name: who calls, who provides.
std::vector<std::string> flow_names();

struct Enumerated {
  std::size_t runs = 0;
  std::size_t answered = 0;  // runs whose call was answered with a value all the same
  // The first few runs that failed: what was done where, and what came of it.
  std::vector<std::string> problems;
};
// Cuts of the caller's and the provider's connection, a deadline, a cancel, a reload, a drain and a drain
// that ends at once, each behind every turn.
Enumerated enumerate_steps(const std::string& flow, Configurations& configurations,
                           const RunOptions& options = {});
// Ends, resets and silences of each direction of both connections, at every byte.
Enumerated enumerate_bytes(const std::string& flow, Configurations& configurations,
                           const RunOptions& options = {});

}  // namespace koine::gateway::testing::simulator
