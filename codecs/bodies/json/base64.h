// Base64 (RFC 4648) as ProtoJSON writes bytes: out in the standard alphabet with padding, in with the
// standard or the URL alphabet, with padding or without. Raw pointers, no allocation. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/buffer.h"

namespace koine::codecs::bodies::json {

constexpr std::size_t base64_bytes(std::size_t octets) { return (octets + 2) / 3 * 4; }
// Returns the end.
std::uint8_t* write_base64(std::uint8_t* out, base::Bytes octets) noexcept;

// At most so many octets come out of a text.
constexpr std::size_t octets_bytes_max(std::size_t text_bytes) { return text_bytes / 4 * 3 + 2; }
// Returns the end, or null when the text is not base64: a foreign character, padding that is too short, too
// long or inside, a length that no octets have, or bits set where nothing can be.
std::uint8_t* read_base64(std::string_view text, std::uint8_t* out) noexcept;

}  // namespace koine::codecs::bodies::json
