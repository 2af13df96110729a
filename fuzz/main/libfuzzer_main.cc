// libFuzzer's side of one target; the build names it.
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "fuzz/target.h"

namespace koine::fuzz {
extern const Target KOINE_FUZZ_TARGET;
}

// Where an input is written that does not hold: beside the program, in findings/<target>-…, whatever folder
// it was started in, unless the caller says otherwise.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  static std::vector<char*> arguments(*argv, *argv + *argc);
  for (const char* argument : arguments) {
    if (std::string_view(argument).starts_with("-artifact_prefix=")) return 0;
  }
  const std::filesystem::path folder = std::filesystem::path((*argv)[0]).parent_path() / "findings";
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  static std::string prefix =
      "-artifact_prefix=" + (folder / (std::string(koine::fuzz::KOINE_FUZZ_TARGET.name) + "-")).string();
  arguments.insert(arguments.begin() + 1, prefix.data());
  *argc = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  *argv = arguments.data();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  koine::fuzz::run_target(koine::fuzz::KOINE_FUZZ_TARGET, {data, size});
  return 0;
}
