// UUIDs as text: 32 hexadecimal digits in groups of 8-4-4-4-12, lower case when written, either case when
// read (RFC 9562 §4). The 16 bytes are in the text's order. No state, no allocation; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace koine::base {

inline constexpr std::size_t uuid_bytes = 16;
inline constexpr std::size_t uuid_text_bytes = 36;

// Writes uuid_bytes bytes to `bytes`; false: the text has another form.
[[nodiscard]] bool parse_uuid(std::string_view text, std::uint8_t* bytes) noexcept;
// Writes uuid_text_bytes characters and returns the end.
std::uint8_t* write_uuid(std::uint8_t* out, const std::uint8_t* bytes) noexcept;

}  // namespace koine::base
