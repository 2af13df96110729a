// The command line of koine_simulator.
#pragma once

namespace koine::gateway::testing::simulator {

// Exit code 0: every run was as it must be; 1: one was not; 2: the flags mean nothing.
int command(int argc, char** argv);

}  // namespace koine::gateway::testing::simulator
