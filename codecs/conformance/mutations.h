// Mutations: what a hostile peer does to good bytes. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace koine::codecs::conformance {

// `bytes` with one bit turned over, bit 0 … 8 × size − 1.
std::string flipped(std::string_view bytes, std::size_t bit);

// Calls `visit` with `bytes` in which, at every place, as if a length or count stood there, that number is
// replaced by 0, 1, one more than what is left behind it, `limit` and its neighbours, 2^31−1, −1 and 2^63−1.
// Every way to write a number is tried: 16, 24, 32 and 64 bits big endian, 32 bits little endian, varint and
// zigzag varint (replacing the varint that stands there), decimal and hexadecimal digits (replacing those
// there). `what` says which it was. Of more than `most` cases every so-manieth is visited.
void each_length(std::string_view bytes, std::size_t limit, std::size_t most,
                 const std::function<void(const std::string& mutated, const std::string& what)>& visit);

}  // namespace koine::codecs::conformance
