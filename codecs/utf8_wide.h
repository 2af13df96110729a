// UTF-8 checked 32 bytes at a time, on processors that have AVX2; is_utf8() (codecs/utf8.h) asks once and
// takes it for texts that are long enough. Internal to codecs/utf8*.
//
// After J. Keiser and D. Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte" (2021). Which forms
// are wrong can be told from two bytes that follow one another, but for tails that a lead of three or four
// bytes asks for further on. Each of the first byte's halves and the second one's upper half chooses from a
// table of 16 the errors (one bit each) that it is part of; an error is there when all three say so.
#pragma once

#include <cstddef>
#include <cstdint>

namespace koine::codecs::detail {

#if defined(__x86_64__)
#define KOINE_UTF8_WIDE 1
// Can this processor? The answer is always the same.
bool has_wide_utf8() noexcept;
// Only where it can, and of texts that are not shorter than this.
inline constexpr std::size_t wide_utf8_bytes_min = 64;
bool is_utf8_wide(const std::uint8_t* text, std::size_t size) noexcept;
#endif
// For every processor.
bool is_utf8_by_bytes(const std::uint8_t* text, std::size_t size) noexcept;

}  // namespace koine::codecs::detail
