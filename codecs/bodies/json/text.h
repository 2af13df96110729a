// JSON strings: escapes read and written. Raw pointers, no state, no allocation. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"

namespace koine::codecs::bodies::json {

// The text of a string token as UTF-8. `escaped` text must come from a tokenizer, which has checked it.
// Writes at most raw.size() bytes to `out` and returns the end.
std::uint8_t* unescape(std::string_view raw, std::uint8_t* out) noexcept;
// The same in the arena; `raw` itself when it has no escapes.
std::string_view unescape(std::string_view raw, bool escaped, base::Arena& arena);

// How many bytes write_string() needs at most, quotes included.
constexpr std::size_t string_bytes_max(std::size_t text_bytes) { return 2 + 6 * text_bytes; }
// Exactly how many it needs.
std::size_t string_bytes(std::string_view text) noexcept;
// `text` (valid UTF-8) in quotes. Only what must be escaped is: quote, backslash, controls. Returns the end.
std::uint8_t* write_string(std::uint8_t* out, std::string_view text) noexcept;
// The same for what nearly every text is, one with nothing to escape; null for any other. Writes at most
// text.size() + plain_room bytes, some of them behind the end that it returns.
std::uint8_t* write_plain_string(std::uint8_t* out, std::string_view text) noexcept;
inline constexpr std::size_t plain_room = 16;

// How many bytes at the front stand for themselves in a string: no quote, backslash or control character.
// `ascii` becomes false when one of them is not ASCII.
std::size_t plain_prefix(const std::uint8_t* text, std::size_t size, bool& ascii) noexcept;

}  // namespace koine::codecs::bodies::json
