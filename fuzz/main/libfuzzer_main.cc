// libFuzzer's side of one target; the build names it.
#include "fuzz/target.h"

namespace koine::fuzz {
extern const Target KOINE_FUZZ_TARGET;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  koine::fuzz::run_target(koine::fuzz::KOINE_FUZZ_TARGET, {data, size});
  return 0;
}
