// The command line of `koine`: which subcommands there are and what their flags mean. No logic: each command
// is a function of cli/commands.h.
#pragma once

namespace koine::cli {

// Parses the arguments and runs the command they name; returns the exit code (cli/commands.h).
int run(int argc, char** argv);

}  // namespace koine::cli
