// koine_simulator: runs seeds of the simulator by hand. docs/testing.md tells how to use it.
#include "gateway/testing/simulator/command.h"

int main(int argc, char** argv) { return koine::gateway::testing::simulator::command(argc, argv); }
