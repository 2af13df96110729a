// How long a contender takes for a message: it translates a shape's messages over and over.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "contender.h"

namespace koine::bench {

// Of all threads of the process.
inline std::uint64_t cpu_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000000000u + static_cast<std::uint64_t>(now.tv_nsec);
}

// Nanoseconds of CPU time a message, in a slice of that many milliseconds.
inline double measure(Contender& contender, const std::vector<std::string>& messages, unsigned milliseconds) {
  std::size_t kept = 0;
  for (const std::string& message : messages) kept += contender.run(message).size();  // warms the caches
  std::size_t passes = 0;
  std::uint64_t spent = 0;
  const std::uint64_t start = cpu_nanoseconds();
  for (std::size_t batch = 1; spent < milliseconds * std::uint64_t{1000000};) {
    for (std::size_t i = 0; i < batch; ++i) {
      for (const std::string& message : messages) kept += contender.run(message).size();
    }
    passes += batch;
    spent = cpu_nanoseconds() - start;
    if (spent < milliseconds * std::uint64_t{100000}) batch *= 2;  // the clock is asked seldom
  }
  if (kept == 0) std::abort();
  return static_cast<double>(spent) / static_cast<double>(passes * messages.size());
}

}  // namespace koine::bench
