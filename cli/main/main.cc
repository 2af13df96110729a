// The program: hands over to the command line.
#include "cli/app.h"

int main(int argc, char** argv) { return koine::cli::run(argc, argv); }
