// Enumeration: each flow with one fault at every single step of it: behind every turn that any loop takes
// while the call lives, and at every byte of every connection; and its answers in every order. One thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gateway/testing/simulator/simulation.h"

namespace koine::gateway::testing::simulator {

// Every flow by its name: who calls, who provides.
std::vector<std::string> flow_names();

// One fault, done at every step, or one order.
struct EnumeratedFault {
  std::string name;
  std::size_t runs = 0;
  std::size_t met = 0;       // runs whose call was under way then, or went another way for it
  std::size_t answered = 0;  // calls that were answered with a value all the same
};
struct Enumerated {
  std::size_t runs() const;
  std::vector<EnumeratedFault> faults;
  // The first few runs that failed: what was done where, and what came of it.
  std::vector<std::string> problems;
};
// Every kind of fault behind every turn; and every way in which a provider breaks its protocol.
Enumerated enumerate_steps(const std::string& flow, Configurations& configurations,
                           const RunOptions& options = {});
// Ends, resets and silences of each direction of both connections, at every byte: every one of them, or one
// kind at each byte in turn.
Enumerated enumerate_bytes(const std::string& flow, Configurations& configurations, bool in_turn,
                           const RunOptions& options = {});
// Several calls of one caller under way at once, served in every order.
Enumerated enumerate_orders(const std::string& flow, Configurations& configurations,
                            const RunOptions& options = {});

}  // namespace koine::gateway::testing::simulator
