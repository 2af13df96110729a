// Hashing and printing what happens.
#include "gateway/testing/simulator/trace.h"

#include <array>
#include <cstdio>
#include <string>

#include "base/hash.h"

namespace koine::gateway::testing::simulator {
namespace {

std::string_view text_of(Event event) {
  switch (event) {
#define KOINE_SIMULATOR_EVENT(name, text) \
  case Event::name: return text;
    KOINE_SIMULATOR_EVENTS(KOINE_SIMULATOR_EVENT)
#undef KOINE_SIMULATOR_EVENT
  }
  return "";
}

}  // namespace

void Trace::note(base::Nanoseconds at_ns, Event event, std::uint64_t a, std::uint64_t b,
                 std::string_view detail, bool readable) {
  const std::array<std::uint64_t, 5> numbers = {static_cast<std::uint64_t>(at_ns),
                                                static_cast<std::uint64_t>(event), a, b,
                                                base::hash_bytes(detail, 0)};
  const std::string_view bytes(reinterpret_cast<const char*>(numbers.data()), sizeof(numbers));
  hash_ = base::hash_bytes(bytes, hash_);
  ++events_;
  if (!print_) return;
  std::array<char, 64> time{};
  std::snprintf(time.data(), time.size(), "%11.6f ms  ",
                static_cast<double>(at_ns) / static_cast<double>(base::millisecond_ns));
  std::string line = time.data();
  line.append(text_of(event)).append(" ").append(std::to_string(a));
  if (b != 0) line.append(" (").append(std::to_string(b)).append(")");
  if (readable && !detail.empty()) line.append(": ").append(detail);
  print_(line);
}

}  // namespace koine::gateway::testing::simulator
