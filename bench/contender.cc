// How long a contender takes for a message: it translates a shape's messages over and over.
#include "contender.h"

#include <cstdlib>

namespace koine::bench {
namespace {

// Of all threads of the process.
std::uint64_t now(clockid_t clock) {
  timespec now{};
  if (clock_gettime(clock, &now) != 0) std::abort();
  return static_cast<std::uint64_t>(now.tv_sec) * 1000000000u + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

double Contender::measure(const std::vector<std::string>& messages, unsigned milliseconds) {
  const clockid_t clock = cpu_clock();
  run_all(messages, 1);  // warms the caches
  std::size_t passes = 0;
  std::uint64_t spent = 0;
  const std::uint64_t start = now(clock);
  for (std::size_t batch = 1; spent < milliseconds * std::uint64_t{1000000};) {
    run_all(messages, batch);
    passes += batch;
    spent = now(clock) - start;
    if (spent < milliseconds * std::uint64_t{100000}) batch *= 2;  // the clock is asked seldom
  }
  return static_cast<double>(spent) / static_cast<double>(passes * messages.size());
}

void Contender::run_all(const std::vector<std::string>& messages, std::size_t times) {
  std::size_t kept = 0;
  for (; times != 0; --times) {
    for (const std::string& message : messages) kept += run(message).size();
  }
  if (kept == 0) std::abort();
}

clockid_t Contender::cpu_clock() const { return CLOCK_PROCESS_CPUTIME_ID; }

std::string_view to_string(Format format) {
  constexpr std::string_view names[] = {"compact", "binary", "protobuf", "json", "hessian2"};
  return names[static_cast<int>(format)];
}

}  // namespace koine::bench
