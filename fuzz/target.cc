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

std::int64_t processor_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
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
  // A run that took too long may have been interrupted: it must take too long every time.
  for (int round = 0;; ++round) {
    const std::int64_t began = processor_ns();
    {
      codecs::conformance::HeapMeter meter;
      target.run(input);
      const std::size_t allowed = target.heap_bytes + target.heap_per_byte * input.size();
      check(round > 0 || meter.peak_bytes() <= allowed, "heap within its bound", [&] {
        return std::to_string(meter.peak_bytes()) + " bytes held for an input of " + std::to_string(bytes) +
               ", allowed are " + std::to_string(allowed);
      });
    }
    const std::int64_t took = processor_ns() - began;
    if (took <= allowed_ns) return;
    check(round < 4, "time within its bound", [&] {
      return std::to_string(took) + " ns for an input of " + std::to_string(bytes) + " bytes, allowed are " +
             std::to_string(allowed_ns);
    });
  }
}

}  // namespace koine::fuzz
