// Runs inputs that were kept, or writes those that a search begins with.
//
//   fuzz_replay <target> <file or folder>…   runs every file; 0 when all held, and there was at least one
//   fuzz_replay --seeds <target> <folder>    writes the target's seeds
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"

namespace koine::fuzz {

#define KOINE_FUZZ_NAME(name) extern const Target name;
#include "fuzz_target_list.inc"
#undef KOINE_FUZZ_NAME

namespace {

namespace fs = std::filesystem;

const Target* find(std::string_view name) {
  static constexpr const Target* all[] = {
#define KOINE_FUZZ_NAME(name) &name,
#include "fuzz_target_list.inc"
#undef KOINE_FUZZ_NAME
  };
  for (const Target* target : all) {
    if (target->name == name) return target;
  }
  return nullptr;
}

int complain(const std::string& text) {
  std::fputs((text + "\n").c_str(), stderr);
  return 2;
}

int write_seeds(const Target& target, const fs::path& folder) {
  fs::create_directories(folder);
  bool written = true;
  target.seeds([&](std::string name, const std::string& bytes) {
    std::replace(name.begin(), name.end(), '/', '-');
    std::ofstream file(folder / ("seed-" + name), std::ios::binary);
    written = written && file.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).good();
  });
  return written ? 0 : complain("a seed could not be written to " + folder.string());
}

void run_file(const Target& target, const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  // A block of exactly this size, so that a sanitizer sees every byte read too far.
  const std::vector<std::uint8_t> exact(text.begin(), text.end());
  run_target(target, exact);
}

int replay(const Target& target, const std::vector<fs::path>& paths) {
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(path)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    if (!fs::exists(file)) return complain("no such file: " + file.string());
    // Said beforehand, because a finding ends the process.
    std::fputs((file.filename().string() + "\n").c_str(), stdout);
    std::fflush(stdout);
    run_file(target, file);
  }
  std::fputs((std::to_string(files.size()) + " inputs held\n").c_str(), stdout);
  return files.empty() ? complain("there was no input to run") : 0;
}

}  // namespace
}  // namespace koine::fuzz

int main(int argc, char** argv) {
  using namespace koine::fuzz;
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool seeds = !arguments.empty() && arguments[0] == "--seeds";
  if (seeds) arguments.erase(arguments.begin());
  if (arguments.size() < 2) return complain("fuzz_replay [--seeds] <target> <file or folder>…");
  const Target* target = find(arguments[0]);
  if (target == nullptr) return complain("there is no target '" + arguments[0] + "' in fuzz/targets.txt");
  if (seeds) return write_seeds(*target, arguments[1]);
  return replay(*target, {arguments.begin() + 1, arguments.end()});
}
