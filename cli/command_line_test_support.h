// Commands run in a test as a person runs them: words in; exit code, output and complaints out. Test code
// only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/app.h"
#include "cli/commands.h"

namespace koine::cli {

inline constexpr const char* shop =
    "namespace * shop\n"
    "struct Item { 1: string sku }\n"
    "service Shop { Item find(1: string sku) }\n";

struct Said {
  int code = 0;
  std::string out;
  std::string err;
};

class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("koine_") + test->name() + "_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    file("shop.thrift", shop);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string text_in(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  static Said run_with(std::vector<std::string> words) {
    words.insert(words.begin(), "koine");
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Said said;
    said.code = run(static_cast<int>(words.size()), arguments.data());
    said.out = testing::internal::GetCapturedStdout();
    said.err = testing::internal::GetCapturedStderr();
    return said;
  }
  // With `bytes` on standard input.
  Said run_reading(const std::string& bytes, std::vector<std::string> words) {
    const std::string input = file("input", bytes);
    const int kept = ::dup(STDIN_FILENO);
    const int from = ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
    ::dup2(from, STDIN_FILENO);
    ::close(from);
    Said said = run_with(std::move(words));
    ::dup2(kept, STDIN_FILENO);
    ::close(kept);
    return said;
  }
  // `koine call` to an address that cannot be parsed: whatever is wrong before it shows first.
  Said call(std::vector<std::string> more) const {
    more.insert(more.begin(), {"call", "nowhere", "shop.Shop/Find", "-s", path("shop.thrift")});
    return run_with(std::move(more));
  }

 private:
  std::filesystem::path folder_;
};

inline std::string unhex(std::string_view hex) {
  std::string out;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  }
  return out;
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace koine::cli
