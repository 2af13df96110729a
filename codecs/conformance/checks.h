// The parts of check_codec(), each in a file of its own. Internal to the kit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "codecs/conformance/call_kit.h"

namespace koine::codecs::conformance {

struct Run {
  const CodecUnderTest& codec;
  Report& report;
  const Effort& effort;
};

void check_caller(Run& run, const CallerVector& vector);
void check_provider(Run& run, const ProviderVector& vector);
void check_speaker(Run& run, const Speaker& speaker);

// Sizes of pieces that cut `size` bytes: even rounds prefer small ones. Equal numbers give equal pieces.
std::vector<std::size_t> random_pieces(std::size_t size, std::uint32_t round);
// Calls `visit` with 0 … count − 1, or with about `most` of them, evenly spread.
void each_place(std::size_t count, std::size_t most, const std::function<void(std::size_t)>& visit);

}  // namespace koine::codecs::conformance
