// See target.h.
#include "fuzz/target.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <time.h>

#include "codecs/conformance/heap_meter.h"

namespace koine::fuzz {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
constexpr std::int64_t slowness = 20;  // instrumented code
#else
constexpr std::int64_t slowness = 4;  // perhaps not optimised
#endif

std::int64_t now_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

void fail(const char* what, const std::string& detail) {
  std::fputs("\nDOES NOT HOLD: ", stderr);
  std::fputs(what, stderr);
  if (!detail.empty()) {
    std::fputs("\n", stderr);
    std::fputs(detail.c_str(), stderr);
  }
  std::fputs("\n", stderr);
  std::abort();
}

void run_target(const Target& target, base::Bytes input) {
  const auto bytes = static_cast<std::int64_t>(input.size());
  const std::int64_t allowed_ns = slowness * (target.time_ns + bytes * target.time_per_byte_ns);
  if (target.prepare != nullptr) target.prepare(input);
  // The clock on the wall can be asked without the kernel. A run that took too long by it may have been
  // interrupted: it must take the processor too long, every time.
  for (int round = 0;; ++round) {
    const clockid_t clock = round == 0 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID;
    const std::int64_t began = now_ns(clock);
    {
      codecs::conformance::HeapMeter meter;
      target.run(input);
      const std::size_t allowed = target.heap_bytes + target.heap_per_byte * input.size();
      check(round > 0 || meter.peak_bytes() <= allowed, "heap within its bound", [&] {
        return std::to_string(meter.peak_bytes()) + " bytes held for an input of " + std::to_string(bytes) +
               ", allowed are " + std::to_string(allowed);
      });
    }
    const std::int64_t took = now_ns(clock) - began;
    if (took <= allowed_ns) return;
    check(round < 4, "time within its bound", [&] {
      return std::to_string(took) + " ns for an input of " + std::to_string(bytes) + " bytes, allowed are " +
             std::to_string(allowed_ns);
    });
  }
}

}  // namespace koine::fuzz
