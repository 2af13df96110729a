// Is this text well-formed UTF-8? (RFC 3629: shortest forms, no surrogates, up to U+10FFFF; what libprotobuf
// and every JSON reader ask.) And how text that may be none is told to others. Stateless, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace koine::codecs {

bool is_utf8(const std::uint8_t* text, std::size_t size) noexcept;
// Are all bytes below 0x80?
bool is_ascii(const std::uint8_t* text, std::size_t size) noexcept;

// `text` with every byte that is not part of well-formed UTF-8 replaced by U+FFFD: what an error's text,
// which may quote a peer's bytes, becomes before it is written where readers insist on UTF-8. Up to three
// times as long.
std::string to_utf8(std::string_view text);
// `text` itself where it is well-formed, else what its bytes are in Latin-1.
std::string utf8_or_latin1(std::string_view text);
// The longest prefix of at most `bytes` bytes that does not cut a UTF-8 sequence.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

}  // namespace koine::codecs
